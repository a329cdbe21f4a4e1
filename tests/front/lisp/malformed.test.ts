// Malformed forms: each is refused before anything of it runs, with the form's name in the text.

import { describe, expect, test } from "vitest";
import { compileOne, errors, messages } from "./support.ts";

const CASES: readonly (readonly [source: string, message: string])[] = [
  ["(if)", "if expects 2 or 3 arguments, got 0"], ["(if 1 2 3 4)", "if expects 2 or 3 arguments, got 4"],
  ["(quote)", "quote expects 1 argument, got 0"], ["(quasiquote 1 2)", "quasiquote expects 1 argument, got 2"],
  ["(let)", "let expects 2 or more arguments, got 0"], ["(let ((x 1)))", "let expects 2 or more arguments, got 1"],
  ["(let ((x)) 1)", "let: each binding must have 2 elements"], ["(let (x) 1)", "let: expected a list"], ["(let 5 1)", "let: expected a list"],
  ["(let ((5 1)) 1)", "let: binding name must be a symbol, vector, or map pattern"],
  ["(let loop ((x 1)))", "named let expects 3 or more arguments, got 2"], ["(let loop ((5 1)) 1)", "named let: expected a symbol"],
  ["(letrec ((5 1)) 1)", "letrec: binding name must be a symbol, vector, or map pattern"], ["(let* 5 1)", "let*: expected a list"],
  ["(lambda)", "lambda expects 2 or more arguments, got 0"], ["(lambda 5 1)", "expected list or vector, got int"], ["(lambda (1) 1)", "lambda: expected a symbol"],
  ["(fn (x))", "lambda expects 2 or more arguments, got 1"],
  ["(define)", "define expects 2 or more arguments, got 0"], ["(define x)", "define expects 2 or more arguments, got 1"], ["(define x 1 2)", "define expects 2 arguments, got 3"],
  ["(define 5 1)", "expected symbol, list, vector, or map, got int"], ["(define (f) )", "define expects 2 or more arguments, got 1"], ["(define (5) 1)", "define: expected a symbol"],
  ["(defun f (x))", "defun expects 3 or more arguments, got 2"], ["(defun 5 (x) 1)", "defun: expected a symbol"],
  ["(set! x)", "set! expects 2 arguments, got 1"], ["(set! 5 1)", "set!: expected a symbol"],
  ["(cond 5)", "cond: expected a list"], ["(cond ())", "cond: clause must not be empty"],
  ["(case)", "case expects 2 or more arguments, got 0"], ["(case 1 5)", "case: expected a list"], ["(case 1 (2 3))", "case: expected a list"],
  ["(when 1)", "when expects 2 or more arguments, got 1"], ["(unless)", "unless expects 2 or more arguments, got 0"], ["(while #f)", "while expects 2 or more arguments, got 1"],
  ["(do)", "do expects 2 or more arguments, got 0"], ["(do (i) (#t))", "do: expected a list"], ["(do ((i)) (#t))", "do: binding must be (var init) or (var init step)"],
  ["(do ((i 0)) ())", "do: test clause must not be empty"],
  ["(match 1)", "match expects 2 or more arguments, got 1"], ["(match 1 5)", "match: each clause must be a list or vector"], ["(match 1 ())", "match: clause must not be empty"],
  ["(try)", "try expects 1 or more arguments, got 0"], ["(try 1)", "try: expected a list"], ["(try 1 (catch e))", "try: catch needs (catch var handler...)"],
  ["(try 1 (catch 5 1))", "try catch: expected a symbol"], ["(throw)", "throw expects 1 argument, got 0"], ["(delay 1 2)", "delay expects 1 argument, got 2"],
  ["(defmacro m (x))", "defmacro expects 3 or more arguments, got 2"], ["(defmacro 5 (x) 1)", "defmacro: name must be a symbol"], ["(defmacro m 5 1)", "defmacro: params must be a list"],
  ["(define-syntax foo)", "define-syntax: expected (define-syntax name (syntax-rules ...))"], ["(define-syntax foo 5)", "define-syntax: transformer must be a (syntax-rules ...) form"],
  ["(define-syntax foo (syntax-rules))", "syntax-rules: malformed — expected (syntax-rules (literals...) rules...)"],
  ["(define-syntax foo (syntax-rules () (5)))", "syntax-rules: each rule must be (pattern template)"],
  ["(define-record-type p)", "define-record-type: requires at least type name, constructor, and predicate"], ["(define-record-type p (p x) p? 5)", "define-record-type: expected a list"],
  ["(defmulti m)", "defmulti expects 2 arguments, got 1"], ["(defmethod m 1)", "defmethod expects 3 arguments, got 2"],
  ["(let-values ((x)) 1)", "let-values: each clause must be (formals producer)"], ["(define-values (a))", "define-values expects 2 arguments, got 1"],
  ["(->)", "-> expects 1 or more arguments, got 0"], ["(if-let (x) 1 2)", "if-let: binding must be (name expr)"], ["(guard 5 1)", "guard: expected a list"],
  ["(parameterize)", "parameterize expects 1 or more arguments, got 0"], ["(module m)", "module expects 2 or more arguments, got 1"], ["(import)", "import expects 1 or more arguments, got 0"],
  ["(case-lambda (5))", "case-lambda: each clause must be (params body...)"], ["(with-restarts ((x)) 1)", "with-restarts: each restart must be (name (params...) body...)"],
  ["(syntax-error \"no good\")", "no good"], ["`{,@x 1}", "quasiquote: unquote-splicing is not allowed in a map"], ["(f . x)", "this is no expression: (f . x)"], ["(if . x)", "if: expected a proper list"],
];

test.each(CASES)("%s", (source, message) => {
  expect(messages(compileOne(source).diagnostics)[0] ?? errors(source)[0]).toBe(message);
  // The same inside of other forms.
  expect(messages(compileOne(`(lambda () (list 1 ${source}))`).diagnostics)[0]).toBe(message);
});

describe("places", () => {
  test("the form, or the part of it that is wrong", () => {
    expect(errors("\n  (if)")).toEqual(["2:3 if expects 2 or 3 arguments, got 0"]);
    expect(errors("(let ((x 1) (y)) x)")).toEqual(["1:13 let: each binding must have 2 elements"]);
  });
  test("several in one program", () => {
    expect(errors("(if)\n(f (when))\n(list 1)")).toEqual(["1:1 if expects 2 or 3 arguments, got 0", "2:4 when expects 2 or more arguments, got 0"]);
  });
  test("in the expansion of a macro it is the use", () => {
    expect(errors("(define-syntax m (syntax-rules () ((_ x) (if))))\n (m 1)")).toEqual(["2:2 if expects 2 or 3 arguments, got 0"]);
  });
});
