// Hashes of values, consistent with `equal`: what is equal hashes alike. The work is bounded, so that deep, long and cyclic
// data are no trouble: what comes after the first BUDGET values of a structure does not count.
//
// The order in which a structure is gone through depends on nothing but its contents as `equal` sees them; hence colliding
// keys of a hash map, whose order is accidental, are left out.

import { elementSlot, length } from "./cells/array.ts";
import { bigCount, bigLimbs, bigSign, isIntegerHi, smallInteger } from "./cells/bigint.ts";
import { bytevectorData, bytevectorLength } from "./cells/bytevector.ts";
import { hashBitmap, hashMapCount, hashMapRoot, hashItem, hashSlots } from "./cells/hash-node.ts";
import { keywordHash } from "./cells/keyword.ts";
import { MapCursor, mapCount, nodeKey } from "./cells/map-node.ts";
import { numberCount, numberIndex } from "./cells/number-array.ts";
import { hash as hashText, hashBytes } from "./cells/string.ts";
import { int64Of } from "./cells/wide.ts";
import { floatValue, isFloatHi } from "./equality.ts";
import { Complex, Pair, Rational, Struct, Vector } from "./layout.ts";
import type { Mem } from "./memory.ts";
import { StructType } from "./structs.ts";
import { CellHi, Hi } from "./value.ts";

/** Values of a structure that count. */
const BUDGET = 256;

const double = new Float64Array(1), doubleBits = new Int32Array(double.buffer);

const mix = (h: number, x: number): number => {
  const y = Math.imul(h ^ x, 0x85ebca6b);
  return y ^ (y >>> 15) ^ (y << 9);
};

