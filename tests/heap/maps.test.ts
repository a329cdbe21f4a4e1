// Sorted maps and hash maps against JS maps, under a collector that is never far away.

import { describe, expect, test } from "vitest";
import { setInteger } from "../../heap/cells/bigint.ts";
import { emptyHashMap, hashMapCount, hashMapEntries, hashMapFromEntries, hashMapGet, hashMapPut, hashMapRemove } from "../../heap/cells/hash-map.ts";
import { MapCursor, mapNodeAt, nodeKey, nodeValue } from "../../heap/cells/map-node.ts";
import { newSlots, slotsItem } from "../../heap/cells/slots.ts";
import { emptyMap, mapCount, mapEntries, mapFromEntries, mapFromSorted, mapGet, mapPut, mapRemove } from "../../heap/cells/sorted-map.ts";
import { newStringFromText, textOf } from "../../heap/cells/string.ts";
import { newVectorOf } from "../../heap/cells/vector.ts";
import { equal } from "../../heap/equality.ts";
import { hashValue } from "../../heap/hashing.ts";
import { compareValues } from "../../heap/order.ts";
import { CellKind } from "../../heap/value.ts";
import { Random } from "../support/random.ts";
import { PARANOID, scratchWorld, type ScratchWorld } from "./scratch-world.ts";

/** The two kinds of map by the same names. */
const KINDS = {
  sorted: { kind: CellKind.SortedMap, empty: emptyMap, get: mapGet, put: mapPut, remove: mapRemove, count: mapCount, entries: mapEntries, build: mapFromEntries },
  hash: { kind: CellKind.HashMap, empty: emptyHashMap, get: hashMapGet, put: hashMapPut, remove: hashMapRemove, count: hashMapCount, entries: hashMapEntries, build: hashMapFromEntries },
} as const;

const KEY = 40, VALUE = 42;

/** Writes key n of a family into scratch slot KEY: integers, strings, or vectors of both. */
function writeKey({ heap, at, put }: ScratchWorld, family: number, n: number): void {
  if (family === 0) return setInteger(heap, at(KEY), n % 3 === 0 ? BigInt(n) << 40n : n);
  put(KEY, CellKind.String, newStringFromText(heap, `key ${n}`));
  if (family === 1) return;
  heap.setI32(at(KEY + 1), n);
  put(KEY, CellKind.Vector, newVectorOf(heap, at(KEY), 2));
}

