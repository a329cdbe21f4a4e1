// Weak references die exactly with their targets, entries of weak maps with their keys.

import { describe, expect, test } from "vitest";
import { boxSlot, newBox } from "../../heap/cells/box.ts";
import { newPair } from "../../heap/cells/pair.ts";
import { newSlots, slotsItem } from "../../heap/cells/slots.ts";
import { newStringFromText, textOf } from "../../heap/cells/string.ts";
import { newVectorOf } from "../../heap/cells/vector.ts";
import { newWeakMap, newWeakRef, weakCount, weakDelete, weakEntries, weakGet, weakSet, weakTarget } from "../../heap/cells/weak.ts";
import { Heap } from "../../heap/heap.ts";
import { histogram } from "../../heap/inspect.ts";
import { CellHi, CellKind, Hi } from "../../heap/value.ts";
import { Random } from "../support/random.ts";
import { PARANOID, scratchWorld, worldOf, type ScratchWorld } from "./scratch-world.ts";

const newText = ({ heap, put }: ScratchWorld, i: number, text: string): number => put(i, CellKind.String, newStringFromText(heap, text));

describe("a weak reference", () => {
  test("lasts as long as its target is reachable otherwise", () => {
    const world = scratchWorld({ verify: true, poison: true }), { heap, at, put, cell } = world;
    newText(world, 0, "target");
    put(1, CellKind.WeakRef, newWeakRef(heap, at(0)));
    heap.collect("kept");
    expect(textOf(heap, heap.lo(weakTarget(heap, cell(1))))).toBe("target");
    put(2, CellKind.Box, newBox(heap, at(0)));
    heap.setNull(at(0));
    heap.collect("kept by the box");
    expect(heap.hi(weakTarget(heap, cell(1)))).toBe(CellHi.String);
    heap.setNull(at(2));
    heap.collect("gone");
    expect(heap.hi(weakTarget(heap, cell(1)))).toBe(Hi.Hole);
    heap.collect("gone for good");
    expect(heap.hi(weakTarget(heap, cell(1)))).toBe(Hi.Hole);
  });

  test("to what is no cell lasts, and one to itself keeps nothing alive", () => {
    const { heap, at, put, cell } = scratchWorld({ verify: true, poison: true });
    heap.setI32(at(0), 5);
    put(1, CellKind.WeakRef, newWeakRef(heap, at(0)));
    put(2, CellKind.WeakRef, newWeakRef(heap, at(0)));
    heap.setCell(weakTarget(heap, cell(2)), CellKind.WeakRef, cell(2));
    put(3, CellKind.WeakRef, newWeakRef(heap, at(2)));
    heap.setNull(at(2));
    heap.collect("test");
    expect(heap.lo(weakTarget(heap, cell(1)))).toBe(5);
    expect(heap.hi(weakTarget(heap, cell(3)))).toBe(Hi.Hole);
  });

  test("dies in random graphs exactly when its target does", () => {
    const { heap, at, put, cell } = scratchWorld({ verify: true, poison: true, maxBytes: 8 << 20 }, 128), r = new Random(9);
    // Boxes in slots 0 to 19 refer to each other at random; a weak reference to each is in slots 20 to 39.
    heap.setNull(at(60));
    for (let i = 0; i < 20; i++) put(i, CellKind.Box, newBox(heap, at(60)));
    for (let i = 0; i < 20; i++) put(20 + i, CellKind.WeakRef, newWeakRef(heap, at(i)));
    const next = Array.from({ length: 20 }, () => r.below(20)), held = new Set(next.keys());
    next.forEach((to, i) => heap.copySlot(boxSlot(cell(i)), at(to)));
    while (held.size > 0) {
      const dropped = r.pick([...held]);
      held.delete(dropped);
      heap.setNull(at(dropped));
      heap.collect("test");
      const live = new Set(held);
      for (const i of live) live.add(next[i]!);
      for (let i = 0; i < 20; i++) expect(heap.hi(weakTarget(heap, cell(20 + i)))).toBe(live.has(i) ? CellHi.Box : Hi.Hole);
    }
  });
});

