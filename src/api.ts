// The VM as a host sees it: run text, look at what happened, look at the heap.

import { keywordNames } from "../heap/cells/keyword.ts";
import type { GcEntry, HeapStats } from "../heap/options.ts";
import { Root } from "../heap/roots.ts";
import { Hi } from "../heap/value.ts";
import { disassemble } from "./bytecode/disassemble.ts";
import { failure, syntaxFailure, withinLimits, type Restart, type RunFailure, type RunResult } from "./embed/results.ts";
import { ENGINES, start, storeClosure, toBytecode, toIr, type EngineName, type StartSettings } from "./engines.ts";
import { hemlock } from "./front/hemlock/index.ts";
import { lisp, readProgram } from "./front/lisp/index.ts";
import { printAst } from "./front/hemlock/print-ast.ts";
import type { Compilation, FrontOptions, Language } from "./front/language.ts";
import { freeze, optionsOf, type Frozen, type SessionState } from "./image/frozen.ts";
import { readImage } from "./image/restore.ts";
import { type SnapshotOptions, writeImage } from "./image/snapshot.ts";
import { printProgram } from "./ir/print.ts";
import { builtinNames, isBuiltin, libraryGlobal, NATIVES } from "./library/registry.ts";
import { conditionText } from "./library/lisp/conditions.ts";
import { restartsIn } from "./library/lisp/control/interaction.ts";
import { hintOf } from "./library/lisp/hints.ts";
import { prettyText } from "./library/lisp/printer.ts";
import { installLisp, librarySources, type Libraries } from "./library-world.ts";
import { LISP_PREFIX, programOfForms, servicesOf, type LispServices } from "./lisp-services.ts";
import { knownModules, Modules, moduleStates, type ModuleLoader, type NewModule } from "./modules.ts";
import { newWorld, thawedWorld } from "./new-world.ts";
import type { Diagnostic } from "./text/diagnostics.ts";
import { Source } from "./text/source.ts";
import { displayText } from "./vm/display.ts";
import { globalValueSlot } from "./vm/globals.ts";
import { GUEST_THROW, ProgramEnd, Status, UnsupportedByEngine, type TraceEntry } from "./vm/errors.ts";
import type { Host } from "./vm/host.ts";
import { Interaction } from "./vm/interaction.ts";
import { run } from "./vm/run.ts";
import { endTasks } from "./vm/scheduler.ts";
import { DEFAULT_STACK_DEPTH, type Vm } from "./vm/vm.ts";

export const LANGUAGES: readonly Language[] = [hemlock, lisp];
/** Columns in which values of Lisp are laid out. */
const LISP_WIDTH = 80;
/** Guest frames a Lisp program may use unless the host says otherwise: recursion is its loop. */
const LISP_STACK_DEPTH = 1_000_000;

/** Forms of the vm engine's loop. */
export type LoopName = "auto" | "js" | "wasm";

export interface VmOptions {
  /** Limit of the world in bytes: heap, stacks, code and raw memory together. Default 64 MiB. */
  readonly memory?: number;
  /** Size of the world at the start; it grows on demand. */
  readonly initialMemory?: number;
  /** Back edges, calls and work inside natives a run may use; not given: no limit. */
  readonly fuel?: number;
  /** Guest frames that may be in use at a time. Default 10,000, for Lisp 1,000,000. */
  readonly stackDepth?: number;
  readonly engine?: EngineName;
  /** Languages whose libraries the VM starts with; a run in another one adds its library, which takes longer. Default: hemlock. */
  readonly languages?: readonly string[];
  /**
   * Size of the JavaScript stack the tree engine may rely on, which bounds how deep calls and expressions nest there; the
   * other engine needs none. Default: what is safe on Node's main thread and in browsers, some 450 calls. Never give more
   * than the thread has.
   */
  readonly treeStackBytes?: number;
  /** Where the modules that scripts import come from; left out: there are none. */
  readonly modules?: ModuleLoader;
  /** What scripts may reach of the outside; everything left out does nothing. */
  readonly host?: Partial<Host>;
  /** Debug aids of the collector: see HeapOptions. */
  readonly gcStress?: number;
  readonly gcStressRate?: number;
  readonly gcSeed?: number;
  readonly failAllocationAt?: number;
  readonly verifyHeap?: boolean;
  readonly poison?: boolean;
  readonly onCollect?: (entry: GcEntry) => void;
  /** Milliseconds, for the pauses reported to onCollect. */
  readonly now?: () => number;
  /**
   * Debug aid: which form of its loop the vm engine runs. Default "auto": the one in JavaScript at first, and in long runs
   * the one compiled to WebAssembly where that is possible. "wasm" is that from the start, or an error.
   */
  readonly loop?: LoopName;
  /** Compiler switches, for finding out which stage is at fault. */
  readonly peephole?: boolean;
  readonly optimise?: 0 | 1;
  /** Seed of the scripts' random numbers. */
  readonly seed?: number;
}

