// Functions that call themselves become loops. A named let whose name is only ever called in tail position of its own body
// is a loop where it stands; any other local function with calls of itself in tail position jumps back to its start.
//
// The variables of a round are fresh: one that a closure captures, or that the body assigns, is made anew in each round
// from a variable outside of the loop. The others are assigned in place, which nobody can tell.
//
//   (if test exit again)   loop while not test: again; then exit      when only one branch goes on
//   anything else          loop for ever: leave with the body's value, unless that was a call of the loop

import * as b from "../../ir/builder.ts";
import type { CallNode, FunctionNode, Label, LetNode, Node, ScopeNode, Variable } from "../../ir/nodes.ts";
import { eachChild, mapChildren } from "../../ir/walk.ts";

export function makeLoops(node: Node): Node {
  const inside = mapChildren(node, makeLoops);
  return inside.kind === "Scope" ? namedLet(inside) ?? selfCalls(inside) : inside;
}

/** `(scope (f) (block (let f function) (call f …)))` with f used for nothing but going on. */
function namedLet(scope: ScopeNode): Node | null {
  const { body, variables } = scope;
  if (variables.length !== 1 || body.kind !== "Block" || body.body.length !== 2) return null;
  const [definition, call] = body.body as [Node, Node], name = variables[0]!;
  if (definition.kind !== "Let" || definition.variable !== name || definition.value.kind !== "Function" || call.kind !== "Call") return null;
  const fn = definition.value;
  if (!isPlain(fn) || call.callee.kind !== "Local" || call.callee.variable !== name || call.args.length !== fn.params.length) return null;
  const calls = selfTailCalls(fn, name);
  if (references(scope, name) !== calls.size + 2) return null;
  const loop = new LoopMaker(fn, calls);
  const lets = loop.held.map((variable, i) => b.letNode(variable, call.args[i]!.value, call.args[i]!.value.span));
  return b.scope(loop.held, b.block([...lets, loop.node()], scope.span), scope.span);
}

/** Functions of a scope that are never anything else, with calls of themselves in tail position. */
function selfCalls(scope: ScopeNode): Node {
  if (scope.body.kind !== "Block") return scope;
  let writes: ReadonlyMap<Variable, number> | null = null;
  const items = scope.body.body.map((item) => {
    if (item.kind !== "Let" || item.value.kind !== "Function" || !isPlain(item.value)) return item;
    const fn = item.value, calls = selfTailCalls(fn, item.variable);
    if (calls.size === 0 || (writes ??= writesIn(scope)).get(item.variable) !== 1) return item;
    const loop = new LoopMaker(fn, calls);
    return { ...item, value: { ...fn, params: loop.held.map((variable) => b.parameter(variable)), body: loop.node() } } satisfies LetNode;
  });
  return items.every((item, i) => item === (scope.body as { body: readonly Node[] }).body[i]) ? scope : { ...scope, body: { ...scope.body, body: items } };
}

const isPlain = ({ rest, self, params }: FunctionNode): boolean => rest === null && self === null && params.every((param) => param.default === null && param.convert === null);

/** Nodes below that name the variable. */
function references(node: Node, variable: Variable): number {
  let count = "variable" in node && node.variable === variable ? 1 : 0;
  eachChild(node, (child) => { count += references(child, variable); });
  return count;
}

/** How often each variable is given a value. */
function writesIn(root: Node): ReadonlyMap<Variable, number> {
  const writes = new Map<Variable, number>();
  const walk = (node: Node): void => {
    if (node.kind === "Let" || node.kind === "SetLocal") writes.set(node.variable, (writes.get(node.variable) ?? 0) + 1);
    eachChild(node, walk);
  };
  walk(root);
  return writes;
}

function selfTailCalls(fn: FunctionNode, name: Variable): ReadonlySet<Node> {
  const calls = new Set<Node>();
  eachTail(fn.body, (leaf) => {
    if (leaf.kind === "Call" && leaf.callee.kind === "Local" && leaf.callee.variable === name && leaf.args.length === fn.params.length) calls.add(leaf);
  });
  return calls;
}

/** Calls `visit` for all nodes that give the value of the node: through branches, blocks, and jumps out of them. */
function eachTail(root: Node, visit: (leaf: Node) => void): void {
  const labels = new Set<Label>();
  const walk = (node: Node, tail: boolean): void => {
    switch (node.kind) {
      case "Function": return tail ? visit(node) : undefined;
      case "If": walk(node.test, false); walk(node.then, tail); return walk(node.else, tail);
      case "Block":
        if (tail && node.body.length === 0) visit(node);
        return node.body.forEach((child, i) => walk(child, tail && i === node.body.length - 1));
      case "Scope": return walk(node.body, tail);
      case "Labelled": case "Loop":
        if (tail) labels.add(node.label);
        if (tail && node.kind === "Loop" && node.test !== null) visit(node);
        return eachChild(node, (child) => walk(child, tail && node.kind === "Labelled"));
      case "Match": walk(node.scrutinee, false); return eachChild(node, (child) => walk(child, tail && node.arms.some((arm) => arm.body === child)));
      case "Break":
        if (node.value !== null) return walk(node.value, labels.has(node.label));
        return labels.has(node.label) ? visit(node) : undefined;
      // Its value is never asked for.
      case "Continue": return;
      default:
        if (tail) visit(node);
        eachChild(node, (child) => walk(child, false));
    }
  };
  walk(root, true);
}

