// What a VM and its workers tell each other, and the way it goes. The messages are plain data that threads can copy; a host
// brings the way: Node's threads are in src/node/workers.ts.

import type { SharedRaw } from "../../heap/shared-buffers.ts";
import type { CompiledFunction } from "../bytecode/code.ts";
import type { EndKind, TraceEntry } from "../vm/errors.ts";
import type { SharedOperation } from "../vm/workers.ts";
import type { WireValues } from "./values.ts";

/** A source that functions came from, by its number in the VM. */
export interface SourceMessage { readonly id: number; readonly name: string; readonly text: string }
/** A function that is new to the worker, by an id that stays. */
export interface FunctionMessage { readonly id: number; readonly compiled: CompiledFunction; readonly source: number }

/** A global variable, or a type of the program. */
export interface NamedValue { readonly name: string; readonly isType: boolean }

export interface TaskMessage {
  readonly kind: "task";
  readonly id: number;
  readonly sources: readonly SourceMessage[];
  readonly functions: readonly FunctionMessage[];
  /** Globals and types that are new to the worker. */
  readonly named: readonly NamedValue[];
  /** The function to call, its arguments, and the values of these. */
  readonly values: WireValues;
  /** Fuel it may use, and calls that may be nested. */
  readonly fuel: number;
  readonly depth: number;
  /** No function of the program writes into strings. */
  readonly stringsAreFixed: boolean;
  /** The memory that it has in common with others; null when it has none. */
  readonly memory: SharedRaw | null;
}

/** What a task asks the VM to do for it. */
export interface Request {
  readonly operation: SharedOperation;
  /** Id of the channel; 0 for none. */
  readonly channel: number;
  readonly milliseconds: number;
  /** The value that is sent, the array of channels, or the arguments of a native; else nothing. */
  readonly values: WireValues | null;
  /** Of the native; else empty. */
  readonly native: string;
  /** Where the task stands. */
  readonly trace: readonly TraceEntry[];
}
/** What came of it. */
export interface Answer { readonly failed: boolean; readonly values: WireValues }
export type ToWorker =
  | TaskMessage
  /** The task may use so much more. */
  | { readonly kind: "fuel"; readonly id: number; readonly units: number }
  /** The task waits for it. With a new turn, when it had to wait in the VM too. */
  | Answer & { readonly kind: "answer"; readonly isNewTurn: boolean }
  /** The task that waits for an answer is done elsewhere: it is forgotten. */
  | { readonly kind: "drop" }
  /** Nothing that was sent so far will be used again. */
  | { readonly kind: "forget" };

/** How much of the VM's time a task has taken: whole turns, units of fuel in all, and in the turn it is in. */
export interface Spent { readonly id: number; readonly turns: number; readonly fuel: number; readonly slice: number }
export type FromWorker =
  /** It came to its end, with a value or an exception. */
  | Spent & { readonly kind: "done"; readonly failed: boolean; readonly values: WireValues }
  /** It ended the program. */
  | Spent & { readonly kind: "ended"; readonly end: EndKind; readonly message: string; readonly exitCode: number; readonly trace: readonly TraceEntry[] }
  /** What it leaves or does there cannot be told the VM: it is to run there. */
  | Spent & { readonly kind: "stays"; readonly reason: string; readonly hasBegun: boolean }
  /** It writes, and goes on. */
  | Spent & { readonly kind: "writes"; readonly bytes: Uint8Array; readonly isError: boolean }
  /** It waits for an answer. */
  | Spent & { readonly kind: "asks"; readonly request: Request }
  /** Its fuel is used up. */
  | { readonly kind: "starved"; readonly id: number }
  /** The worker itself ended, with the task it had, if any. */
  | { readonly kind: "lost"; readonly worker: number; readonly reason: string; readonly hasBegun: boolean };

/** Workers by number, from 0, each with one task at a time. */
export interface WorkerPool {
  /** How many should work at a time. */
  readonly count: number;
  /** How many there may be, those included that wait for answers. */
  readonly most: number;
  /** There may be tasks soon. */
  prepare(): void;
  send(worker: number, message: ToWorker): void;
  /** The next message from any of them, null when none has come. */
  poll(): FromWorker | null;
  /** Whole turns that the task of a worker has had so far. */
  turns(worker: number): number;
  /** How often that task looked into memory that others change. */
  looks(worker: number): number;
  /** Stops a worker, whatever it does; what is sent next goes to a new one. */
  stop(worker: number): void;
  close(): void;
}
