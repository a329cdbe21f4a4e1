// Decision trees of Match: walked as they are. A part that is not there tests and binds as null (see ir/match.ts).

import { elementSlot, length } from "../../heap/cells/array.ts";
import { fieldSlot, shapeOf } from "../../heap/cells/object.ts";
import { findField } from "../../heap/shapes.ts";
import { CellHi } from "../../heap/value.ts";
import type { Binding, DecisionTest, DecisionTree, Interval, MatchNode, Path, PathStep } from "../ir/nodes.ts";
import { strictEqual, truthy } from "../vm/compare.ts";
import { isInteger, numberOf, rankOf } from "../vm/numeric.ts";
import { sliceFrom } from "../vm/slow-paths.ts";
import { Completion, type TreeState } from "./state.ts";
import { freshVariable, valueSlot } from "./variables.ts";

export function evalMatch(state: TreeState, node: MatchNode, dst: number): Completion {
  const subject = state.alloc(1);
  const completion = state.eval(node.scrutinee, subject);
  if (completion !== Completion.Normal) return completion;
  state.at = node;
  const ended = decide(state, node, subject, dst);
  if (ended === Completion.Normal) state.top = subject;
  return ended;
}

function decide(state: TreeState, node: MatchNode, subject: number, dst: number): Completion {
  for (let tree: DecisionTree = node.tree; ;) {
    switch (tree.kind) {
      case "switch": tree = branch(state, tree, subject, dst); break;
      case "fail": return state.vm.throwError(NO_ARM);
      case "leaf":
        bindParts(state, node, tree.arm, tree.bindings, subject);
        return state.eval(node.arms[tree.arm]!.body, dst);
      case "guard": {
        const { guard, body } = node.arms[tree.arm]!;
        bindParts(state, node, tree.arm, tree.bindings, subject);
        const completion = state.eval(guard!, dst);
        if (completion !== Completion.Normal) return completion;
        if (truthy(state.heap, dst)) return state.eval(body, dst);
        tree = tree.fail;
        break;
      }
    }
  }
}

const NO_ARM = "no match";

function branch(state: TreeState, tree: DecisionTree & { kind: "switch" }, subject: number, scratch: number): DecisionTree {
  const { heap } = state;
  follow(state, tree.path, subject, scratch);
  const size = tree.on === "value" ? null : heap.hi(scratch) === CellHi.Array ? length(heap, heap.lo(scratch)) : NaN;
  for (const { when, to } of tree.edges) if (holds(state, when, size, scratch)) return to;
  return tree.fallback;
}

/** `size`: the length under test (NaN when the value has none), or null when the value itself is. */
function holds(state: TreeState, when: DecisionTest, size: number | null, slot: number): boolean {
  if (when.test === "interval") return contains(when.interval, size ?? integerAt(state, slot));
  const literal = state.alloc(1);
  state.world.constants.write(literal, when.value);
  const equal = strictEqual(state.vm, slot, literal);
  state.top = literal;
  return equal;
}

/** NaN when the slot holds anything but an integer. */
function integerAt({ heap }: TreeState, slot: number): number {
  const rank = rankOf(heap, slot);
  return isInteger(rank) ? numberOf(heap, slot, rank) : NaN;
}

const contains = ({ low, high }: Interval, x: number): boolean => x === x && (low === null || low <= x) && (high === null || x <= high);

/** Fresh variables for the arm, initialised with their parts of the subject. */
function bindParts(state: TreeState, node: MatchNode, arm: number, bindings: readonly Binding[], subject: number): void {
  for (const variable of node.arms[arm]!.variables) freshVariable(state, variable);
  const part = state.alloc(1);
  for (const { variable, path } of bindings) {
    follow(state, path, subject, part);
    state.heap.copySlot(valueSlot(state, variable), part);
  }
  state.top = part;
}

/** Writes the part of the subject at the end of the path to dst. */
function follow(state: TreeState, path: Path, subject: number, dst: number): void {
  state.heap.copySlot(dst, subject);
  for (const step of path) if (!takeStep(state, step, dst)) state.heap.setNull(dst);
}

/** Replaces the value in the slot by a part of it; false when there is no such part. */
function takeStep({ vm, heap, world }: TreeState, step: PathStep, slot: number): boolean {
  const hi = heap.hi(slot), cell = heap.lo(slot);
  if (step.step === "field") {
    if (hi !== CellHi.Object) return false;
    const index = findField(heap, shapeOf(heap, cell), world.symbol(step.name));
    if (index >= 0) heap.copySlot(slot, fieldSlot(heap, cell, index));
    return index >= 0;
  }
  if (hi !== CellHi.Array) return false;
  if (step.step === "rest") sliceFrom(vm, slot, slot, step.from);
  else if (step.index < length(heap, cell)) heap.copySlot(slot, elementSlot(heap, cell, step.index));
  else return false;
  return true;
}
