// The self-hosted part of the library, run on both engines: callbacks, conversions to structured types, definitions, defer.

import { describe, expect, test } from "vitest";
import { createVM } from "../../src/index.ts";
import { tree } from "../../src/tree.ts";
import { TypeCode } from "../../src/ir/types.ts";
import { LIBRARY_SOURCE } from "../../src/library/prelude.hml.ts";

/** What the program prints, and its failure in the last line if there is one. */
function run(text: string, engine: "vm" | "tree"): string {
  let printed = "";
  const host = { write: (bytes: Uint8Array) => { printed += new TextDecoder().decode(bytes); } };
  const result = createVM({ engine: engine === "tree" ? tree : engine, host, gcStressRate: 0.01, verifyHeap: true }).run(text);
  return printed + (result.status === "done" ? "" : `${result.kind}: ${result.message}`);
}
const attempt = (body: string): string => `try { ${body} } catch (e) { print("! " + e); }`;

const CASES: readonly (readonly [name: string, program: string, expected: string])[] = [
  ["map, filter, reduce", "print([1,2,3].map(fn(x) { return x * 2; })); print([1,2,3].filter(fn(x) { return x % 2; })); print([1,2,3].reduce(fn(a, x) { return a + x; })); print([].reduce(fn(a, x) { return a; }, null));", "[2, 4, 6]\n[1, 3]\n6\nnull\n"],
  ["callbacks that are none", ["[1].map(5);", "[1].map(print);", "[1].filter();", "[1].reduce(fn(a) { return a; });", "[].reduce(fn(a, b) { return a; });", "[1].map(fn(a, b) { return a; });"].map(attempt).join("\n"),
    "! map() argument must be a function\n! map() argument must be a function\n! filter() expects 1 argument (predicate function)\n! reduce() on empty array with no initial value\n! Callback expects 2 arguments, got 1\n"],
  ["what a callback appends is visited", "let xs = [1, 2]; let n = 0; print(xs.map(fn(x) { n++; if (n < 3) { xs.push(9); } return x; }));", "[1, 2, 9, 9]\n"],
  ["callbacks may throw and nest", attempt("[[1], [2]].map(fn(x) { return x.map(fn(y) { if (y == 2) { throw \"two\"; } return y; }); });"), "! two\n"],
  ["apply", `print(apply(fn(a, b?: 2) { return a + b; }, [1])); print(apply(sqrt, [4])); print(typeof(apply));${["apply(5, []);", "apply(fn() {}, 5);", "apply(fn(a) {}, []);", "apply(fn(a) {});"].map(attempt).join("\n")}`,
    "3\n2\nbuiltin\n! apply() first argument must be a function\n! apply() second argument must be an array\n! apply(): function expects 1 arguments, got 0\n! apply() expects 2 arguments (function, args_array)\n"],
  ["typed arrays", "let a: array<f64> = [1, 2]; print(typeof(a[0])); a.push(1.5); print(a); a.push(1);", "f64\n[1, 2, 1.5]\nfatal: Type mismatch in typed array - expected element of specific type"],
  ["nested typed arrays", "let a: array<array<i8>> = [[1], [2]]; print(typeof(a[1][0])); let b: array<i32?> = [1, null]; b.push(null); print(b); b.push(1.5);", "i8\n[1, null, null]\nfatal: Type mismatch in typed array - expected element of specific type"],
  ["define", "define P { x: i8, y?: 5, z?: i32 } let p: P = { x: 1.5, w: 2 }; print(p); print(p.serialize()); print(typeof(p.x)); let q: P = { y: 1 };", "<object:P>\n{\"x\":1,\"w\":2,\"y\":5,\"z\":null}\ni8\nfatal: Object missing required field 'x' for type 'P'"],
  ["generics", "define Box<T> { v: T } define Pair<A, B> { a: A, b: array<B> } let b: Box<Box<string>> = { v: { v: 5 } }; print(b.v.v + \"!\"); let p: Pair<i8, f32> = { a: 1, b: [1] }; print(typeof(p.b[0])); let c: Box = { v: 1 };", "5!\nf32\nfatal: Type 'Box' expects 1 type argument(s), got 0"],
  ["compound and nullable types", "define A { a: i32 } define B { b: i32 } let x: A & B = { a: 1, b: 2 }; print(typeof(x)); let n: A? = null; print(n); let y: A & B = 5;", "B\nnull\nfatal: Compound type requires an object"],
  ["unknown types", "let x: Nowhere = 5;", "fatal: Unknown type 'Nowhere'"],
  ["enums", "enum E { A, B = 5, C } print(E.C); print(E); let e: E = 77; print(e); let f: E = 1.5;", "6\n<object:E>\n77\nfatal: Expected enum value (i32) for type 'E'"],
  ["enum values", attempt("enum F { A = 1.5 } print(F.A);"), "! Enum variant 'A' value must be i32\n"],
  ["rest parameters convert", "fn f(...xs: u8) { return typeof(xs[0]); } print(f(1));", "u8\n"],
  ["defer runs all, the last exception wins", `fn fail(x) { throw x; } fn f() { defer print("last"); defer fail("A"); defer print("mid"); defer fail("B"); return 5; } ${attempt("f();")}`, "mid\nlast\n! A\n"],
];

describe.each(["vm", "tree"] as const)("on the %s engine", (engine) => {
  test.each(CASES)("%s", (_, program, expected) => { expect(run(program, engine)).toBe(expected); });
});

test("the codes written in the prelude are those of the IR", () => {
  const written = Object.fromEntries([...LIBRARY_SOURCE.matchAll(/^const \$(\w+) = (\d+);$/gm)].map((match) => [match[1]!, Number(match[2])]));
  expect(written).toEqual({ I32: TypeCode.I32, ARRAY: TypeCode.Array, OBJECT: TypeCode.Object, NULL: TypeCode.Null, NAMED: TypeCode.Named, NULLABLE: TypeCode.Nullable });
});
