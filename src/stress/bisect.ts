// Finding the first of many numbered acts that does harm: with all acts up to it a run goes wrong, with all before it, it
// does not.

import { modeOf, type ModeName } from "./modes.ts";
import type { Plan } from "./schedule.ts";
import { scarcityOf, type ScarcityName } from "./scarcity.ts";
import { difference, runTrial, type StressProgram, type TrialRun } from "./trial.ts";
import type { VmOptions } from "../vm-options.ts";

/** Behind all places from which memory may be short. */
const LAST_PLACE = 1 << 10;

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
  const bad = between(0, chosen, (middle) => problemOf(0, middle) !== null);
  const alone = problemOf(bad, Infinity), together = alone ?? problemOf(0, bad);
  return { at: bad, problem: together ?? "goes wrong in some runs only: the program depends on more than its input", alone: alone !== null };
}

/** A number that is bad, after one that is not; `bad` is the one known so far, and `good` the other. */
function between(good: number, bad: number, isBad: (middle: number) => boolean): number {
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isBad(middle)) bad = middle;
    else good = middle;
  }
  return bad;
}

/**
 * The same for a mode that refuses memory: `bad` is a place that breaks the VM, `good` one before that does not. Where memory is
 * refused from a place on, the last one that it takes is found too.
 */
export function firstRefused(program: StressProgram, options: VmOptions, mode: ScarcityName, plain: TrialRun, good: number, bad: number, seen: () => void): FirstBad {
  const { trial, goesOn } = scarcityOf(mode);
  const problemOf = (at: number, upTo?: number): string | null => {
    seen();
    return runTrial(program, options, trial(at, plain, upTo)).broken;
  };
  const at = between(good, bad, (middle) => problemOf(middle) !== null), problem = problemOf(at);
  if (problem === null) return { at, problem: "breaks the VM in some runs only: the program depends on more than its input", alone: false };
  if (!goesOn) return { at, problem, alone: true };
  const last = between(at - 1, LAST_PLACE, (middle) => problemOf(at, middle) !== null);
  return { at, problem: last === at ? problem : `${problem} (memory was short from ${at} to ${last})`, alone: last === at };
}
