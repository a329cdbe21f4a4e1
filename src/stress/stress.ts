// Puts a program under stress in all ways there are, and narrows down what it finds. What a script prints and how it ends is
// compared with a plain run, so it must not depend on time, chance or when memory is freed.

import type { VmOptions } from "../vm-options.ts";
import { attempt, firstBad, firstRefused } from "./bisect.ts";
import { MODE_NAMES, modeOf, type ModeName } from "./modes.ts";
import { count, SCARCITY_NAMES, scarcityOf, type ScarcityName, type Tally } from "./scarcity.ts";
import type { Plan } from "./schedule.ts";
import { COUNTING, runTrial, type StressProgram, type TrialRun } from "./trial.ts";

export type StressMode = ModeName | ScarcityName;
export const STRESS_MODES: readonly StressMode[] = [...MODE_NAMES, ...SCARCITY_NAMES];
/** What each mode does, for people. */
export const stressModeText = (mode: StressMode): string => (isScarcity(mode) ? scarcityOf(mode) : modeOf(mode)).doc;

export interface StressOptions {
  /** Of each VM; its host gets no output. A fuel limit bounds each run. */
  readonly vm?: VmOptions;
  /** Default: all. */
  readonly modes?: readonly StressMode[];
  /** Act at every so many-th place. Default: so that a mode takes some seconds. */
  readonly stride?: number;
  /** In the modes that collect at allocations, safepoints and host calls: act at each with this probability instead. */
  readonly rate?: number;
  readonly seed?: number;
  /** Act only at this one of the places chosen, or at the first so many. */
  readonly only?: number;
  readonly upTo?: number;
  /** Most runs of the modes that need one for each place. Default 2,000. */
  readonly runs?: number;
  /** Told now and then how far a mode is; `of` is 0 when that is not known. */
  readonly onProgress?: (mode: StressMode, done: number, of: number) => void;
}

export interface StressFinding {
  /** Number of the first act that does harm, among those of the mode with this stride or seed; 0: the program fails without any. */
  readonly at: number;
  readonly problem: string;
  /** It does harm too when all others are left out. */
  readonly alone: boolean;
}

export interface StressReport {
  readonly mode: StressMode;
  readonly stride: number;
  /** Runs made, those to narrow something down included. */
  readonly runs: number;
  /** Collections, moves, images or refusals. */
  readonly acts: number;
  readonly finding: StressFinding | null;
  /** Of the modes that refuse memory: what became of their runs. */
  readonly tally: Tally | null;
}

const MOST_RUNS = 2000;

const isScarcity = (mode: StressMode): mode is ScarcityName => (SCARCITY_NAMES as readonly string[]).includes(mode);

/** One report for each mode, as soon as it is done. Throws RangeError when the program does not even compile. */
export function* stress(program: StressProgram, options: StressOptions = {}): Generator<StressReport> {
  const vm = options.vm ?? {}, plain = runTrial(program, vm, {});
  if (plain.end.startsWith("syntax ")) throw new RangeError(`the program cannot run: ${plain.end.slice("syntax ".length)}`);
  for (const mode of options.modes ?? STRESS_MODES) {
    yield isScarcity(mode) ? refuseMemory(program, vm, mode, options, plain) : disturb(program, vm, mode, options, plain);
  }
}

/** Places of the mode in a plain run, to choose a stride by. */
function placesOf(program: StressProgram, vm: VmOptions, mode: ModeName): number {
  const { places } = modeOf(mode);
  const run = runTrial(program, vm, places === "allocation" ? COUNTING : {});
  return { allocation: run.allocations, safepoint: run.fuel, "host call": run.hostCalls }[places];
}

function disturb(program: StressProgram, vm: VmOptions, mode: ModeName, options: StressOptions, plain: TrialRun): StressReport {
  const stride = options.stride ?? Math.max(1, Math.ceil(placesOf(program, vm, mode) / modeOf(mode).uses));
  const plan: Plan = { stride, rate: options.rate ?? 0, seed: options.seed ?? 1, upTo: options.upTo ?? Infinity, only: options.only ?? 0 };
  let runs = 1;
  const seen = (of: number) => (): void => options.onProgress?.(mode, ++runs, of);
  options.onProgress?.(mode, 0, 0);
  const { problem, chosen } = attempt(program, vm, mode, plan, plain), narrowed = plan.only > 0 || plan.upTo < Infinity;
  const finding = problem === null ? null
    : narrowed ? { at: plan.only > 0 ? plan.only : plan.upTo, problem, alone: plan.only > 0 }
    : firstBad(program, vm, mode, plan, plain, chosen, seen(3 + Math.ceil(Math.log2(chosen + 1))));
  return { mode, stride, runs, acts: chosen, finding, tally: null };
}

function refuseMemory(program: StressProgram, vm: VmOptions, mode: ScarcityName, options: StressOptions, plain: TrialRun): StressReport {
  const scarcity = scarcityOf(mode), { first, last } = options.only === undefined ? scarcity.places(program, vm) : { first: options.only, last: options.only };
  const stride = options.stride ?? Math.max(1, Math.ceil((last - first + 1) / (options.runs ?? MOST_RUNS)));
  const tally: Tally = { runs: 0, unnoticed: 0, ended: 0, handled: 0 };
  let finding: StressFinding | null = null, narrowing = 0;
  for (let at = first; at <= Math.min(last, first + (options.upTo ?? Infinity) - 1) && tally.runs < (options.runs ?? Infinity) && finding === null; at += stride) {
    options.onProgress?.(mode, tally.runs, Math.ceil((last - first + 1) / stride));
    const run = runTrial(program, vm, scarcity.trial(at, plain));
    count(tally, plain, run);
    if (run.broken !== null) finding = firstRefused(program, vm, mode, plain, Math.max(first - 1, at - stride), at, () => { narrowing++; options.onProgress?.(mode, tally.runs + narrowing, 0); });
  }
  return { mode, stride, runs: tally.runs + narrowing, acts: tally.runs, finding, tally };
}
