// Raw memory: what scripts reach through pointers. It lives in a buffer of its own, so a wild pointer can never touch the
// world, and every access is checked against the allocation it falls into.
//
//   pointer = 0x10000 + offset in the buffer; null is 0.
//   Regions start at multiples of 16. For each granule of 16 bytes, `owner` has the granule its region starts at:
//     0  never allocated      n > 0  live region starting at granule n - 1      n < 0  freed region starting at granule -n - 1
//   and `sizes` has, at a region's first granule, its size in bytes.
//
// Freed regions wait in a queue before they are reused, so that a use after free is an error and not a surprise.

import type { Heap } from "./heap.ts";

/** A script's misuse of raw memory. */
export class RawError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "RawError";
  }
}

const BASE = 0x10000, GRANULE_SHIFT = 4, GRANULE = 16, FIRST_BYTES = 64 << 10, PAGE_BYTES = 4096;
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

/** From here on addresses are those of memory that is not ours, with this bit set: what libraries of the host gave to the script. */
export const FOREIGN = 2 ** 47;
/** Memory of libraries. Reading and writing throw RawError where there is none. */
export interface ForeignMemory {
  /** A copy of the bytes. */
  read(address: number, bytes: number): Uint8Array;
  write(address: number, bytes: Uint8Array): void;
}

const hexAddress = (address: number): string => `0x${address.toString(16)}`;
const plural = (bytes: number): string => (bytes === 1 ? "1 byte" : `${bytes} bytes`);
const granules = (bytes: number): number => Math.max(1, Math.ceil(bytes / GRANULE));

export class RawMemory {
  // Nothing until the first allocation: most scripts use no raw memory.
  #buffer = new ArrayBuffer(0);
  #view = new DataView(this.#buffer);
  #u8 = new Uint8Array(this.#buffer);
  #owner = new Int32Array(0);
  #sizes = new Int32Array(0);
  /** First granule never handed out. */
  #end = 0;
  /** Reusable regions: first granules by number of granules. */
  readonly #free = new Map<number, number[]>();
  /** Freed regions not reusable yet, oldest first from #oldest on. */
  #quarantine: number[] = [];
  #oldest = 0;
  #quarantined = 0;
  /** Bounds of the region of the last successful check, as offsets; most accesses hit it again. */
  #low = 0;
  #high = 0;
  #liveBytes = 0;
  #liveRegions = 0;

  /** What reaches memory of libraries, where the VM may call any. */
  foreign: ForeignMemory | null = null;

  constructor(readonly heap: Heap) {
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
    this.#owner.fill(first + 1, first, first + count);
    this.#sizes[first] = bytes;
    this.#u8.fill(0, first << GRANULE_SHIFT, (first + count) << GRANULE_SHIFT);
    this.#liveBytes += bytes;
    this.#liveRegions++;
    return BASE + (first << GRANULE_SHIFT);
  }

  /** The same, for memory whose zeros mean something. */
  allocateZeroed(bytes: number): number { return this.allocate(bytes); }

