// Quasiquote: templates of lists, vectors and maps. Parts without anything to evaluate stay constants. Levels count as
// usual: an inner quasiquote needs one unquote more.

import * as b from "../../ir/builder.ts";
import type { Node } from "../../ir/nodes.ts";
import { type Datum, type ListDatum, type SymbolDatum, isSymbolNamed, listDatum, symbol } from "./datum.ts";
import { checkCount } from "./forms.ts";
import { quote } from "./lower-expressions.ts";
import type { Form, Lowering } from "./lowering.ts";

export function lowerQuasiquote(lw: Lowering, form: Form): Node | null {
  if (!checkCount(lw, form, 1, 1)) return null;
  return new Template(lw).node(form.args[0]!, 0);
}

/** The operand of `(name datum)`, or null. */
function operand(datum: Datum, name: string): Datum | null {
  return datum.kind === "list" && datum.items.length === 2 && datum.tail === null && isSymbolNamed(datum.items[0], name) ? datum.items[1]! : null;
}

interface Part { readonly splice: boolean; readonly node: Node; readonly at: Datum }

/** Neighbouring parts that are single items go together. */
function runs(parts: readonly Part[]): Part[][] {
  const found: Part[][] = [];
  for (const part of parts) {
    const last = found.at(-1);
    if (last !== undefined && !part.splice && !last[0]!.splice) last.push(part);
    else found.push([part]);
  }
  return found;
}

class Template {
  /** `x#`: one fresh symbol for each name and evaluation. */
  readonly #generated = new Map<string, ReturnType<typeof b.variable>>();

  constructor(readonly lw: Lowering) {}

  node(template: Datum, level: number): Node {
    const body = this.#build(template, level), { lw } = this, span = lw.at(template);
    if (this.#generated.size === 0) return body;
    const text = (value: string): Node => lw.quoted({ kind: "string", value, span: template.span, source: template.source }, template);
    const lets = Array.from(this.#generated, ([name, variable]) => b.letNode(variable, lw.native("%gensym", [text(name)], template), span));
    return b.scope([...this.#generated.values()], b.block([...lets, body], span), span);
  }

  #build(template: Datum, level: number): Node {
    const { lw } = this;
    switch (template.kind) {
      case "symbol": return this.#symbol(template);
      case "list": return lw.nested(template, () => this.#list(template, level));
      case "vector": return this.#isConstant(template, level) ? quote(lw, template) : lw.native("%list->vector", [this.#sequence(template.items, null, level, template)], template);
      case "map": return this.#isConstant(template, level) ? quote(lw, template) : this.#map(template, level);
      default: return quote(lw, template);
    }
  }

  #symbol(name: SymbolDatum): Node {
    if (!name.name.endsWith("#") || name.name.length < 2) return quote(this.lw, name);
    const base = name.name.slice(0, -1);
    let variable = this.#generated.get(base);
    if (variable === undefined) this.#generated.set(base, variable = b.variable(base));
    return b.local(variable, this.lw.at(name));
  }

  #list(template: ListDatum, level: number): Node {
    const { lw } = this, unquoted = operand(template, "unquote");
    if (unquoted !== null) return level === 0 ? lw.expression(unquoted) : this.#wrapped("unquote", unquoted, level - 1, template);
    const inner = operand(template, "quasiquote");
    if (inner !== null) return this.#wrapped("quasiquote", inner, level + 1, template);
    const spliced = operand(template, "unquote-splicing");
    if (spliced !== null && level > 0) return this.#wrapped("unquote-splicing", spliced, level - 1, template);
    // Splicing into nothing is left as it is.
    if (spliced !== null) return quote(lw, template);
    if (this.#isConstant(template, level)) return quote(lw, template);
    return this.#sequence(template.items, template.tail, level, template);
  }

  #wrapped(name: string, inner: Datum, level: number, at: Datum): Node {
    if (this.#isConstant(inner, level)) return quote(this.lw, at);
    return this.lw.native("list", [this.lw.symbol(name, at), this.#build(inner, level)], at);
  }

  /** Nothing in it is evaluated. */
  #isConstant(template: Datum, level: number): boolean {
    switch (template.kind) {
      case "symbol": return !template.name.endsWith("#") || template.name.length < 2;
      case "list": {
        if (operand(template, "unquote") !== null || operand(template, "unquote-splicing") !== null) return level > 0 && this.#isConstant(template.items[1]!, level - 1);
        if (operand(template, "quasiquote") !== null) return this.#isConstant(template.items[1]!, level + 1);
        return !this.#isDottedUnquote(template) && template.items.every((item) => this.#isConstant(item, level)) && (template.tail === null || this.#isConstant(template.tail, level));
      }
      case "vector": case "map": return template.items.every((item) => this.#isConstant(item, level));
      default: return true;
    }
  }

  /** `(a . ,b)` reads as `(a unquote b)`. */
  #isDottedUnquote({ items, tail }: ListDatum): boolean {
    return tail === null && items.length > 2 && isSymbolNamed(items.at(-2), "unquote");
  }

  #sequence(items: readonly Datum[], tail: Datum | null, level: number, at: Datum): Node {
    const { lw } = this;
    if (at.kind === "list" && this.#isDottedUnquote(at)) {
      const rest = listDatum([symbol("unquote", at), items.at(-1)!], at);
      return this.#sequence(items.slice(0, -2), rest, level, { ...at, items: items.slice(0, -2), tail: rest });
    }
    const parts = items.map((item): Part => {
      const spliced = level === 0 ? operand(item, "unquote-splicing") : null;
      return spliced === null ? { splice: false, node: this.#build(item, level), at: item } : { splice: true, node: lw.expression(spliced), at: item };
    });
    if (tail === null && parts.every(({ splice }) => !splice)) return lw.native("list", parts.map(({ node }) => node), at);
    const end = tail === null ? b.empty(lw.at(at)) : this.#build(tail, level);
    const last = parts.at(-1)!;
    // The last part needs no copy, so it may be no list at all.
    const bare = last.splice && tail === null && at.kind === "list";
    return runs(bare ? parts.slice(0, -1) : parts).reduceRight((rest, run) => {
      if (run[0]!.splice) return lw.native("%append", [run[0]!.node, rest], run[0]!.at);
      if (run.length === 1) return lw.native("cons", [run[0]!.node, rest], run[0]!.at);
      return lw.native("%append", [lw.native("list", run.map(({ node }) => node), at), rest], at);
    }, bare ? last.node : end);
  }

  #map(template: Extract<Datum, { kind: "map" }>, level: number): Node {
    const { lw } = this;
    if (template.items.some((item) => operand(item, "unquote-splicing") !== null)) lw.report("E602", template, ["quasiquote", "unquote-splicing is not allowed in a map"]);
    return lw.native("hash-map", template.items.map((item) => this.#build(item, level)), template);
  }
}
