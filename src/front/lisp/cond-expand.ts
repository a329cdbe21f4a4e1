// cond-expand: which clauses of a program are for this implementation.

import { FEATURES } from "../../text/lisp-features.ts";
import { type Datum, isSymbolNamed, properItems } from "./datum.ts";
import { listItems } from "./forms.ts";
import type { Form, Lowering } from "./lowering.ts";

const LIBRARIES: ReadonlySet<string> = new Set([
  "base", "case-lambda", "char", "complex", "cxr", "eval", "inexact", "lazy", "load", "read", "time", "write", "process-context",
]);

/** The forms of the first clause that applies; null when the form is malformed. */
export function condExpand(lw: Lowering, form: Form): readonly Datum[] | null {
  for (const clause of form.args) {
    const items = listItems(lw, form, clause);
    if (items === null) return null;
    if (items.length === 0) return lw.malformed(form, "clause must not be empty");
    const holds = isSymbolNamed(items[0], "else") || requirement(items[0]!);
    if (holds) return items.slice(1);
  }
  return [];
}

function requirement(datum: Datum): boolean {
  if (datum.kind === "symbol") return FEATURES.includes(datum.name);
  const items = properItems(datum), [head, ...rest] = items ?? [];
  if (head?.kind !== "symbol") return false;
  switch (head.name) {
    case "and": return rest.every(requirement);
    case "or": return rest.some(requirement);
    case "not": return rest[0] !== undefined && !requirement(rest[0]);
    case "library": return rest[0] !== undefined && isLibrary(rest[0]);
    default: return false;
  }
}

function isLibrary(datum: Datum): boolean {
  const [scheme, part, more] = properItems(datum) ?? [];
  return isSymbolNamed(scheme, "scheme") && part?.kind === "symbol" && more === undefined && LIBRARIES.has(part.name);
}
