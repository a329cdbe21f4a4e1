// Conversion of values to scalar types: what an annotation does, what a type value called as a function does, and what
// typeof answers. Structured types (array<T>, define, enum, nullable) are handled by the library in
// Hemlock.
//
// Wrong numbers and strings are fatal, wrong kinds of value throw; the split is the language's.

import { Closure, Code, ParamFlag } from "../../heap/layout.ts";
import type { Mem } from "../../heap/memory.ts";
import { typeName as stampOf } from "../../heap/cells/object.ts";
import { newStringFromText, textOf } from "../../heap/cells/string.ts";
import { CellHi, CellKind, Hi, Rank, Tag, numericRank } from "../../heap/value.ts";
import { TYPE_NAMES, TypeCode } from "../ir/types.ts";
import { bigIntegerOf, exactInteger, storeBig } from "./integers64.ts";
import { isFloat, isInteger, nanSign, numberOf, numberText, storeNaN, storeNumber, storeSingle } from "./numeric.ts";
import { parseFloating, parseInteger } from "./number-parse.ts";
import type { Vm } from "./vm.ts";

const CANNOT = "Cannot convert type to target type";
const INT64_MIN = -(2n ** 63n), INT64_MAX = 2n ** 63n - 1n, UINT64_MAX = 2n ** 64n - 1n;

const RANGES: { readonly [rank: number]: readonly [low: bigint, high: bigint] } = {
  [Rank.I8]: [-128n, 127n], [Rank.U8]: [0n, 255n], [Rank.I16]: [-32768n, 32767n], [Rank.U16]: [0n, 65535n],
  [Rank.I32]: [-2147483648n, 2147483647n], [Rank.U32]: [0n, 4294967295n], [Rank.I64]: [INT64_MIN, INT64_MAX], [Rank.U64]: [0n, UINT64_MAX],
};

/** Converts the value of src to the scalar type `code` as an annotation does, into dst. */
export function convertScalar(vm: Vm, dst: number, src: number, code: number): void {
  const mem = vm.heap, hi = mem.hi(src);
  if (matchesScalar(hi, code)) return mem.copySlot(dst, src);
  if (code <= Rank.F64) return convertToNumber(vm, dst, src, code);
  switch (code) {
    case TypeCode.Bool: return mem.setBool(dst, toBool(vm, src));
    case TypeCode.Rune: return convertToRune(vm, dst, src);
    case TypeCode.String: return convertToString(vm, dst, src);
    case TypeCode.Pointer: case TypeCode.Buffer:
      if (numericRank(hi) !== Rank.None || hi === Hi.Bool || hi === Hi.Rune) vm.fatal(`Cannot convert to ${TYPE_NAMES[code]}`);
      return vm.throwError(CANNOT);
    case TypeCode.Array: return vm.fatal("Expected array, got non-array");
    case TypeCode.Object: return vm.fatal("Expected object, got non-object");
    case TypeCode.Null: return mem.setNull(dst);
    case TypeCode.Void:
      if (hi !== Hi.Null) vm.fatal("Cannot convert to void type");
      return mem.setNull(dst);
    default: return vm.throwError(CANNOT);
  }
}

/** True when a value with this hi word already has the scalar type exactly. */
export function matchesScalar(hi: number, code: number): boolean {
  if (code <= Rank.F64) return numericRank(hi) === code;
  switch (code) {
    case TypeCode.Bool: return hi === Hi.Bool;
    case TypeCode.Rune: return hi === Hi.Rune;
    case TypeCode.String: return hi === CellHi.String;
    case TypeCode.Pointer: return (hi & Tag.Mask) === Tag.Pointer;
    case TypeCode.Buffer: return hi === CellHi.Buffer;
    case TypeCode.Array: return hi === CellHi.Array;
    case TypeCode.Object: return hi === CellHi.Object;
    case TypeCode.Null: return hi === Hi.Null;
    default: return false;
  }
}

function fatalString(vm: Vm, code: number): never {
  const name = TYPE_NAMES[code];
  vm.fatal(`Cannot convert string to ${name} via type annotation. Use ${name}("...") instead.`);
}

function convertToNumber(vm: Vm, dst: number, src: number, rank: number): void {
  const mem = vm.heap, hi = mem.hi(src), from = numericRank(hi);
  if (isInteger(from)) return storeInteger(vm, dst, rank, src);
  if (isFloat(from)) {
    const x = numberOf(mem, src, from);
    if (x !== x && isFloat(rank)) return storeNaN(mem, dst, rank, nanSign(mem, src) === true);
    return isFloat(rank) ? storeFloating(vm, dst, rank, x) : storeTruncated(vm, dst, rank, x);
  }
  if (hi === Hi.Bool || hi === Hi.Rune) {
    const x = mem.lo(src);
    return isFloat(rank) ? storeNumber(mem, dst, rank, x) : storeInRange(vm, dst, rank, BigInt(x));
  }
  if (hi === CellHi.String) fatalString(vm, rank);
  vm.throwError(CANNOT);
}

/** Integer to any number. */
function storeInteger(vm: Vm, dst: number, rank: number, src: number): void {
  const mem = vm.heap;
  if (isFloat(rank)) return storeFloating(vm, dst, rank, numberOf(mem, src, numericRank(mem.hi(src))));
  const x = exactInteger(mem, src, Rank.I64);
  // Small targets from small values: the common case, without BigInt.
  if (rank === Rank.I32 && x === (x | 0)) return mem.setI32(dst, x);
  storeInRange(vm, dst, rank, bigIntegerOf(mem, src));
}

