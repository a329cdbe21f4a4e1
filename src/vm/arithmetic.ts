// The arithmetic and bit operators on slots, complete for every pair of types. Both engines call these; the interpreter
// inlines only the i32 and f64 pairs. Each function reads slots b and c, writes dst last (dst may be b or c), may allocate
// and may throw a guest error.
//
// Promotion: the operand of lower rank is reinterpreted (wraps) as the higher one; integer results wrap to the width of
// their type; `/` always yields a float.

import { int64NumberOf } from "../../heap/cells/wide.ts";
import { CellHi, Hi, Rank, Tag, inlineUint64, int64Hi, int64Lo, numericRank } from "../../heap/value.ts";
import { WideBits, addWide, bigIntegerAs, bitsWide, divWide, isZeroInteger, modWide, mulWide, negWide, notWide, stepWide, subWide, wideAsNumber } from "./integers64.ts";
import { isFloat, isInteger, numberOf, promote, singleOf, smallAs, storeInvalid, storeNaN, storeSingle, storeSmall } from "./numeric.ts";
import { lineOf } from "./stack.ts";
import { concatenate } from "./text.ts";
import type { Vm } from "./vm.ts";

const NOT_NUMERIC = "Binary operation requires numeric operands";
const INT64_MIN = -(2n ** 63n);

/** Stores a floating result of rank F32 or F64. */
function storeFloat(vm: Vm, dst: number, rank: number, r: number, b: number, c: number): void {
  if (r !== r) storeInvalid(vm.heap, dst, rank, b, c);
  else if (rank === Rank.F32) storeSingle(vm.heap, dst, r);
  else vm.heap.f64[dst] = r;
}

/** Operand of a floating operation: with F32 as the result's rank, rounded to single first. */
function floatOperand(vm: Vm, slot: number, rank: number, to: number): number {
  const x = numberOf(vm.heap, slot, rank);
  return to === Rank.F32 ? Math.fround(x) : x;
}

/** Rank of the result of a numeric operator; throws when a side is not a number. */
function resultRank(vm: Vm, hb: number, hc: number): number {
  const rb = numericRank(hb), rc = numericRank(hc);
  if (rb === Rank.None || rc === Rank.None) vm.throwError(NOT_NUMERIC);
  return promote(rb, rc);
}

export function add(vm: Vm, dst: number, b: number, c: number): void {
  const mem = vm.heap, hb = mem.hi(b), hc = mem.hi(c);
  if (hb === Hi.I32 && hc === Hi.I32) return mem.setI32(dst, (mem.lo(b) + mem.lo(c)) | 0);
  const rb = numericRank(hb), rc = numericRank(hc);
  if (rb === Rank.None || rc === Rank.None) return addOther(vm, dst, b, c);
  const rank = promote(rb, rc);
  if (isFloat(rank)) {
    return storeFloat(vm, dst, rank, floatOperand(vm, b, rb, rank) + floatOperand(vm, c, rc, rank), b, c);
  }
  if (rank <= Rank.U32) return storeSmall(mem, dst, rank, mem.lo(b) + mem.lo(c));
  addWide(mem, dst, rank, b, c);
}

/** `+` when a side is not a number: strings and pointers. */
function addOther(vm: Vm, dst: number, b: number, c: number): void {
  if (vm.heap.hi(b) === CellHi.String || vm.heap.hi(c) === CellHi.String) return concatenate(vm, dst, b, c);
  if (pointerOffset(vm, dst, b, c, 1) || pointerOffset(vm, dst, c, b, 1)) return;
  vm.throwError(NOT_NUMERIC);
}

export function sub(vm: Vm, dst: number, b: number, c: number): void {
  const mem = vm.heap, hb = mem.hi(b), hc = mem.hi(c);
  if (hb === Hi.I32 && hc === Hi.I32) return mem.setI32(dst, (mem.lo(b) - mem.lo(c)) | 0);
  if (pointerOffset(vm, dst, b, c, -1)) return;
  const rank = resultRank(vm, hb, hc);
  if (isFloat(rank)) {
    const r = floatOperand(vm, b, numericRank(hb), rank) - floatOperand(vm, c, numericRank(hc), rank);
    return storeFloat(vm, dst, rank, r, b, c);
  }
  if (rank <= Rank.U32) return storeSmall(mem, dst, rank, mem.lo(b) - mem.lo(c));
  subWide(mem, dst, rank, b, c);
}

