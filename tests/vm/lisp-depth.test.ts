// Recursion close to a million frames deep, in shapes that tests/programs/lisp/limits/deep-loops.lisp has at a lesser depth:
// there every configuration runs them, here each form of the loop does.

import { expect, test } from "vitest";
import { library } from "../support/library.ts";

const SHAPES: readonly (readonly [string, string, string])[] = [
  ["mutual recursion", `(define (a n) (if (= n 0) #t (not (b (- n 1))))) (define (b n) (if (= n 0) #f (not (a (- n 1))))) (a 900000)`, "#t"],
  ["a map of one's own", `(define (m f l) (if (null? l) '() (cons (f (car l)) (m f (cdr l))))) (length (m (lambda (x) (+ x 1)) (range 900000)))`, "900000"],
  ["apply in a let", `(define (deep n) (if (= n 0) 0 (let ((below (apply deep (list (- n 1))))) (+ below 1)))) (deep 900000)`, "900000"],
  ["building a list", `(define (up i) (if (= i 999000) '() (cons i (up (+ i 1))))) (length (up 0))`, "999000"],
];

test.each(SHAPES.flatMap((shape) => (["js", "wasm"] as const).map((loop) => [...shape, loop] as const)))("%s", (_, text, value, loop) => {
  const vm = library.createVM({ languages: [library.lisp], memory: 900 << 20, loop });
  expect(vm.run(text, { language: "lisp" })).toMatchObject({ status: "done", value });
});
