// The regular expression engine and the functions on top of it.

import { describe, expect, test } from "vitest";
import { Matcher } from "../../../src/library/regex/matcher.ts";
import { programOf } from "../../../src/library/regex/parser.ts";
import { PatternError, WorkLimitError } from "../../../src/library/regex/syntax.ts";
import { Random } from "../../support/random.ts";
import { NativeCalls } from "./native-calls.ts";
import { processorTime } from "../../support/processor-time.ts";

/** The parts of the first match: the whole, then the groups. */
function match(pattern: string, text: string): (string | null)[] | null {
  const bytes = new TextEncoder().encode(text), found = new Matcher(programOf(pattern), bytes).find(0);
  return found?.flatMap((from, i) => (i % 2 === 1 ? [] : [from < 0 ? null : new TextDecoder().decode(bytes.subarray(from, found[i + 1]))])) ?? null;
}

describe("matching", () => {
  test.each<[string, string, (string | null)[] | null]>([
    ["b+", "abbc", ["bb"]], ["", "x", [""]], ["x", "", null], [".", "\n", null], ["(?s:.)", "\n", ["\n"]], ["é.", "xéλ", ["éλ"]], ["\\x41\\x{3bb}\\u00e9\\U0001F600", "Aλé😀", ["Aλé😀"]],
    ["(x)|(y)", "y", ["y", null, "y"]], ["(?:x|xy)(y?)", "xy", ["xy", "y"]], ["(x|xy)$", "xy", ["xy", "xy"]], ["(?<a>.)(?P<b>.)", "pq", ["pq", "p", "q"]], ["(.*)-(.*)", "a-b-c", ["a-b-c", "a-b", "c"]], ["(.*?)-(.*)", "a-b-c", ["a-b-c", "a", "b-c"]],
    ["(y*)*", "x", ["", ""]], ["(y|z*)*x", "yzzx", ["yzzx", "zz"]], ["(?:(p)|q)+", "pq", ["pq", "p"]], ["(a|b)??c", "ac", ["ac", "a"]], ["a{2,3}", "aaaa", ["aaa"]], ["a{2,}?", "aaaa", ["aa"]], ["(ab){2}", "ababab", ["abab", "ab"]], ["a{0}", "a", [""]], ["a{ 1 , 2 }", "aaa", ["aa"]],
    ["^b", "a\nb", null], ["(?m)^b$", "a\nb\nc", ["b"]], ["\\Ab", "ab", null], ["b\\z", "ab", ["b"]], ["\\bco\\w+", "disco cosy", ["cosy"]], ["\\Bo\\B", "o os coy", ["o"]], ["(?-u:\\b)x", "éx", ["x"]], ["\\bx", "éx", null], ["\\<a|c\\>", "xa abc", ["a"]], ["\\b{end}.", "ab!", ["!"]],
    ["(?i)ΣΤΡΑ", "στρα", ["στρα"]], ["(?i)[^x]", "X", null], ["a(?i:b)c", "aBc", ["aBc"]], ["a(?i)bc", "aBC", ["aBC"]], ["(?i:a(?-i)b)", "AB", null], ["(?x) a \\  b # note\n c", "a bc", ["a bc"]], ["(?U)a+", "aa", ["a"]], ["(?i)\\u212a", "k", ["\u006b"]],
    ["[a-cx-]+", "-xb!", ["-xb"]], ["[^a\\d]", "a1b", ["b"]], ["[]x]+", "]x", ["]x"]], ["[\\]^]+", "^]", ["^]"]], ["[[:upper:][:digit:]]+", "aB1", ["B1"]], ["[\\w--\\d]+", "1ab", ["ab"]], ["[a-z&&[^b-y]]+", "bazy", ["az"]], ["[a-c~~b-d]+", "bcad", ["ad"]],
    ["\\p{Lu}\\pL*", "aBc", ["Bc"]], ["\\P{L}+", "ab12", ["12"]], ["\\p{Greek}", "xλ", ["λ"]], ["\\p{White_Space}", "a\u2003", ["\u2003"]], ["[\\p{N}x]+", "½x", ["½x"]], ["\\d", "٣", ["٣"]], ["(?-u)\\d", "٣", null], ["\\S", " λ", ["λ"]], ["[^\\s]", " λ", ["λ"]],
  ])("%s in %j", (pattern, text, parts) => { expect(match(pattern, text)).toEqual(parts); });

  test.each<[string, string]>([
    ["(", "unclosed group"], [")", "unopened group"], ["[a", "unclosed character class"], ["a{2", "unclosed counted"], ["a{3,2}", "must be <= the end"], ["*", "missing expression"], ["a\\", "incomplete escape"], ["\\y", "unrecognized escape"], ["\\1", "backreferences"],
    ["(?=a)", "look-around"], ["(?<!a)", "look-around"], ["(?q)", "unrecognized flag"], ["(?<a>.)(?<a>.)", "duplicate"], ["[z-a]", "range"], ["[\\b]", "invalid escape"], ["\\p{Nonsense}", "property not found"], ["[[:nope:]]", "POSIX"], ["\\x{110000}", "scalar value"], ["\\xZZ", "scalar value"],
    ["a{1000000}", "too large"], ["(?:a{500}){500}", "size limit"], ["(?:){60000}{60000}", "size limit"], ["(".repeat(300) + ")".repeat(300), "nested"],
  ])("%s is refused: %s", (pattern, message) => {
    expect(() => programOf(pattern)).toThrow(PatternError);
    expect(() => programOf(pattern)).toThrow(message);
  });
});

