// When two values are the same to Lisp: `equal` by structure (equal?), `identical` by identity (eqv?).
//
// equal: same type and same contents. 1 and 1.0 differ, a NaN differs from everything, -0.0 is 0.0. Mutable arrays and cells
// count by what they hold now; cyclic structures are equal when no path tells them apart. The typed integers of Hemlock are
// integers, its f32 a float. What is not listed in `shallow` is equal only to itself.
//
// Nothing here allocates in the world. Deep data cost no JS stack: the work left is an array of slot ranges.

import { Assumptions, TRUSTING_STEPS } from "./assumptions.ts";
import { compareIntegers, isIntegerHi } from "./cells/bigint.ts";
import { bytevectorData, bytevectorLength } from "./cells/bytevector.ts";
import { MapCursor, mapCount, mapRoot, nodeKey } from "./cells/map-node.ts";
import { numberCount, numberElement, numberIndex } from "./cells/number-array.ts";
import { equals } from "./cells/string.ts";
import { Arr, Complex, HashMap, HashNode, Pair, Rational, Slots, Struct, Vector } from "./layout.ts";
import type { Mem } from "./memory.ts";
import { StructType } from "./structs.ts";
import { CellHi, Hi, Tag } from "./value.ts";

const enum Verdict { Different, Same, /** Both are containers of the same kind, still to be looked into. */ Deeper }

/** Hash maps with colliding keys inside keys of such maps, …: from this depth on they are not looked into. */
const MAX_NESTED = 64;

const single = new Float32Array(1), singleBits = new Int32Array(single.buffer);

export const isFloatHi = (hi: number): boolean => hi < Tag.First || hi === Hi.F32;
/** Value of the float in a slot, which holds one. */
export function floatValue(mem: Mem, slot: number): number {
  if (mem.hi(slot) < Tag.First) return mem.f64[slot]!;
  singleBits[0] = mem.lo(slot);
  return single[0]!;
}

/** Same value by structure. */
export function equal(mem: Mem, a: number, b: number): boolean {
  const verdict = shallow(mem, a, b);
  return verdict === Verdict.Deeper ? equalContents(mem, a, b, 0) : verdict === Verdict.Same;
}

/** Compares as far as it goes without looking into containers. */
function shallow(mem: Mem, a: number, b: number): Verdict {
  const i32 = mem.i32, hi = i32[2 * a + 1]!, other = i32[2 * b + 1]!, x = i32[2 * a]!, y = i32[2 * b]!;
  if (hi === other) {
    if (x === y) return hi < Tag.First && mem.f64[a] !== mem.f64[a] ? Verdict.Different : Verdict.Same;
    if (hi > Tag.Cell && hi < Tag.Int64) return shallowCells(mem, a, b, hi, x, y);
  }
  if (isFloatHi(hi)) return isFloatHi(other) && floatValue(mem, a) === floatValue(mem, b) ? Verdict.Same : Verdict.Different;
  return isIntegerHi(hi) && isIntegerHi(other) && compareIntegers(mem, a, b) === 0 ? Verdict.Same : Verdict.Different;
}

/** The same for two cells of a kind. */
function shallowCells(mem: Mem, a: number, b: number, hi: number, x: number, y: number): Verdict {
  switch (hi) {
    case CellHi.Pair: case CellHi.Vector: case CellHi.Array: case CellHi.Rational: case CellHi.Complex: case CellHi.HashMap: case CellHi.HashNode:
      return Verdict.Deeper;
    case CellHi.SortedMap: return mapCount(mem, x) === mapCount(mem, y) ? Verdict.Deeper : Verdict.Different;
    case CellHi.Struct: {
      const type = mem.i32[(x + Struct.Type) >> 2]!;
      if (type !== mem.i32[(y + Struct.Type) >> 2]) return Verdict.Different;
      return type === StructType.Record || type === StructType.MutableCell ? Verdict.Deeper : Verdict.Different;
    }
    case CellHi.String: return equals(mem, x, y) ? Verdict.Same : Verdict.Different;
    case CellHi.BigInt: case CellHi.Int64: case CellHi.Uint64: return compareIntegers(mem, a, b) === 0 ? Verdict.Same : Verdict.Different;
    case CellHi.Bytevector: return sameBytevectors(mem, x, y) ? Verdict.Same : Verdict.Different;
    case CellHi.NumberArray: return sameNumbers(mem, x, y) ? Verdict.Same : Verdict.Different;
    default: return Verdict.Different;
  }
}

function sameBytevectors(mem: Mem, x: number, y: number): boolean {
  const count = bytevectorLength(mem, x), u8 = mem.u8;
  if (count !== bytevectorLength(mem, y)) return false;
  for (let p = bytevectorData(x), q = bytevectorData(y), end = p + count; p < end;) if (u8[p++] !== u8[q++]) return false;
  return true;
}

/** Bit for bit. */
function sameNumbers(mem: Mem, x: number, y: number): boolean {
  const count = numberCount(mem, x), i32 = mem.i32;
  if (count !== numberCount(mem, y) || numberElement(mem, x) !== numberElement(mem, y)) return false;
  for (let p = 2 * numberIndex(x, 0), q = 2 * numberIndex(y, 0), end = p + 2 * count; p < end;) if (i32[p++] !== i32[q++]) return false;
  return true;
}

