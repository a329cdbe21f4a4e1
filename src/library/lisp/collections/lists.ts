// Pairs and lists: making them, taking them apart, counting.

import { length as arrayLength } from "../../../../heap/cells/array.ts";
import { bytevectorLength } from "../../../../heap/cells/bytevector.ts";
import { numberCount } from "../../../../heap/cells/number-array.ts";
import { carSlot, cdrSlot, newPair, setList } from "../../../../heap/cells/pair.ts";
import { codePoints } from "../../../../heap/cells/string.ts";
import { newVector, newVectorOf, vectorCount, vectorItem } from "../../../../heap/cells/vector.ts";
import { CellHi, CellKind, Hi } from "../../../../heap/value.ts";
import { mapCount } from "../../../../heap/cells/sorted-map.ts";
import { hashMapCount } from "../../../../heap/cells/hash-map.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError, typeError } from "../conditions.ts";
import { improperList, integerArgument, integerText, naturalArgument, pairArgument } from "./arguments.ts";
import { row } from "./rows.ts";
import { Cursor, isListHi, LIST_OR_VECTOR, ListBuilder, SEQUENCE } from "./sequences.ts";

function cons(vm: Vm, base: number): void {
  const heap = vm.heap;
  // nil in place of a list counts as the empty one.
  if (heap.hi(base + 1) === Hi.Null) heap.setSlot(base + 1, Hi.Empty, 0);
  heap.setCell(base - 2, CellKind.Pair, newPair(heap, base, base + 1));
}

/** car of the value in src: nil for what is empty. */
function car(vm: Vm, dst: number, src: number): void {
  const heap = vm.heap, hi = heap.hi(src), cell = heap.lo(src);
  if (hi === CellHi.Pair) heap.copySlot(dst, carSlot(cell));
  else if (hi === Hi.Empty || (hi === CellHi.Vector && vectorCount(heap, cell) === 0)) heap.setNull(dst);
  else if (hi === CellHi.Vector) heap.copySlot(dst, vectorItem(cell, 0));
  else typeError(vm, LIST_OR_VECTOR, src);
}

function cdr(vm: Vm, dst: number, src: number): void {
  const heap = vm.heap, hi = heap.hi(src), cell = heap.lo(src);
  if (hi === CellHi.Pair) heap.copySlot(dst, cdrSlot(cell));
  else if (hi === Hi.Empty) heap.copySlot(dst, src);
  else if (hi === CellHi.Vector) heap.setCell(dst, CellKind.Vector, restOfVector(vm, cell));
  else typeError(vm, LIST_OR_VECTOR, src);
}

function restOfVector(vm: Vm, vector: number): number {
  const count = vectorCount(vm.heap, vector);
  vm.chargeFuel(count);
  return count === 0 ? newVector(vm.heap, 0) : newVectorOf(vm.heap, vectorItem(vector, 1), count - 1);
}

/** The compositions of car and cdr with two to four letters. */
function compositions(): NativeInfo[] {
  const paths = (letters: number): string[] => (letters === 0 ? [""] : paths(letters - 1).flatMap((rest) => [`a${rest}`, `d${rest}`]));
  return [2, 3, 4].flatMap(paths).map((path) => row(`c${path}r`, 1, 1, "(list): car and cdr combined, the last letter first", (vm, base) => {
    let from = base;
    for (let i = path.length - 1; i >= 0; i--) {
      (path[i] === "a" ? car : cdr)(vm, base, from);
      from = base;
    }
    vm.heap.copySlot(base - 2, base);
  }));
}

function setPart(vm: Vm, base: number, slot: number): void {
  vm.heap.replace(slot, base + 1);
  vm.heap.setNull(base - 2);
}

const LENGTH_OF = "list, vector, string, map, hashmap, bytevector, typed array, or mutable-array";

function length(vm: Vm, base: number): void {
  const heap = vm.heap, cell = heap.lo(base), hi = heap.hi(base);
  let count = countOf(vm, base);
  if (hi === CellHi.Bytevector) count = bytevectorLength(heap, cell);
  else if (hi === CellHi.NumberArray) count = numberCount(heap, cell);
  else if (hi === CellHi.Array) count = arrayLength(heap, cell);
  if (count < 0) typeError(vm, LENGTH_OF, base);
  heap.setI32(base - 2, count);
}

