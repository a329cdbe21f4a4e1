// What patterns of the core IR ask about lists, vectors and maps (src/ir/README.md, "Matching"), for both engines and for
// the library's destructuring. None of it throws: what is not there answers -1, and guards may change a value at any time.

import { hashMapGet } from "../../heap/cells/hash-map.ts";
import { carSlot, cdrSlot, setList } from "../../heap/cells/pair.ts";
import { mapGet } from "../../heap/cells/sorted-map.ts";
import { vectorCount, vectorItem } from "../../heap/cells/vector.ts";
import { CellHi, Hi } from "../../heap/value.ts";
import type { Vm } from "./vm.ts";

/** Steps of a search in a map, for fuel: enough for the depth of a large one. */
const SEARCH = 16;

export const isMapHi = (hi: number): boolean => hi === CellHi.SortedMap || hi === CellHi.HashMap;

/**
 * Twice the number of items of a list or vector, odd where a list ends in anything else or is longer than `most`: then
 * 2n - 1 after n pairs, so that "exactly n" is = 2n and "at least n" is >= 2n, a rest being a list or the start of one.
 * -1 for all else. Of a list only `most` pairs are looked at, or loops that take one item at a time would be slow.
 */
export function extentOf({ heap }: Vm, slot: number, most: number): number {
  if (heap.hi(slot) === CellHi.Vector) return 2 * Math.min(vectorCount(heap, heap.lo(slot)), most) + (vectorCount(heap, heap.lo(slot)) > most ? 1 : 0);
  let rest = slot;
  for (let n = 0; ; n++) {
    const hi = heap.hi(rest);
    if (hi === Hi.Empty) return 2 * n;
    if (hi !== CellHi.Pair) return 2 * n - 1;
    if (n === most) return 2 * n + 1;
    rest = cdrSlot(heap.lo(rest));
  }
}

export const hasExtent = (vm: Vm, slot: number, count: number, exactly: boolean): boolean => {
  const extent = extentOf(vm, slot, count);
  return exactly ? extent === 2 * count : extent >= 2 * count;
};

/** Slot of item i of a list or vector, -1 when there is none. */
export function itemSlot({ heap }: Vm, slot: number, index: number): number {
  const hi = heap.hi(slot);
  if (hi === CellHi.Vector) return index < vectorCount(heap, heap.lo(slot)) ? vectorItem(heap.lo(slot), index) : -1;
  const rest = restSlot(heap, slot, index);
  return rest >= 0 && heap.hi(rest) === CellHi.Pair ? carSlot(heap.lo(rest)) : -1;
}

/** Slot of what follows so many pairs, -1 when there are fewer. */
function restSlot(heap: Vm["heap"], slot: number, pairs: number): number {
  let rest = slot;
  for (let i = 0; i < pairs; i++) {
    if (heap.hi(rest) !== CellHi.Pair) return -1;
    rest = cdrSlot(heap.lo(rest));
  }
  return rest;
}

/** Writes the items from an index on as a list; that of a list is shared. False when there are fewer. May collect; dst may be `slot`. */
export function takeItems({ heap }: Vm, dst: number, slot: number, from: number): boolean {
  if (heap.hi(slot) === CellHi.Vector) {
    const vector = heap.lo(slot), count = vectorCount(heap, vector) - from;
    if (count >= 0) setList(heap, dst, vectorItem(vector, from), count);
    return count >= 0;
  }
  const rest = restSlot(heap, slot, from);
  if (rest >= 0) heap.copySlot(dst, rest);
  return rest >= 0;
}

/** Slot of the key's value in a map or hash map, -1 when it is missing or the value is neither. */
export function entrySlot(vm: Vm, map: number, key: number): number {
  const { heap } = vm, hi = heap.hi(map);
  if (!isMapHi(hi)) return -1;
  vm.chargeFuel(SEARCH);
  return hi === CellHi.HashMap ? hashMapGet(heap, heap.lo(map), key) : mapGet(heap, heap.lo(map), key);
}
