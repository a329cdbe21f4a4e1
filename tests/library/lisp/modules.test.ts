// Files: import, include and load through the host's readFile, the only way to them.

import { describe, expect, test } from "vitest";
import { createVM, type Host, type VmOptions } from "../../../src/index.ts";
import { lisp } from "../../../src/lisp.ts";
import { tree } from "../../../src/tree.ts";

const FILES: { readonly [path: string]: string } = {
  "util.lisp": "(println \"runs\") (define secret 42) (define (triple x) (by x 3)) (define (by x n) (* x n))\n(define-syntax my-triple (syntax-rules () ((_ x) (by x 3))))",
  "area.lisp": "(define note 1) (module area (export area) (define (area r) (* unit r r)) (define unit 3))",
  "a.lisp": "(import \"b.lisp\")", "b.lisp": "(import \"c.lisp\")", "c.lisp": "(import \"a.lisp\")",
  "part.lisp": "(define part 'included) (list part 'last)",
  "lib/top.lisp": "(import \"sub/one.lisp\" one) (define (top) (list 'top (one))) (load \"../part.lisp\")",
  "lib/sub/one.lisp": "(import \"./two.lisp\") (import \"/root.lisp\") (define (one) (list (two) root))",
  "lib/sub/two.lisp": "(define (two) (include \"../body.lisp\") (list hidden other))",
  "lib/body.lisp": "(define hidden 2) (define-syntax double (syntax-rules () ((_ x) (* 2 x)))) (define other (double hidden))", "/root.lisp": "(define root '/)",
  "loud.lisp": "(DEFINE Loud #\\SPACE) (define |Kept| '(:Key #T \"Text\")) #!no-fold-case (define Plain 'Plain)",
  "broken.lisp": "(define x", "fails.lisp": "(define x 1) (car 5)",
  "uses.lisp": "(import \"util.lisp\") (define secret 'own) (define (both) (list secret (triple 1)))",
};

const READS: Partial<Host> = { readFile: (path) => FILES[path] ?? null };

function run(text: string, files = READS, engine: VmOptions["engine"] = "vm"): string {
  let output = "";
  const host = { write: (bytes: Uint8Array) => void (output += new TextDecoder().decode(bytes)), writeError() {}, readLine: () => null, args: [], ...files };
  const vm = createVM({ languages: [lisp], engine, host });
  const result = vm.run(text, { language: "lisp", name: "main.lisp" });
  return output + (result.status === "done" ? "" : result.message);
}

function expectOutput(text: string, expected: string): void {
  for (const engine of ["vm", tree] as const) expect(run(text, READS, engine), text).toBe(expected);
}

const message = (form: string): string => `(println (try ${form} (catch e (list (:type e) (:message e)))))`;

describe("import of a file", () => {
  test("runs it once, and copies the names asked for", () => {
    expectOutput(`(import "util.lisp" triple) (import "util.lisp" [triple secret]) (println (triple 5) secret) ${message("(by 1 2)")}`, "runs\n15 42\n(:unbound \"Unbound variable: by\")\n");
  });
  test("without names copies all it defines; its macros keep their meaning", () => {
    expectOutput("(define (by . x) 'mine) (import \"util.lisp\" my-triple) (println (my-triple 2) (by 1)) (import \"util.lisp\") (println (by 2 2))", "runs\n6 mine\n4\n");
  });
  test("takes what a module form in it exports", () => {
    expectOutput(`(import "area.lisp") (println (area 2)) ${message("unit")} ${message("note")}`, "12\n(:unbound \"Unbound variable: unit\")\n(:unbound \"Unbound variable: note\")\n");
  });
  test("as an import set", () => {
    expectOutput("(import (prefix (only \"util.lisp\" triple) u/)) (println (u/triple 3))", "runs\n9\n");
  });
  test("from a file with names of its own", () => {
    expectOutput("(import \"uses.lisp\") (println (both))", "runs\n(own 3)\n");
  });
});

