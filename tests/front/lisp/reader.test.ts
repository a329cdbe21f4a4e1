// Text to data: every kind of datum, every error, positions, and what is left when a text is broken.

import { describe, expect, test } from "vitest";
import { datumText, type ListDatum } from "../../../src/front/lisp/datum.ts";
import { isIncomplete } from "../../../src/front/lisp/index.ts";
import { readAll, readFirst } from "../../../src/front/lisp/reader.ts";
import { Source } from "../../../src/text/source.ts";
import { read, readErrors } from "./support.ts";

describe("data", () => {
  test.each([
    ["1 -2 007 12345678901234567890", "1 -2 7 12345678901234567890"],
    ["1.5 1e3 -2.5E-1 .5 1. +5", "1.5 1000.0 -0.25 0.5 1.0 5"],
    ["1/3 -3/6 4/2 #xFF #b-101 #e1.5 #i1/2", "1/3 -1/2 2 255 -5 3/2 0.5"],
    ["3+4i -i 2i +i", "3+4i 0-1i 0+2i 0+1i"],
    ["inf -inf nan +inf.0 Infinity", "inf -inf NaN inf inf"],
    ["a a-b! ->x ... <=? + - a#b é /", "a a-b! ->x ... <=? + - a#b é /"],
    ["1+ 1e", "1 + 1 e"],
    [":a :1a 'a:b", ":a :1a (quote a) :b"],
    ["#t #f true false #true #false nil", "#t #f #t #f #t #f nil"],
    ["#\\a #\\space #\\( #\\1 #\\x41 #\\x #\\nul #\\alarm", "#\\a #\\space #\\( #\\1 #\\A #\\x #\\nul #\\\u0007"],
    ['"a\\n\\t\\"\\\\\\x41;\\u00e9\\q\\$"', '"a\\n\\t\\"\\\\Aé\\\\q$"'],
    ['"one \\\n   line"', '"one line"'],
    ['#"a\\d\\"b\\\\"', '"a\\\\d\\"b\\\\\\\\"'],
    ["() (a) (a b . c) (a . (b c)) (a . ()) (. a)", "() (a) (a b . c) (a b c) (a) a"],
    ["[] [1 [2]] {} {:a 1 :b {:c 2}}", "[] [1 [2]] {} {:a 1 :b {:c 2}}"],
    ["{:a 1 :b 2 :a 3}", "{:a 3 :b 2}"],
    ["#u8() #u8(0 255)", "#u8() #u8(0 255)"],
    ["'a `(b ,c ,@d) @e", "(quote a) (quasiquote (b (unquote c) (unquote-splicing d))) (deref e)"],
    ["|a b| |x\\|y| ||", "a b x|y "],
    ["1 ; comment\n2 #;(3 4) 5 #| a #| b |# c |# 6 (7 #;8)", "1 2 5 6 (7)"],
    ["#!/usr/bin/env lisp\n1", "1"],
    ["#(+ % 1) #(f %2 [%1] {:a %3}) #(g)", "(lambda (%1) (+ %1 1)) (lambda (%1 %2 %3) (f %2 [%1] {:a %3})) (lambda () (g))"],
    ['f"" f"a${x}b" f"${(g {:a 1})} \\${x} $5"', '(%format) (%format "a" x "b") (%format (g {:a 1}) " ${x} $5")'],
    ["(#0=(a b) #0#)", "((a b) (a b))"],
    ["#0=(a . #0#)", "(a . #<label>)"],
  ])("%s", (text, expected) => expect(read(text)).toBe(expected));

  test("a text is read one datum at a time, too", () => {
    const source = new Source("t", " (a) b"), first = readFirst(source);
    expect([first.forms.map(datumText), first.end]).toEqual([["(a)"], 4]);
    expect(readFirst(source, first.end).forms.map(datumText)).toEqual(["b"]);
    expect(readFirst(new Source("t", " ; nothing")).forms).toEqual([]);
  });

  test("spans", () => {
    const [form] = readAll(new Source("t", "\n(f 'x \"s\")")).forms as [ListDatum];
    expect([form, ...form.items].map(({ span }) => [span.start, span.end])).toEqual([[1, 11], [2, 3], [4, 6], [7, 10]]);
  });

  test("nesting has a limit", () => {
    expect(readErrors("(".repeat(1025))).toEqual(["1:1025 input nested too deeply (limit 1024)"]);
    expect(readErrors("'".repeat(1100) + "x")).toEqual(["1:1025 input nested too deeply (limit 1024)"]);
    expect(readErrors("(".repeat(1024) + ")".repeat(1024))).toEqual([]);
  });
});

describe("errors", () => {
  test.each([
    ["$", "1:1 unexpected character: '$'"],
    ['"abc', "1:1 unterminated string"],
    ['"\\x;"', "1:2 empty hex escape \\x;"],
    ['"\\x41"', "1:2 hex escape \\x missing terminating semicolon"],
    ['"\\u12"', "1:2 \\u escape requires exactly 4 hex digits"],
    ['"\\ud800"', "1:2 invalid unicode scalar value d800"],
    ["#\\foo", "1:1 unknown character name: foo"],
    [": a", "1:1 expected keyword name after ':'"],
    ["(a (b)", "1:1 unterminated list"],
    ["[a", "1:1 unterminated vector"],
    ["{a", "1:1 unterminated map"],
    ["#u8(1", "1:1 unterminated bytevector"],
    ["(a]", "1:3 mismatched bracket: expected `)` to close `(`, found `]`"],
    ["a )", "1:3 unexpected closing `)`"],
    ["#", "1:1 unexpected end of input"],
    ["#&", "1:1 unexpected character after #: '&'"],
    ["(a ')", "1:4 quote (') requires an expression after it"],
    ["{:a}", "1:1 map literal must have even number of forms"],
    ["[a . b]", "1:4 unexpected `.`"],
    ["(a . b c)", "1:8 expected `)`, got `symbol`"],
    ["#u8(256)", "1:5 #u8(...): byte value 256 out of range 0..255"],
    ["#u8(a)", "1:5 #u8(...): expected integer, got symbol"],
    ['f"a', "1:1 unterminated f-string"],
    ['f"${a', "1:1 unterminated interpolation in f-string"],
    ['f"${}"', "1:5 empty interpolation in f-string"],
    ['f"${a b}"', "1:5 f-string interpolation must contain exactly one expression"],
    ["1/0", "1:1 rational literal has zero denominator"],
    ["#| a", "1:1 unterminated block comment"],
    ["|a", "1:1 unterminated symbol"],
    ["#5#", "1:1 datum label #5# is not defined"],
  ])("%s", (text, expected) => expect(readErrors(text)[0]).toBe(expected));

  test("several in one text", () => {
    expect(readErrors('(a $ #\\foo)\n"\\x;" {b}')).toEqual([
      "1:4 unexpected character: '$'", "1:6 unknown character name: foo", "2:2 empty hex escape \\x;", "2:7 map literal must have even number of forms",
    ]);
  });

  test("what more lines could complete", () => {
    for (const text of ["(a", "'", '"a', "#| a", "{:a 1", "#;", 'f"a']) expect(isIncomplete(text), text).toBe(true);
    for (const text of ["(a)", ")", "(]", "#\\foo", ""]) expect(isIncomplete(text), text).toBe(false);
  });
});
