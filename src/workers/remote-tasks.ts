// Tasks of a VM that run in workers. README.md has the whole of it; in short: a worker only computes ahead. The VM's own
// scheduler goes on as if the task ran here: the task has its place in the queue of those that are ready, and each turn it
// has had in the worker is counted as a turn of its here, with the fuel of it. So all that can be told from the outside - what
// comes after what, and what it costs - is as without workers.
//
// Rules
// 1. Whether a task may go is decided from what it can reach (purity.ts, values.ts). In doubt it stays.
// 2. A task's cell keeps its function and arguments until it is done. It can begin anew here at any time: nothing outside of
//    it has changed because it ran, but for what it asked the VM to do, and the answers to that are known (replays.ts).
// 3. `turn` never blocks. What is not known yet is waited for by parking the whole run.

import { elementSlot } from "../../heap/cells/array.ts";
import { ParamFlag } from "../../heap/layout.ts";
import { Root } from "../../heap/roots.ts";
import type { CompiledFunction } from "../bytecode/code.ts";
import { GUEST_THROW, INTERRUPT, ProgramEnd, type TraceEntry } from "../vm/errors.ts";
import { completeTask, requeue, runningTask, SLICE } from "../vm/scheduler.ts";
import type { Vm } from "../vm/vm.ts";
import { SharedOperation, type TaskWorkers, Turn, type WorkersReport } from "../vm/workers.ts";
import { Deputy, RESIDENTS } from "./deputy.ts";
import type { FromWorker, Spent, TaskMessage, WorkerPool } from "./messages.ts";
import { KnownThere, packAnswer, packTask } from "./packing.ts";
import { readValues } from "./read-values.ts";
import { Replays, type Told } from "./replays.ts";
import { Sharing } from "./sharing.ts";
import { TaskProgram } from "./task-program.ts";
import { NotMovable } from "./values.ts";

/** How a task ended. */
type Asked = Extract<FromWorker, { kind: "asks" }>;
type Deed = Asked | Extract<FromWorker, { kind: "writes" }>;
type Ending = Exclude<Extract<FromWorker, Spent>, Deed>;

const isBlocked = (remote: Remote | undefined): boolean => remote?.deeds.at(-1)?.kind === "asks";

interface Remote {
  readonly id: number;
  /** Id of its function. */
  entry: number;
  /** Its worker, -1 before it has one. */
  worker: number;
  /** Turns and fuel that were counted here. */
  turns: number;
  charged: number;
  ending: Ending | "lost" | null;
  /** What it did that others may notice, and this VM not yet, oldest first. Only the last can wait for an answer. */
  readonly deeds: Deed[];
  /** The VM has begun with the oldest. */
  waits: boolean;
  readonly told: Told[];
  /** Its turn has come once. */
  isDue: boolean;
  /** It has memory in common with others. */
  isSharing: boolean;
  /** What it did to that memory cannot be done again: it cannot begin anew. */
  isStranded: boolean;
  /** Turns and looks that tasks with such memory had had when it could have begun, had there been a worker. */
  lateFrom: { readonly turns: number; readonly looks: number };
}

interface Worker { /** Id of its task, 0 for none. */ task: number; readonly known: KnownThere }

/** Turns that tasks which share memory have before it is thought that they wait for one that has not begun: if they look into it often, and else. */
const SHORT_PATIENCE = 20, LONG_PATIENCE = 5000, MANY_LOOKS = 50;
/** Workers that may be lost without anything having come from one: then no more tasks are sent. */
const MOST_LOSSES = 8;
/** Milliseconds between looks at how far workers are, the longer the longer nothing has changed. */
const FIRST_PATIENCE = 1, LONGEST_PATIENCE = 32;

export class RemoteTasks implements TaskWorkers, WorkersReport {
  readonly #program: TaskProgram;
  readonly #sharing: Sharing;
  #nextId = 1;
  /** By address: the cells are alive, for the tasks are not done. In the order they were spawned. */
  readonly #tasks = new Map<number, Remote>();
  readonly #byId = new Map<number, Remote>();
  readonly #workers: Worker[];
  #patience = 0;
  readonly #deputy: Deputy;
  readonly #replays: Replays;
  /** Ids of functions whose tasks had to come back: others of them stay. */
  readonly #returned = new Set<number>();
  #losses = 0;
  sent = 0;
  readonly stayed = new Map<string, number>();

  constructor(readonly vm: Vm, readonly pool: WorkerPool) {
    this.#program = new TaskProgram(vm);
    this.#sharing = new Sharing(vm, this.#program);
    this.#deputy = new Deputy(vm);
    this.#replays = new Replays(vm);
    this.#workers = Array.from({ length: pool.most }, () => ({ task: 0, known: new KnownThere() }));
  }

