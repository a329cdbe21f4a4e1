// Powers and roots: exact where the operands are exact and the result is.

import { setList } from "../../../../heap/cells/pair.ts";
import { setInteger } from "../../../../heap/cells/bigint.ts";
import { bitLength, ratio } from "../../../text/exact-number.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError, typeError } from "../conditions.ts";
import { answer, lisp, numberArgument } from "./arguments.ts";
import { Cost, allowBits, bitsAt } from "./limits.ts";
import { isInt, kindAt, realAt } from "./slots.ts";
import {
  Complex, Fraction, add, denominatorOf, divide, imaginaryPart, isExact, multiply, negateReal, numeratorOf, realPart, rectangular, signOf, toFloat, type Exact,
  type Numeric, type Real,
} from "./tower.ts";

/** The largest integer whose square is not above n; n is not negative. */
export function integerRoot(n: bigint): bigint {
  if (n < 1n << 52n) return BigInt(Math.floor(Math.sqrt(Number(n))));
  // The root of the upper half of the digits is right in the upper half of its own; one step of Newton's does the rest.
  const shift = BigInt(bitLength(n) >> 2), upper = integerRoot(n >> (2n * shift)) << shift;
  let root = (upper + n / upper) >> 1n;
  while (root * root > n) root--;
  while ((root + 1n) * (root + 1n) <= n) root++;
  return root;
}

/** The exact root of an exact number that is not negative; null when it has none. */
function exactRoot(x: Exact): Exact | null {
  const n = numeratorOf(x), d = denominatorOf(x), top = integerRoot(n);
  if (top * top !== n) return null;
  const bottom = integerRoot(d);
  return bottom * bottom !== d ? null : d === 1n ? top : new Fraction(top, bottom);
}

/** The float nearest to the root, also of numbers beyond the range of floats. */
function floatRoot(x: Real): number {
  const nearest = toFloat(x);
  if (typeof x === "number" || (nearest > 1e-290 && nearest < Infinity)) return Math.sqrt(nearest);
  // An even power of two brings the number into range.
  const shift = (bitLength(numeratorOf(x)) - bitLength(denominatorOf(x))) >> 1, by = BigInt(2 * Math.abs(shift)), half = Math.trunc(shift / 2);
  const scaled = shift > 0 ? ratio(numeratorOf(x), denominatorOf(x) << by) : ratio(numeratorOf(x) << by, denominatorOf(x));
  return Math.sqrt(scaled) * 2 ** half * 2 ** (shift - half);
}

function realRoot(x: Real): Numeric {
  if (signOf(x) < 0) return rectangular(0n, realRoot(negateReal(x)) as Real);
  return (isExact(x) ? exactRoot(x) : null) ?? floatRoot(x);
}

/** Principal root: from the larger of the two parts, so that nothing cancels. */
function complexRoot(z: Complex): Numeric {
  const x = toFloat(z.re), y = toFloat(z.im);
  const larger = Math.sqrt((Math.abs(x) + Math.hypot(x, y)) / 2);
  if (larger === 0) return new Complex(0, y);
  const other = Math.abs(y) / (2 * larger), negative = y < 0 || Object.is(y, -0);
  return x >= 0 ? new Complex(larger, negative ? -other : other) : new Complex(other, negative ? -larger : larger);
}

function squareRoot(vm: Vm, base: number): void {
  const x = numberArgument(vm, base);
  allowBits(vm, bitsAt(vm.heap, base), Cost.Division);
  answer(vm, base, x instanceof Complex ? complexRoot(x) : realRoot(x));
}

/** List of the root and of what its square lacks. */
function exactIntegerRoot(vm: Vm, base: number): void {
  const heap = vm.heap, kind = kindAt(heap, base), n = isInt(kind) ? realAt(heap, base) as bigint : typeError(vm, "exact integer", base);
  if (n < 0n) evalError(vm, "exact-integer-sqrt: argument must be non-negative");
  allowBits(vm, bitsAt(heap, base), Cost.Division);
  const root = integerRoot(n);
  setInteger(heap, base + 1, root);
  setInteger(heap, base + 2, n - root * root);
  setList(heap, base - 2, base + 1, 2);
}

export function complexExp(z: Numeric): Numeric {
  const size = Math.exp(toFloat(realPart(z))), angle = toFloat(imaginaryPart(z));
  return z instanceof Complex ? new Complex(size * Math.cos(angle), size * Math.sin(angle)) : size;
}

