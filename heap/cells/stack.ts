// Stack cells: guest stacks. The running one is the root Root.Stack; its live part is what Heap.stackRange says, that of a
// parked one ends at its Top (an absolute slot).

import { Stack } from "../layout.ts";
import type { Heap } from "../heap.ts";
import { shadeStack } from "../marker.ts";
import type { Mem } from "../memory.ts";
import { Root } from "../roots.ts";
import { CellKind } from "../value.ts";

/** A stack with room for `slots` values, empty and all zero. */
export function newStack(heap: Heap, slots: number): number {
  const addr = heap.allocate(CellKind.Stack, Stack.Data + 8 * slots), i32 = heap.i32;
  i32[(addr + Stack.Top) >> 2] = stackBase(addr);
  i32.fill(0, (addr + Stack.Top + 4) >> 2, (addr + Stack.Data + 8 * slots) >> 2);
  return addr;
}

/** First slot of a stack, and the slot after its last. */
export const stackBase = (stack: number): number => (stack + Stack.Data) >> 3;
export const stackEnd = (mem: Mem, stack: number): number => (stack + mem.i32[(stack + 4) >> 2]!) >> 3;

/** Makes a parked stack the running one, which goes on at its Top. */
export function runStack(heap: Heap, stack: number): void {
  // It will change without notice, and is cleared above its top by nobody else before the next collection.
  if (heap.marking) shadeStack(heap, stack, stackBase(stack), heap.word(stack + Stack.Top));
  heap.setRoot(Root.Stack, CellKind.Stack, stack);
}

/**
 * Replaces the running stack by one with at least `minSlots` slots and the same contents. Returns by how many slots the
 * contents moved: every slot index into the stack held anywhere must be moved by that.
 */
export function growStack(heap: Heap, minSlots: number): number {
  const old = heap.rootCell(Root.Stack), oldSlots = stackEnd(heap, old) - stackBase(old);
  const stack = newStack(heap, Math.max(minSlots, 2 * oldSlots)), i32 = heap.i32, delta = stackBase(stack) - stackBase(old);
  i32.copyWithin((stack + Stack.Data) >> 2, (old + Stack.Data) >> 2, 2 * stackEnd(heap, old));
  i32[(stack + Stack.Marked) >> 2] = i32[(old + Stack.Marked) >> 2]!;
  i32[(stack + Stack.Top) >> 2] = i32[(old + Stack.Top) >> 2]! + delta;
  heap.setRoot(Root.Stack, CellKind.Stack, stack);
  heap.freeLarge(old);
  return delta;
}
