// Marking in slices: what the script does between two of them. The verifier compares what was reachable at the beginning with
// what is marked at the end; poison shows what was freed.

import { describe, expect, test } from "vitest";
import { elementSlot, insert, newArray, push, remove, setLength } from "../../heap/cells/array.ts";
import { boxSlot, newBox } from "../../heap/cells/box.ts";
import { findSlot, newObject, setField } from "../../heap/cells/object.ts";
import { newStack, runStack, stackBase } from "../../heap/cells/stack.ts";
import { newStringFromText, textOf } from "../../heap/cells/string.ts";
import { newWeakMap, newWeakRef, weakGet, weakSet, weakTarget } from "../../heap/cells/weak.ts";
import { Heap } from "../../heap/heap.ts";
import { finish, step } from "../../heap/incremental.ts";
import { Arr, Slots, Stack } from "../../heap/layout.ts";
import type { GcEntry, HeapOptions } from "../../heap/options.ts";
import { Root } from "../../heap/roots.ts";
import { internText } from "../../heap/symbols.ts";
import { CellHi, CellKind, Hi } from "../../heap/value.ts";
import { Header } from "../../heap/world-layout.ts";
import { scratchWorld, type ScratchWorld } from "./scratch-world.ts";

const CHECKED: HeapOptions = { verify: true, poison: true, minThreshold: 64 << 20, maxBytes: 128 << 20 };

/** An array of so many strings of their own in slot 0, and nothing else that leads to them. */
function arrayOfStrings(count: number): ScratchWorld {
  const world = scratchWorld(CHECKED), { heap, put, cell, at } = world;
  put(0, CellKind.Array, newArray(heap, count + 50));
  for (let i = 0; i < count; i++) {
    put(1, CellKind.String, newStringFromText(heap, `s${i}`));
    push(heap, cell(0), at(1));
  }
  heap.setNull(at(1));
  return world;
}

const leftOf = ({ heap, cell }: ScratchWorld): number => heap.word(heap.word(cell(0) + Arr.Data) + Slots.Left);

/** Marks until the array in slot 0 is done in part. */
function markHalf(world: ScratchWorld): void {
  const { heap } = world;
  step(heap, 1);
  while (leftOf(world) === 0 || leftOf(world) > 150) step(heap, 1);
}

const texts = ({ heap, cell }: ScratchWorld, count: number): string[] => Array.from({ length: count }, (_, i) => textOf(heap, heap.lo(elementSlot(heap, cell(0), i))));

describe("while an array is marked from its end", () => {
  test("elements that insertion moves are not missed", () => {
    const world = arrayOfStrings(300), { heap, at, cell } = world;
    markHalf(world);
    const left = leftOf(world);
    expect(left).toBeGreaterThan(40);
    heap.setNull(at(2));
    for (let n = 0; n < 40; n++) insert(heap, cell(0), n % 7, at(2));
    finish(heap);
    expect(heap.marking).toBe(false);
    expect(textOf(heap, heap.lo(elementSlot(heap, cell(0), 40 + left - 1)))).toBe(`s${left - 1}`);
  });

  test("elements that are taken out live on", () => {
    const world = arrayOfStrings(300), { heap, at, cell } = world;
    markHalf(world);
    remove(heap, cell(0), 0, at(2));
    remove(heap, cell(0), 40, at(3));
    setLength(heap, cell(0), 100);
    finish(heap);
    expect([textOf(heap, cell(2)), textOf(heap, cell(3))]).toEqual(["s0", "s41"]);
    expect(texts(world, 3)).toEqual(["s1", "s2", "s3"]);
  });

  test("it may grow out of its vector", () => {
    const world = arrayOfStrings(300), { heap, at, put, cell } = world;
    markHalf(world);
    for (let i = 300; i < 2000; i++) {
      put(1, CellKind.String, newStringFromText(heap, `s${i}`));
      push(heap, cell(0), at(1));
    }
    finish(heap);
    expect(texts(world, 2000).at(-1)).toBe("s1999");
    heap.collect("test");
    expect(texts(world, 2000)[123]).toBe("s123");
  });

  test("a collection in one pause begins anew, and leaves no traces of the other", () => {
    const world = arrayOfStrings(300), { heap } = world;
    markHalf(world);
    heap.collect("test");
    expect([heap.marking, leftOf(world), heap.markTop]).toEqual([false, 0, 0]);
    heap.verify();
    expect(texts(world, 300)[299]).toBe("s299");
  });

  test("an image is one of a heap that is not being collected", () => {
    const world = arrayOfStrings(300), { heap } = world;
    markHalf(world);
    const copy = Heap.fromImage(heap.image(), { verify: true });
    expect([heap.marking, copy.marking]).toEqual([false, false]);
    heap.verify();
  });
});

