// The host of scripts run from the command line: standard streams, written and read synchronously so that a script's
// output is in order with ours and nothing is lost when the process ends.

import { readFileSync, readSync, writeSync } from "node:fs";
import type { Host } from "../index.ts";
import { OutputClosed } from "./failures.ts";
import { isTerminal } from "./thread.ts";

const OUT = 1, ERROR = 2;
const CHUNK = 64 * 1024;
const NEWLINE = 10, RETURN = 13;

const errorCode = (error: unknown): string | undefined => (error as { code?: string }).code;

/** A pipe whose reader is slow answers EAGAIN on a non-blocking descriptor; waiting is all one can do. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) {
    try {
      done += writeSync(descriptor, bytes, done, bytes.length - done);
    } catch (error) {
      if (errorCode(error) === "EPIPE") throw new OutputClosed();
      if (errorCode(error) !== "EAGAIN") throw error;
      pause();
    }
  }
}

/** Its host functions are properties, not methods: a VM copies the functions it is given one by one. */
export class ConsoleHost implements Host {
  readonly #output = new Uint8Array(CHUNK);
  #used = 0;
  /** Somebody watches: show each line when it is finished. */
  readonly #interactive = isTerminal("stdout");
  readonly #input = new LineReader(0);

  constructor(readonly args: readonly string[]) {}

  readonly write = (data: Uint8Array): void => {
    if (this.#used + data.length > CHUNK) this.flush();
    if (data.length > CHUNK) return writeAll(OUT, data);
    this.#output.set(data, this.#used);
    this.#used += data.length;
    if (this.#interactive && data.includes(NEWLINE)) this.flush();
  };

  readonly writeError = (data: Uint8Array): void => {
    this.flush();
    writeAll(ERROR, data);
  };

  /** A prompt without line end must be visible before we wait for the answer. */
  readonly readLine = (): string | null => {
    if (this.#interactive) this.flush();
    return this.#input.next();
  };

  readonly now = (): number => Date.now();

  readonly sleep = (milliseconds: number): void => {
    this.flush();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
  };

  /** Whoever waits for us must see what we said. */
  readonly beforeWait = (): void => this.flush();

  /** For load and import; a script reads no other way. */
  readonly readFile = (path: string): string | null => {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return null;
    }
  };

  flush(): void {
    const used = this.#used;
    this.#used = 0;
    writeAll(OUT, this.#output.subarray(0, used));
  }
}

/** Reads a descriptor line by line; both \n and \r\n end a line. */
export class LineReader {
  readonly #descriptor: number;
  #rest: Uint8Array<ArrayBufferLike> = new Uint8Array(0);
  #ended = false;
  readonly #decoder = new TextDecoder();

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  next(): string | null {
    let searched = 0;
    for (;;) {
      const end = this.#rest.indexOf(NEWLINE, searched);
      if (end >= 0) return this.#take(end, end + 1);
      if (this.#ended) return this.#rest.length === 0 ? null : this.#take(this.#rest.length, this.#rest.length);
      searched = this.#rest.length;
      this.#fill();
    }
  }

  #take(length: number, consumed: number): string {
    const withoutReturn = length > 0 && this.#rest[length - 1] === RETURN ? length - 1 : length;
    const line = this.#decoder.decode(this.#rest.subarray(0, withoutReturn));
    this.#rest = this.#rest.subarray(consumed);
    return line;
  }

  #fill(): void {
    const chunk = new Uint8Array(CHUNK);
    const got = readChunk(this.#descriptor, chunk);
    if (got === 0) this.#ended = true;
    const joined = new Uint8Array(this.#rest.length + got);
    joined.set(this.#rest);
    joined.set(chunk.subarray(0, got), this.#rest.length);
    this.#rest = joined;
  }
}

function readChunk(descriptor: number, into: Uint8Array): number {
  for (;;) {
    try {
      return readSync(descriptor, into);
    } catch (error) {
      if (errorCode(error) === "EOF") return 0;
      if (errorCode(error) !== "EAGAIN") throw error;
      pause();
    }
  }
}
