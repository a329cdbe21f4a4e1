// The string side of `+`: concatenation with the text of any value that has one.

import { StringBuilder } from "../../heap/cells/builder.ts";
import { byteLength, concat } from "../../heap/cells/string.ts";
import { Str } from "../../heap/layout.ts";
import { Root } from "../../heap/roots.ts";
import { CellHi, CellKind, Hi, Rank, numericRank } from "../../heap/value.ts";
import { DisplayMode, appendDisplay } from "./display.ts";
import { appendJson } from "./json-text.ts";
import { numberText } from "./numeric.ts";
import type { Vm } from "./vm.ts";

/**
 * b + c where at least one is a string. Appending to the left operand is amortised: `concat` extends its bytes in place
 * when nobody has appended to them before.
 */
export function concatenate(vm: Vm, dst: number, b: number, c: number): void {
  const heap = vm.heap;
  const left = heap.hi(b) === CellHi.String ? heap.lo(b) : textCell(vm, b);
  const right = heap.hi(c) === CellHi.String ? heap.lo(c) : textCell(vm, c);
  const result = concat(heap, left, right), copied = heap.word(result + Str.Data) !== heap.word(left + Str.Data);
  heap.setCell(dst, CellKind.String, result);
  vm.chargeFuel(byteLength(heap, copied ? result : right) >> 2);
  heap.setHole(heap.rootSlot(Root.Temp0));
}

/** A new string with the text `+` gives a value that is no string: JSON for containers. Kept in a root until released. */
function textCell(vm: Vm, slot: number): number {
  const heap = vm.heap, hi = heap.hi(slot), out = new StringBuilder();
  const rank = numericRank(hi);
  if (rank !== Rank.None) out.appendText(numberText(heap, slot, rank));
  else if (hi === CellHi.Array || hi === CellHi.Object) appendJson(vm, out, slot);
  else if (hi === Hi.Null || hi === Hi.Bool || hi === Hi.Rune) appendDisplay(vm, out, slot, DisplayMode.Text);
  else vm.throwError("Binary operation requires numeric operands");
  const text = out.finish(heap);
  heap.setCell(heap.rootSlot(Root.Temp0), CellKind.String, text);
  return text;
}
