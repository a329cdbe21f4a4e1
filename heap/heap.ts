// Heap: the façade over allocation, collection, limits and statistics.
//
// Safepoint rule: any call that takes `Heap` may collect. A collection frees every cell that cannot be reached from the
// root slots or the running stack, and an allocation may replace the buffer. So store a fresh cell where a root reaches it,
// with its traced fields set, before the next allocation; and read `heap.i32` and its sisters anew after each.

import { addSince, allocateSlow } from "./allocator.ts";
import { collect } from "./collector.ts";
import { Bug, DEBUG, assert, hex } from "./debug.ts";
import { Ephemerons } from "./ephemerons.ts";
import { Cycle, finish, pace, step } from "./incremental.ts";
import { reachable } from "./inspect.ts";
import { Stack } from "./layout.ts";
import { Mem } from "./memory.ts";
import { settings, type HeapOptions, type HeapSettings, type HeapStats } from "./options.ts";
import { armWhenFull, countFreePages, freePages, growWorld, isExhausted, poison, poisonFree, releaseReserve, shrinkWorld, takePages, usedPages, worldLimit } from "./pages.ts";
import { Quarantine } from "./quarantine.ts";
import { Root } from "./roots.ts";
import { Sampling, type AllocationListener } from "./sampling.ts";
import { newSymbolTable } from "./symbols.ts";
import { CellKind } from "./value.ts";
import { verifyHeap } from "./verify.ts";
import { filledRuns, type OpenWorld } from "./world-copy.ts";
import { Header, PageState, World } from "./world-layout.ts";

/** Thrown when memory has run out and the engine has set no handler, or its handler needs more than the reserve holds. */
export class OutOfMemory extends Error {
  constructor() {
    super("out of memory");
    this.name = "OutOfMemory";
  }
}

const NO_STACK = { base: 0, top: 0 };

/** What a heap keeps beside its world, and what goes on with it counts on. */
export interface HeapCounters { readonly recent: number; readonly strikes: number; readonly seed: number; readonly allocations: number }

export class Heap extends Mem {
  readonly settings: HeapSettings;
  /** Slots [base, top) of the running stack are roots; the rest of its cell is cleared by a collection. */
  stackRange: () => { base: number; top: number } = () => NO_STACK;
  /** Raises the guest's error; the reserve is open while it runs. */
  onOutOfMemory: () => never = () => { throw new OutOfMemory(); };
  /** Releases the raw region of a Buffer that died. */
  onBufferDeath: (address: number) => void = () => {};
  /** Told which cells are freed at once, outside of a collection; for tools that remember addresses. */
  onFree: ((addr: number) => void) | null = null;
  /** Makes the memory for a world of so many bytes, zero; it may be longer. The engine may want a special kind. */
  newBuffer: (bytes: number) => ArrayBuffer = (bytes) => new ArrayBuffer(bytes);
  /** Bytes of raw memory in use: they count against maxBytes. */
  rawBytes = 0;
  /** Symbols by text; emptied by each collection, since it may free them. */
  readonly symbolCache = new Map<string, number>();
  /** Counts symbols interned by text, to choose the root that holds the next one. */
  recent = 0;
  /** The collection under way, or the last one. */
  readonly cycle = new Cycle();
  /** Entries of weak maps that wait for their keys, during a collection. */
  readonly ephemerons = new Ephemerons();
  /** True when every allocation takes the slow path, for the debug options that count allocations. */
  counting = false;
  /** Debug: every cell that was allocated and not found dead yet, while `poison` is on. */
  tracked: Set<number> | null = null;
  /** Debug: see HeapOptions. */
  quarantine: Quarantine | null = null;
  /** Allocations so far, while `counting`. */
  allocations = 0;
  /** Debug: the next allocation collects; see collectSoon. */
  isDue = false;
  /** Collections and moves that the debug options asked for so far. */
  forced = 0;
  /** State of the stress generator. */
  seed: number;
  /** Collections for want of memory that gained next to nothing, in a row. */
  strikes = 0;
  #sampling: Sampling | null = null;
  #raising = false;

