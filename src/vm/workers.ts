// Tasks that run elsewhere, as the scheduler sees them. What runs them is a part the host gives (src/workers); without one
// a switch of tasks costs one look at a null.

import type { CompiledFunction } from "../bytecode/code.ts";
import type { TraceEntry } from "./errors.ts";
import type { NativeInfo } from "./native.ts";
import type { Vm } from "./vm.ts";

/** What becomes of a task whose turn it is; a positive number is the fuel of a turn it takes here. */
export const enum Turn {
  /** It had its turn elsewhere, or it is done. */
  Over = 0,
  /** Nobody knows yet how its turn went: nothing can go on before. */
  Waits = -1,
}

/** What a task does that others may notice. */
export const enum SharedOperation { Send, Receive, Close, Select, Sleep, Native, Write }

/** Where the tasks of a VM ran so far. */
export interface WorkersReport {
  /** How many were sent to workers. */
  readonly sent: number;
  /** How many stayed for each reason, in words. */
  readonly stayed: ReadonlyMap<string, number>;
}

/** Rows of natives that work on what all tasks share. */
export const sharing = (rows: readonly NativeInfo[]): NativeInfo[] => rows.map((info) =>
  ({ ...info, run: (vm, base, argc) => (vm.workers?.call(info.name, base, argc) === true ? undefined : info.run(vm, base, argc)) }));

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
  /** Something is done for the running task, whose frames are elsewhere: it parks without them, and nobody goes on in its place. */
  readonly isActing: boolean;
  /**
   * The running task is about to do something that others may notice; true when it was done elsewhere, with the answer in dst. `on`:
   * the channel, or the array of channels; `value`: slot of what is sent. Throws what the operation throws.
   */
  operate(operation: SharedOperation, dst: number, on: number, value: number, milliseconds: number): boolean;
  /** The same for a native that works on what all tasks share, with arguments in slots base … base+argc-1 and its result expected in base-2. */
  call(name: string, base: number, argc: number): boolean;
  /** The running task writes; true when that was seen to. */
  write(bytes: Uint8Array, isError: boolean): boolean;
  /** What the text of a value says depends on the world it is in, or a pointer is followed: throws where that is not the VM's own. */
  reveal(): void;
  /** Where a task stands that is elsewhere and waits; null for all others. */
  traceOf(task: number): readonly TraceEntry[] | null;
  /** What tasks did elsewhere cannot be told from the world alone: it must not be copied now. */
  readonly isEntangled: boolean;
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
