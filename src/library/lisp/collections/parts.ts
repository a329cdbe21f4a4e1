// Parts and arrangements of sequences that need no callback: take, range, zip, chunk and the like. All answer lists.

import { CellHi, CellKind, Hi } from "../../../../heap/value.ts";
import { setInteger } from "../../../../heap/cells/bigint.ts";
import { setList } from "../../../../heap/cells/pair.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError } from "../conditions.ts";
import { integerArgument, naturalArgument, stringArgument } from "./arguments.ts";
import { row } from "./rows.ts";
import { Cursor, itemsOf, LIST_OR_VECTOR, listOf, ListBuilder } from "./sequences.ts";
import { writtenText } from "../printer.ts";
import { StringBuilder } from "../../../../heap/cells/builder.ts";
import { checkTextSize } from "../../../vm/text-limit.ts";

function take(vm: Vm, base: number): void {
  const n = naturalArgument(vm, base, "take"), cursor = new Cursor(vm, base + 1, "take"), list = new ListBuilder(vm, base + 2);
  for (let i = 0; i < n; i++) {
    const item = cursor.next();
    if (item < 0) break;
    list.add(item);
  }
  list.finish(base - 2);
}

function drop(vm: Vm, base: number): void {
  const n = naturalArgument(vm, base, "drop"), cursor = new Cursor(vm, base + 1, "drop");
  cursor.skip(n);
  cursor.rest(base - 2, base + 2);
}

function takeLast(vm: Vm, base: number): void {
  const n = naturalArgument(vm, base, "list/take-last"), length = new Cursor(vm, base + 1, "list/take-last").drain();
  const cursor = new Cursor(vm, base + 1);
  cursor.skip(Math.max(0, length - n));
  cursor.rest(base - 2, base + 2);
}

function dropLast(vm: Vm, base: number): void {
  const n = naturalArgument(vm, base, "list/drop-last"), items = itemsOf(vm, base + 1, "list/drop-last");
  listOf(vm, base - 2, items.slice(0, Math.max(0, items.length - n)), base + 2);
}

function splitAt(vm: Vm, base: number): void {
  const heap = vm.heap, items = itemsOf(vm, base, "list/split-at"), n = Math.min(naturalArgument(vm, base + 1, "list/split-at"), items.length), halves = base + 2;
  listOf(vm, halves, items.slice(0, n), base + 4);
  heap.setNull(halves + 1);
  listOf(vm, halves + 1, items.slice(n), base + 4);
  setList(heap, base - 2, halves, 2);
}

/** The integers from start, `count` of them, step apart. Scratch: three slots. */
function integers(vm: Vm, dst: number, start: number, step: number, count: number, scratch: number): void {
  const list = new ListBuilder(vm, scratch), last = start + step * (count - 1);
  const small = start === (start | 0) && last === (last | 0);
  for (let i = 0; i < count; i++) {
    if (small) list.addI32(start + step * i);
    else {
      setInteger(vm.heap, scratch + 2, start + step * i);
      list.add(scratch + 2);
    }
  }
  vm.chargeFuel(4 * count);
  list.finish(dst);
}

function range(vm: Vm, base: number, argc: number): void {
  const first = integerArgument(vm, base), from = argc > 1 ? first : 0, to = argc > 1 ? integerArgument(vm, base + 1) : first;
  const step = argc > 2 ? integerArgument(vm, base + 2) : 1;
  if (step === 0) evalError(vm, "range: step cannot be 0");
  integers(vm, base - 2, from, step, Math.max(0, Math.ceil((to - from) / step)), base + argc);
}

function iota(vm: Vm, base: number, argc: number): void {
  const count = Math.max(0, integerArgument(vm, base)), start = argc > 1 ? integerArgument(vm, base + 1) : 0;
  integers(vm, base - 2, start, argc > 2 ? integerArgument(vm, base + 2) : 1, count, base + argc);
}

function enumerate(vm: Vm, base: number): void {
  const heap = vm.heap, cursor = new Cursor(vm, base, "enumerate"), list = new ListBuilder(vm, base + 1), pair = base + 3;
  let index = 0;
  for (let item = cursor.next(); item >= 0; item = cursor.next()) {
    heap.setI32(pair, index++);
    heap.copySlot(pair + 1, item);
    setList(heap, pair, pair, 2);
    list.add(pair);
  }
  list.finish(base - 2);
}

