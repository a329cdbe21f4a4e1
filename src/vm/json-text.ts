// Values as JSON text, compact, as `serialize()` and `+` write containers. A container visited twice, in a cycle or merely
// shared, is an error. The walk keeps its own stack, so depth cannot overflow the host's.

import { elementSlot, length as arrayLength } from "../../heap/cells/array.ts";
import type { StringBuilder } from "../../heap/cells/builder.ts";
import { keyAt, nextField, prepareKeys, valueSlotAt } from "../../heap/cells/object.ts";
import { bytesOf } from "../../heap/cells/string.ts";
import { CellHi, Hi, Rank, numericRank } from "../../heap/value.ts";
import { numberText } from "./numeric.ts";
import { checkTextSize } from "./text-limit.ts";
import type { Vm } from "./vm.ts";

/** Fuel for an entry written, in the units of chargeFuel. */
const ENTRY_FUEL = 16;

/** A container being written: and the index of its next element or field. */
interface Open { readonly cell: number; readonly isArray: boolean; next: number; first: boolean }

const ESCAPES: { readonly [byte: number]: string } = {
  0x22: '\\"', 0x5c: "\\\\", 0x0a: "\\n", 0x0d: "\\r", 0x09: "\\t", 0x08: "\\b", 0x0c: "\\f",
};

/** Appends the quoted string; bytes from 0x20 on pass unchanged except quote and backslash. */
function appendQuoted(vm: Vm, out: StringBuilder, str: number): void {
  const bytes = bytesOf(vm.heap, str);
  out.appendText('"');
  let from = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte >= 0x20 && byte !== 0x22 && byte !== 0x5c) continue;
    out.appendBytes(bytes.subarray(from, i));
    out.appendText(ESCAPES[byte] ?? `\\u${byte.toString(16).padStart(4, "0")}`);
    from = i + 1;
  }
  out.appendBytes(bytes.subarray(from));
  out.appendText('"');
}

/** Appends a value that is no container; throws for kinds JSON has no form for. */
function appendScalar(vm: Vm, out: StringBuilder, slot: number): void {
  const mem = vm.heap, hi = mem.hi(slot);
  const rank = numericRank(hi);
  if (rank !== Rank.None) out.appendText(numberText(mem, slot, rank));
  else if (hi === CellHi.String) appendQuoted(vm, out, mem.lo(slot));
  else if (hi === Hi.Null) out.appendText("null");
  else if (hi === Hi.Bool) out.appendText(mem.lo(slot) === 0 ? "false" : "true");
  else vm.throwError("Cannot serialize value of this type");
}

/** Opens the container in the slot, or appends the scalar there and answers null. */
function enter(vm: Vm, out: StringBuilder, slot: number, seen: Set<number>): Open | null {
  const hi = vm.heap.hi(slot), cell = vm.heap.lo(slot);
  const isArray = hi === CellHi.Array;
  if (!isArray && hi !== CellHi.Object) {
    appendScalar(vm, out, slot);
    return null;
  }
  if (seen.has(cell)) vm.throwError("serialize() detected circular reference");
  seen.add(cell);
  out.appendText(isArray ? "[" : "{");
  if (!isArray) prepareKeys(vm.heap, cell);
  return { cell, isArray, next: 0, first: true };
}

/** Moves to the next entry, writing separator and key; answers the slot of its value, or -1 after the last. */
function advance(vm: Vm, out: StringBuilder, open: Open): number {
  const mem = vm.heap, at = open.isArray ? open.next : nextField(mem, open.cell, open.next);
  if (open.isArray ? at >= arrayLength(mem, open.cell) : at < 0) return -1;
  if (!open.first) out.appendText(",");
  open.first = false;
  open.next = at + 1;
  if (open.isArray) return elementSlot(mem, open.cell, at);
  appendQuoted(vm, out, keyAt(mem, open.cell, at));
  out.appendText(":");
  return valueSlotAt(mem, open.cell, at);
}

/** Appends the JSON of the value in the slot, which must stay reachable. May collect. */
export function appendJson(vm: Vm, out: StringBuilder, slot: number): void {
  const seen = new Set<number>(), path: Open[] = [];
  let inner = enter(vm, out, slot, seen);
  if (inner !== null) path.push(inner);
  while (path.length > 0) {
    const open = path[path.length - 1]!, value = advance(vm, out, open);
    vm.work(ENTRY_FUEL);
    checkTextSize(vm, out);
    if (value < 0) {
      out.appendText(open.isArray ? "]" : "}");
      path.pop();
      continue;
    }
    inner = enter(vm, out, value, seen);
    if (inner !== null) path.push(inner);
  }
}
