// match and match*: clauses tried in order. Parts of the value are fetched when a test first needs them.

import * as b from "../../ir/builder.ts";

import type { Label, Node, Variable } from "../../ir/nodes.ts";
import { type Datum, type Key, type SymbolDatum, type VectorDatum, isSymbolNamed, keyOf } from "./datum.ts";
import { mapParts, splitRest } from "./destructure.ts";
import { checkCount } from "./forms.ts";
import { equalsConstant, holding } from "./lower-control.ts";
import { literalOf } from "./lower-expressions.ts";
import type { Form, Lowering } from "./lowering.ts";
import type { Scope } from "./scope.ts";

interface Clause { readonly at: Datum; readonly pattern: Datum; readonly guard: Datum | null; readonly body: readonly Datum[] }

/** `strict`: no fitting clause is an error. */
export function lowerMatch(lw: Lowering, form: Form, strict: boolean): Node | null {
  if (!checkCount(lw, form, 2, -1)) return null;
  const clauses = form.args.slice(1).map((clause) => parseClause(lw, form, clause));
  if (!clauses.every((clause) => clause !== null)) return null;
  const span = lw.at(form), value = lw.expression(form.args[0]!);
  return holding(lw, "subject", value, form, (subject) => {
    const done = b.label("matched"), nodes = groups(lw, clauses).map((group) => lowerGroup(lw, group, subject, done));
    nodes.push(strict ? lw.native("%match-failed", [b.local(subject, span)], form) : lw.nothing(form));
    return b.labelled(done, b.block(nodes, span), span);
  });
}

function parseClause(lw: Lowering, form: Form, clause: Datum): Clause | null {
  if (clause.kind === "empty" || (clause.kind === "vector" && clause.items.length === 0)) return lw.malformed(form, "clause must not be empty");
  if ((clause.kind !== "list" && clause.kind !== "vector") || (clause.kind === "list" && clause.tail !== null)) {
    return lw.malformed(form, "each clause must be a list or vector", 'e.g. (match x (1 "one") (_ "other"))');
  }
  const [pattern, ...rest] = clause.items as [Datum, ...Datum[]], guarded = rest.length >= 2 && lw.isWord(rest[0], "when");
  return { at: clause, pattern, guard: guarded ? rest[1]! : null, body: guarded ? rest.slice(2) : rest };
}

/** Neighbours whose patterns are vectors of one shape go together: the shape is tested and the parts are fetched once. */
function groups(lw: Lowering, clauses: readonly Clause[]): Clause[][] {
  const found: Clause[][] = [];
  let last = "";
  for (const clause of clauses) {
    const shape = clause.pattern.kind === "vector" ? shapeOf(lw, clause.pattern) : "";
    if (shape !== "" && shape === last) found.at(-1)!.push(clause);
    else found.push([clause]);
    last = shape;
  }
  return found;
}

function shapeOf(lw: Lowering, pattern: VectorDatum): string {
  const { items, rest } = splitRest(lw, pattern);
  return `${items.length}${rest === null ? "" : "+"}`;
}

function lowerGroup(lw: Lowering, group: readonly Clause[], subject: Variable, done: Label): Node {
  const [first] = group as [Clause], { pattern } = first, value = (): Node => b.local(subject, lw.at(pattern));
  if (group.length === 1 || pattern.kind !== "vector") return lowerClause(lw, first, done, (match) => match.steps(pattern, value));
  return lw.inNewScope((scope) => {
    const span = lw.at(first.at), { items, rest } = splitRest(lw, pattern), match = new ClauseMatch(lw, scope);
    const parts = items.map((item, i) => match.hold("item", match.element(value(), i, item)));
    if (rest !== null) parts.push(match.hold("rest", match.rest(value(), items.length, rest)));
    const inner = group.map((clause) => lowerClause(lw, clause, done, (each) => {
      const own = splitRest(lw, clause.pattern as VectorDatum), all = own.rest === null ? own.items : [...own.items, own.rest];
      return all.flatMap((item, i) => each.steps(item, parts[i]!.value));
    }));
    const body = b.block([...parts.map(({ step }) => step.run), ...inner], span);
    return b.scope(scope.variables, b.ifNode(match.shape(pattern, value()), body, lw.nothing(first.at), span), span);
  });
}

