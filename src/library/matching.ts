// What compiled matches and optional calls ask about values where no instruction does. None of these throws, but at what no compiler hands over.

import { elementSlot, length } from "../../heap/cells/array.ts";
import { findSlot } from "../../heap/cells/object.ts";
import { equal } from "../../heap/equality.ts";
import { CellHi, Hi } from "../../heap/value.ts";
import { skipsOptionalCall } from "../vm/indexing.ts";
import type { NativeInfo } from "../vm/native.ts";
import { isInteger, rankOf } from "../vm/numeric.ts";
import { entrySlot, extentOf, isMapHi, itemSlot, takeItems } from "../vm/parts.ts";
import { sliceFrom } from "../vm/slow-paths.ts";
import type { Vm } from "../vm/vm.ts";
import { handedOver, malformed, native } from "./arguments.ts";

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
    if (heap.hi(selector) === Hi.Null) return heap.setI32(result, length(heap, cell));
    const index = handedOver(vm, selector, Hi.I32, "a pattern selects by something that is no number"), count = length(heap, cell);
    if (index < 0) sliceFrom(vm, result, base, -1 - index);
    else if (index < count) heap.copySlot(result, elementSlot(heap, cell, index));
  }
}

/** A number of items, or an index. */
function countAt(vm: Vm, slot: number): number {
  const count = handedOver(vm, slot, Hi.I32, "a pattern counts with something that is no number");
  return count < 0 ? malformed(vm, `a pattern has ${count} items`) : count;
}

const methodAt = (vm: Vm, slot: number): number => handedOver(vm, slot, CellHi.Symbol, "a method has a name that is no symbol");

/** Writes the value in the slot, null when there is none. */
function answerPart(vm: Vm, base: number, slot: number): void {
  if (slot < 0) vm.heap.setNull(base - 2);
  else vm.heap.copySlot(base - 2, slot);
}

export const MATCHING: readonly NativeInfo[] = [
  native("$match_part", 2, 2, "part of a value for pattern matching", matchPart),
  native("$is_integer", 1, 1, "whether a value is an integer", (vm, base) => vm.heap.setBool(base - 2, isInteger(rankOf(vm.heap, base)))),
  native("$match_extent", 2, 2, "(value most): items of a list or vector, as src/vm/parts.ts counts them", (vm, base) => vm.heap.setI32(base - 2, extentOf(vm, base, countAt(vm, base + 1)))),
  native("$match_item", 2, 2, "(value i): item of a list or vector, else null", (vm, base) => answerPart(vm, base, itemSlot(vm, base, countAt(vm, base + 1)))),
  native("$match_items", 2, 2, "(value i): items from i on as a list, else null", (vm, base) => {
    if (!takeItems(vm, base - 2, base, countAt(vm, base + 1))) vm.heap.setNull(base - 2);
  }),
  native("$match_entry", 2, 2, "(map key): the value of the key, else null", (vm, base) => answerPart(vm, base, entrySlot(vm, base, base + 1))),
  native("$has_entry", 2, 2, "(map key): whether a map has the key", (vm, base) => vm.heap.setBool(base - 2, entrySlot(vm, base, base + 1) >= 0)),
  native("$is_map", 1, 1, "whether a value is a map or hash map", (vm, base) => vm.heap.setBool(base - 2, isMapHi(vm.heap.hi(base)))),
  native("$same_structure", 2, 2, "whether two values are equal by structure", (vm, base) => vm.heap.setBool(base - 2, equal(vm.heap, base, base + 1))),
  native("$skips_call", 2, 2, "whether an optional call of the method is null without a call",
    (vm, base) => vm.heap.setBool(base - 2, skipsOptionalCall(vm.heap, base, methodAt(vm, base + 1)))),
];
