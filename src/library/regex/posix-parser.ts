// Patterns into trees: POSIX's syntax (IEEE Std 1003.1, chapter 9), extended or basic, with what GNU adds to it: \w \W \s
// \S \b \B \< \> \` \' and, in the basic one, \+ \? \|. Brackets take no escapes. Back-references are refused: they cannot be
// matched in time proportional to the text. Groups nest to a limited depth, so recursion is safe.

import { anyOf, caseVariants, fast, foldedClass, not, perlClass, posixClass, range } from "./classes.ts";
import { Assertion, PatternError, type Node, type Pattern, type Test } from "./syntax.ts";

/** Bits of the flags, those for matching behind those of regcomp. */
export const enum PosixFlag { Extended = 1, IgnoreCase = 2, NewLine = 8, NotBeginning = 16, NotEnd = 32 }

/** Numbers of regcomp's errors, which are places in ERRORS. */
export const enum PosixError { Collate = 3, Class = 4, Escape = 5, BackReference = 6, Bracket = 7, Parenthesis = 8, Brace = 9, Counts = 10, Range = 11, Repeat = 13, TooBig = 15, Closing = 16 }

export const ERRORS: readonly string[] = [
  "Success", "No match", "Invalid regular expression", "Invalid collation character", "Invalid character class name", "Trailing backslash", "Invalid back reference",
  "Unmatched [, [^, [:, [., or [=", "Unmatched ( or \\(", "Unmatched \\{", "Invalid content of \\{\\}", "Invalid range end", "Memory exhausted",
  "Invalid preceding regular expression", "Premature end of regular expression", "Regular expression too big", "Unmatched ) or \\)",
];

const MAX_NESTING = 250, MAX_GROUPS = 1000, MAX_COUNT = 32767;
const EMPTY: Node = { type: "empty" };
const NEVER: Node = { type: "class", test: () => false };
const GNU_ASSERTIONS: { readonly [letter: string]: Assertion } = {
  b: Assertion.WordBoundary, B: Assertion.NoWordBoundary, "<": Assertion.WordStart, ">": Assertion.WordEnd, "`": Assertion.TextStart, "'": Assertion.TextEnd,
};

/** Operators of the extended syntax; the basic one writes those of BARE without a backslash, the others with one. */
const OPERATORS = "()|{}+?*.[^$", BARE = "*.[^$";

class Parser {
  readonly #text: readonly string[];
  readonly #isExtended: boolean;
  #at = 0;
  #depth = 0;
  #groups = 1;

  constructor(text: string, readonly flags: number) {
    this.#text = [...text];
    this.#isExtended = (flags & PosixFlag.Extended) !== 0;
  }

