// The grammar of numbers: strict, as string->number reads it, and with what only source texts may write.

import { describe, expect, test } from "vitest";
import { parseNumber, scanNumber, type NumberDatum, type NumberOptions } from "../../src/text/lisp-number.ts";

function show(datum: NumberDatum | null): string {
  if (datum === null) return "none";
  switch (datum.type) {
    case "int": return String(datum.value);
    case "rational": return `${datum.numerator}/${datum.denominator}`;
    case "float": return Object.is(datum.value, -0) ? "-0." : `${datum.value}.`;
    case "complex": return `[${show(datum.real)} ${show(datum.imaginary)}]`;
  }
}

function table(name: string, options: NumberOptions, rows: readonly (readonly [string, string])[]): void {
  test.each(rows)(`${name} %s`, (text, expected) => { expect(show(parseNumber(text, options))).toBe(expected); });
}

describe("strict", () => {
  table("integer", {}, [["42", "42"], ["-7", "-7"], ["007", "7"], ["-0", "0"], ["123456789012345678901234567890", "123456789012345678901234567890"], ["1_000", "none"], ["", "none"], ["-", "none"], ["+", "none"], ["--5", "none"]]);
  table("float", {}, [["1.5", "1.5."], ["1e3", "1000."], ["-2.5E6", "-2500000."], ["6.02e+23", "6.02e+23."], ["1e", "none"], ["1e+", "none"], ["1e400", "Infinity."], ["-1e-400", "-0."], ["1..2", "none"], ["1.2.3", "none"]]);
  table("word", {}, [["inf", "Infinity."], ["+inf", "Infinity."], ["-Infinity", "-Infinity."], ["NaN", "NaN."], ["-nan", "NaN."], ["infi", "none"], ["INF", "none"], ["nano", "none"]]);
  table("ratio", {}, [["1/3", "1/3"], ["-3/6", "-1/2"], ["4/2", "2"], ["0/5", "0"], ["1/0", "none"], ["1/-2", "none"], ["1/2/3", "none"], ["1/", "none"], ["/2", "none"]]);
  table("complex", {}, [
    ["3+4i", "[3 4]"], ["1.5-2.5i", "[1.5. -2.5.]"], ["+i", "[0 1]"], ["-i", "[0 -1]"], ["2i", "[0 2]"], ["-2i", "[0 -2]"], ["+2i", "[0 2]"], ["3+0i", "3"], ["3+0.0i", "[3 0.]"], ["1-i", "[1 -1]"],
    ["1/2-1/3i", "[1/2 -1/3]"], ["1e3i", "[0 1000.]"], ["i", "none"], ["1+", "none"], ["1+2", "none"], ["1+2i3", "none"], ["1+ii", "none"],
  ]);
  table("prefix", {}, [
    ["#xFF", "255"], ["#x-ff", "-255"], ["#o17", "15"], ["#b101", "5"], ["#d10", "10"], ["#X1f", "31"], ["#b2", "none"], ["#xgg", "none"], ["#x", "none"], ["#q1", "none"],
    ["#e1.5", "3/2"], ["#e0.1", "1/10"], ["#e1e3", "1000"], ["#e-1.5e-2", "-3/200"], ["#i1/2", "0.5."], ["#i1+2i", "[1. 2.]"], ["#x#e1F", "31"], ["#e#x10", "16"], ["#e#i1", "none"], ["#x#b1", "none"], ["#einf", "Infinity."],
  ]);
  table("only in source", {}, [["+5", "none"], [".5", "none"], ["-.5", "none"], ["1.", "none"], ["+inf.0", "none"], ["-nan.0", "none"], [" 5", "none"], ["5 ", "none"]]);
  table("radix", { radix: 16 }, [["ff", "255"], ["-FF", "-255"], ["+ff", "255"], ["a/14", "1/2"], ["1.5", "none"], ["fg", "none"], ["", "none"]]);
});

describe("source", () => {
  table("extras", { extras: true }, [
    ["+5", "5"], [".5", "0.5."], ["-.5", "-0.5."], ["+.5e1", "5."], ["1.", "1."], ["-1.e2", "-100."], ["+1/2", "1/2"], ["+inf.0", "Infinity."], ["-inf.0", "-Infinity."], ["+nan.0", "NaN."],
    ["+inf.0i", "[0 Infinity.]"], ["1+inf.0i", "[1 Infinity.]"], ["+inf.0-i", "[Infinity. -1]"], ["1.-.5i", "[1. -0.5.]"],
    [".", "none"], ["...", "none"], ["+.", "none"], ["+", "none"], ["-", "none"], ["+a", "none"], [".e1", "none"], ["1+", "none"],
  ]);
});

describe("prefix of a text", () => {
  test.each([["1+ 2", 1, "1"], ["1e)", 1, "1"], ["12]", 2, "12"], ["1/2/3", 3, "1/2"], ["3+4ix", 1, "3"], ["-5;", 2, "-5"]] as const)("%s ends at %i", (text, end, expected) => {
    const scan = scanNumber(text, 0)!;
    expect([scan.end, show(scan.datum)]).toEqual([end, expected]);
  });

  test.each([
    ["1/0", "rational literal has zero denominator"], ["#b2 ", "invalid radix-2 literal: 2"], ["#e", "expected a number after the `#` prefix"], ["#e#i1", "duplicate exactness prefix"],
    ["#x#b1", "duplicate radix prefix"],
  ])("%s is wrong: %s", (text, message) => { expect(scanNumber(text, 0)?.error).toBe(message); });

  test("of something else is none", () => {
    for (const text of ["", "abc", "#t", "#\\a", "(1)", "-a", "+"]) expect(scanNumber(text, 0)).toBeNull();
    expect(scanNumber("ab 12", 3)?.end).toBe(5);
  });
});
