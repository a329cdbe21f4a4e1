// Array cells: identity and element type over a Slots vector that doubles as it grows. Data is never 0, and belongs to one
// array only: it is freed at once when a larger one replaces it.

import { Arr, Slots } from "../layout.ts";
import type { Heap } from "../heap.ts";
import type { Mem } from "../memory.ts";
import { Root } from "../roots.ts";
import { CellKind, Hi } from "../value.ts";
import { growSlots, newSlots, slotsCapacity } from "./slots.ts";

/** An empty array with room for `capacity` elements. */
export function newArray(heap: Heap, capacity: number): number {
  const data = newSlots(heap, capacity, 0);
  heap.setRoot(Root.HoldArray, CellKind.Slots, data);
  const arr = heap.allocate(CellKind.Array, Arr.Size), i32 = heap.i32, w = arr >> 2;
  heap.clearRoot(Root.HoldArray);
  i32[w + (Arr.Data >> 2)] = data;
  i32[w + (Arr.Element >> 2)] = 0;
  i32[w + (Arr.Descriptor >> 2)] = 0;
  return arr;
}

/** An array with copies of the `count` slots from `first` on. */
export function newArrayOf(heap: Heap, first: number, count: number): number {
  const arr = newArray(heap, count), i32 = heap.i32, data = i32[(arr + Arr.Data) >> 2]!;
  i32.copyWithin((data + Slots.Data) >> 2, 2 * first, 2 * (first + count));
  i32[(data + Slots.Count) >> 2] = count;
  return arr;
}

const dataOf = (mem: Mem, arr: number): number => mem.i32[(arr + Arr.Data) >> 2]!;
export const length = (mem: Mem, arr: number): number => mem.i32[(dataOf(mem, arr) + Slots.Count) >> 2]!;
/** Slot of element i, valid until the array grows. */
export const elementSlot = (mem: Mem, arr: number, i: number): number => ((dataOf(mem, arr) + Slots.Data) >> 3) + i;

/** Address of the array's Slots, now with room for `count` elements. */
function reserve(heap: Heap, arr: number, count: number): number {
  const data = dataOf(heap, arr);
  if (count <= slotsCapacity(heap, data)) return data;
  const room = Math.max(count, 2 * slotsCapacity(heap, data), 4);
  if (heap.extendLarge(data, Slots.Data + 8 * room)) return data;
  const larger = growSlots(heap, data, room);
  heap.forgetRef(arr + Arr.Data);
  heap.i32[(arr + Arr.Data) >> 2] = larger;
  heap.freeLarge(data);
  return larger;
}

/** Appends a copy of the slot. */
export function push(heap: Heap, arr: number, slot: number): void {
  // Read first: the slot may be in the vector that growing frees.
  const lo = heap.i32[2 * slot]!, hi = heap.i32[2 * slot + 1]!, count = length(heap, arr);
  const data = reserve(heap, arr, count + 1), i32 = heap.i32, at = ((data + Slots.Data) >> 2) + 2 * count;
  i32[at] = lo;
  i32[at + 1] = hi;
  i32[(data + Slots.Count) >> 2] = count + 1;
}

/** Removes the last element into dst; false when the array is empty. */
export function pop(mem: Mem, arr: number, dst: number): boolean {
  const data = dataOf(mem, arr), count = length(mem, arr);
  if (count === 0) return false;
  mem.forget(((data + Slots.Data) >> 3) + count - 1);
  mem.copySlot(dst, ((data + Slots.Data) >> 3) + count - 1);
  mem.i32[(data + Slots.Count) >> 2] = count - 1;
  return true;
}

/** Removes the first element into dst; false when the array is empty. */
export const shift = (mem: Mem, arr: number, dst: number): boolean => length(mem, arr) > 0 && (remove(mem, arr, 0, dst), true);

/** Removes element i (which exists) into dst; the later ones move down. */
export function remove(mem: Mem, arr: number, i: number, dst: number): void {
  const data = dataOf(mem, arr), count = length(mem, arr), at = ((data + Slots.Data) >> 2) + 2 * i;
  const lo = mem.i32[at]!, hi = mem.i32[at + 1]!;
  // The others move down, which marking has foreseen: see `drain`.
  mem.forget(at >> 1);
  mem.i32.copyWithin(at, at + 2, at + 2 * (count - i));
  mem.i32[(data + Slots.Count) >> 2] = count - 1;
  mem.setSlot(dst, hi, lo);
}

/** Inserts a copy of the slot before element i (0 … length). */
export function insert(heap: Heap, arr: number, i: number, slot: number): void {
  const lo = heap.i32[2 * slot]!, hi = heap.i32[2 * slot + 1]!, count = length(heap, arr);
  const data = reserve(heap, arr, count + 1), i32 = heap.i32, at = ((data + Slots.Data) >> 2) + 2 * i, left = Math.min(i32[(data + Slots.Left) >> 2]!, count);
  // The last one that marking has still to scan moves to where it was already.
  if (left > i) heap.forget(((data + Slots.Data) >> 3) + left - 1);
  i32.copyWithin(at + 2, at, at + 2 * (count - i));
  i32[at] = lo;
  i32[at + 1] = hi;
  i32[(data + Slots.Count) >> 2] = count + 1;
}

/** Appends copies of the elements [from, to) of another array (or the same). */
export function appendElements(heap: Heap, arr: number, source: number, from: number, to: number): void {
  const count = length(heap, arr), data = reserve(heap, arr, count + to - from), i32 = heap.i32;
  const first = 2 * elementSlot(heap, source, from);
  i32.copyWithin(((data + Slots.Data) >> 2) + 2 * count, first, first + 2 * (to - from));
  i32[(data + Slots.Count) >> 2] = count + to - from;
}

/** Cuts the array, or extends it with nulls. */
export function setLength(heap: Heap, arr: number, count: number): void {
  const old = length(heap, arr);
  if (count < old) heap.forgetSlots(elementSlot(heap, arr, count), old - count);
  const data = reserve(heap, arr, count), i32 = heap.i32, items = (data + Slots.Data) >> 2;
  for (let at = items + 2 * old; at < items + 2 * count; at += 2) {
    i32[at] = 0;
    i32[at + 1] = Hi.Null;
  }
  i32[(data + Slots.Count) >> 2] = count;
}

export function clear(mem: Mem, arr: number): void {
  mem.forgetSlots(elementSlot(mem, arr, 0), length(mem, arr));
  mem.i32[(dataOf(mem, arr) + Slots.Count) >> 2] = 0;
}
/** Sets the element type code (0: any) and the descriptor cell (0: none). */
export function setElementType(mem: Mem, arr: number, code: number, descriptor: number): void {
  mem.forgetRef(arr + Arr.Descriptor);
  mem.i32[(arr + Arr.Element) >> 2] = code;
  mem.i32[(arr + Arr.Descriptor) >> 2] = descriptor;
}
