// Strings, characters, symbols and keywords, and output.

import { describe, expect, test } from "vitest";
import { NATIVES, nativeIndex } from "../../../src/library/registry.ts";
import { NativeCalls } from "./native-calls.ts";

const calls = new NativeCalls();
type Row = readonly [source: string, result: string];
const ROWS: { readonly [name: string]: readonly Row[] } = {
  building: [
    ["(str)", '""'], ['(str "a" 1 #\\b nil :k)', '"a1bnil:k"'], ['(string-append "é" "😀")', '"é😀"'], ["(str '(\"x\" #\\y))", '"(\\"x\\" #\\\\y)"'], ['(string/append 1/2 "")', '"1/2"'],
    ['(format "~a|~s|~A" "q" "q" #\\c)', '"q|\\"q\\"|c"'], ['(format "~%~~~x~")', '"\\n~~x~"'], ['(format "~a~a" 1)', '"1"'], ['(format "~😀~d~" 1)', '"~😀~d~"'], ["(format 1)", "type-error: expected string, got int"], ["(format)", "arity: format expects 1 or more arguments, got 0"],
    ["(format/form '(define (f x) (+ x 1)))", '"(define (f x) (+ x 1))"'],
    ["(format/form '(define (function-with-name first second) (let ((x (compute first)) (y (compute second))) [x y {:k v}])))", '"(define (function-with-name first second)\\n  (let ((x (compute first)) (y (compute second))) [x y {:k v}]))"'],
    ['(string/join \'(1 "b" #\\c (d)) "; ")', '"1; b; c; (d)"'], ['(string/join [] ",")', '""'], ['(string-join \'("x") 1)', "type-error: expected string, got int"], ['(string/join "ab" ",")', "type-error: expected list or vector, got string"],
    ['(string/repeat "xy" 0)', '""'], ['(string/repeat "né" 3)', '"nénéné"'], ['(string/repeat "a" -1)', "eval: string/repeat: expected a non-negative integer, got -1"], ['(string/repeat "a" 2.0)', "type-error: expected int, got float"],
    ['(make-string "ab" 2)', '"abab"'], ["(make-string 3)", '"   "'], ["(make-string 2 #\\λ)", '"λλ"'], ["(make-string 2 1)", "type-error: expected char, got int"], ['(make-string "a")', "type-error: expected int, got string"],
    ["(string)", '""'], ["(string #\\a #\\😀)", '"a😀"'], ['(string "a")', "type-error: expected char, got string"], ["(list->string '(#\\x #\\y))", '"xy"'], ["(list->string [#\\x])", "type-error: expected list, got vector"],
    ["(string/from-codepoints [955 128512])", '"λ😀"'], ["(string/from-codepoints '(55296))", "eval: string/from-codepoints: invalid codepoint 55296"], ["(char->string #\\ü)", '"ü"'],
    ['(string-copy "hallo")', '"hallo"'], ['(string-copy "hallo" 1 3)', '"al"'], ['(string-copy "hallo" 4 9)', "eval: string-copy: index out of bounds"],
  ],
  reading: [
    ['(string-length "añ😀")', "3"], ['(string/byte-length "añ😀")', "7"], ["(string-length 'a)", "type-error: expected string, got symbol"],
    ['(string-ref "añ😀z" 2)', "#\\😀"], ['(string-ref "añ" 2)', "eval: string-ref: index 2 out of bounds (string length 2)"], ['(string/ref "a" -1)', "eval: string-ref: index -1 must be non-negative"],
    ['(substring "añ😀z" 1 3)', '"ñ😀"'], ['(substring "abc" 1)', '"bc"'], ['(string/slice "abc" 3)', '""'], ['(substring "abc" 2 1)', "eval: substring: index out of bounds"], ['(substring "abc" 0 100000000000000000000)', "eval: substring: index out of bounds"],
    ['(string->list "aλ")', "(#\\a #\\λ)"], ['(string->list "abcd" 1 3)', "(#\\b #\\c)"], ['(string/chars "")', "()"], ['(string/codepoints "aλ😀")', "(97 955 128512)"],
    ['(string->char "λ")', "#\\λ"], ['(string->char "")', "eval: string->char: empty string"], ['(string/to-char "ab")', "eval: string->char: string must have exactly one character"],
    ['(string/index-of "añxañ" "ñ")', "1"], ['(string/index-of "añxañ" "ñ" 2)', "4"], ['(string/index-of "abc" "" 3)', "3"], ['(string/index-of "abc" "" 4)', "nil"], ['(string/index-of "abc" "a" -1)', "eval: string/index-of: expected a non-negative integer, got -1"],
    ['(string/last-index-of "ñañ" "ñ")', "2"], ['(string/last-index-of "abc" "z")', "nil"], ['(string/contains? "hay" "")', "#t"], ['(string/contains? "hay" "ya")', "#f"],
    ['(string/starts-with? "λx" "λ")', "#t"], ['(string/ends-with? "xλ" "λ")', "#t"], ['(string/ends-with? "x" "xx")', "#f"], ['(string/take "aλ😀" 2)', '"aλ"'], ['(string/take "aλ😀" -2)', '"λ😀"'], ['(string/take "ab" 9)', '"ab"'],
    ['(string/reverse "aλ😀")', '"😀λa"'], ['(string/empty? "")', "#t"], ['(string/intern "x")', '"x"'], ['(string-length (string/normalize "ö" :nfd))', "2"], ['(string/normalize "ﬂ" "nfkc")', '"fl"'],
    ['(string/normalize "x" :abc)', 'eval: string/normalize: unknown form "abc"'], ['(string/normalize "x" 1)', "type-error: expected string or keyword, got int"],
  ],
  cutting: [
    ['(string/split "a--b--" "--")', '("a" "b" "")'], ['(string/split "λ😀" "")', '("" "λ" "😀" "")'], ['(string-split "" "x")', '("")'], ['(string/lines "a\\r\\n\\nb\\n")', '("a" "" "b")'], ['(string/lines "\\n")', '("")'], ['(string/lines "")', "()"], ['(string/lines "a\\r")', '("a\\r")'],
    ['(string/trim "\\x2003; x y\\n")', '"x y"'], ['(string/trim-left " a ")', '"a "'], ['(string-trim "")', '""'], ['(string/trim-right "\\t a\\x85;")', '"\\t a"'],
    ['(string/after "k=v=w" "=")', '"v=w"'], ['(string/after-last "k=v=w" "=")', '"w"'], ['(string/before "k=v=w" "=")', '"k"'], ['(string/before-last "k=v=w" "=")', '"k=v"'], ['(string/after "kv" "=")', '"kv"'],
    ['(string/between "<b>" "<" ">")', '"b"'], ['(string/between "<b" "<" ">")', '"b"'], ['(string/between "b>" "<" ">")', '""'], ['(string/chop-start "aab" "a")', '"ab"'], ['(string/chop-end "baa" "a")', '"ba"'], ['(string/chop-end "b" "a")', '"b"'],
    ['(string/ensure-start "x" "/")', '"/x"'], ['(string/ensure-end "x/" "/")', '"x/"'], ['(string/wrap "x" "*")', '"*x*"'], ['(string/wrap "x" "<" ">")', '"<x>"'], ['(string/unwrap "<x>" "<" ">")', '"x"'], ['(string/unwrap "**" "**")', '"**"'],
    ['(string/replace "a.b.c" "." "")', '"abc"'], ['(string/replace "λμ" "" "-")', '"-λ-μ-"'], ['(string/replace-first "aa" "a" "$&")', '"$&a"'], ['(string/replace-last "aba" "a" "x")', '"abx"'], ['(string/remove "banana" "an")', '"ba"'],
  ],
  casing: [
    ['(string/upper "straße ﬃ")', '"STRASSE FFI"'], ['(string-downcase "ΟΔΟΣ")', '"οδος"'], ['(string/foldcase "ΟΔΟΣ ẞ")', '"οδοσ ss"'], ['(string-foldcase "İI")', '"i̇i"'], ['(string/capitalize "éÀ x")', '"Éà x"'], ['(string/title-case " the  bIG one")', '"The Big One"'],
    ['(string/words "parseHTTPResponse2Go now-or_never.ok")', '("parse" "HTTP" "Response2" "Go" "now" "or" "never" "ok")'], ['(string/words "...")', "()"], ['(string/words "ÄPFELBaum")', '("ÄPFEL" "Baum")'], ['(string/words "x1Y")', '("x1" "Y")'],
    ['(string/snake-case "parseHTTPResponse")', '"parse_http_response"'], ['(string/kebab-case "Some Thing_else")', '"some-thing-else"'], ['(string/camel-case "Some thing-else")', '"someThingElse"'], ['(string/pascal-case "one.two")', '"OneTwo"'], ['(string/headline "oneTwo_three")', '"One Two Three"'], ['(string/camel-case "")', '""'],
  ],
  comparing: [
    ['(string=? "a" "a" "a")', "#t"], ['(string=? "a" "b")', "#f"], ['(string<? "a" "b" "c")', "#t"], ['(string<? "a" "c" "b")', "#f"], ['(string>? "b" "a")', "#t"], ['(string<=? "a" "a" "b")', "#t"], ['(string>=? "b" "b" "c")', "#f"], ['(string<? "ｚ" "😀")', "#t"],
    ['(string-ci=? "Maße" "MASSE")', "#t"], ['(string-ci<? "a" "B" "c")', "#t"], ['(string-ci>? "ａ" "😀")', "#f"], ['(string-ci<=? "b" "A")', "#f"], ['(string-ci>=? "B" "b" "A")', "#t"], ['(string=? "a" 1)', "type-error: expected string, got int"], ['(string<? "b" "a" 1)', "type-error: expected string, got int"],
  ],
  columns: [
    ['(string/width "añ")', "2"], ['(string/width "漢字")', "4"], ['(string/width "e\\x301;\\x302;")', "1"], ['(string/width "\\x1b;[1;31mx\\x1b;[0m")', "1"], ['(string/width "🏽")', "2"], ['(string/width "👩‍🚀👍🏽🇫🇷")', "6"], ['(string/width "♥\\xfe0f;")', "2"], ['(string/width "a\\x1b;]8;;u\\x1b;\\\\b")', "2"],
    ['(string/pad-left "7" 3 "0")', '"007"'], ['(string/pad-right "漢" 4 "-")', '"漢--"'], ['(string/pad-left "abc" 2)', '"abc"'], ['(string/pad-left "a" 4 "xy")', '"xxxa"'], ['(string/pad-right "a" 2 "")', '"a "'], ['(string/pad-left "a" -1)', "eval: string/pad: expected a non-negative integer, got -1"],
    ['(string/truncate-width "abcdef" 4)', '"abcd"'], ['(string/truncate-width "abcdef" 4 "..")', '"ab.."'], ['(string/truncate-width "漢字" 3)', '"漢"'], ['(string/truncate-width "abc" 1 "...")', '"."'], ['(string/truncate-width "abc" 3 "...")', '"abc"'], ['(string/truncate-width "a" -2)', "eval: string/truncate-width: expected a non-negative integer, got -2"],
    ['(string/word-wrap "one two three" 7)', '("one two" "three")'], ['(string/word-wrap "abcdefg hi" 3)', '("abc" "def" "g" "hi")'], ['(string/word-wrap " a  b \\n\\nc" 9)', '("a b" "" "c")'], ['(string/word-wrap "漢字漢" 3)', '("漢" "字" "漢")'],
  ],
  terminal: [
    ['(term/red "x")', '"\x1b[31mx\x1b[0m"'], ['(term/style "x" :underline :gray)', '"\x1b[4;90mx\x1b[0m"'], ['(term/style "x")', '"x"'], ['(term/style "x" :loud)', "eval: term/style: unknown style :loud"], ['(term/rgb "x" 1 2 3)', '"\x1b[38;2;1;2;3mx\x1b[0m"'], ['(term/strip (term/bold (term/red "λ")))', '"λ"'], ['(term/strip "\\x1b;😀x")', '"x"'], ['(term/rgb "x" 0 0 256)', "eval: term/rgb: parts of a colour are from 0 to 255"],
  ],
  characters: [
    ["(char->integer #\\λ)", "955"], ["(integer->char 128512)", "#\\😀"], ["(integer->char 1114112)", "eval: integer->char: invalid codepoint 1114112"], ["(char->integer 1)", "type-error: expected char, got int"], ["(char/to-integer #\\a)", "97"],
    ["(char-alphabetic? #\\ñ)", "#t"], ["(char-alphabetic? #\\1)", "#f"], ["(char-numeric? #\\٣)", "#t"], ["(char-whitespace? #\\tab)", "#t"], ["(char-upper-case? #\\Ω)", "#t"], ["(char-lower-case? #\\ß)", "#t"], ["(char/lower-case? #\\A)", "#f"],
    ["(char-upcase #\\ñ)", "#\\Ñ"], ["(char/downcase #\\Ω)", "#\\ω"], ["(char-foldcase #\\Σ)", "#\\σ"], ["(digit-value #\\7)", "7"], ["(digit-value #\\٣)", "3"], ["(digit-value (integer->char 120791))", "9"], ["(digit-value #\\½)", "#f"], ["(digit-value #\\x)", "#f"],
    ["(char=? #\\a #\\a #\\a)", "#t"], ["(char<? #\\a #\\b #\\b)", "#f"], ["(char>? #\\c #\\b #\\a)", "#t"], ["(char<=? #\\a #\\a)", "#t"], ["(char>=? #\\a #\\b)", "#f"], ["(char=? #\\a 1)", "type-error: expected char, got int"],
    ["(char-ci=? #\\a #\\A #\\a)", "#t"], ["(char-ci<? #\\A #\\b)", "#t"], ["(char-ci>? #\\A #\\b)", "#f"], ["(char-ci<=? #\\B #\\b)", "#t"], ["(char-ci>=? #\\a #\\B)", "#f"],
  ],
  names: [
    ['(string->symbol "a b")', "a b"], ["(symbol->string 'abc)", '"abc"'], ['(string->keyword "k")', ":k"], ["(keyword->string :k)", '"k"'], ['(symbol/to-string "a")', "type-error: expected symbol, got string"], ["(keyword/to-string 'k)", "type-error: expected keyword, got symbol"],
    ['(string->symbol 1)', "type-error: expected string, got int"], ['(equal? (string->keyword "x") :x)', "#t"], ["(symbol<? 'a 'b 'c)", "#t"], ["(symbol<? 'b 'a)", "#f"],
  ],
  unchangeable: [
    ['(string-set! "abc" 0 #\\x)', "eval: string-set!: strings are immutable (build a new one, for example with string-append or list->string)"],
    ['(string-fill! "abc" #\\x)', "eval: string-fill!: strings are immutable (build a new one, for example with string-append or list->string)"],
    ['(string-copy! "abc" 0 "x")', "eval: string-copy!: strings are immutable (build a new one, for example with string-append or list->string)"],
  ],
};

