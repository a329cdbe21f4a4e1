// Rounding to whole numbers, the change between exact and inexact, and the parts of rational and complex numbers.

import { Hi } from "../../../../heap/value.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { typeError } from "../conditions.ts";
import { answer, lisp, numberArgument, realArgument, unary, unaryReal } from "./arguments.ts";
import { Cost, allowBits, bitsAt } from "./limits.ts";
import { Kind, isInt, kindAt, realAt } from "./slots.ts";
import {
  Complex, Fraction, absolute, add, compareReal, denominatorOf, divide, floorDivide, imaginaryPart, isExact, negateReal, numeratorOf, realPart, rectangular,
  subtract, toExact, toFloat, type Exact, type Numeric, type Real,
} from "./tower.ts";

/** The nearest whole number, ties to even. */
export function roundEven(x: number): number {
  // From 2^52 on every double is whole; below, adding a half is exact enough to tell a tie.
  if (!(Math.abs(x) < 2 ** 52)) return x;
  const down = Math.floor(x), rest = x - down;
  const rounded = rest < 0.5 || (rest === 0.5 && down % 2 === 0) ? down : down + 1;
  return rounded === 0 && (x < 0 || Object.is(x, -0)) ? -0 : rounded;
}

function roundFraction({ n, d }: Fraction): bigint {
  const down = floorDivide(n, d), twice = 2n * (n - down * d);
  return twice < d || (twice === d && (down & 1n) === 0n) ? down : down + 1n;
}

/** A rounding of floats and the same of fractions; integers stay what they are. */
function rounding(float: (x: number) => number, exact: (x: Fraction) => bigint): NativeInfo["run"] {
  return (vm, base) => {
    if (vm.heap.hi(base) === Hi.I32) return vm.heap.copySlot(base - 2, base);
    const x = realArgument(vm, base);
    if (kindAt(vm.heap, base) === Kind.Rational) allowBits(vm, bitsAt(vm.heap, base), Cost.Division);
    answer(vm, base, typeof x === "number" ? float(x) : x instanceof Fraction ? exact(x) : x);
  };
}

const partwise = (change: (x: Real) => Real) => (x: Numeric): Numeric => (x instanceof Complex ? rectangular(change(x.re), change(x.im)) : change(x));
/** The exact form of a number; infinities and NaN have none and stay. */
export const exactNumber = partwise(toExact);
export const inexactNumber = partwise(toFloat);

/** Numerator or denominator; of a float, as a float. */
const ratioPart = (part: (x: Exact) => bigint) => (vm: Vm, base: number): void => {
  const kind = kindAt(vm.heap, base);
  if (kind === Kind.None || kind === Kind.Complex) typeError(vm, "rational", base);
  const x = realAt(vm.heap, base), exact = toExact(x);
  if (!isExact(exact)) return typeError(vm, "rational", base);
  answer(vm, base, typeof x === "number" ? toFloat(part(exact)) : part(exact));
};

/** The simplest fraction within [low, high], 0 < low: the first whole number, or the same for what lies beyond it. */
function simplest(low: Exact, high: Exact): Exact {
  // Terms of the continued fraction, then the fraction they stand for: as a loop, since there can be thousands.
  const terms: bigint[] = [];
  for (let a = low, b = high; ;) {
    const whole = floorDivide(numeratorOf(a), denominatorOf(a));
    if (denominatorOf(a) === 1n || compareReal(whole + 1n, b) <= 0) {
      let result: Exact = denominatorOf(a) === 1n ? whole : whole + 1n;
      for (const term of terms.reverse()) result = add(term, divide(1n, result)) as Exact;
      return result;
    }
    terms.push(whole);
    [a, b] = [divide(1n, subtract(b, whole)) as Exact, divide(1n, subtract(a, whole)) as Exact];
  }
}

