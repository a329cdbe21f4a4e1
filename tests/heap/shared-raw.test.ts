// Raw memory that other threads have: moved there and back, grown, freed under them. Threads are not needed for that: who was lent
// the memory sees it through buffers of its own.

import { describe, expect, test } from "vitest";
import { LentRaw } from "../../heap/lent-raw.ts";
import { RawMemory } from "../../heap/raw.ts";
import { Random } from "../support/random.ts";
import { scratchWorld } from "./scratch-world.ts";

const MEMORY = 4 << 20;

function pair() {
  const raw = new RawMemory(scratchWorld({ maxBytes: MEMORY }).heap), other = scratchWorld({ maxBytes: MEMORY }).heap;
  return { raw, lend: (): LentRaw => new LentRaw(other, raw.share()!) };
}

describe("memory that is shared", () => {
  test("keeps what is there, on the way there and back", () => {
    const { raw, lend } = pair(), p = raw.allocate(20);
    raw.writeI32(p, 7);
    const lent = lend();
    expect([lent.readI32(p), lent.sizeOf(p), raw.isShared, lent.isShared]).toEqual([7, 20, true, true]);
    lent.writeI64(p + 8, -5n);
    Atomics.add(lent.i32, lent.atomicIndex(p, 4, true, true), 3);
    expect([raw.readI32(p), raw.readI64(p + 8)]).toEqual([10, -5n]);
    raw.unshare();
    lent.writeI32(p, 99);
    expect([raw.readI32(p), raw.isShared, raw.regionOf(p + 19)]).toEqual([10, false, { address: p, bytes: 20 }]);
  });

  test("is checked by both, with the same words", () => {
    const { raw, lend } = pair(), p = raw.allocate(20), q = raw.allocate(4), lent = lend(), at = [p + 17, p - 1, q + 4, q + 100, 0, 2 ** 40, 2 ** 48];
    raw.free(q);
    for (const address of at) {
      const said = [raw, lent].map((each) => { try { return each.readI32(address); } catch (error) { return (error as Error).message; } });
      expect(said[0]).toBe(said[1]);
      expect(said[0]).toMatch(/out of bounds|after free|null pointer/);
    }
  });

  test("what is freed is gone for who was just there", () => {
    const { raw, lend } = pair(), p = raw.allocate(20), lent = lend();
    lent.writeU8(p, 1);
    raw.free(p);
    expect(() => lent.writeU8(p, 2)).toThrow(/use after free/);
    expect(() => lent.free()).toThrow(RangeError);
    expect(() => lent.allocate()).toThrow(RangeError);
  });

  test("nothing freed is used again as long as a task has it", () => {
    const { raw, lend } = pair(), seen = new Set<number>();
    lend();
    raw.hold();
    for (let i = 0; i < 500; i++) {
      const p = raw.allocate(4096);
      expect(seen.has(p)).toBe(false);
      seen.add(p);
      raw.free(p);
    }
    raw.release();
    raw.free(raw.allocate(16));
    expect(seen.has(raw.allocate(4096))).toBe(true);
  });

  test("grows, to its limit", () => {
    const { raw, lend } = pair(), first = raw.allocate(16), lent = lend();
    lent.writeU8(first, 3);
    const far = raw.allocate(1 << 20);
    raw.writeU8(far + (1 << 20) - 1, 9);
    expect([lent.readU8(far + (1 << 20) - 1), lent.readU8(first)]).toEqual([9, 3]);
    expect(() => { for (;;) raw.allocate(1 << 20); }).toThrow();
    expect(raw.readU8(first)).toBe(3);
    raw.unshare();
    expect([raw.readU8(first), raw.readU8(far + (1 << 20) - 1)]).toEqual([3, 9]);
  });

  test("a view is a copy: what reads it twice finds the same", () => {
    const { raw, lend } = pair(), p = raw.allocate(8), before = raw.view(p, 8), lent = lend(), view = raw.view(p, 8);
    lent.writeU8(p, 5);
    expect([before[0], view[0], raw.view(p, 8)[0]]).toEqual([0, 0, 5]);
    expect(raw.view(p, 8).buffer).toBeInstanceOf(ArrayBuffer);
  });

  test("random regions keep their bytes, whoever wrote them, shared or not", () => {
    const { raw, lend } = pair(), random = new Random(5), live = new Map<number, { readonly bytes: number; readonly byte: number }>();
    let lent: LentRaw | null = null;
    for (let step = 0; step < 3000; step++) {
      const some = [...live.keys()][random.below(Math.max(1, live.size))];
      if (random.below(50) === 0) {
        if (lent === null) lent = lend();
        else raw.unshare();
        if (!raw.isShared) lent = null;
      } else if (some === undefined || random.below(2) === 0) {
        const bytes = 1 + random.below(300), at = raw.allocate(bytes), byte = random.below(256);
        (lent ?? raw).fill(at, byte, bytes);
        live.set(at, { bytes, byte });
      } else {
        const { bytes, byte } = live.get(some)!;
        for (const each of lent === null ? [raw] : [raw, lent]) expect([...each.view(some, bytes)].every((b) => b === byte)).toBe(true);
        raw.free(some);
        live.delete(some);
      }
    }
  });
});
