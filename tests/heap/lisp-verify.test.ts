// The verifier finds cells of Lisp that break their promises.

import { describe, expect, test } from "vitest";
import { setInteger } from "../../heap/cells/bigint.ts";
import { emptyHashMap, hashMapPut } from "../../heap/cells/hash-map.ts";
import { hashItem, hashMapRoot } from "../../heap/cells/hash-node.ts";
import { keywordName, keywordText } from "../../heap/cells/keyword.ts";
import { mapRoot, nodeKey } from "../../heap/cells/map-node.ts";
import { emptyMap, mapPut } from "../../heap/cells/sorted-map.ts";
import { newVector } from "../../heap/cells/vector.ts";
import { newWeakMap, newWeakRef, weakSet, weakTarget } from "../../heap/cells/weak.ts";
import { newStringFromText } from "../../heap/cells/string.ts";
import { Big, HashMap, MapNode, SortedMap, Str, Vector, WeakMap } from "../../heap/layout.ts";
import { CellKind, Hi } from "../../heap/value.ts";
import { scratchWorld, type ScratchWorld } from "./scratch-world.ts";

/** A world with something in slot 0. */
function worldWith(make: (world: ScratchWorld) => void): ScratchWorld {
  const world = scratchWorld({ poison: true });
  make(world);
  world.heap.verify();
  return world;
}

const sorted = (): ScratchWorld => worldWith(({ heap, at, put, cell }) => {
  put(0, CellKind.SortedMap, emptyMap(heap));
  for (let i = 0; i < 20; i++) {
    heap.setI32(at(1), i);
    put(0, CellKind.SortedMap, mapPut(heap, cell(0), at(1), at(1)));
  }
});

const hashed = (): ScratchWorld => worldWith(({ heap, at, put, cell }) => {
  put(0, CellKind.HashMap, emptyHashMap(heap));
  for (let i = 0; i < 20; i++) {
    heap.setI32(at(1), i);
    put(0, CellKind.HashMap, hashMapPut(heap, cell(0), at(1), at(1)));
  }
});

describe("in a sorted map", () => {
  test("a wrong count", () => {
    const { heap, cell } = sorted();
    heap.setWord(cell(0) + SortedMap.Count, 19);
    expect(() => heap.verify()).toThrow(/20 entries, Count says 19/);
  });

  test("keys out of order", () => {
    const { heap, cell } = sorted();
    heap.setI32(nodeKey(mapRoot(heap, cell(0))), 100);
    expect(() => heap.verify()).toThrow(/keys out of order/);
  });

  test("a wrong weight, and a tree out of balance", () => {
    const { heap, cell } = sorted(), root = mapRoot(heap, cell(0));
    heap.setWord(root + MapNode.Weight, 21);
    expect(() => heap.verify()).toThrow(/weight 21/);
    heap.setWord(root + MapNode.Left, 0);
    expect(() => heap.verify()).toThrow(/subtrees of 0 and \d+ entries/);
  });
});

describe("in a hash map", () => {
  test("a wrong count", () => {
    const { heap, cell } = hashed();
    heap.setWord(cell(0) + HashMap.Count, 3);
    expect(() => heap.verify()).toThrow(/20 entries, Count says 3/);
  });

  test("a key in the wrong place", () => {
    const { heap, cell } = hashed(), root = hashMapRoot(heap, cell(0));
    for (let i = 0; ; i += 2) {
      if (heap.hi(hashItem(root, i)) === Hi.Hole) continue;
      heap.setI32(hashItem(root, i), 12345);
      break;
    }
    expect(() => heap.verify()).toThrow(/in the wrong place/);
  });
});

test("an integer in a larger form than it needs", () => {
  const { heap, cell } = worldWith(({ heap, at }) => setInteger(heap, at(0), 2n ** 60n));
  heap.setWord(cell(0) + Big.Limbs + 4, 1);
  expect(() => heap.verify()).toThrow(/an integer that fits a slot/);
  heap.setWord(cell(0) + Big.Limbs + 4, 0);
  expect(() => heap.verify()).toThrow(/leading zeros/);
});

test("a keyword its symbol does not know, a vector beyond its cell", () => {
  const { heap, cell, put } = worldWith(({ heap, put }) => { put(0, CellKind.Keyword, keywordText(heap, "k")); put(1, CellKind.Vector, newVector(heap, 3)); });
  heap.setWord(cell(1) + Vector.Count, 4);
  expect(() => heap.verify()).toThrow();
  put(1, CellKind.Keyword, cell(0));
  heap.setWord(keywordName(heap, cell(0)) + Str.Keyword, 0);
  expect(() => heap.verify()).toThrow(/keyword its symbol does not know/);
});

test("a weak map that miscounts, a weak reference that leads nowhere", () => {
  const { heap, at, cell } = worldWith(({ heap, at, put, cell }) => {
    put(1, CellKind.String, newStringFromText(heap, "key"));
    put(0, CellKind.WeakMap, newWeakMap(heap));
    weakSet(heap, cell(0), at(1), at(1));
    put(2, CellKind.WeakRef, newWeakRef(heap, at(1)));
  });
  heap.setWord(cell(0) + WeakMap.Count, 2);
  expect(() => heap.verify()).toThrow(/1 keys, Count says 2/);
  heap.setNull(at(0));
  heap.setCell(weakTarget(heap, cell(2)), CellKind.String, 0x7000);
  expect(() => heap.verify()).toThrow(/leads to no cell/);
});

test("a keyword dies with its name when nobody uses either", () => {
  const { heap, at } = worldWith(({ heap, put }) => { put(0, CellKind.Keyword, keywordText(heap, "short-lived")); }), before = heap.lo(at(0));
  heap.setNull(at(0));
  // The symbols last interned by text are held for a while.
  for (let i = 0; i < 8; i++) keywordText(heap, `other ${i}`);
  heap.collect("test");
  expect(heap.tracked!.has(before)).toBe(false);
});
