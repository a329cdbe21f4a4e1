// The command `boxelder`. Each command is a file of src/cli/, loaded only when it is used so that `run` starts quickly.

import * as nodeModule from "node:module";
import { exitCodeOf } from "./cli/failures.ts";
import { commandLine } from "./cli/program.ts";

// Newer versions of Node keep compiled code between runs when asked to; it covers the chunks loaded from here on.
(nodeModule as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.();

try {
  await commandLine(process.argv.slice(2));
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
