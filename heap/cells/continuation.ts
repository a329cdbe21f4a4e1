// Continuation cells: a copy of the guest stack, frame links and all, and where to go on in it.

import { Continuation } from "../layout.ts";
import type { Heap } from "../heap.ts";
import type { Mem } from "../memory.ts";
import { CellKind, Hi } from "../value.ts";

/** A continuation with copies of the `count` slots from `first` on; everything else is zero, Dynamic null, for the caller to set. */
export function newContinuation(heap: Heap, first: number, count: number): number {
  const cell = heap.allocate(CellKind.Continuation, Continuation.Data + 8 * count), i32 = heap.i32, w = cell >> 2;
  i32.fill(0, w + (Continuation.Fp >> 2), w + (Continuation.Data >> 2));
  i32[w + (Continuation.Count >> 2)] = count;
  i32[w + (Continuation.Dynamic >> 2) + 1] = Hi.Null;
  i32.copyWithin(w + (Continuation.Data >> 2), 2 * first, 2 * (first + count));
  return cell;
}

export const continuationCount = (mem: Mem, cell: number): number => mem.i32[(cell + Continuation.Count) >> 2]!;
/** Slot of copied value i. */
export const continuationSlot = (cell: number, i: number): number => ((cell + Continuation.Data) >> 3) + i;
