// Runs the library once, in a bundle of the sources as they are, and gives the bundler a plugin that puts the resulting
// world in the place of src/prebuilt-world.ts.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as esbuild from "esbuild";
import type { PrebuiltWorld } from "../prebuilt-world.ts";

/** The library world as the sources make it; `options` are those of the bundles that will carry it. */
async function libraryWorld(options: esbuild.BuildOptions): Promise<PrebuiltWorld> {
  const folder = mkdtempSync(join(tmpdir(), "boxelder-build-")), outfile = join(folder, "library-world.mjs");
  try {
    await esbuild.build({ ...options, entryPoints: ["src/library-world.ts"], outfile, platform: "neutral", sourcemap: false });
    const made = await import(pathToFileURL(outfile).href) as { prebuild(): PrebuiltWorld };
    return made.prebuild();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function prebuiltWorld(options: esbuild.BuildOptions): Promise<esbuild.Plugin> {
  const contents = `export const PREBUILT_WORLD = ${JSON.stringify(await libraryWorld(options))};`;
  return {
    name: "prebuilt-world",
    setup(build) {
      build.onLoad({ filter: /[\\/]src[\\/]prebuilt-world\.ts$/ }, () => ({ contents, loader: "ts" }));
    },
  };
}
