// Raw memory: what scripts reach through pointers. It lives in a buffer of its own, so a wild pointer can never touch the
// world. Here it is allocated and freed; how its bytes are read and written, and the form of its tables: raw-access.ts.
//
// Freed regions wait in a queue before they are reused, so that a use after free is an error and not a surprise. While other threads
// have the memory none of those that wait is reused: one of them may still be about to write there.

import type { Heap } from "./heap.ts";
import { BASE, GRANULE, GRANULE_SHIFT, hexAddress, RawAccess, type RawBuffers, RawError } from "./raw-access.ts";
import { growShared, mostShared, newSharedRaw, noteChange, type SharedRaw } from "./shared-buffers.ts";

const FIRST_BYTES = 64 << 10, PAGE_BYTES = 4096;
/** Freed bytes that wait before reuse. */
const QUARANTINE_BYTES = 256 << 10;

/** All of a raw memory: its bytes, and tables of words. See the fields of the class. */
export interface RawState {
  /** In whole pages; what lies beyond the granules of the tables means nothing. */
  readonly bytes: Uint8Array;
  readonly owner: Int32Array;
  readonly sizes: Int32Array;
  /** First granules of freed regions that wait, oldest first. */
  readonly quarantine: Int32Array;
  /** Reusable runs: granules, then first granule, in the order in which they are looked at; -1 when there is none of that size now. */
  readonly free: Int32Array;
}

/** Granules of a region of so many bytes. At least a byte behind it is nobody's: what runs over an end does not reach the next region unseen. */
export const granules = (bytes: number): number => Math.floor(bytes / GRANULE) + 1;

export class RawMemory extends RawAccess {
  /** First granule never handed out. */
  #end = 0;
  /** Reusable regions: first granules by number of granules. */
  readonly #free = new Map<number, number[]>();
  /** Freed regions not reusable yet, oldest first from #oldest on. */
  #quarantine: number[] = [];
  #oldest = 0;
  #quarantined = 0;
  #liveBytes = 0;
  #liveRegions = 0;

  /** What other threads are given, null when none has any. */
  #shared: SharedRaw | null = null;
  /** How many of their tasks have it. */
  #holders = 0;

  constructor(readonly heap: Heap) {
    super();
    heap.onBufferDeath = (address) => { if (address !== 0) this.free(address); };
  }

  get liveBytes(): number { return this.#liveBytes; }
  get liveRegions(): number { return this.#liveRegions; }

  /** A new region of zeroed bytes; may collect, or raise out of memory. */
  allocate(bytes: number): number {
    const count = granules(bytes);
    this.heap.notePressure(count * GRANULE);
    let first = this.#find(count);
    if (first < 0) first = this.#findHarder(count);
    this.owner.fill(first + 1, first, first + count);
    this.sizes[first] = bytes;
    this.u8.fill(0, first << GRANULE_SHIFT, (first + count) << GRANULE_SHIFT);
    this.#liveBytes += bytes;
    this.#liveRegions++;
    return BASE + (first << GRANULE_SHIFT);
  }

  /** The same, for memory whose zeros mean something. */
  allocateZeroed(bytes: number): number { return this.allocate(bytes); }

  /** Granules for a region, used before or not; -1 when the limit forbids more. */
  #find(count: number): number {
    const first = this.#reuse(count), fresh = this.#end, end = (fresh + count) * GRANULE;
    if (first >= 0 || (this.#shared !== null && end > mostShared(this.#shared)) || !this.heap.takeRaw(count * GRANULE)) return first;
    if (end > this.buffers.bytes.byteLength) this.#grow(end);
    this.#end = fresh + count;
    return fresh;
  }

  /** The same after a collection, with everything freed joined together and the world made small. */
  #findHarder(count: number): number {
    if (count * GRANULE < this.heap.settings.maxBytes) {
      this.heap.collect("raw memory");
      this.#join();
      let first = this.#find(count);
      if (first >= 0) return first;
      this.heap.shrink();
      first = this.#find(count);
      if (first >= 0) return first;
    }
    return this.heap.outOfMemory();
  }

  /** Takes a free region of exactly, else at least, so many granules; -1 when there is none. */
  #reuse(count: number): number {
    const exact = this.#free.get(count);
    if (exact !== undefined && exact.length > 0) return exact.pop()!;
    for (const [size, regions] of this.#free) {
      if (size <= count || regions.length === 0) continue;
      const first = regions.pop()!;
      this.#release(first + count, size - count);
      return first;
    }
    return -1;
  }

  /** Puts a run of granules among the reusable ones. */
  #release(first: number, count: number): void {
    const regions = this.#free.get(count);
    if (regions === undefined) this.#free.set(count, [first]);
    else regions.push(first);
  }

