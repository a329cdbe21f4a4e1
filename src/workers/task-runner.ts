// The other side: a world in which a worker runs tasks of a VM, one at a time and each from its beginning to its end. It has
// the library, and nothing of the outside: what needs that is not sent here.
//
// Turns are counted as the scheduler of the VM would: the task runs here as the only one, and is told at the same places
// that its turn is over.

import { elementSlot, length as arrayLength, setLength } from "../../heap/cells/array.ts";
import { Root } from "../../heap/roots.ts";
import { CellKind } from "../../heap/value.ts";
import { link } from "../compile/link.ts";
import { vmEngine } from "../engines.ts";
import { newWorld } from "../new-world.ts";
import { Source } from "../text/source.ts";
import { GUEST_THROW, ProgramEnd, Status } from "../vm/errors.ts";
import { globalValueSlot } from "../vm/globals.ts";
import { run } from "../vm/run.ts";
import { endTasks, enterTask, scheduler, SLICE } from "../vm/scheduler.ts";
import type { Vm } from "../vm/vm.ts";
import type { TaskWorkers } from "../vm/workers.ts";
import type { VmOptions } from "../vm-options.ts";
import type { FromWorker, Spent, TaskMessage, ToWorker } from "./messages.ts";
import { readValues } from "./read-values.ts";
import { NotMovable, ValueWriter, type WireValues } from "./values.ts";

/** Options that hold for every world of a VM, and can be sent to a thread. */
export type WorldOptions = Pick<VmOptions, "memory" | "stackDepth" | "gcPauseBudget" | "gcStep" | "gcStress" | "gcStressRate" | "gcSeed" | "verifyHeap" | "poison" | "loop">;

/** Where messages and counts of turns go. */
export interface RunnerPort {
  send(message: FromWorker): void;
  /** The task has had so many whole turns. */
  turns(count: number): void;
}

/** Globals that hold the functions that were sent; no script can name them. */
const holderOf = (id: number): string => `$sent ${id}`;
const stay = (): never => { throw new NotMovable("a function"); };

export class TaskRunner {
  #vm: Vm | null = null;
  /** Number of each source of the VM here. */
  readonly #sources = new Map<number, number>();
  #task = 0;
  #turns = 0;
  #given = 0;

  constructor(readonly options: WorldOptions, readonly port: RunnerPort) {}

  /** Does what a message says; a task runs until it is done or out of fuel. */
  take(message: ToWorker): void {
    switch (message.kind) {
      case "task": return this.#begin(message);
      case "fuel": return this.#feed(message.id, message.units);
      case "forget":
        this.#vm = null;
        this.#sources.clear();
    }
  }

  #begin(message: TaskMessage): void {
    const vm = this.#vm ??= this.#world(), { heap } = vm, hold = heap.rootSlot(Root.Temp7);
    this.#task = message.id;
    this.#turns = 0;
    this.#given = message.fuel;
    vm.maxDepth = message.depth;
    try {
      this.#learn(vm, message);
      readValues(vm, hold, message.values, (id) => heap.lo(globalValueSlot(vm.globals.cell(holderOf(id)))));
      this.#define(vm, message.globals, heap.lo(hold));
      scheduler(vm);
    } catch (thrown) {
      if (thrown !== GUEST_THROW) throw thrown;
      // There is no room for it here: the VM may have some.
      this.#rest(vm);
      return this.port.send({ ...this.#spent, kind: "stays" });
    }
    this.#run(() => {
      vm.fuel = message.fuel;
      enterTask(vm, hold);
      heap.setHole(hold);
      return run(vm);
    });
  }

  #world(): Vm {
    const vm = newWorld(vmEngine, [], this.options, { optimise: 1, peephole: true });
    const workers: TaskWorkers = {
      linked: () => {}, spawned: () => {}, turn: () => SLICE, patience: 0, end: () => {}, turnOver: () => this.port.turns(++this.#turns),
    };
    vm.workers = workers;
    return vm;
  }

  #learn(vm: Vm, { sources, functions }: TaskMessage): void {
    for (const { id, name, text } of sources) this.#sources.set(id, vm.sources.push(new Source(name, text)) - 1);
    for (const { id, compiled, source } of functions) {
      const cell = vm.globals.cell(holderOf(id)), code = link(vm, compiled, this.#sources.get(source)!);
      vm.heap.setCell(globalValueSlot(cell), CellKind.Code, code);
    }
  }

  /** The values of the globals lie behind those of the call. */
  #define({ heap, globals }: Vm, names: readonly string[], values: number): void {
    const first = arrayLength(heap, values) - names.length;
    names.forEach((name, i) => heap.replace(globalValueSlot(globals.cell(name)), elementSlot(heap, values, first + i)));
    setLength(heap, values, first);
  }

  #feed(task: number, units: number): void {
    if (task !== this.#task || this.#vm === null) return;
    const vm = this.#vm;
    vm.fuel += units;
    this.#given += units;
    this.#run(() => run(vm));
  }

  get #spent(): Spent { return { id: this.#task, turns: this.#turns, fuel: this.#given - this.#vm!.fuel }; }

  #run(step: () => Status): void {
    const vm = this.#vm!;
    let message: FromWorker;
    try {
      const status = step();
      if (status === Status.OutOfFuel) return this.port.send({ kind: "starved", id: this.#task });
      message = this.#done(vm, status === Status.Done ? Root.Result : Root.Exception);
    } catch (thrown) {
      message = this.#failed(vm, thrown);
    }
    this.#rest(vm);
    this.port.send(message);
  }

  #done(vm: Vm, root: Root.Result | Root.Exception): FromWorker {
    const values = packed(vm, vm.heap.rootSlot(root));
    return values === null ? { ...this.#spent, kind: "stays" } : { ...this.#spent, kind: "done", failed: root === Root.Exception, values };
  }

  #failed(vm: Vm, thrown: unknown): FromWorker {
    if (thrown === GUEST_THROW) return this.#done(vm, Root.Exception);
    if (!(thrown instanceof ProgramEnd)) throw thrown;
    const back = new Map([...this.#sources].map(([there, here]) => [here, there]));
    const trace = vm.trace.map((entry) => ({ ...entry, sourceId: back.get(entry.sourceId) ?? entry.sourceId }));
    return { ...this.#spent, kind: "ended", end: thrown.kind, message: thrown.message, exitCode: thrown.exitCode, trace };
  }

  /** Nothing of the task is left. */
  #rest(vm: Vm): void {
    const { heap } = vm;
    endTasks(vm);
    vm.rest();
    for (const root of [Root.Result, Root.Exception, Root.Temp7]) heap.setHole(heap.rootSlot(root));
    if (this.options.verifyHeap === true) heap.verify();
  }
}

/** The value in a slot for another world, null when it cannot go there. */
function packed(vm: Vm, slot: number): WireValues | null {
  const writer = new ValueWriter(vm, { functionId: stay, checkNative: () => {}, stringsAreFixed: true });
  try {
    writer.write(slot);
    return writer.values;
  } catch (error) {
    if (!(error instanceof NotMovable)) throw error;
    return null;
  }
}
