// Lists and sequences: natives that need no callback.

import { describe, expect, test } from "vitest";
import { NativeCalls } from "./native-calls.ts";

const calls = new NativeCalls();
type Row = readonly [source: string, result: string];
function table(name: string, rows: readonly Row[]): void {
  describe(name, () => {
    test.each(rows)("%s", (source, result) => { expect(calls.run(source)).toBe(result); });
  });
}
const sequence = (type: string, fn: string): string => `type-error: expected list, vector, or mutable-array, got ${type} in ${fn}`;

table("pairs", [
  ["(cons 1 2)", "(1 . 2)"], ["(cons 1 '(2))", "(1 2)"], ["(cons 1 nil)", "(1)"], ["(cons 1 [2])", "(1 . [2])"], ["(list)", "()"], ["(list 1 \"a\")", "(1 \"a\")"],
  ["(car '(1 2))", "1"], ["(first [7 8])", "7"], ["(car '())", "nil"], ["(car [])", "nil"], ["(cdr '(1 2))", "(2)"], ["(rest [7 8])", "[8]"], ["(cdr '())", "()"], ["(cdr [])", "[]"], ["(cdr '(1 . 2))", "2"],
  ["(car 5)", "type-error: expected list or vector, got int"], ["(cdr nil)", "type-error: expected list or vector, got nil"], ["(car)", "arity: car expects 1 argument, got 0"],
  ["(caar '((1 2) 3))", "1"], ["(cadr '(1 2))", "2"], ["(cadr '(1))", "nil"], ["(cddr '(1 2 3))", "(3)"], ["(caddr [1 2 3])", "3"], ["(cdadr '(1 (2 3)))", "(3)"], ["(cadddr '(1 2 3 4))", "4"],
  ["(cddddr '(1 2 3 4 5))", "(5)"], ["(caaaar '((((1)))))", "1"], ["(cadr '(1 . 2))", "type-error: expected list or vector, got int"],
  ["(set-car! (list 1) 2)", "nil"], ["(set-car! '() 2)", "type-error: expected pair, got list"], ["(set-cdr! [1] 2)", "type-error: expected pair, got vector"],
]);

table("length, count, empty?", [
  ["(length '(1 2))", "2"], ["(length [1 2 3])", "3"], ["(length \"añ😀\")", "3"], ["(length {:a 1})", "1"], ["(length (hashmap/new 1 2 3 4))", "2"], ["(length (bytevector 1))", "1"],
  ["(length (f64-array 1 2))", "2"], ["(length (mutable-array/new 3 0))", "3"], ["(length '(1 . 2))", "type-error: expected proper list, got improper list"],
  ["(length nil)", "type-error: expected list, vector, string, map, hashmap, bytevector, typed array, or mutable-array, got nil"],
  ["(count nil)", "0"], ["(count '(1))", "1"], ["(count (mutable-array/new))", "type-error: expected collection, got mutable-array"],
  ["(empty? nil)", "#t"], ["(empty? \"\")", "#t"], ["(empty? '(1))", "#f"], ["(empty? {})", "#t"], ["(empty? [])", "#t"], ["(empty? 5)", "type-error: expected collection, got int"],
]);

table("append, reverse, last, copies", [
  ["(append)", "()"], ["(append '(1) [2] '() '(3))", "(1 2 3)"], ["(append [1] [2])", "(1 2)"], ["(append '(1) '(2 . 3))", "(1 2 . 3)"], ["(append '(1 . 2) '(3))", "type-error: expected proper list, got improper list"],
  ["(append '(1) 5)", "type-error: expected list or vector, got int"], ["(append nil)", "type-error: expected list or vector, got nil"],
  ["(reverse '(1 2 3))", "(3 2 1)"], ["(reverse [1 2])", "[2 1]"], ["(reverse (mutable-array/new))", "type-error: expected list or vector, got mutable-array"],
  ["(last '(1 2))", "2"], ["(last [])", "nil"], ["(last 5)", sequence("int", "last")],
  ["(list-copy '(1 2 . 3))", "(1 2 . 3)"], ["(list-copy 5)", "5"], ["(list-tail '(1 2 3) 2)", "(3)"], ["(list-tail '(1 . 2) 1)", "2"], ["(list-tail '(1) 2)", "eval: index 2 out of bounds (length 1)"], ["(list-tail '(1) -1)", "eval: list-tail: expected a non-negative integer, got -1"],
  ["(list-ref '(1 2) 1)", "2"], ["(list-ref '(1 2) 2)", "eval: index 2 out of bounds (length 2)"], ["(list-ref [1] 0)", "type-error: expected list, got vector"], ["(list-set! (list 1) 1 0)", "eval: index 1 out of bounds (length 1)"],
  ["(list/repeat 2 'x)", "(x x)"], ["(list/repeat -1 0)", "eval: list/repeat: expected a non-negative integer, got -1"], ["(make-list 2)", "(nil nil)"], ["(make-list 1 7)", "(7)"],
]);

