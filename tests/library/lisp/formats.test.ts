// JSON, CSV, TOML, Base64 and digests, dates, running text, differences.

import { createHash, createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { daysOf, formatMoment, momentOf } from "../../../src/library/lisp/formats/calendar.ts";
import { hmacSha256, md5, sha256 } from "../../../src/library/lisp/formats/digests.ts";
import { invalidUtf8 } from "../../../src/library/lisp/formats/utf8-check.ts";
import { Random } from "../../support/random.ts";
import { NativeCalls } from "./native-calls.ts";

const calls = new NativeCalls();
type Row = readonly [source: string, result: string];
const parseError = (name: string, line: number, column: number, what: string): string => `eval: ${name}: parse error at line ${line} column ${column}: ${what} at line ${line} column ${column}`;
const ROWS: { readonly [name: string]: readonly Row[] } = {
  json: [
    ['(json/encode {:b [1 2.0 1/2] "a" nil \'c #t})', '"{\\"a\\":null,\\"c\\":true,\\"b\\":[1,2.0,\\"1/2\\"]}"'], ["(json/encode '(1e300 -0.0 1.5e-9 12345678901234567890))", '"[1e+300,-0.0,1.5e-9,12345678901234567890]"'], ['(json/encode "\\"\\\\\\n\\x1;é😀")', '"\\"\\\\\\"\\\\\\\\\\\\n\\\\u0001é😀\\""'],
    ["(json/encode {1 2 [3] 4})", '"{\\"1\\":2,\\"[3]\\":4}"'], ["(json/encode (hashmap/new :x (list)))", '"{\\"x\\":[]}"'], ["(json/encode #\\a)", "eval: json/encode: Eval error: cannot encode char as JSON"], ["(json/encode '(1 . 2))", "type-error: expected proper list, got improper list"],
    ["(json/encode-pretty {:k [1 {}] :e []})", '"{\\n  \\"e\\": [],\\n  \\"k\\": [\\n    1,\\n    {}\\n  ]\\n}"'], ["(json/encode-pretty 1)", '"1"'],
    ['(json/decode " { \\"a\\" : [ 1 , -2.5e1 , {} , [ ] ] } ")', "{:a (1 -25.0 {} ())}"], ['(json/decode "\\"\\\\u00e9\\\\ud83d\\\\ude00\\\\/\\"")', '"é😀/"'], ['(json/decode "123456789012345678901")', "123456789012345678901"], ['(json/decode "{\\"k\\":1,\\"k\\":2}")', "{:k 2}"],
    ['(json/decode "[1 2]")', parseError("json/decode", 1, 4, "expected `,` or `]`")], ['(json/decode "{\\"a\\":\\n}")', parseError("json/decode", 2, 1, "expected value")], ['(json/decode "[[]")', parseError("json/decode", 1, 3, "EOF while parsing a list")], ['(json/decode "[1,]")', parseError("json/decode", 1, 4, "trailing comma")],
    ['(json/decode "nul")', parseError("json/decode", 1, 3, "EOF while parsing a value")], ['(json/decode "01")', parseError("json/decode", 1, 2, "invalid number")], ['(json/decode "{1:2}")', parseError("json/decode", 1, 2, "key must be a string")], ['(json/decode "[] x")', parseError("json/decode", 1, 4, "trailing characters")], ['(json/decode "\\"\\\\ud800x\\"")', parseError("json/decode", 1, 7, "lone surrogate found")],
    ["(json/decode 1)", "type-error: expected string, got int"],
  ],
  csv: [
    ['(csv/parse "a,\\"b,\\"\\"c\\nd\\"\\r\\n1,\\n")', '(("a" "b,\\"c\\nd") ("1" ""))'], ['(csv/parse "x\\n\\ny")', '(("x") ("y"))'], ['(csv/parse "\\"open")', '(("open"))'], ['(csv/parse "a\\nb,c")', "eval: csv/parse: parse error: CSV error: record 1 (line: 2): found record with 2 fields, but the previous record has 1 fields"],
    ['(csv/parse-maps "id,name\\n1,x\\n2,y")', '({:id "1" :name "x"} {:id "2" :name "y"})'], ['(csv/parse-maps "")', "()"],
    ["(csv/encode '((\"a,b\" \"q\\\"\" 1) (#\\x nil \"l\\n\")))", '"\\"a,b\\",\\"q\\"\\"\\",1\\nx,nil,\\"l\\n\\"\\n"'], ["(csv/encode '(()))", '"\\"\\"\\n"'], ["(csv/encode [1])", "type-error: expected list, got vector"], ["(csv/encode '(1))", "type-error: expected list, got int"], ["(csv/encode '((1) (2 3)))", "eval: csv/encode: CSV error: found record with 2 fields, but the previous record has 1 fields"],
  ],
  toml: [
    ['(toml/decode "a = 1 # one\\n[t]\\nx.y = \'l\\\\\'\\nz = [1.5, [true]]")', '{:a 1 :t {:x {:y "l\\\\"} :z (1.5 (#t))}}'], ['(toml/decode "[[p]]\\nn = 0x1f\\n[[p]]\\nn = 1_000\\n[p.q]\\nk = {a = 1, b = {}}")', "{:p ({:n 31} {:n 1000 :q {:k {:a 1 :b {}}}})}"],
    ['(toml/decode "d = 2020-02-03T04:05:06Z\\nt = 07:08:09\\nf = -inf\\ns = \\"\\\\u00e9\\"")', '{:d "2020-02-03T04:05:06Z" :f -inf :s "é" :t "07:08:09"}'], ['(toml/decode "m = \\"\\"\\"\\nx\\\\\\n  y\\"z\\"\\"\\"\\"")', '{:m "xy\\"z\\""}'],
    ['(toml/decode "a = 1\\na = 2")', "eval: toml/decode: parse error: TOML parse error at line 2, column 1"], ['(toml/decode "a =")', "eval: toml/decode: parse error: TOML parse error at line 1, column 4"], ['(toml/decode "[t]\\n[t]")', "eval: toml/decode: parse error: TOML parse error at line 2, column 2"], ['(toml/decode "a = {b = 1}\\n[a.c]")', "eval: toml/decode: parse error: TOML parse error at line 2, column 2"],
    ['(toml/encode {:b {:c 1 :d {:e "x\\n"}} :a [1 "y"] :l [{:k 1.0} {:k #f}] "sp ace" :kw})', '"\\"sp ace\\" = \\"kw\\"\\na = [1, \\"y\\"]\\n\\n[b]\\nc = 1\\n\\n[b.d]\\ne = \\"x\\\\n\\"\\n\\n[[l]]\\nk = 1.0\\n\\n[[l]]\\nk = false\\n"'],
    ["(toml/encode {:a {:b {}}})", '"[a.b]\\n"'], ["(toml/encode {:a [1 {:b 2}]})", '"a = [1, { b = 2 }]\\n"'], ["(toml/encode {})", '""'], ["(toml/encode [1])", "eval: toml/encode: top-level value must be a map"], ["(toml/encode {:a nil})", "eval: toml/encode: cannot encode nil"], ["(toml/encode {:a 99999999999999999999})", "eval: toml/encode: cannot encode int"], ["(toml/encode {:a 9223372036854775807})", '"a = 9223372036854775807\\n"'],
  ],
  bytes: [
    ['(base64/encode "λ!")', '"zrsh"'], ['(base64/encode "ab")', '"YWI="'], ['(base64/decode "zrsh")', '"λ!"'], ['(base64/decode "YWI=")', '"ab"'], ['(base64/decode "YWI")', "eval: base64/decode: Invalid padding"], ['(base64/decode "Y_I=")', "eval: base64/decode: Invalid symbol 95, offset 1."], ['(base64/decode "YWJ=")', "eval: base64/decode: Invalid last symbol 74, offset 2."],
    ['(base64/decode "gA==")', "eval: base64/decode: invalid UTF-8: invalid utf-8 sequence of 1 bytes from index 0"], ["(base64/encode-bytes (bytevector 255 0))", '"/wA="'], ['(base64/decode-bytes "/wA=")', "#u8(255 0)"], ['(base64/encode-bytes "a")', "type-error: expected bytevector, got string"], ['(hash/md5 "")', '"d41d8cd98f00b204e9800998ecf8427e"'], ["(hash/sha256 1)", "type-error: expected string, got int"],
  ],
  time: [
    ['(time/format 1000000000 "%Y-%m-%d %H:%M:%S %a %j")', '"2001-09-09 01:46:40 Sun 252"'], ['(time/format -1.5 "%F %T%.3f %s")', '"1969-12-31 23:59:58.500 -2"'], ['(time/format 0 "%-d|%e|%_m|%05Y|%%")', 'eval: time/format: invalid format string: "%-d|%e|%_m|%05Y|%%"'], ['(time/format 0 "%-d|%e|%_m|%0e|%%|%p|%I|%y")', '"1| 1| 1|01|%|AM|12|70"'],
    ['(time/format 1e18 "%Y")', "eval: time: invalid timestamp"], ['(time/format "x" "%Y")', "type-error: expected number, got string"], ['(time/parse "2001-09-09 01:46:40" "%F %T")', "1000000000.0"], ['(time/parse "Feb 29 2024, 12:00 PM" "%b %d %Y, %I:%M %p")', "1709208000.0"],
    ['(time/parse "2023-02-29 00:00:00" "%F %T")', "eval: time/parse: parse error: input is out of range"], ['(time/parse "2023-02-28" "%F")', "eval: time/parse: parse error: input is not enough for unique date and time"], ['(time/parse "Mon 2001-09-09 01:46:40" "%a %F %T")', "eval: time/parse: parse error: no possible date and time matching input"], ['(time/parse "2001-09-09 01:46:40!" "%F %T")', "eval: time/parse: parse error: trailing input"],
    ["(time/date-parts 951782400)", '{:day 29 :hour 0 :minute 0 :month 2 :second 0 :weekday "Tuesday" :year 2000}'], ["(time/add 1 2)", "3.0"], ["(time/diff 1 2.5)", "-1.5"],
  ],
  passages: [
    ['(text/word-count " a b\\n c ")', "3"], ['(text/clean-whitespace "\\ta \\n b ")', '"a b"'], ['(text/strip-html "<p class=\\"x\\">a &lt;b&gt;</p><br/>&amp;lt;<open")', '"a <b>&lt;"'], ['(text/truncate "hello there" 8)', '"hello..."'], ['(text/truncate "λμνξ" 3 "…")', '"λμ…"'], ['(text/truncate "abc" 3)', '"abc"'],
    ['(text/trim-indent "    a\\n\\n      b")', '"a\\n\\n  b"'], ['(text/split-sentences "One. Two! Really?? 3.5 is")', '("One." "Two!" "Really??" "3.5 is")'], ['(text/normalize-newlines "a\\r\\nb\\rc\\n")', '"a\\nb\\nc\\n"'],
    ['(text/excerpt "the cat sat on the mat" "SAT" {:radius 4})', '"...cat sat on ..."'], ['(text/excerpt "abc" "x")', "nil"], ['(text/excerpt "abcdef" "c" {:radius 1 :omission "~"})', '"~bcd~"'], ['(text/excerpt "abc" "b" {:radius -1})', "eval: text/excerpt: expected a non-negative integer, got -1"],
    ['(text/chunk "one two three" {:size 7})', '("one two" "three")'], ['(text/chunk "abcdefgh" {:size 4 :overlap 1})', '("abcd" "defg" "gh")'], ['(text/chunk "a\\n\\nb")', '("a\\n\\nb")'], ['(text/chunk-by-separator "a,,b" ",")', '("a" "b")'],
  ],
  diff: [
    ['(diff/unified "a\\nb\\n" "a\\nc\\n")', '"--- old\\n+++ new\\n@@ -1,2 +1,2 @@\\n a\\n-b\\n+c\\n"'], ['(diff/unified "a" "a")', '""'], ['(diff/unified "" "x\\n")', '"--- old\\n+++ new\\n@@ -0,0 +1 @@\\n+x\\n"'], ['(diff/unified "a\\nb\\nc\\n" "a\\nc\\n" 0)', '"--- old\\n+++ new\\n@@ -2 +1,0 @@\\n-b\\n"'],
    ['(diff/stat "@@ -1 +1,2 @@\\n-a\\n+b\\n+c\\n")', "{:added 2 :hunks 1 :removed 1}"], ['(diff/hunks "@@ -1 +1 @@ f\\n-a\\n+b\\n")', '({:header "@@ -1 +1 @@ f" :lines ("-a" "+b") :new-count 1 :new-start 1 :old-count 1 :old-start 1})'], ['(diff/parse "--- x\\t1\\n+++ y\\n@@ -1,0 +1 @@\\n+b\\n")', '{:files ({:hunks ({:header "@@ -1,0 +1 @@" :lines ("+b") :new-count 1 :new-start 1 :old-count 0 :old-start 1}) :new-path "y" :old-path "x"})}'],
    ['(diff/apply "x\\n" "@@ -1 +1 @@\\n-a\\n+b\\n")', "eval: diff/apply: hunk does not apply (context mismatch near old line 1)"],
  ],
};

describe.each(Object.entries(ROWS))("%s", (_, rows) => {
  test.each(rows)("%s", (source, result) => { expect(calls.run(source)).toBe(result); });
});

test("all of it under a collection at every allocation", () => {
  const stressed = new NativeCalls({ gcStress: 1, verify: true });
  for (const [source, result] of Object.values(ROWS).flat()) expect(stressed.run(source), source).toBe(result);
}, 20_000);

describe("json", () => {
  /** Lisp source of random data, in the form decoding gives back. */
  function randomData(random: Random, depth: number): string {
    const text = (): string => JSON.stringify(Array.from({ length: random.below(5) }, () => random.pick(["a", "é", "😀", '"', "\\", "\n"])).join(""));
    switch (random.below(depth > 0 ? 8 : 6)) {
      case 0: return "nil";
      case 1: return random.below(2) === 0 ? "#t" : "#f";
      case 2: return String(random.below(2000) - 1000);
      case 3: return `${random.below(1 << 30)}${"0".repeat(random.below(20))}`;
      case 4: return String(random.below(1000) + 0.5);
      case 5: return text();
      case 6: return `(list ${Array.from({ length: random.below(4) }, () => randomData(random, depth - 1)).join(" ")})`;
      default: return `(hash-map ${Array.from({ length: random.below(4) }, (_, i) => `:k${i} ${randomData(random, depth - 1)}`).join(" ")})`;
    }
  }

  test("random data comes back as it was", () => {
    const random = new Random(5);
    for (let i = 0; i < 300; i++) {
      const data = randomData(random, 4);
      expect(calls.run(`(equal? ${data} (json/decode (json/encode ${data})))`), data).toBe("#t");
      expect(calls.run(`(equal? ${data} (json/decode (json/encode-pretty ${data})))`), data).toBe("#t");
    }
  });

  test("depth does not matter", () => {
    expect(calls.run('(string-length (json/encode (json/decode (string-append (string/repeat "[" 100000) (string/repeat "]" 100000)))))')).toBe("200000");
    expect(calls.run('(json/decode (string/repeat "[" 100000))')).toContain("EOF while parsing");
  });
});

test("tables nest to a limited depth", () => {
  expect(calls.run('(toml/decode (string-append "a = " (string/repeat "[" 5000)))')).toContain("TOML parse error");
  expect(calls.run('(toml/decode (string-append (string/repeat "a." 5000) "b = 1"))')).toContain("TOML parse error");
});

test("digests agree with those of others", () => {
  const hexadecimal = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex"), random = new Random(9);
  for (let length = 0; length < 260; length++) {
    const bytes = Uint8Array.from({ length }, () => random.below(256)), key = bytes.slice(0, random.below(100));
    expect(hexadecimal(sha256(bytes))).toBe(createHash("sha256").update(bytes).digest("hex"));
    expect(hexadecimal(md5(bytes))).toBe(createHash("md5").update(bytes).digest("hex"));
    expect(hexadecimal(hmacSha256(key, bytes))).toBe(createHmac("sha256", key).update(bytes).digest("hex"));
  }
});

test("random bytes are UTF-8 exactly when others say so", () => {
  const random = new Random(3), strict = new TextDecoder("utf-8", { fatal: true });
  for (let i = 0; i < 5000; i++) {
    const bytes = Uint8Array.from({ length: random.below(5) }, () => [0x41, 0x80, 0xbf, 0xa0, 0x9f, 0xc1, 0xc3, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0x8f, 0x90, 0xf5][random.below(15)]!);
    let isValid = true;
    try {
      strict.decode(bytes);
    } catch {
      isValid = false;
    }
    expect(invalidUtf8(bytes) === null, String(bytes)).toBe(isValid);
  }
});

test("dates agree with those of others", () => {
  const random = new Random(11);
  for (let i = 0; i < 2000; i++) {
    const seconds = Math.floor((random.next() - 0.5) * 1e11), date = new Date(seconds * 1000), moment = momentOf(seconds)!;
    expect([moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second, moment.weekday]).toEqual([date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds(), date.getUTCDay()]);
    expect(daysOf(moment.year, moment.month, moment.day)).toBe(Math.floor(seconds / 86_400));
  }
  expect(formatMoment(momentOf(1_735_516_800)!, "%G-W%V-%u %U %W")).toBe("2025-W01-1 52 53");
});

test("applying a difference gives the other text", () => {
  const random = new Random(21), text = (): string => Array.from({ length: random.below(12) }, () => "abc"[random.below(3)]!).join("\\n") + (random.below(2) === 0 ? "\\n" : "");
  for (let i = 0; i < 400; i++) {
    const old = text(), neu = text(), context = random.below(4);
    expect(calls.run(`(equal? "${neu}" (diff/apply "${old}" (diff/unified "${old}" "${neu}" ${context})))`), `${old} to ${neu}`).toBe("#t");
  }
});