  constructor(options: HeapOptions = {}, image?: Uint8Array | OpenWorld) {
    const chosen = settings(options, World.BlockBytes), opened = image !== undefined && !(image instanceof Uint8Array);
    super(opened ? image.buffer : new ArrayBuffer(image === undefined ? chosen.initialBytes : imageBytes(image, chosen)));
    this.settings = chosen;
    this.seed = (chosen.gcSeed | 0) || 1;
    if (image === undefined) this.#format();
    else if (!opened) this.#load(image);
    // From here on: a heap's own first cells are no script's allocations.
    this.counting = chosen.gcStress > 0 || chosen.gcStep > 0 || chosen.gcStressRate > 0 || chosen.failAllocationAt > 0 || chosen.moveWorld > 0 || chosen.poison;
    if (chosen.poison && !opened) this.tracked = reachable(this);
    if (chosen.quarantine > 0) this.quarantine = new Quarantine(this, chosen.quarantine);
    this.setRun(this.word(Header.Cursor), this.word(Header.RunEnd));
  }

  /** A heap that goes on from an image made by `image()`, or in a world that was copied whole, under its own options. */
  static fromImage(image: Uint8Array | OpenWorld, options: HeapOptions = {}): Heap { return new Heap(options, image); }

  /** Takes over what a copied world's heap kept beside it. To be called when the running stack and raw memory are in place. */
  goOn(counters: HeapCounters): void {
    Object.assign(this, counters);
    if (!this.settings.poison) return;
    this.#poisonImage();
    this.tracked = reachable(this);
  }

  get counters(): HeapCounters { return { recent: this.recent, strikes: this.strikes, seed: this.seed, allocations: this.allocations }; }

