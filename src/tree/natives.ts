// Calls of values that are not guest functions, and what becomes of their errors: in Lisp, the handlers of the script are
// asked before anything unwinds (see library/lisp/signal.ts; here the handlers run on top of the failed call).

import { Hi } from "../../heap/value.ts";
import { Root } from "../../heap/roots.ts";
import type { Node } from "../ir/nodes.ts";
import { callForCallee } from "../vm/callables.ts";
import * as calls from "../vm/calls.ts";
import { GUEST_THROW, UnsupportedByEngine } from "../vm/errors.ts";
import { Outcome } from "../vm/outcome.ts";
import { undefinedGlobal } from "../vm/slow-paths.ts";
import { callWindow } from "./calls.ts";
import type { TreeState } from "./state.ts";

/** Calls the value at the start of the window, which is not a closure; the result replaces it. `from`: the call in the running frame. */
export function callBuiltin(state: TreeState, window: number, argc: number, site: Node, from: Node): void {
  state.at = from;
  state.setTop(window + 2 + argc);
  try {
    const missing = missingCallee(state, site, window);
    if (missing !== 0) undefinedGlobal(state.vm, missing);
    finish(state, calls.callBuiltin(state.vm, window, argc), window);
  } catch (error) {
    signalOrThrow(state, error, window, site, argc);
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
export function signalOrThrow(state: TreeState, error: unknown, window: number, site: Node, argc = 0): void {
  const { vm, heap } = state, atOnce = vm.unwinding, missing = missingCallee(state, site, window), inLibrary = state.layout.node.library;
  vm.unwinding = false;
  const isValue = site.kind === "CallNative" ? vm.rules.isValued(site.native, inLibrary) : site.kind !== "Primitive" || !inLibrary;
  const target = error === GUEST_THROW && !atOnce ? vm.rules.signalFunction(vm, missing !== 0 ? "callee" : isValue ? "value" : "nothing") : 0;
  if (target === 0) throw error;
  const given = missing !== 0 ? argc : 0;
  state.setTop(window + 4 + given);
  const count = callForCallee(vm, window, given, target, missing);
  heap.setHole(heap.rootSlot(Root.Exception));
  state.aboveLimit(() => callWindow(state, window, count, 0, site));
}

/** The Global cell of a call whose callee has no value; 0 for other nodes. */
function missingCallee(state: TreeState, site: Node, window: number): number {
  return site.kind === "Call" && site.callee.kind === "Global" && state.heap.hi(window) === Hi.Hole ? state.world.globalCell(site.callee.name) : 0;
}
