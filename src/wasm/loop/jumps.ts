// Comparison to a value, and jumps.

import { Hi, Tag } from "../../../heap/value.ts";
import { Op } from "../../bytecode/opcodes.ts";
import { F64, get, i32, I32, jump, loadI32, set, tee, when, type Code } from "../assembler.ts";
import {
  A, B, C, hi, HX, HY, isI32, isNotDouble, isNotI32, K_B, lo, NEXT, next, number, PC, signedBx, slowIf, spendFuel, store, take,
  takeBack, wordAt, X, Y, Z, type Handlers,
} from "./frame.ts";

type Operation = (x: Code, y: Code) => Code;
interface Order { readonly i32: Operation; readonly f64: Operation }

const LESS: Order = { i32: I32.ltS, f64: F64.lt }, LESS_EQ: Order = { i32: I32.leS, f64: F64.le };
const GREATER: Order = { i32: I32.gtS, f64: F64.gt }, GREATER_EQ: Order = { i32: I32.geS, f64: F64.ge };
const not = I32.eqz;

/** What follows a comparison whose outcome is this condition. */
type Ending = (condition: Code) => Code;

const compare = (x: Code, y: Code, order: Order, ending: Ending): Code => [
  set(HX, hi(tee(X, x))), set(HY, hi(tee(Y, y))),
  when(isI32(get(HX)), [slowIf(isNotI32(get(HY))), ending(order.i32(lo(get(X)), lo(get(Y))))]),
  slowIf(isNotDouble(get(HX))), slowIf(isNotDouble(get(HY))), ending(order.f64(number(get(X)), number(get(Y)))),
];
const compareImmediate = (order: Order, ending: Ending): Code => [
  set(HX, hi(tee(X, A))),
  when(isI32(get(HX)), ending(order.i32(lo(get(X)), signedBx))),
  slowIf(isNotDouble(get(HX))), ending(order.f64(number(get(X)), F64.ofI32(signedBx))),
];

const value: Ending = (condition) => [store(A, Hi.Bool, condition), next()];
const unless = (ending: Ending): Ending => (condition) => ending(not(condition));

/** Immediates of one type, up to u32, are equal when their payloads are. */
const unlikeImmediates = (x: Code, y: Code): Code => I32.or(I32.ne(x, y), I32.gtU(I32.sub(x, i32(Tag.First)), i32(Hi.U32 - Tag.First)));
const equality = (x: Code, y: Code, ending: Ending): Code => [
  set(HX, hi(tee(X, x))), set(HY, hi(tee(Y, y))),
  slowIf(unlikeImmediates(get(HX), get(HY))),
  ending(I32.eq(lo(get(X)), lo(get(Y)))),
];
/** With null on the right, which equals only itself and the null pointer. */
const equalityOrNull = (ending: Ending): Code => [
  set(HX, hi(tee(X, A))), set(HY, hi(tee(Y, B))),
  when(I32.eq(get(HY), i32(Hi.Null)), [slowIf(I32.geS(get(HX), i32(Tag.Pointer))), ending(I32.eq(get(HX), i32(Hi.Null)))]),
  slowIf(unlikeImmediates(get(HX), get(HY))),
  ending(I32.eq(lo(get(X)), lo(get(Y)))),
];
const equalityImmediate = (ending: Ending): Code => [slowIf(isNotI32(hi(tee(X, A)))), ending(I32.eq(lo(get(X)), signedBx))];

/** Truth of a bool, a null or an i32 is whether its payload is not zero. */
const truth = (x: Code, ending: Ending): Code => [
  set(HX, hi(tee(X, x))),
  slowIf(I32.and(I32.gtU(I32.sub(get(HX), i32(Hi.Null)), i32(Hi.Bool - Hi.Null)), isNotI32(get(HX)))),
  ending(lo(get(X))),
];

const jumpBy = (distance: Code): Code => set(PC, I32.add(get(PC), I32.shl(distance, i32(2))));
const ifHi = (wanted: number, wrap: Operation): Code => take(wrap(hi(A), i32(wanted)));