/** Number of things in a collection, -1 for values that are none to `count` and `empty?`. */
function countOf(vm: Vm, slot: number): number {
  const heap = vm.heap, cell = heap.lo(slot), hi = heap.hi(slot);
  switch (hi) {
    case CellHi.Pair: case Hi.Empty: return new Cursor(vm, slot).drain();
    case CellHi.Vector: return vectorCount(heap, cell);
    case CellHi.String: return codePoints(heap, cell);
    case CellHi.SortedMap: return mapCount(heap, cell);
    case CellHi.HashMap: return hashMapCount(heap, cell);
    default: return -1;
  }
}

function count(vm: Vm, base: number): void {
  const n = vm.heap.hi(base) === Hi.Null ? 0 : countOf(vm, base);
  if (n < 0) typeError(vm, "collection", base);
  vm.heap.setI32(base - 2, n);
}

function isEmpty(vm: Vm, base: number): void {
  const hi = vm.heap.hi(base);
  const n = hi === Hi.Null ? 0 : hi === CellHi.Pair ? 1 : countOf(vm, base);
  if (n < 0) typeError(vm, "collection", base);
  vm.heap.setBool(base - 2, n === 0);
}

/** Copies all but the last list; the last one is shared when it is a list. */
function append(vm: Vm, base: number, argc: number): void {
  const list = new ListBuilder(vm, base + argc);
  for (let i = 0; i < argc; i++) {
    if (i === argc - 1 && isListHi(vm.heap.hi(base + i))) {
      list.end(base + i);
      break;
    }
    const cursor = new Cursor(vm, base + i, "", LIST_OR_VECTOR);
    for (let item = cursor.next(); item >= 0; item = cursor.next()) list.add(item);
  }
  list.finish(base - 2);
}

function reverse(vm: Vm, base: number): void {
  const heap = vm.heap;
  if (heap.hi(base) === CellHi.Vector) return reverseVector(vm, base);
  reverseList(vm, base - 2, base, base + 1);
}

/** Writes a reversed copy of a list. Scratch: one slot. */
export function reverseList(vm: Vm, dst: number, src: number, scratch: number): void {
  const heap = vm.heap, cursor = new Cursor(vm, src, "", LIST_OR_VECTOR);
  heap.setSlot(scratch, Hi.Empty, 0);
  for (let item = cursor.next(); item >= 0; item = cursor.next()) heap.setCell(scratch, CellKind.Pair, newPair(heap, item, scratch));
  heap.copySlot(dst, scratch);
}

function reverseVector(vm: Vm, base: number): void {
  const heap = vm.heap, n = vectorCount(heap, heap.lo(base)), result = newVector(heap, n), source = heap.lo(base);
  vm.chargeFuel(2 * n);
  for (let i = 0; i < n; i++) heap.copySlot(vectorItem(result, n - 1 - i), vectorItem(source, i));
  heap.setCell(base - 2, CellKind.Vector, result);
}

/** Slot of item `index` of a sequence, -1 when there is none. */
function itemAt(vm: Vm, slot: number, index: number, fn: string, expected = SEQUENCE): number {
  const cursor = new Cursor(vm, slot, fn, expected);
  cursor.skip(index);
  return cursor.next();
}

const outOfBounds = (vm: Vm, sequence: number, index: number): never =>
  evalError(vm, `index ${integerText(vm, index)} out of bounds (length ${new Cursor(vm, sequence).drain()})`);

function nth(vm: Vm, base: number): void {
  const hi = vm.heap.hi(base);
  if (!isListHi(hi) && hi !== CellHi.Vector && hi !== CellHi.Array) typeError(vm, LIST_OR_VECTOR, base);
  const index = integerArgument(vm, base + 1);
  if (index < 0) evalError(vm, `nth: index must be non-negative, got ${integerText(vm, base + 1)}`);
  const item = itemAt(vm, base, index, "");
  vm.heap.copySlot(base - 2, item >= 0 ? item : outOfBounds(vm, base, base + 1));
}

function nthOr(vm: Vm, base: number): void {
  const index = naturalArgument(vm, base + 1, "list/nth-or"), item = itemAt(vm, base, index, "list/nth-or");
  vm.heap.copySlot(base - 2, item >= 0 ? item : base + 2);
}

function listRef(vm: Vm, base: number): void {
  const item = itemAt(vm, base, naturalArgument(vm, base + 1, "list-ref"), "", "list");
  vm.heap.copySlot(base - 2, item >= 0 ? item : outOfBounds(vm, base, base + 1));
}

function listSet(vm: Vm, base: number): void {
  const item = itemAt(vm, base, naturalArgument(vm, base + 1, "list-set!"), "", "list");
  if (item < 0) outOfBounds(vm, base, base + 1);
  vm.heap.replace(item, base + 2);
  vm.heap.setNull(base - 2);
}

