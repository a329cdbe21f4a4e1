// Tasks that run elsewhere, as the scheduler sees them. What runs them is a part the host gives (src/workers); without one
// a switch of tasks costs one look at a null.

import type { CompiledFunction } from "../bytecode/code.ts";
import type { Vm } from "./vm.ts";

/** What becomes of a task whose turn it is; a positive number is the fuel of a turn it takes here. */
export const enum Turn {
  /** It had its turn elsewhere, or it is done. */
  Over = 0,
  /** Nobody knows yet how its turn went: nothing can go on before. */
  Waits = -1,
}

/** Where the tasks of a VM ran so far. */
export interface WorkersReport {
  /** How many were sent to workers. */
  readonly sent: number;
  /** How many stayed for each reason, in words. */
  readonly stayed: ReadonlyMap<string, number>;
}

export interface TaskWorkers {
  /** A function became the code cell at this address. */
  linked(code: number, compiled: CompiledFunction, sourceId: number): void;
  /** A task is new, and has not begun. */
  spawned(task: number): void;
  /** The task is the next to run; it is out of the queue of those that are ready, and this puts it back if it is to have more turns. May throw how the program ended. */
  turn(task: number): number;
  /** The running task was preempted. */
  turnOver(): void;
  /** Milliseconds after which to look again, when nothing can go on before a worker did; 0 when it is not workers that are waited for. */
  readonly patience: number;
  /** The run is over, whatever of it still goes on elsewhere. */
  end(): void;
}

/** What a host gives a VM: `wake` says that there is news from elsewhere. */
export interface WorkersPart {
  attach(vm: Vm, wake: () => void): TaskWorkers;
  /** What became of the tasks of its VM. */
  report(): WorkersReport;
  /** Ends all workers. */
  close(): void;
}
