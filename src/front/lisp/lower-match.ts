// match and match*: clauses become the arms of a Match node, whose decision tree tests each part of the value once for all
// clauses. A last arm fits everything and raises, or gives nil.

import * as b from "../../ir/builder.ts";
import { buildMatch, type PatternArm } from "../../ir/match.ts";
import type { Literal, Node } from "../../ir/nodes.ts";
import type { Pattern } from "../../ir/pattern.ts";
import type { PrimitiveName } from "../../ir/primitives.ts";
import { eachChild } from "../../ir/walk.ts";
import { type Datum, type Key, type MapDatum, type SymbolDatum, datumText, isSymbolNamed, keyOf } from "./datum.ts";
import { mapParts, splitRest } from "./destructure.ts";
import { checkCount } from "./forms.ts";
import { literalOf } from "./lower-expressions.ts";
import type { Form, Lowering } from "./lowering.ts";
import type { Scope } from "./scope.ts";

interface Clause { readonly at: Datum; readonly pattern: Datum; readonly guard: Datum | null; readonly body: readonly Datum[] }

/** `strict`: no fitting clause is an error. */
export function lowerMatch(lw: Lowering, form: Form, strict: boolean): Node | null {
  if (!checkCount(lw, form, 2, -1)) return null;
  const clauses = form.args.slice(1).map((clause) => parseClause(lw, form, clause));
  if (!clauses.every((clause) => clause !== null)) return null;
  const value = lw.expression(form.args[0]!), literals = new Literals();
  const arms = [...clauses.map((clause) => lowerClause(lw, clause, literals)), lastArm(lw, form, strict)];
  return buildMatch(value, arms, lw.at(form));
}

function parseClause(lw: Lowering, form: Form, clause: Datum): Clause | null {
  if (clause.kind === "empty" || (clause.kind === "vector" && clause.items.length === 0)) return lw.malformed(form, "clause must not be empty");
  if ((clause.kind !== "list" && clause.kind !== "vector") || (clause.kind === "list" && clause.tail !== null)) {
    return lw.malformed(form, "each clause must be a list or vector", 'e.g. (match x (1 "one") (_ "other"))');
  }
  const [pattern, ...rest] = clause.items as [Datum, ...Datum[]], guarded = rest.length >= 2 && lw.isWord(rest[0], "when");
  return { at: clause, pattern, guard: guarded ? rest[1]! : null, body: guarded ? rest.slice(2) : rest };
}

function lowerClause(lw: Lowering, { at, pattern, guard, body }: Clause, literals: Literals): PatternArm {
  return lw.nested(at, () => lw.inNewScope((scope) => {
    const lowered = new ClausePattern(lw, scope, literals, pattern).lower(pattern);
    const test = guard === null ? null : lw.test(guard);
    return { pattern: lowered, guard: test, changes: test !== null && !keepsValues(test), body: body.length === 0 ? lw.nothing(at) : lw.body(body, at) };
  }));
}

function lastArm(lw: Lowering, form: Form, strict: boolean): PatternArm {
  const subject = b.variable("subject"), span = lw.at(form);
  if (!strict) return { pattern: { pattern: "any" }, guard: null, body: lw.nothing(form) };
  return { pattern: { pattern: "bind", variable: subject }, guard: null, body: lw.native("%match-failed", [b.local(subject, span)], form) };
}

const KEEPING: ReadonlySet<Node["kind"]> = new Set(["Const", "Local", "Global", "SetLocal", "Let", "Scope", "Block", "If", "Logic", "Unary", "Binary", "Primitive", "Match"]);
const WRITING: ReadonlySet<PrimitiveName> = new Set(["VectorSet", "SetCar", "SetCdr"]);

/**
 * Can the node not change what values hold? A call could do anything. That a program redefines a primitive, or handles the
 * error of one or of an unbound global, to change the value in the middle of its match does not count: parts that were
 * fetched before may be what they were then. Fetching them again after every guard would double such matches.
 */
function keepsValues(node: Node): boolean {
  if (!KEEPING.has(node.kind) || (node.kind === "Primitive" && WRITING.has(node.op))) return false;
  if (node.kind === "Global") return true;
  let keeps = true;
  eachChild(node, (child) => { keeps &&= keepsValues(child); });
  return keeps;
}

/** Constants of a match, one object for equal data: the decision tree tells quoted data apart by identity. */
class Literals {
  readonly #known = new Map<string, Literal>();

  /** `distinct`: the text tells whether two of them are equal. */
  of(datum: Datum): { readonly value: Literal; readonly distinct: boolean } {
    const atom = datum.kind === "string" || datum.kind === "number" || datum.kind === "keyword" || datum.kind === "symbol";
    const text = `${datum.kind} ${atom ? datumText(datum) : ""}`, exact = atom && !text.endsWith("…");
    let value = exact ? this.#known.get(text) : undefined;
    if (value === undefined) value = literalOf(datum);
    if (exact) this.#known.set(text, value);
    return { value, distinct: exact };
  }
}

class ClausePattern {
  /** Symbols that bind: of several with one name the last. */
  readonly #binding: ReadonlyMap<Key, SymbolDatum>;

  constructor(readonly lw: Lowering, readonly scope: Scope, readonly literals: Literals, pattern: Datum) {
    this.#binding = new Map(this.#names(pattern).map((name) => [keyOf(name), name]));
  }

  #names(pattern: Datum): SymbolDatum[] {
    switch (pattern.kind) {
      case "symbol": return pattern.name === "_" ? [] : [pattern];
      case "vector": {
        const { items, rest } = splitRest(this.lw, pattern);
        return [...items, ...(rest === null ? [] : [rest])].flatMap((item) => this.#names(item));
      }
      case "map": return mapParts(this.lw, pattern).flatMap(({ inner }) => this.#names(inner));
      default: return [];
    }
  }

  lower(pattern: Datum): Pattern {
    switch (pattern.kind) {
      case "symbol":
        if (this.#binding.get(keyOf(pattern)) !== pattern) return { pattern: "any" };
        return { pattern: "bind", variable: this.scope.parameter(pattern).variable };
      case "vector": {
        const { items, rest } = splitRest(this.lw, pattern);
        return { pattern: "sequence", elements: items.map((item) => this.lower(item)), rest: rest === null ? null : this.lower(rest) };
      }
      case "map": return this.#map(pattern);
      case "list": return this.#constant(pattern.items.length === 2 && isSymbolNamed(pattern.items[0], "quote") ? pattern.items[1]! : pattern);
      default: return this.#constant(pattern);
    }
  }

  /** Data of which there is one of each kind, or that has one form only, is the same when it is equal. */
  #constant(datum: Datum): Pattern {
    const { value, distinct } = this.literals.of(datum);
    switch (datum.kind) {
      case "nil": case "empty": case "bool": case "char": case "symbol": case "keyword": return { pattern: "literal", value };
      case "number":
        if (value.type === "int" && BigInt.asIntN(32, value.value) === value.value) return { pattern: "literal", value };
        return { pattern: "structural", value, distinct };
      default: return { pattern: "structural", value, distinct };
    }
  }

  #map(pattern: MapDatum): Pattern {
    const entries = mapParts(this.lw, pattern).map(({ key, inner, optional }) => ({ key: this.literals.of(key).value, inner: this.lower(inner), required: !optional }));
    return { pattern: "map", entries };
  }
}
