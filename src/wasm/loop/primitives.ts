// Lisp: truth, and the primitives that do a library function's work themselves. What a handler finishes skips the resume tail
// behind its instruction (bytecode/opcodes.ts), so two words in all, and four for a jump.

import { Arr, Pair, Vector } from "../../../heap/layout.ts";
import { CellHi, CellKind, Hi, Tag } from "../../../heap/value.ts";
import { Op } from "../../bytecode/opcodes.ts";
import { F64, get, i32, I32, I64, loadI32, loadI64, loadU8, set, storeI64, tee, when, type Code } from "../assembler.ts";
import { bump } from "./allocation.ts";
import {
  A, B, BASE, C, hi, HX, HY, isI32, isNot, isNotDouble, isNotI32, lo, next, number, overwrite, P, PC, signedBx, signedC, slowIf, store,
  storeEmpty, storeNumber, take, wordAt, X, Y, Z, type Handlers,
} from "./frame.ts";

type Operation = (x: Code, y: Code) => Code;
type Ending = (condition: Code) => Code;

const VALUE = 2, JUMP = 4;
/** A value that is true or false; the condition is 0 or 1. */
const value: Ending = (condition) => [store(A, Hi.Bool, condition), next(VALUE)];
const jump: Ending = (condition) => [when(condition, set(PC, I32.add(get(PC), I32.shl(wordAt(1), i32(2))))), next(JUMP)];
const unless = (ending: Ending): Ending => (condition) => ending(I32.eqz(condition));

// ---- arithmetic: integers that leave 32 bits are no i32 any more

const storeExact = (wide: Code): Code => [
  set(Z, I32.wrapI64(tee(P, wide))), slowIf(I64.ne(I64.extendI32S(get(Z)), get(P))), store(A, Hi.I32, get(Z)), next(VALUE),
];
const operands: Code = () => [set(HX, hi(tee(X, B))), set(HY, hi(tee(Y, C)))];
const bothDoubles: Code = () => [slowIf(isNotDouble(get(HX))), slowIf(isNotDouble(get(HY)))];
const bothIntegers: Code = () => [slowIf(isNotI32(get(HX))), slowIf(isNotI32(get(HY)))];

const arithmetic = (exact: Operation, inexact: Operation): Code => [
  operands,
  when(isI32(get(HX)), [slowIf(isNotI32(get(HY))), storeExact(exact(I64.extendI32S(lo(get(X))), I64.extendI32S(lo(get(Y)))))]),
  bothDoubles, storeNumber(A, inexact(number(get(X)), number(get(Y)))), next(VALUE),
];
const withImmediate = (exact: Operation, inexact: Operation): Code => [
  set(HX, hi(tee(X, B))),
  when(isI32(get(HX)), storeExact(exact(I64.extendI32S(lo(get(X))), I64.extendI32S(signedC)))),
  slowIf(isNotDouble(get(HX))), storeNumber(A, inexact(number(get(X)), F64.ofI32(signedC))), next(VALUE),
];
/** Z: divisor. */
const divisor: Code = () => [operands, bothIntegers, slowIf(I32.eqz(tee(Z, lo(get(Y)))))];

// ---- comparison

const compare = (x: Code, y: Code, onI32: Operation, onF64: Operation, ending: Ending): Code => [
  set(HX, hi(tee(X, x))), set(HY, hi(tee(Y, y))),
  when(isI32(get(HX)), [slowIf(isNotI32(get(HY))), ending(onI32(lo(get(X)), lo(get(Y))))]),
  bothDoubles, ending(onF64(number(get(X)), number(get(Y)))),
];
const compareImmediate = (onI32: Operation, onF64: Operation): Code => [
  set(HX, hi(tee(X, A))),
  when(isI32(get(HX)), unless(jump)(onI32(lo(get(X)), signedBx))),
  slowIf(isNotDouble(get(HX))), unless(jump)(onF64(number(get(X)), F64.ofI32(signedBx))),
];

/** nil, booleans, characters, '(), symbols, keywords: equal to nothing of another type. */
const isPlain = (hiWord: Code): Code => I32.or(
  I32.ltU(I32.sub(hiWord, i32(Hi.Hole + 1)), i32(Hi.Eof - Hi.Hole)),
  I32.or(I32.eq(hiWord, i32(CellHi.Symbol)), I32.eq(hiWord, i32(CellHi.Keyword))),
);
/** As quickEq in vm/primitives.ts. */
const identity = (x: Code, y: Code, ending: Ending): Code => [
  set(HX, hi(tee(X, x))), set(HY, hi(tee(Y, y))), set(Z, I32.eq(lo(get(X)), lo(get(Y)))),
  when(I32.eq(get(HX), get(HY)),
    when(get(Z), slowIf(I32.leS(get(HX), i32(Tag.First))), slowIf(I32.and(isNotI32(get(HX)), I32.eqz(isPlain(get(HX)))))),
    [slowIf(I32.eqz(I32.or(isPlain(get(HX)), isPlain(get(HY))))), set(Z, i32(0))]),
  ending(get(Z)),
];

/** Neither null nor false. */
const isTrue = (x: Code): Code => [
  set(HX, hi(tee(X, x))),
  I32.and(I32.ne(get(HX), i32(Hi.Null)), I32.or(I32.ne(get(HX), i32(Hi.Bool)), I32.ne(lo(get(X)), i32(0)))),
];
const isEmpty = (x: Code): Code => [set(HX, hi(x)), I32.or(I32.eq(get(HX), i32(Hi.Empty)), I32.eq(get(HX), i32(Hi.Null)))];
const isPair = (x: Code): Code => I32.eq(hi(x), i32(CellHi.Pair));

