// Runs parts of the sources once, in a bundle as they are, and gives the bundler a plugin that puts what they make in their
// place: the worlds after the libraries ran for src/prebuilt-*.ts, the compiled loop for src/wasm/loop-bytes.ts,
// the texts of the standard library for src/prebuilt-stdlib.ts.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as esbuild from "esbuild";
import type { LanguageLibrary, LanguagePlugin } from "../plugin.ts";
import type { PrebuiltWorld } from "../prebuilt-world.ts";
import { standardTexts } from "./stdlib-modules.ts";

interface Made { /** What natives and instructions say for manuals. */ readonly docs: readonly string[]; readonly worlds: { readonly [file: string]: PrebuiltWorld }; readonly loop: Uint8Array }

interface Documented { readonly doc: string }

/** What runs to make them; languages first, since the loop has the ids of their natives in it. */
const MAKER = `
  export { lisp } from "./src/lisp.ts";
  export { prebuild } from "./src/library-world.ts";
  export { loopBytes } from "./src/wasm/loop-bytes.ts";
  export { NATIVES, OWN_NATIVES } from "./src/library/registry.ts";
  export { OPS } from "./src/bytecode/opcodes.ts";
`;

/** What the sources make; `options` are those of the bundles that will carry it. */
async function make(options: esbuild.BuildOptions): Promise<Made> {
  const folder = mkdtempSync(join(tmpdir(), "boxelder-build-")), outfile = join(folder, "maker.mjs");
  try {
    const stdin = { contents: MAKER, resolveDir: options.absWorkingDir!, loader: "ts" as const };
    await esbuild.build({ ...options, stdin, outfile, platform: "neutral", sourcemap: false });
    const { lisp, prebuild, loopBytes, NATIVES, OWN_NATIVES, OPS } = await import(pathToFileURL(outfile).href) as {
      lisp: LanguagePlugin; prebuild(libraries: readonly LanguageLibrary[]): PrebuiltWorld; loopBytes(): Uint8Array;
      NATIVES: readonly Documented[]; OWN_NATIVES: number; OPS: { readonly [op: number]: Documented };
    };
    const worlds = {
      "prebuilt-world.ts": prebuild([]), "prebuilt-lisp.ts": prebuild([lisp.library!]),
    };
    const docs = [...NATIVES.slice(0, OWN_NATIVES), ...Object.values(OPS)].map(({ doc }) => doc);
    return { docs, worlds, loop: loopBytes() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the modules of worlds export. */
const PLACES: { readonly [file: string]: string } = { "prebuilt-world.ts": "PREBUILT_WORLD", "prebuilt-lisp.ts": "PREBUILT_LISP" };

/** The modules whose texts of documentation nothing shows: those of Lisp's natives are for scripts to see. */
const UNSHOWN = /^library\/[\w.-]+\.ts$|^bytecode\/opcodes\.ts$/;

/**
 * Leaves out what a bundle has no use for. Assertions: that DEBUG is false the bundler finds out when it is too late to drop
 * what they call. Documentation: the literals that are the text of a native or of an instruction, which are sentences.
 */
function trimmed(source: string, path: string, docs: readonly string[], withAssertions: boolean): string {
  const known = new Set(docs.filter((doc) => doc.includes(" ")));
  const silent = UNSHOWN.test(path) ? source.replace(/"(?:[^"\\\n]|\\.)*"/g, (literal) => (known.has(JSON.parse(literal) as string) ? '""' : literal)) : source;
  return withAssertions ? silent : silent.replace(/^(?!import |export const DEBUG).*\bDEBUG\b.*$/gm, (line) => line.replace(/\bDEBUG\b/g, "false"));
}

/** The plugin for bundles: it puts what was made in place of the modules that would make it. */
export async function prebuilt(options: esbuild.BuildOptions): Promise<(withAssertions: boolean) => esbuild.Plugin> {
  const { docs, worlds, loop } = await make(options), hex = Buffer.from(loop).toString("hex");
  const contents: { readonly [path: string]: string } = {
    // Digits compress better than base64 does, whose letters hide where bytes begin.
    "wasm/loop-bytes.ts": `export const loopBytes = () => Uint8Array.from("${hex}".match(/../g)!, (pair) => parseInt(pair, 16));`,
    "prebuilt-stdlib.ts": `export const STANDARD_TEXTS = ${JSON.stringify(standardTexts())};`,
    ...Object.fromEntries(Object.entries(worlds).map(([file, world]) => [file, `export const ${PLACES[file]} = ${JSON.stringify(world)};`])),
  };
  return (withAssertions) => ({
    name: "prebuilt",
    setup(build) {
      build.onLoad({ filter: /[\\/](?:src|heap)[\\/].*\.ts$/ }, ({ path }) => {
        const within = path.replaceAll("\\", "/").replace(/^.*\/src\//, "");
        return { contents: contents[within] ?? trimmed(readFileSync(path, "utf8"), within, docs, withAssertions), loader: "ts" };
      });
    },
  });
}
