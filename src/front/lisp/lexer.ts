// Text to tokens. Atoms come as data; the interpolations of an f-string come as ranges of the text, which the reader reads
// in turn. Errors are reported and something sensible is given instead, so that one run finds several.

import { scanNumber, type NumberScan } from "../../text/lisp-number.ts";
import { foldCase } from "../../text/letter-case.ts";
import type { Datum, Place } from "./datum.ts";
import { symbol } from "./datum.ts";
import { namedChar, readEscape, type ReportText } from "./literals.ts";

export type Opening = "(" | "[" | "{" | "#(" | "#u8(";
export type TextPart = { readonly text: string } | { readonly start: number; readonly end: number };
interface Range { readonly start: number; readonly end: number }
export type Token = Range & (
  | { readonly kind: "open"; readonly text: Opening }
  | { readonly kind: "close"; readonly text: ")" | "]" | "}" }
  /** A quote character: the next datum goes into a list with this symbol. */
  | { readonly kind: "prefix"; readonly name: string; readonly text: string }
  | { readonly kind: "atom"; readonly datum: Datum }
  | { readonly kind: "format"; readonly parts: readonly TextPart[] }
  | { readonly kind: "label"; readonly label: number; readonly defines: boolean }
  /** `#;` */
  | { readonly kind: "skip" }
  | { readonly kind: "dot" | "end" }
);

