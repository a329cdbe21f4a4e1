// Calls of values that are not guest functions: natives, type values, and the error for everything else.

import { Hi } from "../../heap/value.ts";
import type { Node } from "../ir/nodes.ts";
import { runNative } from "../vm/calls.ts";
import { constructType, typeName } from "../vm/convert.ts";
import { UnsupportedByEngine } from "../vm/errors.ts";
import { operandName } from "../vm/operand-name.ts";
import { Outcome } from "../vm/outcome.ts";
import type { Vm } from "../vm/vm.ts";
import type { TreeState } from "./state.ts";

/** Calls the value at the start of the window, which is not a closure; the result replaces it. */
export function callBuiltin(state: TreeState, window: number, argc: number, site: Node): void {
  const { heap } = state;
  state.at = site;
  if (heap.hi(window) === Hi.Native) callNative(state, heap.lo(window), window, argc);
  else if (heap.hi(window) === Hi.Type) callType(state, window, argc);
  else notCallable(state.vm, window);
}

/** The native with the id on the arguments of the window; the receiver of a method is at its start. */
export function callNative(state: TreeState, id: number, window: number, argc: number): void {
  const first = window + 2;
  state.setTop(first + argc);
  const outcome = runNative(state.vm, id, first, argc);
  // The native's own stretch of the stack is not scanned any more; ours must be again.
  state.setTop(first);
  if (outcome === Outcome.Pending) throw new UnsupportedByEngine("tree", "pause in a host function");
}

function callType(state: TreeState, window: number, argc: number): void {
  if (argc !== 1) state.vm.throwError("Type constructor expects exactly 1 argument");
  constructType(state.vm, window, window + 2, state.heap.lo(window));
}

function notCallable(vm: Vm, window: number): never {
  const name = operandName(vm);
  vm.throwError(`[line ${vm.line()}] ${name === null ? "Value" : `'${name}'`} is not a function (got ${typeName(vm, window)})`);
}
