// Keyword cells: one for each name, found through the symbol of that name. The two keep each other alive.

import { Keyword, Str, SymbolTable } from "../layout.ts";
import type { Heap } from "../heap.ts";
import type { Mem } from "../memory.ts";
import { Root } from "../roots.ts";
import { internText, symbolOfText } from "../symbols.ts";
import { CellKind } from "../value.ts";
import { hash, textOf } from "./string.ts";

/** The keyword of a symbol's name (without colon), made when there is none. The symbol need not be rooted. */
export function keyword(heap: Heap, symbol: number): number {
  const known = heap.i32[(symbol + Str.Keyword) >> 2]!;
  if (known !== 0) return known;
  heap.setRoot(Root.HoldKeyword, CellKind.Symbol, symbol);
  const made = heap.allocate(CellKind.Keyword, Keyword.Size);
  heap.clearRoot(Root.HoldKeyword);
  heap.setWord(made + Keyword.Name, symbol);
  // Not the symbol's own hash: the two are different values.
  heap.setWord(made + Keyword.Hash, Math.imul(hash(heap, symbol), 0x9e3779b1) ^ 0x6b77);
  heap.setWord(symbol + Str.Keyword, made);
  return made;
}

/** The keyword with this JS text as its name. */
export const keywordText = (heap: Heap, text: string): number => keyword(heap, internText(heap, text));
/** The same where there is one, else 0. Allocates nothing. */
export function findKeyword(mem: Mem, text: string): number {
  const symbol = symbolOfText(mem, text), found = symbol === 0 ? 0 : mem.i32[(symbol + Str.Keyword) >> 2]!;
  if (found !== 0) mem.keep(found);
  return found;
}
/** Symbol of the name. */
export const keywordName = (mem: Mem, kw: number): number => mem.i32[(kw + Keyword.Name) >> 2]!;
export const keywordHash = (mem: Mem, kw: number): number => mem.i32[(kw + Keyword.Hash) >> 2]!;

/** Names, without colon, of the keywords there are; some may be about to be collected. For tools: reads the whole table. */
export function keywordNames(mem: Mem): string[] {
  const table = mem.rootCell(Root.SymbolTable), first = (table + SymbolTable.Entries) >> 2, names: string[] = [];
  for (let i = first; i < first + mem.i32[(table + SymbolTable.Capacity) >> 2]!; i++) {
    const symbol = mem.i32[i]!;
    if (symbol !== 0 && mem.i32[(symbol + Str.Keyword) >> 2] !== 0) names.push(textOf(mem, symbol));
  }
  return names;
}
