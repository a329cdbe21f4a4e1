// Rows and arguments of the number functions. Each reader answers the plain value or raises the type error.

import { integerValue } from "../../../../heap/cells/bigint.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError, typeError } from "../conditions.ts";
import { Kind, isInt, kindAt, numberAt, realAt, storeNumber } from "./slots.ts";
import { ZeroDivision, toFloat, type Numeric, type Real } from "./tower.ts";

/** A row of the table: a native that is a global of Lisp under its name and the aliases. */
export const lisp = (name: string, min: number, max: number, doc: string, run: NativeInfo["run"], aliases: readonly string[] = []): NativeInfo =>
  ({ name: `lisp:${name}`, min, max, doc, run, aliases });

export const numberArgument = (vm: Vm, slot: number): Numeric =>
  (kindAt(vm.heap, slot) === Kind.None ? typeError(vm, "number", slot) : numberAt(vm.heap, slot));

/** A number that is not complex. */
export function realArgument(vm: Vm, slot: number, word = "real number"): Real {
  const kind = kindAt(vm.heap, slot);
  if (kind === Kind.None) return typeError(vm, word === "real number" ? "number" : word, slot);
  return kind === Kind.Complex ? typeError(vm, word, slot) : realAt(vm.heap, slot);
}

/** The nearest double of a number that is not complex. */
export const floatArgument = (vm: Vm, slot: number): number => toFloat(realArgument(vm, slot));

/** An integer of any size that is no float. `word`: what the error says was expected. */
export const integerArgument = (vm: Vm, slot: number, word = "integer"): bigint =>
  (isInt(kindAt(vm.heap, slot)) ? integerValue(vm.heap, slot) : typeError(vm, word, slot));

/** An integer within the range of JS arrays and shifts; larger ones are clamped to ±2^53. */
export function smallArgument(vm: Vm, slot: number, word = "integer"): number {
  const value = Number(integerArgument(vm, slot, word));
  return Math.max(-(2 ** 53), Math.min(2 ** 53, value));
}

/** Stores a result of the tower. */
export const answer = (vm: Vm, base: number, x: Numeric): void => storeNumber(vm.heap, base - 2, x);

/** The function on slots that stores what `run` makes of one number. */
export const unary = (run: (x: Numeric, vm: Vm) => Numeric): NativeInfo["run"] => (vm, base) => answer(vm, base, run(numberArgument(vm, base), vm));

/** The same for real numbers. */
export const unaryReal = (run: (x: Real, vm: Vm) => Numeric): NativeInfo["run"] => (vm, base) => answer(vm, base, run(realArgument(vm, base), vm));

/** The result of a division, or the error. */
export function dividing<T>(vm: Vm, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof ZeroDivision) return evalError(vm, "division by zero");
    throw error;
  }
}

