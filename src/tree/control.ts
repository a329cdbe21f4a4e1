// Control flow: sequences, choices, loops and jumps. Jumps travel as completion codes, exceptions are in exceptions.ts.

import type {
  BlockNode, BreakNode, ContinueNode, ForEachNode, IfNode, Label, LabelledNode, LoopNode, Node, ReturnNode, SwitchNode,
} from "../ir/nodes.ts";
import { isTrue, strictEqual, truthy } from "../vm/compare.ts";
import { forNext, forPrep } from "../vm/indexing.ts";
import { Completion, type TreeState } from "./state.ts";
import { bindVariable } from "./variables.ts";

/** Slots of an iteration: three of state, then key and value of the current entry. */
const ITERATION_SLOTS = 5, ITERATION_KEY = 3, ITERATION_VALUE = 4;

export function evalBlock(state: TreeState, node: BlockNode, dst: number): Completion {
  const { body } = node;
  if (body.length === 0) state.heap.setNull(dst);
  for (let i = 0; i < body.length; i++) {
    const completion = state.eval(body[i]!, dst);
    if (completion !== Completion.Normal) return completion;
  }
  return Completion.Normal;
}

/** Truth of a test whose value is in the slot. Where a Lisp primitive is the test, it may hold any value since it was redefined. */
const holds = (state: TreeState, test: Node, slot: number): boolean => (test.kind === "Primitive" ? isTrue : truthy)(state.heap, slot);

/** Chains of `else if` nest in their last child: followed in a loop. */
export function evalIf(state: TreeState, node: IfNode, dst: number): Completion {
  for (let current = node; ;) {
    const completion = state.eval(current.test, dst);
    if (completion !== Completion.Normal) return completion;
    if (holds(state, current.test, dst)) return state.eval(current.then, dst);
    if (current.else.kind !== "If") return state.eval(current.else, dst);
    current = current.else;
  }
}

/** What a loop or labelled block does with the completion of a part of it. */
const enum Step { Next, Leave, Pass }

/** A Break for this label has its value in dst afterwards. */
function take(state: TreeState, completion: Completion, label: Label, top: number, dst: number): Step {
  if (completion === Completion.Normal) return Step.Next;
  if ((completion !== Completion.Break && completion !== Completion.Continue) || state.target !== label) return Step.Pass;
  state.target = null;
  state.top = top;
  if (completion === Completion.Continue) return Step.Next;
  state.heap.copySlot(dst, state.completionSlot);
  return Step.Leave;
}

export function evalLoop(state: TreeState, node: LoopNode, dst: number): Completion {
  const { label, test, body, update } = node;
  const { top } = state;
  for (; ; state.useFuel()) {
    if (test !== null) {
      const completion = state.eval(test, dst);
      const step = take(state, completion, label, top, dst);
      if (step !== Step.Next) return step === Step.Leave ? Completion.Normal : completion;
      if (!holds(state, test, dst)) break;
    }
    const completion = state.eval(body, dst);
    const step = take(state, completion, label, top, dst);
    if (step !== Step.Next) return step === Step.Leave ? Completion.Normal : completion;
    if (update !== null) {
      const updated = state.eval(update, dst);
      const after = take(state, updated, label, top, dst);
      if (after !== Step.Next) return after === Step.Leave ? Completion.Normal : updated;
    }
  }
  state.heap.setNull(dst);
  return Completion.Normal;
}

export function evalForEach(state: TreeState, node: ForEachNode, dst: number): Completion {
  const { top } = state;
  const iteration = state.alloc(ITERATION_SLOTS);
  const started = state.eval(node.iterable, iteration);
  if (started !== Completion.Normal) return started;
  state.at = node;
  forPrep(state.vm, iteration, iteration);
  for (; forNext(state.vm, iteration); state.useFuel()) {
    if (node.key !== null) bindVariable(state, node.key, iteration + ITERATION_KEY);
    bindVariable(state, node.value, iteration + ITERATION_VALUE);
    const completion = state.eval(node.body, dst);
    const step = take(state, completion, node.label, iteration + ITERATION_SLOTS, dst);
    if (step === Step.Pass) return completion;
    if (step === Step.Leave) {
      state.top = top;
      return Completion.Normal;
    }
    state.at = node;
  }
  state.top = top;
  state.heap.setNull(dst);
  return Completion.Normal;
}

export function evalLabelled(state: TreeState, node: LabelledNode, dst: number): Completion {
  const { top } = state;
  const completion = state.eval(node.body, dst);
  return take(state, completion, node.label, top, dst) === Step.Pass ? completion : Completion.Normal;
}

/** Evaluates what a jump carries into the completion slot, through a temporary: the value may itself use that slot. */
function carry(state: TreeState, value: Node): Completion {
  const slot = state.alloc(1);
  const completion = state.eval(value, slot);
  if (completion !== Completion.Normal) return completion;
  state.heap.copySlot(state.completionSlot, slot);
  return Completion.Normal;
}

export function evalBreak(state: TreeState, node: BreakNode): Completion {
  if (node.value === null) state.heap.setNull(state.completionSlot);
  else {
    const completion = carry(state, node.value);
    if (completion !== Completion.Normal) return completion;
  }
  state.target = node.label;
  return Completion.Break;
}

export function evalContinue(state: TreeState, node: ContinueNode): Completion {
  state.target = node.label;
  return Completion.Continue;
}

export function evalReturn(state: TreeState, node: ReturnNode): Completion {
  const completion = carry(state, node.value);
  return completion === Completion.Normal ? Completion.Return : completion;
}

/** Index of the body to start with, -1 for none; a negative answer below that is -2 - completion of a test that jumped. */
function chooseCase(state: TreeState, node: SwitchNode, subject: number, scratch: number): number {
  for (let i = 0; i < node.cases.length; i++) {
    const { test } = node.cases[i]!;
    if (test === null) continue;
    const completion = state.eval(test, scratch);
    if (completion !== Completion.Normal) return -2 - completion;
    state.at = node;
    if (strictEqual(state.vm, subject, scratch)) return i;
  }
  return node.fallback;
}

export function evalSwitch(state: TreeState, node: SwitchNode, dst: number): Completion {
  const { top } = state;
  const subject = state.alloc(2);
  const completion = state.eval(node.subject, subject);
  if (completion !== Completion.Normal) return completion;
  const first = chooseCase(state, node, subject, subject + 1);
  if (first < -1) return -2 - first;
  state.top = top;
  if (first >= 0) {
    for (let i = first; i < node.cases.length; i++) {
      const ended = state.eval(node.cases[i]!.body, dst);
      const step = take(state, ended, node.label, top, dst);
      if (step === Step.Pass) return ended;
      if (step === Step.Leave) return Completion.Normal;
    }
  }
  state.heap.setNull(dst);
  return Completion.Normal;
}
