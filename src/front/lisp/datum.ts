// Lisp data as the front end handles it: what the reader makes of text, what macros rewrite and what lowering consumes.
// Plain objects, immutable, no value of the running world except behind `heap`.
//
// An identifier is a symbol with a name and, when a syntax-rules template introduced it, an Alias: a fresh object for each
// expansion, so that it is different from a symbol the user wrote with the same name. Environments are keyed by
// `keyOf(symbol)`; quoting drops the alias.

import { NO_SPAN, type Span } from "../../text/source.ts";
import type { NumberDatum } from "../../text/lisp-number.ts";

/** Source of data that was read by the compilation at hand; others are indices given by whoever made the data. */
export const THIS_SOURCE = -1;

export interface Place { readonly span: Span; readonly source: number }
export const NOWHERE: Place = { span: NO_SPAN, source: THIS_SOURCE };

export type SymbolDatum = Place & { readonly kind: "symbol"; readonly name: string; readonly alias: Alias | null };
export type ListDatum = Place & {
  readonly kind: "list";
  /** At least one. */
  readonly items: readonly Datum[];
  /** What follows the last item of an improper list, else null. Never a list. */
  readonly tail: Datum | null;
  /** Address of the first pair when the list came out of the running world, else 0. Pairs do not move. */
  readonly cell: number;
};
export type VectorDatum = Place & { readonly kind: "vector"; readonly items: readonly Datum[] };
/** Keys and values in turn. */
export type MapDatum = Place & { readonly kind: "map"; readonly items: readonly Datum[] };
/** A value of the running world that has no text form, as its two words; alive as long as the form it was met in. */
export type HeapDatum = Place & { readonly kind: "heap"; readonly hi: number; readonly lo: number };
/** A datum label, `#0#`, inside of the datum it names. */
export type LabelDatum = Place & { readonly kind: "label"; readonly target: { datum: Datum | null } };

export type Datum =
  | SymbolDatum | ListDatum | VectorDatum | MapDatum | HeapDatum | LabelDatum
  | (Place & { readonly kind: "nil" | "empty" })
  | (Place & { readonly kind: "bool"; readonly value: boolean })
  | (Place & { readonly kind: "number"; readonly value: NumberDatum })
  | (Place & { readonly kind: "string"; readonly value: string })
  | (Place & { readonly kind: "char"; readonly value: number })
  | (Place & { readonly kind: "keyword"; readonly name: string })
  | (Place & { readonly kind: "bytes"; readonly value: readonly number[] });

/** What names are looked up by. */
export type Key = string | Alias;

/** Where a template's identifiers are looked up: the scope its macro was defined in. Scopes are of no concern here. */
export type HomeScope = object;

/** A renaming of an identifier: it means what `of` means in `scope`, unless something binds the alias itself. */
export class Alias {
  constructor(
    readonly name: string,
    readonly of: Key,
    readonly scope: HomeScope | null,
    /** Made by the front end's own macros: means the special form or library global, whatever the program defines. */
    readonly core: boolean = false,
  ) {}
}

export const keyOf = (symbol: SymbolDatum): Key => symbol.alias ?? symbol.name;

// ---- constructors; all take the place from another datum

const place = ({ span, source }: Place): Place => ({ span, source });
export const symbol = (name: string, at: Place = NOWHERE, alias: Alias | null = null): SymbolDatum => ({ kind: "symbol", name, alias, ...place(at) });
export const keywordDatum = (name: string, at: Place = NOWHERE): Datum => ({ kind: "keyword", name, ...place(at) });
export const nil = (at: Place = NOWHERE): Datum => ({ kind: "nil", ...place(at) });
export const integerDatum = (value: number | bigint, at: Place = NOWHERE): Datum => ({ kind: "number", value: { type: "int", value: BigInt(value) }, ...place(at) });

/** `tail` may be any datum: a list is spliced. */
export function listDatum(items: readonly Datum[], at: Place = NOWHERE, tail: Datum | null = null): Datum {
  if (tail !== null && (tail.kind === "list" || tail.kind === "empty")) {
    const more = tail.kind === "list" ? tail.items : [];
    return listDatum([...items, ...more], at, tail.kind === "list" ? tail.tail : null);
  }
  if (items.length === 0) return tail ?? { kind: "empty", ...place(at) };
  return { kind: "list", items, tail, cell: 0, ...place(at) };
}

