// Several values at once: any number but one travels as a bundle, one is itself.

import { carSlot, cdrSlot, setList } from "../../../../heap/cells/pair.ts";
import { newStruct, isStruct, structCount, structItem } from "../../../../heap/cells/struct.ts";
import { smallInteger } from "../../../../heap/cells/bigint.ts";
import { StructType } from "../../../../heap/structs.ts";
import { CellHi, CellKind } from "../../../../heap/value.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { withTexts } from "../conditions.ts";
import { lisp } from "../text/arguments.ts";
import { nameText } from "../printer/atoms.ts";
import { storeStruct } from "./structs.ts";

const isBundle = (vm: Vm, slot: number): boolean => isStruct(vm.heap, slot, StructType.Values);
const countOf = (vm: Vm, slot: number): number => (isBundle(vm, slot) ? structCount(vm.heap, vm.heap.lo(slot)) : 1);
/** Slot of value number i. */
const valueSlot = (vm: Vm, slot: number, i: number): number => (isBundle(vm, slot) ? structItem(vm.heap.lo(slot), i) : slot);

function values(vm: Vm, base: number, argc: number): void {
  if (argc === 1) vm.heap.copySlot(base - 2, base);
  else storeStruct(vm, base - 2, StructType.Values, base, argc);
}

/** As values, of the elements of a list. */
function bundle(vm: Vm, base: number): void {
  const heap = vm.heap, slots: number[] = [];
  for (let list = base; heap.hi(list) === CellHi.Pair; list = cdrSlot(heap.lo(list))) slots.push(carSlot(heap.lo(list)));
  if (slots.length === 1) return heap.copySlot(base - 2, slots[0]!);
  const cell = newStruct(heap, StructType.Values, slots.length);
  slots.forEach((slot, i) => heap.copySlot(structItem(cell, i), slot));
  heap.setCell(base - 2, CellKind.Struct, cell);
}

/** The form that wants the values is the fourth argument. */
function checkValues(vm: Vm, base: number): void {
  const count = countOf(vm, base), wanted = smallInteger(vm.heap, base + 1), isExact = vm.heap.lo(base + 2) !== 0;
  if (isExact ? count !== wanted : count < wanted) {
    const form = nameText(vm.heap, base + 3), expected = isExact ? `${wanted}` : `${wanted}+`;
    withTexts(vm, "arity", `${form} expects ${wanted}${isExact ? "" : " or more"} ${isExact && wanted === 1 ? "value" : "values"}, got ${count}`, { function: form, expected, got: count });
  }
  vm.heap.copySlot(base - 2, base);
}

function listFrom(vm: Vm, base: number, from: number): void {
  const count = countOf(vm, base);
  setList(vm.heap, base - 2, valueSlot(vm, base, from), Math.max(0, count - from));
}

export const VALUES: readonly NativeInfo[] = [
  lisp("values", 0, -1, "the arguments as several values", values),
  lisp("%bundle", 1, 1, "the elements of a list as several values", bundle),
  lisp("%check-values", 4, 4, "(values, n, exact, form): the values; an :arity error unless there are n of them, or n at least", checkValues),
  lisp("%value-ref", 2, 2, "(values, i): value number i", (vm, base) => vm.heap.copySlot(base - 2, valueSlot(vm, base, smallInteger(vm.heap, base + 1)))),
  lisp("%values-rest", 2, 2, "(values, from): list of the values from number `from` on", (vm, base) => listFrom(vm, base, smallInteger(vm.heap, base + 1))),
  lisp("%values-list", 1, 1, "list of the values", (vm, base) => listFrom(vm, base, 0)),
];
