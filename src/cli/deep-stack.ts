// Runs a command on a thread with a large stack: the tree engine nests in JavaScript as deep as a script's calls do, and
// the stack of the main thread cannot be made larger from inside. The thread reads and writes the same descriptors.

import { Worker } from "node:worker_threads";
import type { OptionValues } from "../options.ts";
import { CommandError } from "./failures.ts";
import { isTerminal, type ThreadFacts } from "./thread.ts";

/** The commands that can run there, with their arguments. */
export type DeepCommand =
  | { readonly name: "run"; readonly file: string | undefined; readonly args: readonly string[]; readonly code: string | undefined }
  | { readonly name: "heap"; readonly file: string; readonly args: readonly string[] }
  | { readonly name: "batch" };

export interface DeepTask { readonly command: DeepCommand; readonly values: OptionValues; readonly facts: ThreadFacts }

/** Enough for some 10,000 calls with two dozen nested constructs each. Only what is used takes real memory. */
const STACK_MEGABYTES = 128;
/** Left for what the engine does not count: natives, the collector, this program. */
const SPARE_MEGABYTES = 2;

/** Runs the command over there and gives its exit code. */
export function runDeep(command: DeepCommand, values: OptionValues): Promise<number> {
  const facts: ThreadFacts = {
    stackBytes: (STACK_MEGABYTES - SPARE_MEGABYTES) << 20, terminals: { stdout: isTerminal("stdout"), stderr: isTerminal("stderr") },
  };
  const task: DeepTask = { command, values, facts };
  return new Promise((done, fail) => {
    const worker = new Worker(new URL("./deep-thread.js", import.meta.url), { workerData: task, resourceLimits: { stackSizeMb: STACK_MEGABYTES } });
    worker.on("error", (error: Error & { code?: string }) =>
      fail(error.code === "ERR_WORKER_INIT_FAILED" ? new CommandError(`no thread with a stack of ${STACK_MEGABYTES} MiB could be started: ${error.message}`) : error));
    worker.on("exit", done);
  });
}
