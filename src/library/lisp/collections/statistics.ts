// Sums, extremes and averages of sequences of numbers.

import { smallInteger } from "../../../../heap/cells/bigint.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError, typeError } from "../conditions.ts";
import { Kind, kindAt, numberAt, realAt, storeNumber } from "../numbers/slots.ts";
import { add, compareReal, toFloat, type Numeric, type Real } from "../numbers/tower.ts";
import { row } from "./rows.ts";
import { itemsOf, listOf } from "./sequences.ts";
import { setOf } from "./value-set.ts";

/** Slots of a sequence that must not be empty. */
function someItems(vm: Vm, slot: number, fn: string): number[] {
  const items = itemsOf(vm, slot, fn);
  if (items.length === 0) evalError(vm, `${fn}: empty list`);
  return items;
}

function requireReal(vm: Vm, slot: number): number {
  const kind = kindAt(vm.heap, slot);
  if (kind === Kind.None || kind === Kind.Complex) typeError(vm, "number", slot);
  return slot;
}

/** The sum of the numbers in the slots; in plain doubles as long as those are exact. */
function total(vm: Vm, items: readonly number[]): Numeric {
  const heap = vm.heap;
  let small = 0, i = 0;
  for (; i < items.length; i++) {
    const value = smallInteger(heap, items[i]!);
    if (!Number.isSafeInteger(small + value)) break;
    small += value;
  }
  let sum: Numeric = BigInt(small);
  for (; i < items.length; i++) {
    if (kindAt(heap, items[i]!) === Kind.None) typeError(vm, "number", items[i]!);
    sum = add(sum, numberAt(heap, items[i]!));
  }
  vm.chargeFuel(8 * items.length);
  return sum;
}

/** list/min and list/max: the first of the items that no other one is before. */
function extreme(vm: Vm, base: number, fn: string, sign: 1 | -1): void {
  const items = someItems(vm, base, fn).map((item) => requireReal(vm, item));
  let best = items[0]!;
  for (const item of items) if (sign * compareReal(realAt(vm.heap, item), realAt(vm.heap, best)) < 0) best = item;
  vm.chargeFuel(8 * items.length);
  vm.heap.copySlot(base - 2, best);
}

function average(vm: Vm, base: number): void {
  const items = someItems(vm, base, "list/avg").map((item) => requireReal(vm, item));
  vm.heap.setF64(base - 2, toFloat(total(vm, items) as Real) / items.length);
}

function median(vm: Vm, base: number): void {
  const items = someItems(vm, base, "list/median").map((item) => requireReal(vm, item));
  const values = items.map((item) => toFloat(realAt(vm.heap, item))).sort((a, b) => a - b), middle = values.length >> 1;
  vm.chargeFuel(16 * items.length);
  vm.heap.setF64(base - 2, values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2);
}

/** The most frequent value, or the list of those that are equally frequent. */
function mode(vm: Vm, base: number): void {
  const { members } = setOf(vm, someItems(vm, base, "list/mode")), most = members.reduce((max, { count }) => Math.max(max, count), 0);
  const tied = members.filter(({ count }) => count === most).map(({ slot }) => slot);
  if (tied.length === 1) vm.heap.copySlot(base - 2, tied[0]!);
  else listOf(vm, base - 2, tied, base + 1);
}

export const STATISTICS: readonly NativeInfo[] = [
  row("list/sum", 1, 1, "(seq): the sum of the numbers", (vm, base) => storeNumber(vm.heap, base - 2, total(vm, itemsOf(vm, base, "list/sum")))),
  row("list/min", 1, 1, "(seq): the smallest number", (vm, base) => extreme(vm, base, "list/min", 1)),
  row("list/max", 1, 1, "(seq): the largest number", (vm, base) => extreme(vm, base, "list/max", -1)),
  row("list/avg", 1, 1, "(seq): the average, a float", average),
  row("list/median", 1, 1, "(seq): the median, a float", median),
  row("list/mode", 1, 1, "(seq): the most frequent value, or the list of those", mode),
];
