// The thread that workers.ts starts: an entry point of its own.

import { workerData } from "node:worker_threads";
import type { ToWorker } from "../workers/messages.ts";
import { TaskRunner } from "../workers/task-runner.ts";
import type { ThreadStart } from "./workers.ts";

const { options, port, turns } = workerData as ThreadStart, counter = new Int32Array(turns);
const runner = new TaskRunner(options, { send: (message) => port.postMessage(message), turns: (count) => void Atomics.store(counter, 0, count) });
port.on("message", (message: ToWorker) => runner.take(message));
