// Library operations that engines do themselves: which instruction does which, and the resume tail each of them carries.
// Where there is no room for the tail's window (wide functions), or the global has been redefined already, they are calls.

import { RANGES } from "../bytecode/encoding.ts";
import type { Label } from "../bytecode/assembler.ts";
import { Op, Resume, THROUGH_NOT_ARGUMENTS } from "../bytecode/opcodes.ts";
import { WINDOW_ARGUMENTS } from "../bytecode/register-use.ts";
import type { Node, PrimitiveNode } from "../ir/nodes.ts";
import { primitive, primitiveIndex, type PrimitiveName } from "../ir/primitives.ts";
import { compileCall } from "./calls.ts";
import type { FunctionCompiler } from "./core.ts";

/** Instruction of a value. `swapped`: it takes the operands in reverse. */
interface ValueForm { readonly op: Op; readonly swapped?: true; /** For a small integer as last operand. */ readonly withImmediate?: Op }
const VALUES: { readonly [K in PrimitiveName]?: ValueForm } = {
  Add: { op: Op.LispAdd, withImmediate: Op.LispAddI }, Sub: { op: Op.LispSub, withImmediate: Op.LispSubI }, Mul: { op: Op.LispMul }, Div: { op: Op.LispDiv },
  Quotient: { op: Op.LispQuotient }, Remainder: { op: Op.LispRemainder }, Mod: { op: Op.LispModulo },
  FlooredMod: { op: Op.LispModulo }, First: { op: Op.Car }, Rest: { op: Op.Cdr }, Nth: { op: Op.VectorRef }, Equal: { op: Op.LispEq }, Eqv: { op: Op.LispEq },
  Lt: { op: Op.LispLess }, Le: { op: Op.LispLessEq }, Gt: { op: Op.LispLess, swapped: true }, Ge: { op: Op.LispLessEq, swapped: true },
  NumEq: { op: Op.LispNumEq }, Not: { op: Op.LispNot }, Eq: { op: Op.LispEq }, IsNull: { op: Op.IsEmpty }, IsPair: { op: Op.IsPair },
  Car: { op: Op.Car }, Cdr: { op: Op.Cdr }, Cons: { op: Op.Cons }, VectorRef: { op: Op.VectorRef }, VectorSet: { op: Op.VectorSet },
};

/** Instruction of a test, jumping when it does not hold: few have one that jumps when it does. `mirrored`: when the small integer is the first operand. */
interface JumpForm { readonly op: Op; readonly swapped?: true; readonly withImmediate?: Op; readonly mirrored?: Op }
const JUMPS: { readonly [K in PrimitiveName]?: JumpForm } = {
  Lt: { op: Op.JumpIfLispNotLess, withImmediate: Op.JumpIfLispNotLessI, mirrored: Op.JumpIfLispNotGreaterI },
  Le: { op: Op.JumpIfLispNotLessEq, withImmediate: Op.JumpIfLispNotLessEqI, mirrored: Op.JumpIfLispNotGreaterEqI },
  Gt: { op: Op.JumpIfLispNotLess, swapped: true, withImmediate: Op.JumpIfLispNotGreaterI, mirrored: Op.JumpIfLispNotLessI },
  Ge: { op: Op.JumpIfLispNotLessEq, swapped: true, withImmediate: Op.JumpIfLispNotGreaterEqI, mirrored: Op.JumpIfLispNotLessEqI },
  NumEq: { op: Op.JumpIfLispNotNumEq, withImmediate: Op.JumpIfLispNotNumEqI, mirrored: Op.JumpIfLispNotNumEqI },
  Eq: { op: Op.JumpIfLispNotEq }, Equal: { op: Op.JumpIfLispNotEq }, Eqv: { op: Op.JumpIfLispNotEq }, IsNull: { op: Op.JumpIfNotEmpty }, IsPair: { op: Op.JumpIfNotPair },
};

/** Whether the operation may be an instruction here. */
const isInline = (c: FunctionCompiler, { op }: PrimitiveNode): boolean => c.fused && c.emitter.scratch < 0 && isIntact(c, op);

/** Whether the primitive's global holds the library's value: not when it was redefined, or this program does so. */
export const isIntact = (c: FunctionCompiler, op: PrimitiveName): boolean =>
  (c.options.isIntact?.(op) ?? true) && !c.unit.redefined.has(primitive(op).global);

