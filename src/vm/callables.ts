// Values of Lisp that can be called without being functions of the guest or of the library.

import { hashMapGet } from "../../heap/cells/hash-map.ts";
import { mapGet } from "../../heap/cells/sorted-map.ts";
import { structItem, structType } from "../../heap/cells/struct.ts";
import { keywordName } from "../../heap/cells/keyword.ts";
import { textOf } from "../../heap/cells/string.ts";
import { StructType } from "../../heap/structs.ts";
import { CellHi } from "../../heap/value.ts";
import { arityError, evalError, typeError, typeWord } from "../library/lisp/conditions.ts";
import { writtenText } from "../library/lisp/printer.ts";
import { globalValueSlot } from "./globals.ts";
import type { Vm } from "./vm.ts";

/** The guest function that a called continuation becomes a call of, with the continuation as first argument. */
const CONTINUE = "lisp:%continue";

/**
 * Puts what a callable value stands for in its place in the window; answers the new argument count. -1: it stands for nothing
 * but itself, and is no function.
 */
export function redirect(vm: Vm, window: number, argc: number): number {
  const { heap } = vm;
  switch (heap.hi(window)) {
    case CellHi.Struct: {
      const cell = heap.lo(window), type = structType(heap, cell);
      if (type !== StructType.Parameter && type !== StructType.Multimethod) return -1;
      heap.copySlot(window, structItem(cell, 0));
      return argc;
    }
    case CellHi.Continuation: {
      const target = globalValueSlot(vm.globals.cell(CONTINUE));
      if (heap.hi(target) !== CellHi.Closure) return -1;
      for (let i = argc - 1; i >= 0; i--) heap.copySlot(window + 3 + i, window + 2 + i);
      heap.copySlot(window + 2, window);
      heap.copySlot(window, target);
      return argc + 1;
    }
    default: return -1;
  }
}

/** Calls the keyword in the window with a map: the value it has there, or nil. */
export function callKeyword(vm: Vm, window: number, argc: number): void {
  const { heap } = vm, map = window + 2;
  if (argc !== 1) arityError(vm, `:${textOf(heap, keywordName(heap, heap.lo(window)))}`, 1, 1, argc);
  const hi = heap.hi(map);
  if (hi !== CellHi.SortedMap && hi !== CellHi.HashMap) typeError(vm, "map or hashmap", map);
  const found = (hi === CellHi.SortedMap ? mapGet : hashMapGet)(heap, heap.lo(map), window);
  if (found < 0) heap.setNull(window);
  else heap.copySlot(window, found);
}

/** Longest text of a value in the message of a wrong call. */
const SHOWN = 200;

/** Raises the error of calling what is no function. */
export function notCallable(vm: Vm, slot: number): never {
  const text = writtenText(vm, slot);
  return evalError(vm, `not callable: ${text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text} (${typeWord(vm.heap, slot)})`);
}
