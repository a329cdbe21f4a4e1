// Tells a listener of allocations: of every one, or of some, a given number of bytes apart. The bump path knows nothing of it;
// it finds its limit earlier, as it does at the end of a run of lines, and the slow path looks here.

import type { Heap } from "./heap.ts";
import { Header } from "./world-layout.ts";

export interface AllocationListener {
  /** Bytes until the next allocation to be told of; 0: the very next. */
  nextGap(): number;
  /** A cell was allocated, with nothing in it but its header. Must not allocate. */
  allocated(addr: number, size: number): void;
  /** Marking ended: of the cells allocated before, those without this epoch in their mark byte are dead. Nothing is freed yet. */
  marked(epoch: number): void;
}

export class Sampling {
  /** Bytes until the next allocation to tell of, from #from on. */
  #left: number;
  /** Up to here the bytes of the current run were counted. */
  #from: number;

  constructor(readonly heap: Heap, readonly listener: AllocationListener) {
    this.#left = listener.nextGap();
    this.#from = heap.word(Header.Cursor);
  }

  /** Where the bump path has to stop in a run from `cursor` to `end`. */
  limit(cursor: number, end: number): number { return Math.min(end, cursor + Math.max(0, this.#left)); }

  /** The current run is given up for one that begins at `cursor`. */
  changeRun(cursor: number): void {
    this.#count(this.heap.word(Header.Cursor));
    this.#from = cursor;
  }

  /** The slow path allocated a cell, in the current run or elsewhere. */
  took(addr: number, size: number): void {
    const { heap } = this, cursor = heap.word(Header.Cursor);
    this.#count(cursor);
    if (addr + size !== cursor) this.#left -= size;
    if (this.#left <= 0) {
      this.listener.allocated(addr, size);
      this.#left = this.listener.nextGap();
    }
    heap.setLimit();
  }

  #count(cursor: number): void {
    this.#left -= cursor - this.#from;
    this.#from = cursor;
  }
}
