// Builds everything that is shipped or run: the library, the same with assertions, the command line, the type declarations.
//
// Programs always run from these bundles: only a bundler inlines const enums across files, and without that the
// interpreter loop is several times slower. Must not contain anything the sources need at run time.

import { spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { SCRIPT } from "../cli/compiled-command.ts";
import { makeCode } from "./code-cache.ts";
import { BUDGETS, dist, ENTRIES, entryFiles, entrySize } from "./entry-files.ts";
import { prebuilt } from "./prebuild.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What must never appear in the library: it runs where there is no Node and where code generation is forbidden. */
const FORBIDDEN: readonly { readonly pattern: RegExp; readonly why: string }[] = [
  { pattern: /["']node:/, why: "imports a Node module" },
  { pattern: /\brequire\(/, why: "calls require" },
  { pattern: /\bprocess\.(?:argv|env|exit|std|cwd|nextTick|hrtime|memoryUsage|on)/, why: "uses Node's process" },
  { pattern: /\bnew Function\b/, why: "makes functions from text" },
];

const shared: esbuild.BuildOptions = {
  absWorkingDir: root, bundle: true, format: "esm", target: "es2022", minifySyntax: true, sourcemap: true,
  legalComments: "none", logLevel: "warning", logOverride: { "direct-eval": "error" },
};
const debug = (on: boolean): esbuild.BuildOptions["define"] => ({ __BOXELDER_DEBUG__: String(on) });

/** All entry points at once: what they share is in chunks, so that a plug-in meets the VM it was made for. */
const library = (outdir: string, withAssertions: boolean, plugins: esbuild.Plugin[]): Promise<esbuild.BuildResult> =>
  esbuild.build({
    ...shared, entryPoints: [...ENTRIES.map((name) => ({ in: `src/${name}.ts`, out: name as string })), { in: "src/node/worker-thread.ts", out: "worker-thread" }], outdir, splitting: true, chunkNames: "chunks/[name]-[hash]", platform: "neutral", external: ["node:*"],
    minifyWhitespace: !withAssertions, minifyIdentifiers: !withAssertions, define: debug(withAssertions), plugins,
  });

/**
 * commander loads Node's process module for subcommands that are programs of their own. We have none, and loading it takes
 * longer than parsing our command line.
 */
const withoutProcesses: esbuild.Plugin = {
  name: "without-processes",
  setup(build) {
    build.onResolve({ filter: /^node:child_process$/ }, ({ importer }) => (/[\\/]commander[\\/]/.test(importer) ? { path: "processes", namespace: "empty" } : undefined));
    build.onLoad({ filter: /.*/, namespace: "empty" }, () => ({ contents: "", loader: "js" }));
  },
};

/** One small entry file; each command that `run` does not need is a chunk loaded on demand. */
const commandLine = (plugins: esbuild.Plugin[]): Promise<esbuild.BuildResult> =>
  esbuild.build({
    ...shared, plugins: [...plugins, withoutProcesses], outdir: "dist", platform: "node", splitting: true, chunkNames: "cli/[name]-[hash]",
    entryPoints: [{ in: "src/cli.ts", out: "cli" }, { in: "src/cli/deep-thread.ts", out: "cli/deep-thread" }, { in: "src/node/worker-thread.ts", out: "cli/worker-thread" }],
    minifyWhitespace: true, define: debug(false),
    // commander is CommonJS and requires Node's own modules, for which an ES module has no `require`.
    banner: { js: '#!/usr/bin/env node\nimport{createRequire as $createRequire}from"node:module";const require=$createRequire(import.meta.url);' },
  });

/** The same as one script, with `require` for every `import`. */
const commandScript = (plugins: esbuild.Plugin[]): Promise<esbuild.BuildResult> =>
  esbuild.build({
    ...shared, plugins: [...plugins, withoutProcesses], entryPoints: ["src/cli/command.ts"], outfile: `dist/${SCRIPT}`, platform: "node", format: "cjs",
    supported: { "dynamic-import": false }, minifyWhitespace: true, define: { ...debug(false), "import.meta.url": "$url" },
    banner: { js: 'const $url=require("node:url").pathToFileURL(__filename).href;' },
  });

function declarations(): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn("node_modules/.bin/tsc", ["-p", "src/build/types.json"], { cwd: root, stdio: "inherit" });
    child.on("error", fail);
    child.on("close", (code) => (code === 0 ? done() : fail(new Error("tsc could not write the type declarations"))));
  });
}

/** The reasons why this text may not be shipped as the library; empty when it may. */
export function forbiddenUses(text: string): string[] {
  return FORBIDDEN.flatMap(({ pattern, why }) => {
    const hit = pattern.exec(text);
    return hit === null ? [] : [`${why}: …${text.slice(Math.max(0, hit.index - 40), hit.index + 40).replaceAll("\n", " ")}…`];
  });
}

function checkUses(entry: string): void {
  const problems = entryFiles(entry).flatMap((file) => forbiddenUses(readFileSync(dist + file, "utf8")));
  if (problems.length > 0) throw new Error(`dist/${entry} must run anywhere, but it ${problems.join("\nand it ")}`);
}

function printSize(entry: (typeof ENTRIES)[number]): void {
  const { files, bytes, gzipped } = entrySize(`${entry}.js`), kib = (n: number): string => `${(n / 1024).toFixed(1)} KiB`;
  console.log(`dist/${entry}.js: ${kib(bytes)}, ${kib(gzipped)} gzipped of at most ${BUDGETS[entry]}, in ${files} files`);
}

async function build(): Promise<void> {
  const started = performance.now();
  rmSync(`${root}dist`, { recursive: true, force: true });
  mkdirSync(`${root}dist`);
  const plugin = await prebuilt({ ...shared, define: debug(false) });
  await Promise.all([library("dist", false, [plugin(false)]), library("dist/debug", true, [plugin(true)]), commandLine([plugin(false)]), commandScript([plugin(false)]), declarations()]);
  chmodSync(`${root}dist/cli.js`, 0o755);
  await makeCode();
  cpSync(`${root}src/stdlib`, `${root}dist/stdlib`, { recursive: true, filter: (path) => !/\.(?!hml$)\w+$/.test(path) });
  for (const name of ENTRIES) if (name !== "node") checkUses(`${name}.js`);
  for (const name of ENTRIES) printSize(name);
  console.log(`built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

try {
  await build();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
