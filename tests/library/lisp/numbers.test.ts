// The number functions by tables of expressions: results in every kind of number, at the borders between the forms an
// integer can have, and error texts.

import { describe, expect, test } from "vitest";
import { LISP_NUMBERS } from "../../../src/library/lisp/numbers.ts";
import { NumberCalls } from "./number-calls.ts";

const calls = new NumberCalls();

/** One line each: expression, "=>", text of the result. */
function table(name: string, lines: string): void {
  const rows = lines.trim().split("\n").map((line) => line.trim().split(/\s+=>\s+/) as [string, string]);
  test.each(rows)(`${name} %s`, (expression, expected) => { expect(calls.run(expression)).toBe(expected); });
}

describe("arithmetic", () => {
  table("sum", `
    (+) => 0
    (+ 5) => 5
    (+ 1 2 3 4) => 10
    (+ 1 2.5) => 3.5
    (+ 1/2 1/3) => 5/6
    (+ 1/2 1/2 1) => 2
    (+ 1/2 0.5) => 1.0
    (+ 1+2i 3-2i) => 4
    (+ 1 1.5+2i) => 2.5+2i
    (+ 2147483647 1) => 2147483648
    (+ -2147483648 -1) => -2147483649
    (+ 140737488355327 1) => 140737488355328
    (+ -140737488355328 -1) => -140737488355329
    (+ 17592186044416 17592186044416) => 35184372088832
    (+ 9223372036854775807 1) => 9223372036854775808
    (+ -9223372036854775808 -1) => -9223372036854775809
    (+ 9223372036854775808 -9223372036854775808) => 0
    (+ 140737488355328 -1) => 140737488355327
    (+ 9223372036854775807 1.0) => 9223372036854775808.0
    (+ -0.0) => -0.0
    (+ 0 -0.0) => 0.0
    (+ "ab" "cd") => "abcd"
    (+ "" "") => ""
  `);
  table("difference", `
    (- 5) => -5
    (- 0) => 0
    (- 0.0) => -0.0
    (- 1/2) => -1/2
    (- 1+2i) => -1-2i
    (- -2147483648) => 2147483648
    (- -140737488355328) => 140737488355328
    (- 140737488355328) => -140737488355328
    (- 10 1 2 3) => 4
    (- 0.0 0.0) => 0.0
    (- 1/2 1/2) => 0
    (- 1+1i +i) => 1
    (- 2.5 1/2) => 2.0
    (- -9223372036854775808 1 0) => -9223372036854775809
  `);
  table("product", `
    (*) => 1
    (* 7) => 7
    (* 46341 46341) => 2147488281
    (* -2147483648 -2147483648) => 4611686018427387904
    (* -2147483648 -1) => 2147483648
    (* 94906265 94906267) => 9007199326062755
    (* 94906267 94906267) => 9007199515875289
    (* 140737488355327 140737488355327) => 19807040628565802923409276929
    (* 0 9223372036854775808) => 0
    (* -1 0) => 0
    (* 0 1.5) => 0.0
    (* 2/3 3/4) => 1/2
    (* 2/3 3/2) => 1
    (* 2/3 0) => 0
    (* 3+4i 1-2i) => 11-2i
    (* +i +i) => -1
    (* 2 1.5+2i) => 3.0+4i
    (* 1000000000000 1000000000000 1) => 1000000000000000000000000
  `);
  table("quotient", `
    (/ 6 3) => 2
    (/ 7 2) => 7/2
    (/ -7 14) => -1/2
    (/ 7 -14) => -1/2
    (/ 6 4 2) => 3/4
    (/ 1 3.0) => 0.3333333333333333
    (/ 0 5) => 0
    (/ 0 -5) => 0
    (/ 1/2 1/4) => 2
    (/ 1/2 -1/4) => -2
    (/ 9223372036854775808 2) => 4611686018427387904
    (/ 3 9223372036854775808) => 3/9223372036854775808
    (/ 1.0 0) => inf
    (/ -1.0 0) => -inf
    (/ 1 0.0) => inf
    (/ 0.0 0) => NaN
    (/ 1+2i 3+4i) => 11/25+2/25i
    (/ 1+2i 3) => 1/3+2/3i
    (/ 1 +i) => 0-1i
    (/ 1+2.0i 3+4.0i) => 0.44+0.08i
    (/ 1e300+1e300i 1e300+1e300i) => 1.0+0.0i
    (square -9) => 81
    (square 2147483647) => 4611686014132420609
  `);
  table("errors", `
    (+ 1 "a") => ERR Type error: expected number or string, got int and string
    (+ "a" 1) => ERR Type error: expected number or string, got string and int
    (+ 1 2 "a") => ERR Type error: expected number, got string
    (+ "a" "b" "c") => ERR Type error: expected number, got string
    (+ "a") => ERR Type error: expected number, got string
    (- 1 'a) => ERR Type error: expected number, got int and symbol
    (- "a") => ERR Type error: expected number, got string
    (* 1.5 nil) => ERR Type error: expected number, got float and nil
    (/ 1/2 #t) => ERR Type error: expected number, got rational and bool
    (/ 1 0) => ERR Eval error: division by zero
    (/ 1/2 0) => ERR Eval error: division by zero
    (/ 9223372036854775808 0) => ERR Eval error: division by zero
    (/ 1+2i 0) => ERR Eval error: division by zero
    (/ 8 2 0) => ERR Eval error: division by zero
    (abs "x") => ERR Type error: expected number, got string
  `);
});

