// The other side: a world in which a worker runs tasks of a VM, one at a time and each from its beginning to its end. It has
// the library, and nothing of the outside: what needs that is not sent here.
//
// Turns are counted as the scheduler of the VM would: the task runs here as the only one, and is told at the same places
// that its turn is over.

import { elementSlot, length as arrayLength, setLength } from "../../heap/cells/array.ts";
import { LentRaw } from "../../heap/lent-raw.ts";
import type { RawMemory } from "../../heap/raw.ts";
import { Root } from "../../heap/roots.ts";
import { CellHi, CellKind } from "../../heap/value.ts";
import { link } from "../compile/link.ts";
import { vmEngine } from "../engines.ts";
import { addressOf, isPointer } from "../library/arguments.ts";
import { ATOMICS } from "../library/atomics.ts";
import { defineType } from "../library/types.ts";
import { newWorld } from "../new-world.ts";
import { Source } from "../text/source.ts";
import { GUEST_THROW, ProgramEnd, Status, type TraceEntry } from "../vm/errors.ts";
import { globalValueSlot } from "../vm/globals.ts";
import { run } from "../vm/run.ts";
import { endTasks, enterTask, scheduler, SLICE } from "../vm/scheduler.ts";
import type { Vm } from "../vm/vm.ts";
import { trace } from "../vm/stack.ts";
import { makeChannel } from "../vm/task-values.ts";
import { SharedOperation, type TaskWorkers } from "../vm/workers.ts";
import type { VmOptions } from "../vm-options.ts";
import type { FromWorker, NamedValue, Request, Spent, TaskMessage, ToWorker } from "./messages.ts";
import { PLAIN } from "./packing.ts";
import { type Residents, readValues } from "./read-values.ts";
import { isFixed, NotMovable, ValueWriter } from "./values.ts";

/** Options that hold for every world of a VM, and can be sent to a thread. */
export type WorldOptions = Pick<VmOptions, "memory" | "stackDepth" | "gcPauseBudget" | "gcStep" | "gcStress" | "gcStressRate" | "gcSeed" | "verifyHeap" | "poison" | "loop">;

/** Where messages and counts of turns go. */
export interface RunnerPort {
  send(message: FromWorker): void;
  /** The task has had so many whole turns, and looked into memory that others change so often. */
  turns(count: number, looks: number): void;
  /** The task begins. */
  begins(): void;
  /** Blocks until the next message comes. */
  receive(): ToWorker;
}

/** Bytes that a task may write before the VM has come to where it wrote them. */
const MOST_AHEAD = 1 << 18;
const ATOMIC_BYTES: ReadonlyMap<string, number> = new Map(ATOMICS.map(({ name }) => [name, name.endsWith("i64") ? 8 : 4]));
/** What a loop does that waits for others. */
const LOOKING: ReadonlySet<string> = new Set(ATOMICS.map(({ name }) => name).filter((name) => /_(load|cas|exchange)_/.test(name)));
/** Ends the work on a task that nobody waits for any more. */
const DROPPED = { dropped: true };

/** Globals that hold the functions and channels that were sent; no script can name them. */
const holderOf = (id: number): string => `$sent ${id}`;
const channelHolderOf = (id: number): string => `$channel ${id}`;
const stay = (): never => { throw new NotMovable("what it leaves holds a function"); };
const stayWithChannel = (): never => { throw new NotMovable("a channel that is not known"); };

export class TaskRunner {
  #vm: Vm | null = null;
  /** Number of each source of the VM here. */
  readonly #sources = new Map<number, number>();
  #task = 0;
  #turns = 0;
  #given = 0;
  /** Fuel there was when its turn began. */
  #turnFuel = 0;
  #stringsAreFixed = false;
  #isSharing = false;
  #looks = 0;
  /** Raw memory of the world itself. */
  #own: RawMemory | null = null;
  /** Bytes written since the VM was last waited for. */
  #ahead = 0;
  /** Ids of channels by their addresses here. */
  readonly #channels = new Map<number, number>();

  constructor(readonly options: WorldOptions, readonly port: RunnerPort) {}

  /** Does what a message says; a task runs until it is done or out of fuel. */
  take(message: ToWorker): void {
    switch (message.kind) {
      case "task": return this.#begin(message);
      case "fuel": return this.#feed(message.id, message.units);
      case "forget":
        this.#vm = null;
        this.#sources.clear();
        this.#channels.clear();
    }
  }

