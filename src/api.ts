// The VM as a host sees it: run text, look at what happened, look at the heap.

import type { GcEntry, HeapStats } from "../heap/options.ts";
import { Root } from "../heap/roots.ts";
import { Hi } from "../heap/value.ts";
import { failure, syntaxFailure, withinLimits, type Restart, type RunFailure, type RunResult } from "./embed/results.ts";
import { start, toBytecode, toIr, vmEngine, type Engine, type StartSettings } from "./engines.ts";
import type { Compilation, FrontOptions } from "./front/language.ts";
import { hemlock } from "./hemlock.ts";
import { ImageError } from "./image/errors.ts";
import { checkEngine, freeze, optionsOf, type Frozen, type SessionState } from "./image/frozen.ts";
import { readImage } from "./image/restore.ts";
import { type SnapshotOptions, writeImage } from "./image/snapshot.ts";
import { builtinNames, isBuiltin, libraryGlobal } from "./library/registry.ts";
import { sourcesOf, type Libraries } from "./library-world.ts";
import { knownModules, Modules, moduleStates, type ModuleLoader, type NewModule } from "./modules.ts";
import { newWorld, thawedWorld } from "./new-world.ts";
import type { LanguagePlugin } from "./plugin.ts";
import type { Diagnostic } from "./text/diagnostics.ts";
import { Source } from "./text/source.ts";
import { globalValueSlot } from "./vm/globals.ts";
import { GUEST_THROW, ProgramEnd, Status, UnsupportedByEngine, type TraceEntry } from "./vm/errors.ts";
import type { Host } from "./vm/host.ts";
import { Interaction } from "./vm/interaction.ts";
import { run } from "./vm/run.ts";
import { endTasks } from "./vm/scheduler.ts";
import type { Vm } from "./vm/vm.ts";

/** What has to be imported for languages and engines that are parts of their own, by name. */
const PARTS: { readonly [name: string]: string } = {
  lisp: 'import { lisp } from "boxelder/lisp" and make the VM with { languages: [lisp] }',
  tree: 'import { tree } from "boxelder/tree" and make the VM with { engine: tree }',
};

/** Forms of the vm engine's loop. */
export type LoopName = "auto" | "js" | "wasm";

