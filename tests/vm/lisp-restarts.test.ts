// Inputs of a session in Lisp: an error that nobody handles parks the run, and the host chooses a restart.

import { describe, expect, test } from "vitest";
import { createVM, type BoxelderVm, type RunResult, type VmOptions } from "../../src/index.ts";
import { lisp } from "../../src/lisp.ts";
import { tree } from "../../src/tree.ts";

interface Session { readonly vm: BoxelderVm; readonly run: (text: string) => RunResult; readonly output: () => string }

function session(options: VmOptions = {}): Session {
  let written = "";
  const vm = createVM({ languages: [lisp], ...options, host: { write: (data) => { written += new TextDecoder().decode(data); } } });
  return { vm, run: (text) => vm.run(text, { language: "lisp", repl: true }), output: () => written };
}

const names = (result: RunResult): string[] => (result.status === "error" ? result.restarts.map(({ name }) => name) : []);
const textOf = (result: RunResult): string => (result.status === "done" ? result.value : result.message);

describe("an error that nobody handles", () => {
  test("offers the live restarts, innermost first", () => {
    const { run } = session();
    const result = run("(with-restarts ((skip () :report \"Skip it.\" 0) (again (n) n)) (car 5))");
    expect(result).toEqual(expect.objectContaining({ status: "error", kind: "uncaught", message: "Type error: expected list or vector, got int" }));
    expect(result.status === "error" && result.restarts).toEqual([
      { name: "use-value", report: "Use a value instead." }, { name: "skip", report: "Skip it." }, { name: "again", report: "" },
      { name: "abort", report: "Give up this input." },
    ]);
  });

  test("says where it happened, also when the call was the last thing its function did", () => {
    const { run } = session();
    run("(define (f)\n  (nowhere))");
    const result = run("(list (f))");
    expect(result.status === "error" && result.trace[0]).toEqual(expect.objectContaining({ name: "f", line: 2, column: 3 }));
  });

  test("goes on where it happened", () => {
    const { vm, run, output } = session();
    run("(define (f x) (println 'before) (let ((y (* 2 (car x)))) (println 'after) (+ y 1)))");
    expect(names(run("(list (f 5) (f '(7)))"))).toEqual(["use-value", "abort"]);
    expect(textOf(vm.restart(0, "(+ 10 10)"))).toBe("(41 15)");
    expect(output()).toBe("before\nafter\nbefore\nafter\n");
  });

  test("goes on with the input's other forms, and with the next error", () => {
    const { vm, run } = session();
    expect(names(run("(define a (car 1)) (define b (car 2)) (list a b)"))).toEqual(["use-value", "abort"]);
    expect(names(vm.restart(0, "'one"))).toEqual(["use-value", "abort"]);
    expect(textOf(vm.restart(0, "'two"))).toBe("(one two)");
  });

  test("of an undefined variable: define it, or use a value once, or try again", () => {
    const { vm, run } = session();
    expect(names(run("(list missing)"))).toEqual(["use-value", "store-value", "retry", "abort"]);
    expect(textOf(vm.restart(0, "1"))).toBe("(1)");
    run("(list missing)");
    expect(textOf(vm.restart(2))).toBe("Unbound variable: missing");
    expect(textOf(vm.restart(1, "2"))).toBe("(2)");
    expect(textOf(run("missing"))).toBe("2");
  });

  test("after abort the input has no value", () => {
    const { vm, run } = session();
    const count = names(run("(println 1) (raise 'x) (println 2)")).length;
    expect(textOf(vm.restart(count - 1, "'ignored"))).toBe("nil");
    expect(() => vm.restart(0)).toThrow("nothing to restart");
  });
});

