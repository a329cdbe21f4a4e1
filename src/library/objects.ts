// The methods of objects. A function stored in the object under the same name comes first; call sites see to that.

import { newArray, push } from "../../heap/cells/array.ts";
import { deleteField, fieldCount, findSlot, keyAt, nextField, prepareKeys } from "../../heap/cells/object.ts";
import { freshString } from "../../heap/cells/string.ts";
import { findSymbol } from "../../heap/symbols.ts";
import { CellKind } from "../../heap/value.ts";
import type { NativeInfo } from "../vm/native.ts";
import type { Vm } from "../vm/vm.ts";
import { method, receiver, stringArgument } from "./arguments.ts";
import { serialize } from "./json.ts";

function keys(vm: Vm, base: number): void {
  const heap = vm.heap, object = receiver(vm, base), list = base, item = base + 1;
  heap.setCell(list, CellKind.Array, newArray(heap, fieldCount(heap, object)));
  prepareKeys(heap, object);
  for (let at = nextField(heap, object, 0); at >= 0; at = nextField(heap, object, at + 1)) {
    const key = freshString(heap, keyAt(heap, object, at));
    heap.setCell(item, CellKind.String, key);
    push(heap, heap.lo(list), item);
  }
  vm.chargeFuel(8 * fieldCount(heap, object));
  heap.copySlot(base - 2, list);
}

/** Symbol of the key argument, 0 when no symbol has that text (then no object has the field). */
function keySymbol(vm: Vm, base: number, name: string): number {
  return findSymbol(vm.heap, stringArgument(vm, base, `${name}() key must be a string`));
}

function has(vm: Vm, base: number): void {
  const heap = vm.heap, symbol = keySymbol(vm, base, "has");
  heap.setBool(base - 2, symbol !== 0 && findSlot(heap, receiver(vm, base), symbol) !== 0);
}

function deleteMethod(vm: Vm, base: number): void {
  const heap = vm.heap, symbol = keySymbol(vm, base, "delete");
  heap.setBool(base - 2, symbol !== 0 && deleteField(heap, receiver(vm, base), symbol));
}

export const OBJECT_METHODS: readonly NativeInfo[] = [
  method("object.keys", "", "array of the keys in order", keys),
  method("object.has", "key", "whether there is such a field", has),
  method("object.delete", "key", "remove a field; whether there was one", deleteMethod),
  method("object.serialize", "", "JSON text", serialize),
];
