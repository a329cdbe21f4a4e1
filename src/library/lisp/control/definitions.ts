// Definitions that the front end leaves to run time: macros, environments, and what guards a try.

import { newStruct, structItem } from "../../../../heap/cells/struct.ts";
import { newVector, vectorItem } from "../../../../heap/cells/vector.ts";
import { Root } from "../../../../heap/roots.ts";
import { StructType } from "../../../../heap/structs.ts";
import { CellHi, CellKind } from "../../../../heap/value.ts";
import { globalValueSlot } from "../../../vm/globals.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { nameText } from "../printer/atoms.ts";
import { defineGlobal } from "../state.ts";
import { lisp } from "../text/arguments.ts";
import { EntryKind } from "./dynamics.ts";
import { storeStruct } from "./structs.ts";

/** (symbol, expander): the expander is a procedure, or the rules of syntax-rules as data. */
function defineMacro(vm: Vm, base: number): void {
  storeStruct(vm, base + 2, StructType.Macro, base, 2);
  defineGlobal(vm, base, base + 2);
  vm.heap.setNull(base - 2);
}

/** Pushes the marker of a try on the dynamic chain. */
function pushTry(vm: Vm, base: number): void {
  const heap = vm.heap, dynamic = heap.rootSlot(Root.Dynamic), entry = newVector(heap, 4);
  heap.setI32(vectorItem(entry, 0), EntryKind.Try);
  if (heap.hi(dynamic) === CellHi.Vector) heap.copySlot(vectorItem(entry, 3), dynamic);
  heap.setCell(dynamic, CellKind.Vector, entry);
  heap.setNull(base - 2);
}

function makeEnvironment(vm: Vm, base: number): void {
  const heap = vm.heap, environment = newStruct(heap, StructType.Environment, 2);
  heap.copySlot(structItem(environment, 0), base);
  heap.copySlot(structItem(environment, 1), base + 1);
  heap.setCell(base - 2, CellKind.Struct, environment);
}

export const DEFINITIONS: readonly NativeInfo[] = [
  lisp("%define-macro", 2, 2, "(symbol, procedure): define a macro; nil", defineMacro),
  lisp("%define-syntax", 2, 2, "(symbol, rules): define a macro by rules; nil", defineMacro),
  lisp("%make-environment", 2, 2, "(list of (symbol getter . setter), module or nil): an environment", makeEnvironment),
  lisp("%push-try", 0, 0, "errors raised from now on unwind to the try that begins; nil", pushTry),
  lisp("%global-value", 1, 1, "value of the global, which is defined", (vm, base) =>
    vm.heap.copySlot(base - 2, globalValueSlot(vm.globals.cell(`lisp:${nameText(vm.heap, base)}`)))),
];
