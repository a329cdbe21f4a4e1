// Numbers that are too large are refused before they are computed, as conditions a script can catch, and work on large
// ones is charged.

import { describe, expect, test } from "vitest";
import { MAX_DIGITS, parseNumber } from "../../../src/text/lisp-number.ts";
import { processorTime } from "../../support/processor-time.ts";
import { NumberCalls } from "./number-calls.ts";

const calls = new NumberCalls();
const TOO_LARGE = "ERR out of memory";

describe("results that fit nowhere", () => {
  test.each([
    "(expt 7 40000000)", "(expt 2 100000000000000000000)", "(expt -7 40000001)", "(expt 3 -10000000000)", "(expt 1/2 1000000000)", "(expt 1+1i 1000000000000)",
    "(bit/shift-left 1 100000000000000000000)", "(bit/shift-left -3 17000000)", "(* (expt 3 6000000) (expt 3 6000000))", "(square (bit/shift-left 1 10000000))",
    "(math/format-fixed 1.5 100000000)", "(math/format-fixed 1/3 100000000000000000000)",
  ])("%s", (expression) => {
    const start = processorTime();
    expect(calls.run(expression)).toMatch(/out of memory$/);
    expect(processorTime() - start).toBeLessThan(4000);
  });

  test("a small heap refuses sooner", () => {
    const small = new NumberCalls({ maxBytes: 1 << 19 });
    expect(small.run("(even? (bit/shift-left 1 1000000))")).toBe("#t");
    expect(small.run("(bit/shift-left 1 8000000)")).toBe(TOO_LARGE);
    expect(small.run("(+ 1 2)"), "and goes on").toBe("3");
  });
});

test.each([
  ["(= (expt 7 40001) (* (expt 7 20000) (expt 7 20001)))"], ["(= (expt -3 90001) (- (expt 3 90001)))"], ["(= (expt 2 100000) (bit/shift-left 1 100000))"],
  ["(= (* (expt 2/3 50000) (expt 3 50000)) (expt 2 50000))"], ["(= (* (expt 5 -40000) (expt 5 40000)) 1)"], ["(= (expt -1 1000001) -1)"],
])("long powers are exact: %s", (expression) => {
  expect(calls.run(expression)).toBe("#t");
});

test("ratios of very large numbers are refused", () => {
  expect(calls.run("(/ (expt 3 400000) (expt 7 400000))")).toBe("ERR Eval error: integers are too large to reduce a ratio of them");
  expect(calls.run("(gcd (expt 6 400000) (expt 10 400000))")).toBe("ERR Eval error: integers are too large to reduce a ratio of them");
  expect(calls.run("(even? (numerator (/ (expt 3 2000) (expt 2 400000))))")).toBe("#f");
});

describe("text", () => {
  test("with too many digits is no number", () => {
    expect(parseNumber("1".repeat(MAX_DIGITS + 1))).toBeNull();
    expect(parseNumber("#e1e1000000000")).toBeNull();
    expect(calls.run(`(string->number "${"1".repeat(MAX_DIGITS + 1)}")`)).toBe(TOO_LARGE);
    expect(calls.run(`(int "${"1".repeat(MAX_DIGITS + 1)}")`)).toBe(TOO_LARGE);
  });

  test.each([
    ["a number without an end", `${"1".repeat(100_000)}.${"2".repeat(100_000)}e`], ["a sum of digits", `${"1".repeat(100_000)}+${"2".repeat(100_000)}`],
    ["spaces", " ".repeat(200_000)], ["comments", ";\n".repeat(100_000)], ["zeros", `0.${"0".repeat(200_000)}x`],
  ])("of %s takes no long time", (_, text) => {
    const start = processorTime();
    expect(calls.run(`(string->number ${JSON.stringify(text)})`)).toBe("#f");
    expect(calls.run(`(float ${JSON.stringify(text)})`)).toMatch(/cannot convert/);
    expect(processorTime() - start).toBeLessThan(3000);
  });
});

test("work is charged", () => {
  const { vm } = calls.scratch;
  const cost = (expression: string): number => {
    vm.fuel = 2 ** 40;
    calls.run(expression);
    return 2 ** 40 - vm.fuel;
  };
  expect(cost("(* 12 34)")).toBe(0);
  expect(cost("(even? (* (expt 3 1000) (expt 5 1000)))")).toBeGreaterThan(1000);
  expect(cost("(even? (* (expt 3 10000) (expt 5 10000)))")).toBeGreaterThan(10_000);
});
