// Marking a little at a time. A large heap takes too long to mark in one go; so a collection begins with the roots and the
// stack, and the rest is marked in slices, each at the slow path of an allocation or after overwriting many references.
//
// What was reachable at the beginning is marked, however the script changes things meanwhile (memory.ts: forget, keep). What
// it allocates meanwhile is not looked into: its cells get their marks, and their lines, before each slice. So nothing fresh
// dies in the collection it was made during, and the last slice has little left to do.
//
// When slices come, and how long they are, is counted in bytes and cells, never in time: a script collects at the same places
// on every machine. A heap that one slice is enough for is collected in one pause.

import { begin, complete, report } from "./collector.ts";
import { DEBUG, assert } from "./debug.ts";
import type { Heap } from "./heap.ts";
import { ALL, drain } from "./marker.ts";
import { Header, World } from "./world-layout.ts";

/** Work of marking (see `drain`) for a millisecond of gcPauseBudget: some 40 ns for what takes 15 to 25 on a quiet machine. */
const UNITS_PER_MS = 25_000;
/** Fewer bytes between two slices are not worth the interruption. */
const LEAST_INTERVAL = 16 << 10;
/** The part of the threshold that may be allocated while marking goes on, and how early it begins therefore. */
const RUNWAY = 0.125, EARLY = 1 / (1 + RUNWAY);
/** Bytes for a unit of work, where no collection has told how much there is to do. */
const BYTES_PER_UNIT = 48;

/** What is known of the collection under way, and of the last one. */
export class Cycle {
  reason = "";
  /** Bytes handed out between the last collection and the beginning of this one. */
  allocatedBefore = 0;
  /** Live bytes after the last collection, and bytes handed out from then to the end of this one. */
  before = 0;
  allocated = 0;
  /** Bytes of the cells marked, in blocks until the end; and of those allocated since it began. */
  live = 0;
  fresh = 0;
  /** Pages that sweeping gave back; known when somebody listens. */
  freedPages = 0;
  /** Work done. */
  units = 0;
  slices = 0;
  longestPause = 0;
  totalPause = 0;
  /** From here on, up to their cursors, the cells of the two runs have no mark yet. */
  runFrom = 0;
  overflowFrom = 0;
  /** SinceCollect at the last slice, and the bytes after which the next one comes. */
  sliceAt = 0;
  interval = 0;
  /** With the option `verify`: what was reachable at the beginning. */
  snapshot: Set<number> | null = null;
}

/** Does what is due, now that memory is handed out: begins a collection, or goes on with it. */
export function pace(heap: Heap): void {
  if (heap.marking) {
    if (heap.word(Header.SinceCollect) - heap.cycle.sliceAt + heap.forgotten >= heap.cycle.interval) slice(heap, sliceUnits(heap));
    else markFresh(heap);
  } else if (heap.word(Header.SinceCollect) >= heap.word(Header.Threshold)) start(heap, "threshold", sliceUnits(heap));
}

const sliceUnits = (heap: Heap): number => (heap.settings.gcPauseBudget === 0 ? ALL : Math.max(100, heap.settings.gcPauseBudget * UNITS_PER_MS));

/** Begins a collection and marks so much. */
function start(heap: Heap, reason: string, units: number): void {
  const { now, verify } = heap.settings;
  if (verify) heap.verify();
  const from = now === null ? 0 : now();
  begin(heap, reason);
  advance(heap, units, from);
}

/** Marks so much more. */
function slice(heap: Heap, units: number): void {
  const { now } = heap.settings, from = now === null ? 0 : now();
  markFresh(heap);
  advance(heap, units, from);
}

function advance(heap: Heap, units: number, from: number): void {
  const { cycle, settings: { now } } = heap;
  cycle.slices++;
  cycle.live += drain(heap, heap.word(Header.Epoch), units);
  const done = heap.markTop === 0;
  if (done) complete(heap);
  else schedule(heap, units);
  const pause = now === null ? 0 : now() - from;
  cycle.longestPause = Math.max(cycle.longestPause, pause);
  cycle.totalPause += pause;
  if (done) report(heap);
}

/** Spreads the work that seems to be left over what may still be allocated. */
function schedule(heap: Heap, units: number): void {
  const { cycle } = heap, since = heap.word(Header.SinceCollect), runway = RUNWAY * heap.word(Header.Threshold);
  const last = heap.word(Header.MarkedUnits), expected = last === 0 ? (heap.word(Header.LiveBytes) + cycle.allocatedBefore) / BYTES_PER_UNIT : last;
  const left = Math.max(expected, cycle.units) * 1.2 - cycle.units;
  cycle.sliceAt = since;
  heap.forgotten = 0;
  cycle.interval = Math.max(LEAST_INTERVAL, Math.max(runway - (since - cycle.allocatedBefore), runway / 8) * Math.min(1, units / left));
}

/** Marks what was allocated in the current runs, where that has not been done. */
export function markFresh(heap: Heap): void {
  const { cycle } = heap, cursor = heap.word(Header.Cursor), overflow = heap.word(Header.OverflowCursor);
  markRun(heap, cycle.runFrom, cursor);
  markRun(heap, cycle.overflowFrom, overflow);
  cycle.runFrom = cursor;
  cycle.overflowFrom = overflow;
}

function markRun(heap: Heap, from: number, to: number): void {
  if (from === to) return;
  const { i32, u8 } = heap, epoch = heap.word(Header.Epoch), block = from & World.BlockMask;
  if (DEBUG) assert(from < to && to <= block + World.BlockBytes, "a run goes beyond its block");
  for (let at = from, size = 0; at < to; at += size) {
    size = i32[(at >> 2) + 1]!;
    // What was forgotten or kept since is on the mark stack, and is counted from there.
    if (u8[at + 1] !== epoch) heap.cycle.live += size;
    u8[at + 1] = epoch;
  }
  u8[block] = epoch;
  u8.fill(epoch, block + ((from - block) >> World.LineShift), block + ((to - block - 1) >> World.LineShift) + 1);
  heap.cycle.fresh += to - from;
}

/** Threshold at which a collection begins: earlier than it should end when it will take several slices, and before memory runs short. */
export function thresholdFor(heap: Heap, bytes: number, room: number): number {
  if (heap.settings.gcPauseBudget === 0 || heap.cycle.units <= sliceUnits(heap)) return bytes;
  return Math.max(Math.min(bytes, room) * EARLY, Math.min(bytes, heap.settings.minThreshold));
}

/** Ends the collection under way, if there is one. */
export function finish(heap: Heap): void {
  if (heap.marking) slice(heap, ALL);
}

/** Debug: so many units of work at every allocation, one collection after the other. */
export function step(heap: Heap, units: number): void {
  if (heap.marking) slice(heap, units);
  else start(heap, "step", units);
}
