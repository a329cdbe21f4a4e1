// Match: a decision tree over the parts of one value. A part is fetched once on each way down the tree; arm bodies stand
// once, with their variables as parameters that every leaf sets before it jumps there.

import { assert } from "../../heap/debug.ts";
import type { Label } from "../bytecode/assembler.ts";
import { Op } from "../bytecode/opcodes.ts";
import type { Binding, DecisionTest, DecisionTree, Interval, MatchArm, MatchNode, Path, PathStep } from "../ir/nodes.ts";
import { jump } from "./conditions.ts";
import { Dest, type FunctionCompiler } from "./core.ts";
import { loadLiteral } from "./expressions.ts";
import { RegisterState } from "./registers.ts";

const NO_MATCH = "no match";

/** Registers of the parts fetched on the way to the current point of the tree, by the text of their path. */
type Known = ReadonlyMap<string, number>;
type Switch = Extract<DecisionTree, { kind: "switch" }>;

interface Context { readonly c: FunctionCompiler; readonly arms: readonly MatchArm[]; readonly labels: readonly Label[] }

export function compileMatch(c: FunctionCompiler, node: MatchNode, dest: number): void {
  const end = c.label();
  const scrutinee = c.operandBefore(node.scrutinee, -1, node.arms.flatMap(({ guard }) => (guard === null ? [] : [guard])));
  placeArms(c, node.arms);
  const context: Context = { c, arms: node.arms, labels: node.arms.map(() => c.label()) };
  const mark = c.regs.top;
  compileTree(context, node.tree, new Map([["", scrutinee]]));
  c.regs.release(mark);
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

function compileTree(context: Context, tree: DecisionTree, known: Known): void {
  const { c } = context;
  const mark = c.regs.top;
  switch (tree.kind) {
    case "fail": {
      const text = c.constant({ type: "string", value: new TextEncoder().encode(NO_MATCH) });
      c.emit(Op.Fail, 0, text);
      break;
    }
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
  let subject = parts.get(pathText(tree.path))!;
  if (tree.on === "length") {
    const length = c.alloc();
    c.emit(Op.GetLength, length, subject, c.emitter.constants.cache("length"));
    subject = length;
  }
  for (const { when, to } of tree.edges) {
    const otherwise = c.label();
    jumpUnless(c, subject, when, otherwise);
    compileTree(context, to, parts);
    c.bind(otherwise);
  }
  compileTree(context, tree.fallback, parts);
}

function jumpUnless(c: FunctionCompiler, subject: number, when: DecisionTest, otherwise: Label): void {
  const mark = c.regs.top;
  if (when.test === "interval") jumpUnlessWithin(c, subject, when.interval, otherwise);
  else {
    const literal = c.alloc();
    loadLiteral(c, when.value, literal);
    c.emit(Op.JumpIfNotStrictEq, subject, literal, otherwise);
  }
  c.regs.release(mark);
}

function jumpUnlessWithin(c: FunctionCompiler, subject: number, { low, high }: Interval, otherwise: Label): void {
  if (low !== null && low === high) return compareOr(c, Op.JumpIfNotEqI, Op.JumpIfNotEq, subject, low, otherwise);
  if (low !== null) compareOr(c, Op.JumpIfNotGreaterEqI, null, subject, low, otherwise);
  if (high !== null) compareOr(c, Op.JumpIfNotLessEqI, Op.JumpIfNotLessEq, subject, high, otherwise);
}

/** With an immediate when it fits; `wide` null: the exchanged less-or-equal. */
function compareOr(c: FunctionCompiler, near: Op, wide: Op | null, subject: number, bound: number, otherwise: Label): void {
  if (bound >= -0x8000 && bound <= 0x7fff) return c.emit(near, subject, bound, otherwise);
  const literal = c.alloc();
  loadLiteral(c, { type: "i32", value: bound }, literal);
  if (wide === null) c.emit(Op.JumpIfNotLessEq, literal, subject, otherwise);
  else c.emit(wide, subject, literal, otherwise);
}

const stepText = (step: PathStep): string =>
  step.step === "element" ? `[${step.index}]` : step.step === "rest" ? `[${step.from}..]` : `.${JSON.stringify(step.name)}`;
const pathText = (path: Path): string => path.map(stepText).join("");

/** Fetches the part at the path, and what leads to it, unless known; the registers of all parts known then. */
function fetch(c: FunctionCompiler, path: Path, known: Known): Known {
  if (known.has(pathText(path))) return known;
  const parts = new Map(known);
  let text = "", from = parts.get("")!;
  for (const step of path) {
    text += stepText(step);
    let reg = parts.get(text);
    if (reg === undefined) {
      reg = c.alloc();
      fetchStep(c, step, from, reg);
      parts.set(text, reg);
    }
    from = reg;
  }
  return parts;
}

function fetchStep(c: FunctionCompiler, step: PathStep, from: number, reg: number): void {
  if (step.step === "field") c.emit(Op.GetField, reg, from, c.emitter.constants.cache(step.name));
  else if (step.step === "rest") c.emit(Op.Slice, reg, from, step.from);
  else {
    loadLiteral(c, { type: "i32", value: step.index }, reg);
    c.emit(Op.GetIndex, reg, from, reg);
  }
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
