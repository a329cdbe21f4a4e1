// Cells that are a fixed number of values, each with a meaning of its own: tasks, channels, files and sockets.

import { Record } from "../layout.ts";
import type { Heap } from "../heap.ts";
import { CellKind, Hi } from "../value.ts";

/** A new cell of the kind with `count` nulls. */
export function newRecord(heap: Heap, kind: CellKind.Task | CellKind.Channel | CellKind.File | CellKind.Socket, count: number): number {
  const cell = heap.allocate(kind, Record.Data + 8 * count), { i32 } = heap;
  i32[(cell + Record.Count) >> 2] = count;
  i32[(cell + Record.Count + 4) >> 2] = 0;
  for (let at = (cell + Record.Data) >> 2, end = at + 2 * count; at < end; at += 2) {
    i32[at] = 0;
    i32[at + 1] = Hi.Null;
  }
  return cell;
}

/** Slot of item i. */
export const recordItem = (cell: number, i: number): number => ((cell + Record.Data) >> 3) + i;
