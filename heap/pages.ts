// The page pool: takes and returns runs of 4 KiB pages, and grows the world when it is empty.
//
// Rules
// 1. A page is in the state its byte in the page table says; only this file and the collector's sweep write there.
// 2. Growth replaces the ArrayBuffer (resizable ones make every access slower): views held by callers go stale.
// 3. The reserve is a run of pages at the end of the world, given out only once memory has run out, so that the error
//    itself can be raised; the next collection that leaves room takes it back. A young world gets it when it grows.

import { Header, PageState, World } from "./world-layout.ts";
import type { Heap } from "./heap.ts";

/** A smaller world grows to four times its size instead of twice: untouched memory is free, copying is not. */
const FAST_GROWTH_PAGES = 1024;

/** Marks the run as taken, `first` for its first page and `rest` for the others. */
function takeRun(heap: Heap, page: number, count: number, first: PageState, rest: PageState): void {
  const table = heap.word(Header.PageTable);
  heap.u8[table + page] = first;
  heap.u8.fill(rest, table + page + 1, table + page + count);
  if (heap.word(Header.FreePageHint) === page) heap.setWord(Header.FreePageHint, page + count);
}

/** First page of a free, 32 KiB-aligned block's worth of pages, now taken; 0 when there is none. */
export function takeBlock(heap: Heap): number {
  const i32 = heap.i32, table = i32[Header.PageTable >> 2]!, count = i32[Header.PageCount >> 2]!;
  let page = (i32[Header.FreePageHint >> 2]! + World.BlockPages - 1) & -World.BlockPages;
  for (; page < count; page += World.BlockPages) {
    const word = (table + page) >> 2;
    if ((i32[word]! | i32[word + 1]!) === 0) {
      takeRun(heap, page, World.BlockPages, PageState.Block, PageState.BlockRest);
      return page;
    }
  }
  return 0;
}

/** First page of a run of free pages, now taken for a large cell; 0 when there is none. */
export function takeLarge(heap: Heap, pages: number): number {
  const u8 = heap.u8, table = heap.word(Header.PageTable), count = heap.word(Header.PageCount);
  let run = 0, page = heap.word(Header.FreePageHint);
  while (page < count && u8[table + page] !== PageState.Free) page++;
  heap.setWord(Header.FreePageHint, page);
  for (; page < count; page++) {
    run = u8[table + page] === PageState.Free ? run + 1 : 0;
    if (run === pages) {
      const first = page - pages + 1;
      takeRun(heap, first, pages, PageState.Large, PageState.LargeRest);
      return first;
    }
  }
  return 0;
}

/** Takes the `count` pages from `page` on for the large cell before them; false when they are not all free. */
export function takePages(heap: Heap, page: number, count: number): boolean {
  const table = heap.word(Header.PageTable);
  if (page + count > heap.word(Header.PageCount)) return false;
  for (let at = page; at < page + count; at++) if (heap.u8[table + at] !== PageState.Free) return false;
  heap.u8.fill(PageState.LargeRest, table + page, table + page + count);
  return true;
}

export function freePages(heap: Heap, page: number, count: number): void {
  const table = heap.word(Header.PageTable);
  heap.u8.fill(PageState.Free, table + page, table + page + count);
  if (page < heap.word(Header.FreePageHint)) heap.setWord(Header.FreePageHint, page);
  if (heap.settings.poison) poison(heap, page << World.PageShift, (page + count) << World.PageShift);
}

/** Fills freed memory with words that are neither legal values nor legal addresses, and tell when it was freed. */
export function poison(heap: Heap, from: number, to: number): void {
  const number = heap.word(Header.Collections) & World.PoisonNumberMask;
  heap.i32.fill(World.Poison | number << World.PoisonNumberShift, from >> 2, to >> 2);
}

export const isPoison = (word: number): boolean => (word & World.PoisonMask) === World.Poison;

/** Number of the collection that freed what holds this word, modulo 128. */
export const poisonNumber = (word: number): number => word >> World.PoisonNumberShift & World.PoisonNumberMask;

/** Poisons all free pages. */
export function poisonFree(heap: Heap): void {
  const table = heap.word(Header.PageTable), count = heap.word(Header.PageCount);
  for (let page = 0; page < count; page++) {
    const state = heap.u8[table + page], at = page << World.PageShift;
    if (state === PageState.Free || state === PageState.Reserve) poison(heap, at, at + World.PageBytes);
  }
}

export function countFreePages(heap: Heap): number {
  const u8 = heap.u8, table = heap.word(Header.PageTable), end = table + heap.word(Header.PageCount);
  let free = 0;
  for (let at = table; at < end; at++) if (u8[at] === PageState.Free) free++;
  return free;
}

/** One past the last page that is in use. */
export function usedPages(heap: Heap): number {
  const u8 = heap.u8, table = heap.word(Header.PageTable);
  let end = heap.word(Header.PageCount);
  while (end > 0 && (u8[table + end - 1] === PageState.Free || u8[table + end - 1] === PageState.Reserve)) end--;
  return end;
}

const reservePages = (heap: Heap): number => (heap.settings.maxBytes >= 1 << 20 ? 2 * World.BlockPages : World.BlockPages);

