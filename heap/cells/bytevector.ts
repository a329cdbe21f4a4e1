// Bytevector cells: a fixed number of bytes. A literal's is marked constant; whoever changes one copies it first.

import { Bytevector } from "../layout.ts";
import type { Heap } from "../heap.ts";
import type { Mem } from "../memory.ts";
import { CellKind } from "../value.ts";

/** A bytevector of `length` zeros. */
export function newBytevector(heap: Heap, length: number): number {
  const cell = heap.allocate(CellKind.Bytevector, Bytevector.Data + length);
  heap.setWord(cell + Bytevector.Length, length);
  heap.setWord(cell + Bytevector.Constant, 0);
  heap.u8.fill(0, cell + Bytevector.Data, cell + Bytevector.Data + length);
  return cell;
}

/** A bytevector with a copy of the bytes, which must not be a view of the world. */
export function newBytevectorOf(heap: Heap, bytes: Uint8Array): number {
  const cell = newBytevector(heap, bytes.length);
  heap.u8.set(bytes, cell + Bytevector.Data);
  return cell;
}

export const bytevectorLength = (mem: Mem, cell: number): number => mem.i32[(cell + Bytevector.Length) >> 2]!;
/** Address of the first byte. */
export const bytevectorData = (cell: number): number => cell + Bytevector.Data;
/** The bytes as a view into the world, valid until the next allocation. */
export const bytevectorBytes = (mem: Mem, cell: number): Uint8Array =>
  mem.u8.subarray(cell + Bytevector.Data, cell + Bytevector.Data + bytevectorLength(mem, cell));
export const isConstantBytevector = (mem: Mem, cell: number): boolean => mem.i32[(cell + Bytevector.Constant) >> 2] !== 0;
export const setConstantBytevector = (mem: Mem, cell: number): void => { mem.i32[(cell + Bytevector.Constant) >> 2] = 1; };
