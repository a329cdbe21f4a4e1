// Sorting by natural order. Sorting with a comparison function is in the prelude; here are its building blocks too.

import { carSlot, cdrSlot } from "../../../../heap/cells/pair.ts";
import { compareFloats, compareValues, orderOf, sortSlots } from "../../../../heap/order.ts";
import { Hi } from "../../../../heap/value.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { typeErrorOf } from "../conditions.ts";
import { typeWord } from "../type-words.ts";
import { Kind, kindAt, plainNumberAt, realAt } from "../numbers/slots.ts";
import { compareReal, toFloat, type Real } from "../numbers/tower.ts";
import { internal } from "./rows.ts";
import { itemsOf, listOf } from "./sequences.ts";

/** Fuel for comparing n things until they are sorted. */
const sortingFuel = (n: number): number => 8 * n * Math.ceil(Math.log2(n + 2));

const isReal = (kind: Kind): boolean => kind !== Kind.None && kind !== Kind.Complex;

/** A comparison that now and then asks whether to go on: how many there are depends on the host, so they cost no fuel. */
function asking<T>(vm: Vm, compare: (a: T, b: T) => number): (a: T, b: T) => number {
  let count = 0;
  return (a, b) => {
    if ((++count & 0xfff) === 0) vm.checkStop();
    return compare(a, b);
  };
}

/** Slots of real numbers in order; equal ones stay in theirs. */
function sortNumbers(vm: Vm, slots: readonly number[]): number[] {
  const plain = slots.map((slot) => plainNumberAt(vm.heap, slot, kindAt(vm.heap, slot)));
  const boxed = slots.some((slot) => kindAt(vm.heap, slot) === Kind.Big || kindAt(vm.heap, slot) === Kind.Rational);
  const order = slots.map((_, i) => i);
  if (!boxed) order.sort(asking(vm, (a, b) => compareFloats(plain[a]!, plain[b]!)));
  else {
    const exact = slots.map((slot): Real => realAt(vm.heap, slot));
    order.sort(asking(vm, (a, b) => compareNumbers(exact[a]!, exact[b]!)));
  }
  return order.map((i) => slots[i]!);
}

/** A NaN comes after all other numbers. */
function compareNumbers(a: Real, b: Real): number {
  const order = compareReal(a, b);
  return order === order ? order : compareFloats(toFloat(a), toFloat(b));
}

/** Slots in natural order: real numbers of all types by value, all else only among its own type. */
function sortNaturally(vm: Vm, slots: readonly number[]): number[] {
  const heap = vm.heap, first = slots[0];
  vm.work(sortingFuel(slots.length));
  if (first === undefined) return [];
  const numbers = isReal(kindAt(heap, first)), type = orderOf(heap, first);
  const odd = slots.find((slot) => (numbers ? !isReal(kindAt(heap, slot)) : orderOf(heap, slot) !== type));
  if (odd !== undefined) typeErrorOf(vm, typeWord(heap, first), typeWord(heap, odd));
  return numbers ? sortNumbers(vm, slots) : sortSlots(heap, [...slots]);
}

/** Sorts a list of pairs of key and value by key, whatever the keys are; stores the list of the values. */
function sortByKeys(vm: Vm, base: number): void {
  const heap = vm.heap, pairs = itemsOf(vm, base, "", "list"), key = (pair: number): number => carSlot(heap.lo(pair));
  vm.work(sortingFuel(pairs.length));
  if (pairs.every((pair) => isReal(kindAt(heap, key(pair))))) {
    const numbers = pairs.map((pair): Real => realAt(heap, key(pair))), order = pairs.map((_, i) => i);
    order.sort(asking(vm, (a, b) => compareNumbers(numbers[a]!, numbers[b]!)));
    return listOf(vm, base - 2, order.map((i) => cdrSlot(heap.lo(pairs[i]!))), base + 1);
  }
  pairs.sort(asking(vm, (a, b) => compareValues(heap, key(a), key(b))));
  listOf(vm, base - 2, pairs.map((pair) => cdrSlot(heap.lo(pair))), base + 1);
}

/** What a comparison answered means "before": #t, or a negative number. */
function isBefore(vm: Vm, base: number): void {
  const heap = vm.heap, hi = heap.hi(base), kind = kindAt(heap, base);
  if (hi === Hi.Bool) heap.setBool(base - 2, heap.lo(base) !== 0);
  else if (hi === Hi.I32) heap.setBool(base - 2, heap.lo(base) < 0);
  else heap.setBool(base - 2, isReal(kind) && compareReal(realAt(heap, base), 0n) < 0);
}

export const SORTING: readonly NativeInfo[] = [
  internal("sort", 1, "(seq): a list in natural order", (vm, base) => listOf(vm, base - 2, sortNaturally(vm, itemsOf(vm, base, "sort")), base + 1)),
  internal("sort-by-keys", 1, "(list of (key . value)): the values in the order of their keys", sortByKeys),
  internal("before?", 1, "(answer): whether a comparison of a and b said that a comes first", isBefore),
];