  #begin(message: TaskMessage): void {
    const vm = this.#vm ??= this.#world(), { heap } = vm, hold = heap.rootSlot(Root.Temp7);
    this.#task = message.id;
    this.#turns = this.#ahead = this.#looks = 0;
    this.#given = message.fuel;
    this.#turnFuel = message.fuel;
    this.#stringsAreFixed = message.stringsAreFixed;
    vm.fuel = message.fuel;
    vm.maxDepth = message.depth;
    try {
      this.#learn(vm, message);
      readValues(vm, hold, message.values, this.#residents(vm));
      this.#define(vm, message.named, hold);
      scheduler(vm);
      this.#isSharing = message.memory !== null;
      if (message.memory !== null) vm.raw = new LentRaw(heap, message.memory);
    } catch (thrown) {
      if (thrown !== GUEST_THROW) throw thrown;
      // There is no room for it here: the VM may have some.
      this.#rest(vm);
      return this.port.send({ ...this.#spent, kind: "stays", reason: "no room for it in the worker", hasBegun: false });
    }
    this.port.begins();
    this.#run(() => {
      vm.fuel = message.fuel;
      this.#turnFuel = vm.fuel;
      enterTask(vm, hold);
      heap.setHole(hold);
      return run(vm);
    });
  }

  #world(): Vm {
    const vm = newWorld(vmEngine, [], this.options, { optimise: 1, peephole: true });
    const workers: TaskWorkers = {
      linked: () => {}, spawned: () => {}, turn: () => SLICE, patience: 0, end: () => {}, turnOver: () => this.#turnOver(), isActing: false, isEntangled: false, traceOf: () => null,
      operate: (operation, dst, on, value, milliseconds) => this.#operate(operation, dst, on, value, milliseconds),
      call: (name, base, argc) => this.#call(name, base, argc), write: (bytes, isError) => this.#write(bytes, isError),
      reveal: () => { if (!this.#isSharing) throw new NotMovable("it shows a value that is another in each world"); },
    };
    this.#own = vm.raw;
    vm.workers = workers;
    return vm;
  }

  #turnOver(): void {
    this.port.turns(++this.#turns, this.#looks);
    this.#turnFuel = this.#vm!.fuel;
  }

  #residents(vm: Vm): Residents {
    const { heap, globals } = vm;
    return {
      codeOf: (id) => heap.lo(globalValueSlot(globals.cell(holderOf(id)))),
      channelOf: (id, capacity) => {
        const slot = globalValueSlot(globals.cell(channelHolderOf(id)));
        if (heap.hi(slot) !== CellHi.Channel) makeChannel(vm, slot, capacity);
        this.#channels.set(heap.lo(slot), id);
        return heap.lo(slot);
      },
    };
  }

  #operate(operation: SharedOperation, dst: number, on: number, value: number, milliseconds: number): boolean {
    const { heap } = this.#vm!, hold = heap.rootSlot(Root.Temp7), writer = this.#writer(), isSelect = operation === SharedOperation.Select, isSend = operation === SharedOperation.Send;
    if (isSend && !isFixed(heap, value, this.#stringsAreFixed)) throw new NotMovable("it sends what others may change");
    if (isSend) writer.write(value);
    if (isSelect) {
      heap.setCell(hold, CellKind.Array, on);
      writer.write(hold);
    }
    return this.#ask(dst, { operation, channel: isSelect || on === 0 ? 0 : this.#channelId(on), milliseconds, values: isSend || isSelect ? writer.values : null, native: "" });
  }

  #call(native: string, base: number, argc: number): boolean {
    if (this.#isSharing && this.#isAtomic(native, base)) return false;
    const writer = this.#writer();
    for (let i = 0; i < argc; i++) writer.write(base + i);
    return this.#ask(base - 2, { operation: SharedOperation.Native, channel: 0, milliseconds: Infinity, values: writer.values, native });
  }

  /** What is not aligned only the VM may do, which has no other thread do it meanwhile. */
  #isAtomic(native: string, base: number): boolean {
    const vm = this.#vm!, bytes = ATOMIC_BYTES.get(native);
    if (LOOKING.has(native)) this.#looks++;
    return bytes !== undefined && !(isPointer(vm, base) && addressOf(vm, base) % bytes !== 0);
  }

