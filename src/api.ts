// The VM as a host sees it: run text, look at what happened, look at the heap.

import type { HeapStats } from "../heap/options.ts";
import { Root } from "../heap/roots.ts";
import { engineOf, languageIn, languageNamed, librariesOf } from "./choices.ts";
import { Embedding } from "./embed/embedding.ts";
import type { GuestGlobals } from "./embed/globals.ts";
import type { GuestHandle, HandleReport, Handles } from "./embed/handles.ts";
import type { Answer, PendingCall } from "./embed/pending.ts";
import { Limits, type RunLimits } from "./embed/limits.ts";
import { failure, STOPPED, syntaxFailure, thrownFailure, valueOf, VmBusyError, withinLimits, type Done, type Restart, type RunFailure, type RunResult } from "./embed/results.ts";
import { start, toBytecode, toIr, vmEngine, type Engine, type StartSettings } from "./engines.ts";
import { hemlock } from "./hemlock.ts";
import { ImageError } from "./image/errors.ts";
import { checkEngine, freeze, optionsOf, type Frozen, type SessionState } from "./image/frozen.ts";
import { readImage } from "./image/restore.ts";
import { type SnapshotOptions, writeImage } from "./image/snapshot.ts";
import { sourcesOf } from "./library-world.ts";
import type { NewModule } from "./modules.ts";
import { newWorld, thawedWorld } from "./new-world.ts";
import type { LanguagePlugin } from "./plugin.ts";
import { ProgramError } from "./program/errors.ts";
import type { Program } from "./program/program.ts";
import { compileProgram, loadProgram, startProgram } from "./program-runs.ts";
import { Programs, type Compiled } from "./programs.ts";
import type { Diagnostic } from "./text/diagnostics.ts";
import { Source } from "./text/source.ts";
import { globalValueSlot } from "./vm/globals.ts";
import { CheckedRaw, type RawLeak } from "./vm/checked-raw.ts";
import { GUEST_THROW, Status, type TraceEntry } from "./vm/errors.ts";
import { Interaction } from "./vm/interaction.ts";
import { run } from "./vm/run.ts";
import { endTasks } from "./vm/scheduler.ts";
import { stopTrace } from "./vm/stack.ts";
import type { Vm } from "./vm/vm.ts";
import type { CheckOptions, RestoreOptions, ResumeOptions, RunOptions, VmOptions } from "./vm-options.ts";

/** What parts outside of the core may know of a VM: boxelder/tools and the like. Not for embedders. */
export interface Internals {
  readonly vm: Vm;
  readonly engine: Engine;
  readonly settings: StartSettings;
  readonly handles: Handles;
  /** Everything a program needs, compiled to be looked at; nothing of it is going to run. */
  readonly compile: (text: string, options: CheckOptions) => Compiled;
}

/** For the macros of one program that is compiled to be kept. */
const COMPILING_FUEL = 100_000_000;
const notWhenCompiling = (): never => { throw new Error("functions of the host cannot be called while a program is compiled"); };

export let internalsOf: (vm: BoxelderVm) => Internals;

