// Calls of values that are not guest functions, and what becomes of their errors: in Lisp, the handlers of the script are
// asked before anything unwinds (see vm/signal.ts; here the handlers run on top of the failed call).

import { Hi } from "../../heap/value.ts";
import { Root } from "../../heap/roots.ts";
import type { Node } from "../ir/nodes.ts";
import * as calls from "../vm/calls.ts";
import { GUEST_THROW, UnsupportedByEngine } from "../vm/errors.ts";
import { Outcome } from "../vm/outcome.ts";
import { signalFunction } from "../vm/signal.ts";
import { undefinedGlobal } from "../vm/slow-paths.ts";
import { callWindow } from "./calls.ts";
import type { TreeState } from "./state.ts";

/** Calls the value at the start of the window, which is not a closure; the result replaces it. */
export function callBuiltin(state: TreeState, window: number, argc: number, site: Node): void {
  state.at = site;
  state.setTop(window + 2 + argc);
  try {
    if (state.heap.hi(window) === Hi.Hole && site.kind === "Call" && site.callee.kind === "Global") undefinedGlobal(state.vm, state.world.globalCell(site.callee.name));
    finish(state, calls.callBuiltin(state.vm, window, argc), window);
  } catch (error) {
    signalOrThrow(state, error, window, site);
  }
}

/** The native with the id on the arguments of the window; the receiver of a method is at its start. */
export function callNative(state: TreeState, id: number, window: number, argc: number, site: Node): void {
  state.setTop(window + 2 + argc);
  try {
    finish(state, calls.runNative(state.vm, id, window + 2, argc), window);
  } catch (error) {
    signalOrThrow(state, error, window, site);
  }
}

/** The native's own stretch of the stack is not scanned any more; ours must be again. */
function finish(state: TreeState, outcome: void | Outcome, window: number): void {
  state.setTop(window + 2);
  if (outcome === Outcome.Pending) throw new UnsupportedByEngine("tree", "pause in a host function");
}

/** The error of a call that did not get as far as guest code: what a handler answers is in the window, or it is thrown on. */
export function signalOrThrow(state: TreeState, error: unknown, window: number, site: Node): void {
  const { vm, heap } = state, atOnce = vm.unwinding;
  vm.unwinding = false;
  const target = error === GUEST_THROW && !atOnce ? signalFunction(vm) : 0;
  if (target === 0) throw error;
  const exception = heap.rootSlot(Root.Exception);
  heap.copySlot(window, target);
  heap.copySlot(window + 2, exception);
  heap.setHole(exception);
  state.setTop(window + 3);
  callWindow(state, window, 1, 0, site);
}