describe("a weak map", () => {
  test("behaves like a map while its keys live", () => {
    const world = scratchWorld(PARANOID), { heap, at, put, cell } = world, r = new Random(4), model = new Map<number, number>();
    put(0, CellKind.WeakMap, newWeakMap(heap));
    put(1, CellKind.Slots, newSlots(heap, 60, 60));
    for (let i = 0; i < 60; i++) {
      if (i % 3 === 0) heap.setI32(at(2), i);
      else newText(world, 2, `key ${i}`);
      heap.copySlot(slotsItem(cell(1), i), at(2));
    }
    for (let step = 0; step < 800; step++) {
      const i = r.below(60), key = slotsItem(cell(1), i);
      if (r.chance(0.6)) {
        heap.setI32(at(3), step);
        weakSet(heap, cell(0), key, at(3));
        model.set(i, step);
      } else expect(weakDelete(heap, cell(0), key)).toBe(model.delete(i));
      newText(world, 4, "garbage");
      const found = weakGet(heap, cell(0), slotsItem(cell(1), i));
      expect(found < 0 ? undefined : heap.lo(found)).toBe(model.get(i));
      expect(weakCount(heap, cell(0))).toBe(model.size);
    }
    const values: number[] = [];
    weakEntries(heap, cell(0), (_, value) => values.push(heap.lo(value)));
    expect(values.sort()).toEqual([...model.values()].sort());
  });

  test("keeps a value, but not a key, alive", () => {
    const world = scratchWorld({ verify: true, poison: true }), { heap, at, put, cell } = world;
    put(0, CellKind.WeakMap, newWeakMap(heap));
    newText(world, 1, "key");
    newText(world, 2, "value");
    weakSet(heap, cell(0), at(1), at(2));
    put(3, CellKind.WeakRef, newWeakRef(heap, at(1)));
    put(4, CellKind.WeakRef, newWeakRef(heap, at(2)));
    heap.setNull(at(2));
    heap.collect("key lives");
    expect(textOf(heap, heap.lo(weakGet(heap, cell(0), at(1))))).toBe("value");
    heap.setNull(at(1));
    heap.collect("key dies");
    expect([weakCount(heap, cell(0)), heap.hi(weakTarget(heap, cell(3))), heap.hi(weakTarget(heap, cell(4)))]).toEqual([0, Hi.Hole, Hi.Hole]);
  });

  test("lets a value that refers to its own key die with it", () => {
    const world = scratchWorld({ verify: true, poison: true }), { heap, at, put, cell } = world;
    put(0, CellKind.WeakMap, newWeakMap(heap));
    newText(world, 1, "key");
    put(2, CellKind.Pair, newPair(heap, at(1), at(0)));
    weakSet(heap, cell(0), at(1), at(2));
    heap.setNull(at(2));
    heap.collect("key lives");
    expect(weakCount(heap, cell(0))).toBe(1);
    heap.setNull(at(1));
    heap.collect("key dies");
    expect(weakCount(heap, cell(0))).toBe(0);
  });

  test("dies itself with entries whose keys live", () => {
    const world = scratchWorld({ verify: true, poison: true }), { heap, at, put, cell } = world;
    put(0, CellKind.WeakMap, newWeakMap(heap));
    newText(world, 1, "key");
    newText(world, 2, "value");
    put(3, CellKind.WeakRef, newWeakRef(heap, at(2)));
    weakSet(heap, cell(0), at(1), at(2));
    heap.setNull(at(0));
    heap.setNull(at(2));
    heap.collect("map dies");
    expect(heap.hi(weakTarget(heap, cell(3)))).toBe(Hi.Hole);
  });

  /** Entry i of the map in slot 0 has as its value (inside a vector if `wrapped`) the key of entry i + 1; the first key is in slot 1. */
  function chain(world: ScratchWorld, length: number, wrapped: boolean): void {
    const { heap, at, put, cell } = world;
    put(0, CellKind.WeakMap, newWeakMap(heap));
    newText(world, 2, "end");
    for (let i = 0; i < length; i++) {
      if (wrapped) put(2, CellKind.Vector, newVectorOf(heap, at(2), 1));
      put(1, CellKind.Box, newBox(heap, at(60)));
      weakSet(heap, cell(0), at(1), at(2));
      heap.copySlot(at(2), at(1));
    }
    heap.setNull(at(2));
  }

  test.each([false, true])("follows chains of entries to their end, in linear time (values wrapped: %s)", (wrapped) => {
    const world = scratchWorld({ maxBytes: 64 << 20 }), { heap, at, cell } = world, length = 30_000;
    heap.setNull(at(60));
    chain(world, length, wrapped);
    const start = performance.now();
    heap.collect("first key lives");
    expect(performance.now() - start).toBeLessThan(2000);
    expect(weakCount(heap, cell(0))).toBe(length);
    heap.verify();
    heap.setNull(at(1));
    heap.collect("first key dies");
    expect(weakCount(heap, cell(0))).toBe(0);
  });

  test("is found and followed when it is only the value of another's entry", () => {
    const world = scratchWorld({ verify: true, poison: true }), { heap, at, put, cell } = world;
    newText(world, 1, "outer key");
    newText(world, 2, "inner key");
    newText(world, 3, "inner value");
    put(4, CellKind.WeakMap, newWeakMap(heap));
    weakSet(heap, cell(4), at(2), at(3));
    put(0, CellKind.WeakMap, newWeakMap(heap));
    weakSet(heap, cell(0), at(1), at(4));
    heap.setNull(at(3));
    heap.setNull(at(4));
    heap.collect("test");
    const inner = heap.lo(weakGet(heap, cell(0), at(1)));
    expect(textOf(heap, heap.lo(weakGet(heap, inner, at(2))))).toBe("inner value");
  });

  test("matches a model of entries that come and go, in several maps", () => {
    const world = scratchWorld({ verify: true, poison: true, maxBytes: 8 << 20 }), { heap, at, put, cell } = world, r = new Random(21);
    heap.setNull(at(60));
    for (let round = 0; round < 30; round++) {
      // Boxes 0 to 9, which keep nothing alive; entries between them in maps 20 to 22.
      const held = new Set<number>(), entries = new Map<string, [number, number]>();
      for (let m = 20; m < 23; m++) put(m, CellKind.WeakMap, newWeakMap(heap));
      for (let i = 0; i < 10; i++) { put(i, CellKind.Box, newBox(heap, at(60))); put(30 + i, CellKind.WeakRef, newWeakRef(heap, at(i))); }
      for (let n = 0; n < 14; n++) {
        const m = r.below(3), key = r.below(10), value = r.below(10);
        weakSet(heap, cell(20 + m), at(key), at(value));
        entries.set(`${m} ${key}`, [key, value]);
      }
      for (let i = 0; i < 10; i++) { if (r.chance(0.2)) held.add(i); else heap.setNull(at(i)); }
      for (let before = -1; before !== held.size;) {
        before = held.size;
        for (const [key, value] of entries.values()) if (held.has(key)) held.add(value);
      }
      heap.collect("test");
      for (let i = 0; i < 10; i++) expect(heap.hi(weakTarget(heap, cell(30 + i)))).toBe(held.has(i) ? CellHi.Box : Hi.Hole);
      const left = [20, 21, 22].reduce((sum, m) => sum + weakCount(heap, cell(m)), 0);
      expect(left).toBe([...entries.values()].filter(([key]) => held.has(key)).length);
    }
  });

  test("survives in an image, and shows in the tools", () => {
    const world = scratchWorld({}), { heap, at, put, cell } = world;
    put(0, CellKind.WeakMap, newWeakMap(heap));
    newText(world, 1, "key");
    newText(world, 2, "only the map knows me");
    weakSet(heap, cell(0), at(1), at(2));
    heap.setNull(at(2));
    heap.collect("test");
    expect(histogram(heap).find(({ kind }) => kind === "string")!.count).toBe(2);
    const copy = worldOf(Heap.fromImage(heap.image(), { verify: true, poison: true }), 64);
    copy.heap.collect("test");
    expect(textOf(copy.heap, copy.heap.lo(weakGet(copy.heap, copy.cell(0), copy.at(1))))).toBe("only the map knows me");
  });
});
