// What the core entry point is made of, and where it runs: anywhere that has JavaScript, without Node, without making code from
// text, without WebAssembly.

import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createContext, runInContext } from "node:vm";
import { buildSync } from "esbuild";
import { describe, expect, test } from "vitest";
import { BUDGETS, dist, ENTRIES, entrySize, entrySources } from "../../src/build/entry-files.ts";
import { LANGUAGES } from "../../src/cli/parts.ts";
import { read } from "../support/sources.ts";

describe("entry points", () => {
  test("the core has nothing of other languages, engines and tools in it", () => {
    const foreign = entrySources("index.js").filter((path) => !path.startsWith("heap/") && /lisp|\btree\b|profile|tools|disassemble|manual|print|\bcli\b|\bnode\b/.test(path));
    expect(foreign).toEqual([]);
    // Restoring an image needs the verifier of bytecode too.
    const checks = entrySources("index.js").filter((path) => /\/verify\.ts$|check-registers|holds\.ts/.test(path));
    expect(checks.sort(), "what only assertions and images call").toEqual(["heap/verify.ts", "src/bytecode/holds.ts", "src/bytecode/verify.ts"]);
  });

  test.each(ENTRIES)("%s keeps to its budget", (entry) => {
    expect(entrySize(`${entry}.js`).gzipped).toBeLessThanOrEqual(BUDGETS[entry] * 1024);
  });

  test.each([...read("README.md").matchAll(/^\| `boxelder(?:\/(\w+))?` \|.*\| (\d+) KiB(?: more)? \|$/gm)].map(([, entry = "index", kib]) => [entry, Number(kib)] as const))("the manual says how large %s is", (entry, kib) => {
    const { gzipped } = entrySize(`${entry}.js`, entry === "index" ? undefined : "index.js");
    expect(Math.abs(gzipped / 1024 - kib), `${(gzipped / 1024).toFixed(1)} KiB`).toBeLessThanOrEqual(Math.max(2, kib / 10));
  });

  test("the command line knows the languages by the names and extensions they have", async () => {
    for (const { name, extensions, load } of LANGUAGES) expect((await load()).language).toMatchObject({ name, extensions });
  });
});

/** A program with the parts that are most likely to want something of their host. */
const PROGRAM = `
  fn fib(n) { if (n < 2) { return n; } return fib(n - 1) + fib(n - 2); }
  let text = "é" + [3, 1, 2].map(fn(x) { return x * 2; });
  let total = 0; let i = 0;
  while (i < 300000) { total = total + i; i = i + 1; }
  print(text); print(fib(15)); print(total); print({ a: 1.5 }.a); print("x,y".split(",").length);
`;
const RUN = `
  let out = "";
  const vm = createVM({ languages, host: { write(bytes) { out += new TextDecoder().decode(bytes); } } });
  const result = vm.run(PROGRAM), again = createVM({ fuel: 1000 }).run("while (true) {}"), copy = vm.fork();
  answer([result.status, out, again.kind, copy.run("fib(10);").value, lisp(), typeof WebAssembly]);
`;

const expected = ["done", "é[6,2,4]\n610\n2050177040\n1.5\n2\n", "outOfFuel", "55"];

describe("without Node, without making code from text, without WebAssembly", () => {
  test("in a realm that has text encoding and nothing else of a host", () => {
    const bundle = buildSync({ stdin: { contents: `export * from "./index.js"; export * from "./lisp.js";`, resolveDir: dist }, bundle: true, format: "iife", globalName: "boxelder", write: false, logLevel: "error" });
    const global: { [name: string]: unknown } = { TextEncoder, TextDecoder, answer: (value: unknown) => { global["answered"] = value; } };
    const context = createContext(global, { codeGeneration: { strings: false, wasm: false } });
    runInContext(`delete globalThis.WebAssembly; ${bundle.outputFiles[0]!.text}
      const { createVM } = boxelder, languages = [boxelder.lisp], PROGRAM = ${JSON.stringify(PROGRAM)};
      const lisp = () => createVM({ languages }).run("(eval '(+ 1 2))", { language: "lisp" }).value;
      ${RUN}`, context);
    expect(global["answered"]).toEqual([...expected, "3", "undefined"]);
    expect(() => runInContext("eval('1')", context)).toThrow();
  });

  test("in a process and a thread of it that must not make code from text", () => {
    const folder = mkdtempSync(join(tmpdir(), "boxelder-test-")), href = (entry: string): string => JSON.stringify(pathToFileURL(`${dist}${entry}.js`).href);
    writeFileSync(join(folder, "thread.mjs"), `import { createVM } from ${href("index")}; import { lisp as language } from ${href("lisp")};
      import { isMainThread, parentPort, Worker } from "node:worker_threads";
      const languages = [language], PROGRAM = ${JSON.stringify(PROGRAM)};
      const lisp = () => createVM({ languages }).run("(eval '(+ 1 2))", { language: "lisp" }).value;
      const answer = (value) => { if (isMainThread) console.log(JSON.stringify(value)); else parentPort.postMessage(value); };
      if (isMainThread) new Worker(new URL(import.meta.url)).on("message", answer);
      ${RUN}`);
    const printed = execFileSync(process.execPath, ["--disallow-code-generation-from-strings", "--no-expose-wasm", join(folder, "thread.mjs")], { encoding: "utf8" });
    expect(printed.trim().split("\n").map((line) => JSON.parse(line) as unknown)).toEqual([[...expected, "3", "undefined"], [...expected, "3", "undefined"]]);
  });
});
