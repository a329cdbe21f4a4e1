// What R7RS adds to the dialect must occur in the programs: a name nobody calls there is a name nobody tests.

import { expect, test } from "vitest";
import { allPrograms } from "./support/programs.ts";

const ADDED: { readonly [group: string]: string } = {
  control: `call/cc call-with-current-continuation dynamic-wind with-exception-handler raise raise-continuable error-object? error-object-message
    error-object-irritants read-error? file-error? eqv? boolean=? symbol=? features`,
  lists: `set-car! set-cdr! list-tail list-ref list-set! list-copy memq memv caaaar caaadr caadar caaddr cadaar cadadr caddar cadddr
    cdaaar cdaadr cdadar cdaddr cddaar cddadr cdddar cddddr`,
  vectors: `make-vector vector-ref vector-set! vector-length vector-map vector-for-each vector-fill! vector-copy vector-copy! vector-append
    vector->string string->vector vector vector? vector->list list->vector`,
  strings: `string string=? string<? string>? string<=? string>=? string-ci=? string-ci<? string-ci>? string-ci<=? string-ci>=? string-copy
    string-copy! string-fill! string-set! string-map string-for-each string-foldcase make-string`,
  characters: "char-foldcase digit-value char=? char<? char>? char<=? char>=? char-ci=? char-ci<? char-ci>? char-ci<=? char-ci>=?",
  numbers: `square floor/ truncate/ floor-quotient floor-remainder truncate-quotient truncate-remainder nan? finite? infinite? exp tan asin acos
    atan log exact-integer-sqrt`,
  ports: `open-input-string open-output-string get-output-string read-char peek-char read-line read-string char-ready? read write write-string
    write-char newline display flush-output-port eof-object eof-object? input-port? output-port? textual-port? port? input-port-open?
    output-port-open? close-port close-input-port close-output-port call-with-port current-input-port current-output-port open-input-bytevector open-output-bytevector
    get-output-bytevector read-u8 peek-u8 u8-ready? read-bytevector read-bytevector! write-u8 write-bytevector binary-port?`,
  lazy: "delay delay-force force make-promise promise?",
  time: "current-jiffy current-second jiffies-per-second",
  syntax: `case-lambda letrec* let-syntax letrec-syntax syntax-error define-syntax => do case guard parameterize make-parameter
    define-values let-values call-with-values define-record-type`,
  restarts: "handler-bind with-restarts invoke-restart find-restart compute-restarts restart-name restart-report use-value store-value retry",
  weak: "weak-ref weak-ref-value weak-ref? make-weak-map weak-map-get weak-map-set! weak-map-remove! weak-map-count weak-map-keys",
  evaluation: "eval the-environment interaction-environment",
  literals: "#; #true #false #x41 #null #alarm #backspace #delete #escape +5 +inf.0 -inf.0 +nan.0",
};

/** Words of the text, without comments and the insides of strings; a character's name counts with its hash only. */
function words(source: string): string[] {
  const code = source.replace(/"(?:[^"\\]|\\.)*"|;[^\n]*/g, (found, at: number) => (found[0] === ";" && source[at - 1] === "#" ? " #; " + words(found.slice(1)).join(" ") : " "));
  return code.replaceAll("#\\", "#").split(/[\s()[\]{}'`,]+/);
}

const used = new Set(allPrograms().filter(({ language }) => language === "lisp").flatMap(({ source }) => words(source)));

test.each(Object.entries(ADDED))("%s", (_, names) => {
  expect(names.split(/\s+/).filter((name) => !used.has(name))).toEqual([]);
});
