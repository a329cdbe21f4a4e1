// The VM as a host sees it: run text, look at what happened, look at the heap.

import type { HeapStats } from "../heap/options.ts";
import { Root } from "../heap/roots.ts";
import { Hi } from "../heap/value.ts";
import { Embedding } from "./embed/embedding.ts";
import type { GuestGlobals } from "./embed/globals.ts";
import type { GuestHandle, HandleReport } from "./embed/handles.ts";
import { failure, syntaxFailure, valueOf, VmBusyError, withinLimits, type Done, type Restart, type RunFailure, type RunResult } from "./embed/results.ts";
import { start, toBytecode, toIr, vmEngine, type Engine, type StartSettings } from "./engines.ts";
import type { Compilation, FrontOptions } from "./front/language.ts";
import { hemlock } from "./hemlock.ts";
import { ImageError } from "./image/errors.ts";
import { checkEngine, freeze, optionsOf, type Frozen, type SessionState } from "./image/frozen.ts";
import { readImage } from "./image/restore.ts";
import { type SnapshotOptions, writeImage } from "./image/snapshot.ts";
import { builtinNames, isBuiltin, libraryGlobal } from "./library/registry.ts";
import { sourcesOf, type Libraries } from "./library-world.ts";
import { knownModules, Modules, moduleStates, type NewModule } from "./modules.ts";
import { newWorld, thawedWorld } from "./new-world.ts";
import type { LanguagePlugin } from "./plugin.ts";
import type { Diagnostic } from "./text/diagnostics.ts";
import { Source } from "./text/source.ts";
import { globalValueSlot } from "./vm/globals.ts";
import { GUEST_THROW, ProgramEnd, Status, UnsupportedByEngine, type TraceEntry } from "./vm/errors.ts";
import { Interaction } from "./vm/interaction.ts";
import { run } from "./vm/run.ts";
import { endTasks } from "./vm/scheduler.ts";
import type { Vm } from "./vm/vm.ts";
import type { CheckOptions, RestoreOptions, RunOptions, VmOptions } from "./vm-options.ts";

