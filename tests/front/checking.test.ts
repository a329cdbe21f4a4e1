// Warnings of `boxelder check`: what annotations and declarations decide, and nothing that may go well.

import { describe, expect, test } from "vitest";
import { checkTypes } from "../../src/front/hemlock/checking.ts";
import { createVM } from "../../src/index.ts";
import { Source } from "../../src/text/source.ts";

/** Each warning as "line:column text". */
const warnings = (text: string): string[] => {
  const source = new Source("t.hml", text);
  return checkTypes(source).map(({ message, span, hint, code }) => {
    const { line, column } = source.position(span.start);
    expect(code).toMatch(/^W4/);
    return `${line}:${column} ${message}${hint === null ? "" : ` (${hint})`}`;
  });
};

const LITERALS = { integer: "5", float: "5.5", string: "\"s\"", template: "`a${1}`", bool: "true", null: "null", rune: "'c'", array: "[]", object: "{}", function: "fn() {}", negative: "-5" };
const TYPES = ["i8", "u8", "i16", "u16", "i32", "u32", "i64", "f32", "f64", "bool", "rune", "string", "ptr", "buffer", "array", "object"];

test.each(Object.entries(LITERALS))("%s literals: a warning exactly where the program fails", (_, literal) => {
  for (const type of TYPES) {
    const text = `let x: ${type} = ${literal};`;
    expect(warnings(text).length > 0, text).toBe(createVM().run(text).status === "error");
  }
});

describe("values", () => {
  test.each<[string, string[]]>([
    ["let n: u8 = 300; let m: i8 = -129; let ok: i64 = 5000000000;", ["1:13 300 cannot become u8", "1:30 -129 cannot become i8"]],
    ["fn f(): i32 { if (true) { return \"x\"; } return 1; } async fn g(): i32 { return \"x\"; }", ["1:34 this string cannot become i32"]],
    ["let a: array<i32> = [1, \"x\", 'c']; let b: array<i32> = 5; let c: array<array<i32>> = [[1], [{}]];", ["1:25 this string cannot become i32", "1:56 this integer cannot become array<i32>", "1:93 this object cannot become i32"]],
    ["let a: i32? = null; let b: i32? = \"x\"; let c: i32 = null;", ["1:35 this string cannot become i32", "1:53 null cannot become i32"]],
    ["let x: string = 5; let y: bool = 1; let z: Unknown = 5;", []],
    ["let x = 1; let y: i32 = x; let z: i32 = f(); fn f() { return \"s\"; }", []],
  ])("%s", (text, expected) => { expect(warnings(text)).toEqual(expected); });
});

describe("calls", () => {
  test.each<[string, string[]]>([
    ["fn two(a, b) {} two(1); two(1, 2); two(1, 2, 3);", ["1:17 'two' takes 2 arguments, not 1", "1:36 'two' takes 2 arguments, not 3"]],
    ["fn opt(a, b?: 1) {} opt(); opt(1); opt(1, 2); opt(1, 2, 3);", ["1:21 'opt' takes 1 to 2 arguments, not 0", "1:47 'opt' takes 1 to 2 arguments, not 3"]],
    ["fn rest(a, ...more: i32) {} rest(); rest(1, 2, \"x\");", ["1:29 'rest' takes at least 1 argument, not 0", "1:48 this string cannot become i32"]],
    ["fn f(first, second: i32) {} f(1, secnd: 2); f(second: 1, first: 2);", ["1:41 'f' has no parameter 'secnd' (did you mean 'second'?)"]],
    ["fn f(first, second: i32) {} f(1, second: \"x\"); f(second: 2); f(1, first: 2);", ["1:42 this string cannot become i32", "1:48 'f' takes 2 arguments, not 1"]],
    ["let f = fn(a) {}; f(); f = fn() {}; f();", []],
    ["fn f(a) {} fn g(f) { f(); } { let f = fn() {}; f(); }", []],
    ["fn outer() { fn inner(a) {} inner(); } unknown(1, 2);", ["1:29 'inner' takes 1 argument, not 0"]],
    ["fn a(x) {} for (a in [1]) { a(); } fn b(x) {} try { a; } catch (b) { b(); }", []],
  ])("%s", (text, expected) => { expect(warnings(text)).toEqual(expected); });
});

describe("fields of types", () => {
  const POINT = "define Point { x: i32, y: i32, label?: string }\n";
  test.each<[string, string[]]>([
    ["let p: Point = { x: 1, y: 2 }; p.x; p.z; p.lable; p.keys(); p?.other;", ["2:39 the type Point has no field 'z'", "2:44 the type Point has no field 'lable' (did you mean 'label'?)"]],
    ["let p: Point = { x: 1, y: 2, z: 3 }; p.z; let q = { x: 1, y: 2, w: 3 }; let r: Point = q; r.w; r.v;", ["2:98 the type Point has no field 'v'"]],
    ["let p: Point = { x: 1, y: 2, lable: 3 };", ["2:37 the type Point has no field 'lable' (did you mean 'label'?)"]],
    ["let p: Point = { x: \"s\", z: 3 };", ["2:16 an object of the type Point needs the field 'y'", "2:21 this string cannot become i32", "2:29 the type Point has no field 'z'"]],
    ["fn f(p: Point) { return p.zz; } f({ x: 1 }); f(5);", ["2:27 the type Point has no field 'zz'", "2:35 an object of the type Point needs the field 'y'", "2:48 this integer cannot become Point"]],
    ["let p: Point = { x: 1, y: 2 }; p.extra = 1; p.extra; let q: Point = { ...p };", []],
    ["let l: array<Point> = [{ x: 1, y: 2 }, { x: 1 }];", ["2:40 an object of the type Point needs the field 'y'"]],
    ["define Point { other: i32 } let p: Point = { other: 1 };", []],
    ["define Named { name: string } let v: Named & Point = { x: 1, y: 2, name: 5, more: 1 }; let w: Point & Named = { x: 1, y: 2 };", ["2:111 an object of the type Named needs the field 'name'"]],
    ["define Box<T> { value: T } let b: Box<i32> = { value: \"x\" }; let c: Box<i32> = {};", ["2:80 an object of the type Box needs the field 'value'"]],
  ])("%s", (text, expected) => { expect(warnings(POINT + text)).toEqual(expected); });
});

test("vm.check gives them beside other warnings, and none for a program with errors", () => {
  const vm = createVM();
  expect(vm.check("let n: i32 = \"s\";").map(({ severity, message }) => [severity, message])).toEqual([["warning", "this string cannot become i32"]]);
  expect(vm.check("let n: i32 = \"s\"; let = 5;").map(({ severity }) => severity)).toEqual(["error"]);
});
