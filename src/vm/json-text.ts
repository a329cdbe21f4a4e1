// Values as JSON text, compact, as `serialize()` and `+` write containers. A container visited twice, in a cycle or merely
// shared, is an error. The walk keeps its own stack, so depth cannot overflow the host's.

import { elementSlot, length as arrayLength } from "../../heap/cells/array.ts";
import type { StringBuilder } from "../../heap/cells/builder.ts";
import { keyAt, nextField, prepareKeys, valueSlotAt } from "../../heap/cells/object.ts";
import { byteLength, dataAddress } from "../../heap/cells/string.ts";
import type { Mem } from "../../heap/memory.ts";
import { CellHi, Hi, Rank, numericRank } from "../../heap/value.ts";
import { appendNumber } from "./numeric.ts";
import { checkTextSize } from "./text-limit.ts";
import type { Vm } from "./vm.ts";

/** Fuel for an entry written, in the units of chargeFuel. */
const ENTRY_FUEL = 16;
/** Entries between two payments: asking for each takes as long as writing it. */
const BATCH = 64;

/** A container being written: and the index of its next element or field. */
interface Open { readonly cell: number; readonly isArray: boolean; next: number; first: boolean }

const ESCAPES: { readonly [byte: number]: string } = {
  0x22: '\\"', 0x5c: "\\\\", 0x0a: "\\n", 0x0d: "\\r", 0x09: "\\t", 0x08: "\\b", 0x0c: "\\f",
};
/** 1 for the bytes that are not written as they are. */
const ESCAPED = Uint8Array.from({ length: 256 }, (_, byte) => (byte < 0x20 || byte === 0x22 || byte === 0x5c ? 1 : 0));
const QUOTE = 0x22, COMMA = 0x2c, COLON = 0x3a;

/** Appends the quoted string; bytes from 0x20 on pass unchanged except quote and backslash. */
function appendQuoted(mem: Mem, out: StringBuilder, str: number): void {
  let at = dataAddress(mem, str);
  const end = at + byteLength(mem, str);
  out.appendByte(QUOTE);
  for (;;) {
    at = out.appendUntil(mem, at, end, ESCAPED);
    if (at >= end) break;
    const byte = mem.u8[at++]!;
    out.appendText(ESCAPES[byte] ?? `\\u${byte.toString(16).padStart(4, "0")}`);
  }
  out.appendByte(QUOTE);
}

/** Appends a value that is no container; throws for kinds JSON has no form for. */
function appendScalar(vm: Vm, out: StringBuilder, slot: number): void {
  const mem = vm.heap, hi = mem.hi(slot), rank = numericRank(hi);
  if (hi === CellHi.String) appendQuoted(mem, out, mem.lo(slot));
  else if (rank !== Rank.None) appendNumber(mem, out, slot, rank);
  else if (hi === Hi.Null) out.appendText("null");
  else if (hi === Hi.Bool) out.appendText(mem.lo(slot) === 0 ? "false" : "true");
  else vm.throwError("Cannot serialize value of this type");
}

/** Opens the container in the slot, or appends the scalar there and answers null. */
function enter(vm: Vm, out: StringBuilder, slot: number, seen: Set<number>): Open | null {
  const { heap } = vm, hi = heap.hi(slot), cell = heap.lo(slot), isArray = hi === CellHi.Array;
  if (!isArray && hi !== CellHi.Object) {
    appendScalar(vm, out, slot);
    return null;
  }
  if (seen.has(cell)) vm.throwError("serialize() detected circular reference");
  seen.add(cell);
  out.appendText(isArray ? "[" : "{");
  if (!isArray) prepareKeys(heap, cell);
  return { cell, isArray, next: 0, first: true };
}

/** Moves to the next entry, writing separator and key; answers the slot of its value, or -1 after the last. */
function advance(mem: Mem, out: StringBuilder, open: Open): number {
  const at = open.isArray ? open.next : nextField(mem, open.cell, open.next);
  if (open.isArray ? at >= arrayLength(mem, open.cell) : at < 0) return -1;
  if (!open.first) out.appendByte(COMMA);
  open.first = false;
  open.next = at + 1;
  if (open.isArray) return elementSlot(mem, open.cell, at);
  appendQuoted(mem, out, keyAt(mem, open.cell, at));
  out.appendByte(COLON);
  return valueSlotAt(mem, open.cell, at);
}

/** Appends the JSON of the value in the slot, which must stay reachable. May collect. */
export function appendJson(vm: Vm, out: StringBuilder, slot: number): void {
  const seen = new Set<number>(), path: Open[] = [];
  let inner = enter(vm, out, slot, seen), entries = 0;
  if (inner !== null) path.push(inner);
  while (path.length > 0) {
    const open = path[path.length - 1]!, value = advance(vm.heap, out, open);
    checkTextSize(vm, out);
    if (++entries % BATCH === 0) vm.work(BATCH * ENTRY_FUEL);
    if (value < 0) {
      out.appendText(open.isArray ? "]" : "}");
      path.pop();
      continue;
    }
    inner = enter(vm, out, value, seen);
    if (inner !== null) path.push(inner);
  }
  vm.work((entries % BATCH) * ENTRY_FUEL);
}