export interface VmOptions {
  /** Limit of the world in bytes: heap, stacks, code and raw memory together. Default 64 MiB. */
  readonly memory?: number;
  /** Size of the world at the start; it grows on demand. */
  readonly initialMemory?: number;
  /** Back edges, calls and work inside natives a run may use; not given: no limit. */
  readonly fuel?: number;
  /** Guest frames that may be in use at a time. Default: what the language of the run has, for Hemlock 10,000. */
  readonly stackDepth?: number;
  /** What runs programs. Default "vm"; others are parts of their own, such as `tree` of boxelder/tree. */
  readonly engine?: "vm" | Engine;
  /** Languages the VM can run besides Hemlock, which it always can; each is a part of its own, such as `lisp` of boxelder/lisp. */
  readonly languages?: readonly LanguagePlugin[];
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

/** Options of a VM that goes on: its library is in what it goes on with; the languages it had have to be given anew. */
export type RestoreOptions = Omit<VmOptions, "initialMemory" | "treeStackBytes" | "seed">;

export interface CheckOptions {
  /** Name of one of the VM's languages; default hemlock. */
  readonly language?: string;
  /** Name shown in messages. */
  readonly name?: string;
  /** One input of an interactive session. */
  readonly repl?: boolean;
}
export type RunOptions = CheckOptions;

/** What parts outside of the core may know of a VM: boxelder/tools and the like. Not for embedders. */
export interface Internals {
  readonly vm: Vm;
  readonly engine: Engine;
  readonly settings: StartSettings;
  /** Everything a program needs, compiled to be looked at; nothing of it is going to run. */
  readonly compile: (text: string, options: CheckOptions) => Compiled;
}
interface Compiled extends Compilation { readonly source: Source; readonly modules: readonly NewModule[] }

export let internalsOf: (vm: BoxelderVm) => Internals;

export class BoxelderVm {
  static {
    internalsOf = (vm) => ({ vm: vm.#vm, engine: vm.#engine, settings: vm.#settings, compile: (text, options) => vm.#look(text, options) });
  }

  readonly #options: VmOptions;
  readonly #vm: Vm;
  readonly #languages: readonly LanguagePlugin[];
  /** Language of the last run: what its value and exceptions look like. */
  #language = hemlock;
  readonly #engine: Engine;
  readonly #settings: StartSettings;
  readonly #known = new Set<string>();
  readonly #modules: Modules | null;
  #refFunctions = false;

  /** `frozen`: what the VM goes on with, see `restore` and `fork`. */
  constructor(options: VmOptions = {}, frozen: Frozen | null = null) {
    this.#engine = engineOf(options.engine ?? "vm");
    this.#settings = { optimise: options.optimise ?? 1, peephole: options.peephole ?? true, treeStackBytes: options.treeStackBytes };
    this.#options = frozen === null ? options : { ...options, ...optionsOf(frozen, options) };
    const languages = [hemlock, ...options.languages ?? []].filter((each, i, all) => all.indexOf(each) === i);
    this.#languages = frozen === null ? languages : frozen.session.languages.map((name) => languageIn(languages, name));
    this.#vm = frozen === null ? newWorld(this.#engine, librariesOf(this.#languages), options, this.#settings) : this.#thaw(frozen);
    this.#modules = options.modules === undefined ? null : new Modules(options.modules, knownModules(frozen?.session.modules ?? []));
  }

  /**
   * A VM that goes on from an image, or from a whole image and its deltas, the oldest first. Options that are not given are
   * those of the VM that was frozen; its host and its languages have to be given anew. Throws ImageError when the image is not
   * fit to run.
   */
  static restore(image: Uint8Array | readonly Uint8Array[], options: RestoreOptions = {}): BoxelderVm {
    checkEngine(engineOf(options.engine ?? "vm").name);
    return new BoxelderVm(options, readImage(image, sourcesOf(librariesOf(options.languages ?? [])), options));
  }

  /** The VM as bytes: between runs, when a run is out of fuel, or waits. Throws ImageError while its script runs, and for the tree engine. */
  snapshot(options: SnapshotOptions = {}): Uint8Array { return writeImage(this.#vm, this.#session(), sourcesOf(librariesOf(this.#languages)), options); }

  /** A second VM in the same state, which goes its own way from here on; when, see `snapshot`. `options` replace this VM's, host included. */
  fork(options: RestoreOptions = {}): BoxelderVm {
    return new BoxelderVm({ ...this.#options, fuel: undefined, ...options }, freeze(this.#vm, this.#session()));
  }

  #session(): SessionState {
    const { heap, services: { evalSource } } = this.#vm;
    return {
      engine: this.#engine.name, languages: this.#languages.map(({ language }) => language.name), language: this.#language.language.name, known: [...this.#known],
      refFunctions: this.#refFunctions, evalSource, memory: heap.settings.maxBytes, modules: moduleStates(this.#modules?.known ?? []),
    };
  }

  #thaw(frozen: Frozen): Vm {
    const { language, known, refFunctions, evalSource } = frozen.session, libraries = librariesOf(this.#languages);
    const vm = thawedWorld(this.#engine, libraries, frozen, this.#options, this.#settings);
    this.#language = languageIn(this.#languages, language);
    for (const name of known) this.#known.add(name);
    this.#refFunctions = refFunctions;
    if (libraries.length > 0) vm.services.evalSource = evalSource;
    return vm;
  }

  /** Runs a program to its end. A script that fails is a result, not an exception. */
  run(text: string, options: RunOptions = {}): RunResult {
    this.#giveUp();
    const vm = this.#vm, language = this.#language = this.#languageNamed(options.language);
    if (this.#options.stackDepth === undefined) vm.maxDepth = language.stackDepth;
    // Waiting for a choice is parking, which other engines may not be able to.
    const interactive = options.repl === true && language.restarts !== null && this.#engine === vmEngine;
    const compiled = this.#compile(text, options, (source, front) => language.program(source, front, interactive)), { modules, source } = compiled;
    if (compiled.program === null) return this.#refused(modules, compiled.diagnostics);
    for (const name of compiled.definedGlobals) this.#known.add(name);
    this.#refFunctions ||= compiled.refFunctions;
    vm.redefine = options.repl ?? false;
    vm.interaction = interactive ? new Interaction() : null;
    const program = toIr(compiled.program, this.#settings);
    const run = (): RunResult => this.#finish(() => {
      for (const module of modules) this.#place(module);
      return start(vm, this.#engine, program, source, this.#settings);
    });
    return withinLimits(source, run, (found) => this.#refused(modules, [found]));
  }

  /** Puts the body of a module where the program that needs it looks for it. */
  #place({ body, compilation, source }: NewModule): void {
    const vm = this.#vm, cell = vm.globals.cell(body), sourceId = vm.sources.push(source) - 1;
    this.#engine.storeClosure(vm, globalValueSlot(cell), toIr(compilation.program!, this.#settings), sourceId, this.#settings);
  }

  /** The program is not going to run, nor are the modules that it would have been the first to need. */
  #refused(modules: readonly NewModule[], diagnostics: readonly Diagnostic[]): RunFailure {
    this.#modules?.forget(modules);
    return syntaxFailure(diagnostics);
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
    const refused = this.#language.restarts!.choose(this.#vm, index, new Source("<argument>", argument));
    if (refused.length > 0) return { ...syntaxFailure(refused), restarts: offered };
    return this.#finish(() => run(this.#vm));
  }

  /** The restarts a parked run offers. */
  #offered(): Restart[] {
    const { restarts } = this.#language;
    return restarts !== null && this.#vm.interaction?.asks === true ? restarts.offered(this.#vm) : [];
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
    const { program, diagnostics, source } = this.#look(text, options);
    // An input of a session is run next, and then shows its limits.
    if (program === null || options.repl === true || this.#engine !== vmEngine) return diagnostics;
    const compile = (): readonly Diagnostic[] => {
      toBytecode(toIr(program, this.#settings), this.#settings);
      return diagnostics;
    };
    return withinLimits(source, compile, (found) => [...diagnostics, found]);
  }

  /** Names that mean something to a program of the language, for completion. */
  globalNames(language?: string): string[] { return this.#languageNamed(language).names(this.#vm); }

  stats(): HeapStats { return this.#vm.heap.stats(); }
  collect(): void { this.#vm.heap.collect("host"); }
  /** Checks every invariant of the heap; throws Bug when one is broken. */
  verifyHeap(): void { this.#vm.heap.verify(); }
  /** The source a trace entry points into, null when unknown. */
  sourceOf(entry: TraceEntry): Source | null { return this.#vm.sources[entry.sourceId] ?? null; }

  #languageNamed(name = hemlock.language.name): LanguagePlugin {
    const found = this.#languages.find(({ language }) => language.name === name);
    if (found === undefined) throw new RangeError(`this VM has no language '${name}': ${PARTS[name] ?? `it has ${this.#languages.map(({ language }) => language.name).join(", ")}`}`);
    return found;
  }

  /** Compiles a program that is not going to run. */
  #look(text: string, options: CheckOptions): Compiled {
    const { language } = this.#languageNamed(options.language), compiled = this.#compile(text, options, (source, front) => language.compile(source, front));
    this.#modules?.forget(compiled.modules);
    return compiled;
  }

  /** A source and everything it imports; no program when there are errors in any of them. */
  #compile(text: string, options: CheckOptions, compile: (source: Source, front: FrontOptions) => Compilation): Compiled {
    const { language } = this.#languageNamed(options.language), source = new Source(options.name ?? "<script>", text);
    const front = this.#frontOptions(options);
    this.#modules?.settle((body) => this.#vm.heap.hi(globalValueSlot(this.#vm.globals.cell(body))) === Hi.Null);
    const loaded = this.#modules?.load(language, source, front);
    const compilation = compile(source, loaded === undefined ? front : { ...front, modules: loaded.links, refFunctions: this.#refFunctions || this.#modules!.refFunctions });
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
        const value = this.#language.valueText(vm, vm.heap.rootSlot(Root.Result));
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
    const vm = this.#vm, { refused } = vm.services;
    if (refused !== null && refused.condition === vm.heap.lo(condition)) {
      this.#giveUp();
      return syntaxFailure(refused.diagnostics);
    }
    return this.#failureOf(condition, this.#offered());
  }

  #uncaught(): RunFailure {
    const vm = this.#vm, slot = vm.heap.rootSlot(Root.Exception), { refused } = vm.services;
    if (refused !== null && refused.condition === vm.heap.lo(slot)) return this.#ended(syntaxFailure(refused.diagnostics));
    return this.#ended(this.#failureOf(slot, []));
  }

  /** The exception in the slot as the language of the run shows it. */
  #failureOf(slot: number, restarts: readonly Restart[]): RunFailure {
    const vm = this.#vm, { errorText, hint } = this.#language;
    return { ...failure("uncaught", errorText(vm, slot), 1, vm.trace, restarts), hint: hint(vm, slot) };
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

function engineOf(engine: NonNullable<VmOptions["engine"]> | string): Engine {
  if (typeof engine !== "string") return engine;
  if (engine !== "vm") throw new RangeError(`there is no engine '${engine}' here: ${PARTS[engine] ?? "the engine is vm"}`);
  return vmEngine;
}

const librariesOf = (languages: readonly LanguagePlugin[]): Libraries => languages.flatMap(({ library }) => library ?? []);

/** The language of this name that an image asks for. */
function languageIn(languages: readonly LanguagePlugin[], name: string): LanguagePlugin {
  const found = languages.find(({ language }) => language.name === name);
  if (found === undefined) throw new ImageError("missing", `the image is of a VM with the language '${name}': ${PARTS[name] ?? "give it in the option `languages`"}`, [name]);
  return found;
}