export function mul(vm: Vm, dst: number, b: number, c: number): void {
  const mem = vm.heap, hb = mem.hi(b), hc = mem.hi(c);
  if (hb === Hi.I32 && hc === Hi.I32) return mem.setI32(dst, Math.imul(mem.lo(b), mem.lo(c)));
  const rank = resultRank(vm, hb, hc);
  if (isFloat(rank)) {
    const r = floatOperand(vm, b, numericRank(hb), rank) * floatOperand(vm, c, numericRank(hc), rank);
    return storeFloat(vm, dst, rank, r, b, c);
  }
  if (rank <= Rank.U32) return storeSmall(mem, dst, rank, Math.imul(mem.lo(b), mem.lo(c)));
  mulWide(mem, dst, rank, b, c);
}

/** Always floating: f32 when the promoted type is f32, else f64. Integer division by zero throws. */
export function div(vm: Vm, dst: number, b: number, c: number): void {
  const mem = vm.heap, hb = mem.hi(b), hc = mem.hi(c);
  const rank = resultRank(vm, hb, hc);
  if (isFloat(rank)) {
    const r = floatOperand(vm, b, numericRank(hb), rank) / floatOperand(vm, c, numericRank(hc), rank);
    return storeFloat(vm, dst, rank, r, b, c);
  }
  if (rank > Rank.U32) {
    if (isZeroInteger(mem, c)) divisionByZero(vm);
    mem.f64[dst] = divWide(mem, rank, b, c);
    return;
  }
  const divisor = smallAs(rank, mem.lo(c));
  if (divisor === 0) divisionByZero(vm);
  mem.f64[dst] = smallAs(rank, mem.lo(b)) / divisor;
}

export function mod(vm: Vm, dst: number, b: number, c: number): void {
  const mem = vm.heap, hb = mem.hi(b), hc = mem.hi(c);
  const rank = resultRank(vm, hb, hc);
  if (isFloat(rank)) {
    const r = floatOperand(vm, b, numericRank(hb), rank) % floatOperand(vm, c, numericRank(hc), rank);
    return storeFloat(vm, dst, rank, r, b, c);
  }
  if (rank > Rank.U32) {
    if (isZeroInteger(mem, c)) divisionByZero(vm);
    return modWide(mem, dst, rank, b, c);
  }
  const divisor = smallAs(rank, mem.lo(c));
  if (divisor === 0) divisionByZero(vm);
  storeSmall(mem, dst, rank, smallAs(rank, mem.lo(b)) % divisor);
}

function divisionByZero(vm: Vm): never {
  vm.throwError(`[line ${lineOf(vm)}] Division by zero`);
}

/** pointer ± integer: stores the moved pointer; false when `pointer` is no pointer or `offset` no integer. */
function pointerOffset(vm: Vm, dst: number, pointer: number, offset: number, sign: 1 | -1): boolean {
  const mem = vm.heap, hi = mem.hi(pointer), rank = numericRank(mem.hi(offset));
  if ((hi & Tag.Mask) !== Tag.Pointer || !isInteger(rank)) return false;
  const distance = rank <= Rank.U32 ? smallAs(rank, mem.lo(offset)) : int64NumberOf(mem, offset);
  storePointer(vm, dst, inlineUint64(hi, mem.lo(pointer)) + sign * distance);
  return true;
}

/** Stores an address; it wraps at 48 bits (no allocation lies anywhere near that). */
export function storePointer(vm: Vm, dst: number, address: number): void {
  vm.heap.setSlot(dst, int64Hi(Tag.Pointer, address), int64Lo(address));
}

/** Unsigned operands go to the next wider signed type; u64 has none and checks its range; f32 becomes f64. */
export function neg(vm: Vm, dst: number, b: number): void {
  const mem = vm.heap, hi = mem.hi(b), lo = mem.lo(b);
  const rank = numericRank(hi);
  switch (rank) {
    case Rank.None: return vm.throwError("Cannot negate non-numeric value");
    case Rank.F64: return mem.setSlot(dst, hi ^ 0x80000000, lo);
    case Rank.F32: return negateSingle(vm, dst, lo);
    case Rank.I64: return negWide(mem, dst, b);
    case Rank.U64:
      if (-bigIntegerAs(mem, b, rank) <= INT64_MIN) vm.throwError("Cannot negate u64 value larger than INT64_MAX");
      return negWide(mem, dst, b);
    case Rank.U32: return negWide(mem, dst, b);
    case Rank.U8: return storeSmall(mem, dst, Rank.I16, -lo);
    case Rank.U16: return storeSmall(mem, dst, Rank.I32, -lo);
    default: return storeSmall(mem, dst, rank, -lo);
  }
}

