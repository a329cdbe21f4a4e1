// The cells an allocation profiler has seen and that live, in order of allocation, with what their places allocated.

import type { Heap } from "../../heap/heap.ts";
import { World } from "../../heap/world-layout.ts";

/** Sums by node id, weighted. */
export interface SiteSums { readonly counts: number[]; readonly bytes: number[] }

/** addr, node, order of allocation; weights lie beside. */
const FIELDS = 3;

const add = (sums: number[], site: number, amount: number): void => { sums[site] = (sums[site] ?? 0) + amount; };

export class SampledCells {
  /** Cells seen so far. */
  seen = 0;
  readonly allocated: SiteSums = { counts: [], bytes: [] };
  /** Cells, by node id, that died before they survived a collection. */
  readonly temporary: number[] = [];
  #records = new Int32Array(1024 * FIELDS);
  #weights = new Float32Array(1024);
  #count = 0;
  /** Those with pages of their own, which the heap may free at once. */
  readonly #large = new Set<number>();
  /** Records from here on have not been through a collection. */
  #young = 0;

  add(addr: number, size: number, weight: number, site: number): void {
    if (this.#count === this.#weights.length) this.#grow();
    const at = this.#count++ * FIELDS;
    this.#records[at] = addr;
    this.#records[at + 1] = site;
    this.#records[at + 2] = ++this.seen;
    this.#weights[this.#count - 1] = weight;
    if (size > World.LargeBytes) this.#large.add(addr);
    add(this.allocated.counts, site, weight);
    add(this.allocated.bytes, site, weight * size);
  }

  #grow(): void {
    const records = new Int32Array(2 * this.#records.length), weights = new Float32Array(2 * this.#weights.length);
    records.set(this.#records);
    weights.set(this.#weights);
    this.#records = records;
    this.#weights = weights;
  }

  /** Marking has just ended: drops what it did not reach. */
  sweep(heap: Heap, epoch: number): void {
    const records = this.#records, weights = this.#weights;
    let kept = 0;
    for (let i = 0; i < this.#count; i++) {
      const at = i * FIELDS;
      if (records[at] === 0 || heap.u8[records[at]! + 1] !== epoch) {
        if (i >= this.#young) add(this.temporary, records[at + 1]!, weights[i]!);
        this.#large.delete(records[at]!);
        continue;
      }
      records.copyWithin(kept * FIELDS, at, at + FIELDS);
      weights[kept++] = weights[i]!;
    }
    this.#count = this.#young = kept;
  }

  /** The heap freed the cell outside of a collection. */
  forget(addr: number): void {
    if (!this.#large.delete(addr)) return;
    for (let i = this.#count - 1; i >= 0; i--) {
      if (this.#records[i * FIELDS] !== addr) continue;
      this.#records[i * FIELDS] = 0;
      return;
    }
  }

  /** What lives now, by node id. */
  live(heap: Heap): SiteSums {
    const sums: SiteSums = { counts: [], bytes: [] };
    for (let i = 0; i < this.#count; i++) {
      const addr = this.#records[i * FIELDS]!, site = this.#records[i * FIELDS + 1]!;
      if (addr === 0) continue;
      add(sums.counts, site, this.#weights[i]!);
      add(sums.bytes, site, this.#weights[i]! * heap.word(addr + 4));
    }
    return sums;
  }

  /** Looks up the node that allocated a cell, 0 when it was not seen. */
  siteOf(): (addr: number) => number { return this.#lookUp(1); }

  /** Looks up the how manieth cell seen a cell was, 0 when it was not. */
  order(): (addr: number) => number { return this.#lookUp(2); }

  #lookUp(field: number): (addr: number) => number {
    const found = new Map<number, number>();
    for (let i = 0; i < this.#count; i++) if (this.#records[i * FIELDS] !== 0) found.set(this.#records[i * FIELDS]!, this.#records[i * FIELDS + field]!);
    return (addr) => found.get(addr) ?? 0;
  }
}
