// A set of cells: one bit for every 8 bytes of the world, and after `seal` the place of each cell in order of address. Takes
// 1/32 of the world, however many cells there are; a table by address would take half of it.

/** Bits set in a word. */
function countBits(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

export class CellSet {
  readonly #bits: Int32Array;
  /** Cells in the words before each word; empty until sealed. */
  #before = new Uint32Array(0);
  #size = 0;

  constructor(worldBytes: number) { this.#bits = new Int32Array((worldBytes + 255) >> 8); }

  /** Number of cells. */
  get size(): number { return this.#size; }

  /** False when the cell was in the set already. */
  add(addr: number): boolean {
    const bit = 1 << ((addr >> 3) & 31), at = addr >> 8, word = this.#bits[at]!;
    if ((word & bit) !== 0) return false;
    this.#bits[at] = word | bit;
    this.#size++;
    return true;
  }

  /** Addresses beyond the world it was made for are in no set. */
  has(addr: number): boolean { return (this.#bits[addr >> 8]! & (1 << ((addr >> 3) & 31))) !== 0; }

  /** Makes `rank` possible; nothing may be added afterwards. */
  seal(): void {
    const before = new Uint32Array(this.#bits.length);
    for (let i = 0, count = 0; i < before.length; i++) {
      before[i] = count;
      count += countBits(this.#bits[i]!);
    }
    this.#before = before;
  }

  /** How many cells of the sealed set lie below the address. */
  rank(addr: number): number { return this.#before[addr >> 8]! + countBits(this.#bits[addr >> 8]! & ((1 << ((addr >> 3) & 31)) - 1)); }

  /** Calls `visit` with every cell, in order of address. */
  each(visit: (addr: number) => void): void {
    for (let at = 0; at < this.#bits.length; at++) {
      for (let word = this.#bits[at]!; word !== 0; word &= word - 1) visit((at << 8) + (31 - Math.clz32(word & -word)) * 8);
    }
  }
}
