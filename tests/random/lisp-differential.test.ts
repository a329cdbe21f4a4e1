// Bounded differential testing of Lisp; `npm run soak -- --only lisp` goes on for as long as it is told.

import { expect, test } from "vitest";
import { disagreement, lispProgram, QUICK, STRESSED, unsoundness, VERIFIED } from "./differential.ts";
import { generateLisp } from "./generate-lisp.ts";

test("the generator repeats itself exactly", () => {
  const write = (seed: number): string => generateLisp(seed, { continuations: true });
  expect(write(42)).toBe(write(42));
  expect(write(42)).not.toBe(write(43));
});

test.each(Array.from({ length: 4 }, (_, i) => i))("engines agree, batch %i", (batch) => {
  for (let seed = batch * 5; seed < batch * 5 + 5; seed++) expect(disagreement(seed, QUICK, lispProgram(seed))).toBeNull();
});

test("collections change nothing", () => {
  expect(disagreement(1000, STRESSED, lispProgram(1000))).toBeNull();
});

test("the heap is sound after each collection", () => {
  expect(disagreement(1100, VERIFIED, lispProgram(1100))).toBeNull();
});

test("failing allocations leave the VM sound", () => {
  for (let seed = 2000; seed < 2010; seed++) expect(unsoundness(seed, lispProgram(seed))).toBeNull();
});
