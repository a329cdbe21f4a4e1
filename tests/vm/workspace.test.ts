// What scripts read and compile takes memory of the host, and time: both are theirs to pay.

import { describe, expect, test } from "vitest";
import { library, type VmOptions } from "../support/library.ts";

const newVM = (options: VmOptions) => library.createVM({ languages: [library.lisp], ...options });
const lisp = { language: "lisp" } as const;

/** Texts and forms that take far more memory as data of JavaScript than in the world. */
const GREEDY: readonly (readonly [string, string])[] = [
  ["reading", `(define text (string-append "(" (string/repeat "1 " 2000000) ")")) (read text)`],
  ["reading all", `(define text (string/repeat "x " 2000000)) (length (read-many text))`],
  ["evaluating", `(define forms (let loop ((i 0) (l '())) (if (= i 100000) l (loop (+ i 1) (cons '(f x) l))))) (eval (cons 'lambda (cons '() forms)))`],
  ["quoting", `(define data (range 400000)) (eval (list 'quote data))`],
  ["expanding", `(define items (range 300000)) (defmacro m () (list 'quote items)) (length (m))`],
  ["records of text", `(define text (string/repeat "a,b\\n" 1000000)) (csv/parse text)`],
];

describe("memory", () => {
  test.each(GREEDY)("%s", (_, text) => {
    const vm = newVM({ memory: 24 << 20 }), before = process.memoryUsage().rss;
    expect(vm.run(text, lisp)).toMatchObject({ status: "error", kind: "uncaught", message: "Eval error: out of memory" });
    expect(process.memoryUsage().rss - before).toBeLessThan(400 << 20);
    vm.verifyHeap();
    expect(vm.eval("(+ 1 2)", lisp)).toBe(3);
    vm.globalsOf("lisp").set("text", "");
    expect(vm.eval("(read \"(1 2)\")", lisp)).toEqual([1, 2]);
  });
});

describe("time", () => {
  const long = `(define text (string-append "(" (string/repeat "1 " 400000) ")")) (length (read text))`;
  test("is fuel, for what is more than a form", () => {
    const vm = newVM({ memory: 512 << 20, fuel: 1_000_000_000 });
    const used = (text: string): number => {
      const { fuel } = vm;
      vm.run(text, lisp);
      return fuel - vm.fuel;
    };
    expect(used(long)).toBeGreaterThan(500_000);
    expect(used("(define (f x) (* x (+ x 1)))")).toBeLessThan(1000);
  });
  test("runs out in the middle, and can be had more of", () => {
    const vm = newVM({ memory: 512 << 20, fuel: 300_000 });
    expect(vm.run(long, lisp)).toMatchObject({ status: "error", kind: "outOfFuel" });
    expect(vm.resume(100_000)).toMatchObject({ kind: "outOfFuel" });
    expect(vm.resume(100_000_000)).toMatchObject({ status: "done", value: "400000" });
  });
});
