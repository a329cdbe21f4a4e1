// The session of Lisp: restarts by number, inputs over several lines, documentation.

import { expect, test } from "vitest";
import { boxelder } from "./command.ts";

const repl = (lines: readonly string[], flags: readonly string[] = []): { out: string[]; error: string } => {
  const { code, out, error } = boxelder(["repl", "--language", "lisp", ...flags], { input: lines.join("\n") });
  expect(code).toBe(0);
  return { out: out.trimEnd().split("\n"), error };
};

test("an error offers its restarts by number", () => {
  const { out, error } = repl(["(define (f x) (* 2 (car x)))", "(list (f 5))", "1 (+ 20 1)", "1"]);
  expect(out).toEqual(["(42)", "1"]);
  expect(error).toContain("Uncaught exception: Type error: expected list or vector, got int\n  at <input 1>:1:20\n");
  expect(error).toMatch(/\n {2}1: use-value - Use a value instead\.\n {2}2: abort - Give up this input\.\nrestart number \(and value\), or go on:\n$/);
});

test("the argument of a restart may span lines", () => {
  expect(repl(["(list missing)", "2 (let ((x 1))", "  (+ x 1))", "missing"]).out).toEqual(["(2)", "2"]);
});

test("a number that is no restart changes nothing, and other input drops the choice", () => {
  const { out, error } = repl(["(dynamic-wind (lambda () nil) (lambda () (car 5)) (lambda () (println 'left)))", "7", "(+ 1 1)", "1", "'end"]);
  expect(out).toEqual(["there is no restart 7", "left", "2", "1", "end"]);
  expect(error.match(/Uncaught/g)).toHaveLength(1);
});

test("the tree engine offers none", () => {
  const { out, error } = repl(["(car 5)", "1"], ["--engine", "tree"]);
  expect(out).toEqual(["1"]);
  expect(error).toContain("Uncaught exception: Type error: expected list or vector, got int");
  expect(error).not.toContain("use-value");
});

test("inputs span lines until everything is closed; nil is not printed", () => {
  const input = ["(define (twice x)", "  ; a (comment", "  (* 2 x))", "(twice", "21)", "\"two", "lines\"", "#| open", "|# 'after", "nil", "(define x 1)", "[1", "2]"];
  expect(repl(input).out).toEqual(["42", "\"two\\nlines\"", "after", "[1 2]"]);
});

test("what is closed too often is an error at once", () => {
  const { out, error } = repl(["(+ 1 2))", "'next"]);
  expect(out).toEqual(["next"]);
  expect(error).toContain("<input 1>:1:8");
});

test("long values are laid out over lines", () => {
  const { out } = repl(["(map (lambda (n) (list n \"some text that takes room\")) (range 4))"]);
  expect(out.length).toBeGreaterThan(3);
  expect(out[0]).toBe("((0 \"some text that takes room\")");
});

test("doc tells about functions, macros and forms", () => {
  const input = ["(define (area width height) (* width height))", "(defmacro swap (a . more) (cons 'list more))", "(doc area)", "(doc 'swap)", "(doc 'if)", "(doc cons)"];
  expect(repl(input).out.slice(0, 7)).toEqual(["(area width height)", "  a function of the program", "(swap a . more)", "  a macro", "(if test then [else])", "  a special form", "cons: 2 arguments"]);
});
