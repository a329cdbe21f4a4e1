// The built library, as embedders get it. Programs run from the bundle because only there the interpreter loop is what
// ships; `debug` is the same with assertions on.

import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import type * as Library from "../../src/index.ts";

export type { BoxelderVm, Diagnostic, Host, RunResult, VmOptions } from "../../src/index.ts";
export const root = fileURLToPath(new URL("../..", import.meta.url));

async function load(name: "index" | "debug"): Promise<typeof Library> {
  const file = `${root}dist/${name}.js`;
  if (!existsSync(file)) throw new Error(`${file} is missing: run \`npm run build\` first`);
  return await import(/* @vite-ignore */ pathToFileURL(file).href) as typeof Library;
}

export const library = await load("index");
export const debug = await load("debug");
