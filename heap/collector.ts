// One collection: mark from the roots, prune what is weak, free large cells and blocks without a live line, and rewind the
// search for free lines. Partly live blocks are swept later, when allocation comes to them (allocator.ts, nextRun). All in one
// pause here; incremental.ts has it done in slices.
//
// Epochs run from 1 to LastEpoch and wrap. A cell reachable now was either marked in the last cycle or is new (mark 0), so a
// stale mark of the coming epoch can only be on a dead cell; stale line marks are cleared at the wrap.

import { Buf, Stack } from "./layout.ts";
import { Bug } from "./debug.ts";
import type { Heap } from "./heap.ts";
import { markFresh, thresholdFor } from "./incremental.ts";
import { describe, reachable } from "./inspect.ts";
import { drain, dropMarks, markAlone, nextLiveBuffer, shadeSlots, shadeStack } from "./marker.ts";
import { occupancy } from "./occupancy.ts";
import { armReserve, countFreePages, freePages, poison, worldLimit } from "./pages.ts";
import { Root } from "./roots.ts";
import { pruneSymbols } from "./symbols.ts";
import { Header, PageState, World } from "./world-layout.ts";

/** The next collection comes when this many times the live bytes were allocated, … */
const GROWTH = 1.5;
/** … or this part of the pages that are free anyway, if that is more. */
const FREE_PART = 0.75;

/** Does a whole collection; one that is under way is begun anew, so that whatever is dead now goes. */
export function collect(heap: Heap, reason: string): void {
  if (heap.settings.verify) heap.verify();
  abandon(heap);
  const { cycle, settings: { now } } = heap, from = now === null ? 0 : now();
  begin(heap, reason);
  cycle.slices = 1;
  cycle.live += drain(heap, heap.word(Header.Epoch));
  complete(heap);
  cycle.longestPause = cycle.totalPause = now === null ? 0 : now() - from;
  report(heap);
}

/** Gives up the collection under way. Its epoch is used up: cells reachable now have its mark, the last one's, or none. */
function abandon(heap: Heap): void {
  if (!heap.marking) return;
  markFresh(heap);
  dropMarks(heap);
  heap.setWord(Header.Marking, 0);
  heap.setWord(Header.WeakRefs, 0);
  heap.setWord(Header.WeakMaps, 0);
  heap.cycle.snapshot = null;
}

/** Takes up the roots and the running stack: from now on what they lead to will be marked. */
export function begin(heap: Heap, reason: string): void {
  const { cycle } = heap, epoch = nextEpoch(heap);
  cycle.reason = reason;
  cycle.before = heap.word(Header.LiveBytes);
  cycle.allocatedBefore = heap.word(Header.SinceCollect);
  cycle.live = cycle.fresh = cycle.slices = cycle.longestPause = cycle.totalPause = 0;
  cycle.units = heap.forgotten = 0;
  cycle.runFrom = heap.word(Header.Cursor);
  cycle.overflowFrom = heap.word(Header.OverflowCursor);
  cycle.snapshot = heap.settings.verify ? reachable(heap) : null;
  heap.setWord(Header.Marking, 1);
  const stack = heap.rootCell(Root.Stack), { base, top } = heap.stackRange();
  if (stack !== 0 && top !== 0) {
    heap.setWord(stack + Stack.Top, top);
    heap.setWord(stack + Stack.Marked, 0);
    heap.i32.fill(0, (stack + Stack.Data) >> 2, base * 2);
    shadeStack(heap, stack, base, top);
    // Marked, with its lines, but not to be looked into again: it goes on changing.
    cycle.live += markAlone(heap, stack, epoch);
  }
  shadeSlots(heap, heap.rootSlot(0), heap.rootSlot(Header.RootCount), epoch);
}

/** What comes after marking. */
export function complete(heap: Heap): void {
  const { cycle } = heap, epoch = heap.word(Header.Epoch);
  heap.setWord(Header.Marking, 0);
  // Freed memory is marked with this number from here on.
  heap.setWord(Header.Collections, heap.word(Header.Collections) + 1);
  markFresh(heap);
  cycle.live += heap.ephemerons.finish(heap, epoch);
  if (cycle.snapshot !== null) checkSnapshot(heap, cycle.snapshot, epoch);
  cycle.snapshot = null;
  heap.sampling?.listener.marked(epoch);
  heap.symbolCache.clear();
  pruneSymbols(heap, epoch);
  pruneBuffers(heap, epoch);
  abandonRuns(heap);
  heap.quarantine?.release(cycle.reason === "memory");
  poisonDead(heap, epoch);
  heap.quarantine?.keepLines(epoch);
  const freeBefore = heap.settings.onCollect === null ? 0 : countFreePages(heap);
  cycle.live += sweepPages(heap, epoch);
  cycle.freedPages = heap.settings.onCollect === null ? 0 : countFreePages(heap) - freeBefore;
  heap.setWord(Header.SweepEpoch, epoch);
  settle(heap, cycle.live);
  if (heap.settings.poison) poisonLines(heap, epoch);
  if (heap.settings.verify) heap.verify(true);
}

