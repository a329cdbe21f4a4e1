// Runs parts of the sources once, in a bundle as they are, and gives the bundler a plugin that puts what they make in their
// place: the world after the library ran for src/prebuilt-world.ts, the compiled loop for src/wasm/loop-bytes.ts.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as esbuild from "esbuild";
import type { PrebuiltWorld } from "../prebuilt-world.ts";

interface Made { readonly world: PrebuiltWorld; readonly loop: Uint8Array }

/** What the sources make; `options` are those of the bundles that will carry it. */
async function make(options: esbuild.BuildOptions): Promise<Made> {
  const folder = mkdtempSync(join(tmpdir(), "boxelder-build-"));
  const bundle = async (entry: string, name: string): Promise<unknown> => {
    const outfile = join(folder, name);
    await esbuild.build({ ...options, entryPoints: [entry], outfile, platform: "neutral", sourcemap: false });
    return import(pathToFileURL(outfile).href);
  };
  try {
    const { prebuild } = await bundle("src/library-world.ts", "library-world.mjs") as { prebuild(): PrebuiltWorld };
    const { loopBytes } = await bundle("src/wasm/loop-bytes.ts", "loop-bytes.mjs") as { loopBytes(): Uint8Array };
    return { world: prebuild(), loop: loopBytes() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** For all languages, and for Hemlock alone. */
export async function prebuilt(options: esbuild.BuildOptions): Promise<{ readonly all: esbuild.Plugin; readonly hemlock: esbuild.Plugin }> {
  const { world, loop } = await make(options), base64 = Buffer.from(loop).toString("base64");
  const replace = (build: esbuild.PluginBuild, filter: RegExp, contents: string): void => build.onLoad({ filter }, () => ({ contents, loader: "ts" }));
  const plugin = (carried: PrebuiltWorld): esbuild.Plugin => ({
    name: "prebuilt",
    setup(build) {
      replace(build, /[\\/]src[\\/]prebuilt-world\.ts$/, `export const PREBUILT_WORLD = ${JSON.stringify(carried)};`);
      replace(build, /[\\/]src[\\/]wasm[\\/]loop-bytes\.ts$/, `export const loopBytes = () => Uint8Array.from(atob("${base64}"), (c) => c.charCodeAt(0));`);
    },
  });
  return { all: plugin(world), hemlock: plugin({ ...world, lisp: "" }) };
}