  get patience(): number { return this.#patience; }
  get isActing(): boolean { return this.#deputy.isActing; }
  get isEntangled(): boolean { return !this.#replays.isEmpty || [...this.#tasks.values()].some(({ told, waits, isSharing }) => waits || isSharing || told.length > 0); }
  traceOf(task: number): readonly TraceEntry[] | null {
    const [deed] = this.#tasks.get(task)?.deeds ?? [];
    return deed?.kind === "asks" ? deed.request.trace : null;
  }

  reveal(): void {}

  operate(_: SharedOperation, dst: number): boolean { return this.#isTold(dst); }
  call(_: string, base: number): boolean { return this.#isTold(base - 2); }
  write(): boolean { return this.#isTold(this.vm.heap.rootSlot(Root.Temp6)); }

  #isTold(dst: number): boolean { return !this.isActing && !this.#replays.isEmpty && this.#replays.tell(runningTask(this.vm), dst); }

  linked(code: number, compiled: CompiledFunction, source: number): void {
    this.#program.linked(code, { id: this.#nextId++, compiled, source });
    if ((compiled.flags & ParamFlag.Async) !== 0) this.pool.prepare();
  }

  turnOver(): void {}

  /** Only a run that can wait has tasks elsewhere. */
  spawned(task: number): void {
    if (this.vm.turnsLeft === Infinity || this.vm.exclusive !== 0 || this.#losses >= MOST_LOSSES) return;
    const remote: Remote = { id: this.#nextId++, entry: 0, worker: -1, turns: 0, charged: 0, ending: null, deeds: [], waits: false, told: [], isDue: false, isSharing: false, isStranded: false, lateFrom: { turns: -1, looks: 0 } };
    this.#tasks.set(task, remote);
    this.#byId.set(remote.id, remote);
    this.#listen();
    // What came may have made room for it already, or shown that it has to stay.
    if (this.#tasks.size <= this.pool.count && remote.worker < 0 && this.#tasks.has(task)) this.#begin(task, remote);
  }

  turn(task: number): number {
    const remote = this.#tasks.get(task);
    if (remote === undefined) return SLICE;
    const { vm } = this;
    vm.stopped = vm.fuel < 0 ? "outOfFuel" : vm.askStop === null ? null : vm.askStop();
    if (vm.stopped !== null) return this.#wait();
    remote.isDue = true;
    this.#listen();
    if (!this.#tasks.has(task)) return SLICE;
    if (remote.worker < 0 && remote.ending === null && !this.#begin(task, remote)) return this.#withoutWorker(task, remote);
    if (remote.waits) return this.#answer(task, remote, remote.deeds[0] as Asked, true);
    if (!this.#writeDue(remote)) return this.#wait();
    const { ending } = remote, deed = remote.deeds[0] ?? null, known = deed ?? (ending === "lost" ? null : ending), isThere = remote.turns === known?.turns;
    if (deed?.kind === "asks" && isThere && ending !== "lost") return this.#perform(task, remote, deed);
    if (ending === "lost" || (ending?.kind === "stays" && isThere)) return this.#goOnHere(task, remote);
    if (ending !== null && deed === null && isThere) return this.#end(task, remote, ending);
    if (remote.turns >= (known === null ? this.pool.turns(remote.worker) : known.turns)) return this.#wait();
    remote.turns++;
    return this.#over(task, remote, SLICE);
  }

  /** Its turn has come, and there is no worker for it. When all of those wait for an answer, only going on here gives one. */
  #withoutWorker(task: number, remote: Remote): number {
    if (!this.#tasks.has(task)) return SLICE;
    const isBusy = this.#workers.some(({ task: id }) => id !== 0 && !isBlocked(this.#byId.get(id)));
    if (isBusy && (!this.#isLate(remote) || this.#begin(task, remote, true))) return this.#wait();
    if (!this.#tasks.has(task)) return SLICE;
    this.#stays(isBusy ? "no worker is left" : "all workers wait");
    this.#forget(task, remote);
    return SLICE;
  }

  /** Whether those that have a worker may be waiting, by looking into memory again and again, for what this one does. */
  #isLate(remote: Remote): boolean {
    let turns = -1, looks = 0;
    for (const { isSharing, worker, ending } of this.#tasks.values()) {
      if (!isSharing || ending !== null) continue;
      turns = Math.max(turns, 0) + this.pool.turns(worker);
      looks += this.pool.looks(worker);
    }
    const { lateFrom } = remote, since = turns - lateFrom.turns, perTurn = (looks - lateFrom.looks) / since;
    if (turns >= 0 && lateFrom.turns >= 0 && since >= 0) return since > (perTurn > MANY_LOOKS ? SHORT_PATIENCE : LONG_PATIENCE);
    remote.lateFrom = { turns, looks };
    return false;
  }

  // ---- what tasks ask for

  #perform(task: number, remote: Remote, asked: Asked): number {
    this.#charge(remote, asked.fuel - remote.charged);
    remote.waits = true;
    if (this.#deputy.perform(task, asked.request)) return this.#answer(task, remote, asked, false);
    return Turn.Over;
  }

  /** Writes what the task wrote in the turn it is in; false when that is more than the script may write: vm.stopped says so. */
  #writeDue(remote: Remote): boolean {
    const { host } = this.vm;
    for (let deed = remote.deeds[0]; deed?.kind === "writes" && deed.turns === remote.turns && remote.ending !== "lost"; deed = remote.deeds[0]) {
      try {
        (deed.isError ? host.writeError : host.write)(deed.bytes);
      } catch (thrown) {
        if (thrown === INTERRUPT) return false;
        throw thrown;
      }
      remote.deeds.shift();
      remote.told.push("wrote");
      this.#charge(remote, deed.fuel - remote.charged);
    }
    return true;
  }

  /** Tells a task what it asked for; if that cannot be moved, the task goes on here. */
  #answer(task: number, remote: Remote, asked: Asked, isNewTurn: boolean): number {
    const { vm, pool } = this, { slot, failed } = this.#deputy.take(task), isSelect = asked.request.operation === SharedOperation.Select;
    remote.waits = false;
    remote.deeds.shift();
    if (isNewTurn) remote.turns++;
    const isLost = remote.ending === "lost", answer = isLost ? null : packAnswer(vm, slot, failed, this.#program.stringsAreFixed, isSelect);
    if (answer !== null) {
      if (asked.request.operation !== SharedOperation.Write) remote.told.push(answer);
      pool.send(remote.worker, { ...answer, kind: "answer", isNewTurn });
      return this.#wait();
    }
    remote.told.push({ held: this.#replays.hold(slot), failed });
    if (!isLost) {
      pool.send(remote.worker, { kind: "drop" });
      this.#workers[remote.worker]!.task = 0;
    }
    return this.#comeBack(task, remote, isLost ? null : "what others may change comes to it", asked.fuel + (isNewTurn ? SLICE : SLICE - asked.slice));
  }

  #wait(): number {
    this.#patience = Math.min(LONGEST_PATIENCE, Math.max(FIRST_PATIENCE, 2 * this.#patience));
    return Turn.Waits;
  }

  /** The task has had a turn that took so much fuel. */
  #over(task: number, remote: Remote, fuel: number): number {
    requeue(this.vm, task);
    return this.#charge(remote, fuel);
  }

  #charge(remote: Remote, fuel: number): number {
    const { vm } = this;
    this.#patience = 0;
    remote.charged += fuel;
    vm.fuel -= fuel;
    return Turn.Over;
  }

  // ---- to the workers

  /** Sends a task to a worker that has none, at once or when not too many work; false when there is no such worker, or the task has to stay: then it is forgotten. */
  #begin(task: number, remote: Remote, isUrgent = false): boolean {
    // What the others write into memory before its first turn it may be meant to read.
    if (!remote.isDue && this.#sharing.isPossible) return false;
    const at = this.#workers.findIndex((worker) => worker.task === 0), busy = this.#workers.filter(({ task: id }) => id !== 0 && !isBlocked(this.#byId.get(id)));
    if (at < 0 || (busy.length >= this.pool.count && !isUrgent)) return false;
    if (this.#losses >= MOST_LOSSES) {
      this.#forget(task, remote);
      return false;
    }
    try {
      const message = this.#message(task, remote, this.#workers[at]!);
      remote.isSharing = message.memory !== null;
      if (remote.isSharing) this.vm.raw.hold();
      this.pool.send(at, message);
    } catch (error) {
      if (!(error instanceof NotMovable)) throw error;
      this.#stays(error.message);
      this.#forget(task, remote);
      return false;
    }
    this.sent++;
    this.#workers[at]!.task = remote.id;
    remote.worker = at;
    return true;
  }

  #stays(reason: string): void { this.stayed.set(reason, 1 + (this.stayed.get(reason) ?? 0)); }

  /** Throws NotMovable. */
  #message(task: number, remote: Remote, { known }: Worker): TaskMessage {
    remote.entry = this.#program.entryOf(task).id;
    if (this.#returned.has(remote.entry)) throw new NotMovable("others of its function had to come back");
    return packTask(this.vm, task, remote.id, known, this.#program, this.#sharing.memoryFor(task));
  }

  // ---- from the workers

  #listen(): void {
    for (let message = this.pool.poll(); message !== null; message = this.pool.poll()) this.#take(message);
  }

  #take(message: FromWorker): void {
    if (message.kind === "lost") return this.#lost(message);
    const remote = this.#byId.get(message.id);
    if (remote === undefined) return;
    this.#patience = this.#losses = 0;
    if (message.kind === "starved") return this.pool.send(remote.worker, { kind: "fuel", id: message.id, units: Math.max(SLICE, this.vm.fuel) });
    if (message.kind === "asks" || message.kind === "writes") {
      remote.deeds.push(message);
      if (message.kind === "asks") this.#sendNext();
      return;
    }
    remote.ending = message;
    remote.isStranded = remote.isSharing && message.kind === "stays" && message.hasBegun;
    this.#workers[remote.worker]!.task = 0;
    this.#sendNext();
  }

  #lost({ worker: at, reason, hasBegun }: Extract<FromWorker, { kind: "lost" }>): void {
    const worker = this.#workers[at]!, remote = this.#byId.get(worker.task);
    worker.task = 0;
    worker.known.forget();
    this.#losses++;
    if (remote === undefined) return;
    remote.ending = "lost";
    remote.isStranded = remote.isSharing && hasBegun;
    this.#stays(`the worker ended: ${reason}`);
  }

  /** A worker has nothing to do: the oldest task that waits for one goes there, long before its turn. */
  #sendNext(): void {
    for (const [task, remote] of this.#tasks) if (remote.worker < 0 && remote.ending === null && this.#begin(task, remote)) return;
  }

  /** A task that cannot go on where it was, or cannot be told what it did there. */
  #goOnHere(task: number, remote: Remote): number {
    const { ending, turns } = remote, isKnown = ending !== null && ending !== "lost";
    return this.#comeBack(task, remote, isKnown && ending.kind === "stays" ? ending.reason : null, isKnown ? ending.fuel + SLICE - ending.slice : (turns + 1) * SLICE);
  }

  /** It begins anew, with a turn that is as long as all those it has had. */
  #comeBack(task: number, remote: Remote, reason: string | null, fuel: number): number {
    if (remote.isStranded) throw new ProgramEnd("fatal", `a task that shares memory with others cannot begin anew: ${reason ?? "its worker is gone"}`, 1);
    this.vm.fuel += remote.charged;
    this.#replays.begin(task, remote.told);
    this.#forget(task, remote);
    this.#patience = 0;
    if (reason !== null) {
      this.#returned.add(remote.entry);
      this.#stays(reason);
    }
    return Math.max(1, fuel);
  }

  /** The task is done where it was sent to, and its last turn here has come. */
  #end(task: number, remote: Remote, ending: Ending): number {
    const { vm } = this;
    this.#forget(task, remote);
    this.#charge(remote, ending.fuel - remote.charged);
    if (ending.kind === "ended") {
      vm.trace = ending.trace;
      throw new ProgramEnd(ending.end, ending.message, ending.exitCode);
    }
    if (ending.kind === "done") completeTask(vm, task, this.#store(ending.values, ending.failed));
    return Turn.Over;
  }

  /** Puts the value into a root; answers which. */
  #store(values: Extract<Ending, { kind: "done" }>["values"], failed: boolean): Root.Result | Root.Exception {
    const { vm } = this, { heap } = vm, root = failed ? Root.Exception : Root.Result, hold = heap.rootSlot(Root.Temp2);
    try {
      readValues(vm, hold, values, RESIDENTS);
      heap.copySlot(heap.rootSlot(root), elementSlot(heap, heap.lo(hold), 0));
      return root;
    } catch (thrown) {
      if (thrown !== GUEST_THROW) throw thrown;
      return Root.Exception;
    } finally {
      heap.setHole(hold);
    }
  }

  #forget(task: number, remote: Remote): void {
    if (remote.isSharing) this.vm.raw.release();
    this.#tasks.delete(task);
    this.#byId.delete(remote.id);
  }

  end(): void {
    this.#listen();
    this.#workers.forEach((worker, at) => {
      if (worker.task !== 0) this.pool.stop(at);
      else if (worker.known.functions.size > 0) this.pool.send(at, { kind: "forget" });
      worker.task = 0;
      worker.known.forget();
    });
    // Threads that are told to stop do so a little later.
    this.vm.raw.unshare();
    this.#tasks.clear();
    this.#byId.clear();
    this.#replays.end();
    this.#returned.clear();
    this.#patience = 0;
  }
}
