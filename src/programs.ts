// The programs of one VM on their way from text to IR: what earlier ones defined, and the modules they import.

import { Hi } from "../heap/value.ts";
import { syntaxFailure, type RunFailure } from "./embed/results.ts";
import type { Compilation, FrontOptions, Language } from "./front/language.ts";
import type { SessionState } from "./image/frozen.ts";
import { builtinNames, isBuiltin, libraryGlobal } from "./library/registry.ts";
import { knownModules, Modules, moduleStates, type ModuleLoader, type NewModule } from "./modules.ts";
import { partsOf, type Program, type ProgramParts } from "./program/program.ts";
import { renameFunction } from "./program/rename.ts";
import type { Diagnostic } from "./text/diagnostics.ts";
import { Source } from "./text/source.ts";
import { globalValueSlot } from "./vm/globals.ts";
import type { Vm } from "./vm/vm.ts";
import type { CheckOptions } from "./vm-options.ts";

export interface Compiled extends Compilation { readonly source: Source; readonly modules: readonly NewModule[] }

/** What an image keeps of it. */
type ProgramsState = Pick<SessionState, "known" | "refFunctions" | "modules">;

export class Programs {
  readonly #known: Set<string>;
  readonly #modules: Modules;
  #refFunctions: boolean;
  /** Compiled programs that began to run here. */
  readonly #begun = new WeakSet<Program>();

  constructor(readonly loader: ModuleLoader | null, state: ProgramsState = { known: [], refFunctions: false, modules: [] }) {
    this.#known = new Set(state.known);
    this.#refFunctions = state.refFunctions;
    this.#modules = new Modules(loader, knownModules(state.modules));
  }

  get state(): ProgramsState { return { known: [...this.#known], refFunctions: this.#refFunctions, modules: moduleStates(this.#modules.known) }; }

  /** A source and everything it imports, for a VM; no program when there are errors in any of them. */
  compile(vm: Vm, language: Language, text: string, options: CheckOptions, compile: (source: Source, front: FrontOptions) => Compilation): Compiled {
    const source = new Source(options.name ?? "<script>", text), front = this.#frontOptions(vm, options);
    this.#settle(vm);
    const loaded = this.#modules.load(language, source, front);
    const compilation = compile(source, loaded === null ? front : { ...front, modules: loaded.links, refFunctions: this.#refFunctions || this.#modules.refFunctions });
    const diagnostics = [...loaded?.diagnostics ?? [], ...compilation.diagnostics], failed = diagnostics.some(({ severity }) => severity === "error");
    return { ...compilation, diagnostics, program: failed ? null : compilation.program, source, modules: loaded?.modules ?? [] };
  }

  #settle(vm: Vm): void { this.#modules.settle((body) => vm.heap.hi(globalValueSlot(vm.globals.cell(body))) === Hi.Null); }

  /** Those of a program that is compiled to be kept: it sees what earlier ones defined, but brings all its modules along. */
  alone(): Programs { return new Programs(this.loader, { ...this.state, modules: [] }); }

  /** What of a compiled program is to run, with the names it has here; `isFirst`: nothing of it is there yet. */
  adopt(vm: Vm, program: Program): { readonly main: ProgramParts["main"]; readonly modules: ProgramParts["modules"]; readonly isFirst: boolean } {
    const { main, modules, defines, refFunctions } = partsOf(program), isFirst = !this.#begun.has(program);
    this.#settle(vm);
    const { ids, fresh } = this.#modules.adopt(modules), done = new Map<ProgramParts["main"], ProgramParts["main"]>();
    this.#begun.add(program);
    this.accept({ definedGlobals: new Set(defines), refFunctions });
    return {
      main: renameFunction(main, ids, done), isFirst,
      modules: modules.filter(({ id }) => fresh.has(id)).map((module) => ({ ...module, id: ids.get(module.id)!, main: renameFunction(module.main, ids, done) })),
    };
  }

  #frontOptions(vm: Vm, options: CheckOptions): FrontOptions {
    const known = new Set([...this.#known, ...vm.globals.names()]);
    return { isBuiltin, libraryGlobal, builtinNames: builtinNames(), repl: options.repl ?? false, knownGlobals: known, refFunctions: this.#refFunctions };
  }

  /** The program is going to run: later ones may know what it defines. */
  accept({ definedGlobals, refFunctions }: Pick<Compiled, "definedGlobals" | "refFunctions">): void {
    for (const name of definedGlobals) this.#known.add(name);
    this.#refFunctions ||= refFunctions;
  }

  /** The program is not going to run, nor are the modules that it would have been the first to need. */
  refuse({ modules }: Compiled, diagnostics: readonly Diagnostic[]): RunFailure {
    this.forget(modules);
    return syntaxFailure(diagnostics);
  }

  forget(modules: readonly NewModule[]): void { this.#modules.forget(modules); }
}
