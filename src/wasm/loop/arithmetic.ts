// Arithmetic and bit operations on two i32 or two doubles.

import { Hi } from "../../../heap/value.ts";
import { Op } from "../../bytecode/opcodes.ts";
import { F64, f64, get, i32, I32, set, tee, when, type Code } from "../assembler.ts";
import {
  A, B, C, HX, HY, hi, isDouble, isI32, isNotDouble, isNotI32, K_C, lo, next, number, signedC, slowIf, store, storeNumber, X,
  Y, Z, type Handlers,
} from "./frame.ts";

type Operation = (x: Code, y: Code) => Code;

const operands = (c: Code): Code => [set(HX, hi(tee(X, B))), set(HY, hi(tee(Y, c)))];
const integers = (operation: Operation): Code => [store(A, Hi.I32, operation(lo(get(X)), lo(get(Y)))), next()];
const doubles = (operation: Operation): Code => [storeNumber(A, operation(number(get(X)), number(get(Y)))), next()];

/** Registers: mostly integers. */
const ofRegisters = (onI32: Operation, onF64: Operation): Code => [
  operands(C),
  when(isI32(get(HX)), [slowIf(isNotI32(get(HY))), integers(onI32)]),
  slowIf(isNotDouble(get(HX))), slowIf(isNotDouble(get(HY))), doubles(onF64),
];
/** A constant: mostly a double, for small integers have instructions of their own. */
const ofConstant = (onI32: Operation, onF64: Operation): Code => [
  operands(K_C),
  when(isDouble(get(HX)), [slowIf(isNotDouble(get(HY))), doubles(onF64)]),
  slowIf(isNotI32(get(HX))), slowIf(isNotI32(get(HY))), integers(onI32),
];

const divide = (c: Code): Code => [
  operands(c),
  when(isDouble(get(HX)), [slowIf(isNotDouble(get(HY))), doubles(F64.div)]),
  slowIf(isNotI32(get(HX))), slowIf(isNotI32(get(HY))), slowIf(I32.eqz(tee(Z, lo(get(Y))))),
  storeNumber(A, F64.div(F64.ofI32(lo(get(X))), F64.ofI32(get(Z)))), next(),
];
const remainder = (c: Code): Code => [
  operands(c),
  slowIf(isNotI32(get(HX))), slowIf(isNotI32(get(HY))), slowIf(I32.eqz(tee(Z, lo(get(Y))))),
  store(A, Hi.I32, I32.remS(lo(get(X)), get(Z))), next(),
];

/** One operand, and a number known as an i32. */
const ofImmediate = (onI32: (x: Code) => Code, onF64: (x: Code) => Code): Code => [
  set(HX, hi(tee(X, B))),
  when(isI32(get(HX)), [store(A, Hi.I32, onI32(lo(get(X)))), next()]),
  slowIf(isNotDouble(get(HX))), storeNumber(A, onF64(number(get(X)))), next(),
];

const bits = (operation: Operation): Code => [operands(C), slowIf(isNotI32(get(HX))), slowIf(isNotI32(get(HY))), integers(operation)];

export const arithmetic = (): Handlers => ({
  [Op.Add]: ofRegisters(I32.add, F64.add),
  [Op.Sub]: ofRegisters(I32.sub, F64.sub),
  [Op.Mul]: ofRegisters(I32.mul, F64.mul),
  [Op.Div]: divide(C),
  [Op.Mod]: remainder(C),
  [Op.AddI]: ofImmediate((x) => I32.add(x, signedC), (x) => F64.add(x, F64.ofI32(signedC))),
  [Op.SubI]: ofImmediate((x) => I32.sub(x, signedC), (x) => F64.sub(x, F64.ofI32(signedC))),
  [Op.AddK]: ofConstant(I32.add, F64.add),
  [Op.SubK]: ofConstant(I32.sub, F64.sub),
  [Op.MulK]: ofConstant(I32.mul, F64.mul),
  [Op.DivK]: divide(K_C),
  [Op.ModK]: remainder(K_C),
  [Op.Neg]: ofImmediate((x) => I32.sub(i32(0), x), F64.neg),
  [Op.Inc]: ofImmediate((x) => I32.add(x, i32(1)), (x) => F64.add(x, f64(1))),
  [Op.Dec]: ofImmediate((x) => I32.sub(x, i32(1)), (x) => F64.sub(x, f64(1))),
  [Op.BitAnd]: bits(I32.and),
  [Op.BitOr]: bits(I32.or),
  [Op.BitXor]: bits(I32.xor),
  [Op.Shl]: bits(I32.shl),
  [Op.Shr]: bits(I32.shrS),
  [Op.BitNot]: [set(HX, hi(tee(X, B))), slowIf(isNotI32(get(HX))), store(A, Hi.I32, I32.xor(lo(get(X)), i32(-1))), next()],
});