/** The next row of one item of each sequence, null when one of them has ended. */
function nextRow(cursors: readonly Cursor[]): number[] | null {
  const row: number[] = [];
  for (const cursor of cursors) {
    const item = cursor.next();
    if (item < 0) return null;
    row.push(item);
  }
  return row;
}

const cursorsOf = (vm: Vm, base: number, argc: number, fn: string): Cursor[] => Array.from({ length: argc }, (_, i) => new Cursor(vm, base + i, fn));

function zip(vm: Vm, base: number, argc: number): void {
  const cursors = cursorsOf(vm, base, argc, "zip"), outer = new ListBuilder(vm, base + argc), inner = base + argc + 2;
  for (let row = nextRow(cursors); row !== null; row = nextRow(cursors)) {
    listOf(vm, inner, row, inner);
    outer.add(inner);
  }
  outer.finish(base - 2);
}

/** One level: lists and vectors give their items, all else stays. */
function flatten(vm: Vm, base: number): void {
  const cursor = new Cursor(vm, base, "flatten"), list = new ListBuilder(vm, base + 1);
  for (let item = cursor.next(); item >= 0; item = cursor.next()) addSpread(vm, list, item);
  list.finish(base - 2);
}

const isSpread = (hi: number): boolean => hi === CellHi.Pair || hi === CellHi.Vector || hi === Hi.Empty;

/** Adds the items of a list or vector, or the value itself when it is neither. */
export function addSpread(vm: Vm, list: ListBuilder, slot: number): void {
  if (!isSpread(vm.heap.hi(slot))) return list.add(slot);
  const inner = new Cursor(vm, slot, "", LIST_OR_VECTOR);
  for (let item = inner.next(); item >= 0; item = inner.next()) list.add(item);
}

/** All levels of lists and vectors; a list inside itself raises an error. */
function flattenDeep(vm: Vm, base: number): void {
  const heap = vm.heap, list = new ListBuilder(vm, base + 1), open: { cursor: Cursor; cell: number }[] = [], cells = new Set<number>();
  const enter = (slot: number): void => {
    const cell = heap.hi(slot) === Hi.Empty ? 0 : heap.lo(slot);
    if (cell !== 0 && cells.has(cell)) evalError(vm, "flatten-deep: list contains itself");
    cells.add(cell);
    open.push({ cursor: new Cursor(vm, slot, "flatten-deep"), cell });
  };
  if (isSpread(heap.hi(base)) || heap.hi(base) === CellHi.Array) enter(base);
  else list.add(base);
  while (open.length > 0) {
    const { cursor, cell } = open.at(-1)!, item = cursor.next();
    if (item >= 0 && isSpread(heap.hi(item))) enter(item);
    else if (item >= 0) list.add(item);
    else {
      cells.delete(cell);
      open.pop();
    }
  }
  list.finish(base - 2);
}

function interpose(vm: Vm, base: number): void {
  const cursor = new Cursor(vm, base + 1, "interpose"), list = new ListBuilder(vm, base + 2);
  for (let item = cursor.next(); item >= 0; item = cursor.next()) {
    if (list.length > 0) list.add(base);
    list.add(item);
  }
  list.finish(base - 2);
}

/** One item of each sequence in turn, until the first one ends. */
function interleave(vm: Vm, base: number, argc: number): void {
  const list = new ListBuilder(vm, base + argc);
  const cursors = cursorsOf(vm, base, argc, "list/interleave");
  for (let row = nextRow(cursors); row !== null; row = nextRow(cursors)) for (const item of row) list.add(item);
  list.finish(base - 2);
}

function chunk(vm: Vm, base: number): void {
  const n = naturalArgument(vm, base, "list/chunk");
  if (n === 0) evalError(vm, "list/chunk: chunk size must be positive");
  const items = itemsOf(vm, base + 1, "list/chunk"), outer = new ListBuilder(vm, base + 2), inner = base + 4;
  for (let at = 0; at < items.length; at += n) {
    listOf(vm, inner, items.slice(at, at + n), inner);
    outer.add(inner);
  }
  outer.finish(base - 2);
}

