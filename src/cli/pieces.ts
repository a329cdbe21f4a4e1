// Files that are made in pieces.

import { closeSync, openSync, writeSync } from "node:fs";
import { CommandError } from "./failures.ts";

export function writePieces(path: string, pieces: Iterable<string>): void {
  try {
    const file = openSync(path, "w");
    try {
      for (const piece of pieces) writeSync(file, piece);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new CommandError(`cannot write '${path}': ${(error as Error).message}`);
  }
}
