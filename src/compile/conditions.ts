// Conditional jumps: a condition is compiled for where it goes, not for its value. Comparisons fuse with the jump, `not`
// and short circuits become jumps, and the same code makes back edges, which cost fuel and have opcodes of their own.
//
// The negation of a jump is `opposite` in the table of opcodes. Negated order comparisons are not the opposite
// comparison: with a NaN both are false.

import type { Label } from "../bytecode/assembler.ts";
import { Op, opposite, Resume } from "../bytecode/opcodes.ts";
import type { BinaryNode, BinaryOp, IfNode, LogicNode, Node, PrimitiveNode } from "../ir/nodes.ts";
import type { FunctionCompiler } from "./core.ts";
import { immediate, numberConstant } from "./expressions.ts";
import { isIntact, primitiveTest, type PrimitiveTest } from "./primitives.ts";

/** Back edges that exist as one instruction. */
export const LOOP_FORMS: { readonly [op: number]: Op } = {
  [Op.JumpIfTrue]: Op.LoopIfTrue, [Op.JumpIfLess]: Op.LoopIfLess, [Op.JumpIfLessEq]: Op.LoopIfLessEq, [Op.JumpIfLessI]: Op.LoopIfLessI,
  [Op.JumpIfLessEqI]: Op.LoopIfLessEqI, [Op.JumpIfGreaterI]: Op.LoopIfGreaterI, [Op.JumpIfGreaterEqI]: Op.LoopIfGreaterEqI, [Op.JumpIfNotEqI]: Op.LoopIfNotEqI,
  [Op.JumpIfLessK]: Op.LoopIfLessK, [Op.JumpIfLessEqK]: Op.LoopIfLessEqK, [Op.JumpIfGreaterK]: Op.LoopIfGreaterK, [Op.JumpIfGreaterEqK]: Op.LoopIfGreaterEqK,
};

interface Comparison {
  readonly op: Op;
  /** Operands exchanged. */
  readonly swapped: boolean;
  /** With an immediate, and with a constant, on the right. */
  readonly withImmediate: Op | null;
  readonly withConstant: Op | null;
  /** The same comparison seen from the other side. */
  readonly mirrored: BinaryOp | null;
}
const COMPARISONS: { readonly [K in BinaryOp]?: Comparison } = {
  Lt: { op: Op.JumpIfLess, swapped: false, withImmediate: Op.JumpIfLessI, withConstant: Op.JumpIfLessK, mirrored: "Gt" },
  Le: { op: Op.JumpIfLessEq, swapped: false, withImmediate: Op.JumpIfLessEqI, withConstant: Op.JumpIfLessEqK, mirrored: "Ge" },
  Gt: { op: Op.JumpIfLess, swapped: true, withImmediate: Op.JumpIfGreaterI, withConstant: Op.JumpIfGreaterK, mirrored: "Lt" },
  Ge: { op: Op.JumpIfLessEq, swapped: true, withImmediate: Op.JumpIfGreaterEqI, withConstant: Op.JumpIfGreaterEqK, mirrored: "Le" },
  Eq: { op: Op.JumpIfEq, swapped: false, withImmediate: Op.JumpIfEqI, withConstant: null, mirrored: "Eq" },
  Ne: { op: Op.JumpIfNotEq, swapped: false, withImmediate: Op.JumpIfNotEqI, withConstant: null, mirrored: "Ne" },
  StrictEq: { op: Op.JumpIfStrictEq, swapped: false, withImmediate: null, withConstant: null, mirrored: null },
};

/** Jumps to the label when the node's truth is `when`, else falls through. `back`: the label is the start of a loop. */
export function jump(c: FunctionCompiler, node: Node, label: Label, when: boolean, back = false): void {
  const outer = c.emitter.asm.span, mark = c.regs.top;
  if (node.span.end > 0) c.emitter.asm.span = node.span;
  if (node.kind === "Const" && (node.value.type === "bool" || node.value.type === "null")) {
    if ((node.value.type === "bool" && node.value.value) === when) c.emit(back ? Op.Loop : Op.Jump, label);
  } else if (node.kind === "Unary" && (node.op === "Not" || node.op === "Truthy")) {
    jump(c, node.operand, label, (node.op === "Not") !== when, back);
  } else if (node.kind === "Unary" && node.op === "IsTrue") jumpIfTrue(c, node.operand, label, when, back);
  else if (node.kind === "Primitive") jumpIfTrue(c, node, label, when, back);
  else if (node.kind === "Logic" && node.op !== "Coalesce") jumpLogic(c, node, label, when, back);
  else if (node.kind !== "Binary" || !c.fused || !jumpComparison(c, node, label, when, back)) {
    branch(c, when ? Op.JumpIfTrue : Op.JumpIfFalse, [c.operand(node)], label, back);
  }
  c.regs.release(mark);
  c.emitter.asm.span = outer;
}

/** A jump by truth in Lisp of the node's value. */
function jumpIfTrue(c: FunctionCompiler, node: Node, label: Label, when: boolean, back: boolean): void {
  if (node.kind === "Primitive" && jumpPrimitive(c, node, label, when, back)) return;
  if (node.kind === "Const") {
    const { value } = node;
    const holds = value.type !== "null" && !(value.type === "bool" && !value.value);
    if (holds === when) c.emit(back ? Op.Loop : Op.Jump, label);
  } else if (node.kind === "If") jumpChoice(c, node, label, when, back);
  else if (node.kind === "Unary" && (node.op === "IsTrue" || node.op === "Not")) jump(c, node, label, when, back);
  else branch(c, when ? Op.JumpIfNotNil : Op.JumpIfNil, [c.operand(node)], label, back);
}