/** The simplest rational that differs from x by at most `by`. */
function rationalized(x: Real, by: Real): Real {
  const exact = toExact(x), distance = toExact(absolute(by));
  if (!isExact(exact)) return distance === Infinity ? NaN : exact;
  if (!isExact(distance)) return distance === Infinity ? 0 : NaN;
  const low = subtract(exact, distance) as Exact, high = add(exact, distance) as Exact;
  if (compareReal(low, 0n) > 0) return simplest(low, high);
  return compareReal(high, 0n) < 0 ? negateReal(simplest(negateReal(high) as Exact, negateReal(low) as Exact)) : 0n;
}

function rationalize(vm: Vm, base: number): void {
  const x = realArgument(vm, base, "real"), by = realArgument(vm, base + 1, "real");
  // Each step of the search reduces a ratio.
  allowBits(vm, (bitsAt(vm.heap, base) + bitsAt(vm.heap, base + 1)) ** 2, Cost.Sum);
  const result = rationalized(x, by);
  answer(vm, base, isExact(x) && isExact(by) ? result : toFloat(result));
}

function makeRectangular(vm: Vm, base: number): void {
  const re = realArgument(vm, base, "real"), im = realArgument(vm, base + 1, "real");
  answer(vm, base, rectangular(re, im));
}

function makePolar(vm: Vm, base: number): void {
  const size = toFloat(realArgument(vm, base, "real")), angle = toFloat(realArgument(vm, base + 1, "real"));
  answer(vm, base, new Complex(size * Math.cos(angle), size * Math.sin(angle)));
}

const angleOf = (x: Numeric): number => Math.atan2(toFloat(imaginaryPart(x)), toFloat(realPart(x)));

/** -1, 0 or 1, exact. */
const sign = (x: Real): bigint => {
  const order = compareReal(x, 0n);
  return order < 0 ? -1n : order > 0 ? 1n : 0n;
};

/** Integers need no change; reading and storing a large one would copy it. */
const keepingIntegers = (run: NativeInfo["run"]): NativeInfo["run"] => (vm, base, argc) =>
  (isInt(kindAt(vm.heap, base)) ? vm.heap.copySlot(base - 2, base) : run(vm, base, argc));

export const ROUNDINGS = [
  lisp("floor", 1, 1, "largest whole number not above x; exact for exact numbers", keepingIntegers(rounding(Math.floor, ({ n, d }) => floorDivide(n, d)))),
  lisp("ceil", 1, 1, "smallest whole number not below x", keepingIntegers(rounding(Math.ceil, ({ n, d }) => floorDivide(n, d) + 1n)), ["ceiling"]),
  lisp("round", 1, 1, "nearest whole number, ties to the even one", keepingIntegers(rounding(roundEven, roundFraction))),
  lisp("truncate", 1, 1, "x without its fraction", keepingIntegers(rounding(Math.trunc, ({ n, d }) => n / d))),
  lisp("exact", 1, 1, "the exact number a float stands for; infinities and NaN stay", unary(exactNumber), ["inexact->exact"]),
  lisp("inexact", 1, 1, "the nearest float", unary(inexactNumber), ["exact->inexact"]),
  lisp("numerator", 1, 1, "numerator in lowest terms", ratioPart(numeratorOf)),
  lisp("denominator", 1, 1, "denominator in lowest terms, 1 for integers", ratioPart(denominatorOf)),
  lisp("rationalize", 2, 2, "simplest rational that differs from x by at most y", rationalize),
  lisp("make-rectangular", 2, 2, "complex number of a real and an imaginary part", makeRectangular),
  lisp("make-polar", 2, 2, "complex number of a magnitude and an angle", makePolar),
  lisp("real-part", 1, 1, "real part", unary(realPart)),
  lisp("imag-part", 1, 1, "imaginary part, 0 for real numbers", unary(imaginaryPart)),
  lisp("angle", 1, 1, "angle of a number in the complex plane, a float", (vm, base) => answer(vm, base, angleOf(numberArgument(vm, base)))),
  lisp("math/sign", 1, 1, "-1, 0 or 1", unaryReal(sign)),
];