/** Ranges of slots still to be compared, as triples: first slot, first slot, count. */
type Work = number[];

/** Compares two containers. `nested`: how many comparisons of colliding keys this one is part of. */
function equalContents(mem: Mem, a: number, b: number, nested: number): boolean {
  const work: Work = [];
  let steps = 0, assumed: Assumptions | null = null;
  if (!open(mem, mem.hi(a), mem.lo(a), mem.lo(b), work, nested)) return false;
  while (work.length > 0) {
    let count = work.pop()!, q = work.pop()!, p = work.pop()!;
    for (; count > 0; p++, q++, count--) {
      const verdict = shallow(mem, p, q);
      if (verdict === Verdict.Same) continue;
      if (verdict === Verdict.Different) return false;
      const x = mem.lo(p), y = mem.lo(q);
      if (++steps > TRUSTING_STEPS && (assumed ??= new Assumptions()).assume(x, y)) continue;
      if (count > 1) work.push(p + 1, q + 1, count - 1);
      if (!open(mem, mem.hi(p), x, y, work, nested)) return false;
      break;
    }
  }
  return true;
}

/** Adds the contents of two containers of the kind to the work; false when they differ at once. */
function open(mem: Mem, hi: number, x: number, y: number, work: Work, nested: number): boolean {
  switch (hi) {
    case CellHi.Pair: return range(work, x + Pair.Car, y + Pair.Car, 2);
    case CellHi.Rational: return range(work, x + Rational.Numerator, y + Rational.Numerator, 2);
    case CellHi.Complex: return range(work, x + Complex.Real, y + Complex.Real, 2);
    case CellHi.Vector: return counted(mem, work, x, y, Vector.Count, Vector.Data);
    case CellHi.Struct: return counted(mem, work, x, y, Struct.Count, Struct.Data);
    case CellHi.Array: return counted(mem, work, mem.word(x + Arr.Data), mem.word(y + Arr.Data), Slots.Count, Slots.Data);
    case CellHi.SortedMap: return openMaps(mem, x, y, work);
    case CellHi.HashMap: {
      const p = mem.word(x + HashMap.Root), q = mem.word(y + HashMap.Root);
      if (mem.word(x + HashMap.Count) !== mem.word(y + HashMap.Count)) return false;
      return p === q || (p !== 0 && q !== 0 && openNodes(mem, p, q, work, nested));
    }
    default: return openNodes(mem, x, y, work, nested);
  }
}

function range(work: Work, x: number, y: number, count: number): true {
  work.push(x >> 3, y >> 3, count);
  return true;
}

function counted(mem: Mem, work: Work, x: number, y: number, count: number, data: number): boolean {
  return mem.word(x + count) === mem.word(y + count) && range(work, x + data, y + data, mem.word(x + count));
}

/** Equal maps have equal entries in the same order, whatever their trees. */
function openMaps(mem: Mem, x: number, y: number, work: Work): boolean {
  if (mapRoot(mem, x) === mapRoot(mem, y)) return true;
  const p = new MapCursor(mem, x), q = new MapCursor(mem, y);
  for (let m = p.next(), n = q.next(); m !== 0; m = p.next(), n = q.next()) {
    if (m === n) continue;
    if (shallow(mem, nodeKey(m), nodeKey(n)) === Verdict.Different) return false;
    work.push(nodeKey(m), nodeKey(n), 2);
  }
  return true;
}

/** Hash tries of equal keys have the same shape, but for the order of keys whose hashes collide. */
function openNodes(mem: Mem, x: number, y: number, work: Work, nested: number): boolean {
  if (mem.word(x + HashNode.Bitmap) !== mem.word(y + HashNode.Bitmap)) return false;
  if (mem.word(x + HashNode.Bitmap) !== 0) return counted(mem, work, x, y, HashNode.Count, HashNode.Data);
  const count = mem.word(x + HashNode.Count), p = (x + HashNode.Data) >> 3, q = (y + HashNode.Data) >> 3;
  if (count !== mem.word(y + HashNode.Count) || nested >= MAX_NESTED) return false;
  for (let i = 0; i < count; i += 2) {
    let j = 0;
    while (j < count && !equalNested(mem, p + i, q + j, nested)) j += 2;
    if (j === count) return false;
    work.push(p + i + 1, q + j + 1, 1);
  }
  return true;
}

function equalNested(mem: Mem, a: number, b: number, nested: number): boolean {
  const verdict = shallow(mem, a, b);
  return verdict === Verdict.Deeper ? equalContents(mem, a, b, nested + 1) : verdict === Verdict.Same;
}

/** Same value by identity: cells by address, numbers by form and value (0.0 and -0.0 differ, a NaN is itself). */
export function identical(mem: Mem, a: number, b: number): boolean {
  const hi = mem.hi(a), other = mem.hi(b), x = mem.lo(a), y = mem.lo(b);
  if (hi === other) {
    if (x === y) return true;
    if (hi === CellHi.Rational || hi === CellHi.Complex) {
      const p = x >> 3, q = y >> 3;
      return identical(mem, p + 1, q + 1) && identical(mem, p + 2, q + 2);
    }
  }
  return isIntegerHi(hi) && isIntegerHi(other) && compareIntegers(mem, a, b) === 0;
}
