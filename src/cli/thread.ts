// What the code of a command may not find out by itself when it runs on a thread other than the main one.

import { fstatSync } from "node:fs";

type Stream = "stdout" | "stderr";

/** Told by the main thread to the one it starts; see deep-stack.ts. */
export interface ThreadFacts {
  /** Size of the thread's JavaScript stack. */
  readonly stackBytes: number;
  readonly terminals: { readonly [S in Stream]: boolean };
}

let facts: ThreadFacts | null = null;

export function tellThread(given: ThreadFacts): void {
  facts = given;
}

/** Size of this thread's stack when it is an unusual one. */
export const stackBytes = (): number | undefined => facts?.stackBytes;

const DESCRIPTORS: { readonly [S in Stream]: number } = { stdout: 1, stderr: 2 };

/** Whether somebody watches the stream. Making Node's stream object to ask costs some milliseconds, which files and pipes need not pay. */
export const isTerminal = (stream: Stream): boolean =>
  facts === null ? fstatSync(DESCRIPTORS[stream]).isCharacterDevice() && process[stream].isTTY === true : facts.terminals[stream];
