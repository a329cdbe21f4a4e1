// Where an object's fields lie: the first InlineCapacity in the object itself, the others in the Slots vector More.

import { Obj, Slots } from "../layout.ts";
import type { Heap } from "../heap.ts";
import type { Mem } from "../memory.ts";
import { inlineCapacity } from "../shapes.ts";
import { growSlots, newSlots, slotsCapacity, slotsItem } from "./slots.ts";

export const shapeOf = (mem: Mem, obj: number): number => mem.i32[(obj + Obj.Shape) >> 2]!;

/** Where field `index` of objects of the shape lies: bytes from the object's address, or -1 - (index in More). */
export function fieldByteOffset(mem: Mem, shape: number, index: number): number {
  const inline = inlineCapacity(mem, shape);
  return index < inline ? Obj.Inline + 8 * index : inline - index - 1;
}

/** Slot of field `index`. */
export function fieldSlot(mem: Mem, obj: number, index: number): number {
  const inline = inlineCapacity(mem, shapeOf(mem, obj));
  return index < inline ? ((obj + Obj.Inline) >> 3) + index : slotsItem(mem.i32[(obj + Obj.More) >> 2]!, index - inline);
}

/** Makes sure the object has a slot for field `index`; a slot that was not there is null. */
export function reserveField(heap: Heap, obj: number, index: number): void {
  const at = index - inlineCapacity(heap, shapeOf(heap, obj));
  if (at < 0) return;
  let more = heap.word(obj + Obj.More);
  if (more === 0) {
    more = newSlots(heap, Math.max(4, at + 1), 0);
    heap.setWord(obj + Obj.More, more);
  } else if (at >= slotsCapacity(heap, more)) {
    const larger = growSlots(heap, more, Math.max(2 * slotsCapacity(heap, more), at + 1));
    heap.forgetRef(obj + Obj.More);
    heap.setWord(obj + Obj.More, larger);
    heap.freeLarge(more);
    more = larger;
  }
  for (let i = heap.word(more + Slots.Count); i <= at; i++) heap.setNull(slotsItem(more, i));
  if (heap.word(more + Slots.Count) <= at) heap.setWord(more + Slots.Count, at + 1);
}
