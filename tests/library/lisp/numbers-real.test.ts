// Rounding, powers, functions of analysis, predicates, and the way between numbers and text.

import { describe, expect, test } from "vitest";
import { NumberCalls } from "./number-calls.ts";

const calls = new NumberCalls();

function table(name: string, lines: string): void {
  const rows = lines.trim().split("\n").map((line) => line.trim().split(/\s+=>\s+/) as [string, string]);
  test.each(rows)(`${name} %s`, (expression, expected) => { expect(calls.run(expression)).toBe(expected); });
}

describe("rounding and parts", () => {
  table("rounding", `
    (floor 2.5) => 2.0
    (floor -7/2) => -4
    (floor 100000000000000000000) => 100000000000000000000
    (ceil -0.5) => -0.0
    (ceiling 7/2) => 4
    (round 2.5) => 2.0
    (round 3.5) => 4.0
    (round -0.5) => -0.0
    (round -1.5) => -2.0
    (round 0.49999999999999994) => 0.0
    (round 4503599627370497.5) => 4503599627370498.0
    (round 7/2) => 4
    (round 5/2) => 2
    (round -5/2) => -2
    (round -8/3) => -3
    (truncate -7/2) => -3
    (truncate -2.7) => -2.0
    (round math/infinity) => inf
    (floor +i) => ERR Type error: expected real number, got complex
    (round "x") => ERR Type error: expected number, got string
  `);
  table("exactness", `
    (exact 2.5) => 5/2
    (exact 0.1) => 3602879701896397/36028797018963968
    (exact 1e20) => 100000000000000000000
    (exact -0.0) => 0
    (exact math/infinity) => inf
    (exact 1.5+2.0i) => 3/2+2i
    (exact (inexact 1/3)) => 6004799503160661/18014398509481984
    (inexact 1/3) => 0.3333333333333333
    (inexact 123456789012345678901234567890) => 123456789012345677877719597056.0
    (inexact 1/3+1/2i) => 0.3333333333333333+0.5i
    (inexact (/ (expt 10 400) (+ 1 (expt 10 399)))) => 10.0
    (numerator 6/4) => 3
    (denominator 6/4) => 2
    (denominator 5) => 1
    (denominator 0.5) => 2.0
    (numerator "x") => ERR Type error: expected rational, got string
    (rationalize 3/10 1/10) => 1/3
    (rationalize 0.3 1/10) => 0.3333333333333333
    (rationalize -3/10 1/10) => -1/3
    (rationalize (exact 3.14159) 1/100) => 22/7
    (rationalize 1/2 1) => 0
    (rationalize 1/2 0) => 1/2
    (rationalize 1 math/infinity) => 0.0
    (rationalize "x" 1) => ERR Type error: expected real, got string
  `);
  table("complex", `
    (make-rectangular 1 2) => 1+2i
    (make-rectangular 1 0) => 1
    (make-rectangular 1 0.0) => 1+0.0i
    (make-rectangular 1/2 -1/3) => 1/2-1/3i
    (make-rectangular 1 math/nan) => 1+NaNi
    (make-polar 2 0) => 2.0+0.0i
    (real-part 1.5+2i) => 1.5
    (imag-part 5) => 0
    (magnitude 3+4i) => 5.0
    (magnitude -1/2) => 1/2
    (abs 3+4i) => 5.0
    (angle -1) => 3.141592653589793
    (angle 1) => 0.0
    (make-rectangular +i 2) => ERR Type error: expected real, got complex
  `);
});

describe("powers", () => {
  table("root", `
    (sqrt 16) => 4
    (sqrt 1/4) => 1/2
    (sqrt 2) => 1.4142135623730951
    (sqrt 2/9) => 0.4714045207910317
    (sqrt 16.0) => 4.0
    (sqrt -4) => 0+2i
    (sqrt -1.0) => 0+1.0i
    (sqrt -1/4) => 0+1/2i
    (sqrt -0.0) => -0.0
    (sqrt 3+4i) => 2.0+1.0i
    (sqrt -3-4i) => 1.0-2.0i
    (sqrt (expt 10 50)) => 10000000000000000000000000
    (sqrt (+ 1 (expt 10 400))) => ${BigInt(1e200)}.0
    (exact-integer-sqrt 17) => (4 1)
    (exact-integer-sqrt 100000000000000000000) => (10000000000 0)
    (exact-integer-sqrt 2.0) => ERR Type error: expected exact integer, got float
    (exact-integer-sqrt -1) => ERR Eval error: exact-integer-sqrt: argument must be non-negative
    (sqrt "x") => ERR Type error: expected number, got string
  `);
  table("power", `
    (expt 2 10) => 1024
    (expt 2 100) => 1267650600228229401496703205376
    (expt 2 -1) => 1/2
    (expt -2 -3) => -1/8
    (expt -1/2 -3) => -8
    (expt 1/2 0) => 1
    (expt 0 0) => 1
    (expt 0 5) => 0
    (expt 0.0 0) => 1.0
    (expt 0.0 -1) => inf
    (expt 2.0 3) => 8.0
    (expt 4 1/2) => 2.0
    (expt 1 math/nan) => 1.0
    (expt -1 100000000000000000001) => -1
    (expt 1 100000000000000000001) => 1
    (expt +i 1000000000001) => 0+1i
    (expt 1+1i 2) => 0+2i
    (expt 1+1i -2) => 0-1/2i
    (pow 1.5 2) => 2.25
    (expt 0 -1) => ERR Eval error: expt: 0 raised to a negative power
    (expt "x" 2) => ERR Type error: expected number, got string
  `);
});

