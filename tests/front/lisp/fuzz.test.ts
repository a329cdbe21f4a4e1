// Random and mutated texts: reading and lowering must answer each with a program or with errors, and never throw or hang.
// The seed is fixed; change SEED to look for more.

import { expect, test } from "vitest";
import { isIncomplete } from "../../../src/front/lisp/index.ts";
import { findProblems } from "../../../src/ir/verify.ts";
import { renderDiagnostic } from "../../../src/text/diagnostics.ts";
import { Random } from "../../support/random.ts";
import { compileText } from "./support.ts";

const SEED = 20_261_121;

const PROGRAM = `#!run
(define-syntax my-or (syntax-rules (else) ((_) #f) ((_ e) e) ((_ e r ...) (let ((t e)) (if t t (my-or r ...)))) ((_ (a b ...) ...) '((b ... a) ...))))
(define (f x [a & rest] {:keys [k] :z q} . more) (define-values (p . r) (values 1 2)) (define g (lambda (n) (if (zero? n) p (h (- n 1))))) (define (h n) (g n)) (list x a rest k q more r (g 3)))
(let loop ((i 0) (acc '())) (cond ((= i 3) => (lambda (v) v)) ((my-or #f i) (set! acc (cons (lambda () i) acc)) (loop (+ i 1) acc)) (else f"a\${(+ i 1)}b")))
(match x ([:add a [b _] & c] when (> a b) (* a b)) ({:k 1 :keys [z]} z) ('(1 2) "s") (#\\a nil) (_ \`(1 ,x ,@y [z# ,@w] {:k ,v} (quasiquote (a ,(b ,c))))))
(do ((i 0 (+ i 1)) (j 10)) ((= i j) i) (while (< i j) (define t (* i 2)) (set! i t)))
(try (guard (e ((string? e) => display) (else e)) (raise 1)) (catch err (throw err)))
(define-record-type point (make-point x y) point? (x px set-px!) (y py))
(case (f) ((1 2.5 a "s") 1) ((()) => g) (else (-> x (g 1) h))) (letrec* ((a 1) (b (+ a 1))) #(+ % %2 a b)) (parameterize ((p 1)) (delay (force p)))
(let-syntax ((m (syntax-rules () ((_ x) (let ((tmp 5)) (+ x tmp)))))) (let ((tmp 1)) (m tmp))) (case-lambda ((a) a) ((a . b) b)) (the-environment) '#0=(1 . #0#) #;(skip) #| c |# (for-range (i 0 10 -1) i) #u8(1 2)
`;
const PIECES = [..."()[]{}'`,@#;:\"\\|.$% \n012/+-eEix", "define ", "lambda ", "(_ ", " ...", "else", "=>", "syntax-rules ", "let ", "(begin ", "f\"", "${", "#;", "#|", "|#", "#(", "#u8(", "#0=", "#0#", ",@", "nil", "\0", "é", "😀", "\ud800", "quasiquote ", "unquote-splicing ", "(my-or ", "1e400", "#e1e9", "&", ":keys"];

function mutate(text: string, random: Random): string {
  let result = text;
  for (let i = random.below(4); i >= 0; i--) {
    const at = random.below(result.length + 1);
    const piece = random.chance(0.4) ? result.slice(at, at + random.below(60)) : random.pick(PIECES);
    result = result.slice(0, at) + (random.chance(0.2) ? "" : piece) + result.slice(at + (random.chance(0.5) ? random.below(12) : 0));
  }
  return result;
}

function check(text: string): void {
  const { program, diagnostics } = compileText(text);
  expect(program === null).toBe(diagnostics.some(({ severity }) => severity === "error"));
  if (program !== null) expect(findProblems(program)).toEqual([]);
  for (const diagnostic of diagnostics) {
    expect(diagnostic.span.start).toBeLessThanOrEqual(diagnostic.span.end);
    expect(diagnostic.span.end).toBeLessThanOrEqual(text.length);
    renderDiagnostic(diagnostic);
  }
  isIncomplete(text);
}

test("the unmutated program is fine", () => {
  const { program, diagnostics } = compileText(PROGRAM);
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  expect(findProblems(program!)).toEqual([]);
});

test("mutated programs", () => {
  const random = new Random(SEED);
  for (let i = 0; i < 600; i++) {
    const text = mutate(PROGRAM, random);
    try {
      check(text);
    } catch (error) {
      throw new Error(`seed ${SEED}, program ${i}: ${JSON.stringify(text)}`, { cause: error });
    }
  }
});

test("prefixes of a program", () => {
  for (let end = 0; end < PROGRAM.length; end += 5) check(PROGRAM.slice(0, end));
});

test("piles of pieces", () => {
  const random = new Random(SEED + 1);
  for (let i = 0; i < 1500; i++) check(Array.from({ length: random.below(60) }, () => random.pick(PIECES)).join(""));
});

test("deep and long texts", () => {
  for (const [open, close] of [["(f ", ")"], ["[", "]"], ["'", ""], ["`(,", ")"], ["(let ((x ", ")) x)"], ["(if ", ")"], ["{:a ", "}"], ["#(", ")"], ["(quasiquote (a ", "))"]] as const) {
    check(`${open.repeat(1000)}1${close.repeat(1000)}`);
    check(`${open.repeat(100)}1${close.repeat(100)}`);
  }
  check(`(list ${"1 ".repeat(20_000)})`);
  check(`(cond ${"((= x 1) 2) ".repeat(3000)})`);
  check(`(match x ${"([:a b] b) ".repeat(1000)})`);
  check("(begin ".repeat(100) + "1" + ")".repeat(100));
  check(`(-> x ${"(f 1) ".repeat(2000)})`);
});
