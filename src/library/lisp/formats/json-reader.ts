// Reads JSON text onto a stack of values. It allocates as it goes but never recurses; an error is answered, not thrown, so
// that the caller can name the function.

import { linePosition } from "./position.ts";
import type { ValueStack } from "./values.ts";

interface JsonError { readonly what: string; readonly line: number; readonly column: number }

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const PLAIN = /[^"\\\0-\x1f]*/y;
const BLANKS = /[ \t\n\r]*/y;
const ESCAPES: { readonly [letter: string]: string } = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** An array or object being read: whether it is closed at once, and the number of parts so far. */
interface Open { readonly close: "]" | "}"; readonly isEmpty: boolean; count: number }

/** Thrown within the reader only. */
class Failure {
  constructor(readonly what: string, readonly at: number) {}
}

export class JsonReader {
  #at = 0;
  readonly #open: Open[] = [];

  constructor(readonly text: string, readonly values: ValueStack) {}

  /** Leaves one value on the stack, or answers what is wrong. */
  read(): JsonError | null {
    try {
      do this.#skipBlanks(); while (this.#readValue() || !this.#finished());
      this.#skipBlanks();
      if (this.#at < this.text.length) this.#fail("trailing characters");
      return null;
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      const { line, column } = linePosition(this.text, Math.min(failure.at, this.text.length));
      return { what: `${failure.what} at line ${line} column ${column}`, line, column };
    }
  }

  /** Errors are at the character looked at, or behind the last one. */
  #fail(what: string, at = this.#at + 1): never {
    if (at > this.text.length) throw new Failure(what === "expected value" ? "EOF while parsing a value" : what, this.text.length);
    throw new Failure(what, at);
  }

  #match(pattern: RegExp): RegExpExecArray {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)!;
    this.#at += found[0].length;
    return found;
  }

  #skipBlanks(): void { this.#match(BLANKS); }

  /** Reads a scalar or an empty container; true when a container was opened and a value must follow. */
  #readValue(): boolean {
    switch (this.text[this.#at]) {
      case "[": return this.#begin("]");
      case "{": return this.#begin("}");
      case '"': this.values.text(this.#readString()); return false;
      case "t": this.#readWord("true"); this.values.bool(true); return false;
      case "f": this.#readWord("false"); this.values.bool(false); return false;
      case "n": this.#readWord("null"); this.values.nil(); return false;
    }
    this.#readNumber();
    return false;
  }

  #begin(close: "]" | "}"): boolean {
    this.#at++;
    this.#skipBlanks();
    const isEmpty = this.text[this.#at] === close;
    this.#open.push({ close, isEmpty, count: 0 });
    if (!isEmpty && close === "}") this.#readKey();
    return !isEmpty;
  }

  /** Behind a value, or before the closing mark of an empty container: closes what ends here. False when another value follows. */
  #finished(): boolean {
    for (let top = this.#open[this.#open.length - 1]; top !== undefined; top = this.#open[this.#open.length - 1]) {
      this.#skipBlanks();
      const next = this.text[this.#at];
      if (!top.isEmpty) top.count++;
      if (next === "," && !top.isEmpty) {
        this.#at++;
        this.#skipBlanks();
        if (this.text[this.#at] === top.close) this.#fail("trailing comma");
        if (top.close === "}") this.#readKey();
        return false;
      }
      if (next !== top.close) this.#fail(this.#at >= this.text.length ? `EOF while parsing ${top.close === "]" ? "a list" : "an object"}` : `expected \`,\` or \`${top.close}\``);
      this.#at++;
      if (top.close === "]") this.values.list(top.count);
      else this.values.map(top.count);
      this.#open.pop();
    }
    return true;
  }

  #readKey(): void {
    if (this.text[this.#at] !== '"') this.#fail(this.#at >= this.text.length ? "EOF while parsing an object" : "key must be a string");
    this.values.keyword(this.#readString());
    this.#skipBlanks();
    if (this.text[this.#at] !== ":") this.#fail(this.#at >= this.text.length ? "EOF while parsing an object" : "expected `:`");
    this.#at++;
    this.#skipBlanks();
  }

  #readWord(word: string): void {
    for (const letter of word) {
      if (this.text[this.#at] !== letter) this.#fail(this.#at >= this.text.length ? "EOF while parsing a value" : "expected ident");
      this.#at++;
    }
  }

  #readNumber(): void {
    NUMBER.lastIndex = this.#at;
    const found = NUMBER.exec(this.text);
    if (found === null) this.#fail(this.text[this.#at] === "-" ? "invalid number" : "expected value", this.text[this.#at] === "-" ? this.#at + 2 : this.#at + 1);
    const end = this.#at + found[0].length;
    // What goes on as a number does, but is none: 01, 1., 1e.
    if (/[0-9.eE]/.test(this.text[end] ?? "")) this.#fail("invalid number", end + 1);
    this.#at = end;
    if (found[1] === undefined && found[2] === undefined) return this.values.integer(BigInt(found[0]));
    const x = Number(found[0]);
    if (!Number.isFinite(x)) this.#fail("number out of range", end);
    this.values.float(x);
  }

  #readString(): string {
    let text = "";
    for (this.#at++; ; this.#at++) {
      text += this.#match(PLAIN)[0];
      const next = this.text[this.#at];
      if (next === undefined) this.#fail("EOF while parsing a string");
      if (next === '"') break;
      if (next !== "\\") this.#fail("control character (\\u0000-\\u001F) found while parsing a string");
      text += this.#readEscape();
    }
    this.#at++;
    return text;
  }

  /** Leaves the position on the last character of the escape. */
  #readEscape(): string {
    const letter = this.text[++this.#at] ?? "", simple = ESCAPES[letter];
    if (simple !== undefined) return simple;
    if (letter !== "u") this.#fail(letter === "" ? "EOF while parsing a string" : "invalid escape");
    const unit = this.#readUnit();
    if (unit < 0xd800 || unit > 0xdfff) return String.fromCharCode(unit);
    if (unit > 0xdbff || this.text[this.#at + 1] !== "\\" || this.text[this.#at + 2] !== "u") this.#fail("lone surrogate found", this.#at + 1);
    this.#at += 2;
    const low = this.#readUnit();
    return low < 0xdc00 || low > 0xdfff ? this.#fail("lone surrogate found", this.#at + 1) : String.fromCharCode(unit, low);
  }

  #readUnit(): number {
    const digits = this.text.slice(this.#at + 1, this.#at + 5);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.#fail("invalid escape");
    this.#at += 4;
    return parseInt(digits, 16);
  }
}
