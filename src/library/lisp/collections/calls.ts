// What the functions of the prelude that take functions are made of: checking arguments before a loop, and putting results
// together after it. Loops collect results in a list in reverse and never change it, so that a continuation captured in a
// callback can be entered again.

import { carSlot, cdrSlot, newPair } from "../../../../heap/cells/pair.ts";
import { textOf } from "../../../../heap/cells/string.ts";
import { CellHi, CellKind, Hi } from "../../../../heap/value.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import { isMapHi } from "../../../vm/parts.ts";
import type { Vm } from "../../../vm/vm.ts";
import { arityError, evalError, typeError } from "../conditions.ts";
import { improperList, isCallable, naturalArgument, requireMap } from "./arguments.ts";
import { emptyLike, entriesOf, get, put, remove, requireKey, setEmpty } from "./either-map.ts";
import { flatEntries, lookUp } from "./maps.ts";
import { listTail, reverseList } from "./lists.ts";
import { addSpread } from "./parts.ts";
import { internal } from "./rows.ts";
import { association, member, sameValue } from "./searching.ts";
import { Cursor, isListHi, itemsOf, LIST_OR_VECTOR, ListBuilder, properLength } from "./sequences.ts";
import { vectorOf } from "./vectors.ts";

/** Text of the symbol argument, the name of a function. */
const nameArgument = (vm: Vm, slot: number): string => textOf(vm.heap, vm.heap.lo(slot));

function requireCallable(vm: Vm, slot: number): void {
  if (!isCallable(vm, slot)) typeError(vm, "callable", slot);
}

/** Writes a sequence as a list: itself when it is a proper list. */
function asList(vm: Vm, dst: number, slot: number, fn: string, scratch: number): void {
  const heap = vm.heap;
  if (!isListHi(heap.hi(slot))) return new Cursor(vm, slot, fn).rest(dst, scratch);
  if (properLength(vm, slot) < 0) new Cursor(vm, slot, fn).drain();
  heap.copySlot(dst, slot);
}

/** (f seq name): the sequence as a list; f must be callable unless there is nothing to call it with. */
function items(vm: Vm, base: number): void {
  // The name is text only where a message needs it.
  if (isListHi(vm.heap.hi(base + 1)) && properLength(vm, base + 1) >= 0) vm.heap.copySlot(base - 2, base + 1);
  else asList(vm, base - 2, base + 1, nameArgument(vm, base + 2), base + 3);
  if (vm.heap.hi(base - 2) === CellHi.Pair) requireCallable(vm, base);
}

/** (f seq name): the same for one of several sequences, of which circular lists are fine as long as another one ends. */
function openItems(vm: Vm, base: number): void {
  const heap = vm.heap;
  if (isListHi(heap.hi(base + 1))) heap.copySlot(base - 2, base + 1);
  else new Cursor(vm, base + 1, nameArgument(vm, base + 2)).rest(base - 2, base + 3);
  if (heap.hi(base - 2) === CellHi.Pair) requireCallable(vm, base);
}

/** (x more): the arguments (apply f x . more) passes on. */
function spreadArguments(vm: Vm, base: number): void {
  const list = new ListBuilder(vm, base + 2), more = itemsOf(vm, base + 1), last = more.pop()!;
  asList(vm, base + 4, last, "apply", base + 5);
  list.add(base);
  for (const item of more) list.add(item);
  list.end(base + 4);
  list.finish(base - 2);
}

/** (lists): the cars of all, or #f when one of the lists has ended. */
function heads(vm: Vm, base: number): void {
  const heap = vm.heap, cursor = new Cursor(vm, base), list = new ListBuilder(vm, base + 1);
  for (let item = cursor.next(); item >= 0; item = cursor.next()) {
    if (heap.hi(item) !== CellHi.Pair) return endOfOne(vm, base, item);
    list.add(carSlot(heap.lo(item)));
  }
  list.finish(base - 2);
}

function endOfOne(vm: Vm, base: number, rest: number): void {
  if (!isListHi(vm.heap.hi(rest)) && vm.heap.hi(rest) !== Hi.Null) improperList(vm, "improper list");
  vm.heap.setBool(base - 2, false);
}

