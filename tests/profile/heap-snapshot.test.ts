import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { heapGraph, heapSnapshot, totalSize } from "../../src/profile.ts";
import { createVM } from "../../src/index.ts";
import { root } from "../support/library.ts";
import { readSnapshot } from "./snapshot-reader.ts";
import { parkedVm, sampleVm } from "./worlds.ts";

const textOf = (vm: Parameters<typeof heapGraph>[0]): string => [...heapSnapshot(heapGraph(vm))].join("");
const VMS = { "Hemlock": () => sampleVm("hemlock"), "Lisp": () => sampleVm("lisp"), "a parked run": parkedVm, "nothing": () => createVM() };

describe.each(Object.entries(VMS))("the file of a world (%s)", (_, make) => {
  const vm = make(), graph = heapGraph(vm), nodes = readSnapshot(textOf(vm));

  test("keeps the rules of the format and loses nothing", () => {
    expect(nodes.length).toBe(graph.nodeCount);
    expect(nodes.reduce((sum, { size }) => sum + size, 0)).toBe(totalSize(graph));
  });
});

test("whatever a string holds, the file can be read", () => {
  const vm = createVM();
  vm.run(`let all = ["\\"quoted\\"", "new\\nline", "\\u{1}\\u{1f600}\\u{2028}", "${"x".repeat(1023)}\\u{1f600}y"]; let odd = "\\u{e9}\\u{1f600}"; odd.byte_at(0); let half = odd.bytes();`);
  const names = readSnapshot(textOf(vm)).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['"quoted"', "new\nline", "\u0001\u{1f600}\u2028", "x".repeat(1023)]));
});

test("arrays are found by their elements, globals by name", () => {
  const nodes = readSnapshot(textOf(sampleVm("hemlock"))), arrays = nodes.filter(({ name, type }) => name === "Array" && type === "object");
  expect(arrays.length).toBeGreaterThan(50);
  for (const array of arrays) expect(array.edges.filter(({ type, name }) => type === "internal" && name === "elements")).toHaveLength(1);
  expect(nodes.find(({ name }) => name === "Globals")!.edges.map(({ name }) => name)).toEqual(expect.arrayContaining(["cache", "list", "counter"]));
});

// The loader of DevTools itself, where somebody has set it up.
const checker = join(root, "..", "shared", "tools", "heapsnapshot_check.mjs"), devtools = process.env["DEVTOOLS_DIR"];
test.runIf(devtools !== undefined && existsSync(checker))("DevTools opens the file", () => {
  const path = join(mkdtempSync(join(tmpdir(), "boxelder-test-")), "sample.heapsnapshot"), vm = sampleVm("lisp");
  writeFileSync(path, textOf(vm));
  const shown = execFileSync(process.execPath, [checker, path], { encoding: "utf8" });
  expect(shown).toContain(`nodes ${heapGraph(vm).nodeCount}, total ${totalSize(heapGraph(vm))} bytes, problems []`);
});
