// Weak references, and weak maps: tables by identity that do not keep their keys alive (ephemerons.ts tells what happens to
// them in a collection). Keys are the same when their words are; those that are no cells never die.
//
// The table is a Bytes cell of (key, value) entries, its capacity a power of two; probed linearly from a hash of the key's
// words, which never change as cells do not move.

import type { Heap } from "../heap.ts";
import { Bytes, WeakMap, WeakRef } from "../layout.ts";
import type { Mem } from "../memory.ts";
import { CellKind, Hi } from "../value.ts";
import { newBytes } from "./bytes.ts";

/** Capacity of a first table; bytes of an entry. */
const FIRST_CAPACITY = 4, ENTRY = 16;

/** A weak reference to the value in a slot. */
export function newWeakRef(heap: Heap, target: number): number {
  const ref = heap.allocate(CellKind.WeakRef, WeakRef.Size);
  heap.copySlot(targetSlot(ref), target);
  heap.setWord(ref + WeakRef.NextWeak, 0);
  return ref;
}

const targetSlot = (ref: number): number => (ref + WeakRef.Target) >> 3;

/** Slot of the target, about to be used: a hole once it died. */
export function weakTarget(mem: Mem, ref: number): number {
  mem.forget(targetSlot(ref));
  return targetSlot(ref);
}

/** An empty weak map. */
export function newWeakMap(heap: Heap): number {
  const map = heap.allocate(CellKind.WeakMap, WeakMap.Size);
  heap.i32.fill(0, (map + WeakMap.Table) >> 2, (map + WeakMap.Size) >> 2);
  return map;
}

/** Number of entries; some may have lost their keys since the last collection. */
export const weakCount = (mem: Mem, map: number): number => mem.i32[(map + WeakMap.Count) >> 2]!;
const tableOf = (mem: Mem, map: number): number => mem.i32[(map + WeakMap.Table) >> 2]!;
const capacityOf = (mem: Mem, map: number): number => (tableOf(mem, map) === 0 ? 0 : mem.i32[(tableOf(mem, map) + Bytes.Used) >> 2]! / ENTRY);

const hashWords = (lo: number, hi: number): number => {
  const h = Math.imul(lo ^ Math.imul(hi, 0x85ebca6b), 0x9e3779b1);
  return h ^ (h >>> 15);
};

/** Word index of the key's entry; if there is none, the complement of the one where it would go. The table has a free entry. */
function find(mem: Mem, map: number, lo: number, hi: number): number {
  const i32 = mem.i32, first = (tableOf(mem, map) + Bytes.Data) >> 2, mask = capacityOf(mem, map) - 1;
  let deleted = -1;
  for (let i = hashWords(lo, hi) & mask; ; i = (i + 1) & mask) {
    const at = first + 4 * i;
    if (i32[at + 1] !== Hi.Hole) {
      if (i32[at] === lo && i32[at + 1] === hi) return at;
    } else if (i32[at] === 0) return ~(deleted < 0 ? at : deleted);
    else if (deleted < 0) deleted = at;
  }
}

/** Slot of the key's value, about to be used; -1 when there is none. */
export function weakGet(mem: Mem, map: number, key: number): number {
  if (weakCount(mem, map) === 0) return -1;
  const at = find(mem, map, mem.lo(key), mem.hi(key));
  if (at < 0) return -1;
  mem.forget((at >> 1) + 1);
  return (at >> 1) + 1;
}

/** Sets the key's value. Map, key and value must be reachable. */
export function weakSet(heap: Heap, map: number, key: number, value: number): void {
  if ((weakCount(heap, map) + heap.word(map + WeakMap.Deleted) + 1) * 4 > capacityOf(heap, map) * 3) rehash(heap, map);
  const i32 = heap.i32, lo = i32[2 * key]!, hi = i32[2 * key + 1]!, found = find(heap, map, lo, hi), at = found < 0 ? ~found : found;
  if (found < 0) {
    if (i32[at] === 1) i32[(map + WeakMap.Deleted) >> 2]!--;
    i32[(map + WeakMap.Count) >> 2]!++;
  } else heap.forget((at >> 1) + 1);
  i32[at] = lo;
  i32[at + 1] = hi;
  i32[at + 2] = i32[2 * value]!;
  i32[at + 3] = i32[2 * value + 1]!;
}

/** Gives the map a new table, twice as large as its entries need. */
function rehash(heap: Heap, map: number): void {
  let capacity = FIRST_CAPACITY;
  while (capacity * 3 < (weakCount(heap, map) + 1) * 8) capacity *= 2;
  // The allocation may prune the old table, which is read afterwards.
  const table = newBytes(heap, ENTRY * capacity, ENTRY * capacity), i32 = heap.i32, first = (table + Bytes.Data) >> 2;
  for (let at = first; at < first + 4 * capacity; at += 2) {
    i32[at] = 0;
    i32[at + 1] = Hi.Hole;
  }
  eachEntry(heap, map, (from) => {
    let i = hashWords(i32[from]!, i32[from + 1]!) & (capacity - 1);
    while (i32[first + 4 * i + 1] !== Hi.Hole) i = (i + 1) & (capacity - 1);
    i32.copyWithin(first + 4 * i, from, from + 4);
  });
  heap.forgetRef(map + WeakMap.Table);
  i32[(map + WeakMap.Table) >> 2] = table;
  i32[(map + WeakMap.Deleted) >> 2] = 0;
}

/** Removes the key; false when there is no such entry. */
export function weakDelete(mem: Mem, map: number, key: number): boolean {
  if (weakCount(mem, map) === 0) return false;
  const at = find(mem, map, mem.lo(key), mem.hi(key));
  if (at < 0) return false;
  mem.forget((at >> 1) + 1);
  dropEntry(mem, map, at);
  return true;
}

/** Calls `visit` with the slots of each entry's key and value. */
export function weakEntries(mem: Mem, map: number, visit: (key: number, value: number) => void): void {
  eachEntry(mem, map, (at) => {
    mem.forgetSlots(at >> 1, 2);
    visit(at >> 1, (at >> 1) + 1);
  });
}

/** Calls `visit` with the word index of each entry in use; it may drop the entry. */
export function eachEntry(mem: Mem, map: number, visit: (at: number) => void): void {
  const table = mem.i32[(map + WeakMap.Table) >> 2]!;
  if (table === 0) return;
  const first = (table + Bytes.Data) >> 2, end = first + (mem.i32[(table + Bytes.Used) >> 2]! >> 2);
  for (let at = first; at < end; at += ENTRY >> 2) if (mem.i32[at + 1] !== Hi.Hole) visit(at);
}

/** Makes an entry a deleted one. */
export function dropEntry(mem: Mem, map: number, at: number): void {
  const i32 = mem.i32;
  i32[at] = 1;
  i32[at + 1] = i32[at + 3] = Hi.Hole;
  i32[at + 2] = 0;
  i32[(map + WeakMap.Count) >> 2]!--;
  i32[(map + WeakMap.Deleted) >> 2]!++;
}
