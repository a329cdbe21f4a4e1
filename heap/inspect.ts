// Looking into the heap: one cell as a line of text, hex dumps, histograms. For people and tests; nothing hot comes here.

import { bigValue } from "./cells/bigint.ts";
import { byteLength, textOf } from "./cells/string.ts";
import { hex } from "./debug.ts";
import type { Heap } from "./heap.ts";
import { Arr, Bytevector, Code, Continuation, Keyword, Obj, Pair, Shape, Slots, SortedMap, Struct, Vector, cellInfo } from "./layout.ts";
import type { Mem } from "./memory.ts";
import { Root } from "./roots.ts";
import { STRUCTS, type StructType } from "./structs.ts";
import { cellIn, fieldText, isKnownKind, kindOf, sizeOf, traceCell } from "./trace.ts";
import { CellKind, Hi, Tag, inlineInt64, inlineUint64 } from "./value.ts";
import { Header } from "./world-layout.ts";

const shortenDigits = (n: bigint): string => {
  const text = n.toString(16);
  return text.length > 40 ? `of ${text.length} hexadecimal digits` : n.toString();
};
const shorten = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);

/** The cell in a few words: kind, what it holds, address. */
export function describe(mem: Mem, addr: number): string {
  const kind = kindOf(mem, addr);
  if (!isKnownKind(kind)) return `cell of unknown kind ${kind} @${hex(addr)}`;
  const name = cellInfo(kind).name, detail = describeContents(mem, addr, kind);
  return `${name}${detail === "" ? "" : ` ${detail}`} @${hex(addr)}`;
}

function describeContents(mem: Mem, addr: number, kind: CellKind): string {
  switch (kind) {
    case CellKind.String: case CellKind.Symbol:
      return byteLength(mem, addr) > 200 ? `of ${byteLength(mem, addr)} bytes` : shorten(textOf(mem, addr));
    case CellKind.Keyword: return shorten(textOf(mem, mem.word(addr + Keyword.Name)));
    case CellKind.Pair: return `(${shortValue(mem, (addr + Pair.Car) >> 3)} . ${shortValue(mem, (addr + Pair.Cdr) >> 3)})`;
    case CellKind.Vector: case CellKind.NumberArray: return `[${mem.word(addr + Vector.Count)}]`;
    case CellKind.BigInt: return shortenDigits(bigValue(mem, addr));
    case CellKind.Bytevector: return `of ${mem.word(addr + Bytevector.Length)} bytes`;
    case CellKind.Struct: return STRUCTS[mem.word(addr + Struct.Type) as StructType]?.name ?? "of unknown type";
    case CellKind.SortedMap: case CellKind.HashMap: case CellKind.WeakMap: return `of ${mem.word(addr + SortedMap.Count)} entries`;
    case CellKind.Continuation: return `of ${mem.word(addr + Continuation.Count)} slots`;
    case CellKind.Array: return `[${mem.word(mem.word(addr + Arr.Data) + Slots.Count)}]`;
    case CellKind.Slots: return `[${mem.word(addr + Slots.Count)}]`;
    case CellKind.Object: return `of shape ${hex(mem.word(addr + Obj.Shape))}`;
    case CellKind.Shape: return `of ${mem.word(addr + Shape.Count)} keys`;
    case CellKind.Code: return mem.word(addr + Code.Name) === 0 ? "" : shorten(textOf(mem, mem.word(addr + Code.Name)));
    default: return "";
  }
}

/** A value without what it consists of. */
function shortValue(mem: Mem, slot: number): string {
  const cell = cellIn(mem, slot);
  return cell === 0 ? describeSlot(mem, slot) : `${cellInfo(kindOf(mem, cell)).name} @${hex(cell)}`;
}

