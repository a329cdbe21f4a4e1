// What names, calls and statements become. The IR is shown on one line by `lowered`; `x?` is a local that may not be
// initialised, `@x` a global, `%x` a native.

import { describe, expect, test } from "vitest";
import { printAst } from "../../src/front/hemlock/print-ast.ts";
import { Source } from "../../src/text/source.ts";
import { compileText, lowered, problems } from "./support.ts";

describe("names", () => {
  test("top-level names are globals, others locals", () => {
    expect(lowered("let x = 1; { let y = x; y = 2; }")).toBe("(define @x 1) (scope (y) (block (let y @x) (set y 2)))");
    expect(lowered("const c = 1; fn f() {}")).toBe("(define-const @c 1) (define @f (function f () (block (block) null)))");
  });
  test("before its let a name is the outer one, in the same function", () => {
    expect(lowered("let x = 1; { print(x); let x = 2; print(x); }"))
      .toBe("(define @x 1) (scope (x) (block (native %print @x) (let x 2) (native %print x)))");
  });
  test("an initialiser does not see its own variable, a function does", () => {
    expect(lowered("let x = 1; { let x = x; }")).toBe("(define @x 1) (scope (x) (block (let x @x)))");
    expect(lowered("{ let f = fn() { return f; }; }")).toContain("(return f)");
  });
  test("a nested function sees a later variable once it is there", () => {
    expect(lowered("let x = 1; { let g = fn() { return x; }; let x = 2; }")).toContain("(return (local x (on-hole @x)))");
    expect(lowered("{ let g = fn() { return x; }; let x = 2; }")).toContain("(return x?)");
    expect(lowered("{ let x = 2; let g = fn() { return x; }; }")).toContain("(return x)");
  });
  test("assigning a later variable assigns the outer one until it is there", () => {
    const text = lowered("let x = 1; { let g = fn() { x = 3; }; let x = 2; }");
    expect(text).toContain("(local x (on-hole (break :assigned (set @x value))))");
    expect(text).toContain("(set x value)");
  });
  test("parameters and body are different scopes, for variables too", () => {
    expect(lowered("fn f(a) { let a = a; }")).toContain("(scope (a.2) (block (let a.2 a)))");
    expect(lowered("for (let i = 0; i < 1; i++) { let i = 5; }")).toContain("(scope (i.2) (block (let i.2 5)))");
  });
  test("of two parameters with one name the first counts", () => {
    expect(lowered("fn f(a, a) { return a; }")).toBe("(define @f (function f (a a.2) (block (return a))))");
    expect(problems("fn f(a, ...a) {}")).toEqual(["W405 1:12"]);
  });
  test("redeclaration of a local fails after its initialiser", () => {
    expect(lowered("{ let x = 1; let x = print(2); }"))
      .toBe("(scope (x) (block (let x 1) (block (native %print 2) (fail \"Variable 'x' already defined in this scope\"))))");
  });
  test("assignment to a local const fails after the value", () => {
    expect(lowered("{ const x = 1; x = 2; }")).toBe("(scope (x) (block (let x 1) (block 2 (fail \"Cannot assign to constant 'x'\"))))");
  });
  test("defaults do not see parameters", () => {
    expect(lowered("let a = 1; fn f(a, b?: a) {}")).toContain("(function f (a (b (default @a)))");
  });
});

describe("library names", () => {
  test("untouched natives are constants and are called directly, names of arguments ignored", () => {
    expect(lowered("print(1); let p = print; print(b: 2);")).toBe("(native %print 1) (define @p %print) (native %print 2)");
    expect(lowered("apply(print, [1]); let a = apply;")).toBe("(call @$apply %print (array 1)) (define @a @$apply)");
  });
  test("a definition shows the native until it has run", () => {
    expect(lowered("floor(1); let floor = 2;")).toBe("(call (global @floor (on-hole %floor)) 1) (define @floor 2)");
  });
  test("an assignment makes a global of the native first", () => {
    expect(lowered("floor = 2; floor(1);")).toBe("(define @floor %floor) (set @floor 2) (call @floor 1)");
  });
  test("locals shadow natives", () => {
    expect(lowered("{ let floor = 2; floor(1); }")).toContain("(call floor 1)");
  });
  test("type words", () => {
    expect(lowered("i32(\"5\"); print(u8); string; buffer(3);")).toBe("(native %$construct <i32> \"5\") (native %print <u8>) null (native %buffer 3)");
    expect(lowered("i32(1, 2);")).toContain("(fail \"Type constructor expects exactly 1 argument\")");
  });
});

