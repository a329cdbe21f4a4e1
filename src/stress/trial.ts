// One run of a program in a VM of its own, with what is done to it on the way, and all that can be seen of it from outside.

import { BoxelderVm, internalsOf } from "../api.ts";
import type { RunResult } from "../embed/results.ts";
import type { Host } from "../vm/host.ts";
import type { VmOptions } from "../vm-options.ts";

export interface StressProgram {
  readonly text: string;
  /** Name shown in messages. */
  readonly name?: string;
  /** Name of the program's language, which must be one of the VM's; default hemlock. */
  readonly language?: string;
  /** Called with each VM before the program runs in it: to give it globals, and to begin anew with what the host serves. */
  readonly prepare?: (vm: BoxelderVm) => void;
}

/** What a run is put through. */
export interface Trial {
  readonly vm?: Partial<VmOptions>;
  /** Stop whenever so much fuel is used up. */
  readonly step?: number;
  /** At each stop; answers the VM to go on with, in place of one that was made with these options. */
  readonly atStop?: (vm: BoxelderVm, given: VmOptions) => BoxelderVm;
  /** During each call of the host. */
  readonly atHostCall?: (vm: BoxelderVm) => void;
}

export interface TrialRun {
  /** How it ended, in a few words; the same words mean the same end. */
  readonly end: string;
  /** Both outputs, as they came. */
  readonly output: string;
  /** What the VM itself did wrong, null for nothing. */
  readonly broken: string | null;
  readonly stops: number;
  readonly hostCalls: number;
  /** Used, of a run without stops. */
  readonly fuel: number;
  /** Allocations, if the trial's options make the heap count them, and what these forced. */
  readonly allocations: number;
  readonly forced: number;
  /** The error the script did not catch, "" when there was none. */
  readonly uncaught: string;
}

/** Allocations are counted; none of this number is ever made. */
export const COUNTING: Trial = { vm: { failAllocationAt: 2 ** 31 - 1 } };

const endOf = (result: RunResult): string => (result.status === "done" ? `value ${result.value}` : `${result.kind} ${result.message} (${result.exitCode})`);

/** The text of both outputs, which may be no UTF-8. */
class Transcript {
  readonly #pieces: Uint8Array[] = [];
  readonly add = (data: Uint8Array): void => void this.#pieces.push(data.slice());

  text(): string {
    const bytes = new Uint8Array(this.#pieces.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const piece of this.#pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return new TextDecoder().decode(bytes);
  }
}

/** `options`: of the VM; its host serves everything but output. */
export function runTrial(program: StressProgram, options: VmOptions, trial: Trial): TrialRun {
  const transcript = new Transcript();
  let vm: BoxelderVm | null = null, stops = 0, hostCalls = 0, fuel = 0, result: RunResult = { status: "done", value: "" }, broken: string | null = null;
  const host = watched({ ...options.host, write: transcript.add, writeError: transcript.add }, () => {
    hostCalls++;
    if (vm !== null) trial.atHostCall?.(vm);
  });
  const budget = options.fuel ?? Infinity, step = Math.min(trial.step ?? Infinity, budget), given: VmOptions = { ...options, ...trial.vm, host };
  try {
    vm = new BoxelderVm(step === Infinity ? given : { ...given, fuel: step });
    program.prepare?.(vm);
    const before = vm.fuel;
    result = vm.run(program.text, program);
    fuel = before - vm.fuel;
    for (let used = step; used < budget && result.status === "error" && result.kind === "outOfFuel"; used += step, stops++) {
      vm = trial.atStop?.(vm, given) ?? vm;
      result = vm.resume(step);
    }
    vm.verifyHeap();
  } catch (error) {
    broken = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  const { allocations = 0, forced = 0 } = vm === null ? {} : internalsOf(vm).vm.heap;
  const uncaught = result.status === "error" && result.kind === "uncaught" ? result.message : "";
  return { end: endOf(result), output: transcript.text(), broken, stops, hostCalls, fuel, allocations, forced, uncaught };
}

/** A VM that goes on from an image of this one, with its options. */
export function thawedCopy(vm: BoxelderVm, given: VmOptions): BoxelderVm {
  const { initialMemory: _, treeStackBytes: __, seed: ___, ...options } = given;
  return BoxelderVm.restore(vm.snapshot(), options);
}

/** The host, with `seen` called after each of its functions. */
function watched(host: Partial<Host>, seen: () => void): Partial<Host> {
  const after = <A extends readonly unknown[], R>(call: (...given: A) => R) => (...given: A): R => {
    const result = call(...given);
    seen();
    return result;
  };
  const entries = Object.entries(host).map(([name, value]) => [name, typeof value === "function" ? after(value.bind(host) as (...given: unknown[]) => unknown) : value]);
  return Object.fromEntries(entries) as Partial<Host>;
}

/** In what a run differs from the plain one, null for nothing. */
export function difference(plain: TrialRun, run: TrialRun): string | null {
  if (run.broken !== null) return run.broken;
  if (run.end !== plain.end) return `ended with ${run.end}, and without stress with ${plain.end}`;
  if (run.output === plain.output) return null;
  const lines = run.output.split("\n"), expected = plain.output.split("\n"), at = expected.findIndex((line, i) => line !== lines[i]);
  return at < 0 ? `wrote ${lines.length - expected.length} lines more than without stress` : `line ${at + 1} of the output is ${JSON.stringify(lines[at] ?? "missing")}, and without stress ${JSON.stringify(expected[at])}`;
}
