// Buffer cells: handles of regions of raw memory. A weak list through all of them lets the collector release the regions
// of those that died.

import { Buf } from "../layout.ts";
import type { Heap } from "../heap.ts";
import type { Mem } from "../memory.ts";
import type { RawMemory } from "../raw.ts";
import { Root } from "../roots.ts";
import { CellKind } from "../value.ts";
import { Header } from "../world-layout.ts";

/** A buffer over a new region of zeroed bytes. */
export function newBuffer(heap: Heap, raw: RawMemory, length: number): number {
  // The cell comes first, marked freed: should the region fail, nothing leaks.
  const buffer = heap.allocate(CellKind.Buffer, Buf.Size), w = buffer >> 2;
  heap.i32[w + (Buf.Address >> 2)] = 0;
  heap.i32[w + (Buf.Length >> 2)] = 0;
  heap.i32[w + (Buf.Freed >> 2)] = 1;
  heap.i32[w + (Buf.NextBuffer >> 2)] = heap.word(Header.Buffers);
  heap.setWord(Header.Buffers, buffer);
  heap.setRoot(Root.HoldBuffer, CellKind.Buffer, buffer);
  const address = raw.allocateZeroed(length);
  heap.i32[w + (Buf.Address >> 2)] = address;
  heap.i32[w + (Buf.Length >> 2)] = length;
  heap.i32[w + (Buf.Freed >> 2)] = 0;
  heap.clearRoot(Root.HoldBuffer);
  return buffer;
}

export const bufferAddress = (mem: Mem, buffer: number): number => mem.i32[(buffer + Buf.Address) >> 2]!;
export const bufferLength = (mem: Mem, buffer: number): number => mem.i32[(buffer + Buf.Length) >> 2]!;
export const isFreed = (mem: Mem, buffer: number): boolean => mem.i32[(buffer + Buf.Freed) >> 2] !== 0;

/** Frees the region before the buffer itself dies; the buffer stays, as freed. */
export function freeBuffer(mem: Mem, raw: RawMemory, buffer: number): void {
  raw.free(bufferAddress(mem, buffer));
  mem.i32[(buffer + Buf.Freed) >> 2] = 1;
}
