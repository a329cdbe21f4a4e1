// The command `boxelder`. Decides nothing but which command is meant and how a failure of ours is shown; each command is
// a file of src/cli/, loaded only when it is used so that `run` starts quickly.

import * as nodeModule from "node:module";
import { Bug } from "../heap/debug.ts";
import { CommandError, OutputClosed } from "./cli/failures.ts";
import { commandLine } from "./cli/program.ts";
import { OptionError } from "./options.ts";

/** Reports a failure and gives the exit code. A script's own errors never come here: they are results of a run. */
function failed(error: unknown): number {
  if (error instanceof OutputClosed) return OutputClosed.EXIT_CODE;
  if (error instanceof CommandError || error instanceof OptionError) {
    console.error(`boxelder: ${error.message}`);
    return 1;
  }
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error && error.stack !== undefined ? error.stack.split("\n").slice(1, 6).join("\n") : "";
  const ours = error instanceof Bug ? message : `${message} (this is a bug in Boxelder, not in your program)`;
  console.error(`internal error: ${ours}\nPlease report it with the script, the command line and these lines:\n${stack}`);
  return 70;
}

// Newer versions of Node keep compiled code between runs when asked to; it covers the chunks loaded from here on.
(nodeModule as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.();

try {
  await commandLine(process.argv.slice(2));
} catch (error) {
  process.exitCode = failed(error);
}
