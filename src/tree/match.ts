// Decision trees of Match: walked as they are. A part that is not there tests and binds as null (see ir/match.ts).

import { elementSlot, length } from "../../heap/cells/array.ts";
import { fieldSlot, shapeOf } from "../../heap/cells/object.ts";
import { equal } from "../../heap/equality.ts";
import { findField } from "../../heap/shapes.ts";
import { CellHi } from "../../heap/value.ts";
import type { Binding, DecisionTest, DecisionTree, Interval, Literal, MatchNode, Path, PathStep } from "../ir/nodes.ts";
import { strictEqual, truthy } from "../vm/compare.ts";
import { isInteger, numberOf, rankOf } from "../vm/numeric.ts";
import { entrySlot, hasExtent, isMapHi, itemSlot, takeItems } from "../vm/parts.ts";
import { sliceFrom } from "../vm/slow-paths.ts";
import { Completion, type TreeState } from "./state.ts";
import { freshVariable, setVariable } from "./variables.ts";

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
  const { vm, heap } = state;
  switch (when.test) {
    case "interval": return contains(when.interval, size ?? integerAt(state, slot));
    case "equals": return withLiteral(state, when.value, (literal) => strictEqual(vm, slot, literal));
    case "structural": return withLiteral(state, when.value, (literal) => equal(heap, slot, literal));
    case "extent": return hasExtent(vm, slot, when.count, when.exactly);
    case "map": return isMapHi(heap.hi(slot));
    case "entry": return withLiteral(state, when.key, (key) => entrySlot(vm, slot, key) >= 0);
  }
}

function withLiteral<T>(state: TreeState, literal: Literal, use: (slot: number) => T): T {
  const slot = state.alloc(1);
  state.world.constants.write(slot, literal);
  const result = use(slot);
  state.top = slot;
  return result;
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
    setVariable(state, variable, part);
  }
  state.top = part;
}

/** Writes the part of the subject at the end of the path to dst. */
function follow(state: TreeState, path: Path, subject: number, dst: number): void {
  state.heap.copySlot(dst, subject);
  for (const step of path) if (!takeStep(state, step, dst)) state.heap.setNull(dst);
}

/** Replaces the value in the slot by a part of it; false when there is no such part. */
function takeStep(state: TreeState, step: PathStep, slot: number): boolean {
  const { vm, heap } = state;
  switch (step.step) {
    case "element": return isArray(state, slot) && step.index < length(heap, heap.lo(slot)) && take(state, slot, elementSlot(heap, heap.lo(slot), step.index));
    case "rest":
      if (isArray(state, slot)) sliceFrom(vm, slot, slot, step.from);
      return isArray(state, slot);
    case "field": return takeField(state, step.name, slot);
    case "item": return take(state, slot, itemSlot(vm, slot, step.index));
    case "items": return takeItems(vm, slot, slot, step.from);
    case "entry": return take(state, slot, withLiteral(state, step.key, (key) => entrySlot(vm, slot, key)));
  }
}

const isArray = ({ heap }: TreeState, slot: number): boolean => heap.hi(slot) === CellHi.Array;

function take({ heap }: TreeState, slot: number, part: number): boolean {
  if (part >= 0) heap.copySlot(slot, part);
  return part >= 0;
}

function takeField(state: TreeState, name: string, slot: number): boolean {
  const { heap, world } = state, cell = heap.lo(slot);
  if (heap.hi(slot) !== CellHi.Object) return false;
  const index = findField(heap, shapeOf(heap, cell), world.symbol(name));
  return index >= 0 && take(state, slot, fieldSlot(heap, cell, index));
}
