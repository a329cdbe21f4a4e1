// The control functions of Lisp where they meet the host, and what lasts from one run of a VM to the next.

import { describe, expect, test } from "vitest";
import { BoxelderVm } from "../../../src/api.ts";
import type { RunResult } from "../../../src/embed/results.ts";
import { lisp } from "../../../src/lisp.ts";
import { nativeIndex, NATIVES } from "../../../src/library/registry.ts";
import type { Host } from "../../../src/vm/host.ts";

interface Session { run(text: string): RunResult; value(text: string): string; output(): string }

function session(host: Partial<Host> = {}): Session {
  let written = "";
  const vm = new BoxelderVm({ languages: [lisp], host: { write: (data) => { written += new TextDecoder().decode(data); }, ...host } });
  const run = (text: string): RunResult => vm.run(text, { language: "lisp" });
  return {
    run, output: () => written,
    value(text) {
      const result = run(text);
      return result.status === "done" ? result.value : result.message;
    },
  };
}

const FILES: { readonly [path: string]: string } = {
  "numbers": "(define one 1) (define (plus a b) (+ a b)) (println \"loaded\") 'last",
  "a": "(import \"b\") (define a 1)", "b": "(import \"a\") (define b 2)",
  "macros": "(defmacro twice (form) (list 'begin form form)) (define count 0) (twice (set! count (+ count 1)))",
  "broken": "(define x",
};
const withFiles = (): Session => session({ readFile: (path) => FILES[path] ?? null });

describe("files", () => {
  test("load evaluates a file each time, import once", () => {
    const lisp = withFiles();
    expect(lisp.value('(load "numbers")')).toBe("last");
    expect(lisp.value("(plus one 2)")).toBe("3");
    expect(lisp.value('(load "numbers") (import "numbers") (import "numbers" [plus one]) one')).toBe("1");
    expect(lisp.output()).toBe("loaded\nloaded\nloaded\n");
  });

  test("a file's macros work in the file and after it", () => {
    const lisp = withFiles();
    expect(lisp.value('(load "macros") count')).toBe("2");
    expect(lisp.value("(twice (set! count (* count 10))) count")).toBe("200");
  });

  test("what is wrong with a file is an error of the program", () => {
    const lisp = withFiles();
    expect(lisp.value('(import "a")')).toContain("cyclic import detected: a -> b -> a");
    expect(lisp.value('(import "numbers" two)')).toContain("numbers does not export two");
    expect(lisp.value('(guard (e (#t (list (file-error? e) (:type e) (:message e)))) (load "nowhere"))')).toBe("(#t :io \"cannot read 'nowhere'\")");
    expect(lisp.value('(guard (e (#t (list (read-error? e) (:type e)))) (load "broken"))')).toBe("(#t :reader)");
    expect(session().value('(load "numbers")')).toContain("this host has no files");
  });
});

describe("the host", () => {
  test("tells the time when it has a clock", () => {
    const lisp = session({ now: () => 12_345.5 });
    expect(lisp.value("(list (current-jiffy) (jiffies-per-second) (current-second))")).toBe("(12345 1000 12.3455)");
    expect(session().value("(current-jiffy)")).toBe("0");
  });

  test("gives lines and arguments", () => {
    const lines = ["first", "(1 2) x"];
    const lisp = session({ readLine: () => lines.shift() ?? null, args: ["script", "arg"] });
    expect(lisp.value("(list (read-line) (read) (eof-object? (read-line)) (command-line))")).toBe('("first" (1 2) #t ("script" "arg"))');
  });

  test("is left with a code", () => {
    expect(["(exit)", "(exit 7)", "(exit #f)", "(exit #t)", "(emergency-exit 2)"].map((text) => session().run(text).status === "error" && session().run(text)))
      .toMatchObject([0, 7, 1, 0, 2].map((exitCode) => ({ exitCode })));
  });
});

describe("from run to run", () => {
  test("continuations go on with the program that captured them", () => {
    const lisp = session();
    lisp.run("(define k #f) (define n 0) (println 'a (call/cc (lambda (c) (set! k c) 0))) (set! n (+ n 1))");
    lisp.run("(k 1)");
    expect(lisp.value("n")).toBe("2");
    expect(lisp.output()).toBe("a 0\na 1\n");
  });

  test("tasks wait for the next program that lets them run", () => {
    const lisp = session();
    lisp.run("(define p (async (async/sleep 5) 42))");
    expect(lisp.value("(async/pending? p)")).toBe("#t");
    expect(lisp.value("(await p)")).toBe("42");
  });

  test("an error that nobody handles leaves no handlers behind", () => {
    const lisp = session();
    expect(lisp.value("(with-restarts ((r () 1)) (with-exception-handler (lambda (e) (throw 'again)) (lambda () (error \"lost\"))))")).toBe("User exception: again");
    expect(lisp.value("(list (compute-restarts) (try (car 5) (catch e 'caught)))")).toBe("(() caught)");
  });
});

test("prompts can give up an input", () => {
  const lisp = session();
  expect(lisp.value("(%run-interactive '((println 'one) (dynamic-wind (lambda () nil) abort (lambda () (println 'after))) (println 'two)))")).toBe("nil");
  expect(lisp.output()).toBe("one\nafter\n");
  expect(lisp.value("(try (abort) (catch e (:message e)))")).toBe('"no live restart: abort"');
});

test("natives have one meaning each", () => {
  const named = NATIVES.filter(({ name }) => name !== "");
  const names = named.flatMap(({ name, aliases = [] }) => [name, ...aliases.map((alias) => `lisp:${alias}`)]);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  expect(nativeIndex("lisp:%item")).toBeGreaterThan(0);
});
