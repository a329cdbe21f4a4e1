// Mathematical functions. They take any number and answer f64 unless they say otherwise; anything else is fatal.

import { setInt64 } from "../../heap/cells/wide.ts";
import { Rank } from "../../heap/value.ts";
import { nextFraction, startGenerator } from "../vm/generator.ts";
import type { NativeInfo } from "../vm/native.ts";
import { nanSign, storeNaN } from "../vm/numeric.ts";
import type { Vm } from "../vm/vm.ts";
import { sharing } from "../vm/workers.ts";
import { fatalInteger, fatalNative, numberArgument } from "./arguments.ts";

type Unary = (x: number) => number;

/** Half away from zero, as C's round. */
const round: Unary = (x) => {
  const whole = Math.trunc(x);
  return Math.abs(x - whole) >= 0.5 ? whole + Math.sign(x) : whole;
};

/** Bare name (always also with "__"), function, and what the manual says. */
const UNARY: readonly (readonly [name: string, run: Unary, doc: string])[] = [
  ["sin", Math.sin, "sine of an angle in radians"], ["cos", Math.cos, "cosine"], ["tan", Math.tan, "tangent"],
  ["asin", Math.asin, "arc sine"], ["acos", Math.acos, "arc cosine"], ["atan", Math.atan, "arc tangent"],
  ["sqrt", Math.sqrt, "square root; NaN for negative numbers"], ["exp", Math.exp, "e to the power x"],
  ["log", Math.log, "natural logarithm; -inf for 0"], ["log10", Math.log10, "logarithm to base 10"], ["log2", Math.log2, "logarithm to base 2"],
  ["floor", Math.floor, "largest whole number not above x"], ["ceil", Math.ceil, "smallest whole number not below x"],
  ["round", round, "nearest whole number, halves away from zero"], ["trunc", Math.trunc, "x without its fraction"],
];

const ROUNDING: readonly (readonly [name: string, run: Unary, doc: string])[] = [
  ["floori", Math.floor, "floor as i64"], ["ceili", Math.ceil, "ceil as i64"], ["roundi", round, "round as i64"], ["trunci", Math.trunc, "trunc as i64"],
];

const BINARY: readonly (readonly [name: string, run: (x: number, y: number) => number, doc: string])[] = [
  ["atan2", Math.atan2, "angle of the point (x, y), given as (y, x)"], ["pow", power, "x to the power y"],
];

/** C's pow: 1 to any power is 1, and -1 to an infinite one, where JavaScript says NaN. */
function power(x: number, y: number): number {
  return x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x ** y;
}

const argument = (vm: Vm, slot: number, name: string, count: number): number =>
  numberArgument(vm, slot, count === 1 ? `${name}() argument must be numeric` : `${name}() arguments must be numeric`);

/** Stores x truncated to i64; what does not fit becomes the least i64, as in C on x86. */
function storeWhole(vm: Vm, dst: number, x: number): void {
  const fits = x >= -(2 ** 63) && x < 2 ** 63;
  setInt64(vm.heap, dst, fits ? BigInt(Math.trunc(x)) : -(2n ** 63n));
}

/** The native under its bare name (when public) and with "__". */
const named = (name: string, bare: boolean, min: number, max: number, doc: string, run: NativeInfo["run"]): NativeInfo[] =>
  (bare ? [name, `__${name}`] : [`__${name}`]).map((each) => fatalNative(each, min, max, doc, run));

/** Functions whose invalid operation is a positive NaN in C; in all others it is a negative one, as storeNaN says. */
const POSITIVE_NAN: ReadonlySet<string> = new Set(["log10", "asin", "acos"]);

/** Stores a result; a NaN takes the sign of the NaN argument it comes from. */
function storeResult(vm: Vm, base: number, argc: number, x: number, name: string): void {
  if (x === x) return vm.heap.setF64(base - 2, x);
  const negative = nanSign(vm.heap, base) ?? (argc > 1 ? nanSign(vm.heap, base + 1) : null) ?? !POSITIVE_NAN.has(name);
  storeNaN(vm.heap, base - 2, Rank.F64, negative);
}

const unary = ([name, run, doc]: (typeof UNARY)[number]): NativeInfo[] =>
  named(name, true, 1, 1, doc, (vm, base) => storeResult(vm, base, 1, run(argument(vm, base, name, 1)), name));

const rounding = ([name, run, doc]: (typeof ROUNDING)[number]): NativeInfo[] =>
  named(name, true, 1, 1, doc, (vm, base) => storeWhole(vm, base - 2, run(argument(vm, base, name, 1))));

const binary = (bare: boolean) => ([name, run, doc]: (typeof BINARY)[number]): NativeInfo[] =>
  named(name, bare, 2, 2, doc, (vm, base) => {
    storeResult(vm, base, 2, run(argument(vm, base, name, 2), argument(vm, base + 1, name, 2)), name);
  });

function divide(vm: Vm, base: number, name: string): number {
  const x = argument(vm, base, name, 2), y = argument(vm, base + 1, name, 2);
  if (y === 0) vm.fatal("Division by zero");
  return x / y;
}

function clamp(vm: Vm, base: number): void {
  const x = argument(vm, base, "clamp", 3), low = argument(vm, base + 1, "clamp", 3), high = argument(vm, base + 2, "clamp", 3);
  vm.heap.setF64(base - 2, x < low ? low : x > high ? high : x);
}

/** A number in [0, 1): the host's, if it brings a generator, or else the next of the VM's own. */
export const random = (vm: Vm): number => (vm.host.random === undefined ? nextFraction(vm.generator) : vm.host.random());

function randomBetween(vm: Vm, base: number): void {
  const low = argument(vm, base, "rand_range", 2), high = argument(vm, base + 1, "rand_range", 2);
  vm.heap.setF64(base - 2, low + random(vm) * (high - low));
}

function seed(vm: Vm, base: number): void {
  vm.generator = startGenerator(fatalInteger(vm, base, "seed() argument must be an integer"));
  vm.heap.setNull(base - 2);
}

export const MATH: readonly NativeInfo[] = [
  ...UNARY.flatMap(unary), ...ROUNDING.flatMap(rounding), ...BINARY.flatMap(binary(true)),
  ...named("div", true, 2, 2, "x / y; fatal for y = 0", (vm, base) => vm.heap.setF64(base - 2, divide(vm, base, "div"))),
  ...named("divi", true, 2, 2, "floor of x / y as i64; fatal for y = 0", (vm, base) => storeWhole(vm, base - 2, Math.floor(divide(vm, base, "divi")))),
  ...named("abs", false, 1, 1, "absolute value", (vm, base) => vm.heap.setF64(base - 2, Math.abs(argument(vm, base, "abs", 1)))),
  ...binary(false)(["min", (x, y) => (x < y ? x : y), "the smaller"]), ...binary(false)(["max", (x, y) => (x > y ? x : y), "the larger"]),
  ...named("clamp", false, 3, 3, "x limited to [low, high]", clamp),
  ...sharing([...named("rand", false, 0, 0, "random f64 in [0, 1)", (vm, base) => vm.heap.setF64(base - 2, random(vm))),
  ...named("rand_range", false, 2, 2, "random f64 in [low, high)", randomBetween),
  ...named("seed", false, 1, 1, "restart the generator; null", seed)]),
];
