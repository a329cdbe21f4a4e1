// Maps: making them, looking things up, changed copies.

import { hashMapFromEntries, emptyHashMap } from "../../../../heap/cells/hash-map.ts";
import { setList } from "../../../../heap/cells/pair.ts";
import { emptyMap, mapFromEntries } from "../../../../heap/cells/sorted-map.ts";
import { CellHi, CellKind } from "../../../../heap/value.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import { isMapHi } from "../../../vm/parts.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError } from "../conditions.ts";
import { requireMap } from "./arguments.ts";
import { emptyLike, entriesOf, get, put, remove, requireKey, setEmpty } from "./either-map.ts";
import { row } from "./rows.ts";
import { Cursor, itemsOf, LIST_OR_VECTOR, ListBuilder } from "./sequences.ts";
import { setOf } from "./value-set.ts";

/** A map of keys and values in turn. */
function makeMap(vm: Vm, base: number, argc: number, fn: string, hash: boolean): void {
  const heap = vm.heap, count = argc >> 1;
  if (argc % 2 !== 0) evalError(vm, `${fn}: requires even number of arguments`);
  for (let i = 0; i < argc; i += 2) requireKey(vm, base + i);
  vm.chargeFuel(16 * argc);
  if (hash) heap.setCell(base - 2, CellKind.HashMap, count === 0 ? emptyHashMap(heap) : hashMapFromEntries(heap, base, count));
  else heap.setCell(base - 2, CellKind.SortedMap, count === 0 ? emptyMap(heap) : mapFromEntries(heap, base, count));
}

/** Makes a map of the values in the list: key, value and so on. */
export function mapFromList(vm: Vm, base: number): void {
  const items = itemsOf(vm, base, "", "list"), map = base + 1;
  setEmpty(vm, map);
  for (let i = 0; i + 1 < items.length; i += 2) {
    requireKey(vm, items[i]!);
    put(vm, map, map, items[i]!, items[i + 1]!);
  }
  vm.heap.copySlot(base - 2, map);
}

/** The value of a key, else argument 3, else nil. */
export function lookUp(vm: Vm, base: number, argc: number, expected?: string): void {
  requireMap(vm, base, expected);
  const found = get(vm, base, base + 1);
  if (found < 0 && argc < 3) vm.heap.setNull(base - 2);
  else vm.heap.copySlot(base - 2, found >= 0 ? found : base + 2);
}

/** Stores the map with the keys and values in the arguments behind it. */
function assocMap(vm: Vm, base: number, argc: number, expected: string): void {
  const map = base + argc;
  requireMap(vm, base, expected);
  vm.heap.copySlot(map, base);
  for (let i = 1; i + 1 < argc; i += 2) {
    requireKey(vm, base + i);
    put(vm, map, map, base + i, base + i + 1);
  }
  vm.heap.copySlot(base - 2, map);
}

function assocHash(vm: Vm, base: number, argc: number): void {
  if (argc % 2 === 0) evalError(vm, "hashmap/assoc: requires hashmap and even number of key-value pairs");
  assocMap(vm, base, argc, "hashmap");
}

function dissoc(vm: Vm, base: number, argc: number): void {
  const map = base + argc;
  requireMap(vm, base);
  vm.heap.copySlot(map, base);
  for (let i = 1; i < argc; i++) remove(vm, map, map, base + i);
  vm.heap.copySlot(base - 2, map);
}

function contains(vm: Vm, base: number, expected?: string): void {
  requireMap(vm, base, expected);
  vm.heap.setBool(base - 2, get(vm, base, base + 1) >= 0);
}

/** Stores the list of the keys or values. */
function listParts(vm: Vm, base: number, part: "key" | "value", expected?: string): void {
  requireMap(vm, base, expected);
  const list = new ListBuilder(vm, base + 1);
  for (const entry of entriesOf(vm, base)) list.add(entry[part]);
  list.finish(base - 2);
}

/** Stores the list of the entries, each a list of key and value. */
function listEntries(vm: Vm, base: number): void {
  requireMap(vm, base);
  const heap = vm.heap, list = new ListBuilder(vm, base + 1), pair = base + 3;
  for (const { key, value } of entriesOf(vm, base)) {
    heap.copySlot(pair, key);
    heap.copySlot(pair + 1, value);
    setList(heap, pair, pair, 2);
    list.add(pair);
  }
  list.finish(base - 2);
}

