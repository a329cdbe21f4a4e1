// Checks that a program is well-formed, so that mistakes of a front end or a pass show where they are made. Used by
// tests and, behind DEBUG, by the pipeline. Collects all problems rather than stopping at the first.
//
//   1. a variable is used only where it is declared around the use, in this function or an enclosing one;
//   2. Let names a variable of a Scope around it, in the same function;
//   3. a variable is declared once (a tree may hold one node object at several places, a variable has one declaration);
//   4. Break and Continue name a label around them in the same function, Continue that of a loop;
//   5. spans are ordered and not negative;
//   6. integer constants fit their type;
//   7. decision trees name arms that exist and bind exactly their variables, and only guard arms that have a guard; their
//      steps and tests count from 0, have constants in range, a length is only tested by intervals, and all
//      edges of a switch by tests of one kind;
//   8. parameters with a default come after those without: calls count the required ones;
//   9. a primitive has the arguments its table says;
//  10. after the closure analysis: captures are what the body needs from outside.

import { Bug } from "../../heap/debug.ts";
import type { DecisionTest, DecisionTree, FunctionNode, Label, Literal, MatchNode, Node, Path, Program, Variable } from "./nodes.ts";
import { primitive } from "./primitives.ts";
import { printLiteral } from "./literals.ts";
import { eachChild, spine, spineChild } from "./walk.ts";

/** Throws when the program is not well-formed. */
export function verify(program: Program): void {
  const problems = findProblems(program);
  if (problems.length > 0) throw new Bug(`ill-formed program: ${problems.join("; ")}`);
}

export function findProblems(program: Program): string[] {
  const verifier = new Verifier();
  verifier.visit(program.main);
  return verifier.problems;
}

/** Where a variable is visible. */
interface Declaration { readonly node: Node; readonly frame: FunctionNode | null; readonly byScope: boolean; live: boolean }

class Verifier {
  readonly problems: string[] = [];
  readonly #declared = new Map<Variable, Declaration>();
  #labels = new Map<Label, "loop" | "block">();
  #frames: FunctionNode[] = [];

  visit(node: Node): void {
    const chain = spine(node);
    for (let i = chain.length - 1; i >= 0; i--) this.#check(chain[i]!, i < chain.length - 1);
  }

