// Record types and records. A record's type is the object its definition made, so two definitions of one name are two types.

import { smallInteger } from "../../../../heap/cells/bigint.ts";
import { isStruct, structItem } from "../../../../heap/cells/struct.ts";
import { textOf } from "../../../../heap/cells/string.ts";
import { StructType } from "../../../../heap/structs.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { typeErrorOf } from "../conditions.ts";
import { typeWord } from "../type-words.ts";
import { lisp, returnBool } from "../text/arguments.ts";
import { storeStruct } from "./structs.ts";

const isRecord = (vm: Vm, slot: number): boolean => isStruct(vm.heap, slot, StructType.Record);
const isOfType = (vm: Vm, slot: number, type: number): boolean =>
  isRecord(vm, slot) && vm.heap.lo(structItem(vm.heap.lo(slot), 0)) === vm.heap.lo(type);

/** Slot of the field of a record of the type; arguments as those of `%record-ref`. */
function fieldSlot(vm: Vm, base: number): number {
  const heap = vm.heap;
  if (isOfType(vm, base + 1, base)) return structItem(heap.lo(base + 1), smallInteger(heap, base + 2) + 1);
  const name = textOf(heap, heap.lo(structItem(heap.lo(base), 0))).replace(/^<(.+)>$/, "$1");
  return typeErrorOf(vm, name, isRecord(vm, base + 1) ? "record" : typeWord(heap, base + 1));
}

export const RECORDS: readonly NativeInfo[] = [
  lisp("%make-record-type", 2, 2, "(name, fields): a new type", (vm, base) => storeStruct(vm, base - 2, StructType.RecordType, base, 2)),
  lisp("%make-record", 1, -1, "(type, value …): a record with the values in the order of its fields", (vm, base, argc) =>
    storeStruct(vm, base - 2, StructType.Record, base, argc)),
  lisp("%record-is?", 2, 2, "(type, value): whether the value is a record of the type", (vm, base) => returnBool(vm, base, isOfType(vm, base + 1, base))),
  lisp("%record-ref", 3, 3, "(type, record, i): value of field i", (vm, base) => vm.heap.copySlot(base - 2, fieldSlot(vm, base))),
  lisp("%record-set!", 4, 4, "(type, record, i, value): change field i; nil", (vm, base) => {
    vm.heap.replace(fieldSlot(vm, base), base + 3);
    vm.heap.setNull(base - 2);
  }),
  lisp("record?", 1, 1, "whether the value is a record of any type", (vm, base) => returnBool(vm, base, isRecord(vm, base))),
];
