// What `doc` writes, and that there is something to write about every special form.

import { expect, test } from "vitest";
import { createVM } from "../../../src/index.ts";
import { lisp } from "../../../src/lisp.ts";
import { DERIVED } from "../../../src/front/lisp/derived.ts";
import { FORMS } from "../../../src/front/lisp/special-forms.ts";

let written = "";
const vm = createVM({ languages: [lisp], host: { write: (data) => { written += new TextDecoder().decode(data); } } });

function doc(argument: string, program = ""): string {
  written = "";
  expect(vm.run(`${program} (doc ${argument})`, { language: "lisp" })).toEqual({ status: "done", value: "nil" });
  return written;
}

test.each([
  ["a native, with its line of documentation", "vector-ref", "", /^[^\n]+: 2 arguments\b[^\n]*\n {2}\S[^\n]*\n$/],
  ["one without arguments", "current-jiffy", "", /^current-jiffy: no arguments\n/],
  ["one with optional arguments", "emergency-exit", "", /^emergency-exit: 0 to 1 arguments\n/],
  ["one with any number", "display", "", /^display: 0 or more arguments\n/],
  ["a function of the library", "dynamic-wind", "", /^\(dynamic-wind before thunk after\)\n {2}a function of the library\n$/],
  ["a function by another name", "'g", "(define (f a . more) a) (define g f)", /^\(g a \. more\)\n {2}a function of the program\n$/],
  ["a function without a name", "(lambda (x . y) x)", "", /^\(lambda \(x \. y\) …\)\n/],
  ["a macro that is rules", "'my-or", "(define-syntax my-or (syntax-rules () ((_ a b) (if a a b))))", /^my-or\n {2}a macro\n$/],
  ["a special form", "'let*", "", /^\(let\* \(\(pattern value\) …\) body …\)\n {2}a special form\n$/],
  ["a global that is no function", "'limit", "(define limit 5)", /^limit: of type int\n$/],
  ["a name that means nothing", "'nothing-at-all", "", /^nothing-at-all: not defined\n$/],
])("%s", (_, argument, program, expected) => expect(doc(argument, program)).toMatch(expected));

test("every special form has a line", () => {
  const names = [...FORMS.keys(), ...DERIVED.keys()].filter((name) => !name.startsWith("%")).sort();
  expect([...lisp.language.forms!.keys()].sort()).toEqual(names);
});

test("names for completion include globals, aliases and keywords in use", () => {
  vm.run("(define (my-own) :some-keyword)", { language: "lisp" });
  const names = vm.globalNames("lisp");
  for (const name of ["my-own", "car", "first", "dynamic-wind", ":some-keyword"]) expect(names).toContain(name);
  expect(names.filter((name) => name.startsWith("%"))).toEqual([]);
});
