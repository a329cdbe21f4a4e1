// The VM as a host sees it: run text, look at what happened, look at the heap.

import type { GcEntry, HeapStats } from "../heap/options.ts";
import { Root } from "../heap/roots.ts";
import { disassemble } from "./bytecode/disassemble.ts";
import { LimitError } from "./compile/limits.ts";
import { ENGINES, start, toBytecode, toIr, type EngineName, type StartSettings } from "./engines.ts";
import { hemlock } from "./front/hemlock/index.ts";
import { printAst } from "./front/hemlock/print-ast.ts";
import type { Compilation, FrontOptions, Language } from "./front/language.ts";
import { printProgram } from "./ir/print.ts";
import { builtinNames, isBuiltin, libraryGlobal, NATIVES } from "./library/registry.ts";
import { newWorld } from "./new-world.ts";
import { diagnose, type Diagnostic } from "./text/diagnostics.ts";
import { Source } from "./text/source.ts";
import { displayText } from "./vm/display.ts";
import { GUEST_THROW, ProgramEnd, Status, UnsupportedByEngine, type TraceEntry } from "./vm/errors.ts";
import type { Host } from "./vm/host.ts";
import { run } from "./vm/run.ts";
import type { Vm } from "./vm/vm.ts";

export const LANGUAGES: readonly Language[] = [hemlock];

/** Forms of the vm engine's loop. */
export type LoopName = "auto" | "js" | "wasm";

export interface VmOptions {
  /** Limit of the world in bytes: heap, stacks, code and raw memory together. Default 64 MiB. */
  readonly memory?: number;
  /** Size of the world at the start; it grows on demand. */
  readonly initialMemory?: number;
  /** Back edges, calls and work inside natives a run may use; not given: no limit. */
  readonly fuel?: number;
  /** Guest frames that may be in use at a time. Default 10,000. */
  readonly stackDepth?: number;
  readonly engine?: EngineName;
  /**
   * Size of the JavaScript stack the tree engine may rely on, which bounds how deep calls and expressions nest there; the
   * other engine needs none. Default: what is safe on Node's main thread and in browsers, some 450 calls. Never give more
   * than the thread has.
   */
  readonly treeStackBytes?: number;
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

export interface CheckOptions {
  /** Name of a language in LANGUAGES; default hemlock. */
  readonly language?: string;
  /** Name shown in messages. */
  readonly name?: string;
  /** One input of an interactive session. */
  readonly repl?: boolean;
}
export type RunOptions = CheckOptions;

export type FailureKind = "uncaught" | "fatal" | "panic" | "exit" | "outOfFuel" | "syntax";
export interface RunFailure {
  readonly status: "error";
  readonly kind: FailureKind;
  readonly message: string;
  /** What the command line exits with. */
  readonly exitCode: number;
  /** For kind "syntax": all of them. */
  readonly diagnostics: readonly Diagnostic[];
  /** Guest frames, innermost first. */
  readonly trace: readonly TraceEntry[];
}
export type RunResult = { readonly status: "done"; /** Display text of the program's value. */ readonly value: string } | RunFailure;

/** What `disassemble` shows. */
export type Stage = "ast" | "ir" | "bytecode";

export class BoxelderVm {
  readonly #vm: Vm;
  readonly #engine: EngineName;
  readonly #settings: StartSettings;
  readonly #known = new Set<string>();
  #refFunctions = false;