/** (lists): the cdrs of all, none of which has ended. */
function tails(vm: Vm, base: number): void {
  const cursor = new Cursor(vm, base), list = new ListBuilder(vm, base + 1);
  for (let item = cursor.next(); item >= 0; item = cursor.next()) list.add(cdrSlot(vm.heap.lo(item)));
  list.finish(base - 2);
}

function reverseOnto(vm: Vm, base: number): void {
  const heap = vm.heap, cursor = new Cursor(vm, base);
  for (let item = cursor.next(); item >= 0; item = cursor.next()) heap.setCell(base + 1, CellKind.Pair, newPair(heap, item, base + 1));
  heap.copySlot(base - 2, base + 1);
}

/** (results in reverse): lists and vectors among them give their items. */
function spreadReversed(vm: Vm, base: number): void {
  reverseList(vm, base, base, base + 1);
  const cursor = new Cursor(vm, base), list = new ListBuilder(vm, base + 1);
  for (let item = cursor.next(); item >= 0; item = cursor.next()) addSpread(vm, list, item);
  list.finish(base - 2);
}

function vectorReversed(vm: Vm, base: number): void {
  reverseList(vm, base, base, base + 1);
  const slots: number[] = [];
  for (let hi = vm.heap.hi(base), pair = vm.heap.lo(base); hi === CellHi.Pair; hi = vm.heap.hi(cdrSlot(pair)), pair = vm.heap.lo(cdrSlot(pair))) slots.push(carSlot(pair));
  vectorOf(vm, base - 2, slots);
}

/** (map key x): x in front of the list under the key. */
function group(vm: Vm, base: number): void {
  const heap = vm.heap, known = get(vm, base, base + 1), list = base + 3;
  if (known >= 0) heap.copySlot(list, known);
  else heap.setSlot(list, Hi.Empty, 0);
  heap.setCell(list, CellKind.Pair, newPair(heap, base + 2, list));
  put(vm, base - 2, base, base + 1, list);
}

/** (map of lists): the same with each list reversed. */
function reverseGroups(vm: Vm, base: number): void {
  const map = base + 1, list = base + 2;
  vm.heap.copySlot(map, base);
  for (const { key, value } of entriesOf(vm, base)) {
    reverseList(vm, list, value, list + 1);
    put(vm, map, map, key, list);
  }
  vm.heap.copySlot(base - 2, map);
}

/** (map key x): the map with one more entry. */
function putEntry(vm: Vm, base: number, checked: boolean): void {
  if (checked) requireKey(vm, base + 1);
  put(vm, base - 2, base, base + 1, base + 2);
}

/** (f map): the map's keys and values in turn; f must be callable unless there are none. */
function mapItems(vm: Vm, base: number): void {
  requireMap(vm, base + 1);
  flatEntries(vm, base - 2, base + 1, base + 2);
  if (vm.heap.hi(base - 2) === CellHi.Pair) requireCallable(vm, base);
}

/** (key seq): assoc with two arguments. */
function assoc(vm: Vm, base: number): void {
  const hi = vm.heap.hi(base + 1);
  if (!isListHi(hi) && hi !== CellHi.Vector && hi !== CellHi.Array) evalError(vm, "assoc: requires (key alist) or (map key val ...)");
  association(vm, base, "assoc", sameValue);
}

/** (map key (x key x …)): assoc with more arguments. */
function assocMany(vm: Vm, base: number): void {
  const heap = vm.heap, rest = new Cursor(vm, base + 2), map = base + 3;
  if (properLength(vm, base + 2) % 2 === 0) evalError(vm, "assoc: requires (key alist) or (map key val ...)");
  requireMap(vm, base);
  heap.copySlot(map, base);
  for (let key = base + 1; key >= 0; key = rest.next()) {
    requireKey(vm, key);
    put(vm, map, map, key, rest.next());
  }
  heap.copySlot(base - 2, map);
}

