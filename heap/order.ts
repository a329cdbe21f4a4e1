// The total order of all values, by which sorted maps are sorted: first by type (Order), then within it. Consistent with
// `equal`, but that a NaN has its place (above all other floats) and equals itself here.
//
// Nothing here allocates in the world. Deep and cyclic data are gone through with an array of what is left to compare.

import { Assumptions, TRUSTING_STEPS } from "./assumptions.ts";
import { compareIntegers, integerValue, isIntegerHi } from "./cells/bigint.ts";
import { bytevectorData, bytevectorLength } from "./cells/bytevector.ts";
import { eachHashEntry, hashMapRoot } from "./cells/hash-node.ts";
import { keywordName } from "./cells/keyword.ts";
import { MapCursor, mapCount, nodeKey } from "./cells/map-node.ts";
import { float64At, int64At, numberCount, numberElement, numberIndex } from "./cells/number-array.ts";
import { denominatorSlot, numeratorSlot } from "./cells/rational.ts";
import { compare as compareText } from "./cells/string.ts";
import { structType } from "./cells/struct.ts";
import { floatValue, isFloatHi } from "./equality.ts";
import { Arr, Complex, NumberElement, Pair, Slots, Struct, Vector } from "./layout.ts";
import type { Mem } from "./memory.ts";
import { StructType } from "./structs.ts";
import { CellHi, Hi } from "./value.ts";

/** The types in order. */
export const enum Order {
  Nil, Bool, Int, Float, Char, String, Symbol, Keyword, List, Vector, Map, HashMap, Record, Bytevector, F64Array, I64Array, Stream,
  Other, Rational, Complex, MutableArray, MutableCell,
}

/** What `shallow` gives for two containers of a type that must be looked into. */
const DEEPER = 2;
/** Hash maps as keys of hash maps, …: from this depth on they count as equal. */
const MAX_NESTED = 500;

export function orderOf(mem: Mem, slot: number): Order {
  const hi = mem.hi(slot);
  if (isFloatHi(hi)) return Order.Float;
  if (isIntegerHi(hi)) return Order.Int;
  switch (hi) {
    case Hi.Null: return Order.Nil;
    case Hi.Bool: return Order.Bool;
    case Hi.Rune: return Order.Char;
    case Hi.Empty: case CellHi.Pair: return Order.List;
    case CellHi.String: return Order.String;
    case CellHi.Symbol: return Order.Symbol;
    case CellHi.Keyword: return Order.Keyword;
    case CellHi.Vector: return Order.Vector;
    case CellHi.SortedMap: return Order.Map;
    case CellHi.HashMap: return Order.HashMap;
    case CellHi.Bytevector: return Order.Bytevector;
    case CellHi.NumberArray: return numberElement(mem, mem.lo(slot)) === NumberElement.F64 ? Order.F64Array : Order.I64Array;
    case CellHi.Rational: return Order.Rational;
    case CellHi.Complex: return Order.Complex;
    case CellHi.Array: return Order.MutableArray;
    case CellHi.Struct: return orderOfStruct(structType(mem, mem.lo(slot)));
    default: return Order.Other;
  }
}

function orderOfStruct(type: StructType): Order {
  switch (type) {
    case StructType.Record: return Order.Record;
    case StructType.Stream: return Order.Stream;
    case StructType.MutableCell: return Order.MutableCell;
    default: return Order.Other;
  }
}

const sign = (n: number): number => (n < 0 ? -1 : n > 0 ? 1 : 0);

/** -1, 0 or 1. */
export function compareValues(mem: Mem, a: number, b: number): number {
  const result = shallow(mem, a, b);
  return result === DEEPER ? compareContents(mem, a, b, 0) : result;
}

