// Folding must give what the run-time operators give: every operator on every pair of types, on the values where widths,
// signs and rounding matter.

import { expect, test } from "vitest";
import { int64Of, setInt64, setUint64 } from "../../heap/cells/wide.ts";
import { Heap } from "../../heap/heap.ts";
import { Root } from "../../heap/roots.ts";
import { Hi, Rank, numericRank } from "../../heap/value.ts";
import { foldBinary, foldUnary } from "../../src/ir/arithmetic.ts";
import type { BinaryOp, Literal, UnaryOp } from "../../src/ir/nodes.ts";
import { printLiteral } from "../../src/ir/literals.ts";
import * as arithmetic from "../../src/vm/arithmetic.ts";
import { equal, isTrue, less, lessEqual, strictEqual, truthy } from "../../src/vm/compare.ts";
import { numberOf, storeNumber } from "../../src/vm/numeric.ts";
import type { Vm } from "../../src/vm/vm.ts";

class Thrown extends Error {}
const heap = new Heap({});
/** All that the number operators ask of a Vm. */
const vm = { heap, throwError(message: string): never { throw new Thrown(message); }, line: () => 1 } as unknown as Vm;
const [A, B, C] = [heap.rootSlot(Root.Temp0), heap.rootSlot(Root.Temp1), heap.rootSlot(Root.Temp2)];

const TYPES = { i8: Rank.I8, u8: Rank.U8, i16: Rank.I16, u16: Rank.U16, i32: Rank.I32, u32: Rank.U32, i64: Rank.I64, u64: Rank.U64, f32: Rank.F32, f64: Rank.F64 };
type NumberType = keyof typeof TYPES;

/** Numbers of the type from a list of awkward ones. */
function literals(type: NumberType): Literal[] {
  if (type === "f64" || type === "f32") return [0, -0, 1, -1.5, 0.1, 3, 1e10, -4294967297, Infinity, NaN].map((x) => ({ type, value: type === "f32" ? Math.fround(x) : x }));
  const bits = Number(type.slice(1));
  const wrap = type.startsWith("i") ? BigInt.asIntN : BigInt.asUintN;
  const values = new Set([0n, 1n, 2n, 7n, 63n, 100n, -1n, -3n, 2n ** 31n, 2n ** 40n + 3n, 1n << BigInt(bits - 1), (1n << BigInt(bits - 1)) - 1n].map((v) => wrap(bits, v)));
  return [...values].map((value) => (type === "i64" || type === "u64" ? { type, value } : { type, value: Number(value) }));
}

function store(slot: number, literal: Literal): void {
  if (literal.type === "i64") setInt64(heap, slot, literal.value);
  else if (literal.type === "u64") setUint64(heap, slot, literal.value);
  else storeNumber(heap, slot, TYPES[literal.type as NumberType], (literal as { value: number }).value);
}

function load(slot: number): Literal {
  const hi = heap.hi(slot);
  if (hi === Hi.Bool) return { type: "bool", value: heap.lo(slot) === 1 };
  const rank = numericRank(hi);
  const type = (Object.keys(TYPES) as NumberType[]).find((name) => TYPES[name] === rank)!;
  if (type === "i64" || type === "u64") return { type, value: int64Of(heap, slot) };
  return { type, value: numberOf(heap, slot, rank) };
}

const BINARY: { readonly [K in BinaryOp]: () => void } = {
  Add: () => arithmetic.add(vm, A, B, C), Sub: () => arithmetic.sub(vm, A, B, C), Mul: () => arithmetic.mul(vm, A, B, C),
  Div: () => arithmetic.div(vm, A, B, C), Mod: () => arithmetic.mod(vm, A, B, C),
  BitAnd: () => arithmetic.bitAnd(vm, A, B, C), BitOr: () => arithmetic.bitOr(vm, A, B, C), BitXor: () => arithmetic.bitXor(vm, A, B, C),
  Shl: () => arithmetic.shl(vm, A, B, C), Shr: () => arithmetic.shr(vm, A, B, C),
  Eq: () => heap.setBool(A, equal(vm, B, C)), Ne: () => heap.setBool(A, !equal(vm, B, C)),
  Lt: () => heap.setBool(A, less(vm, B, C)), Le: () => heap.setBool(A, lessEqual(vm, B, C)),
  Gt: () => heap.setBool(A, less(vm, C, B)), Ge: () => heap.setBool(A, lessEqual(vm, C, B)),
  StrictEq: () => heap.setBool(A, strictEqual(vm, B, C)),
};
const UNARY: { readonly [K in UnaryOp]: () => void } = {
  Neg: () => arithmetic.neg(vm, A, B), BitNot: () => arithmetic.bitNot(vm, A, B), Inc: () => arithmetic.inc(vm, A, B), Dec: () => arithmetic.dec(vm, A, B),
  Not: () => heap.setBool(A, !truthy(heap, B)), Truthy: () => heap.setBool(A, truthy(heap, B)), IsTrue: () => heap.setBool(A, isTrue(heap, B)),
};

/** The literal an operation gives at run time, or the text of its error. */
function atRunTime(run: () => void): string {
  try {
    run();
    return printLiteral(load(A));
  } catch (error) {
    if (!(error instanceof Thrown)) throw error;
    return error.message;
  }
}

const ALL = (Object.keys(TYPES) as NumberType[]).flatMap(literals);

test.each(Object.keys(BINARY) as BinaryOp[])("%s folds to what it gives at run time", (op) => {
  let folded = 0;
  const different: string[] = [];
  for (const left of ALL) for (const right of ALL) {
    const constant = foldBinary(op, left, right);
    if (constant === null) continue;
    folded++;
    store(B, left);
    store(C, right);
    const expected = atRunTime(BINARY[op]);
    if (printLiteral(constant) !== expected) different.push(`${printLiteral(left)} ${op} ${printLiteral(right)}: folded ${printLiteral(constant)}, run ${expected}`);
  }
  expect(different).toEqual([]);
  expect(folded).toBeGreaterThan(1000);
});

test.each(Object.keys(UNARY) as UnaryOp[])("%s folds to what it gives at run time", (op) => {
  for (const operand of ALL) {
    const constant = foldUnary(op, operand);
    if (constant === null) continue;
    store(B, operand);
    expect(printLiteral(constant), `${op} ${printLiteral(operand)}`).toBe(atRunTime(UNARY[op]));
  }
});