/** (a b x): whether (assoc a b x) looks up a in an association list by comparing with x, instead of adding to a map. */
function comparesKeys(vm: Vm, base: number): void {
  vm.heap.setBool(base - 2, !isMapHi(vm.heap.hi(base)) && isListHi(vm.heap.hi(base + 1)) && isCallable(vm, base + 2));
}

/** (name min max count): raises the error of a wrong number of arguments. */
function failArity(vm: Vm, base: number): void {
  arityError(vm, nameArgument(vm, base), vm.heap.lo(base + 1), vm.heap.lo(base + 2), vm.heap.lo(base + 3));
}

export const CALLS: readonly NativeInfo[] = [
  internal("items", 3, "(f seq name): the sequence as a list to call f with", items),
  internal("open-items", 3, "(f seq name): the same, the list may be circular", openItems),
  internal("sequence", 2, "(seq name): the sequence as a list", (vm, base) => asList(vm, base - 2, base, nameArgument(vm, base + 1), base + 2)),
  internal("arguments", 2, "(x more): x and all of more but the last, which is a sequence, in front of its items", spreadArguments),
  internal("heads", 1, "(lists): their cars, #f when one has ended", heads),
  internal("tails", 1, "(lists): their cdrs", tails),
  internal("natural", 2, "(n name): n, which must be a non-negative integer", (vm, base) => {
    naturalArgument(vm, base, nameArgument(vm, base + 1));
    vm.heap.copySlot(base - 2, base);
  }),
  internal("reverse", 1, "(list): a reversed copy", (vm, base) => reverseList(vm, base - 2, base, base + 1)),
  internal("reverse-onto", 2, "(list tail): the items of the list in reverse in front of the tail", reverseOnto),
  internal("spread-reversed", 1, "(list): reversed, lists and vectors in it give their items", spreadReversed),
  internal("vector-reversed", 1, "(list): a vector of the items, last first", vectorReversed),
  internal("group", 3, "(map key x): x in front of the list under the key", group),
  internal("reverse-groups", 1, "(map): each value, a list, reversed", reverseGroups),
  internal("put", 3, "(map key x): any value may be the key", (vm, base) => putEntry(vm, base, false)),
  internal("put-key", 3, "(map key x): mutable keys are refused", (vm, base) => putEntry(vm, base, true)),
  internal("empty-like", 1, "(map): an empty map of the same kind", (vm, base) => {
    emptyLike(vm, base + 1, base);
    vm.heap.copySlot(base - 2, base + 1);
  }),
  internal("map-items", 2, "(f map): keys and values in turn, to call f with", mapItems),
  internal("entries", 1, "(map): keys and values in turn", (vm, base) => flatEntries(vm, base - 2, base, base + 1)),
  internal("empty-map", 0, "(): an empty map", (vm, base) => setEmpty(vm, base - 2)),
  internal("get", 2, "(map key): the key's value, else nil", (vm, base, argc) => lookUp(vm, base, argc)),
  internal("dissoc", 2, "(map key): a map without the key", (vm, base) => remove(vm, base - 2, base, base + 1)),
  internal("length", 1, "(list): number of items", (vm, base) => vm.heap.setI32(base - 2, new Cursor(vm, base).drain())),
  internal("list-tail", 2, "(list k): the list without its first k items", listTail),
  internal("any-map?", 1, "(x): whether it is a map or hash map", (vm, base) => vm.heap.setBool(base - 2, isMapHi(vm.heap.hi(base)))),
  internal("path", 1, "(path): a list of its keys", (vm, base) => new Cursor(vm, base, "", LIST_OR_VECTOR).rest(base - 2, base + 1)),
  internal("member", 2, "(x seq): the list from the first item equal to x on, else #f", (vm, base) => member(vm, base, "member", sameValue)),
  internal("assoc", 2, "(key alist): the first pair whose car equals the key, else #f", assoc),
  internal("assoc-many", 3, "(map key rest): a map with these entries too", assocMany),
  internal("compares-keys?", 3, "(a b x): whether assoc of these compares keys by x", comparesKeys),
  internal("fail", 1, "(text): raises an error", (vm, base) => evalError(vm, nameArgument(vm, base))),
  internal("fail-arity", 4, "(name min max count): raises the error of wrong argument counts", failArity),
];