/** What has to be imported for languages and engines that are parts of their own, by name. */
const PARTS: { readonly [name: string]: string } = {
  lisp: 'import { lisp } from "boxelder/lisp" and make the VM with { languages: [lisp] }',
  tree: 'import { tree } from "boxelder/tree" and make the VM with { engine: tree }',
};

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
  readonly #embedding: Embedding;
  /** A script is running: the host is in one of its functions, or a value is being copied. */
  #running = false;
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
    this.#embedding = this.#embed(frozen === null);
  }

  /** Gives the world its functions of the host. */
  #embed(isNew: boolean): Embedding {
    const embedding = new Embedding(this.#options, {
      vm: () => this.#vm, languages: this.#languages.map(({ border }) => border),
      perform: (step, read, border) => {
        this.#enter();
        this.#choose(this.#languages.find((each) => each.border === border)!);
        return valueOf(this.#finish(step, read));
      },
    });
    const missing = embedding.attach(isNew);
    if (missing.length > 0) throw new ImageError("missing", `the image refers to functions of its host that are not given: ${missing.join(", ")}; give them in the option functions`, missing);
    return embedding;
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
    return new BoxelderVm({ ...this.#options, functions: this.#embedding.bindings.functions, fuel: undefined, ...options }, freeze(this.#vm, this.#session()));
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

  /** Runs a program to its end. A script that fails is a result, not an exception. Throws VmBusyError within a host function. */
  run(text: string, options: RunOptions = {}): RunResult { return this.#execute(text, options, this.#display); }

  /** Value of an expression or a program, as a structured copy; functions come out as handles. Throws ScriptError when it fails. */
  eval(text: string, options: RunOptions = {}): unknown { return valueOf(this.#execute(text, this.#asInput(options), this.#copy)); }

  /** As eval, with a handle for the value instead of a copy. */
  handle(text: string, options: RunOptions = {}): GuestHandle {
    return valueOf(this.#execute(text, this.#asInput(options), (slot) => this.#embedding.handles.make(slot)));
  }

  /**
   * Calls a function of the guest, a global of Hemlock by name or a handle, with copies of the arguments; answers a copy of
   * the result. Globals of other languages: `globalsOf(language).handle(name)`. Throws ScriptError when the script fails.
   */
  call(callee: string | GuestHandle, ...args: readonly unknown[]): unknown { return this.#embedding.call(callee, args); }

  /** The global variables of Hemlock. */
  get globals(): GuestGlobals { return this.globalsOf(); }

  /** The global variables of a language. */
  globalsOf(language?: string): GuestGlobals { return this.#embedding.globals(this.#languageNamed(language).border); }

  /** Runs a function of the host's and releases all handles made meanwhile; one that is asynchronous, when it has ended. */
  scope<T>(run: () => T): T { return this.#embedding.handles.scope(run); }

  /** The handles that were not released. */
  get handles(): { readonly count: number; report(): readonly HandleReport[] } { return this.#embedding.handles; }

  /** What is evaluated is an input of a session: its last ";" may be missing. Languages in which a session asks for restarts need no ";". */
  #asInput(options: RunOptions): RunOptions { return this.#languageNamed(options.language).restarts === null ? { ...options, repl: true } : options; }

  #execute<T>(text: string, options: RunOptions, read: (slot: number) => T): Done<T> | RunFailure {
    this.#enter();
    const vm = this.#vm, language = this.#choose(this.#languageNamed(options.language));
    // Waiting for a choice is parking, which other engines may not be able to.
    const interactive = options.repl === true && language.restarts !== null && this.#engine === vmEngine;
    const compiled = this.#compile(text, options, (source, front) => language.program(source, front, interactive)), { modules, source } = compiled;
    if (compiled.program === null) return this.#refused(modules, compiled.diagnostics);
    for (const name of compiled.definedGlobals) this.#known.add(name);
    this.#refFunctions ||= compiled.refFunctions;
    vm.redefine = options.repl ?? false;
    vm.interaction = interactive ? new Interaction() : null;
    const program = toIr(compiled.program, this.#settings);
    const run = (): Done<T> | RunFailure => this.#finish(() => {
      for (const module of modules) this.#place(module);
      return start(vm, this.#engine, program, source, this.#settings);
    }, read);
    return withinLimits<Done<T> | RunFailure>(source, run, (found) => this.#refused(modules, [found]));
  }

  /** The language of the run that begins. */
  #choose(language: LanguagePlugin): LanguagePlugin {
    if (this.#options.stackDepth === undefined) this.#vm.maxDepth = language.stackDepth;
    return this.#language = language;
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
    this.#checkIdle();
    this.#vm.fuel = fuel;
    return this.#finish(() => run(this.#vm), this.#display);
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
    return this.#finish(() => run(this.#vm), this.#display);
  }

  /** The restarts a parked run offers. */
  #offered(): Restart[] {
    const { restarts } = this.#language;
    return restarts !== null && this.#vm.interaction?.asks === true ? restarts.offered(this.#vm) : [];
  }

  /** A script is about to run: none does, and none waits for a choice. */
  #enter(): void {
    this.#checkIdle();
    this.#giveUp();
  }

  #checkIdle(): void { if (this.#running) throw new VmBusyError(); }

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

  readonly #display = (slot: number): string => this.#language.valueText(this.#vm, slot);
  readonly #copy = (slot: number): unknown => this.#embedding.border.read(this.#vm, slot);

  /** Runs a step, and reads its result if it came to its end. */
  #finish<T>(step: () => Status, read: (slot: number) => T): Done<T> | RunFailure {
    const vm = this.#vm;
    let isOver = false;
    this.#running = true;
    try {
      const status = step();
      if (status === Status.OutOfFuel) return failure("outOfFuel", "the script used up its fuel: cancelled at its step limit", []);
      if (status === Status.Pending && vm.interaction?.asks === true) return this.#asked(vm.interaction.slot(vm) + 2);
      isOver = true;
      if (status === Status.Done) return { status: "done", value: read(vm.heap.rootSlot(Root.Result)) };
      if (status === Status.Pending) return failure("fatal", "the script waits for a host call that nothing will answer", []);
      return this.#uncaught();
    } catch (thrown) {
      isOver = true;
      return this.#thrown(thrown);
    } finally {
      if (isOver) this.#idle();
      this.#running = false;
    }
  }

  #thrown(thrown: unknown): RunFailure {
    if (thrown === GUEST_THROW) return this.#uncaught();
    if (thrown instanceof ProgramEnd) return failure(thrown.kind, thrown.message, this.#vm.trace, { exitCode: thrown.exitCode });
    if (thrown instanceof UnsupportedByEngine) return failure("fatal", thrown.message, this.#vm.trace);
    throw thrown;
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
    if (refused !== null && refused.condition === vm.heap.lo(slot)) return syntaxFailure(refused.diagnostics);
    return this.#failureOf(slot, []);
  }

  /** The exception in the slot as the language of the run shows it. */
  #failureOf(slot: number, restarts: readonly Restart[]): RunFailure {
    const vm = this.#vm, { errorText, hint } = this.#language;
    return failure("uncaught", errorText(vm, slot), vm.trace, { hint: hint(vm, slot), restarts, ...this.#embedding.exception(slot) });
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