describe("order", () => {
  table("comparison", `
    (< 1 2 3) => #t
    (< 1 3 2) => #f
    (< 1 1) => #f
    (<= 1 1 2) => #t
    (> 3 2 1) => #t
    (>= 3 3 1) => #t
    (>= 3 4) => #f
    (< -2147483648 2147483647) => #t
    (< 2147483647 -2147483648) => #f
    (< 9007199254740992.0 9007199254740993) => #t
    (= 9007199254740992.0 9007199254740993) => #f
    (< 9223372036854775807 9223372036854775808) => #t
    (< 9223372036854775807 9223372036854775808.0) => #t
    (= 9223372036854775808 9223372036854775808.0) => #t
    (< 1/3 0.3333333333333333) => #f
    (> 1/3 0.3333333333333333) => #t
    (= 1/2 0.5) => #t
    (< 1/3 1/2) => #t
    (< 1/2 9223372036854775808) => #t
    (< math/nan 1) => #f
    (>= math/nan math/nan) => #f
    (= math/nan math/nan) => #f
    (< 1/2 math/nan) => #f
    (< 100000000000000000000 math/infinity) => #t
    (< 1/2 math/infinity) => #t
    (= 0.0 -0.0) => #t
    (< "a" "b" "c") => #t
    (>= "a" "b") => #f
  `);
  table("equality", `
    (= 1 1.0) => #t
    (= 1 1.0 2/2) => #t
    (= 1 2 1) => #f
    (= 1+2i 1.0+2.0i) => #t
    (= 1 1+0.0i) => #t
    (= 1+2i 1) => #f
    (= "a" "a" "a") => #t
    (= "a" 1) => #f
    (= 'a 'a) => #t
    (= nil nil) => #t
    (= nil #f) => #f
  `);
  table("signs and extremes", `
    (zero? 0) => #t
    (zero? -0.0) => #t
    (zero? 0+0.0i) => #t
    (zero? 1/2) => #f
    (positive? 9223372036854775808) => #t
    (positive? math/nan) => #f
    (negative? -1/2) => #t
    (max 3 1 2) => 3
    (max 1 2.0) => 2.0
    (min 1 2.0) => 1.0
    (max 1/2 0.3) => 0.5
    (min 1/2 1/3 0.4) => 0.3333333333333333
    (max 100000000000000000000 1) => 100000000000000000000
    (math/clamp 15 0 10) => 10
    (math/clamp -5 0 10) => 0
    (math/clamp 5 0.0 10) => 5.0
    (math/clamp 1/2 0 1) => 1/2
  `);
  table("errors", `
    (< 1 "a") => ERR Type error: expected comparable values, got int and string
    (< 'a 'b) => ERR Type error: expected comparable values, got symbol and symbol
    (< 1 1+1i) => ERR Eval error: cannot order complex numbers
    (max 1 math/nan) => ERR Eval error: max: cannot order these numbers
    (min +i 2) => ERR Eval error: min: cannot order these numbers
    (max "a") => ERR Type error: expected number, got string
    (zero? "0") => ERR Type error: expected number, got string
    (math/clamp 1 nil 2) => ERR Type error: expected number, got nil
  `);
});

