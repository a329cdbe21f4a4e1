// Division of integers with a remainder, in all its roundings, and common divisors and multiples. Exact integers only, but
// for `mod` of floats and the functions of R7RS, which also take floats without a fraction.

import { integerValue, smallInteger } from "../../../../heap/cells/bigint.ts";
import { structItem, newStruct } from "../../../../heap/cells/struct.ts";
import { StructType } from "../../../../heap/structs.ts";
import { CellKind } from "../../../../heap/value.ts";
import { gcd } from "../../../text/exact-number.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError, typeError } from "../conditions.ts";
import { answer, integerArgument, lisp } from "./arguments.ts";
import { Cost, allowBits, allowReduction, bitsAt } from "./limits.ts";
import { Kind, floatAt, isInt, kindAt, plainNumberAt, storeNumber, storeSafe } from "./slots.ts";
import { floorDivide, floorRemainder } from "./tower.ts";

/** A kind of quotient or remainder, once for doubles that hold exact integers of 48 bits and once for large ones. */
interface Division { readonly small: (n: number, d: number) => number; readonly large: (n: bigint, d: bigint) => bigint }

const TRUNCATED_QUOTIENT: Division = { small: (n, d) => Math.trunc(n / d), large: (n, d) => n / d };
const TRUNCATED_REMAINDER: Division = { small: (n, d) => n % d, large: (n, d) => n % d };
const FLOORED_QUOTIENT: Division = { small: (n, d) => Math.floor(n / d), large: floorDivide };
const FLOORED_REMAINDER: Division = {
  small: (n, d) => {
    const rest = n % d;
    return rest !== 0 && rest < 0 !== d < 0 ? rest + d : rest;
  },
  large: floorRemainder,
};

/** The native that divides two exact integers. */
const dividing = ({ small, large }: Division, zero: string) => (vm: Vm, base: number): void => {
  const heap = vm.heap, n = smallInteger(heap, base), d = smallInteger(heap, base + 1);
  // NaN: not an integer, or a large one.
  if (n === n && d === d && d !== 0) return storeSafe(heap, base - 2, small(n, d));
  const dividend = integerArgument(vm, base), divisor = integerArgument(vm, base + 1);
  if (divisor === 0n) evalError(vm, zero);
  allowBits(vm, bitsAt(heap, base), Cost.Division);
  storeNumber(heap, base - 2, large(dividend, divisor));
};

/** `mod`: of integers with the sign of the divisor; with a float, what is left of the truncated quotient. */
function modulo(vm: Vm, base: number): void {
  const kb = kindAt(vm.heap, base), kc = kindAt(vm.heap, base + 1);
  if (kb !== Kind.Float && kc !== Kind.Float) return FLOORED_MODULO(vm, base);
  if (kb !== Kind.Float && !isInt(kb)) typeError(vm, "integer", base);
  if (kc !== Kind.Float && !isInt(kc)) typeError(vm, "integer", base + 1);
  vm.heap.setF64(base - 2, nearest(vm, base, kb) % nearest(vm, base + 1, kc));
}

const nearest = (vm: Vm, slot: number, kind: Kind): number => (kind === Kind.Big ? Number(integerValue(vm.heap, slot)) : plainNumberAt(vm.heap, slot, kind));

const FLOORED_MODULO = dividing(FLOORED_REMAINDER, "modulo by zero");

/** An exact integer, or a float without fraction. */
function wholeArgument(vm: Vm, slot: number): bigint {
  const x = kindAt(vm.heap, slot) === Kind.Float ? floatAt(vm.heap, slot) : NaN;
  return Number.isInteger(x) ? BigInt(x) : integerArgument(vm, slot);
}

/** The parts a division of R7RS gives, stored from slot dst on; floats when an operand is one. */
function divideWhole(vm: Vm, base: number, name: string, parts: readonly Division[], dst: number): void {
  const heap = vm.heap, n = wholeArgument(vm, base), d = wholeArgument(vm, base + 1);
  if (d === 0n) evalError(vm, `${name}: division by zero`);
  const inexact = kindAt(heap, base) === Kind.Float || kindAt(heap, base + 1) === Kind.Float;
  allowBits(vm, bitsAt(heap, base), Cost.Division);
  parts.forEach(({ large }, i) => storeNumber(heap, dst + i, inexact ? Number(large(n, d)) : large(n, d)));
}

