// Integers of any size. The form is canonical: an immediate i32 when it fits 32 bits, an inline i64 when it fits 48, else a
// BigInt cell of sign and 32-bit limbs. The typed integers of other widths, boxed ones too, are read as integers but never
// made here.

import { Big } from "../layout.ts";
import type { Heap } from "../heap.ts";
import type { Mem } from "../memory.ts";
import { CellHi, CellKind, Hi, Int48, Tag, inlineInt64, inlineUint64, int64Hi, int64Lo } from "../value.ts";
import { int64Of } from "./wide.ts";

/** Up to this many 64-bit digits are split off one by one; more go through hexadecimal text, which is linear. */
const FEW_DIGITS = 4;

/** One 64-bit digit, seen as two limbs. */
const digit = new BigUint64Array(1), halves = new Uint32Array(digit.buffer);

/** Writes an integer in its canonical form; a number must be a safe integer. */
export function setInteger(heap: Heap, dst: number, value: bigint | number): void {
  const small = Number(value);
  if (small === (small | 0)) heap.setSlot(dst, Hi.I32, small | 0);
  else if (small >= Int48.Min && small <= Int48.Max) heap.setSlot(dst, int64Hi(Tag.Int64, small), int64Lo(small));
  else heap.setCell(dst, CellKind.BigInt, newBigInt(heap, BigInt(value)));
}

/** The cell for an integer beyond 48 bits. */
function newBigInt(heap: Heap, value: bigint): number {
  const magnitude = value < 0n ? -value : value, limbs = limbsOf(magnitude), count = limbs.length;
  const cell = heap.allocate(CellKind.BigInt, Big.Limbs + 4 * count);
  heap.setWord(cell + Big.Sign, value < 0n ? -1 : 1);
  heap.setWord(cell + Big.Count, count);
  heap.u32.set(limbs, (cell + Big.Limbs) >> 2);
  return cell;
}

/** The limbs of a positive integer, least significant first. */
function limbsOf(magnitude: bigint): number[] {
  const limbs: number[] = [];
  let rest = magnitude;
  for (let n = 0; n < FEW_DIGITS && rest !== 0n; n++) {
    digit[0] = rest;
    limbs.push(halves[0]!, halves[1]!);
    rest >>= 64n;
  }
  if (rest !== 0n) {
    const text = rest.toString(16);
    for (let end = text.length; end > 0; end -= 8) limbs.push(Number.parseInt(text.slice(Math.max(0, end - 8), end), 16));
  }
  while (limbs.at(-1) === 0) limbs.pop();
  return limbs;
}

/** True for integers of all forms and widths. */
export function isInteger(mem: Mem, slot: number): boolean { return isIntegerHi(mem.hi(slot)); }

/** The same by hi word. */
export function isIntegerHi(hi: number): boolean {
  if (hi >= Hi.I8 && hi <= Hi.U32) return true;
  const tag = hi & Tag.Mask;
  return tag === Tag.Int64 || tag === Tag.Uint64 || hi === CellHi.BigInt || hi === CellHi.Int64 || hi === CellHi.Uint64;
}

/** The integer in a slot as a JS number when that is exact and it is not boxed (so at most 48 bits and a sign), else NaN, also for what is no integer. */
export function smallInteger(mem: Mem, slot: number): number {
  const hi = mem.hi(slot), lo = mem.lo(slot);
  if (hi === Hi.I32) return lo;
  const tag = hi & Tag.Mask;
  if (tag === Tag.Int64) return inlineInt64(hi, lo);
  if (tag === Tag.Uint64) return inlineUint64(hi, lo);
  if (hi === Hi.U32) return lo >>> 0;
  return hi >= Hi.I8 && hi < Hi.I32 ? lo : NaN;
}

/** The integer in a slot, which holds one. */
export function integerValue(mem: Mem, slot: number): bigint {
  const hi = mem.hi(slot);
  if (hi === CellHi.BigInt) return bigValue(mem, mem.lo(slot));
  if (hi === CellHi.Int64 || hi === CellHi.Uint64) return int64Of(mem, slot);
  return BigInt(smallInteger(mem, slot));
}

/** Value of a BigInt cell. */
export function bigValue(mem: Mem, cell: number): bigint {
  const count = bigCount(mem, cell), first = (cell + Big.Limbs) >> 2, u32 = mem.u32;
  let magnitude = 0n;
  if (count <= 2 * FEW_DIGITS) {
    for (let i = (count - 1) & -2; i >= 0; i -= 2) {
      halves[0] = u32[first + i]!;
      halves[1] = i + 1 < count ? u32[first + i + 1]! : 0;
      magnitude = (magnitude << 64n) | digit[0]!;
    }
  } else {
    let text = "0x";
    for (let i = count - 1; i >= 0; i--) text += u32[first + i]!.toString(16).padStart(8, "0");
    magnitude = BigInt(text);
  }
  return bigSign(mem, cell) < 0 ? -magnitude : magnitude;
}

/** Of a BigInt cell: 1 or -1, number of limbs, word index of the first. */
export const bigSign = (mem: Mem, cell: number): number => mem.i32[(cell + Big.Sign) >> 2]!;
export const bigCount = (mem: Mem, cell: number): number => mem.i32[(cell + Big.Count) >> 2]!;
export const bigLimbs = (cell: number): number => (cell + Big.Limbs) >> 2;

/** Order of the integers in two slots: -1, 0, 1. */
export function compareIntegers(mem: Mem, a: number, b: number): number {
  const x = smallInteger(mem, a), y = smallInteger(mem, b);
  if (x === x && y === y) return x < y ? -1 : x > y ? 1 : 0;
  if (mem.hi(a) === CellHi.BigInt && mem.hi(b) === CellHi.BigInt) return compareBig(mem, mem.lo(a), mem.lo(b));
  const p = integerValue(mem, a), q = integerValue(mem, b);
  return p < q ? -1 : p > q ? 1 : 0;
}

function compareBig(mem: Mem, a: number, b: number): number {
  const sign = bigSign(mem, a), na = bigCount(mem, a), nb = bigCount(mem, b), u32 = mem.u32;
  if (sign !== bigSign(mem, b)) return sign;
  if (na !== nb) return na < nb ? -sign : sign;
  for (let i = na - 1; i >= 0; i--) {
    const x = u32[bigLimbs(a) + i]!, y = u32[bigLimbs(b) + i]!;
    if (x !== y) return x < y ? -sign : sign;
  }
  return 0;
}
