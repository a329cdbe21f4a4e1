// The built library, as embedders get it. Programs run from the bundle because only there the interpreter loop is what
// ships; `debug` is the same with assertions on.

import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import type * as Core from "../../src/index.ts";
import type * as Lisp from "../../src/lisp.ts";
import type * as Tools from "../../src/tools.ts";
import type * as Tree from "../../src/tree.ts";

export type { BoxelderVm, Diagnostic, Host, LanguagePlugin, RunResult, VmOptions } from "../../src/index.ts";
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** All entry points of one build. */
export type Library = typeof Core & typeof Lisp & typeof Tools & typeof Tree;

async function load(folder: "dist" | "dist/debug"): Promise<Library> {
  const entries = ["index", "lisp", "tools", "tree"].map(async (name) => {
    const file = `${root}${folder}/${name}.js`;
    if (!existsSync(file)) throw new Error(`${file} is missing: run \`npm run build\` first`);
    return await import(/* @vite-ignore */ pathToFileURL(file).href) as object;
  });
  return Object.assign({}, ...await Promise.all(entries)) as Library;
}

export const library = await load("dist");
export const debug = await load("dist/debug");

/** The languages of a VM that is to run programs in this one. */
export const languagesFor = (build: Library, language: string): Core.LanguagePlugin[] => (language === "lisp" ? [build.lisp] : []);
