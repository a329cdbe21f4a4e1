// The collector as a whole: what lives, what dies, epochs, the stack, the log.

import { describe, expect, test } from "vitest";
import { elementSlot, newArray, push } from "../../heap/cells/array.ts";
import { newBuffer } from "../../heap/cells/buffer.ts";
import { newBytes } from "../../heap/cells/bytes.ts";
import { newObject } from "../../heap/cells/object.ts";
import { growStack, newStack, stackBase, stackEnd } from "../../heap/cells/stack.ts";
import { newStringFromText, textOf } from "../../heap/cells/string.ts";
import { Arr, Stack } from "../../heap/layout.ts";
import type { GcEntry } from "../../heap/options.ts";
import { RawMemory } from "../../heap/raw.ts";
import { Root } from "../../heap/roots.ts";
import { CellKind } from "../../heap/value.ts";
import { Header, World } from "../../heap/world-layout.ts";
import { PARANOID, scratchWorld } from "./scratch-world.ts";

test("a long list does not overflow anything", () => {
  const { heap, at, put, cell } = scratchWorld({ maxBytes: 64 << 20 });
  heap.setNull(at(0));
  for (let n = 0; n < 100000; n++) {
    put(1, CellKind.Array, newArray(heap, 1));
    push(heap, cell(1), at(0));
    heap.copySlot(at(0), at(1));
  }
  heap.setNull(at(1));
  heap.collect("test");
  let depth = 0;
  for (let a = cell(0); a !== 0; a = heap.lo(elementSlot(heap, a, 0))) depth++;
  expect(depth).toBe(100000);
});

test("a wide array is marked in one go", () => {
  const { heap, at, put, cell } = scratchWorld({ maxBytes: 64 << 20 });
  put(0, CellKind.Array, newArray(heap, 0));
  for (let n = 0; n < 100000; n++) {
    put(1, CellKind.String, newStringFromText(heap, `${n}`));
    push(heap, cell(0), at(1));
  }
  heap.collect("test");
  expect(textOf(heap, heap.lo(elementSlot(heap, cell(0), 77777)))).toBe("77777");
  heap.verify();
});

describe("epochs", () => {
  test("wrap from 254 to 1 without losing or keeping anything", () => {
    const { heap, put, cell } = scratchWorld({ startEpoch: 250, verify: true, poison: true, initialBytes: 96 << 10 });
    put(0, CellKind.String, newStringFromText(heap, "stays"));
    for (let n = 0; n < 280; n++) {
      put(1, CellKind.String, newStringFromText(heap, `dies ${n}`));
      if (n % 50 === 0) put(2 + n / 50, CellKind.String, newStringFromText(heap, `lives for a while ${n}`));
      heap.collect("test");
      expect(heap.word(Header.Epoch)).toBe((249 + n + 1) % World.LastEpoch + 1);
    }
    expect(textOf(heap, cell(0))).toBe("stays");
  });
});

describe("the stack", () => {
  test("is cleared above its top, and not scanned there", () => {
    const { heap, at, put } = scratchWorld({}, 16);
    put(3, CellKind.String, newStringFromText(heap, "kept"));
    const dead = put(10, CellKind.String, newStringFromText(heap, "dead"));
    heap.stackRange = () => ({ base: at(0), top: at(5) });
    heap.collect("test");
    expect([heap.hi(at(10)), heap.lo(at(10))]).toEqual([0, 0]);
    expect(textOf(heap, heap.lo(at(3)))).toBe("kept");
    expect(heap.u8[dead + 1]).toBe(0);
  });

  test("grows with its contents, and frees the old one", () => {
    const { heap, at, put, cell } = scratchWorld({ verify: true, poison: true }, 2000);
    put(0, CellKind.String, newStringFromText(heap, "bottom"));
    put(1999, CellKind.String, newStringFromText(heap, "top"));
    const before = at(0), free = heap.stats().freePages, delta = growStack(heap, 5000);
    expect(at(0)).toBe(before + delta);
    expect(stackEnd(heap, heap.rootCell(Root.Stack)) - at(0)).toBeGreaterThanOrEqual(5000);
    expect([textOf(heap, cell(0)), textOf(heap, cell(1999))]).toEqual(["bottom", "top"]);
    expect(heap.stats().freePages).toBeGreaterThan(free - 14);
    heap.collect("test");
    expect(textOf(heap, cell(1999))).toBe("top");
  });

  test("of a parked task is live up to its own top", () => {
    const { heap, put } = scratchWorld();
    const parked = put(0, CellKind.Stack, newStack(heap, 8)), base = stackBase(parked);
    for (let i = 0; i < 4; i++) heap.setCell(base + i, CellKind.String, newStringFromText(heap, `s${i}`));
    heap.setWord(parked + Stack.Top, base + 2);
    heap.collect("test");
    expect(textOf(heap, heap.lo(base + 1))).toBe("s1");
    expect(heap.hi(base + 2)).toBe(0);
  });
});

