// Signalling: handlers run before anything unwinds, in place of the call that failed, and what they answer is its value.

import { describe, expect, test } from "vitest";
import { lisp, type LispOptions, STRESS } from "./mini-lisp.ts";

const WAYS: readonly LispOptions[] = [{}, { optimise: 0 }, { engine: "tree" }, STRESS];

function expectOutcome(text: string, expected: string): void {
  for (const way of WAYS) expect(lisp(text, way), `${text} ${JSON.stringify(way)}`).toBe(expected);
}

describe("what a handler answers is the value of the failing call", () => {
  test.each([
    ["a native called", "(+ 1 (apply car '(5)))"], ["a native in an instruction", "(+ 1 (car 5))"], ["what is not callable", "(+ 1 (5 5))"],
    ["a wrong number of arguments", "(+ 1 ((lambda (x) x)))"], ["a wrong number for a native", "(+ 1 (car))"], ["a keyword", "(+ 1 (:a 5))"], ["apply", "(+ 1 (apply car 5))"],
  ])("%s", (_, expression) => expectOutcome(`(with-handler (lambda (c) 42) (lambda () ${expression}))`, "43"));

  test.each([["(5 5)"], ["((lambda (x) x))"], ["(apply car '(5))"], ["(car 5)"]])("in tail position: %s", (expression) => {
    expectOutcome(`(define (f) ${expression}) (cons 1 (with-handler (lambda (c) 42) (lambda () (f))))`, "(1 . 42)");
  });

  test("a global that is called and not defined: the function to call", () => {
    expectOutcome("(with-handler (lambda (c) cons) (lambda () (cons 0 (foo 1 2))))", "(0 1 . 2)");
    expectOutcome("(define (f x) (foo x x)) (cons 0 (with-handler (lambda (c) cons) (lambda () (f 1))))", "(0 1 . 1)");
    expectOutcome("(with-handler (lambda (c) (lambda () 3)) (lambda () (+ 1 (foo))))", "4");
  });

  test("an instruction that is no call cannot go on", () => {
    expectOutcome("(define seen 0) (cons (try (with-handler (lambda (c) (begin (set! seen (:message c)) 'thrown)) (lambda () (begin (set! nothing 5) 6))) (catch e e)) seen)", "(thrown . \"Unbound variable: nothing\")");
  });

  test("tests take it for their truth", () => {
    expectOutcome("(with-handler (lambda (c) #f) (lambda () (if (< 1 'a) 'yes 'no)))", "no");
    expectOutcome("(with-handler (lambda (c) 5) (lambda () (if (< 1 'a) 'yes 'no)))", "yes");
  });

  test("registers of the function survive", () => {
    expectOutcome("(define (f a b) (let ((c (cons a b))) (let ((d (car 5))) (cons a (cons b (cons c d)))))) (with-handler (lambda (c) 'd) (lambda () (f 1 2)))", "(1 2 (1 . 2) . d)");
  });
});

describe("the order of handlers and tries", () => {
  test.each([
    ["a try inside of the handler comes first", "(with-handler (lambda (c) 'handler) (lambda () (try (car 5) (catch e 'try))))", "try"],
    ["a handler inside of the try comes first", "(try (with-handler (lambda (c) 'handler) (lambda () (car 5))) (catch e 'try))", "handler"],
    ["a handler may unwind to the try", "(try (with-handler (lambda (c) (%throw 'thrown)) (lambda () (car 5))) (catch e e))", "thrown"],
    ["an error in a handler goes to the handler outside", "(with-handler (lambda (c) (cons 'outer (:message c))) (lambda () (with-handler (lambda (c) (cdr 6)) (lambda () (car 5)))))", "(outer . \"expected list or vector, got int\")"],
    ["a handler inside the catch clause is asked again", "(with-handler (lambda (c) 'outer) (lambda () (try (car 5) (catch e (car 6)))))", "outer"],
    ["nobody", "(with-handler (lambda (c) (%throw c)) (lambda () (foo)))", "throws Unbound variable: foo"],
  ])("%s", (_, text, expected) => expectOutcome(text, expected));
});

test("a handler that calls what fails asks the next one only", () => {
  expectOutcome("(define n 0) (with-handler (lambda (c) n) (lambda () (with-handler (lambda (c) (begin (set! n (+ n 1)) (car 5))) (lambda () (car 5)))))", "1");
});

test("signals while the run is parked again and again", async () => {
  const { MiniLisp } = await import("./mini-lisp.ts");
  const machine = new MiniLisp();
  machine.run("(define (f n a) (if (= n 0) a (f (- n 1) (+ a (with-handler (lambda (c) n) (lambda () (car 5)))))))");
  machine.vm.fuel = 10;
  let result = machine.run("(f 50 0)"), parks = 0;
  while (result === "parked") {
    parks++;
    result = machine.resume(10);
  }
  expect(result).toBe("1275");
  expect(parks).toBeGreaterThan(20);
});
