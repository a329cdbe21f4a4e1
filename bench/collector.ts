// Figures of the collector: how fast scripts allocate, how often and how long they are stopped.

import { library } from "../tests/support/library.ts";
import { runOnce } from "./measure.ts";
import type { BenchProgram } from "./programs.ts";

export interface CollectorFigures {
  readonly collections: number;
  readonly megabytesPerSecond: number;
  readonly pauseP50: number;
  readonly pauseP99: number;
  readonly pauseMax: number;
}

interface Collection { readonly pauseMs: number; readonly allocatedBytes: number }

export function collectorFigures(program: BenchProgram): CollectorFigures {
  const entries: Collection[] = [], started = performance.now();
  runOnce(program, { now: () => performance.now(), onCollect: (entry) => void entries.push(entry) });
  const seconds = (performance.now() - started) / 1000;
  const pauses = entries.map((entry) => entry.pauseMs).sort((a, b) => a - b);
  const at = (part: number): number => pauses[Math.min(pauses.length - 1, Math.floor(pauses.length * part))] ?? 0;
  const allocated = entries.reduce((sum, entry) => sum + entry.allocatedBytes, 0);
  return { collections: entries.length, megabytesPerSecond: allocated / 1e6 / seconds, pauseP50: at(0.5), pauseP99: at(0.99), pauseMax: at(1) };
}

/** What one more VM costs: microseconds to make, bytes of its world. */
export function vmCost(count: number): { readonly microseconds: number; readonly bytes: number } {
  library.createVM({});
  const vms: unknown[] = [], started = performance.now();
  for (let i = 0; i < count; i++) vms.push(library.createVM({}));
  const microseconds = ((performance.now() - started) / count) * 1000;
  return { microseconds, bytes: library.createVM({}).stats().worldBytes };
}
