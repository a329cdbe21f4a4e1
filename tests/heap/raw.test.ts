// Raw memory: every misuse has its own message, reuse is right, contents survive growth.

import { describe, expect, test } from "vitest";
import { freeBuffer, bufferAddress, bufferLength, isFreed, newBuffer } from "../../heap/cells/buffer.ts";
import { RawMemory } from "../../heap/raw.ts";
import { RawError } from "../../heap/raw-access.ts";
import { CellKind } from "../../heap/value.ts";
import { Random } from "../support/random.ts";
import { scratchWorld } from "./scratch-world.ts";

const rawMemory = (): RawMemory => new RawMemory(scratchWorld({ maxBytes: 32 << 20 }).heap);

test("values of every type are written and read, unaligned too", () => {
  const raw = rawMemory(), p = raw.allocate(64);
  raw.writeI8(p + 1, -1); raw.writeU8(p + 2, 200); raw.writeI16(p + 3, -300); raw.writeU16(p + 5, 60000);
  raw.writeI32(p + 7, -70000); raw.writeU32(p + 11, 4e9); raw.writeI64(p + 15, -5n); raw.writeU64(p + 23, 2n ** 63n); raw.writeF32(p + 31, 0.5); raw.writeF64(p + 35, Math.PI);
  expect([raw.readI8(p + 1), raw.readU8(p + 2), raw.readI16(p + 3), raw.readU16(p + 5), raw.readI32(p + 7), raw.readU32(p + 11)]).toEqual([-1, 200, -300, 60000, -70000, 4e9]);
  expect([raw.readI64(p + 15), raw.readU64(p + 23), raw.readF32(p + 31), raw.readF64(p + 35)]).toEqual([-5n, 2n ** 63n, 0.5, Math.PI]);
});

describe("misuse is an error that says what happened:", () => {
  const raw = rawMemory(), p = raw.allocate(16), q = raw.allocate(10), gone = raw.allocate(24);
  raw.free(gone);
  const cases: [string, () => void, RegExp][] = [
    ["use after free", () => raw.readI32(gone + 4), /use after free: 4 bytes at 0x[0-9a-f]+, freed region of 24 bytes/],
    ["past the end", () => raw.readI32(p + 14), /out of bounds: 4 bytes at offset 14 of a region of 16 bytes/],
    ["just past the end", () => raw.readU8(q + 10), /out of bounds: 1 byte at offset 10 of a region of 10 bytes/],
    ["far away", () => raw.writeU8(0x7000_0000, 1), /out of bounds: 1 byte at 0x70000000, which was never allocated/],
    ["null", () => raw.readU8(0), /null pointer/],
    ["double free", () => raw.free(gone), /double free of pointer 0x/],
    ["free inside a region", () => raw.free(p + 4), /never allocated|not the start/],
    ["free of nonsense", () => raw.free(0x12), /never allocated/],
    ["copy beyond the target", () => raw.copy(q, p, 16), /out of bounds: 16 bytes at offset 0 of a region of 10 bytes/],
    ["fill too much", () => raw.fill(p, 0, 17), /out of bounds/],
    ["size of a freed region", () => raw.sizeOf(gone), /freed/],
  ];
  for (const [name, run, message] of cases) {
    test(name, () => {
      expect(run).toThrow(RawError);
      expect(run).toThrow(message);
    });
  }
});

test("random regions keep their bytes while others come and go", () => {
  const raw = rawMemory(), r = new Random(5), model: { at: number; size: number; byte: number }[] = [];
  for (let n = 0; n < 4000; n++) {
    const i = r.below(60), old = model[i];
    if (old !== undefined) {
      expect([...raw.view(old.at, old.size)].every((byte) => byte === old.byte)).toBe(true);
      if (r.below(3) === 0) {
        const size = r.below(500), at = raw.realloc(old.at, size);
        raw.fill(at, old.byte, size);
        model[i] = { ...old, at, size };
        continue;
      }
      raw.free(old.at);
      expect(raw.isLive(old.at)).toBe(false);
    }
    const size = r.below(3000), at = raw.allocate(size);
    expect([...raw.view(at, size)].every((byte) => byte === 0)).toBe(true);
    raw.fill(at, n & 0xff, size);
    model[i] = { at, size, byte: n & 0xff };
    expect(raw.sizeOf(at)).toBe(size);
  }
  expect(raw.liveRegions).toBe(model.filter((entry) => entry !== undefined).length);
});

test("freed memory is used again, after a while", () => {
  const raw = rawMemory(), first = raw.allocate(1000);
  raw.free(first);
  expect(raw.allocate(1000)).not.toBe(first);
  for (let n = 0; n < 100_000; n++) raw.free(raw.allocate(1000));
  expect(raw.heap.rawBytes).toBeLessThan(1 << 20);
});

test("realloc keeps what fits, and takes null", () => {
  const raw = rawMemory(), p = raw.realloc(0, 4);
  raw.writeI32(p, 77);
  const larger = raw.realloc(p, 400);
  expect(raw.readI32(larger)).toBe(77);
  expect(raw.readI32(larger + 396)).toBe(0);
  expect(() => raw.readI32(p)).toThrow(/use after free/);
  raw.free(0);
});

test("a buffer cell owns its region", () => {
  const { heap, put } = scratchWorld({ verify: true }), raw = new RawMemory(heap);
  const buffer = put(0, CellKind.Buffer, newBuffer(heap, raw, 32));
  raw.writeF64(bufferAddress(heap, buffer) + 24, 1.5);
  expect(bufferLength(heap, buffer)).toBe(32);
  freeBuffer(heap, raw, buffer);
  expect(isFreed(heap, buffer)).toBe(true);
  expect(() => freeBuffer(heap, raw, buffer)).toThrow(/double free/);
  heap.setNull(heap.stackRange().base);
  heap.collect("test");
  expect(raw.liveRegions).toBe(0);
});
