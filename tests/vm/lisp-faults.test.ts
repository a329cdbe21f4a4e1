// Faults of Lisp code: what the engines raise themselves, as conditions, in both engines alike.

import { describe, expect, test } from "vitest";
import { lisp, MiniLisp, type LispOptions } from "./mini-lisp.ts";

const ENGINES: readonly LispOptions[] = [{}, { engine: "tree" }, { optimise: 0 }];

function expectOutcome(text: string, expected: string): void {
  for (const way of ENGINES) expect(lisp(text, way), `${text} ${JSON.stringify(way)}`).toBe(expected);
}

describe("calls", () => {
  test.each([
    ["(5 6)", "throws Eval error: not callable: 5 (int)"], ["('(1) 6)", "throws Eval error: not callable: (1) (list)"], 
    ["(define (f x) (x)) (f \"a\")", "throws Eval error: not callable: \"a\" (string)"],
    ["(foo 1)", "throws Unbound variable: foo"], ["(define (f) (foo 1)) (f)", "throws Unbound variable: foo"],
    ["((lambda (x) x))", "throws Arity error: <lambda> expects 1 argument, got 0"], ["(define (f x y) x) (f 1)", "throws Arity error: f expects 2 arguments, got 1"],
    ["(define (f) 1) (f 2)", "throws Arity error: f expects no arguments, got 1"], ["(define (f x . r) r) (f)", "throws Arity error: f expects 1 or more arguments, got 0"],
    ["(car 1 2)", "throws Arity error: car expects 1 argument, got 2"],
    ["(:a 1)", "throws Type error: expected map or hashmap, got int"], ["(:a)", "throws Arity error: :a expects 1 argument, got 0"],
    ["(define f :a) (f '())", "throws Type error: expected map or hashmap, got list"],
    ["(try (car 5) (catch e (:type e)))", ":type-error"], ["(try (foo) (catch e (:name e)))", "\"foo\""], ["(try ((lambda (x) x)) (catch e (:expected e)))", "\"1\""],
    ["(try (car 5) (catch e (:nothing e)))", "nil"],
  ])("%s", expectOutcome);
});

describe("arguments", () => {
  test.each([
    ["((lambda (a . r) (cons a r)) 1 2 3)", "(1 2 3)"], ["((lambda (a . r) (cons a r)) 1)", "(1)"], ["((lambda r r))", "()"],
    ["(apply + '(1 2))", "3"], ["(define (f . r) r) (apply f [1 2 3])", "(1 2 3)"], ["(define (f . r) r) (apply f '())", "()"],
    ["(apply + 5)", "throws Type error: expected list, vector, or mutable-array, got int in apply"], ["(apply + (cons 1 2))", "throws Type error: expected list, vector, or mutable-array, got list in apply"],
    ["(apply 5 '(1))", "throws Eval error: not callable: 5 (int)"],
    ["(define (loop n . rest) (if (= n 0) 'done (apply loop (cons (- n 1) rest)))) (loop 1000 1 2)", "done"],
  ])("%s", expectOutcome);

  test("a circular list is no list of arguments", () => {
    expectOutcome("(define l (cons 1 nil)) (set-cdr! l l) (apply + l)", "throws Type error: expected list, vector, or mutable-array, got list in apply");
  });

  test("a long list: the stack grows for it", () => {
    expect(lisp("(define (iota n l) (if (= n 0) l (iota (- n 1) (cons n l)))) (define (f . r) (car (cdr r))) (apply f (iota 100000 '()))")).toBe("2");
  });
});

describe("depth", () => {
  const DEEP = "(define (deep n) (if (= n 0) 0 (+ 1 (deep (- n 1)))))";
  const MEMORY = { maxBytes: 256 << 20 };

  test("a million frames", () => {
    expect(lisp(`${DEEP} (deep 999000)`, { heap: MEMORY })).toBe("999000");
  });

  test("more is an error that can be caught", () => {
    expect(lisp("(define (f n) (+ 1 (f n))) (try (f 1) (catch e (:message e)))", { heap: MEMORY })).toBe("\"stack overflow: maximum call depth exceeded\"");
  });

  test("as is a stack that memory has no room for", () => {
    expect(lisp(`${DEEP} (cons (try (deep 900000) (catch e (:message e))) (deep 1000))`, { heap: { maxBytes: 16 << 20 } })).toBe("(\"stack overflow: maximum call depth exceeded\" . 1000)");
  });

  test("a limit of the host counts", () => {
    expect(lisp(`${DEEP} (try (deep 200) (catch e (:message e)))`, { settings: { stackDepth: 100 } })).toBe("\"stack overflow: maximum call depth exceeded\"");
  });

  test("a handler of the overflow runs on top of it", () => {
    const text = "(define (f n) (+ 1 (f n))) (define (g) (call/cc (lambda (k) (with-handler (lambda (c) (k (:message c))) (lambda () (f 1)))))) (define (twice) (cons (g) (g))) (twice)";
    expect(lisp(text, { settings: { stackDepth: 100 } })).toBe("(\"stack overflow: maximum call depth exceeded\" . \"stack overflow: maximum call depth exceeded\")");
  });

  test("tail calls take none: of globals, of values, to each other, through apply", () => {
    const settings = { stackDepth: 60 };
    expect(lisp("(define (even? n) (if (= n 0) #t (odd? (- n 1)))) (define (odd? n) (if (= n 0) #f (even? (- n 1)))) (even? 30001)", { settings })).toBe("#f");
    expect(lisp("(define (f g n) (if (= n 0) 'done (g g (- n 1)))) (f f 30000)", { settings })).toBe("done");
    expect(lisp("(define (f n . r) (if (= n 0) 'done (f (- n 1) 1 2 3))) (f 30000)", { settings })).toBe("done");
    expect(lisp("(define (f a b c) (if (= a 0) b (f (- a 1) c b))) (define (f2 a) (f a 1 2)) (f2 5001)", { settings })).toBe("2");
  });

  test("out of memory is a condition", () => {
    expect(lisp("(define (grow l) (grow (cons 1 l))) (try (grow '()) (catch e (:message e)))", { heap: { maxBytes: 8 << 20 } })).toBe("\"out of memory\"");
  });
});

describe("the stack trace of a condition", () => {
  test("lists frames from the innermost out, fifty at most", () => {
    const machine = new MiniLisp();
    machine.run("(define (inner x) (begin (car x) 1)) (define (outer x) (+ 1 (inner x))) (define trace (try (+ 1 (outer 5)) (catch e (:stack-trace e))))");
    expect(machine.run("(map :name trace)")).toBe("(\"inner\" \"outer\" \"<lambda>\")");
    expect(machine.run("(map :file trace)")).toBe("(\"test\" \"test\" \"test\")");
    machine.run("(define (deep n) (+ 1 (deep n))) (define (length l n) (if (null? l) n (length (cdr l) (+ n 1))))");
    expect(machine.run("(length (try (deep 1) (catch e (:stack-trace e))) 0)")).toBe("50");
  });
});
