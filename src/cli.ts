// The command `boxelder`. Each command is a file of src/cli/, loaded only when it is used so that `run` starts quickly.
//
// Most of starting is V8's reading of the source. So the build puts the whole command into one script as well, beside the code
// V8 made of it; where the same Node runs it, that is what runs.

import * as nodeModule from "node:module";
import { compiledCommand } from "./cli/compiled-command.ts";

let command = compiledCommand();
if (command === null) {
  // Newer versions of Node keep compiled code between runs when asked to; it covers the chunks loaded from here on.
  (nodeModule as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.();
  command = await import("./cli/command.ts");
}
await command.main(process.argv.slice(2));
