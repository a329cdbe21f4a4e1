// + - * / on slots. `add`, `subtract`, `multiply` and `divide` take two operands and are what the engines call for values
// their own fast paths do not know; each reads b and c, writes dst last (dst may be b or c), may collect and may raise.
// Integers that are not boxed and floats are computed as doubles without allocating; all else goes through the tower.

import { integerValue, smallInteger } from "../../../../heap/cells/bigint.ts";
import { byteLength, concat } from "../../../../heap/cells/string.ts";
import { Str } from "../../../../heap/layout.ts";
import { CellHi, CellKind, Hi, Tag } from "../../../../heap/value.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError, typeError, typeErrorOf, typeWord } from "../conditions.ts";
import { dividing, lisp } from "./arguments.ts";
import { Cost, allowBits, allowReduction, bitsAt } from "./limits.ts";
import { Kind, kindAt, kindOf, numberAt, plainNumberAt, storeNumber, storeSafe } from "./slots.ts";
import * as tower from "./tower.ts";

const isSafe = (x: number): boolean => x <= Number.MAX_SAFE_INTEGER && x >= -Number.MAX_SAFE_INTEGER;

/** "expected number, got int and string": both operands are named. */
function operandsError(vm: Vm, expected: string, b: number, c: number): never {
  return typeErrorOf(vm, expected, `${typeWord(vm.heap, b)} and ${typeWord(vm.heap, c)}`);
}

/** A number that is computed as a double: no result of an operation on two of them allocates, unless it is a large integer or a ratio. */
const isPlain = (kind: Kind): boolean => kind === Kind.Small || kind === Kind.Float;

export function add(vm: Vm, dst: number, b: number, c: number): void {
  const heap = vm.heap, hb = heap.hi(b), hc = heap.hi(c);
  if (hb === Hi.I32 && hc === Hi.I32) return storeSafe(heap, dst, heap.lo(b) + heap.lo(c));
  if (hb < Tag.First && hc < Tag.First) return heap.setF64(dst, heap.f64[b]! + heap.f64[c]!);
  const kb = kindOf(hb), kc = kindOf(hc);
  if (isPlain(kb) && isPlain(kc)) {
    const sum = plainNumberAt(heap, b, kb) + plainNumberAt(heap, c, kc);
    return kb === kc && kb === Kind.Small ? storeSafe(heap, dst, sum) : heap.setF64(dst, sum);
  }
  if (hb === CellHi.String && hc === CellHi.String) return append(vm, dst, b, c);
  if (kb === Kind.None || kc === Kind.None) operandsError(vm, "number or string", b, c);
  allowSum(vm, b, c, kb, kc);
  storeNumber(heap, dst, tower.add(numberAt(heap, b), numberAt(heap, c)));
}

/** Lisp never changes a string, so sharing the bytes of the left operand is all the work there is for repeated appending. */
function append(vm: Vm, dst: number, b: number, c: number): void {
  const heap = vm.heap, left = heap.lo(b), right = heap.lo(c), result = concat(heap, left, right);
  const copied = heap.word(result + Str.Data) !== heap.word(left + Str.Data);
  heap.setCell(dst, CellKind.String, result);
  vm.chargeFuel(byteLength(heap, copied ? result : right) >> 2);
}

export function subtract(vm: Vm, dst: number, b: number, c: number): void {
  const heap = vm.heap, hb = heap.hi(b), hc = heap.hi(c);
  if (hb === Hi.I32 && hc === Hi.I32) return storeSafe(heap, dst, heap.lo(b) - heap.lo(c));
  if (hb < Tag.First && hc < Tag.First) return heap.setF64(dst, heap.f64[b]! - heap.f64[c]!);
  const kb = kindOf(hb), kc = kindOf(hc);
  if (isPlain(kb) && isPlain(kc)) {
    const difference = plainNumberAt(heap, b, kb) - plainNumberAt(heap, c, kc);
    return kb === kc && kb === Kind.Small ? storeSafe(heap, dst, difference) : heap.setF64(dst, difference);
  }
  if (kb === Kind.None || kc === Kind.None) operandsError(vm, "number", b, c);
  allowSum(vm, b, c, kb, kc);
  storeNumber(heap, dst, tower.subtract(numberAt(heap, b), numberAt(heap, c)));
}

export function multiply(vm: Vm, dst: number, b: number, c: number): void {
  const heap = vm.heap, hb = heap.hi(b), hc = heap.hi(c);
  if (hb < Tag.First && hc < Tag.First) return heap.setF64(dst, heap.f64[b]! * heap.f64[c]!);
  const kb = kindOf(hb), kc = kindOf(hc);
  if (kb === Kind.Small && kc === Kind.Small) {
    const product = smallInteger(heap, b) * smallInteger(heap, c);
    return isSafe(product) ? storeSafe(heap, dst, product) : storeNumber(heap, dst, integerValue(heap, b) * integerValue(heap, c));
  }
  if (isPlain(kb) && isPlain(kc)) return heap.setF64(dst, plainNumberAt(heap, b, kb) * plainNumberAt(heap, c, kc));
  if (kb === Kind.None || kc === Kind.None) operandsError(vm, "number", b, c);
  allowProduct(vm, b, c, kb, kc);
  storeNumber(heap, dst, tower.multiply(numberAt(heap, b), numberAt(heap, c)));
}

