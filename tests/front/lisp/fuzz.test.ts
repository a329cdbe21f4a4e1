// Random and mutated texts. The seed is fixed; `npm run soak -- --only reader` looks for more.

import { expect, test } from "vitest";
import { findProblems } from "../../../src/ir/verify.ts";
import { Random } from "../../support/random.ts";
import { mutate, pile, PROGRAM, textProblem } from "./damage.ts";
import { compileText } from "./support.ts";

const SEED = 20_261_121;

const check = (text: string): void => expect(textProblem(text)).toBeNull();

test("the unmutated program is fine", () => {
  const { program, diagnostics } = compileText(PROGRAM);
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  expect(findProblems(program!)).toEqual([]);
});

test("mutated programs", () => {
  const random = new Random(SEED);
  for (let i = 0; i < 600; i++) {
    const text = mutate(PROGRAM, random);
    try {
      check(text);
    } catch (error) {
      throw new Error(`seed ${SEED}, program ${i}: ${JSON.stringify(text)}`, { cause: error });
    }
  }
});

test("prefixes of a program", () => {
  for (let end = 0; end < PROGRAM.length; end += 5) check(PROGRAM.slice(0, end));
});

test("piles of pieces", () => {
  const random = new Random(SEED + 1);
  for (let i = 0; i < 1500; i++) check(pile(random));
});

test("deep and long texts", () => {
  for (const [open, close] of [["(f ", ")"], ["[", "]"], ["'", ""], ["`(,", ")"], ["(let ((x ", ")) x)"], ["(if ", ")"], ["{:a ", "}"], ["#(", ")"], ["(quasiquote (a ", "))"]] as const) {
    check(`${open.repeat(1000)}1${close.repeat(1000)}`);
    check(`${open.repeat(100)}1${close.repeat(100)}`);
  }
  check(`(list ${"1 ".repeat(20_000)})`);
  check(`(cond ${"((= x 1) 2) ".repeat(3000)})`);
  check(`(match x ${"([:a b] b) ".repeat(1000)})`);
  check("(begin ".repeat(100) + "1" + ")".repeat(100));
  check(`(-> x ${"(f 1) ".repeat(2000)})`);
});
