// The rules of the house that a machine can hold: who may import whom, sizes, words that must not appear, tables in
// README files, the size of the interpreter loop.

import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { describe, expect, test } from "vitest";
import { MANUALS, manualTexts } from "../src/build/tables.ts";
import { VERSION } from "../src/version.ts";
import { root } from "./support/library.ts";
import { filesUnder, importsOf, read, type SourceText } from "./support/sources.ts";

const all = filesUnder(["heap", "src", "tests", "bench"], ".ts");
const isCore = ({ path }: SourceText): boolean => /^(?:heap|src)\//.test(path) && !/^src\/(?:cli|build|node)/.test(path);
const core = all.filter(isCore);
const folderOf = (path: string): string => /^(?:heap|src\/[\w-]+)(?=\/)/.exec(path)?.[0] ?? "src";

/** What each folder may import besides itself and heap/debug.ts. Files directly in src/ put everything together. */
const MAY_IMPORT: { readonly [folder: string]: readonly string[] } = {
  "heap": [],
  "src/text": [],
  "src/ir": ["src/text"],
  "src/front": ["src/ir", "src/text"],
  "src/bytecode": ["heap", "src/text", "src/ir/primitives.ts", "src/ir/types.ts"],
  "src/compile": ["src/ir", "src/bytecode", "heap", "src/vm", "src/library", "src/text"],
  // Type codes (ir/types.ts) are shared by annotations and conversions, the table of primitives by front ends and engines; traces
  // point into sources (text).
  "src/vm": ["heap", "src/bytecode", "src/library", "src/text", "src/ir/types.ts", "src/ir/primitives.ts"],
  "src/library": ["heap", "src/bytecode", "src/vm", "src/text", "src/ir/types.ts"],
  "src/wasm": ["heap", "src/bytecode", "src/vm", "src/library", "src/ir/types.ts", "src/ir/primitives.ts"],
  "src/embed": ["heap", "src/vm", "src/library", "src/text", "src/compile"],
  "src/image": ["heap", "src/text", "src/bytecode", "src/vm", "src/library", "src/ir/primitives.ts", "src/version.ts"],
  "src/program": ["heap", "src/text", "src/bytecode", "src/library", "src/image", "src/version.ts"],
  // Whom nobody imports: profilers look at everything and are a bundle of their own.
  "src/profile": ["heap", "src/vm", "src/text"],
  // Whom only its entry point imports: it makes VMs, as an embedder does.
  "src/stress": ["src/api.ts", "src/vm-options.ts", "src/embed", "src/vm"],
  // Worlds in other threads: makes them, as src/ does, and is a part that hosts give.
  "src/workers": ["heap", "src/bytecode", "src/compile", "src/library", "src/text", "src/vm", "src/ir/types.ts", "src/engines.ts", "src/new-world.ts", "src/vm-options.ts"],
  "src/tree": ["heap", "src/ir", "src/vm", "src/text", "src/library"],
};
/** Whose types, and only types, it may use besides. */
const MAY_NAME: { readonly [folder: string]: readonly string[] } = { "src/bytecode": ["src/ir"], "src/vm": ["src/ir"] };
const ANYWHERE = "heap/debug.ts";

