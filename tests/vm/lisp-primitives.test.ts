// Primitives: what the inline code does, what it leaves to the library, and what becomes of both when a program defines
// their globals anew.

import { describe, expect, test } from "vitest";
import { lisp, MiniLisp, type LispOptions, STRESS } from "./mini-lisp.ts";

/** The same program in every way it can be run. */
const WAYS: readonly LispOptions[] = [
  {}, { peephole: false }, { optimise: 0 }, { engine: "tree" }, STRESS,
];

/** Operands reach the function as arguments, so that nothing is folded. */
function expectValue(expression: string, expected: string): void {
  const text = `(define (f) ${expression}) (f)`;
  for (const way of WAYS.slice(0, 4)) expect(lisp(text, way), `${expression} ${JSON.stringify(way)}`).toBe(expected);
}

describe("arithmetic", () => {
  test.each([
    ["(+ 1 2)", "3"], ["(- 1 2)", "-1"], ["(* 3 4)", "12"], ["(+ 2147483647 1)", "2147483648"], ["(- -2147483648 1)", "-2147483649"],
    ["(* 65536 65536)", "4294967296"], ["(* 123456789 987654321)", "121932631112635269"], ["(* 0 -5)", "0"], ["(+ 1.5 2.5)", "4.0"], ["(* 1.5 2)", "3.0"],
    ["(+ 1 0.5)", "1.5"], ["(- 0.5 1)", "-0.5"], ["(+ 140737488355327 1)", "140737488355328"], ["(* 99999999999 99999999999)", "9999999999800000000001"],
    ["(quotient 7 2)", "3"], ["(quotient -7 2)", "-3"], ["(quotient -2147483648 -1)", "2147483648"], ["(remainder -7 2)", "-1"], ["(remainder -4 2)", "0"],
    ["(modulo -7 2)", "1"], ["(modulo 7 -2)", "-1"], ["(modulo 4 -2)", "0"], ["(/ 6 3)", "2"], ["(/ 7 2)", "7/2"], ["(/ 1.0 4.0)", "0.25"], ["(/ 6 -3)", "-2"],
    ["(quotient 99999999999999 7)", "14285714285714"], ["(modulo -99999999999999 7)", "6"],
  ])("%s", expectValue);

  test.each([["(+ 1 'a)"], ["(car 5)"], ["(< 1 'a)"], ["(quotient 1 0)"], ["(vector-ref [1 2] 2)"], ["(vector-ref '() 0)"]])("%s fails alike everywhere", (expression) => {
    const text = `(define (f) ${expression}) (f)`, outcomes = WAYS.slice(0, 4).map((way) => lisp(text, way));
    expect(outcomes[0]).toMatch(/^throws /);
    expect(new Set(outcomes).size).toBe(1);
  });
});

describe("comparisons", () => {
  const NUMBERS = ["1", "2", "1.0", "2.5", "3000000000", "-1"];
  test.each(["<", "<=", ">", ">=", "="])("%s, as value and as test, with both operands in registers or as numbers", (op) => {
    const machine = new MiniLisp(), holds: { readonly [op: string]: (a: number, b: number) => boolean } =
      { "<": (a, b) => a < b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b, "=": (a, b) => a === b };
    for (const a of NUMBERS) {
      for (const b of NUMBERS) {
        const expected = holds[op]!(Number(a), Number(b)), shown = expected ? "#t" : "#f";
        expect(machine.run(`((lambda (a b) (${op} a b)) ${a} ${b})`), `${a} ${op} ${b}`).toBe(shown);
        expect(machine.run(`((lambda (a b) (if (${op} a b) 1 2)) ${a} ${b})`)).toBe(expected ? "1" : "2");
        expect(machine.run(`((lambda (a) (if (${op} a ${b}) 1 2)) ${a})`)).toBe(expected ? "1" : "2");
        expect(machine.run(`((lambda (b) (if (${op} ${a} b) 1 2)) ${b})`)).toBe(expected ? "1" : "2");
        expect(machine.run(`((lambda (a b) (if (not (${op} a b)) 1 2)) ${a} ${b})`)).toBe(expected ? "2" : "1");
        expect(machine.run(`((lambda (a b) (if (or (${op} a b) #f) 1 2)) ${a} ${b})`)).toBe(expected ? "1" : "2");
      }
    }
  });

  test("nothing is less than, or equal to, what is no number", () => {
    const nan = "(- math/infinity math/infinity)", text = (op: string): string => `(define math/infinity (/ 1.0 0.0)) ((lambda (a) (if (${op} a 1.0) 1 2)) ${nan})`;
    for (const op of ["<", "<=", ">", ">=", "="]) expect(lisp(text(op)), op).toBe("2");
  });

  test("back edges with each kind of test", () => {
    for (const condition of ["(< i 5)", "(not (>= i 5))", "(or (< i 5) #f)", "(pair? (if (< i 5) '(1) '()))", "(not (null? (if (< i 5) '(1) '())))"]) {
      expect(lisp(`(define (f) (let ((i 0)) (begin (while ${condition} (set! i (+ i 1))) i))) (f)`), condition).toBe("5");
    }
  });
});