function negateSingle(vm: Vm, dst: number, bits: number): void {
  const x = -singleOf(bits);
  if (x === x) vm.heap.f64[dst] = x;
  else storeNaN(vm.heap, dst, Rank.F64, bits >= 0);
}

export function inc(vm: Vm, dst: number, b: number): void {
  step(vm, dst, b, 1, "Can only increment numeric values");
}

export function dec(vm: Vm, dst: number, b: number): void {
  step(vm, dst, b, -1, "Can only decrement numeric values");
}

function step(vm: Vm, dst: number, b: number, by: 1 | -1, error: string): void {
  const mem = vm.heap, rank = numericRank(mem.hi(b));
  if (rank === Rank.None) vm.throwError(error);
  if (isFloat(rank)) return storeFloat(vm, dst, rank, numberOf(mem, b, rank) + by, b, b);
  if (rank <= Rank.U32) return storeSmall(mem, dst, rank, mem.lo(b) + by);
  stepWide(mem, dst, rank, b, by);
}

/** Rank of the result of a bit operator; throws unless both sides are integers. */
function bitsRank(vm: Vm, b: number, c: number): number {
  const rank = resultRank(vm, vm.heap.hi(b), vm.heap.hi(c));
  if (isFloat(rank)) vm.throwError("Invalid operation for floats");
  return rank;
}

export function bitAnd(vm: Vm, dst: number, b: number, c: number): void {
  const mem = vm.heap, rank = bitsRank(vm, b, c);
  if (rank <= Rank.U32) storeSmall(mem, dst, rank, mem.lo(b) & mem.lo(c));
  else bitsWide(mem, WideBits.And, dst, rank, b, c);
}

export function bitOr(vm: Vm, dst: number, b: number, c: number): void {
  const mem = vm.heap, rank = bitsRank(vm, b, c);
  if (rank <= Rank.U32) storeSmall(mem, dst, rank, mem.lo(b) | mem.lo(c));
  else bitsWide(mem, WideBits.Or, dst, rank, b, c);
}

export function bitXor(vm: Vm, dst: number, b: number, c: number): void {
  const mem = vm.heap, rank = bitsRank(vm, b, c);
  if (rank <= Rank.U32) storeSmall(mem, dst, rank, mem.lo(b) ^ mem.lo(c));
  else bitsWide(mem, WideBits.Xor, dst, rank, b, c);
}

/** The count is masked by 31 for i32 results, by 63 for all others; those narrower than 64 bits shift in 64, then truncate. */
export function shl(vm: Vm, dst: number, b: number, c: number): void {
  const mem = vm.heap, rank = bitsRank(vm, b, c), count = mem.lo(c);
  if (rank > Rank.U32) return bitsWide(mem, WideBits.Shl, dst, rank, b, c);
  if (rank === Rank.I32) return storeSmall(mem, dst, rank, mem.lo(b) << (count & 31));
  storeSmall(mem, dst, rank, (count & 63) > 31 ? 0 : mem.lo(b) << (count & 63));
}

/** Arithmetic for signed result types, logical for unsigned ones; counts as in shl. */
export function shr(vm: Vm, dst: number, b: number, c: number): void {
  const mem = vm.heap, rank = bitsRank(vm, b, c), count = mem.lo(c);
  if (rank > Rank.U32) return bitsWide(mem, WideBits.Shr, dst, rank, b, c);
  const value = smallAs(rank, mem.lo(b));
  if (rank === Rank.U32) return storeSmall(mem, dst, rank, (count & 63) > 31 ? 0 : value >>> (count & 63));
  if (rank === Rank.I32) return storeSmall(mem, dst, rank, value >> (count & 31));
  storeSmall(mem, dst, rank, value >> Math.min(count & 63, 31));
}

export function bitNot(vm: Vm, dst: number, b: number): void {
  const mem = vm.heap, rank = numericRank(mem.hi(b));
  if (!isInteger(rank)) vm.throwError("Cannot apply bitwise NOT to non-integer value");
  if (rank <= Rank.U32) return storeSmall(mem, dst, rank, ~mem.lo(b));
  notWide(mem, dst, rank, b);
}

/** Value of any number as a double, promoted like the operand of an operation with result rank `rank`. */
export function promotedNumber(vm: Vm, slot: number, own: number, rank: number): number {
  if (isFloat(rank)) return floatOperand(vm, slot, own, rank);
  return rank <= Rank.U32 ? smallAs(rank, vm.heap.lo(slot)) : wideAsNumber(vm.heap, slot, rank);
}
