// The file that remembers what was typed into the REPL. Losing it is no reason to stop, so failures are silent.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

const LIMIT = 1000;

export class History {
  readonly #path = join(process.env["XDG_STATE_HOME"] ?? join(homedir(), ".local", "state"), "boxelder", "history");
  /** Newest first, as readline has it; null until something was typed. */
  #entries: readonly string[] | null = null;

  read(): string[] {
    try {
      return readFileSync(this.#path, "utf8").split("\n").filter((line) => line !== "").reverse();
    } catch {
      return [];
    }
  }

  remember(entries: readonly string[]): void {
    this.#entries = [...entries];
  }

  write(): void {
    if (this.#entries === null) return;
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
      writeFileSync(this.#path, this.#entries.slice(0, LIMIT).reverse().map((line) => `${line}\n`).join(""), { mode: 0o600 });
    } catch {
      // A read-only home directory: the session was still useful.
    }
  }
}
