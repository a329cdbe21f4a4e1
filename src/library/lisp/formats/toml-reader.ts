// Reads TOML 1.0 into plain data. Tables come and go in the text, so it is built as a tree of JS maps first. Keys and
// values nest to a limited depth, which makes recursion safe.

import { linePosition } from "./position.ts";
import type { Plain } from "./values.ts";

const MAX_DEPTH = 200;

/** A table, and how it came about: which decides what may still be added. */
class Table {
  readonly entries = new Map<string, Table | TableList | { readonly value: Plain }>();
  /** Has had a header, or was written inline, or made by a dotted key. */
  origin: "implicit" | "header" | "dotted" | "inline" = "implicit";
}
/** Tables with double brackets. */
class TableList {
  readonly tables: Table[] = [];
}

class TomlError {
  constructor(readonly at: number) {}
}

const BARE_KEY = /[A-Za-z0-9_-]+/y;
const DATE = /\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)?)?|\d\d:\d\d:\d\d(?:\.\d+)?/y;
const RADIX = /0(?:x[0-9A-Fa-f]+(?:_[0-9A-Fa-f]+)*|o[0-7]+(?:_[0-7]+)*|b[01]+(?:_[01]+)*)/y;
const DECIMAL = /[+-]?(?:0|[1-9][0-9]*(?:_[0-9]+)*)(\.[0-9]+(?:_[0-9]+)*)?([eE][+-]?[0-9]+(?:_[0-9]+)*)?/y;
const SPECIAL = /[+-]?(?:inf|nan)/y;
const ESCAPES: { readonly [letter: string]: string } = { b: "\b", t: "\t", n: "\n", f: "\f", r: "\r", e: "\x1b", '"': '"', "\\": "\\" };

class TomlReader {
  readonly root = new Table();
  #at = 0;
  #depth = 0;

  constructor(readonly text: string) {}

