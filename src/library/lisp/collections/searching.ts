// Looking for values in sequences by equality.

import { equal, identical } from "../../../../heap/equality.ts";
import { sortSlots } from "../../../../heap/order.ts";
import { carSlot } from "../../../../heap/cells/pair.ts";
import { CellHi } from "../../../../heap/value.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { row } from "./rows.ts";
import { Cursor, itemsOf, listOf } from "./sequences.ts";
import { setOf, ValueSet } from "./value-set.ts";

type Same = (vm: Vm, a: number, b: number) => boolean;

export const sameValue: Same = (vm, a, b) => equal(vm.heap, a, b);
const sameThing: Same = (vm, a, b) => identical(vm.heap, a, b);

/** Equal only to themselves, so that two words decide. */
const isName = (hi: number): boolean => hi === CellHi.Symbol || hi === CellHi.Keyword;

/** How to compare with the value in the slot: for names without looking into them. */
function sameAs(vm: Vm, slot: number, same: Same): (other: number) => boolean {
  const heap = vm.heap, hi = heap.hi(slot), lo = heap.lo(slot);
  return isName(hi) ? (other) => heap.lo(other) === lo && heap.hi(other) === hi : (other) => same(vm, other, slot);
}

/** The list from the item found on, else #f. */
export function member(vm: Vm, base: number, fn: string, same: Same): void {
  const cursor = new Cursor(vm, base + 1, fn), ahead = new Cursor(vm, base + 1), found = sameAs(vm, base, same);
  for (let item = cursor.next(); item >= 0; item = cursor.next()) {
    if (found(item)) return ahead.rest(base - 2, base + 2);
    ahead.next();
  }
  vm.heap.setBool(base - 2, false);
}

/** The first pair in an association list whose car is the key, else #f. */
export function association(vm: Vm, base: number, fn: string, same: Same): void {
  const heap = vm.heap, cursor = new Cursor(vm, base + 1, fn), found = sameAs(vm, base, same);
  for (let item = cursor.next(); item >= 0; item = cursor.next()) {
    if (heap.hi(item) === CellHi.Pair && found(carSlot(heap.lo(item)))) return heap.copySlot(base - 2, item);
  }
  heap.setBool(base - 2, false);
}

/** Index of a value in a sequence, -1 when it is not there. */
function indexOf(vm: Vm, sequence: number, value: number, fn: string): number {
  const cursor = new Cursor(vm, sequence, fn);
  for (let item = cursor.next(), index = 0; item >= 0; item = cursor.next(), index++) if (equal(vm.heap, item, value)) return index;
  return -1;
}

function indexNative(vm: Vm, base: number): void {
  const index = indexOf(vm, base, base + 1, "list/index-of");
  if (index < 0) vm.heap.setNull(base - 2);
  else vm.heap.setI32(base - 2, index);
}

/** Stores the list of the items that pass. */
function keep(vm: Vm, base: number, items: readonly number[], argc: number, passes: (item: number, index: number) => boolean): void {
  listOf(vm, base - 2, items.filter(passes), base + argc);
}

function unique(vm: Vm, base: number): void {
  const seen = new ValueSet(vm);
  keep(vm, base, itemsOf(vm, base, "list/unique"), 1, (item) => seen.add(item) === 1);
}

function dedupe(vm: Vm, base: number): void {
  const items = itemsOf(vm, base, "list/dedupe");
  keep(vm, base, items, 1, (item, i) => i === 0 || !equal(vm.heap, item, items[i - 1]!));
}

function duplicates(vm: Vm, base: number): void {
  const repeated = setOf(vm, itemsOf(vm, base, "list/duplicates")).members.filter(({ count }) => count > 1);
  listOf(vm, base - 2, sortSlots(vm.heap, repeated.map(({ slot }) => slot)), base + 1);
}

/** Items of the first sequence that are, or are not, in the second. */
function common(vm: Vm, base: number, fn: string, wanted: boolean): void {
  const items = itemsOf(vm, base, fn), set = setOf(vm, itemsOf(vm, base + 1, fn));
  keep(vm, base, items, 2, (item) => (set.find(item) !== null) === wanted);
}

export const SEARCHING: readonly NativeInfo[] = [
  row("memq", 2, 2, "(x seq): the list from the first item identical to x on, else #f", (vm, base) => member(vm, base, "memq", sameThing)),
  row("memv", 2, 2, "(x seq): the same as memq", (vm, base) => member(vm, base, "memv", sameThing)),
  row("assq", 2, 2, "(key alist): the first pair whose car equals the key, else #f", (vm, base) => association(vm, base, "assq", sameValue)),
  row("assv", 2, 2, "(key alist): the same as assq", (vm, base) => association(vm, base, "assv", sameValue)),
  row("list/index-of", 2, 2, "(seq x): index of the first item equal to x, else nil", indexNative),
  row("list/contains?", 2, 2, "(seq x): whether an item equals x", (vm, base) => vm.heap.setBool(base - 2, indexOf(vm, base, base + 1, "list/contains?") >= 0)),
  row("list/unique", 1, 1, "(seq): each value once, where it came first", unique),
  row("list/dedupe", 1, 1, "(seq): without items equal to the one before", dedupe),
  row("list/duplicates", 1, 1, "(seq): the values that are there more than once, in order", duplicates),
  row("list/diff", 2, 2, "(seq other): items that are not in the other", (vm, base) => common(vm, base, "list/diff", false)),
  row("list/intersect", 2, 2, "(seq other): items that are in the other too", (vm, base) => common(vm, base, "list/intersect", true)),
];
