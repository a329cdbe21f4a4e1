// Typed arrays: what `array<T>` allows to be pushed or stored later. The element type is a code on the array; structured
// types keep their descriptor beside it and are checked for their kind only, since conversions run guest code.

import { Arr } from "../../heap/layout.ts";
import { elementSlot, length as arrayLength } from "../../heap/cells/array.ts";
import { CellHi, Hi } from "../../heap/value.ts";
import { TypeCode } from "../ir/types.ts";
import { matchesScalar } from "./convert.ts";
import type { Vm } from "./vm.ts";

const MISMATCH = "Type mismatch in typed array - expected element of specific type";

/** True when the array is untyped or the value in the slot may be an element of it. */
export function elementFits(vm: Vm, array: number, slot: number): boolean {
  const mem = vm.heap, code = mem.word(array + Arr.Element);
  return code === 0 || fits(vm, mem.hi(slot), code, mem.word(array + Arr.Descriptor));
}

/** `descriptor` is the guest array that describes a structured type, 0 for the plain codes. */
function fits(vm: Vm, hi: number, code: number, descriptor: number): boolean {
  switch (code) {
    // A named type is a define (objects) or an enum (i32).
    case TypeCode.Named: return hi === CellHi.Object || hi === Hi.I32;
    case TypeCode.Compound: return hi === CellHi.Object;
    case TypeCode.Nullable: return hi === Hi.Null || fitsDescriptor(vm, hi, descriptor);
    default: return matchesScalar(hi, code);
  }
}

/** Checks against the type a [Nullable, type] descriptor wraps. */
function fitsDescriptor(vm: Vm, hi: number, descriptor: number): boolean {
  const mem = vm.heap;
  if (descriptor === 0 || arrayLength(mem, descriptor) < 2) return true;
  const inner = elementSlot(mem, descriptor, 1);
  if (mem.hi(inner) === Hi.I32) return matchesScalar(hi, mem.lo(inner));
  if (mem.hi(inner) !== CellHi.Array) return true;
  const array = mem.lo(inner);
  return fits(vm, hi, mem.lo(elementSlot(mem, array, 0)), array);
}

/** push and store: a wrong element is fatal. */
export function requireElement(vm: Vm, array: number, slot: number): void {
  if (!elementFits(vm, array, slot)) vm.fatal(MISMATCH);
}

/** insert and unshift: a wrong element throws. */
export function checkElement(vm: Vm, array: number, slot: number): void {
  if (!elementFits(vm, array, slot)) vm.throwError(MISMATCH);
}

/** Growing with a gap fills with nulls, which must fit too. */
export function requireNulls(vm: Vm, array: number): void {
  const mem = vm.heap, code = mem.word(array + Arr.Element);
  if (code !== 0 && !fits(vm, Hi.Null, code, mem.word(array + Arr.Descriptor))) vm.fatal(MISMATCH);
}
