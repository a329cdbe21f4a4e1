// Order and equality of numbers. Exact: an integer or ratio is compared with a float as the values they are, without
// rounding. `=` goes on to structural equality for what is no number; the others also order two strings.

import { compareIntegers, smallInteger } from "../../../../heap/cells/bigint.ts";
import { compare as compareStrings } from "../../../../heap/cells/string.ts";
import { equal } from "../../../../heap/equality.ts";
import type { Mem } from "../../../../heap/memory.ts";
import { CellHi, Hi } from "../../../../heap/value.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError, typeError, typeErrorOf, typeWord } from "../conditions.ts";
import { lisp } from "./arguments.ts";
import { Cost, allowBits, bitsAt } from "./limits.ts";
import { Kind, floatAt, isInt, kindOf, numberAt, plainNumberAt, realAt, storeNumber } from "./slots.ts";
import { compareReal, equals, toFloat } from "./tower.ts";

/** Order of two real numbers: -1, 0, 1; NaN when one is a NaN. */
function compareNumbers(vm: Vm, b: number, c: number, kb: Kind, kc: Kind): number {
  const mem = vm.heap;
  if ((kb === Kind.Small || kb === Kind.Float) && (kc === Kind.Small || kc === Kind.Float)) {
    // An integer that is not boxed is exact as a double.
    const x = plainNumberAt(mem, b, kb), y = plainNumberAt(mem, c, kc);
    return x < y ? -1 : x > y ? 1 : x === y ? 0 : NaN;
  }
  if (isInt(kb) && isInt(kc)) return compareIntegers(mem, b, c);
  allowBits(vm, Math.max(bitsAt(mem, b), bitsAt(mem, c)), kb === Kind.Rational || kc === Kind.Rational ? Cost.Product : Cost.Sum);
  return compareReal(realAt(mem, b), realAt(mem, c));
}

/** Order of two numbers or two strings: -1, 0, 1; NaN when a NaN is among them. Raises for anything else. */
export function numberCompare(vm: Vm, b: number, c: number): number {
  const mem = vm.heap, hb = mem.hi(b), hc = mem.hi(c);
  if (hb === Hi.I32 && hc === Hi.I32) return Math.sign(mem.lo(b) - mem.lo(c));
  const kb = kindOf(hb), kc = kindOf(hc);
  if (kb === Kind.None || kc === Kind.None) return compareOthers(vm, b, c);
  if (kb === Kind.Complex || kc === Kind.Complex) return evalError(vm, "cannot order complex numbers");
  return compareNumbers(vm, b, c, kb, kc);
}

function compareOthers(vm: Vm, b: number, c: number): number {
  const mem = vm.heap;
  if (mem.hi(b) === CellHi.String && mem.hi(c) === CellHi.String) return compareStrings(mem, mem.lo(b), mem.lo(c));
  return typeErrorOf(vm, "comparable values", `${typeWord(mem, b)} and ${typeWord(mem, c)}`);
}

/** `=` of two values: by value when both are numbers, else structural. Never raises. */
export function numEqual(vm: Vm, b: number, c: number): boolean {
  const mem = vm.heap, hb = mem.hi(b), hc = mem.hi(c);
  if (hb === Hi.I32 && hc === Hi.I32) return mem.lo(b) === mem.lo(c);
  const kb = kindOf(hb), kc = kindOf(hc);
  if (kb === Kind.None || kc === Kind.None) return equal(vm.heap, b, c);
  if (kb === Kind.Complex || kc === Kind.Complex) return equals(numberAt(mem, b), numberAt(mem, c));
  return compareNumbers(vm, b, c, kb, kc) === 0;
}

/** Whether each neighbouring pair of arguments passes; what follows the first pair that does not is not looked at. */
const chain = (passes: (vm: Vm, b: number, c: number) => boolean) => (vm: Vm, base: number, argc: number): void => {
  let holds = true;
  for (let i = 1; holds && i < argc; i++) holds = passes(vm, base + i - 1, base + i);
  vm.heap.setBool(base - 2, holds);
};

