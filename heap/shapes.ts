// Shapes: hidden classes of objects. A shape is one key more than its parent; objects that got the same keys in the same
// order from the same root have the same shape, which inline caches compare.
//
//   root (0 keys) ──"x"──► {x} ──"y"──► {x, y}          Transitions: key -> child
//                             └──"z"──► {x, z}
//
// Shapes in a line share one Lookup table, filled with the keys of the longest: an index of Count or more belongs to a
// descendant and counts as absent. A branch gets a table of its own. Dictionary shapes: dictionary.ts.

import { Shape, ShapeFlag, Slots } from "./layout.ts";
import { newSlots, slotsItem } from "./cells/slots.ts";
import type { Heap } from "./heap.ts";
import type { Mem } from "./memory.ts";
import { Root } from "./roots.ts";
import { newTable, rehash, tableCount, tableGet, tableSet } from "./tables.ts";
import { CellKind } from "./value.ts";

/** With more keys than this a shape has a Lookup table; shorter chains are walked. */
const WALK_LIMIT = 8;
/** Inline capacities that roots exist for. */
const CAPACITIES = [0, 2, 4, 6, 8, 12, 16, 24, 32];
/** A shape with as many children as this is used as a map: further keys make dictionaries. */
export const MAX_TRANSITIONS = 128;

/** A shape linked nowhere yet; the cells passed in must be reachable. */
export function newShape(heap: Heap, parent: number, key: number, count: number, inlineCapacity: number, typeName: number): number {
  const shape = heap.allocate(CellKind.Shape, Shape.Size), i32 = heap.i32, w = shape >> 2;
  i32.fill(0, w + 2, w + (Shape.Size >> 2));
  i32[w + (Shape.Parent >> 2)] = parent;
  i32[w + (Shape.Key >> 2)] = key;
  i32[w + (Shape.Count >> 2)] = count;
  i32[w + (Shape.InlineCapacity >> 2)] = inlineCapacity;
  i32[w + (Shape.TypeName >> 2)] = typeName;
  return shape;
}

export const isDictionary = (mem: Mem, shape: number): boolean => (mem.u16[(shape + 2) >> 1]! & ShapeFlag.Dictionary) !== 0;
export const keyCount = (mem: Mem, shape: number): number => mem.i32[(shape + Shape.Count) >> 2]!;
export const inlineCapacity = (mem: Mem, shape: number): number => mem.i32[(shape + Shape.InlineCapacity) >> 2]!;
export const shapeTypeName = (mem: Mem, shape: number): number => mem.i32[(shape + Shape.TypeName) >> 2]!;

/** The root shape of objects with room for at least this many inline fields (at most 32). */
export function emptyShape(heap: Heap, capacity: number): number {
  let size = 0;
  while (size < CAPACITIES.length - 1 && CAPACITIES[size]! < capacity) size++;
  if (heap.rootCell(Root.EmptyShapes) === 0) heap.setRoot(Root.EmptyShapes, CellKind.Slots, newSlots(heap, CAPACITIES.length, CAPACITIES.length));
  const slot = slotsItem(heap.rootCell(Root.EmptyShapes), size), known = heap.lo(slot);
  if (known !== 0) return known;
  const shape = newShape(heap, 0, 0, 0, CAPACITIES[size]!, 0);
  heap.setCell(slot, CellKind.Shape, shape);
  return shape;
}

/** The root with this inline capacity whose objects carry the type name (a Symbol; 0: none). */
export function stampedRoot(heap: Heap, capacity: number, typeName: number): number {
  const root = emptyShape(heap, capacity);
  if (typeName === 0) return root;
  const stamps = heap.word(root + Shape.Stamps), known = stamps === 0 ? -1 : tableGet(heap, stamps, typeName);
  if (known > 0) return known;
  heap.setRoot(Root.HoldKey, CellKind.Symbol, typeName);
  const shape = newShape(heap, 0, 0, 0, inlineCapacity(heap, root), typeName);
  heap.clearRoot(Root.HoldKey);
  addChild(heap, root + Shape.Stamps, typeName, shape);
  return shape;
}

/** Enters a fresh shape into the table in the field at `at`, making that when there is none. */
function addChild(heap: Heap, at: number, key: number, shape: number): void {
  heap.setRoot(Root.HoldShape, CellKind.Shape, shape);
  if (heap.word(at) === 0) storeRef(heap, at, newTable(heap, 2, "cells"));
  storeRef(heap, at, tableSet(heap, heap.word(at), key, shape));
  heap.clearRoot(Root.HoldShape);
}

