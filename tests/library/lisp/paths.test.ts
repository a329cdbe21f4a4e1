// File paths as texts, redaction, the text of HTML, and the escape sequences for a terminal as a whole.

import { posix } from "node:path";
import { describe, expect, test } from "vitest";
import { storeString } from "../../../src/library/lisp/text/arguments.ts";
import { Random } from "../../support/random.ts";
import { NativeCalls } from "./native-calls.ts";

const calls = new NativeCalls();
type Row = readonly [source: string, result: string];
const ROWS: { readonly [name: string]: readonly Row[] } = {
  join: [
    ['(path/join "srv")', '"srv"'], ['(path/join "srv" "www" "index.html")', '"srv/www/index.html"'], ['(path/join "srv/" "www/")', '"srv/www/"'], ['(path/join "/" "srv")', '"/srv"'],
    ['(path/join "srv" "/etc" "hosts")', '"/etc/hosts"'], ['(path/join "" "srv")', '"srv"'], ['(path/join "srv" "")', '"srv/"'], ['(path/join "srv" "" "www")', '"srv/www"'], ['(path/join "" "")', '""'],
    ['(path/join "ä" "λ/😀")', '"ä/λ/😀"'], ["(path/join)", "arity: path/join expects 1 or more arguments, got 0"], ['(path/join "/x" 1 "/y")', "type-error: expected string, got int"],
  ],
  directory: [
    ['(path/dirname "/var/log/boot.log")', '"/var/log"'], ['(path/dirname "boot.log")', '""'], ['(path/dirname "/var")', '"/"'], ['(path/dirname "/")', '""'], ['(path/dirname "//")', '""'], ['(path/dirname "")', '""'],
    ['(path/dirname "/var/log/")', '"/var"'], ['(path/dirname "var//log")', '"var"'], ['(path/dirname "var/./log")', '"var"'], ['(path/dirname "./log")', '"."'], ['(path/dirname "//log")', '"/"'], ['(path/dirname "../x")', '".."'],
    ['(path/dirname "..")', '""'], ['(path/dirname "log/.")', '""'], ['(path/dirname "log/..")', '"log"'], ['(path/dir "var/log")', '"var"'], ["(path/dir :log)", "type-error: expected string, got keyword"],
  ],
  names: [
    ['(path/basename "/var/log/boot.log")', '"boot.log"'], ['(path/filename "boot")', '"boot"'], ['(path/basename "/var/log//")', '"log"'], ['(path/basename "log/.")', '"log"'], ['(path/basename "log/./././")', '"log"'],
    ['(path/basename "/")', '""'], ['(path/basename "")', '""'], ['(path/basename ".")', '""'], ['(path/basename "./")', '""'], ['(path/basename "log/..")', '""'], ['(path/basename "log.")', '"log."'],
    ['(path/stem "/var/boot.old.log")', '"boot.old"'], ['(path/stem "boot")', '"boot"'], ['(path/stem ".profile")', '".profile"'], ['(path/stem ".a.b")', '".a"'], ['(path/stem "boot.")', '"boot"'], ['(path/stem "..")', '""'],
    ['(path/extension "/var/boot.old.log")', '"log"'], ['(path/ext "boot")', '""'], ['(path/extension "/etc/.profile")', '""'], ['(path/extension ".a.b")', '"b"'], ['(path/extension "boot.")', '""'], ['(path/extension "conf.d/boot")', '""'], ['(path/extension "conf.d/")', '"d"'],
    ['(path/absolute? "/var")', "#t"], ['(path/absolute? "var/")', "#f"], ['(path/absolute? "")', "#f"], ["(path/absolute? nil)", "type-error: expected string, got nil"],
  ],
  normalize: [
    ['(path/normalize "/var/./log/../run//x/")', '"/var/run/x"'], ['(path/normalize "/../..")', '"/"'], ['(path/normalize "../a/../../b")', '"../../b"'], ['(path/normalize "a/..")', '"."'], ['(path/normalize "")', '"."'],
  ],
  relative: [
    ['(path/relative-to "/var/log" "/var/log/boot/x")', '"boot/x"'], ['(path/relative-to "/var/log" "/etc/hosts")', '"../../etc/hosts"'], ['(path/relative-to "/var" "/")', '".."'], ['(path/relative-to "a/b" "a/./b/")', '"."'],
    ['(path/relative-to "." "a/b")', '"a/b"'], ['(path/relative-to "a" "../b")', '"../../b"'], ['(path/relative-to "../a" "../b")', '"../b"'], ['(path/relative-to "a" "/b")', '"/b"'],
    ['(path/relative-to "/a" "b")', "eval: path/relative-to: cannot tell where b is from /a"], ['(path/relative-to "../a" "b")', "eval: path/relative-to: cannot tell where b is from ../a"],
  ],
  within: [
    ['(path/within? "/var/log" "/var/log/boot/x")', "#t"], ['(path/within? "/var/log" "/var/log/")', "#t"], ['(path/within? "/var/log" "/var/logs")', "#f"], ['(path/within? "/var/log" "/var")', "#f"],
    ['(path/within? "/var/log" "/var/log/../../etc")', "#f"], ['(path/within? "/var/log" "/var/log/x/../y")', "#t"], ['(path/within? "/" "/../x")', "#t"],
    ['(path/within? "a" "a/b")', "#t"], ['(path/within? "a" "a/../b")', "#f"], ['(path/within? "." "../a")', "#f"], ['(path/within? ".." "a")', "#t"], ['(path/within? ".." "../../a")', "#f"], ['(path/within? "../a" "../a/b")', "#t"], ['(path/within? "../a" "b")', "#f"],
    ['(path/within? "/a" "b")', "#f"], ['(path/within? "a" "/a/b")', "#f"],
  ],
  redaction: [
    ['(redact/spans "call 555-1234 now" \'({:start 5 :end 13}))', '"call «redacted» now"'], ['(redact/spans "abcdef" \'({:start 4 :end 5} {:start 0 :end 1}))', '"«redacted»bcd«redacted»f"'], ['(redact/spans "abc" \'())', '"abc"'],
    ['(redact/spans "abcd" \'({:start 0 :end 2} {:start 2 :end 3}))', '"«redacted»«redacted»d"'], ['(redact/spans "abcdef" \'({:start 2 :end 5} {:start 1 :end 3}))', '"a«redacted»def"'], ['(redact/spans "abcd" \'({:start 0 :end 1} {:start 0 :end 3}))', '"«redacted»bcd"'],
    ['(redact/spans "abc" \'({:start 1 :end 99}))', '"a«redacted»"'], ['(redact/spans "abc" \'({:start 1 :end 99999999999999999999}))', '"a«redacted»"'], ['(redact/spans "abc" (list (hashmap/new :start 0 :end 1)))', '"«redacted»bc"'],
    ['(redact/spans "abc" \'({:start 2 :end 1} {:start 1 :end 1} {:start -1 :end 2} {:start 0} {:end 1} {:start 0.0 :end 1} 7 nil))', '"abc"'],
    ['(redact/spans "λμν" \'({:start 2 :end 4}))', '"λ«redacted»ν"'], ['(redact/spans "λμν" \'({:start 1 :end 4} {:start 0 :end 3}))', '"λμν"'],
    ['(redact/spans "abc" [{:start 0 :end 1}])', "type-error: expected list, got vector"], ["(redact/spans 1 '())", "type-error: expected string, got int"],
  ],
  html: [
    ['(html/text "<h1 class=\\"x\\">One</h1> &amp; <i>two</i><br/>")', '"One & two"'], ['(html/text "a<!-- <b> -->b<!DOCTYPE html>c")', '"abc"'], ['(html/text "a<SCRIPT>if (1 < 2) \\"</p>\\"</Script >b<style>p {}</style>c<scripts>d")', '"abcd"'],
    ['(html/text "1 < 2 &lt; 3 <")', '"1 < 2 < 3 <"'], ['(html/text "&#955;&#x1F600;&#0;&#xd800;&unknown;&amp;lt;&")', '"λ😀\ufffd\ufffd&unknown;&lt;&"'], ['(html/text "a<b")', '"a"'], ['(html/text "a<!-- b")', '"a"'], ['(html/text "a<script>b")', '"a"'], ['(html/text "İ<script>x</script>y")', '"İy"'],
    ["(html/text nil)", "type-error: expected string, got nil"],
  ],
  screen: [
    ["(term/flush)", "nil"], ["(term/move-to 0 1)", "eval: term/move-to: rows and columns are from 1 to 32767"], ["(term/move-to 1 99999999999999999999)", "eval: term/move-to: rows and columns are from 1 to 32767"], ["(term/move-to 1 1.0)", "type-error: expected int, got float"],
    ["(term/set-title 'x)", "type-error: expected string, got symbol"],
  ],
};

