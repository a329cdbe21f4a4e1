// The standard library: what its functions give, on both engines and with a collection at every few allocations; how its
// modules look; and that the package carries them.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { dist } from "../../src/build/entry-files.ts";
import { standardModules } from "../../src/build/stdlib-modules.ts";
import type * as Stdlib from "../../src/stdlib.ts";
import { library, root, type VmOptions } from "../support/library.ts";
import { parseCases, printCases, resultsOf } from "../support/standard-library.ts";

const folder = `${root}tests/stdlib/cases/`;
const MEMORY = 64 * 1024 * 1024;
const WAYS: readonly (readonly [name: string, options: VmOptions])[] = [
  ["vm", { memory: MEMORY }],
  ["vm, collecting at every 7th allocation", { memory: MEMORY, gcStress: 7, poison: true }],
  ["tree", { memory: MEMORY, engine: library.tree }],
];

describe.each(readdirSync(folder).filter((file) => file.endsWith(".txt")))("%s", (file) => {
  const cases = parseCases(readFileSync(folder + file, "utf8"));
  // The tree engine cannot run tasks.
  test.each(WAYS.filter(([way]) => way !== "tree" || !/^\/\/ tasks$/m.test(cases.header)))("%s", async (way, options) => {
    const results = await resultsOf(cases, options);
    if (process.env["ACCEPT"] === "1" && way === "vm") writeFileSync(folder + file, printCases({ ...cases, results }));
    else expect(printCases({ ...cases, results })).toBe(printCases(cases));
  });
});

describe("modules", () => {
  const modules = standardModules();

  test("each begins with what it is for, and says it of each export", () => {
    expect(modules.filter(({ head }) => head.length < 20).map(({ name }) => name)).toEqual([]);
    expect(modules.flatMap(({ name, exports }) => exports.filter(({ documented }) => !documented).map((each) => `${name}: ${each.name}`))).toEqual([]);
    expect(modules.filter(({ exports }) => exports.length === 0).map(({ name }) => name)).toEqual([]);
  });

  test("none is too long to read, nor are its lines", () => {
    const lines = modules.flatMap(({ name, text }) => text.split("\n").map((line, i) => ({ name, line, i })));
    expect(lines.filter(({ line, i }) => line.length > 150 || i >= 400 && line !== "").map(({ name, i }) => `${name}:${i + 1}`)).toEqual([]);
  });

  test("each has cases, unless it only gives natives their names", () => {
    const tested = readdirSync(folder).map((file) => /^(\w+?)(?:-\w+)?\.txt$/.exec(file)?.[1]);
    expect(modules.filter(({ name, text }) => /^(?:export )?(?:async )?fn /m.test(text) && !tested.includes(name)).map(({ name }) => name)).toEqual([]);
  });

  /** Modules whose functions need servers: tests/node has these. */
  const ELSEWHERE: ReadonlySet<string> = new Set(["http", "net", "websocket"]);

  test("each of its exports is in a case", () => {
    const cases = readdirSync(folder).map((file) => ({ module: /^\w+/.exec(file)![0], text: readFileSync(folder + file, "utf8").replace(/^import .*$/gm, "") }));
    const textOf = (name: string): string => cases.filter(({ module }) => module === name).map(({ text }) => text).join("");
    const missing = modules.filter(({ name }) => !ELSEWHERE.has(name)).flatMap(({ name, exports }) => exports.filter((each) => !new RegExp(`\\b${each.name}\\b`).test(textOf(name))).map((each) => `${name}: ${each.name}`));
    // What it prints is in testing.test.ts.
    expect(missing).toEqual(["testing: run"]);
  });

  test("those that import do it by full names", () => {
    const requests = modules.flatMap(({ text }) => [...text.matchAll(/^(?:import|export|\}).* from "([^"]+)";$/gm)].map((match) => match[1]!));
    expect(requests.filter((request) => !/^@stdlib\/\w+$/.test(request))).toEqual([]);
  });

  test("the package has them as texts", async () => {
    const { STANDARD_MODULES, standardModules: loader, withStandardModules } = await import(/* @vite-ignore */ pathToFileURL(`${dist}stdlib.js`).href) as typeof Stdlib;
    expect([...STANDARD_MODULES.keys()]).toEqual(modules.map(({ name }) => `@stdlib/${name}`));
    const vm = library.createVM({ modules: withStandardModules({ resolve: (request) => (request === "own" ? "own" : null), read: () => "export let two = 2;" }) });
    expect(vm.run(`import { two } from "own"; import { repeated } from "@stdlib/nothing";`).status).toBe("error");
    expect(vm.run(`import { two } from "own"; import { pretty } from "@stdlib/json.hml"; pretty([two]);`)).toMatchObject({ status: "done", value: "[\n  2\n]" });
    expect(loader.resolve("own", "")).toBe(null);
  });
});