/** Sign of a real number, NaN for NaN; the sign of the complex number 0 is 0, any other has none. */
function signAt(vm: Vm, slot: number): number {
  const mem = vm.heap, kind = kindOf(mem.hi(slot));
  if (kind === Kind.None) return typeError(vm, "number", slot);
  if (kind === Kind.Small) return Math.sign(smallInteger(mem, slot));
  if (kind === Kind.Float) return Math.sign(floatAt(mem, slot));
  if (kind === Kind.Complex) return equals(numberAt(mem, slot), 0n) ? 0 : NaN;
  return compareReal(realAt(mem, slot), 0n);
}

const signTest = (passes: (sign: number) => boolean) => (vm: Vm, base: number): void => vm.heap.setBool(base - 2, passes(signAt(vm, base)));

/** The largest (direction 1) or least argument; a float when one of them is one. */
const extreme = (name: string, direction: 1 | -1) => (vm: Vm, base: number, argc: number): void => {
  let best = base, float = false;
  for (let i = 0; i < argc; i++) {
    const slot = base + i, kind = kindOf(vm.heap.hi(slot));
    if (kind === Kind.None) typeError(vm, "number", slot);
    if (kind === Kind.Float) float = true;
    const order = kind === Kind.Complex || !isReal(vm.heap, best) ? NaN : numberCompare(vm, slot, best);
    if (order !== order) evalError(vm, `${name}: cannot order these numbers`);
    if (order === direction) best = slot;
  }
  if (float) vm.heap.setF64(base - 2, toFloat(realAt(vm.heap, best)));
  else vm.heap.copySlot(base - 2, best);
};

const isReal = (mem: Mem, slot: number): boolean => {
  const kind = kindOf(mem.hi(slot));
  return kind !== Kind.None && kind !== Kind.Complex;
};

/** x within [low, high]; a float when one of the three is one. */
function clamp(vm: Vm, base: number): void {
  const heap = vm.heap;
  for (let i = 0; i < 3; i++) if (!isReal(heap, base + i)) typeError(vm, kindOf(heap.hi(base + i)) === Kind.None ? "number" : "real number", base + i);
  const x = realAt(heap, base), low = realAt(heap, base + 1), high = realAt(heap, base + 2);
  const result = compareReal(x, low) < 0 ? low : compareReal(x, high) > 0 ? high : x;
  storeNumber(heap, base - 2, [x, low, high].some((each) => typeof each === "number") ? toFloat(result) : result);
}

export const COMPARISONS = [
  lisp("=", 2, -1, "whether all numbers are equal in value, or all values equal in structure", chain(numEqual)),
  lisp("<", 2, -1, "whether the numbers (or strings) grow", chain((vm, b, c) => numberCompare(vm, b, c) < 0)),
  lisp(">", 2, -1, "whether the numbers (or strings) shrink", chain((vm, b, c) => numberCompare(vm, b, c) > 0)),
  lisp("<=", 2, -1, "whether no number (or string) is less than the one before it", chain((vm, b, c) => numberCompare(vm, b, c) <= 0)),
  lisp(">=", 2, -1, "whether no number (or string) is greater than the one before it", chain((vm, b, c) => numberCompare(vm, b, c) >= 0)),
  lisp("zero?", 1, 1, "whether the number is 0", signTest((sign) => sign === 0)),
  lisp("positive?", 1, 1, "whether the number is above 0", signTest((sign) => sign > 0)),
  lisp("negative?", 1, 1, "whether the number is below 0", signTest((sign) => sign < 0)),
  lisp("max", 1, -1, "the largest number; a float when one of them is", extreme("max", 1)),
  lisp("min", 1, -1, "the least number; a float when one of them is", extreme("min", -1)),
  lisp("math/clamp", 3, 3, "x limited to [low, high], given as (x low high)", clamp),
];