/** A pattern both engines understand in the same way: nothing that may be empty is repeated. */
function randomPattern(random: Random, depth: number): string {
  const atom = (): string => {
    if (depth > 0 && random.below(3) === 0) return `(${randomPattern(random, depth - 1)})`;
    return ["a", "b", "c", "[ab]", "[^a]", ".", "é"][random.below(7)]!;
  };
  const term = (): string => atom() + (random.below(2) === 0 ? "" : ["?", "??", "{2}", "{1,2}"][random.below(4)]!);
  const sequence = (): string => atom() + Array.from({ length: random.below(3) }, term).join("");
  const loops = (): string => `(?:${sequence()})${["*", "+", "*?", "+?"][random.below(4)]!}${sequence()}`;
  return Array.from({ length: 1 + random.below(2) }, () => (random.below(3) === 0 ? loops() : sequence())).join("|");
}

test("random patterns match where those of JavaScript do", () => {
  const random = new Random(77);
  for (let i = 0; i < 3000; i++) {
    const pattern = randomPattern(random, 2), text = Array.from({ length: random.below(9) }, () => "abcé"[random.below(4)]!).join("");
    expect(match(pattern, text)?.[0] ?? null, `${pattern} in ${text}`).toBe(new RegExp(pattern, "u").exec(text)?.[0] ?? null);
  }
});

describe("patterns that make others explode", () => {
  const a = "a".repeat(10_000);
  test.each<[string, string]>([
    ["(a*)*b", a], ["(a|a)*b", a], ["(a|aa)+$", `${a}!`], ["(.*)*(.*)*=", a], ["^(([a-z])+.)+[A-Z]([a-z])+$", a], ["(?:a?){200}a{200}b", a], ["(x+x+)+y", "x".repeat(10_000)], ["((((a*)*)*)*)*b", a],
  ])("%s", (pattern, text) => {
    const start = processorTime();
    expect(match(pattern, text)).toBe(null);
    expect(processorTime() - start).toBeLessThan(4000);
  });

  test("what would take too long is given up", () => {
    expect(() => match("(?:a?){20000}a{20000}", a.repeat(3))).toThrow(WorkLimitError);
  });
});

describe("functions", () => {
  const calls = new NativeCalls();
  test.each<[string, string]>([
    ['(regex/match? #"l+" "hello")', "#t"], ['(regex/match? "(" "x")', "eval: invalid regex pattern: regex parse error: unclosed group at position 1"], ['(regex/match? 1 "x")', "type-error: expected string, got int"],
    ['(regex/match #"(λ)(x)?(.)" "añλz")', '{:end 6 :groups ("λ" nil "z") :match "λz" :start 3}'], ['(regex/match "q" "a")', "nil"],
    ['(regex/find-all #"[a-z]+" "ab 1 c")', '("ab" "c")'], ['(regex/find-all "" "λμ")', '("" "" "")'], ['(regex/find-all "b*" "abbc")', '("" "bb" "")'], ['(regex/find-all "x" "")', "()"],
    ['(regex/replace #"[ab]" "-" "xaba")', '"x-ba"'], ['(regex/replace-all #"(?P<first>\\w)(\\w*)" "$2-${first}" "one two")', '"ne-o wo-t"'], ['(regex/replace-all "o" "$$0$" "foo")', '"f$0$$0$"'], ['(regex/replace-all "(a)" "<$1x|$3|${1}>" "a")', '"<||a>"'], ['(regex/replace-all "" "." "ab")', '".a.b."'], ['(regex/replace "z" "y" "abc")', '"abc"'],
    ['(regex/split #"\\s*,\\s*" "a , b,c ,")', '("a" "b" "c" "")'], ['(regex/split "x" "abc")', '("abc")'], ['(regex/split "" "λμ")', '("" "λ" "μ" "")'],
  ])("%s", (source, result) => { expect(calls.run(source)).toBe(result); });

  test("under a collection at every allocation", () => {
    const stressed = new NativeCalls({ gcStress: 1, verify: true });
    expect(stressed.run('(regex/match #"(\\w)(\\d)?" "λ1")')).toBe('{:end 3 :groups ("λ" "1") :match "λ1" :start 0}');
    expect(stressed.run('(regex/split "," "a,b,,c")')).toBe('("a" "b" "" "c")');
  });

  test("replacing what grows beyond the memory is refused", () => {
    const small = new NativeCalls({ maxBytes: 1 << 22 });
    expect(small.scratch.attempt(() => small.run('(regex/replace-all "." "$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0" (make-string 600000))'))).toMatch(/out of memory|no condition/);
  });
});