const wholeDivision = (name: string, part: Division) => (vm: Vm, base: number): void => divideWhole(vm, base, name, [part], base - 2);

/** Quotient and remainder as two values. */
const bothParts = (name: string, quotient: Division, remainder: Division) => (vm: Vm, base: number, argc: number): void => {
  const scratch = base + argc, heap = vm.heap;
  divideWhole(vm, base, name, [quotient, remainder], scratch);
  const values = newStruct(heap, StructType.Values, 2);
  heap.copySlot(structItem(values, 0), scratch);
  heap.copySlot(structItem(values, 1), scratch + 1);
  heap.setCell(base - 2, CellKind.Struct, values);
};

const magnitude = (x: bigint): bigint => (x < 0n ? -x : x);

function commonDivisor(vm: Vm, base: number, argc: number): void {
  let result = 0n;
  for (let i = 0; i < argc; i++) {
    const next = integerArgument(vm, base + i);
    allowReduction(vm, i === 0 ? 0 : Math.min(bitsAt(vm.heap, base + i - 1), bitsAt(vm.heap, base + i)));
    result = gcd(result, next);
  }
  answer(vm, base, result);
}

function commonMultiple(vm: Vm, base: number, argc: number): void {
  let result = 1n, bits = 0;
  for (let i = 0; i < argc; i++) {
    const next = integerArgument(vm, base + i), size = bitsAt(vm.heap, base + i);
    allowReduction(vm, Math.min(bits, size));
    bits += size;
    allowBits(vm, bits, Cost.Product);
    result = next === 0n || result === 0n ? 0n : result * magnitude(next / gcd(result, next));
  }
  answer(vm, base, magnitude(result));
}

const parity = (odd: 0 | 1) => (vm: Vm, base: number): void => {
  const x = smallInteger(vm.heap, base);
  vm.heap.setBool(base - 2, (x === x ? Math.abs(x % 2) : Number(integerArgument(vm, base) & 1n)) === odd);
};

export const DIVISIONS = [
  lisp("mod", 2, 2, "remainder with the sign of the divisor; of floats, with that of the dividend", modulo, ["modulo"]),
  lisp("quotient", 2, 2, "quotient of integers without its fraction", dividing(TRUNCATED_QUOTIENT, "quotient: division by zero"), ["math/quotient"]),
  lisp("remainder", 2, 2, "remainder of integers, with the sign of the dividend", dividing(TRUNCATED_REMAINDER, "remainder: division by zero"), ["math/remainder"]),
  lisp("floor/", 2, 2, "two values: quotient rounded down, and what remains", bothParts("floor/", FLOORED_QUOTIENT, FLOORED_REMAINDER)),
  lisp("truncate/", 2, 2, "two values: quotient without fraction, and what remains", bothParts("truncate/", TRUNCATED_QUOTIENT, TRUNCATED_REMAINDER)),
  lisp("floor-quotient", 2, 2, "quotient rounded down", wholeDivision("floor-quotient", FLOORED_QUOTIENT)),
  lisp("floor-remainder", 2, 2, "remainder with the sign of the divisor", wholeDivision("floor-remainder", FLOORED_REMAINDER)),
  lisp("truncate-quotient", 2, 2, "quotient without its fraction", wholeDivision("truncate-quotient", TRUNCATED_QUOTIENT)),
  lisp("truncate-remainder", 2, 2, "remainder with the sign of the dividend", wholeDivision("truncate-remainder", TRUNCATED_REMAINDER)),
  lisp("gcd", 0, -1, "greatest common divisor; 0 without arguments", commonDivisor, ["math/gcd"]),
  lisp("lcm", 0, -1, "least common multiple; 1 without arguments", commonMultiple, ["math/lcm"]),
  lisp("even?", 1, 1, "whether the integer is a multiple of 2", parity(0)),
  lisp("odd?", 1, 1, "whether the integer is no multiple of 2", parity(1)),
];