describe("layers", () => {
  const edges = core.filter(({ path }) => folderOf(path) !== "src").flatMap(importsOf);
  test("each folder imports only what lies below it", () => {
    const wrong = edges.filter(({ from, to, typeOnly }) => {
      const own = folderOf(from), allowed = [own, ANYWHERE, ...MAY_IMPORT[own]!, ...(typeOnly ? MAY_NAME[own] ?? [] : [])];
      return !allowed.includes(folderOf(to)) && !allowed.includes(to);
    });
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  test("every folder of the core has a rule", () => {
    expect([...new Set(core.map(({ path }) => folderOf(path)))].filter((folder) => folder !== "src" && MAY_IMPORT[folder] === undefined)).toEqual([]);
  });

  test("the core imports no package and nothing of Node", () => {
    const outside = core.flatMap(importsOf).filter(({ to }) => !/^(?:heap|src)\//.test(to));
    expect(outside.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  // `eval` is the bundler's to refuse: it is also a good name for a method.
  test("no functions are made from text, and no global of Node is used", () => {
    const use = /(?<![.\w])(?:process\.|Buffer\.|require\()|\bnew Function\b/;
    const code = (text: string): string => text.replace(/\/\*[^]*?\*\/|\/\/.*$|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/gm, "");
    expect(core.filter(({ text }) => use.test(code(text))).map(({ path }) => path)).toEqual([]);
  });

  // Within a folder, functions that call each other may live in two files; between folders it would tie them together.
  test("no two folders need each other to load", () => {
    const needs = new Map(core.map((file) => [file.path, importsOf(file).filter((each) => !each.typeOnly).map((each) => each.to)]));
    expect(cyclesOf(needs).filter((cycle) => new Set(cycle.map(folderOf)).size > 1).map((cycle) => cycle.join(" -> "))).toEqual([]);
  });
});

/** Import cycles, each beginning and ending with the same file. */
function cyclesOf(needs: ReadonlyMap<string, readonly string[]>): string[][] {
  const done = new Set<string>(), cycles: string[][] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) cycles.push([...trail.slice(at), path]);
    if (at >= 0 || done.has(path)) return;
    for (const next of needs.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of needs.keys()) visit(path, []);
  return cycles;
}

describe("sizes", () => {
  const LONGER: readonly { readonly files: RegExp; readonly lines: number }[] = [
    { files: /^src\/vm\/interpreter\.ts$/, lines: 1500 },
    { files: /^src\/front\/\w+\/parser[\w-]*\.ts$/, lines: 900 },
    // Each method of the VM, with its promise to embedders.
    { files: /^src\/api\.ts$/, lines: 500 },
    { files: /^src\/bytecode\/opcodes\.ts$|^src\/ir\/nodes\.ts$/, lines: 600 },
  ];
  const limit = (path: string): number => LONGER.find(({ files }) => files.test(path))?.lines ?? 400;

  test("no file is too long to read", () => {
    const lines = all.map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }));
    expect(lines.filter(({ path, lines: count }) => count > limit(path)).map(({ path, lines: count }) => `${path}: ${count} lines`)).toEqual([]);
  });

  // V8 never optimises a function of more than 61,440 bytes of bytecode; the loop would be some 25 times slower.
  test("the interpreter loop stays well below what V8 optimises", () => {
    const folder = mkdtempSync(join(tmpdir(), "boxelder-test-")), driver = join(folder, "driver.mjs");
    // As the build makes it, but for the names.
    buildSync({ absWorkingDir: root, entryPoints: ["src/index.ts"], outfile: join(folder, "core.mjs"), bundle: true, format: "esm", minifySyntax: true, define: { __BOXELDER_DEBUG__: "false" } });
    writeFileSync(driver, 'import { createVM } from "./core.mjs";\ncreateVM({}).run("1;", {});\n');
    const printed = execFileSync(process.execPath, ["--print-bytecode", "--print-bytecode-filter=execute", driver], { encoding: "utf8", maxBuffer: 1 << 28 });
    const lengths = [...printed.matchAll(/^Bytecode length: (\d+)$/gm)].map((match) => Number(match[1]));
    expect(Math.max(...lengths), "the loop was found").toBeGreaterThan(5_000);
    expect(Math.max(...lengths)).toBeLessThan(45_000);
  });
});

describe("words", () => {
  // world-layout.ts has the pattern of freed memory, which is a tag of no value.
  test("tag bit patterns stand in heap/value.ts only", () => {
    const found = core.filter(({ path, text }) => !["heap/value.ts", "heap/world-layout.ts"].includes(path) && /\b0x7ff[89a-e][0-9a-f]{4}\b/i.test(text.replaceAll("_", "")));
    expect(found.map(({ path }) => path)).toEqual([]);
  });

  test("the loop has no case twice", () => {
    const names = [...read("src/vm/interpreter.ts").matchAll(/^\s*case Op\.(\w+):/gm)].map((match) => match[1]!);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
    expect(names.length).toBeGreaterThan(50);
  });

  test("nothing is left for later", () => {
    const later = new RegExp(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK", "not " + "implemented"].map((word) => `\\b${word}\\b`).join("|"));
    expect(all.filter(({ text }) => later.test(text)).map(({ path }) => path)).toEqual([]);
  });

  test("no test is narrowed", () => {
    const tests = all.filter(({ path }) => path.endsWith(".test.ts") && path !== "tests/repo.test.ts");
    expect(tests.filter(({ text }) => /\b(?:test|it|describe)\.(?:only|skip|todo)\b/.test(text)).map(({ path }) => path)).toEqual([]);
  });

  test("no export without a name", () => {
    expect(all.filter(({ path, text }) => /^export default\b/m.test(text) && !/\.config\.ts$/.test(path)).map(({ path }) => path)).toEqual([]);
  });
});

describe("documents", () => {
  test.each(MANUALS)("the tables in $file are up to date", (manual) => {
    const { before, after } = manualTexts(manual);
    expect(before === after, "run `npm run docs`").toBe(true);
  });

  test("versions agree", () => {
    expect(VERSION).toBe((JSON.parse(read("package.json")) as { version: string }).version);
  });

  test("the lock file records no download addresses", () => {
    expect(read("package-lock.json")).not.toContain('"resolved"');
  });
});

// A checkout of the language's own project, when there is one beside this repository.
const suite = join(root, "..", "shared", "conformance", "hemlock.mjs"), checkout = process.env["HEMLOCK_CHECKOUT"];
test.runIf(checkout !== undefined && existsSync(suite))("the language's own programs for syntax and methods", { timeout: 600_000 }, () => {
  const printed = execFileSync(process.execPath, [suite, checkout!, "--suite", "parity", "--filter", "parity/(?:language|methods)/", "--cmd", "node dist/cli.js run"], { encoding: "utf8", cwd: root });
  expect(printed.trim().split("\n").at(-1)).toMatch(/ 0 failed$/);
});