/** The clause: when it fits, its value leaves the whole match. */
function lowerClause(lw: Lowering, { at, guard, body }: Clause, done: Label, test: (match: ClauseMatch) => Step[]): Node {
  return lw.nested(at, () => lw.inNewScope((scope) => {
    const span = lw.at(at), match = new ClauseMatch(lw, scope), steps = [...test(match), ...match.bindings()];
    const leave = (): Node => b.breakNode(done, body.length === 0 ? lw.nothing(at) : lw.body(body, at), span);
    const node = chain(steps, () => (guard === null ? leave() : b.ifNode(lw.test(guard), leave(), lw.nothing(at), span)), lw, at);
    return b.scope(scope.variables, node, span);
  }));
}

/** A test that has to hold, or something to be done before the next test. */
type Step = { readonly test: Node } | { readonly run: Node };

function chain(steps: readonly Step[], end: () => Node, lw: Lowering, at: Datum): Node {
  const span = lw.at(at);
  let node = end(), before: Node[] = [];
  for (const step of [...steps].reverse()) {
    if ("run" in step) before.unshift(step.run);
    else {
      node = b.ifNode(step.test, before.length === 0 ? node : b.block([...before, node], span), lw.nothing(at), span);
      before = [];
    }
  }
  return before.length === 0 ? node : b.block([...before, node], span);
}

class ClauseMatch {
  /** The last pattern with a name gives its value. */
  readonly #names = new Map<Key, { readonly name: SymbolDatum; readonly value: () => Node }>();

  constructor(readonly lw: Lowering, readonly scope: Scope) {}

  bindings(): Step[] {
    return Array.from(this.#names.values(), ({ name, value }): Step => ({ run: b.letNode(this.scope.declare(name, true).variable, value(), this.lw.at(name)) }));
  }

  steps(pattern: Datum, value: () => Node): Step[] {
    const { lw } = this;
    switch (pattern.kind) {
      case "symbol":
        if (pattern.name !== "_") this.#names.set(keyOf(pattern), { name: pattern, value });
        return [];
      case "vector": return this.#vector(pattern, value);
      case "map": return this.#map(pattern, value);
      case "list": {
        const quoted = pattern.items.length === 2 && isSymbolNamed(pattern.items[0], "quote") ? pattern.items[1]! : pattern;
        return [{ test: equalsConstant(lw, value(), quoted, "%match-equal?") }];
      }
      default: return [{ test: equalsConstant(lw, value(), pattern, "%match-equal?") }];
    }
  }

  /** Holds a part in a variable, so that it is fetched once. */
  hold(name: string, node: Node): { readonly step: { readonly run: Node }; readonly value: () => Node } {
    const variable = this.scope.temporary(name);
    return { step: { run: b.letNode(variable, node, node.span) }, value: () => b.local(variable, node.span) };
  }

  #index(i: number, at: Datum): Node { return b.integer(BigInt(i), this.lw.at(at)); }
  element(value: Node, i: number, at: Datum): Node { return this.lw.native("%match-element", [value, this.#index(i, at)], at); }
  rest(value: Node, from: number, at: Datum): Node { return this.lw.native("%match-rest", [value, this.#index(from, at)], at); }

  /** Is it a list or vector of as many elements as the pattern has? */
  shape(pattern: VectorDatum, value: Node): Node {
    const { items, rest } = splitRest(this.lw, pattern);
    return this.lw.native(rest === null ? "%match-exactly?" : "%match-at-least?", [value, this.#index(items.length, pattern)], pattern);
  }

  #vector(pattern: VectorDatum, value: () => Node): Step[] {
    const { items, rest } = splitRest(this.lw, pattern), steps: Step[] = [{ test: this.shape(pattern, value()) }];
    items.forEach((item, i) => { for (const step of this.#part(item, "item", this.element(value(), i, item))) steps.push(step); });
    if (rest !== null) steps.push(...this.#part(rest, "rest", this.rest(value(), items.length, rest)));
    return steps;
  }

  #part(pattern: Datum, name: string, node: Node): Step[] {
    if (pattern.kind === "symbol" && pattern.name === "_") return [];
    const { step, value } = this.hold(name, node);
    return [step, ...this.steps(pattern, value)];
  }

  #map(pattern: Extract<Datum, { kind: "map" }>, value: () => Node): Step[] {
    const { lw } = this, steps: Step[] = [{ test: lw.native("%match-map?", [value()], pattern) }];
    for (const { key, inner, optional } of mapParts(lw, pattern)) {
      const constant = (): Node => b.constant(literalOf(key), lw.at(key));
      if (!optional) steps.push({ test: lw.native("%match-key?", [value(), constant()], key) });
      steps.push(...this.#part(inner, "entry", lw.native("%match-key", [value(), constant()], inner)));
    }
    return steps;
  }
}

