// Procedures as values, and the tables of multimethods.

import { smallInteger } from "../../../../heap/cells/bigint.ts";
import { emptyHashMap, hashMapGet, hashMapPut } from "../../../../heap/cells/hash-map.ts";
import { keywordText } from "../../../../heap/cells/keyword.ts";
import { structItem } from "../../../../heap/cells/struct.ts";
import { Closure, Code, ParamFlag } from "../../../../heap/layout.ts";
import { StructType } from "../../../../heap/structs.ts";
import { CellHi, CellKind, Hi } from "../../../../heap/value.ts";
import { nativeInfo } from "../../host-natives.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { isCallable } from "../collections/arguments.ts";
import { requireValue } from "../collections/either-map.ts";
import { evalError, typeError } from "../conditions.ts";
import { writtenText } from "../printer.ts";
import { nameText } from "../printer/atoms.ts";
import { lisp, returnBool } from "../text/arguments.ts";
import { structArgument } from "./structs.ts";

/** Item of a Multimethod that holds its table; null until there is a method. */
const METHODS = 3;

/** Whether a call with so many arguments has the right count; callable values that are no closures take any. */
function accepts(vm: Vm, slot: number, count: number): boolean {
  const heap = vm.heap;
  if (heap.hi(slot) === Hi.Native) {
    const { min, max } = nativeInfo(vm, heap.lo(slot));
    return count >= min && (max < 0 || count <= max);
  }
  if (heap.hi(slot) !== CellHi.Closure) return true;
  const code = heap.word(heap.lo(slot) + Closure.Code);
  if (count < heap.word(code + Code.RequiredCount)) return false;
  return count <= heap.word(code + Code.ParamCount) || (heap.word(code + Code.ParamFlags) & ParamFlag.Rest) !== 0;
}

/** (multimethod, value, handler): tables are immutable, the multimethod refers to another one afterwards. */
function addMethod(vm: Vm, base: number): void {
  requireValue(vm, base + 1);
  const heap = vm.heap, table = structItem(structArgument(vm, base, StructType.Multimethod), METHODS);
  if (heap.hi(table) !== CellHi.HashMap) heap.replaceCell(table, CellKind.HashMap, emptyHashMap(heap));
  heap.replaceCell(table, CellKind.HashMap, hashMapPut(heap, heap.lo(table), base + 1, base + 2));
  heap.setNull(base - 2);
}

/** (multimethod, value): the handler of the value, else that of :default. */
function findMethod(vm: Vm, base: number): void {
  const heap = vm.heap, multimethod = heap.lo(base), table = structItem(multimethod, METHODS);
  let found = -1;
  if (heap.hi(table) === CellHi.HashMap) {
    found = hashMapGet(heap, heap.lo(table), base + 1);
    if (found < 0) {
      heap.setCell(base + 2, CellKind.Keyword, keywordText(heap, "default"));
      found = hashMapGet(heap, heap.lo(table), base + 2);
    }
  }
  if (found < 0) evalError(vm, `no method in multimethod '${nameText(heap, structItem(multimethod, 1))}' for dispatch value: ${writtenText(vm, base + 1)}`);
  heap.copySlot(base - 2, found);
}

export const PROCEDURES: readonly NativeInfo[] = [
  lisp("procedure? fn?", 1, 1, "whether the value is a procedure", (vm, base) =>
    returnBool(vm, base, isCallable(vm, base) && vm.heap.hi(base) !== CellHi.Keyword)),
  lisp("%callable", 1, 1, "the value; a :type-error unless it can be called", (vm, base) => {
    if (!isCallable(vm, base)) typeError(vm, "callable", base);
    vm.heap.copySlot(base - 2, base);
  }),
  lisp("%accepts?", 2, 2, "(procedure, count): whether a call with so many arguments has the right number", (vm, base) =>
    returnBool(vm, base, accepts(vm, base, smallInteger(vm.heap, base + 1)))),
  lisp("%method-put", 3, 3, "(multimethod, value, handler): add or replace a method; nil", addMethod),
  lisp("%method-for", 2, 2, "(multimethod, value): the method for a dispatch value", findMethod),
];
