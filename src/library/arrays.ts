// The methods of arrays that need no callback (map, filter and reduce are in the prelude).

import { appendElements, clear, elementSlot, insert, length, newArray, pop, push, remove, shift } from "../../heap/cells/array.ts";
import { StringBuilder } from "../../heap/cells/builder.ts";
import { CellHi, CellKind, Hi, Rank, numericRank } from "../../heap/value.ts";
import { strictEqual } from "../vm/compare.ts";
import { DisplayMode, appendDisplay } from "../vm/display.ts";
import { checkElement, requireElement } from "../vm/element-types.ts";
import type { NativeInfo } from "../vm/native.ts";
import { appendNumber } from "../vm/numeric.ts";
import { checkTextSize } from "../vm/text-limit.ts";
import type { Vm } from "../vm/vm.ts";
import { integerArgument, isArray, isString, method, native, receiver } from "./arguments.ts";
import { serialize } from "./json.ts";

function pushMethod(vm: Vm, base: number): void {
  requireElement(vm, receiver(vm, base), base);
  push(vm.heap, receiver(vm, base), base);
  vm.heap.setNull(base - 2);
}

/** pop and shift: the element, or null when there is none. */
function take(vm: Vm, base: number, remover: typeof pop): void {
  if (!remover(vm.heap, receiver(vm, base), base)) vm.heap.setNull(base);
  vm.heap.copySlot(base - 2, base);
}

function shiftMethod(vm: Vm, base: number): void {
  vm.chargeFuel(length(vm.heap, receiver(vm, base)) >> 2);
  take(vm, base, shift);
}

function insertAt(vm: Vm, base: number, index: number, value: number): void {
  const array = receiver(vm, base);
  checkElement(vm, array, value);
  vm.chargeFuel((length(vm.heap, array) - index) >> 2);
  insert(vm.heap, array, index, value);
  vm.heap.setNull(base - 2);
}

function insertMethod(vm: Vm, base: number): void {
  const index = integerArgument(vm, base, "insert() index must be an integer"), count = length(vm.heap, receiver(vm, base));
  if (index < 0 || index > count) vm.throwError(`insert index ${index} out of bounds (length ${count})`);
  insertAt(vm, base, index, base + 1);
}

function removeMethod(vm: Vm, base: number): void {
  const index = integerArgument(vm, base, "remove() index must be an integer"), array = receiver(vm, base);
  const count = length(vm.heap, array);
  if (index < 0 || index >= count) vm.throwError(`remove index ${index} out of bounds (length ${count})`);
  vm.chargeFuel((count - index) >> 2);
  remove(vm.heap, array, index, base - 2);
}

/** Index of the first element strictly equal to the argument, -1 when there is none. */
function indexOf(vm: Vm, base: number): number {
  const array = receiver(vm, base), count = length(vm.heap, array);
  let at = 0;
  while (at < count && !strictEqual(vm, elementSlot(vm.heap, array, at), base)) at++;
  vm.chargeFuel(4 * at);
  return at < count ? at : -1;
}

function slice(vm: Vm, base: number): void {
  const heap = vm.heap, error = "slice() arguments must be integers", count = length(heap, receiver(vm, base));
  const from = Math.min(Math.max(integerArgument(vm, base, error), 0), count);
  const to = Math.max(from, Math.min(integerArgument(vm, base + 1, error), count));
  const result = newArray(heap, to - from);
  vm.chargeFuel((to - from) >> 2);
  appendElements(heap, result, receiver(vm, base), from, to);
  heap.setCell(base - 2, CellKind.Array, result);
}

/** 64-bit integers, runes and containers have no text here. */
function appendJoined(vm: Vm, out: StringBuilder, slot: number): void {
  const { heap } = vm, hi = heap.hi(slot), rank = numericRank(hi);
  if (hi === CellHi.String) out.appendString(heap, heap.lo(slot));
  else if (rank !== Rank.None && rank !== Rank.I64 && rank !== Rank.U64) appendNumber(heap, out, slot, rank);
  else if (hi === Hi.Bool || hi === Hi.Null) appendDisplay(vm, out, slot, DisplayMode.Text);
  else out.appendText("[object]");
}

function join(vm: Vm, base: number): void {
  if (!isString(vm, base)) vm.throwError("join() delimiter must be a string");
  const heap = vm.heap, array = receiver(vm, base), count = length(heap, array), out = new StringBuilder();
  for (let i = 0; i < count; i++) {
    if (i > 0) out.appendString(heap, heap.lo(base));
    appendJoined(vm, out, elementSlot(heap, array, i));
    checkTextSize(vm, out);
  }
  vm.chargeFuel(8 * count + (out.length >> 2));
  heap.setCell(base - 2, CellKind.String, out.finish(heap));
}

function concat(vm: Vm, base: number): void {
  if (!isArray(vm, base)) vm.throwError("concat() argument must be an array");
  const heap = vm.heap, left = length(heap, receiver(vm, base)), right = length(heap, heap.lo(base));
  const result = newArray(heap, left + right);
  vm.chargeFuel((left + right) >> 2);
  appendElements(heap, result, receiver(vm, base), 0, left);
  appendElements(heap, result, heap.lo(base), 0, right);
  heap.setCell(base - 2, CellKind.Array, result);
}

function reverse(vm: Vm, base: number): void {
  const heap = vm.heap, array = receiver(vm, base), scratch = base;
  for (let i = 0, j = length(heap, array) - 1; i < j; i++, j--) {
    const left = elementSlot(heap, array, i), right = elementSlot(heap, array, j);
    heap.copySlot(scratch, left);
    heap.replace(left, right);
    heap.replace(right, scratch);
  }
  vm.chargeFuel(length(heap, array));
  heap.setNull(base - 2);
}

/** first and last. */
function peek(vm: Vm, base: number, last: boolean): void {
  const heap = vm.heap, array = receiver(vm, base), count = length(heap, array);
  if (count === 0) heap.setNull(base - 2);
  else heap.copySlot(base - 2, elementSlot(heap, array, last ? count - 1 : 0));
}

function clearMethod(vm: Vm, base: number): void {
  clear(vm.heap, receiver(vm, base));
  vm.heap.setNull(base - 2);
}

export const ARRAY_METHODS: readonly NativeInfo[] = [
  native("array.push", 1, 1, "append; null", pushMethod),
  method("array.pop", "", "remove and return the last element; null when empty", (vm, base) => take(vm, base, pop)),
  method("array.shift", "", "remove and return the first element; null when empty", shiftMethod),
  native("array.unshift", 1, 1, "insert at the front; null", (vm, base) => insertAt(vm, base, 0, base)),
  method("array.insert", "index, value", "insert before an index up to the length; null", insertMethod),
  method("array.remove", "index", "remove and return the element", removeMethod),
  method("array.find", "value", "index of the first element of the same type and value, -1 when there is none", (vm, base) => vm.heap.setI32(base - 2, indexOf(vm, base))),
  method("array.contains", "value", "whether find would find it", (vm, base) => vm.heap.setBool(base - 2, indexOf(vm, base) >= 0)),
  method("array.slice", "start, end", "new array of a clamped range", slice),
  method("array.join", "delimiter", "text of the elements, joined", join),
  method("array.concat", "array", "new array of both", concat),
  method("array.reverse", "", "reverse in place; null", reverse),
  method("array.first", "", "first element; null when empty", (vm, base) => peek(vm, base, false)),
  method("array.last", "", "last element; null when empty", (vm, base) => peek(vm, base, true)),
  method("array.clear", "", "remove all elements; null", clearMethod),
  method("array.serialize", "", "JSON text", serialize),
];