const SYMBOL = /[\p{Alphabetic}+\-*/!?<>=_&%^~.][\p{Alphabetic}+\-*/!?<>=_&%^~.0-9#]*/uy;
const REST = /[\p{Alphabetic}+\-*/!?<>=_&%^~.0-9#]*/uy;
const ALPHABETIC = /\p{Alphabetic}/uy;
const BLANK = /[ \t\r\n]+|;[^\n]*/y;
const NUMBER_START = /[0-9+\-.iInN]|#[xXoObBdDeEiI]/y;
const NUMBER_OPTIONS = { extras: true };
const BOOLEAN = /#(?:true|false|t|f)(?![\p{Alphabetic}+\-*/!?<>=_&%^~.0-9])|#[tf]/uy;
/** R7RS: from here on letter case does not count in names, or does again. */
export const FOLDING = /#!(no-)?fold-case(?![\p{Alphabetic}+\-*/!?<>=_&%^~.0-9])/uy;
const FOLDED_BOOLEAN = new RegExp(BOOLEAN, "iuy");
const LABEL = /#([0-9]{1,9})([=#])/y;
const PREFIXES: ReadonlyMap<string, string> = new Map([["'", "quote"], ["`", "quasiquote"], [",", "unquote"], [",@", "unquote-splicing"], ["@", "deref"]]);

export class Lexer {
  constructor(readonly text: string, public at: number, readonly end: number, readonly source: number, readonly report: ReportText, public folded = false) {
    if (at === 0 && text.startsWith("#!") && this.#match(FOLDING, 0) === null) this.at = this.#until("\n", 0);
  }

  next(): Token {
    this.#skipBlank();
    const { text, at } = this;
    if (at >= this.end) return { kind: "end", start: this.end, end: this.end };
    const first = text[at]!;
    switch (first) {
      case "(": case "[": case "{": return this.#token(1, { kind: "open", text: first });
      case ")": case "]": case "}": return this.#token(1, { kind: "close", text: first });
      case '"': return this.#string();
      case "|": return this.#barSymbol();
      case ":": return this.#keyword();
      case "#": return this.#hash();
      case "'": case "`": case ",": case "@": {
        const prefix = first === "," && text[at + 1] === "@" ? ",@" : first;
        return this.#token(prefix.length, { kind: "prefix", name: PREFIXES.get(prefix)!, text: prefix });
      }
    }
    if (first === "f" && text[at + 1] === '"') return this.#format();
    return this.#number() ?? this.#word();
  }

  #match(pattern: RegExp, at: number): RegExpExecArray | null {
    pattern.lastIndex = at;
    const found = pattern.exec(this.text);
    return found !== null && at + found[0].length <= this.end ? found : null;
  }

  #until(what: string, from: number): number {
    const found = this.text.indexOf(what, from);
    return found < 0 || found > this.end ? this.end : found;
  }

  #skipBlank(): void {
    for (;;) {
      const found = this.#match(BLANK, this.at), folding = found === null ? this.#match(FOLDING, this.at) : null;
      if (folding !== null) this.folded = folding[1] === undefined;
      if ((found ?? folding) !== null) this.at += (found ?? folding)![0].length;
      else if (this.text.startsWith("#|", this.at) && this.at + 2 <= this.end) this.#skipBlock();
      else return;
    }
  }

  /** Block comments nest. */
  #skipBlock(): void {
    const start = this.at, edge = /#\||\|#/g;
    edge.lastIndex = start + 2;
    for (let depth = 1; depth > 0;) {
      const found = edge.exec(this.text);
      if (found === null || edge.lastIndex > this.end) {
        this.report("E527", start, start + 2);
        this.at = this.end;
        return;
      }
      depth += found[0] === "#|" ? 1 : -1;
      this.at = edge.lastIndex;
    }
  }

  /** A token of the next `length` characters. */
  #token<T>(length: number, token: T): T & Range {
    const start = this.at;
    this.at = Math.min(this.end, start + length);
    return { ...token, start, end: this.at };
  }

  #place(length: number): Place {
    return { span: { start: this.at, end: Math.min(this.end, this.at + length) }, source: this.source };
  }

  #atom(length: number, make: (at: Place) => Datum): Token {
    return this.#token(length, { kind: "atom", datum: make(this.#place(length)) });
  }

  #error(length: number, report: (start: number, end: number) => void): Token {
    report(this.at, Math.min(this.end, this.at + length));
    return this.#atom(length, (at) => ({ kind: "nil", ...at }));
  }

  /** Null when no number starts here. */
  #number(): Token | null {
    if (this.#match(NUMBER_START, this.at) === null) return null;
    const scan: NumberScan | null = scanNumber(this.text, this.at, NUMBER_OPTIONS);
    if (scan === null) return null;
    const length = scan.end - this.at, { datum: value, error } = scan;
    if (value !== null) return this.#atom(length, (at) => ({ kind: "number", value, ...at }));
    return this.#error(length, (start, end) => this.report("E525", start, end, error));
  }

  #word(): Token {
    const written = this.#match(SYMBOL, this.at)?.[0];
    if (written === undefined) {
      const found = String.fromCodePoint(this.text.codePointAt(this.at)!);
      return this.#error(found.length, (start, end) => this.report("E501", start, end, found));
    }
    const name = this.#fold(written);
    if (name === ".") return this.#token(1, { kind: "dot" });
    if (name === "true" || name === "false") return this.#atom(name.length, (at) => ({ kind: "bool", value: name === "true", ...at }));
    if (name === "nil") return this.#atom(3, (at) => ({ kind: "nil", ...at }));
    return this.#atom(written.length, (at) => symbol(name, at));
  }

  #fold(text: string): string { return this.folded ? foldCase(text) : text; }

  #keyword(): Token {
    const name = this.#match(REST, this.at + 1)?.[0] ?? "";
    if (name === "") return this.#error(1, (start, end) => this.report("E508", start, end));
    return this.#atom(name.length + 1, (at) => ({ kind: "keyword", name: this.#fold(name), ...at }));
  }

  #hash(): Token {
    const { text, at } = this, next = text[at + 1] ?? "";
    const bool = this.#match(this.folded ? FOLDED_BOOLEAN : BOOLEAN, at)?.[0].toLowerCase();
    if (bool !== undefined) return this.#atom(bool.length, (place) => ({ kind: "bool", value: bool[1] === "t", ...place }));
    if (next === "(") return this.#token(2, { kind: "open", text: "#(" });
    if (text.startsWith("#u8(", at)) return this.#token(4, { kind: "open", text: "#u8(" });
    if (next === ";") return this.#token(2, { kind: "skip" });
    if (next === "\\") return this.#char();
    if (next === '"') return this.#regex();
    const label = this.#match(LABEL, at);
    if (label !== null) return this.#token(label[0].length, { kind: "label", label: Number(label[1]), defines: label[2] === "=" });
    const number = this.#number();
    if (number !== null) return number;
    if (at + 1 >= this.end) return this.#error(1, (start, end) => this.report("E512", start, end));
    const found = String.fromCodePoint(text.codePointAt(at + 1)!);
    return this.#error(1 + found.length, (start, end) => this.report("E513", start, end, found));
  }

  #char(): Token {
    const from = this.at + 2;
    if (from >= this.end) return this.#error(2, (start, end) => this.report("E512", start, end));
    const first = String.fromCodePoint(this.text.codePointAt(from)!);
    const name = this.#match(ALPHABETIC, from) === null ? first : this.#match(REST, from)?.[0] ?? first;
    const value = name === first ? first.codePointAt(0)! : namedChar(this.#fold(name));
    if (value === null) return this.#error(2 + name.length, (start, end) => this.report("E507", start, end, name));
    return this.#atom(2 + name.length, (at) => ({ kind: "char", value, ...at }));
  }

  /** Raw text in which only `\"` means something. */
  #regex(): Token {
    const body = /(?:[^"\\]|\\[^])*/y;
    body.lastIndex = this.at + 2;
    const raw = body.exec(this.text)![0], length = raw.length + 3;
    if (this.at + length > this.end || this.text[this.at + length - 1] !== '"') return this.#unterminated("E502");
    return this.#atom(length, (at) => ({ kind: "string", value: raw.replaceAll('\\"', '"'), ...at }));
  }

  #unterminated(code: "E502" | "E521" | "E522" | "E528"): Token {
    this.report(code, this.at, this.end);
    return this.#atom(this.end - this.at, (at) => ({ kind: "nil", ...at }));
  }

  #string(): Token {
    const parts: string[] = [];
    for (let i = this.at + 1; i < this.end;) {
      const char = this.text[i]!;
      if (char === '"') return this.#atom(i + 1 - this.at, (at) => ({ kind: "string", value: parts.join(""), ...at }));
      i = this.#stringPart(i, parts);
    }
    return this.#unterminated("E502");
  }

  /** Adds the escape or the run of plain characters at the offset; where it ends. */
  #stringPart(at: number, parts: string[]): number {
    if (this.text[at] === "\\") {
      const { value, end } = readEscape(this.text, at + 1, this.report);
      parts.push(value);
      return end;
    }
    const run = /[^"\\$]+|\$/y;
    run.lastIndex = at;
    parts.push(run.exec(this.text)![0]);
    return run.lastIndex;
  }

  #barSymbol(): Token {
    const parts: string[] = [];
    for (let i = this.at + 1; i < this.end;) {
      const char = this.text[i]!;
      if (char === "|") return this.#atom(i + 1 - this.at, (at) => symbol(parts.join(""), at));
      if (char === "\\" && this.text[i + 1] === "|") {
        parts.push("|");
        i += 2;
      } else if (char === "\\") i = this.#stringPart(i, parts);
      else {
        parts.push(char);
        i++;
      }
    }
    return this.#unterminated("E528");
  }

  #format(): Token {
    const parts: TextPart[] = [];
    let texts: string[] = [];
    const flush = (): void => {
      if (texts.length > 0) parts.push({ text: texts.join("") });
      texts = [];
    };
    for (let i = this.at + 2; i < this.end;) {
      if (this.text[i] === '"') {
        flush();
        return this.#token(i + 1 - this.at, { kind: "format", parts });
      }
      if (this.text.startsWith("${", i)) {
        const close = this.#closingBrace(i + 2);
        if (close < 0) return this.#unterminated("E522");
        flush();
        parts.push({ start: i + 2, end: close });
        i = close + 1;
      } else i = this.#stringPart(i, texts);
    }
    return this.#unterminated("E521");
  }

  #closingBrace(from: number): number {
    let depth = 0;
    for (let i = from; i < this.end; i++) {
      if (this.text[i] === "{") depth++;
      else if (this.text[i] === "}" && depth-- === 0) return i;
    }
    return -1;
  }
}

