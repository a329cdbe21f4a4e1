// Lexer: text to tokens, all at once and without recursion. Errors become diagnostics and the lexer goes on with a
// plausible token, so that one run reports several mistakes. String values are bytes: "\xHH" is a raw byte.
// Must not throw and must not loop on any input.

import type { Diagnostic } from "../../text/diagnostics.ts";
import { diagnose } from "../../text/diagnostics.ts";
import type { MessageCode } from "../../text/messages.ts";
import type { Source } from "../../text/source.ts";
import { TextBytes } from "./text-bytes.ts";
import { integerValue } from "./numbers.ts";
import type { Token, TokenKind } from "./tokens.ts";
import { KEYWORD_SET, TYPE_WORDS, punctuationAt } from "./tokens.ts";

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const LIBRARY_NAME = /\$[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*/y;
/** Digits with "_" anywhere but in front; then a fraction, which must start with a digit; then an exponent. */
const DECIMAL = /[0-9][0-9_]*(?:\.[0-9][0-9_]*)?(?:[eE][+-]?[0-9][0-9_]*)?/y;
const FRACTION = /\.[0-9]+(?:[eE][+-]?[0-9][0-9_]*)?/y;
const HEX_ESCAPE = /[0-9A-Fa-f]{2}/y;
const UNICODE_ESCAPE = /\{([0-9A-Fa-f]{1,6})\}/y;
const BLANKS = /[ \t\r\n]+/y;
/** Everything no token can start with, taken as one run so that binary input gives one message for each run. */
const STRANGE = /[^ \t\r\nA-Za-z0-9_"'`/(){}[\];,.:?+\-*%<>=!~&|^$]+|\$/y;

const BASES: { readonly [letter: string]: { readonly radix: 2 | 8 | 16; readonly name: string; readonly digits: RegExp } } = {
  x: { radix: 16, name: "hexadecimal", digits: /[0-9A-Fa-f][0-9A-Fa-f_]*/y },
  b: { radix: 2, name: "binary", digits: /[01][01_]*/y },
  o: { radix: 8, name: "octal", digits: /[0-7][0-7_]*/y },
};
const SIMPLE_ESCAPES: { readonly [letter: string]: number } = { n: 10, t: 9, r: 13, "\\": 92 };
const STRING_ESCAPES: { readonly [letter: string]: number } = { ...SIMPLE_ESCAPES, "'": 39, '"': 34, 0: 0 };
const TEMPLATE_ESCAPES: { readonly [letter: string]: number } = { ...SIMPLE_ESCAPES, "`": 96, $: 36 };

export interface Lexed {
  readonly tokens: Token[];
  readonly diagnostics: readonly Diagnostic[];
  /** The text ends inside a string, template or comment: more input could complete it. */
  readonly unterminated: boolean;
}

export interface LexerOptions { readonly library?: boolean; /** Errors after which the rest of the text is ignored. */ readonly maxErrors: number }

export function lex(source: Source, options: LexerOptions): Lexed {
  return new Lexer(source, options).run();
}

class Lexer {
  readonly #text: string;
  readonly #tokens: Token[] = [];
  readonly #diagnostics: Diagnostic[] = [];
  #at = 0;
  #unterminated = false;
  /** Open braces inside each "${" being read, innermost last. */
  readonly #templates: number[] = [];

  constructor(readonly source: Source, readonly options: LexerOptions) {
    this.#text = source.text;
  }

  run(): Lexed {
    const text = this.#text;
    if (text.charCodeAt(0) === 0xfeff) this.#at = 1;
    if (text.startsWith("#!", this.#at)) this.#at = this.#lineEnd(this.#at);
    while (this.#skipBlanks() && this.#diagnostics.length < this.options.maxErrors) this.#token();
    this.#push("end", text.length, text.length);
    return { tokens: this.#tokens, diagnostics: this.#diagnostics, unterminated: this.#unterminated };
  }

  #push(kind: TokenKind, start: number, end: number, text = "", value: Token["value"] = null): void {
    this.#tokens.push({ kind, start, end, text, value });
  }

  #report(code: MessageCode, start: number, end: number, ...args: string[]): void {
    this.#diagnostics.push(diagnose(this.source, code, { start, end }, args));
  }

  /** Where the sticky pattern ends when it matches at the offset, else -1. */
  #match(pattern: RegExp, offset: number): number {
    pattern.lastIndex = offset;
    return pattern.test(this.#text) ? pattern.lastIndex : -1;
  }

  #lineEnd(offset: number): number {
    const end = this.#text.indexOf("\n", offset);
    return end < 0 ? this.#text.length : end;
  }

  /** False at the end of the text. */
  #skipBlanks(): boolean {
    const text = this.#text;
    for (;;) {
      const end = this.#match(BLANKS, this.#at);
      if (end >= 0) this.#at = end;
      if (text.startsWith("//", this.#at)) this.#at = this.#lineEnd(this.#at);
      else if (text.startsWith("/*", this.#at)) this.#blockComment();
      else return this.#at < text.length;
    }
  }

  #blockComment(): void {
    const end = this.#text.indexOf("*/", this.#at + 2);
    if (end < 0) {
      this.#report("E104", this.#at, this.#at + 2);
      this.#unterminated = true;
    }
    this.#at = end < 0 ? this.#text.length : end + 2;
  }

  #token(): void {
    const start = this.#at, char = this.#text[start]!;
    if (char === '"') return this.#string(start);
    if (char === "`") return this.#template(start);
    if (char === "'") return this.#rune(start);
    if (char >= "0" && char <= "9") return this.#number(start);
    const nameEnd = this.#match(NAME, start);
    if (nameEnd >= 0) return this.#word(start, nameEnd);
    if (char === "." && this.#match(FRACTION, start) >= 0) return this.#decimal(start, FRACTION);
    if (char === "$" && this.options.library) {
      const end = this.#match(LIBRARY_NAME, start);
      if (end >= 0) return this.#word(start, end);
    }
    this.#punctuation(start);
  }

  #word(start: number, end: number): void {
    const text = this.#text.slice(start, end);
    this.#at = end;
    if (KEYWORD_SET.has(text)) this.#push(text as TokenKind, start, end);
    else this.#push(TYPE_WORDS.has(text) ? "type" : "name", start, end, text);
  }

  #punctuation(start: number): void {
    let kind = punctuationAt(this.#text, start);
    if (kind === null) {
      const end = this.#match(STRANGE, start);
      this.#at = Math.max(end, start + 1);
      const shown = [...this.#text.slice(start, start + 2)][0]!;
      this.#report("E101", start, this.#at, printable(shown));
      return;
    }
    // "c ?.5 : 1" is a conditional, not optional chaining.
    if (kind === "?." && /[0-9]/.test(this.#text[start + 2] ?? "")) kind = "?";
    const depth = this.#templates.length - 1;
    if (depth >= 0) {
      if (kind === "{") this.#templates[depth]!++;
      if (kind === "}" && this.#templates[depth]!-- === 0) {
        this.#templates.pop();
        return this.#template(start);
      }
    }
    this.#at = start + kind.length;
    this.#push(kind, start, this.#at);
  }

  #number(start: number): void {
    const base = this.#text[start] === "0" ? BASES[(this.#text[start + 1] ?? "").toLowerCase()] : undefined;
    if (base === undefined) return this.#decimal(start, DECIMAL);
    const end = this.#match(base.digits, start + 2);
    if (end < 0) this.#report("E111", start, start + 2, base.name, this.#text.slice(start, start + 2));
    this.#at = Math.max(end, start + 2);
    this.#push("integer", start, this.#at, "", end < 0 ? 0 : integerValue(this.#text.slice(start + 2, end), base.radix));
  }

  #decimal(start: number, pattern: RegExp): void {
    const end = this.#match(pattern, start);
    const text = this.#text.slice(start, end);
    this.#at = end;
    if (/[.eE]/.test(text)) this.#push("float", start, end, "", Number(text.replaceAll("_", "")));
    else this.#push("integer", start, end, "", integerValue(text, 10));
  }

  #string(start: number): void {
    const bytes = new TextBytes();
    this.#at = start + 1;
    const closed = this.#content(bytes, '"', STRING_ESCAPES);
    if (closed) this.#at++;
    else this.#unclosed("E102", start);
    // A zero byte ends the literal, as in C.
    this.#push("string", start, this.#at, "", bytes.upToZero());
  }

  /** From "`" or from the "}" that ends an interpolation. */
  #template(start: number): void {
    const bytes = new TextBytes();
    this.#at = start + 1;
    if (!this.#content(bytes, "`", TEMPLATE_ESCAPES)) this.#unclosed("E103", start);
    const more = this.#text[this.#at] === "$";
    this.#at = Math.min(this.#at + (more ? 2 : 1), this.#text.length);
    if (more) this.#templates.push(0);
    this.#push(more ? "template part" : "template end", start, this.#at, "", bytes.finish());
  }

  #unclosed(code: MessageCode, start: number): void {
    this.#report(code, start, start + 1);
    this.#unterminated = true;
  }

  /** Reads up to the quote, or up to "${" when the quote is "`". False when the text ends before. */
  #content(bytes: TextBytes, quote: '"' | "`", escapes: { readonly [letter: string]: number }): boolean {
    const stop = quote === '"' ? /["\\]/g : /[`\\]|\$\{/g;
    for (;;) {
      stop.lastIndex = this.#at;
      const match = stop.exec(this.#text);
      bytes.appendText(this.#text, this.#at, match === null ? this.#text.length : match.index);
      this.#at = match === null ? this.#text.length : match.index;
      if (match === null) return false;
      if (match[0] !== "\\") return true;
      this.#escape(bytes, escapes);
    }
  }

  #escape(bytes: TextBytes, escapes: { readonly [letter: string]: number }): void {
    const escape = this.#readEscape(escapes);
    if (escape === null) return;
    if (escape.raw) bytes.appendByte(escape.value);
    else bytes.appendCodePoint(escape.value);
  }

  /** The escape at the backslash; `raw`: a byte, not a code point. Null after a report, with the escape skipped. */
  #readEscape(escapes: { readonly [letter: string]: number }): { value: number; raw: boolean } | null {
    const start = this.#at, letter = this.#text[start + 1] ?? "";
    this.#at = Math.min(start + 2, this.#text.length);
    const simple = Object.hasOwn(escapes, letter) ? escapes[letter] : undefined;
    if (simple !== undefined) return { value: simple, raw: false };
    if (letter === "x") return this.#hexEscape(start);
    if (letter === "u") return this.#unicodeEscape(start);
    // A backslash at the very end is reported as unterminated text by the caller.
    if (letter !== "") this.#report("E105", start, this.#at, printable(letter));
    return null;
  }

  #hexEscape(start: number): { value: number; raw: boolean } | null {
    const end = this.#match(HEX_ESCAPE, this.#at);
    if (end < 0) {
      this.#report("E106", start, this.#at);
      return null;
    }
    const value = parseInt(this.#text.slice(this.#at, end), 16);
    this.#at = end;
    return { value, raw: true };
  }

  #unicodeEscape(start: number): { value: number; raw: boolean } | null {
    UNICODE_ESCAPE.lastIndex = this.#at;
    const match = UNICODE_ESCAPE.exec(this.#text);
    if (match === null) {
      this.#report("E107", start, this.#at);
      return null;
    }
    this.#at = UNICODE_ESCAPE.lastIndex;
    const value = parseInt(match[1]!, 16);
    if (value <= 0x10ffff) return { value, raw: false };
    this.#report("E108", start, this.#at, match[1]!.toUpperCase());
    return null;
  }

  #rune(start: number): void {
    this.#at = start + 1;
    const text = this.#text, first = text.codePointAt(start + 1);
    let value = 0;
    if (text[start + 1] === "'") this.#report("E109", start, start + 2);
    else if (text[start + 1] === "\\") value = this.#readEscape(STRING_ESCAPES)?.value ?? 0;
    else if (first !== undefined) {
      value = first;
      this.#at += first > 0xffff ? 2 : 1;
    }
    if (text[this.#at] === "'") this.#at++;
    else this.#unclosedRune(start);
    this.#push("rune", start, this.#at, "", value);
  }

  /** 'text in the wrong quotes' is skipped up to its closing quote when that is on the same line. */
  #unclosedRune(start: number): void {
    this.#at = Math.min(this.#at, this.#text.length);
    const close = this.#text.indexOf("'", this.#at);
    if (close >= 0 && close < this.#lineEnd(start)) this.#at = close + 1;
    this.#report("E110", start, this.#at);
  }
}

/** A character as shown in a message: quoted, or its code point when it has no shape. */
function printable(char: string): string {
  const code = char.codePointAt(0)!;
  const shapeless = code < 0x20 || (code >= 0x7f && code < 0xa1) || (code >= 0xd800 && code < 0xe000);
  return shapeless ? `U+${code.toString(16).toUpperCase().padStart(4, "0")}` : char;
}
