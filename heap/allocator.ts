// The slow path of allocation: the next run of free lines, a fresh block, pages for a large cell, more memory, or the
// out-of-memory error.
//
// Order in which a run is sought: free lines of the blocks the last collection left partly live, then free blocks, then a
// larger world, then a collection in one pause, and once more from the start. Cells of more than a line that do not fit the current
// run are bumped through a second run in a block of their own, so that one of them does not waste a run of short lines.

import { collect } from "./collector.ts";
import type { Heap } from "./heap.ts";
import { pace } from "./incremental.ts";
import { growWorld, takeBlock, takeLarge, worldLimit } from "./pages.ts";
import { stress } from "./stress.ts";
import type { CellKind } from "./value.ts";
import { Header, PageState, World } from "./world-layout.ts";

/** Failing collections in a row, with almost nothing allocated between them, after which memory counts as exhausted. */
const MAX_STRIKES = 8;

export function allocateSlow(heap: Heap, kind: CellKind, bytes: number): number {
  if (bytes > heap.settings.maxBytes) return heap.outOfMemory();
  const size = (bytes + 7) & -8;
  if (heap.counting || heap.isDue) stress(heap);
  const addr = findRoom(heap, size);
  const i32 = heap.i32;
  // Fresh cells need no marking. Those in blocks are seen to with their run.
  const isMarked = size > World.LargeBytes && heap.marking;
  if (isMarked) heap.cycle.fresh += size;
  i32[addr >> 2] = isMarked ? kind | heap.word(Header.Epoch) << 8 : kind;
  i32[(addr >> 2) + 1] = size;
  heap.tracked?.add(addr);
  heap.sampling?.took(addr, size);
  return addr;
}

function findRoom(heap: Heap, size: number): number {
  const addr = heap.word(Header.Cursor);
  if (size <= World.LargeBytes && addr + size <= heap.word(Header.RunEnd)) {
    heap.setWord(Header.Cursor, addr + size);
    return addr;
  }
  pace(heap);
  let room = attempt(heap, size);
  if (room === 0 && outOfPages(heap)) room = attempt(heap, size);
  return room !== 0 ? room : heap.outOfMemory();
}

/** Collects for want of memory; false when that has stopped helping. */
function outOfPages(heap: Heap): boolean {
  // A quarantine holds what has just been handed out: that is no sign of want.
  const idle = heap.word(Header.SinceCollect) < worldLimit(heap) >> 6 && (heap.quarantine === null || heap.quarantine.count === 0);
  heap.strikes = idle ? heap.strikes + 1 : 0;
  collect(heap, "memory");
  return heap.strikes < MAX_STRIKES;
}

/** Address of room for a cell, or 0 when neither the free memory nor growth provides it. */
function attempt(heap: Heap, size: number): number {
  if (size > World.LargeBytes) return attemptLarge(heap, size);
  if (size > World.LineBytes) return attemptMedium(heap, size);
  if (nextRun(heap, size)) return bump(heap, size);
  return freshRun(heap) ? bump(heap, size) : 0;
}

function bump(heap: Heap, size: number): number {
  const addr = heap.word(Header.Cursor);
  heap.setWord(Header.Cursor, addr + size);
  return addr;
}

function attemptLarge(heap: Heap, size: number): number {
  const pages = (size + World.PageBytes - 1) >> World.PageShift;
  let page = takeLarge(heap, pages);
  if (page === 0 && growWorld(heap, pages)) page = takeLarge(heap, pages);
  if (page === 0) return 0;
  addSince(heap, pages << World.PageShift);
  return page << World.PageShift;
}

function attemptMedium(heap: Heap, size: number): number {
  const addr = heap.word(Header.OverflowCursor);
  if (addr !== 0 && addr + size <= heap.word(Header.OverflowEnd)) {
    heap.setWord(Header.OverflowCursor, addr + size);
    return addr;
  }
  const block = freshBlock(heap);
  if (block !== 0) {
    heap.cycle.overflowFrom = block + World.FirstCell;
    heap.setWord(Header.OverflowCursor, block + World.FirstCell + size);
    heap.setWord(Header.OverflowEnd, block + World.BlockBytes);
    return block + World.FirstCell;
  }
  // No block left: any run of lines that is long enough will do, the shorter ones before it are wasted until the next cycle.
  return nextRun(heap, size) ? bump(heap, size) : 0;
}

function freshRun(heap: Heap): boolean {
  const block = freshBlock(heap);
  if (block === 0) return false;
  heap.setRun(block + World.FirstCell, block + World.BlockBytes);
  return true;
}

/** A block from the page pool, its lines all free; grows the world when the pool has none. */
function freshBlock(heap: Heap): number {
  let page = takeBlock(heap);
  if (page === 0 && growWorld(heap, World.BlockPages)) page = takeBlock(heap);
  if (page === 0) return 0;
  const block = page << World.PageShift;
  heap.u8.fill(0, block, block + World.Lines);
  heap.u8[block] = heap.word(Header.Epoch);
  heap.u8[block + 1] = heap.word(Header.SweepEpoch);
  addSince(heap, World.BlockBytes);
  return block;
}

/** Counts bytes handed out towards the next collection. */
export function addSince(heap: Heap, bytes: number): void {
  heap.setWord(Header.SinceCollect, Math.min(0x3fff_ffff, heap.word(Header.SinceCollect) + bytes));
}

/** Makes the next run of free lines of at least `size` bytes in a swept block the current run. */
export function nextRun(heap: Heap, size: number): boolean {
  // While marking runs there are two epochs: a line is live in the last, or found to be in this one, or fresh.
  const u8 = heap.u8, epoch = heap.word(Header.SweepEpoch), other = heap.word(Header.Epoch);
  let block = heap.word(Header.SweepBlock), line = heap.word(Header.SweepLine);
  for (;;) {
    while (line < World.Lines) {
      while (line < World.Lines && (u8[block + line] === epoch || u8[block + line] === other)) line++;
      const first = line;
      while (line < World.Lines && u8[block + line] !== epoch && u8[block + line] !== other) line++;
      const bytes = (line - first) << World.LineShift;
      if (bytes >= size) {
        heap.setWord(Header.SweepLine, line);
        heap.setRun(block + (first << World.LineShift), block + (line << World.LineShift));
        addSince(heap, bytes);
        return true;
      }
    }
    block = nextBlock(heap, block);
    heap.setWord(Header.SweepBlock, block === 0 ? heap.worldBytes : block);
    heap.setWord(Header.SweepLine, World.Lines);
    if (block === 0) return false;
    line = World.FirstLine;
  }
}

/** Next block after `block` that has not been swept in this epoch (now it is), 0 at the end of the world. */
function nextBlock(heap: Heap, block: number): number {
  const u8 = heap.u8, epoch = heap.word(Header.SweepEpoch), table = heap.word(Header.PageTable), end = heap.worldBytes;
  for (let next = block + World.BlockBytes; next < end; next += World.BlockBytes) {
    if (u8[table + (next >> World.PageShift)] === PageState.Block && u8[next + 1] !== epoch) {
      u8[next + 1] = epoch;
      return next;
    }
  }
  return 0;
}
