// Tokens to data. Lists nest by recursion, which the nesting limit bounds. After an error reading goes on where that
// makes sense; a text that ends inside of something, or closes what is not open, ends it.

import { diagnose, type Diagnostic } from "../../text/diagnostics.ts";
import type { MessageCode } from "../../text/messages.ts";
import type { Source } from "../../text/source.ts";
import { type Datum, type Place, THIS_SOURCE, datumText, listDatum, symbol, typeWord } from "./datum.ts";
import { Lexer, type Opening, type Token } from "./lexer.ts";
import { shortLambda } from "./short-lambda.ts";

export const MAX_NESTING = 1024;

export interface Reading {
  readonly forms: readonly Datum[];
  readonly diagnostics: readonly Diagnostic[];
  /** The text ended inside of a datum: more lines could complete it. */
  readonly incomplete: boolean;
  /** Where reading stopped. */
  readonly end: number;
}

/** Thrown to give up reading; a diagnostic says why. */
const STOP = Symbol("stop");
const CLOSING: { readonly [open in Opening]: string } = { "(": ")", "[": "]", "{": "}", "#(": ")", "#u8(": ")" };
const KIND: { readonly [open in Opening]: string } = { "(": "list", "[": "vector", "{": "map", "#(": "list", "#u8(": "bytevector" };

/** Called before memory is taken, with about how many bytes: see vm/workspace.ts. */
export type Spend = (bytes: number) => void;
/** A datum and its place in its list. */
const DATUM_BYTES = 160;

/** All forms of a text; `folded`: letter case in names does not count. */
export function readAll(source: Source, spend: Spend = () => {}, folded = false): Reading {
  return new Reader(source, THIS_SOURCE, spend, folded).read(Infinity, 0);
}

/** The first datum from an offset on, if there is one. */
export function readFirst(source: Source, from = 0, spend: Spend = () => {}): Reading {
  return new Reader(source, THIS_SOURCE, spend).read(1, from);
}

class Reader {
  readonly #diagnostics: Diagnostic[] = [];
  #labels = new Map<number, { datum: Datum | null }>();
  #lexer: Lexer;
  #depth = 0;
  #incomplete = false;

  constructor(readonly source: Source, readonly sourceId: number, readonly spend: Spend, folded = false) {
    this.#lexer = new Lexer(source.text, 0, source.text.length, sourceId, this.#report, folded);
  }

