// Reading the arguments of natives. Each function answers the plain value or raises the error text given; results go to
// slot base - 2.

import { CellHi, CellKind, Tag, inlineUint64, numericRank } from "../../heap/value.ts";
import { newStringFromText, textOf } from "../../heap/cells/string.ts";
import { isInteger, numberOf } from "../vm/numeric.ts";
import type { Native, NativeInfo } from "../vm/native.ts";
import type { Vm } from "../vm/vm.ts";

/** A native with the general text for wrong argument counts, which are catchable. */
export const native = (name: string, min: number, max: number, doc: string, run: Native): NativeInfo => ({ name, min, max, doc, run });

/** The same, wrong counts being fatal. */
export const fatalNative = (name: string, min: number, max: number, doc: string, run: Native): NativeInfo =>
  ({ name, min, max, doc, run, fatalArity: true });

/** A native with its own text behind "NAME() expects". */
export function nativeExpecting(name: string, min: number, max: number, expects: string, fatal: boolean, doc: string, run: Native): NativeInfo {
  const text = `${name.slice(name.indexOf(".") + 1)}() expects ${expects}`;
  return {
    name, min, max, checksArity: true, fatalArity: fatal, doc,
    run: (vm, base, argc) => {
      if (argc < min || (max >= 0 && argc > max)) return fatal ? vm.fatal(text) : vm.throwError(text);
      return run(vm, base, argc);
    },
  };
}

const countOf = (parameters: string): number => (parameters === "" ? 0 : parameters.split(", ").length);
const described = (parameters: string): string => {
  const count = countOf(parameters);
  return count === 0 ? "no arguments" : `${count} argument${count === 1 ? "" : "s"} (${parameters})`;
};

/** A native that takes exactly the named parameters: "start, length" gives "expects 2 arguments (start, length)". */
export const method = (name: string, parameters: string, doc: string, run: Native): NativeInfo =>
  nativeExpecting(name, countOf(parameters), countOf(parameters), described(parameters), false, doc, run);

/** The same, wrong argument counts being fatal. */
export const fatalMethod = (name: string, parameters: string, doc: string, run: Native): NativeInfo =>
  nativeExpecting(name, countOf(parameters), countOf(parameters), described(parameters), true, doc, run);

/**
 * Low word of an argument that the compiler put there and no script can choose: of the right kind, but in a program that was
 * made by hand it may be anything.
 */
export function handedOver(vm: Vm, slot: number, hi: number, what: string): number {
  if (vm.heap.hi(slot) !== hi) malformed(vm, what);
  return vm.heap.lo(slot);
}

export const malformed = (vm: Vm, what: string): never => vm.fatal(`The compiled program is malformed: ${what}`);

/** Cell address of the receiver of a method. */
export const receiver = (vm: Vm, base: number): number => vm.heap.lo(base - 2);

export const isString = (vm: Vm, slot: number): boolean => vm.heap.hi(slot) === CellHi.String;
export const isArray = (vm: Vm, slot: number): boolean => vm.heap.hi(slot) === CellHi.Array;
export const isPointer = (vm: Vm, slot: number): boolean => (vm.heap.hi(slot) & Tag.Mask) === Tag.Pointer;

/** Address of the string argument. */
export function stringArgument(vm: Vm, slot: number, error: string): number {
  if (!isString(vm, slot)) vm.throwError(error);
  return vm.heap.lo(slot);
}

/** The integer argument as a JS number (rounded beyond 2^53). */
export function integerArgument(vm: Vm, slot: number, error: string): number {
  const rank = numericRank(vm.heap.hi(slot));
  if (!isInteger(rank)) vm.throwError(error);
  return numberOf(vm.heap, slot, rank);
}

/** The integer argument; anything else is fatal. */
export function fatalInteger(vm: Vm, slot: number, error: string): number {
  const rank = numericRank(vm.heap.hi(slot));
  if (!isInteger(rank)) vm.fatal(error);
  return numberOf(vm.heap, slot, rank);
}

/** The numeric argument as a double; anything else is fatal. */
export function numberArgument(vm: Vm, slot: number, error: string): number {
  const rank = numericRank(vm.heap.hi(slot));
  if (rank === 0) vm.fatal(error);
  return numberOf(vm.heap, slot, rank);
}

/** Address held by the pointer in the slot. */
export const addressOf = (vm: Vm, slot: number): number => inlineUint64(vm.heap.hi(slot), vm.heap.lo(slot));

/** Stores a new string with the text as the result. */
export function returnText(vm: Vm, base: number, text: string): void {
  vm.heap.setCell(base - 2, CellKind.String, newStringFromText(vm.heap, text));
}

/** Text of the string in the slot. */
export const argumentText = (vm: Vm, slot: number): string => textOf(vm.heap, vm.heap.lo(slot));