  read(): void {
    let current = this.root;
    for (this.#skipLines(); this.#at < this.text.length; this.#skipLines()) {
      if (this.text[this.#at] === "[") current = this.#header();
      else this.#keyValue(current);
      this.#lineEnd();
    }
  }

  #fail(at = this.#at): never { throw new TomlError(at); }

  #accept(mark: string): boolean {
    if (!this.text.startsWith(mark, this.#at)) return false;
    this.#at += mark.length;
    return true;
  }

  #expect(mark: string): void { if (!this.#accept(mark)) this.#fail(); }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text);
    if (found !== null) this.#at += found[0].length;
    return found;
  }

  #skipBlanks(): void { while (this.text[this.#at] === " " || this.text[this.#at] === "\t") this.#at++; }

  #skipComment(): void {
    if (this.text[this.#at] !== "#") return;
    const end = this.text.indexOf("\n", this.#at);
    this.#at = end < 0 ? this.text.length : end;
  }

  /** Blanks, comments and line ends. */
  #skipLines(): void {
    for (;;) {
      this.#skipBlanks();
      this.#skipComment();
      if (!this.#accept("\n") && !this.#accept("\r\n")) return;
    }
  }

  #lineEnd(): void {
    this.#skipBlanks();
    this.#skipComment();
    if (this.#at < this.text.length && !this.#accept("\n") && !this.#accept("\r\n")) this.#fail();
  }

  // ---- keys and tables

  #key(): string[] {
    const parts: string[] = [];
    do {
      this.#skipBlanks();
      const mark = this.text[this.#at];
      if (mark === '"' || mark === "'") parts.push(this.#oneLineString(mark));
      else parts.push(this.#match(BARE_KEY)?.[0] ?? this.#fail());
      this.#skipBlanks();
      if (parts.length > MAX_DEPTH) this.#fail();
    } while (this.#accept("."));
    return parts;
  }

  /** The table of a name in a header; of several with one name the last. */
  #enter(table: Table, name: string, at: number): Table {
    const known = table.entries.get(name);
    if (known instanceof TableList) return known.tables[known.tables.length - 1]!;
    if (known instanceof Table) return known.origin === "inline" ? this.#fail(at) : known;
    if (known !== undefined) this.#fail(at);
    const made = new Table();
    table.entries.set(name, made);
    return made;
  }

  #header(): Table {
    const isList = this.#accept("[["), at = isList ? this.#at : ++this.#at, parts = this.#key(), last = parts.pop()!;
    this.#expect(isList ? "]]" : "]");
    const parent = parts.reduce((table, name) => this.#enter(table, name, at), this.root);
    if (isList) return this.#addToList(parent, last, at);
    const known = parent.entries.get(last);
    if (known instanceof TableList || (known instanceof Table && known.origin !== "implicit")) this.#fail(at);
    const table = this.#enter(parent, last, at);
    table.origin = "header";
    return table;
  }

  #addToList(parent: Table, name: string, at: number): Table {
    const known = parent.entries.get(name), list = known instanceof TableList ? known : new TableList(), table = new Table();
    if (known !== undefined && known !== list) this.#fail(at);
    parent.entries.set(name, list);
    table.origin = "header";
    list.tables.push(table);
    return table;
  }

  #keyValue(table: Table): void {
    const at = this.#at, parts = this.#key(), last = parts.pop()!;
    this.#expect("=");
    this.#skipBlanks();
    let target = table;
    for (const name of parts) {
      const known = target.entries.get(name);
      if (known !== undefined && !(known instanceof Table && (known.origin === "dotted" || known.origin === "implicit"))) this.#fail(at);
      target = this.#enter(target, name, at);
      target.origin = "dotted";
    }
    if (target.entries.has(last)) this.#fail(at);
    this.#depth += parts.length;
    target.entries.set(last, this.#value());
    this.#depth -= parts.length;
  }

  // ---- values

  #value(): Table | { readonly value: Plain } {
    if (++this.#depth > MAX_DEPTH) this.#fail();
    const value = this.text[this.#at] === "{" ? this.#inlineTable() : { value: this.#plainValue() };
    this.#depth--;
    return value;
  }

  #plainValue(): Plain {
    const mark = this.text[this.#at];
    if (mark === '"' || mark === "'") return this.#accept(mark.repeat(3)) ? this.#longString(mark) : this.#oneLineString(mark);
    if (mark === "[") return this.#array();
    if (this.#accept("true")) return true;
    if (this.#accept("false")) return false;
    const date = this.#match(DATE), special = date === null ? this.#match(SPECIAL) : null, radix = date ?? special ?? this.#match(RADIX);
    if (date !== null) return date[0];
    if (special !== null) return { float: special[0].endsWith("nan") ? NaN : special[0].startsWith("-") ? -Infinity : Infinity };
    if (radix !== null) return BigInt(radix[0].replaceAll("_", ""));
    const decimal = this.#match(DECIMAL) ?? this.#fail(), digits = decimal[0].replaceAll("_", "");
    return decimal[1] === undefined && decimal[2] === undefined ? BigInt(digits.replace("+", "")) : { float: Number(digits) };
  }

  #array(): Plain {
    const parts: Plain[] = [];
    this.#at++;
    for (this.#skipLines(); !this.#accept("]"); this.#skipLines()) {
      const value = this.#value();
      parts.push(value instanceof Table ? plainTable(value) : value.value);
      this.#skipLines();
      if (!this.#accept(",") && this.text[this.#at] !== "]") this.#fail();
    }
    return parts;
  }

  #inlineTable(): Table {
    const table = new Table();
    this.#at++;
    this.#skipBlanks();
    if (!this.#accept("}")) {
      do {
        this.#skipBlanks();
        this.#keyValue(table);
        this.#skipBlanks();
      } while (this.#accept(","));
      this.#expect("}");
    }
    table.origin = "inline";
    return table;
  }

  // ---- strings

  #oneLineString(mark: '"' | "'"): string {
    let text = "";
    for (this.#at++; ; ) {
      const next = this.text[this.#at];
      if (next === undefined || next === "\n") this.#fail();
      if (next === mark) break;
      text += next === "\\" && mark === '"' ? this.#escape() : next;
      this.#at++;
    }
    this.#at++;
    return text;
  }

  /** Behind three marks; a line end right behind them does not count, and up to two more marks may stand before the last three. */
  #longString(mark: '"' | "'"): string {
    if (!this.#accept("\n")) this.#accept("\r\n");
    let text = "";
    while (!this.text.startsWith(mark.repeat(3), this.#at) || this.text[this.#at + 3] === mark) {
      const next = this.text[this.#at];
      if (next === undefined) this.#fail();
      if (next !== "\\" || mark === "'") text += next;
      else if (/[ \t\r\n]/.test(this.text[this.#at + 1] ?? "")) {
        this.#at++;
        while (/[ \t\r\n]/.test(this.text[this.#at] ?? "")) this.#at++;
        continue;
      } else text += this.#escape();
      this.#at++;
    }
    this.#at += 3;
    return text;
  }

  /** Leaves the position on the last character. */
  #escape(): string {
    const letter = this.text[++this.#at] ?? "", simple = ESCAPES[letter], width = { x: 2, u: 4, U: 8 }[letter];
    if (simple !== undefined) return simple;
    if (width === undefined) this.#fail();
    const digits = this.text.slice(this.#at + 1, this.#at + 1 + width), point = /^[0-9A-Fa-f]+$/.test(digits) && digits.length === width ? parseInt(digits, 16) : -1;
    if (point < 0 || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) this.#fail();
    this.#at += width;
    return String.fromCodePoint(point);
  }
}

/** Plain data of a table. */
function plainTable(table: Table): Plain {
  return { keys: [...table.entries].map(([key, entry]) => [key, entry instanceof Table ? plainTable(entry) : entry instanceof TableList ? entry.tables.map(plainTable) : entry.value]) };
}

/** The data of a TOML text, or the place where it is wrong. */
export function readToml(text: string): { readonly data: Plain } | { readonly line: number; readonly column: number } {
  const reader = new TomlReader(text);
  try {
    reader.read();
    return { data: plainTable(reader.root) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const { line, column } = linePosition(text, error.at);
    return { line, column: column + 1 };
  }
}
