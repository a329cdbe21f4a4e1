// Closure cells: code and captured values (or the boxes of captured variables that are reassigned).

import { Closure } from "../layout.ts";
import type { Heap } from "../heap.ts";
import type { Mem } from "../memory.ts";
import { CellKind, Hi } from "../value.ts";

/** A closure of `code` with `count` captures, null until the caller sets them. */
export function newClosure(heap: Heap, code: number, count: number): number {
  const addr = heap.allocate(CellKind.Closure, Closure.Captures + 8 * count), i32 = heap.i32, w = addr >> 2;
  i32[w + (Closure.Code >> 2)] = code;
  i32[w + (Closure.Count >> 2)] = count;
  for (let at = w + (Closure.Captures >> 2), end = at + 2 * count; at < end; at += 2) {
    i32[at] = 0;
    i32[at + 1] = Hi.Null;
  }
  return addr;
}

export const closureCode = (mem: Mem, closure: number): number => mem.i32[(closure + Closure.Code) >> 2]!;
export const captureSlot = (closure: number, i: number): number => ((closure + Closure.Captures) >> 3) + i;
