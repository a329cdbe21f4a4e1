// The numeric tower on plain JS values: integers are bigint, floats are number, and the two classes below are the rest.
// Pure functions, without limits: whoever calls them has made sure that the operands are not too large (limits.ts).
//
// Exact operands give exact results; one float makes the result a float, part by part in complex numbers.

import { fractionOfDouble, gcd, ratio } from "../../../text/exact-number.ts";

/** A rational in lowest terms, the denominator above 1. */
export class Fraction {
  constructor(readonly n: bigint, readonly d: bigint) {}
}

/** A complex number; the imaginary part is not an exact zero. */
export class Complex {
  constructor(readonly re: Real, readonly im: Real) {}
}

export type Exact = bigint | Fraction;
export type Real = Exact | number;
export type Numeric = Real | Complex;

/** Division by an exact zero. */
export class ZeroDivision extends Error {}

export const isExact = (x: Real): x is Exact => typeof x !== "number";
export const numeratorOf = (x: Exact): bigint => (typeof x === "bigint" ? x : x.n);
export const denominatorOf = (x: Exact): bigint => (typeof x === "bigint" ? 1n : x.d);

/** n / d in lowest terms; d is not zero. */
export function fraction(n: bigint, d: bigint): Exact {
  const common = gcd(n, d), sign = d < 0n ? -common : common;
  return sign === d ? n / sign : new Fraction(n / sign, d / sign);
}

/** n / d, known to be in lowest terms. */
const reduced = (n: bigint, d: bigint): Exact => (d === 1n ? n : new Fraction(n, d));

export const rectangular = (re: Real, im: Real): Numeric => (im === 0n ? re : new Complex(re, im));
export const realPart = (x: Numeric): Real => (x instanceof Complex ? x.re : x);
export const imaginaryPart = (x: Numeric): Real => (x instanceof Complex ? x.im : 0n);

/** The nearest double. */
export function toFloat(x: Real): number {
  return typeof x === "number" ? x : typeof x === "bigint" ? Number(x) : ratio(x.n, x.d);
}

/** The exact value of a real number; infinities and NaN stay as they are. */
export function toExact(x: Real): Real {
  if (typeof x !== "number" || !Number.isFinite(x)) return x;
  const { n, d } = fractionOfDouble(x);
  return reduced(n, d);
}

function addExact(a: Exact, b: Exact): Exact {
  if (typeof a === "bigint" && typeof b === "bigint") return a + b;
  // Knuth: only the divisor the denominators share can divide the sum.
  const ad = denominatorOf(a), bd = denominatorOf(b), common = gcd(ad, bd);
  if (common === 1n) return reduced(numeratorOf(a) * bd + numeratorOf(b) * ad, ad * bd);
  const part = ad / common, sum = numeratorOf(a) * (bd / common) + numeratorOf(b) * part, last = gcd(sum, common);
  return reduced(sum / last, part * (bd / last));
}

function multiplyExact(a: Exact, b: Exact): Exact {
  if (typeof a === "bigint" && typeof b === "bigint") return a * b;
  return product(numeratorOf(a), denominatorOf(a), numeratorOf(b), denominatorOf(b));
}

/** (an / ad) * (bn / bd), both in lowest terms with positive denominators. */
function product(an: bigint, ad: bigint, bn: bigint, bd: bigint): Exact {
  const left = gcd(an, bd), right = gcd(bn, ad);
  return reduced((an / left) * (bn / right), (ad / right) * (bd / left));
}

function divideExact(a: Exact, b: Exact): Exact {
  const n = numeratorOf(b), d = denominatorOf(b);
  if (n === 0n) throw new ZeroDivision();
  if (a === 0n) return 0n;
  return n < 0n ? product(numeratorOf(a), denominatorOf(a), -d, -n) : product(numeratorOf(a), denominatorOf(a), d, n);
}

const addReal = (a: Real, b: Real): Real => (isExact(a) && isExact(b) ? addExact(a, b) : toFloat(a) + toFloat(b));
const multiplyReal = (a: Real, b: Real): Real => (isExact(a) && isExact(b) ? multiplyExact(a, b) : toFloat(a) * toFloat(b));
const divideReal = (a: Real, b: Real): Real => (isExact(a) && isExact(b) ? divideExact(a, b) : toFloat(a) / toFloat(b));

export function negateReal(x: Real): Real {
  return x instanceof Fraction ? new Fraction(-x.n, x.d) : -x;
}

