// POSIX regular expressions: the syntax, the first longest match and its groups, and that no pattern takes too long.

import { describe, expect, test } from "vitest";
import { Matcher } from "../../src/library/regex/matcher.ts";
import { findWithGroups } from "../../src/library/regex/posix-groups.ts";
import { parsePosixPattern, PosixFlag } from "../../src/library/regex/posix-parser.ts";
import { patternCompiler } from "../../src/library/regex/program.ts";
import { PatternError, WorkLimitError } from "../../src/library/regex/syntax.ts";
import { library } from "../support/library.ts";
import { processorTime } from "../support/processor-time.ts";
import { Random } from "../support/random.ts";

const programOf = patternCompiler(parsePosixPattern);

/** Texts of the first match and of its groups; null for groups that take no part. */
function match(pattern: string, text: string, flags: number = PosixFlag.Extended): (string | null)[] | null {
  const bytes = new TextEncoder().encode(text), found = findWithGroups(new Matcher(programOf(pattern, flags), bytes, 2, undefined, true), 0);
  return found?.flatMap((from, i) => (i % 2 === 1 ? [] : [from < 0 ? null : new TextDecoder().decode(bytes.subarray(from, found[i + 1]))])) ?? null;
}

describe("extended syntax", () => {
  test.each<[string, string, (string | null)[] | null]>([
    ["x|xyz|xy", "axyzw", ["xyz"]], ["(p|pq)(r|qrs)(s*)", "pqrss", ["pqrss", "pq", "r", "ss"]], ["(y*)*", "k", ["", ""]], ["(y*)+", "k", ["", ""]], ["(y+)*", "k", ["", null]], ["(y*)*", "yy", ["yy", "yy"]],
    ["(p|(q))*", "qp", ["qp", "p", null]], ["((m)|n)*", "mn", ["mn", "n", null]], ["(a?)((ab)?)", "ab", ["ab", "", "ab", "ab"]], ["(a?)((ab)?)(b?)", "ab", ["ab", "a", "", null, "b"]], ["(.*)(.*)", "pq", ["pq", "pq", ""]],
    ["(x{2}){2}", "xxxxx", ["xxxx", "xx"]], ["(x{1,2})(x{1,2})", "xxx", ["xxx", "xx", "x"]], ["(^|p){3}q", "ppq", ["ppq", "p"]], ["(p|pq|q){2}", "pqq", ["pqq", "q"]], ["(a|ab)(bcd|c)?", "abcd", ["abcd", "a", "bcd"]], ["(e){0}f", "f", ["f", null]],
    ["[]x]+", "y]x", ["]x"]], ["[^]x]+", "]xab", ["ab"]], ["[a\\]+", "a\\", ["a\\"]], ["[p-]+", "-p", ["-p"]], ["[[:alpha:]_]+", "1aB_2", ["aB_"]], ["[[.-.]a]+", "a-", ["a-"]], ["[[=q=]]", "q", ["q"]], ["[%--]", ",", [","]], ["[[a]", "[", ["["]],
    ["a)", "a)", ["a)"]], ["()", "x", ["", ""]], ["a|", "b", [""]], ["a**", "aa", ["aa"]], ["a{,2}", "aaa", ["aa"]], ["\\w+\\W", "né ", ["né "]], ["\\<o", "to o", ["o"]], ["\\d", "4d", ["d"]], ["a\\.b", "axba.b", ["a.b"]], [".", "λ", ["λ"]], ["^b$", "a\nb", null], ["a$b", "ab", null],
  ])("%s in %j", (pattern, text, parts) => { expect(match(pattern, text)).toEqual(parts); });

  test.each([
    ["a\\", "Trailing backslash"], ["(a", "Unmatched ( or \\("], ["[a", "Unmatched [, [^, [:, [., or [="], ["[[:alpha", "Unmatched [, [^, [:, [., or [="], ["[[:nothing:]]", "Invalid character class name"], ["[[:^alpha:]]", "Invalid character class name"], ["[[.ab.]]", "Invalid collation character"], ["[b-a]", "Invalid range end"],
    ["*", "Invalid preceding regular expression"], ["a|*", "Invalid preceding regular expression"], ["^*", "Invalid preceding regular expression"], ["(+)", "Invalid preceding regular expression"], ["{1}", "Invalid preceding regular expression"],
    ["a{", "Unmatched \\{"], ["a{x}", "Invalid content of \\{\\}"], ["a{2,1}", "Invalid content of \\{\\}"], ["a{}", "Invalid content of \\{\\}"], ["a{99999}", "Regular expression too big"], ["(a)\\1", "Invalid back reference"],
    ["(".repeat(300) + ")".repeat(300), "Regular expression too big"], ["(a{300}){300}", "exceeds size limit"],
  ])("%s is refused: %s", (pattern, message) => {
    expect(() => programOf(pattern, PosixFlag.Extended)).toThrow(PatternError);
    expect(() => programOf(pattern, PosixFlag.Extended)).toThrow(message);
  });
});

