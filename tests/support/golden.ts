// Golden files: a text a test produces, kept under tests/golden. `npm run accept` (ACCEPT=1) rewrites them; the diff is
// then reviewed like code.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

/** `name` is the path below tests/golden, without ".txt". */
export function golden(name: string, text: string): void {
  const file = fileURLToPath(new URL(`../golden/${name}.txt`, import.meta.url));
  if (process.env["ACCEPT"] === "1") {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return;
  }
  expect(existsSync(file), `no golden file ${name}.txt; create it with ACCEPT=1`).toBe(true);
  expect(text).toBe(readFileSync(file, "utf8"));
}