  #report = (code: MessageCode, start: number, end: number, ...args: string[]): void => {
    this.#diagnostics.push(diagnose(this.source, code, { start, end }, args, HINTS[code] ?? null));
    if (code === "E502" || code === "E521" || code === "E527" || code === "E528") this.#incomplete = true;
  };

  read(most: number, from: number): Reading {
    const forms: Datum[] = [];
    if (from > 0) this.#lexer.at = from;
    try {
      while (forms.length < most) {
        const token = this.#lexer.next();
        if (token.kind === "end") break;
        this.#labels = new Map();
        const datum = this.#datum(token);
        if (datum !== null) forms.push(datum);
      }
    } catch (signal) {
      if (signal !== STOP) throw signal;
    }
    return { forms, diagnostics: this.#diagnostics, incomplete: this.#incomplete, end: this.#lexer.at };
  }

  #fail(code: MessageCode, start: number, end: number, ...args: string[]): never {
    this.#report(code, start, end, ...args);
    throw STOP;
  }

  #place(start: number): Place {
    return { span: { start, end: this.#lexer.at }, source: this.sourceId };
  }

  /** The datum that begins with the token; null when that is a comment. */
  #datum(token: Token): Datum | null {
    this.spend(DATUM_BYTES + 2 * (token.end - token.start));
    switch (token.kind) {
      case "atom": return token.datum;
      case "open": return this.#nested(token, () => this.#sequence(token.start, token.text));
      case "prefix": return this.#nested(token, () => this.#quoted(token.start, token.end, token.name, token.text));
      case "format": return this.#nested(token, () => this.#format(token));
      case "label": return this.#nested(token, () => this.#label(token));
      case "skip":
        this.#nested(token, () => this.#required(token.start, token.end, "datum comment (#;)"));
        return null;
      case "close": this.#report("E511", token.start, token.end, token.text); throw STOP;
      case "dot": this.#report("E516", token.start, token.end); return null;
      case "end":
        this.#incomplete = true;
        return this.#fail("E512", token.start, token.end);
    }
  }

  #nested<T>({ start, end }: Token, read: () => T): T {
    if (++this.#depth > MAX_NESTING) this.#fail("E520", start, end, String(MAX_NESTING));
    const result = read();
    this.#depth--;
    return result;
  }

  /** The datum after a prefix: there has to be one. */
  #required(start: number, end: number, what: string): Datum {
    for (;;) {
      const token = this.#lexer.next();
      if (token.kind === "end") this.#incomplete = true;
      if (token.kind === "end" || token.kind === "close") return this.#fail("E514", start, end, what);
      const datum = this.#datum(token);
      if (datum !== null) return datum;
    }
  }

  #quoted(start: number, end: number, name: string, text: string): Datum {
    const datum = this.#required(start, end, `${name} (${text})`);
    return listDatum([symbol(name, { span: { start, end }, source: this.sourceId }), datum], this.#place(start));
  }

  #sequence(start: number, opening: Opening): Datum {
    const items: Datum[] = [];
    let tail: Datum | null = null, labelled = false;
    for (;;) {
      const token = this.#lexer.next();
      if (token.kind === "end") {
        this.#incomplete = true;
        return this.#fail("E509", start, start + opening.length, KIND[opening]);
      }
      if (token.kind === "close") {
        if (token.text !== CLOSING[opening]) this.#fail("E510", token.start, token.end, CLOSING[opening], opening, token.text);
        return this.#finish(start, opening, items, tail, labelled);
      }
      if (token.kind === "dot" && opening === "(" && tail === null) [tail, labelled] = this.#tail(token);
      else {
        const datum = this.#datum(token);
        if (datum !== null && tail === null) items.push(datum);
        else if (datum !== null) this.#report("E517", token.start, token.end, ")", typeWord(datum));
      }
    }
  }

  /** What follows the dot of a list, and whether it has a label. */
  #tail({ start, end }: Token): [Datum, boolean] {
    for (;;) {
      const token = this.#lexer.next();
      if (token.kind === "close" || token.kind === "end") return this.#fail("E516", start, end);
      const datum = this.#datum(token);
      if (datum !== null) return [datum, token.kind === "label"];
    }
  }

  #finish(start: number, opening: Opening, items: Datum[], tail: Datum | null, labelled: boolean): Datum {
    const at = this.#place(start);
    switch (opening) {
      // A tail with a label is a list of its own, which others mean as well; any other is the rest of this list.
      case "(": if (labelled && items.length > 0) return { kind: "list", items, tail, cell: 0, ...at };
        return listDatum(items, at, tail);
      case "[": return { kind: "vector", items, ...at };
      case "#(": return shortLambda(items, at);
      case "{": return this.#map(items, at);
      case "#u8(": return { kind: "bytes", value: items.map((item) => this.#byte(item)), ...at };
    }
  }

  /** Of equal keys the last one wins, in the place of the first. */
  #map(items: Datum[], at: Place): Datum {
    if (items.length % 2 !== 0) this.#report("E515", at.span.start, at.span.end);
    const entries = new Map<string, readonly [Datum, Datum]>();
    for (let i = 0; i + 1 < items.length; i += 2) entries.set(datumText(items[i]!), [items[i]!, items[i + 1]!]);
    return { kind: "map", items: [...entries.values()].flat(), ...at };
  }

  #byte(item: Datum): number {
    const { start, end } = item.span;
    if (item.kind !== "number" || item.value.type !== "int") this.#report("E519", start, end, typeWord(item));
    else if (item.value.value < 0n || item.value.value > 255n) this.#report("E518", start, end, String(item.value.value));
    else return Number(item.value.value);
    return 0;
  }

  #format(token: Extract<Token, { readonly kind: "format" }>): Datum {
    const at: Place = { span: { start: token.start, end: token.end }, source: this.sourceId };
    const parts = token.parts.map((part): Datum => ("text" in part ? { kind: "string", value: part.text, ...at } : this.#interpolation(part.start, part.end)));
    return listDatum([symbol("%format", at), ...parts], at);
  }

  #interpolation(start: number, end: number): Datum {
    const outer = this.#lexer, inside: Datum[] = [];
    this.#lexer = new Lexer(outer.text, start, end, this.sourceId, this.#report, outer.folded);
    for (let token = this.#lexer.next(); token.kind !== "end"; token = this.#lexer.next()) {
      const datum = this.#datum(token);
      if (datum !== null) inside.push(datum);
    }
    this.#lexer = outer;
    if (inside.length !== 1) this.#report(inside.length === 0 ? "E523" : "E524", start, end);
    return inside[0] ?? { kind: "nil", span: { start, end }, source: this.sourceId };
  }

  #label({ label, defines, start, end }: Extract<Token, { readonly kind: "label" }>): Datum {
    const known = this.#labels.get(label);
    if (!defines) {
      if (known === undefined) this.#report("E529", start, end, String(label));
      return known?.datum ?? { kind: "label", target: known ?? { datum: null }, ...this.#place(start) };
    }
    if (known !== undefined) this.#report("E530", start, end, String(label));
    const target: { datum: Datum | null } = { datum: null };
    this.#labels.set(label, target);
    target.datum = this.#required(start, end, "datum label");
    if (target.datum.kind === "label") this.#report("E529", start, end, String(label));
    return target.datum;
  }
}

const HINTS: { readonly [code in MessageCode]?: string } = { E511: "no matching opening parenthesis" };