/** Windows of n items that begin `step` apart; full ones only. */
function sliding(vm: Vm, base: number, argc: number): void {
  const n = naturalArgument(vm, base + 1, "list/sliding"), step = argc > 2 ? naturalArgument(vm, base + 2, "list/sliding") : 1;
  if (n === 0) evalError(vm, "list/sliding: size must be positive");
  if (step === 0) evalError(vm, "list/sliding: step must be positive");
  const items = itemsOf(vm, base, "list/sliding"), outer = new ListBuilder(vm, base + argc), inner = base + argc + 2;
  for (let at = 0; at + n <= items.length; at += step) {
    listOf(vm, inner, items.slice(at, at + n), inner);
    outer.add(inner);
    vm.chargeFuel(4 * n);
  }
  outer.finish(base - 2);
}

function page(vm: Vm, base: number): void {
  const number = integerArgument(vm, base + 1);
  if (number < 1) evalError(vm, "list/page: page must be >= 1");
  const size = naturalArgument(vm, base + 2, "list/page"), items = itemsOf(vm, base, "list/page");
  listOf(vm, base - 2, items.slice((number - 1) * size, number * size), base + 3);
}

function pad(vm: Vm, base: number): void {
  const n = naturalArgument(vm, base + 1, "list/pad"), cursor = new Cursor(vm, base, "list/pad"), list = new ListBuilder(vm, base + 3);
  for (let item = cursor.next(); item >= 0; item = cursor.next()) list.add(item);
  while (list.length < n) list.add(base + 2);
  vm.chargeFuel(4 * list.length);
  list.finish(base - 2);
}

function crossJoin(vm: Vm, base: number): void {
  const left = itemsOf(vm, base, "list/cross-join"), right = itemsOf(vm, base + 1, "list/cross-join"), outer = new ListBuilder(vm, base + 2), heap = vm.heap;
  for (const a of left) {
    for (const b of right) {
      heap.copySlot(base + 4, a);
      heap.copySlot(base + 5, b);
      setList(heap, base + 4, base + 4, 2);
      outer.add(base + 4);
    }
    vm.chargeFuel(8 * right.length);
  }
  outer.finish(base - 2);
}

/** Written forms with the separator between; another one may stand before the last. */
function join(vm: Vm, base: number, argc: number): void {
  const heap = vm.heap, items = itemsOf(vm, base, "list/join"), out = new StringBuilder();
  stringArgument(vm, base + 1);
  if (argc > 2) stringArgument(vm, base + 2);
  items.forEach((item, i) => {
    if (i > 0) out.appendString(heap, heap.lo(i === items.length - 1 && argc > 2 ? base + 2 : base + 1));
    out.appendText(writtenText(vm, item));
    checkTextSize(vm, out);
  });
  vm.chargeFuel(8 * items.length + (out.length >> 2));
  heap.setCell(base - 2, CellKind.String, out.finish(heap));
}

export const PARTS: readonly NativeInfo[] = [
  row("take", 2, 2, "(n seq): the first n items", take),
  row("drop", 2, 2, "(n seq): all but the first n items", drop),
  row("list/take-last", 2, 2, "(n seq): the last n items", takeLast),
  row("list/drop-last", 2, 2, "(n seq): all but the last n items", dropLast),
  row("list/split-at", 2, 2, "(seq i): a list of the first i items and one of the others", splitAt),
  row("range", 1, 3, "([from] to [step]): integers, `to` excluded", range),
  row("iota", 1, 3, "(n [start [step]]): n integers", iota),
  row("enumerate", 1, 1, "(seq): ((0 a) (1 b) …)", enumerate),
  row("zip", 2, -1, "(seq seq …): lists of one item of each, as many as the shortest has", zip),
  row("flatten", 1, 1, "(seq): items of the lists and vectors in it, one level", flatten),
  row("flatten-deep", 1, 1, "(seq): the same on all levels", flattenDeep),
  row("interpose", 2, 2, "(x seq): x between the items", interpose),
  row("list/interleave", 2, -1, "(seq seq …): items in turn, up to the end of the shortest", interleave),
  row("list/chunk", 2, 2, "(n seq): lists of n items, the last may be shorter", chunk),
  row("list/sliding", 2, 3, "(seq n [step]): windows of n items", sliding),
  row("list/page", 3, 3, "(seq page size): one page of items, pages count from 1", page),
  row("list/pad", 3, 3, "(seq n x): x at the end until there are n items", pad),
  row("list/cross-join", 2, 2, "(seq seq): lists of two for all combinations", crossJoin),
  row("list/join", 2, 3, "(seq separator [last-separator]): text of the written items", join),
];