export const jumps = (): Handlers => ({
  [Op.Eq]: equality(B, C, value),
  [Op.Ne]: equality(B, C, unless(value)),
  [Op.Lt]: compare(B, C, LESS, value),
  [Op.Le]: compare(B, C, LESS_EQ, value),
  [Op.Not]: truth(B, unless(value)),
  [Op.Truthy]: truth(B, (condition) => value(I32.ne(condition, i32(0)))),

  // sJ is the instruction's upper 24 bits.
  [Op.Jump]: [jumpBy(I32.shrS(loadI32(get(PC)), i32(8))), next()],
  [Op.Loop]: [spendFuel, jumpBy(I32.shrS(loadI32(get(PC)), i32(8))), next()],
  [Op.JumpIfTrue]: truth(A, take),
  [Op.JumpIfFalse]: truth(A, unless(take)),
  [Op.JumpIfNull]: ifHi(Hi.Null, I32.eq),
  [Op.JumpIfNotNull]: ifHi(Hi.Null, I32.ne),
  [Op.JumpIfHole]: ifHi(Hi.Hole, I32.eq),
  [Op.JumpIfNotHole]: ifHi(Hi.Hole, I32.ne),
  [Op.JumpIfLess]: compare(A, B, LESS, take),
  [Op.JumpIfNotLess]: compare(A, B, LESS, unless(take)),
  [Op.JumpIfLessEq]: compare(A, B, LESS_EQ, take),
  [Op.JumpIfNotLessEq]: compare(A, B, LESS_EQ, unless(take)),
  [Op.JumpIfEq]: equalityOrNull(take),
  [Op.JumpIfNotEq]: equalityOrNull(unless(take)),
  [Op.JumpIfLessI]: compareImmediate(LESS, take),
  [Op.JumpIfNotLessI]: compareImmediate(LESS, unless(take)),
  [Op.JumpIfLessEqI]: compareImmediate(LESS_EQ, take),
  [Op.JumpIfNotLessEqI]: compareImmediate(LESS_EQ, unless(take)),
  [Op.JumpIfGreaterI]: compareImmediate(GREATER, take),
  [Op.JumpIfNotGreaterI]: compareImmediate(GREATER, unless(take)),
  [Op.JumpIfGreaterEqI]: compareImmediate(GREATER_EQ, take),
  [Op.JumpIfNotGreaterEqI]: compareImmediate(GREATER_EQ, unless(take)),
  [Op.JumpIfEqI]: equalityImmediate(take),
  [Op.JumpIfNotEqI]: equalityImmediate(unless(take)),
  [Op.JumpIfLessK]: compare(A, K_B, LESS, take),
  [Op.JumpIfNotLessK]: compare(A, K_B, LESS, unless(take)),
  [Op.JumpIfLessEqK]: compare(A, K_B, LESS_EQ, take),
  [Op.JumpIfNotLessEqK]: compare(A, K_B, LESS_EQ, unless(take)),
  [Op.JumpIfGreaterK]: compare(A, K_B, GREATER, take),
  [Op.JumpIfNotGreaterK]: compare(A, K_B, GREATER, unless(take)),
  [Op.JumpIfGreaterEqK]: compare(A, K_B, GREATER_EQ, take),
  [Op.JumpIfNotGreaterEqK]: compare(A, K_B, GREATER_EQ, unless(take)),
  [Op.LoopIfTrue]: truth(A, takeBack),
  [Op.LoopIfLess]: compare(A, B, LESS, takeBack),
  [Op.LoopIfLessEq]: compare(A, B, LESS_EQ, takeBack),
  [Op.LoopIfLessI]: compareImmediate(LESS, takeBack),
  [Op.LoopIfLessEqI]: compareImmediate(LESS_EQ, takeBack),
  [Op.LoopIfGreaterI]: compareImmediate(GREATER, takeBack),
  [Op.LoopIfGreaterEqI]: compareImmediate(GREATER_EQ, takeBack),
  [Op.LoopIfNotEqI]: equalityImmediate(unless(takeBack)),
  [Op.LoopIfLessK]: compare(A, K_B, LESS, takeBack),
  [Op.LoopIfLessEqK]: compare(A, K_B, LESS_EQ, takeBack),
  [Op.LoopIfGreaterK]: compare(A, K_B, GREATER, takeBack),
  [Op.LoopIfGreaterEqK]: compare(A, K_B, GREATER_EQ, takeBack),

  // Three words, then the table: distances count from behind it.
  [Op.JumpTable]: [
    set(HX, hi(tee(X, A))), set(Y, I32.sub(lo(get(X)), wordAt(2))), set(Z, wordAt(1)), set(X, get(PC)),
    set(PC, I32.add(get(PC), I32.add(i32(12), I32.shl(get(Z), i32(2))))),
    when(I32.and(isI32(get(HX)), I32.ltU(get(Y), get(Z))), jumpBy(loadI32(I32.add(get(X), I32.shl(get(Y), i32(2))), 12))),
    jump(NEXT),
  ],
});
