// The raw memory of another thread, as one sees it that was lent it: it reads and writes, and checks every access against the tables
// of the owner.
//
// A thread remembers the bounds of the region it was in last. `changes` counts what was freed, and how often the buffers grew: when it
// has gone up, they are looked up again, so what is freed by the one is freed for the others. What a thread writes at that very moment still goes to bytes that
// nobody else gets as long as tasks hold the memory.

import type { Heap } from "./heap.ts";
import { RawMemory } from "./raw.ts";
import type { SharedRaw } from "./shared-buffers.ts";

/** The memory of another thread. It cannot allocate there. */
export class LentRaw extends RawMemory {
  readonly #changes: Int32Array;
  #known = 0;

  constructor(heap: Heap, { changes, ...buffers }: SharedRaw) {
    const before = heap.onBufferDeath;
    super(heap);
    // Buffers of this world have their bytes elsewhere.
    heap.onBufferDeath = before;
    this.#changes = new Int32Array(changes);
    this.adopt(buffers, true);
  }

  override check(address: number, bytes: number): number {
    const changes = Atomics.load(this.#changes, 0);
    if (changes !== this.#known) {
      this.#known = changes;
      this.low = this.high = 0;
      if (this.buffers.bytes.byteLength > this.u8.length) this.adopt(this.buffers, true);
    }
    return super.check(address, bytes);
  }

  override allocate(): number { throw new RangeError("memory that was lent cannot be allocated from"); }
  override free(): void { throw new RangeError("memory that was lent cannot be freed"); }
}
