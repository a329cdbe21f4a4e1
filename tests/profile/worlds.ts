// Worlds with something of everything in them, for the tests of this folder.

import { lisp } from "../../src/lisp.ts";
import { createVM, type BoxelderVm, type VmOptions } from "../../src/index.ts";

const HEMLOCK = `
define Point { x: i32, y: i32 }
let cache = {};
let list = [];
fn counter(start) {
  let count = start;
  let label = "by" + start;
  return fn() { count = count + 1; return label + count; };
}
for (let i = 0; i < 50; i++) {
  list.push({ name: "item" + i % 10, value: i, next: counter(i) });
  cache["key" + i] = [i, "é" + i];
}
let p: Point = { x: 1, y: 2 };
let empty: Point = { x: 0, y: 0 };
let wide = { a: 1, b: "b", c: [3], d: null, e: 5, f: "f", g: 7, h: "h" };
let text = "long ".repeat(1000);
let bytes = buffer(5000);
let big = 9223372036854775807;
let numbers: array<f64> = [1.5, 2.5];
`;

const LISP = `
(define-record-type point (make-point x y) point? (x point-x) (y point-y))
(define places (map (lambda (i) (make-point i (* i i))) (range 0 20)))
(define table {:a "one" :b '(1 2 3) "c" 3.5})
(define hashed (hashmap/new :k "v" :l '(4 5)))
(define vec (vector 1 "two" 'three))
(define large (expt 7 200))
(define ratio (/ 1 3))
(define (adder n) (lambda (m) (set! n (+ n m)) n))
(define add (adder 5))
(define kept #f)
(+ 1 (call/cc (lambda (k) (set! kept k) 1)))
(define later (delay (+ 1 2)))
(define bytes (bytevector 1 2 3))
`;

/** A VM in which the language's sample ran. */
export function sampleVm(language: "hemlock" | "lisp", options: VmOptions = {}): BoxelderVm {
  const vm = createVM({ languages: [lisp], ...options });
  const result = vm.run(language === "hemlock" ? HEMLOCK : LISP, { language, name: `sample.${language}` });
  if (result.status === "error") throw new Error(result.message);
  return vm;
}

/** A VM whose run stopped for want of fuel, deep in calls. */
export function parkedVm(): BoxelderVm {
  const vm = createVM({ fuel: 200 });
  vm.run("fn dig(n, kept) { let own = [n, kept]; return dig(n + 1, own) + own.length; }\ndig(0, \"first\");", { name: "dig.hml" });
  return vm;
}
