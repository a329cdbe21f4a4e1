// Frame layouts: which slot of its frame each variable of a function gets. One pass per function, on first use.
//
//   fp-2     fp-1    fp …                                                  fp + size
//   ┌────────┬───────┬────────┬──────┬──────┬────────┬────────────┬───────┬──────
//   │ callee │ link  │ params │ rest │ self │ locals │ completion │ value │ temporaries …
//   └────────┴───────┴────────┴──────┴──────┴────────┴────────────┴───────┴──────
//
// `completion` holds the value a Return or Break carries outwards, `value` the value of the body. Up to `self` this is the
// layout the vm engine uses, so that argument binding and stack traces are shared. Layouts are facts about the IR alone:
// nothing here may depend on a Vm.

import { assert } from "../../heap/debug.ts";
import type { FunctionNode, Node, Variable } from "../ir/nodes.ts";
import { eachChild } from "../ir/walk.ts";

/** Place of the variable whose value is the running closure itself. */
export const SELF_PLACE = -0x4000_0000;

export interface FrameLayout {
  readonly node: FunctionNode;
  /** At 0 and above: slot relative to fp. Below: ~index of a capture, or SELF_PLACE. */
  readonly places: ReadonlyMap<Variable, number>;
  /** Parameters, rest and self: the slots that argument binding fills. */
  readonly bound: number;
  readonly completion: number;
  readonly value: number;
  readonly size: number;
  /** Entering needs work beyond argument binding: boxes, defaults, conversions, reference checks. */
  readonly hasPrologue: boolean;
}

const LAYOUTS = new WeakMap<FunctionNode, FrameLayout>();

/** The layout of the function; its captures must have been set by the closure pass before the first call. */
export function frameLayout(node: FunctionNode): FrameLayout {
  let layout = LAYOUTS.get(node);
  if (layout === undefined) LAYOUTS.set(node, layout = makeLayout(node));
  return layout;
}

function makeLayout(node: FunctionNode): FrameLayout {
  const places = new Map<Variable, number>();
  const add = (variable: Variable): void => {
    if (!places.has(variable)) places.set(variable, places.size);
  };
  const parameters = node.rest === null ? node.params : [...node.params, node.rest];
  for (const { variable } of parameters) add(variable);
  if (node.self !== null) add(node.self);
  const bound = places.size;
  assert(bound === parameters.length + (node.self === null ? 0 : 1), `function ${node.name} binds one variable twice`);
  const boxed = [...places.keys()].some((variable) => variable.boxed);
  collectLocals(node, add);
  const completion = places.size;
  node.captures.forEach((variable, i) => places.set(variable, ~i));
  if (node.selfVariable !== null) places.set(node.selfVariable, SELF_PLACE);
  return {
    node, places, bound, completion, value: completion + 1, size: completion + 2,
    hasPrologue: boxed || parameters.some((p) => p.default !== null || p.convert !== null || p.byRef),
  };
}

/** Every variable declared inside the function, without nested functions; a work list, because chains nest deeply. */
function collectLocals(node: FunctionNode, add: (variable: Variable) => void): void {
  const pending: Node[] = [];
  const push = (child: Node): void => { pending.push(child); };
  eachChild(node, push);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next.kind === "Function") continue;
    if (next.kind === "Scope") next.variables.forEach(add);
    else if (next.kind === "Match") for (const arm of next.arms) arm.variables.forEach(add);
    else if (next.kind === "Try" && next.catch !== null) add(next.catch.variable);
    else if (next.kind === "ForEach") {
      if (next.key !== null) add(next.key);
      add(next.value);
    }
    eachChild(next, push);
  }
}
