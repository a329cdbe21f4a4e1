// Destructuring and multiple values, lowered to plain nodes: `let [a, {b, c = 1}, ...rest] = e` becomes Lets that read
// parts of a hidden variable. Unlike match.ts nothing is tested: a part that is missing is what GetIndex and GetField
// make of it, and then the default, if there is one.

import * as b from "./builder.ts";
import type { Node, Variable } from "./nodes.ts";
import { NO_SPAN, type Span } from "../text/source.ts";

/** What a value is taken apart into. A `default` stands in for a missing (null) part. */
export type Target =
  | { readonly target: "variable"; readonly variable: Variable; readonly default?: Node }
  /** Parts by position; `rest` takes the elements after them as a new array. */
  | { readonly target: "array"; readonly elements: readonly (Target | null)[]; readonly rest?: Variable; readonly default?: Node }
  | { readonly target: "object"; readonly fields: readonly { readonly name: string; readonly to: Target }[]; readonly default?: Node };

export interface DestructureOptions {
  /** Native that makes an array of the elements from an index on: (array, from). */
  readonly slice: string;
  readonly span?: Span;
}

/** The variables a target binds, for the Scope around it. */
export function boundVariables(target: Target): Variable[] {
  switch (target.target) {
    case "variable": return [target.variable];
    case "array": return [...target.elements.flatMap((e) => (e === null ? [] : boundVariables(e))), ...(target.rest === undefined ? [] : [target.rest])];
    case "object": return target.fields.flatMap((f) => boundVariables(f.to));
  }
}

/** Initialises the variables of the target from the value, left to right. They belong to a Scope of the caller. */
export function destructure(target: Target, value: Node, options: DestructureOptions): Node {
  const span = options.span ?? NO_SPAN;
  const whole = target.default === undefined ? value : b.logic("Coalesce", value, target.default, span);
  if (target.target === "variable") return b.letNode(target.variable, whole, span);
  const hidden = b.variable("$value");
  const read = (): Node => b.local(hidden, span);
  const steps: Node[] = [b.letNode(hidden, whole, span)];
  if (target.target === "array") {
    for (const [i, element] of target.elements.entries()) {
      if (element !== null) steps.push(destructure(element, b.getIndex(read(), b.int(i, span), element.default !== undefined, span), options));
    }
    if (target.rest !== undefined) {
      steps.push(b.letNode(target.rest, b.callNative(options.slice, [read(), b.int(target.elements.length, span)], span), span));
    }
  } else {
    for (const { name, to } of target.fields) steps.push(destructure(to, b.getField(read(), name, to.default !== undefined, span), options));
  }
  return b.scope([hidden], b.block(steps, span), span);
}

/** Several values as one: an array. */
export const values = (nodes: readonly Node[], span: Span = NO_SPAN): Node => b.array(nodes, span);

/** Binds the values of `producer` to variables that exist around `body` only. */
export function receiveValues(variables: readonly Variable[], producer: Node, body: Node, options: DestructureOptions): Node {
  const target: Target = { target: "array", elements: variables.map((variable) => ({ target: "variable", variable })) };
  const span = options.span ?? NO_SPAN;
  return b.scope(variables, b.block([destructure(target, producer, options), body], span), span);
}