/** Compares as far as it goes without looking into containers. */
function shallow(mem: Mem, a: number, b: number): number {
  const hi = mem.hi(a), other = mem.hi(b), x = mem.lo(a), y = mem.lo(b);
  if (hi === other) {
    if (x === y) return 0;
    if (hi === Hi.I32) return x < y ? -1 : 1;
    if (hi === CellHi.Keyword) return compareText(mem, keywordName(mem, x), keywordName(mem, y));
    if (hi === CellHi.String || hi === CellHi.Symbol) return compareText(mem, x, y);
  }
  const order = orderOf(mem, a), difference = order - orderOf(mem, b);
  if (difference !== 0) return sign(difference);
  switch (order) {
    case Order.Int: return compareIntegers(mem, a, b);
    case Order.Float: return compareFloats(floatValue(mem, a), floatValue(mem, b));
    case Order.Bool: case Order.Char: return sign(x - y);
    case Order.List: return hi === other ? DEEPER : hi === Hi.Empty ? -1 : 1;
    case Order.Rational: return compareRationals(mem, x, y);
    case Order.Bytevector: return compareBytes(mem, x, y);
    case Order.F64Array: case Order.I64Array: return compareNumbers(mem, x, y);
    case Order.Other: case Order.Stream: return hi === other ? sign((x >>> 0) - (y >>> 0)) : sign(hi - other);
    default: return DEEPER;
  }
}

/** Total order of floats: -0.0 is 0.0, and all NaNs are one value above infinity. */
export function compareFloats(x: number, y: number): number {
  if (x < y) return -1;
  if (x > y) return 1;
  if (x === y) return 0;
  return (x === x ? 0 : 1) - (y === y ? 0 : 1);
}

function compareRationals(mem: Mem, x: number, y: number): number {
  const p = integerValue(mem, numeratorSlot(x)) * integerValue(mem, denominatorSlot(y));
  const q = integerValue(mem, numeratorSlot(y)) * integerValue(mem, denominatorSlot(x));
  return p < q ? -1 : p > q ? 1 : 0;
}

function compareBytes(mem: Mem, x: number, y: number): number {
  const m = bytevectorLength(mem, x), n = bytevectorLength(mem, y), u8 = mem.u8;
  for (let i = 0; i < m && i < n; i++) {
    const difference = u8[bytevectorData(x) + i]! - u8[bytevectorData(y) + i]!;
    if (difference !== 0) return sign(difference);
  }
  return sign(m - n);
}

/** By the numbers, then (as equality is bitwise here) by their bits, then by length. */
function compareNumbers(mem: Mem, x: number, y: number): number {
  const m = numberCount(mem, x), n = numberCount(mem, y), floats = numberElement(mem, x) === NumberElement.F64, i32 = mem.i32;
  for (let i = 0; i < m && i < n; i++) {
    const p = 2 * numberIndex(x, i), q = 2 * numberIndex(y, i);
    if (i32[p] === i32[q] && i32[p + 1] === i32[q + 1]) continue;
    const numbers = floats ? compareFloats(float64At(mem, x, i), float64At(mem, y, i)) : int64At(mem, x, i) < int64At(mem, y, i) ? -1 : 1;
    return numbers !== 0 ? numbers : sign(i32[p + 1]! - i32[q + 1]!) || sign(i32[p]! - i32[q]!);
  }
  return sign(m - n);
}

/**
 * What is left to compare, the next on top: first slot, first slot, count, and what it comes to when so many slots are the
 * same (0: go on with what is below).
 */
type Work = number[];

function compareContents(mem: Mem, a: number, b: number, nested: number): number {
  const work: Work = [];
  let steps = 0, assumed: Assumptions | null = null;
  open(mem, a, b, work, nested);
  while (work.length > 0) {
    const tail = work.pop()!;
    let count = work.pop()!, q = work.pop()!, p = work.pop()!, result = tail;
    for (; count > 0; p++, q++, count--) {
      const next = shallow(mem, p, q);
      if (next === 0) continue;
      if (next !== DEEPER) return next;
      if (++steps > TRUSTING_STEPS && (assumed ??= new Assumptions()).assume(mem.lo(p), mem.lo(q))) continue;
      if (count > 1 || tail !== 0) work.push(p + 1, q + 1, count - 1, tail);
      open(mem, p, q, work, nested);
      result = 0;
      break;
    }
    if (result !== 0) return result;
  }
  return 0;
}

