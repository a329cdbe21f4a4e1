// The ways to put a run under stress that must not change what it does. Each chooses places by a plan and does something
// harmless there; a run that comes out otherwise, or breaks the VM, has found a fault.

import { internalsOf, type BoxelderVm } from "../api.ts";
import type { VmOptions } from "../vm-options.ts";
import { Schedule, type Plan } from "./schedule.ts";
import { thawedCopy, type Trial, type TrialRun } from "./trial.ts";

/** A trial, and how many places it chose when it is over. */
export interface Prepared { readonly trial: Trial; readonly chosen: (run: TrialRun) => number }

interface Mode {
  readonly doc: string;
  /** What it acts at. */
  readonly places: "allocation" | "safepoint" | "host call";
  /** About how many of them are used unless a stride is given: so many take a few seconds. */
  readonly uses: number;
  readonly prepare: (plan: Plan) => Prepared;
}

/** What makes use of freed memory show. */
const WATCHED: Partial<VmOptions> = { poison: true };
const forced = ({ forced: count }: TrialRun): number => count;

/** The heap does it by itself. */
const inHeap = (vm: Partial<VmOptions>): Prepared => ({ trial: { vm: { ...WATCHED, ...vm } }, chosen: forced });

const limits = ({ upTo, only }: Plan): Partial<VmOptions> => ({ forceUpTo: upTo, forceOnly: only });

/** Each call and each round of a loop is a unit of fuel, so a run that stops for fuel stops at a safepoint. */
function atStops(plan: Plan, vm: Partial<VmOptions>, act: (vm: BoxelderVm, given: VmOptions) => BoxelderVm): Prepared {
  const schedule = new Schedule({ ...plan, stride: 1 }), step = plan.rate > 0 ? 1 : plan.stride;
  return { trial: { vm, step, atStop: (each, given) => (schedule.next() ? act(each, given) : each) }, chosen: () => schedule.chosen };
}

/** Collections for which the mode of that name holds what is freed; cells marked at a time in slices. */
const HELD = 8, SLICE = 40;

const atAllocations = (plan: Plan, vm: Partial<VmOptions> = {}): Prepared =>
  inHeap({ ...vm, ...limits(plan), ...(plan.rate > 0 ? { gcStressRate: plan.rate, gcSeed: plan.seed } : { gcStress: plan.stride }) });

/** Marks a little, in the collection under way or in a new one. */
function marked(vm: BoxelderVm): BoxelderVm {
  internalsOf(vm).vm.heap.step(SLICE);
  return vm;
}

function collected(vm: BoxelderVm): BoxelderVm {
  vm.collect();
  return vm;
}

/** In the order in which they are tried: what is found by an earlier one is narrowed down more easily. */
export const MODES = {
  allocations: {
    doc: "collect at allocations", places: "allocation", uses: 4000,
    prepare: (plan) => atAllocations(plan),
  },
  quarantine: {
    doc: `the same, and for ${HELD} collections what was freed is neither used again nor written to`, places: "allocation", uses: 2000,
    prepare: (plan) => atAllocations(plan, { quarantine: HELD }),
  },
  slices: {
    doc: "mark a few cells at allocations, one collection after the other", places: "allocation", uses: 40_000,
    prepare: (plan) => inHeap({ ...limits(plan), gcStep: SLICE, gcStepStride: plan.rate > 0 ? Math.ceil(1 / plan.rate) : plan.stride }),
  },
  safepoints: {
    doc: "collect at calls and rounds of loops", places: "safepoint", uses: 4000,
    prepare: (plan) => atStops(plan, WATCHED, collected),
  },
  "safepoint-slices": {
    doc: "mark a few cells at calls and rounds of loops, one collection after the other", places: "safepoint", uses: 4000,
    prepare: (plan) => atStops(plan, WATCHED, marked),
  },
  "host-calls": {
    doc: "collect at the first allocation after calls of the host", places: "host call", uses: 4000,
    prepare(plan) {
      const schedule = new Schedule(plan);
      return { trial: { vm: WATCHED, atHostCall: (vm) => { if (schedule.next()) internalsOf(vm).vm.heap.collectSoon(); } }, chosen: () => schedule.chosen };
    },
  },
  moves: {
    doc: "move the world to another buffer at allocations, from the smallest there is", places: "allocation", uses: 4000,
    prepare: (plan) => inHeap({ ...limits(plan), moveWorld: plan.stride, initialMemory: 1, loop: "js" }),
  },
  images: {
    doc: "freeze the VM at calls and rounds of loops, and go on in one restored from the image", places: "safepoint", uses: 60,
    prepare: (plan) => atStops(plan, {}, thawedCopy),
  },
} as const satisfies { readonly [name: string]: Mode };

export type ModeName = keyof typeof MODES;
export const MODE_NAMES = Object.keys(MODES) as ModeName[];
export const modeOf = (name: ModeName): Mode => MODES[name];