function fromEntries(vm: Vm, base: number): void {
  const entries = new Cursor(vm, base, "", LIST_OR_VECTOR), map = base + 1;
  setEmpty(vm, map);
  for (let entry = entries.next(); entry >= 0; entry = entries.next()) {
    const parts = new Cursor(vm, entry, "", LIST_OR_VECTOR), key = parts.next(), value = parts.next();
    if (value < 0 || parts.next() >= 0) evalError(vm, "map/from-entries: each entry must be a pair (key value)");
    requireKey(vm, key);
    put(vm, map, map, key, value);
  }
  vm.heap.copySlot(base - 2, map);
}

/** Adds all entries of one map to another. */
function addAll(vm: Vm, into: number, from: number): void {
  for (const { key, value } of entriesOf(vm, from)) put(vm, into, into, key, value);
}

function merge(vm: Vm, base: number, argc: number): void {
  const map = base + argc;
  for (let i = 0; i < argc; i++) requireMap(vm, base + i);
  if (argc === 0) setEmpty(vm, map);
  else vm.heap.copySlot(map, base);
  for (let i = 1; i < argc; i++) addAll(vm, map, base + i);
  vm.heap.copySlot(base - 2, map);
}

// ---- paths

/** Walks maps along the keys of a path; a value on the way that is no map has no keys. */
function getIn(vm: Vm, base: number, argc: number): void {
  const path = itemsOf(vm, base + 1, "", LIST_OR_VECTOR);
  let at = base;
  for (const key of path) {
    at = isMapHi(vm.heap.hi(at)) ? get(vm, at, key) : -1;
    if (at < 0) break;
  }
  if (at < 0 && argc < 3) vm.heap.setNull(base - 2);
  else vm.heap.copySlot(base - 2, at >= 0 ? at : base + 2);
}

/** Replaces the value at the end of a path; what is on the way and no map becomes one. */
function assocIn(vm: Vm, base: number): void {
  const heap = vm.heap, path = itemsOf(vm, base + 1, "", LIST_OR_VECTOR), levels: number[] = [], value = base + 3, fresh = base + 4;
  let at = base;
  for (const key of path) {
    requireKey(vm, key);
    const isMap = at >= 0 && isMapHi(heap.hi(at));
    levels.push(isMap ? at : -1);
    at = isMap ? get(vm, at, key) : -1;
  }
  heap.copySlot(value, base + 2);
  for (let i = path.length - 1; i >= 0; i--) {
    const level = levels[i]!;
    if (level < 0) setEmpty(vm, fresh);
    put(vm, value, level < 0 ? fresh : level, path[i]!, value);
  }
  heap.copySlot(base - 2, value);
}

// ---- parts and conversions

function selectKeys(vm: Vm, base: number): void {
  requireMap(vm, base);
  const keys = itemsOf(vm, base + 1, "", LIST_OR_VECTOR), map = base + 2;
  emptyLike(vm, map, base);
  for (const key of keys) {
    const value = get(vm, base, key);
    if (value >= 0) put(vm, map, map, key, value);
  }
  vm.heap.copySlot(base - 2, map);
}

function except(vm: Vm, base: number): void {
  requireMap(vm, base);
  const map = base + 2;
  vm.heap.copySlot(map, base);
  for (const key of itemsOf(vm, base + 1, "", LIST_OR_VECTOR)) remove(vm, map, map, key);
  vm.heap.copySlot(base - 2, map);
}

function zipMap(vm: Vm, base: number): void {
  const keys = new Cursor(vm, base, "", LIST_OR_VECTOR), values = new Cursor(vm, base + 1, "", LIST_OR_VECTOR), map = base + 2;
  setEmpty(vm, map);
  for (;;) {
    const key = keys.next(), value = values.next();
    if (key < 0 || value < 0) break;
    requireKey(vm, key);
    put(vm, map, map, key, value);
  }
  vm.heap.copySlot(base - 2, map);
}