export const negate = (x: Numeric): Numeric => (x instanceof Complex ? new Complex(negateReal(x.re), negateReal(x.im)) : negateReal(x));

export function add(a: Numeric, b: Numeric): Numeric {
  if (!(a instanceof Complex) && !(b instanceof Complex)) return addReal(a, b);
  return rectangular(addReal(realPart(a), realPart(b)), addReal(imaginaryPart(a), imaginaryPart(b)));
}

export function subtract(a: Numeric, b: Numeric): Numeric {
  if (typeof a === "bigint" && typeof b === "bigint") return a - b;
  // Not the sum with -b: 0.0 - 0.0 is 0.0 like 0.0 + -0.0, but exact zeros have no sign to keep.
  if (!(a instanceof Complex) && !(b instanceof Complex) && !(isExact(a) && isExact(b))) return toFloat(a) - toFloat(b);
  return add(a, negate(b));
}

export function multiply(a: Numeric, b: Numeric): Numeric {
  if (a instanceof Complex) return b instanceof Complex ? multiplyComplex(a, b) : scale(a, b);
  return b instanceof Complex ? scale(b, a) : multiplyReal(a, b);
}

const scale = (z: Complex, by: Real): Numeric => rectangular(multiplyReal(z.re, by), multiplyReal(z.im, by));

function multiplyComplex(a: Complex, b: Complex): Numeric {
  const re = addReal(multiplyReal(a.re, b.re), negateReal(multiplyReal(a.im, b.im)));
  return rectangular(re, addReal(multiplyReal(a.re, b.im), multiplyReal(a.im, b.re)));
}

/** Throws ZeroDivision for an exact number by an exact zero. */
export function divide(a: Numeric, b: Numeric): Numeric {
  if (b instanceof Complex) return divideComplex(a, b);
  if (a instanceof Complex) return rectangular(divideReal(a.re, b), divideReal(a.im, b));
  return divideReal(a, b);
}

function divideComplex(a: Numeric, b: Complex): Numeric {
  if (isExact(b.re) && isExact(b.im)) {
    const square = addExact(multiplyExact(b.re, b.re), multiplyExact(b.im, b.im));
    return divide(multiply(a, new Complex(b.re, negateReal(b.im))), square);
  }
  // Smith: dividing by the larger part first keeps the square of the divisor from overflowing.
  const c = toFloat(b.re), d = toFloat(b.im), x = toFloat(realPart(a)), y = toFloat(imaginaryPart(a));
  if (Math.abs(c) >= Math.abs(d)) {
    const r = d / c, by = c + d * r;
    return new Complex((x + y * r) / by, (y - x * r) / by);
  }
  const r = c / d, by = c * r + d;
  return new Complex((x * r + y) / by, (y * r - x) / by);
}

/** Order of two real numbers, exactly: -1, 0, 1, or NaN when a NaN is among them. */
export function compareReal(a: Real, b: Real): number {
  // JS compares integers of any size with doubles exactly.
  if (!(a instanceof Fraction) && !(b instanceof Fraction)) return a < b ? -1 : a > b ? 1 : a == b ? 0 : NaN;
  const x = toExact(a), y = toExact(b);
  if (!isExact(x)) return x === x ? Math.sign(x) : NaN;
  if (!isExact(y)) return y === y ? -Math.sign(y) : NaN;
  const left = numeratorOf(x) * denominatorOf(y), right = numeratorOf(y) * denominatorOf(x);
  return left < right ? -1 : left > right ? 1 : 0;
}

export const equals = (a: Numeric, b: Numeric): boolean =>
  compareReal(realPart(a), realPart(b)) === 0 && compareReal(imaginaryPart(a), imaginaryPart(b)) === 0;

/** -1, 0, 1; 0 for NaN. */
export const signOf = (x: Real): number => {
  const n = x instanceof Fraction ? x.n : x;
  return n < 0 ? -1 : n > 0 ? 1 : 0;
};

export const absolute = (x: Real): Real => (signOf(x) < 0 || Object.is(x, -0) ? negateReal(x) : x);

/** Quotient rounded down; d is not zero. */
export function floorDivide(n: bigint, d: bigint): bigint {
  const quotient = n / d;
  return quotient * d !== n && n < 0n !== d < 0n ? quotient - 1n : quotient;
}

/** Remainder with the sign of the divisor; d is not zero. */
export function floorRemainder(n: bigint, d: bigint): bigint {
  const rest = n % d;
  return rest !== 0n && rest < 0n !== d < 0n ? rest + d : rest;
}