/** Adds the contents of two containers of a type to the work. */
function open(mem: Mem, a: number, b: number, work: Work, nested: number): void {
  const x = mem.lo(a), y = mem.lo(b);
  switch (mem.hi(a)) {
    case CellHi.Pair: work.push((x + Pair.Car) >> 3, (y + Pair.Car) >> 3, 2, 0); return;
    case CellHi.Complex: work.push((x + Complex.Real) >> 3, (y + Complex.Real) >> 3, 2, 0); return;
    case CellHi.Vector: return sequence(mem, work, x, y, Vector.Count, Vector.Data);
    case CellHi.Array: return sequence(mem, work, mem.word(x + Arr.Data), mem.word(y + Arr.Data), Slots.Count, Slots.Data);
    case CellHi.Struct: return openStructs(mem, x, y, work);
    case CellHi.SortedMap: return openEntries(work, mapKeys(mem, x), mapKeys(mem, y));
    case CellHi.HashMap: return openEntries(work, sortedKeys(mem, x, nested), sortedKeys(mem, y, nested));
  }
}

function sequence(mem: Mem, work: Work, x: number, y: number, count: number, data: number): void {
  const m = mem.word(x + count), n = mem.word(y + count);
  work.push((x + data) >> 3, (y + data) >> 3, Math.min(m, n), sign(m - n));
}

/** Records by the names of their types, then (for types of one name) by the type, then by fields; cells by what they hold. */
function openStructs(mem: Mem, x: number, y: number, work: Work): void {
  const p = (x + Struct.Data) >> 3, q = (y + Struct.Data) >> 3, m = mem.word(x + Struct.Count), n = mem.word(y + Struct.Count);
  if (structType(mem, x) !== StructType.Record || (mem.lo(p) === mem.lo(q) && mem.hi(p) === mem.hi(q))) {
    work.push(p, q, Math.min(m, n), sign(m - n));
    return;
  }
  // The type's name is the first value of its struct.
  work.push(p, q, 0, sign(mem.lo(p) - mem.lo(q)));
  if (mem.hi(p) === CellHi.Struct && mem.hi(q) === CellHi.Struct) work.push((mem.lo(p) + Struct.Data) >> 3, (mem.lo(q) + Struct.Data) >> 3, 1, 0);
}

/** Adds entries given by the slots of their keys, which values follow. */
function openEntries(work: Work, p: readonly number[], q: readonly number[]): void {
  const count = Math.min(p.length, q.length);
  work.push(0, 0, 0, sign(p.length - q.length));
  for (let i = count - 1; i >= 0; i--) if (p[i] !== q[i]) work.push(p[i]!, q[i]!, 2, 0);
}

function mapKeys(mem: Mem, map: number): number[] {
  const keys: number[] = [], cursor = new MapCursor(mem, map);
  keys.length = mapCount(mem, map);
  for (let node = cursor.next(), i = 0; node !== 0; node = cursor.next()) keys[i++] = nodeKey(node);
  return keys;
}

/** Slots of a hash map's keys, in order. */
function sortedKeys(mem: Mem, map: number, nested: number): number[] {
  const keys: number[] = [];
  eachHashEntry(mem, hashMapRoot(mem, map), (key) => keys.push(key));
  return nested >= MAX_NESTED ? keys : keys.sort((a, b) => {
    const result = shallow(mem, a, b);
    return result === DEEPER ? compareContents(mem, a, b, nested + 1) : result;
  });
}

/** Sorts slots by their values. */
export const sortSlots = (mem: Mem, slots: number[]): number[] => slots.sort((a, b) => compareValues(mem, a, b));
