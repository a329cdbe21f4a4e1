// Measurements kept in a file, and the comparison with them.

import { readFileSync, writeFileSync } from "node:fs";
import { arch, cpus } from "node:os";

/** Milliseconds by program and column ("vm", "tree", …). */
export type Timings = { readonly [program: string]: { readonly [column: string]: number } };

export interface Baseline {
  readonly machine: string;
  readonly node: string;
  /** Geometric mean of the JavaScript twins: how fast the machine was. Comparison is relative to it. */
  readonly twins: number;
  /** A measurement may be slower by this factor; entries for single programs win. */
  readonly tolerance: { readonly [program: string]: number; readonly default: number };
  readonly timings: Timings;
}

export const DEFAULT_TOLERANCE = { default: 1.15 } as const;

export function saveBaseline(file: string, twins: number, timings: Timings, tolerance: Baseline["tolerance"]): void {
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? "unknown"} (${arch()})`;
  const rounded = Object.fromEntries(Object.entries(timings).map(([name, row]) =>
    [name, Object.fromEntries(Object.entries(row).map(([column, ms]) => [column, Number(ms.toPrecision(4))]))]));
  const baseline: Baseline = { machine, node: process.version, twins: Number(twins.toPrecision(4)), tolerance, timings: rounded };
  writeFileSync(file, `${JSON.stringify(baseline, null, 2)}\n`);
}

export const readBaseline = (file: string): Baseline => JSON.parse(readFileSync(file, "utf8")) as Baseline;

/** One line for each measurement that is slower than the baseline allows. */
export function regressions(baseline: Baseline, twins: number, timings: Timings): string[] {
  const scale = twins / baseline.twins, slower: string[] = [];
  for (const [program, row] of Object.entries(timings)) {
    const allowed = baseline.tolerance[program] ?? baseline.tolerance.default;
    for (const [column, ms] of Object.entries(row)) {
      const before = baseline.timings[program]?.[column];
      if (before === undefined || ms <= before * scale * allowed) continue;
      slower.push(`${program} on ${column}: ${ms.toFixed(1)} ms, ${(ms / before / scale).toFixed(2)} times the baseline (allowed ${allowed})`);
    }
  }
  return slower;
}
