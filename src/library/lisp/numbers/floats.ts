// Functions of analysis: real numbers in, floats out. Only exp and log also know complex numbers. A real argument gives a
// real result, NaN where there is none.

import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { random } from "../../math.ts";
import { bitLength, ratio } from "../../../text/exact-number.ts";
import { evalError, typeError } from "../conditions.ts";
import { answer, floatArgument, integerArgument, lisp, numberArgument, realArgument, smallArgument } from "./arguments.ts";
import { complexExp, complexLog } from "./powers.ts";
import { Kind, kindAt } from "./slots.ts";
import { Complex, divide, isExact, numeratorOf, denominatorOf, signOf, toFloat, type Real } from "./tower.ts";

const storeFloat = (vm: Vm, base: number, x: number): void => vm.heap.setF64(base - 2, x);

const float = (name: string, run: (x: number) => number, doc: string, aliases: readonly string[] = []): NativeInfo =>
  lisp(name, 1, 1, doc, (vm, base) => storeFloat(vm, base, run(floatArgument(vm, base))), aliases);

/** Logarithm to base 2 that also holds for exact numbers beyond the range of floats. */
function logarithm2(x: Real): number {
  const nearest = toFloat(x);
  if (!isExact(x) || signOf(x) <= 0 || (nearest > 0 && nearest < Infinity)) return Math.log2(nearest);
  const n = numeratorOf(x), d = denominatorOf(x), shift = bitLength(n) - bitLength(d), by = BigInt(Math.abs(shift));
  return shift + Math.log2(shift > 0 ? ratio(n, d << by) : ratio(n << by, d));
}

/** `direct` while the number is a float's size, else by way of base 2. */
function logarithm(x: Real, direct: (x: number) => number, ofTwo: number): number {
  const nearest = toFloat(x);
  return nearest === Infinity || (nearest === 0 && signOf(x) > 0) ? logarithm2(x) * ofTwo : direct(nearest);
}

function log(vm: Vm, base: number, argc: number): void {
  const logs = Array.from({ length: argc }, (_, i) => {
    const x = numberArgument(vm, base + i);
    return x instanceof Complex ? complexLog(x) : logarithm(x, Math.log, Math.LN2);
  });
  answer(vm, base, argc === 1 ? logs[0]! : divide(logs[0]!, logs[1]!));
}

function arcTangent(vm: Vm, base: number, argc: number): void {
  storeFloat(vm, base, argc === 1 ? Math.atan(floatArgument(vm, base)) : Math.atan2(floatArgument(vm, base), floatArgument(vm, base + 1)));
}

function interpolate(vm: Vm, base: number): void {
  const from = floatArgument(vm, base), to = floatArgument(vm, base + 1), at = floatArgument(vm, base + 2);
  storeFloat(vm, base, from + (to - from) * at);
}

function mapRange(vm: Vm, base: number): void {
  const x = floatArgument(vm, base), low = floatArgument(vm, base + 1), high = floatArgument(vm, base + 2);
  const from = floatArgument(vm, base + 3), to = floatArgument(vm, base + 4);
  storeFloat(vm, base, from + ((x - low) / (high - low)) * (to - from));
}

/** Ties away from zero. */
const roundAway = (x: number): number => Math.sign(x) * Math.floor(Math.abs(x) + 0.5);

function roundTo(vm: Vm, base: number): void {
  const x = floatArgument(vm, base), places = smallArgument(vm, base + 1);
  const by = 10 ** Math.abs(places), scaled = places < 0 ? x / by : x * by;
  // Without digits so far behind the point there is nothing to round.
  if (!Number.isFinite(scaled) || Math.abs(scaled) >= 2 ** 52) return storeFloat(vm, base, x);
  const rounded = roundAway(scaled);
  storeFloat(vm, base, places < 0 ? (rounded === 0 ? rounded : rounded * by) : rounded / by);
}