describe("buffers", () => {
  test("release their raw memory when they die", () => {
    const { heap, put } = scratchWorld(PARANOID), raw = new RawMemory(heap);
    for (let n = 0; n < 200; n++) put(n % 3, CellKind.Buffer, newBuffer(heap, raw, 100));
    heap.collect("test");
    expect(raw.liveRegions).toBe(3);
    heap.setNull(heap.stackRange().base);
    heap.collect("test");
    expect(raw.liveRegions).toBe(2);
  });
});

describe("the log", () => {
  test("tells each collection and why", () => {
    const log: GcEntry[] = [];
    let clock = 0;
    const { heap, put } = scratchWorld({ minThreshold: 64 << 10, onCollect: (entry) => log.push(entry), now: () => clock++ });
    for (let n = 0; n < 20_000; n++) put(0, CellKind.Object, newObject(heap, 4));
    heap.collect("asked for");
    expect(log.length).toBeGreaterThan(2);
    expect(log[0]!.reason).toBe("threshold");
    expect(log.at(-1)!.reason).toBe("asked for");
    expect(log.map((entry) => entry.number)).toEqual(log.map((_, i) => i + 1));
    expect(log[0]!.pauseMs).toBe(1);
    expect(log[0]!.allocatedBytes).toBeGreaterThanOrEqual(64 << 10);
    expect(log[0]!.freedBytes).toBeGreaterThan(0);
  });

  test("tells what was swept and how full the pages are", () => {
    const log: GcEntry[] = [];
    const { heap, at, put, cell } = scratchWorld({ onCollect: (entry) => log.push(entry) });
    put(0, CellKind.Array, newArray(heap, 0));
    for (let n = 0; n < 20_000; n++) {
      put(1, CellKind.Object, newObject(heap, 4));
      if (n % 8 === 0) push(heap, cell(0), at(1));
    }
    put(2, CellKind.Bytes, newBytes(heap, 100_000, 0));
    heap.collect("sparse");
    heap.setHole(at(0));
    heap.setHole(at(1));
    heap.setHole(at(2));
    heap.collect("empty");
    const [sparse, empty] = log as [GcEntry, GcEntry];
    expect(sparse.fragmentation).toBeGreaterThan(0.5);
    expect(sparse.freeLineBytes).toBeGreaterThan(100_000);
    expect(empty.freePages).toBe(heap.stats().freePages);
    expect(empty.freedPages).toBeGreaterThanOrEqual(25 + sparse.liveBytes / 4096 / 2);
    // All but what is whole blocks and large cells is lines of blocks that something keeps.
    const { worldBytes, liveBytes, freeLineBytes, fragmentation } = empty;
    expect(liveBytes / (1 - fragmentation)).toBeLessThan(worldBytes);
    expect(freeLineBytes).toBeLessThan((liveBytes * fragmentation) / (1 - fragmentation));
  });
});

describe("the verifier finds", () => {
  test("a reference to a freed cell", () => {
    const { heap, at, put, cell } = scratchWorld({ poison: true });
    put(0, CellKind.Array, newArray(heap, 4));
    put(1, CellKind.String, newStringFromText(heap, "x"));
    push(heap, cell(0), at(1));
    const hidden = cell(1);
    heap.setNull(at(1));
    heap.setNull(elementSlot(heap, cell(0), 0));
    heap.collect("free the string");
    heap.setCell(elementSlot(heap, cell(0), 0), CellKind.String, hidden);
    expect(() => heap.verify()).toThrow(/stack\[0\] › data › items/);
  });

  test("an illegal value", () => {
    const { heap, at } = scratchWorld();
    heap.setSlot(at(0), World.Poison, World.Poison);
    expect(() => heap.verify()).toThrow(/freed by collection 0/);
    heap.setSlot(at(0), 0x7ff80000, 1);
    expect(() => heap.verify()).toThrow(/NaN with a payload/);
  });

  test("a wrong cached length and a broken array", () => {
    const { heap, put } = scratchWorld();
    const str = put(0, CellKind.String, newStringFromText(heap, "abc"));
    heap.setWord(str + 16, 7);
    expect(() => heap.verify()).toThrow(/3 code points, cached 7/);
    heap.setWord(str + 16, 3);
    const arr = put(1, CellKind.Array, newArray(heap, 4));
    heap.setWord(heap.word(arr + Arr.Data) + 8, 99);
    expect(() => heap.verify()).toThrow(/slots used of|illegal value|not an address/);
  });

  test("a kind that differs from the value's", () => {
    const { heap, at } = scratchWorld();
    heap.setCell(at(0), CellKind.Array, newBytes(heap, 8, 0));
    expect(() => heap.verify()).toThrow(/the value says array/);
  });
});
