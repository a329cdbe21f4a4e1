// Memory as pages of 4 KiB: those that hold something, or, against an older image, those that differ from it.
//
//   words   pages of the memory, runs in use, runs stored, 0
//   runs in use, then runs stored: first page, number of pages
//   the bytes of the stored pages
//
// What is not in use is zero. What is in use and not stored is as in the image before.

import type { PageRun } from "../../heap/world-copy.ts";
import type { SectionTag, SectionWriter } from "./container.ts";
import { damaged } from "./errors.ts";

const PAGE_SHIFT = 12, PAGE_BYTES = 1 << PAGE_SHIFT, PAGE_WORDS = PAGE_BYTES >> 2, HEADER_WORDS = 4;

/** Where the bytes of each page of an image are found, by page number; pages not in the map are zero. */
export type PageMap = ReadonlyMap<number, Int32Array>;

const countPages = (runs: readonly PageRun[]): number => runs.reduce((sum, { first, end }) => sum + end - first, 0);

function isZero(words: Int32Array, page: number): boolean {
  for (let at = page * PAGE_WORDS; at < (page + 1) * PAGE_WORDS; at++) if (words[at] !== 0) return false;
  return true;
}

function isSame(words: Int32Array, page: number, other: Int32Array | undefined): boolean {
  if (other === undefined) return false;
  for (let i = 0, at = page * PAGE_WORDS; i < PAGE_WORDS; i++, at++) if (words[at] !== other[i]) return false;
  return true;
}

/** The pages of the runs that pass, as runs. */
function select(runs: readonly PageRun[], passes: (page: number) => boolean): PageRun[] {
  const found: { first: number; end: number }[] = [];
  for (const { first, end } of runs) {
    for (let page = first; page < end; page++) {
      const last = found.at(-1);
      if (!passes(page)) continue;
      if (last !== undefined && last.end === page) last.end++;
      else found.push({ first: page, end: page + 1 });
    }
  }
  return found;
}

/** A section of the memory's pages in these runs; with `base`, of those that are not the same there. */
export function pagesSection(tag: SectionTag, memory: Uint8Array, runs: readonly PageRun[], base: PageMap | null): SectionWriter {
  const words = new Int32Array(memory.buffer, memory.byteOffset, memory.length >> 2), used = select(runs, (page) => !isZero(words, page));
  const stored = base === null ? used : select(used, (page) => !isSame(words, page, base.get(page)));
  const tableBytes = 4 * HEADER_WORDS + 8 * (used.length + stored.length);
  return {
    tag, bytes: tableBytes + (countPages(stored) << PAGE_SHIFT),
    write(to) {
      const table = [memory.length >> PAGE_SHIFT, used.length, stored.length, 0];
      for (const { first, end } of [...used, ...stored]) table.push(first, end - first);
      new Int32Array(to.buffer, to.byteOffset).set(table);
      let at = tableBytes;
      for (const { first, end } of stored) {
        to.set(memory.subarray(first << PAGE_SHIFT, end << PAGE_SHIFT), at);
        at += (end - first) << PAGE_SHIFT;
      }
    },
  };
}

/** What a section of pages says. */
export interface Pages { readonly count: number; readonly used: readonly PageRun[]; readonly stored: PageMap }

export function readPages(bytes: Uint8Array): Pages {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  if (words.length < HEADER_WORDS) damaged("a section of pages is too short");
  const count = words[0]!, usedRuns = words[1]!, storedRuns = words[2]!;
  if (count < 0 || usedRuns < 0 || storedRuns < 0 || usedRuns + storedRuns > (words.length - HEADER_WORDS) / 2) damaged("a table of pages does not fit");
  const used = readRuns(words, HEADER_WORDS, usedRuns, count), runs = readRuns(words, HEADER_WORDS + 2 * usedRuns, storedRuns, count);
  const from = HEADER_WORDS + 2 * (usedRuns + storedRuns), stored = new Map<number, Int32Array>();
  if (from + countPages(runs) * PAGE_WORDS !== words.length || bytes.length % 4 !== 0) damaged("a section of pages is not as long as its table says");
  let at = from;
  for (const { first, end } of runs) {
    for (let page = first; page < end; page++, at += PAGE_WORDS) stored.set(page, words.subarray(at, at + PAGE_WORDS));
  }
  return { count, used, stored };
}

/** Runs that are in order and lie in `count` pages. */
function readRuns(words: Int32Array, from: number, runs: number, count: number): PageRun[] {
  const found: PageRun[] = [];
  let before = 0;
  for (let i = 0; i < runs; i++) {
    const first = words[from + 2 * i]!, pages = words[from + 2 * i + 1]!;
    if (first < before || pages <= 0 || pages > count - first) damaged("a table of pages is out of order");
    before = first + pages;
    found.push({ first, end: before });
  }
  return found;
}

/** Where each page in use is found, after the sections of a chain of images: the first whole, each other against the one before. */
export function joinPages(chain: readonly Pages[]): PageMap {
  let known: PageMap = new Map();
  for (const { used, stored } of chain) {
    const next = new Map<number, Int32Array>();
    for (const { first, end } of used) {
      for (let page = first; page < end; page++) {
        const words = stored.get(page) ?? known.get(page);
        if (words === undefined) damaged(`page ${page} is in none of the images`);
        next.set(page, words);
      }
    }
    known = next;
  }
  return known;
}

/** Copies pages to where they belong in a memory that is zero, those that follow each other in an image as one. */
export function placePages(pages: PageMap, to: Int32Array): void {
  let run: Int32Array | null = null, first = 0, count = 0;
  const place = (): void => { if (run !== null) to.set(new Int32Array(run.buffer, run.byteOffset, count * PAGE_WORDS), first * PAGE_WORDS); };
  for (const [page, words] of pages) {
    if (run !== null && page === first + count && words.buffer === run.buffer && words.byteOffset === run.byteOffset + count * PAGE_BYTES) count++;
    else {
      place();
      run = words;
      first = page;
      count = 1;
    }
  }
  place();
}
