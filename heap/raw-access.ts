// The bytes of raw memory, as scripts read and write them through pointers: every access is checked against the allocation it falls
// into. What allocates is in raw.ts; threads that were lent the memory of another one have it through lent-raw.ts.
//
//   pointer = 0x10000 + offset in the buffer; null is 0.
//   Regions start at multiples of 16. For each granule of 16 bytes, `owner` has the granule its region starts at:
//     0  never allocated      n > 0  live region starting at granule n - 1      n < 0  freed region starting at granule -n - 1
//   and `sizes` has, at a region's first granule, its size in bytes. The last granule is never full: what runs over the end of
//   a region by a byte is behind it, and not in the next one.

/** A script's misuse of raw memory. */
export class RawError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "RawError";
  }
}

export const BASE = 0x10000, GRANULE_SHIFT = 4, GRANULE = 16;

/** From here on addresses are those of memory that is not ours, with this bit set: what libraries of the host gave to the script. */
export const FOREIGN = 2 ** 47;
/** Memory of libraries. Reading and writing throw RawError where there is none. */
export interface ForeignMemory {
  /** A copy of the bytes. */
  read(address: number, bytes: number): Uint8Array;
  write(address: number, bytes: Uint8Array): void;
}

/** The buffers of a raw memory: its bytes, and the two tables. */
export interface RawBuffers { readonly bytes: ArrayBuffer | SharedArrayBuffer; readonly owner: ArrayBuffer | SharedArrayBuffer; readonly sizes: ArrayBuffer | SharedArrayBuffer }

export const hexAddress = (address: number): string => `0x${address.toString(16)}`;
const plural = (bytes: number): string => (bytes === 1 ? "1 byte" : `${bytes} bytes`);
const NOTHING: RawBuffers = { bytes: new ArrayBuffer(0), owner: new ArrayBuffer(0), sizes: new ArrayBuffer(0) };

export class RawAccess {
  // Nothing until the first allocation: most scripts use no raw memory.
  protected buffers = NOTHING;
  protected data = new DataView(NOTHING.bytes);
  protected u8 = new Uint8Array(NOTHING.bytes);
  protected owner = new Int32Array(NOTHING.owner);
  protected sizes = new Int32Array(NOTHING.sizes);
  /** For atomic operations. */
  i32 = new Int32Array(NOTHING.bytes);
  i64 = new BigInt64Array(NOTHING.bytes);
  /** Bounds of the region of the last successful check, as offsets; most accesses hit it again. */
  protected low = 0;
  protected high = 0;
  /** Other threads may write meanwhile. */
  isShared = false;

  /** What reaches memory of libraries, where the VM may call any. */
  foreign: ForeignMemory | null = null;

  /** Views with a length of their own: V8 is slow with those that follow a buffer that grows. */
  protected adopt(buffers: RawBuffers, isShared: boolean): void {
    const { bytes, owner, sizes } = buffers, length = bytes.byteLength, count = owner.byteLength >> 2;
    this.buffers = buffers;
    this.data = new DataView(bytes, 0, length);
    this.u8 = new Uint8Array(bytes, 0, length);
    this.i32 = new Int32Array(bytes, 0, length >> 2);
    this.i64 = new BigInt64Array(bytes, 0, length >> 3);
    this.owner = new Int32Array(owner, 0, count);
    this.sizes = new Int32Array(sizes, 0, count);
    this.isShared = isShared;
    this.low = this.high = 0;
  }

  protected ownerOf(offset: number): number { return offset >= 0 ? this.owner[Math.floor(offset / GRANULE)] ?? 0 : 0; }

  /** First address and size of the live region that holds the address; null when none does. */
  regionOf(address: number): { readonly address: number; readonly bytes: number } | null {
    const owner = this.ownerOf(address - BASE);
    return owner <= 0 ? null : { address: BASE + (owner - 1) * GRANULE, bytes: this.sizes[owner - 1]! };
  }

