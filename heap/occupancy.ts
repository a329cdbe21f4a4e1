// How full the pages with cells are, right after a collection; for its log only, since it looks at every line of every block.

import type { Heap } from "./heap.ts";
import { Header, PageState, World } from "./world-layout.ts";

export interface Occupancy {
  readonly freePages: number;
  /** Bytes of free lines in blocks with live cells: allocation comes to them next. */
  readonly freeLineBytes: number;
  /** Part of the pages with cells that no live cell takes, 0 to 1. */
  readonly fragmentation: number;
}

export function occupancy(heap: Heap): Occupancy {
  const { u8 } = heap, table = heap.word(Header.PageTable), epoch = heap.word(Header.Epoch);
  let freePages = 0, takenPages = 0, freeLines = 0;
  for (let page = 0; page < heap.word(Header.PageCount); page++) {
    const state = u8[table + page]!;
    if (state === PageState.Free) freePages++;
    if (state === PageState.Block || state === PageState.BlockRest || state === PageState.Large || state === PageState.LargeRest) takenPages++;
    if (state !== PageState.Block) continue;
    for (let at = (page << World.PageShift) + World.FirstLine, end = (page << World.PageShift) + World.Lines; at < end; at++) if (u8[at] !== epoch) freeLines++;
  }
  const taken = takenPages << World.PageShift;
  return { freePages, freeLineBytes: freeLines << World.LineShift, fragmentation: taken === 0 ? 0 : 1 - heap.word(Header.LiveBytes) / taken };
}
