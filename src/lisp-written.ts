// Quoted data of compiled programs in written form: a list of nodes, each an array that begins with its kind. Lists, vectors and
// maps refer to their items by place in the list, so that what is shared stays shared and data may be as deep as it likes.
//
// What is read may come from somebody who means harm: it is refused unless `write` can have made it, or the world can hold it.

import { type Datum, type ListDatum, NOWHERE, Quoted, THIS_SOURCE } from "./front/lisp/datum.ts";
import { damaged, ProgramError } from "./program/errors.ts";
import type { DataCodec } from "./program/program.ts";
import type { NumberDatum, RealDatum } from "./text/lisp-number.ts";
import type { Span } from "./text/source.ts";

type Place = { readonly span: Span; readonly source: number };
type Written = readonly unknown[];

export const LISP_DATA: DataCodec = {
  write: (datum, own) => new Writing(own).write(datum instanceof Quoted ? datum.datum : datum as Datum),
  read: (written) => new Quoted(new Reading(list(written)).read()).datum,
};

class Writing {
  readonly #nodes: Datum[] = [];
  readonly #places = new Map<Datum, number>();

  /** `own`: the source whose positions are kept. */
  constructor(readonly own: number) {}

  write(root: Datum): Written {
    this.#place(root);
    const written: Written[] = [];
    // Writing a node may add its items at the end.
    for (let i = 0; i < this.#nodes.length; i++) written.push(this.#node(this.#nodes[i]!));
    return written;
  }

  #place(datum: Datum | null): number {
    if (datum === null) throw new ProgramError("constant", "a label in quoted data of the program names nothing");
    let at = this.#places.get(datum);
    if (at === undefined) this.#places.set(datum, at = this.#nodes.push(datum) - 1);
    return at;
  }