describe("while marking runs", () => {
  test("values move between boxes and fields that are marked and that are not", () => {
    const { heap, put, cell, at } = scratchWorld(CHECKED), key = put(9, CellKind.Symbol, internText(heap, "key"));
    for (let i = 0; i < 4; i++) {
      heap.setI32(at(8), i);
      put(i, CellKind.Object, newObject(heap, 2));
      put(7, CellKind.String, newStringFromText(heap, `value ${i}`));
      put(7, CellKind.Box, newBox(heap, at(7)));
      setField(heap, cell(i), key, at(7));
    }
    heap.setNull(at(7));
    step(heap, 3);
    // Round and round: every value is somewhere else at the end.
    for (let n = 0; n < 40; n++) {
      const from = findSlot(heap, cell(n & 3), key), to = findSlot(heap, cell((n + 1) & 3), key);
      heap.copySlot(at(6), to);
      heap.replace(to, from);
      heap.replace(from, at(6));
      if (heap.marking) step(heap, 2);
    }
    finish(heap);
    const found = [0, 1, 2, 3].map((i) => textOf(heap, heap.lo(boxSlot(heap.lo(findSlot(heap, cell(i), key))))));
    expect(found.sort()).toEqual(["value 0", "value 1", "value 2", "value 3"]);
  });

  test("fresh cells live to the next collection, however short they are used", () => {
    const { heap, put, at } = scratchWorld(CHECKED);
    step(heap, 1);
    const fresh = put(0, CellKind.String, newStringFromText(heap, "fresh"));
    heap.setNull(at(0));
    finish(heap);
    expect(textOf(heap, fresh)).toBe("fresh");
    heap.collect("test");
    expect(heap.tracked!.has(fresh)).toBe(false);
  });

  test("what is read through a weak reference or map lives on", () => {
    const { heap, put, cell, at } = scratchWorld(CHECKED);
    put(0, CellKind.String, newStringFromText(heap, "target"));
    put(1, CellKind.WeakRef, newWeakRef(heap, at(0)));
    put(2, CellKind.WeakMap, newWeakMap(heap));
    put(3, CellKind.String, newStringFromText(heap, "key"));
    put(4, CellKind.String, newStringFromText(heap, "value"));
    weakSet(heap, cell(2), at(3), at(4));
    for (const i of [0, 4]) heap.setNull(at(i));
    step(heap, 1);
    heap.copySlot(at(5), weakTarget(heap, cell(1)));
    heap.copySlot(at(6), weakGet(heap, cell(2), at(3)));
    finish(heap);
    expect([textOf(heap, cell(5)), textOf(heap, cell(6))]).toEqual(["target", "value"]);
    heap.setNull(at(5));
    heap.collect("test");
    expect(heap.hi(weakTarget(heap, cell(1)))).toBe(Hi.Hole);
  });

  test("symbols that only their table knows are found, and then live on", () => {
    const { heap, put, cell } = scratchWorld(CHECKED), lost = internText(heap, "nobody holds me");
    for (let i = 0; i < 8; i++) internText(heap, `recent ${i}`);
    step(heap, 1);
    expect(put(0, CellKind.Symbol, internText(heap, "nobody holds me"))).toBe(lost);
    finish(heap);
    expect(textOf(heap, cell(0))).toBe("nobody holds me");
  });

  test("a parked stack that goes on loses nothing", () => {
    const { heap, put, cell, at } = scratchWorld(CHECKED, 16), parked = put(0, CellKind.Stack, newStack(heap, 200)), base = stackBase(parked);
    for (let i = 0; i < 100; i++) heap.setCell(base + i, CellKind.String, newStringFromText(heap, `s${i}`));
    heap.setWord(parked + Stack.Top, base + 100);
    heap.setCell(base + 150, CellKind.String, 0x7000);
    step(heap, 1);
    const running = heap.rootCell(Root.Stack), range = heap.stackRange();
    runStack(heap, parked);
    heap.stackRange = () => ({ base, top: base + 10 });
    heap.copySlot(base + 1, base + 99);
    finish(heap);
    expect(textOf(heap, heap.lo(base + 1))).toBe("s99");
    expect(heap.hi(base + 150)).toBe(0);
    heap.setRoot(Root.Stack, CellKind.Stack, running);
    heap.stackRange = () => range;
    expect(heap.hi(at(0))).toBe(CellHi.Stack);
    expect(cell(0)).toBe(parked);
  });
});

describe("slices", () => {
  /** A large list that grows, under a budget; the collections there were. */
  function grow(gcPauseBudget: number, records: number): { readonly log: readonly GcEntry[]; readonly heap: Heap } {
    const log: GcEntry[] = [];
    let clock = 0;
    const world = scratchWorld({ maxBytes: 128 << 20, gcPauseBudget, onCollect: (entry) => log.push(entry), now: () => clock++ }), { heap, put, cell, at } = world;
    put(0, CellKind.Array, newArray(heap, 16));
    for (let i = 0; i < records; i++) {
      put(1, CellKind.Object, newObject(heap, 2));
      push(heap, cell(0), at(1));
      put(2, CellKind.String, newStringFromText(heap, "garbage"));
    }
    return { log, heap };
  }

  test("come at the same places every time, and are told of", () => {
    const first = grow(0.2, 200_000), again = grow(0.2, 200_000);
    expect(first.log).toEqual(again.log);
    expect(first.log.some(({ slices }) => slices > 5)).toBe(true);
    for (const { slices, pauseMs, totalPauseMs } of first.log) expect([pauseMs, totalPauseMs]).toEqual([1, slices]);
    expect(first.heap.word(Header.Collections)).toBe(first.log.length);
  });

  test("are one for a small heap, and for any when there is no budget", () => {
    expect(grow(2, 10_000).log.every(({ slices }) => slices === 1)).toBe(true);
    expect(grow(0, 200_000).log.every(({ slices }) => slices === 1)).toBe(true);
  });

  test("come to an end also when the script only overwrites", () => {
    const { heap, put, cell, at } = scratchWorld({ maxBytes: 128 << 20, gcPauseBudget: 0.2 });
    put(0, CellKind.Array, newArray(heap, 16));
    while (!heap.marking) {
      put(1, CellKind.Object, newObject(heap, 2));
      push(heap, cell(0), at(1));
    }
    for (let n = 0; n < 1_000_000 && heap.marking; n++) {
      heap.replace(elementSlot(heap, cell(0), n % 1000), at(1));
      heap.payForgotten();
    }
    expect(heap.marking).toBe(false);
  });
});
