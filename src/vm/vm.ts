// The virtual machine: one world (heap and raw memory), one running task, and the services natives and slow paths use.
// Running itself is in run.ts (bytecode) and src/tree; what a host sees is src/api.ts.

import { Code } from "../../heap/layout.ts";
import { Heap } from "../../heap/heap.ts";
import type { HeapOptions } from "../../heap/options.ts";
import type { OpenWorld } from "../../heap/world-copy.ts";
import { RawMemory } from "../../heap/raw.ts";
import { Root } from "../../heap/roots.ts";
import { CellHi, CellKind } from "../../heap/value.ts";
import { newStack, stackBase, stackEnd } from "../../heap/cells/stack.ts";
import { newStringFromText } from "../../heap/cells/string.ts";
import type { FunctionNode } from "../ir/nodes.ts";
import type { Source, Span } from "../text/source.ts";
import type { CompiledRun } from "./compiled-loop.ts";
import { Engine, FUEL_CHUNK } from "./engine-words.ts";
import { GUEST_THROW, INTERRUPT, ProgramEnd, Status, type TraceEntry } from "./errors.ts";
import { startGenerator } from "./generator.ts";
import { Globals } from "./globals.ts";
import type { Host } from "./host.ts";
import type { Failure } from "./failure.ts";
import { Interaction } from "./interaction.ts";
import { internMethodNames, type MethodTable } from "./methods.ts";
import type { Native, NativeInfo, Suspend } from "./native.ts";
import { globalChanged, type PrimitiveCells } from "./primitives.ts";
import { NO_RULES, type GuestRules } from "./rules.ts";
import { NO_SERVICES, type Services } from "./services.ts";
import { isSpawned } from "./task-cells.ts";
import type { VmState } from "./vm-state.ts";
import type { TaskWorkers } from "./workers.ts";
import { CheckedRaw, type RawChecks } from "./checked-raw.ts";
import { codeOf, runsLisp, STACK_RESERVE, trace } from "./stack.ts";
import { indexWorld, type WorldIndex } from "./world-index.ts";

export const DEFAULT_STACK_DEPTH = 10_000;
/** Slots of a new guest stack, which grows on demand: as many as fit between the page table and the first block. */
const FIRST_STACK_SLOTS = 3070;
/** Frames, and slots of a stack that cannot grow, for the handlers of a stack overflow on top of what overflowed. */
const LENT_FRAMES = 2000, LENT_SLOTS = 1500;
/** Fuel that the words for interrupted work have room for. */
const MOST_SAVED = 2 ** 31 - 1;
/** Fuel when the host sets no limit: more than any run can use, and still exact as a double. */
export const UNLIMITED_FUEL = 2 ** 52;

/** Why a run stands still that could go on. */
export type StopReason = "outOfFuel" | "timeLimit" | "aborted" | "outputLimit";

export interface VmSettings { readonly heap: HeapOptions; readonly host: Host; readonly system?: ReadonlyMap<string, Native>; readonly fuel?: number; readonly stackDepth?: number; readonly seed?: number; readonly rawChecks?: RawChecks }

export class Vm {
  readonly heap: Heap;
  raw: RawMemory;
  readonly host: Host;
  /** What does the work of builtins that need the outside world, by their names. */
  readonly system: ReadonlyMap<string, Native>;
  readonly globals: Globals;
  readonly methods: MethodTable;
  /** What languages that compile at run time need. */
  services: Services = NO_SERVICES;
  /** Of the language whose functions have ParamFlag.Lisp. */
  rules: GuestRules = NO_RULES;
  /** Source texts by id; code cells refer to them. */
  readonly sources: Source[] = [];
  /** Functions of the host that the world may name; see library/host-natives.ts. */
  hostNatives: readonly NativeInfo[] = [];
  /** How a part of the system lets a task wait. */
  suspend: Suspend = (vm, name) => vm.fatal(`'${name}' has to wait, which this VM cannot`);
  /** What runs tasks elsewhere; null for none. */
  workers: TaskWorkers | null = null;
  /** Turns of tasks until the host gets one to see what was answered; infinite where nobody waits for answers meanwhile. */
  turnsLeft = Infinity;
  /** A function of a library calls back: the task that answers it, and no other may run; 0 for none. */
  exclusive = 0;
  /** How the program ended in such a task: whoever goes on with the run is to learn of it. */
  ended: unknown = null;
  /** Functions of the tree engine by TreeId - 1. */
  readonly treeFunctions: FunctionNode[] = [];
  /** Span of the tree engine's call site with this number; that engine sets it. */
  treeSpan: (pc: number) => Span | null = () => null;