describe("floats", () => {
  table("analysis", `
    (sin 0) => 0.0
    (cos 0) => 1.0
    (tan 1/4) => 0.25534192122103627
    (atan 1) => 0.7853981633974483
    (atan 1 -1) => 2.356194490192345
    (exp 0) => 1.0
    (log 1) => 0.0
    (log 8 2) => 3.0
    (log 0) => -inf
    (log -1) => NaN
    (log (expt 10 1000)) => 2302.5850929940457
    (math/log10 1000) => 3.0
    (math/log2 (expt 2 5000)) => 5000.0
    (math/log2 (expt 2 -5000)) => -5000.0
    (math/lerp 10 20 0.5) => 15.0
    (math/map-range 5 0 10 0 100) => 50.0
    (math/round-to 3.14159 2) => 3.14
    (math/round-to -2.5 0) => -3.0
    (math/round-to 1234.5 -2) => 1200.0
    (math/round-to 1e300 20) => ${BigInt(1e300)}.0
    (math/sign -2.5) => -1
    (math/sign 0.0) => 0
    (math/sign 1/2) => 1
    (math/radians->degrees pi) => 180.0
    (math/degrees->radians 180) => 3.141592653589793
    (math/random-int 5 5) => 5
    (math/random-int 5 1) => ERR Eval error: math/random-int: lo (5) must be <= hi (1)
    (sin +i) => ERR Type error: expected real number, got complex
    (cos nil) => ERR Type error: expected number, got nil
  `);
  table("tests", `
    (nan? math/nan) => #t
    (nan? 1) => #f
    (math/nan? "x") => #f
    (infinite? (- math/infinity)) => #t
    (math/infinite? 1/2) => #f
    (finite? 100000000000000000000) => #t
    (finite? math/nan) => #f
    (finite? "x") => ERR Type error: expected number, got string
    (number? 1+2i) => #t
    (complex? 1) => #t
    (real? 1+2i) => #f
    (rational? 1/2) => #t
    (rational? 0.5) => #f
    (integer? 2.0) => #t
    (integer? math/infinity) => #f
    (integer? "2") => #f
    (float? 1.0) => #t
    (exact? 1+2i) => #t
    (exact? 1+2.0i) => #f
    (inexact? 1+2.0i) => #t
    (inexact? "x") => #f
    (exact-integer? 100000000000000000000) => #t
    (exact-integer? 2.0) => #f
  `);
});

describe("text", () => {
  table("printed", `
    (+ 1e21) => 1000000000000000000000.0
    (+ 1.5e-7) => 0.00000015
    (+ -1.5e-10) => -0.00000000015
    (+ 123456.789) => 123456.789
    (+ 9007199254740994.0) => 9007199254740994.0
    (+ 123456789012345680000.0) => 123456789012345683968.0
    (- math/infinity) => -inf
    (* 0 math/infinity) => NaN
    (number->string 255 16) => "ff"
    (number->string -5 2) => "-101"
    (number->string 100000000000000000000 16) => "56bc75e2d63100000"
    (number->string 1/3) => "1/3"
    (number->string 255 36) => ERR Eval error: number->string: unsupported radix 36 (expected 2, 8, 10, or 16)
    (number->string 2.5 2) => ERR Type error: expected exact integer, got float
    (number->string "x") => ERR Type error: expected number, got string
    (math/format-fixed 3.14159 2) => "3.14"
    (math/format-fixed 2.5 0) => "2"
    (math/format-fixed 5 2) => "5.00"
    (math/format-fixed -0.001 2) => "-0.00"
    (math/format-fixed 1e21 2) => "1000000000000000000000.00"
    (math/format-fixed 1/3 3) => "0.333"
    (math/format-fixed math/infinity 2) => "inf"
  `);
  table("read", `
    (string->number "42") => 42
    (string->number " \\t42\\n") => 42
    (string->number "42 ; c") => 42
    (string->number "; c\\n 42;") => 42
    (string->number "+5") => #f
    (string->number "+inf.0") => #f
    (string->number "") => #f
    (string->number "1 2") => #f
    (string->number "1e999") => inf
    (string->number "#xff") => 255
    (string->number "ff" 16) => 255
    (string->number "+ff" 16) => 255
    (string->number "12" 2) => #f
    (string->number "1/0") => #f
    (string->number "10" 3) => ERR Eval error: string->number: unsupported radix 3 (expected 2, 8, 10, or 16)
    (string->number 5) => ERR Type error: expected string, got int
    (string/number? "-3.5") => #t
    (string/number? "12abc") => #f
    (int 2.9) => 2
    (int -7/2) => -3
    (int "42") => 42
    (int "+42") => 42
    (int 1e18) => 1000000000000000000
    (int "x") => ERR Eval error: cannot convert 'x' to int
    (int 1e19) => ERR Eval error: int: cannot convert 10000000000000000000 to an integer (not finite or out of i64 range)
    (int math/nan) => ERR Eval error: int: cannot convert NaN to an integer (not finite or out of i64 range)
    (int nil) => ERR Type error: expected number or string, got nil
    (float 1/2) => 0.5
    (float "2.5") => 2.5
    (float "-inf") => -inf
    (float "x") => ERR Eval error: cannot convert 'x' to float
    (float 3+4i) => ERR Type error: expected real number, got complex
    (string->float ".5") => 0.5
    (string->float "nan") => NaN
    (string->float " 1") => ERR Eval error: cannot parse ' 1' as float
    (string->float 'a) => ERR Type error: expected string or number, got symbol
  `);
});
