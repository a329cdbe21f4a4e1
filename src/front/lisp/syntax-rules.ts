// syntax-rules: patterns and templates as data, and what an expansion makes of them. Hygiene is by renaming: every symbol a
// template brings along becomes an Alias made for this expansion, which means what it meant where the macro was defined
// unless the expansion itself binds it.

import { Alias, type Datum, type Key, type SymbolDatum, isSymbolNamed, keyOf, listDatum, properItems } from "./datum.ts";

export interface Rule { readonly pattern: Datum; readonly template: Datum }
export interface SyntaxRules { readonly ellipsis: SymbolDatum; readonly literals: readonly SymbolDatum[]; readonly rules: readonly Rule[] }

/** What one pattern variable matched: a datum, or for each round of an ellipsis again. */
type Match = { readonly datum: Datum } | { readonly rounds: readonly Matches[] };
type Matches = ReadonlyMap<Key, Match>;

/** Is the symbol of the use the literal of the macro? */
export type SameMeaning = (used: SymbolDatum, literal: SymbolDatum) => boolean;

/** Data one expansion may make; macros that double their argument get there soon. */
const MAX_SIZE = 1_000_000;
export const TOO_LARGE = Symbol("expansion too large");

/** A problem of the form `(syntax-rules …)`, as text. */
export function parseRules(form: Datum, ellipsis: SymbolDatum): SyntaxRules | string {
  const items = properItems(form);
  if (items === null || !isSymbolNamed(items[0], "syntax-rules")) return "transformer must be a (syntax-rules ...) form";
  const custom = items[1]?.kind === "symbol" ? items[1] : null;
  const rest = items.slice(custom === null ? 1 : 2), literals = rest[0] === undefined ? null : properItems(rest[0]);
  if (literals === null) return "syntax-rules: malformed — expected (syntax-rules (literals...) rules...)";
  if (!literals.every((literal): literal is SymbolDatum => literal.kind === "symbol")) return "syntax-rules: literals must be symbols";
  const rules: Rule[] = [];
  for (const rule of rest.slice(1)) {
    const [pattern, template, more] = properItems(rule) ?? [];
    if (pattern === undefined || template === undefined || more !== undefined) return "syntax-rules: each rule must be (pattern template)";
    if (pattern.kind !== "list") return "syntax-rules: pattern must be a list";
    const macro = { ellipsis: custom ?? ellipsis, literals, rules };
    if (severalEllipses(macro, pattern)) return "syntax-rules: a list of a pattern may have one ellipsis";
    if (hasIdleEllipsis(macro, template, ellipsisDepths(macro, pattern))) return "syntax-rules: ellipsis in template with no matching pattern variable";
    rules.push({ pattern, template });
  }
  return { ellipsis: custom ?? ellipsis, literals, rules };
}

/** Has a list in the pattern two ellipses? What each of them matches would be anybody's guess. */
function severalEllipses(macro: SyntaxRules, pattern: Datum): boolean {
  if (pattern.kind !== "list" && pattern.kind !== "vector") return false;
  const { items } = pattern;
  return items.filter((item) => isEllipsis(macro, item)).length > 1 || items.some((item) => severalEllipses(macro, item));
}

/** Under how many ellipses each variable of a pattern stands. */
function ellipsisDepths(macro: SyntaxRules, pattern: Datum, depth = 0, depths = new Map<Key, number>()): ReadonlyMap<Key, number> {
  for (const key of pattern.kind === "symbol" ? patternKeys(macro, pattern) : []) depths.set(key, depth);
  if (pattern.kind !== "list" && pattern.kind !== "vector") return depths;
  pattern.items.forEach((item, i) => { ellipsisDepths(macro, item, isEllipsis(macro, pattern.items[i + 1]) ? depth + 1 : depth, depths); });
  return pattern.kind === "list" && pattern.tail !== null ? ellipsisDepths(macro, pattern.tail, depth, depths) : depths;
}

/** Does a template repeat something that has nothing to repeat? */
function hasIdleEllipsis(macro: SyntaxRules, template: Datum, depths: ReadonlyMap<Key, number>): boolean {
  if (template.kind !== "list" && template.kind !== "vector" && template.kind !== "map") return false;
  const { items } = template, tail = template.kind === "list" ? template.tail : null;
  // (... ...) says what follows literally.
  if (isEllipsis(macro, items[0])) return false;
  return [...items, ...(tail === null ? [] : [tail])].some((item, i) => {
    let count = 0;
    while (template.kind !== "map" && isEllipsis(macro, items[i + 1 + count])) count++;
    return (count > 0 && !isEllipsis(macro, item) && !templateKeys(item).some((key) => (depths.get(key) ?? 0) >= count)) || hasIdleEllipsis(macro, item, depths);
  });
}

