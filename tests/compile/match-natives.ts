// The two natives that compiled matches call, for as long as the library has none of the names.

import { elementSlot, length } from "../../heap/cells/array.ts";
import { fieldSlot, shapeOf } from "../../heap/cells/object.ts";
import { findField } from "../../heap/shapes.ts";
import { CellHi, Hi } from "../../heap/value.ts";
import { NATIVES, nativeIndex } from "../../src/library/registry.ts";
import type { NativeInfo } from "../../src/vm/native.ts";
import { isInteger, rankOf } from "../../src/vm/numeric.ts";
import { sliceFrom } from "../../src/vm/slow-paths.ts";
import type { Vm } from "../../src/vm/vm.ts";

/** Writes the part of the value in slot `base` that the selector after it names to the result, null when there is none. */
function matchPart(vm: Vm, base: number): void {
  const { heap } = vm, result = base - 2, selector = base + 1, cell = heap.lo(base), hi = heap.hi(base);
  heap.setNull(result);
  if (heap.hi(selector) === CellHi.Symbol) {
    const index = hi === CellHi.Object ? findField(heap, shapeOf(heap, cell), heap.lo(selector)) : -1;
    if (index >= 0) heap.copySlot(result, fieldSlot(heap, cell, index));
  } else if (hi === CellHi.Array) {
    const index = heap.lo(selector), count = length(heap, cell);
    if (heap.hi(selector) === Hi.Null) heap.setI32(result, count);
    else if (index < 0) sliceFrom(vm, result, base, -1 - index);
    else if (index < count) heap.copySlot(result, elementSlot(heap, cell, index));
  }
}

const MATCH_NATIVES: readonly NativeInfo[] = [
  { name: "$match_part", min: 2, max: 2, doc: "part of a value for pattern matching", run: matchPart },
  { name: "$is_integer", min: 1, max: 1, doc: "whether a value is an integer", run: (vm, base) => vm.heap.setBool(base - 2, isInteger(rankOf(vm.heap, base))) },
];

/** Index of any native, those above included. */
export function indexWithMatch(name: string): number {
  const missing = MATCH_NATIVES.find((info) => info.name === name);
  if (missing === undefined || NATIVES.some((info) => info.name === name)) {
    const added = NATIVES.findIndex((info) => info.name === name);
    return added >= 0 ? added : nativeIndex(name);
  }
  return (NATIVES as NativeInfo[]).push(missing) - 1;
}