  /** Header, page table and the cells every heap has. */
  #format(): void {
    const pages = this.worldBytes >> World.PageShift;
    this.setWord(Header.Magic, World.Magic);
    this.setWord(Header.Version, World.Version);
    this.setWord(Header.Epoch, this.settings.startEpoch);
    this.setWord(Header.SweepEpoch, this.settings.startEpoch);
    this.setWord(Header.PageTable, World.PageBytes);
    let capacity: number = World.PageBytes;
    while (capacity < pages) capacity *= 4;
    this.setWord(Header.PageCapacity, capacity);
    this.setWord(Header.PageCount, pages);
    const system = 1 + (capacity >> World.PageShift);
    this.u8.fill(PageState.System, World.PageBytes, World.PageBytes + system);
    this.setWord(Header.FreePageHint, system);
    this.setWord(Header.Threshold, this.settings.minThreshold);
    this.setWord(Header.SweepBlock, 0);
    this.setWord(Header.SweepLine, World.Lines);
    if (this.settings.poison) poison(this, system << World.PageShift, pages << World.PageShift);
    armWhenFull(this);
    newSymbolTable(this, 256);
  }

  #load(image: Uint8Array): void {
    // Memory nobody touched yet costs nothing, and most of a new world is an empty stack.
    for (const { first, end } of filledRuns(image)) this.u8.set(image.subarray(first << World.PageShift, end << World.PageShift), first << World.PageShift);
    const pages = this.worldBytes >> World.PageShift, old = this.word(Header.PageCount), table = this.word(Header.PageTable);
    this.u8.fill(PageState.Free, table + old, table + pages);
    this.setWord(Header.PageCount, pages);
    // The search for free lines had come to the end of a larger world.
    this.setWord(Header.SweepBlock, Math.min(this.word(Header.SweepBlock), this.worldBytes));
    armWhenFull(this);
    if (this.settings.poison) this.#poisonImage();
  }

  /** An image may come from a heap that did not poison: overwrites all that is free, now that it is known to be. */
  #poisonImage(): void {
    this.collect("image");
    poisonFree(this);
  }

  /**
   * A new cell: header set, size rounded up to 8, fields NOT initialised. May collect, replace the buffer, or raise
   * out of memory.
   */
  allocate(kind: CellKind, bytes: number): number {
    const i32 = this.i32, addr = i32[Header.Cursor >> 2]!;
    if (bytes > World.LargeBytes || addr + bytes > i32[Header.Limit >> 2]!) return allocateSlow(this, kind, bytes);
    const size = (bytes + 7) & -8;
    i32[Header.Cursor >> 2] = addr + size;
    i32[addr >> 2] = kind;
    i32[(addr >> 2) + 1] = size;
    return addr;
  }

  /** True when the next allocation of so many bytes (at most 8 KiB) will not collect: what is not rooted yet survives it. */
  fits(bytes: number): boolean {
    const i32 = this.i32;
    return i32[Header.Cursor >> 2]! + bytes <= i32[Header.Limit >> 2]!;
  }

  /** Makes [cursor, end) the run that `allocate` bumps through. */
  setRun(cursor: number, end: number): void {
    this.cycle.runFrom = cursor;
    this.#sampling?.changeRun(cursor);
    this.setWord(Header.Cursor, cursor);
    this.setWord(Header.RunEnd, end);
    this.setLimit();
  }

  /** Says how far the run may be used without the slow path. */
  setLimit(): void {
    const end = this.word(Header.RunEnd);
    this.setWord(Header.Limit, this.counting ? 0 : this.#sampling === null ? end : this.#sampling.limit(this.word(Header.Cursor), end));
  }

  /** Who is told of allocations; null: nobody, which costs nothing. */
  get sampling(): Sampling | null { return this.#sampling; }
  set listener(listener: AllocationListener | null) {
    this.#sampling = listener === null ? null : new Sampling(this, listener);
    this.setLimit();
  }

  collect(reason: string): void { collect(this, reason); }

  /** Debug: marks so much, in the collection under way or in a new one. */
  step(units: number): void { step(this, units); }

  /** Does what marking owes to a script that overwrites references and allocates little. As `allocate`, it may collect. */
  payForgotten(): void { if (this.forgotten >= this.cycle.interval && this.marking) pace(this); }

  /** Debug: has the next allocation collect, which is allowed to where the caller may not be; `setLimit` lets it go on without. */
  collectSoon(): void {
    this.isDue = true;
    this.setWord(Header.Limit, 0);
  }

  /** Changes the limit. A world that is larger already keeps its size, and grows no more. */
  set maxBytes(bytes: number) { this.settings.maxBytes = settings({ maxBytes: bytes }, World.BlockBytes).maxBytes; }

  /** Checks every invariant; right after marking also that exactly what is reachable is marked. Throws Bug. */
  verify(justMarked = false): void { verifyHeap(this, justMarked); }

  /** Frees a cell nobody refers to any more, if it has pages of its own; small ones wait for the collector. */
  freeLarge(addr: number): void {
    const size = this.word(addr + 4);
    // The marker may have it on its stack.
    if (size <= World.LargeBytes || this.marking || this.quarantine !== null) return;
    if (DEBUG) assert(this.u8[this.word(Header.PageTable) + (addr >> World.PageShift)] === PageState.Large, `not a large cell: ${hex(addr)}`);
    this.tracked?.delete(addr);
    this.onFree?.(addr);
    freePages(this, addr >> World.PageShift, (size + World.PageBytes - 1) >> World.PageShift);
  }

  /** Makes a cell with pages of its own larger where it is; false when the pages behind it are taken. */
  extendLarge(addr: number, bytes: number): boolean {
    const old = this.word(addr + 4);
    // When it is time to collect, or memory had run out, an ordinary allocation sees to that.
    if (old <= World.LargeBytes || isExhausted(this) || (!this.marking && this.word(Header.SinceCollect) >= this.word(Header.Threshold))) return false;
    const first = addr >> World.PageShift, has = (old + World.PageBytes - 1) >> World.PageShift;
    const added = ((bytes + World.PageBytes - 1) >> World.PageShift) - has;
    if (!takePages(this, first + has, added)) return false;
    this.setWord(addr + 4, (bytes + 7) & -8);
    addSince(this, Math.max(added << World.PageShift, this.word(addr + 4) - old));
    return true;
  }

  setRoot(root: Root, kind: CellKind, addr: number): void { this.setCell(this.rootSlot(root), kind, addr); }
  clearRoot(root: Root): void { this.setSlot(this.rootSlot(root), 0, 0); }

  /** Gives up on an allocation: opens the reserve and lets the engine raise the guest's error. */
  outOfMemory(): never {
    if (this.#raising) throw new OutOfMemory();
    releaseReserve(this);
    this.strikes = 0;
    this.#raising = true;
    try {
      return this.onOutOfMemory();
    } finally {
      this.#raising = false;
    }
  }

  /** Accounts for raw memory handed out, which counts towards the next collection, since buffers may be all that dies. */
  notePressure(bytes: number): void {
    addSince(this, bytes);
    pace(this);
  }

  /** Takes `bytes` more (fewer when negative) for raw memory; false when the limit forbids it. */
  takeRaw(bytes: number): boolean {
    if (bytes > 0 && this.worldBytes + this.rawBytes + bytes > this.settings.maxBytes) return false;
    this.rawBytes += bytes;
    // Now it may be too late for the world to grow a reserve.
    if (bytes > 0 && this.word(Header.Reserve) === 0) armWhenFull(this);
    return true;
  }

  /** Gives the free end of the world back. Only right after a collection. */
  shrink(): void { shrinkWorld(this); }

  /** Replaces the buffer by one of another size with the same contents, as far as they fit; what is free becomes zero. */
  replaceBuffer(bytes: number, buffer = this.newBuffer(bytes)): void {
    const old = this.u8, table = this.word(Header.PageTable), count = Math.min(this.word(Header.PageCount), bytes >> World.PageShift);
    this.adopt(buffer, bytes);
    // Memory nobody touched yet costs nothing: the free pages are left out, unless they must keep their poison.
    for (let page = 0; page < count;) {
      const first = page;
      while (page < count && (old[table + page] !== PageState.Free || this.settings.poison)) page++;
      if (page > first) this.u8.set(old.subarray(first << World.PageShift, page << World.PageShift), first << World.PageShift);
      else page++;
    }
  }

  stats(): HeapStats {
    const freePages = countFreePages(this), since = this.word(Header.SinceCollect), live = this.word(Header.LiveBytes);
    return {
      collections: this.word(Header.Collections), worldBytes: this.worldBytes, maxBytes: this.settings.maxBytes,
      rawBytes: this.rawBytes, liveBytes: live, usedBytes: live + since, freePages, pages: this.word(Header.PageCount),
    };
  }

  /** A copy of the used part of the world; raw memory is not part of it. A collection under way is ended. */
  image(): Uint8Array<ArrayBuffer> {
    finish(this);
    const stack = this.rootCell(Root.Stack), { top } = this.stackRange();
    if (stack !== 0 && top !== 0) this.setWord(stack + Stack.Top, top);
    const pages = usedPages(this), bytes = this.u8.slice(0, pages << World.PageShift);
    const words = new Int32Array(bytes.buffer), table = this.word(Header.PageTable);
    const reserve = words[Header.Reserve >> 2]!;
    // A reserve below the last used page is free again; one above it is cut off.
    if (reserve !== 0 && reserve < pages) bytes.fill(PageState.Free, table + reserve, table + reserve + words[Header.ReservePages >> 2]!);
    words[Header.Reserve >> 2] = 0;
    words[Header.FreePageHint >> 2] = Math.min(words[Header.FreePageHint >> 2]!, reserve === 0 ? pages : reserve, pages);
    words[Header.PageCount >> 2] = pages;
    return bytes;
  }

  /** Test hook: grows the world by at least one page. */
  grow(): boolean { return growWorld(this, 1); }
  get worldLimit(): number { return worldLimit(this); }
}

/** Size of the buffer for an image: the first size asked for, as far as the image's page table reaches. */
function imageBytes(image: Uint8Array, chosen: HeapSettings): number {
  const words = new Int32Array(image.buffer, image.byteOffset, World.PageBytes >> 2);
  if (words[Header.Magic >> 2] !== World.Magic || words[Header.Version >> 2] !== World.Version) throw new Bug("not a heap image of this version");
  const used = (image.length + World.BlockBytes - 1) & World.BlockMask;
  if (used > chosen.maxBytes) throw new OutOfMemory();
  const covered = words[Header.PageCapacity >> 2]! << World.PageShift;
  return Math.max(used, Math.min(chosen.initialBytes, covered));
}