  /** Slot of register 0 of the running frame; valid in slow paths and natives. */
  fp = 0;
  /** Word index inside the running instruction, past its first word; after it in a call. */
  pc = 0;
  /** Fuel beyond what Engine.Fuel holds, and what that word got last. */
  #fuelReserve = 0;
  #granted = 0;
  /** Fuel until another task gets its turn; below zero when it is due. Infinite while there is one task only. */
  sliceLeft = Infinity;
  /** Asked now and then during a run: why it is to stop, null to go on. Null: there is nothing to ask. */
  askStop: (() => StopReason | null) | null = null;
  /** Called whenever so many units of fuel are used up, with the pc of the running instruction. Must not allocate. */
  sampleEvery = FUEL_CHUNK;
  onSample: ((pc: number) => void) | null = null;
  /** Why the run stopped that is parked as out of fuel. */
  stopped: StopReason | null = null;
  /** The loop runs, and the instruction can be done again: see work. */
  canInterrupt = false;
  /** Whether a program is over and its value is read. */
  readsResult = false;
  /** Fuel for work of the running instruction so far, and how much of that was for what had been done before it was interrupted. */
  worked = 0;
  #repeated = 0;
  #maxDepth = DEFAULT_STACK_DEPTH;
  /** The limit the host gave, null for none: languages then have their own. */
  #hostDepth: number | null;
  /** Part of #maxDepth that is only there for handlers of a stack overflow. */
  #lent = 0;
  /** First slot of the stack, and the slot no frame may reach past. */
  stackBase = 0;
  stackEnd = 0;
  /** While a native or the tree engine runs: the collector scans up to here. 0: up to the end of the running frame. */
  nativeTop = 0;
  /** Language of the frames whose function is not known: see runsLisp. */
  mainIsLisp = false;
  /** The exception being thrown unwinds at once: no handler of the script is asked. */
  unwinding = false;
  /** See primitives.ts: filled at the first use, and the globals whose primitives have been redefined. */
  primitives: PrimitiveCells | null = null;
  readonly generalised = new Set<number>();
  /** The compiled loop over the present world; null while the interpreter's own loop runs it. */
  compiledRun: CompiledRun | null = null;
  /** Called when a run turns out to be a long one: the place to set compiledRun. */
  onLongRun: () => void = () => {};
  /** Why the last run parked. */
  parkedAs: Status = Status.Done;
  /** Frames at the last uncaught exception or fatal error. */
  trace: readonly TraceEntry[] = [];
  /** The error that the library or handlers hold at the moment, if any, and where it happened. */
  failure: Failure | null = null;
  /** Null unless a person waits who can choose what to do about an error. */
  interaction: Interaction | null = null;
  /** REPL: a top-level name may be defined again. */
  redefine = false;
  /** State of the VM's own random generator; see generator.ts. */
  generator: number[];