/** The expansion of a use, or null when no rule fits. Throws TOO_LARGE. */
export function expandRules(macro: SyntaxRules, use: Datum, home: object, same: SameMeaning): Datum | null {
  for (const { pattern, template } of macro.rules) {
    const matches = new Matcher(macro, same).use(pattern, use);
    if (matches !== null) return new Instance(macro, home, use).build(template, matches, true);
  }
  return null;
}

const isEllipsis = (macro: SyntaxRules, datum: Datum | undefined): boolean =>
  datum !== undefined && datum.kind === "symbol" && keyOf(datum) === keyOf(macro.ellipsis) && !macro.literals.some((literal) => keyOf(literal) === keyOf(datum));

/** Items and what follows them: `tail` is null for a proper list. */
interface Sequence { readonly items: readonly Datum[]; readonly tail: Datum | null }

function sequenceOf(datum: Datum): Sequence | null {
  if (datum.kind === "list") return datum;
  return datum.kind === "empty" ? { items: [], tail: null } : null;
}

class Matcher {
  readonly #found = new Map<Key, Match>();

  constructor(readonly macro: SyntaxRules, readonly same: SameMeaning) {}

  /** The first item of the pattern stands for the macro's name. */
  use(pattern: Datum, use: Datum): Matches | null {
    const wanted = sequenceOf(pattern)!, given = sequenceOf(use)!;
    const fits = this.#items({ items: wanted.items.slice(1), tail: wanted.tail }, { items: given.items.slice(1), tail: given.tail });
    return fits ? this.#found : null;
  }