/** Sets the reserve aside at the end of the world, when it is not and the pages are free. */
export function armReserve(heap: Heap): void {
  if (heap.word(Header.Reserve) !== 0) return;
  const table = heap.word(Header.PageTable), count = reservePages(heap);
  let page = heap.word(Header.PageCount) - count;
  search: for (; page >= World.BlockPages; page -= World.BlockPages) {
    for (let at = page; at < page + count; at++) if (heap.u8[table + at] !== PageState.Free) continue search;
    heap.u8.fill(PageState.Reserve, table + page, table + page + count);
    heap.setWord(Header.Reserve, page);
    heap.setWord(Header.ReservePages, count);
    return;
  }
}

/** Whether the world could not have a reserve by growing. */
const isFull = (heap: Heap): boolean => heap.worldBytes + (reservePages(heap) << World.PageShift) > worldLimit(heap);

/** Arms the reserve of a full world: others get theirs when they grow, and small worlds stay small. */
export function armWhenFull(heap: Heap): void { if (isFull(heap)) armReserve(heap); }

/** Memory has run out, and no collection has found room since. */
export const isExhausted = (heap: Heap): boolean => heap.word(Header.Reserve) === 0 && isFull(heap);

/** Gives the reserve's pages to the pool. */
export function releaseReserve(heap: Heap): void {
  const page = heap.word(Header.Reserve);
  if (page === 0) return;
  heap.setWord(Header.Reserve, 0);
  freePages(heap, page, heap.word(Header.ReservePages));
}

/** Room for the world, in bytes, beside the raw memory in use. */
export const worldLimit = (heap: Heap): number => (heap.settings.maxBytes - heap.rawBytes) & World.BlockMask;

/**
 * Grows the world so that a run of `pages` fits at its end; false when the limit forbids it. A world without a reserve gets
 * one if the limit allows: an image may have filled the world it was loaded into.
 */
export function growWorld(heap: Heap, pages: number): boolean {
  return growBy(heap, pages, reservePages(heap)) || (heap.word(Header.Reserve) === 0 && growBy(heap, pages, 0));
}

function growBy(heap: Heap, pages: number, reserve: number): boolean {
  const old = heap.word(Header.PageCount), limit = worldLimit(heap) >> World.PageShift;
  // Free pages and the reserve at the end of the old world count towards the new run, except what the reserve takes again.
  const table = heap.word(Header.PageTable);
  let tail = old;
  while (tail > 0 && (heap.u8[table + tail - 1] === PageState.Free || heap.u8[table + tail - 1] === PageState.Reserve)) tail--;
  const blockAligned = (tail + World.BlockPages - 1) & -World.BlockPages;
  let capacity = heap.word(Header.PageCapacity), tablePages = 0;
  let need = roundToBlock(blockAligned + pages + reserve);
  let target = Math.min(limit, Math.max(need, (old < FAST_GROWTH_PAGES ? 4 : 2) * old));
  if (target > capacity) {
    while (capacity < target) capacity *= 4;
    tablePages = capacity >> World.PageShift;
    need = roundToBlock(Math.max(blockAligned, old + tablePages) + pages + reserve);
    target = Math.min(limit, Math.max(need, target));
  }
  if (need > target || target <= old) return false;
  releaseReserve(heap);
  heap.replaceBuffer(target << World.PageShift);
  extendTable(heap, old, target, capacity, tablePages);
  if (heap.settings.poison) poison(heap, (old + tablePages) << World.PageShift, target << World.PageShift);
  if (reserve > 0) armReserve(heap);
  return true;
}

/** Gives the free end of the world back to the host, for raw memory to use. Only right after a collection: there are no runs. */
export function shrinkWorld(heap: Heap): void {
  const hadReserve = heap.word(Header.Reserve) !== 0, reserve = hadReserve ? heap.word(Header.ReservePages) : 0;
  const target = roundToBlock(usedPages(heap)) + reserve;
  if (target >= heap.word(Header.PageCount)) return;
  releaseReserve(heap);
  heap.replaceBuffer(target << World.PageShift);
  heap.setWord(Header.PageCount, target);
  heap.setWord(Header.FreePageHint, Math.min(heap.word(Header.FreePageHint), target));
  if (hadReserve) armReserve(heap);
}

const roundToBlock = (pages: number): number => (pages + World.BlockPages - 1) & -World.BlockPages;

/** Makes the page table cover `target` pages, moving it to the first new pages when it has no room. */
function extendTable(heap: Heap, old: number, target: number, capacity: number, tablePages: number): void {
  const from = heap.word(Header.PageTable);
  if (tablePages > 0) {
    const to = old << World.PageShift;
    heap.u8.copyWithin(to, from, from + old);
    heap.setWord(Header.PageTable, to);
    heap.u8.fill(PageState.System, to + old, to + old + tablePages);
    freePages(heap, from >> World.PageShift, heap.word(Header.PageCapacity) >> World.PageShift);
    heap.setWord(Header.PageCapacity, capacity);
  }
  const table = heap.word(Header.PageTable);
  heap.u8.fill(PageState.Free, table + old + tablePages, table + target);
  heap.setWord(Header.PageCount, target);
}
