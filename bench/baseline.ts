// Measurements kept in a file, and the comparison with them.

import { readFileSync, writeFileSync } from "node:fs";
import { arch, cpus } from "node:os";
import { geometricMean } from "./measure.ts";

/** Milliseconds by program and column ("vm", "tree", …). */
export type Timings = { readonly [program: string]: { readonly [column: string]: number } };

export interface Baseline {
  readonly machine: string;
  readonly node: string;
  /** A measurement may be slower by this factor; entries for single programs win. */
  readonly tolerance: { readonly [program: string]: number; readonly default: number };
  /** With the JavaScript twins in column "js": they say how fast the machine was, and comparison is relative to that. */
  readonly timings: Timings;
}

export const DEFAULT_TOLERANCE = { default: 1.15 } as const;

export function saveBaseline(file: string, timings: Timings, tolerance: Baseline["tolerance"]): void {
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? "unknown"} (${arch()})`;
  const rounded = Object.fromEntries(Object.entries(timings).map(([name, row]) =>
    [name, Object.fromEntries(Object.entries(row).map(([column, ms]) => [column, Number(ms.toPrecision(4))]))]));
  const baseline: Baseline = { machine, node: process.version, tolerance, timings: rounded };
  writeFileSync(file, `${JSON.stringify(baseline, null, 2)}\n`);
}

export const readBaseline = (file: string): Baseline => JSON.parse(readFileSync(file, "utf8")) as Baseline;

/** How many times slower this machine ran the twins of the programs both have. */
function machineScale(baseline: Baseline, timings: Timings): number {
  const ratios = Object.entries(timings).flatMap(([program, row]) => {
    const before = baseline.timings[program]?.["js"], now = row["js"];
    return before === undefined || now === undefined ? [] : [now / before];
  });
  return ratios.length === 0 ? 1 : geometricMean(ratios);
}

/** One line for each measurement that is slower than the baseline allows. */
export function regressions(baseline: Baseline, timings: Timings): string[] {
  const scale = machineScale(baseline, timings), slower: string[] = [];
  for (const [program, row] of Object.entries(timings)) {
    const allowed = baseline.tolerance[program] ?? baseline.tolerance.default;
    for (const [column, ms] of Object.entries(row)) {
      const before = baseline.timings[program]?.[column];
      if (column === "js" || before === undefined || ms <= before * scale * allowed) continue;
      slower.push(`${program} on ${column}: ${ms.toFixed(1)} ms, ${(ms / before / scale).toFixed(2)} times the baseline (allowed ${allowed})`);
    }
  }
  return slower;
}
