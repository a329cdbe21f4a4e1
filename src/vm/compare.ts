// Equality, ordering and truth on slots. Nothing here allocates; ordering of unlike kinds throws, equality never does.

import { length as arrayLength } from "../../heap/cells/array.ts";
import { byteLength, compare as compareStrings, equals as equalStrings } from "../../heap/cells/string.ts";
import type { Mem } from "../../heap/memory.ts";
import { int64NumberOf } from "../../heap/cells/wide.ts";
import { CellHi, Hi, Rank, Tag, inlineUint64, numericRank } from "../../heap/value.ts";
import { promotedNumber } from "./arithmetic.ts";
import { compareWide } from "./integers64.ts";
import { isFloat, numberOf, promote, singleOf } from "./numeric.ts";
import type { Vm } from "./vm.ts";

/** From this many bytes on, comparing two strings is more work than an operation should be. */
const LONG_TEXT = 256;

const isPointer = (hi: number): boolean => (hi & Tag.Mask) === Tag.Pointer;

/** `==`: numbers after promotion, strings by bytes, null equals the null pointer, everything else by identity. */
export function equal(vm: Vm, b: number, c: number): boolean {
  const mem = vm.heap, hb = mem.hi(b), hc = mem.hi(c);
  if (hb === Hi.I32 && hc === Hi.I32) return mem.lo(b) === mem.lo(c);
  if (hb === CellHi.String && hc === CellHi.String) return sameText(vm, mem.lo(b), mem.lo(c));
  const rb = numericRank(hb), rc = numericRank(hc);
  if (rb !== Rank.None && rc !== Rank.None) return compareNumbers(vm, b, rb, c, rc) === 0;
  if (hb === Hi.Null || hc === Hi.Null) return isNullish(mem, b) && isNullish(mem, c);
  return hb === hc && mem.lo(b) === mem.lo(c);
}

/** Equality of two strings; comparing long ones costs fuel. */
function sameText(vm: Vm, a: number, b: number): boolean {
  const mem = vm.heap, length = byteLength(mem, a);
  if (a === b) return true;
  if (length !== byteLength(mem, b)) return false;
  if (length >= LONG_TEXT) vm.chargeFuel(length >> 2);
  return equalStrings(mem, a, b);
}

function isNullish(mem: Mem, slot: number): boolean {
  const hi = mem.hi(slot);
  return hi === Hi.Null || (isPointer(hi) && inlineUint64(hi, mem.lo(slot)) === 0);
}

/** -1, 0, 1, or NaN when an operand is NaN. */
function compareNumbers(vm: Vm, b: number, rb: number, c: number, rc: number): number {
  const rank = promote(rb, rc);
  if (rank > Rank.U32 && !isFloat(rank)) return compareWide(vm.heap, rank, b, c);
  const x = promotedNumber(vm, b, rb, rank), y = promotedNumber(vm, c, rc, rank);
  return x < y ? -1 : x > y ? 1 : x === y ? 0 : NaN;
}

/** Same type tag and same value, as switch, find and contains use it: never promotes, never throws. */
export function strictEqual(vm: Vm, b: number, c: number): boolean {
  const mem = vm.heap, hb = mem.hi(b), hc = mem.hi(c);
  const rank = numericRank(hb);
  if (rank !== numericRank(hc)) return false;
  switch (rank) {
    case Rank.F64: return mem.f64[b] === mem.f64[c];
    case Rank.F32: return singleOf(mem.lo(b)) === singleOf(mem.lo(c));
    case Rank.I64: case Rank.U64: return compareWide(mem, rank, b, c) === 0;
    default:
      if (hb !== hc) return false;
      return mem.lo(b) === mem.lo(c) || (hb === CellHi.String && sameText(vm, mem.lo(b), mem.lo(c)));
  }
}

/** -1, 0, 1, or NaN when unordered. */
function order(vm: Vm, b: number, c: number): number {
  const mem = vm.heap, hb = mem.hi(b), hc = mem.hi(c);
  const rb = numericRank(hb), rc = numericRank(hc);
  if (rb !== Rank.None && rc !== Rank.None) return compareNumbers(vm, b, rb, c, rc);
  const x = mem.lo(b), y = mem.lo(c);
  if (hb === CellHi.String && hc === CellHi.String) {
    if (byteLength(mem, x) >= LONG_TEXT) vm.chargeFuel(Math.min(byteLength(mem, x), byteLength(mem, y)));
    return compareStrings(mem, x, y);
  }
  if (hb === Hi.Rune && hc === Hi.Rune) return x - y;
  if (isPointer(hb) && isPointer(hc)) return inlineUint64(hb, x) - inlineUint64(hc, y);
  return vm.throwError("Binary operation requires numeric operands");
}

export function less(vm: Vm, b: number, c: number): boolean {
  const mem = vm.heap;
  if (mem.hi(b) === Hi.I32 && mem.hi(c) === Hi.I32) return mem.lo(b) < mem.lo(c);
  return order(vm, b, c) < 0;
}

export function lessEqual(vm: Vm, b: number, c: number): boolean {
  const mem = vm.heap;
  if (mem.hi(b) === Hi.I32 && mem.hi(c) === Hi.I32) return mem.lo(b) <= mem.lo(c);
  return order(vm, b, c) <= 0;
}

/** Truth in Lisp: everything but null and false. */
export function isTrue(mem: Mem, slot: number): boolean {
  const hi = mem.hi(slot);
  return hi !== Hi.Null && (hi !== Hi.Bool || mem.lo(slot) !== 0);
}

/** Falsy: false, zero, null, "" and []. Runes and pointers are truthy whatever their payload. */
export function truthy(mem: Mem, slot: number): boolean {
  const hi = mem.hi(slot);
  switch (hi) {
    case Hi.Bool: case Hi.I32: return mem.lo(slot) !== 0;
    case Hi.Null: case Hi.Hole: return false;
    case CellHi.String: return byteLength(mem, mem.lo(slot)) !== 0;
    case CellHi.Array: return arrayLength(mem, mem.lo(slot)) !== 0;
  }
  const rank = numericRank(hi);
  if (rank === Rank.None) return true;
  if (rank === Rank.I64 || rank === Rank.U64) return int64NumberOf(mem, slot) !== 0;
  return numberOf(mem, slot, rank) !== 0;
}