/**
 * Tests that are one instruction; false, with nothing emitted, for others. `not` around one only turns the jump around, which its
 * tail says: a program may define `not` anew, and then the jump asks that.
 */
function jumpPrimitive(c: FunctionCompiler, node: PrimitiveNode, label: Label, when: boolean, back: boolean): boolean {
  const inner = node.op === "Not" && isIntact(c, "Not") ? node.args[0]! : null;
  if (inner?.kind === "Primitive") return jumpTest(c, primitiveTest(c, inner, Resume.Negated), label, !when, back);
  return jumpTest(c, primitiveTest(c, node), label, when, back);
}

function jumpTest(c: FunctionCompiler, test: PrimitiveTest | null, label: Label, when: boolean, back: boolean): boolean {
  if (test === null) return false;
  const op = when ? opposite(test.op) : test.op;
  if (!back && op !== undefined) c.emit(op, ...test.operands, label, test.resume);
  else {
    // Over a jump: what jumps when the test holds is rare and has few instructions, back edges none.
    const past = c.label(), over = when ? test.op : opposite(test.op);
    if (over === undefined) return jumpAround(c, test, label, back);
    c.emit(over, ...test.operands, past, test.resume);
    c.emit(back ? Op.Loop : Op.Jump, label);
    c.bind(past);
  }
  return true;
}

/** A back edge when the test does not hold. */
function jumpAround(c: FunctionCompiler, test: PrimitiveTest, label: Label, back: boolean): true {
  const no = c.label(), past = c.label();
  c.emit(test.op, ...test.operands, no, test.resume);
  c.emit(Op.Jump, past);
  c.bind(no);
  c.emit(back ? Op.Loop : Op.Jump, label);
  c.bind(past);
  return true;
}

/** A choice as a condition: both values are conditions in its place, which is what `and` and `or` become. */
function jumpChoice(c: FunctionCompiler, { test, then, else: otherwise }: IfNode, label: Label, when: boolean, back: boolean): void {
  const no = c.label(), end = c.label();
  jump(c, test, no, false);
  jumpIfTrue(c, then, label, when, back);
  c.emit(Op.Jump, end);
  c.bind(no);
  jumpIfTrue(c, otherwise, label, when, back);
  c.bind(end);
}

const negated = (op: Op, negate: boolean): Op => (negate ? opposite(op)! : op);

/** Emits a conditional jump, as a back edge when `back`. */
function branch(c: FunctionCompiler, op: Op, operands: readonly number[], label: Label, back: boolean): void {
  const loop = LOOP_FORMS[op];
  if (!back) c.emit(op, ...operands, label);
  else if (loop !== undefined) c.emit(loop, ...operands, label);
  else {
    const past = c.label();
    c.emit(opposite(op)!, ...operands, past);
    c.emit(Op.Loop, label);
    c.bind(past);
  }
}

/** Chains nest on the left without bound: walked from the innermost operand outwards. */
function jumpLogic(c: FunctionCompiler, node: LogicNode, label: Label, when: boolean, back: boolean): void {
  const links = [node];
  const isOr = (link: LogicNode): boolean => link.op === "Or" || link.op === "OrValue";
  let first = node.left;
  while (first.kind === "Logic" && first.op !== "Coalesce" && isOr(first) === isOr(node)) {
    links.push(first);
    first = first.left;
  }
  const rest = links.reverse().map((link) => link.right), last = rest.pop()!;
  // Or jumps as soon as one is true, And as soon as one is false; the other way round, that decides for falling through.
  const deciding = isOr(node), through = c.label();
  for (const operand of [first, ...rest]) {
    if (deciding === when) jump(c, operand, label, when, back);
    else jump(c, operand, through, !when);
  }
  jump(c, last, label, when, back);
  c.bind(through);
}

function jumpComparison(c: FunctionCompiler, node: BinaryNode, label: Label, when: boolean, back: boolean): boolean {
  const comparison = COMPARISONS[node.op];
  if (comparison === undefined) return false;
  const { op, swapped, mirrored } = comparison, negate = !when;
  const literal = withLiteral(c, comparison, node.right), reversed = mirrored === null ? null : withLiteral(c, COMPARISONS[mirrored]!, node.left);
  if (literal !== null) branch(c, negated(literal.op, negate), [c.operand(node.left), literal.value], label, back);
  else if (reversed !== null) branch(c, negated(reversed.op, negate), [c.operand(node.right), reversed.value], label, back);
  else {
    const [a, b] = c.operands([node.left, node.right]) as [number, number];
    branch(c, negated(op, negate), swapped ? [b, a] : [a, b], label, back);
  }
  return true;
}

/** The form for this node on the right, which is a number; null when there is none. */
function withLiteral(c: FunctionCompiler, { withImmediate, withConstant }: Comparison, right: Node): { op: Op; value: number } | null {
  const small = withImmediate === null ? null : immediate(right, "sbx");
  if (small !== null) return { op: withImmediate!, value: small };
  const place = withConstant === null ? null : numberConstant(c, right, "b");
  return place === null ? null : { op: withConstant!, value: place };
}
