// Vectors, mutable arrays and cells, bytevectors, number arrays.

import { describe, expect, test } from "vitest";
import { NativeCalls } from "./native-calls.ts";

const calls = new NativeCalls();
type Row = readonly [source: string, result: string];
function table(name: string, rows: readonly Row[]): void {
  describe(name, () => {
    test.each(rows)("%s", (source, result) => { expect(calls.run(source)).toBe(result); });
  });
}

table("vectors", [
  ["(vector 1 \"a\")", "[1 \"a\"]"], ["(make-vector 2)", "[nil nil]"], ["(make-vector 2 'x)", "[x x]"], ["(make-vector -1)", "eval: make-vector: expected a non-negative integer, got -1"], ["(vector-length [1 2])", "2"], ["(vector-length '(1))", "type-error: expected vector, got list"],
  ["(vector-ref [1 2] 1)", "2"], ["(vector-ref [1] 1)", "eval: index 1 out of bounds (length 1)"], ["(vector-ref [1] -1)", "eval: vector-ref: index must be non-negative, got -1"], ["(vector-ref [1] 'a)", "type-error: expected int, got symbol"],
  ["(vector-set! (vector 1) 0 2)", "nil"], ["(vector-set! [1] 5 2)", "eval: index 5 out of bounds (length 1)"], ["(vector-set! '(1) 0 2)", "type-error: expected vector, got list"],
  ["(vector-copy [1 2 3] 1)", "[2 3]"], ["(vector-copy [1 2 3] 1 2)", "[2]"], ["(vector-copy [1] 2)", "eval: vector-copy: range 2..1 out of bounds for vector of length 1"], ["(vector-append [1] [] [2 3])", "[1 2 3]"], ["(vector-append [1] '(2))", "type-error: expected vector, got list"],
  ["(list->vector '(1 2))", "[1 2]"], ["(list->vector [1])", "type-error: expected list, got vector"], ["(vector->list [1 2 3])", "(1 2 3)"], ["(vector->list [1 2 3] 1 2)", "(2)"], ["(vector->list '(1))", "type-error: expected vector, got list"],
  ["(vector->string [#\\a #\\é])", "\"aé\""], ["(vector->string [1])", "type-error: expected char, got int"], ["(string->vector \"a😀b\" 1)", "[#\\😀 #\\b]"], ["(string->vector \"ab\" 3)", "eval: string->vector: range 3..2 out of bounds for string of length 2"],
  ["(make-vector 99999999999)", "no condition"],
]);

table("mutable arrays and cells", [
  ["(mutable-array/->vector (mutable-array/new))", "[]"], ["(mutable-array/length (mutable-array/new 5))", "0"], ["(mutable-array/->vector (mutable-array/new 2 'x))", "[x x]"], ["(mutable-array/new -1)", "eval: mutable-array/new: expected a non-negative integer, got -1"],
  ["(mutable-array/->vector (mutable-array/push! (mutable-array/push! (mutable-array/new) 1) 2))", "[1 2]"], ["(mutable-array/push! [1] 2)", "type-error: expected mutable-array, got vector"],
  ["(mutable-array/get (mutable-array/set! (mutable-array/new 2 0) 1 9) 1)", "9"], ["(mutable-array/set! (mutable-array/new) 0 1)", "eval: mutable-array/set!: index 0 out of bounds (length 0)"], ["(mutable-array/set! (mutable-array/new) -1 1)", "eval: mutable-array/set!: expected a non-negative integer, got -1"],
  ["(mutable-array/get (mutable-array/new) 0)", "eval: mutable-array/get: index 0 out of bounds (length 0)"], ["(mutable-array/get (mutable-array/new) 0 :d)", ":d"], ["(mutable-array/get (mutable-array/new) -1 :d)", "eval: mutable-array/get: expected a non-negative integer, got -1"],
  ["(mutable-cell/get (mutable-cell/set! (mutable-cell/new 1) 2))", "2"], ["(mutable-cell/get 1)", "type-error: expected mutable-cell, got int"],
]);

