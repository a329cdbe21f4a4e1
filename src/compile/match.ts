// Match: a decision tree over the parts of one value. A part is fetched once on each way down the tree; arm bodies stand
// once, with their variables as parameters that every leaf sets before it jumps there. A subtree that is met again is
// compiled once as well, after everything that jumps to it; there, only the value itself is known to be fetched.
//
// Fetching and testing never throw: the library's natives PART and INTEGER answer null and false for values of the wrong kind.

import { assert } from "../../heap/debug.ts";
import type { Label } from "../bytecode/assembler.ts";
import { Op } from "../bytecode/opcodes.ts";
import type { Binding, DecisionTree, Interval, Literal, MatchArm, MatchNode, Path, PathStep } from "../ir/nodes.ts";
import { jump } from "./conditions.ts";
import { Dest, type FunctionCompiler } from "./core.ts";
import { loadLiteral } from "./expressions.ts";
import { callNative } from "./natives.ts";
import { RegisterState } from "./registers.ts";

const NO_MATCH = "no match";
/** $match_part(value, selector): see `selector`. */
const PART = "$match_part";
/** $is_integer(value). */
const INTEGER = "$is_integer";

/** Registers of the parts fetched on the way to the current point of the tree, by the text of their path. */
type Known = ReadonlyMap<string, number>;
type Switch = Extract<DecisionTree, { kind: "switch" }>;

interface Context {
  readonly c: FunctionCompiler;
  readonly arms: readonly MatchArm[];
  readonly labels: readonly Label[];
  /** Where subtrees with several parents start. */
  readonly shared: ReadonlyMap<DecisionTree, Label>;
}

export function compileMatch(c: FunctionCompiler, node: MatchNode, dest: number): void {
  const end = c.label(), guards = node.arms.flatMap(({ guard }) => (guard === null ? [] : [guard]));
  const scrutinee = c.operandBefore(node.scrutinee, -1, guards);
  placeArms(c, node.arms);
  const context: Context = {
    c, arms: node.arms, labels: node.arms.map(() => c.label()), shared: new Map(sharedTrees(node.tree).map((tree) => [tree, c.label()])),
  };
  const start: Known = new Map([["", scrutinee]]);
  compileTree(context, node.tree, start);
  for (const [tree, label] of context.shared) {
    c.bind(label);
    compileStep(context, tree, start);
  }
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
  const label = context.shared.get(tree);
  if (label === undefined) compileStep(context, tree, known);
  else context.c.emit(Op.Jump, label);
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
      compileTree(context, tree.fail, parts);
      break;
    }
    case "switch": compileSwitchStep(context, tree, known); break;
  }
  c.regs.release(mark);
}

function compileSwitchStep(context: Context, tree: Switch, known: Known): void {
  const { c } = context;
  const parts = fetch(c, tree.path, known);
  const part = parts.get(pathText(tree.path))!;
  const subject = tree.on === "length" ? fetchPart(c, { type: "null" }, part) : part;
  const intervals = tree.edges.some(({ when }) => when.test === "interval");
  const isInteger = intervals && tree.on === "value" ? callNative(c, INTEGER, () => c.emitter.move(c.alloc(), subject)) : -1;
  for (const { when, to } of tree.edges) {
    const otherwise = c.label(), mark = c.regs.top;
    if (when.test === "equals") {
      const literal = c.alloc();
      loadLiteral(c, when.value, literal);
      c.emit(Op.JumpIfNotStrictEq, subject, literal, otherwise);
    } else {
      if (tree.on === "length") c.emit(Op.JumpIfNull, subject, otherwise);
      else c.emit(Op.JumpIfFalse, isInteger, otherwise);
      jumpUnlessWithin(c, subject, when.interval, otherwise);
    }
    c.regs.release(mark);
    compileTree(context, to, parts);
    c.bind(otherwise);
  }
  compileTree(context, tree.fallback, parts);
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

const stepText = (step: PathStep): string =>
  step.step === "element" ? `[${step.index}]` : step.step === "rest" ? `[${step.from}..]` : `.${JSON.stringify(step.name)}`;
const pathText = (path: Path): string => path.map(stepText).join("");

/** What PART takes: an index, -1 - index for all elements from there on, the symbol of a field; null is for the length. */
function selector(step: PathStep): Literal {
  switch (step.step) {
    case "element": return { type: "i32", value: step.index };
    case "rest": return { type: "i32", value: -1 - step.from };
    case "field": return { type: "symbol", value: step.name };
  }
}

/** A register with the part of a value that PART gives for the selector. */
function fetchPart(c: FunctionCompiler, selected: Literal, from: number): number {
  return callNative(c, PART, () => {
    c.emitter.move(c.alloc(), from);
    loadLiteral(c, selected, c.alloc());
  });
}

/** Fetches the part at the path, and what leads to it, unless known; the registers of all parts known then. */
function fetch(c: FunctionCompiler, path: Path, known: Known): Known {
  if (known.has(pathText(path))) return known;
  const parts = new Map(known);
  let text = "", from = parts.get("")!;
  for (const step of path) {
    text += stepText(step);
    let reg = parts.get(text);
    if (reg === undefined) parts.set(text, reg = fetchPart(c, selector(step), from));
    from = reg;
  }
  return parts;
}

/** Sets the variables of an arm; the parts known then. */
function bind(c: FunctionCompiler, bindings: readonly Binding[], known: Known): Known {
  let parts = known;
  for (const { variable, path } of bindings) {
    parts = fetch(c, path, parts);
    const reg = c.useVariable(variable), part = parts.get(pathText(path))!;
    if (variable.boxed) c.emit(Op.NewBox, reg, part);
    else c.emitter.move(reg, part);
  }
  return parts;
}