  /** What is written goes ahead of the VM, but not too far. */
  #write(bytes: Uint8Array, isError: boolean): boolean {
    this.#ahead += bytes.length;
    this.port.send({ ...this.#spent, kind: "writes", bytes: bytes.slice(), isError });
    if (this.#ahead > MOST_AHEAD) this.#ask(this.#vm!.heap.rootSlot(Root.Temp6), { operation: SharedOperation.Write, channel: 0, milliseconds: 0, values: null, native: "" });
    return true;
  }

  #channelId(cell: number): number { return this.#channels.get(cell) ?? stayWithChannel(); }
  #writer(): ValueWriter { return new ValueWriter(this.#vm!, { ...PLAIN, channelId: (cell) => this.#channelId(cell), checkNative: () => {} }); }

  /** The VM does it, and the task waits; with it, this thread. */
  #ask(dst: number, request: Omit<Request, "trace">): boolean {
    const vm = this.#vm!, { heap } = vm, hold = heap.rootSlot(Root.Temp7);
    this.port.send({ ...this.#spent, kind: "asks", request: { ...request, trace: this.#trace(trace(vm)) } });
    this.#ahead = 0;
    const answer = this.port.receive();
    if (answer.kind !== "answer") throw DROPPED;
    if (answer.isNewTurn) {
      vm.startSlice(SLICE);
      this.#turnOver();
    }
    readValues(vm, hold, answer.values, this.#residents(vm));
    heap.copySlot(answer.failed ? heap.rootSlot(Root.Exception) : dst, elementSlot(heap, heap.lo(hold), 0));
    heap.setHole(hold);
    return answer.failed ? vm.throwSlot(heap.rootSlot(Root.Exception)) : true;
  }

  #learn(vm: Vm, { sources, functions }: TaskMessage): void {
    for (const { id, name, text } of sources) this.#sources.set(id, vm.sources.push(new Source(name, text)) - 1);
    for (const { id, compiled, source } of functions) {
      const cell = vm.globals.cell(holderOf(id)), code = link(vm, compiled, this.#sources.get(source)!);
      vm.heap.setCell(globalValueSlot(cell), CellKind.Code, code);
    }
  }

  /** The values of globals and types lie behind those of the call, in the array in a slot. */
  #define(vm: Vm, named: readonly NamedValue[], hold: number): void {
    const { heap, globals } = vm, first = arrayLength(heap, heap.lo(hold)) - named.length;
    named.forEach(({ name, isType }, i) => {
      if (isType) defineType(vm, name, elementSlot(heap, heap.lo(hold), first + i));
      else heap.replace(globalValueSlot(globals.cell(name)), elementSlot(heap, heap.lo(hold), first + i));
    });
    setLength(heap, heap.lo(hold), first);
  }

  #feed(task: number, units: number): void {
    if (task !== this.#task || this.#vm === null) return;
    const vm = this.#vm;
    vm.fuel += units;
    this.#given += units;
    this.#run(() => run(vm));
  }

  get #spent(): Spent {
    const { fuel } = this.#vm!;
    return { id: this.#task, turns: this.#turns, fuel: this.#given - fuel, slice: this.#turnFuel - fuel };
  }

  #run(step: () => Status): void {
    const vm = this.#vm!;
    let message: FromWorker | null;
    try {
      const status = step();
      if (status === Status.OutOfFuel) return this.port.send({ kind: "starved", id: this.#task });
      message = this.#done(vm, status === Status.Done ? Root.Result : Root.Exception);
    } catch (thrown) {
      message = this.#failed(vm, thrown);
    }
    this.#rest(vm);
    if (message !== null) this.port.send(message);
  }

  #done(vm: Vm, root: Root.Result | Root.Exception): FromWorker {
    const writer = new ValueWriter(vm, { functionId: stay, channelId: (cell) => this.#channelId(cell), checkNative: () => {}, stringsAreFixed: true });
    try {
      writer.write(vm.heap.rootSlot(root));
      return { ...this.#spent, kind: "done", failed: root === Root.Exception, values: writer.values };
    } catch (error) {
      return this.#stays(error);
    }
  }

  #stays(error: unknown): FromWorker {
    if (!(error instanceof NotMovable)) throw error;
    return { ...this.#spent, kind: "stays", reason: error.message, hasBegun: true };
  }

  #failed(vm: Vm, thrown: unknown): FromWorker | null {
    if (thrown === DROPPED) return null;
    if (thrown === GUEST_THROW) return this.#done(vm, Root.Exception);
    if (!(thrown instanceof ProgramEnd)) return this.#stays(thrown);
    return { ...this.#spent, kind: "ended", end: thrown.kind, message: thrown.message, exitCode: thrown.exitCode, trace: this.#trace(vm.trace) };
  }

  /** With the numbers that sources have in the VM. */
  #trace(entries: readonly TraceEntry[]): TraceEntry[] {
    const back = new Map([...this.#sources].map(([there, here]) => [here, there]));
    return entries.map((entry) => ({ ...entry, sourceId: back.get(entry.sourceId) ?? entry.sourceId }));
  }

  /** Nothing of the task is left. */
  #rest(vm: Vm): void {
    const { heap } = vm;
    endTasks(vm);
    vm.rest();
    vm.raw = this.#own!;
    this.#isSharing = false;
    for (const root of [Root.Result, Root.Exception, Root.Temp7]) heap.setHole(heap.rootSlot(root));
    if (this.options.verifyHeap === true) heap.verify();
  }
}
