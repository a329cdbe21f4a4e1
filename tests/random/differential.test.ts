// Bounded differential testing; `npm run soak` goes on for as long as it is told.

import { expect, test } from "vitest";
import { disagreement, QUICK, STRESSED, unsoundness } from "./differential.ts";
import { generateProgram } from "./generate-hemlock.ts";

test("the generator repeats itself exactly", () => {
  expect(generateProgram(42)).toBe(generateProgram(42));
  expect(generateProgram(42)).not.toBe(generateProgram(43));
});

test.each(Array.from({ length: 15 }, (_, i) => i))("engines agree, batch %i", (batch) => {
  for (let seed = batch * 10; seed < batch * 10 + 10; seed++) expect(disagreement(seed, QUICK)).toBeNull();
});

test.each(Array.from({ length: 6 }, (_, i) => i))("collections change nothing, batch %i", (batch) => {
  for (let seed = 1000 + batch * 4; seed < 1004 + batch * 4; seed++) expect(disagreement(seed, STRESSED)).toBeNull();
});

test("failing allocations leave the VM sound", () => {
  for (let seed = 2000; seed < 2040; seed++) expect(unsoundness(seed)).toBeNull();
});
