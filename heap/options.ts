// What a heap can be told, and what it reports.

import type { Occupancy } from "./occupancy.ts";

export interface HeapOptions {
  /** Size of the first buffer; it grows by doubling. */
  readonly initialBytes?: number;
  /** Limit for the world and raw memory together; at most 1 GiB, addresses being i32. */
  readonly maxBytes?: number;
  /** Bytes allocated before the first collection, and at least between any two. */
  readonly minThreshold?: number;
  /**
   * Milliseconds a collection should stop the script for at a time; larger heaps are marked in slices. It is a number of
   * cells really, so that scripts collect at the same places everywhere; slow machines take longer. 0: in one pause always.
   */
  readonly gcPauseBudget?: number;
  /** Debug: mark so many cells at every allocation, one collection after the other, … */
  readonly gcStep?: number;
  /** … or at every n-th. */
  readonly gcStepStride?: number;
  /** Debug: collect at every n-th allocation. */
  readonly gcStress?: number;
  /** Debug: collect at an allocation with this probability, drawn from a generator seeded with gcSeed. */
  readonly gcStressRate?: number;
  readonly gcSeed?: number;
  /** Debug: move the world to another buffer at every n-th allocation, as growing does: views that somebody kept go stale. */
  readonly moveWorld?: number;
  /** Debug: of the collections, slices and moves forced by the options above, let only the first so many happen, … */
  readonly forceUpTo?: number;
  /** … or only this one, counted from 1. */
  readonly forceOnly?: number;
  /** Debug: the n-th allocation (from 1) fails as if memory had run out. */
  readonly failAllocationAt?: number;
  /** Debug: verify the whole heap before and after each collection. */
  readonly verify?: boolean;
  /** Debug: overwrite freed memory, and (with verify) check that nobody wrote to it since. */
  readonly poison?: boolean;
  /** Debug: so many collections long, do not use freed memory again; it is overwritten too, and nobody may write to it. */
  readonly quarantine?: number;
  /** Debug: epoch the first collection follows, to reach its wrap-around at 255 quickly. */
  readonly startEpoch?: number;
  readonly onCollect?: (entry: GcEntry) => void;
  /** Milliseconds, for pauseMs: the heap has no clock of its own. */
  readonly now?: () => number;
}

export type HeapSettings = Required<Omit<HeapOptions, "onCollect" | "now" | "maxBytes">> & { maxBytes: number; onCollect: ((entry: GcEntry) => void) | null; now: (() => number) | null };

/** A collection, for the log. */
export interface GcEntry extends Occupancy {
  readonly number: number;
  /** What caused it: "threshold" (so much was allocated), "memory" (none was left), "stress", "host", … */
  readonly reason: string;
  /** The longest pause, in milliseconds; the sum of all; their number. Times are 0 without a clock. */
  readonly pauseMs: number;
  readonly totalPauseMs: number;
  readonly slices: number;
  /** Bytes of the cells that were marked: those that live, and what was allocated while marking went on. */
  readonly liveBytes: number;
  /** Bytes handed out before that are not alive any more, gaps between cells included. */
  readonly freedBytes: number;
  /** Pages that went back to the pool: blocks without a live cell and large cells. Free lines of other blocks are swept when allocation comes to them. */
  readonly freedPages: number;
  /** Bytes handed out since the collection before. */
  readonly allocatedBytes: number;
  readonly worldBytes: number;
  readonly rawBytes: number;
}

export interface HeapStats {
  readonly collections: number;
  readonly worldBytes: number;
  readonly maxBytes: number;
  readonly rawBytes: number;
  /** Live cells at the last collection. */
  readonly liveBytes: number;
  /** Upper bound of the bytes in cells now. */
  readonly usedBytes: number;
  readonly freePages: number;
  readonly pages: number;
}

const DEFAULT_INITIAL = 128 << 10, DEFAULT_MAX = 64 << 20, HIGHEST_MAX = 1 << 30, DEFAULT_THRESHOLD = 4 << 20, DEFAULT_BUDGET = 2;

const roundUp = (n: number, unit: number): number => Math.ceil(n / unit) * unit;

export function settings(options: HeapOptions, blockBytes: number): HeapSettings {
  const maxBytes = Math.max(3 * blockBytes, Math.min(HIGHEST_MAX, Math.floor((options.maxBytes ?? DEFAULT_MAX) / blockBytes) * blockBytes));
  return {
    maxBytes,
    initialBytes: Math.min(maxBytes, Math.max(3 * blockBytes, roundUp(options.initialBytes ?? DEFAULT_INITIAL, blockBytes))),
    minThreshold: options.minThreshold ?? DEFAULT_THRESHOLD,
    gcPauseBudget: options.gcPauseBudget ?? DEFAULT_BUDGET,
    gcStep: options.gcStep ?? 0,
    gcStepStride: options.gcStepStride ?? 1,
    gcStress: options.gcStress ?? 0,
    gcStressRate: options.gcStressRate ?? 0,
    gcSeed: options.gcSeed ?? 1,
    moveWorld: options.moveWorld ?? 0,
    forceUpTo: options.forceUpTo ?? Infinity,
    forceOnly: options.forceOnly ?? 0,
    failAllocationAt: options.failAllocationAt ?? 0,
    verify: options.verify ?? false,
    poison: options.poison ?? (options.quarantine ?? 0) > 0,
    quarantine: options.quarantine ?? 0,
    startEpoch: options.startEpoch ?? 0,
    onCollect: options.onCollect ?? null,
    now: options.now ?? null,
  };
}
