// What operators give on literals, for constant folding: the same rules as src/vm/arithmetic.ts, on plain numbers and
// bigints. `null` means "leave it to run time": the operation fails, gives NaN (whose sign may show) or is not one that
// constants can decide. Integers are computed as bigints and wrapped by width, so no case needs care for overflow.

import type { BinaryOp, Literal, UnaryOp } from "./nodes.ts";

/** Numeric types in promotion order. */
const RANKS = ["i8", "u8", "i16", "u16", "i32", "u32", "i64", "u64", "f32", "f64"] as const;
type NumberType = (typeof RANKS)[number];
type IntegerType = Exclude<NumberType, "f32" | "f64">;
type NumberLiteral = Extract<Literal, { readonly value: number | bigint; readonly type: unknown }> & { readonly type: NumberType };
type IntegerLiteral = NumberLiteral & { readonly type: IntegerType };

const BITS: { readonly [K in IntegerType]: number } = { i8: 8, u8: 8, i16: 16, u16: 16, i32: 32, u32: 32, i64: 64, u64: 64 };
/** Type of the negation; unsigned types widen. */
const NEGATED: { readonly [K in IntegerType]: IntegerType } = { i8: "i8", i16: "i16", i32: "i32", i64: "i64", u8: "i16", u16: "i32", u32: "i64", u64: "i64" };

const isNumberType = (type: string): type is NumberType => (RANKS as readonly string[]).includes(type);
const isFloat = (type: NumberType): type is "f32" | "f64" => type === "f32" || type === "f64";
const isSigned = (type: IntegerType): boolean => type.startsWith("i");
const isNumber = (literal: Literal): literal is NumberLiteral => isNumberType(literal.type);
export const isInteger = (literal: Literal): literal is IntegerLiteral => isNumber(literal) && !isFloat(literal.type);

const bool = (value: boolean): Literal => ({ type: "bool", value });

function wrap(type: IntegerType, value: bigint): bigint {
  return isSigned(type) ? BigInt.asIntN(BITS[type], value) : BigInt.asUintN(BITS[type], value);
}

function integer(type: IntegerType, value: bigint): Literal {
  const wrapped = wrap(type, value);
  return type === "i64" || type === "u64" ? { type, value: wrapped } : { type, value: Number(wrapped) };
}

/** A float literal, rounded to its type; null for NaN. */
function float(type: "f32" | "f64", value: number): Literal | null {
  if (Number.isNaN(value)) return null;
  return { type, value: type === "f32" ? Math.fround(value) : value };
}

/** Common type of two operands. */
function promote(a: NumberType, b: NumberType): NumberType {
  if (a === b) return a;
  const high = RANKS[Math.max(RANKS.indexOf(a), RANKS.indexOf(b))]!;
  const low = high === a ? b : a;
  // A single cannot hold 64-bit integers usefully.
  return high === "f32" && (low === "i64" || low === "u64") ? "f64" : high;
}

const asFloat = (type: "f32" | "f64", literal: NumberLiteral): number => (type === "f32" ? Math.fround(Number(literal.value)) : Number(literal.value));

export function truth(literal: Literal): boolean | null {
  switch (literal.type) {
    case "hole": case "array": case "datum": return null;
    case "null": return false;
    case "bool": return literal.value;
    case "string": return literal.value.length > 0;
    case "rune": case "symbol": case "type": case "native": case "empty": case "keyword": return true;
    case "i64": case "u64": case "int": return literal.value !== 0n;
    default: return literal.value !== 0;
  }
}

/** The integer as another numeric type; null when that is out of range or no numeric type. */
export function convertInteger(literal: IntegerLiteral, to: string): Literal | null {
  if (!isNumberType(to)) return null;
  if (isFloat(to)) return float(to, Number(literal.value));
  const value = BigInt(literal.value);
  return wrap(to, value) === value ? integer(to, value) : null;
}

/** Truth in Lisp: nothing but null and false is false. */
const isTrue = (literal: Literal): boolean => literal.type !== "null" && !(literal.type === "bool" && !literal.value);

