// The natives with which Lisp's own library works on the state of the running task: the chain of handlers and winds,
// continuations, and globals.

import { textOf } from "../../../heap/cells/string.ts";
import { Root } from "../../../heap/roots.ts";
import { CellHi, Hi } from "../../../heap/value.ts";
import { Continuation } from "../../../heap/layout.ts";
import { capture, reinstate } from "../../vm/continuations.ts";
import { globalValueSlot, setGlobalFlags } from "../../vm/globals.ts";
import type { NativeInfo } from "../../vm/native.ts";
import { clearSlots } from "../../vm/stack.ts";
import type { Vm } from "../../vm/vm.ts";
import { unboundError } from "./conditions.ts";

/** What the names of Lisp's globals start with. */
const PREFIX = "lisp:";

const symbolText = (vm: Vm, slot: number): string => textOf(vm.heap, vm.heap.lo(slot));

/** Defines the global that a symbol names, or gives it another value. */
export function defineGlobal(vm: Vm, symbol: number, value: number): void {
  const { heap } = vm, name = PREFIX + symbolText(vm, symbol), cell = vm.globals.cell(name);
  heap.replace(globalValueSlot(cell), value);
  setGlobalFlags(heap, cell, 0);
  vm.globalChanged(name);
}

function define(vm: Vm, base: number): void {
  defineGlobal(vm, base, base + 1);
  vm.heap.setNull(base - 2);
}

function setGlobal(vm: Vm, base: number): void {
  const { heap } = vm, name = symbolText(vm, base), cell = vm.globals.find(PREFIX + name);
  if (cell === 0 || heap.hi(globalValueSlot(cell)) === Hi.Hole) unboundError(vm, name);
  heap.replace(globalValueSlot(cell), base + 1);
  vm.globalChanged(PREFIX + name);
  heap.copySlot(base - 2, base + 1);
}

/** The innermost entry of the chain, or nil; a root that was never set holds nothing that is a value. */
function readDynamic({ heap }: Vm, base: number): void {
  const slot = heap.rootSlot(Root.Dynamic);
  if (heap.hi(slot) === CellHi.Vector) heap.copySlot(base - 2, slot);
  else heap.setNull(base - 2);
}

/** More than the frames of a form that ended are likely to have reached. */
const CLEANED_SLOTS = 4096;

/** New frames do not clear their registers: what earlier calls left there would live until it is overwritten. */
function cleanStack(vm: Vm, base: number): void {
  clearSlots(vm.heap, base, Math.min(vm.stackEnd, base + CLEANED_SLOTS));
  vm.heap.setNull(base - 2);
}

export const LISP_STATE: readonly NativeInfo[] = [
  { name: "lisp:%dynamic", min: 0, max: 0, doc: "(): the innermost entry of the chain of handlers, winds and restarts, or nil", run: readDynamic },
  {
    name: "lisp:%dynamic!", min: 1, max: 1, doc: "(entry): makes the entry (or nil) the innermost one",
    run: (vm, base) => {
      const { heap } = vm;
      heap.copySlot(heap.rootSlot(Root.Dynamic), base);
      heap.setNull(base - 2);
      // The extent of a handler may be over, and with it that of a stack overflow.
      vm.settleFrames();
    },
  },
  {
    name: "lisp:%throw", min: 1, max: 1, doc: "(value): unwinds to the innermost try without asking handlers",
    run: (vm, base) => {
      vm.unwinding = true;
      vm.throwSlot(base);
    },
  },
  { name: "lisp:%capture", min: 0, max: 0, doc: "(): the continuation of the function that calls it", run: (vm, base) => capture(vm, base - 2) },
  { name: "lisp:%reinstate", min: 2, max: 2, doc: "(continuation, value): goes on in the continuation, with the value", run: (vm, base) => reinstate(vm, base, base + 1) },
  {
    name: "lisp:%continuation?", min: 1, max: 1, doc: "(value): whether it is a continuation",
    run: ({ heap }, base) => heap.setBool(base - 2, heap.hi(base) === CellHi.Continuation),
  },
  {
    name: "lisp:%continuation-dynamic", min: 1, max: 1, doc: "(continuation): the innermost entry of the chain when it was captured, or nil",
    run: ({ heap }, base) => {
      const slot = (heap.lo(base) + Continuation.Dynamic) >> 3;
      if (heap.hi(slot) === CellHi.Vector) heap.copySlot(base - 2, slot);
      else heap.setNull(base - 2);
    },
  },
  { name: "lisp:%clean-stack", min: 0, max: 0, doc: "(): forgets what is left above the running frame; nil", run: cleanStack },
  { name: "lisp:%define", min: 2, max: 2, doc: "(symbol, value): defines the global, or gives it another value; nil", run: define },
  { name: "lisp:%set-global", min: 2, max: 2, doc: "(symbol, value): gives the global, which must exist, another value", run: setGlobal },
  {
    name: "lisp:%defined?", min: 1, max: 1, doc: "(symbol): whether the global has a value",
    run: (vm, base) => vm.heap.setBool(base - 2, vm.globals.isDefined(PREFIX + symbolText(vm, base))),
  },
];
