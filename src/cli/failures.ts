// The ways a command ends early, and how each is reported. A script's own errors never come here: they are results of a run.

import { Bug } from "../../heap/debug.ts";
import { OptionError } from "../options.ts";
import { MemoryLimitError } from "../vm/errors.ts";

/** The command cannot do what was asked (missing file, absurd argument); the message is all the user needs. */
export class CommandError extends Error {}

/** Whoever read our output has gone away; there is nobody left to tell. */
export class OutputClosed extends Error {
  /** What a shell reports for a program ended by SIGPIPE. */
  static readonly EXIT_CODE = 141;
}

/** Reports what stopped the command and gives the exit code. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof OutputClosed) return OutputClosed.EXIT_CODE;
  if (error instanceof CommandError || error instanceof OptionError || error instanceof MemoryLimitError) {
    console.error(`boxelder: ${error.message}`);
    return 1;
  }
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error && error.stack !== undefined ? error.stack.split("\n").slice(1, 6).join("\n") : "";
  const ours = error instanceof Bug ? message : `${message} (this is a bug in Boxelder, not in your program)`;
  console.error(`internal error: ${ours}\nPlease report it with the script, the command line and these lines:\n${stack}`);
  return 70;
}
