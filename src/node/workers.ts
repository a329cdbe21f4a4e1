// Threads of Node as the workers of a VM: src/workers/README.md. Each is started when a task first may need it, and has a
// world of its own with the limits of the VM's.

import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { WorkersPart } from "../vm/workers.ts";
import type { FromWorker, ToWorker, WorkerPool } from "../workers/messages.ts";
import { RemoteTasks } from "../workers/remote-tasks.ts";
import type { WorldOptions } from "../workers/task-runner.ts";
import { Shared, type ThreadStart } from "./worker-start.ts";

export interface NodeWorkersOptions {
  /** The limits and debug aids of each worker's world: give what the VM gets. */
  readonly world?: WorldOptions;
}

/** More threads than that are of no use to anybody. */
const MOST_WORKERS = 256;
/** Threads for each that works at a time: those whose tasks wait for answers do not. */
const WAITING = 8;
const CLOSED = "it was closed";
/** Room for the JavaScript stack of a thread is Node's own; its heap holds little, for worlds lie outside of it. */
const KEPT: readonly (keyof WorldOptions)[] = ["memory", "stackDepth", "gcPauseBudget", "gcStep", "gcStress", "gcStressRate", "gcSeed", "verifyHeap", "poison", "loop"];

/**
 * So many threads for the tasks of a VM: give it to `createVM({ workers })`, and run programs with `runAsync`. Tasks whose
 * functions only compute run there, with results and output as without; all others run in the VM. Throws RangeError.
 */
export function nodeWorkers(count: number, { world = {} }: NodeWorkersOptions = {}): WorkersPart {
  if (!Number.isInteger(count) || count < 1 || count > MOST_WORKERS) throw new RangeError(`a VM can have 1 to ${MOST_WORKERS} workers, not ${count}`);
  const options = Object.fromEntries(KEPT.filter((key) => world[key] !== undefined).map((key) => [key, world[key]])) as WorldOptions;
  let pool: Threads | null = null, tasks: RemoteTasks | null = null;
  return {
    attach(vm, wake) {
      if (pool !== null) throw new RangeError("these workers have a VM already: make others with nodeWorkers for each VM");
      pool = new Threads(count, options, wake);
      return tasks = new RemoteTasks(vm, pool);
    },
    report: () => ({ sent: tasks?.sent ?? 0, stayed: new Map(tasks?.stayed) }),
    close: () => pool?.close(),
  };
}

class Thread {
  readonly shared = new Int32Array(new SharedArrayBuffer(4 * Shared.Count));
  readonly port: MessagePort;
  readonly #worker: Worker;
  /** Nobody asked it to stop. */
  isWanted = true;
  /** Why it ended by itself. */
  reason = "its thread is gone";

  constructor(options: WorldOptions, onNews: () => void, onEnd: () => void) {
    const { port1, port2 } = new MessageChannel(), start: ThreadStart = { options, port: port2, shared: this.shared.buffer as SharedArrayBuffer };
    this.port = port1;
    this.#worker = new Worker(new URL("./worker-thread.js", import.meta.url), { workerData: start, transferList: [port2], stdout: false, stderr: false });
    // What waits for a thread keeps the process alive; the thread alone does not.
    this.#worker.unref();
    this.#worker.on("error", (error) => { this.reason = error.message; });
    this.#worker.on("exit", onEnd);
    port1.on("message", onNews);
    port1.unref();
  }

  /** Whether its task began to run. */
  get hasBegun(): boolean { return Atomics.load(this.shared, Shared.Begun) !== 0; }

  stop(): void {
    this.isWanted = false;
    this.port.close();
    void this.#worker.terminate();
  }
}

class Threads implements WorkerPool {
  readonly #threads: (Thread | null)[];
  /** Messages that came by the event loop, and ends of threads. */
  readonly #come: FromWorker[] = [];
  #isClosed = false;
  readonly most: number;

  constructor(readonly count: number, readonly options: WorldOptions, readonly wake: () => void) {
    this.most = Math.min(MOST_WORKERS, count * WAITING);
    this.#threads = Array.from({ length: this.most }, () => null);
  }

  prepare(): void { for (let at = 0; at < this.count; at++) this.#thread(at); }

  #thread(at: number): Thread {
    const known = this.#threads[at];
    if (known !== null && known !== undefined) return known;
    const made: Thread = new Thread(this.options, (...message: unknown[]) => {
      if (this.#threads[at] !== made) return;
      this.#come.push(message[0] as FromWorker);
      this.wake();
    }, () => {
      if (!made.isWanted) return;
      this.#threads[at] = null;
      this.#lose(at, made.reason, made.hasBegun);
    });
    return this.#threads[at] = made;
  }

  #lose(at: number, reason: string, hasBegun: boolean): void {
    this.#come.push({ kind: "lost", worker: at, reason, hasBegun });
    this.wake();
  }

  send(at: number, message: ToWorker): void {
    if (this.#isClosed) return this.#lose(at, CLOSED, false);
    const { port, shared } = this.#thread(at);
    if (message.kind === "task") for (const word of [Shared.Turns, Shared.Looks, Shared.Begun]) Atomics.store(shared, word, 0);
    port.postMessage(message);
    Atomics.add(shared, Shared.Sent, 1);
    Atomics.notify(shared, Shared.Sent);
  }

  poll(): FromWorker | null {
    const come = this.#come.shift();
    if (come !== undefined) return come;
    for (const thread of this.#threads) {
      const received = thread === null ? undefined : receiveMessageOnPort(thread.port) as { readonly message: FromWorker } | undefined;
      if (received !== undefined) return received.message;
    }
    return null;
  }

  turns(at: number): number { return this.#word(at, Shared.Turns); }
  looks(at: number): number { return this.#word(at, Shared.Looks); }

  #word(at: number, word: Shared): number {
    const thread = this.#threads[at];
    return thread === null || thread === undefined ? 0 : Atomics.load(thread.shared, word);
  }

  stop(at: number): void {
    this.#threads[at]?.stop();
    this.#threads[at] = null;
  }

  close(): void {
    this.#isClosed = true;
    for (let at = 0; at < this.most; at++) {
      const hasBegun = this.#threads[at]?.hasBegun ?? false;
      this.stop(at);
      this.#lose(at, CLOSED, hasBegun);
    }
  }
}