  #say(node: Node, problem: string): void {
    this.problems.push(`${node.kind} at ${node.span.start}: ${problem}`);
  }

  #check(node: Node, started: boolean): void {
    if (!(node.span.start >= 0 && node.span.start <= node.span.end)) this.#say(node, `span ${node.span.start}-${node.span.end}`);
    const rest = (): void => {
      const skip = started ? spineChild(node) : null;
      eachChild(node, (child) => { if (child !== skip) this.visit(child); });
    };
    switch (node.kind) {
      case "Local": case "SetLocal": case "GetRef": case "SetRef": this.#use(node, node.variable); return rest();
      case "Let": this.#checkLet(node); return rest();
      case "Scope": return this.#within(node, node.variables, true, rest);
      case "Function": return this.#function(node);
      case "Loop": return this.#labelled(node.label, "loop", rest);
      case "Labelled": return this.#labelled(node.label, "block", rest);
      case "Switch":
        if (node.fallback < -1 || node.fallback >= node.cases.length) this.#say(node, `fallback ${node.fallback}`);
        return this.#labelled(node.label, "block", rest);
      case "ForEach":
        this.visit(node.iterable);
        return this.#within(node, node.key === null ? [node.value] : [node.key, node.value], false, () => this.#labelled(node.label, "loop", () => this.visit(node.body)));
      case "Break": case "Continue": this.#jump(node, node.label, node.kind === "Continue"); return rest();
      case "Try":
        this.visit(node.body);
        if (node.catch !== null) this.#within(node, [node.catch.variable], false, () => this.visit(node.catch!.body));
        if (node.finally !== null) this.visit(node.finally);
        return;
      case "Match": return this.#match(node);
      case "MakeRef":
        if (!["Local", "Global", "GetField", "GetIndex"].includes(node.target.kind)) this.#say(node, `target ${(node.target as Node).kind}`);
        return rest();
      case "Primitive":
        if (node.args.length !== primitive(node.op).arity) this.#say(node, `${node.op} of ${node.args.length} arguments`);
        return rest();
      case "Const":
        if (!inRange(node.value)) this.#say(node, `constant ${printLiteral(node.value)} is out of range`);
        return;
      default: return rest();
    }
  }

  #use(node: Node, variable: Variable): void {
    const declaration = this.#declared.get(variable);
    if (declaration === undefined || !declaration.live) return this.#say(node, `variable ${variable.name} is not in scope`);
    const frame = this.#frames.at(-1) ?? null;
    if (declaration.frame === frame || frame === null || variable.owner === null) return;
    if (frame.selfVariable !== variable && !frame.captures.includes(variable)) this.#say(node, `variable ${variable.name} is not captured by ${frame.name || "the function"}`);
  }

  #checkLet(node: Extract<Node, { kind: "Let" }>): void {
    this.#use(node, node.variable);
    const declaration = this.#declared.get(node.variable);
    if (declaration === undefined) return;
    if (!declaration.byScope) this.#say(node, `variable ${node.variable.name} does not belong to a Scope`);
    if (declaration.frame !== (this.#frames.at(-1) ?? null)) this.#say(node, `variable ${node.variable.name} belongs to another function`);
  }

  #within(node: Node, variables: readonly Variable[], byScope: boolean, body: () => void): void {
    const frame = this.#frames.at(-1) ?? null;
    for (const variable of variables) {
      const known = this.#declared.get(variable);
      if (known !== undefined && (known.node !== node || known.live)) this.#say(node, `variable ${variable.name} is declared twice`);
      this.#declared.set(variable, { node, frame, byScope, live: true });
    }
    body();
    for (const variable of variables) this.#declared.get(variable)!.live = false;
  }

  #function(node: FunctionNode): void {
    const labels = this.#labels;
    this.#labels = new Map();
    this.#frames.push(node);
    const params = [...node.params, ...(node.rest === null ? [] : [node.rest])].map((p) => p.variable);
    if (node.params.some((param, i) => i > 0 && param.default === null && node.params[i - 1]!.default !== null)) {
      this.#say(node, "a parameter without a default follows one that has one");
    }
    this.#within(node, node.self === null ? params : [...params, node.self], false, () => eachChild(node, (child) => this.visit(child)));
    this.#frames.pop();
    this.#labels = labels;
    const frame = this.#frames.at(-1) ?? null;
    if (frame !== null) for (const variable of node.captures) this.#use(node, variable);
    else if (node.captures.length > 0) this.#say(node, "the main function captures");
  }

  #labelled(label: Label, kind: "loop" | "block", body: () => void): void {
    const outer = this.#labels.get(label);
    this.#labels.set(label, kind);
    body();
    if (outer === undefined) this.#labels.delete(label);
    else this.#labels.set(label, outer);
  }

  #jump(node: Node, label: Label, toLoop: boolean): void {
    const kind = this.#labels.get(label);
    if (kind === undefined) this.#say(node, `label ${label.name} is not around it`);
    else if (toLoop && kind !== "loop") this.#say(node, `label ${label.name} is not of a loop`);
  }

  #match(node: MatchNode): void {
    this.visit(node.scrutinee);
    for (const arm of node.arms) {
      this.#within(node, arm.variables, false, () => {
        if (arm.guard !== null) this.visit(arm.guard);
        this.visit(arm.body);
      });
    }
    const seen = new Set<DecisionTree>();
    const pending: DecisionTree[] = [node.tree];
    for (let tree = pending.pop(); tree !== undefined; tree = pending.pop()) {
      if (seen.has(tree)) continue;
      seen.add(tree);
      if (tree.kind === "switch") {
        this.#switch(node, tree);
        pending.push(tree.fallback, ...tree.edges.map((edge) => edge.to));
      } else if (tree.kind !== "fail") this.#leaf(node, tree);
      if (tree.kind === "guard") pending.push(tree.fail);
    }
  }

  #switch(node: MatchNode, { path, on, edges }: Extract<DecisionTree, { kind: "switch" }>): void {
    this.#path(node, path);
    if (edges.some(({ when }) => when.test !== edges[0]!.when.test)) this.#say(node, "edges of one switch with different tests");
    for (const { when } of edges) {
      const problem = problemOf(when) ?? (on === "length" && when.test !== "interval" ? `a length tested by ${when.test}` : null);
      if (problem !== null) this.#say(node, problem);
    }
  }

  #path(node: MatchNode, path: Path): void {
    for (const step of path) {
      const count = step.step === "element" || step.step === "item" ? step.index : step.step === "rest" || step.step === "items" ? step.from : 0;
      if (!isCount(count)) this.#say(node, `step ${step.step} ${count}`);
      if (step.step === "entry" && !inRange(step.key)) this.#say(node, `key ${printLiteral(step.key)} is out of range`);
    }
  }

  #leaf(node: MatchNode, leaf: Extract<DecisionTree, { kind: "leaf" | "guard" }>): void {
    const arm = node.arms[leaf.arm];
    if (arm === undefined) return this.#say(node, `no arm ${leaf.arm}`);
    if ((arm.guard !== null) !== (leaf.kind === "guard")) this.#say(node, `arm ${leaf.arm}: ${leaf.kind} does not suit it`);
    for (const { path } of leaf.bindings) this.#path(node, path);
    const bound = new Set(leaf.bindings.map((binding) => binding.variable));
    if (bound.size !== arm.variables.length || arm.variables.some((v) => !bound.has(v))) this.#say(node, `arm ${leaf.arm}: not all its variables are bound`);
  }
}

const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;

function problemOf(when: DecisionTest): string | null {
  switch (when.test) {
    case "interval": {
      const { low, high } = when.interval;
      return low !== null && high !== null && low > high ? `empty interval ${low}..${high}` : null;
    }
    case "extent": return isCount(when.count) ? null : `extent ${when.count}`;
    case "equals": case "structural": return inRange(when.value) ? null : `constant ${printLiteral(when.value)} is out of range`;
    case "entry": return inRange(when.key) ? null : `key ${printLiteral(when.key)} is out of range`;
    case "map": return null;
  }
}

/** Integer constants are integers that fit their width. */
function inRange(literal: Literal): boolean {
  const width = /^([iu])(\d+)$/.exec(literal.type);
  if (width === null || !("value" in literal)) return true;
  if (typeof literal.value === "number" && !Number.isInteger(literal.value)) return false;
  const value = BigInt(literal.value as number | bigint);
  return (width[1] === "i" ? BigInt.asIntN(Number(width[2]), value) : BigInt.asUintN(Number(width[2]), value)) === value;
}
