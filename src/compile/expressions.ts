// Constants, operators and short circuits.

import { RANGES } from "../bytecode/encoding.ts";
import { Op } from "../bytecode/opcodes.ts";
import type { BinaryNode, BinaryOp, ConstNode, ConvertNode, Literal, LogicNode, Node, UnaryNode, UnaryOp } from "../ir/nodes.ts";
import { jump } from "./conditions.ts";
import { Dest, type FunctionCompiler } from "./core.ts";

const UNARY: { readonly [K in UnaryOp]: Op } = { Neg: Op.Neg, BitNot: Op.BitNot, Not: Op.Not, Truthy: Op.Truthy, IsTrue: Op.IsTrue, Inc: Op.Inc, Dec: Op.Dec };

/** Gt and Ge exchange their operands after both have been evaluated. */
const BINARY: { readonly [K in BinaryOp]: Op } = {
  Add: Op.Add, Sub: Op.Sub, Mul: Op.Mul, Div: Op.Div, Mod: Op.Mod, BitAnd: Op.BitAnd, BitOr: Op.BitOr, BitXor: Op.BitXor, Shl: Op.Shl, Shr: Op.Shr,
  Eq: Op.Eq, Ne: Op.Ne, Lt: Op.Lt, Le: Op.Le, Gt: Op.Lt, Ge: Op.Le, StrictEq: Op.StrictEq,
};
const IMMEDIATE: { readonly [K in BinaryOp]?: Op } = { Add: Op.AddI, Sub: Op.SubI };
const WITH_CONSTANT: { readonly [K in BinaryOp]?: Op } = { Add: Op.AddK, Sub: Op.SubK, Mul: Op.MulK, Div: Op.DivK, Mod: Op.ModK };
const NUMERIC: ReadonlySet<Literal["type"]> = new Set(["i8", "u8", "i16", "u16", "i32", "u32", "i64", "u64", "f32", "f64"] as const);

const inRange = (at: "sbx" | "sc" | "b" | "c" | "bx", value: number): boolean => value >= RANGES[at][0] && value <= RANGES[at][1];

/** Value of a node that is an i32 literal fitting the operand position, else null. */
export function immediate(node: Node, at: "sbx" | "sc"): number | null {
  return node.kind === "Const" && node.value.type === "i32" && inRange(at, node.value.value) ? node.value.value : null;
}

/** Place of a node's number among the constants, when the operand position can name it; else null. */
export function numberConstant(c: FunctionCompiler, node: Node, at: "b" | "c"): number | null {
  return node.kind === "Const" && NUMERIC.has(node.value.type) ? nearConstant(c, node.value, at) : null;
}

/** Place of a literal among the constants, when the operand position can name it; else null. */
export function nearConstant(c: FunctionCompiler, literal: Literal, at: "b" | "c"): number | null {
  const place = c.constant(literal);
  return inRange(at, place) ? place : null;
}

/** Loads a constant; a string is new each time. */
export function loadLiteral(c: FunctionCompiler, literal: Literal, dst: number): void {
  switch (literal.type) {
    case "null": c.emit(Op.LoadNull, dst); return;
    case "hole": c.emit(Op.LoadHole, dst); return;
    case "bool": c.emit(Op.LoadBool, dst, literal.value ? 1 : 0); return;
    case "i32": if (inRange("sbx", literal.value)) { c.emit(Op.LoadInt, dst, literal.value); return; } break;
    case "int": if (inRange("sbx", Number(literal.value))) { c.emit(Op.LoadInt, dst, Number(literal.value)); return; }
  }
  const place = c.constant(literal), near = inRange("bx", place);
  if (literal.type === "string") c.emit(near ? Op.LoadString : Op.LoadStringX, dst, place);
  else loadConstant(c, place, dst);
}

/** Loads a constant as it is. */
export function loadConstant(c: FunctionCompiler, place: number, dst: number): void {
  c.emit(inRange("bx", place) ? Op.LoadK : Op.LoadKX, dst, place);
}