export class BoxelderVm {
  static {
    internalsOf = (vm) => ({ vm: vm.#vm, engine: vm.#engine, settings: vm.#settings, handles: vm.#embedding.handles, compile: (text, options) => vm.#look(text, options) });
  }

  readonly #options: VmOptions;
  readonly #vm: Vm;
  readonly #languages: readonly LanguagePlugin[];
  /** Language of the last run: what its value and exceptions look like. */
  #language = hemlock;
  readonly #engine: Engine;
  readonly #settings: StartSettings;
  readonly #programs: Programs;
  readonly #embedding: Embedding;
  readonly #limits: Limits;
  /** A script is running: the host is in one of its functions, or a value is being copied. */
  #running = false;
  /** An asynchronous run is under way. */
  #driving = false;

  /** `frozen`: what the VM goes on with, see `restore` and `fork`. */
  constructor(options: VmOptions = {}, frozen: Frozen | null = null) {
    this.#engine = engineOf(options.engine ?? "vm");
    this.#settings = { optimise: options.optimise ?? 1, peephole: options.peephole ?? true, treeStackBytes: options.treeStackBytes };
    this.#limits = new Limits(options);
    this.#options = frozen === null ? options : { ...options, ...optionsOf(frozen, options) };
    const world = { ...this.#options, host: this.#limits.host(options.host ?? {}, () => this.#vm) };
    const languages = [hemlock, ...options.languages ?? []].filter((each, i, all) => all.indexOf(each) === i);
    this.#languages = frozen === null ? languages : frozen.session.languages.map((name) => languageIn(languages, name));
    this.#vm = frozen === null ? newWorld(this.#engine, librariesOf(this.#languages), world, this.#settings) : this.#thaw(frozen, world);
    this.#programs = new Programs(options.modules ?? null, frozen?.session);
    this.#embedding = this.#embed(frozen === null);
    if (this.#engine === vmEngine) this.#vm.workers = options.workers?.attach(this.#vm, () => this.#embedding.pending.wake()) ?? null;
  }

  /** Gives the world its functions of the host. */
  #embed(isNew: boolean): Embedding {
    const embedding = new Embedding(this.#options, {
      vm: () => this.#vm, languages: this.#languages.map(({ border }) => border),
      perform: (step, read, border) => {
        this.#enter();
        this.#limits.begin(this.#vm, {});
        this.#choose(this.#languages.find((each) => each.border === border)!);
        return this.#finish(step, read);
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
    return new BoxelderVm({ ...this.#options, functions: this.#embedding.bindings.functions, fuel: undefined, workers: undefined, ...options }, freeze(this.#vm, this.#session()));
  }

  #session(): SessionState {
    if (this.#vm.workers?.isEntangled === true) throw new ImageError("busy", "a VM cannot be frozen while tasks that use channels or share memory run in workers: freeze it between runs");
    const { heap, services: { evalSource } } = this.#vm;
    return {
      engine: this.#engine.name, languages: this.#languages.map(({ language }) => language.name), language: this.#language.language.name,
      evalSource, memory: heap.settings.maxBytes, ...this.#programs.state,
    };
  }

  #thaw(frozen: Frozen, options: VmOptions): Vm {
    const { language, evalSource } = frozen.session, libraries = librariesOf(this.#languages);
    const vm = thawedWorld(this.#engine, libraries, frozen, options, this.#settings);
    this.#language = languageIn(this.#languages, language);
    if (libraries.length > 0) vm.services.evalSource = evalSource;
    return vm;
  }

  /** Runs a program to its end: its text, or what `compile` and `load` made. A script that fails is a result, not an exception. Throws VmBusyError within a host function. */
  run(program: string | Program, options: RunOptions = {}): RunResult {
    return typeof program === "string" ? this.#execute(program, options, this.#display) : this.#start(program, options);
  }

  /**
   * Compiles a program, with all modules it imports, for VMs of any world with the same languages: for `run`, any number of times, and for
   * keeping (`toBytes`). It sees the globals there are now. Macros of Lisp are expanded here, by what the program and this VM define:
   * nothing else of the program runs. Throws ScriptError when there are errors, with all diagnostics.
   */
  compile(text: string, options: CheckOptions = {}): Program {
    this.#checkIdle();
    const plugin = this.#languageNamed(options.language);
    return compileProgram(plugin, this.#programs, plugin.ahead === null ? this.#vm : this.#scratch(), text, options, this.#settings);
  }

  /** A compiled program from its bytes, which are checked: whoever made them, it can do no more than a program from its text. Throws ProgramError. */
  load(bytes: Uint8Array): Program { return loadProgram(bytes, this.#languages); }

  /** A copy that compiling may run things in: of the outside, it reaches only the files that scripts may load. */
  #scratch(): Vm {
    const readFile = this.#options.host?.readFile, functions = Object.fromEntries(Object.keys(this.#embedding.bindings.functions).map((name) => [name, notWhenCompiling]));
    const copy = this.fork({ host: readFile === undefined ? {} : { readFile }, functions, fuel: COMPILING_FUEL, system: undefined });
    copy.#giveUp();
    return copy.#vm;
  }

  #start(program: Program, options: RunLimits): RunResult {
    if (this.#engine !== vmEngine) throw new ProgramError("engine", `the engine '${this.#engine.name}' runs no bytecode: use the engine 'vm', or run the program's text`);
    this.#enter();
    this.#limits.begin(this.#vm, options);
    this.#choose(this.#languageNamed(program.language));
    return this.#finish(() => startProgram(this.#vm, this.#programs, program), this.#display);
  }

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
    this.#limits.begin(this.#vm, options);
    const vm = this.#vm, language = this.#choose(this.#languageNamed(options.language));
    // Waiting for a choice is parking, which other engines may not be able to.
    const interactive = options.repl === true && language.restarts !== null && this.#engine === vmEngine;
    const compiled = this.#programs.compile(vm, language.language, text, options, (source, front) => language.program(source, front, interactive));
    if (compiled.program === null) return this.#programs.refuse(compiled, compiled.diagnostics);
    this.#programs.accept(compiled);
    vm.redefine = options.repl ?? false;
    vm.interaction = interactive ? new Interaction() : null;
    const program = toIr(compiled.program, this.#settings), { modules, source } = compiled;
    const run = (): Done<T> | RunFailure => this.#finish(() => {
      for (const module of modules) this.#place(module);
      return start(vm, this.#engine, program, source, this.#settings);
    }, read);
    return withinLimits<Done<T> | RunFailure>(source, run, (found) => this.#programs.refuse(compiled, [found]));
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

  /**
   * Goes on with a run that stands still: it ran out of fuel, time or output, or waits for the host. `more`: fuel and limits
   * to go on with; a number is fuel. Throws Error when there is nothing to go on with.
   */
  resume(more: number | ResumeOptions = {}): RunResult {
    this.#checkIdle();
    if (!this.#canResume) throw new Error("nothing to resume: the last run neither ran out of fuel nor waits for the host");
    const options = typeof more === "number" ? { fuel: more } : more;
    if (options.fuel !== undefined) this.#vm.fuel = options.fuel;
    this.#limits.begin(this.#vm, options);
    return this.#goOn(this.#display);
  }

  get #canResume(): boolean {
    const { parkedAs, interaction } = this.#vm;
    return parkedAs === Status.OutOfFuel || (parkedAs === Status.Pending && interaction?.asks !== true);
  }

  #goOn<T>(read: (slot: number) => T): Done<T> | RunFailure {
    return this.#finish(() => {
      this.#embedding.pending.apply();
      return run(this.#vm);
    }, read);
  }

  /** The calls of host functions that the script waits for, oldest first; also those of a VM that was restored. */
  pendingCalls(): PendingCall[] { return this.#embedding.pending.list(); }

  /**
   * Answers a call of the host that waits, with a value that is copied in or with an error that becomes an exception of the
   * script; it goes on when the run is resumed. Throws RangeError when no call with this id waits, and CopyError.
   */
  settle(id: number, answer: Answer): void { this.#embedding.pending.settle(id, answer, this.#running); }

  /** Ends a waiting call with an error, and fires its function's AbortSignal. */
  cancel(id: number, reason: unknown = new Error("the call was cancelled")): void { this.#embedding.pending.cancel(id, reason); }

  /** As run; answers of the host that come later are waited for. The signal of the options ends the run. */
  async runAsync(program: string | Program, options: RunOptions = {}): Promise<RunResult> {
    return await this.#drive(() => this.run(program, options), this.#display, options);
  }

  /** As eval, and as runAsync. */
  async evalAsync(text: string, options: RunOptions = {}): Promise<unknown> {
    return valueOf(await this.#drive(() => this.#execute(text, this.#asInput(options), this.#copy), this.#copy, options));
  }

  /** As call, and as runAsync. */
  async callAsync(callee: string | GuestHandle, ...args: readonly unknown[]): Promise<unknown> {
    return valueOf(await this.#drive(() => this.#embedding.attempt(callee, args, this.#copy), this.#copy, {}));
  }

  /** As resume, and as runAsync. */
  async resumeAsync(options: ResumeOptions = {}): Promise<RunResult> {
    return await this.#drive(() => this.resume(options), this.#display, options);
  }

  async #drive<T>(begin: () => Done<T> | RunFailure, read: (slot: number) => T, { signal }: RunLimits): Promise<Done<T> | RunFailure> {
    this.#checkIdle();
    const first = (): Done<T> | RunFailure => { const result = begin(); this.#driving = true; return result; };
    try {
      return await this.#embedding.pending.drive(first, () => this.#goOn(read), (reason) => this.#abort(reason), signal);
    } finally {
      this.#driving = false;
    }
  }

  /** Gives a run up that stands still. */
  #abort(reason: unknown): RunFailure {
    this.#embedding.pending.giveUp(reason);
    this.#idle();
    return failure("aborted", "the host gave the run up", [], { cause: reason });
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

  #checkIdle(): void { if (this.#running || this.#driving) throw new VmBusyError(); }

  /** Ends a run that stands still. One that waits for a choice: the outermost restart is abort, and what the run has to leave is left. */
  #giveUp(): void {
    if (this.#canResume) this.#abort(new Error("the VM ran something else"));
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
    const looked = this.#look(text, options), { program, source } = looked;
    const diagnostics = program === null ? looked.diagnostics : [...looked.diagnostics, ...this.#languageNamed(options.language).language.check?.(source) ?? []];
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

  /** Fuel left, in back edges and calls; for a VM without a limit, more than any run can use. */
  get fuel(): number { return Math.max(0, this.#vm.fuel); }
  set fuel(units: number) { this.#vm.fuel = units; }

  stats(): HeapStats { return this.#vm.heap.stats(); }
  collect(): void { this.#vm.heap.collect("host"); }
  /** Checks every invariant of the heap; throws Bug when one is broken. */
  verifyHeap(): void { this.#vm.heap.verify(); }
  /** Raw memory that nobody freed so far, the largest first; with the option checkLeaks, else always empty. */
  rawLeaks(): readonly RawLeak[] { return this.#vm.raw instanceof CheckedRaw ? this.#vm.raw.leaks() : []; }
  /** The source a trace entry points into, null when unknown. */
  sourceOf(entry: TraceEntry): Source | null { return this.#vm.sources[entry.sourceId] ?? null; }

  #languageNamed(name?: string): LanguagePlugin { return languageNamed(this.#languages, name); }

  /** Compiles a program that is not going to run. */
  #look(text: string, options: CheckOptions): Compiled {
    const { language } = this.#languageNamed(options.language);
    const compiled = this.#programs.compile(this.#vm, language, text, options, (source, front) => language.compile(source, front));
    this.#programs.forget(compiled.modules);
    return compiled;
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
      if (status === Status.OutOfFuel) return failure(vm.stopped ?? "outOfFuel", STOPPED[vm.stopped ?? "outOfFuel"], stopTrace(vm));
      if (status === Status.Pending && vm.interaction?.asks === true) return this.#asked(vm.interaction.slot(vm) + 2);
      if (status === Status.Pending && vm.stopped !== null) return failure(vm.stopped, STOPPED[vm.stopped], []);
      if (status === Status.Pending) return failure("pending", `the script waits for the host: ${this.#embedding.pending.names()}`, []);
      isOver = true;
      if (status === Status.Done) {
        vm.readsResult = true;
        return { status: "done", value: read(vm.heap.rootSlot(Root.Result)) };
      }
      return this.#uncaught();
    } catch (thrown) {
      isOver = true;
      return thrown === GUEST_THROW ? this.#uncaught() : thrownFailure(thrown, vm.trace, vm.stopped);
    } finally {
      vm.readsResult = false;
      if (isOver) this.#idle();
      this.#running = false;
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
    vm.rest();
    vm.interaction?.settle();
    vm.heap.setHole(vm.heap.rootSlot(Root.Exception));
  }
}
