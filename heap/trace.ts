// Reads cells by their CELLS description: the slow, general way that tools use. The marker does the same by hand.

import { eachEntry } from "./cells/weak.ts";
import { CELLS, Stack, SymbolTable, Table, cellInfo, type Field } from "./layout.ts";
import type { Mem } from "./memory.ts";
import { CellKind, Tag } from "./value.ts";

/** `index`: place among the items of the field, -1 when it holds one thing only. */
export interface TraceVisitor {
  /** A strong reference: name of the field, address (never 0). */
  ref(name: string, target: number, index: number): void;
  /** A value: name of the field, slot. */
  slot(name: string, slot: number, index: number): void;
  /** A weak reference. */
  weak?(name: string, target: number, index: number): void;
  /** An entry of a weak map: slots of the key, and of a value that lives as long as it and the map. */
  ephemeron?(key: number, value: number): void;
}

export const kindOf = (mem: Mem, addr: number): CellKind => mem.u8[addr]! as CellKind;
export const sizeOf = (mem: Mem, addr: number): number => mem.u32[(addr + 4) >> 2]!;
export const isKnownKind = (kind: number): boolean => kind > CellKind.Free && kind in CELLS;
/** A field, or an item of one, as messages show it. */
export const fieldText = (name: string, index: number): string => (index < 0 ? name : `${name}[${index}]`);

const PLAIN: readonly Field["type"][] = ["u32", "i32", "bytes", "words"];
/** By kind, the fields that refer to something: few of those there are, and heaps have millions of cells. */
const REFERRING: readonly (readonly (readonly [string, Field])[])[] = Array.from({ length: CellKind.Last + 1 }, (_, kind) =>
  Object.entries<Field>(cellInfo(kind as CellKind).fields).filter(([, field]) => !PLAIN.includes(field.type)));

/** Visits every field of the cell that refers to something. */
export function traceCell(mem: Mem, addr: number, visitor: TraceVisitor): void {
  for (const [name, field] of REFERRING[kindOf(mem, addr)]!) traceField(mem, addr, name, field, visitor);
}

function traceField(mem: Mem, addr: number, name: string, field: Field, visitor: TraceVisitor): void {
  const at = addr + field.at;
  switch (field.type) {
    case "ref": {
      const target = mem.u32[at >> 2]!;
      if (target !== 0) visitor.ref(name, target, -1);
      return;
    }
    case "slot": return visitor.slot(name, at >> 3, -1);
    case "slots": return traceSlots(name, at >> 3, (at >> 3) + mem.u32[(addr + field.count) >> 2]!, visitor);
    case "slotsToEnd": return traceSlots(name, at >> 3, (addr + sizeOf(mem, addr)) >> 3, visitor);
    case "stack": return traceSlots(name, at >> 3, mem.u32[(addr + Stack.Top) >> 2]!, visitor);
    case "table": return traceTable(mem, addr, visitor);
    case "weak": return traceSymbols(mem, addr, visitor);
    case "weakSlot": if (cellIn(mem, at >> 3) !== 0) visitor.weak?.(name, cellIn(mem, at >> 3), -1); return;
    case "ephemerons": return traceEphemerons(mem, addr, visitor);
    case "u32": case "i32": case "bytes": case "words": return;
  }
}

function traceSlots(name: string, from: number, to: number, visitor: TraceVisitor): void {
  for (let slot = from; slot < to; slot++) visitor.slot(name, slot, slot - from);
}

function traceTable(mem: Mem, table: number, visitor: TraceVisitor): void {
  const capacity = mem.u32[(table + Table.Capacity) >> 2]!, traced = mem.u32[(table + Table.Values) >> 2] === 1;
  for (let i = 0; i < capacity; i++) {
    const at = (table + Table.Entries + 8 * i) >> 2, key = mem.u32[at]!;
    if (key <= 1) continue;
    visitor.ref("key", key, i);
    if (traced) visitor.ref("value", mem.u32[at + 1]!, i);
  }
}

function traceSymbols(mem: Mem, table: number, visitor: TraceVisitor): void {
  const capacity = mem.u32[(table + SymbolTable.Capacity) >> 2]!;
  for (let i = 0; i < capacity; i++) {
    const symbol = mem.u32[(table + SymbolTable.Entries + 4 * i) >> 2]!;
    if (symbol !== 0) visitor.weak?.("entries", symbol, i);
  }
}

function traceEphemerons(mem: Mem, map: number, visitor: TraceVisitor): void {
  eachEntry(mem, map, (at) => {
    if (cellIn(mem, at >> 1) !== 0) visitor.weak?.("key", cellIn(mem, at >> 1), -1);
    visitor.ephemeron?.(at >> 1, (at >> 1) + 1);
  });
}

/** The cell a slot's value refers to, 0 when it is no cell. */
export const cellIn = (mem: Mem, slot: number): number => ((mem.hi(slot) & Tag.Mask) === Tag.Cell && mem.hi(slot) > 0 ? mem.lo(slot) : 0);
