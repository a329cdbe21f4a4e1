// Forms at the top level: a form is a program of its own, compiled when all forms before it have run. A `begin` there is
// not one form but several, because its first may define a macro for its second.

import * as b from "../../ir/builder.ts";
import type { FunctionNode, Node } from "../../ir/nodes.ts";
import type { Span } from "../../text/source.ts";
import { tooDeep } from "../depth.ts";
import { condExpand } from "./cond-expand.ts";
import type { Datum } from "./datum.ts";
import { DEFINITIONS } from "./definitions.ts";
import { DERIVED } from "./derived.ts";
import { type Head, expandHead } from "./expansion.ts";
import { makeLoops } from "./loops.ts";
import { lowerBody } from "./lower-bodies.ts";
import { lowerExpression, lowerHead, lowerNamed, lowerTest } from "./lower-expressions.ts";
import { ABORT, Lowering, type LoweringOptions, type Origin, type Rules } from "./lowering.ts";
import { FORMS, WEAK } from "./special-forms.ts";

const RULES: Rules = {
  forms: FORMS, definitions: DEFINITIONS, derived: DERIVED, weak: WEAK,
  expression: lowerExpression, test: lowerTest, named: lowerNamed, body: lowerBody,
};

export const newLowering = (options: LoweringOptions): Lowering => new Lowering(RULES, options);

/** The node of a form, or the forms it stands for; null when it was given up or waits for an expansion. */
export function lowerTopLevel(lw: Lowering, datum: Datum): { readonly node: Node } | { readonly forms: readonly Datum[]; readonly origin: Origin | null } | null {
  return attempt(lw, () => {
    const head = expandHead(lw, datum), forms = lw.expanded(head.origin, () => splicedForms(lw, head));
    return forms === null ? { node: lowerHead(lw, head, datum) } : { forms, origin: head.origin };
  });
}

function splicedForms(lw: Lowering, head: Head): readonly Datum[] | null {
  if (head.kind !== "form") return null;
  switch (head.name) {
    case "begin": case "progn": return head.form.args.length > 0 ? head.form.args : null;
    case "cond-expand": return condExpand(lw, head.form) ?? [];
    default: return null;
  }
}

/** Null when the lowering was given up with a diagnostic. */
export function attempt<T>(lw: Lowering, lower: () => T): T | null {
  try {
    return lower();
  } catch (signal) {
    // Data made by programs may nest deeper than JavaScript can follow.
    if (signal instanceof RangeError) lw.report("E606", { span: lw.span, source: lw.options.sourceId }, ["JavaScript's"]);
    else if (signal !== ABORT) throw signal;
    return null;
  }
}

/** The program that is this node; null, with a diagnostic, when it nests too deeply for what comes next. */
export function mainFunction(lw: Lowering, node: Node, span: Span, keepsFrame: boolean): FunctionNode | null {
  let deep = tooDeep(node);
  const body = deep === null ? makeLoops(node) : node;
  deep ??= tooDeep(body);
  if (deep !== null) {
    lw.report("E606", { span: deep.span, source: lw.options.sourceId }, ["500"]);
    return null;
  }
  return b.functionNode("<main>", [], body, { library: lw.options.library, keepsFrame, language: "lisp" }, span);
}