  parse(): Pattern {
    const root = this.#choice();
    if (this.#at < this.#text.length) this.#fail(PosixError.Closing);
    return { root, groups: this.#groups, names: new Map() };
  }

  #fail(error: PosixError): never { throw new PatternError(ERRORS[error]); }

  #has(flag: PosixFlag): boolean { return (this.flags & flag) !== 0; }

  /** The operator at a place, "" where none is; and how many characters it takes. */
  #operatorAt(at: number): { readonly operator: string; readonly width: number } {
    const escaped = this.#text[at] === "\\", letter = this.#text[escaped ? at + 1 : at] ?? "";
    const isOne = letter !== "" && OPERATORS.includes(letter) && (this.#isExtended ? !escaped : escaped !== BARE.includes(letter));
    return isOne ? { operator: letter, width: escaped ? 2 : 1 } : { operator: "", width: 0 };
  }

  #accept(operator: string): boolean {
    const next = this.#operatorAt(this.#at);
    if (next.operator !== operator) return false;
    this.#at += next.width;
    return true;
  }

  #choice(): Node {
    if (++this.#depth > MAX_NESTING) this.#fail(PosixError.TooBig);
    const parts = [this.#sequence()];
    while (this.#accept("|")) parts.push(this.#sequence());
    this.#depth--;
    return parts.length === 1 ? parts[0]! : { type: "choice", parts };
  }

  /** A closing parenthesis that closes nothing stands for itself in the extended syntax. */
  #endsSequence(): boolean {
    const { operator } = this.#operatorAt(this.#at);
    return this.#at >= this.#text.length || operator === "|" || (operator === ")" && (this.#depth > 1 || !this.#isExtended));
  }

  #sequence(): Node {
    const parts: Node[] = [];
    while (!this.#endsSequence()) {
      const start = this.#at, isAnchor = this.#isAnchor(parts.length === 0);
      if (isAnchor !== null) {
        this.#at++;
        parts.push(isAnchor);
        // The basic syntax takes a star behind an anchor for a star; nothing repeats an anchor.
        if (!this.#isExtended && this.#text[start] === "^" && this.#accept("*")) parts.push(this.#repeated(this.#literal(42)));
      } else parts.push(this.#repeated(this.#atom(parts.length === 0)));
    }
    return parts.length === 1 ? parts[0]! : parts.length === 0 ? EMPTY : { type: "sequence", parts };
  }

  /** What the anchor here stands for; null: here is none. The basic syntax has them at the ends only. */
  #isAnchor(isFirst: boolean): Node | null {
    const { operator } = this.#operatorAt(this.#at), newLine = this.#has(PosixFlag.NewLine);
    if (operator === "^" && (this.#isExtended || isFirst)) {
      if (this.#has(PosixFlag.NotBeginning)) return newLine ? { type: "assert", what: Assertion.AfterLine } : NEVER;
      return { type: "assert", what: newLine ? Assertion.LineStart : Assertion.TextStart };
    }
    const next = this.#operatorAt(this.#at + 1).operator, isLast = this.#at + 1 >= this.#text.length || next === ")" || next === "|";
    if (operator !== "$" || !(this.#isExtended || isLast)) return null;
    if (this.#has(PosixFlag.NotEnd)) return newLine ? { type: "assert", what: Assertion.BeforeLine } : NEVER;
    return { type: "assert", what: newLine ? Assertion.LineEnd : Assertion.TextEnd };
  }

  #repeated(atom: Node): Node {
    let body = atom;
    for (let nesting = 0; ; nesting++) {
      const count = this.#count();
      if (count === null) return body;
      if (nesting > MAX_NESTING) this.#fail(PosixError.TooBig);
      body = { type: "repeat", body, min: count[0], max: count[1], greedy: true };
    }
  }

  #count(): [number, number] | null {
    if (this.#accept("*")) return [0, Infinity];
    if (this.#accept("+")) return [1, Infinity];
    if (this.#accept("?")) return [0, 1];
    if (!this.#accept("{")) return null;
    const low = this.#number(), hasComma = this.#text[this.#at] === ",";
    if (hasComma) this.#at++;
    const high = hasComma ? this.#number() : low;
    if (this.#at >= this.#text.length) this.#fail(PosixError.Brace);
    if (!this.#accept("}") || (low === null && !hasComma) || (high !== null && high < (low ?? 0))) this.#fail(PosixError.Counts);
    return [low ?? 0, high ?? Infinity];
  }

  #number(): number | null {
    let digits = "";
    while (/^[0-9]$/.test(this.#text[this.#at] ?? "")) digits += this.#text[this.#at++]!;
    if (Number(digits) > MAX_COUNT) this.#fail(PosixError.TooBig);
    return digits === "" ? null : Number(digits);
  }

  #atom(isFirst: boolean): Node {
    const { operator, width } = this.#operatorAt(this.#at);
    this.#at += width;
    switch (operator) {
      case "(": return this.#group();
      case "[": return { type: "class", test: this.#bracket() };
      case ".": return { type: "class", test: this.#has(PosixFlag.NewLine) ? (point) => point !== 10 : () => true };
      case "*": case "+": case "?": case "{":
        // In the basic syntax a star with nothing before it is a star.
        return this.#isExtended ? this.#fail(PosixError.Repeat) : isFirst && operator === "*" ? this.#literal(42) : this.#fail(PosixError.Repeat);
      case "": return this.#character();
    }
    return this.#literal(operator.codePointAt(0)!);
  }

  #character(): Node {
    const next = this.#text[this.#at++]!;
    if (next !== "\\") return this.#literal(next.codePointAt(0)!);
    const letter = this.#text[this.#at++] ?? this.#fail(PosixError.Escape), test = /^[wWsS]$/.test(letter) ? perlClass(letter, true) : null;
    if (/^[1-9]$/.test(letter)) this.#fail(PosixError.BackReference);
    if (test !== null) return { type: "class", test };
    const what = GNU_ASSERTIONS[letter];
    return what === undefined ? this.#literal(letter.codePointAt(0)!) : { type: "assert", what };
  }

  #literal(point: number): Node {
    const variants = this.#has(PosixFlag.IgnoreCase) ? caseVariants(point) : [point];
    return variants.length === 1 ? { type: "char", point } : { type: "class", test: fast((each) => variants.includes(each)) };
  }

  #group(): Node {
    if (this.#groups >= MAX_GROUPS) this.#fail(PosixError.TooBig);
    const index = this.#groups++, body = this.#choice();
    if (!this.#accept(")")) this.#fail(PosixError.Parenthesis);
    return { type: "group", index, body };
  }

  // ---- brackets

  #bracket(): Test {
    const isNegated = this.#text[this.#at] === "^", items: Test[] = [];
    if (isNegated) this.#at++;
    for (let isFirst = true; isFirst || this.#text[this.#at] !== "]"; isFirst = false) {
      if (this.#at >= this.#text.length) this.#fail(PosixError.Bracket);
      items.push(this.#bracketItem());
    }
    this.#at++;
    const listed = anyOf(items), test = this.#has(PosixFlag.IgnoreCase) ? foldedClass(listed) : listed;
    if (!isNegated) return fast(test);
    return fast(this.#has(PosixFlag.NewLine) ? (point) => point !== 10 && !test(point) : not(test));
  }

  #bracketItem(): Test {
    if (this.#text[this.#at] === "[" && this.#text[this.#at + 1] === ":") return this.#namedClass();
    const low = this.#element(), next = this.#text[this.#at + 1];
    if (this.#text[this.#at] !== "-" || next === "]" || next === undefined) return range(low, low);
    this.#at++;
    const high = this.#element();
    return high < low ? this.#fail(PosixError.Range) : range(low, high);
  }

  #namedClass(): Test {
    try {
      const name = this.#named(":");
      return posixClass(/^[a-z]+$/.test(name) ? name : "");
    } catch (error) {
      throw error instanceof PatternError && error.message.startsWith("unrecognized") ? new PatternError(ERRORS[PosixError.Class]) : error;
    }
  }

  /** A character, also as [.x.] or [=x=]: none is equivalent to another. */
  #element(): number {
    const kind = this.#text[this.#at + 1];
    if (this.#text[this.#at] !== "[" || (kind !== "." && kind !== "=")) return (this.#text[this.#at++] ?? this.#fail(PosixError.Bracket)).codePointAt(0)!;
    const [element, ...more] = this.#named(kind);
    return element === undefined || more.length > 0 ? this.#fail(PosixError.Collate) : element.codePointAt(0)!;
  }

  /** What stands between "[x" and "x]". */
  #named(kind: string): string {
    let name = "";
    for (this.#at += 2; this.#text[this.#at] !== kind || this.#text[this.#at + 1] !== "]"; this.#at++) {
      name += this.#text[this.#at] ?? this.#fail(PosixError.Bracket);
    }
    this.#at += 2;
    return name;
  }
}

/** The tree of a pattern; throws PatternError with the words of ERRORS. */
export const parsePosixPattern = (text: string, flags: number): Pattern => new Parser(text, flags).parse();