table("items by index", [
  ["(nth '(1 2) 1)", "2"], ["(nth [1 2] 0)", "1"], ["(nth (mutable-array/new 1 9) 0)", "9"], ["(nth '(1 2) 2)", "eval: index 2 out of bounds (length 2)"], ["(nth '(1) -1)", "eval: nth: index must be non-negative, got -1"],
  ["(nth '(1) 1.0)", "type-error: expected int, got float"], ["(nth \"a\" 0)", "type-error: expected list or vector, got string"], ["(nth [1] 99999999999999999999)", "eval: index 99999999999999999999 out of bounds (length 1)"],
  ["(list/nth-or [1] 0 :d)", "1"], ["(list/nth-or '(1) 5 :d)", ":d"], ["(list/nth-or 5 0 :d)", sequence("int", "list/nth-or")],
]);

table("parts", [
  ["(take 2 '(1 2 3))", "(1 2)"], ["(take 5 [1])", "(1)"], ["(take -1 '())", "eval: take: expected a non-negative integer, got -1"], ["(take 1.5 '())", "type-error: expected int, got float"], ["(take 1 nil)", sequence("nil", "take")],
  ["(drop 1 '(1 2))", "(2)"], ["(drop 1 [1 2])", "(2)"], ["(drop 9 '(1))", "()"], ["(list/take-last 2 '(1 2 3))", "(2 3)"], ["(list/take-last 9 [1])", "(1)"], ["(list/drop-last 1 '(1 2))", "(1)"], ["(list/drop-last 5 '(1 2))", "()"],
  ["(list/split-at '(1 2 3) 1)", "((1) (2 3))"], ["(list/split-at [1] 5)", "((1) ())"], ["(range 3)", "(0 1 2)"], ["(range 1 4)", "(1 2 3)"], ["(range 5 0 -2)", "(5 3 1)"], ["(range 0)", "()"], ["(range 0 5 0)", "eval: range: step cannot be 0"],
  ["(range 4294967295 4294967297)", "(4294967295 4294967296)"], ["(range 1.5)", "type-error: expected int, got float"], ["(iota 3)", "(0 1 2)"], ["(iota 3 1 2)", "(1 3 5)"], ["(iota -1)", "()"],
  ["(enumerate ['a])", "((0 a))"], ["(zip '(1 2) [3 4 5])", "((1 3) (2 4))"], ["(zip '(1))", "arity: zip expects 2 or more arguments, got 1"], ["(flatten '(1 (2 (3)) [4] ()))", "(1 2 (3) 4)"], ["(flatten-deep '(1 (2 (3 nil)) [[4]]))", "(1 2 3 nil 4)"], ["(flatten-deep 5)", "(5)"],
  ["(interpose 0 '(1 2 3))", "(1 0 2 0 3)"], ["(interpose 0 '())", "()"], ["(list/interleave '(1 2 3) '(a b))", "(1 a 2 b)"], ["(list/chunk 2 '(1 2 3))", "((1 2) (3))"], ["(list/chunk 0 '())", "eval: list/chunk: chunk size must be positive"],
  ["(list/sliding '(1 2 3) 2)", "((1 2) (2 3))"], ["(list/sliding '(1 2 3 4) 2 2)", "((1 2) (3 4))"], ["(list/sliding '(1) 2)", "()"], ["(list/sliding '(1) 1 0)", "eval: list/sliding: step must be positive"],
  ["(list/page '(1 2 3) 2 2)", "(3)"], ["(list/page '(1) 9 2)", "()"], ["(list/page '(1) 0 2)", "eval: list/page: page must be >= 1"], ["(list/pad '(1) 3 0)", "(1 0 0)"], ["(list/pad '(1 2) 1 0)", "(1 2)"],
  ["(list/cross-join '(1 2) ['a])", "((1 a) (2 a))"], ["(list/join '(1 \"a\" #\\b) \"-\")", "\"1-\\\"a\\\"-#\\\\b\""], ["(list/join '(1 2 3) \", \" \" and \")", "\"1, 2 and 3\""], ["(list/join '(1) 5)", "type-error: expected string, got int"],
]);

