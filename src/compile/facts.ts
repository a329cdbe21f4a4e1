// What the compiler needs to know about a function before it can hand out registers: which subtrees assign local
// variables, and which variables can be seen before they are initialised. Nested functions count only for what they
// mention. One walk for each function; walks are loops, so nesting depth costs no JavaScript stack.

import type { FunctionNode, Node, ScopeNode, Variable } from "../ir/nodes.ts";
import { children, eachNode } from "../ir/walk.ts";

export interface Facts {
  /** Nodes that contain a SetLocal or Let of this function. */
  readonly assigning: ReadonlySet<Node>;
  /** Variables with a use that copes with, or reports, a missing value. */
  readonly observed: ReadonlySet<Variable>;
}

export function gatherFacts(node: FunctionNode): Facts {
  const assigning = new Set<Node>(), observed = new Set<Variable>();
  const parents: (number | null)[] = [], nodes: Node[] = [];
  const add = (child: Node, parent: number | null): void => { nodes.push(child); parents.push(parent); };
  for (const child of children(node)) add(child, null);
  for (let i = 0; i < nodes.length; i++) {
    const current = nodes[i]!;
    if (current.kind === "Function") continue;
    if (current.kind === "Local" && (current.check || current.onHole !== null)) observed.add(current.variable);
    if (current.kind === "SetLocal" || current.kind === "Let") {
      for (let at: number | null = i; at !== null && !assigning.has(nodes[at]!); at = parents[at]!) assigning.add(nodes[at]!);
    }
    for (const child of children(current)) add(child, i);
  }
  return { assigning, observed };
}

/** The statements a scope runs one after the other, whatever happens short of leaving it. */
function statements(node: Node): Node[] {
  const list: Node[] = [], pending = [node];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next.kind === "Block") pending.push(...[...next.body].reverse());
    else list.push(next);
  }
  return list;
}

function addMentions(root: Node, mentioned: Set<Variable>): void {
  eachNode(root, (node) => {
    switch (node.kind) {
      case "Local": case "SetLocal": case "Let": case "GetRef": case "SetRef": mentioned.add(node.variable);
    }
  });
}

/**
 * Variables of the scope whose Let surely runs before anything else mentions them: they need no hole at entry, their box
 * can be made by the Let, and they never have to be checked.
 */
export function cleanVariables(scope: ScopeNode): Set<Variable> {
  const clean = new Set<Variable>(), mentioned = new Set<Variable>();
  const open = new Set(scope.variables);
  for (const statement of statements(scope.body)) {
    if (open.size === 0) break;
    if (statement.kind !== "Let") addMentions(statement, mentioned);
    else {
      addMentions(statement.value, mentioned);
      if (open.has(statement.variable) && !mentioned.has(statement.variable)) clean.add(statement.variable);
      mentioned.add(statement.variable);
    }
    for (const variable of mentioned) open.delete(variable);
  }
  return clean;
}

/**
 * True when the code of this node writes its destination last, so that the destination may be the register of a variable
 * which the node itself uses, or which a handler sees when the node throws.
 */
export function writesLast(node: Node): boolean {
  switch (node.kind) {
    case "Const": case "Unary": case "Binary": case "Primitive": case "Call": case "CallMethod": case "CallNative": case "Apply": case "GetField": case "GetIndex":
    case "Convert": case "Await": case "Function": case "GetRef": case "IsRefParam": return true;
    case "Local": return node.onHole === null && !node.check;
    case "Global": return node.onHole === null;
    case "Logic": return node.op === "And" || node.op === "Or";
    case "If": return writesLast(node.then) && writesLast(node.else);
    default: return false;
  }
}