describe.each(Object.entries(ROWS))("%s", (_, rows) => {
  test.each(rows)("%s", (source, result) => { expect(calls.run(source)).toBe(result); });
});

describe("like the host's own functions", () => {
  const random = new Random(41), NAMES = ["a", "b", ".", "..", "", "c.d", ".e", "f."];
  const absolute = (): string => `/${Array.from({ length: random.below(7) }, () => random.pick(NAMES)).join("/")}`;
  const pairs = Array.from({ length: 300 }, () => [absolute(), absolute()] as const);

  test("normalize and relative-to", () => {
    for (const [a, b] of pairs) {
      expect(calls.run(`(path/normalize "${a}")`)).toBe(JSON.stringify(posix.resolve(a)));
      expect(calls.run(`(path/relative-to "${a}" "${b}")`)).toBe(JSON.stringify(posix.relative(a, b) || "."));
    }
  });

  test("within? is so when the relative path does not go up", () => {
    for (const [a, b] of pairs) expect(calls.run(`(path/within? "${a}" "${b}")`)).toBe(/^\.\.(\/|$)/.test(posix.relative(a, b)) ? "#f" : "#t");
  });

  test("names and their parts", () => {
    for (const [path] of pairs) {
      const plain = posix.resolve(path), { base, name, ext } = posix.parse(plain);
      expect(calls.run(`(path/basename "${plain}")`)).toBe(JSON.stringify(base));
      expect(calls.run(`(path/stem "${plain}")`)).toBe(JSON.stringify(name));
      expect(calls.run(`(path/extension "${plain}")`)).toBe(JSON.stringify(ext.slice(1)));
      if (plain !== "/") expect(calls.run(`(path/dirname "${plain}")`)).toBe(JSON.stringify(posix.dirname(plain)));
    }
  });
});

test("results are the same when every allocation collects", () => {
  const stressed = new NativeCalls({ gcStress: 1, poison: true, verify: true });
  for (const [source, result] of [...ROWS["redaction"]!, ...ROWS["relative"]!, ...ROWS["join"]!]) expect(stressed.run(source)).toBe(result);
});

test("the terminal's sequences go to the host's output", () => {
  const own = new NativeCalls();
  expect(own.run('(term/move-to 3 14)')).toBe("nil");
  expect(own.run('(term/set-title "λ\\x7;\\x1b;]0;x\\n")')).toBe("nil");
  expect(own.scratch.written.join("")).toBe("\x1b[3;14H\x1b]0;λ]0;x\x07");
});

test("HTML that opens much and closes nothing takes time in proportion", () => {
  const { vm } = calls, at = calls.scratch.base + 2;
  for (const part of ["<!--", "<script>", "<", "<a", "&#"]) {
    storeString(vm, at, part.repeat(100_000));
    expect(calls.apply("html/text", at, 1).length).toBeLessThan(200_003);
  }
});
