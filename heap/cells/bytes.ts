// Bytes cells: raw payload behind strings, handler tables and source maps. Not traced.

import { Bytes } from "../layout.ts";
import type { Heap } from "../heap.ts";
import type { Mem } from "../memory.ts";
import { CellKind } from "../value.ts";

/** A Bytes cell with room for `capacity` bytes, `used` of them in use; the payload is not initialised. */
export function newBytes(heap: Heap, capacity: number, used: number): number {
  const addr = heap.allocate(CellKind.Bytes, Bytes.Data + capacity), i32 = heap.i32;
  i32[(addr + Bytes.Used) >> 2] = used;
  i32[(addr + Bytes.Shared) >> 2] = 0;
  return addr;
}

/** A Bytes cell holding these words. */
export function newWords(heap: Heap, words: ArrayLike<number>): number {
  const addr = newBytes(heap, 4 * words.length, 4 * words.length);
  heap.i32.set(words, (addr + Bytes.Data) >> 2);
  return addr;
}

/** Bytes there is room for. */
export const bytesCapacity = (mem: Mem, bytes: number): number => mem.i32[(bytes + 4) >> 2]! - Bytes.Data;
/** The words in use, as a view valid until the next allocation. */
export const wordsOf = (mem: Mem, bytes: number): Int32Array =>
  mem.i32.subarray((bytes + Bytes.Data) >> 2, (bytes + Bytes.Data + mem.i32[(bytes + Bytes.Used) >> 2]!) >> 2);