/** A sorted map of the same entries. */
function toSorted(vm: Vm, base: number, expected?: string): void {
  requireMap(vm, base, expected);
  if (vm.heap.hi(base) === CellHi.SortedMap) return vm.heap.copySlot(base - 2, base);
  setEmpty(vm, base + 1);
  addAll(vm, base + 1, base);
  vm.heap.copySlot(base - 2, base + 1);
}

/** How often each value is in a sequence. Here any value may be a key. */
function frequencies(vm: Vm, base: number): void {
  const map = base + 1, number = base + 2;
  setEmpty(vm, map);
  for (const { slot, count } of setOf(vm, itemsOf(vm, base, "frequencies")).members) {
    vm.heap.setI32(number, count);
    put(vm, map, map, slot, number);
  }
  vm.heap.copySlot(base - 2, map);
}

function pluck(vm: Vm, base: number): void {
  const heap = vm.heap, cursor = new Cursor(vm, base + 1, "list/pluck"), list = new ListBuilder(vm, base + 2), none = base + 4;
  heap.setNull(none);
  for (let item = cursor.next(); item >= 0; item = cursor.next()) {
    const value = isMapHi(heap.hi(item)) ? get(vm, item, base) : -1;
    list.add(value >= 0 ? value : none);
  }
  list.finish(base - 2);
}

/** Writes a list of the keys and values of a map in turn, for loops in Lisp. Scratch: two slots. */
export function flatEntries(vm: Vm, dst: number, map: number, scratch: number): void {
  const list = new ListBuilder(vm, scratch);
  for (const { key, value } of entriesOf(vm, map)) {
    list.add(key);
    list.add(value);
  }
  list.finish(dst);
}

export const MAPS: readonly NativeInfo[] = [
  row("hash-map", 0, -1, "(key value …): a map", (vm, base, argc) => makeMap(vm, base, argc, "hash-map", false), ["map/new"]),
  row("hashmap/new", 0, -1, "(key value …): a hash map", (vm, base, argc) => makeMap(vm, base, argc, "hashmap/new", true)),
  row("get", 2, 3, "(map key [default]): the key's value", lookUp, ["hash-ref"]),
  row("hashmap/get", 2, 3, "(map key [default]): the key's value", (vm, base, argc) => lookUp(vm, base, argc, "hashmap")),
  row("hashmap/assoc", 1, -1, "(map key value …): a map with these entries too", assocHash),
  row("dissoc", 2, -1, "(map key …): a map without the keys", dissoc),
  row("contains?", 2, 2, "(map key): whether the key is there", (vm, base) => contains(vm, base)),
  row("hashmap/contains?", 2, 2, "(map key): whether the key is there", (vm, base) => contains(vm, base, "hashmap")),
  row("keys", 1, 1, "(map): list of the keys in order", (vm, base) => listParts(vm, base, "key")),
  row("vals", 1, 1, "(map): list of the values in the order of their keys", (vm, base) => listParts(vm, base, "value")),
  row("hashmap/keys", 1, 1, "(map): list of the keys in order", (vm, base) => listParts(vm, base, "key", "hashmap")),
  row("map/entries", 1, 1, "(map): list of lists of key and value", listEntries),
  row("map/from-entries", 1, 1, "(seq): a map of entries, lists or vectors of key and value", fromEntries),
  row("merge", 0, -1, "(map …): the entries of all, those of later maps win", merge),
  row("get-in", 2, 3, "(map path [default]): value at the end of a path of keys", getIn, ["map/get-in"]),
  row("assoc-in", 3, 3, "(map path x): a map with x at the end of the path", assocIn, ["map/assoc-in"]),
  row("map/select-keys", 2, 2, "(map keys): only the entries with these keys", selectKeys),
  row("map/except", 2, 2, "(map keys): the entries without these keys", except),
  row("map/zip", 2, 2, "(keys values): a map of both", zipMap),
  row("map/sort-keys", 1, 1, "(map): the same entries as a sorted map", (vm, base) => toSorted(vm, base)),
  row("hashmap/to-map", 1, 1, "(hashmap): the same entries as a sorted map", (vm, base) => toSorted(vm, base, "hashmap")),
  row("frequencies", 1, 1, "(seq): a map from each value to how often it is there", frequencies),
  row("list/pluck", 2, 2, "(key seq): the key's values in a sequence of maps", pluck),
];
