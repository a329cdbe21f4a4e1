// Complex cells: a real and an imaginary part, real numbers of any form; an imaginary part of exact zero is never stored.

import { Complex } from "../layout.ts";
import type { Heap } from "../heap.ts";
import { CellKind } from "../value.ts";

/** A complex number of copies of two slots. */
export function newComplex(heap: Heap, real: number, imaginary: number): number {
  const cell = heap.allocate(CellKind.Complex, Complex.Size);
  heap.copySlot(realSlot(cell), real);
  heap.copySlot(imaginarySlot(cell), imaginary);
  return cell;
}

export const realSlot = (cell: number): number => (cell + Complex.Real) >> 3;
export const imaginarySlot = (cell: number): number => (cell + Complex.Imaginary) >> 3;
