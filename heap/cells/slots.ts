// Slots cells: vectors of values behind arrays, objects with many fields, shapes' key lists and the engine's tables.
// The first Count slots are live and traced; those after them hold anything.

import { Slots } from "../layout.ts";
import type { Heap } from "../heap.ts";
import type { Mem } from "../memory.ts";
import type { Root } from "../roots.ts";
import { CellKind, Hi } from "../value.ts";

/** A vector with room for `capacity` values, the first `count` of them null. */
export function newSlots(heap: Heap, capacity: number, count: number): number {
  const addr = heap.allocate(CellKind.Slots, Slots.Data + 8 * capacity), i32 = heap.i32;
  i32[(addr + Slots.Count) >> 2] = count;
  i32[(addr + Slots.Left) >> 2] = 0;
  for (let at = (addr + Slots.Data) >> 2, end = at + 2 * count; at < end; at += 2) {
    i32[at] = 0;
    i32[at + 1] = Hi.Null;
  }
  return addr;
}

/** A larger copy. The old vector, which must be reachable, is left as it is. */
export function growSlots(heap: Heap, old: number, capacity: number): number {
  const copy = newSlots(heap, capacity, 0), i32 = heap.i32, count = i32[(old + Slots.Count) >> 2]!;
  i32.copyWithin((copy + Slots.Data) >> 2, (old + Slots.Data) >> 2, ((old + Slots.Data) >> 2) + 2 * count);
  i32[(copy + Slots.Count) >> 2] = count;
  return copy;
}

/** Room of a vector made by `appendToRoot`. */
const FIRST_CAPACITY = 64;

/** Appends the value in a slot the collector sees to the vector in a root, made at the first value. */
export function appendToRoot(heap: Heap, root: Root, slot: number): void {
  reserveInRoot(heap, root, 1);
  const list = heap.rootCell(root), count = slotsCount(heap, list);
  heap.copySlot(slotsItem(list, count), slot);
  heap.setWord(list + Slots.Count, count + 1);
}

/** Makes room for so many values more, which the next calls of appendToRoot then need no memory for. */
export function reserveInRoot(heap: Heap, root: Root, count: number): void {
  const list = heap.rootCell(root), wanted = (list === 0 ? 0 : slotsCount(heap, list)) + count;
  if (list === 0) heap.setRoot(root, CellKind.Slots, newSlots(heap, Math.max(FIRST_CAPACITY, wanted), 0));
  else if (wanted > slotsCapacity(heap, list)) heap.setRoot(root, CellKind.Slots, growSlots(heap, list, Math.max(wanted, 2 * slotsCapacity(heap, list))));
}

export const slotsCapacity = (mem: Mem, slots: number): number => (mem.i32[(slots + 4) >> 2]! - Slots.Data) >> 3;
export const slotsCount = (mem: Mem, slots: number): number => mem.i32[(slots + Slots.Count) >> 2]!;
export const slotsItem = (slots: number, i: number): number => ((slots + Slots.Data) >> 3) + i;
