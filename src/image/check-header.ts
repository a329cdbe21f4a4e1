// The header and the page table of a world that came from outside: everything the allocator and the collector rely on. What
// this file lets pass can be walked cell by cell.

import type { Mem } from "../../heap/memory.ts";
import { Header, PageState, World } from "../../heap/world-layout.ts";
import { damaged } from "./errors.ts";

/** Says what is wrong with the world. */
export const check = (holds: boolean, what: string): void => { if (!holds) damaged(what); };

/** Longest limit of a collection: see collector.ts. */
const MOST = 0x3fff_ffff;

export function checkHeader(mem: Mem): void {
  const word = (at: Header): number => mem.word(at), pages = mem.worldBytes >> World.PageShift, table = word(Header.PageTable), capacity = word(Header.PageCapacity);
  check(mem.worldBytes >= 2 * World.BlockBytes && word(Header.Magic) === World.Magic && word(Header.Version) === World.Version, "its world has no header");
  check(word(Header.PageCount) === pages, "its world has another size than it says");
  check(capacity >= pages && capacity % World.PageBytes === 0 && capacity <= 1 << 24, "the capacity of its page table");
  check(table >= World.PageBytes && table % World.PageBytes === 0 && table + capacity <= mem.worldBytes, "the place of its page table");
  checkPages(mem, table, pages, capacity >> World.PageShift);
  check(word(Header.Epoch) >= 0 && word(Header.Epoch) <= World.LastEpoch, "its epoch");
  check(word(Header.Marking) === 0 && word(Header.SweepEpoch) === word(Header.Epoch), "its collection, which has not ended");
  for (const at of [Header.SinceCollect, Header.LiveBytes, Header.Threshold, Header.MarkedUnits]) check(word(at) >= 0 && word(at) <= MOST, "its counts of bytes");
  check(word(Header.Collections) >= 0 && word(Header.FreePageHint) >= 0, "its counts of collections and pages");
  check(word(Header.WeakRefs) === 0 && word(Header.WeakMaps) === 0, "its lists of weak cells");
  checkRun(mem, word(Header.Cursor), word(Header.RunEnd), "run");
  checkRun(mem, word(Header.OverflowCursor), word(Header.OverflowEnd), "overflow run");
  check(word(Header.Limit) >= 0 && word(Header.Limit) <= word(Header.RunEnd), "its limit of allocation");
  const block = word(Header.SweepBlock), line = word(Header.SweepLine);
  check(line >= World.FirstLine && line <= World.Lines, "its place of sweeping");
  check(block >= 0 && block <= mem.worldBytes && block % World.BlockBytes === 0, "its place of sweeping");
  check(line === World.Lines || isBlock(mem, block), "its place of sweeping");
}

const stateOf = (mem: Mem, page: number): number => mem.u8[mem.word(Header.PageTable) + page]!;
const isBlock = (mem: Mem, block: number): boolean => block > 0 && block < mem.worldBytes && stateOf(mem, block >> World.PageShift) === PageState.Block;

/** A run lies in the lines of one block, or is empty. */
function checkRun(mem: Mem, from: number, end: number, what: string): void {
  if (from === end && from >= 0 && from <= mem.worldBytes && from % 8 === 0) return;
  const block = from & World.BlockMask;
  check(from % 8 === 0 && end % 8 === 0 && from < end && isBlock(mem, block) && from - block >= World.FirstCell && end - block <= World.BlockBytes, `its ${what}`);
}

/** Every page belongs to exactly one run, and the runs are whole. */
function checkPages(mem: Mem, table: number, pages: number, tablePages: number): void {
  const first = table >> World.PageShift, reserve = mem.word(Header.Reserve), reserved = mem.word(Header.ReservePages);
  const isSystem = (page: number): boolean => page === 0 || (page >= first && page < first + tablePages);
  const isReserve = (page: number): boolean => reserve !== 0 && page >= reserve && page < reserve + reserved;
  const rest = (page: number, count: number, state: PageState): void => {
    check(count > 0 && page + count <= pages, `page ${page}`);
    for (let at = page + 1; at < page + count; at++) check(mem.u8[table + at] === state, `page ${at}`);
  };
  check(reserve >= 0 && reserve < pages && reserved >= 0 && reserved <= pages && reserve + reserved <= pages, "its reserve");
  for (let page = 0; page < pages;) {
    const state = mem.u8[table + page]!;
    check(isSystem(page) === (state === PageState.System) && isReserve(page) === (state === PageState.Reserve), `page ${page}`);
    let count = 1;
    if (state === PageState.Block) {
      count = World.BlockPages;
      check(page % World.BlockPages === 0, `page ${page}`);
      rest(page, count, PageState.BlockRest);
    } else if (state === PageState.Large) {
      count = (mem.u32[((page << World.PageShift) + 4) >> 2]! + World.PageBytes - 1) / World.PageBytes | 0;
      rest(page, count, PageState.LargeRest);
    } else if (state === PageState.Free) check(page >= mem.word(Header.FreePageHint), `free page ${page}`);
    else check(state === PageState.System || state === PageState.Reserve, `page ${page}`);
    page += count;
  }
}
