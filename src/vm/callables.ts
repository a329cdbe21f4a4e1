// Values of Lisp that are called as the function they stand for.

import { structItem, structType } from "../../heap/cells/struct.ts";
import { StructType } from "../../heap/structs.ts";
import { Root } from "../../heap/roots.ts";
import { CellHi, CellKind } from "../../heap/value.ts";
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

/** Makes a window whose callee has no value one that calls `target` with Root.Exception, the Global cell (0: none) and the arguments that are there; answers their number. */
export function callForCallee({ heap }: Vm, window: number, argc: number, target: number, global: number): number {
  const more = global === 0 ? 1 : 2;
  for (let i = argc - 1; i >= 0; i--) heap.copySlot(window + 2 + more + i, window + 2 + i);
  heap.copySlot(window, target);
  heap.copySlot(window + 2, heap.rootSlot(Root.Exception));
  if (global !== 0) heap.setCell(window + 3, CellKind.Global, global);
  return argc + more;
}
