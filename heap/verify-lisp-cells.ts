// What the kinds of cell that only Lisp makes promise about their own contents; a part of verify-cells.ts.

import { bigValue, integerValue, isInteger } from "./cells/bigint.ts";
import { eachEntry, weakGet } from "./cells/weak.ts";
import type { Heap } from "./heap.ts";
import { Big, Bytes, Bytevector, Continuation, HashNode, Keyword, NumberArray, Pair, Rational, Str, Struct, Vector, WeakMap } from "./layout.ts";
import { STRUCTS } from "./structs.ts";
import { kindOf, sizeOf } from "./trace.ts";
import { CellKind } from "./value.ts";
import { checkHashMap, checkSortedMap } from "./verify-maps.ts";

type Fail = (message: string) => never;

export function checkLispContents(heap: Heap, addr: number, fail: Fail): void {
  const word = (at: number): number => heap.word(addr + at), size = sizeOf(heap, addr);
  switch (kindOf(heap, addr)) {
    case CellKind.Pair:
      if (size !== Pair.Size && size !== Pair.PositionedSize) fail(`pair of ${size} bytes`);
      return;
    case CellKind.Keyword:
      if (kindOf(heap, word(Keyword.Name)) !== CellKind.Symbol || heap.word(word(Keyword.Name) + Str.Keyword) !== addr) fail("keyword its symbol does not know");
      return;
    case CellKind.Vector: case CellKind.Task: case CellKind.Channel: case CellKind.File: case CellKind.Socket: return checkCount(word(Vector.Count), 8, size - Vector.Data, fail);
    case CellKind.Struct:
      if (!(word(Struct.Type) in STRUCTS)) fail(`struct of type ${word(Struct.Type)}`);
      return checkCount(word(Struct.Count), 8, size - Struct.Data, fail);
    case CellKind.Continuation: return checkCount(word(Continuation.Count), 8, size - Continuation.Data, fail);
    case CellKind.Bytevector: return checkCount(word(Bytevector.Length), 1, size - Bytevector.Data, fail);
    case CellKind.NumberArray: return checkCount(word(NumberArray.Count), 8, size - NumberArray.Data, fail);
    case CellKind.BigInt: return checkBigInt(heap, addr, fail);
    case CellKind.Rational: return checkRational(heap, addr, fail);
    case CellKind.SortedMap: return checkSortedMap(heap, addr, fail);
    case CellKind.HashMap: return checkHashMap(heap, addr, fail);
    case CellKind.HashNode: return checkCount(word(HashNode.Count), 8, size - HashNode.Data, fail);
    case CellKind.WeakMap: return checkWeakMap(heap, addr, fail);
    default: return;
  }
}

/** So many items fit in so many bytes. */
function checkCount(count: number, itemBytes: number, room: number, fail: Fail): void {
  if (count < 0 || count * itemBytes > room) fail(`${count} items in ${room} bytes`);
}

function checkBigInt(heap: Heap, addr: number, fail: Fail): void {
  const count = heap.word(addr + Big.Count), sign = heap.word(addr + Big.Sign);
  checkCount(count, 4, sizeOf(heap, addr) - Big.Limbs, fail);
  if (sign !== 1 && sign !== -1) fail(`sign ${sign}`);
  if (count < 2 || heap.word(addr + Big.Limbs + 4 * (count - 1)) === 0) fail("leading zeros");
  const value = bigValue(heap, addr);
  if (value === BigInt.asIntN(48, value)) fail("an integer that fits a slot");
}

function checkRational(heap: Heap, addr: number, fail: Fail): void {
  const numerator = (addr + Rational.Numerator) >> 3, denominator = (addr + Rational.Denominator) >> 3;
  if (!isInteger(heap, numerator) || !isInteger(heap, denominator)) fail("rational of something else than integers");
  if (integerValue(heap, denominator) <= 1n) fail("denominator of 1 or less");
}

/** Counts, that entries are found and no two are the same; lost keys may be among them. */
function checkWeakMap(heap: Heap, map: number, fail: Fail): void {
  const keys = new Set<string>(), deleted = heap.word(map + WeakMap.Deleted), count = heap.word(map + WeakMap.Count), table = heap.word(map + WeakMap.Table);
  eachEntry(heap, map, (at) => {
    keys.add(`${heap.i32[at]}:${heap.i32[at + 1]}`);
    if (weakGet(heap, map, at >> 1) !== (at >> 1) + 1) fail("an entry is not found by its key");
  });
  if (keys.size !== count) fail(`${keys.size} keys, Count says ${count}`);
  if (table !== 0 && 16 * (count + deleted) >= heap.word(table + Bytes.Used)) fail("table without a free entry");
}