/** Value of a constant that is a small integer fitting the operand position, else null. */
function smallInteger(node: Node | undefined, at: "sbx" | "sc"): number | null {
  if (node?.kind !== "Const" || (node.value.type !== "int" && node.value.type !== "i32")) return null;
  const value = Number(node.value.value);
  return value >= RANGES[at][0] && value <= RANGES[at][1] ? value : null;
}

/** The operand that stands for the resume tail; its window starts at the top of the registers in use. */
function resume(c: FunctionCompiler, name: PrimitiveName, flags: number): number {
  const window = c.regs.top;
  c.regs.alloc(WINDOW_ARGUMENTS + (flags & Resume.Negated ? THROUGH_NOT_ARGUMENTS : 0) + primitive(name).arity);
  c.regs.release(window);
  return window | (primitiveIndex(name) | flags) << 8;
}

export function compilePrimitive(c: FunctionCompiler, node: PrimitiveNode, dest: number): void {
  if (!isInline(c, node)) return callPrimitive(c, node, dest);
  const { op, args } = node, form = VALUES[op];
  const dst = c.target(dest);
  if (args.length === 3) {
    const [a, b, d] = c.operands(args) as [number, number, number];
    c.emit(form?.op ?? Op.Primitive3, a, b, d, dst, resume(c, op, 0));
    return c.finish(dest, dst);
  }
  const small = form?.withImmediate === undefined ? null : smallInteger(args[1], "sc");
  if (small !== null) {
    const left = c.operandIn(args[0]!, dst);
    c.emit(form!.withImmediate!, dst, left, small, resume(c, op, Resume.Immediate));
  } else {
    const first = c.operandBefore(args[0]!, dst, args.slice(1));
    emitValue(c, op, dst, args.length === 1 ? [first] : [first, c.operand(args[1]!)]);
  }
  c.finish(dest, dst);
}

function emitValue(c: FunctionCompiler, name: PrimitiveName, dst: number, operands: readonly number[]): void {
  const form = VALUES[name], swapped = form?.swapped === true;
  const given = swapped ? [...operands].reverse() : operands;
  // The general instruction has two operands; the second is not looked at when the operation has one.
  if (form === undefined) c.emit(Op.Primitive, dst, given[0]!, given[1] ?? given[0]!, resume(c, name, 0));
  else c.emit(form.op, dst, ...given, resume(c, name, swapped ? Resume.Swapped : 0));
}

function callPrimitive(c: FunctionCompiler, { span, tail, op, args }: PrimitiveNode, dest: number): void {
  const callee: Node = { kind: "Global", span, name: primitive(op).global, onHole: null };
  compileCall(c, { kind: "Call", span, callee, args: args.map((value) => ({ name: null, value })), tail, properTail: true }, dest);
}

/** How a test is emitted: the instruction that jumps when it does not hold, its operands, and that of its tail. */
export interface PrimitiveTest { readonly op: Op; readonly operands: readonly (number | Label)[]; readonly resume: number }

/** The operands of a test that is one instruction, evaluated; null, with nothing emitted, when it is none. `flags`: of its tail. */
export function primitiveTest(c: FunctionCompiler, node: PrimitiveNode, flags = 0): PrimitiveTest | null {
  if (!isInline(c, node)) return null;
  const { op, args } = node;
  if (op === "IsZero") return { op: Op.JumpIfLispNotNumEqI, operands: [c.operand(args[0]!), 0], resume: resume(c, op, Resume.Immediate | flags) };
  const form = JUMPS[op];
  if (form === undefined) return null;
  const right = form.withImmediate === undefined ? null : smallInteger(args[1], "sbx");
  if (right !== null) return { op: form.withImmediate!, operands: [c.operand(args[0]!), right], resume: resume(c, op, Resume.Immediate | flags) };
  const left = form.mirrored === undefined ? null : smallInteger(args[0], "sbx");
  if (left !== null) return { op: form.mirrored!, operands: [c.operand(args[1]!), left], resume: resume(c, op, Resume.Immediate | Resume.Swapped | flags) };
  const operands = c.operands(args);
  if (form.swapped === true) operands.reverse();
  return { op: form.op, operands, resume: resume(c, op, (form.swapped === true ? Resume.Swapped : 0) | flags) };
}