  /** Granules for a region, used before or not; -1 when the limit forbids more. */
  #find(count: number): number {
    const first = this.#reuse(count);
    if (first >= 0 || !this.heap.takeRaw(count * GRANULE)) return first;
    const fresh = this.#end, end = (fresh + count) * GRANULE;
    if (end > this.#buffer.byteLength) this.#grow(end);
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
    while (this.#quarantined > 0) this.#releaseOldest();
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
        this.#end = first;
      }
    }
  }

  #grow(needed: number): void {
    let bytes = Math.max(FIRST_BYTES, this.#buffer.byteLength);
    while (bytes < needed) bytes *= 2;
    const old = this.#u8, owner = this.#owner, sizes = this.#sizes;
    this.#buffer = new ArrayBuffer(bytes);
    this.#view = new DataView(this.#buffer);
    this.#u8 = new Uint8Array(this.#buffer);
    this.#u8.set(old);
    this.#owner = new Int32Array(bytes >> GRANULE_SHIFT);
    this.#owner.set(owner);
    this.#sizes = new Int32Array(bytes >> GRANULE_SHIFT);
    this.#sizes.set(sizes);
  }

  /** Views of all there is, good until the next call; null when nothing was ever allocated. */
  state(): RawState | null {
    const end = this.#end, free: number[] = [];
    if (this.#buffer.byteLength === 0) return null;
    for (const [count, regions] of this.#free) for (const first of regions.length === 0 ? [-1] : regions) free.push(count, first);
    return {
      bytes: this.#u8.subarray(0, Math.ceil((end << GRANULE_SHIFT) / PAGE_BYTES) * PAGE_BYTES), owner: this.#owner.subarray(0, end), sizes: this.#sizes.subarray(0, end),
      quarantine: Int32Array.from(this.#quarantine.slice(this.#oldest)), free: Int32Array.from(free),
    };
  }

  /** Takes over a state, which is copied and must have been checked, into a raw memory that is empty. */
  load({ bytes, owner, sizes, quarantine, free }: RawState): void {
    this.#grow(bytes.length);
    this.#end = owner.length;
    this.#u8.set(bytes);
    this.#owner.set(owner);
    this.#sizes.set(sizes);
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
    const first = this.#regionStart(address, "free"), bytes = this.#sizes[first]!, count = granules(bytes);
    this.#owner.fill(-first - 1, first, first + count);
    this.#liveBytes -= bytes;
    this.#liveRegions--;
    this.#low = this.#high = 0;
    this.#quarantine.push(first);
    this.#quarantined += count << GRANULE_SHIFT;
    while (this.#quarantined > QUARANTINE_BYTES) this.#releaseOldest();
  }

  #releaseOldest(): void {
    const first = this.#quarantine[this.#oldest++]!, count = granules(this.#sizes[first]!);
    this.#quarantined -= count << GRANULE_SHIFT;
    this.#release(first, count);
    if (this.#oldest > 1024 && 2 * this.#oldest > this.#quarantine.length) {
      this.#quarantine = this.#quarantine.slice(this.#oldest);
      this.#oldest = 0;
    }
  }

  /** First granule of the live region that starts at the address. */
  #regionStart(address: number, what: string): number {
    const offset = address - BASE, owner = this.#ownerOf(offset);
    if (owner === 0 || offset % GRANULE !== 0) throw new RawError(`${what} of ${hexAddress(address)}, which was never allocated`);
    const first = offset / GRANULE;
    if (owner < 0) {
      if (-owner - 1 === first) throw new RawError(what === "free" ? `double free of pointer ${hexAddress(address)}` : `${what} of ${hexAddress(address)}, which is freed`);
      throw new RawError(`${what} of ${hexAddress(address)}, inside a freed region`);
    }
    if (owner - 1 !== first) throw new RawError(`${what} of ${hexAddress(address)}, which is not the start of its region`);
    return first;
  }

  #ownerOf(offset: number): number {
    return offset >= 0 && offset < this.#end * GRANULE ? this.#owner[Math.floor(offset / GRANULE)]! : 0;
  }

  /** A region of the new size with as much of the old contents as fits; the old one is freed. Null allocates. */
  realloc(address: number, bytes: number): number {
    if (address === 0) return this.allocate(bytes);
    const first = this.#regionStart(address, "realloc"), old = this.#sizes[first]!, at = this.allocate(bytes);
    this.#u8.copyWithin(at - BASE, address - BASE, address - BASE + Math.min(old, bytes));
    this.free(address);
    return at;
  }

  /** First address and size of the live region that holds the address; null when none does. */
  regionOf(address: number): { readonly address: number; readonly bytes: number } | null {
    const owner = this.#ownerOf(address - BASE);
    return owner <= 0 ? null : { address: BASE + (owner - 1) * GRANULE, bytes: this.#sizes[owner - 1]! };
  }

  /** Size of the live region that starts at the address. */
  sizeOf(address: number): number { return this.#sizes[this.#regionStart(address, "size")]!; }
  /** True when a live region starts at the address. */
  isLive(address: number): boolean {
    const offset = address - BASE;
    return offset % GRANULE === 0 && this.#ownerOf(offset) === offset / GRANULE + 1;
  }

  /** First address of the region, live or freed, that the address falls into or lies just behind; 0 for none. */
  regionAround(address: number): number {
    const offset = address - BASE, owner = this.#ownerOf(offset) || this.#ownerOf(offset - 1);
    return owner === 0 ? 0 : this.addressOf(Math.abs(owner) - 1);
  }

  /** Address of a granule. */
  protected addressOf(granule: number): number { return BASE + (granule << GRANULE_SHIFT); }

  /** Where the region that starts at the address was allocated and freed, for messages; memory that remembers says so. */
  sites(_address: number): string { return ""; }

  /** As check, for bytes that are read, and for bytes that are written. */
  protected checkRead(address: number, bytes: number): number { return this.check(address, bytes); }
  protected checkWrite(address: number, bytes: number): number { return this.check(address, bytes); }

  /** Offset of `bytes` accessible bytes at the address; throws when they are not all inside one live region. */
  check(address: number, bytes: number): number {
    const offset = address - BASE;
    if (offset >= this.#low && offset + bytes <= this.#high) return offset;
    return this.#checkSlow(address, bytes);
  }

  #checkSlow(address: number, bytes: number): number {
    const offset = address - BASE;
    if (address === 0) throw new RawError("null pointer access");
    let owner = this.#ownerOf(offset);
    // Just past the end of a region is worth a better message than "never allocated".
    if (owner === 0) owner = Math.max(0, this.#ownerOf(offset - 1));
    if (owner === 0) throw new RawError(`out of bounds: ${plural(bytes)} at ${hexAddress(address)}, which was never allocated`);
    const first = Math.abs(owner) - 1, low = first * GRANULE, size = this.#sizes[first]!;
    if (owner < 0) throw new RawError(`use after free: ${plural(bytes)} at ${hexAddress(address)}, freed region of ${plural(size)}`);
    if (offset < low || offset + bytes > low + size) {
      throw new RawError(`out of bounds: ${plural(bytes)} at offset ${offset - low} of a region of ${plural(size)}`);
    }
    this.#low = low;
    this.#high = low + size;
    return offset;
  }

  #beyond(address: number): ForeignMemory {
    if (this.foreign === null) throw new RawError(`out of bounds: ${hexAddress(address)} was never allocated`);
    return this.foreign;
  }

  #reach(address: number, bytes: number): DataView {
    const copy = this.#beyond(address).read(address, bytes);
    return new DataView(copy.buffer, copy.byteOffset, bytes);
  }

  #give(address: number, bytes: number, set: (cell: DataView) => void): void {
    const cell = new Uint8Array(bytes);
    set(new DataView(cell.buffer));
    this.#beyond(address).write(address, cell);
  }

  readI8(address: number): number { return address < FOREIGN ? this.#view.getInt8(this.checkRead(address, 1)) : this.#reach(address, 1).getInt8(0); }
  readU8(address: number): number { return address < FOREIGN ? this.#u8[this.checkRead(address, 1)]! : this.#reach(address, 1).getUint8(0); }
  readI16(address: number): number { return address < FOREIGN ? this.#view.getInt16(this.checkRead(address, 2), true) : this.#reach(address, 2).getInt16(0, true); }
  readU16(address: number): number { return address < FOREIGN ? this.#view.getUint16(this.checkRead(address, 2), true) : this.#reach(address, 2).getUint16(0, true); }
  readI32(address: number): number { return address < FOREIGN ? this.#view.getInt32(this.checkRead(address, 4), true) : this.#reach(address, 4).getInt32(0, true); }
  readU32(address: number): number { return address < FOREIGN ? this.#view.getUint32(this.checkRead(address, 4), true) : this.#reach(address, 4).getUint32(0, true); }
  readI64(address: number): bigint { return address < FOREIGN ? this.#view.getBigInt64(this.checkRead(address, 8), true) : this.#reach(address, 8).getBigInt64(0, true); }
  readU64(address: number): bigint { return address < FOREIGN ? this.#view.getBigUint64(this.checkRead(address, 8), true) : this.#reach(address, 8).getBigUint64(0, true); }
  readF32(address: number): number { return address < FOREIGN ? this.#view.getFloat32(this.checkRead(address, 4), true) : this.#reach(address, 4).getFloat32(0, true); }
  readF64(address: number): number { return address < FOREIGN ? this.#view.getFloat64(this.checkRead(address, 8), true) : this.#reach(address, 8).getFloat64(0, true); }
  writeI8(address: number, v: number): void { if (address < FOREIGN) this.#view.setInt8(this.checkWrite(address, 1), v); else this.#give(address, 1, (cell) => cell.setInt8(0, v)); }
  writeU8(address: number, v: number): void { if (address < FOREIGN) this.#u8[this.checkWrite(address, 1)] = v; else this.#give(address, 1, (cell) => cell.setUint8(0, v)); }
  writeI16(address: number, v: number): void { if (address < FOREIGN) this.#view.setInt16(this.checkWrite(address, 2), v, true); else this.#give(address, 2, (cell) => cell.setInt16(0, v, true)); }
  writeU16(address: number, v: number): void { if (address < FOREIGN) this.#view.setUint16(this.checkWrite(address, 2), v, true); else this.#give(address, 2, (cell) => cell.setUint16(0, v, true)); }
  writeI32(address: number, v: number): void { if (address < FOREIGN) this.#view.setInt32(this.checkWrite(address, 4), v, true); else this.#give(address, 4, (cell) => cell.setInt32(0, v, true)); }
  writeU32(address: number, v: number): void { if (address < FOREIGN) this.#view.setUint32(this.checkWrite(address, 4), v, true); else this.#give(address, 4, (cell) => cell.setUint32(0, v, true)); }
  writeI64(address: number, v: bigint): void { if (address < FOREIGN) this.#view.setBigInt64(this.checkWrite(address, 8), v, true); else this.#give(address, 8, (cell) => cell.setBigInt64(0, v, true)); }
  writeU64(address: number, v: bigint): void { if (address < FOREIGN) this.#view.setBigUint64(this.checkWrite(address, 8), v, true); else this.#give(address, 8, (cell) => cell.setBigUint64(0, v, true)); }
  writeF32(address: number, v: number): void { if (address < FOREIGN) this.#view.setFloat32(this.checkWrite(address, 4), v, true); else this.#give(address, 4, (cell) => cell.setFloat32(0, v, true)); }
  writeF64(address: number, v: number): void { if (address < FOREIGN) this.#view.setFloat64(this.checkWrite(address, 8), v, true); else this.#give(address, 8, (cell) => cell.setFloat64(0, v, true)); }

  /** Sets bytes. */
  fill(address: number, byte: number, bytes: number): void {
    if (bytes === 0) return;
    if (address >= FOREIGN) return this.#beyond(address).write(address, new Uint8Array(bytes).fill(byte));
    const at = this.checkWrite(address, bytes);
    this.#u8.fill(byte, at, at + bytes);
  }

  /** Copies bytes; the ranges may overlap. */
  copy(to: number, from: number, bytes: number): void {
    if (bytes === 0) return;
    if (to >= FOREIGN) return this.#beyond(to).write(to, this.view(from, bytes).slice());
    if (from >= FOREIGN) return this.put(to, this.view(from, bytes));
    const target = this.check(to, bytes), source = this.check(from, bytes);
    this.#u8.copyWithin(target, source, source + bytes);
  }

  /** The bytes themselves, as a view valid until the next allocation of raw memory; of foreign memory a copy. */
  view(address: number, bytes: number): Uint8Array {
    if (bytes === 0) return new Uint8Array(0);
    if (address >= FOREIGN) return this.#beyond(address).read(address, bytes);
    const at = this.checkRead(address, bytes);
    return this.#u8.subarray(at, at + bytes);
  }

  /** As view, for bytes that somebody outside may write. */
  lend(address: number, bytes: number): Uint8Array {
    const at = bytes === 0 ? 0 : this.checkWrite(address, bytes);
    return this.#u8.subarray(at, at + bytes);
  }

  /** Writes bytes, which are not a view of raw memory. */
  put(address: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (address >= FOREIGN) this.#beyond(address).write(address, bytes);
    else this.#u8.set(bytes, this.checkWrite(address, bytes.length));
  }
}
