// Walking the IR: the child nodes of each kind, declared once in CHILDREN. The types read nodes.ts, so a node kind, or a
// field that holds nodes, which has no entry here is a compile error. Everything that visits or rewrites whole trees
// goes through these functions; only passes that give kinds a meaning look at fields themselves.

import type { Node, NodeKind, Variable } from "./nodes.ts";

export type NodeOf<K extends NodeKind> = Extract<Node, { readonly kind: K }>;

/** True for a field that is a node, a node or null, or a list of nodes. */
type IsChild<T> = [T] extends [null] ? false : [T] extends [Node | null] ? true : [T] extends [readonly Node[]] ? true : false;
type ChildFields<P> = { readonly [F in keyof P as IsChild<P[F]> extends true ? F : never]: 1 };
/** A part: a plain object in a field (an argument, a case, an arm) that holds nodes in its own fields. */
type PartOf<T> = NonNullable<T> extends readonly (infer P)[] ? P : NonNullable<T>;
type IsPart<T> = IsChild<T> extends true ? false
  : PartOf<T> extends Variable ? false
  : PartOf<T> extends object ? (keyof ChildFields<PartOf<T>> extends never ? false : true) : false;
type PartFields<N> = { readonly [F in keyof N as IsPart<N[F]> extends true ? F : never]: ChildFields<PartOf<N[F]>> };
type Row<N> = ChildFields<N> & PartFields<N>;

/** Fields holding children, in evaluation order; an inner object names the fields of a part. */
const CHILDREN: { readonly [K in NodeKind]: Row<NodeOf<K>> } = {
  Const: {}, Local: { onHole: 1 }, SetLocal: { value: 1 }, Let: { value: 1 }, Scope: { body: 1 },
  Global: { onHole: 1 }, SetGlobal: { value: 1 }, DefineGlobal: { value: 1 }, Block: { body: 1 },
  Function: { params: { default: 1, convert: 1 }, rest: { default: 1, convert: 1 }, body: 1 },
  Call: { callee: 1, args: { value: 1 } }, CallMethod: { receiver: 1, args: { value: 1 } }, CallNative: { args: 1 },
  Apply: { callee: 1, args: 1 }, Return: { value: 1 }, If: { test: 1, then: 1, else: 1 },
  Loop: { test: 1, body: 1, update: 1 }, ForEach: { iterable: 1, body: 1 }, Labelled: { body: 1 },
  Break: { value: 1 }, Continue: {}, Unary: { operand: 1 }, Primitive: { args: 1 }, Binary: { left: 1, right: 1 }, Logic: { left: 1, right: 1 },
  Array: { elements: 1 }, Object: { entries: { value: 1 } }, Interpolate: { parts: 1 },
  GetField: { object: 1 }, SetField: { object: 1, value: 1 }, GetIndex: { object: 1, index: 1 }, SetIndex: { object: 1, index: 1, value: 1 },
  Throw: { value: 1 }, Fail: {}, Try: { body: 1, catch: { body: 1 }, finally: 1 },
  Switch: { subject: 1, cases: { test: 1, body: 1 } }, MakeRef: { target: 1 }, IsRefParam: { callee: 1 },
  GetRef: {}, SetRef: { value: 1 }, Convert: { value: 1 }, Await: { value: 1 },
  Match: { scrutinee: 1, arms: { guard: 1, body: 1 } }, WithDynamic: { value: 1, body: 1 },
};

/** The table seen without types: the loops below treat all kinds alike. */
type Untyped = { readonly [field: string]: unknown };
interface Layout { readonly field: string; /** Fields of the part, or null when the field holds nodes directly. */ readonly part: readonly string[] | null }
const LAYOUTS = new Map<string, readonly Layout[]>(Object.entries(CHILDREN).map(([kind, row]) => [
  kind,
  Object.entries(row as Untyped).map(([field, part]) => ({ field, part: part === 1 ? null : Object.keys(part as object) })),
]));