describe.each(["sorted", "hash"] as const)("a %s map", (name) => {
  const map = KINDS[name];

  test.each([0, 1, 2])("does what a JS map does, older versions included (keys of family %i)", (family) => {
    const world = scratchWorld({ ...PARANOID, gcStressRate: 0.01 }), { heap, at, put, cell } = world, r = new Random(family + 5);
    const versions: Map<number, number>[] = [];
    for (let i = 0; i < 8; i++) { put(i, map.kind, map.empty(heap)); versions.push(new Map()); }
    for (let step = 0; step < 600; step++) {
      const from = r.below(8), to = r.below(8), key = r.below(family === 2 ? 30 : 80), model = new Map(versions[from]);
      writeKey(world, family, key);
      if (r.chance(0.6)) {
        heap.setI32(at(VALUE), step);
        put(to, map.kind, map.put(heap, cell(from), at(KEY), at(VALUE)));
        model.set(key, step);
      } else {
        put(to, map.kind, map.remove(heap, cell(from), at(KEY)));
        model.delete(key);
      }
      versions[to] = model;
      expect(map.count(heap, cell(to))).toBe(model.size);
      const found = map.get(heap, cell(to), at(KEY));
      expect(found < 0 ? undefined : heap.lo(found)).toBe(model.get(key));
    }
    heap.verify();
    versions.forEach((model, i) => {
      const seen: number[] = [];
      map.entries(heap, cell(i), (_, value) => seen.push(heap.lo(value)));
      expect(seen.sort()).toEqual([...model.values()].sort());
    });
  });

  test("survives a collection at every allocation", () => {
    const { heap, at, put, cell } = scratchWorld({ ...PARANOID, gcStressRate: 0, gcStress: 1, initialBytes: 96 << 10 });
    put(0, map.kind, map.empty(heap));
    for (let n = 0; n < 60; n++) {
      heap.setI32(at(1), Math.imul(n, 37) % 61);
      put(2, CellKind.String, newStringFromText(heap, `value ${n}`));
      put(0, map.kind, map.put(heap, cell(0), at(1), at(2)));
    }
    for (let n = 0; n < 30; n++) {
      heap.setI32(at(1), Math.imul(n, 37) % 61);
      put(0, map.kind, map.remove(heap, cell(0), at(1)));
    }
    expect(map.count(heap, cell(0))).toBe(30);
    map.entries(heap, cell(0), (key, value) => {
      const n = [...Array(60).keys()].find((i) => Math.imul(i, 37) % 61 === heap.lo(key))!;
      expect(textOf(heap, heap.lo(value))).toBe(`value ${n}`);
    });
  });

  test("is made of entries in any order; of equal keys the last counts", () => {
    const { heap, at, put, cell } = scratchWorld(PARANOID);
    put(0, CellKind.Slots, newSlots(heap, 400, 400));
    const r = new Random(3), model = new Map<number, number>();
    for (let i = 0; i < 200; i++) {
      const key = r.below(120);
      heap.setI32(slotsItem(cell(0), 2 * i), key);
      heap.setI32(slotsItem(cell(0), 2 * i + 1), i);
      model.set(key, i);
    }
    put(1, map.kind, map.build(heap, slotsItem(cell(0), 0), 200));
    heap.verify();
    expect(map.count(heap, cell(1))).toBe(model.size);
    for (const [key, value] of model) {
      heap.setI32(at(2), key);
      expect(heap.lo(map.get(heap, cell(1), at(2)))).toBe(value);
    }
  });

  test("equals one made in another order, and hashes and orders like it", () => {
    const { heap, at, put, cell } = scratchWorld(PARANOID);
    for (const [to, step] of [[0, 7], [1, 11]] as const) {
      put(to, map.kind, map.empty(heap));
      for (let i = 0; i < 50; i++) {
        heap.setI32(at(2), (i * step) % 50);
        put(3, CellKind.String, newStringFromText(heap, `${(i * step) % 50}`));
        put(to, map.kind, map.put(heap, cell(to), at(2), at(3)));
        // What was removed again leaves no trace.
        heap.setI32(at(2), 1000 + i);
        put(4, map.kind, map.put(heap, cell(to), at(2), at(3)));
        put(to, map.kind, map.remove(heap, cell(4), at(2)));
      }
    }
    expect(equal(heap, at(0), at(1))).toBe(true);
    expect(hashValue(heap, at(0))).toBe(hashValue(heap, at(1)));
    expect(compareValues(heap, at(0), at(1))).toBe(0);
    heap.setI32(at(2), 25);
    put(1, map.kind, map.put(heap, cell(1), at(2), at(2)));
    expect(equal(heap, at(0), at(1))).toBe(false);
    expect(compareValues(heap, at(0), at(1))).toBe(-compareValues(heap, at(1), at(0)));
    put(1, map.kind, map.remove(heap, cell(1), at(2)));
    expect(equal(heap, at(0), at(1))).toBe(false);
  });

  test("is the same map when nothing changes", () => {
    const { heap, at, put, cell } = scratchWorld();
    heap.setI32(at(1), 1);
    put(0, map.kind, map.empty(heap));
    put(0, map.kind, map.put(heap, cell(0), at(1), at(1)));
    expect(map.put(heap, cell(0), at(1), at(1))).toBe(cell(0));
    heap.setI32(at(2), 2);
    expect(map.remove(heap, cell(0), at(2))).toBe(cell(0));
    expect(map.get(heap, cell(0), at(2))).toBe(-1);
  });
});

