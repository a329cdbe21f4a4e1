// Symbols: one per text, weak, remembered by the strings that were interned.

import { expect, test } from "vitest";
import { newStringFromText, textOf, replaceCodePoint, freshString, concat } from "../../heap/cells/string.ts";
import { Str, SymbolTable } from "../../heap/layout.ts";
import { Root } from "../../heap/roots.ts";
import { findSymbol, intern, internBytes, internText, knownSymbol } from "../../heap/symbols.ts";
import { CellKind } from "../../heap/value.ts";
import { PARANOID, scratchWorld } from "./scratch-world.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("equal texts give one symbol, however they come", () => {
  const { heap, put, cell } = scratchWorld(PARANOID);
  put(0, CellKind.String, newStringFromText(heap, "näme"));
  const symbol = put(1, CellKind.Symbol, intern(heap, cell(0)));
  put(2, CellKind.String, newStringFromText(heap, "nä"));
  put(3, CellKind.String, newStringFromText(heap, "me"));
  put(4, CellKind.String, concat(heap, cell(2), cell(3)));
  expect([intern(heap, cell(4)), internText(heap, "näme"), internBytes(heap, bytes("näme")), intern(heap, symbol), findSymbol(heap, cell(0))]).toEqual(Array(5).fill(symbol));
  expect(textOf(heap, symbol)).toBe("näme");
});

test("a string forgets its symbol when it is written, and the symbol keeps its text", () => {
  const { heap, put, cell } = scratchWorld(PARANOID);
  put(0, CellKind.String, newStringFromText(heap, "key"));
  const symbol = put(1, CellKind.Symbol, intern(heap, cell(0)));
  expect(heap.word(cell(0) + Str.Symbol)).toBe(symbol);
  replaceCodePoint(heap, cell(0), 0, 65);
  expect(heap.word(cell(0) + Str.Symbol)).toBe(0);
  expect([textOf(heap, cell(0)), textOf(heap, symbol)]).toEqual(["Aey", "key"]);
  put(2, CellKind.String, freshString(heap, symbol));
  expect(findSymbol(heap, cell(2))).toBe(symbol);
  expect(findSymbol(heap, put(3, CellKind.String, newStringFromText(heap, "nobody")))).toBe(0);
});

test("symbols nobody holds are dropped, the others are still found", () => {
  const { heap, put, cell } = scratchWorld({ verify: true, poison: true });
  const count = (): number => heap.word(heap.rootCell(Root.SymbolTable) + SymbolTable.Count);
  for (let n = 0; n < 2000; n++) {
    const symbol = internText(heap, `symbol ${n}`);
    if (n % 50 === 0) put(n / 50, CellKind.Symbol, symbol);
  }
  expect(count()).toBe(2000);
  heap.collect("test");
  // The last eight interned by text are held as well.
  expect(count()).toBe(48);
  for (let n = 0; n < 2000; n += 50) expect(internText(heap, `symbol ${n}`)).toBe(cell(n / 50));
});

test("known symbols stay", () => {
  const { heap } = scratchWorld({ gcStress: 3, verify: true, poison: true });
  const symbols = ["length", "push", "message"].map((text) => knownSymbol(heap, text));
  for (let n = 0; n < 100; n++) internText(heap, `other ${n}`);
  expect(["length", "push", "message"].map((text) => knownSymbol(heap, text))).toEqual(symbols);
});