describe("self", () => {
  test("outside of functions it is undefined", () => {
    expect(lowered("print(self);")).toBe("(native %print @self)");
  });
  test("a nested function falls back on the receiver of the enclosing one", () => {
    const text = lowered("fn f() { return fn() { return self; }; }");
    expect(text).toContain("(self self)");
    expect(text).toContain("(return (local self.2 (on-hole self?)))");
  });
  test("functions that do not mention it have none", () => {
    expect(lowered("fn f() { return 1; }")).not.toContain("self");
  });
  test("a deferred expression uses that of its function", () => {
    expect(lowered("fn f() { defer print(self); }")).toContain("(function defer () (native %print self?))");
  });
});

describe("expressions", () => {
  test("compound assignment evaluates its target twice", () => {
    expect(lowered("let a = []; a[print(0)] += 1;")).toContain("(set-index @a (native %print 0) (add (index @a (native %print 0)) 1))");
    expect(lowered("let o = {}; o.f ??= 1;")).toContain("(set-field @o f (coalesce (get @o f) 1))");
  });
  test("++ evaluates its target once", () => {
    expect(lowered("let a = []; let x = a[print(0)]++;"))
      .toContain("(scope (object index old) (block (let object @a) (let index (native %print 0)) (let old (index object index)) (set-index object index (inc old)) old))");
    expect(lowered("let x = 1; x++; let y = --x;")).toBe("(define @x 1) (set @x (inc @x)) (define @y (set @x (dec @x)))");
  });
  test("a minus belongs to the integer literal behind it", () => {
    expect(lowered("print(-2147483648); print(-2147483649); print(-(1)); print(-1.5);"))
      .toBe("(native %print -2147483648) (native %print -2147483649:i64) (native %print (neg 1)) (native %print (neg 1.5))");
  });
  test("precedence", () => {
    expect(lowered("print(1 & 3 == 3);")).toBe("(native %print (bit-and 1 (eq 3 3)))");
    expect(lowered("print(1 + 2 * 3 - 4);")).toBe("(native %print (sub (add 1 (mul 2 3)) 4))");
    expect(lowered("print(1 || 2 && 3 ?? 4);")).toBe("(native %print (coalesce (or 1 (and 2 3)) 4))");
    expect(lowered("print(1 << 2 + 3 < 4);")).toBe("(native %print (lt (shl 1 (add 2 3)) 4))");
  });
  test("calls", () => {
    expect(lowered("let o = {}; o.m(1, b: 2); o?.m(); o[\"m\"](1);")).toContain("(call-method @o m 1 (b: 2)) (call-method? @o m) (call (index @o \"m\") 1)");
    expect(lowered("let f = null; f?.(1);")).toContain("(scope (f) (block (let f @f) (if (strict-eq f null) null (call f 1))))");
  });
  test("templates", () => {
    expect(lowered("print(`a${1}b`); print(`x`); print(``); print(`a\\x00b${1}`);"))
      .toBe("(native %print (interpolate \"a\" 1 \"b\")) (native %print \"x\") (native %print \"\") (native %print \"a\")");
  });
});

describe("annotations", () => {
  test("scalars convert inline, structured types in the library", () => {
    expect(lowered("let a: i32 = 1.5;")).toBe("(define @a (convert i32 1.5))");
    expect(lowered("let a: array<Box<u8>?> = 1;")).toBe("(define @a (call @$convert 1 [37 [49 [48 \"Box\" [17]]]] 0))");
    expect(lowered("let a: A & B = 1;")).toBe("(define @a (call @$convert 1 [50 [[48 \"A\" []] [48 \"B\" []]]] 0))");
  });
  test("nullable scalars keep null", () => {
    expect(lowered("let a: i32? = 1;")).toBe("(define @a (scope (value) (block (let value 1) (if (strict-eq value null) null (convert i32 value)))))");
  });
  test("parameters, rest and return", () => {
    const text = lowered("fn f(a: u8, ref b: u8, ...c: i32): string { return a; }");
    expect(text).toContain("(a (convert (convert u8 a)))");
    expect(text).toContain(" ref b (...c");
    expect(text).toContain("$convert_rest");
    expect(text).toContain("(return (convert string a))");
  });
  test("the end of a function with a return type fails where it can be reached", () => {
    expect(lowered("fn f(): i32 {}")).toContain("(fail \"Cannot convert type to target type\")");
    expect(lowered("fn f(): i32? {}")).toContain("(fail \"Function with return type must return a value\")");
    expect(lowered("fn f(): i32 { if (1) { return 1; } else { throw 2; } }")).not.toContain("fail");
    expect(lowered("fn f(): null {} fn g(): void { return; }")).not.toMatch(/fail|convert/);
  });
});

