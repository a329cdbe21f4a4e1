// Compiled programs between the API and the engine: made, taken in, and started in a VM.

import { CellKind } from "../heap/value.ts";
import { newClosure } from "../heap/cells/closure.ts";
import { Root } from "../heap/roots.ts";
import type { CompiledFunction } from "./bytecode/code.ts";
import { link } from "./compile/link.ts";
import { LimitError } from "./compile/limits.ts";
import { ScriptError, syntaxFailure } from "./embed/results.ts";
import { toBytecode, toIr, type CompileSettings } from "./engines.ts";
import type { Compilation } from "./front/language.ts";
import { bodyName } from "./modules.ts";
import type { LanguagePlugin } from "./plugin.ts";
import { checkProgram } from "./program/check.ts";
import { decodeProgram } from "./program/decode.ts";
import { ProgramError } from "./program/errors.ts";
import { partsOf, Program, type DataCodec, type ProgramModule } from "./program/program.ts";
import type { Compiled, Programs } from "./programs.ts";
import { diagnose, type Diagnostic } from "./text/diagnostics.ts";
import type { Source } from "./text/source.ts";
import type { Status } from "./vm/errors.ts";
import { enterFromHost } from "./vm/frames.ts";
import { globalValueSlot } from "./vm/globals.ts";
import { generaliseAll } from "./vm/primitives.ts";
import { run } from "./vm/run.ts";
import type { Vm } from "./vm/vm.ts";
import type { CheckOptions } from "./vm-options.ts";

/** `vm`: a scratch copy of the VM, for languages that run things when they compile, else the VM itself. Throws ScriptError, with all diagnostics. */
export function compileProgram(plugin: LanguagePlugin, programs: Programs, vm: Vm, text: string, options: CheckOptions, settings: CompileSettings): Program {
  const step = (source: Source, front: Parameters<LanguagePlugin["program"]>[1]): Compilation => plugin.ahead?.(vm, source) ?? plugin.program(source, front, false);
  const compiled = programs.alone().compile(vm, plugin.language, text, options, step), { program, source } = compiled;
  if (program === null) throw refusal(compiled.diagnostics);
  const toCode = (ir: NonNullable<Compilation["program"]>, of: Source): CompiledFunction => withOwnData(bytecode(ir, of, settings), plugin.data, vm.sources.indexOf(of));
  const modules = compiled.modules.map((module): ProgramModule => {
    const { id, path, source: of, compilation, shape: { prefix, names, exports, types } } = module;
    return { id, path, prefix, names: [...names], exports: [...exports], types: [...types], refFunctions: compilation.refFunctions, source: of, main: toCode(compilation.program!, of) };
  });
  return new Program({
    language: plugin.language.name, source, main: toCode(program, source), modules, defines: [...compiled.definedGlobals], refFunctions: compiled.refFunctions, data: plugin.data,
  });
}

const refusal = (diagnostics: readonly Diagnostic[]): ScriptError => new ScriptError(syntaxFailure(diagnostics));

function bytecode(ir: NonNullable<Compiled["program"]>, source: Source, settings: CompileSettings): CompiledFunction {
  try {
    return toBytecode(toIr(ir, settings), settings);
  } catch (error) {
    if (!(error instanceof LimitError)) throw error;
    throw refusal([diagnose(source, "E304", error.span, [error.message])]);
  }
}

/** The function with data that refers to nothing in the world it was compiled in. `own`: number there of the source it was read from. */
function withOwnData(code: CompiledFunction, data: DataCodec | null, own: number, done = new Map<CompiledFunction, CompiledFunction>()): CompiledFunction {
  if (data === null) return code;
  const known = done.get(code);
  if (known !== undefined) return known;
  const made = {
    ...code, constants: code.constants.map((constant) => (constant.type === "datum" ? { ...constant, value: data.read(data.write(constant.value, own)) }
      : constant.type === "code" ? { ...constant, function: withOwnData(constant.function, data, own, done) } : constant)),
  };
  done.set(code, made);
  return made;
}

/** Reads and checks a program. Throws ProgramError. */
export function loadProgram(bytes: Uint8Array, languages: readonly LanguagePlugin[]): Program {
  let data: DataCodec | null = null;
  const decoded = decodeProgram(bytes, (name) => {
    const plugin = languages.find(({ language }) => language.name === name);
    if (plugin === undefined) throw new ProgramError("missing", `the compiled program is in the language '${name}', which this VM does not have: give it in the option languages`, [name]);
    return data = plugin.data;
  });
  checkProgram(decoded);
  const { functions: _, natives: __, ...parts } = decoded;
  return new Program({ ...parts, data });
}

/** Runs a program from the start on an idle VM of the vm engine; ends like an engine's `start`. */
export function startProgram(vm: Vm, programs: Programs, program: Program): Status {
  const { heap } = vm, { main, modules, isFirst } = programs.adopt(vm, program), hold = Root.Temp0;
  // What it defined in an earlier run is its own to define again.
  vm.redefine = !isFirst;
  heap.setHole(heap.rootSlot(Root.Dynamic));
  for (const { id, source, main: body } of modules) {
    storeClosure(vm, hold, body, source);
    heap.replace(globalValueSlot(vm.globals.cell(bodyName(id))), heap.rootSlot(hold));
  }
  storeClosure(vm, hold, main, partsOf(program).source);
  if (vm.generalised.size > 0) generaliseAll(vm);
  heap.copySlot(vm.stackBase, heap.rootSlot(hold));
  heap.setHole(heap.rootSlot(hold));
  enterFromHost(vm, vm.stackBase, 0);
  return run(vm);
}

function storeClosure(vm: Vm, root: Root, code: CompiledFunction, source: Source): void {
  const { heap, sources } = vm, known = sources.indexOf(source), addr = link(vm, code, known < 0 ? sources.push(source) - 1 : known);
  heap.setRoot(root, CellKind.Code, addr);
  heap.setRoot(root, CellKind.Closure, newClosure(heap, addr, 0));
}
