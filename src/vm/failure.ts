// Where an error happened, as opposed to where it was thrown last: handlers run in the place of the frame that failed, the
// library catches errors on their way to put things right, and scripts catch some only to throw them again.

import { Code, ParamFlag } from "../../heap/layout.ts";
import { Root } from "../../heap/roots.ts";
import { CellHi } from "../../heap/value.ts";
import type { TraceEntry } from "./errors.ts";
import { trace } from "./stack.ts";
import type { Vm } from "./vm.ts";

/** `condition`: the address of what was thrown, which is alive as long as somebody may throw it again. */
export interface Failure { readonly condition: number; readonly trace: readonly TraceEntry[] }

/** The frames are still those of the failure. */
export function rememberFailure(vm: Vm, condition: number): void {
  vm.failure = { condition, trace: trace(vm) };
}

/**
 * The frames where the error in the slot was thrown first; those of now, as far as anybody knows. What the error itself
 * remembers decides: frames that begin elsewhere are those of another time.
 */
export function traceOf(vm: Vm, slot: number): readonly TraceEntry[] {
  const noted = vm.failure?.condition === vm.heap.lo(slot) ? vm.failure.trace : trace(vm), first = vm.rules.raisedIn(vm, slot);
  return first === null || isSamePlace(first[0]!, noted[0]) ? noted : first;
}

const isSamePlace = (a: TraceEntry, b: TraceEntry | undefined): boolean => b !== undefined && a.source === b.source && a.line === b.line && a.column === b.column;

/** Root.Exception has found a handler in a function with this code; the frames are still those of who throws it. */
export function caughtIn(vm: Vm, code: number): void {
  const { heap } = vm, exception = heap.rootSlot(Root.Exception), condition = heap.lo(exception);
  if ((heap.word(code + Code.ParamFlags) & ParamFlag.Library) === 0) vm.failure = null;
  // A vector is no error: it is on its way to an escape.
  else if (vm.failure?.condition !== condition && heap.hi(exception) !== CellHi.Vector) rememberFailure(vm, condition);
}
