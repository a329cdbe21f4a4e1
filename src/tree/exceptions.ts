// Throwing, catching and cleaning up. Only guest exceptions are caught; fatal errors and bugs of the VM pass through.

import { RawError } from "../../heap/raw-access.ts";
import { Root } from "../../heap/roots.ts";
import type { FailNode, Node, ThrowNode, TryNode, WithDynamicNode } from "../ir/nodes.ts";
import { GUEST_THROW } from "../vm/errors.ts";
import { caughtIn } from "../vm/failure.ts";
import { globalValueSlot } from "../vm/globals.ts";
import { badGlobalStore } from "../vm/slow-paths.ts";
import { codeOf } from "../vm/stack.ts";
import type { Vm } from "../vm/vm.ts";
import { Completion, type Mark, mark, restore, type TreeState } from "./state.ts";
import { bindVariable } from "./variables.ts";

export function evalThrow(state: TreeState, node: ThrowNode, dst: number): Completion {
  const completion = state.eval(node.value, dst);
  if (completion !== Completion.Normal) return completion;
  state.at = node;
  state.vm.throwSlot(dst);
}

export function evalFail(state: TreeState, node: FailNode): Completion {
  state.at = node;
  return node.fatal ? state.vm.fatal(node.message) : state.vm.throwError(node.message);
}

/**
 * True for an exception that scripts can catch; its value is then in Root.Exception. A wrong use of raw memory is an
 * ordinary error of the script.
 */
export function isGuestError(vm: Vm, error: unknown): boolean {
  if (!(error instanceof RawError)) return error === GUEST_THROW;
  try {
    return vm.throwError(error.message);
  } catch (raised) {
    return raised === GUEST_THROW;
  }
}

/** Evaluates the node; null when it threw a guest exception, whose value is in Root.Exception. */
function attempt(state: TreeState, node: Node, dst: number, saved: Mark): Completion | null {
  try {
    return state.eval(node, dst);
  } catch (error) {
    if (!isGuestError(state.vm, error)) throw error;
    caughtIn(state.vm, codeOf(state.heap, saved.fp));
    restore(state, saved);
    return null;
  }
}

/** Body and catch clause. A catch clause without finally runs outside of any JavaScript `try`. */
function evalCatch(state: TreeState, node: TryNode, dst: number): Completion {
  const clause = node.catch;
  if (clause === null) return state.eval(node.body, dst);
  const completion = attempt(state, node.body, dst, mark(state));
  if (completion !== null) return completion;
  const { heap } = state;
  const thrown = heap.rootSlot(Root.Exception);
  heap.copySlot(dst, thrown);
  heap.setNull(thrown);
  bindVariable(state, clause.variable, dst);
  return state.eval(clause.body, dst);
}

export function evalTry(state: TreeState, node: TryNode, dst: number): Completion {
  const cleanup = node.finally;
  if (cleanup === null) return evalCatch(state, node, dst);
  return protect(state, (inner) => evalCatch(state, node, inner), (scratch) => state.eval(cleanup, scratch), dst);
}

/**
 * Runs the body, then the cleanup on every way out; a jump or exception of the cleanup wins over that of the body.
 * A pending exception or completion waits in temporaries, because the cleanup may use the slots it travels in.
 */
function protect(state: TreeState, body: (dst: number) => Completion, cleanup: (scratch: number) => Completion, dst: number): Completion {
  const { heap } = state;
  const pending = state.alloc(2);
  const scratch = pending + 1;
  const saved = mark(state);
  state.depth += PROTECT_STEPS;
  let completion: Completion | null;
  try {
    completion = body(dst);
    state.depth = saved.depth;
  } catch (error) {
    if (!isGuestError(state.vm, error)) throw error;
    restore(state, saved);
    completion = null;
  }
  const carrier = completion === null ? heap.rootSlot(Root.Exception) : state.completionSlot;
  const { target } = state;
  heap.copySlot(pending, carrier);
  state.setTop(saved.top);
  const ended = cleanup(scratch);
  if (ended !== Completion.Normal) return ended;
  heap.copySlot(carrier, pending);
  state.target = target;
  state.top = pending;
  if (completion === null) throw GUEST_THROW;
  return completion;
}

/** Steps of JavaScript stack, besides its own, that the body of a construct with a cleanup lies under. */
const PROTECT_STEPS = 2;

export function evalWithDynamic(state: TreeState, node: WithDynamicNode, dst: number): Completion {
  const { heap } = state;
  const outer = state.alloc(1);
  const completion = state.eval(node.value, dst);
  if (completion !== Completion.Normal) return completion;
  const cell = state.world.globalCell(node.global), value = globalValueSlot(cell);
  state.at = node;
  if (!state.world.isWritable(cell)) badGlobalStore(state.vm, cell);
  heap.copySlot(outer, value);
  heap.replace(value, dst);
  const ended = protect(state, (inner) => state.eval(node.body, inner), () => {
    heap.replace(value, outer);
    return Completion.Normal;
  }, dst);
  if (ended === Completion.Normal) state.top = outer;
  return ended;
}
