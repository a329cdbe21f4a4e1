// Patterns into trees: the syntax of Rust's regex crate. Groups nest to a limited depth, so recursion is safe.

import { anyOf, caseVariants, fast, foldedClass, not, perlClass, posixClass, range, unicodeClass } from "./classes.ts";
import { patternCompiler } from "./program.ts";
import { Assertion, PatternError, type Node, type Pattern, type Test } from "./syntax.ts";

const MAX_NESTING = 250;
const MAX_GROUPS = 1000;
/** Beyond any program that is accepted. */
const MAX_COUNT = 100_000;
const EMPTY: Node = { type: "empty" };
const CONTROLS: { readonly [letter: string]: number } = { n: 10, t: 9, r: 13, f: 12, v: 11, a: 7 };
const HEX_DIGITS: { readonly [letter: string]: number } = { x: 2, u: 4, U: 8 };
const BOUNDARIES: { readonly [name: string]: Assertion } = {
  start: Assertion.WordStart, end: Assertion.WordEnd, "start-half": Assertion.WordStartHalf, "end-half": Assertion.WordEndHalf,
};
const PUNCTUATION = /^[!-/:-@[-`{-~]$/;

/** i: letter case ignored; m: ^ and $ at lines; s: . takes line feeds; U: greediness swapped; u: Unicode classes; x: blanks ignored. */
interface Flags { i: boolean; m: boolean; s: boolean; U: boolean; u: boolean; x: boolean; R: boolean }

type Escape = { readonly point: number } | { readonly test: Test } | { readonly assertion: Assertion };

class Parser {
  readonly #text: readonly string[];
  #at = 0;
  #depth = 0;
  #groups = 1;
  #flags: Flags = { i: false, m: false, s: false, U: false, u: true, x: false, R: false };
  readonly #names = new Map<string, number>();

  constructor(text: string) { this.#text = [...text]; }

  parse(): Pattern {
    const root = this.#choice();
    if (this.#at < this.#text.length) this.#fail("unopened group");
    return { root, groups: this.#groups, names: this.#names };
  }

  #fail(what: string): never { throw new PatternError(`regex parse error: ${what} at position ${this.#at}`); }

  #peek(): string | undefined { return this.#text[this.#at]; }

  #accept(text: string): boolean {
    for (let i = 0; i < text.length; i++) if (this.#text[this.#at + i] !== text[i]) return false;
    this.#at += text.length;
    return true;
  }

  /** With the x flag, blanks and comments mean nothing. */
  #skipBlanks(): void {
    while (this.#flags.x) {
      const next = this.#peek();
      if (next === "#") while (this.#peek() !== undefined && this.#peek() !== "\n") this.#at++;
      else if (next !== undefined && /\s/.test(next)) this.#at++;
      else return;
    }
  }

  #choice(): Node {
    if (++this.#depth > MAX_NESTING) this.#fail("too deeply nested");
    const outer = { ...this.#flags }, parts = [this.#sequence()];
    while (this.#accept("|")) parts.push(this.#sequence());
    this.#flags = outer;
    this.#depth--;
    return parts.length === 1 ? parts[0]! : { type: "choice", parts };
  }

  #sequence(): Node {
    const parts: Node[] = [];
    for (this.#skipBlanks(); this.#peek() !== undefined && this.#peek() !== "|" && this.#peek() !== ")"; this.#skipBlanks()) parts.push(this.#repeated(this.#atom()));
    return parts.length === 1 ? parts[0]! : parts.length === 0 ? EMPTY : { type: "sequence", parts };
  }

  #repeated(atom: Node): Node {
    let body = atom;
    for (let nesting = 0; ; nesting++) {
      this.#skipBlanks();
      const count = this.#count();
      if (count === null) return body;
      if (nesting > MAX_NESTING) this.#fail("too deeply nested");
      const isLazy = this.#accept("?");
      body = { type: "repeat", body, min: count[0], max: count[1], greedy: isLazy === this.#flags.U };
    }
  }

  #count(): [number, number] | null {
    if (this.#accept("*")) return [0, Infinity];
    if (this.#accept("+")) return [1, Infinity];
    if (this.#accept("?")) return [0, 1];
    if (!this.#accept("{")) return null;
    const low = this.#number(), hasComma = this.#accept(","), high = hasComma ? this.#number() : low;
    if (!this.#accept("}")) this.#fail("unclosed counted repetition");
    if (low === null) this.#fail("repetition quantifier expects a valid decimal");
    if (high !== null && high < low) this.#fail("invalid repetition count range, the start must be <= the end");
    return [low, high ?? Infinity];
  }

  #number(): number | null {
    let digits = "";
    while (/^[0-9 ]$/.test(this.#peek() ?? "")) digits += this.#text[this.#at++]!;
    if (digits.trim() === "") return null;
    const value = Number(digits.trim());
    return value <= MAX_COUNT ? value : this.#fail("repetition count is too large");
  }

  #atom(): Node {
    const next = this.#text[this.#at++]!;
    switch (next) {
      case "(": return this.#group();
      case "[": return { type: "class", test: this.#bracket() };
      case ".": return { type: "class", test: this.#flags.s ? () => true : this.#flags.R ? (point) => point !== 10 && point !== 13 : (point) => point !== 10 };
      case "^": return { type: "assert", what: this.#flags.m ? Assertion.LineStart : Assertion.TextStart };
      case "$": return { type: "assert", what: this.#flags.m ? Assertion.LineEnd : Assertion.TextEnd };
      case "*": case "+": case "?": case "{": return this.#fail("repetition operator missing expression");
      case "\\": return this.#escapeNode();
    }
    return this.#literal(next.codePointAt(0)!);
  }

  #literal(point: number): Node {
    const variants = this.#flags.i ? caseVariants(point) : [point];
    return variants.length === 1 ? { type: "char", point } : { type: "class", test: fast((each) => variants.includes(each)) };
  }

  /** The class, with letter case ignored if it is; what negates a class negates that. */
  #caseless(test: Test): Test { return this.#flags.i ? foldedClass(test) : test; }

  #escapeNode(): Node {
    const escape = this.#escape();
    if ("point" in escape) return this.#literal(escape.point);
    return "test" in escape ? { type: "class", test: escape.test } : { type: "assert", what: escape.assertion };
  }

  /** What stands behind a backslash. */
  #escape(): Escape {
    const letter = this.#text[this.#at++] ?? this.#fail("incomplete escape sequence");
    if (/^[1-9]$/.test(letter)) this.#fail("backreferences are not supported");
    const test = perlClass(letter, this.#flags.u);
    if (test !== null) return { test };
    if (CONTROLS[letter] !== undefined) return { point: CONTROLS[letter]! };
    if (letter === "p" || letter === "P") return { test: this.#property(letter === "P") };
    if (HEX_DIGITS[letter] !== undefined) return { point: this.#hexadecimal(HEX_DIGITS[letter]!) };
    const { u } = this.#flags;
    switch (letter) {
      case "A": return { assertion: Assertion.TextStart };
      case "z": return { assertion: Assertion.TextEnd };
      case "<": return { assertion: Assertion.WordStart };
      case ">": return { assertion: Assertion.WordEnd };
      case "b": if (this.#peek() === "{") return { assertion: this.#boundary() };
        return { assertion: u ? Assertion.WordBoundary : Assertion.AsciiBoundary };
      case "B": return { assertion: u ? Assertion.NoWordBoundary : Assertion.NoAsciiBoundary };
    }
    if (!PUNCTUATION.test(letter) && letter !== " ") this.#fail("unrecognized escape sequence");
    return { point: letter.codePointAt(0)! };
  }

  /** The name of one side of a word in braces. */
  #boundary(): Assertion {
    this.#at++;
    return BOUNDARIES[this.#upTo("}")] ?? this.#fail("special word boundary assertion is unrecognized");
  }

  /** The text up to a closing mark, which is passed. */
  #upTo(close: string): string {
    let text = "";
    while (!this.#accept(close)) text += this.#text[this.#at++] ?? this.#fail(`missing ${close}`);
    return text;
  }

  #property(isNegated: boolean): Test {
    const test = this.#caseless(unicodeClass(this.#propertyName()));
    return isNegated ? fast(not(test)) : test;
  }

  #propertyName(): string { return this.#accept("{") ? this.#upTo("}").trim() : this.#text[this.#at++] ?? this.#fail("incomplete escape sequence"); }

  #hexadecimal(width: number): number {
    const digits = this.#accept("{") ? this.#upTo("}") : this.#text.slice(this.#at, this.#at += width).join("");
    const point = /^[0-9a-fA-F]{1,8}$/.test(digits) ? parseInt(digits, 16) : -1;
    return point < 0 || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff) ? this.#fail("hexadecimal literal is not a Unicode scalar value") : point;
  }

  #group(): Node {
    const outer = { ...this.#flags };
    let index = -1;
    if (!this.#accept("?")) index = this.#newGroup();
    else if (this.#accept("P<") || (this.#peek() === "<" && this.#text[this.#at + 1] !== "=" && this.#text[this.#at + 1] !== "!" && this.#accept("<"))) index = this.#namedGroup();
    else if (!this.#accept(":")) {
      this.#readFlags();
      // Flags alone hold until the end of the group around them.
      if (this.#accept(")")) return EMPTY;
      if (!this.#accept(":")) this.#fail("unrecognized flag");
    }
    const body = this.#choice();
    if (!this.#accept(")")) this.#fail("unclosed group");
    this.#flags = outer;
    return index < 0 ? body : { type: "group", index, body };
  }

  #newGroup(): number { return this.#groups < MAX_GROUPS ? this.#groups++ : this.#fail("too many groups"); }

  #namedGroup(): number {
    const name = this.#upTo(">");
    if (!/^[\p{Alphabetic}_][\p{Alphabetic}\p{Nd}_.[\]]*$/u.test(name)) this.#fail("invalid capture group character");
    if (this.#names.has(name)) this.#fail("duplicate capture group name");
    const index = this.#newGroup();
    this.#names.set(name, index);
    return index;
  }

  #readFlags(): void {
    if (/^[=!<]$/.test(this.#peek() ?? "")) this.#fail("look-around, including look-ahead and look-behind, is not supported");
    const flags = { ...this.#flags };
    let value = true;
    for (let next = this.#peek(); next !== ")" && next !== ":"; next = this.#peek()) {
      if (next === "-") value = false;
      else if (next !== undefined && Object.hasOwn(flags, next)) flags[next as keyof Flags] = value;
      else this.#fail("unrecognized flag");
      this.#at++;
    }
    this.#flags = flags;
  }

  // ---- classes in brackets

  /** Behind the opening bracket: items, and operators && (both), -- (without), ~~ (one of both) between item lists. */
  #bracket(): Test {
    if (++this.#depth > MAX_NESTING) this.#fail("too deeply nested");
    const isNegated = this.#accept("^");
    let left: Test | null = null, operator = "", items: Test[] = [];
    const combine = (): Test => combined(left, operator, anyOf(items));
    for (let isFirst = true; isFirst || !this.#accept("]"); isFirst = false) {
      if (this.#at >= this.#text.length) this.#fail("unclosed character class");
      const next = ["&&", "--", "~~"].find((each) => this.#accept(each));
      if (next !== undefined) {
        left = combine();
        operator = next;
        items = [];
      } else this.#bracketItem(items, isFirst);
    }
    this.#depth--;
    const test = combine();
    return isNegated ? fast(not(test)) : fast(test);
  }

  #bracketItem(items: Test[], isFirst: boolean): void {
    if (this.#flags.x && /\s/.test(this.#peek()!)) return void this.#at++;
    if (this.#accept("[:")) return void items.push(this.#caseless(posixClass(this.#upTo(":]"))));
    if (!isFirst || this.#peek() !== "]") if (this.#accept("[")) return void items.push(this.#bracket());
    const low = this.#bracketPoint();
    if (typeof low !== "number") return void items.push(low);
    if (this.#peek() !== "-" || this.#text[this.#at + 1] === "]" || this.#text[this.#at + 1] === "-") return void items.push(this.#caseless(range(low, low)));
    this.#at++;
    const high = this.#bracketPoint();
    if (typeof high !== "number" || high < low) this.#fail("invalid character class range");
    items.push(this.#caseless(range(low, high)));
  }

  #bracketPoint(): number | Test {
    const next = this.#text[this.#at++] ?? this.#fail("unclosed character class");
    if (next !== "\\") return next.codePointAt(0)!;
    const escape = this.#escape();
    if ("assertion" in escape) this.#fail("invalid escape sequence found in character class");
    return "point" in escape ? escape.point : escape.test;
  }
}

function combined(left: Test | null, operator: string, right: Test): Test {
  if (left === null) return right;
  const before = left;
  if (operator === "&&") return (point) => before(point) && right(point);
  return operator === "--" ? (point) => before(point) && !right(point) : (point) => before(point) !== right(point);
}

/** The program of a pattern; throws PatternError. */
export const programOf = patternCompiler((text) => new Parser(text).parse());
