// What destructuring, match, case and quasiquote compile to.

import { cdrSlot, setList } from "../../../../heap/cells/pair.ts";
import { vectorCount, vectorItem } from "../../../../heap/cells/vector.ts";
import { equal } from "../../../../heap/equality.ts";
import { CellHi, Hi } from "../../../../heap/value.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError, typeError } from "../conditions.ts";
import { isNumber, numberAt } from "../numbers/slots.ts";
import { equals } from "../numbers/tower.ts";
import { writtenText } from "../printer.ts";
import { isMapHi, requireMap } from "./arguments.ts";
import { get } from "./either-map.ts";
import { mapFromList } from "./maps.ts";
import { internal } from "./rows.ts";
import { Cursor, isListHi, itemsOf, LIST_OR_VECTOR, ListBuilder, properLength } from "./sequences.ts";
import { vectorOf } from "./vectors.ts";

/** Length of a proper list or vector, -1 for all else. */
function patternLength(vm: Vm, slot: number): number {
  const hi = vm.heap.hi(slot);
  if (hi === CellHi.Vector) return vectorCount(vm.heap, vm.heap.lo(slot));
  return isListHi(hi) ? properLength(vm, slot) : -1;
}

/**
 * Whether a list or vector has exactly n elements, or at least n. Of a list only so much is looked at as decides, or loops
 * that take one element at a time would be slow: what follows the first n may be improper.
 */
function hasElements(vm: Vm, slot: number, n: number, exact: boolean): boolean {
  const heap = vm.heap;
  if (heap.hi(slot) === CellHi.Vector) return exact ? vectorCount(heap, heap.lo(slot)) === n : vectorCount(heap, heap.lo(slot)) >= n;
  let rest = slot;
  for (let i = 0; i < n; i++) {
    if (heap.hi(rest) !== CellHi.Pair) return false;
    rest = cdrSlot(heap.lo(rest));
  }
  return exact ? heap.hi(rest) === Hi.Empty : isListHi(heap.hi(rest));
}

/** (value n exact): checks that a pattern of n elements fits. */
function destructure(vm: Vm, base: number): void {
  const heap = vm.heap, wanted = heap.lo(base + 1), exact = heap.lo(base + 2) !== 0;
  if (!hasElements(vm, base, wanted, exact)) {
    const length = patternLength(vm, base);
    if (length < 0 && heap.hi(base) === CellHi.Pair) itemsOf(vm, base);
    if (length < 0) typeError(vm, LIST_OR_VECTOR, base);
    evalError(vm, exact ? `destructure: expected ${wanted} elements, got ${length}` : `destructure: expected at least ${wanted} elements before \`&\`, got ${length}`);
  }
  heap.copySlot(base - 2, base);
}

function matchLength(vm: Vm, base: number): void {
  const length = patternLength(vm, base);
  if (length < 0) vm.heap.setNull(base - 2);
  else vm.heap.setI32(base - 2, length);
}

/** Element i, which is there. */
function matchElement(vm: Vm, base: number): void {
  const heap = vm.heap, index = heap.lo(base + 1);
  if (heap.hi(base) === CellHi.Vector) return heap.copySlot(base - 2, vectorItem(heap.lo(base), index));
  const cursor = new Cursor(vm, base);
  cursor.skip(index);
  heap.copySlot(base - 2, cursor.next());
}

/** Elements from i on, as a list; the rest of a list is shared. */
function matchRest(vm: Vm, base: number): void {
  const heap = vm.heap, index = heap.lo(base + 1);
  if (heap.hi(base) === CellHi.Vector) {
    const vector = heap.lo(base);
    return setList(heap, base - 2, vectorItem(vector, index), vectorCount(heap, vector) - index);
  }
  for (let i = 0; i < index; i++) heap.copySlot(base, cdrSlot(heap.lo(base)));
  heap.copySlot(base - 2, base);
}

const hasKey = (vm: Vm, base: number): boolean => isMapHi(vm.heap.hi(base)) && get(vm, base, base + 1) >= 0;

function matchKey(vm: Vm, base: number): void {
  const value = isMapHi(vm.heap.hi(base)) ? get(vm, base, base + 1) : -1;
  if (value < 0) vm.heap.setNull(base - 2);
  else vm.heap.copySlot(base - 2, value);
}

/** `=` on two numbers, `equal?` on all else. */
function sameCase(vm: Vm, a: number, b: number): boolean {
  const heap = vm.heap;
  return equal(heap, a, b) || (isNumber(heap, a) && isNumber(heap, b) && equals(numberAt(heap, a), numberAt(heap, b)));
}

/** `,@` in the middle: copies a list or vector in front of any value. */
function spliced(vm: Vm, base: number): void {
  const list = new ListBuilder(vm, base + 2), items = new Cursor(vm, base, "", LIST_OR_VECTOR);
  for (let item = items.next(); item >= 0; item = items.next()) list.add(item);
  list.end(base + 1);
  list.finish(base - 2);
}

const answer = (name: string, arguments_: number, doc: string, test: (vm: Vm, base: number) => boolean): NativeInfo =>
  internal(name, arguments_, doc, (vm, base) => vm.heap.setBool(base - 2, test(vm, base)));

export const DESTRUCTURING: readonly NativeInfo[] = [
  internal("destructure", 3, "(value n exact): the value, a list or vector of n elements, or of at least n", destructure),
  internal("destructure-map", 1, "(value): the value, a map", (vm, base) => {
    requireMap(vm, base);
    vm.heap.copySlot(base - 2, base);
  }),
  internal("match-length", 1, "(value): length of a proper list or vector, else nil", matchLength),
  answer("match-at-least?", 2, "(value n): whether it is a list or vector of at least n elements", (vm, base) => hasElements(vm, base, vm.heap.lo(base + 1), false)),
  answer("match-exactly?", 2, "(value n): whether it is a list or vector of n elements", (vm, base) => hasElements(vm, base, vm.heap.lo(base + 1), true)),
  internal("match-element", 2, "(value i): element i", matchElement),
  internal("match-rest", 2, "(value i): elements from i on", matchRest),
  answer("match-map?", 1, "(value): whether it is a map", (vm, base) => isMapHi(vm.heap.hi(base))),
  answer("match-key?", 2, "(map key): whether the key is there", hasKey),
  internal("match-key", 2, "(map key): its value, else nil", matchKey),
  answer("match-equal?", 2, "(a b): equal?", (vm, base) => equal(vm.heap, base, base + 1)),
  answer("case-equal?", 2, "(a b): numbers by value, all else by equal?", (vm, base) => sameCase(vm, base, base + 1)),
  internal("match-failed", 1, "(value): raises the error of match", (vm, base) => evalError(vm, `match: no clause matched value: ${writtenText(vm, base)}`)),
  internal("append", 2, "(list-or-vector x): the items in front of x", spliced),
  internal("list->vector", 1, "(list): a vector", (vm, base) => vectorOf(vm, base - 2, itemsOf(vm, base, "", "list"))),
  internal("map-from-list", 1, "(key value …): a map", mapFromList),
];