function randomInteger(vm: Vm, base: number): void {
  const low = integerArgument(vm, base, "int"), high = integerArgument(vm, base + 1, "int"), count = high - low + 1n;
  if (count <= 0n) evalError(vm, `math/random-int: lo (${low}) must be <= hi (${high})`);
  if (count > 2n ** 64n) evalError(vm, "math/random-int: range is too large");
  // 93 random bits leave next to nothing of the bias that the remainder has.
  let bits = 0n;
  for (let i = 0; i < 3; i++) bits = (bits << 31n) | BigInt(Math.floor(random(vm) * 0x8000_0000));
  answer(vm, base, low + (bits % count));
}

/** A test of floats that is false for everything else. `strict`: other values than numbers are an error. */
const floatTest = (test: (x: number) => boolean, strict: boolean) => (vm: Vm, base: number): void => {
  const kind = kindAt(vm.heap, base);
  if (kind === Kind.None) {
    if (strict) typeError(vm, "number", base);
    return vm.heap.setBool(base - 2, false);
  }
  const x = numberArgument(vm, base), parts = x instanceof Complex ? [x.re, x.im] : [x];
  vm.heap.setBool(base - 2, parts.some((part) => typeof part === "number" && test(part)));
};

const isFinite = (vm: Vm, base: number): void => {
  const x = numberArgument(vm, base), parts = x instanceof Complex ? [x.re, x.im] : [x];
  vm.heap.setBool(base - 2, parts.every((part) => typeof part !== "number" || Number.isFinite(part)));
};

const isInfinite = (x: number): boolean => Math.abs(x) === Infinity;

export const FLOAT_FUNCTIONS = [
  float("sin", Math.sin, "sine of an angle in radians"), float("cos", Math.cos, "cosine"),
  float("tan", Math.tan, "tangent", ["math/tan"]), float("asin", Math.asin, "arc sine", ["math/asin"]), float("acos", Math.acos, "arc cosine", ["math/acos"]),
  lisp("atan", 1, 2, "arc tangent; of two numbers, the angle of the point (x, y), given as (y x)", arcTangent, ["math/atan"]),
  lisp("math/atan2", 2, 2, "angle of the point (x, y), given as (y x)", arcTangent),
  float("math/sinh", Math.sinh, "hyperbolic sine"), float("math/cosh", Math.cosh, "hyperbolic cosine"), float("math/tanh", Math.tanh, "hyperbolic tangent"),
  lisp("exp", 1, 1, "e to the power x", (vm, base) => answer(vm, base, complexExp(numberArgument(vm, base))), ["math/exp"]),
  lisp("log", 1, 2, "natural logarithm, or that to the base given; NaN for negative numbers", log),
  lisp("math/log10", 1, 1, "logarithm to base 10", (vm, base) => storeFloat(vm, base, logarithm(realArgument(vm, base), Math.log10, Math.log10(2)))),
  lisp("math/log2", 1, 1, "logarithm to base 2", (vm, base) => storeFloat(vm, base, logarithm2(realArgument(vm, base)))),
  lisp("math/lerp", 3, 3, "the number at t between a and b, given as (a b t)", interpolate),
  lisp("math/map-range", 5, 5, "x carried from one range to another, given as (x low high new-low new-high)", mapRange),
  lisp("math/round-to", 2, 2, "x rounded to so many decimal places, ties away from zero", roundTo),
  float("math/degrees->radians", (x) => x * (Math.PI / 180), "radians of an angle in degrees"),
  float("math/radians->degrees", (x) => x * (180 / Math.PI), "degrees of an angle in radians"),
  lisp("math/random", 0, 0, "random float in [0, 1)", (vm, base) => storeFloat(vm, base, random(vm))),
  lisp("math/random-int", 2, 2, "random integer in [low, high]", randomInteger),
  lisp("nan?", 1, 1, "whether a number is NaN", floatTest(Number.isNaN, true)),
  lisp("math/nan?", 1, 1, "whether the value is NaN", floatTest(Number.isNaN, false)),
  lisp("infinite?", 1, 1, "whether a number is infinite", floatTest(isInfinite, true)),
  lisp("math/infinite?", 1, 1, "whether the value is an infinity", floatTest(isInfinite, false)),
  lisp("finite?", 1, 1, "whether a number is neither infinite nor NaN", isFinite),
];
