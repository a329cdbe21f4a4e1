// Builds everything that is shipped or run: the library, the same with assertions, the command line, the type declarations.
//
// Programs always run from these bundles: only a bundler inlines const enums across files, and without that the
// interpreter loop is several times slower. Must not contain anything the sources need at run time.

import { spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
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

const library = (outfile: string, withAssertions: boolean, plugins: esbuild.Plugin[]): Promise<esbuild.BuildResult> =>
  esbuild.build({ ...shared, entryPoints: ["src/index.ts"], outfile, platform: "neutral", minifyWhitespace: !withAssertions, define: debug(withAssertions), plugins });

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
    entryPoints: [{ in: "src/cli.ts", out: "cli" }, { in: "src/cli/deep-thread.ts", out: "cli/deep-thread" }],
    minifyWhitespace: true, define: debug(false),
    // commander is CommonJS and requires Node's own modules, for which an ES module has no `require`.
    banner: { js: '#!/usr/bin/env node\nimport{createRequire as $createRequire}from"node:module";const require=$createRequire(import.meta.url);' },
  });

const LISP_TABLES = ["numbers", "text", "collections", "control", "formats", "compile"];

/** What stands for the modules of Lisp in a bundle that runs Hemlock only; natives of Lisp come last, so no number changes. */
const HEMLOCK_ONLY: { readonly [path: string]: string } = {
  ...Object.fromEntries(LISP_TABLES.map((name) => [`library/lisp/${name}.ts`, `export const LISP_${name.toUpperCase()} = [];`])),
  "front/lisp/index.ts": `export const lisp = { name: "lisp", extensions: [".lisp", ".scm", ".sema"], keywords: [] }; export const readProgram = null;`,
  "lisp-services.ts": `import { NO_SERVICES } from "./vm/services.ts";
    export const LISP_PREFIX = "lisp:", LISP_GLOBALS = {}, lispSources = () => [], servicesOf = () => ({ ...NO_SERVICES, refused: null });
    export const compileLibrary = null, defineLispNatives = null, programOfForms = null;`,
};

const withoutLisp: esbuild.Plugin = {
  name: "without-lisp",
  setup(build) {
    build.onLoad({ filter: /[\\/]src[\\/]/ }, ({ path }) => {
      const contents = HEMLOCK_ONLY[path.replaceAll("\\", "/").replace(/^.*\/src\//, "")];
      return contents === undefined ? undefined : { contents, loader: "ts" };
    });
  },
};

/** The command `run` for Hemlock alone: half as much to load, which is most of what starting a script costs. */
const hemlockRun = (world: esbuild.Plugin): Promise<esbuild.BuildResult> =>
  esbuild.build({ ...shared, plugins: [withoutLisp, world], outfile: "dist/cli/run-hemlock.js", platform: "node", entryPoints: ["src/cli/run-hemlock.ts"], minifyWhitespace: true, define: debug(false) });

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

function printSize(file: string): void {
  const bytes = readFileSync(`${root}dist/${file}`);
  const kib = (n: number): string => `${(n / 1024).toFixed(1)} KiB`;
  console.log(`dist/${file}: ${kib(bytes.length)}, ${kib(gzipSync(bytes).length)} gzipped`);
}

async function build(): Promise<void> {
  const started = performance.now();
  rmSync(`${root}dist`, { recursive: true, force: true });
  mkdirSync(`${root}dist`);
  const { all, hemlock } = await prebuilt({ ...shared, define: debug(false) }), plugins = [all];
  await Promise.all([library("dist/index.js", false, plugins), library("dist/debug.js", true, plugins), commandLine(plugins), hemlockRun(hemlock), declarations()]);
  chmodSync(`${root}dist/cli.js`, 0o755);
  cpSync(`${root}src/stdlib`, `${root}dist/stdlib`, { recursive: true, filter: (path) => !/\.(?!hml$)\w+$/.test(path) });
  const problems = forbiddenUses(readFileSync(`${root}dist/index.js`, "utf8"));
  if (problems.length > 0) throw new Error(`dist/index.js must run anywhere, but it ${problems.join("\nand it ")}`);
  for (const file of ["index.js", "debug.js", "cli.js"]) printSize(file);
  console.log(`built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

try {
  await build();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
