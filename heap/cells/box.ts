// Box cells: one variable that is captured and reassigned.

import { Box } from "../layout.ts";
import type { Heap } from "../heap.ts";
import { CellKind } from "../value.ts";

/** A box holding a copy of the slot. */
export function newBox(heap: Heap, slot: number): number {
  const addr = heap.allocate(CellKind.Box, Box.Size);
  heap.copySlot(boxSlot(addr), slot);
  return addr;
}

export const boxSlot = (box: number): number => (box + Box.Value) >> 3;
