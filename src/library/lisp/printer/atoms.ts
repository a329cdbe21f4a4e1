// The written form of everything that shows no parts of its own: numbers, text, procedures and opaque things.

import { Arr, Bytevector, Code, Closure, Keyword, NumberArray, NumberElement, Slots, Struct } from "../../../../heap/layout.ts";
import type { StringBuilder } from "../../../../heap/cells/builder.ts";
import { bytesOf, textOf } from "../../../../heap/cells/string.ts";
import type { Mem } from "../../../../heap/memory.ts";
import { StructType } from "../../../../heap/structs.ts";
import { CellHi, Hi, Rank, numericRank } from "../../../../heap/value.ts";
import { isLibraryFunction, typeName } from "../../../vm/convert.ts";
import { nativeInfo } from "../../host-natives.ts";
import type { Vm } from "../../../vm/vm.ts";
import { numberText } from "../numbers/text.ts";

/** Names of characters, as the reader takes them. */
const CHARACTER_NAMES: { readonly [point: number]: string } = {
  0: "nul", 7: "alarm", 8: "backspace", 9: "tab", 10: "newline", 13: "return", 27: "escape", 32: "space", 127: "delete",
};

/** `#\a`; characters that have no picture and no name are written as hexadecimal numbers. */
function characterText(point: number): string {
  const name = CHARACTER_NAMES[point];
  if (name !== undefined) return `#\\${name}`;
  const invisible = point < 32 || (point > 127 && point < 160);
  return `#\\${invisible ? `x${point.toString(16)}` : String.fromCodePoint(point)}`;
}

const ESCAPES: { readonly [byte: number]: string } = { 34: '\\"', 92: "\\\\", 10: "\\n", 9: "\\t", 13: "\\r" };

/** The string in quotes; only quotes, backslashes, line feeds, tabs and returns are escaped. */
export function appendQuoted(mem: Mem, out: StringBuilder, str: number): void {
  const bytes = bytesOf(mem, str);
  out.appendByte(34);
  let from = 0;
  for (let at = 0; at < bytes.length; at++) {
    const escape = ESCAPES[bytes[at]!];
    if (escape === undefined) continue;
    out.appendBytes(bytes.subarray(from, at)).appendText(escape);
    from = at + 1;
  }
  out.appendBytes(bytes.subarray(from)).appendByte(34);
}

/** Names of globals carry the language as a prefix, which is never shown. */
const shownName = (name: string): string => (name.startsWith("lisp:") ? name.slice(5) : name);

function closureText(mem: Mem, closure: number): string {
  const symbol = mem.word(mem.word(closure + Closure.Code) + Code.Name), name = symbol === 0 ? "" : shownName(textOf(mem, symbol));
  const kind = isLibraryFunction(mem, closure) ? "native-fn" : "lambda";
  return name === "" || name.startsWith("<") ? `<${kind}>` : `<${kind} ${name}>`;
}

/** Text of a string, symbol or keyword in a slot, "" for anything else. */
export function nameText(mem: Mem, slot: number): string {
  const cell = mem.lo(slot);
  switch (mem.hi(slot)) {
    case CellHi.String: case CellHi.Symbol: return textOf(mem, cell);
    case CellHi.Keyword: return textOf(mem, mem.word(cell + Keyword.Name));
  }
  return "";
}

const itemSlot = (struct: number, i: number): number => ((struct + Struct.Data) >> 3) + i;

function structText(mem: Mem, struct: number): string {
  const type = mem.word(struct + Struct.Type), first = itemSlot(struct, 0), named = (kind: string, slot: number): string => {
    const name = nameText(mem, slot);
    return name === "" ? `<${kind}>` : `<${kind} ${name}>`;
  };
  switch (type) {
    case StructType.Promise: return mem.hi(first) === Hi.Bool && mem.lo(first) !== 0 ? "<promise (forced)>" : "<promise>";
    case StructType.Parameter: return "<parameter>";
    case StructType.Multimethod: return named("multimethod", first + 1);
    case StructType.MutableCell: return "<mutable-cell>";
    case StructType.RecordType: return named("record-type", first);
    case StructType.Port: return "<port>";
    case StructType.Stream: return `<stream:${nameText(mem, first)}>`;
    case StructType.Channel: return "<channel>";
    case StructType.AsyncPromise: return "<async-promise>";
    case StructType.Macro: return named("macro", first);
    case StructType.Environment: return "<environment>";
    case StructType.Restart: return named("restart", first);
  }
  return "<struct>";
}

function appendBytevector(mem: Mem, out: StringBuilder, cell: number): void {
  const from = cell + Bytevector.Data;
  out.appendText("#u8(").appendText(mem.u8.subarray(from, from + mem.word(cell + Bytevector.Length)).join(" ")).appendText(")");
}

/** Floats of an array are written without a forced `.0`. */
function appendNumberArray(vm: Vm, out: StringBuilder, cell: number): void {
  const mem = vm.heap, isFloat = mem.word(cell + NumberArray.Element) === NumberElement.F64, first = (cell + NumberArray.Data) >> 3;
  const count = mem.word(cell + NumberArray.Count);
  out.appendText(isFloat ? "#f64(" : "#i64(");
  for (let slot = first; slot < first + count; slot++) {
    if (slot > first) out.appendText(" ");
    out.appendText(isFloat ? numberText(vm, slot, 10).replace(/\.0$/, "") : String((BigInt(mem.hi(slot)) << 32n) | BigInt(mem.lo(slot) >>> 0)));
  }
  vm.chargeFuel(32 * count);
  out.appendText(")");
}

/** Elements in use of a mutable array. */
const arrayCount = (mem: Mem, array: number): number => mem.word(mem.word(array + Arr.Data) + Slots.Count);

function immediateText(mem: Mem, hi: number, lo: number): string {
  switch (hi) {
    case Hi.Null: case Hi.Hole: return "nil";
    case Hi.Bool: return lo === 0 ? "#f" : "#t";
    case Hi.Empty: return "()";
    case Hi.Eof: return "#<eof>";
    case Hi.Rune: return characterText(lo);
    case CellHi.Closure: return closureText(mem, lo);
    case CellHi.Continuation: return "<continuation>";
    case CellHi.Array: return `<mutable-array ${arrayCount(mem, lo)}>`;
    case CellHi.WeakRef: return "<weak-ref>";
    case CellHi.WeakMap: return "<weak-map>";
    case CellHi.Struct: return structText(mem, lo);
  }
  return "";
}

/** Appends the written form of a value without parts. */
export function appendAtom(vm: Vm, out: StringBuilder, slot: number): void {
  const mem = vm.heap, hi = mem.hi(slot), lo = mem.lo(slot);
  switch (hi) {
    case CellHi.String: return appendQuoted(mem, out, lo);
    case CellHi.Symbol: return void out.appendString(mem, lo);
    case CellHi.Keyword: return void out.appendText(":").appendString(mem, mem.word(lo + Keyword.Name));
    case CellHi.Bytevector: return appendBytevector(mem, out, lo);
    case CellHi.NumberArray: return appendNumberArray(vm, out, lo);
    case CellHi.BigInt: case CellHi.Rational: case CellHi.Complex: return void out.appendText(numberText(vm, slot, 10));
  }
  if (numericRank(hi) !== Rank.None) return void out.appendText(numberText(vm, slot, 10));
  if (hi === Hi.Native) return void out.appendText(`<native-fn ${shownName(nativeInfo(vm, lo).name)}>`);
  // What is left belongs to the other language.
  out.appendText(immediateText(mem, hi, lo) || `<${typeName(vm, slot)}>`);
}
