// A VM that stands still, as data: what snapshot writes, restore reads and fork copies. The world and raw memory are views of
// the VM's own when it is frozen, and copies when another VM takes them over.

import type { RawState } from "../../heap/raw.ts";
import { settleStack, copyWorld, type OpenWorld } from "../../heap/world-copy.ts";
import { Status } from "../vm/errors.ts";
import type { Source } from "../text/source.ts";
import type { Vm } from "../vm/vm.ts";
import type { VmState } from "../vm/vm-state.ts";
import type { WorldIndex } from "../vm/world-index.ts";
import { ImageError } from "./errors.ts";

/** A module that has run, as src/modules.ts knows it. */
export interface ModuleState {
  readonly id: number;
  readonly path: string;
  readonly prefix: string;
  readonly names: readonly (readonly [name: string, global: string])[];
  readonly exports: readonly string[];
  readonly types: readonly string[];
  readonly refFunctions: boolean;
}

/** What the API keeps for a VM beside its Vm. Plain data. */
export interface SessionState {
  readonly engine: string;
  /** Names of the languages the VM has. */
  readonly languages: readonly string[];
  /** Language of the last run. */
  readonly language: string;
  /** Names that programs defined, and whether one has functions with by-reference parameters: for the next program. */
  readonly known: readonly string[];
  readonly refFunctions: boolean;
  /** Index of the source that stands for data made by programs, -1 for none yet. */
  readonly evalSource: number;
  /** Limit of the world in bytes. */
  readonly memory: number;
  /** The modules that programs imported. */
  readonly modules: readonly ModuleState[];
}

/** All a VM is made of. */
export interface Frozen {
  readonly world: OpenWorld;
  /** Of the world, where it is known. */
  readonly index: WorldIndex | null;
  readonly raw: RawState | null;
  readonly sources: readonly Source[];
  readonly vm: VmState;
  readonly session: SessionState;
}

/** Options that go on being those of the VM that was frozen, unless others are given. */
export function optionsOf({ vm, session }: Frozen, given: { readonly memory?: number; readonly stackDepth?: number }): { memory: number; stackDepth: number | undefined } {
  return { memory: given.memory ?? session.memory, stackDepth: given.stackDepth ?? vm.hostDepth ?? undefined };
}

export function checkEngine(engine: string): void {
  if (engine !== "vm") throw new ImageError("engine", `the engine '${engine}' keeps its frames in JavaScript, it can be neither frozen nor restored: use the engine 'vm'`);
}

/** Refuses to freeze a VM that is not at a pause point, or of another engine. */
export function checkPausePoint(vm: Vm, { engine }: SessionState): void {
  checkEngine(engine);
  const parked = vm.parkedAs === Status.OutOfFuel || vm.parkedAs === Status.Pending;
  if (vm.nativeTop !== 0 || (vm.fp !== 0 && !parked)) {
    throw new ImageError("busy", "a VM cannot be frozen while its script runs: freeze it between runs, when it ran out of fuel, or when it waits");
  }
}

/** The state of a VM and a copy of its memory, for a VM of its own. */
export function freeze(vm: Vm, session: SessionState): Frozen {
  checkPausePoint(vm, session);
  settleStack(vm.heap);
  return { world: copyWorld(vm.heap), index: vm.index, raw: vm.raw.state(), sources: vm.sources, vm: vm.state, session };
}

/** Puts what was frozen into a Vm that was made over the world. Limits that are given take the place of its own. */
export function thaw(vm: Vm, { raw, sources, vm: state }: Frozen, { fuel, stackDepth }: { readonly fuel?: number; readonly stackDepth?: number }): void {
  vm.sources.push(...sources);
  if (raw !== null) vm.raw.load(raw);
  vm.goOn(stackDepth === undefined || stackDepth === state.hostDepth ? state : { ...state, hostDepth: stackDepth, maxDepth: stackDepth + state.lent });
  if (fuel !== undefined) vm.fuel = fuel;
}