  /** `index`: of the world, where it is known. */
  constructor(settings: VmSettings, world: Uint8Array | OpenWorld | null = null, index: WorldIndex | null = null) {
    this.host = settings.host;
    this.system = settings.system ?? new Map();
    this.generator = startGenerator(settings.seed ?? 1);
    this.heap = world === null ? new Heap(settings.heap) : Heap.fromImage(world, settings.heap);
    this.raw = settings.rawChecks === undefined ? new RawMemory(this.heap) : new CheckedRaw(this.heap, settings.rawChecks, () => trace(this));
    this.heap.stackRange = () => ({ base: this.stackBase, top: this.#top() });
    this.heap.onOutOfMemory = () => this.#outOfMemory();
    if (world === null) this.#prepareWorld();
    this.heap.setHole(this.heap.rootSlot(Root.Receiver));
    this.useStack();
    this.fuel = settings.fuel ?? UNLIMITED_FUEL;
    this.#hostDepth = settings.stackDepth ?? null;
    this.#maxDepth = settings.stackDepth ?? DEFAULT_STACK_DEPTH;
    this.depth = 0;
    const { globals, methods } = index ?? indexWorld(this.heap);
    this.globals = new Globals(this.heap, globals);
    this.methods = methods;
  }

  /** For a copy of the world as it is now. */
  get index(): WorldIndex { return { globals: this.globals.index, methods: this.methods }; }

  /** What `goOn` needs; only while no native runs. */
  get state(): VmState {
    const { fp, pc, depth, maxDepth, mainIsLisp, parkedAs, redefine, trace, failure } = this;
    return {
      fp, pc, depth, maxDepth, mainIsLisp, parkedAs, redefine, generator: [...this.generator], hostDepth: this.#hostDepth, lent: this.#lent, trace, failure,
      fuelNow: this.heap.word(Engine.Fuel), fuelReserve: this.#fuelReserve, granted: this.#granted, sliceLeft: this.sliceLeft === Infinity ? null : this.sliceLeft,
      interaction: this.interaction === null ? null : this.interaction.state, generalised: [...this.generalised], heap: this.heap.counters,
    };
  }

  /** Goes on where a Vm stood whose world was copied; raw memory and sources must be in place. */
  goOn(state: VmState): void {
    const { fp, pc, mainIsLisp, parkedAs, redefine, generator, trace, failure } = state;
    Object.assign(this, { fp, pc, mainIsLisp, parkedAs, redefine, generator: [...generator], trace, failure });
    this.#hostDepth = state.hostDepth;
    this.#maxDepth = state.maxDepth;
    this.#lent = state.lent;
    this.useStack();
    this.depth = state.depth;
    this.heap.setWord(Engine.Fuel, state.fuelNow);
    this.#fuelReserve = state.fuelReserve;
    this.#granted = state.granted;
    this.sliceLeft = state.sliceLeft ?? Infinity;
    this.interaction = state.interaction === null ? null : new Interaction(state.interaction);
    for (const cell of state.generalised) this.generalised.add(cell);
    this.heap.goOn(state.heap);
  }

  #prepareWorld(): void {
    const heap = this.heap;
    heap.setCell(heap.rootSlot(Root.Stack), CellKind.Stack, newStack(heap, FIRST_STACK_SLOTS));
    heap.setCell(heap.rootSlot(Root.OutOfMemory), CellKind.String, newStringFromText(heap, "out of memory"));
    internMethodNames(heap);
  }

  /** Slots above stackEnd. Tasks are many, and have no more than they need: their stacks can be made larger while there is memory. */
  get stackReserve(): number { return this.#lent === 0 && !isSpawned(this.heap) ? STACK_RESERVE + LENT_SLOTS : STACK_RESERVE; }

  /** Reads where the stack lies; after it moved. */
  useStack(): void {
    const heap = this.heap, stack = heap.rootCell(Root.Stack);
    this.stackBase = stackBase(stack);
    this.stackEnd = stackEnd(heap, stack) - this.stackReserve;
    heap.setWord(Engine.StackEnd, this.stackEnd * 2);
  }

  /** Units left; see chargeFuel. */
  get fuel(): number { return this.#fuelReserve + this.heap.word(Engine.Fuel); }
  set fuel(units: number) {
    const now = Math.min(units, this.sampleEvery, Math.max(0, this.sliceLeft));
    this.heap.setWord(Engine.Fuel, now);
    this.#granted = now;
    this.#fuelReserve = units - now;
  }

  /** Guest frames in use. */
  get depth(): number { return this.#maxDepth - this.heap.word(Engine.FramesLeft); }
  set depth(frames: number) { this.heap.setWord(Engine.FramesLeft, this.#maxDepth - frames); }

  /** Guest frames that may be in use at a time. */
  get maxDepth(): number { return this.#maxDepth; }
  set maxDepth(frames: number) {
    const { depth } = this;
    this.#maxDepth = frames;
    this.depth = depth;
  }

  /** To be called after a global of Lisp got a new value: code may take what it was for granted. */
  globalChanged(name: string): void { globalChanged(this, name); }

  /** A run of this language starts. Each has its own limit, unless the host gave one; what a script set stays until the language changes. */
  chooseDepth(isLisp: boolean): void {
    if (isLisp === this.mainIsLisp) return;
    this.mainIsLisp = isLisp;
    if (this.#hostDepth === null) this.maxDepth = isLisp ? this.rules.stackDepth : DEFAULT_STACK_DEPTH;
  }

  /** Lets handlers of a stack overflow have frames and slots, once until settleFrames. */
  lendFrames(): void {
    if (this.#lent !== 0) return;
    this.#lent = LENT_FRAMES;
    this.maxDepth += LENT_FRAMES;
    this.useStack();
  }

  /** Whether so little is left that the handlers of an error need what is kept for them. */
  isCramped(top: number): boolean { return this.depth >= this.#maxDepth || top + STACK_RESERVE > this.stackEnd; }

  /** Takes lent frames and slots back when they are not needed any more. */
  settleFrames(): void {
    if (this.#lent === 0 || this.depth >= this.#maxDepth - this.#lent || this.fp + 2 * STACK_RESERVE + LENT_SLOTS > this.stackEnd) return;
    this.maxDepth -= this.#lent;
    this.#lent = 0;
    this.useStack();
  }

  /** The next task may run for so long; what the last one did not use up is gone. */
  startSlice(units: number): void {
    const { fuel } = this;
    this.sliceLeft = units;
    this.fuel = fuel;
  }

  /** Refills Engine.Fuel, which has run out, from the reserve; false when that is empty too, or the run is to stop: see stopped. */
  refuel(): boolean {
    const { fuel } = this;
    this.sliceLeft -= this.#granted - this.heap.word(Engine.Fuel);
    this.fuel = Math.max(0, fuel);
    this.onSample?.(this.pc);
    this.stopped = fuel < 0 ? "outOfFuel" : this.askStop === null ? null : this.askStop();
    return this.stopped === null;
  }

  #top(): number {
    if (this.nativeTop !== 0) return this.nativeTop;
    if (this.fp === 0) return this.stackBase;
    const heap = this.heap;
    return this.fp + (heap.hi(this.fp - 2) === CellHi.Closure ? heap.word(codeOf(heap, this.fp) + Code.FrameSize) : 0);
  }

  #outOfMemory(): never {
    const condition = this.heap.rootSlot(Root.OutOfMemoryCondition), isLisp = this.heap.hi(condition) === CellHi.SortedMap && runsLisp(this);
    this.heap.copySlot(this.heap.rootSlot(Root.Exception), isLisp ? condition : this.heap.rootSlot(Root.OutOfMemory));
    throw GUEST_THROW;
  }

  /** Makes the collector scan up to `top` while a native or binding runs. */
  reserve(top: number): void { this.nativeTop = Math.max(this.nativeTop, top); }

  /** Slot of the first constant of the running function. */
  constBase(): number { return this.heap.word(codeOf(this.heap, this.fp) + Code.ConstBase); }

  /** Throws a guest exception whose value is a string with this text; in a Lisp function, a condition with it. */
  throwError(message: string): never {
    if (runsLisp(this)) this.rules.raise(this, message);
    const heap = this.heap;
    heap.setCell(heap.rootSlot(Root.Exception), CellKind.String, newStringFromText(heap, message));
    throw GUEST_THROW;
  }

  /** Throws the value in the slot. */
  throwSlot(slot: number): never {
    this.heap.copySlot(this.heap.rootSlot(Root.Exception), slot);
    throw GUEST_THROW;
  }

  /** Stops the program with "Runtime error: …"; scripts cannot catch it. */
  fatal(message: string): never {
    return this.#end(new ProgramEnd("fatal", message, 1));
  }

  /** Stops the program with "panic: …". */
  panic(message: string): never {
    return this.#end(new ProgramEnd("panic", message, 1));
  }

  /** Ends the program with an exit code. */
  exit(code: number): never {
    return this.#end(new ProgramEnd("exit", "", code & 255));
  }

  #end(reason: ProgramEnd): never {
    this.trace = trace(this);
    throw reason;
  }

  /**
   * Charges fuel for work proportional to `units` done inside a native or slow path, at 1/16 of a back edge each. The
   * task parks at the next call or back edge once none is left; the native is not interrupted.
   */
  chargeFuel(units: number): void {
    const left = this.heap.word(Engine.Fuel) - Math.trunc(units / 16), kept = Math.max(-FUEL_CHUNK, left);
    this.heap.setWord(Engine.Fuel, kept);
    if (left < kept) this.#fuelReserve -= kept - left;
  }

  /**
   * As chargeFuel, for work that is about to be done, by an instruction that has changed nothing yet: when the fuel does not
   * suffice or the run is to stop, it stops here, and the instruction is done again once the run goes on. What was charged counts.
   */
  work(units: number): void {
    const { heap } = this, cost = Math.trunc(units / 16), saved = heap.word(Engine.Saved), paid = Math.min(saved, cost), owed = cost - paid;
    this.#repeated = (this.worked === 0 ? 0 : this.#repeated) + paid;
    this.worked += cost;
    if (paid > 0) heap.setWord(Engine.Saved, saved - paid);
    const left = heap.word(Engine.Fuel) - owed;
    if (left >= 0) return heap.setWord(Engine.Fuel, left);
    if (!this.canInterrupt) return this.readsResult ? this.#workOnResult(owed) : this.chargeFuel(16 * owed);
    const { fuel } = this, debt = heap.word(Engine.Owed) + Math.max(0, owed - Math.max(0, fuel)), kept = Math.min(debt, MOST_SAVED);
    this.sliceLeft -= this.#granted - heap.word(Engine.Fuel) + owed;
    this.fuel = Math.max(0, fuel - owed);
    heap.setWord(Engine.Owed, kept);
    this.onSample?.(this.pc - 1);
    // What was done once already is followed by as much that is new, on credit: or a long native that gets its fuel in small
    // helpings would be begun anew with each of them, and take time by the square of its work.
    const isShort = fuel < owed && this.worked > 2 * this.#repeated;
    this.stopped = isShort ? "outOfFuel" : this.askStop === null ? null : this.askStop();
    if (this.stopped !== null) this.#interrupt(this.worked - (debt - kept));
  }

  /** The program is over, and its value is being written for the host: that may take time, which is limited, but no more fuel. */
  #workOnResult(owed: number): void {
    this.fuel = Math.max(0, this.fuel - owed);
    this.stopped = this.askStop === null ? null : this.askStop();
    if (this.stopped !== null) throw INTERRUPT;
  }

  /** Pays for what was done on credit; false when the fuel does not suffice. */
  payDebt(): boolean {
    const owed = this.heap.word(Engine.Owed);
    if (owed <= 0) return true;
    const { fuel } = this, paid = Math.min(owed, Math.max(0, fuel));
    this.fuel = fuel - paid;
    this.heap.setWord(Engine.Owed, owed - paid);
    if (paid < owed) this.stopped = "outOfFuel";
    return paid === owed;
  }

  /** Stops here if the run is to stop for another reason than fuel: for work that was charged, as often as it is long. */
  checkStop(): void {
    if (!this.canInterrupt || this.askStop === null) return;
    this.stopped = this.askStop();
    if (this.stopped !== null) this.#interrupt(this.worked);
  }

  #interrupt(charged: number): never {
    this.heap.setWord(Engine.Saved, Math.min(charged, MOST_SAVED));
    throw INTERRUPT;
  }

  /** No script runs any more: forgets its frames, and work it did not finish. */
  rest(): void {
    this.fp = this.pc = this.depth = this.nativeTop = 0;
    this.parkedAs = Status.Done;
    this.heap.setWord(Engine.Saved, 0);
    this.heap.setWord(Engine.Owed, 0);
  }
}
