// One collection: mark from the roots, prune what is weak, free large cells and blocks without a live line, and rewind the
// search for free lines. Partly live blocks are swept later, when allocation comes to them (allocator.ts, nextRun).
//
// Epochs run 1 … 255 and wrap. A cell reachable now was either marked in the last cycle or is new (mark 0), so a stale mark
// of the coming epoch can only be on a dead cell; stale line marks are cleared at the wrap.

import { Buf, Stack } from "./layout.ts";
import type { Heap } from "./heap.ts";
import { drain, markSlots, nextLiveBuffer } from "./marker.ts";
import { occupancy } from "./occupancy.ts";
import { armReserve, countFreePages, freePages, poison } from "./pages.ts";
import { Root } from "./roots.ts";
import { pruneSymbols } from "./symbols.ts";
import { Header, PageState, World } from "./world-layout.ts";

/** The next collection comes when this many times the live bytes were allocated, … */
const GROWTH = 1.5;
/** … or this part of the pages that are free anyway, if that is more. */
const FREE_PART = 0.75;

/** Entries of the marker's first stack. */
const FIRST_MARK_STACK = 4096;

export function collect(heap: Heap, reason: string): void {
  if (heap.settings.verify) heap.verify();
  const now = heap.settings.now, start = now === null ? 0 : now();
  const allocated = heap.word(Header.SinceCollect), before = heap.word(Header.LiveBytes) + allocated;
  const epoch = nextEpoch(heap);
  abandonRuns(heap);
  const strong = markStack(heap, epoch) + markSlots(heap, heap.rootSlot(0), heap.rootSlot(Header.RootCount), epoch);
  const live = strong + heap.ephemerons.finish(heap, epoch);
  heap.symbolCache.clear();
  pruneSymbols(heap, epoch);
  pruneBuffers(heap, epoch);
  poisonDead(heap, epoch);
  const freeBefore = heap.settings.onCollect === null ? 0 : countFreePages(heap);
  sweepPages(heap, epoch);
  heap.setWord(Header.LiveBytes, live);
  heap.setWord(Header.SinceCollect, 0);
  const free = countFreePages(heap);
  heap.setWord(Header.Threshold, Math.max(heap.settings.minThreshold, Math.min(0x3fff_ffff, Math.max(live * GROWTH, (free << World.PageShift) * FREE_PART))));
  heap.setWord(Header.Collections, heap.word(Header.Collections) + 1);
  // Taking the reserve back must leave some room, or the very next allocation would fail again.
  if (free >= 4 * World.BlockPages) armReserve(heap);
  if (heap.settings.poison) poisonLines(heap, epoch);
  const pauseMs = now === null ? 0 : now() - start;
  if (heap.settings.verify) heap.verify(true);
  heap.settings.onCollect?.({
    number: heap.word(Header.Collections), reason, pauseMs, liveBytes: live,
    freedBytes: Math.max(0, before - live), freedPages: free - freeBefore, allocatedBytes: allocated, worldBytes: heap.worldBytes, rawBytes: heap.rawBytes,
    ...occupancy(heap),
  });
}

function nextEpoch(heap: Heap): number {
  let epoch = heap.word(Header.Epoch) + 1;
  if (epoch > 255) {
    epoch = 1;
    eachBlock(heap, (block) => heap.u8.fill(0, block, block + World.Lines));
  }
  heap.setWord(Header.Epoch, epoch);
  return epoch;
}

/** Gives up the current runs; what was not used of them is found again as free lines. */
function abandonRuns(heap: Heap): void {
  heap.setRun(0, 0);
  heap.setWord(Header.OverflowCursor, 0);
  heap.setWord(Header.OverflowEnd, 0);
  heap.setWord(Header.SweepBlock, 0);
  heap.setWord(Header.SweepLine, World.Lines);
}

/** Marks the running stack between base and top, and clears the rest of it. */
function markStack(heap: Heap, epoch: number): number {
  const stack = heap.rootCell(Root.Stack);
  if (stack === 0) return 0;
  const { base, top } = heap.stackRange();
  if (top !== 0) {
    const end = (stack + heap.word(stack + 4)) >> 3;
    heap.setWord(stack + Stack.Top, top);
    heap.i32.fill(0, (stack + Stack.Data) >> 2, base * 2);
    heap.i32.fill(0, top * 2, end * 2);
  }
  // The cell itself, whose Top now says how far to look.
  heap.u8[stack + 1] = epoch;
  if (heap.markStack.length === 0) heap.markStack = new Int32Array(FIRST_MARK_STACK);
  heap.markStack[0] = stack;
  return drain(heap, 1, epoch);
}

/** Unlinks dead Buffers from the weak list and releases their raw memory. */
function pruneBuffers(heap: Heap, epoch: number): void {
  let at: number = Header.Buffers;
  for (;;) {
    const buffer = nextLiveBuffer(heap, heap.word(at), epoch);
    heap.setWord(at, buffer);
    if (buffer === 0) return;
    at = buffer + Buf.NextBuffer;
  }
}

/** Frees large cells that were not reached, and whole blocks in which nothing was. */
function sweepPages(heap: Heap, epoch: number): void {
  const u8 = heap.u8, table = heap.word(Header.PageTable), count = heap.word(Header.PageCount);
  for (let page = 0; page < count;) {
    const state = u8[table + page], addr = page << World.PageShift;
    if (state === PageState.Block) {
      if (u8[addr] !== epoch) freePages(heap, page, World.BlockPages);
      page += World.BlockPages;
    } else if (state === PageState.Large) {
      const pages = (heap.word(addr + 4) + World.PageBytes - 1) >> World.PageShift;
      if (u8[addr + 1] !== epoch) freePages(heap, page, pages);
      page += pages;
    } else page++;
  }
}

/** Calls `visit` with the address of every block. */
export function eachBlock(heap: Heap, visit: (block: number) => void): void {
  const table = heap.word(Header.PageTable), count = heap.word(Header.PageCount);
  for (let page: number = World.BlockPages; page < count; page += World.BlockPages) {
    if (heap.u8[table + page] === PageState.Block) visit(page << World.PageShift);
  }
}

/** Overwrites dead cells, also those on lines that others keep alive. Large ones are poisoned with their pages. */
function poisonDead(heap: Heap, epoch: number): void {
  heap.tracked?.forEach((addr, _, tracked) => {
    if (heap.u8[addr + 1] === epoch) return;
    const size = heap.word(addr + 4);
    if (size <= World.LargeBytes) poison(heap, addr, addr + size);
    tracked.delete(addr);
  });
}

/** Overwrites the free lines of all blocks. */
function poisonLines(heap: Heap, epoch: number): void {
  eachBlock(heap, (block) => {
    for (let line: number = World.FirstLine; line < World.Lines; line++) {
      const at = block + (line << World.LineShift);
      if (heap.u8[block + line] !== epoch) poison(heap, at, at + World.LineBytes);
    }
  });
}