describe("a sorted map", () => {
  test("is balanced when it grows in order, and when it shrinks", () => {
    const { heap, at, put, cell } = scratchWorld({ maxBytes: 64 << 20 });
    put(0, CellKind.SortedMap, emptyMap(heap));
    for (let n = 0; n < 3000; n++) {
      heap.setI32(at(1), n);
      put(0, CellKind.SortedMap, mapPut(heap, cell(0), at(1), at(1)));
    }
    heap.verify();
    for (let n = 0; n < 2900; n++) {
      heap.setI32(at(1), n % 2 === 0 ? n >> 1 : 2999 - (n >> 1));
      put(0, CellKind.SortedMap, mapRemove(heap, cell(0), at(1)));
      if (n % 100 === 0) heap.verify();
    }
    expect(mapCount(heap, cell(0))).toBe(100);
  });

  test("gives its entries in order, one by one or by index", () => {
    const { heap, at, put, cell } = scratchWorld(PARANOID);
    put(0, CellKind.Slots, newSlots(heap, 200, 200));
    for (let i = 0; i < 100; i++) {
      heap.setI32(slotsItem(cell(0), 2 * i), i * 3);
      heap.setI32(slotsItem(cell(0), 2 * i + 1), i);
    }
    put(1, CellKind.SortedMap, mapFromSorted(heap, slotsItem(cell(0), 0), 100));
    const cursor = new MapCursor(heap, cell(1));
    for (let i = 0; i < 100; i++) {
      const node = cursor.next();
      expect([heap.lo(nodeKey(node)), heap.lo(nodeValue(node))]).toEqual([i * 3, i]);
      expect(mapNodeAt(heap, cell(1), i)).toBe(node);
      newStringFromText(heap, "allocation does not disturb it");
    }
    expect([cursor.next(), mapNodeAt(heap, cell(1), 100)]).toEqual([0, 0]);
    expect(mapGet(heap, cell(1), at(5))).toBe(-1);
  });
});

describe("a hash map", () => {
  test("keeps apart keys whose hashes collide", () => {
    const { heap, at, put, cell } = scratchWorld({ ...PARANOID, gcStressRate: 0.02 }), TAIL = 300;
    // Long vectors that differ only beyond what counts for the hash.
    const writeLong = (n: number): void => {
      put(8, CellKind.Slots, newSlots(heap, TAIL, TAIL));
      heap.setI32(slotsItem(cell(8), TAIL - 1), n);
      put(1, CellKind.Vector, newVectorOf(heap, slotsItem(cell(8), 0), TAIL));
    };
    for (const to of [0, 2]) {
      put(to, CellKind.HashMap, emptyHashMap(heap));
      for (let n = 0; n < 6; n++) {
        writeLong(to === 0 ? n : 5 - n);
        heap.setI32(at(3), to === 0 ? n : 5 - n);
        put(to, CellKind.HashMap, hashMapPut(heap, cell(to), at(1), at(3)));
      }
    }
    heap.verify();
    expect(equal(heap, at(0), at(2))).toBe(true);
    expect(hashValue(heap, at(0))).toBe(hashValue(heap, at(2)));
    expect(compareValues(heap, at(0), at(2))).toBe(0);
    for (let n = 0; n < 6; n++) {
      writeLong(n);
      expect(heap.lo(hashMapGet(heap, cell(0), at(1)))).toBe(n);
      put(0, CellKind.HashMap, hashMapRemove(heap, cell(0), at(1)));
      expect([hashMapCount(heap, cell(0)), hashMapGet(heap, cell(0), at(1))]).toEqual([5 - n, -1]);
      heap.verify();
    }
    expect(equal(heap, at(0), at(2))).toBe(false);
  });

  test("finds a NaN by itself", () => {
    const { heap, at, put, cell } = scratchWorld();
    heap.setF64(at(1), NaN);
    put(0, CellKind.HashMap, emptyHashMap(heap));
    put(0, CellKind.HashMap, hashMapPut(heap, cell(0), at(1), at(1)));
    expect(hashMapGet(heap, cell(0), at(1))).toBeGreaterThan(0);
  });
});