export function divide(vm: Vm, dst: number, b: number, c: number): void {
  const heap = vm.heap, hb = heap.hi(b), hc = heap.hi(c);
  if (hb < Tag.First && hc < Tag.First) return heap.setF64(dst, heap.f64[b]! / heap.f64[c]!);
  const kb = kindOf(hb), kc = kindOf(hc);
  if (kb === Kind.Small && kc === Kind.Small) {
    const divisor = smallInteger(heap, c), quotient = smallInteger(heap, b) / divisor;
    if (divisor === 0) evalError(vm, "division by zero");
    // Both have at most 48 bits, so a quotient that is whole as a double is whole.
    if (Number.isInteger(quotient)) return storeSafe(heap, dst, quotient);
  } else if (isPlain(kb) && isPlain(kc)) {
    return heap.setF64(dst, plainNumberAt(heap, b, kb) / plainNumberAt(heap, c, kc));
  }
  if (kb === Kind.None || kc === Kind.None) operandsError(vm, "number", b, c);
  allowProduct(vm, b, c, kb === Kind.Small || kb === Kind.Big ? Kind.Rational : kb, kc);
  storeNumber(heap, dst, dividing(vm, () => tower.divide(numberAt(heap, b), numberAt(heap, c))));
}

/** Charges for a sum; sums of fractions multiply their parts and reduce. */
function allowSum(vm: Vm, b: number, c: number, kb: Kind, kc: Kind): void {
  const left = bitsAt(vm.heap, b), right = bitsAt(vm.heap, c);
  if (kb <= Kind.Big && kc <= Kind.Big) return allowBits(vm, Math.max(left, right), Cost.Sum);
  allowBits(vm, left + right, Cost.Product);
  allowReduction(vm, Math.min(left, right));
}

function allowProduct(vm: Vm, b: number, c: number, kb: Kind, kc: Kind): void {
  const left = bitsAt(vm.heap, b), right = bitsAt(vm.heap, c);
  allowBits(vm, left + right, Cost.Product);
  if (kb > Kind.Big || kc > Kind.Big) allowReduction(vm, Math.min(left, right));
}

type Operator = (vm: Vm, dst: number, b: number, c: number) => void;

/** All arguments from left to right; `unit` is the value for none, null when one is needed. */
const folding = (operate: Operator, unit: number) => (vm: Vm, base: number, argc: number): void => {
  const heap = vm.heap, result = base - 2;
  if (argc === 2) return operate(vm, result, base, base + 1);
  if (argc === 0) return heap.setI32(result, unit);
  for (let i = 0; i < argc; i++) requireNumber(vm, base + i);
  heap.copySlot(result, base);
  for (let i = 1; i < argc; i++) operate(vm, result, result, base + i);
};

function requireNumber(vm: Vm, slot: number): void {
  if (kindAt(vm.heap, slot) === Kind.None) typeError(vm, "number", slot);
}

function subtractAll(vm: Vm, base: number, argc: number): void {
  if (argc !== 1) return folding(subtract, 0)(vm, base, argc);
  requireNumber(vm, base);
  negate(vm, base - 2, base);
}

/** Writes -b, of a number; the sign of a zero changes too. */
function negate(vm: Vm, dst: number, b: number): void {
  const heap = vm.heap, kind = kindAt(heap, b);
  if (kind === Kind.Small) return storeSafe(heap, dst, -smallInteger(heap, b));
  if (kind === Kind.Float) return heap.setF64(dst, -plainNumberAt(heap, b, kind));
  allowBits(vm, bitsAt(heap, b), Cost.Sum);
  storeNumber(heap, dst, tower.negate(numberAt(heap, b)));
}

function absolute(vm: Vm, base: number): void {
  requireNumber(vm, base);
  const heap = vm.heap, kind = kindAt(heap, base);
  if (kind === Kind.Complex) return storeMagnitude(vm, base);
  if (kind === Kind.Float) return heap.setF64(base - 2, Math.abs(plainNumberAt(heap, base, kind)));
  if (kind === Kind.Small) return storeSafe(heap, base - 2, Math.abs(smallInteger(heap, base)));
  storeNumber(heap, base - 2, tower.absolute(numberAt(heap, base) as tower.Real));
}

/** Distance from zero of the complex number, a float. */
function storeMagnitude(vm: Vm, base: number): void {
  const z = numberAt(vm.heap, base);
  vm.heap.setF64(base - 2, Math.hypot(tower.toFloat(tower.realPart(z)), tower.toFloat(tower.imaginaryPart(z))));
}

function square(vm: Vm, base: number): void {
  requireNumber(vm, base);
  multiply(vm, base - 2, base, base);
}

export const ARITHMETIC = [
  lisp("+", 0, -1, "sum; 0 without arguments; of two strings, both in one", folding(add, 0)),
  lisp("-", 1, -1, "difference; of one number, the number with its sign changed", subtractAll),
  lisp("*", 0, -1, "product; 1 without arguments", folding(multiply, 1)),
  lisp("/", 2, -1, "quotient, exact for exact numbers; error for an exact number by an exact 0", folding(divide, 1)),
  lisp("abs", 1, 1, "number without its sign; of a complex number, its distance from 0", absolute, ["magnitude"]),
  lisp("square", 1, 1, "number times itself", square),
];

