// The whole command, from its words to the exit code of the process.

import { exitCodeOf } from "./failures.ts";
import { commandLine } from "./program.ts";

export async function main(words: readonly string[]): Promise<void> {
  try {
    await commandLine(words);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}