test.each<[string, string, number, (string | null)[] | null]>([
  ["\\(a\\)\\{2\\}", "aa", 0, ["aa", "a"]], ["a+(b){2}", "a+(b){2}", 0, ["a+(b){2}"]], ["*a", "*a", 0, ["*a"]], ["\\(*\\)", "*", 0, ["*", "*"]], ["^*a", "*a", 0, ["*a"]], ["a^b$c", "a^b$c", 0, ["a^b$c"]], ["p\\|q\\+", "qq", 0, ["qq"]], ["a\\?b", "b", 0, ["b"]],
  ["ÄB[c-e]", "äbD", PosixFlag.Extended | PosixFlag.IgnoreCase, ["äbD"]], ["^b$", "a\nb\nc", PosixFlag.Extended | PosixFlag.NewLine, ["b"]], ["a.[^x]", "a\nb", PosixFlag.Extended | PosixFlag.NewLine, null],
  ["^a", "a", PosixFlag.Extended | PosixFlag.NotBeginning, null], ["^a", "b\na", PosixFlag.Extended | PosixFlag.NotBeginning | PosixFlag.NewLine, ["a"]], ["a$", "a", PosixFlag.Extended | PosixFlag.NotEnd, null], ["a$", "ab\na\n", PosixFlag.Extended | PosixFlag.NotEnd | PosixFlag.NewLine, ["a"]],
])("%s in %j with flags %i", (pattern, text, flags, parts) => { expect(match(pattern, text, flags)).toEqual(parts); });

test("a closing parenthesis that closes nothing is no basic pattern", () => {
  expect(() => programOf("a\\)", 0)).toThrow("Unmatched ) or \\)");
});

function randomPattern(random: Random, depth: number): string {
  const atom = (): string => (depth > 0 && random.below(3) === 0 ? `(${randomPattern(random, depth - 1)})` : ["a", "b", "[ab]", "[^a]", "."][random.below(5)]!);
  const term = (): string => atom() + (random.below(2) === 0 ? "" : ["?", "*", "+", "{2}", "{1,2}"][random.below(5)]!);
  return Array.from({ length: 1 + random.below(2) }, () => Array.from({ length: 1 + random.below(3) }, term).join("")).join("|");
}

test("of random patterns, the match is the longest of the first that there are, and its groups lie in it", () => {
  const random = new Random(1003);
  for (let i = 0; i < 1500; i++) {
    const pattern = randomPattern(random, 2), text = Array.from({ length: random.below(8) }, () => "abc"[random.below(3)]!).join(""), whole = new RegExp(`^(?:${pattern})$`);
    const pairs = Array.from({ length: text.length + 1 }, (_, from) => Array.from({ length: text.length + 1 - from }, (__, less) => text.slice(from, text.length - less))).flat();
    const found = match(pattern, text);
    expect(found?.[0] ?? null, `${pattern} in ${text}`).toBe(pairs.find((part) => whole.test(part)) ?? null);
    for (const part of found ?? []) expect(found![0], `${pattern} in ${text}`).toContain(part ?? "");
  }
});

describe("hostile patterns", () => {
  const a = "a".repeat(3000);
  test.each(["(a*)*b", "(a|a)*b", "((a|aa)+)$c", "((((a*)*)*)*)*b", "(a?){500}a{500}b", "(.*)(.*)(.*)(.*)b"])("%s fails soon", (pattern) => {
    const start = processorTime();
    expect(match(pattern, a)).toBe(null);
    expect(processorTime() - start).toBeLessThan(4000);
  });

  test.each(["(a*)*", "(a|aa)*", "((((a*)*)*)*)*", "(.*)(.*)(.*)(.*)", "(a?){300}(a*)", "((a?b?)*)*"])("%s finds its groups soon, or gives up", (pattern) => {
    const start = processorTime();
    try {
      expect(match(pattern, a)![0]).toBe(a);
    } catch (error) {
      expect(error).toBeInstanceOf(WorkLimitError);
    }
    expect(processorTime() - start).toBeLessThan(8000);
  });

  test("fuel pays for them", () => {
    const vm = library.createVM({ fuel: 20_000 });
    expect(vm.run(`__regex_match(__regex_compile("(a|aa)*b|((a*)*)*"), "a".repeat(100000));`)).toMatchObject({ status: "error", kind: "outOfFuel" });
  });
});

test("what is no compiled expression is refused, and nothing else is kept of one", () => {
  const run = (text: string): unknown => {
    const result = library.createVM({ gcStress: 1, poison: true }).run(text.replace(/(.*;)? *(.*);$/, "$1 let last = $2; typeof(last) == \"array\" ? last.serialize() : last;"));
    return result.status === "done" ? result.value : result.message;
  };
  const invalid = "regex_test: invalid regex, make one with compile() of @stdlib/regex";
  expect(run(`__regex_test({}, "a");`)).toBe(invalid);
  expect(run(`__regex_test(null, "a");`)).toBe(invalid);
  expect(run(`__regex_test({ pattern: 1, flags: 1 }, "a");`)).toBe(invalid);
  expect(run(`__regex_test({ pattern: "(", flags: 1 }, "a");`)).toBe("regex_test: Unmatched ( or \\(");
  expect(run(`let r = __regex_compile("a"); __regex_free(r); __regex_free(null); __regex_test(r, "a");`)).toBe(invalid);
  expect(run(`__regex_compile("(");`)).toBe("null");
  expect(run(`__regex_compile(1);`)).toBe("regex_compile: pattern must be a string");
  expect(run(`__regex_compile("a", "i");`)).toBe("regex_compile: flags must be an integer");
  expect(run(`__regex_replace(__regex_compile("a"), "aa", 1);`)).toBe("regex_replace: replacement must be a string");
  expect(run(`__regex_match(__regex_compile("a"), 1);`)).toBe("regex_match: text must be a string");
  expect(run(`__regex_match(__regex_compile("(b)(c)?(d)"), "xbd");`)).toBe('[{"start":1,"end":3,"text":"bd"},{"start":1,"end":2,"text":"b"}]');
  expect(run(`__regex_match(__regex_compile("((((b))))"), "xb", 2).length;`)).toBe("2");
  expect(run(`[__regex_test(__regex_compile("^b"), "b", 1), __regex_test(__regex_compile("b$"), "b", 2), __regex_error(8), __regex_error(-1)];`)).toBe('[false,false,"Unmatched ( or \\\\(","Unknown error"]');
});
