// Memory over time: every collection as it ends, and the heap as it was when most of it lived.

import type { GcEntry } from "../../heap/options.ts";
import { buildGraph } from "./build-graph.ts";
import type { HeapGraph } from "./graph.ts";
import type { LiveWorld } from "./world-view.ts";

export interface MemoryOptions {
  /** Keep a graph of the heap at the high-water mark. It costs as much as a few collections, whenever there is a new one. */
  readonly peakGraph?: boolean;
  /** A clock in milliseconds; without one, times are 0. */
  readonly now?: () => number;
}

export interface LoggedCollection extends GcEntry {
  /** Milliseconds from the beginning of the log to its end. */
  readonly at: number;
  /** Live bytes without those of cells allocated while marking went on, most of which are dead by its end. */
  readonly reachedBytes: number;
}

/** A high-water mark is worth another graph when it is that much higher than the last one with a graph. */
const WORTH = 1.1;

export class MemoryLog {
  readonly collections: LoggedCollection[] = [];
  /** The heap when most of it lived, as far as collections could see; null before the first, or when it is not asked for. */
  peakGraph: HeapGraph | null = null;
  /** Live bytes at that moment, and when it was. */
  peakBytes = 0;
  peakAt = 0;
  readonly #stop: () => void;
  readonly #now: () => number;
  readonly #begun: number;

  /** `world`: the VM's world as it is now. */
  constructor(readonly world: () => LiveWorld, readonly options: MemoryOptions = {}) {
    const { settings } = world().mem, { onCollect, now } = settings;
    this.#now = options.now ?? (() => 0);
    this.#begun = this.#now();
    settings.now = now ?? options.now ?? null;
    settings.onCollect = (entry) => {
      this.#note(entry);
      onCollect?.(entry);
    };
    this.#stop = () => {
      settings.onCollect = onCollect;
      settings.now = now;
    };
  }

  /** Milliseconds since the log began. */
  get elapsed(): number { return this.#now() - this.#begun; }

  stop(): void { this.#stop(); }

  #note(entry: GcEntry): void {
    const reachedBytes = Math.max(0, entry.liveBytes - this.world().mem.cycle.fresh);
    this.collections.push({ at: this.elapsed, reachedBytes, ...entry });
    if (reachedBytes <= this.peakBytes * (this.peakGraph === null ? 1 : WORTH)) return;
    this.peakBytes = reachedBytes;
    this.peakAt = this.elapsed;
    if (this.options.peakGraph === true) this.peakGraph = buildGraph(this.world());
  }

  /** One JSON object a line. */
  text(): string { return this.collections.map((each) => `${JSON.stringify(each)}\n`).join(""); }
}
