// The thread that workers.ts starts: an entry point of its own.

import { receiveMessageOnPort, workerData } from "node:worker_threads";
import type { ToWorker } from "../workers/messages.ts";
import { TaskRunner } from "../workers/task-runner.ts";
import { Shared, type ThreadStart } from "./worker-start.ts";

const { options, port, shared } = workerData as ThreadStart, words = new Int32Array(shared);

function receive(): ToWorker {
  for (;;) {
    // Read first: what is sent between the two looks ends the waiting at once.
    const sent = Atomics.load(words, Shared.Sent), received = receiveMessageOnPort(port) as { readonly message: ToWorker } | undefined;
    if (received !== undefined) return received.message;
    Atomics.wait(words, Shared.Sent, sent);
  }
}

const runner = new TaskRunner(options, { send: (message) => port.postMessage(message), turns: (count, looks) => {
    Atomics.store(words, Shared.Looks, looks);
    Atomics.store(words, Shared.Turns, count);
  }, begins: () => void Atomics.store(words, Shared.Begun, 1), receive });
port.on("message", (message: ToWorker) => runner.take(message));