describe("the argument", () => {
  test("that cannot be read leaves the choice open", () => {
    const { vm, run } = session();
    run("(+ 1 (car 5))");
    const result = vm.restart(0, "(list 1");
    expect(result).toEqual(expect.objectContaining({ kind: "syntax" }));
    expect(names(result)).toEqual(["use-value", "abort"]);
    expect(textOf(vm.restart(0, "1"))).toBe("2");
  });

  test("that fails is an error like any other, and the outer choice is still there", () => {
    const { vm, run } = session();
    run("(with-restarts ((skip () 'skipped)) (car 5))");
    const result = vm.restart(0, "(+ 1 (car 6))");
    expect(names(result)).toEqual(["use-value", "use-value", "skip", "abort"]);
    expect(textOf(vm.restart(2))).toBe("skipped");
  });

  test("may be several", () => {
    const { vm, run } = session();
    run("(with-restarts ((both (a b) (list b a))) (error \"no\"))");
    expect(textOf(vm.restart(0, "1 2"))).toBe("(2 1)");
  });

  test("must belong to a restart there is", () => {
    const { vm, run } = session();
    expect(() => vm.restart(0)).toThrow("nothing to restart");
    run("(car 5)");
    for (const index of [2, -1, 0.5]) expect(() => vm.restart(index)).toThrow(RangeError);
    expect(textOf(vm.restart(0, "1"))).toBe("1");
  });
});

describe("a run nobody goes on with", () => {
  test("is left as by abort when something else runs", () => {
    const { vm, run, output } = session();
    run("(define p (make-parameter 'outside))");
    run("(parameterize ((p 'inside)) (dynamic-wind (lambda () nil) (lambda () (car 5)) (lambda () (println 'left (p)))))");
    expect(output()).toBe("");
    expect(textOf(run("(p)"))).toBe("outside");
    expect(output()).toBe("left inside\n");
    expect(() => vm.restart(0)).toThrow("nothing to restart");
  });

  test("is gone even when leaving it fails", () => {
    const { run } = session();
    run("(dynamic-wind (lambda () nil) (lambda () (car 5)) (lambda () (car 6)))");
    expect(textOf(run("(+ 1 1)"))).toBe("2");
    expect(names(run("(car 5)"))).toEqual(["use-value", "abort"]);
  });

  test("gives way to another language", () => {
    const { vm, run } = session();
    run("(car 5)");
    expect(vm.run("1 + 1;", { repl: true })).toEqual({ status: "done", value: "2" });
    expect(() => vm.restart(0)).toThrow("nothing to restart");
  });
});

describe("no restarts are offered", () => {
  test("for what is handled", () => {
    const { run } = session();
    expect(textOf(run("(list (try (car 5) (catch e 'caught)) (handler-bind ((#t (lambda (c) (use-value 2)))) (car 5)))"))).toBe("(caught 2)");
  });

  test("for what cannot be compiled", () => {
    const { run } = session(), result = run("(println 1) (if)");
    expect(result).toEqual(expect.objectContaining({ kind: "syntax", restarts: [] }));
  });

  test("to programs, and by the tree engine", () => {
    const program = session().vm.run("(car 5)", { language: "lisp" });
    for (const result of [program, session({ engine: tree }).run("(car 5)")]) {
      expect(result).toEqual(expect.objectContaining({ kind: "uncaught", message: "Type error: expected list or vector, got int", restarts: [] }));
    }
  });
});

test("a failed run leaves no handlers behind", () => {
  const { vm } = session(), run = (text: string): RunResult => vm.run(text, { language: "lisp" });
  expect(textOf(run("(with-exception-handler (lambda (c) (raise 'other)) (lambda () (car 5)))"))).toBe("User exception: other");
  expect(textOf(run("(car 5)"))).toBe("Type error: expected list or vector, got int");
});

test("parked runs survive collections, and stacks that grow and move", () => {
  const { vm, run } = session({ verifyHeap: true });
  run("(define (down n) (if (= n 0) (car 5) (+ 1 (down (- n 1)))))");
  run("(list 'kept (list (list 1 2) (down 5000)))");
  vm.collect();
  expect(names(vm.restart(0, "(begin (define (up n) (if (= n 0) 0 (+ 1 (up (- n 1))))) (up 50000) (car 6))"))).toEqual(["use-value", "use-value", "abort"]);
  vm.collect();
  expect(textOf(vm.restart(0, "7"))).toBe("(kept ((1 2) 5007))");
  vm.verifyHeap();
});