table("bytevectors", [
  ["(bytevector 1 255)", "#u8(1 255)"], ["(bytevector 1 256)", "eval: bytevector: byte value 256 at index 1 out of range 0..255"], ["(make-bytevector 2 7)", "#u8(7 7)"], ["(bytevector/new 1)", "#u8(0)"], ["(make-bytevector -1)", "eval: make-bytevector: size must be non-negative, got -1"],
  ["(make-bytevector 1 256)", "eval: make-bytevector: fill value 256 out of range 0..255"], ["(bytes/length #u8(1 2))", "2"], ["(bytevector-u8-ref #u8(1 2) 1)", "2"], ["(bytevector-u8-ref #u8(1) 5)", "eval: bytevector-u8-ref: index 5 out of range for bytevector of length 1"], ["(bytes/ref #u8(1) 5)", "eval: bytes/ref: index 5 out of bounds (length 1)"],
  ["(bytevector-u8-set! #u8(1 2) 0 9)", "#u8(9 2)"], ["(bytevector-u8-set! (bytevector 1) 0 256)", "eval: bytevector-u8-set!: byte value 256 out of range 0..255"],
  ["(bytevector-copy #u8(1 2 3) 1 2)", "#u8(2)"], ["(bytevector-copy #u8(1) 2)", "eval: bytevector-copy: range 2..1 out of bounds for bytevector of length 1"], ["(bytevector-append #u8(1) #u8() #u8(2))", "#u8(1 2)"], ["(bytevector->list #u8(1 2))", "(1 2)"], ["(list->bytevector '(1 2))", "#u8(1 2)"], ["(list->bytevector '(300))", "eval: list->bytevector: byte value 300 out of range 0..255"],
  ["(utf8->string #u8(195 169))", "\"é\""], ["(utf8->string #u8(97 195))", "eval: utf8->string: invalid UTF-8: incomplete utf-8 byte sequence from index 1"], ["(utf8->string #u8(237 160 128))", "eval: utf8->string: invalid UTF-8: invalid utf-8 sequence of 1 bytes from index 0"], ["(string->utf8 \"é\")", "#u8(195 169)"], ["(bytes/->string #u8(97 98) 1)", "\"b\""],
  ["(bytes/find #u8(1 2 3) 3)", "2"], ["(bytes/find #u8(1 2 3 2 3) #u8(2 3) 2)", "3"], ["(bytes/find (string->utf8 \"abc\") \"bc\")", "1"], ["(bytes/find #u8(1) 2)", "nil"], ["(bytes/find #u8(1) \"\" 1)", "1"], ["(bytes/find #u8(1) 1.5)", "type-error: expected int, bytevector, or string, got float"],
  ["(bytes/slice #u8(1 2 3) 1)", "#u8(2 3)"], ["(bytes/slice #u8(1) 0 5)", "eval: bytes/slice: range 0..5 out of bounds for 1 bytes"], ["(bytes/parse-int10 (string->utf8 \"-12.3\"))", "-123"], ["(bytes/parse-int10 (string->utf8 \"x7y\") 1 2)", "70"],
  ["(bytes/parse-int10 (string->utf8 \"1.23\"))", "eval: bytes/parse-int10: expected exactly one digit after '.'"], ["(bytes/parse-int10 (string->utf8 \"1x\"))", "eval: bytes/parse-int10: invalid digit 'x' at byte 1"], ["(bytes/parse-int10 #u8())", "eval: bytes/parse-int10: expected at least one digit"],
]);

table("number arrays", [
  ["(f64-array 1 2.5)", "#f64(1 2.5)"], ["(f64-array :a)", "type-error: expected number, got keyword"], ["(i64-array 1 -2)", "#i64(1 -2)"], ["(i64-array 9223372036854775807)", "#i64(9223372036854775807)"], ["(i64-array 9223372036854775808)", "type-error: expected integer, got int"],
  ["(f64-array/make 2)", "#f64(0 0)"], ["(i64-array/make 1 5)", "#i64(5)"], ["(i64-array/make -1)", "eval: i64-array/make: length must be non-negative, got -1"], ["(f64-array/range 0 2 0.5)", "#f64(0 0.5 1 1.5)"], ["(i64-array/range 5 0 -2)", "#i64(5 3 1)"], ["(f64-array/range 0 1 0)", "eval: f64-array/range: step cannot be zero"],
  ["(f64-array/from-list '(1 2))", "#f64(1 2)"], ["(i64-array/from-list [1])", "type-error: expected list, got vector"], ["(f64-array/ref (f64-array 1) 0)", "1.0"], ["(i64-array/ref (i64-array 1) 1)", "eval: index 1 out of bounds (len 1)"], ["(f64-array/ref (i64-array 1) 0)", "type-error: expected f64-array, got i64-array"],
  ["(f64-array/set! (f64-array 1 2) 1 9)", "#f64(1 9)"], ["(i64-array/length (i64-array 1 2))", "2"], ["(f64-array/sum (f64-array 1 2))", "3.0"], ["(i64-array/sum (i64-array 9223372036854775807 1))", "9223372036854775808"], ["(f64-array/dot (f64-array 1 2) (f64-array 3 4))", "11.0"],
  ["(f64-array/dot (f64-array 1) (f64-array))", "eval: f64-array/dot: length mismatch (1 vs 0)"], ["(f64-array/range 0 9000000000000000 1e-9)", "no condition"],
]);

/** Runs a native on the same arguments twice, to see what it did to them. */
function twice(first: string, name: string, ...rest: readonly number[]): string {
  const own = new NativeCalls(), base = own.scratch.base, heap = own.vm.heap;
  own.run(first);
  heap.copySlot(base + 20, base);
  rest.forEach((value, i) => heap.setI32(base + 21 + i, value));
  own.apply(name, base + 20, 1 + rest.length);
  heap.copySlot(base + 40, base);
  return own.apply("list", base + 40, 1);
}

test.each<[string, string, string, readonly number[]]>([
  ["vectors change in place", "(vector 1 2)", "vector-set!", [0, 9]], ["allocated bytevectors change in place", "(bytevector 1 2)", "bytevector-u8-set!", [0, 9]],
])("%s", (_, first, name, rest) => { expect(twice(first, name, ...rest)).toMatch(/9 2/); });

test("a literal bytevector stays as it is", () => expect(twice("#u8(1 2)", "bytevector-u8-set!", 0, 9)).toBe("(#u8(1 2))"));
test("number arrays stay as they are", () => expect(twice("(i64-array 1 2)", "i64-array/set!", 0, 9)).toBe("(#i64(1 2))"));

test("copying within a vector or bytevector may overlap", () => {
  for (const [made, name, result] of [["(vector 1 2 3 4)", "vector-copy!", "([1 1 2 3])"], ["(bytevector 1 2 3 4)", "bytevector-copy!", "(#u8(1 1 2 3))"]] as const) {
    const own = new NativeCalls(), base = own.scratch.base, heap = own.vm.heap;
    own.run(made);
    heap.copySlot(base + 20, base);
    heap.setI32(base + 21, 1);
    heap.copySlot(base + 22, base);
    heap.setI32(base + 23, 0);
    heap.setI32(base + 24, 3);
    expect(own.apply(name, base + 20, 5)).toBe("nil");
    heap.copySlot(base + 40, base);
    expect(own.apply("list", base + 40, 1)).toBe(result);
  }
});