export function compileConst(c: FunctionCompiler, node: ConstNode, dest: number): void {
  if (dest === Dest.Effect) return;
  if (node.value.type === "null") return c.finishNull(dest);
  const dst = c.target(dest);
  loadLiteral(c, node.value, dst);
  c.finish(dest, dst);
}

export function compileUnary(c: FunctionCompiler, node: UnaryNode, dest: number): void {
  const dst = c.target(dest);
  c.emit(UNARY[node.op], dst, c.operandIn(node.operand, dst));
  c.finish(dest, dst);
}

/** A string literal as operand: an operator answers with another string, so this one needs none of its own. Null for other nodes. */
function textOperand(c: FunctionCompiler, node: Node, spare: number): number | null {
  if (node.kind !== "Const" || node.value.type !== "string") return null;
  const reg = c.temporary(spare);
  loadConstant(c, c.constant(node.value), reg);
  return reg;
}

export function compileBinary(c: FunctionCompiler, node: BinaryNode, dest: number): void {
  const dst = c.target(dest);
  const left = textOperand(c, node.left, dst) ?? c.operandBefore(node.left, dst, [node.right]);
  if (!c.fused || !withLiteral(c, node, dst, left)) {
    const right = textOperand(c, node.right, -1) ?? c.operand(node.right);
    const swapped = node.op === "Gt" || node.op === "Ge";
    c.emit(BINARY[node.op], dst, swapped ? right : left, swapped ? left : right);
  }
  c.finish(dest, dst);
}

/** The forms with an immediate or a constant on the right. */
function withLiteral(c: FunctionCompiler, node: BinaryNode, dst: number, left: number): boolean {
  const { op, right } = node;
  const small = IMMEDIATE[op], constant = WITH_CONSTANT[op];
  const value = small === undefined ? null : immediate(right, "sc");
  if (small !== undefined && value !== null) {
    c.emit(small, dst, left, value);
    return true;
  }
  const place = constant === undefined ? null : numberConstant(c, right, "c");
  if (constant === undefined || place === null) return false;
  c.emit(constant, dst, left, place);
  return true;
}

export function compileLogic(c: FunctionCompiler, node: LogicNode, dest: number): void {
  if (dest === Dest.Effect) effectOfLogic(c, node);
  else if (node.op === "And" || node.op === "Or") boolOfLogic(c, node, dest);
  else if (dest === Dest.Result) resultOfLogic(c, node);
  else {
    const end = c.label();
    c.to(node.left, dest);
    c.emit(DECIDED[node.op], dest, end);
    c.to(node.right, dest);
    c.bind(end);
  }
}

/** Jump taken when the left operand decides. */
const DECIDED = { And: Op.JumpIfFalse, AndValue: Op.JumpIfFalse, Or: Op.JumpIfTrue, OrValue: Op.JumpIfTrue, Coalesce: Op.JumpIfNotNull } as const;

function effectOfLogic(c: FunctionCompiler, node: LogicNode): void {
  const end = c.label();
  if (node.op === "Coalesce") c.emit(Op.JumpIfNotNull, c.operand(node.left), end);
  else jump(c, node.left, end, node.op === "Or" || node.op === "OrValue");
  c.effect(node.right);
  c.bind(end);
}

function boolOfLogic(c: FunctionCompiler, node: LogicNode, dest: number): void {
  const dst = c.target(dest), no = c.label(), end = c.label();
  jump(c, node, no, false);
  c.emit(Op.LoadBool, dst, 1);
  c.emit(Op.Jump, end);
  c.bind(no);
  c.emit(Op.LoadBool, dst, 0);
  c.bind(end);
  c.finish(dest, dst);
}

/** The right operand may be a tail call, so each side returns by itself. */
function resultOfLogic(c: FunctionCompiler, node: LogicNode): void {
  const left = c.operand(node.left), decided = c.label();
  c.emit(DECIDED[node.op], left, decided);
  c.to(node.right, Dest.Result);
  c.bind(decided);
  c.emit(Op.Return, left);
}

export function compileConvert(c: FunctionCompiler, node: ConvertNode, dest: number): void {
  const dst = c.target(dest);
  c.emit(Op.Convert, dst, c.operandIn(node.value, dst), node.to);
  c.finish(dest, dst);
}
