// From a program to a running one. The stages are the same for every engine up to the optimised IR; the engine of VMs is
// here, others are objects like it that an embedder imports.

import { newClosure } from "../heap/cells/closure.ts";
import { Root } from "../heap/roots.ts";
import { CellKind } from "../heap/value.ts";
import type { CompiledFunction } from "./bytecode/code.ts";
import { compile } from "./compile/compile.ts";
import { link } from "./compile/link.ts";
import type { Program } from "./ir/nodes.ts";
import { nativeIndex } from "./library/registry.ts";
import { optimise } from "./ir/optimise.ts";
import type { Source } from "./text/source.ts";
import { enterFromHost } from "./vm/frames.ts";
import type { Status } from "./vm/errors.ts";
import { isIntact } from "./vm/primitives.ts";
import { run } from "./vm/run.ts";
import type { Vm } from "./vm/vm.ts";

export interface CompileSettings { readonly optimise: 0 | 1; readonly peephole: boolean }
export interface StartSettings extends CompileSettings { /** See VmOptions. */ readonly treeStackBytes?: number }

export interface Engine {
  readonly name: string;
  /** Runs an optimised program on an idle Vm. Ends like vm/run.ts: a status, or a JS exception scripts cannot catch. */
  start(vm: Vm, program: Program, sourceId: number, settings: StartSettings): Status;
  /** dst = procedure without parameters that does what the optimised program does. May collect. */
  storeClosure(vm: Vm, dst: number, program: Program, sourceId: number, settings: CompileSettings): void;
}

export const toIr = (program: Program, settings: CompileSettings): Program => optimise(program, { level: settings.optimise });
/** `vm`: where it will run; without one, no primitive counts as redefined. */
export const toBytecode = (program: Program, settings: CompileSettings, vm: Vm | null = null): CompiledFunction =>
  compile(program, { ...settings, nativeIndex, ...(vm === null ? {} : { isIntact: (op) => isIntact(vm, op) }) });

/** Bytecode and the loop that runs it. */
export const vmEngine: Engine = {
  name: "vm",
  start(vm, program, sourceId, settings) {
    const { heap } = vm;
    this.storeClosure(vm, heap.rootSlot(Root.Temp0), program, sourceId, settings);
    heap.copySlot(vm.stackBase, heap.rootSlot(Root.Temp0));
    heap.setHole(heap.rootSlot(Root.Temp0));
    enterFromHost(vm, vm.stackBase, 0);
    return run(vm);
  },
  storeClosure(vm, dst, program, sourceId, settings) {
    const { heap } = vm, code = link(vm, toBytecode(program, settings, vm), sourceId);
    heap.setCell(dst, CellKind.Code, code);
    heap.setCell(dst, CellKind.Closure, newClosure(heap, code, 0));
  },
};

/** Runs an optimised program from the start; see Engine. */
export function start(vm: Vm, engine: Engine, program: Program, source: Source, settings: StartSettings): Status {
  const sourceId = vm.sources.push(source) - 1;
  // What handlers and winds a run left behind that ended amid them.
  vm.heap.setHole(vm.heap.rootSlot(Root.Dynamic));
  return engine.start(vm, program, sourceId, settings);
}
