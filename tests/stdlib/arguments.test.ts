// Every function of the standard library with wrong arguments: the calls in the cases, one argument after the other replaced by
// a value of each kind, with too few and too many. A function may give a value or throw a text; ending the program is for types
// that are written down. The heap is sound afterwards.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { standardModules } from "../../src/build/stdlib-modules.ts";
import { library, root, type BoxelderVm, type VmOptions } from "../support/library.ts";
import { parseCases, sourceModules } from "../support/standard-library.ts";

const { nodeSystem, SYSTEM_GRANTS } = await import("../../dist/node.js" as string) as typeof import("../../src/node.ts");

/** Modules whose functions need servers, or end and start processes: their own tests do that with care. */
const APART: ReadonlySet<string> = new Set(["http", "net", "process", "shell", "websocket"]);
const KINDS = ["null", "true", "-1", "1.5", "'r'", `"other"`, `""`, "[1]", "{ a: 1 }", "buffer(2)", "fn(x, y) { return x; }", "i32"];

/** The arguments of the call whose parenthesis opens at a place of a text; null when it does not close. */
function argumentsAt(text: string, open: number): string[] | null {
  const found: string[] = [];
  let depth = 0, from = open + 1;
  for (const { 0: token, index } of text.slice(open).matchAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|[()[\]{},]/g)) {
    if ("([{".includes(token)) depth++;
    if (")]}".includes(token)) depth--;
    if (depth > 1 || (depth === 1 && token !== ",") || (depth === 0 && token !== ")")) continue;
    const part = text.slice(from, open + index).trim();
    if (part !== "") found.push(part);
    if (depth === 0) return found;
    from = open + index + 1;
  }
  return null;
}

interface Sample { readonly name: string; readonly given: readonly string[] }
const FOLDER = `${root}tests/stdlib/cases/`;

/** For each function of the module that these cases call by its name, the call with the most arguments. */
function samplesOf(module: string, expressions: readonly string[]): Sample[] {
  const text = readFileSync(`${root}src/stdlib/${module}.hml`, "utf8"), names = [...text.matchAll(/^export (?:async )?fn (\w+)/gm)].map((match) => match[1]!);
  return names.flatMap((name) => {
    const calls = expressions.flatMap((line) => [...line.matchAll(new RegExp(`(?<![\\w.])${name}\\(`, "g"))].map((match) => argumentsAt(line, match.index + match[0].length - 1) ?? []));
    return calls.length === 0 ? [] : [{ name, given: calls.reduce((a, b) => (b.length > a.length ? b : a)) }];
  });
}

const wrong = ({ name, given }: Sample): string[] => [given, given.slice(0, -1), [...given, "null"], ...given.flatMap((_, i) => KINDS.map((kind) => given.with(i, kind)))]
  .map((list) => `${name}(${list.join(", ")})`);

/** What a program may end with: types that are written down, and natives whose arguments are passed on, by their names. */
const FATAL = /annotation|for type '|^Expected array|^(?:seed|localtime)\(\) /;
const BROKEN = /undefined\b(?! variable)|\[object|TypeError|RangeError|\bBug\b/i;

async function problemsOf(file: string, options: VmOptions, isTried: (i: number) => boolean): Promise<string[]> {
  const { header, expressions } = parseCases(readFileSync(FOLDER + file, "utf8")), folder = mkdtempSync(join(tmpdir(), "boxelder-test-"));
  const create = async (): Promise<readonly [BoxelderVm, () => void]> => {
    const system = nodeSystem(SYSTEM_GRANTS, { folder, writeError() {} });
    const vm = library.createVM({ fuel: 200_000_000, memory: 64 << 20, ...options, modules: sourceModules, system, host: { write() {}, writeError() {}, sleep() {} } });
    expect((await vm.runAsync(header)).status, file).toBe("done");
    return [vm, () => system.close?.()];
  };
  const problems: string[] = [];
  let [vm, close] = await create();
  // What assertions throw is what they are given.
  const throwsAnything = /^(?:assert|testing)\b/.test(file), hasTasks = /^\/\/ tasks$/m.test(header);
  for (const call of samplesOf(/^\w+/.exec(file)![0], expressions).flatMap(wrong).filter((_, i) => isTried(i))) {
    const result = await vm.runAsync(`try { ${call}; } catch (e) { if (${!throwsAnything} && typeof(e) != "string") { throw "no text"; } }`);
    if (result.status === "error" && (BROKEN.test(result.message) || (result.kind === "fatal" ? !FATAL.test(result.message) : true))) problems.push(`${call}: ${result.kind} ${result.message}`);
    // A VM goes on when a run is over, but without its tasks.
    if (!hasTasks && (result.status === "done" || result.kind === "fatal")) continue;
    close();
    [vm, close] = await create();
  }
  vm.verifyHeap();
  close();
  rmSync(folder, { recursive: true, force: true });
  return problems;
}

const files = readdirSync(FOLDER).filter((file) => !APART.has(/^\w+/.exec(file)![0]));

describe("wrong arguments", () => {
  test.each(files)("%s", async (file) => { expect(await problemsOf(file, {}, () => true)).toEqual([]); }, 60_000);
});

describe("some of them, collecting all the time", () => {
  test.each(files)("%s", async (file) => { expect(await problemsOf(file, { gcStress: 5, poison: true }, (i) => i % 10 === 3)).toEqual([]); }, 60_000);
});

/** They print, or write to a terminal: cases show that of those that have to do with them. */
const PRINTING = ["logging: info", "logging: warn", "logging: error", "logging: log", "terminal: clear", "terminal: print_at", "terminal: print_color", "terminal: print_styled", "testing: describe", "testing: run"];

test("functions are called in cases by their names", () => {
  const called = new Set(files.flatMap((file) => {
    const module = /^\w+/.exec(file)![0];
    return samplesOf(module, parseCases(readFileSync(FOLDER + file, "utf8")).expressions.concat(readFileSync(FOLDER + file, "utf8").split(/^---$/m)[0]!.split("\n"))).map(({ name }) => `${module}: ${name}`);
  }));
  const functions = standardModules().filter(({ name }) => !APART.has(name)).flatMap(({ name, text }) => [...text.matchAll(/^export (?:async )?fn (\w+)/gm)].map((match) => `${name}: ${match[1]}`));
  expect(functions.filter((each) => !called.has(each))).toEqual(PRINTING);
});
