// Who keeps what alive: the immediate dominator of each node, and the bytes that would go with it.
//
// Semi-NCA (Loukas Georgiadis, "Linear-Time Algorithms for Dominators and Related Problems", Princeton 2005, section 2.3): semidominators
// as Lengauer and Tarjan find them, with path compression but without their buckets; then each immediate dominator is the
// nearest common ancestor of the parent and the semidominator. In practice the fastest known; its worst case is quadratic.
//
// Arrays below go by place in depth-first order, which starts with 0 for the root.

import { retains, type HeapGraph } from "./graph.ts";

/** A graph as adjacency arrays: the edges of node i are targets[first[i]] … targets[first[i + 1] - 1]. */
export interface Adjacency { readonly nodeCount: number; readonly first: Uint32Array; readonly targets: Uint32Array }

/** Stands for the dominator of a node that the root does not reach. */
export const UNREACHED = 0xffff_ffff;

interface DepthFirst {
  /** Nodes in the order in which they were reached. */
  readonly order: Uint32Array;
  /** By node; UNREACHED for the rest. */
  readonly places: Uint32Array;
  /** Place of the node each was reached from. */
  readonly parents: Uint32Array;
  readonly count: number;
}

function depthFirst({ nodeCount, first, targets }: Adjacency, root: number): DepthFirst {
  const order = new Uint32Array(nodeCount), parents = new Uint32Array(nodeCount), places = new Uint32Array(nodeCount).fill(UNREACHED);
  const path = new Uint32Array(nodeCount + 1), next = first.slice(0, nodeCount);
  let count = 1, depth = 1;
  order[0] = path[0] = root;
  places[root] = 0;
  while (depth > 0) {
    const node = path[depth - 1]!, edge = next[node]!++;
    if (edge >= first[node + 1]!) {
      depth--;
      continue;
    }
    const target = targets[edge]!;
    if (places[target] !== UNREACHED) continue;
    places[target] = count;
    parents[count] = places[node]!;
    order[count++] = target;
    path[depth++] = target;
  }
  return { order, places, parents, count };
}

/** For each place, the places of its predecessors. */
function predecessors({ first, targets }: Adjacency, { order, places, count }: DepthFirst): { readonly firstIn: Uint32Array; readonly sources: Uint32Array } {
  const firstIn = new Uint32Array(count + 1);
  for (let v = 0; v < count; v++) for (let e = first[order[v]!]!; e < first[order[v]! + 1]!; e++) firstIn[places[targets[e]!]! + 1]!++;
  for (let v = 0; v < count; v++) firstIn[v + 1]! += firstIn[v]!;
  const sources = new Uint32Array(firstIn[count]!), next = firstIn.slice();
  for (let v = 0; v < count; v++) for (let e = first[order[v]!]!; e < first[order[v]! + 1]!; e++) sources[next[places[targets[e]!]!]!++] = v;
  return { firstIn, sources };
}

export interface DominatorTree {
  /** Immediate dominator of each node; the root's is itself. */
  readonly dominators: Uint32Array;
  /** The nodes that the root reaches, each after its dominator. */
  readonly order: Uint32Array;
}

export function dominatorTree(graph: Adjacency, root: number): DominatorTree {
  const search = depthFirst(graph, root), { order, parents, count } = search, { firstIn, sources } = predecessors(graph, search);
  const semi = Uint32Array.from({ length: count }, (_, i) => i), forest = new Forest(parents.slice(0, count), semi, semi.slice());
  for (let w = count - 1; w > 0; w--) {
    for (let e = firstIn[w]!; e < firstIn[w + 1]!; e++) semi[w] = Math.min(semi[w]!, semi[forest.evaluate(sources[e]!, w + 1)]!);
  }
  const idom = parents.slice(0, count);
  for (let w = 1; w < count; w++) while (idom[w]! > semi[w]!) idom[w] = idom[idom[w]!]!;
  const result = new Uint32Array(graph.nodeCount).fill(UNREACHED);
  for (let w = 0; w < count; w++) result[order[w]!] = order[idom[w]!]!;
  return { dominators: result, order: order.subarray(0, count) };
}

/** The part of the search tree seen so far, whose paths get shorter as they are used. */
class Forest {
  readonly #path: number[] = [];

  constructor(private readonly ancestors: Uint32Array, private readonly semi: Uint32Array, private readonly label: Uint32Array) {}

  /** Of v and its ancestors from `linked` on, the one with the lowest semidominator. */
  evaluate(v: number, linked: number): number {
    const { ancestors, semi, label } = this, path = this.#path;
    if (ancestors[v]! < linked) return label[v]!;
    do {
      path.push(v);
      v = ancestors[v]!;
    } while (ancestors[v]! >= linked);
    let above = v, best = label[v]!;
    while (path.length > 0) {
      v = path.pop()!;
      ancestors[v] = ancestors[above]!;
      if (semi[best]! < semi[label[v]!]!) label[v] = best;
      else best = label[v]!;
      above = v;
    }
    return label[v]!;
  }
}

/** The edges of a heap graph that keep their targets alive. */
export function retaining(graph: HeapGraph): Adjacency {
  const { nodeCount, firstEdge, edgeTargets } = graph, first = new Uint32Array(nodeCount + 1), targets = new Uint32Array(graph.edgeCount);
  let count = 0;
  for (let node = 0; node < nodeCount; node++) {
    first[node] = count;
    for (let e = firstEdge[node]!; e < firstEdge[node + 1]!; e++) if (retains(graph, e, node)) targets[count++] = edgeTargets[e]!;
  }
  first[nodeCount] = count;
  return { nodeCount, first, targets: targets.subarray(0, count) };
}
