// What destructuring, match, case and quasiquote compile to.

import { vectorCount } from "../../../../heap/cells/vector.ts";
import { equal } from "../../../../heap/equality.ts";
import { CellHi } from "../../../../heap/value.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import { entrySlot, hasExtent, itemSlot, takeItems } from "../../../vm/parts.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError, typeError } from "../conditions.ts";
import { isNumber, numberAt } from "../numbers/slots.ts";
import { equals } from "../numbers/tower.ts";
import { writtenText } from "../printer.ts";
import { requireMap } from "./arguments.ts";
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

/** (value n exact): checks that a pattern of n elements fits. */
function destructure(vm: Vm, base: number): void {
  const heap = vm.heap, wanted = heap.lo(base + 1), exact = heap.lo(base + 2) !== 0;
  if (!hasExtent(vm, base, wanted, exact)) {
    const length = patternLength(vm, base);
    if (length < 0 && heap.hi(base) === CellHi.Pair) itemsOf(vm, base);
    if (length < 0) typeError(vm, LIST_OR_VECTOR, base);
    evalError(vm, exact ? `destructure: expected ${wanted} elements, got ${length}` : `destructure: expected at least ${wanted} elements before \`&\`, got ${length}`);
  }
  heap.copySlot(base - 2, base);
}

function answerSlot(vm: Vm, base: number, slot: number): void {
  if (slot < 0) vm.heap.setNull(base - 2);
  else vm.heap.copySlot(base - 2, slot);
}

function matchRest(vm: Vm, base: number): void {
  if (!takeItems(vm, base - 2, base, vm.heap.lo(base + 1))) vm.heap.setNull(base - 2);
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
  internal("match-element", 2, "(value i): element i, else nil", (vm, base) => answerSlot(vm, base, itemSlot(vm, base, vm.heap.lo(base + 1)))),
  internal("match-rest", 2, "(value i): elements from i on, as a list", matchRest),
  answer("match-key?", 2, "(map key): whether the key is there", (vm, base) => entrySlot(vm, base, base + 1) >= 0),
  internal("match-key", 2, "(map key): its value, else nil", (vm, base) => answerSlot(vm, base, entrySlot(vm, base, base + 1))),
  answer("case-equal?", 2, "(a b): numbers by value, all else by equal?", (vm, base) => sameCase(vm, base, base + 1)),
  internal("match-failed", 1, "(value): raises the error of match", (vm, base) => evalError(vm, `match: no clause matched value: ${writtenText(vm, base)}`)),
  internal("append", 2, "(list-or-vector x): the items in front of x", spliced),
  internal("list->vector", 1, "(list): a vector", (vm, base) => vectorOf(vm, base - 2, itemsOf(vm, base, "", "list"))),
  internal("map-from-list", 1, "(key value …): a map", mapFromList),
];