  /** Merges all freed regions that touch; those at the end go back to the limit. */
  #join(): void {
    while (this.#quarantined > 0 && this.#holders === 0) this.#releaseOldest();
    const runs: { first: number; count: number }[] = [];
    for (const [count, regions] of this.#free) for (const first of regions) runs.push({ first, count });
    this.#free.clear();
    runs.sort((a, b) => a.first - b.first);
    for (let i = 0; i < runs.length;) {
      const { first } = runs[i]!;
      let end = first;
      while (i < runs.length && runs[i]!.first === end) end += runs[i++]!.count;
      if (end < this.#end) this.#release(first, end - first);
      else {
        this.heap.takeRaw((first - end) * GRANULE);
        this.owner.fill(0, first, end);
        this.#end = first;
      }
    }
  }

  #grow(needed: number): void {
    let bytes = Math.max(FIRST_BYTES, this.buffers.bytes.byteLength);
    while (bytes < needed) bytes *= 2;
    if (this.#shared !== null) {
      growShared(this.#shared, bytes);
      return this.adopt(this.#shared, true);
    }
    const tables = bytes >> GRANULE_SHIFT << 2;
    this.#move({ bytes: new ArrayBuffer(bytes), owner: new ArrayBuffer(tables), sizes: new ArrayBuffer(tables) }, false);
  }

  #move(to: RawBuffers, isShared: boolean): void {
    const { u8, owner, sizes } = this;
    this.adopt(to, isShared);
    this.u8.set(u8);
    this.owner.set(owner);
    this.sizes.set(sizes);
  }

  // ---- other threads

  /** Something was allocated once. */
  get isUsed(): boolean { return this.#end > 0; }
  /** Whether others could see what this one does, and check what it checks. */
  get canShare(): boolean { return this.foreign === null; }

  /** Moves everything to where other threads can have it too, if it is not there; null where the host has no such memory. */
  share(): SharedRaw | null {
    if (this.#shared === null && this.canShare) {
      const made = newSharedRaw(Math.max(FIRST_BYTES, this.buffers.bytes.byteLength), this.heap.settings.maxBytes);
      if (made !== null) this.#move(made, true);
      this.#shared = made;
    }
    return this.#shared;
  }

  /** A task of another thread begins to use what is shared, or is done with it. */
  hold(): void { this.#holders++; }
  release(): void { this.#holders--; }

  /** Moves everything back: threads that go on have what was shared for themselves. */
  unshare(): void {
    this.#holders = 0;
    if (this.#shared === null) return;
    this.#shared = null;
    const { bytes, owner } = this.buffers;
    this.#move({ bytes: new ArrayBuffer(bytes.byteLength), owner: new ArrayBuffer(owner.byteLength), sizes: new ArrayBuffer(owner.byteLength) }, false);
  }

  /** Views of all there is, good until the next call; null when nothing was ever allocated. */
  state(): RawState | null {
    if (this.#holders === 0) this.unshare();
    const end = this.#end, free: number[] = [];
    if (this.buffers.bytes.byteLength === 0) return null;
    for (const [count, regions] of this.#free) for (const first of regions.length === 0 ? [-1] : regions) free.push(count, first);
    return {
      bytes: this.u8.subarray(0, Math.ceil((end << GRANULE_SHIFT) / PAGE_BYTES) * PAGE_BYTES), owner: this.owner.subarray(0, end), sizes: this.sizes.subarray(0, end),
      quarantine: Int32Array.from(this.#quarantine.slice(this.#oldest)), free: Int32Array.from(free),
    };
  }

  /** Takes over a state, which is copied and must have been checked, into a raw memory that is empty. */
  load({ bytes, owner, sizes, quarantine, free }: RawState): void {
    this.#grow(bytes.length);
    this.#end = owner.length;
    this.u8.set(bytes);
    this.owner.set(owner);
    this.sizes.set(sizes);
    this.#quarantine = [...quarantine];
    for (const first of quarantine) this.#quarantined += granules(sizes[first]!) << GRANULE_SHIFT;
    for (let i = 0; i < free.length; i += 2) {
      if (free[i + 1] === -1) this.#free.set(free[i]!, []);
      else this.#release(free[i + 1]!, free[i]!);
    }
    owner.forEach((each, granule) => {
      if (each !== granule + 1) return;
      this.#liveRegions++;
      this.#liveBytes += sizes[granule]!;
    });
    this.heap.rawBytes = this.#end << GRANULE_SHIFT;
  }

  /** Frees a region, given its first address. Null is ignored. */
  free(address: number): void {
    if (address === 0) return;
    const first = this.#regionStart(address, "free"), bytes = this.sizes[first]!, count = granules(bytes);
    this.owner.fill(-first - 1, first, first + count);
    this.#liveBytes -= bytes;
    this.#liveRegions--;
    this.low = this.high = 0;
    if (this.#shared !== null) noteChange(this.#shared);
    this.#quarantine.push(first);
    this.#quarantined += count << GRANULE_SHIFT;
    while (this.#quarantined > QUARANTINE_BYTES && this.#holders === 0) this.#releaseOldest();
  }

  #releaseOldest(): void {
    const first = this.#quarantine[this.#oldest++]!, count = granules(this.sizes[first]!);
    this.#quarantined -= count << GRANULE_SHIFT;
    this.#release(first, count);
    if (this.#oldest > 1024 && 2 * this.#oldest > this.#quarantine.length) {
      this.#quarantine = this.#quarantine.slice(this.#oldest);
      this.#oldest = 0;
    }
  }

  /** First granule of the live region that starts at the address. */
  #regionStart(address: number, what: string): number {
    const offset = address - BASE, owner = this.ownerOf(offset);
    if (owner === 0) throw new RawError(`${what} of ${hexAddress(address)}, which was never allocated`);
    const first = offset / GRANULE;
    if (owner < 0) {
      if (-owner - 1 === first) throw new RawError(what === "free" ? `double free of pointer ${hexAddress(address)}` : `${what} of ${hexAddress(address)}, which is freed`);
      throw new RawError(`${what} of ${hexAddress(address)}, inside a freed region`);
    }
    if (owner - 1 !== first) throw new RawError(`${what} of ${hexAddress(address)}, which is not the start of its region`);
    return first;
  }

  /** A region of the new size with as much of the old contents as fits; the old one is freed. Null allocates. */
  realloc(address: number, bytes: number): number {
    if (address === 0) return this.allocate(bytes);
    const first = this.#regionStart(address, "realloc"), old = this.sizes[first]!, at = this.allocate(bytes);
    this.u8.copyWithin(at - BASE, address - BASE, address - BASE + Math.min(old, bytes));
    this.free(address);
    return at;
  }

  /** Size of the live region that starts at the address. */
  sizeOf(address: number): number { return this.sizes[this.#regionStart(address, "size")]!; }
}