table("searching", [
  ["(%member 2 [1 2 3])", "(2 3)"], ["(%member \"b\" '(\"a\" \"b\"))", "(\"b\")"], ["(%member 5 '(1))", "#f"], ["(memq 'b '(a b c))", "(b c)"], ["(memv \"b\" '(\"b\"))", "#f"], ["(memv 1.0 '(1 1.0))", "(1.0)"], ["(memq 1 5)", sequence("int", "memq")],
  ["(%assoc \"b\" '((\"a\" 1) (\"b\" 2)))", "(\"b\" 2)"], ["(%assoc 1 '(5 (1 2)))", "(1 2)"], ["(%assoc 1 5)", "eval: assoc: requires (key alist) or (map key val ...)"], ["(assq '(1) '(((1) 2)))", "((1) 2)"], ["(assv 1 '())", "#f"],
  ["(list/index-of '(a b) 'b)", "1"], ["(list/index-of [1] 2)", "nil"], ["(list/contains? '(1 \"x\") \"x\")", "#t"], ["(list/unique '(1 1.0 1 \"a\" \"a\"))", "(1 1.0 \"a\")"], ["(list/dedupe '(1 1 2 1))", "(1 2 1)"],
  ["(list/duplicates '(3 1 3 1 2))", "(1 3)"], ["(list/diff '(1 2 2 3) '(3))", "(1 2 2)"], ["(list/intersect '(1 2 2 3) [2])", "(2 2)"],
]);

table("numbers", [
  ["(list/sum '(1 2.5 1/2))", "4.0"], ["(list/sum '())", "0"], ["(list/sum '(9007199254740991 1 1))", "9007199254740993"], ["(list/sum '(1 \"a\"))", "type-error: expected number, got string"], ["(list/min '(2 1.0 1))", "1.0"], ["(list/max '(1/2 1/3))", "1/2"],
  ["(list/min '())", "eval: list/min: empty list"], ["(list/avg '(2 4))", "3.0"], ["(list/avg '())", "eval: list/avg: empty list"], ["(list/median '(4 1 3 2))", "2.5"], ["(list/median '(3 1 2))", "2.0"], ["(list/mode '(1 2 2))", "2"], ["(list/mode '(b a))", "(b a)"],
  ["(%sort '(3 1.5 1/2))", "(1/2 1.5 3)"], ["(%sort '(\"b\" \"a\"))", "(\"a\" \"b\")"], ["(%sort '(1 \"a\"))", "type-error: expected int, got string"], ["(%sort '((2) (1)))", "((1) (2))"], ["(%sort [])", "()"], ["(%sort '(2 100000000000000000000 -1))", "(-1 2 100000000000000000000)"],
  ["(%sort-by-keys '((2 . b) (1 . a) (2 . c)))", "(a b c)"], ["(%sort-by-keys '((\"a\" . 1) (1 . 2)))", "(2 1)"],
]);

describe("lists that are not proper", () => {
  const circle = new NativeCalls(), { vm, scratch } = circle;
  const names = ["length", "reverse", "last", "list-copy", "flatten", "list/unique", "list/sum", "%sort", "list->vector", "vector", "list?", "append"];
  test.each(names)("%s of a list that runs in a circle ends", (name) => {
    circle.run("(list 1 2 3)");
    const list = scratch.base, heap = vm.heap, pairs = [heap.lo(list)];
    for (let i = 0; i < 2; i++) pairs.push(heap.lo((pairs[i]! + 16) >> 3));
    heap.copySlot((pairs[2]! + 16) >> 3, list);
    heap.copySlot(list + 20, list);
    expect(circle.apply(name, list + 20, 1)).toMatch(/circular list|^#f|^\[|^#0=/);
  });
});

test("a list inside itself cannot be flattened", () => {
  const own = new NativeCalls(), heap = own.vm.heap, list = own.scratch.base;
  own.run("(list 1 2)");
  heap.copySlot((heap.lo(list) + 8) >> 3, list);
  heap.copySlot(list + 20, list);
  expect(own.apply("flatten-deep", list + 20, 1)).toBe("eval: flatten-deep: list contains itself");
});

test("what is answered shares the rest of a list", () => {
  const own = new NativeCalls(), heap = own.vm.heap, list = own.scratch.base;
  own.run("(list 1 2 3)");
  heap.copySlot(list + 21, list);
  heap.setI32(list + 20, 1);
  own.apply("drop", list + 20, 2);
  expect(heap.lo(list + 18)).toBe(heap.lo((heap.lo(list) + 16) >> 3));
});
