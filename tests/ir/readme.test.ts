import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { withNodeTable } from "../../src/ir/node-table.ts";

test("the table of node kinds in the manual is current", () => {
  const file = fileURLToPath(new URL("../../src/ir/README.md", import.meta.url));
  const manual = readFileSync(file, "utf8");
  if (process.env["ACCEPT"] === "1") writeFileSync(file, withNodeTable(manual));
  else expect(manual).toBe(withNodeTable(manual));
});
