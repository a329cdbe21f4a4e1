// Text form of the IR, for goldens and `dis --ir`: S-expressions, one line where they fit. Stable by construction:
// nothing but the tree decides the text. Forms that are not obvious:
//   x.2             the second variable called x, counted over the whole program
//   x/boxed         at a declaration: flags set by the closure analysis (captured, boxed, set)
//   :outer          a label          @name   a global          %name   a native
//   5 5:u8 5.0 'a' :sym "text" <i32>   constants; a bare integer is an i32, one with a point an f64
//   (add a b c)     (add (add a b) c): nests of one operator to the left are written flat

import { printLiteral } from "./literals.ts";
import { TYPE_NAMES } from "./types.ts";
import type {
  Argument, DecisionTest, DecisionTree, FunctionNode, Label, MatchArm, Node, Parameter, Path, PathStep, Program, Variable,
} from "./nodes.ts";
import type { NodeOf } from "./walk.ts";

const WIDTH = 110;

/** An atom or a list; `head` counts the items that stay on the first line when a list is broken. */
type Form = string | { readonly head: number; readonly items: readonly Form[] };

export const printProgram = (program: Program): string => `${layout(new Printer().node(program.main), 0)}\n`;
export const printNode = (node: Node): string => layout(new Printer().node(node), 0);
export const printTree = (tree: DecisionTree): string => layout(new Printer().tree(tree), 0);

function flat(form: Form): string {
  return typeof form === "string" ? form : `(${form.items.map(flat).join(" ")})`;
}

function layout(form: Form, indent: number): string {
  const line = flat(form);
  if (typeof form === "string" || (line.length + indent <= WIDTH && !isTall(form))) return line;
  const pad = `\n${" ".repeat(indent + 2)}`;
  const first = form.items.slice(0, form.head).map(flat).join(" ");
  return `(${first}${form.items.slice(form.head).map((item) => pad + layout(item, indent + 2)).join("")})`;
}

/** Forms that read badly on one line however short. */
const isTall = (form: Form): boolean => typeof form !== "string" && (form.items[0] === "function" || form.items[0] === "block" || form.items.some(isTall));

/** First items of a list up to `head` stay on its first line. */
const list = (head: number, ...items: Form[]): Form => ({ head, items });
const flags = (on: readonly (string | false)[]): Form[] => on.filter((flag) => flag !== false);
/** An operator or kind as it is written: `GetField` is get-field. */
const lower = (name: string): string => name.replace(/(?<!^)(?=[A-Z])/g, "-").toLowerCase();

/** Gives variables and labels their names, in order of appearance. */
class Names {
  readonly #names = new Map<object, string>();
  readonly #counts = new Map<string, number>();

  of(item: Variable | Label, sigil: string): string {
    let name = this.#names.get(item);
    if (name === undefined) {
      const base = sigil + item.name;
      const count = (this.#counts.get(base) ?? 0) + 1;
      this.#counts.set(base, count);
      name = count === 1 ? base : `${base}.${count}`;
      this.#names.set(item, name);
    }
    return name;
  }
}

class Printer {
  readonly #names = new Names();

  #use = (variable: Variable): string => this.#names.of(variable, "");
  #label = (label: Label): string => this.#names.of(label, ":");
  #declare = (variable: Variable): string =>
    this.#use(variable) + (variable.boxed ? "/boxed" : variable.captured ? "/captured" : "") + (variable.reassigned ? "/set" : "");
  #nodes = (nodes: readonly Node[]): Form[] => nodes.map((node) => this.node(node));
  #args = (args: readonly Argument[]): Form[] => args.map(({ name, value }) => (name === null ? this.node(value) : list(1, `${name}:`, this.node(value))));

