// 64-bit integers. Most fit 48 bits and live in the slot; the others are boxed cells. Arithmetic runs on JS numbers while
// operands and result are exact (below 2^53) and falls back to BigInt otherwise, so no result ever depends on the path.
//
// The trick of the fast paths: an operand that is not exact reads as NaN, NaN spreads through the operation, and the one
// range test on the result (false for NaN) sends it to the BigInt path.

import type { Heap } from "../../heap/heap.ts";
import type { Mem } from "../../heap/memory.ts";
import { Hi, Rank } from "../../heap/value.ts";
import { int64NumberOf, int64Of, setInt64, setInt64Number, setUint64, setUint64Number } from "../../heap/cells/wide.ts";

const SAFE = Number.MAX_SAFE_INTEGER;

/** Value of any integer reinterpreted as the 64-bit rank: exact, or NaN when a double cannot hold it. */
export function exactInteger(mem: Mem, slot: number, rank: number): number {
  const hi = mem.hi(slot);
  let v: number;
  if (hi <= Hi.F32) v = hi === Hi.U32 ? mem.lo(slot) >>> 0 : mem.lo(slot);
  else v = int64NumberOf(mem, slot);
  return Math.abs(v) <= SAFE && (rank === Rank.I64 || v >= 0) ? v : NaN;
}

/** Value of any integer, with its own sign. */
export function bigIntegerOf(mem: Mem, slot: number): bigint {
  const hi = mem.hi(slot);
  return hi <= Hi.F32 ? BigInt(hi === Hi.U32 ? mem.lo(slot) >>> 0 : mem.lo(slot)) : int64Of(mem, slot);
}

/** Value of any integer reinterpreted as i64 or u64. */
export function bigIntegerAs(mem: Mem, slot: number, rank: number): bigint {
  const v = bigIntegerOf(mem, slot);
  return rank === Rank.U64 ? BigInt.asUintN(64, v) : BigInt.asIntN(64, v);
}

/** Stores v modulo 2^64 as the rank. */
export function storeBig(heap: Heap, dst: number, rank: number, v: bigint): void {
  if (rank === Rank.U64) setUint64(heap, dst, BigInt.asUintN(64, v));
  else setInt64(heap, dst, BigInt.asIntN(64, v));
}

/** Stores r when it is exact and in range for the rank; false sends the caller to its BigInt path. */
function storeExact(heap: Heap, dst: number, rank: number, r: number): boolean {
  if (rank === Rank.I64) {
    if (!(Math.abs(r) <= SAFE)) return false;
    setInt64Number(heap, dst, r);
    return true;
  }
  if (!(r >= 0 && r <= SAFE)) return false;
  setUint64Number(heap, dst, r);
  return true;
}

export function addWide(heap: Heap, dst: number, rank: number, b: number, c: number): void {
  if (storeExact(heap, dst, rank, exactInteger(heap, b, rank) + exactInteger(heap, c, rank))) return;
  storeBig(heap, dst, rank, bigIntegerOf(heap, b) + bigIntegerOf(heap, c));
}

export function subWide(heap: Heap, dst: number, rank: number, b: number, c: number): void {
  if (storeExact(heap, dst, rank, exactInteger(heap, b, rank) - exactInteger(heap, c, rank))) return;
  storeBig(heap, dst, rank, bigIntegerOf(heap, b) - bigIntegerOf(heap, c));
}

export function mulWide(heap: Heap, dst: number, rank: number, b: number, c: number): void {
  if (storeExact(heap, dst, rank, exactInteger(heap, b, rank) * exactInteger(heap, c, rank))) return;
  storeBig(heap, dst, rank, bigIntegerOf(heap, b) * bigIntegerOf(heap, c));
}

/** Remainder with the sign of the dividend; the divisor is not zero. */
export function modWide(heap: Heap, dst: number, rank: number, b: number, c: number): void {
  if (storeExact(heap, dst, rank, exactInteger(heap, b, rank) % exactInteger(heap, c, rank))) return;
  storeBig(heap, dst, rank, bigIntegerAs(heap, b, rank) % bigIntegerAs(heap, c, rank));
}

/** Quotient as a double: both operands are rounded first, as C does when it converts them. */
export function divWide(mem: Mem, rank: number, b: number, c: number): number {
  return wideAsNumber(mem, b, rank) / wideAsNumber(mem, c, rank);
}

/** Value of any integer reinterpreted as the 64-bit rank, rounded to a double. */
export function wideAsNumber(mem: Mem, slot: number, rank: number): number {
  const v = exactInteger(mem, slot, rank);
  return v === v ? v : Number(bigIntegerAs(mem, slot, rank));
}

export function isZeroInteger(mem: Mem, slot: number): boolean {
  const hi = mem.hi(slot);
  return hi <= Hi.F32 ? mem.lo(slot) === 0 : int64NumberOf(mem, slot) === 0;
}

/** -1, 0 or 1 after reinterpreting both as the 64-bit rank. */
export function compareWide(mem: Mem, rank: number, b: number, c: number): number {
  const x = exactInteger(mem, b, rank), y = exactInteger(mem, c, rank);
  if (x === x && y === y) return x < y ? -1 : x > y ? 1 : 0;
  const p = bigIntegerAs(mem, b, rank), q = bigIntegerAs(mem, c, rank);
  return p < q ? -1 : p > q ? 1 : 0;
}

export const enum WideBits { And, Or, Xor, Shl, Shr }

/** Bit operations; the count of a shift is taken modulo 64. */
export function bitsWide(heap: Heap, op: WideBits, dst: number, rank: number, b: number, c: number): void {
  const x = bigIntegerAs(heap, b, rank), y = bigIntegerAs(heap, c, rank);
  switch (op) {
    case WideBits.And: return storeBig(heap, dst, rank, x & y);
    case WideBits.Or: return storeBig(heap, dst, rank, x | y);
    case WideBits.Xor: return storeBig(heap, dst, rank, x ^ y);
    case WideBits.Shl: return storeBig(heap, dst, rank, x << (y & 63n));
    case WideBits.Shr: return storeBig(heap, dst, rank, x >> (y & 63n));
  }
}

export const negWide = (heap: Heap, dst: number, b: number): void => storeBig(heap, dst, Rank.I64, -bigIntegerOf(heap, b));
export const notWide = (heap: Heap, dst: number, rank: number, b: number): void => storeBig(heap, dst, rank, ~bigIntegerOf(heap, b));
export function stepWide(heap: Heap, dst: number, rank: number, b: number, by: 1 | -1): void {
  if (!storeExact(heap, dst, rank, exactInteger(heap, b, rank) + by)) storeBig(heap, dst, rank, bigIntegerOf(heap, b) + BigInt(by));
}