/** Options of a VM that goes on: its languages and its library are in what it goes on with. */
export type RestoreOptions = Omit<VmOptions, "languages" | "initialMemory" | "treeStackBytes" | "seed">;

export interface CheckOptions {
  /** Name of a language in LANGUAGES; default hemlock. */
  readonly language?: string;
  /** Name shown in messages. */
  readonly name?: string;
  /** One input of an interactive session. */
  readonly repl?: boolean;
}
export type RunOptions = CheckOptions;

interface Compiled extends Compilation { readonly source: Source; readonly modules: readonly NewModule[] }

/** What `disassemble` shows. */
export type Stage = "ast" | "ir" | "bytecode";

export class BoxelderVm {
  readonly #options: VmOptions;
  #vm: Vm;
  #libraries: Libraries;
  #services!: LispServices;
  /** Nothing ran in the world yet. */
  #fresh = true;
  /** Language of the last run: what its value and exceptions look like. */
  #language = "hemlock";
  readonly #engine: EngineName;
  readonly #settings: StartSettings;
  readonly #known = new Set<string>();
  readonly #modules: Modules | null;
  #refFunctions = false;

  /** `frozen`: what the VM goes on with, see `restore` and `fork`. */
  constructor(options: VmOptions = {}, frozen: Frozen | null = null) {
    this.#engine = options.engine ?? "vm";
    if (!ENGINES.includes(this.#engine)) throw new RangeError(`there is no engine '${String(options.engine)}'; engines are ${ENGINES.join(", ")}`);
    this.#settings = { optimise: options.optimise ?? 1, peephole: options.peephole ?? true, treeStackBytes: options.treeStackBytes };
    this.#options = frozen === null ? options : { ...options, ...optionsOf(frozen, options) };
    this.#libraries = options.languages?.includes("lisp") === true ? "lisp" : "hemlock";
    this.#vm = frozen === null ? this.#newWorld() : this.#thaw(frozen);
    this.#modules = options.modules === undefined ? null : new Modules(options.modules, knownModules(frozen?.session.modules ?? []));
  }

  /**
   * A VM that goes on from an image, or from a whole image and its deltas, the oldest first. Options that are not given are
   * those of the VM that was frozen; its host has to be given anew. Throws ImageError when the image is not fit to run.
   */
  static restore(image: Uint8Array | readonly Uint8Array[], options: RestoreOptions = {}): BoxelderVm {
    return new BoxelderVm(options, readImage(image, librarySources(), options));
  }

  /** The VM as bytes: between runs, when a run is out of fuel, or waits. Throws ImageError while its script runs, and for the tree engine. */
  snapshot(options: SnapshotOptions = {}): Uint8Array { return writeImage(this.#vm, this.#session(), librarySources(), options); }

  /** A second VM in the same state, which goes its own way from here on; when, see `snapshot`. `options` replace this VM's, host included. */
  fork(options: RestoreOptions = {}): BoxelderVm {
    return new BoxelderVm({ ...this.#options, fuel: undefined, ...options }, freeze(this.#vm, this.#session()));
  }

  #session(): SessionState {
    const engine = this.#engine, memory = this.#vm.heap.settings.maxBytes, { evalSource } = this.#services;
    return { engine, libraries: this.#libraries, fresh: this.#fresh, language: this.#language, known: [...this.#known], refFunctions: this.#refFunctions, evalSource, memory, modules: moduleStates(this.#modules?.known ?? []) };
  }

  #thaw(frozen: Frozen): Vm {
    const { libraries, fresh, language, known, refFunctions, evalSource } = frozen.session, vm = thawedWorld(frozen, this.#options);
    this.#libraries = libraries === "lisp" ? "lisp" : "hemlock";
    this.#fresh = fresh;
    this.#language = language;
    for (const name of known) this.#known.add(name);
    this.#refFunctions = refFunctions;
    vm.services = this.#services = servicesOf(this.#engine, this.#settings);
    this.#services.evalSource = evalSource;
    return vm;
  }

  #newWorld(): Vm {
    const vm = newWorld(this.#engine, this.#libraries, this.#options);
    vm.services = this.#services = servicesOf(this.#engine, this.#settings);
    return vm;
  }

  /** Makes sure the world has the library of the language that is going to run. */
  #prepare(language: string): void {
    this.#language = language;
    if (language === "lisp" && this.#libraries !== "lisp") {
      this.#libraries = "lisp";
      if (this.#fresh) this.#vm = this.#newWorld();
      else installLisp(this.#vm, this.#engine);
    }
    this.#fresh = false;
    if (this.#options.stackDepth === undefined) this.#vm.maxDepth = language === "lisp" ? LISP_STACK_DEPTH : DEFAULT_STACK_DEPTH;
  }

  /** Runs a program to its end. A script that fails is a result, not an exception. */
  run(text: string, options: RunOptions = {}): RunResult {
    this.#giveUp();
    this.#prepare(options.language ?? "hemlock");
    if (options.language === "lisp") return this.#runLisp(new Source(options.name ?? "<script>", text), options.repl ?? false);
    const compiled = this.#compile(text, options), { modules } = compiled;
    if (compiled.program === null) return this.#refused(modules, compiled.diagnostics);
    for (const name of compiled.definedGlobals) this.#known.add(name);
    this.#refFunctions ||= compiled.refFunctions;
    this.#vm.redefine = options.repl ?? false;
    const source = compiled.source, program = toIr(compiled.program, this.#settings);
    const run = (): RunResult => this.#finish(() => {
      for (const module of modules) this.#place(module);
      return start(this.#vm, this.#engine, program, source, this.#settings);
    });
    return withinLimits(source, run, (found) => this.#refused(modules, [found]));
  }

  /** Puts the body of a module where the program that needs it looks for it. */
  #place({ body, compilation, source }: NewModule): void {
    const vm = this.#vm, cell = vm.globals.cell(body), sourceId = vm.sources.push(source) - 1;
    storeClosure(vm, globalValueSlot(cell), this.#engine, compilation.program!, sourceId, this.#settings);
  }

  /** The program is not going to run, nor are the modules that it would have been the first to need. */
  #refused(modules: readonly NewModule[], diagnostics: readonly Diagnostic[]): RunFailure {
    this.#modules?.forget(modules);
    return syntaxFailure(diagnostics);
  }

  /** Reads all forms first; each is then compiled when the ones before it have run, by the library's own loop. */
  #runLisp(source: Source, repl: boolean): RunResult {
    const { forms, diagnostics } = readProgram(source);
    if (diagnostics.some((each) => each.severity === "error")) return syntaxFailure(diagnostics);
    // Waiting for a choice is parking, which the tree engine cannot.
    const isInteractive = repl && this.#engine === "vm";
    this.#vm.interaction = isInteractive ? new Interaction() : null;
    const program = toIr(programOfForms(forms, source, isInteractive ? "%run-interactive" : "%run-program"), this.#settings);
    return this.#finish(() => start(this.#vm, this.#engine, program, source, this.#settings));
  }

  /** Goes on with a run that stopped for want of fuel. */
  resume(fuel: number): RunResult {
    if (this.#vm.parkedAs !== Status.OutOfFuel) throw new Error("nothing to resume: the last run did not stop for fuel");
    this.#vm.fuel = fuel;
    return this.#finish(() => run(this.#vm));
  }

  /**
   * Goes on with a run that failed and offered restarts, by the one at this index of them. `argument`: expressions, whose
   * values are the arguments of the restart; they see the globals. use-value and store-value take one. An argument that
   * cannot be read is a failure of kind "syntax", after which the same restarts are still there. A run that is not gone on
   * with is given up, as by its restart abort, when the VM runs something else.
   */
  restart(index: number, argument = ""): RunResult {
    const offered = this.#offered();
    if (offered.length === 0) throw new Error("nothing to restart: the last run offered no restarts");
    if (offered[index] === undefined) throw new RangeError(`there is no restart ${index}; there are ${offered.length}`);
    const source = new Source("<argument>", argument), { forms, diagnostics } = readProgram(source);
    if (diagnostics.some((each) => each.severity === "error")) return { ...syntaxFailure(diagnostics), restarts: offered };
    return this.#finish(() => {
      this.#services.chooseRestart(this.#vm, index, forms, source);
      return run(this.#vm);
    });
  }

  /** The restarts a parked run offers. */
  #offered(): Restart[] {
    const vm = this.#vm;
    return vm.interaction?.asks === true ? restartsIn(vm, vm.interaction.slot(vm)) : [];
  }

  /** Ends a run that waits for a choice: the outermost restart is abort, and what the run has to leave is left. */
  #giveUp(): void {
    const offered = this.#offered();
    if (offered.length > 0) {
      this.restart(offered.length - 1);
      // Leaving it may have failed, and asked again.
      this.#idle();
    }
    this.#vm.interaction = null;
  }

  /** Everything wrong with a program, without running it. */
  check(text: string, options: CheckOptions = {}): readonly Diagnostic[] {
    const { program, diagnostics, source, modules } = this.#compile(text, options);
    this.#modules?.forget(modules);
    // An input of a session is run next, and then shows its limits.
    if (program === null || options.repl === true || this.#engine !== "vm") return diagnostics;
    const compile = (): readonly Diagnostic[] => {
      toBytecode(toIr(program, this.#settings), this.#settings);
      return diagnostics;
    };
    return withinLimits(source, compile, (found) => [...diagnostics, found]);
  }

  /** A program as the given stage sees it. */
  disassemble(text: string, options: CheckOptions & { readonly stage?: Stage } = {}): string | RunFailure {
    if (options.stage === "ast") return printAst(new Source(options.name ?? "<script>", text));
    const { program, diagnostics, source, modules } = this.#compile(text, options);
    this.#modules?.forget(modules);
    if (program === null) return syntaxFailure(diagnostics);
    const optimised = toIr(program, this.#settings);
    if (options.stage === "ir") return printProgram(optimised);
    const list = (): string => disassemble(toBytecode(optimised, this.#settings), { nativeName: (index) => NATIVES[index]!.name });
    return withinLimits<string | RunFailure>(source, list, (found) => syntaxFailure([found]));
  }

  /** Names of the defined globals and the builtins, in Lisp also the keywords that are in use, for completion. */
  globalNames(language = "hemlock"): string[] {
    const names = this.#vm.globals.names();
    if (language === "lisp") {
      const globals = names.filter((name) => name.startsWith(LISP_PREFIX)).map((name) => name.slice(LISP_PREFIX.length));
      return [...globals.filter((name) => !name.startsWith("%")), ...keywordNames(this.#vm.heap).map((name) => `:${name}`)];
    }
    return [...new Set([...names, ...builtinNames()])].filter((name) => !/^\$|:/.test(name));
  }

  stats(): HeapStats { return this.#vm.heap.stats(); }
  collect(): void { this.#vm.heap.collect("host"); }
  /** Checks every invariant of the heap; throws Bug when one is broken. */
  verifyHeap(): void { this.#vm.heap.verify(); }
  /** The source a trace entry points into, null when unknown. */
  sourceOf(entry: TraceEntry): Source | null { return this.#vm.sources[entry.sourceId] ?? null; }

  /** A source and everything it imports; no program when there are errors in any of them. */
  #compile(text: string, options: CheckOptions): Compiled {
    const language = LANGUAGES.find((each) => each.name === (options.language ?? "hemlock"));
    if (language === undefined) throw new RangeError(`there is no language '${options.language}'; languages are ${LANGUAGES.map((each) => each.name).join(", ")}`);
    const source = new Source(options.name ?? "<script>", text);
    const front = this.#frontOptions(options);
    this.#modules?.settle((body) => this.#vm.heap.hi(globalValueSlot(this.#vm.globals.cell(body))) === Hi.Null);
    const loaded = this.#modules?.load(language, source, front);
    const compilation = language.compile(source, loaded === undefined ? front : { ...front, modules: loaded.links, refFunctions: this.#refFunctions || this.#modules!.refFunctions });
    const diagnostics = [...loaded?.diagnostics ?? [], ...compilation.diagnostics], failed = diagnostics.some(({ severity }) => severity === "error");
    return { ...compilation, diagnostics, program: failed ? null : compilation.program, source, modules: loaded?.modules ?? [] };
  }

  #frontOptions(options: CheckOptions): FrontOptions {
    const known = new Set([...this.#known, ...this.#vm.globals.names()]);
    return { isBuiltin, libraryGlobal, builtinNames: builtinNames(), repl: options.repl ?? false, knownGlobals: known, refFunctions: this.#refFunctions };
  }

  #finish(step: () => Status): RunResult {
    const vm = this.#vm;
    try {
      const status = step();
      if (status === Status.Done) {
        const value = this.#valueText(Root.Result);
        this.#idle();
        return { status: "done", value };
      }
      if (status === Status.OutOfFuel) return failure("outOfFuel", "the script used up its fuel: cancelled at its step limit", 1, []);
      if (status === Status.Pending && vm.interaction?.asks === true) return this.#asked(vm.interaction.slot(vm) + 2);
      if (status === Status.Pending) return failure("fatal", "the script waits for a host call that nothing will answer", 1, []);
      return this.#uncaught();
    } catch (thrown) {
      if (thrown === GUEST_THROW) return this.#uncaught();
      if (thrown instanceof ProgramEnd) return this.#ended(failure(thrown.kind, thrown.message, thrown.exitCode, vm.trace));
      if (thrown instanceof UnsupportedByEngine) return this.#ended(failure("fatal", thrown.message, 1, vm.trace));
      throw thrown;
    }
  }

  /** The run is parked: a person is to choose what to do about the condition. What cannot be compiled leaves no choice. */
  #asked(condition: number): RunFailure {
    const vm = this.#vm, refused = this.#services.refused;
    if (refused !== null && refused.condition === vm.heap.lo(condition)) {
      this.#giveUp();
      return syntaxFailure(refused.diagnostics);
    }
    return { ...failure("uncaught", conditionText(vm, condition) ?? displayText(vm, condition), 1, vm.trace, this.#offered()), hint: hintOf(vm, condition) };
  }

  #uncaught(): RunFailure {
    const vm = this.#vm;
    const slot = vm.heap.rootSlot(Root.Exception);
    const refused = this.#services.refused;
    if (refused !== null && refused.condition === vm.heap.lo(slot)) return this.#ended(syntaxFailure(refused.diagnostics));
    const message = conditionText(vm, slot) ?? displayText(vm, slot);
    return this.#ended({ ...failure("uncaught", message, 1, vm.trace), hint: hintOf(vm, slot) });
  }

  /** The value in the root, as the language of the run writes it. */
  #valueText(root: Root): string {
    const vm = this.#vm, slot = vm.heap.rootSlot(root);
    return this.#language === "lisp" ? prettyText(vm, slot, LISP_WIDTH) : displayText(vm, slot);
  }

  #ended(result: RunFailure): RunFailure {
    this.#idle();
    return result;
  }

  /** Forgets the frames of a run that is over. */
  #idle(): void {
    const vm = this.#vm;
    endTasks(vm);
    vm.fp = vm.pc = vm.depth = vm.nativeTop = 0;
    vm.parkedAs = Status.Done;
    vm.interaction?.settle();
    vm.heap.setHole(vm.heap.rootSlot(Root.Exception));
  }
}