  /** By kind; a kind that is missing here is a compile error. */
  readonly #forms: { readonly [K in Node["kind"]]: (node: NodeOf<K>) => Form } = {
    Const: (n) => printLiteral(n.value),
    Local: (n) => (n.onHole !== null ? list(2, "local", this.#use(n.variable), list(1, "on-hole", this.node(n.onHole))) : this.#use(n.variable) + (n.check ? "?" : "")),
    SetLocal: (n) => list(2, "set", this.#use(n.variable), this.node(n.value)),
    Let: (n) => list(2, "let", this.#use(n.variable), this.node(n.value)),
    Scope: (n) => list(2, "scope", list(0, ...n.variables.map(this.#declare)), this.node(n.body)),
    Global: (n) => (n.onHole === null ? `@${n.name}` : list(2, "global", `@${n.name}`, list(1, "on-hole", this.node(n.onHole)))),
    SetGlobal: (n) => list(2, "set", `@${n.name}`, this.node(n.value)),
    DefineGlobal: (n) => list(2, n.constant ? "define-const" : "define", `@${n.name}`, this.node(n.value)),
    Block: (n) => list(1, "block", ...this.#nodes(n.body)),
    Function: (n) => this.#function(n),
    Call: (n) => list(2, n.tail ? "tail-call" : "call", this.node(n.callee), ...this.#args(n.args)),
    CallMethod: (n) => list(3, n.optional ? "call-method?" : "call-method", this.node(n.receiver), n.name, ...this.#args(n.args)),
    CallNative: (n) => list(2, "native", `%${n.native}`, ...this.#nodes(n.args)),
    Apply: (n) => list(2, n.tail ? "tail-apply" : "apply", this.node(n.callee), this.node(n.args)),
    Return: (n) => list(1, "return", this.node(n.value)),
    If: (n) => list(2, "if", this.node(n.test), this.node(n.then), this.node(n.else)),
    Loop: (n) => list(3, "loop", this.#label(n.label), n.test === null ? "forever" : this.node(n.test), this.node(n.body), ...(n.update === null ? [] : [list(1, "update", this.node(n.update))])),
    ForEach: (n) => list(4, "for-each", this.#label(n.label), list(0, ...(n.key === null ? [] : [this.#declare(n.key)]), this.#declare(n.value)), this.node(n.iterable), this.node(n.body)),
    Labelled: (n) => list(2, "labelled", this.#label(n.label), this.node(n.body)),
    Break: (n) => list(2, "break", this.#label(n.label), ...(n.value === null ? [] : [this.node(n.value)])),
    Continue: (n) => list(2, "continue", this.#label(n.label)),
    Unary: (n) => list(1, lower(n.op), this.node(n.operand)),
    Binary: (n) => list(1, lower(n.op), ...this.#operands(n)),
    Primitive: (n) => list(1, `%${lower(n.op)}`, ...this.#nodes(n.args)),
    Logic: (n) => list(1, lower(n.op), ...this.#operands(n)),
    Array: (n) => list(1, "array", ...this.#nodes(n.elements)),
    Object: (n) => list(1, "object", ...n.entries.map((e) => list(1, e.key === null ? "..." : `${e.key}:`, this.node(e.value)))),
    Interpolate: (n) => list(1, "interpolate", ...this.#nodes(n.parts)),
    GetField: (n) => list(1, n.optional ? "get?" : "get", this.node(n.object), n.name),
    SetField: (n) => list(1, "set-field", this.node(n.object), n.name, this.node(n.value)),
    GetIndex: (n) => list(1, n.optional ? "index?" : "index", this.node(n.object), this.node(n.index)),
    SetIndex: (n) => list(1, "set-index", this.node(n.object), this.node(n.index), this.node(n.value)),
    Throw: (n) => list(1, "throw", this.node(n.value)),
    Fail: (n) => list(2, n.fatal ? "fail-fatal" : "fail", JSON.stringify(n.message)),
    Try: (n) => list(1, "try", this.node(n.body), ...(n.catch === null ? [] : [list(2, "catch", this.#declare(n.catch.variable), this.node(n.catch.body))]),
      ...(n.finally === null ? [] : [list(1, "finally", this.node(n.finally))])),
    Switch: (n) => list(3, "switch", this.#label(n.label), this.node(n.subject),
      ...n.cases.map((c, i) => list(i === n.fallback ? 2 : 1, ...flags([i === n.fallback && "default"]), c.test === null ? "case" : list(1, "case", this.node(c.test)), this.node(c.body)))),
    MakeRef: (n) => list(1, "make-ref", this.node(n.target)),
    IsRefParam: (n) => list(1, "is-ref-param", this.node(n.callee), String(n.index)),
    GetRef: (n) => list(2, "get-ref", this.#use(n.variable)),
    SetRef: (n) => list(2, "set-ref", this.#use(n.variable), this.node(n.value)),
    Convert: (n) => list(2, "convert", TYPE_NAMES[n.to] ?? String(n.to), this.node(n.value)),
    Await: (n) => list(1, "await", this.node(n.value)),
    Match: (n) => list(2, "match", this.node(n.scrutinee), this.tree(n.tree), ...n.arms.map((arm, i) => this.#arm(arm, i))),
    WithDynamic: (n) => list(3, "with-dynamic", `@${n.global}`, this.node(n.value), this.node(n.body)),
  };

  node(node: Node): Form {
    return (this.#forms[node.kind] as (node: Node) => Form)(node);
  }

  #operands(node: NodeOf<"Binary" | "Logic">): Form[] {
    const right: Node[] = [];
    let left: Node = node;
    while (left.kind === node.kind && left.op === node.op) {
      right.push(left.right);
      left = left.left;
    }
    return [this.node(left), ...this.#nodes(right.reverse())];
  }

  #function(n: FunctionNode): Form {
    const params: Form[] = n.params.map((p) => this.#parameter(p, ""));
    if (n.rest !== null) params.push(this.#parameter(n.rest, "..."));
    const notes: Form[] = [];
    if (n.self !== null) notes.push(list(2, "self", this.#declare(n.self)));
    if (n.captures.length > 0) notes.push(list(1, "captures", ...n.captures.map(this.#use)));
    if (n.selfVariable !== null) notes.push(list(2, "running", this.#use(n.selfVariable)));
    const kind = flags([n.isAsync && "async", n.library && "library", n.language !== "hemlock" && n.language]);
    return list(3 + kind.length + notes.length, "function", n.name === "" ? "_" : n.name, ...kind, list(0, ...params), ...notes, this.node(n.body));
  }

  #parameter(p: Parameter, prefix: string): Form {
    const name = (p.byRef ? "ref " : "") + prefix + this.#declare(p.variable);
    const extra: Form[] = [];
    if (p.default !== null) extra.push(list(1, "default", this.node(p.default)));
    if (p.convert !== null) extra.push(list(1, "convert", this.node(p.convert)));
    return extra.length === 0 ? name : list(1, name, ...extra);
  }

  #arm(arm: MatchArm, index: number): Form {
    const variables = list(0, ...arm.variables.map(this.#declare));
    const guard = arm.guard === null ? [] : [list(1, "guard", this.node(arm.guard))];
    return list(3, "arm", String(index), variables, ...guard, this.node(arm.body));
  }

  /** A subtree that several edges share is numbered (#1=…) where it is first met and named by that number afterwards. */
  tree(tree: DecisionTree): Form {
    const shared = sharedTrees(tree);
    const numbers = new Map<DecisionTree, string>();
    const show = (tree: DecisionTree): Form => {
      const known = numbers.get(tree);
      if (known !== undefined) return known;
      if (!shared.has(tree)) return this.#treeForm(tree, show);
      const number = `#${numbers.size + 1}`;
      numbers.set(tree, number);
      return list(1, `${number}=`, this.#treeForm(tree, show));
    };
    return show(tree);
  }

  #treeForm(tree: DecisionTree, show: (tree: DecisionTree) => Form): Form {
    if (tree.kind === "fail") return "no-match";
    if (tree.kind === "switch") {
      const edges = tree.edges.map((edge) => list(1, printTest(edge.when), show(edge.to)));
      return list(2, "switch", (tree.on === "length" ? "length " : "") + printPath(tree.path), ...edges, list(1, "else", show(tree.fallback)));
    }
    const bindings = tree.bindings.map(({ variable, path }) => `${this.#use(variable)}=${printPath(path)}`);
    if (tree.kind === "leaf") return list(2, "leaf", String(tree.arm), ...bindings);
    return list(2 + bindings.length, tree.keeps ? "guard" : "guard-afresh", String(tree.arm), ...bindings, list(1, "else", show(tree.fail)));
  }
}

/** Subtrees, other than failure, that are reached on more than one way. */
function sharedTrees(root: DecisionTree): Set<DecisionTree> {
  const met = new Set<DecisionTree>(), shared = new Set<DecisionTree>();
  const pending = [root];
  for (let tree = pending.pop(); tree !== undefined; tree = pending.pop()) {
    if (met.has(tree)) {
      if (tree.kind !== "fail") shared.add(tree);
      continue;
    }
    met.add(tree);
    if (tree.kind === "switch") pending.push(tree.fallback, ...tree.edges.map((edge) => edge.to));
    if (tree.kind === "guard") pending.push(tree.fail);
  }
  return shared;
}

/** `$` is the scrutinee. */
const printPath = (path: Path): string => `$${path.map(printStep).join("")}`;

function printStep(step: PathStep): string {
  switch (step.step) {
    case "element": return `[${step.index}]`;
    case "rest": return `[${step.from}..]`;
    case "field": return `.${step.name}`;
    case "item": return `(${step.index})`;
    case "items": return `(${step.from}..)`;
    case "entry": return `{${printLiteral(step.key)}}`;
  }
}

function printTest(test: DecisionTest): string {
  switch (test.test) {
    case "equals": return printLiteral(test.value);
    case "structural": return `equal ${printLiteral(test.value)}`;
    case "extent": return `items ${test.count}${test.exactly ? "" : ".."}`;
    case "map": return "map";
    case "entry": return `has ${printLiteral(test.key)}`;
    case "interval": {
      const { low, high } = test.interval;
      return low === high ? String(low) : `${low ?? ""}..${high ?? ""}`;
    }
  }
}