describe("references", () => {
  const inc = "fn inc(ref v) { v++; } ";
  test("a reference parameter is read and written through", () => {
    expect(lowered(inc)).toContain("(set-ref v (inc (get-ref v)))");
  });
  test("calls of a known function ask only where it takes references", () => {
    expect(lowered(`${inc}let x = 1; inc(x); inc(v: x); inc(1);`))
      .toContain("(scope (inc) (block (let inc @inc) (call inc (if (is-ref-param inc 0) (make-ref @x) @x)))) (scope (inc.2) (block (let inc.2 @inc) (call inc.2 (v: (if (native %$takes_ref inc.2 0 \"v\") (make-ref @x) @x))))) (call @inc 1)");
    expect(lowered(`${inc}fn id(v) {} let x = 1; id(x);`)).toContain("(call @id @x)");
  });
  test("calls of an unknown function ask", () => {
    expect(lowered(`${inc}let g = inc; let x = 1; g(x);`)).toContain("(let g @g) (call g (if (is-ref-param g 0) (make-ref @x) @x))");
    expect(lowered("let g = 1; let x = 1; g(x);", { refFunctions: true })).toContain("is-ref-param");
    expect(lowered("let g = 1; let x = 1; g(x);")).not.toContain("is-ref-param");
  });
  test("element and field references evaluate their parts once", () => {
    expect(lowered(`${inc}let a = [1]; inc(a[print(0)]);`))
      .toContain("(scope (object index) (block (let object @a) (let index (native %print 0)) (if (is-ref-param inc 0) (make-ref (index object index)) (index object index))))");
  });
  test("methods", () => {
    expect(lowered(`${inc}let o = {inc: inc}; let x = 1; o.inc(x); o.push(x);`)).toContain("(call-method object inc (if (is-ref-param inc 0) (make-ref @x) @x))");
  });
});

describe("statements", () => {
  test("loops and labels", () => {
    expect(lowered("a: while (1) { loop { continue a; } }")).toBe("(loop :a 1 (block (loop :loop forever (block (continue :a)))))");
  });
  test("break leaves the switch, continue the loop around it", () => {
    expect(lowered("loop { switch (1) { case 1: break; default: continue; } }"))
      .toContain("(switch :switch 1 ((case 1) (block (break :switch))) (default case (block (continue :loop))))");
  });
  test("defer", () => {
    expect(lowered("fn f() { defer print(1); return 2; }"))
      .toContain("(scope ($defers) (block (let $defers (array)) (try (block (call-method $defers push (function defer () (native %print 1))) (return 2)) (finally (call @$run_defers $defers)))))");
  });
  test("types", () => {
    expect(lowered("enum E { A, B = 5 }")).toBe("(define-const @E (call @$make_enum \"E\" [\"A\" \"B\"] (array null 5)))");
    expect(lowered("define P<T> { a, b: T, c?: 5 }"))
      .toBe("(call @$define_type \"P\" [\"T\"] (array (array \"a\" null false null) (array \"b\" [48 \"T\" []] false null) (array \"c\" null true (function P () 5))))");
  });
  test("the value of a program is that of its last expression", () => {
    expect(lowered("let x = 1; x++;")).toBe("(define @x 1) (scope (old) (block (let old @x) (set @x (inc old)) old))");
  });
  test("jumps that lead nowhere are ignored with a warning", () => {
    expect(problems("break; continue; return 1; defer print(1);")).toEqual(["W402 1:1", "W402 1:8", "W403 1:18", "W404 1:28"]);
  });
});

describe("sessions", () => {
  test("globals of earlier inputs are known, later ones may come", () => {
    expect(problems("print(x);", { repl: true, knownGlobals: new Set(["x"]) })).toEqual([]);
    expect(problems("print(x)", { repl: true })).toEqual(["W401 1:7"]);
    expect([...compileText("let a = 1; floor = 2; enum E { A }").definedGlobals]).toEqual(["a", "E", "floor"]);
  });
  test("reference functions are announced", () => {
    expect(compileText("fn f(ref x) {}").refFunctions).toBe(true);
    expect(compileText("fn f(x) {}").refFunctions).toBe(false);
  });
});

describe("syntax tree", () => {
  const print = (text: string): string => printAst(new Source("test.hml", text));
  test("one node a line", () => {
    expect(print("let x: i32 = 1 + y;")).toBe([
      "Let", "  name: text=\"x\"", "  type: Plain code=20", "  value: Binary op=\"Add\"", "    left: Literal", "      value: type=\"i32\" value=1", "    right: Name name=\"y\"", "",
    ].join("\n"));
  });
  test("long chains do not recurse", () => {
    expect(print(`print(${"1 + ".repeat(20_000)}1);`).split("\n").length).toBeGreaterThan(60_000);
  });
});

describe("limits", () => {
  test("compound assignments nested in their targets do not multiply without bound", () => {
    expect(problems(`let a = []; ${"a[".repeat(30)}0${"] += 1".repeat(30)};`)).toHaveLength(1);
  });
  test("reference arguments nested in each other stay linear", () => {
    const text = `fn f(ref x) {} let g = f; let a = []; ${"g(a[".repeat(40)}1${"])".repeat(40)};`;
    expect(lowered(text).length).toBeLessThan(20_000);
  });
});
