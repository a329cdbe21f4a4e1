// Damaged Lisp texts: reading and lowering must answer each with a program or with errors inside the text, and never throw.

import { isIncomplete } from "../../../src/front/lisp/index.ts";
import { findProblems } from "../../../src/ir/verify.ts";
import { renderDiagnostic } from "../../../src/text/diagnostics.ts";
import { Random } from "../../support/random.ts";
import { compileText } from "./support.ts";

/** A little of everything there is to read. */
export const PROGRAM = `#!run
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

/** The text with a few pieces put in, doubled or taken out. */
export function mutate(text: string, random: Random): string {
  let result = text;
  for (let i = random.below(4); i >= 0; i--) {
    const at = random.below(result.length + 1);
    const piece = random.chance(0.4) ? result.slice(at, at + random.below(60)) : random.pick(PIECES);
    result = result.slice(0, at) + (random.chance(0.2) ? "" : piece) + result.slice(at + (random.chance(0.5) ? random.below(12) : 0));
  }
  return result;
}

/** Pieces and nothing else. */
export const pile = (random: Random): string => Array.from({ length: random.below(60) }, () => random.pick(PIECES)).join("");

/** What is wrong with the answer to a text, null for nothing. What it throws is wrong, too. */
export function textProblem(text: string): string | null {
  const { program, diagnostics } = compileText(text);
  if ((program === null) !== diagnostics.some(({ severity }) => severity === "error")) return "a program with errors, or none without";
  const [problem] = program === null ? [] : findProblems(program);
  if (problem !== undefined) return problem;
  for (const diagnostic of diagnostics) {
    const { start, end } = diagnostic.span;
    if (start > end || end > text.length) return `diagnostic outside the text: ${start}-${end} ${diagnostic.message}`;
    renderDiagnostic(diagnostic);
  }
  isIncomplete(text);
  return null;
}
