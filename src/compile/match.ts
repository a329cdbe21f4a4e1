// Match: a decision tree over the parts of one value. A part is fetched once on each way down the tree; arm bodies stand
// once, with their variables as parameters that every leaf sets before it jumps there. A subtree that is met again is
// compiled once as well, after everything that jumps to it; there, the parts are known that all who jump there hold in the
// same register. A guard that may change the value makes all parts unknown.
//
// Fetching and testing never throw: the library's natives answer null and false for values of the wrong kind.

import { assert } from "../../heap/debug.ts";
import type { Label } from "../bytecode/assembler.ts";
import { Op } from "../bytecode/opcodes.ts";
import type { Binding, DecisionTest, DecisionTree, Interval, Literal, MatchArm, MatchNode, Path, PathStep } from "../ir/nodes.ts";
import { pathKey, stepKey } from "../ir/pattern.ts";
import { jump } from "./conditions.ts";
import { Dest, type FunctionCompiler } from "./core.ts";
import { loadLiteral } from "./expressions.ts";
import { callNative } from "./natives.ts";
import { RegisterState } from "./registers.ts";

const NO_MATCH = "no match";
/** Registers of the parts fetched on the way to the current point of the tree, by the key of their path. */
type Known = ReadonlyMap<string, number>;
type Switch = Extract<DecisionTree, { kind: "switch" }>;

interface Context {
  readonly c: FunctionCompiler;
  readonly arms: readonly MatchArm[];
  readonly labels: readonly Label[];
  /** What is known at the top of the whole tree. */
  readonly start: Known;
  /** Subtrees with several parents. */
  readonly shared: ReadonlyMap<DecisionTree, Shared>;
}

/** `known`: by all who jump to the label so far, null when nobody does. */
interface Shared { readonly label: Label; known: Known | null }

export function compileMatch(c: FunctionCompiler, node: MatchNode, dest: number): void {
  const end = c.label(), guards = node.arms.flatMap(({ guard }) => (guard === null ? [] : [guard]));
  const scrutinee = c.operandBefore(node.scrutinee, -1, guards);
  placeArms(c, node.arms);
  const context: Context = {
    c, arms: node.arms, labels: node.arms.map(() => c.label()), start: new Map([["", scrutinee]]),
    shared: new Map(sharedTrees(node.tree).map((tree) => [tree, { label: c.label(), known: null }])),
  };
  compileTree(context, node.tree, context.start);
  for (const [tree, shared] of context.shared) compileShared(context, tree, shared);
  node.arms.forEach(({ body }, i) => {
    c.bind(context.labels[i]!);
    c.to(body, dest);
    if (dest !== Dest.Result) c.emit(Op.Jump, end);
  });
  for (const arm of node.arms) for (const variable of arm.variables) c.locations.delete(variable);
  c.bind(end);
}

/** Only one arm runs, so all arms share registers. */
function placeArms(c: FunctionCompiler, arms: readonly MatchArm[]): void {
  const most = Math.max(0, ...arms.map(({ variables }) => variables.length));
  const first = c.regs.top;
  for (let i = 0; i < most; i++) c.alloc();
  for (const { variables } of arms) variables.forEach((variable, i) => c.place(variable, first + i, RegisterState.Variable));
}

const subtrees = (tree: DecisionTree): readonly DecisionTree[] =>
  tree.kind === "switch" ? [...tree.edges.map(({ to }) => to), tree.fallback] : tree.kind === "guard" ? [tree.fail] : [];

/** Subtrees with more than one parent, each after all that lead to it. */
function sharedTrees(root: DecisionTree): DecisionTree[] {
  const parents = new Map<DecisionTree, number>([[root, 0]]), done: DecisionTree[] = [];
  const visit = (tree: DecisionTree): void => {
    for (const child of subtrees(tree)) {
      const count = parents.get(child) ?? 0;
      parents.set(child, count + 1);
      if (count === 0) visit(child);
    }
    done.push(tree);
  };
  visit(root);
  return done.reverse().filter((tree) => parents.get(tree)! > 1);
}

function compileTree(context: Context, tree: DecisionTree, known: Known): void {
  const shared = context.shared.get(tree);
  if (shared === undefined) return compileStep(context, tree, known);
  shared.known = shared.known === null ? known : new Map([...shared.known].filter(([path, reg]) => known.get(path) === reg));
  context.c.emit(Op.Jump, shared.label);
}

/** Where everybody has jumped who does: the registers of what is known there are taken until its end. */
function compileShared(context: Context, tree: DecisionTree, { label, known }: Shared): void {
  const { c } = context, mark = c.regs.top, parts = known ?? context.start;
  while (c.regs.top <= Math.max(...parts.values())) c.alloc();
  c.bind(label);
  compileStep(context, tree, parts);
  c.regs.release(mark);
}

function compileStep(context: Context, tree: DecisionTree, known: Known): void {
  const { c } = context;
  const mark = c.regs.top;
  switch (tree.kind) {
    case "fail":
      c.emit(Op.Fail, 0, c.constant({ type: "string", value: new TextEncoder().encode(NO_MATCH) }));
      break;
    case "leaf":
      bind(c, tree.bindings, known);
      c.emit(Op.Jump, context.labels[tree.arm]!);
      break;
    case "guard": {
      const { guard } = context.arms[tree.arm]!;
      assert(guard !== null, "guard step for an arm without guard");
      const parts = bind(c, tree.bindings, known);
      jump(c, guard, context.labels[tree.arm]!, true);
      compileTree(context, tree.fail, tree.keeps ? parts : context.start);
      break;
    }
    case "switch": compileSwitchStep(context, tree, known); break;
  }
  c.regs.release(mark);
}

