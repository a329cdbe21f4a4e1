// The thread that deep-stack.ts starts: runs one command and leaves with its exit code. An entry point of its own.

import { workerData } from "node:worker_threads";
import { batch } from "./batch.ts";
import type { DeepTask } from "./deep-stack.ts";
import { exitCodeOf } from "./failures.ts";
import { heap } from "./heap.ts";
import { run } from "./run.ts";
import { tellThread } from "./thread.ts";

async function perform({ command, values, facts }: DeepTask): Promise<number> {
  tellThread(facts);
  switch (command.name) {
    case "run": return await run(values, command.file, command.args, command.code);
    case "heap": return await heap(values, command.file, command.args);
    case "batch": return await batch(values);
  }
}

try {
  process.exitCode = await perform(workerData as DeepTask);
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
