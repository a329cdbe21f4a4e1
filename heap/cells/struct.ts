// Struct cells: a fixed number of values whose meaning the StructType tells.

import { Struct } from "../layout.ts";
import type { Heap } from "../heap.ts";
import type { Mem } from "../memory.ts";
import type { StructType } from "../structs.ts";
import { CellHi, CellKind, Hi } from "../value.ts";

/** A struct of `count` nulls. */
export function newStruct(heap: Heap, type: StructType, count: number): number {
  const cell = heap.allocate(CellKind.Struct, Struct.Data + 8 * count), i32 = heap.i32;
  i32[(cell + Struct.Type) >> 2] = type;
  i32[(cell + Struct.Count) >> 2] = count;
  for (let at = (cell + Struct.Data) >> 2, end = at + 2 * count; at < end; at += 2) {
    i32[at] = 0;
    i32[at + 1] = Hi.Null;
  }
  return cell;
}

export const structType = (mem: Mem, cell: number): StructType => mem.i32[(cell + Struct.Type) >> 2]!;
export const structCount = (mem: Mem, cell: number): number => mem.i32[(cell + Struct.Count) >> 2]!;
/** Slot of item i. */
export const structItem = (cell: number, i: number): number => ((cell + Struct.Data) >> 3) + i;
/** True when the slot holds a struct of the type. */
export const isStruct = (mem: Mem, slot: number, type: StructType): boolean =>
  mem.hi(slot) === CellHi.Struct && mem.i32[(mem.lo(slot) + Struct.Type) >> 2] === type;