  #node(datum: Datum): Written {
    const { span, source } = datum, place = (source === this.own || source === THIS_SOURCE) && span.end > span.start ? [span.start, span.end] : [];
    switch (datum.kind) {
      case "nil": case "empty": return [datum.kind, null, ...place];
      case "bool": case "string": case "char": return [datum.kind, datum.value, ...place];
      case "bytes": return ["bytes", [...datum.value], ...place];
      case "symbol": case "keyword": return [datum.kind, datum.name, ...place];
      case "number": return ["number", writtenNumber(datum.value), ...place];
      case "list": return ["list", [...datum.items, ...(datum.tail === null ? [] : [datum.tail])].map((item) => this.#place(item)), ...(place.length === 0 ? [-1, -1] : place), datum.tail === null ? 0 : 1];
      case "vector": case "map": return [datum.kind, datum.items.map((item) => this.#place(item)), ...place];
      case "label": return ["label", this.#place(datum.target.datum), ...place];
      case "heap": throw new ProgramError("constant", "quoted data of the program has no written form: it contains itself, or a macro put a procedure or a hash map there; let it expand to code that makes the value");
    }
  }
}

function writtenNumber(value: NumberDatum): unknown {
  switch (value.type) {
    case "int": return String(value.value);
    case "float": return [Object.is(value.value, -0) ? "-0" : String(value.value)];
    case "rational": return [String(value.numerator), String(value.denominator)];
    case "complex": return [writtenNumber(value.real), writtenNumber(value.imaginary), "i"];
  }
}

const refuse = (): never => damaged("quoted data that is none");
const list = (value: unknown): Written => (Array.isArray(value) ? value : refuse());
const text = (value: unknown): string => (typeof value === "string" ? value : refuse());
const natural = (value: unknown, most: number): number => (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most ? value : refuse());
const MOST_DIGITS = 20_000, MOST_OFFSET = 0x7fff_ffff;

class Reading {
  readonly #made: (Datum | undefined)[];
  readonly #open: (() => void)[] = [];

  constructor(readonly nodes: Written) { this.#made = new Array<Datum | undefined>(nodes.length); }

  /** Nodes first, without their items, so that they may refer to each other in any order; then the items. */
  read(): Datum {
    if (this.nodes.length === 0) refuse();
    this.nodes.forEach((node, i) => { this.#made[i] = this.#node(list(node)); });
    for (const fill of this.#open) fill();
    return this.#made[0]!;
  }

  #item(at: unknown): Datum { return this.#made[natural(at, this.nodes.length - 1)]!; }

  #node([kind, value, start, end, improper]: Written): Datum {
    const place: Place = start === undefined || start === -1 ? NOWHERE : { span: { start: natural(start, MOST_OFFSET), end: natural(end, MOST_OFFSET) }, source: THIS_SOURCE };
    switch (kind) {
      case "nil": case "empty": return { kind, ...place };
      case "bool": return { kind, value: typeof value === "boolean" ? value : refuse(), ...place };
      case "string": return { kind, value: text(value), ...place };
      case "char": return { kind, value: natural(value, 0x10ffff), ...place };
      case "bytes": return { kind, value: list(value).map((byte) => natural(byte, 255)), ...place };
      case "symbol": return { kind, name: text(value), alias: null, ...place };
      case "keyword": return { kind, name: text(value), ...place };
      case "number": return { kind, value: readNumber(value), ...place };
      case "list": return this.#list(list(value), improper === 1, place);
      case "vector": case "map": return this.#items(kind, list(value), place);
      case "label": {
        const target: { datum: Datum | null } = { datum: null };
        this.#open.push(() => { target.datum = this.#compound(value); });
        return { kind, target, ...place };
      }
      default: return refuse();
    }
  }

  /** Labels name what has parts: a label of a label would never end. */
  #compound(at: unknown): Datum {
    const datum = this.#item(at);
    return datum.kind === "list" || datum.kind === "vector" || datum.kind === "map" ? datum : refuse();
  }

  #list(places: Written, improper: boolean, place: Place): Datum {
    const items: Datum[] = [], made: { -readonly [F in keyof ListDatum]: ListDatum[F] } = { kind: "list", items, tail: null, cell: 0, ...place };
    if (places.length < (improper ? 2 : 1)) refuse();
    this.#open.push(() => {
      items.push(...places.slice(0, improper ? -1 : undefined).map((at) => this.#item(at)));
      if (!improper) return;
      made.tail = this.#item(places.at(-1));
      if (made.tail.kind === "list" || made.tail.kind === "empty") refuse();
    });
    return made;
  }

  #items(kind: "vector" | "map", places: Written, place: Place): Datum {
    const items: Datum[] = [];
    if (kind === "map" && places.length % 2 !== 0) refuse();
    this.#open.push(() => void items.push(...places.map((at) => this.#item(at))));
    return { kind, items, ...place };
  }
}

function readNumber(written: unknown): NumberDatum {
  if (!Array.isArray(written) || written.length !== 3) return readReal(written);
  const [real, imaginary, unit] = written as Written;
  return unit === "i" ? { type: "complex", real: readReal(real), imaginary: readReal(imaginary) } : refuse();
}

function readReal(written: unknown): RealDatum {
  if (typeof written === "string") return { type: "int", value: integer(written) };
  const [first, second, ...more] = list(written);
  if (more.length > 0) refuse();
  if (second === undefined) return { type: "float", value: readFloat(text(first)) };
  const numerator = integer(first), denominator = integer(second);
  return denominator > 1n && greatestDivisor(numerator, denominator) === 1n ? { type: "rational", numerator, denominator } : refuse();
}

const readFloat = (written: string): number => (/^-?(?:\d+(?:\.\d+)?(?:e[-+]\d+)?|Infinity)$|^NaN$/.test(written) ? Number(written) : refuse());
const integer = (written: unknown): bigint => (/^-?\d+$/.test(text(written)) && (written as string).length <= MOST_DIGITS ? BigInt(written as string) : refuse());

function greatestDivisor(a: bigint, b: bigint): bigint {
  let x = a < 0n ? -a : a;
  for (let y = b; y !== 0n;) [x, y] = [y, x % y];
  return x;
}