/** The value in a slot, in a few words. */
export function describeSlot(mem: Mem, slot: number): string {
  const hi = mem.hi(slot), lo = mem.lo(slot), cell = cellIn(mem, slot);
  if (cell !== 0) return describe(mem, cell);
  if (hi < Tag.First) return `${mem.f64[slot]}`;
  switch (hi & Tag.Mask) {
    case Tag.Int64: return `i64 ${inlineInt64(hi, lo)}`;
    case Tag.Uint64: return `u64 ${inlineUint64(hi, lo)}`;
    case Tag.Pointer: return `pointer ${inlineUint64(hi, lo).toString(16)}`;
    case Tag.Link: return `link ${hi & 0xffff} back, pc ${lo}`;
  }
  switch (hi) {
    case Hi.Hole: return "hole";
    case Hi.Null: return "null";
    case Hi.Empty: return "empty list";
    case Hi.Eof: return "end of file";
    case Hi.Bool: return lo === 0 ? "false" : "true";
    default: return `immediate ${hex(hi)} ${lo}`;
  }
}

/** All fields of a cell, one per line. */
export function dump(mem: Mem, addr: number): string {
  const lines = [describe(mem, addr)], fields = cellInfo(kindOf(mem, addr)).fields;
  for (const name in fields) {
    const field = fields[name]!;
    if (field.type === "u32") lines.push(`  ${name} = ${mem.u32[(addr + field.at) >> 2]}`);
    else if (field.type === "i32") lines.push(`  ${name} = ${mem.i32[(addr + field.at) >> 2]}`);
  }
  traceCell(mem, addr, {
    ref: (name, target, index) => lines.push(`  ${fieldText(name, index)} -> ${describe(mem, target)}`),
    slot: (name, slot, index) => lines.push(`  ${fieldText(name, index)} = ${describeSlot(mem, slot)}`),
  });
  return lines.join("\n");
}

/** Words in hex, four to a line. */
export function dumpWords(mem: Mem, addr: number, bytes: number): string {
  const lines: string[] = [];
  for (let at = addr; at < addr + bytes; at += 16) {
    const words = [...mem.u32.subarray(at >> 2, Math.min(at + 16, addr + bytes) >> 2)].map((w) => w.toString(16).padStart(8, "0"));
    lines.push(`${hex(at)}  ${words.join(" ")}`);
  }
  return lines.join("\n");
}

export interface KindCount { readonly kind: string; readonly count: number; readonly bytes: number }

/** Number and bytes of the cells reachable now, by kind, largest first. */
export function histogram(heap: Heap): KindCount[] {
  const totals = new Map<string, { count: number; bytes: number }>();
  for (const addr of reachable(heap)) {
    const name = cellInfo(kindOf(heap, addr)).name, total = totals.get(name) ?? { count: 0, bytes: 0 };
    totals.set(name, { count: total.count + 1, bytes: total.bytes + sizeOf(heap, addr) });
  }
  return [...totals].map(([kind, total]) => ({ kind, ...total })).sort((a, b) => b.bytes - a.bytes);
}

/** Addresses of all cells reachable from the roots and the running stack. */
export function reachable(heap: Heap): Set<number> {
  const seen = new Set<number>(), pending: number[] = [];
  // Values in weak maps, by keys that were not reached when the map was.
  const waiting = new Map<number, number[]>();
  const visit = (addr: number): void => {
    if (addr === 0 || seen.has(addr)) return;
    seen.add(addr);
    pending.push(addr);
  };
  const stack = heap.rootCell(Root.Stack), range = heap.stackRange();
  for (let i = 0; i < Header.RootCount; i++) visit(cellIn(heap, heap.rootSlot(i)));
  for (let slot = range.base; slot < range.top; slot++) visit(cellIn(heap, slot));
  while (pending.length > 0) {
    const addr = pending.pop()!;
    waiting.get(addr)?.forEach(visit);
    // The running stack was read above; its Top may be out of date.
    if (addr === stack && range.top !== 0) continue;
    traceCell(heap, addr, {
      ref: (_, target) => visit(target), slot: (_, slot) => visit(cellIn(heap, slot)),
      ephemeron: (keySlot, valueSlot) => {
        const key = cellIn(heap, keySlot), value = cellIn(heap, valueSlot);
        if (key === 0 || seen.has(key)) visit(value);
        else waiting.set(key, [...(waiting.get(key) ?? []), value]);
      },
    });
  }
  return seen;
}
