// Calls of values that are not guest functions.

import type { Node } from "../ir/nodes.ts";
import * as calls from "../vm/calls.ts";
import { UnsupportedByEngine } from "../vm/errors.ts";
import { Outcome } from "../vm/outcome.ts";
import type { TreeState } from "./state.ts";

/** Calls the value at the start of the window, which is not a closure; the result replaces it. */
export function callBuiltin(state: TreeState, window: number, argc: number, site: Node): void {
  state.at = site;
  state.setTop(window + 2 + argc);
  finish(state, calls.callBuiltin(state.vm, window, argc), window);
}

/** The native with the id on the arguments of the window; the receiver of a method is at its start. */
export function callNative(state: TreeState, id: number, window: number, argc: number): void {
  state.setTop(window + 2 + argc);
  finish(state, calls.runNative(state.vm, id, window + 2, argc), window);
}

/** The native's own stretch of the stack is not scanned any more; ours must be again. */
function finish(state: TreeState, outcome: void | Outcome, window: number): void {
  state.setTop(window + 2);
  if (outcome === Outcome.Pending) throw new UnsupportedByEngine("tree", "pause in a host function");
}
