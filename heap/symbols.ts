// Symbols: interned strings, one per text. The table is a weak set in the world: a symbol nobody refers to is dropped by the
// next collection.
//
// The table has no deleted entries: the collector rebuilds it in place when symbols died. It is at most three quarters full.

import { Bytes, Str, SymbolTable } from "./layout.ts";
import { elementSlot, length, newArray, push } from "./cells/array.ts";
import { newBytes, bytesCapacity } from "./cells/bytes.ts";
import { byteLength, dataAddress, hash, hashBytes, sameBytes } from "./cells/string.ts";
import { encodeText } from "./cells/utf8.ts";
import type { Heap } from "./heap.ts";
import type { Mem } from "./memory.ts";
import { Root } from "./roots.ts";
import { CellKind } from "./value.ts";

/** Makes an empty table of this capacity (a power of two) the world's symbol table. */
export function newSymbolTable(heap: Heap, capacity: number): void {
  heap.setRoot(Root.SymbolTable, CellKind.SymbolTable, newTableCell(heap, capacity));
}

function newTableCell(heap: Heap, capacity: number): number {
  const table = heap.allocate(CellKind.SymbolTable, SymbolTable.Entries + 4 * capacity);
  heap.setWord(table + SymbolTable.Capacity, capacity);
  clear(heap, table);
  return table;
}

function clear(mem: Mem, table: number): void {
  const entries = (table + SymbolTable.Entries) >> 2;
  mem.setWord(table + SymbolTable.Count, 0);
  mem.i32.fill(0, entries, entries + mem.i32[(table + SymbolTable.Capacity) >> 2]!);
}

/** Word index of the entry with this text, which lies in the world at an 8-aligned address, or of the empty entry where it belongs. */
const findEntry = (mem: Mem, from: number, length: number, h: number): number => find(mem, length, h, (data) => sameBytes(mem, data, from, length));

function find(mem: Mem, length: number, h: number, isSame: (data: number) => boolean): number {
  const i32 = mem.i32, table = mem.rootCell(Root.SymbolTable), mask = i32[(table + SymbolTable.Capacity) >> 2]! - 1;
  const entries = (table + SymbolTable.Entries) >> 2;
  for (let i = spread(h) & mask; ; i = (i + 1) & mask) {
    const symbol = i32[entries + i]!;
    if (symbol === 0) return entries + i;
    if (i32[(symbol + Str.Hash) >> 2] === h && i32[(symbol + Str.ByteLength) >> 2] === length && isSame(dataAddress(mem, symbol))) return entries + i;
  }
}

/** FNV's low bits alone cluster; fold the high ones in. */
const spread = (h: number): number => h ^ (h >>> 15);

/** The symbol in the table with the text of a string or symbol, 0 for none. It is not kept: only for looking. */
export const symbolLike = (mem: Mem, str: number): number => mem.i32[findEntry(mem, dataAddress(mem, str), byteLength(mem, str), hash(mem, str))]!;

/** The same for a JS text. Allocates nothing. */
export function symbolOfText(mem: Mem, text: string): number {
  const bytes = encodeText(text);
  return mem.i32[find(mem, bytes.length, hashBytes(bytes, 0, bytes.length), (data) => bytes.every((byte, i) => mem.u8[data + i] === byte))]!;
}

/** The symbol with the string's text, 0 when there is none. */
export function findSymbol(mem: Mem, str: number): number {
  const known = mem.i32[(str + Str.Symbol) >> 2]!;
  if ((mem.i32[str >> 2]! & 0xff) === CellKind.Symbol) return str;
  if (known !== 0) return known;
  const symbol = symbolLike(mem, str);
  if (symbol !== 0) {
    mem.keep(symbol);
    mem.i32[(str + Str.Symbol) >> 2] = symbol;
  }
  return symbol;
}

/** The symbol with the string's text, made when there is none; the string remembers it. */
export function intern(heap: Heap, str: number): number {
  const found = findSymbol(heap, str);
  if (found !== 0) return found;
  reserveEntry(heap);
  const length = byteLength(heap, str), data = heap.i32[(str + Str.Data) >> 2]!;
  let symbol: number;
  if (bytesCapacity(heap, data) <= 2 * length + 16) {
    // The bytes are about as large as the text: share them.
    symbol = newSymbol(heap, data, length, hash(heap, str));
    heap.i32[(data + Bytes.Shared) >> 2] = 1;
  } else {
    const copy = newBytes(heap, length, length), at = dataAddress(heap, str);
    heap.u8.copyWithin(copy + Bytes.Data, at, at + length);
    heap.setRoot(Root.HoldSymbol, CellKind.Bytes, copy);
    symbol = newSymbol(heap, copy, length, hash(heap, str));
    heap.clearRoot(Root.HoldSymbol);
  }
  addEntry(heap, symbol);
  heap.i32[(str + Str.Symbol) >> 2] = symbol;
  return symbol;
}

