import { describe, expect, test } from "vitest";
import { lex } from "../../src/front/hemlock/lexer.ts";
import { Source } from "../../src/text/source.ts";
import { places } from "./support.ts";

const run = (text: string, library = false) => lex(new Source("test.hml", text), { library, maxErrors: 20 });
/** Kinds of the tokens, without the end. */
const kinds = (text: string, library = false): string[] => run(text, library).tokens.slice(0, -1).map((token) => token.kind);
const values = (text: string): unknown[] => run(text).tokens.slice(0, -1).map((token) => (token.value instanceof Uint8Array ? [...token.value] : token.value));
const errors = (text: string): string[] => places(run(text).diagnostics);
const latin = (text: string): number[] => [...text].map((char) => char.charCodeAt(0));

describe("numbers", () => {
  test("integers are i32 when they fit, else bigint, and clamp", () => {
    expect(values("0 010 1_000 2147483647 2147483648 99999999999999999999999"))
      .toEqual([0, 10, 1000, 2147483647, 2147483648n, 9223372036854775807n]);
  });
  test("bases", () => {
    expect(values("0xFF 0XfF_f 0b101 0B1_1 0o17 0xFFFFFFFF 0xFFFFFFFFFFFFFFFF"))
      .toEqual([255, 4095, 5, 3, 15, 4294967295n, 9223372036854775807n]);
  });
  test("a prefix needs a digit", () => {
    expect(errors("0x 0b2 0o_1 0xg")).toEqual(["E111 1:1", "E111 1:4", "E111 1:8", "E111 1:13"]);
  });
  test("floats", () => {
    expect(values("1.5 .5 1e3 1E-2 1.5_0 .5e1")).toEqual([1.5, 0.5, 1000, 0.01, 1.5, 5]);
  });
  test("a point without a digit after it is not part of a number", () => {
    expect(kinds("1.e5")).toEqual(["integer", ".", "name"]);
    expect(kinds("1e")).toEqual(["integer", "name"]);
    expect(kinds("1._5")).toEqual(["integer", ".", "name"]);
  });
  test("a million digits are read at once", () => {
    expect(values("9".repeat(1 << 20))).toEqual([9223372036854775807n]);
    expect(values(`0x${"0".repeat(1 << 20)}7`)).toEqual([7]);
  });
});

describe("texts", () => {
  test("escapes", () => {
    expect(values('"\\n\\t\\r\\\\\\\'\\""')).toEqual([[10, 9, 13, 92, 39, 34]]);
  });
  test("\\x is a raw byte, \\u a code point in UTF-8", () => {
    expect(values('"\\x80" "\\u{80}" "\\u{10FFFF}" "\\u{D800}"')).toEqual([[0x80], [0xc2, 0x80], [0xf4, 0x8f, 0xbf, 0xbf], [0xed, 0xa0, 0x80]]);
  });
  test("a zero byte ends a string", () => {
    expect(values('"a\\0b" "a\\x00b"')).toEqual([latin("a"), latin("a")]);
  });
  test("text beyond ASCII, and raw line ends", () => {
    expect(values('"é😀\n"')).toEqual([[0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80, 10]]);
  });
  test("bad escapes", () => {
    expect(errors('"\\q" "\\x1" "\\u12" "\\u{}" "\\u{110000}" "\\u{1234567}"'))
      .toEqual(["E105 1:2", "E106 1:7", "E107 1:13", "E107 1:20", "E108 1:27", "E107 1:40"]);
  });
  test("unterminated texts", () => {
    expect(errors('let s = "abc')).toEqual(["E102 1:9"]);
    expect(errors("let s = `abc")).toEqual(["E103 1:9"]);
    expect(errors("`a${ 1")).toEqual([]);
    expect(run("x /* abc").unterminated).toBe(true);
    expect(errors('"\\')).toEqual(["E102 1:1"]);
  });
  test("runes", () => {
    expect(values("'a' '\\n' '\\x80' 'é' '😀' '\\''")).toEqual([97, 10, 0x80, 0xe9, 0x1f600, 39]);
    expect(errors("'' 'ab' 'x")).toEqual(["E109 1:1", "E110 1:4", "E110 1:9"]);
  });
});

describe("templates", () => {
  test("texts and interpolations alternate", () => {
    expect(kinds("`a${x}b${y}`")).toEqual(["template part", "name", "template part", "name", "template end"]);
  });
  test("braces, quotes and templates inside an interpolation", () => {
    expect(kinds("`${ {a: \"}\"} }`")).toEqual(["template part", "{", "name", ":", "string", "}", "template end"]);
    expect(kinds("`${`${x}`}`")).toEqual(["template part", "template part", "name", "template end", "template end"]);
  });
  test("a dollar alone is text", () => {
    expect(values("`$a\\$\\{` `\\$100`")[1]).toEqual(latin("$100"));
  });
});

describe("layout", () => {
  test("comments, shebang, byte order mark", () => {
    expect(kinds("#!/bin/x\nlet // c\n/* a /* b */ x")).toEqual(["let", "name"]);
    expect(kinds("\ufefflet")).toEqual(["let"]);
  });
  test("the longest punctuation wins", () => {
    expect(kinds("a>>=b??=c?.d")).toEqual(["name", ">>=", "name", "??=", "name", "?.", "name"]);
    expect(kinds("a?.5:b")).toEqual(["name", "?", "float", ":", "name"]);
  });
  test("characters no token starts with are reported once for each run", () => {
    expect(errors("a @#\\ b \0\0 c é")).toEqual(["E101 1:3", "E101 1:9", "E101 1:14"]);
  });
  test("dollar names exist in library mode only", () => {
    expect(kinds("$array.map(x)", true)).toEqual(["name", "(", "name", ")"]);
    expect(errors("$a")).toEqual(["E101 1:1"]);
  });
});
