// 64-bit integers: inline in the slot while they fit 48 bits, boxed in Int64 and Uint64 cells beyond. The form is canonical:
// a value that fits is never boxed, so equal integers of a type have equal hi words when inline.

import { Wide } from "../layout.ts";
import type { Heap } from "../heap.ts";
import type { Mem } from "../memory.ts";
import { CellHi, CellKind, Int48, Tag, inlineInt64, inlineUint64, int64Hi, int64Lo } from "../value.ts";

/** Writes an i64 given as a safe integer. */
export function setInt64Number(heap: Heap, dst: number, v: number): void {
  if (v >= Int48.Min && v <= Int48.Max) heap.setSlot(dst, int64Hi(Tag.Int64, v), int64Lo(v));
  else setWide(heap, dst, CellKind.Int64, Math.floor(v / 0x1_0000_0000) | 0, int64Lo(v));
}

/** Writes a u64 given as a safe integer that is not negative. */
export function setUint64Number(heap: Heap, dst: number, v: number): void {
  if (v <= Int48.UMax) heap.setSlot(dst, int64Hi(Tag.Uint64, v), int64Lo(v));
  else setWide(heap, dst, CellKind.Uint64, Math.floor(v / 0x1_0000_0000) | 0, int64Lo(v));
}

/** Writes the low 64 bits of v as an i64. */
export const setInt64 = (heap: Heap, dst: number, v: bigint): void =>
  setInt64Words(heap, dst, Number(BigInt.asIntN(32, v >> 32n)), Number(BigInt.asIntN(32, v)));

/** Writes the low 64 bits of v as a u64. */
export const setUint64 = (heap: Heap, dst: number, v: bigint): void =>
  setUint64Words(heap, dst, Number(BigInt.asIntN(32, v >> 32n)), Number(BigInt.asIntN(32, v)));

/** Writes the i64 with these words. */
export function setInt64Words(heap: Heap, dst: number, high: number, low: number): void {
  if (high === (high << 16) >> 16) heap.setSlot(dst, Tag.Int64 | (high & 0xffff), low);
  else setWide(heap, dst, CellKind.Int64, high, low);
}

/** Writes the u64 with these words. */
export function setUint64Words(heap: Heap, dst: number, high: number, low: number): void {
  if (high >>> 16 === 0) heap.setSlot(dst, Tag.Uint64 | high, low);
  else setWide(heap, dst, CellKind.Uint64, high, low);
}

function setWide(heap: Heap, dst: number, kind: CellKind.Int64 | CellKind.Uint64, high: number, low: number): void {
  const addr = heap.allocate(kind, Wide.Size);
  heap.i32[(addr + Wide.Low) >> 2] = low;
  heap.i32[(addr + Wide.High) >> 2] = high;
  heap.setCell(dst, kind, addr);
}

/** High word of the i64 or u64 in a slot, as i32. */
export function highWord(mem: Mem, slot: number): number {
  const hi = mem.hi(slot);
  if (hi === CellHi.Int64 || hi === CellHi.Uint64) return mem.i32[(mem.lo(slot) + Wide.High) >> 2]!;
  return (hi & Tag.Mask) === Tag.Int64 ? (hi << 16) >> 16 : hi & 0xffff;
}

/** Low word of the i64 or u64 in a slot, as i32. */
export function lowWord(mem: Mem, slot: number): number {
  const hi = mem.hi(slot), lo = mem.lo(slot);
  return hi === CellHi.Int64 || hi === CellHi.Uint64 ? mem.i32[(lo + Wide.Low) >> 2]! : lo;
}

/** Value of the i64 or u64 in a slot, with its sign. */
export function int64Of(mem: Mem, slot: number): bigint {
  const high = highWord(mem, slot), low = BigInt(lowWord(mem, slot) >>> 0);
  return (BigInt(isUnsigned(mem, slot) ? high >>> 0 : high) << 32n) | low;
}

/** The same as a JS number; exact up to 2^53, rounded beyond. */
export function int64NumberOf(mem: Mem, slot: number): number {
  const hi = mem.hi(slot), tag = hi & Tag.Mask;
  if (tag === Tag.Int64) return inlineInt64(hi, mem.lo(slot));
  if (tag === Tag.Uint64) return inlineUint64(hi, mem.lo(slot));
  return Number(int64Of(mem, slot));
}

function isUnsigned(mem: Mem, slot: number): boolean {
  const hi = mem.hi(slot);
  return hi === CellHi.Uint64 || (hi & Tag.Mask) === Tag.Uint64;
}
