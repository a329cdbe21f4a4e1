// Where a program's memory comes from. Allocations are seen one by one, or some of them, so many bytes apart on average; each
// is remembered with the calls that led to it as long as its cell lives, which every collection tells.
//
// A sample stands for others: a cell of `size` bytes is drawn with the probability 1 - e^(-size / gap), and counts for as many
// as that makes likely. Gaps come from a seeded generator, so a run is sampled at the same places every time.

import type { Heap } from "../../heap/heap.ts";
import type { Vm } from "../vm/vm.ts";
import { CallTree, placeText, type CallNode } from "./call-tree.ts";
import type { HeapGraph } from "./graph.ts";
import { FIRST_ID, STEP, type NumberCells } from "./object-ids.ts";
import { SampledCells, type SiteSums } from "./sampled-cells.ts";

export interface AllocationOptions {
  /** Bytes between samples on average; 0: every allocation is seen. 16 KiB unless given. */
  readonly gap?: number;
  /** Seed of the generator of gaps. */
  readonly seed?: number;
  /** A clock in milliseconds, for the timeline. */
  readonly now?: () => number;
}

/** What a place allocated, estimated from the samples. Bytes of live cells are those they have now. */
export interface AllocationSite {
  readonly node: CallNode;
  readonly allocated: number;
  readonly allocatedBytes: number;
  readonly live: number;
  readonly liveBytes: number;
  /** Bytes that lived after the collection after which most of all did. */
  readonly peakBytes: number;
  /** Cells that the first collection after them found dead. */
  readonly temporary: number;
}

/** A moment on the timeline, and how many cells had been seen by then. */
export interface Moment { readonly micros: number; readonly seen: number }

export const ALLOCATION_GAP = 16 << 10;
/** Between two moments at least. */
const MOMENT_MS = 20;

export class AllocationProfiler {
  readonly tree: CallTree;
  readonly gap: number;
  readonly #vm: Vm;
  readonly #cells = new SampledCells();
  readonly #now: (() => number) | null;
  readonly #moments: Moment[] = [];
  readonly #onFree: Heap["onFree"];
  /** By node id. */
  #peak: SiteSums | null = null;
  #peakBytes = 0;
  #seed: number;
  readonly #begun: number;

  /** Watches the VM until `stop`. */
  constructor(vm: Vm, { gap = ALLOCATION_GAP, seed = 1, now }: AllocationOptions = {}) {
    if (!(gap >= 0 && gap <= 1 << 30)) throw new RangeError(`AllocationProfiler: gap must be a number of bytes from 0 to 1 GiB, not ${gap}`);
    this.#vm = vm;
    this.gap = gap;
    this.#seed = seed | 0 || 1;
    this.#now = now ?? null;
    this.#begun = now === undefined ? 0 : now();
    this.tree = new CallTree(vm, true);
    this.#onFree = vm.heap.onFree;
    vm.heap.onFree = (addr) => {
      this.#cells.forget(addr);
      this.#onFree?.(addr);
    };
    vm.heap.listener = { nextGap: () => this.#nextGap(), allocated: (addr, size) => this.#allocated(addr, size), marked: (epoch) => this.#marked(epoch) };
  }

  stop(): void {
    this.#vm.heap.listener = null;
    this.#vm.heap.onFree = this.#onFree;
  }

  #nextGap(): number {
    if (this.gap === 0) return 0;
    let x = this.#seed;
    x ^= x << 13; x ^= x >>> 17; x ^= x << 5;
    this.#seed = x;
    return Math.max(1, Math.min(2 ** 30, Math.round(-Math.log(((x >>> 0) + 1) / 2 ** 32) * this.gap)));
  }

  #allocated(addr: number, size: number): void {
    const weight = this.gap === 0 ? 1 : 1 / (1 - Math.exp(-size / this.gap));
    this.#cells.add(addr, size, weight, this.tree.here(Math.max(0, this.#vm.pc - 1)).id);
    this.#moment();
  }

  #moment(): void {
    if (this.#now === null) return;
    const micros = Math.round((this.#now() - this.#begun) * 1000), last = this.#moments.at(-1);
    if (last === undefined || micros - last.micros >= MOMENT_MS * 1000) this.#moments.push({ micros, seen: this.#cells.seen });
  }

  #marked(epoch: number): void {
    this.tree.forgetCode();
    const { heap } = this.#vm;
    this.#cells.sweep(heap, epoch);
    const sums = this.#cells.live(heap), bytes = sums.bytes.reduce((sum, each) => sum + each, 0);
    if (bytes < this.#peakBytes) return;
    this.#peakBytes = bytes;
    this.#peak = sums;
  }

  /** Places that allocated, with most bytes first. For exact figures of what lives, collect before. */
  sites(): AllocationSite[] {
    const { heap } = this.#vm, live = this.#cells.live(heap), all = this.#cells.allocated, peak = this.#peak ?? live;
    const sites = this.tree.nodes.map((node) => ({
      node, allocated: Math.round(all.counts[node.id] ?? 0), allocatedBytes: Math.round(all.bytes[node.id] ?? 0), live: Math.round(live.counts[node.id] ?? 0),
      liveBytes: Math.round(live.bytes[node.id] ?? 0), peakBytes: Math.round(peak.bytes[node.id] ?? 0), temporary: Math.round(this.#cells.temporary[node.id] ?? 0),
    }));
    return sites.filter(({ allocated }) => allocated > 0).sort((a, b) => b.allocatedBytes - a.allocatedBytes || a.node.id - b.node.id);
  }

  /** Bytes that the seen cells had at the collection after which most lived. */
  get peakBytes(): number { return Math.round(this.#peakBytes); }

  /** Looks up the id of the node that allocated a cell, 0 when it was not seen. Good until the VM runs on. */
  siteOf(): (addr: number) => number { return this.#cells.siteOf(); }

  /** The place that allocated each node's cell, "" where it was not seen; for diffGraphs. The graph must be of now. */
  labels(graph: HeapGraph): string[] {
    const siteOf = this.siteOf(), texts = this.tree.nodes.map(({ place }) => placeText(place));
    return Array.from({ length: graph.nodeCount }, (_, node) => {
      const site = node < graph.firstCell ? 0 : siteOf(graph.addresses[node]!);
      return site === 0 ? "" : texts[site - 1]!;
    });
  }

  /** Numbers cells in order of allocation, those that were not seen first, as a timeline demands. */
  numbers(): NumberCells {
    const order = this.#cells.order();
    return (cells) => {
      const seen: number[] = [];
      cells.each((addr) => void seen.push(order(addr)));
      const ids = new Float64Array(seen.length);
      [...seen.keys()].sort((a, b) => seen[a]! - seen[b]! || a - b).forEach((at, n) => { ids[at] = FIRST_ID + STEP * n; });
      return ids;
    };
  }

  /** The timeline of a graph whose nodes have these numbers. */
  moments(graph: HeapGraph): { readonly micros: number; readonly lastId: number }[] {
    const order = this.#cells.order(), cells: { readonly seen: number; readonly id: number }[] = [];
    for (let node = graph.firstCell; node < graph.nodeCount; node++) cells.push({ seen: order(graph.addresses[node]!), id: graph.ids[node]! });
    cells.sort((a, b) => a.id - b.id);
    let next = 0;
    return this.#moments.map(({ micros, seen }) => {
      while (next < cells.length && cells[next]!.seen <= seen) next++;
      return { micros, lastId: next === 0 ? 0 : cells[next - 1]!.id };
    });
  }
}
