// Expanding the head of a form until it is no macro call any more. syntax-rules are done here; a procedural macro is a
// procedure of the program, which nobody may call from here: its call is reported as pending, and the front end is run
// again when the expansion is known.

import { type Datum, type ListDatum, type SymbolDatum, listDatum, symbol } from "./datum.ts";
import { type Form, type Lowering, type Meaning, type Origin, PENDING } from "./lowering.ts";
import type { Scope } from "./scope.ts";
import { TOO_LARGE, expandRules, parseRules, type SyntaxRules } from "./syntax-rules.ts";

/** What a form is after its macros are gone, and the innermost macro call that it came of. */
export type Head = { readonly origin: Origin | null } & Expanded;
type Expanded =
  | { readonly kind: "form"; readonly name: string; readonly form: Form }
  | { readonly kind: "call"; readonly datum: ListDatum }
  /** No list, or none to be called. */
  | { readonly kind: "other"; readonly datum: Datum }
  /** Waits for an expansion. */
  | { readonly kind: "pending" };

export function expandHead(lw: Lowering, datum: Datum): Head {
  const { origin: outer, span } = lw, head = expandFully(lw, datum), { origin } = lw;
  lw.origin = outer;
  lw.span = span;
  return { ...head, origin };
}

/** The same; what is wrong on the way is reported with the macro calls until then, so they stay in lw.origin. */
function expandFully(lw: Lowering, datum: Datum): Expanded {
  for (let current = datum; ;) {
    if (current.kind !== "list") return { kind: "other", datum: current };
    const head = current.items[0]!;
    if (head.kind !== "symbol") return { kind: "call", datum: current };
    const meaning = lw.resolve(head);
    if (meaning.kind === "form") {
      const form = formOf(lw, current, head.name), derive = lw.rules.derived.get(meaning.name);
      if (derive === undefined) return { kind: "form", name: meaning.name, form };
      const derived = derive(lw, form);
      if (derived === PENDING) return { kind: "pending" };
      current = derived ?? { kind: "nil", span: current.span, source: current.source };
    } else {
      const expansion = expandCall(lw, current, meaning);
      if (expansion === undefined) return { kind: "call", datum: current };
      if (expansion === null) return { kind: "pending" };
      lw.enter(lw.originOf(current, lw.origin));
      current = expansion;
    }
  }
}

function formOf(lw: Lowering, list: ListDatum, name: string): Form {
  if (list.tail !== null) lw.fail("E602", list, name, "expected a proper list");
  return { name, list, args: list.items.slice(1), span: list.span, source: list.source };
}

/** The expansion of a macro call; undefined when it is none, null when it is not known yet. */
function expandCall(lw: Lowering, call: ListDatum, meaning: Meaning): Datum | null | undefined {
  const name = (call.items[0] as { name: string }).name;
  if (meaning.kind === "rules") return applyRules(lw, call, name, meaning.rules, meaning.scope);
  if (meaning.kind !== "macro" && meaning.kind !== "expander") return undefined;
  if (meaning.kind === "macro" && meaning.macro.kind === "rules") {
    const rules = globalRules(lw, name, meaning.macro.rules), { home = null } = meaning.macro;
    return applyRules(lw, call, name, rules, lw.rootOf(home));
  }
  lw.countExpansion(name, call);
  const key = lw.callKey(call, meaning.kind === "macro" ? meaning.name : name), known = lw.options.expansion(key);
  const args = new Disguise(lw, key), given = listDatum(call.items.slice(1).map(args.put), call, call.tail === null ? null : args.put(call.tail));
  if (known === null) return lw.fail("E607", call, `the expansion of macro '${name}' contains itself`);
  if (known !== undefined) return args.take(known);
  lw.pend(key, meaning.kind === "macro" ? meaning.name : meaning.expander, given, call);
  return null;
}

/**
 * Procedural macros see plain symbols. An identifier of a template that is bound here would mean something else without
 * its alias, so it goes there as a symbol of a name nobody writes, and comes back as what it was.
 */
class Disguise {
  readonly #symbols = new Map<string, SymbolDatum>();

  constructor(readonly lw: Lowering, readonly key: string) {}

