// The ways to put a run under stress that may well change what it does: memory that is refused. A script may then end with
// "out of memory" or do what its handlers say; the VM must stay sound, and its own errors must not come out.

import { BoxelderVm, internalsOf } from "../api.ts";
import { MemoryLimitError } from "../vm/errors.ts";
import type { VmOptions } from "../vm-options.ts";
import { COUNTING, runTrial, type StressProgram, type Trial, type TrialRun } from "./trial.ts";

interface Scarcity {
  readonly doc: string;
  /** Numbers of the places where memory may begin to be refused, given a run that had all it wanted. */
  readonly places: (program: StressProgram, options: VmOptions) => { readonly first: number; readonly last: number };
  /** Memory is refused at this place, or from it on up to another. `plain`: a run that had all it wanted. */
  readonly trial: (at: number, plain: TrialRun, upTo?: number) => Trial;
  /** Memory is refused at all places from one on, not at one alone. */
  readonly goesOn: boolean;
}

const WATCHED: Partial<VmOptions> = { poison: true };
/** Moments of a run at which the limit goes down. */
const MOMENTS = 40;

/** Making a VM allocates too, and without that there is no script. */
function firstOfScript(options: VmOptions): number {
  for (let n = 1; ; n++) {
    try {
      new BoxelderVm({ ...options, ...WATCHED, failAllocationAt: n });
      return n;
    } catch (error) {
      if (!(error instanceof MemoryLimitError)) throw error;
    }
  }
}

/** From a stop on, up to another, the world is as small as it can be at each stop, and must not grow. `fuel`: what the program needs. */
function shrinking(from: number, upTo: number, fuel: number): Trial {
  let stop = 0;
  return {
    vm: WATCHED, step: Math.max(1, Math.ceil(fuel / MOMENTS)),
    atStop(vm) {
      const { heap } = internalsOf(vm).vm;
      if (++stop < from || stop > upTo) return vm;
      vm.collect();
      heap.shrink();
      heap.maxBytes = heap.worldBytes + heap.rawBytes;
      return vm;
    },
  };
}

export const SCARCITIES = {
  failures: {
    doc: "let each allocation fail in turn",
    places: (program, options) => ({ first: firstOfScript(options), last: runTrial(program, options, COUNTING).allocations }),
    trial: (at) => ({ vm: { ...WATCHED, failAllocationAt: at } }),
    goesOn: false,
  },
  limit: {
    doc: "make the memory limit smaller while the script runs, from earlier or later on",
    places: () => ({ first: 1, last: MOMENTS }),
    trial: (at, { fuel }, upTo = Infinity) => shrinking(at, upTo, fuel),
    goesOn: true,
  },
} as const satisfies { readonly [name: string]: Scarcity };

export type ScarcityName = keyof typeof SCARCITIES;
export const SCARCITY_NAMES = Object.keys(SCARCITIES) as ScarcityName[];
export const scarcityOf = (name: ScarcityName): Scarcity => SCARCITIES[name];

/** What became of the runs. */
export interface Tally { runs: number; /** As without stress. */ unnoticed: number; /** Uncaught "out of memory". */ ended: number; /** The script did something else about it. */ handled: number }

const OUT_OF_MEMORY = /out of memory|call depth exceeded/i;

export function count(tally: Tally, plain: TrialRun, run: TrialRun): void {
  tally.runs++;
  if (run.end === plain.end && run.output === plain.output) tally.unnoticed++;
  else if (OUT_OF_MEMORY.test(run.uncaught)) tally.ended++;
  else tally.handled++;
}
