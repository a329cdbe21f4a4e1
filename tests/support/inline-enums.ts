// Vite plugin: inlines const enums with esbuild, which vitest's own transform does not do. Without it the loop runs
// up to a hundred times slower.

import { resolve } from "node:path";
import * as esbuild from "esbuild";
import type { Plugin } from "vite";

/** The modules that export const enums (they are bundled into each importer; all else stays external). */
const ENUM_FILES = /\/(?:heap\/(?:value|layout|roots|structs|world-layout)|src\/bytecode\/opcodes|src\/ir\/types|src\/vm\/(?:outcome|engine-words))\.ts$/;

export const inlineEnums = (): Plugin => ({
  name: "inline-enums",
  enforce: "pre",
  async load(id) {
    const file = id.split("?")[0]!;
    if (!file.endsWith(".ts") || file.includes("node_modules") || file.endsWith(".test.ts")) return undefined;
    const onlyEnums: esbuild.Plugin = {
      name: "only-enums",
      setup(build) {
        build.onResolve({ filter: /.*/ }, (args) =>
          args.kind === "entry-point" || ENUM_FILES.test(resolve(args.resolveDir, args.path)) ? undefined : { path: args.path, external: true });
      },
    };
    const result = await esbuild.build({
      entryPoints: [file], bundle: true, write: false, format: "esm", platform: "node", target: "es2022",
      sourcemap: "external", outdir: "x", plugins: [onlyEnums], logLevel: "silent",
    });
    const text = (suffix: string) => result.outputFiles.find((f) => f.path.endsWith(suffix))!.text;
    return { code: text(".js"), map: JSON.parse(text(".map")) };
  },
});