/** The symbol with this JS text. It stays alive at least until eight more were interned by text. */
export function internText(heap: Heap, text: string): number {
  let symbol = heap.symbolCache.get(text);
  if (symbol !== undefined) heap.keep(symbol);
  else {
    symbol = internBytes(heap, encodeText(text));
    heap.symbolCache.set(text, symbol);
  }
  heap.setRoot(Root.Recent0 + (heap.recent++ & 7), CellKind.Symbol, symbol);
  return symbol;
}

/** The symbol with this JS text, kept alive for good: for the names the engine itself uses. */
export function knownSymbol(heap: Heap, text: string): number {
  const symbol = internText(heap, text), slot = heap.rootSlot(Root.Recent0 + ((heap.recent - 1) & 7));
  if (heap.rootCell(Root.KnownSymbols) === 0) heap.setRoot(Root.KnownSymbols, CellKind.Array, newArray(heap, 64));
  const known = heap.rootCell(Root.KnownSymbols), count = length(heap, known);
  for (let i = 0; i < count; i++) if (heap.lo(elementSlot(heap, known, i)) === symbol) return symbol;
  push(heap, known, slot);
  return symbol;
}

/** The symbol with these bytes, which must not be a view of the world. */
export function internBytes(heap: Heap, bytes: Uint8Array): number {
  reserveEntry(heap);
  // The bytes are put into the world first, to be compared there; a symbol found leaves them to the collector.
  const data = newBytes(heap, bytes.length, bytes.length), h = hashBytes(bytes, 0, bytes.length);
  heap.u8.set(bytes, data + Bytes.Data);
  const found = heap.i32[findEntry(heap, data + Bytes.Data, bytes.length, h)]!;
  if (found !== 0) {
    heap.keep(found);
    return found;
  }
  heap.setRoot(Root.HoldSymbol, CellKind.Bytes, data);
  const symbol = newSymbol(heap, data, bytes.length, h);
  heap.clearRoot(Root.HoldSymbol);
  addEntry(heap, symbol);
  return symbol;
}

function newSymbol(heap: Heap, data: number, length: number, h: number): number {
  const symbol = heap.allocate(CellKind.Symbol, Str.Size), w = symbol >> 2, i32 = heap.i32;
  i32[w + (Str.Data >> 2)] = data;
  i32[w + (Str.ByteLength >> 2)] = length;
  i32[w + (Str.CodePoints >> 2)] = -1;
  i32[w + (Str.Hash >> 2)] = h;
  i32[w + (Str.Symbol >> 2)] = 0;
  return symbol;
}

/** Makes sure that one more symbol fits. */
function reserveEntry(heap: Heap): void {
  const table = heap.rootCell(Root.SymbolTable), capacity = heap.word(table + SymbolTable.Capacity);
  if ((heap.word(table + SymbolTable.Count) + 1) * 4 <= capacity * 3) return;
  // The allocation may collect and prune the old table: it is read only afterwards.
  const larger = newTableCell(heap, 2 * capacity);
  eachSymbol(heap, table, (symbol) => insert(heap, larger, symbol));
  heap.setRoot(Root.SymbolTable, CellKind.SymbolTable, larger);
  heap.freeLarge(table);
}

function addEntry(heap: Heap, symbol: number): void { insert(heap, heap.rootCell(Root.SymbolTable), symbol); }

/** Adds a symbol whose text the table lacks. */
function insert(mem: Mem, table: number, symbol: number): void {
  const i32 = mem.i32, mask = i32[(table + SymbolTable.Capacity) >> 2]! - 1, entries = (table + SymbolTable.Entries) >> 2;
  let i = spread(i32[(symbol + Str.Hash) >> 2]!) & mask;
  while (i32[entries + i] !== 0) i = (i + 1) & mask;
  i32[entries + i] = symbol;
  i32[(table + SymbolTable.Count) >> 2]!++;
}

/** Calls `visit` with each symbol of a table. */
export function eachSymbol(mem: Mem, table: number, visit: (symbol: number) => void): void {
  const entries = (table + SymbolTable.Entries) >> 2, capacity = mem.i32[(table + SymbolTable.Capacity) >> 2]!;
  for (let e = entries; e < entries + capacity; e++) {
    const symbol = mem.i32[e]!;
    if (symbol !== 0) visit(symbol);
  }
}

/** Drops the symbols the collection with this epoch did not reach. */
export function pruneSymbols(heap: Heap, epoch: number): void {
  const table = heap.rootCell(Root.SymbolTable);
  if (table === 0) return;
  const count = heap.word(table + SymbolTable.Count), live: number[] = [];
  eachSymbol(heap, table, (symbol) => { if (heap.u8[symbol + 1] === epoch) live.push(symbol); });
  if (live.length === count) return;
  clear(heap, table);
  for (const symbol of live) insert(heap, table, symbol);
}
