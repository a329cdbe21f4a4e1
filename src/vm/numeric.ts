// Reading and storing numbers by rank: the ground the operators, conversions and natives stand on. Integers of up to
// 32 bits are immediates whose lo word is already normalised (i8 sign-extended, u8 zero-extended, u32 as its bits);
// 64-bit integers live in integers64.ts. Nothing here throws.

import type { StringBuilder } from "../../heap/cells/builder.ts";
import type { Heap } from "../../heap/heap.ts";
import type { Mem } from "../../heap/memory.ts";
import { Hi, Rank, Tag, isNegativeNaN, nanHi, numericRank } from "../../heap/value.ts";
import { int64NumberOf, setInt64Number, setUint64Number } from "../../heap/cells/wide.ts";
import { bigIntegerOf, exactInteger } from "./integers64.ts";
import { formatG, PLACES_BITS, PLACES_MASK, sixDigits } from "./number-format.ts";

const MINUS = 45;

const single = new Float32Array(1);
const singleBits = new Int32Array(single.buffer);

/** The f32 whose bits are `bits`, as a JS number. */
export function singleOf(bits: number): number {
  singleBits[0] = bits;
  return single[0]!;
}

/** Bits of x rounded to single precision; every NaN becomes the positive quiet one. */
export function bitsOfSingle(x: number): number {
  single[0] = x;
  return x === x ? singleBits[0]! : 0x7fc00000;
}

export const storeSingle = (mem: Mem, dst: number, x: number): void => mem.setSlot(dst, Hi.F32, bitsOfSingle(x));

export const rankOf = (mem: Mem, slot: number): number => numericRank(mem.hi(slot));

/** Promotion: the wider rank, except that f32 with a 64-bit integer needs f64. */
export function promote(b: number, c: number): number {
  const wider = b > c ? b : c;
  if (wider !== Rank.F32) return wider;
  const other = b > c ? c : b;
  return other === Rank.I64 || other === Rank.U64 ? Rank.F64 : wider;
}

export const isInteger = (rank: number): boolean => rank !== Rank.None && rank <= Rank.U64;
export const isFloat = (rank: number): boolean => rank >= Rank.F32;

/** Reduces a 32-bit pattern to the payload of a small integer rank. */
export function wrapSmall(rank: number, bits: number): number {
  switch (rank) {
    case Rank.I8: return (bits << 24) >> 24;
    case Rank.U8: return bits & 0xff;
    case Rank.I16: return (bits << 16) >> 16;
    case Rank.U16: return bits & 0xffff;
    default: return bits | 0;
  }
}

/** Stores a small integer from a 32-bit pattern, wrapping it to the rank's width. */
export const storeSmall = (mem: Mem, dst: number, rank: number, bits: number): void =>
  mem.setSlot(dst, Tag.First + rank, wrapSmall(rank, bits));

/** Value of a small integer, the payload reinterpreted as rank `as` first (a promotion wraps, it never fails). */
export function smallAs(as: number, payload: number): number {
  const bits = wrapSmall(as, payload);
  return as === Rank.U32 ? bits >>> 0 : bits;
}

/** Value of a number as a JS number; 64-bit integers are rounded to the nearest double. */
export function numberOf(mem: Mem, slot: number, rank: number): number {
  switch (rank) {
    case Rank.F64: return mem.f64[slot]!;
    case Rank.F32: return singleOf(mem.lo(slot));
    case Rank.I64: case Rank.U64: return int64NumberOf(mem, slot);
    case Rank.U32: return mem.lo(slot) >>> 0;
    default: return mem.lo(slot);
  }
}

/** Stores x as a number of the rank; x must be an integer in range for integer ranks (safe for the 64-bit ones). */
export function storeNumber(heap: Heap, dst: number, rank: number, x: number): void {
  switch (rank) {
    case Rank.F64: return heap.setF64(dst, x);
    case Rank.F32: return storeSingle(heap, dst, x);
    case Rank.I64: return setInt64Number(heap, dst, x);
    case Rank.U64: return setUint64Number(heap, dst, x);
    default: return storeSmall(heap, dst, rank, x | 0);
  }
}

/**
 * Stores a floating result that came out as NaN the way x86 does: a NaN operand is passed on with its sign, an invalid
 * operation makes a negative one. It only shows in texts (`-nan`), but both engines must agree on it; only of two NaNs
 * with different signs the interpreter passes on the one the processor chooses.
 */
export function storeInvalid(mem: Mem, dst: number, rank: number, b: number, c: number): void {
  storeNaN(mem, dst, rank, nanSign(mem, b) ?? nanSign(mem, c) ?? true);
}

/** Stores a NaN of rank F32 or F64 with the sign. */
export function storeNaN(mem: Mem, dst: number, rank: number, negative: boolean): void {
  if (rank === Rank.F32) mem.setSlot(dst, Hi.F32, negative ? 0xffc00000 | 0 : 0x7fc00000);
  else mem.setSlot(dst, nanHi(negative), 0);
}

/** Whether the NaN in the slot is negative; null when the slot holds no NaN. */
export function nanSign(mem: Mem, slot: number): boolean | null {
  const hi = mem.hi(slot);
  if (hi < Tag.First) return Number.isNaN(mem.f64[slot]!) ? isNegativeNaN(hi) : null;
  if (hi !== Hi.F32) return null;
  return Number.isNaN(singleOf(mem.lo(slot))) ? mem.lo(slot) < 0 : null;
}

/** Appends the text of a number of the given rank, as numberText gives it. */
export function appendNumber(mem: Mem, out: StringBuilder, slot: number, rank: number): void {
  if (rank <= Rank.U32) return void out.appendInteger(numberOf(mem, slot, rank));
  const x = isFloat(rank) ? numberOf(mem, slot, rank) : NaN, short = sixDigits(x < 0 ? -x : x);
  if (short < 0) return void out.appendText(numberText(mem, slot, rank));
  if (x < 0) out.appendByte(MINUS);
  out.appendDecimal(short >> PLACES_BITS, short & PLACES_MASK);
}

/** Text of a number of the given rank; floats as C's %g with `precision` significant digits. */
export function numberText(mem: Mem, slot: number, rank: number, precision = 6): string {
  if (isFloat(rank)) return formatG(numberOf(mem, slot, rank), precision, nanSign(mem, slot) === true);
  if (rank <= Rank.U32) return String(numberOf(mem, slot, rank));
  const exact = exactInteger(mem, slot, rank);
  return exact === exact ? String(exact) : String(bigIntegerOf(mem, slot));
}
