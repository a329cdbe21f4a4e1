// Table cells: open-addressing maps from a Symbol's address to a word. Cells never move, so the address is the hash, and
// stays so in an image.
//
// A key of 0 is an empty entry, 1 a deleted one. Entries are probed linearly. Values are plain numbers or, when the
// table says so, cell addresses that the marker follows.

import { Table } from "./layout.ts";
import type { Heap } from "./heap.ts";
import type { Mem } from "./memory.ts";
import { CellKind } from "./value.ts";

const DELETED = 1;

/** Index of the first entry to probe; capacity is a power of two of at least 4. */
const firstProbe = (key: number, capacity: number): number => Math.imul(key >>> 3, 0x9e3779b1) >>> (Math.clz32(capacity) + 1);

/** A new table with room for `count` keys. */
export function newTable(heap: Heap, count: number, values: "numbers" | "cells"): number {
  let capacity = 4;
  while (capacity * 3 < count * 4) capacity *= 2;
  const table = heap.allocate(CellKind.Table, Table.Entries + 8 * capacity), i32 = heap.i32, w = table >> 2;
  i32[w + (Table.Count >> 2)] = 0;
  i32[w + (Table.Capacity >> 2)] = capacity;
  i32[w + (Table.Values >> 2)] = values === "cells" ? 1 : 0;
  i32[w + (Table.Deleted >> 2)] = 0;
  i32.fill(0, w + (Table.Entries >> 2), w + (Table.Entries >> 2) + 2 * capacity);
  return table;
}

export const tableCount = (mem: Mem, table: number): number => mem.i32[(table + Table.Count) >> 2]!;

/** Word index of the key's entry, -1 when it has none. */
function findEntry(mem: Mem, table: number, key: number): number {
  const i32 = mem.i32, capacity = i32[(table + Table.Capacity) >> 2]!, entries = (table + Table.Entries) >> 2;
  for (let i = firstProbe(key, capacity); ; i = (i + 1) & (capacity - 1)) {
    const found = i32[entries + 2 * i]!;
    if (found === key) return entries + 2 * i;
    if (found === 0) return -1;
  }
}

/** Value of the key, -1 when absent. */
export function tableGet(mem: Mem, table: number, key: number): number {
  const entry = findEntry(mem, table, key);
  return entry < 0 ? -1 : mem.i32[entry + 1]!;
}

/** Adds a key that is absent to a table with room for it. */
function addEntry(mem: Mem, table: number, key: number, value: number): void {
  const i32 = mem.i32, capacity = i32[(table + Table.Capacity) >> 2]!, entries = (table + Table.Entries) >> 2;
  let i = firstProbe(key, capacity);
  while (i32[entries + 2 * i]! > DELETED) i = (i + 1) & (capacity - 1);
  if (i32[entries + 2 * i] === DELETED) i32[(table + Table.Deleted) >> 2]!--;
  i32[entries + 2 * i] = key;
  i32[entries + 2 * i + 1] = value;
  i32[(table + Table.Count) >> 2]!++;
}

/**
 * Adds or changes an entry. Returns the table, which is a new one when the old was full: the caller stores it where the old
 * one was. Key, value and the old table must be reachable meanwhile.
 */
export function tableSet(heap: Heap, table: number, key: number, value: number): number {
  const entry = findEntry(heap, table, key);
  if (entry >= 0) {
    if (heap.i32[(table + Table.Values) >> 2] === 1) heap.forgetRef(4 * entry + 4);
    heap.i32[entry + 1] = value;
    return table;
  }
  const w = table >> 2, count = heap.i32[w + (Table.Count >> 2)]!, capacity = heap.i32[w + (Table.Capacity >> 2)]!;
  if ((count + heap.i32[w + (Table.Deleted >> 2)]! + 1) * 4 > capacity * 3) table = rehash(heap, table, Math.max(4, 2 * (count + 1)));
  addEntry(heap, table, key, value);
  return table;
}

/** A copy with room for `room` keys; with `below`, only the entries whose value is less. */
export function rehash(heap: Heap, table: number, room: number, below = 0x7fff_ffff): number {
  const copy = newTable(heap, room, heap.i32[(table + Table.Values) >> 2] === 1 ? "cells" : "numbers");
  const i32 = heap.i32, entries = (table + Table.Entries) >> 2, end = entries + 2 * i32[(table + Table.Capacity) >> 2]!;
  for (let e = entries; e < end; e += 2) {
    if (i32[e]! > DELETED && i32[e + 1]! < below) addEntry(heap, copy, i32[e]!, i32[e + 1]!);
  }
  return copy;
}

/** Removes a key; false when it is absent. */
export function tableDelete(mem: Mem, table: number, key: number): boolean {
  const entry = findEntry(mem, table, key);
  if (entry < 0) return false;
  forgetEntry(mem, table, entry);
  mem.i32[entry] = DELETED;
  mem.i32[entry + 1] = 0;
  mem.i32[(table + Table.Count) >> 2]!--;
  mem.i32[(table + Table.Deleted) >> 2]!++;
  return true;
}

function forgetEntry(mem: Mem, table: number, entry: number): void {
  mem.forgetRef(4 * entry);
  if (mem.i32[(table + Table.Values) >> 2] === 1) mem.forgetRef(4 * entry + 4);
}

/** Removes all keys. */
export function tableClear(mem: Mem, table: number): void {
  const i32 = mem.i32, entries = (table + Table.Entries) >> 2;
  if (mem.marking) {
    const end = entries + 2 * i32[(table + Table.Capacity) >> 2]!;
    for (let entry = entries; entry < end; entry += 2) if (i32[entry]! > DELETED) forgetEntry(mem, table, entry);
  }
  i32.fill(0, entries, entries + 2 * i32[(table + Table.Capacity) >> 2]!);
  i32[(table + Table.Count) >> 2] = 0;
  i32[(table + Table.Deleted) >> 2] = 0;
}
