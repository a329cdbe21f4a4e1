// Raw memory that remembers: where each region was allocated and freed, and which bytes were ever written. What people use an
// address sanitizer for. Only VMs that ask for it are made with it; the others have the plain RawMemory and pay nothing.
//
// Accesses outside of regions are errors anyway (heap/raw.ts); here their messages say where the region came from.

import type { Heap } from "../../heap/heap.ts";
import { RawMemory, type RawState } from "../../heap/raw.ts";
import { FOREIGN, RawError } from "../../heap/raw-access.ts";
import type { TraceEntry } from "./errors.ts";

export interface RawChecks {
  /** Remember where regions were allocated and freed: for the report of leaks, and in errors. */
  readonly sites: boolean;
  /** Reading a byte that was never written is an error. */
  readonly uninitialised: boolean;
}

/** Raw memory that was allocated at one place and never freed. */
export interface RawLeak {
  readonly regions: number;
  readonly bytes: number;
  /** Guest frames that allocated it, innermost first; empty when that was in a VM that this one goes on from. */
  readonly trace: readonly TraceEntry[];
}

type Frames = readonly TraceEntry[];
interface Region { readonly bytes: number; readonly allocated: Frames; freed: Frames | null }

/** Frames of a site that are kept. */
const FRAMES = 12;
const UNKNOWN: Frames = [];

const place = (frames: Frames): string => {
  const [top] = frames;
  return top === undefined ? "before this VM went on" : `at ${top.source}:${top.line}:${top.column} in ${top.name}`;
};

export class CheckedRaw extends RawMemory {
  /** By first address; freed ones stay until the address is used again. */
  readonly #regions = new Map<number, Region>();
  /** Regions of buffers that died before anybody freed them. */
  readonly #lost: Region[] = [];
  /** For each byte from the first address on, 1 when it was written. */
  #written = new Uint8Array(0);
  /** The address that `written` begins with, -1 as long as nothing is known. */
  #base = -1;

  constructor(heap: Heap, readonly checks: RawChecks, readonly frames: () => Frames) {
    super(heap);
    heap.onBufferDeath = (address) => {
      const region = this.#regions.get(address);
      if (address === 0) return;
      if (region !== undefined) this.#lost.push(region);
      super.free(address);
      this.#regions.delete(address);
    };
  }

  /** What it knows of regions is known to no other thread. */
  override get canShare(): boolean { return false; }

  #here(): Frames { return this.checks.sites ? this.frames().slice(0, FRAMES) : UNKNOWN; }

  override load(state: RawState): void {
    super.load(state);
    state.owner.forEach((each, granule) => { if (each === granule + 1) this.#enter(this.addressOf(granule), state.sizes[granule]!, UNKNOWN, 1); });
  }

  #enter(address: number, bytes: number, allocated: Frames, written: 0 | 1): void {
    this.#regions.set(address, { bytes, allocated, freed: null });
    if (!this.checks.uninitialised) return;
    this.#base = this.addressOf(0);
    const end = address - this.#base + bytes;
    if (end > this.#written.length) {
      const larger = new Uint8Array(Math.max(end, 2 * this.#written.length, 4096));
      larger.set(this.#written);
      this.#written = larger;
    }
    this.#written.fill(written, address - this.#base, end);
  }

  override allocate(bytes: number): number {
    const address = super.allocate(bytes);
    this.#enter(address, bytes, this.#here(), 0);
    return address;
  }

  override allocateZeroed(bytes: number): number {
    const address = this.allocate(bytes);
    this.#mark(address, bytes);
    return address;
  }

  override free(address: number): void {
    this.#explained(address, () => super.free(address));
    const region = this.#regions.get(address);
    if (region !== undefined) region.freed = this.#here();
  }

  override realloc(address: number, bytes: number): number {
    const old = this.#regions.get(address), written = old === undefined || this.#base < 0 ? null : this.#written.slice(address - this.#base, address - this.#base + Math.min(old.bytes, bytes));
    const at = this.#explained(address, () => super.realloc(address, bytes));
    if (written !== null && address !== 0) this.#written.set(written, at - this.#base);
    return at;
  }

  override sizeOf(address: number): number { return this.#explained(address, () => super.sizeOf(address)); }

  /** Does something with the region at the address; an error says where that came from. */
  #explained<T>(address: number, step: () => T): T {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof RawError)) throw error;
      throw new RawError(error.message + this.sites(this.regionAround(address)));
    }
  }

  override sites(address: number): string {
    const region = this.checks.sites ? this.#regions.get(address) : undefined;
    if (region === undefined) return "";
    return ` (allocated ${place(region.allocated)}${region.freed === null ? "" : `, freed ${place(region.freed)}`})`;
  }

  override check(address: number, bytes: number): number { return this.#explained(address, () => super.check(address, bytes)); }

  // ---- bytes that were never written

  #mark(address: number, bytes: number): void {
    if (this.#base >= 0) this.#written.fill(1, address - this.#base, address - this.#base + bytes);
  }

  /** Throws when one of the bytes, which are all inside of one region, was never written. */
  #expectWritten(address: number, bytes: number): void {
    if (this.#base < 0) return;
    const from = address - this.#base, missing = this.#written.subarray(from, from + bytes).indexOf(0);
    if (missing < 0) return;
    const start = this.regionAround(address), region = this.#regions.get(start)!;
    throw new RawError(`uninitialised read: the byte at offset ${address + missing - start} of a region of ${region.bytes} bytes was never written${this.sites(start)}`);
  }

  protected override checkRead(address: number, bytes: number): number {
    const offset = this.check(address, bytes);
    this.#expectWritten(address, bytes);
    return offset;
  }

  protected override checkWrite(address: number, bytes: number): number {
    const offset = this.check(address, bytes);
    this.#mark(address, bytes);
    return offset;
  }

  /** What was never written stays so where it is copied to. */
  override copy(to: number, from: number, bytes: number): void {
    super.copy(to, from, bytes);
    if (this.#base < 0 || to >= FOREIGN || from >= FOREIGN) return;
    this.#written.copyWithin(to - this.#base, from - this.#base, from - this.#base + bytes);
  }

  // ---- leaks

  /** What nobody freed, the largest first: regions by the frames that allocated them. */
  leaks(): RawLeak[] {
    if (!this.checks.sites) return [];
    const found = new Map<string, { regions: number; bytes: number; readonly trace: Frames }>();
    for (const { bytes, allocated, freed } of [...this.#regions.values(), ...this.#lost]) {
      if (freed !== null) continue;
      const key = allocated.map(({ sourceId, start, end }) => `${sourceId}:${start}:${end}`).join(), known = found.get(key) ?? { regions: 0, bytes: 0, trace: allocated };
      found.set(key, { regions: known.regions + 1, bytes: known.bytes + bytes, trace: allocated });
    }
    return [...found.values()].sort((a, b) => b.bytes - a.bytes);
  }
}