// ---- pairs and vectors

const part = (offset: number): Code => [slowIf(isNot(hi(tee(X, B)), CellHi.Pair)), storeI64(A, 0, loadI64(lo(get(X)), offset)), next(VALUE)];
const cons: Code = () => [
  slowIf(I32.eq(hi(C), i32(Hi.Null))), bump(X, CellKind.Pair, i32(Pair.Size)),
  storeI64(get(X), Pair.Car, loadI64(B)), storeI64(get(X), Pair.Cdr, loadI64(C)), store(A, CellHi.Pair, get(X)), next(VALUE),
];
/** Z: address such that item `index` of the cell Z lies at + Vector.Data; those of an array's Slots lie alike. */
const item = (index: Code): Code => [
  slowIf(isNotI32(hi(tee(X, index)))), slowIf(I32.geU(tee(X, lo(get(X))), loadI32(get(Z), Vector.Count))),
  set(Z, I32.add(get(Z), I32.shl(get(X), i32(3)))),
];
const vectorRef: Code = () => [
  set(HX, hi(tee(X, B))), set(Z, lo(get(X))),
  when(I32.ne(get(HX), i32(CellHi.Vector)), [slowIf(isNot(get(HX), CellHi.Array)), set(Z, loadI32(get(Z), Arr.Data))]),
  item(C), storeI64(A, 0, loadI64(get(Z), Vector.Data)), next(VALUE),
];
const vectorSet: Code = () => [
  slowIf(isNot(hi(tee(X, A)), CellHi.Vector)), set(Y, lo(get(X))), set(Z, get(Y)), item(B),
  overwrite(I32.add(get(Z), i32(Vector.Data)), [
    storeI64(get(Z), Vector.Data, loadI64(C)),
    // The destination is operand A of the tail.
    storeEmpty(I32.add(get(BASE), I32.shl(loadU8(get(PC), 5), i32(3))), Hi.Null), next(VALUE),
  ], loadI32(get(Y), Vector.Constant)),
];

export const primitives = (): Handlers => ({
  [Op.IsTrue]: [store(A, Hi.Bool, isTrue(B)), next()],
  [Op.JumpIfNotNil]: take(isTrue(A)),
  [Op.JumpIfNil]: take(I32.eqz(isTrue(A))),

  [Op.LispAdd]: arithmetic(I64.add, F64.add),
  [Op.LispSub]: arithmetic(I64.sub, F64.sub),
  [Op.LispMul]: arithmetic(I64.mul, F64.mul),
  [Op.LispDiv]: [operands, bothDoubles, storeNumber(A, F64.div(number(get(X)), number(get(Y)))), next(VALUE)],
  [Op.LispAddI]: withImmediate(I64.add, F64.add),
  [Op.LispSubI]: withImmediate(I64.sub, F64.sub),
  // -2^31 / -1 needs 33 bits.
  [Op.LispQuotient]: [divisor, slowIf(I32.eq(get(Z), i32(-1))), store(A, Hi.I32, I32.divS(lo(get(X)), get(Z))), next(VALUE)],
  [Op.LispRemainder]: [divisor, store(A, Hi.I32, I32.remS(lo(get(X)), get(Z))), next(VALUE)],
  // The remainder has the sign of the dividend; the modulo that of the divisor.
  [Op.LispModulo]: [
    divisor, set(Y, I32.remS(lo(get(X)), get(Z))),
    when(I32.and(I32.ne(get(Y), i32(0)), I32.ltS(I32.xor(get(Y), get(Z)), i32(0))), set(Y, I32.add(get(Y), get(Z)))),
    store(A, Hi.I32, get(Y)), next(VALUE),
  ],
  [Op.LispLess]: compare(B, C, I32.ltS, F64.lt, value),
  [Op.LispLessEq]: compare(B, C, I32.leS, F64.le, value),
  [Op.LispNumEq]: compare(B, C, I32.eq, F64.eq, value),
  [Op.LispNot]: value(I32.eqz(isTrue(B))),
  [Op.LispEq]: identity(B, C, value),
  [Op.IsEmpty]: value(isEmpty(B)),
  [Op.IsPair]: value(isPair(B)),
  [Op.Car]: part(Pair.Car),
  [Op.Cdr]: part(Pair.Cdr),
  [Op.Cons]: cons,
  [Op.VectorRef]: vectorRef,
  [Op.VectorSet]: vectorSet,

  [Op.JumpIfLispNotLess]: compare(A, B, I32.ltS, F64.lt, unless(jump)),
  [Op.JumpIfLispNotLessEq]: compare(A, B, I32.leS, F64.le, unless(jump)),
  [Op.JumpIfLispNotNumEq]: compare(A, B, I32.eq, F64.eq, unless(jump)),
  [Op.JumpIfLispNotLessI]: compareImmediate(I32.ltS, F64.lt),
  [Op.JumpIfLispNotLessEqI]: compareImmediate(I32.leS, F64.le),
  [Op.JumpIfLispNotGreaterI]: compareImmediate(I32.gtS, F64.gt),
  [Op.JumpIfLispNotGreaterEqI]: compareImmediate(I32.geS, F64.ge),
  [Op.JumpIfLispNotNumEqI]: compareImmediate(I32.eq, F64.eq),
  [Op.JumpIfLispNotEq]: identity(A, B, unless(jump)),
  [Op.JumpIfEmpty]: jump(isEmpty(A)),
  [Op.JumpIfNotEmpty]: unless(jump)(isEmpty(A)),
  [Op.JumpIfPair]: jump(isPair(A)),
  [Op.JumpIfNotPair]: unless(jump)(isPair(A)),
});
