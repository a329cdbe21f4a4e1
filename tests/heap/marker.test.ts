// The hand-written marker against the CELLS table, kind by kind: a cell of each kind with every field pointing somewhere must
// keep exactly what the table says it refers to.

import { describe, expect, test } from "vitest";
import { elementSlot, newArray, push } from "../../heap/cells/array.ts";
import { boxSlot, newBox } from "../../heap/cells/box.ts";
import { newBytes } from "../../heap/cells/bytes.ts";
import { Bytes, CELLS, Code, Slots, Stack, SymbolTable, Table, cellInfo } from "../../heap/layout.ts";
import type { Heap } from "../../heap/heap.ts";
import { traceCell, sizeOf, cellIn } from "../../heap/trace.ts";
import { CellKind, Hi } from "../../heap/value.ts";
import { Header } from "../../heap/world-layout.ts";
import { scratchWorld } from "./scratch-world.ts";

const KINDS = Object.keys(CELLS).map(Number).filter((kind) => kind !== CellKind.Free) as CellKind[];
const SIZE = 256;

/** A fresh leaf cell. */
const leaf = (heap: Heap): number => newBytes(heap, 16, 0);

/** A cell of the kind with counts that fit and leaves in all its references; collections are off meanwhile. */
function fullCell(heap: Heap, kind: CellKind): number {
  const addr = heap.allocate(kind, SIZE);
  heap.i32.fill(0, (addr >> 2) + 2, (addr + SIZE) >> 2);
  const fields = cellInfo(kind).fields;
  for (const name in fields) {
    const field = fields[name]!;
    if (field.type === "ref") heap.setWord(addr + field.at, leaf(heap));
    else if (field.type === "slot") heap.setCell((addr + field.at) >> 3, CellKind.Bytes, leaf(heap));
    else if (field.type === "slots") fillSlots(heap, addr, field.at, field.count);
    else if (field.type === "slotsToEnd") for (let at = addr + field.at; at < addr + SIZE; at += 8) heap.setCell(at >> 3, CellKind.Bytes, leaf(heap));
    else if (field.type === "weakSlot") heap.setCell((addr + field.at) >> 3, CellKind.Bytes, leaf(heap));
    else if (field.type === "ephemerons") fillWeakTable(heap, heap.word(addr + field.at));
    else if (field.type === "stack") fillStack(heap, addr);
    else if (field.type === "table") fillTable(heap, addr);
  }
  return addr;
}

/** Three values: a cell, an immediate, a cell. */
function fillSlots(heap: Heap, addr: number, at: number, count: number): void {
  heap.setWord(addr + count, 3);
  heap.setCell((addr + at) >> 3, CellKind.Bytes, leaf(heap));
  heap.setSlot((addr + at + 8) >> 3, Hi.I32, 5);
  heap.setCell((addr + at + 16) >> 3, CellKind.Bytes, leaf(heap));
}

function fillStack(heap: Heap, addr: number): void {
  heap.setWord(addr + Stack.Top, ((addr + Stack.Data) >> 3) + 2);
  for (let i = 0; i < 4; i++) heap.setCell(((addr + Stack.Data) >> 3) + i, CellKind.Bytes, leaf(heap));
}

function fillTable(heap: Heap, addr: number): void {
  heap.setWord(addr + Table.Capacity, 8);
  heap.setWord(addr + Table.Entries + 8, 1);
  for (const i of [2, 5]) {
    heap.setWord(addr + Table.Entries + 8 * i, leaf(heap));
    heap.setWord(addr + Table.Entries + 8 * i + 4, leaf(heap));
  }
}

/** An entry whose key nothing else refers to. */
function fillWeakTable(heap: Heap, table: number): void {
  heap.setWord(table + Bytes.Used, 16);
  heap.setCell((table + Bytes.Data) >> 3, CellKind.Bytes, leaf(heap));
  heap.setCell((table + Bytes.Data + 8) >> 3, CellKind.Bytes, leaf(heap));
}

/** What the CELLS table says the cell keeps alive. */
function described(heap: Heap, addr: number): Set<number> {
  const found = new Set<number>();
  traceCell(heap, addr, { ref: (_, target) => found.add(target), slot: (_, slot) => { if (cellIn(heap, slot) !== 0) found.add(cellIn(heap, slot)); } });
  return found;
}

describe("the marker follows exactly the fields of", () => {
  for (const kind of KINDS) {
    for (const traced of kind === CellKind.Table ? [0, 1] : [0]) {
      test(`${cellInfo(kind).name}${traced === 1 ? " with cells as values" : ""}`, () => {
        const { heap, put } = scratchWorld();
        leaf(heap);
        const first = heap.word(Header.Cursor), addr = put(0, kind, fullCell(heap, kind)), end = heap.word(Header.Cursor);
        if (kind === CellKind.Table) heap.setWord(addr + Table.Values, traced);
        const expected = described(heap, addr);
        heap.collect("test");
        const epoch = heap.word(Header.Epoch), marked = new Set<number>();
        for (let cell = first; cell < end; cell += sizeOf(heap, cell)) if (cell !== addr && heap.u8[cell + 1] === epoch) marked.add(cell);
        expect([...marked].sort()).toEqual([...expected].sort());
        expect(heap.u8[addr + 1]).toBe(epoch);
      });
    }
  }
});

test("each kind of this list has at least one reference, or is a known leaf", () => {
  const { heap } = scratchWorld();
  const leaves = [CellKind.Bytes, CellKind.SymbolTable, CellKind.Int64, CellKind.Uint64, CellKind.Buffer, CellKind.BigInt, CellKind.Bytevector, CellKind.NumberArray, CellKind.WeakRef];
  for (const kind of KINDS) expect(described(heap, fullCell(heap, kind)).size > 0, cellInfo(kind).name).toBe(!leaves.includes(kind));
});

test("layouts the marker and allocator count on", () => {
  for (const at of [Slots.Data, Stack.Data, Code.Constants]) expect(at % 8).toBe(0);
  expect(SymbolTable.Entries % 4).toBe(0);
  expect(CellKind.Last).toBe(KINDS.at(-1));
});

test("vectors longer than one scan are marked to the last element, also inside each other", () => {
  const { heap, at, put, cell } = scratchWorld({ verify: true, poison: true });
  put(0, CellKind.Array, newArray(heap, 0));
  for (let i = 0; i < 70; i++) {
    put(1, CellKind.Array, newArray(heap, 0));
    for (let j = 0; j < 30 + i; j++) {
      heap.setI32(at(3), i * 1000 + j);
      put(2, CellKind.Box, newBox(heap, at(3)));
      push(heap, cell(1), at(2));
    }
    push(heap, cell(0), at(1));
  }
  heap.setNull(at(1));
  heap.setNull(at(2));
  heap.collect("test");
  for (let i = 0; i < 70; i++) {
    const row = heap.lo(elementSlot(heap, cell(0), i));
    for (let j = 0; j < 30 + i; j++) expect(heap.lo(boxSlot(heap.lo(elementSlot(heap, row, j))))).toBe(i * 1000 + j);
  }
});