describe.each(Object.entries(ROWS))("%s", (_, rows) => {
  test.each(rows)("%s", (source, result) => { expect(calls.run(source)).toBe(result); });
});

test("all of it under a collection at every allocation", () => {
  const stressed = new NativeCalls({ gcStress: 1, verify: true });
  for (const [source, result] of Object.values(ROWS).flat()) expect(stressed.run(source), source).toBe(result);
}, 20_000);

describe("output", () => {
  const output = (source: string): string => {
    calls.scratch.written.length = 0;
    expect(calls.run(source)).toBe("nil");
    return calls.scratch.written.join("");
  };
  test.each<Row>([
    ['(display "a" #\\b \'("c" #\\d) 1)', 'a b ("c" #\\d) 1'], ['(print "a" #\\b)', '"a" #\\b'], ['(println "a" 2)', "a 2\n"], ["(println)", "\n"], ["(newline)", "\n"], ["(display)", ""],
    ['(pprint \'(1 "x"))', '(1 "x")\n'], ['(print-error "a")', '"a"'], ['(println-error "a" :b)', "a :b\n"],
  ])("%s", (source, text) => { expect(output(source)).toBe(text); });

  test("wrong calls", () => {
    expect(calls.run("(pprint 1 2)")).toBe("arity: pprint expects 1 argument, got 2");
    expect(calls.run("(newline 1 2)")).toBe("arity: newline expects 0 or 1 arguments, got 2");
    expect(calls.run("(display 1 (open-input-string \"x\"))")).toBe("type-error: expected textual output port, got port");
  });
});

test("a text built piece by piece takes linear time", () => {
  const { vm, scratch } = calls, { heap } = vm, base = scratch.base + 2, append = NATIVES[nativeIndex("lisp:string-append")]!;
  scratch.put(base - 2, "");
  scratch.put(base + 8, "0123456789");
  for (let i = 0; i < 50_000; i++) {
    heap.copySlot(base, base - 2);
    heap.copySlot(base + 1, base + 8);
    append.run(vm, base, 2);
  }
  heap.copySlot(base, base - 2);
  expect(calls.apply("string-length", base, 1)).toBe("500000");
}, 2000);

test("results too large for the memory are refused", () => {
  const small = new NativeCalls({ maxBytes: 1 << 22 }), attempt = (source: string): unknown => small.scratch.attempt(() => small.run(source));
  for (const source of ['(string/repeat "ab" 4000000000)', '(string/repeat "ab" 100000000000000000000000)', "(make-string 1000000000 #\\λ)", '(string/pad-left "" 900000000)', '(string/replace (make-string 300000) " " (make-string 3000))']) {
    expect(attempt(source), source).toMatch(/out of memory|no condition/);
  }
});
