import { describe, expect, test } from "vitest";
import { isIncomplete } from "../../src/front/hemlock/index.ts";
import { problems } from "./support.ts";

/** Programs that must parse, one for each form of the grammar. */
const VALID = [
  "let a: array<array<i32>> = [];", "const b: i32? = null;", "let c: A & B = {};", "let d: Box<Box<i32>>= {};",
  "fn f(a, b: i32, c?: 1, d: i32 ?: 2, e: i32?: 3, ...rest: string): void { return; }", "async fn g() { await 1; }",
  "let h = async fn(ref x) {};", "if (1) {} else if (2) {} else {}", "a: while (1) { break a; }", "for (;;) { break; }",
  "for (let i = 0; i < 1; i++) {}", "let j = 0; for (j = 5; j < 6; j += 1) {}", "for (x in []) {}", "for (let k, v in {}) {}",
  "loop { continue; }", "switch (1) { case 1: case 2: break; default: }", "try {} catch (e) {} finally {}", "try {} finally {}",
  "define P { a, b: i32, c?: i32, d?: 5, e?, f: string = \"x\" }", "define Q<T, U> { a: T, b: array<U> }", "enum E { A, B = 2, C, }",
  "let o = {a: 1, i32: 2, b, ...c, f: fn() {},}; let b = 1; let c = {};", "print(o?.a, o?.[1], o?.(), o.void, o.i32); let o = 1;",
  "f(1, a: 2, i32: 3); fn f() {}", "(fn() {})();", "let t = 1 ? 2 : 3 ? 4 : 5;", "export let x = 1;", "export { x }; let x = 1;",
  "let s = -2147483648; print(!!s, ~-s, - -s);", "{ { } }", "let from = 1; let as = from; let type = as;", "self.x = 1; (o) = 2; let o = 1;",
];

describe("grammar", () => {
  test.each(VALID)("%s", (text) => {
    expect(problems(text).filter((place) => place.startsWith("E"))).toEqual([]);
  });
});

/** Program, then code and position of each error. */
const INVALID: readonly [string, ...string[]][] = [
  ["let x;", "E201 1:6"],
  ["let x = 1\nlet y = 2;", "E201 1:10"],
  ["let if = 1;", "E201 1:5"],
  ["let i32 = 1;", "E201 1:5"],
  ["x = ;", "E202 1:5"],
  [";", "E202 1:1"],
  ["[1, 2,];", "E202 1:7"],
  ["1 = 2;", "E203 1:1"],
  ["let x = 1; x ? 1 : x = 3;", "E203 1:12"],
  ["let x = {}; x?.a = 1;", "E203 1:13"],
  ["f()++;", "E204 1:1"],
  ["++1;", "E204 1:3"],
  ["f(a: 1, 2);", "E205 1:9"],
  ["fn f(a?: 1, b) {}", "E206 1:13"],
  ["fn f(ref a?: 1) {}", "E207 1:10"],
  ["fn f(...a, b) {}", "E208 1:9"],
  [`fn f(${Array.from({ length: 65 }, (_, i) => `p${i}`).join(", ")}) {}`, "E209 1:316"],
  [`f(${"1,".repeat(64)}1);`, "E210 1:131"],
  ["try {}", "E211 1:1"],
  ["switch (1) { foo }", "E212 1:14"],
  ["fn () {}", "E213 1:4"],
  ["export if;", "E214 1:8"],
  ["switch (1) { default: default: }", "E216 1:23"],
  ["a: 5;", "E217 1:1"],
  ["}", "E218 1:1"],
  ["if (1) print(1);", "E201 1:8"],
  ["print(1;", "E201 1:8"],
  ["let o = {\"a\": 1};", "E201 1:10"],
  ["let f = fn g() {};", "E201 1:12"],
  ["while (1) { break x; }", "E301 1:19"],
  ["import { a } from \"b\";", "E305 1:19"],
  ["import * as a from \"b\"; import \"c.so\";", "E305 1:20"],
  ["export { a as b } from \"c\"; extern fn f(x: i32): f64;", "E305 1:24"],
];