/** The list without its first k pairs; what follows them may be anything. */
export function listTail(vm: Vm, base: number): void {
  const heap = vm.heap, k = naturalArgument(vm, base + 1, "list-tail");
  if (!isListHi(heap.hi(base))) typeError(vm, "list", base);
  heap.copySlot(base - 2, base);
  for (let i = 0; i < k; i++) {
    if (heap.hi(base - 2) !== CellHi.Pair) evalError(vm, `index ${integerText(vm, base + 1)} out of bounds (length ${i})`);
    heap.copySlot(base - 2, cdrSlot(heap.lo(base - 2)));
  }
  vm.chargeFuel(2 * k);
}

/** New pairs, the same items and end. Anything but a pair is its own copy. */
function listCopy(vm: Vm, base: number): void {
  const heap = vm.heap, list = new ListBuilder(vm, base + 1);
  if (isCircular(vm, base)) improperList(vm, "circular list");
  let rest = base;
  for (; heap.hi(rest) === CellHi.Pair; rest = cdrSlot(heap.lo(rest))) list.add(carSlot(heap.lo(rest)));
  list.end(rest);
  vm.chargeFuel(4 * list.length);
  list.finish(base - 2);
}

/** True when following the cdrs never ends. */
function isCircular(vm: Vm, slot: number): boolean {
  const heap = vm.heap;
  let slow = slot, fast = slot;
  for (;;) {
    for (let i = 0; i < 2; i++) {
      if (heap.hi(fast) !== CellHi.Pair) return false;
      fast = cdrSlot(heap.lo(fast));
    }
    slow = cdrSlot(heap.lo(slow));
    if (fast === slow) return true;
  }
}

function last(vm: Vm, base: number): void {
  const cursor = new Cursor(vm, base, "last");
  let found = -1;
  for (let item = cursor.next(); item >= 0; item = cursor.next()) found = item;
  if (found < 0) vm.heap.setNull(base - 2);
  else vm.heap.copySlot(base - 2, found);
}

/** n times the same value; without one, nil. */
function repeat(fn: string): (vm: Vm, base: number, argc: number) => void {
  return (vm, base, argc) => {
    const n = naturalArgument(vm, base, fn), heap = vm.heap;
    if (argc < 2) heap.setNull(base + 1);
    heap.setSlot(base + 2, Hi.Empty, 0);
    for (let i = 0; i < n; i++) heap.setCell(base + 2, CellKind.Pair, newPair(heap, base + 1, base + 2));
    vm.chargeFuel(4 * n);
    heap.copySlot(base - 2, base + 2);
  };
}

export const LISTS: readonly NativeInfo[] = [
  row("list", 0, -1, "(x …): a list of the arguments", (vm, base, argc) => setList(vm.heap, base - 2, base, argc)),
  row("cons", 2, 2, "(a b): a pair", cons),
  row("car", 1, 1, "(list-or-vector): the first item, nil when empty", (vm, base) => car(vm, base - 2, base), ["first"]),
  row("cdr", 1, 1, "(list-or-vector): all but the first item; vectors stay vectors", (vm, base) => cdr(vm, base - 2, base), ["rest"]),
  ...compositions(),
  row("set-car!", 2, 2, "(pair x): replaces the car", (vm, base) => setPart(vm, base, carSlot(pairArgument(vm, base)))),
  row("set-cdr!", 2, 2, "(pair x): replaces the cdr", (vm, base) => setPart(vm, base, cdrSlot(pairArgument(vm, base)))),
  row("last", 1, 1, "(seq): the last item, nil when empty", last),
  row("length", 1, 1, "(coll): number of items or characters", length),
  row("count", 1, 1, "(coll): the same, 0 for nil", count),
  row("empty?", 1, 1, "(coll): whether there is nothing in it", isEmpty),
  row("append", 0, -1, "(list …): one list of the items of all lists and vectors", append),
  row("reverse", 1, 1, "(list-or-vector): items in reverse order", reverse),
  row("nth", 2, 2, "(seq i): item i", nth),
  row("list/nth-or", 3, 3, "(seq i default): item i, or the default past the end", nthOr),
  row("list-ref", 2, 2, "(list i): item i", listRef),
  row("list-set!", 3, 3, "(list i x): replaces item i in place", listSet),
  row("list-tail", 2, 2, "(list k): the list without its first k items", listTail),
  row("list-copy", 1, 1, "(list): a copy with new pairs", listCopy),
  row("list/repeat", 2, 2, "(n x): a list of n times x", repeat("list/repeat")),
  row("make-list", 1, 2, "(n [x]): a list of n times x", repeat("make-list")),
];