class LoopMaker {
  /** One for each parameter, outside of the loop: what the next round begins with. */
  readonly held: readonly Variable[];
  readonly #inner: readonly Variable[];
  readonly #label: Label;

  constructor(readonly fn: FunctionNode, readonly calls: ReadonlySet<Node>) {
    this.#inner = fn.params.map((param) => param.variable);
    const renewed = capturedOrAssigned(fn.body, new Set(this.#inner));
    this.held = this.#inner.map((variable) => (renewed.has(variable) ? b.variable(variable.name) : variable));
    this.#label = b.label(fn.name === "" ? "loop" : fn.name);
  }

  node(): Node {
    const { fn } = this, { body, span } = fn, renewed = this.#inner.filter((variable, i) => this.held[i] !== variable);
    if (renewed.length === 0) return this.#testFirst(body) ?? this.#forever(body);
    const lets = this.#inner.flatMap((variable, i) => (this.held[i] === variable ? [] : [b.letNode(variable, b.local(this.held[i]!, span), span)]));
    return b.loop(this.#label, null, b.scope(renewed, b.block([...lets, b.breakNode(this.#label, this.#replace(body, true), span)], span), span), null, span);
  }

  #forever(body: Node): Node {
    return b.loop(this.#label, null, b.breakNode(this.#label, this.#replace(body, true), body.span), null, this.fn.span);
  }

  /** Null when the body is not a test with one branch that ends the loop. */
  #testFirst(body: Node): Node | null {
    if (body.kind !== "If") return null;
    const [thenGoesOn, elseGoesOn] = [this.#goesOn(body.then), this.#goesOn(body.else)];
    if (thenGoesOn === elseGoesOn) return null;
    const [exit, again] = thenGoesOn ? [body.else, body.then] : [body.then, body.else], { span } = this.fn;
    const test = thenGoesOn ? body.test : b.unary("Not", body.test, body.test.span);
    let always = true;
    eachTail(again, (leaf) => { always &&= this.calls.has(leaf); });
    if (always) return b.block([b.loop(this.#label, test, this.#replace(again, false), null, span), exit], span);
    const done = b.label("done");
    return b.labelled(done, b.block([b.loop(this.#label, test, b.breakNode(done, this.#replace(again, true), again.span), null, span), exit], span), span);
  }

  #goesOn(node: Node): boolean {
    let found = this.calls.has(node);
    eachChild(node, (child) => { found ||= this.#goesOn(child); });
    return found;
  }

  /** `jump`: the end of the next round's beginning is not where the code ends anyway. */
  #replace(node: Node, jump: boolean): Node {
    if (this.calls.has(node)) return this.#next(node as CallNode, jump);
    return node.kind === "Function" ? node : mapChildren(node, (child) => this.#replace(child, jump));
  }

  /** Sets the variables for the next round. An argument that needs a variable's old value comes before its assignment. */
  #next({ args, span }: CallNode, jump: boolean): Node {
    const todo = args.flatMap(({ value }, i) => (this.#isSame(value, i) ? [] : [{ variable: this.held[i]!, value }]));
    const mayReorder = todo.every(({ value }) => isSimple(value)), steps: Node[] = [], late: Node[] = [], held: Variable[] = [];
    while (todo.length > 0) {
      const free = todo.findIndex((one) => todo.every((other) => other === one || references(other.value, one.variable) === 0));
      const { variable, value } = todo.splice(mayReorder && free > 0 ? free : 0, 1)[0]!;
      if (todo.every((other) => references(other.value, variable) === 0)) {
        steps.push(b.setLocal(variable, value, span));
        continue;
      }
      const kept = b.variable(variable.name);
      held.push(kept);
      steps.push(b.letNode(kept, value, span));
      late.push(b.setLocal(variable, b.local(kept, span), span));
    }
    const all = b.block([...steps, ...late, ...(jump ? [b.continueNode(this.#label, span)] : [])], span);
    return held.length === 0 ? all : b.scope(held, all, span);
  }

  /** The variable keeps its value. */
  #isSame(value: Node, i: number): boolean {
    return value.kind === "Local" && value.variable === this.held[i];
  }
}

/** Evaluating it can do nothing but fail, so order does not matter. */
function isSimple(node: Node): boolean {
  switch (node.kind) {
    case "Const": return true;
    case "Local": return node.onHole === null;
    case "Primitive": return node.args.every(isSimple);
    default: return false;
  }
}

function capturedOrAssigned(body: Node, variables: ReadonlySet<Variable>): Set<Variable> {
  const found = new Set<Variable>();
  const walk = (node: Node, inFunction: boolean): void => {
    if ("variable" in node && variables.has(node.variable) && (inFunction || node.kind !== "Local")) found.add(node.variable);
    eachChild(node, (child) => walk(child, inFunction || node.kind === "Function"));
  };
  walk(body, false);
  return found;
}