  put = (datum: Datum): Datum => (isPlain(datum) ? datum : this.#map(datum, (symbol) => {
    if (symbol.alias === null || !["local", "rules", "expander", "accessor"].includes(this.lw.resolve(symbol).kind)) return symbol;
    const known = [...this.#symbols].find(([, each]) => each.alias === symbol.alias)?.[0];
    const name = known ?? `${symbol.name}~${this.#symbols.size}${this.key}`;
    this.#symbols.set(name, symbol);
    return { ...symbol, name, alias: null };
  }));

  take(datum: Datum): Datum {
    return this.#symbols.size === 0 ? datum : this.#map(datum, (symbol) => {
      const original = symbol.alias === null ? this.#symbols.get(symbol.name) : undefined;
      return original === undefined ? symbol : { ...symbol, name: original.name, alias: original.alias };
    });
  }

  /** The very same datum where nothing changes. */
  #map(datum: Datum, change: (symbol: SymbolDatum) => SymbolDatum): Datum {
    switch (datum.kind) {
      case "symbol": return change(datum);
      case "list": {
        const items = datum.items.map((item) => this.#map(item, change)), tail = datum.tail === null ? null : this.#map(datum.tail, change);
        return tail === datum.tail && items.every((item, i) => item === datum.items[i]) ? datum : { ...datum, items, tail, cell: 0 };
      }
      case "vector": case "map": {
        const items = datum.items.map((item) => this.#map(item, change));
        return items.every((item, i) => item === datum.items[i]) ? datum : { ...datum, items };
      }
      default: return datum;
    }
  }
}

/** Lists, vectors and maps without a symbol of a template. Each round of a long chain of expansions asks about the same ones. */
const plain = new WeakSet<Datum>();

function isPlain(datum: Datum): boolean {
  if (datum.kind === "symbol") return datum.alias === null;
  if ((datum.kind !== "list" && datum.kind !== "vector" && datum.kind !== "map") || plain.has(datum)) return true;
  if (!datum.items.every(isPlain) || (datum.kind === "list" && datum.tail !== null && !isPlain(datum.tail))) return false;
  plain.add(datum);
  return true;
}

function applyRules(lw: Lowering, call: ListDatum, name: string, rules: SyntaxRules, home: Scope): Datum {
  lw.countExpansion(name, call);
  try {
    const expansion = expandRules(rules, call, home, (used, literal) => sameMeaning(lw, used, lw.resolve(used), literal, home));
    return expansion ?? lw.fail("E605", call, name);
  } catch (signal) {
    if (signal !== TOO_LARGE) throw signal;
    return lw.fail("E604", call, name, "1000000 data");
  }
}

/** A literal of a macro fits what means the same there and here. */
function sameMeaning(lw: Lowering, used: { readonly name: string }, here: Meaning, literal: Parameters<Lowering["resolve"]>[0], home: Scope): boolean {
  const there = lw.inScope(home, () => lw.resolve(literal));
  if (isLocal(here) || isLocal(there)) return here === there;
  return used.name === literal.name;
}

const isLocal = ({ kind }: Meaning): boolean => kind === "local" || kind === "rules" || kind === "expander";

/** Global macros are kept as data; each form they are used in takes them apart once. */
const parsed = new WeakMap<Datum, SyntaxRules>();

function globalRules(lw: Lowering, name: string, form: Datum): SyntaxRules {
  const known = parsed.get(form);
  if (known !== undefined) return known;
  const rules = parseRules(form, symbol("..."));
  if (typeof rules === "string") return lw.fail("E602", form, name, rules);
  parsed.set(form, rules);
  return rules;
}

/** The transformer of define-syntax and its kin. */
export function transformer(lw: Lowering, form: Form, datum: Datum | undefined): SyntaxRules | null {
  if (datum === undefined) return null;
  const rules = parseRules(datum, symbol("..."));
  if (typeof rules !== "string") return rules;
  lw.report("E602", datum, [rules.startsWith("syntax-rules: ") ? "syntax-rules" : form.name, rules.replace(/^syntax-rules: /, "")]);
  return null;
}

/** Expands the outermost macro call once; the very same datum when it is none. */
export function expandOnce(lw: Lowering, datum: Datum): Datum | null {
  if (datum.kind !== "list" || datum.items[0]!.kind !== "symbol") return datum;
  const meaning = lw.resolve(datum.items[0]);
  if (meaning.kind !== "form") return expandCall(lw, datum, meaning) ?? (lw.pending.length > 0 ? null : datum);
  const derive = lw.rules.derived.get(meaning.name);
  const derived = derive === undefined ? datum : derive(lw, formOf(lw, datum, meaning.name));
  return derived === PENDING ? null : derived;
}