function storeFloating(vm: Vm, dst: number, rank: number, x: number): void {
  if (rank === Rank.F32) storeSingle(vm.heap, dst, x);
  else vm.heap.setF64(dst, x);
}

/** Float to integer: toward zero; NaN and what no i64 can hold become the least i64 before the range check. */
function storeTruncated(vm: Vm, dst: number, rank: number, x: number): void {
  const whole = Math.trunc(x);
  if (rank === Rank.I32 && whole === (whole | 0)) return vm.heap.setI32(dst, whole | 0);
  const fits = whole >= -(2 ** 63) && whole < 2 ** 63;
  storeInRange(vm, dst, rank, fits ? BigInt(whole) : INT64_MIN);
}

/** Stores an integer; out of range is fatal. */
function storeInRange(vm: Vm, dst: number, rank: number, v: bigint): void {
  const [low, high] = RANGES[rank]!;
  if (v < low || v > high) vm.fatal(`Value ${v} out of range for ${TYPE_NAMES[rank]} [${low}, ${high}]`);
  if (rank >= Rank.I64) storeBig(vm.heap, dst, rank, v);
  else storeNumber(vm.heap, dst, rank, Number(v));
}

function toBool(vm: Vm, src: number): boolean {
  const mem = vm.heap, hi = mem.hi(src), rank = numericRank(hi);
  if (rank !== Rank.None) return numberOf(mem, src, rank) !== 0;
  if (hi === Hi.Rune) return mem.lo(src) !== 0;
  if (hi === CellHi.String) fatalString(vm, TypeCode.Bool);
  return vm.throwError(CANNOT);
}

function convertToRune(vm: Vm, dst: number, src: number): void {
  const mem = vm.heap, hi = mem.hi(src), rank = numericRank(hi);
  if (isFloat(rank) || hi === Hi.Bool) vm.fatal("Cannot convert to rune");
  if (!isInteger(rank)) vm.throwError(CANNOT);
  const v = bigIntegerOf(mem, src);
  if (v < 0n || v > 0x10ffffn) vm.fatal(`Value ${v} out of range for rune [0, 0x10FFFF]`);
  mem.setSlot(dst, Hi.Rune, Number(v));
}

/** Unlike every other text form, floats are written with 17 digits here. */
function convertToString(vm: Vm, dst: number, src: number): void {
  const heap = vm.heap, hi = heap.hi(src), rank = numericRank(hi);
  let text: string;
  if (rank !== Rank.None) text = numberText(heap, src, rank, 17);
  else if (hi === Hi.Bool) text = heap.lo(src) === 0 ? "false" : "true";
  else if (hi === Hi.Rune) text = String.fromCodePoint(heap.lo(src));
  else return vm.throwError(CANNOT);
  heap.setCell(dst, CellKind.String, newStringFromText(heap, text));
}

/** A type value called with one argument, `i32("5")`: strings are parsed, anything else converts as an annotation. */
export function constructType(vm: Vm, dst: number, src: number, code: number): void {
  const mem = vm.heap;
  if (mem.hi(src) !== CellHi.String || code > TypeCode.Bool) return convertScalar(vm, dst, src, code);
  const text = textOf(mem, mem.lo(src));
  vm.chargeFuel(text.length >> 2);
  if (code === TypeCode.Bool) {
    if (text !== "true" && text !== "false") vm.fatal("Cannot parse string as bool (expected 'true' or 'false')");
    return mem.setBool(dst, text === "true");
  }
  if (text === "") vm.fatal("Cannot convert empty string to number");
  if (/[.eE]/.test(text)) {
    const x = parseFloating(text);
    if (x === null) vm.fatal(`Cannot parse '${text}' as number`);
    return isFloat(code) ? storeFloating(vm, dst, code, x) : storeTruncated(vm, dst, code, x);
  }
  const v = parseInteger(text);
  if (v === null) vm.fatal(`Cannot parse '${text}' as integer`);
  return isFloat(code) ? storeFloating(vm, dst, code, Number(v)) : storeInRange(vm, dst, code, v);
}

/** Self-hosted library functions pass for natives. */
export const isLibraryFunction = (mem: Mem, closure: number): boolean =>
  (mem.word(mem.word(closure + Closure.Code) + Code.ParamFlags) & ParamFlag.Library) !== 0;

/** What `typeof` answers. */
export function typeName(vm: Vm, slot: number): string {
  const mem = vm.heap, hi = mem.hi(slot);
  const rank = numericRank(hi);
  if (rank !== Rank.None) return TYPE_NAMES[rank]!;
  switch (hi) {
    case Hi.Null: case Hi.Hole: return "null";
    case Hi.Bool: return "bool";
    case Hi.Rune: return "rune";
    case Hi.Type: return "type";
    case Hi.Native: return "builtin";
    case CellHi.String: return "string";
    case CellHi.Symbol: return "symbol";
    case CellHi.Array: return "array";
    case CellHi.Buffer: return "buffer";
    case CellHi.Task: return "task";
    case CellHi.Channel: return "channel";
    case CellHi.File: return "file";
    case CellHi.Socket: return "socket";
    case CellHi.Closure: return isLibraryFunction(mem, mem.lo(slot)) ? "builtin" : "function";
    case CellHi.Object: {
      const stamp = stampOf(mem, mem.lo(slot));
      return stamp === 0 ? "object" : textOf(mem, stamp);
    }
  }
  return (hi & Tag.Mask) === Tag.Pointer ? "ptr" : "unknown";
}