/** Notes what lives, and when to collect again. */
function settle(heap: Heap, live: number): void {
  // What was allocated while marking went on counts as live; most of it is dead already.
  const free = countFreePages(heap), grown = (live - heap.cycle.fresh) * GROWTH;
  const bytes = Math.max(heap.settings.minThreshold, Math.min(0x3fff_ffff, Math.max(grown, (free << World.PageShift) * FREE_PART)));
  heap.cycle.allocated = heap.word(Header.SinceCollect);
  heap.setWord(Header.LiveBytes, live);
  heap.setWord(Header.MarkedUnits, Math.min(0x3fff_ffff, Math.floor(heap.cycle.units)));
  heap.setWord(Header.SinceCollect, 0);
  heap.setWord(Header.Threshold, thresholdFor(heap, bytes, (worldLimit(heap) - live) * FREE_PART));
  // Taking the reserve back must leave some room, or the very next allocation would fail again.
  if (free >= 4 * World.BlockPages) armReserve(heap);
}

/** Tells the host of the collection that ended. */
export function report(heap: Heap): void {
  const { reason, slices, longestPause, totalPause, before, allocated, live, freedPages } = heap.cycle;
  heap.settings.onCollect?.({
    number: heap.word(Header.Collections), reason, pauseMs: longestPause, slices, totalPauseMs: totalPause, liveBytes: live,
    freedBytes: Math.max(0, before + allocated - live), freedPages, allocatedBytes: allocated, worldBytes: heap.worldBytes, rawBytes: heap.rawBytes,
    ...occupancy(heap),
  });
}

/** What marking in slices promises: all that was reachable at the beginning is marked. Finds references overwritten without `forget`. */
function checkSnapshot(heap: Heap, snapshot: ReadonlySet<number>, epoch: number): void {
  for (const cell of snapshot) {
    if (heap.u8[cell + 1] !== epoch) throw new Bug(`heap: not marked, though reachable when marking began: ${describe(heap, cell)}`);
  }
}

function nextEpoch(heap: Heap): number {
  let epoch = heap.word(Header.Epoch) + 1;
  if (epoch > World.LastEpoch) {
    epoch = 1;
    renumberLines(heap);
  }
  heap.setWord(Header.Epoch, epoch);
  return epoch;
}

/** Keeps of the line marks only those that tell free lines until the collection ends. */
function renumberLines(heap: Heap): void {
  const { u8 } = heap, live = heap.word(Header.SweepEpoch);
  eachBlock(heap, (block) => {
    for (let line = block; line < block + World.Lines; line++) u8[line] = u8[line] === live ? World.BeforeWrap : 0;
  });
  heap.setWord(Header.SweepEpoch, World.BeforeWrap);
}

/** Gives up the current runs; what was not used of them is found again as free lines. */
function abandonRuns(heap: Heap): void {
  heap.setRun(0, 0);
  heap.setWord(Header.OverflowCursor, 0);
  heap.setWord(Header.OverflowEnd, 0);
  heap.setWord(Header.SweepBlock, 0);
  heap.setWord(Header.SweepLine, World.Lines);
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

/** Frees large cells that were not reached, and whole blocks in which nothing was; returns the bytes of the large cells that live. */
function sweepPages(heap: Heap, epoch: number): number {
  const u8 = heap.u8, table = heap.word(Header.PageTable), count = heap.word(Header.PageCount);
  let live = 0;
  for (let page = 0; page < count;) {
    const state = u8[table + page], addr = page << World.PageShift;
    if (state === PageState.Block) {
      if (u8[addr] !== epoch) freePages(heap, page, World.BlockPages);
      page += World.BlockPages;
    } else if (state === PageState.Large) {
      const bytes = heap.word(addr + 4), pages = (bytes + World.PageBytes - 1) >> World.PageShift;
      if (u8[addr + 1] === epoch) live += bytes;
      else if (heap.quarantine?.holdsLarge(addr) !== true) freePages(heap, page, pages);
      page += pages;
    } else page++;
  }
  return live;
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
  const isHeld = heap.quarantine !== null && heap.cycle.reason !== "memory";
  heap.tracked?.forEach((addr, _, tracked) => {
    if (heap.u8[addr + 1] === epoch) return;
    const size = heap.word(addr + 4);
    if (isHeld) heap.quarantine!.hold(addr, size);
    else if (size <= World.LargeBytes) poison(heap, addr, addr + size);
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