export function complexLog(z: Complex): Numeric {
  const x = toFloat(z.re), y = toFloat(z.im);
  return new Complex(Math.log(Math.hypot(x, y)), Math.atan2(y, x));
}

/** Powers with more bits than this are made one product at a time: the engine's own operator would not let a run stop in between. */
const LONG_POWER = 1 << 16;

/** An integer to a power that is not negative. Each product is charged for. */
function longPower(vm: Vm, x: bigint, exponent: bigint): bigint {
  const own = bitLength(x);
  if (own <= 1) return x ** exponent;
  let result = x, bits = own;
  for (const digit of exponent.toString(2).slice(1)) {
    bits = 2 * bits + (digit === "1" ? own : 0);
    vm.work(bits * Cost.Product / 2);
    result *= result;
    if (digit === "1") result *= x;
  }
  return result;
}

/** x to the power of an exact integer that is not negative, by squaring. */
function integerPower(x: Exact | Complex, exponent: bigint, whole: (x: bigint) => bigint): Numeric {
  if (typeof x === "bigint") return whole(x);
  if (exponent === 0n) return 1n;
  if (x instanceof Fraction) return new Fraction(whole(x.n), whole(x.d));
  let result: Numeric = 1n;
  for (let square: Numeric = x, rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = multiply(result, square);
    if (rest > 1n) square = multiply(square, square);
  }
  return result;
}

/** 1 to any power is 1, also to NaN and infinities. */
const floatPower = (x: number, y: number): number => (x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x ** y);

/** Bits an exact number grows by, at least, each time it is multiplied by itself; 0 for those that stay what they are. */
function growth(x: Exact): number {
  return Math.max(0, bitLength(numeratorOf(x)) - 1) + bitLength(denominatorOf(x)) - 1;
}

/** The same for complex numbers, by their distance from zero and their denominators. */
function complexGrowth({ re, im }: Complex): number {
  if (!isExact(re) || !isExact(im)) return 0;
  const norm = add(multiply(re, re), multiply(im, im)) as Exact;
  return growth(norm) / 2 + bitLength(denominatorOf(re)) + bitLength(denominatorOf(im)) - 2;
}

function power(vm: Vm, base: number): void {
  const x = numberArgument(vm, base), y = numberArgument(vm, base + 1);
  if (typeof y === "bigint") return answer(vm, base, powerOfInteger(vm, x, y, bitsAt(vm.heap, base)));
  if (x instanceof Complex || y instanceof Complex) return answer(vm, base, complexPower(x, y));
  answer(vm, base, floatPower(toFloat(x), toFloat(y)));
}

function powerOfInteger(vm: Vm, x: Numeric, exponent: bigint, bits: number): Numeric {
  const size = exponent < 0n ? -exponent : exponent;
  if (x === 0n && exponent < 0n) evalError(vm, "expt: 0 raised to a negative power");
  if (typeof x === "number") return floatPower(x, Number(exponent));
  if (x === 1n || x === -1n) return x === 1n || (size & 1n) === 0n ? 1n : -1n;
  if (x instanceof Complex && size > LONGEST_LOOP) return complexPower(x, exponent);
  const grown = (x instanceof Complex ? complexGrowth(x) : growth(x)) * Number(size);
  const isLong = grown > LONG_POWER && !(x instanceof Complex);
  if (grown > 0) allowBits(vm, Math.min(2 ** 53, grown) + bits, isLong ? 0 : Cost.Product);
  const result = integerPower(x, size, isLong ? (n) => longPower(vm, n, size) : (n) => n ** size);
  return exponent < 0n ? divide(1n, result) : result;
}

/** Exponents of complex numbers beyond this go by way of the logarithm. */
const LONGEST_LOOP = 2n ** 1024n;

/** By way of the logarithm. */
function complexPower(x: Numeric, y: Numeric): Numeric {
  if (realPart(x) == 0 && imaginaryPart(x) == 0) return 0;
  const log = x instanceof Complex ? complexLog(x) : signOf(x) < 0 ? complexLog(new Complex(x, 0)) : Math.log(toFloat(x));
  return complexExp(multiply(y, log));
}

export const POWERS = [
  lisp("sqrt", 1, 1, "square root: exact when it is, complex for negative numbers", squareRoot),
  lisp("exact-integer-sqrt", 1, 1, "list of the whole square root and what is left", exactIntegerRoot),
  lisp("expt", 2, 2, "x to the power y; exact for an exact x and an exact integer y", power, ["pow", "math/pow"]),
];
