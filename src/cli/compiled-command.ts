// The command as one script together with the code V8 made of it, which the build leaves in dist/cli/. V8 takes such code only in
// the version and with the flags that made it; the code of another Node is not even looked at. Must not load anything else of
// Boxelder: what it loads is read the slow way.

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";

/** What both ways of loading the command give. */
export interface Loaded { main(words: readonly string[]): Promise<void> }

export const SCRIPT = "cli/command.cjs";
/** Code belongs to one build of V8, for one kind of processor. */
export const CODE = `cli/command-${process.version}-${process.platform}-${process.arch}.code`;

/** The script, compiled with the help of `code` where that fits. */
export const compile = (file: string, code: Buffer | undefined): Script =>
  new Script(`(function(module,require,__filename){${readFileSync(file, "utf8")}\n})`, { filename: file, ...(code === undefined ? {} : { cachedData: code }) });

/** Runs the script, as Node runs a CommonJS module. */
export function load(script: Script, file: string): Loaded {
  const module = { exports: {} as Loaded }, run = script.runInThisContext() as (into: typeof module, require: NodeRequire, file: string) => void;
  run(module, createRequire(file), file);
  return module.exports;
}

/** Null when there is no code for this Node, or when its user wants none: the variable is Node's own. */
export function compiledCommand(): Loaded | null {
  const code = fileURLToPath(new URL(CODE, import.meta.url));
  if (process.env["NODE_DISABLE_COMPILE_CACHE"] !== undefined || !existsSync(code)) return null;
  const file = fileURLToPath(new URL(SCRIPT, import.meta.url));
  return load(compile(file, readFileSync(code)), file);
}
