// Maps and hash maps behind one set of functions. A map made from another one is of the same kind.

import { emptyHashMap, hashMapCount, hashMapEntries, hashMapPut, hashMapRemove } from "../../../../heap/cells/hash-map.ts";
import { emptyMap, mapCount, mapEntries, mapPut, mapRemove } from "../../../../heap/cells/sorted-map.ts";
import { findMutable } from "../../../../heap/mutable.ts";
import { compareValues } from "../../../../heap/order.ts";
import { CellHi, CellKind, Hi } from "../../../../heap/value.ts";
import { entrySlot } from "../../../vm/parts.ts";
import type { Vm } from "../../../vm/vm.ts";
import { malformed } from "../../arguments.ts";
import { typeError } from "../conditions.ts";

/** Steps of a search in a map, for fuel: enough for the depth of a large one. */
const SEARCH = 16;

const isHash = (vm: Vm, slot: number): boolean => vm.heap.hi(slot) === CellHi.HashMap;

/** Slot of the key's value, -1 when the map in the slot lacks it. */
export const get = (vm: Vm, map: number, key: number): number => entrySlot(vm, map, key);

/** Writes the map with the key's value added or replaced; dst may be `map`. The key must be one that may be (requireKey). */
export function put(vm: Vm, dst: number, map: number, key: number, value: number): void {
  const heap = vm.heap, cell = heap.lo(map);
  vm.chargeFuel(2 * SEARCH);
  if (isHash(vm, map)) heap.setCell(dst, CellKind.HashMap, hashMapPut(heap, cell, key, value));
  else heap.setCell(dst, CellKind.SortedMap, mapPut(heap, cell, key, value));
}

export function remove(vm: Vm, dst: number, map: number, key: number): void {
  const heap = vm.heap, cell = heap.lo(map);
  vm.chargeFuel(2 * SEARCH);
  if (isHash(vm, map)) heap.setCell(dst, CellKind.HashMap, hashMapRemove(heap, cell, key));
  else heap.setCell(dst, CellKind.SortedMap, mapRemove(heap, cell, key));
}

const countEntries = (vm: Vm, map: number): number => (isHash(vm, map) ? hashMapCount(vm.heap, vm.heap.lo(map)) : mapCount(vm.heap, vm.heap.lo(map)));

/** Writes an empty map of the same kind as the one in the slot. */
export function emptyLike(vm: Vm, dst: number, map: number): void {
  if (isHash(vm, map)) vm.heap.setCell(dst, CellKind.HashMap, emptyHashMap(vm.heap));
  else setEmpty(vm, dst);
}

export const setEmpty = (vm: Vm, dst: number): void => vm.heap.setCell(dst, CellKind.SortedMap, emptyMap(vm.heap));

export interface Entry { /** Slot. */ readonly key: number; /** Slot. */ readonly value: number }

/** All entries in the order of their keys. The slots are valid as long as the map is reachable. */
export function entriesOf(vm: Vm, map: number): Entry[] {
  const heap = vm.heap, entries: Entry[] = [], visit = (key: number, value: number): void => void entries.push({ key, value });
  vm.chargeFuel(4 * countEntries(vm, map));
  if (!isHash(vm, map)) mapEntries(heap, heap.lo(map), visit);
  else {
    hashMapEntries(heap, heap.lo(map), visit);
    entries.sort((a, b) => compareValues(heap, a.key, b.key));
    vm.chargeFuel(8 * entries.length * Math.ceil(Math.log2(entries.length + 1)));
  }
  return entries;
}

/** A hole is what tables mark their free places with. Only code that was made by hand can pass one on. */
export function requireValue(vm: Vm, slot: number): void {
  if (vm.heap.hi(slot) === Hi.Hole) malformed(vm, "it passes on a variable that is not set");
}

/** Refuses mutable arrays and cells, also inside lists, vectors, maps and records: a map is sorted by what its keys hold. */
export function requireKey(vm: Vm, slot: number): void {
  requireValue(vm, slot);
  const found = findMutable(vm.heap, slot);
  if (found >= 0) typeError(vm, "immutable map key", found);
}
