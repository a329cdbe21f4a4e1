// Integers as endless strings of bits, two's complement.

import { Hi } from "../../../../heap/value.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError } from "../conditions.ts";
import { answer, integerArgument, lisp } from "./arguments.ts";
import { Cost, allowBits, bitsAt } from "./limits.ts";

const operator = (small: (a: number, b: number) => number, large: (a: bigint, b: bigint) => bigint) => (vm: Vm, base: number): void => {
  const heap = vm.heap;
  if (heap.hi(base) === Hi.I32 && heap.hi(base + 1) === Hi.I32) return heap.setI32(base - 2, small(heap.lo(base), heap.lo(base + 1)));
  const a = integerArgument(vm, base, "int"), b = integerArgument(vm, base + 1, "int");
  allowBits(vm, Math.max(bitsAt(heap, base), bitsAt(heap, base + 1)), Cost.Sum);
  answer(vm, base, large(a, b));
};

function complement(vm: Vm, base: number): void {
  answer(vm, base, ~integerArgument(vm, base, "int"));
}

/** The count of a shift: more than any number has bits counts as that many. */
function shiftCount(vm: Vm, base: number, name: string): number {
  const count = integerArgument(vm, base + 1, "int");
  if (count < 0n) evalError(vm, `${name}: expected a non-negative integer, got ${count}`);
  return Number(count < 2n ** 40n ? count : 2n ** 40n);
}

function shiftLeft(vm: Vm, base: number): void {
  const x = integerArgument(vm, base, "int"), count = shiftCount(vm, base, "bit/shift-left");
  if (x === 0n) return vm.heap.setI32(base - 2, 0);
  allowBits(vm, bitsAt(vm.heap, base) - 64 + count, Cost.Sum);
  answer(vm, base, x << BigInt(count));
}

function shiftRight(vm: Vm, base: number): void {
  const x = integerArgument(vm, base, "int"), count = shiftCount(vm, base, "bit/shift-right");
  if (vm.heap.hi(base) === Hi.I32) return vm.heap.setI32(base - 2, vm.heap.lo(base) >> Math.min(31, count));
  answer(vm, base, x >> BigInt(count));
}

export const BIT_FUNCTIONS = [
  lisp("bit/and", 2, 2, "bits set in both integers", operator((a, b) => a & b, (a, b) => a & b)),
  lisp("bit/or", 2, 2, "bits set in one of the integers", operator((a, b) => a | b, (a, b) => a | b)),
  lisp("bit/xor", 2, 2, "bits set in exactly one of the integers", operator((a, b) => a ^ b, (a, b) => a ^ b)),
  lisp("bit/not", 1, 1, "all bits changed", complement),
  lisp("bit/shift-left", 2, 2, "integer times 2 to the power of the count", shiftLeft),
  lisp("bit/shift-right", 2, 2, "integer without its lowest bits, keeping the sign", shiftRight),
];