describe("what goes wrong", () => {
  test("a cycle names its chain", () => expectOutput(message("(import \"a.lisp\")"), "(:eval \"cyclic import detected: a.lisp -> b.lisp -> c.lisp -> a.lisp\")\n"));
  test("no such file, name, or text", () => {
    expectOutput(message("(import \"none.lisp\")"), "(:io \"cannot read 'none.lisp'\")\n");
    expectOutput(message("(import \"util.lisp\" nothing)"), "runs\n(:eval \"import: util.lisp does not export nothing\")\n");
    expectOutput(message("(import \"broken.lisp\")"), "(:reader \"unterminated list at broken.lisp:1:1\")\n");
  });
  test("a body that fails runs again at the next import", () => {
    expectOutput(message("(import \"fails.lisp\")").repeat(2), "(:type-error \"expected list or vector, got int\")\n".repeat(2));
  });
  test("a host without files", () => expect(run(message("(load \"util.lisp\")"), {})).toBe("(:io \"cannot read 'util.lisp': this host has no files\")\n"));
});

test("load and include run a file here", () => {
  expectOutput("(println (load \"part.lisp\")) (println part)", "(included last)\nincluded\n");
  expectOutput("(include \"part.lisp\") (println part)", "included\n");
  expectOutput(`(define-library (l) (export get) (include "part.lisp") (begin (define (get) part))) (import (l)) (println (get)) ${message("part")}`, "included\n(:unbound \"Unbound variable: part\")\n");
});

describe("paths", () => {
  test("are relative to the file they stand in", () => expectOutput("(import \"lib/top.lisp\") (println (top) part)", "(top ((2 4) /)) included\n"));
  test("mean the same file however they are written", () => {
    expectOutput("(import \"./lib/../util.lisp\" triple) (import \"util.lisp\") (println (triple 1))", "runs\n3\n");
  });
});

describe("include", () => {
  test("puts the forms where it stands: in a body they are the body's own", () => {
    expectOutput(`(define (f) (include "lib/body.lisp") (+ hidden other)) (println (f)) ${message("hidden")}`, "6\n(:unbound \"Unbound variable: hidden\")\n");
    expectOutput("(define (begin . x) 'mine) (let () (include \"lib/body.lisp\" \"part.lisp\") (println hidden part))", "2 included\n");
  });
  test("reads with letter case folded where that is wanted", () => {
    expectOutput("(include-ci \"loud.lisp\") (write (list loud |Kept| Plain))", "(#\\space (:key #t \"Text\") Plain)");
    expectOutput("(define-library (l) (export LOUD) (include-ci \"loud.lisp\") (begin (define LOUD loud))) (import (l)) (write LOUD)", "#\\space");
  });
  test("wants texts", () => expect(run("(define p \"x\") (include p)")).toBe("include: a path must be a string"));
});

describe("errors in files", () => {
  const mends = (text: string): { readonly output: string; readonly reads: number } => {
    let reads = 0;
    const output = run(text, { readFile: (path) => (path === "late.lisp" && ++reads > 2 ? "(define late 'here) late" : path === "faulty.lisp" && ++reads < 3 ? "(car 5)" : FILES[path] ?? (path === "faulty.lisp" ? "7" : null)) });
    return { output, reads };
  };
  test("can be tried again", () => {
    expect(mends("(println (handler-bind ((:io (lambda (e) (retry)))) (load \"late.lisp\")))")).toEqual({ output: "here\n", reads: 3 });
    expect(mends("(handler-bind ((:io (lambda (e) (retry)))) (import \"late.lisp\")) (println late)")).toEqual({ output: "here\n", reads: 3 });
    expect(mends("(println (handler-bind ((:type-error (lambda (e) (retry)))) (load \"faulty.lisp\")))")).toEqual({ output: "7\n", reads: 3 });
  });
  test("are found where they are", () => {
    const vm = createVM({ languages: [lisp], host: { write() {}, writeError() {}, readLine: () => null, args: [], ...READS } });
    const result = vm.run("(define a 1)\n(load \"fails.lisp\")", { language: "lisp", name: "main.lisp" });
    expect(result).toMatchObject({ status: "error", trace: [{ source: "fails.lisp", line: 1, column: 14 }, { source: "main.lisp", line: 2, column: 1 }] });
  });
});