export function foldUnary(op: UnaryOp, operand: Literal): Literal | null {
  if (op === "IsTrue") return operand.type === "hole" ? null : bool(isTrue(operand));
  if (op === "Not" || op === "Truthy") {
    const value = truth(operand);
    return value === null ? null : bool(op === "Not" ? !value : value);
  }
  if (!isNumber(operand)) return null;
  const { type } = operand;
  const step = op === "Inc" ? 1 : -1;
  if (isFloat(type)) {
    if (op === "BitNot") return null;
    return op === "Neg" ? float("f64", -Number(operand.value)) : float(type, Number(operand.value) + step);
  }
  const value = BigInt(operand.value);
  if (op === "BitNot") return integer(type, ~value);
  if (op !== "Neg") return integer(type, value + BigInt(step));
  return type === "u64" && value > 0x7fff_ffff_ffff_ffffn ? null : integer(NEGATED[type], -value);
}

export function foldBinary(op: BinaryOp, left: Literal, right: Literal): Literal | null {
  if (op === "Eq" || op === "Ne") {
    const equal = foldEqual(left, right);
    return equal === null ? null : bool(equal === (op === "Eq"));
  }
  if (op === "StrictEq") {
    const equal = left.type === right.type || !isNumber(left) || !isNumber(right) ? foldEqual(left, right) : false;
    return equal === null ? null : bool(equal);
  }
  if (left.type === "rune" && right.type === "rune") return foldOrder(op, left.value, right.value);
  if (!isNumber(left) || !isNumber(right)) return null;
  const type = promote(left.type, right.type);
  if (op === "Div") return foldDivision(type, left, right);
  if (isFloat(type)) {
    const a = asFloat(type, left), b = asFloat(type, right);
    return foldOrder(op, a, b) ?? foldFloat(op, type, a, b);
  }
  const a = wrap(type, BigInt(left.value)), b = wrap(type, BigInt(right.value));
  return foldOrder(op, a, b) ?? foldInteger(op, type, a, b);
}

/** `==` of literals without identity; null for all others. */
function foldEqual(left: Literal, right: Literal): boolean | null {
  if (isNumber(left) && isNumber(right)) {
    const type = promote(left.type, right.type);
    if (isFloat(type)) return asFloat(type, left) === asFloat(type, right);
    return wrap(type, BigInt(left.value)) === wrap(type, BigInt(right.value));
  }
  const plain = (literal: Literal): boolean => isNumber(literal) || literal.type === "null" || literal.type === "bool" || literal.type === "rune";
  if (!plain(left) || !plain(right)) return null;
  if (left.type !== right.type) return false;
  return left.type === "null" || ("value" in left && "value" in right && left.value === right.value);
}

function foldOrder<T extends number | bigint>(op: BinaryOp, a: T, b: T): Literal | null {
  switch (op) {
    case "Lt": return bool(a < b);
    case "Le": return bool(a <= b);
    case "Gt": return bool(a > b);
    case "Ge": return bool(a >= b);
    default: return null;
  }
}

/** Always floating, after promotion. Zero divisors and integers that a double cannot hold are left alone. */
function foldDivision(type: NumberType, left: NumberLiteral, right: NumberLiteral): Literal | null {
  const operand = (side: NumberLiteral): number => (isFloat(type) ? asFloat(type, side) : Number(wrap(type, BigInt(side.value))));
  const a = operand(left), b = operand(right);
  if (b === 0) return null;
  if (!isFloat(type) && !(Number.isSafeInteger(a) && Number.isSafeInteger(b))) return null;
  return float(type === "f32" ? "f32" : "f64", a / b);
}

function foldFloat(op: BinaryOp, type: "f32" | "f64", a: number, b: number): Literal | null {
  switch (op) {
    case "Add": return float(type, a + b);
    case "Sub": return float(type, a - b);
    case "Mul": return float(type, a * b);
    case "Mod": return float(type, a % b);
    default: return null;
  }
}

function foldInteger(op: BinaryOp, type: IntegerType, a: bigint, b: bigint): Literal | null {
  switch (op) {
    case "Add": return integer(type, a + b);
    case "Sub": return integer(type, a - b);
    case "Mul": return integer(type, a * b);
    case "Mod": return b === 0n ? null : integer(type, a % b);
    case "BitAnd": return integer(type, a & b);
    case "BitOr": return integer(type, a | b);
    case "BitXor": return integer(type, a ^ b);
    case "Shl": return integer(type, a << shiftCount(type, b));
    case "Shr": return integer(type, a >> shiftCount(type, b));
    default: return null;
  }
}

/** i32 masks the count by 31; all others shift in 64 bits. */
const shiftCount = (type: IntegerType, count: bigint): bigint => count & (type === "i32" ? 31n : 63n);
