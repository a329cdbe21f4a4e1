// Finding the first of many numbered acts that does harm: with all acts up to it a run goes wrong, with all before it, it
// does not.

import { modeOf, type ModeName } from "./modes.ts";
import type { Plan } from "./schedule.ts";
import { difference, runTrial, type StressProgram, type TrialRun } from "./trial.ts";
import type { VmOptions } from "../vm-options.ts";

export interface FirstBad {
  /** Number of the act; 0: the run goes wrong without any. */
  readonly at: number;
  /** What goes wrong with it. */
  readonly problem: string;
  /** It goes wrong too when all others are left out. */
  readonly alone: boolean;
}

/** Runs under a mode and compares: what went wrong, and how many acts there were. */
export function attempt(program: StressProgram, options: VmOptions, mode: ModeName, plan: Plan, plain: TrialRun): { readonly problem: string | null; readonly chosen: number; readonly run: TrialRun } {
  const { trial, chosen } = modeOf(mode).prepare(plan), run = runTrial(program, options, trial);
  return { problem: difference(plain, run), chosen: chosen(run), run };
}

/** `chosen`: acts of a run that went wrong. `seen` is called before each further run, of which there are some log2(chosen). */
export function firstBad(program: StressProgram, options: VmOptions, mode: ModeName, plan: Plan, plain: TrialRun, chosen: number, seen: () => void): FirstBad {
  const problemOf = (only: number, upTo: number): string | null => {
    seen();
    return attempt(program, options, mode, { ...plan, only, upTo }, plain).problem;
  };
  const without = problemOf(0, 0);
  if (without !== null) return { at: 0, problem: without, alone: true };
  let good = 0, bad = chosen;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (problemOf(0, middle) === null) good = middle;
    else bad = middle;
  }
  const alone = problemOf(bad, Infinity), together = alone ?? problemOf(0, bad);
  return { at: bad, problem: together ?? "goes wrong in some runs only: the program depends on more than its input", alone: alone !== null };
}
