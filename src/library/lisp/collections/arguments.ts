// Reading the arguments of collection functions, with the error texts they share. Answers are plain JS values or cell
// addresses; nothing here allocates unless it raises.

import { integerValue, isInteger, smallInteger } from "../../../../heap/cells/bigint.ts";
import { isStruct } from "../../../../heap/cells/struct.ts";
import { StructType } from "../../../../heap/structs.ts";
import { CellHi, Hi } from "../../../../heap/value.ts";
import { isMapHi } from "../../../vm/parts.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError, typeError, typeErrorOf } from "../conditions.ts";

/** The integer argument as a JS number, rounded when it is huge. */
export function integerArgument(vm: Vm, slot: number, expected = "int"): number {
  const small = smallInteger(vm.heap, slot);
  if (small === small) return small;
  if (!isInteger(vm.heap, slot)) typeError(vm, expected, slot);
  return Number(integerValue(vm.heap, slot));
}

/** Digits of the integer argument, for messages. */
export const integerText = (vm: Vm, slot: number): string => String(integerValue(vm.heap, slot));

/** A count or index, which must not be negative. */
export function naturalArgument(vm: Vm, slot: number, fn: string): number {
  const value = integerArgument(vm, slot);
  if (value < 0) evalError(vm, `${fn}: expected a non-negative integer, got ${integerText(vm, slot)}`);
  return value;
}

/** The number of things to make room for at once, each of so many bytes; what can never fit is out of memory. */
export function roomFor(vm: Vm, count: number, bytes: number): number {
  if (count * bytes > vm.heap.settings.maxBytes) vm.heap.outOfMemory();
  return count;
}

/** An index below `length`. */
export function indexArgument(vm: Vm, slot: number, length: number, fn: string): number {
  const index = naturalArgument(vm, slot, fn);
  if (index >= length) evalError(vm, `${fn}: index ${integerText(vm, slot)} out of bounds (length ${length})`);
  return index;
}

/** The optional bounds in argument `first` and the one after it: a part [from, to) of `length` things. */
export function rangeArguments(vm: Vm, base: number, argc: number, first: number, length: number, fn: string, things: string): { from: number; to: number } {
  const from = argc > first ? naturalArgument(vm, base + first, fn) : 0;
  const to = argc > first + 1 ? naturalArgument(vm, base + first + 1, fn) : length;
  if (from > to || to > length) evalError(vm, `${fn}: range ${from}..${to} out of bounds for ${things.replace("%", String(length))}`);
  return { from, to };
}

/** Address of the cell in the slot, which must be of the kind. */
export function cellArgument(vm: Vm, slot: number, hi: CellHi, expected: string): number {
  if (vm.heap.hi(slot) !== hi) typeError(vm, expected, slot);
  return vm.heap.lo(slot);
}

export const pairArgument = (vm: Vm, slot: number): number => cellArgument(vm, slot, CellHi.Pair, "pair");
export const vectorArgument = (vm: Vm, slot: number): number => cellArgument(vm, slot, CellHi.Vector, "vector");
export const arrayArgument = (vm: Vm, slot: number): number => cellArgument(vm, slot, CellHi.Array, "mutable-array");
export const bytevectorArgument = (vm: Vm, slot: number): number => cellArgument(vm, slot, CellHi.Bytevector, "bytevector");
export const stringArgument = (vm: Vm, slot: number): number => cellArgument(vm, slot, CellHi.String, "string");

/** Checks that the slot holds a map of either kind. */
export function requireMap(vm: Vm, slot: number, expected = "map or hashmap"): void {
  if (!isMapHi(vm.heap.hi(slot))) typeError(vm, expected, slot);
}

/** Values that may stand in operator position. */
export function isCallable(vm: Vm, slot: number): boolean {
  const hi = vm.heap.hi(slot);
  return hi === CellHi.Closure || hi === Hi.Native || hi === CellHi.Keyword || hi === CellHi.Continuation
    || isStruct(vm.heap, slot, StructType.Parameter) || isStruct(vm.heap, slot, StructType.Multimethod);
}

/** Lisp truth: everything but nil and #f. */
export function isTrue(vm: Vm, slot: number): boolean {
  const hi = vm.heap.hi(slot);
  return hi !== Hi.Null && (hi !== Hi.Bool || vm.heap.lo(slot) !== 0);
}


/** A walk met a list that is circular or does not end in '(). */
export const improperList = (vm: Vm, what: "circular list" | "improper list"): never =>
  typeErrorOf(vm, "proper list", what);