/** Spreads what there is over all bits: the trie takes five of them at a time. */
function finish(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Hash of the value in a slot, a signed word. */
export function hashValue(mem: Mem, slot: number): number {
  const hi = mem.hi(slot);
  if (hi === Hi.I32) return finish(mem.lo(slot) ^ 0x1f35);
  if (hi === CellHi.Keyword) return finish(keywordHash(mem, mem.lo(slot)));
  if (hi === CellHi.String) return finish(hashText(mem, mem.lo(slot)));
  return isStructured(mem, slot) ? finish(hashContents(mem, slot)) : finish(hashLeaf(mem, slot));
}

/** True for what `equal` looks into. */
function isStructured(mem: Mem, slot: number): boolean {
  switch (mem.hi(slot)) {
    case CellHi.Pair: case CellHi.Vector: case CellHi.Array: case CellHi.Rational: case CellHi.Complex: case CellHi.SortedMap: case CellHi.HashMap: case CellHi.HashNode:
      return true;
    case CellHi.Struct: {
      const type = mem.word(mem.lo(slot) + Struct.Type);
      return type === StructType.Record || type === StructType.MutableCell;
    }
    default: return false;
  }
}

function hashLeaf(mem: Mem, slot: number): number {
  const hi = mem.hi(slot), lo = mem.lo(slot);
  if (isFloatHi(hi)) return hashFloat(floatValue(mem, slot));
  if (isIntegerHi(hi)) return hashInteger(mem, slot);
  switch (hi) {
    case CellHi.String: return hashText(mem, lo);
    case CellHi.Keyword: return keywordHash(mem, lo);
    case CellHi.Symbol: return hashText(mem, lo) ^ 0x5359;
    case CellHi.Bytevector: return hashBytes(mem.u8, bytevectorData(lo), Math.min(8 * BUDGET, bytevectorLength(mem, lo))) ^ 0x6279;
    case CellHi.NumberArray: return hashBytes(mem.u8, 8 * numberIndex(lo, 0), 8 * Math.min(BUDGET, numberCount(mem, lo))) ^ 0x6e61;
    default: return mix(hi, lo);
  }
}

function hashFloat(value: number): number {
  double[0] = value === 0 ? 0 : value;
  return value === value ? mix(doubleBits[0]! ^ 0x666c, doubleBits[1]!) : 0x4e61;
}

/** By value: sign and limbs of the magnitude, whatever the width it is stored in. */
function hashInteger(mem: Mem, slot: number): number {
  const small = smallInteger(mem, slot), lo = mem.lo(slot);
  if (small === (small | 0)) return small ^ 0x1f35;
  if (small === small) return hashWords(small < 0 ? -1 : 1, Math.abs(small) % 0x1_0000_0000, Math.floor(Math.abs(small) / 0x1_0000_0000));
  if (mem.hi(slot) !== CellHi.BigInt) {
    const value = int64Of(mem, slot), magnitude = value < 0n ? -value : value;
    return hashWords(value < 0n ? -1 : 1, Number(magnitude & 0xffff_ffffn), Number(magnitude >> 32n));
  }
  const first = bigLimbs(lo), count = bigCount(mem, lo), i32 = mem.i32;
  let h = hashWords(bigSign(mem, lo), i32[first]!, count > 1 ? i32[first + 1]! : 0);
  for (let i = 2; i < count; i++) h = mix(h, i32[first + i]!);
  return h;
}

const hashWords = (sign: number, low: number, high: number): number => mix(mix(sign ^ 0x696e, low | 0), high | 0);

/** Slot ranges still to be hashed, the next on top: first slot, count. */
type Work = number[];

function hashContents(mem: Mem, slot: number): number {
  const work: Work = [slot, 1];
  let h = 0x4c69;
  for (let left = BUDGET; left > 0 && work.length > 0; left--) {
    const count = work.pop()!, at = work.pop()!;
    if (count === 0) continue;
    if (count > 1) work.push(at + 1, count - 1);
    h = isStructured(mem, at) ? mix(h, open(mem, at, work, left)) : mix(h, hashLeaf(mem, at));
  }
  return h;
}

/** Adds a container's contents to the work, at most `left` entries of a map; returns what stands for the container itself. */
function open(mem: Mem, slot: number, work: Work, left: number): number {
  const hi = mem.hi(slot), cell = mem.lo(slot);
  switch (hi) {
    case CellHi.Pair: work.push((cell + Pair.Car) >> 3, 2); return hi;
    case CellHi.Rational: work.push((cell + Rational.Numerator) >> 3, 2); return hi;
    case CellHi.Complex: work.push((cell + Complex.Real) >> 3, 2); return hi;
    case CellHi.Vector: return counted(work, (cell + Vector.Data) >> 3, mem.word(cell + Vector.Count), hi);
    case CellHi.Array: return counted(work, elementSlot(mem, cell, 0), length(mem, cell), hi);
    case CellHi.Struct: return counted(work, (cell + Struct.Data) >> 3, mem.word(cell + Struct.Count), hi);
    case CellHi.SortedMap: return openMap(mem, cell, work, left);
    case CellHi.HashMap: {
      const root = hashMapRoot(mem, cell);
      if (root !== 0) openNode(mem, root, work);
      return hi ^ hashMapCount(mem, cell);
    }
    default: return openNode(mem, cell, work);
  }
}

function counted(work: Work, first: number, count: number, hi: number): number {
  work.push(first, count);
  return hi ^ count;
}

function openMap(mem: Mem, map: number, work: Work, left: number): number {
  const cursor = new MapCursor(mem, map), nodes: number[] = [];
  for (let node = cursor.next(); node !== 0 && nodes.length < left; node = cursor.next()) nodes.push(node);
  for (let i = nodes.length - 1; i >= 0; i--) work.push(nodeKey(nodes[i]!), 2);
  return CellHi.SortedMap ^ mapCount(mem, map);
}

/** Colliding keys count by their number only. */
function openNode(mem: Mem, node: number, work: Work): number {
  if (hashBitmap(mem, node) !== 0) work.push(hashItem(node, 0), hashSlots(mem, node));
  return hashBitmap(mem, node) ^ hashSlots(mem, node);
}