describe("integers", () => {
  table("division", `
    (mod -7 2) => 1
    (mod 7 -2) => -1
    (modulo -100000000000000000000 7) => 5
    (mod -7.5 2) => -1.5
    (mod 5.0 0) => NaN
    (quotient -7 2) => -3
    (quotient -9223372036854775808 -1) => 9223372036854775808
    (remainder -7 2) => -1
    (remainder 7 -2) => 1
    (remainder 4 2) => 0
    (floor/ -5 2) => values -3 1
    (floor/ 5 -2) => values -3 -1
    (truncate/ -5 2) => values -2 -1
    (truncate/ -5.0 2) => values -2.0 -1.0
    (floor-quotient -5 2) => -3
    (floor-remainder -5 2) => 1
    (truncate-quotient -5 2) => -2
    (truncate-remainder -5 2) => -1
    (floor/ -100000000000000000000 3) => values -33333333333333333334 2
    (gcd) => 0
    (gcd 12 18 24) => 6
    (gcd -4 6) => 2
    (gcd 0 0) => 0
    (gcd 100000000000000000000 10) => 10
    (lcm) => 1
    (lcm 4 -6) => 12
    (lcm 0 5) => 0
    (even? 100000000000000000000) => #t
    (odd? -3) => #t
    (odd? 0) => #f
  `);
  table("errors", `
    (mod 5 0) => ERR Eval error: modulo by zero
    (modulo 100000000000000000000 0) => ERR Eval error: modulo by zero
    (quotient 5 0) => ERR Eval error: quotient: division by zero
    (remainder 5 0) => ERR Eval error: remainder: division by zero
    (floor/ 5 0) => ERR Eval error: floor/: division by zero
    (quotient 5.5 2) => ERR Type error: expected integer, got float
    (mod "x" 2) => ERR Type error: expected integer, got string
    (mod 5 1/2) => ERR Type error: expected integer, got rational
    (floor/ 5.5 2) => ERR Type error: expected integer, got float
    (even? 2.0) => ERR Type error: expected integer, got float
    (gcd 1.5 2) => ERR Type error: expected integer, got float
  `);
  table("bits", `
    (bit/and 12 10) => 8
    (bit/or 12 10) => 14
    (bit/xor -1 255) => -256
    (bit/and -1 9223372036854775808) => 9223372036854775808
    (bit/or 1152921504606846976 1) => 1152921504606846977
    (bit/not 0) => -1
    (bit/not 100000000000000000000) => -100000000000000000001
    (bit/shift-left 1 31) => 2147483648
    (bit/shift-left 1 64) => 18446744073709551616
    (bit/shift-left 0 10000000000) => 0
    (bit/shift-right -5 1) => -3
    (bit/shift-right 5 100000) => 0
    (bit/shift-right -5 100000000000000000000) => -1
    (bit/shift-right 18446744073709551616 64) => 1
    (bit/shift-left 1 -1) => ERR Eval error: bit/shift-left: expected a non-negative integer, got -1
    (bit/shift-right 1 -1) => ERR Eval error: bit/shift-right: expected a non-negative integer, got -1
    (bit/and 1.5 2) => ERR Type error: expected int, got float
    (bit/not "x") => ERR Type error: expected int, got string
  `);
});

test("no name is given twice", () => {
  const names = LISP_NUMBERS.flatMap((info) => [info.name.replace("lisp:", ""), ...info.aliases ?? []]);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});