  #match(pattern: Datum, datum: Datum): boolean {
    switch (pattern.kind) {
      case "symbol":
        if (this.macro.literals.some((literal) => keyOf(literal) === keyOf(pattern))) return datum.kind === "symbol" && this.same(datum, pattern);
        if (pattern.name !== "_") this.#found.set(keyOf(pattern), { datum });
        return true;
      case "list": {
        const given = sequenceOf(datum);
        if (given !== null) return this.#items(pattern, given);
        return pattern.tail !== null && this.#items(pattern, { items: [], tail: datum });
      }
      case "empty": return datum.kind === "empty";
      case "vector": return datum.kind === "vector" && this.#items({ items: pattern.items, tail: null }, { items: datum.items, tail: null });
      default: return equalData(pattern, datum);
    }
  }

  #items(pattern: Sequence, given: Sequence): boolean {
    const { items } = pattern, dots = items.findIndex((item) => isEllipsis(this.macro, item));
    if (dots <= 0) {
      if (given.items.length < items.length || !items.every((item, i) => this.#match(item, given.items[i]!))) return false;
      return this.#tail(pattern.tail, given, items.length);
    }
    const before = dots - 1, after = items.length - dots - 1, repeated = items[before]!;
    const count = given.items.length - before - after;
    if (count < 0 || !items.slice(0, before).every((item, i) => this.#match(item, given.items[i]!))) return false;
    const rounds: Matches[] = [];
    for (let i = 0; i < count; i++) {
      const round = new Matcher(this.macro, this.same);
      if (!round.#match(repeated, given.items[before + i]!)) return false;
      rounds.push(round.#found);
    }
    for (const key of patternKeys(this.macro, repeated)) this.#found.set(key, { rounds });
    if (!items.slice(dots + 1).every((item, i) => this.#match(item, given.items[before + count + i]!))) return false;
    return this.#tail(pattern.tail, given, given.items.length);
  }

  /** The rest of what is given, from an index on, against what follows the last item of the pattern. */
  #tail(pattern: Datum | null, { items, tail }: Sequence, from: number): boolean {
    if (pattern === null) return from === items.length && tail === null;
    return this.#match(pattern, listDatum(items.slice(from), items[from] ?? pattern, tail));
  }
}

/** Variables of a pattern. */
function patternKeys(macro: SyntaxRules, pattern: Datum): Key[] {
  switch (pattern.kind) {
    case "symbol": return pattern.name === "_" || isEllipsis(macro, pattern) || macro.literals.some((literal) => keyOf(literal) === keyOf(pattern)) ? [] : [keyOf(pattern)];
    case "list": return [...pattern.items, ...(pattern.tail === null ? [] : [pattern.tail])].flatMap((item) => patternKeys(macro, item));
    case "vector": return pattern.items.flatMap((item) => patternKeys(macro, item));
    default: return [];
  }
}

/** One expansion. */
class Instance {
  readonly #aliases = new Map<Key, Alias>();
  #size = 0;

  constructor(readonly macro: SyntaxRules, readonly home: object, readonly use: Datum) {}

  /** `dots`: ellipses mean something; not so inside of (... ...). */
  build(template: Datum, matches: Matches, dots: boolean): Datum {
    if (++this.#size > MAX_SIZE) throw TOO_LARGE;
    switch (template.kind) {
      case "symbol": {
        const match = matches.get(keyOf(template));
        if (match === undefined) return { ...template, ...this.#place(), alias: this.#alias(template) };
        // A variable of an ellipsis used without one: its first match stands for it.
        return "datum" in match ? match.datum : this.build(template, match.rounds[0] ?? new Map<Key, Match>(), dots);
      }
      case "list": {
        const { items, tail } = template;
        if (dots && items.length === 2 && tail === null && isEllipsis(this.macro, items[0])) return this.build(items[1]!, matches, false);
        return listDatum(this.#items(items, matches, dots), this.#place(), tail === null ? null : this.build(tail, matches, dots));
      }
      case "vector": return { ...template, ...this.#place(), items: this.#items(template.items, matches, dots) };
      case "map": return { ...template, ...this.#place(), items: template.items.map((item) => this.build(item, matches, dots)) };
      default: return template;
    }
  }

  /** What a template brings along stands where the macro was used. */
  #place(): { span: Datum["span"]; source: number } { return { span: this.use.span, source: this.use.source }; }

  #alias(symbol: SymbolDatum): Alias {
    const key = keyOf(symbol);
    let alias = this.#aliases.get(key);
    if (alias === undefined) this.#aliases.set(key, alias = new Alias(symbol.name, key, this.home));
    return alias;
  }

  #items(items: readonly Datum[], matches: Matches, dots: boolean): Datum[] {
    const built: Datum[] = [];
    for (let i = 0; i < items.length;) {
      const item = items[i++]!;
      let depth = 0;
      for (; dots && isEllipsis(this.macro, items[i]); i++) depth++;
      if (depth === 0) built.push(this.build(item, matches, dots));
      else for (const each of this.#repeat(item, matches, depth)) built.push(each);
    }
    return built;
  }

  /** The item once for each round of the variables in it; several ellipses flatten as many levels. */
  #repeat(item: Datum, matches: Matches, depth: number): Datum[] {
    if (depth === 0) return [this.build(item, matches, true)];
    const keys = templateKeys(item).filter((key) => { const match = matches.get(key); return match !== undefined && "rounds" in match; });
    const counts = keys.map((key) => (matches.get(key) as { rounds: readonly Matches[] }).rounds.length);
    const count = counts.length === 0 ? 0 : Math.max(...counts);
    const built: Datum[] = [];
    for (let i = 0; i < count; i++) {
      const inner = new Map(matches);
      for (const key of keys) {
        const round = (matches.get(key) as { rounds: readonly Matches[] }).rounds[i];
        if (round === undefined) continue;
        for (const [name, match] of round) if (keys.includes(name)) inner.set(name, match);
      }
      for (const each of this.#repeat(item, inner, depth - 1)) built.push(each);
      if (built.length > MAX_SIZE) throw TOO_LARGE;
    }
    return built;
  }
}

function templateKeys(template: Datum): Key[] {
  switch (template.kind) {
    case "symbol": return [keyOf(template)];
    case "list": return [...template.items, ...(template.tail === null ? [] : [template.tail])].flatMap(templateKeys);
    case "vector": case "map": return template.items.flatMap(templateKeys);
    default: return [];
  }
}

/** Constants in patterns. */
function equalData(a: Datum, b: Datum): boolean {
  if (a.kind === "number" && b.kind === "number") return JSON.stringify(a.value, plain) === JSON.stringify(b.value, plain);
  if ("value" in a && "value" in b) return a.kind === b.kind && a.value === b.value;
  if (a.kind === "keyword" && b.kind === "keyword") return a.name === b.name;
  return a.kind === b.kind && (a.kind === "nil" || a.kind === "empty");
}

const plain = (_: string, value: unknown): unknown => (typeof value === "bigint" ? `${value}n` : Object.is(value, -0) ? "-0" : value);
