// Continuations: captured stacks that may be gone back to any number of times.

import { describe, expect, test } from "vitest";
import { lisp, MiniLisp, type LispOptions, STRESS } from "./mini-lisp.ts";

const WAYS: readonly LispOptions[] = [{}, { optimise: 0 }, STRESS];

function expectOutcome(text: string, expected: string): void {
  for (const way of WAYS) expect(lisp(text, way), `${text} ${JSON.stringify(way)}`).toBe(expected);
}

describe("leaving", () => {
  test.each([
    ["the value of the function", "(define (f) (+ 1 (call/cc (lambda (k) 5)))) (f)", "6"],
    ["the value given", "(define (f) (+ 1 (call/cc (lambda (k) (+ 10 (k 5)))))) (f)", "6"],
    ["out of a deep recursion", "(define (f n k) (if (= n 0) (k 'out) (+ 1 (f (- n 1) k)))) (define (g) (cons 1 (call/cc (lambda (k) (f 3000 k))))) (g)", "(1 . out)"],
    ["out of a map", "(define (g) (call/cc (lambda (k) (map (lambda (x) (if (= x 3) (k x) x)) '(1 2 3 4))))) (cons 0 (g))", "(0 . 3)"],
    ["in tail position", "(define (g) (call/cc (lambda (k) (k 1)))) (cons (g) 2)", "(1 . 2)"],
    ["at the outermost call of a run", "(call/cc (lambda (k) (cons 1 (k 2))))", "2"],
  ])("%s", (_, text, expected) => expectOutcome(text, expected));
});

describe("coming back", () => {
  test("after the function has returned, again and again", () => {
    expectOutcome("(define saved nil) (define n 0) (define (f) (let ((x (call/cc (lambda (k) (begin (set! saved k) 0))))) (begin (set! n (+ n 1)) (if (< x 3) (saved (+ x 1)) (cons x n))))) (cons 'v (f))", "(v 3 . 4)");
  });

  test("in a later run", () => {
    const machine = new MiniLisp();
    expect(machine.run("(define saved nil) (define (f) (cons 'first (call/cc (lambda (k) (begin (set! saved k) 1))))) (cons 0 (f))")).toBe("(0 first . 1)");
    expect(machine.run("(cons 'never (saved 2))")).toBe("(0 first . 2)");
    expect(machine.run("(begin (saved 3) 'never)")).toBe("(0 first . 3)");
  });

  test("into a map: results made before are kept, those after are made anew", () => {
    const text = `(define saved nil) (define n 0)
      (define (f) (map (lambda (x) (if (= x 2) (call/cc (lambda (k) (begin (set! saved k) x))) x)) '(1 2 3)))
      (define (g) (let ((r (f))) (begin (set! n (+ n 1)) (if (< n 3) (saved (* n 100)) r)))) (cons 'v (g))`;
    expectOutcome(text, "(v 1 200 3)");
  });

  test("from a deeper and from a shallower stack, which grows as needed", () => {
    const text = `(define saved nil) (define n 0)
      (define (deep d) (if (= d 0) (call/cc (lambda (k) (begin (set! saved k) 0))) (+ 1 (deep (- d 1)))))
      (define (g) (let ((r (deep 5000))) (begin (set! n (+ n 1)) (if (< n 3) (saved n) (cons r n))))) (cons 'v (g))`;
    expect(lisp(text)).toBe("(v 5002 . 3)");
    expect(lisp(`${text} (define (h) (cons 'h (begin (set! n 0) (saved 7)))) (h)`)).toBe("(v 5002 . 3)");
  });

  test("a generator: two stacks take turns", () => {
    const text = `(define return nil) (define resume nil)
      (define (yield x) (call/cc (lambda (k) (begin (set! resume k) (return x)))))
      (define (walk tree) (if (pair? tree) (begin (walk (car tree)) (walk (cdr tree))) (if (null? tree) nil (yield tree))))
      (define (next tree) (call/cc (lambda (r) (begin (set! return r) (if resume (resume nil) (begin (walk tree) (return 'end)))))))
      (define (all tree) (let ((x (next tree))) (if (eq? x 'end) '() (cons x (all tree)))))
      (define tree (cons (cons 1 (cons 2 '())) (cons 3 (cons (cons 4 '()) '()))))
      (cons 'g (all tree))`;
    expectOutcome(text, "(g 1 2 3 4)");
  });

  test("choices tried in turn", () => {
    const text = `(define stack '())
      (define (fail) (if (null? stack) 'none (let ((k (car stack))) (begin (set! stack (cdr stack)) (k k)))))
      (define (amb choices) (let ((left choices)) (let ((k (call/cc (lambda (k) k)))) (if (null? left) (fail) (let ((x (car left))) (begin (set! left (cdr left)) (set! stack (cons k stack)) x))))))
      (define (solve) (let ((a (amb '(1 2 3 4 5 6 7)))) (let ((b (amb '(1 2 3 4 5 6 7)))) (if (= (* a b) 35) (cons a b) (fail))))) (cons 'v (solve))`;
    expectOutcome(text, "(v 5 . 7)");
  });
});

describe("what a continuation brings with it", () => {
  test("the chain of handlers and tries", () => {
    const text = `(define saved nil) (define n 0)
      (define (f) (try (begin (call/cc (lambda (k) (set! saved k))) (set! n (+ n 1)) (car 5)) (catch e (cons n (:message e)))))
      (define (g) (let ((r (f))) (if (< n 3) (saved nil) r))) (cons 'v (g))`;
    expectOutcome(text, "(v 3 . \"expected list or vector, got int\")");
  });

  test("the depth: leaving by a continuation frees frames", () => {
    const text = "(define (f n) (if (= n 0) 0 (+ 0 (f (- n 1))))) (define (g i) (if (= i 0) 'done (begin (call/cc (lambda (k) (begin (f 50) (k 1)))) (g (- i 1))))) (g 200)";
    expect(lisp(text, { settings: { stackDepth: 100 } })).toBe("done");
  });

  test("no fuel: going back in circles uses it up", () => {
    const machine = new MiniLisp();
    machine.run("(define (f) (let ((k (call/cc (lambda (k) k)))) (k k)))");
    machine.vm.fuel = 1000;
    expect(machine.run("(cons 1 (f))")).toBe("parked");
    expect(machine.resume(1000)).toBe("parked");
  });

  test("runs that park in the middle go on", () => {
    const machine = new MiniLisp();
    machine.run("(define (f n a) (if (= n 0) a (f (- n 1) (+ a (call/cc (lambda (k) (+ 1 (k n))))))))");
    machine.vm.fuel = 7;
    let result = machine.run("(f 100 0)"), parks = 0;
    for (; result === "parked"; parks++) result = machine.resume(7);
    expect(result).toBe("5050");
    expect(parks).toBeGreaterThan(20);
  });
});

test("a continuation needs its one value, and can be passed around like any function", () => {
  expectOutcome("(define (f) (cons 1 (call/cc (lambda (k) (apply k '(5)))))) (f)", "(1 . 5)");
  expectOutcome("(define (f) (cons 1 (call/cc (lambda (k) (map k '(1 2)))))) (f)", "(1 . 1)");
});

test("the tree engine says that it has none", () => {
  expect(() => lisp("(call/cc (lambda (k) 1))", { engine: "tree" })).toThrow("the tree engine cannot capture continuations");
});
