// Symbols and keywords: their names, and what else can be asked of them.

import { keyword, keywordName } from "../../../../heap/cells/keyword.ts";
import { compare, freshString, textOf } from "../../../../heap/cells/string.ts";
import { intern } from "../../../../heap/symbols.ts";
import { CellHi, CellKind } from "../../../../heap/value.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { typeError } from "../conditions.ts";
import { lisp, returnBool, stringArgument } from "./arguments.ts";

/** Text of a string or keyword; null for anything else. */
export function stringOrKeyword(vm: Vm, slot: number): string | null {
  const mem = vm.heap;
  if (mem.hi(slot) === CellHi.String) return textOf(mem, mem.lo(slot));
  return mem.hi(slot) === CellHi.Keyword ? textOf(mem, keywordName(mem, mem.lo(slot))) : null;
}

function stringToSymbol(vm: Vm, base: number): void {
  vm.heap.setCell(base - 2, CellKind.Symbol, intern(vm.heap, stringArgument(vm, base)));
}

function stringToKeyword(vm: Vm, base: number): void {
  const heap = vm.heap, scratch = base + 1;
  heap.setCell(scratch, CellKind.Symbol, intern(heap, stringArgument(vm, base)));
  heap.setCell(base - 2, CellKind.Keyword, keyword(heap, heap.lo(scratch)));
}

/** Symbol cell of the symbol argument. */
function symbolArgument(vm: Vm, slot: number): number {
  if (vm.heap.hi(slot) !== CellHi.Symbol) typeError(vm, "symbol", slot);
  return vm.heap.lo(slot);
}

function keywordToString(vm: Vm, base: number): void {
  if (vm.heap.hi(base) !== CellHi.Keyword) typeError(vm, "keyword", base);
  vm.heap.setCell(base - 2, CellKind.String, freshString(vm.heap, keywordName(vm.heap, vm.heap.lo(base))));
}

function symbolsAscend(vm: Vm, base: number, argc: number): void {
  let ascend = true;
  for (let i = 0; i < argc; i++) {
    const symbol = symbolArgument(vm, base + i);
    if (i > 0 && compare(vm.heap, vm.heap.lo(base + i - 1), symbol) >= 0) ascend = false;
  }
  returnBool(vm, base, ascend);
}

export const NAMES: readonly NativeInfo[] = [
  lisp("string->symbol string/to-symbol", 1, 1, "symbol of a name", stringToSymbol),
  lisp("symbol->string symbol/to-string", 1, 1, "name of a symbol", (vm, base) => vm.heap.setCell(base - 2, CellKind.String, freshString(vm.heap, symbolArgument(vm, base)))),
  lisp("string->keyword string/to-keyword", 1, 1, "keyword of a name", stringToKeyword),
  lisp("keyword->string keyword/to-string", 1, 1, "name of a keyword, without colon", keywordToString),
  lisp("symbol<?", 2, -1, "whether the symbols' names ascend", symbolsAscend),
];
