// Debug: what a collection frees is not used again for some collections more, and says by its poison which of them freed it. So
// a reference that somebody kept leads to poison, never to the next cell at the same address; and whoever writes through it is
// found out at the next collection.
//
// Small cells keep their lines, by marks as if they lived, and large ones their pages and the two words of their header, by
// which pages are walked. When memory runs out, all of it is given back first.

import { Bug, hex } from "./debug.ts";
import type { Heap } from "./heap.ts";
import { isPoison, poison, poisonNumber } from "./pages.ts";
import { Header, World } from "./world-layout.ts";

/** A cell that is dead, and the number of the collection that found it so. */
interface Held { readonly addr: number; readonly size: number; readonly number: number }

export class Quarantine {
  /** Oldest first. */
  #held: Held[] = [];
  readonly #large = new Set<number>();

  /** `collections`: for so many a cell is held. */
  constructor(readonly heap: Heap, readonly collections: number) {}

  get count(): number { return this.#held.length; }

  /** Takes over a cell that the collection at hand found dead. */
  hold(addr: number, size: number): void {
    this.#held.push({ addr, size, number: this.heap.word(Header.Collections) });
    if (size > World.LargeBytes) this.#large.add(addr);
    poison(this.heap, size > World.LargeBytes ? addr + 8 : addr, addr + size);
  }

  /** Whether a large cell that is not alive keeps its pages. */
  holdsLarge(addr: number): boolean { return this.#large.has(addr); }

  /** Before what this collection found dead is added: lets go what was held long enough, or everything. */
  release(all: boolean): void {
    this.check();
    const now = this.heap.word(Header.Collections);
    this.#held = this.#held.filter(({ addr, number }) => {
      const stays = !all && now - number < this.collections;
      if (!stays) this.#large.delete(addr);
      return stays;
    });
  }

  /** Before lines and blocks are swept: those of the cells held count as live. */
  keepLines(epoch: number): void {
    const { u8 } = this.heap;
    for (const { addr, size } of this.#held) {
      if (size > World.LargeBytes) continue;
      const block = addr & World.BlockMask;
      u8[block] = epoch;
      u8.fill(epoch, block + ((addr - block) >> World.LineShift), block + ((addr - block + size - 1) >> World.LineShift) + 1);
    }
  }

  /** Throws when somebody wrote to what is held. */
  check(): void {
    const { i32 } = this.heap;
    for (const { addr, size, number } of this.#held) {
      for (let w = (size > World.LargeBytes ? addr + 8 : addr) >> 2; w < (addr + size) >> 2; w++) {
        const word = i32[w]!;
        if (!isPoison(word) || poisonNumber(word) !== (number & World.PoisonNumberMask)) {
          throw new Bug(`heap: write after free at ${hex(w * 4)}: ${hex(word)}, in a cell of ${size} bytes at ${hex(addr)} that collection ${number} freed`);
        }
      }
    }
  }
}