/** An identifier that means the special form or library function of that name, whatever the program defines. */
export const core = (name: string, at: Place = NOWHERE): SymbolDatum => symbol(name, at, new Alias(name, name, null, true));
/** An identifier that nothing else can name. */
export const fresh = (name: string, at: Place = NOWHERE): SymbolDatum => symbol(name, at, new Alias(name, name, null));

// ---- questions

/** The items of a proper list, null for all else. */
export function properItems(datum: Datum): readonly Datum[] | null {
  if (datum.kind === "empty") return [];
  return datum.kind === "list" && datum.tail === null ? datum.items : null;
}

export const isSymbolNamed = (datum: Datum | undefined, name: string): datum is SymbolDatum => datum !== undefined && datum.kind === "symbol" && datum.name === name;

/** The word errors use for the type of a datum. */
export function typeWord(datum: Datum): string {
  switch (datum.kind) {
    case "empty": return "list";
    case "number": return datum.value.type;
    case "bytes": return "bytevector";
    case "heap": case "label": return "value";
    default: return datum.kind;
  }
}

/** Quoted data, for constants of the IR: it tells its own text. */
export class Quoted {
  constructor(readonly datum: Datum) {}
  toString(): string { return datumText(this.datum); }
}

// ---- text

const NAMED_CHARS: ReadonlyMap<number, string> = new Map([[32, "space"], [10, "newline"], [9, "tab"], [13, "return"], [0, "nul"]]);
const MAX_TEXT = 2000;

/** For messages, goldens and keys of constants: exact types, aliases dropped. Long data is cut. */
export const datumText = (datum: Datum): string => datumStart(datum, MAX_TEXT);

/** The same, cut after the part with which it comes to so many characters. */
export function datumStart(datum: Datum, most: number): string {
  const out: string[] = [], pending: (Datum | string)[] = [datum];
  for (let length = 0; pending.length > 0 && length < most;) {
    const next = pending.pop()!;
    const text = typeof next === "string" ? next : open(next, pending);
    out.push(text);
    length += text.length;
  }
  return pending.length > 0 ? `${out.join("")}…` : out.join("");
}

/** The text of an atom; of a list the opening bracket, with the rest left in `pending`. */
function open(datum: Datum, pending: (Datum | string)[]): string {
  const rest = (items: readonly Datum[], tail: Datum | null, close: string, opening: string): string => {
    pending.push(close);
    if (tail !== null) pending.push(tail, " . ");
    for (let i = items.length - 1; i >= 0; i--) pending.push(...(i > 0 ? [items[i]!, " "] : [items[i]!]));
    return opening;
  };
  switch (datum.kind) {
    case "list": return rest(datum.items, datum.tail, ")", "(");
    case "vector": return rest(datum.items, null, "]", "[");
    case "map": return rest(datum.items, null, "}", "{");
    default: return atomText(datum);
  }
}

function atomText(datum: Datum): string {
  switch (datum.kind) {
    case "nil": return "nil";
    case "empty": return "()";
    case "bool": return datum.value ? "#t" : "#f";
    case "number": return numberText(datum.value);
    case "string": return `"${datum.value.replace(/["\\]/g, "\\$&").replace(/\n/g, "\\n").replace(/\t/g, "\\t").replace(/\r/g, "\\r")}"`;
    case "char": return `#\\${NAMED_CHARS.get(datum.value) ?? String.fromCodePoint(datum.value)}`;
    case "keyword": return `:${datum.name}`;
    case "symbol": return datum.name;
    case "bytes": return `#u8(${datum.value.join(" ")})`;
    case "heap": return `#<value ${datum.hi}:${datum.lo}>`;
    default: return "#<label>";
  }
}

function numberText(value: NumberDatum): string {
  switch (value.type) {
    case "int": return String(value.value);
    case "rational": return `${value.numerator}/${value.denominator}`;
    case "float":
      if (Math.abs(value.value) === Infinity) return value.value > 0 ? "inf" : "-inf";
      return Number.isInteger(value.value) ? `${Object.is(value.value, -0) ? "-0" : value.value}.0` : String(value.value);
    case "complex": {
      const imaginary = numberText(value.imaginary);
      return `${numberText(value.real)}${/^[-+]/.test(imaginary) ? "" : "+"}${imaginary}i`;
    }
  }
}
