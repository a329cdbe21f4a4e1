// From a source to a running program, for each engine. The stages are the same up to the optimised IR.

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
import { functionCode } from "./tree/functions.ts";
import { runTree } from "./tree/run.ts";
import { treeWorld } from "./tree/world.ts";
import { enterFromHost } from "./vm/frames.ts";
import { Status } from "./vm/errors.ts";
import { isIntact } from "./vm/primitives.ts";
import { run } from "./vm/run.ts";
import type { Vm } from "./vm/vm.ts";

export type EngineName = "vm" | "tree";
export const ENGINES: readonly EngineName[] = ["vm", "tree"];

export interface CompileSettings { readonly optimise: 0 | 1; readonly peephole: boolean }
export interface StartSettings extends CompileSettings { /** See VmOptions. */ readonly treeStackBytes?: number }

export const toIr = (program: Program, settings: CompileSettings): Program => optimise(program, { level: settings.optimise });
/** `vm`: where it will run; without one, no primitive counts as redefined. */
export const toBytecode = (program: Program, settings: CompileSettings, vm: Vm | null = null): CompiledFunction =>
  compile(program, { ...settings, nativeIndex, ...(vm === null ? {} : { isIntact: (op) => isIntact(vm, op) }) });

/** Writes a function that runs the program to slot dst; a root must reach the slot. `sourceId`: index in vm.sources. May collect. */
export function storeClosure(vm: Vm, dst: number, engine: EngineName, program: Program, sourceId: number, settings: CompileSettings): void {
  const { heap } = vm, optimised = toIr(program, settings);
  const code = engine === "tree" ? functionCode(treeWorld(vm), optimised.main, sourceId) : link(vm, toBytecode(optimised, settings, vm), sourceId);
  heap.setCell(dst, CellKind.Code, code);
  heap.setCell(dst, CellKind.Closure, newClosure(heap, code, 0));
}

/** Runs an optimised program from the start. Ends like run.ts: a status, or a JS exception scripts cannot catch. */
export function start(vm: Vm, engine: EngineName, program: Program, source: Source, settings: StartSettings): Status {
  const sourceId = vm.sources.push(source) - 1;
  // What handlers and winds a run left behind that ended amid them.
  vm.heap.setHole(vm.heap.rootSlot(Root.Dynamic));
  if (engine === "tree") return runTree(vm, program, sourceId, { stackBytes: settings.treeStackBytes });
  const code = link(vm, toBytecode(program, settings, vm), sourceId);
  const heap = vm.heap, hold = heap.rootSlot(Root.Temp0);
  heap.setCell(hold, CellKind.Code, code);
  const closure = newClosure(heap, code, 0);
  heap.setCell(vm.stackBase, CellKind.Closure, closure);
  heap.setHole(hold);
  enterFromHost(vm, vm.stackBase, 0);
  return run(vm);
}
