// Numbers of cells that stay the same from one graph to the next, which is what comparing two of them rests on.
//
// Cells do not move, so a cell is known by its address as long as it lives; what must not happen is that a new cell at the
// address of a dead one takes over its number. So an ObjectIds watches the heap between graphs: after each collection it
// forgets the cells that were not marked, and whatever the heap frees by itself at once. It looks at the cells it has given
// numbers to only, and only at collections; a heap that is not watched pays nothing.
//
// Numbers are odd and increase: cells first met in a later graph have higher ones. Within a graph they go by address. The
// number after a cell's (2 higher, odd too) is that of the raw memory it owns.

import type { Heap } from "../../heap/heap.ts";
import { isKnownKind, kindOf } from "../../heap/trace.ts";
import { Header } from "../../heap/world-layout.ts";
import { CellSet } from "./cell-set.ts";

/** Lower odd numbers are those of the root and its groups; even ones those of stack frames, which are no objects. */
export const FIRST_ID = 101, STEP = 4;
export const RAW_MEMORY_ID = 2;

/** Numbers of the cells of a sealed set, in its order. */
export type NumberCells = (cells: CellSet) => Float64Array;

/** Numbers for one graph that is compared with no other. */
export const plainIds: NumberCells = (cells) => Float64Array.from({ length: cells.size }, (_, i) => FIRST_ID + STEP * i);

export class ObjectIds {
  readonly #heap: Heap;
  readonly #onCollect: Heap["settings"]["onCollect"];
  readonly #onFree: Heap["onFree"];
  #cells = new CellSet(0);
  /** By place in #cells; 0 for a cell that died. */
  #ids = new Float64Array(0);
  #next = FIRST_ID;

  /** Watches the heap until `stop`. */
  constructor(heap: Heap) {
    this.#heap = heap;
    this.#onCollect = heap.settings.onCollect;
    heap.settings.onCollect = (entry) => {
      this.#forgetDead();
      this.#onCollect?.(entry);
    };
    this.#onFree = heap.onFree;
    heap.onFree = (addr) => {
      this.#forget(addr);
      this.#onFree?.(addr);
    };
  }

  /** Cells met from now on have this id or a higher one. */
  get next(): number { return this.#next; }

  stop(): void {
    this.#heap.settings.onCollect = this.#onCollect;
    this.#heap.onFree = this.#onFree;
  }

  /** Numbers of the live cells: those they had, new ones for new cells. */
  readonly assign: NumberCells = (cells) => {
    const ids = new Float64Array(cells.size);
    let i = 0;
    cells.each((addr) => {
      const known = this.#cells.has(addr) ? this.#ids[this.#cells.rank(addr)]! : 0;
      ids[i++] = known !== 0 ? known : this.#take();
    });
    this.#cells = cells;
    this.#ids = ids.slice();
    return ids;
  };

  #take(): number {
    const id = this.#next;
    this.#next += STEP;
    return id;
  }

  /** Right after a collection: what it did not mark is dead, and nothing has been allocated since. */
  #forgetDead(): void {
    const heap = this.#heap, epoch = heap.word(Header.Epoch), end = heap.worldBytes;
    let i = 0;
    this.#cells.each((addr) => {
      if (addr >= end || heap.u8[addr + 1] !== epoch || !isKnownKind(kindOf(heap, addr))) this.#ids[i] = 0;
      i++;
    });
  }

  #forget(addr: number): void {
    if (this.#cells.has(addr)) this.#ids[this.#cells.rank(addr)] = 0;
  }
}
