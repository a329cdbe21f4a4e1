// Runs parts of the sources once, in a bundle as they are, and gives the bundler a plugin that puts what they make in their
// place: the worlds after the libraries ran for src/prebuilt-*.ts, the compiled loop for src/wasm/loop-bytes.ts.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as esbuild from "esbuild";
import type { LanguageLibrary, LanguagePlugin } from "../plugin.ts";
import type { PrebuiltWorld } from "../prebuilt-world.ts";

interface Made { readonly worlds: { readonly [file: string]: PrebuiltWorld }; readonly loop: Uint8Array }

/** What runs to make them; languages first, since the loop has the ids of their natives in it. */
const MAKER = `
  export { lisp } from "./src/lisp.ts";
  export { prebuild } from "./src/library-world.ts";
  export { loopBytes } from "./src/wasm/loop-bytes.ts";
`;

/** What the sources make; `options` are those of the bundles that will carry it. */
async function make(options: esbuild.BuildOptions): Promise<Made> {
  const folder = mkdtempSync(join(tmpdir(), "boxelder-build-")), outfile = join(folder, "maker.mjs");
  try {
    const stdin = { contents: MAKER, resolveDir: options.absWorkingDir!, loader: "ts" as const };
    await esbuild.build({ ...options, stdin, outfile, platform: "neutral", sourcemap: false });
    const { lisp, prebuild, loopBytes } = await import(pathToFileURL(outfile).href) as {
      lisp: LanguagePlugin; prebuild(libraries: readonly LanguageLibrary[]): PrebuiltWorld; loopBytes(): Uint8Array;
    };
    const worlds = {
      "prebuilt-world.ts": prebuild([]), "prebuilt-lisp.ts": prebuild([lisp.library!]),
    };
    return { worlds, loop: loopBytes() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The plugin for bundles: it puts what was made in place of the modules that would make it. */
export async function prebuilt(options: esbuild.BuildOptions): Promise<esbuild.Plugin> {
  const { worlds, loop } = await make(options), base64 = Buffer.from(loop).toString("base64");
  const contents: { readonly [path: string]: string } = {
    "wasm/loop-bytes.ts": `export const loopBytes = () => Uint8Array.from(atob("${base64}"), (c) => c.charCodeAt(0));`,
    ...Object.fromEntries(Object.entries(worlds).map(([file, world]) => [file, `export const ${PLACES[file]} = ${JSON.stringify(world)};`])),
  };
  return {
    name: "prebuilt",
    setup(build) {
      build.onLoad({ filter: /[\\/]src[\\/]/ }, ({ path }) => {
        const text = contents[path.replaceAll("\\", "/").replace(/^.*\/src\//, "")];
        return text === undefined ? undefined : { contents: text, loader: "ts" };
      });
    },
  };
}
/** What the modules of worlds export. */
const PLACES: { readonly [file: string]: string } = { "prebuilt-world.ts": "PREBUILT_WORLD", "prebuilt-lisp.ts": "PREBUILT_LISP" };
