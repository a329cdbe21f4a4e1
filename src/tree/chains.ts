// Chains: `a + b + c + …` and `x.f().g().h()…` nest in their first operand without bound. They are evaluated from the
// inside out in a loop, so their length costs no JavaScript stack.

import type { Node } from "../ir/nodes.ts";
import { type NodeOf, spineChild } from "../ir/walk.ts";
import { finishCall, finishCallMethod, isLateGlobal } from "./calls.ts";
import { finishGetField, finishGetIndex } from "./data.ts";
import { finishBinary, finishLogic } from "./operators.ts";
import { Completion, type Evaluator, type TreeState } from "./state.ts";

type ChainKind = "Binary" | "Logic" | "Call" | "CallMethod" | "GetField" | "GetIndex";

/** What is left to do for a node once its first operand is in dst. */
const FINISHERS: { readonly [K in ChainKind]: Evaluator<NodeOf<K>> } = {
  Binary: finishBinary, Logic: finishLogic, Call: finishCall, CallMethod: finishCallMethod, GetField: finishGetField, GetIndex: finishGetIndex,
};
/** The same, seen without types. */
const FINISH = FINISHERS as { readonly [kind: string]: Evaluator<Node> };

/** Evaluates the innermost operand, unless its link does that itself. */
function evalFirst(state: TreeState, link: Node, first: Node, dst: number): Completion {
  return link.kind === "Call" && isLateGlobal(state, first) ? Completion.Normal : state.eval(first, dst);
}

export function evalChain(state: TreeState, node: NodeOf<ChainKind>, dst: number): Completion {
  let first = spineChild(node)!;
  let next = spineChild(first);
  if (next === null) {
    const completion = evalFirst(state, node, first, dst);
    return completion !== Completion.Normal ? completion : FINISH[node.kind]!(state, node, dst);
  }
  const links: Node[] = [node];
  for (; next !== null; next = spineChild(first)) {
    links.push(first);
    first = next;
  }
  let completion = evalFirst(state, links.at(-1)!, first, dst);
  for (let i = links.length - 1; i >= 0 && completion === Completion.Normal; i--) {
    const link = links[i]!;
    completion = FINISH[link.kind]!(state, link, dst);
  }
  return completion;
}