  constructor(options: VmOptions = {}) {
    this.#engine = options.engine ?? "vm";
    if (!ENGINES.includes(this.#engine)) throw new RangeError(`there is no engine '${String(options.engine)}'; engines are ${ENGINES.join(", ")}`);
    this.#settings = { optimise: options.optimise ?? 1, peephole: options.peephole ?? true, treeStackBytes: options.treeStackBytes };
    this.#vm = newWorld(this.#engine, options);
  }

  /** Runs a program to its end. A script that fails is a result, not an exception. */
  run(text: string, options: RunOptions = {}): RunResult {
    const compiled = this.#compile(text, options);
    if (compiled.program === null) return syntaxFailure(compiled.diagnostics);
    for (const name of compiled.definedGlobals) this.#known.add(name);
    this.#refFunctions ||= compiled.refFunctions;
    this.#vm.redefine = options.repl ?? false;
    const source = compiled.source, program = toIr(compiled.program, this.#settings);
    const run = (): RunResult => this.#finish(() => start(this.#vm, this.#engine, program, source, this.#settings));
    return withinLimits(source, run, (found) => syntaxFailure([found]));
  }

  /** Goes on with a run that stopped for want of fuel. */
  resume(fuel: number): RunResult {
    if (this.#vm.parkedAs !== Status.OutOfFuel) throw new Error("nothing to resume: the last run did not stop for fuel");
    this.#vm.fuel = fuel;
    return this.#finish(() => run(this.#vm));
  }

  /** Everything wrong with a program, without running it. */
  check(text: string, options: CheckOptions = {}): readonly Diagnostic[] {
    const { program, diagnostics, source } = this.#compile(text, options);
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
    const { program, diagnostics, source } = this.#compile(text, options);
    if (program === null) return syntaxFailure(diagnostics);
    const optimised = toIr(program, this.#settings);
    if (options.stage === "ir") return printProgram(optimised);
    const list = (): string => disassemble(toBytecode(optimised, this.#settings), { nativeName: (index) => NATIVES[index]!.name });
    return withinLimits<string | RunFailure>(source, list, (found) => syntaxFailure([found]));
  }

  /** Names of the defined globals and the builtins, for completion. */
  globalNames(): string[] {
    return [...new Set([...this.#vm.globals.names(), ...builtinNames()])].filter((name) => !name.startsWith("$"));
  }

  stats(): HeapStats { return this.#vm.heap.stats(); }
  collect(): void { this.#vm.heap.collect("host"); }
  /** Checks every invariant of the heap; throws Bug when one is broken. */
  verifyHeap(): void { this.#vm.heap.verify(); }
  /** The source a trace entry points into, null when unknown. */
  sourceOf(entry: TraceEntry): Source | null { return this.#vm.sources[entry.sourceId] ?? null; }

  #compile(text: string, options: CheckOptions): Compilation & { readonly source: Source } {
    const language = LANGUAGES.find((each) => each.name === (options.language ?? "hemlock"));
    if (language === undefined) throw new RangeError(`there is no language '${options.language}'; languages are ${LANGUAGES.map((each) => each.name).join(", ")}`);
    const source = new Source(options.name ?? "<script>", text);
    return { ...language.compile(source, this.#frontOptions(options)), source };
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
        const value = displayText(vm, vm.heap.rootSlot(Root.Result));
        this.#idle();
        return { status: "done", value };
      }
      if (status === Status.OutOfFuel) return failure("outOfFuel", "the script used up its fuel", 1, []);
      if (status === Status.Pending) return failure("fatal", "the script waits for a host call that nothing will answer", 1, []);
      return this.#uncaught();
    } catch (thrown) {
      if (thrown === GUEST_THROW) return this.#uncaught();
      if (thrown instanceof ProgramEnd) return this.#ended(failure(thrown.kind, thrown.message, thrown.exitCode, vm.trace));
      if (thrown instanceof UnsupportedByEngine) return this.#ended(failure("fatal", thrown.message, 1, vm.trace));
      throw thrown;
    }
  }

  #uncaught(): RunFailure {
    const vm = this.#vm;
    return this.#ended(failure("uncaught", displayText(vm, vm.heap.rootSlot(Root.Exception)), 1, vm.trace));
  }

  #ended(result: RunFailure): RunFailure {
    this.#idle();
    return result;
  }

  /** Forgets the frames of a run that is over. */
  #idle(): void {
    const vm = this.#vm;
    vm.fp = vm.pc = vm.depth = vm.nativeTop = 0;
    vm.parkedAs = Status.Done;
    vm.heap.setHole(vm.heap.rootSlot(Root.Exception));
  }
}

const failure = (kind: FailureKind, message: string, exitCode: number, trace: readonly TraceEntry[]): RunFailure =>
  ({ status: "error", kind, message, exitCode, diagnostics: [], trace: [...trace] });

function syntaxFailure(diagnostics: readonly Diagnostic[]): RunFailure {
  const first = diagnostics.find((each) => each.severity === "error");
  return { status: "error", kind: "syntax", message: first?.message ?? "", exitCode: 1, diagnostics, trace: [] };
}

/** A step that compiles the source; a limit it exceeds is reported like any other mistake in the program. */
function withinLimits<T>(source: Source, step: () => T, otherwise: (found: Diagnostic) => T): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof LimitError)) throw error;
    return otherwise(diagnose(source, "E304", error.span, [error.message]));
  }
}