export type Visit = (child: Node) => void;
export type Rewrite = (child: Node) => Node;

/** Calls `visit` with each child. Order is evaluation order, but a Switch gives test, body, test, body. */
export function eachChild(node: Node, visit: Visit): void {
  for (const { field, part } of LAYOUTS.get(node.kind)!) {
    const held = (node as unknown as Untyped)[field];
    if (held === null) continue;
    for (const item of Array.isArray(held) ? (held as unknown[]) : [held]) {
      if (part === null) visit(item as Node);
      else for (const name of part) {
        const child = (item as Untyped)[name];
        if (child !== null) visit(child as Node);
      }
    }
  }
}

export function children(node: Node): Node[] {
  const list: Node[] = [];
  eachChild(node, (child) => list.push(child));
  return list;
}

function rewritePart(item: Untyped, names: readonly string[], rewrite: Rewrite): Untyped {
  let copy: Record<string, unknown> | null = null;
  for (const name of names) {
    const child = item[name];
    if (child === null) continue;
    const next = rewrite(child as Node);
    if (next !== child) (copy ??= { ...item })[name] = next;
  }
  return copy ?? item;
}

/** The node with each child replaced; the very same object when no child changed. */
export function mapChildren<N extends Node>(node: N, rewrite: Rewrite): N {
  let copy: Record<string, unknown> | null = null;
  for (const { field, part } of LAYOUTS.get(node.kind)!) {
    const held = (node as unknown as Untyped)[field];
    if (held === null) continue;
    const one = (item: unknown): unknown => (part === null ? rewrite(item as Node) : rewritePart(item as Untyped, part, rewrite));
    let next: unknown;
    if (Array.isArray(held)) {
      const list = (held as unknown[]).map(one);
      next = list.some((item, i) => item !== (held as unknown[])[i]) ? list : held;
    } else {
      next = one(held);
    }
    if (next !== held) (copy ??= { ...node })[field] = next;
  }
  return (copy ?? node) as N;
}

/**
 * The child that is evaluated first and that sources nest without bound: `a + b + c + …`, `x.f().g().h()…`. Walkers
 * follow it in a loop, so that such chains do not use up the JavaScript stack. Null for all other kinds.
 */
export function spineChild(node: Node): Node | null {
  switch (node.kind) {
    case "Binary": case "Logic": return node.left;
    case "Call": return node.callee;
    case "CallMethod": return node.receiver;
    case "GetField": case "GetIndex": return node.object;
    default: return null;
  }
}

/** The node and its spine, innermost (first evaluated) last. */
export function spine(node: Node): Node[] {
  const list = [node];
  for (let next = spineChild(node); next !== null; next = spineChild(next)) list.push(next);
  return list;
}

/** Kinds that declare variables. Copying such a node twice would declare its variables twice. */
const DECLARING: ReadonlySet<NodeKind> = new Set(["Function", "Scope", "ForEach", "Try", "Match"]);

/** Rewrites bottom-up: `rewrite` gets each node after its children. A declaring node met twice is rewritten once. */
export function transform(root: Node, rewrite: Rewrite): Node {
  const rewritten = new Map<Node, Node>();
  const walk = (node: Node): Node => {
    const chain = spine(node);
    let from: Node | null = null;
    let to: Node = node;
    for (let i = chain.length - 1; i >= 0; i--) {
      const current: Node = chain[i]!;
      const inner = from, done = to;
      to = rewritten.get(current) ?? rewrite(mapChildren(current, (child) => (child === inner ? done : walk(child))));
      if (DECLARING.has(current.kind)) rewritten.set(current, to);
      from = current;
    }
    return to;
  };
  return walk(root);
}

/** Calls `enter` for every node of the tree, parents first. */
export function eachNode(root: Node, enter: Visit): void {
  const stack = [root];
  while (stack.length > 0) {
    const node = stack.pop()!;
    enter(node);
    const list = children(node);
    for (let i = list.length - 1; i >= 0; i--) stack.push(list[i]!);
  }
}
