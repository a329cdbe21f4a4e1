// Compiling in every configuration, with everything proved that can be: the verifier, the register checker, and the tree
// engine, whose outcome the bytecode must have too.

import { expect } from "vitest";
import { newClosure } from "../../heap/cells/closure.ts";
import { Root } from "../../heap/roots.ts";
import { CellKind } from "../../heap/value.ts";
import { type CompiledFunction, nestedFunctions } from "../../src/bytecode/code.ts";
import { verify } from "../../src/bytecode/verify.ts";
import { checkRegisters } from "../../src/compile/check-registers.ts";
import { compile } from "../../src/compile/compile.ts";
import { link } from "../../src/compile/link.ts";
import type { CompileOptions } from "../../src/compile/options.ts";
import { hemlock } from "../../src/front/hemlock/index.ts";
import * as b from "../../src/ir/builder.ts";
import type { Node, Program } from "../../src/ir/nodes.ts";
import { optimise } from "../../src/ir/optimise.ts";
import { isBuiltin, libraryGlobal, nativeIndex, NATIVES } from "../../src/library/registry.ts";
import { Source } from "../../src/text/source.ts";
import { enterFromHost } from "../../src/vm/frames.ts";
import { displayText } from "../../src/vm/display.ts";
import { Status } from "../../src/vm/errors.ts";
import { run } from "../../src/vm/run.ts";
import type { Vm } from "../../src/vm/vm.ts";
import { newVm, outcome } from "../tree/programs.ts";

export const CONFIGURATIONS: readonly CompileOptions[] = [
  { optimise: 1, peephole: true, nativeIndex }, { optimise: 1, peephole: false, nativeIndex },
  { optimise: 0, peephole: true, nativeIndex }, { optimise: 0, peephole: false, nativeIndex },
];
export const DEFAULTS = CONFIGURATIONS[0]!;

/** The function and all within, each once. */
export function allFunctions(root: CompiledFunction): CompiledFunction[] {
  const seen = new Set([root]);
  for (const each of seen) for (const inner of nestedFunctions(each)) seen.add(inner);
  return [...seen];
}

/** Compiles, and proves what has been compiled. */
export function proved(program: Program, options: CompileOptions = DEFAULTS): CompiledFunction {
  const compiled = compile(optimise(program, { level: options.optimise }), options);
  verify(compiled, { isNative: (id) => id < NATIVES.length });
  for (const each of allFunctions(compiled)) checkRegisters(each);
  return compiled;
}

export const mainOf = (body: Node): Program => b.program(b.functionNode("<main>", [], body), "test");

export function hemlockProgram(text: string): Program {
  const { program, diagnostics } = hemlock.compile(new Source("test", text), { isBuiltin, libraryGlobal });
  expect(program, diagnostics.map((each) => each.message).join("; ")).not.toBe(null);
  return program!;
}

/** Runs compiled code: display text of the value, or "throws " and that of the exception. */
export function runCompiled(compiled: CompiledFunction, vm: Vm = newVm()): string {
  const { heap } = vm, hold = heap.rootSlot(Root.Temp0);
  const code = link(vm, compiled, vm.sources.length - 1);
  heap.setCell(hold, CellKind.Code, code);
  const closure = newClosure(heap, code, 0);
  heap.setCell(vm.stackBase, CellKind.Closure, closure);
  heap.setHole(hold);
  enterFromHost(vm, vm.stackBase, 0);
  const status = run(vm);
  const root = status === Status.Done ? Root.Result : Root.Exception;
  return (status === Status.Done ? "" : "throws ") + displayText(vm, heap.rootSlot(root));
}

let stressed: Vm | null = null;

/** A world that collects and verifies at every allocation; one for all programs, because making it takes many collections. */
export function stressedVm(): Vm {
  stressed ??= newVm({ heap: { gcStress: 1, verify: true, poison: true } });
  for (const name of stressed.globals.names()) stressed.globals.undefine(name);
  return stressed;
}

/** Expects the outcome from the tree engine and from bytecode of every configuration. `make` builds the nodes anew. */
export function expectEverywhere(make: () => Node, expected: string): void {
  expect(outcome(newVm(), make()), "tree engine").toBe(expected);
  for (const options of CONFIGURATIONS) {
    const { optimise: level, peephole } = options;
    expect(runCompiled(proved(mainOf(make()), options)), `optimise ${level}, peephole ${peephole}`).toBe(expected);
  }
  expect(runCompiled(proved(mainOf(make())), stressedVm()), "collecting at every allocation").toBe(expected);
}
