// NumberArray cells: doubles or 64-bit integers, packed. The numbers are not values: the collector does not look at them.

import { NumberArray, NumberElement } from "../layout.ts";
import type { Heap } from "../heap.ts";
import type { Mem } from "../memory.ts";
import { CellKind } from "../value.ts";

/** An array of `count` zeros. */
export function newNumberArray(heap: Heap, element: NumberElement, count: number): number {
  const cell = heap.allocate(CellKind.NumberArray, NumberArray.Data + 8 * count), data = (cell + NumberArray.Data) >> 2;
  heap.setWord(cell + NumberArray.Count, count);
  heap.setWord(cell + NumberArray.Element, element);
  heap.i32.fill(0, data, data + 2 * count);
  return cell;
}

export const numberCount = (mem: Mem, cell: number): number => mem.i32[(cell + NumberArray.Count) >> 2]!;
export const numberElement = (mem: Mem, cell: number): NumberElement => mem.i32[(cell + NumberArray.Element) >> 2]!;
/** Index of number i: into f64, and twice that into i32. Not a slot that may be copied: the bits are no value. */
export const numberIndex = (cell: number, i: number): number => ((cell + NumberArray.Data) >> 3) + i;
export const float64At = (mem: Mem, cell: number, i: number): number => mem.f64[numberIndex(cell, i)]!;
export const setFloat64At = (mem: Mem, cell: number, i: number, value: number): void => { mem.f64[numberIndex(cell, i)] = value; };

/** Integer i of an array of them. */
export function int64At(mem: Mem, cell: number, i: number): bigint {
  const at = 2 * numberIndex(cell, i);
  return (BigInt(mem.i32[at + 1]!) << 32n) | BigInt(mem.u32[at]!);
}

/** Stores the low 64 bits of an integer. */
export function setInt64At(mem: Mem, cell: number, i: number, value: bigint): void {
  const at = 2 * numberIndex(cell, i);
  mem.i32[at] = Number(BigInt.asIntN(32, value));
  mem.i32[at + 1] = Number(BigInt.asIntN(32, value >> 32n));
}
