// Access to the cells the control functions are made of: structs, entries of the dynamic chain and tokens. All of it is for
// the prelude, which knows what the items of each type are (heap/structs.ts); nothing here checks the type of a struct. That it
// is one, and has such an item, is checked: programs made by hand call parts of the prelude with anything.

import { structCount, structItem, newStruct, isStruct } from "../../../../heap/cells/struct.ts";
import { vectorCount, vectorItem } from "../../../../heap/cells/vector.ts";
import { STRUCTS, StructType } from "../../../../heap/structs.ts";
import { CellHi, CellKind } from "../../../../heap/value.ts";
import { smallInteger } from "../../../../heap/cells/bigint.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import { malformed } from "../../arguments.ts";
import type { Vm } from "../../../vm/vm.ts";
import { typeError } from "../conditions.ts";
import { lisp, returnBool } from "../text/arguments.ts";

/** Slot of an item of the struct or vector in a slot. */
function itemSlot(vm: Vm, slot: number, index: number): number {
  const heap = vm.heap, hi = heap.hi(slot), cell = heap.lo(slot), i = smallInteger(heap, index), isVector = hi === CellHi.Vector;
  const count = isVector ? vectorCount(heap, cell) : hi === CellHi.Struct ? structCount(heap, cell) : 0;
  // What is no small integer is in no such range.
  if (!(i >= 0 && i < count)) malformed(vm, "an item of what has none");
  return isVector ? vectorItem(cell, i) : structItem(cell, i);
}

/** Stores a struct whose items are copies of the `count` slots from `first` on; further items are null. */
export function storeStruct(vm: Vm, dst: number, type: StructType, first: number, count: number, size = count): void {
  const heap = vm.heap, cell = newStruct(heap, type, size);
  for (let i = 0; i < count; i++) heap.copySlot(structItem(cell, i), first + i);
  heap.setCell(dst, CellKind.Struct, cell);
}

/** Cell of the struct argument. */
export function structArgument(vm: Vm, slot: number, type: StructType, expected = STRUCTS[type].name): number {
  if (!isStruct(vm.heap, slot, type)) typeError(vm, expected, slot);
  return vm.heap.lo(slot);
}

/** `%new-NAME` makes a struct of its arguments, `%NAME?` tells whether a value is one. */
function typeNatives(type: StructType): readonly NativeInfo[] {
  const { name } = STRUCTS[type];
  return [
    lisp(`%new-${name}`, 0, -1, `(item …): a ${name}`, (vm, base, argc) => storeStruct(vm, base - 2, type, base, argc)),
    lisp(`%${name}?`, 1, 1, `whether the value is a ${name}`, (vm, base) => returnBool(vm, base, isStruct(vm.heap, base, type))),
  ];
}

/** The types whose values the prelude makes and takes apart. */
const TYPES = [StructType.Parameter, StructType.Multimethod, StructType.Channel, StructType.AsyncPromise, StructType.Environment, StructType.Restart];

export const STRUCT_NATIVES: readonly NativeInfo[] = [
  ...TYPES.flatMap(typeNatives),
  lisp("%item", 2, 2, "(cell, i): item of a struct or vector", (vm, base) => vm.heap.copySlot(base - 2, itemSlot(vm, base, base + 1))),
  lisp("%item!", 3, 3, "(cell, i, value): change an item of a struct or vector; nil", (vm, base) => {
    vm.heap.replace(itemSlot(vm, base, base + 1), base + 2);
    vm.heap.setNull(base - 2);
  }),
  lisp("%same?", 2, 2, "whether two values are the same cell or immediate", (vm, base) =>
    returnBool(vm, base, vm.heap.hi(base) === vm.heap.hi(base + 1) && vm.heap.lo(base) === vm.heap.lo(base + 1))),
];
