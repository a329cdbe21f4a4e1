// What workers.ts and the threads it starts both know. A file of its own: what is shared ends up in a chunk of the build, and
// workers.ts must lie where its threads' file is.

import type { MessagePort } from "node:worker_threads";
import type { WorldOptions } from "../workers/task-runner.ts";

/** Words that both threads see. */
export const enum Shared { Turns, Looks, Sent, Begun, Count }

/** What a thread is told when it starts. */
export interface ThreadStart {
  readonly options: WorldOptions;
  readonly port: MessagePort;
  /** Words: whole turns of its task, how often it looked into memory that others change, messages that were sent to it, whether its task has begun. */
  readonly shared: SharedArrayBuffer;
}
