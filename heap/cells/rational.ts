// Rational cells: a numerator and a denominator above 1 in lowest terms, both integers in canonical form. Reducing is the
// caller's business.

import { Rational } from "../layout.ts";
import type { Heap } from "../heap.ts";
import { CellKind } from "../value.ts";

/** A rational of copies of two slots. */
export function newRational(heap: Heap, numerator: number, denominator: number): number {
  const cell = heap.allocate(CellKind.Rational, Rational.Size);
  heap.copySlot(numeratorSlot(cell), numerator);
  heap.copySlot(denominatorSlot(cell), denominator);
  return cell;
}

export const numeratorSlot = (cell: number): number => (cell + Rational.Numerator) >> 3;
export const denominatorSlot = (cell: number): number => (cell + Rational.Denominator) >> 3;