/** A call of its own, so that the views are read after the value, which may have allocated. */
function storeRef(mem: Mem, at: number, value: number): void {
  mem.forgetRef(at);
  mem.i32[at >> 2] = value;
}

/** The child shape for a key, 0 when there is none yet. */
export function transition(mem: Mem, shape: number, symbol: number): number {
  const table = mem.i32[(shape + Shape.Transitions) >> 2]!;
  if (table === 0) return 0;
  const next = tableGet(mem, table, symbol);
  return next > 0 ? next : 0;
}

/** The shape with one key more, made when there is none. For keys the shape lacks; never for a dictionary. The symbol need not be rooted. */
export function shapeWith(heap: Heap, shape: number, symbol: number): number {
  const known = transition(heap, shape, symbol);
  if (known !== 0) return known;
  const count = keyCount(heap, shape);
  heap.setRoot(Root.HoldKey, CellKind.Symbol, symbol);
  const child = newShape(heap, shape, symbol, count + 1, inlineCapacity(heap, shape), shapeTypeName(heap, shape));
  heap.clearRoot(Root.HoldKey);
  addChild(heap, shape + Shape.Transitions, symbol, child);
  if (count + 1 > WALK_LIMIT) addLookup(heap, shape, child);
  return child;
}

/** Gives a new shape its Lookup table: its parent's with one entry more, or one of its own when it is a branch. */
function addLookup(heap: Heap, parent: number, child: number): void {
  const count = keyCount(heap, parent), shared = heap.word(parent + Shape.Lookup);
  let table: number;
  if (shared === 0) {
    table = newTable(heap, 2 * (count + 1), "numbers");
    for (let s = parent; heap.word(s + Shape.Key) !== 0; s = heap.word(s + Shape.Parent)) {
      table = tableSet(heap, table, heap.word(s + Shape.Key), keyCount(heap, s) - 1);
    }
  } else table = tableCount(heap, shared) === count ? shared : rehash(heap, shared, 2 * (count + 1), count);
  heap.setRoot(Root.HoldTable, CellKind.Table, table);
  table = tableSet(heap, table, heap.word(child + Shape.Key), count);
  storeRef(heap, child + Shape.Lookup, table);
  heap.clearRoot(Root.HoldTable);
}

/** Index of the field with this key, -1 when there is none. */
export function findField(mem: Mem, shape: number, symbol: number): number {
  const i32 = mem.i32, lookup = i32[(shape + Shape.Lookup) >> 2]!;
  if (lookup !== 0) {
    const index = tableGet(mem, lookup, symbol);
    return index < i32[(shape + Shape.Count) >> 2]! ? index : -1;
  }
  let count = i32[(shape + Shape.Count) >> 2]!;
  while (count > 0) {
    count--;
    if (i32[(shape + Shape.Key) >> 2] === symbol) return count;
    shape = i32[(shape + Shape.Parent) >> 2]!;
  }
  return -1;
}

/** Slots of the keys in order, kept with the shape once made; a hole where a dictionary's key was deleted. */
export function keysOf(heap: Heap, shape: number): number {
  const known = heap.word(shape + Shape.Keys);
  if (known !== 0) return known;
  const count = keyCount(heap, shape), keys = newSlots(heap, count, count);
  fillKeys(heap, shape, keys);
  storeRef(heap, shape + Shape.Keys, keys);
  return keys;
}

/** Writes the keys of a shape that is no dictionary into a vector with room for them. */
export function fillKeys(mem: Mem, shape: number, keys: number): void {
  let count = keyCount(mem, shape);
  mem.i32[(keys + Slots.Count) >> 2] = count;
  while (count-- > 0) {
    mem.setCell(slotsItem(keys, count), CellKind.Symbol, mem.word(shape + Shape.Key));
    shape = mem.word(shape + Shape.Parent);
  }
}

/** Key of field `index`, 0 when it was deleted. */
export function keyOfShape(mem: Mem, shape: number, index: number): number {
  const keys = mem.i32[(shape + Shape.Keys) >> 2]!;
  if (keys !== 0) return mem.lo(slotsItem(keys, index));
  for (let n = keyCount(mem, shape) - 1; n > index; n--) shape = mem.i32[(shape + Shape.Parent) >> 2]!;
  return mem.i32[(shape + Shape.Key) >> 2]!;
}
