// What compiled matches and optional calls ask about values where no instruction does. None of these throws.

import { elementSlot, length } from "../../heap/cells/array.ts";
import { findSlot } from "../../heap/cells/object.ts";
import { CellHi, Hi } from "../../heap/value.ts";
import { skipsOptionalCall } from "../vm/indexing.ts";
import type { NativeInfo } from "../vm/native.ts";
import { isInteger, rankOf } from "../vm/numeric.ts";
import { sliceFrom } from "../vm/slow-paths.ts";
import type { Vm } from "../vm/vm.ts";
import { native } from "./arguments.ts";

/**
 * The part of a value that the selector names: a symbol is a field, i an element, -1 - i all elements from i on, null
 * the length. Null when there is no such part.
 */
function matchPart(vm: Vm, base: number): void {
  const { heap } = vm, result = base - 2, selector = base + 1, cell = heap.lo(base), hi = heap.hi(base);
  heap.setNull(result);
  if (heap.hi(selector) === CellHi.Symbol) {
    const field = hi === CellHi.Object ? findSlot(heap, cell, heap.lo(selector)) : 0;
    if (field !== 0) heap.copySlot(result, field);
  } else if (hi === CellHi.Array) {
    const index = heap.lo(selector), count = length(heap, cell);
    if (heap.hi(selector) === Hi.Null) heap.setI32(result, count);
    else if (index < 0) sliceFrom(vm, result, base, -1 - index);
    else if (index < count) heap.copySlot(result, elementSlot(heap, cell, index));
  }
}

export const MATCHING: readonly NativeInfo[] = [
  native("$match_part", 2, 2, "part of a value for pattern matching", matchPart),
  native("$is_integer", 1, 1, "whether a value is an integer", (vm, base) => vm.heap.setBool(base - 2, isInteger(rankOf(vm.heap, base)))),
  native("$skips_call", 2, 2, "whether an optional call of the method is null without a call",
    (vm, base) => vm.heap.setBool(base - 2, skipsOptionalCall(vm.heap, base, vm.heap.lo(base + 1)))),
];
