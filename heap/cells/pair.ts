// Pair cells: what lists are made of. A reader's pairs also know where in the source their datum stands; the size in the
// header tells the two kinds apart.

import { Pair } from "../layout.ts";
import type { Heap } from "../heap.ts";
import type { Mem } from "../memory.ts";
import { Root } from "../roots.ts";
import { CellKind, Hi } from "../value.ts";

/** A pair of copies of two slots. */
export function newPair(heap: Heap, car: number, cdr: number): number {
  const pair = heap.allocate(CellKind.Pair, Pair.Size);
  fill(heap, pair, car, cdr);
  return pair;
}

/** A pair whose Car was read from the bytes [start, end) of a source. */
export function newPositionedPair(heap: Heap, car: number, cdr: number, source: number, start: number, end: number): number {
  const pair = heap.allocate(CellKind.Pair, Pair.PositionedSize);
  fill(heap, pair, car, cdr);
  heap.setWord(pair + Pair.Source, source);
  heap.setWord(pair + Pair.Start, start);
  heap.setWord(pair + Pair.End, end);
  return pair;
}

function fill(mem: Mem, pair: number, car: number, cdr: number): void {
  const i32 = mem.i32, w = pair >> 2;
  i32[w + (Pair.Car >> 2)] = i32[2 * car]!;
  i32[w + (Pair.Car >> 2) + 1] = i32[2 * car + 1]!;
  i32[w + (Pair.Cdr >> 2)] = i32[2 * cdr]!;
  i32[w + (Pair.Cdr >> 2) + 1] = i32[2 * cdr + 1]!;
}

export const carSlot = (pair: number): number => (pair + Pair.Car) >> 3;
export const cdrSlot = (pair: number): number => (pair + Pair.Cdr) >> 3;
export const isPositioned = (mem: Mem, pair: number): boolean => mem.i32[(pair + 4) >> 2] === Pair.PositionedSize;
export const pairSource = (mem: Mem, pair: number): number => mem.i32[(pair + Pair.Source) >> 2]!;
export const pairStart = (mem: Mem, pair: number): number => mem.i32[(pair + Pair.Start) >> 2]!;
export const pairEnd = (mem: Mem, pair: number): number => mem.i32[(pair + Pair.End) >> 2]!;

/** Writes the list of `count` values from slot `first` on to dst, '() when there are none; `tail` is the slot of what follows them, if not '(). */
export function setList(heap: Heap, dst: number, first: number, count: number, tail = -1): void {
  const hold = heap.rootSlot(Root.HoldList);
  if (tail < 0) heap.setSlot(hold, Hi.Empty, 0);
  else heap.copySlot(hold, tail);
  for (let slot = first + count - 1; slot >= first; slot--) heap.setCell(hold, CellKind.Pair, newPair(heap, slot, hold));
  heap.copySlot(dst, hold);
  heap.setSlot(hold, 0, 0);
}

/** Writes a list of `count` nulls to dst, '() when there are none. */
export function setNulls(heap: Heap, dst: number, count: number): void {
  const hold = heap.rootSlot(Root.HoldList);
  heap.setSlot(hold, Hi.Empty, 0);
  for (let i = 0; i < count; i++) {
    const pair = heap.allocate(CellKind.Pair, Pair.Size);
    heap.setNull(carSlot(pair));
    heap.copySlot(cdrSlot(pair), hold);
    heap.setCell(hold, CellKind.Pair, pair);
  }
  heap.copySlot(dst, hold);
  heap.setSlot(hold, 0, 0);
}