describe("errors", () => {
  test.each(INVALID.map(([text, ...expected]) => ({ text, expected, title: text.slice(0, 60) })))("$title", ({ text, expected }) => {
    expect(problems(text).filter((place) => place.startsWith("E"))).toEqual(expected);
  });

  test("each bad statement is reported, good ones between are not", () => {
    const text = "let = 1;\nlet ok = 2;\nif (x { }\nprint(ok);\nfn f( { }\nreturn return;\n";
    expect(problems(text)).toEqual(["E201 1:5", "E201 3:7", "E201 5:7", "E202 6:8"]);
  });
  test("errors inside blocks do not spoil the rest", () => {
    expect(problems("fn f() { let = 1; let b = ; }\nlet c = 1;\nlet d = ;")).toEqual(["E201 1:14", "E202 1:27", "E202 3:9"]);
    expect(problems("switch (1) { case 1: let = 2; foo() case 2: }\nlet = 1;")).toEqual(["E201 1:26", "E201 1:37", "E201 2:5"]);
  });
  test("at most twenty are reported", () => {
    expect(problems("let = 1;\n".repeat(100))).toHaveLength(20);
    expect(problems("@ ".repeat(100)).length).toBeLessThanOrEqual(20);
  });
});

describe("nesting", () => {
  const many = 100_000;
  const DEEP: readonly [string, string][] = [
    ["parentheses", `${"(".repeat(many)}1${")".repeat(many)};`], ["brackets", "[".repeat(many)], ["blocks", "{".repeat(many)],
    ["ifs", "if (1) {".repeat(many)], ["else ifs in blocks", "if (1) {} else {".repeat(many)], ["prefix operators", `${"!".repeat(many)}1;`],
    ["increments", `${"++".repeat(many)}x;`], ["objects", `let o = ${"{a:".repeat(many)}1;`], ["functions", `let f = ${"fn() { return ".repeat(many)}`],
    ["conditionals", `${"1 ? 2 : ".repeat(many)}1;`], ["assignments", `${"a = ".repeat(many)}1;`], ["fields", `a${".b".repeat(many)};`],
    ["calls", `a${"()".repeat(many)};`], ["templates", "`${".repeat(many)], ["types", `let x: ${"array<".repeat(many)}`],
    ["nested functions", `${"fn f() {".repeat(300)}${"}".repeat(300)}`],
  ];
  test.each(DEEP)("100,000 %s are one error", (_, text) => {
    expect(problems(text).map((place) => place.split(" ")[0]).filter((code) => code !== "W401")).toEqual(["E215"]);
  });

  const LONG: readonly [string, string][] = [
    ["sum", `print(${"1 + ".repeat(20_000)}1);`], ["concatenation", `print(${'"a" + '.repeat(3000)}"b");`], ["condition", `print(${"print && ".repeat(20_000)}1);`],
    ["else-ifs", `if (1) {} ${"else if (1) {} ".repeat(20_000)}`], ["array", `print([${"1,".repeat(100_000)}1]);`], ["line", `print("${"x".repeat(1 << 20)}");`],
    ["parentheses", `${"(".repeat(490)}1${")".repeat(490)};`], ["method chain", `print(print${".b(1)".repeat(500)});`],
  ];
  test.each(LONG)("a long %s is fine", (_, text) => {
    expect(problems(text)).toEqual([]);
  });
});

test("which inputs could go on", () => {
  const incomplete = ["fn f() {", "print(", "let x =", "`abc", "\"abc", "/* abc", "if (1) {\n print(1);", "`${", "let o = {a: 1,"];
  const complete = ["", "print(1)", "let x = 1", "fn f() {}", "let = (", "print(1))", "\"a\\q"];
  expect(incomplete.filter((text) => !isIncomplete(text))).toEqual([]);
  expect(complete.filter((text) => isIncomplete(text))).toEqual([]);
});