  /** True when a live region starts at the address. */
  isLive(address: number): boolean {
    const offset = address - BASE;
    return offset % GRANULE === 0 && this.ownerOf(offset) === offset / GRANULE + 1;
  }

  /** First address of the region, live or freed, that the address falls into or lies just behind; 0 for none. */
  regionAround(address: number): number {
    const offset = address - BASE, owner = this.ownerOf(offset) || this.ownerOf(offset - 1);
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
    if (offset >= this.low && offset + bytes <= this.high) return offset;
    return this.#checkSlow(address, bytes);
  }

  #checkSlow(address: number, bytes: number): number {
    const offset = address - BASE;
    if (address === 0) throw new RawError("null pointer access");
    let owner = this.ownerOf(offset);
    // Just past the end of a region is worth a better message than "never allocated".
    if (owner === 0) owner = Math.max(0, this.ownerOf(offset - 1));
    if (owner === 0) throw new RawError(`out of bounds: ${plural(bytes)} at ${hexAddress(address)}, which was never allocated`);
    const first = Math.abs(owner) - 1, low = first * GRANULE, size = this.sizes[first]!;
    if (owner < 0) throw new RawError(`use after free: ${plural(bytes)} at ${hexAddress(address)}, freed region of ${plural(size)}`);
    if (offset < low || offset + bytes > low + size) {
      throw new RawError(`out of bounds: ${plural(bytes)} at offset ${offset - low} of a region of ${plural(size)}`);
    }
    this.low = low;
    this.high = low + size;
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

