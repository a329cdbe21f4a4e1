// Copying a world that stands still: which of its pages hold anything, and the copy itself. What is free is left out, it need
// not be what it was.

import type { Heap } from "./heap.ts";
import { finish } from "./incremental.ts";
import { Stack } from "./layout.ts";
import type { Mem } from "./memory.ts";
import { Root } from "./roots.ts";
import { Header, PageState, World } from "./world-layout.ts";

/** Pages [first, end). */
export interface PageRun { readonly first: number; readonly end: number }

/** Memory that is a world: its first `bytes` bytes, with all the rest zero or free. */
export interface OpenWorld { readonly buffer: ArrayBuffer; readonly bytes: number }

/**
 * Ends a collection under way, makes the world say by itself how far the running stack reaches, and clears what is above: the
 * same as a collection does.
 * Only while no native runs.
 */
export function settleStack(heap: Heap): void {
  finish(heap);
  const stack = heap.rootCell(Root.Stack), { top } = heap.stackRange();
  if (stack === 0 || top === 0) return;
  heap.setWord(stack + Stack.Top, top);
  heap.i32.fill(0, top * 2, (stack + heap.word(stack + 4)) >> 2);
}

/** The pages in use, of a settled world; those of the stack that nothing is on yet are not among them. */
export function usedRuns(mem: Mem): PageRun[] {
  const { u8 } = mem, table = mem.word(Header.PageTable), count = mem.word(Header.PageCount), runs: PageRun[] = [];
  const stack = mem.rootCell(Root.Stack), empty = stack === 0 ? count : Math.ceil(mem.word(stack + Stack.Top) * 8 / World.PageBytes);
  const emptyEnd = stack === 0 ? count : (stack + mem.word(stack + 4)) >> World.PageShift;
  const isUsed = (page: number): boolean => {
    const state = u8[table + page]!;
    return state !== PageState.Free && state !== PageState.Reserve && (page < empty || page >= emptyEnd);
  };
  for (let page = 0; page < count;) {
    const first = page;
    while (page < count && isUsed(page)) page++;
    if (page > first) runs.push({ first, end: page });
    else page++;
  }
  return runs;
}

/** A copy of a settled world; addresses, and what is free, are the same in it. */
export function copyWorld(mem: Mem): OpenWorld {
  const bytes = mem.worldBytes, buffer = new ArrayBuffer(bytes), to = new Uint8Array(buffer);
  for (const { first, end } of usedRuns(mem)) to.set(mem.u8.subarray(first << World.PageShift, end << World.PageShift), first << World.PageShift);
  return { buffer, bytes };
}

const FILLED = new WeakMap<Uint8Array, readonly PageRun[]>();

/** The pages of an image that are not all zero; found once for each, since worlds are made from the same few again and again. */
export function filledRuns(image: Uint8Array): readonly PageRun[] {
  const known = FILLED.get(image);
  if (known !== undefined) return known;
  const words = new Int32Array(image.buffer, image.byteOffset, image.length >> 2), pageWords = World.PageBytes >> 2, runs: { first: number; end: number }[] = [];
  for (let page = 0; page * pageWords < words.length; page++) {
    if (words.subarray(page * pageWords, (page + 1) * pageWords).every((word) => word === 0)) continue;
    const last = runs.at(-1);
    if (last !== undefined && last.end === page) last.end++;
    else runs.push({ first: page, end: page + 1 });
  }
  FILLED.set(image, runs);
  return runs;
}
