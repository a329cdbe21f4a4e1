// The verifier's second part: whether the heap's books agree with what its trace found. The trace is a marker of its own, so
// together they are a second marking: everything it reached is marked, and since the bytes agree, nothing else is.

import { textOf } from "./cells/string.ts";
import { decodeText, encodeText } from "./cells/utf8.ts";
import { Bug, hex } from "./debug.ts";
import type { Heap } from "./heap.ts";
import { Str } from "./layout.ts";
import { kindOf, sizeOf } from "./trace.ts";
import { CellKind } from "./value.ts";
import { Header, PageState, World } from "./world-layout.ts";

const fail = (message: string): never => { throw new Bug(`heap: ${message}`); };

/** `cells`: all that the verifier reached. `justMarked`: a collection has just marked, and nothing was allocated since. */
export function checkAccounts(heap: Heap, cells: Iterable<number>, justMarked: boolean): void {
  checkBytes(heap, cells, justMarked);
  checkRuns(heap);
  checkReserve(heap);
  if (!justMarked) checkNewCells(heap, cells);
  checkSymbolCache(heap);
}

/**
 * The books are exact about what was marked. After marking in one pause that is what the trace found. After marking in slices it
 * is more: what died meanwhile is in it. Later, no more can be alive than was then and has been handed out since.
 */
function checkBytes(heap: Heap, cells: Iterable<number>, justMarked: boolean): void {
  const bytes = bytesOf(heap, cells), live = heap.word(Header.LiveBytes), since = heap.word(Header.SinceCollect);
  const isOff = justMarked && heap.cycle.slices === 1 ? bytes !== live : bytes > live + since;
  if (isOff) fail(`${bytes} bytes are alive, the books say ${live} and ${since} since`);
  if (!justMarked || heap.tracked === null) return;
  const marked = bytesOf(heap, heap.tracked);
  if (marked !== live) fail(`cells of ${marked} bytes are marked, the books say ${live}`);
}

function bytesOf(heap: Heap, cells: Iterable<number>): number {
  let bytes = 0;
  for (const addr of cells) bytes += sizeOf(heap, addr);
  return bytes;
}

/** The runs that allocation goes through lie in a block each, do not overlap, and their block counts as swept. */
function checkRuns(heap: Heap): void {
  const run = (cursor: number, end: number): void => {
    if (cursor === end) return;
    const block = cursor & World.BlockMask;
    if (cursor % 8 !== 0 || cursor - block < World.FirstCell || end - block > World.BlockBytes) fail(`run from ${hex(cursor)} to ${hex(end)} leaves its block`);
    if (heap.u8[heap.word(Header.PageTable) + (block >> World.PageShift)] !== PageState.Block) fail(`run at ${hex(cursor)} in no block`);
    if (heap.u8[block + 1] !== heap.word(Header.SweepEpoch)) fail(`run at ${hex(cursor)} in a block that is not swept`);
  };
  const [a, aEnd, b, bEnd] = [Header.Cursor, Header.RunEnd, Header.OverflowCursor, Header.OverflowEnd].map((at) => heap.word(at)) as [number, number, number, number];
  run(a, aEnd);
  run(b, bEnd);
  if (a < bEnd && b < aEnd && a < aEnd && b < bEnd) fail(`runs at ${hex(a)} and ${hex(b)} overlap`);
  checkSweep(heap);
}

/** The search for free lines is over, or in a block of this world; at its end, it goes on with what the world grows by. */
function checkSweep(heap: Heap): void {
  const block = heap.word(Header.SweepBlock), line = heap.word(Header.SweepLine), at = `the search for free lines is at ${hex(block)}, line ${line}`;
  if ((block & ~World.BlockMask) !== 0 || block < 0 || block > heap.worldBytes || line < World.FirstLine || line > World.Lines) fail(at);
  if (line < World.Lines && heap.u8[heap.word(Header.PageTable) + (block >> World.PageShift)] !== PageState.Block) fail(`${at}, in no block`);
}

/** The pages of the reserve are those that say so, and no others. */
function checkReserve(heap: Heap): void {
  const first = heap.word(Header.Reserve), end = first + (first === 0 ? 0 : heap.word(Header.ReservePages)), table = heap.word(Header.PageTable);
  for (let page = 0; page < heap.word(Header.PageCount); page++) {
    if ((heap.u8[table + page] === PageState.Reserve) !== (page >= first && page < end)) fail(`page ${page} and the reserve from ${first} to ${end}`);
  }
}

/** A cell allocated since the last marking lies on no line that allocation will still come to. */
function checkNewCells(heap: Heap, cells: Iterable<number>): void {
  // While marking goes on, new cells are marked as they are found, and lines have the epoch before.
  const epoch = heap.word(Header.SweepEpoch), marking = heap.word(Header.Epoch), sweepBlock = heap.word(Header.SweepBlock), sweepLine = heap.word(Header.SweepLine);
  for (const addr of cells) {
    const size = sizeOf(heap, addr);
    if (heap.u8[addr + 1] === epoch || heap.u8[addr + 1] === marking || size > World.LargeBytes) continue;
    const block = addr & World.BlockMask, last = (addr - block + size - 1) >> World.LineShift;
    for (let line = (addr - block) >> World.LineShift; line <= last; line++) {
      const isAhead = heap.u8[block + 1] !== epoch || (block === sweepBlock && line >= sweepLine);
      if (isAhead && heap.u8[block + line] !== epoch) fail(`the new cell at ${hex(addr)} lies on line ${line}, which will be handed out`);
    }
  }
}

/** What the host remembers of symbols is true. */
function checkSymbolCache(heap: Heap): void {
  for (const [text, symbol] of heap.symbolCache) {
    if (kindOf(heap, symbol) !== CellKind.Symbol || heap.word(symbol + Str.Data) === 0 || textOf(heap, symbol) !== decodeText(encodeText(text))) fail(`'${text}' is remembered as the symbol at ${hex(symbol)}`);
  }
}
