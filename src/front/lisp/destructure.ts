// Taking values apart by patterns, in let, define and parameter lists, where a value that does not fit is an error.

import * as b from "../../ir/builder.ts";
import type { Node } from "../../ir/nodes.ts";
import { type Datum, type MapDatum, type SymbolDatum, type VectorDatum, keywordDatum } from "./datum.ts";
import { quote } from "./lower-expressions.ts";
import type { Lowering } from "./lowering.ts";
import type { Scope } from "./scope.ts";

/** The symbols a pattern binds, in order; malformed patterns are reported. */
export function patternNames(lw: Lowering, pattern: Datum): SymbolDatum[] {
  switch (pattern.kind) {
    case "symbol": return pattern.name === "_" ? [] : [pattern];
    case "vector": {
      const { items, rest } = splitRest(lw, pattern);
      return [...items, ...(rest === null ? [] : [rest])].flatMap((item) => patternNames(lw, item));
    }
    case "map": return mapParts(lw, pattern).flatMap(({ inner }) => patternNames(lw, inner));
    default:
      lw.report("E602", pattern, ["destructure", "a pattern is a symbol, vector or map"]);
      return [];
  }
}

/** The items of a vector pattern, and what stands behind its &. */
export function splitRest(lw: Lowering, pattern: VectorDatum): { items: readonly Datum[]; rest: Datum | null } {
  const at = pattern.items.findIndex((item) => item.kind === "symbol" && item.name === "&");
  if (at < 0) return { items: pattern.items, rest: null };
  const rest = pattern.items[at + 1];
  if (pattern.items.length !== at + 2 || rest === undefined) lw.report("E602", pattern, ["destructure", "expected one pattern after `&`"]);
  return { items: pattern.items.slice(0, at), rest: rest ?? null };
}

/** What a map pattern looks at: keys and the patterns for their values. `optional`: by `:keys`, which wants no presence. */
export function mapParts(lw: Lowering, pattern: MapDatum): { readonly key: Datum; readonly inner: Datum; readonly optional: boolean }[] {
  const parts: { key: Datum; inner: Datum; optional: boolean }[] = [];
  for (let i = 0; i < pattern.items.length; i += 2) {
    const key = pattern.items[i]!, inner = pattern.items[i + 1]!;
    if (key.kind !== "keyword" || key.name !== "keys") {
      parts.push({ key: unquoted(key), inner, optional: false });
      continue;
    }
    const names = inner.kind === "vector" || inner.kind === "list" ? inner.items : [];
    if (inner.kind !== "vector" && inner.kind !== "list") lw.report("E602", inner, ["destructure", ":keys expects a vector of symbols"]);
    for (const name of names) {
      if (name.kind === "symbol") parts.push({ key: keywordDatum(name.name, name), inner: name, optional: true });
      else lw.report("E602", name, ["destructure", ":keys expects a vector of symbols"]);
    }
  }
  return parts;
}

/** Keys are data; a quote in front of one is part of the notation. */
const unquoted = (key: Datum): Datum => (key.kind === "list" && key.items.length === 2 && key.items[0]!.kind === "symbol" && key.items[0]!.name === "quote" ? key.items[1]! : key);

/** Nodes that take the value apart. `value` makes a node each time; temporaries go into the scope. `bind` gives the node that sets a name. */
export function destructure(lw: Lowering, scope: Scope, pattern: Datum, value: () => Node, bind: (name: SymbolDatum, part: Node) => Node): Node[] {
  const span = lw.at(pattern);
  switch (pattern.kind) {
    case "symbol": return pattern.name === "_" ? [value()] : [bind(pattern, value())];
    case "vector": {
      const { items, rest } = splitRest(lw, pattern), whole = scope.temporary("whole");
      const check = lw.native("%destructure", [value(), b.integer(BigInt(items.length), span), b.bool(rest === null, span)], pattern);
      const part = (name: string, index: number) => (): Node => lw.native(name, [b.local(whole, span), b.integer(BigInt(index), span)], pattern);
      const nodes = items.flatMap((item, i) => destructure(lw, scope, item, part("%match-element", i), bind));
      return [b.letNode(whole, check, span), ...nodes, ...(rest === null ? [] : destructure(lw, scope, rest, part("%match-rest", items.length), bind))];
    }
    case "map": {
      const whole = scope.temporary("whole");
      const nodes = mapParts(lw, pattern).flatMap(({ key, inner }) =>
        destructure(lw, scope, inner, () => lw.native("%match-key", [b.local(whole, span), quote(lw, key)], pattern), bind));
      return [b.letNode(whole, lw.native("%destructure-map", [value()], pattern), span), ...nodes];
    }
    default: return [];
  }
}
