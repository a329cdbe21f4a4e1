// What a heap consists of, in figures: cells by kind and by class, and the nodes that keep most alive.

import { cellInfo } from "../../heap/layout.ts";
import { CellKind } from "../../heap/value.ts";
import { isCellNode, kindOfNode, nameOf, ROOT, type HeapGraph } from "./graph.ts";
import { NodeType } from "./node-kinds.ts";
import type { Retention } from "./retained.ts";

/** Nodes that have something in common. */
export interface Row {
  readonly name: string;
  readonly count: number;
  /** Bytes of the nodes themselves. */
  readonly bytes: number;
}
export interface ClassRow extends Row { /** Bytes that would be free without them. */ readonly retained: number }

/** The class of a node: objects by type or keys, functions by name and place; strings, code and other parts by what they are. */
export function classOf(graph: HeapGraph, node: number): string {
  switch (graph.types[node]! as NodeType) {
    case NodeType.String: return "(string)";
    case NodeType.Code: return "(code)";
    case NodeType.Symbol: return "(symbol)";
    case NodeType.ObjectShape: return "(shape)";
    case NodeType.Number: case NodeType.BigInt: return "(number)";
    case NodeType.Array: case NodeType.Hidden: return `(${nameOf(graph, node)})`;
    case NodeType.Native: return "(raw memory)";
    default: return nameOf(graph, node);
  }
}

const byBytes = (a: Row, b: Row): number => b.bytes - a.bytes || (a.name < b.name ? -1 : 1);

/** Cells by kind, as the heap knows them; largest first. */
export function kindRows(graph: HeapGraph): Row[] {
  const totals = new Map<CellKind, { count: number; bytes: number }>();
  for (let node = graph.firstCell; node < graph.nodeCount; node++) {
    const kind = kindOfNode(graph, node), total = totals.get(kind) ?? { count: 0, bytes: 0 };
    total.count++;
    total.bytes += graph.sizes[node]!;
    totals.set(kind, total);
  }
  return [...totals].map(([kind, total]) => ({ name: cellInfo(kind).name, ...total })).sort(byBytes);
}

/** Numbers for the classes of a graph: of each node, and their names. */
function classes(graph: HeapGraph): { readonly ofNode: Uint32Array; readonly names: readonly string[] } {
  const ofNode = new Uint32Array(graph.nodeCount), names: string[] = [], numbers = new Map<string, number>(), known = new Map<number, number>();
  for (let node = 0; node < graph.nodeCount; node++) {
    // Type and name decide; there are far fewer of both than nodes.
    const key = graph.types[node] === NodeType.String ? -1 : graph.names[node]! * 16 + graph.types[node]!;
    let number = known.get(key);
    if (number === undefined) {
      const name = classOf(graph, node);
      number = numbers.get(name) ?? names.push(name) - 1;
      numbers.set(name, number);
      known.set(key, number);
    }
    ofNode[node] = number;
  }
  return { ofNode, names };
}

/** Nodes by class, with what they retain together: a node below another of its class counts once. Largest retained first. */
export function classRows({ graph, tree, sizes }: Retention): ClassRow[] {
  const { ofNode, names } = classes(graph), rows = names.map((name) => ({ name, count: 0, bytes: 0, retained: 0 }));
  for (const node of tree.order) {
    const row = rows[ofNode[node]!]!;
    row.count++;
    row.bytes += graph.sizes[node]!;
  }
  const open = new Uint32Array(names.length);
  walkTree(tree.dominators, tree.order, (node) => {
    if (open[ofNode[node]!]!++ === 0) rows[ofNode[node]!]!.retained += sizes[node]!;
  }, (node) => { open[ofNode[node]!]!--; });
  return rows.filter(({ bytes }) => bytes > 0).sort((a, b) => b.retained - a.retained || byBytes(a, b));
}

/** Enters and leaves every node of a dominator tree, parents around their children. */
function walkTree(dominators: Uint32Array, order: Uint32Array, enter: (node: number) => void, leave: (node: number) => void): void {
  const firstChild = new Uint32Array(dominators.length), sibling = new Uint32Array(dominators.length);
  // The root is nobody's child, so 0 stands for none.
  for (let i = order.length - 1; i > 0; i--) {
    const node = order[i]!, parent = dominators[node]!;
    sibling[node] = firstChild[parent]!;
    firstChild[parent] = node;
  }
  const path: number[] = [ROOT];
  enter(ROOT);
  while (path.length > 0) {
    const node = path.at(-1)!, child = firstChild[node]!;
    if (child === 0) {
      leave(node);
      path.pop();
    } else {
      // What is left is the list of the children not entered yet.
      firstChild[node] = sibling[child]!;
      path.push(child);
      enter(child);
    }
  }
}

/** Kinds that only lead to what people look for. */
const PLUMBING: readonly CellKind[] = [CellKind.Global, CellKind.Box, CellKind.Slots, CellKind.Stack, CellKind.SymbolTable];
/** A node whose one child keeps this part of it says no more than the child. */
const SAME = 0.95;

/** Nodes looked at for each one listed. */
const CHOICE = 50;

/** The nodes that keep most alive, without those that only hold another of the list. */
export function topRetainers({ graph, tree, sizes }: Retention, limit: number): number[] {
  const isCandidate = (node: number): boolean => isCellNode(graph, node) && !PLUMBING.includes(kindOfNode(graph, node)) && nameOf(graph, node) !== "Globals";
  const candidates = tree.order.filter(isCandidate), inOrder = Float64Array.from(candidates, (node) => sizes[node]!).sort();
  const least = inOrder[Math.max(0, inOrder.length - CHOICE * limit)] ?? 0, listed: number[] = [], seen = new Set<number>();
  // A stable sort: of two that keep the same, the one above comes first.
  for (const node of [...candidates.filter((each) => sizes[each]! >= least)].sort((a, b) => sizes[b]! - sizes[a]!)) {
    if (listed.length === limit) break;
    if (!holdsTheSame(tree.dominators, sizes, node, seen)) listed.push(node);
    seen.add(node);
  }
  return listed;
}

/** Whether a node seen before, somewhere above, keeps hardly more than this one. */
function holdsTheSame(dominators: Uint32Array, sizes: Float64Array, node: number, seen: ReadonlySet<number>): boolean {
  for (let above = dominators[node]!; above !== ROOT && sizes[above]! * SAME <= sizes[node]!; above = dominators[above]!) if (seen.has(above)) return true;
  return false;
}
