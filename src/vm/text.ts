// The string side of `+`: concatenation with the text of any value that has one.

import { StringBuilder } from "../../heap/cells/builder.ts";
import { byteLength, concat, concatAscii, concatInteger, integerConcat } from "../../heap/cells/string.ts";
import { Str } from "../../heap/layout.ts";
import { Root } from "../../heap/roots.ts";
import { CellHi, CellKind, Hi, Rank, numericRank } from "../../heap/value.ts";
import { DisplayMode, appendDisplay } from "./display.ts";
import { appendJson } from "./json-text.ts";
import { appendNumber, numberOf, numberText } from "./numeric.ts";
import type { Vm } from "./vm.ts";

/**
 * b + c where at least one is a string. Appending to the left operand is amortised: `concat` extends its bytes in place
 * when nobody has appended to them before.
 */
export function concatenate(vm: Vm, dst: number, b: number, c: number): void {
  const { heap } = vm;
  if (heap.hi(b) !== CellHi.String) return prepend(vm, dst, b, c);
  const left = heap.lo(b), length = byteLength(heap, left), result = append(vm, left, c), isCopied = heap.word(result + Str.Data) !== heap.word(left + Str.Data);
  heap.setCell(dst, CellKind.String, result);
  vm.chargeFuel((isCopied ? byteLength(heap, result) : byteLength(heap, result) - length) >> 2);
}

/** The string in the slot b, and then the text of the value in c. Most often that is a string or a short integer. */
function append(vm: Vm, left: number, c: number): number {
  const { heap } = vm, hi = heap.hi(c);
  if (hi === CellHi.String) return concat(heap, left, heap.lo(c));
  const rank = numericRank(hi);
  if (rank !== Rank.None) return rank <= Rank.U32 ? concatInteger(heap, left, numberOf(heap, c, rank)) : concatAscii(heap, left, numberText(heap, c, rank));
  const result = concat(heap, left, textCell(vm, c));
  heap.setHole(heap.rootSlot(Root.Temp0));
  return result;
}

function prepend(vm: Vm, dst: number, b: number, c: number): void {
  const { heap } = vm, rank = numericRank(heap.hi(b));
  const result = rank !== Rank.None && rank <= Rank.U32 ? integerConcat(heap, numberOf(heap, b, rank), heap.lo(c)) : concat(heap, textCell(vm, b), heap.lo(c));
  heap.setCell(dst, CellKind.String, result);
  vm.chargeFuel(byteLength(heap, result) >> 2);
  heap.setHole(heap.rootSlot(Root.Temp0));
}

/** A new string with the text `+` gives a value that is no string: JSON for containers. Kept in a root until released. */
function textCell(vm: Vm, slot: number): number {
  const { heap } = vm, hi = heap.hi(slot), out = new StringBuilder(), rank = numericRank(hi);
  if (rank !== Rank.None) appendNumber(heap, out, slot, rank);
  else if (hi === CellHi.Array || hi === CellHi.Object) appendJson(vm, out, slot);
  else if (hi === Hi.Null || hi === Hi.Bool || hi === Hi.Rune) appendDisplay(vm, out, slot, DisplayMode.Text);
  else vm.throwError("Binary operation requires numeric operands");
  const text = out.finish(heap);
  heap.setCell(heap.rootSlot(Root.Temp0), CellKind.String, text);
  return text;
}