  // The check comes first: memory that others share may have grown, and then it takes views anew.
  readI8(address: number): number { if (address >= FOREIGN) return this.#reach(address, 1).getInt8(0); const at = this.checkRead(address, 1); return this.data.getInt8(at); }
  readU8(address: number): number { if (address >= FOREIGN) return this.#reach(address, 1).getUint8(0); const at = this.checkRead(address, 1); return this.u8[at]!; }
  readI16(address: number): number { if (address >= FOREIGN) return this.#reach(address, 2).getInt16(0, true); const at = this.checkRead(address, 2); return this.data.getInt16(at, true); }
  readU16(address: number): number { if (address >= FOREIGN) return this.#reach(address, 2).getUint16(0, true); const at = this.checkRead(address, 2); return this.data.getUint16(at, true); }
  readI32(address: number): number { if (address >= FOREIGN) return this.#reach(address, 4).getInt32(0, true); const at = this.checkRead(address, 4); return this.data.getInt32(at, true); }
  readU32(address: number): number { if (address >= FOREIGN) return this.#reach(address, 4).getUint32(0, true); const at = this.checkRead(address, 4); return this.data.getUint32(at, true); }
  readI64(address: number): bigint { if (address >= FOREIGN) return this.#reach(address, 8).getBigInt64(0, true); const at = this.checkRead(address, 8); return this.data.getBigInt64(at, true); }
  readU64(address: number): bigint { if (address >= FOREIGN) return this.#reach(address, 8).getBigUint64(0, true); const at = this.checkRead(address, 8); return this.data.getBigUint64(at, true); }
  readF32(address: number): number { if (address >= FOREIGN) return this.#reach(address, 4).getFloat32(0, true); const at = this.checkRead(address, 4); return this.data.getFloat32(at, true); }
  readF64(address: number): number { if (address >= FOREIGN) return this.#reach(address, 8).getFloat64(0, true); const at = this.checkRead(address, 8); return this.data.getFloat64(at, true); }
  writeI8(address: number, v: number): void { if (address >= FOREIGN) return this.#give(address, 1, (cell) => cell.setInt8(0, v)); const at = this.checkWrite(address, 1); this.data.setInt8(at, v); }
  writeU8(address: number, v: number): void { if (address >= FOREIGN) return this.#give(address, 1, (cell) => cell.setUint8(0, v)); const at = this.checkWrite(address, 1); this.u8[at] = v; }
  writeI16(address: number, v: number): void { if (address >= FOREIGN) return this.#give(address, 2, (cell) => cell.setInt16(0, v, true)); const at = this.checkWrite(address, 2); this.data.setInt16(at, v, true); }
  writeU16(address: number, v: number): void { if (address >= FOREIGN) return this.#give(address, 2, (cell) => cell.setUint16(0, v, true)); const at = this.checkWrite(address, 2); this.data.setUint16(at, v, true); }
  writeI32(address: number, v: number): void { if (address >= FOREIGN) return this.#give(address, 4, (cell) => cell.setInt32(0, v, true)); const at = this.checkWrite(address, 4); this.data.setInt32(at, v, true); }
  writeU32(address: number, v: number): void { if (address >= FOREIGN) return this.#give(address, 4, (cell) => cell.setUint32(0, v, true)); const at = this.checkWrite(address, 4); this.data.setUint32(at, v, true); }
  writeI64(address: number, v: bigint): void { if (address >= FOREIGN) return this.#give(address, 8, (cell) => cell.setBigInt64(0, v, true)); const at = this.checkWrite(address, 8); this.data.setBigInt64(at, v, true); }
  writeU64(address: number, v: bigint): void { if (address >= FOREIGN) return this.#give(address, 8, (cell) => cell.setBigUint64(0, v, true)); const at = this.checkWrite(address, 8); this.data.setBigUint64(at, v, true); }
  writeF32(address: number, v: number): void { if (address >= FOREIGN) return this.#give(address, 4, (cell) => cell.setFloat32(0, v, true)); const at = this.checkWrite(address, 4); this.data.setFloat32(at, v, true); }
  writeF64(address: number, v: number): void { if (address >= FOREIGN) return this.#give(address, 8, (cell) => cell.setFloat64(0, v, true)); const at = this.checkWrite(address, 8); this.data.setFloat64(at, v, true); }

  /** Sets bytes. */
  fill(address: number, byte: number, bytes: number): void {
    if (bytes === 0) return;
    if (address >= FOREIGN) return this.#beyond(address).write(address, new Uint8Array(bytes).fill(byte));
    const at = this.checkWrite(address, bytes);
    this.u8.fill(byte, at, at + bytes);
  }

  /** Copies bytes; the ranges may overlap. */
  copy(to: number, from: number, bytes: number): void {
    if (bytes === 0) return;
    if (to >= FOREIGN) return this.#beyond(to).write(to, this.view(from, bytes).slice());
    if (from >= FOREIGN) return this.put(to, this.view(from, bytes));
    const target = this.check(to, bytes), source = this.check(from, bytes);
    this.u8.copyWithin(target, source, source + bytes);
  }

  /** The bytes themselves, as a view valid until the next allocation of raw memory; a copy of foreign memory, and of what others may change. */
  view(address: number, bytes: number): Uint8Array {
    if (bytes === 0) return new Uint8Array(0);
    if (address >= FOREIGN) return this.#beyond(address).read(address, bytes);
    const at = this.checkRead(address, bytes);
    return this.isShared ? this.u8.slice(at, at + bytes) : this.u8.subarray(at, at + bytes);
  }

  /** Index in `i32`, or `i64`, of a number of 4 or 8 bytes for an atomic operation; -1 where there can be none: where it is not aligned, or foreign. */
  atomicIndex(address: number, bytes: 4 | 8, reads: boolean, writes: boolean): number {
    if (address >= FOREIGN || address % bytes !== 0) return -1;
    const offset = reads ? this.checkRead(address, bytes) : 0;
    return (writes ? this.checkWrite(address, bytes) : offset) / bytes;
  }

  /** As view, for bytes that somebody outside may write. */
  lend(address: number, bytes: number): Uint8Array {
    const at = bytes === 0 ? 0 : this.checkWrite(address, bytes);
    return this.u8.subarray(at, at + bytes);
  }

  /** Writes bytes, which are not a view of raw memory. */
  put(address: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (address >= FOREIGN) this.#beyond(address).write(address, bytes);
    else {
      const at = this.checkWrite(address, bytes.length);
      this.u8.set(bytes, at);
    }
  }
}