function compileSwitchStep(context: Context, tree: Switch, known: Known): void {
  const { c } = context, parts = fetch(c, tree.path, known), part = parts.get(pathKey(tree.path))!;
  const jumpUnless = compileTests(c, tree, part);
  for (const { when, to } of tree.edges) {
    const otherwise = c.label(), mark = c.regs.top;
    jumpUnless(when, otherwise);
    c.regs.release(mark);
    compileTree(context, to, parts);
    c.bind(otherwise);
  }
  compileTree(context, tree.fallback, parts);
}

/** Emits what all edges of the switch look at; the result emits the test of one, jumping to the label when it does not hold. */
function compileTests(c: FunctionCompiler, { edges, on }: Switch, part: number): (when: DecisionTest, otherwise: Label) => void {
  const most = Math.max(-1, ...edges.map(({ when }) => (when.test === "extent" ? when.count : -1)));
  const extent = most < 0 ? -1 : ask(c, "$match_extent", part, { type: "i32", value: most });
  const length = on === "length" ? ask(c, "$match_part", part, { type: "null" }) : -1;
  const isInteger = on === "value" && edges.some(({ when }) => when.test === "interval") ? ask(c, "$is_integer", part, null) : -1;
  return (when, otherwise) => {
    switch (when.test) {
      case "equals": {
        const literal = c.alloc();
        loadLiteral(c, when.value, literal);
        return c.emit(Op.JumpIfNotStrictEq, part, literal, otherwise);
      }
      case "interval":
        if (on === "length") c.emit(Op.JumpIfNull, length, otherwise);
        else c.emit(Op.JumpIfFalse, isInteger, otherwise);
        return jumpUnlessWithin(c, on === "length" ? length : part, when.interval, otherwise);
      case "extent": return jumpUnlessWithin(c, extent, { low: 2 * when.count, high: when.exactly ? 2 * when.count : null }, otherwise);
      case "structural": return c.emit(Op.JumpIfFalse, ask(c, "$same_structure", part, when.value), otherwise);
      case "map": return c.emit(Op.JumpIfFalse, ask(c, "$is_map", part, null), otherwise);
      case "entry": return c.emit(Op.JumpIfFalse, ask(c, "$has_entry", part, when.key), otherwise);
    }
  };
}

/** The subject is an integer. */
function jumpUnlessWithin(c: FunctionCompiler, subject: number, { low, high }: Interval, otherwise: Label): void {
  const near = (bound: number): boolean => bound >= -0x8000 && bound <= 0x7fff;
  const far = (bound: number): number => {
    const literal = c.alloc();
    loadLiteral(c, bound === (bound | 0) ? { type: "i32", value: bound } : { type: "i64", value: BigInt(bound) }, literal);
    return literal;
  };
  if (low !== null && low === high && near(low)) return c.emit(Op.JumpIfNotEqI, subject, low, otherwise);
  if (low !== null) {
    if (near(low)) c.emit(Op.JumpIfNotGreaterEqI, subject, low, otherwise);
    else c.emit(Op.JumpIfNotLessEq, far(low), subject, otherwise);
  }
  if (high !== null) {
    if (near(high)) c.emit(Op.JumpIfNotLessEqI, subject, high, otherwise);
    else c.emit(Op.JumpIfNotLessEq, subject, far(high), otherwise);
  }
}

/** A register with what a native of the library answers about a value and, if it wants one, a literal. */
function ask(c: FunctionCompiler, native: string, about: number, literal: Literal | null): number {
  return callNative(c, native, () => {
    c.emitter.move(c.alloc(), about);
    if (literal !== null) loadLiteral(c, literal, c.alloc());
  });
}

/** $match_part takes an index, -1 - index for all elements from there on, the symbol of a field; null is for the length. */
function takeStep(c: FunctionCompiler, step: PathStep, from: number): number {
  switch (step.step) {
    case "element": return ask(c, "$match_part", from, { type: "i32", value: step.index });
    case "rest": return ask(c, "$match_part", from, { type: "i32", value: -1 - step.from });
    case "field": return ask(c, "$match_part", from, { type: "symbol", value: step.name });
    case "item": return ask(c, "$match_item", from, { type: "i32", value: step.index });
    case "items": return ask(c, "$match_items", from, { type: "i32", value: step.from });
    case "entry": return ask(c, "$match_entry", from, step.key);
  }
}

/** Fetches the part at the path, and what leads to it, unless known; the registers of all parts known then. */
function fetch(c: FunctionCompiler, path: Path, known: Known): Known {
  if (known.has(pathKey(path))) return known;
  const parts = new Map(known);
  let key = "", from = parts.get("")!;
  for (const step of path) {
    key += stepKey(step);
    let reg = parts.get(key);
    if (reg === undefined) parts.set(key, reg = takeStep(c, step, from));
    from = reg;
  }
  return parts;
}

/** Sets the variables of an arm; the parts known then. */
function bind(c: FunctionCompiler, bindings: readonly Binding[], known: Known): Known {
  let parts = known;
  for (const { variable, path } of bindings) {
    parts = fetch(c, path, parts);
    const reg = c.useVariable(variable), part = parts.get(pathKey(path))!;
    if (variable.boxed) c.emit(Op.NewBox, reg, part);
    else c.emitter.move(reg, part);
  }
  return parts;
}