describe("pairs and vectors", () => {
  test.each([
    ["(car '(1 2))", "1"], ["(cdr '(1 2))", "(2)"], ["(car '())", "nil"], ["(cdr '())", "()"], ["(cons 1 2)", "(1 . 2)"], ["(null? '())", "#t"], ["(null? nil)", "#t"],
    ["(null? '(1))", "#f"], ["(pair? '(1))", "#t"], ["(pair? '())", "#f"], ["(if (null? '()) 1 2)", "1"], ["(if (pair? 5) 1 2)", "2"],
    ["(vector-ref [1 2 3] 1)", "2"], ["(not nil)", "#t"], ["(not 0)", "#f"], ["(zero? 0)", "#t"], ["(zero? 0.0)", "#t"], ["(if (zero? 5) 1 2)", "2"],
    ["(let ((v (vector 1 2 3))) (begin (vector-set! v 1 'x) (vector-ref v 1)))", "x"],
  ])("%s", expectValue);

  test("lists are made, and survive, while the collector runs at every allocation", () => {
    const text = "(define (list-to n) (if (= n 0) '() (cons n (list-to (- n 1))))) (define (sum l a) (if (null? l) a (sum (cdr l) (+ a (car l))))) (sum (map (lambda (x) (* x x)) (list-to 30)) 0)";
    for (const way of WAYS) expect(lisp(text, way)).toBe("9455");
  });
});

describe("eq?", () => {
  test.each([
    ["'a", "'a", true], ["'a", "'b", false], ["'a", "\"a\"", false], [":a", ":a", true], [":a", "'a", false], ["1", "1", true], ["1", "2", false], ["1", "1.0", false],
    ["1.5", "1.5", true], ["\"ab\"", "\"ab\"", true], ["'(1 2)", "'(1 2)", true], ["'(1 2)", "'(1 3)", false], ["[1]", "'(1)", false], ["nil", "'()", false],
    ["nil", "#f", false], ["#t", "#t", true], ["car", "car", true], ["3000000000", "3000000000", true],
  ])("(eq? %s %s)", (a, b, same) => {
    expectValue(`(eq? ${a} ${b})`, same ? "#t" : "#f");
    expectValue(`(if (eq? ${a} ${b}) 1 2)`, same ? "1" : "2");
  });
});

describe("redefinition", () => {
  const REDEFINED: readonly (readonly [name: string, before: string, define: string, after: string, text: string])[] = [
    ["car", "1", "(define (car x) 'mine)", "mine", "(car '(1 2))"],
    ["+", "3", "(define (+ a b) (* a b))", "2", "(+ 1 2)"],
    ["+ of a small number", "3", "(define (+ a b) (cons a b))", "(1 . 2)", "(let ((x 1)) (+ x 2))"],
    ["< as a test", "yes", "(define (< a b) nil)", "no", "(if (< 1 2) 'yes 'no)"],
    ["< with the number first", "yes", "(define (< a b) (= a 7))", "no", "(let ((x 9)) (if (< 3 x) 'yes 'no))"],
    ["> keeps its operands in order", "no", "(define (> a b) (= a 1))", "yes", "(let ((x 1) (y 2)) (if (> x y) 'yes 'no))"],
    ["> as a value", "#f", "(define (> a b) (cons a b))", "(1 . 2)", "(let ((x 1) (y 2)) (> x y))"],
    ["null? as a test", "no", "(define (null? x) #t)", "yes", "(if (null? '(1)) 'yes 'no)"],
    ["zero? as a test", "no", "(define (zero? x) (= x 5))", "yes", "(let ((x 5)) (if (zero? x) 'yes 'no))"],
    ["vector-set!", "nil", "(define (vector-set! v i x) (cons i x))", "(0 . 9)", "(vector-set! (vector 1) 0 9)"],
    ["equal?, which has no instruction of its own", "#t", "(define (equal? a b) 'mine)", "mine", "(equal? 1 1)"],
  ];
  test.each(REDEFINED)("of %s reaches code compiled before", (_, before, definition, after, text) => {
    for (const way of WAYS) expect(lisp(`(define (f) ${text}) (define first (f)) ${definition} (cons first (f))`, way)).toBe(lisp(`(cons '${before} '${after})`));
  });

  test("to a function in TypeScript, and back", () => {
    expect(lisp("(define (f) (car '(1 2))) (define old car) (define a (f)) (set! car cdr) (define b (f)) (set! car old) (cons a (cons b (f)))")).toBe("(1 (2) . 1)");
  });

  test("while it runs: the value of the call that redefined is already the new one's", () => {
    expect(lisp("(define (g x) (begin (define (+ a b) 'new) x)) (define (f) (+ 1 (g 2))) (f)")).toBe("new");
  });

  test("code compiled afterwards calls, in tail position properly", () => {
    expect(lisp("(define (car n) (if (= n 0) 'done (car (- n 1)))) (car 100000)", { settings: { stackDepth: 100 } })).toBe("done");
  });

  test("of not is heeded by values, and by code compiled afterwards", () => {
    expect(lisp("(define (f) (not 1)) (define (not x) 'mine) (cons (f) (if (not #f) 1 2))")).toBe("(mine . 1)");
  });
});
