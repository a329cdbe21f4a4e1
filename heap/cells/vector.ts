// Vector cells: a fixed number of values. A literal's vector is marked constant; whoever changes one copies it first.

import { Vector } from "../layout.ts";
import type { Heap } from "../heap.ts";
import type { Mem } from "../memory.ts";
import { CellKind, Hi } from "../value.ts";

/** A vector of `count` nulls. */
export function newVector(heap: Heap, count: number): number {
  const vector = newRaw(heap, count), i32 = heap.i32;
  for (let at = (vector + Vector.Data) >> 2, end = at + 2 * count; at < end; at += 2) {
    i32[at] = 0;
    i32[at + 1] = Hi.Null;
  }
  return vector;
}

/** A vector of copies of the `count` slots from `first` on. */
export function newVectorOf(heap: Heap, first: number, count: number): number {
  const vector = newRaw(heap, count);
  heap.i32.copyWithin((vector + Vector.Data) >> 2, 2 * first, 2 * (first + count));
  return vector;
}

function newRaw(heap: Heap, count: number): number {
  const vector = heap.allocate(CellKind.Vector, Vector.Data + 8 * count);
  heap.i32[(vector + Vector.Count) >> 2] = count;
  heap.i32[(vector + Vector.Constant) >> 2] = 0;
  return vector;
}

export const vectorCount = (mem: Mem, vector: number): number => mem.i32[(vector + Vector.Count) >> 2]!;
/** Slot of item i. */
export const vectorItem = (vector: number, i: number): number => ((vector + Vector.Data) >> 3) + i;
export const isConstantVector = (mem: Mem, vector: number): boolean => mem.i32[(vector + Vector.Constant) >> 2] !== 0;
export const setConstantVector = (mem: Mem, vector: number): void => { mem.i32[(vector + Vector.Constant) >> 2] = 1; };
