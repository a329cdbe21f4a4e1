// The programs of README.md about embedding do what is shown below them, each run in a process of its own.

import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { transformSync } from "esbuild";
import { expect, test } from "vitest";
import { root } from "../support/library.ts";
import { read } from "../support/sources.ts";

const EXAMPLE = /```ts\n\/\/ (\w+)\.ts\n([^]*?)```\n\n```\n\$ ([^\n]*)\n([^]*?)```/g;
const examples = [...read("README.md").matchAll(EXAMPLE)].map(([, name, program, command, shown]) => ({ name: name!, program: program!, runs: command!.split("; ").length, shown: shown! }));

test("there are examples", () => expect(examples.map(({ name }) => name)).toEqual(["workflow", "agent"]));

test.each(examples)("$name", { timeout: 60_000 }, ({ name, program, runs, shown }) => {
  const folder = mkdtempSync(join(tmpdir(), "boxelder-test-")), file = join(folder, `${name}.mjs`);
  const library = JSON.stringify(pathToFileURL(`${root}dist/index.js`).href);
  writeFileSync(file, transformSync(program.replaceAll('"boxelder"', library), { loader: "ts", format: "esm" }).code);
  let printed = "";
  for (let run = 0; run < runs; run++) printed += execFileSync(process.execPath, [file], { cwd: folder, encoding: "utf8" });
  expect(printed).toBe(shown);
});
