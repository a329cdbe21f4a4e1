// What the module for tests prints, which the cases cannot show.

import { expect, test } from "vitest";
import { library } from "../support/library.ts";
import { sourceModules } from "../support/standard-library.ts";

test("run tells of groups, tests and failures, and then has forgotten them", () => {
  let out = "";
  const vm = library.createVM({ modules: sourceModules, host: { write: (bytes) => { out += new TextDecoder().decode(bytes); } } });
  const result = vm.run(`import { describe, test, expect, run } from "@stdlib/testing";
    describe("pair", fn() { test("good", fn() { expect(1).to_equal(1); }); test("bad", fn() { throw "the reason"; }); });
    let first = run({no_color: true}); print(first); print(run({no_color: true}));`);
  expect(result.status).toBe("done");
  const [first, second] = out.replace(/\d+ms/g, "0ms").split("Running tests...").slice(1);
  expect(first).toContain("pair\n  ✓ good (0ms)\n  ✗ bad (0ms)\n");
  expect(first).toContain("Total:  2 (0ms)\n  Passed: 1\n  Failed: 1\n");
  expect(first).toContain("the reason");
  expect(second).toContain("Total:  0 (0ms)\n  Passed: 0\n");
});
