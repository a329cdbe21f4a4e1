// What nodes keep alive, and what keeps them alive: retained sizes, distances and the shortest path from the roots.

import { dominatorTree, retaining, type DominatorTree } from "./dominators.ts";
import { CellKind } from "../../heap/value.ts";
import { edgeText, edgeType, nameOf, retains, ROOT, type HeapGraph } from "./graph.ts";
import { EdgeType, NodeType } from "./node-kinds.ts";

/** Steps shown at each end of a long path. */
const PATH_ENDS = 6;
/** No edge. */
const NONE = 0xffff_ffff;

/** Answers questions about a graph; the tables are made when they are first needed. */
export class Retention {
  #tree: DominatorTree | null = null;
  #retained: Float64Array | null = null;
  #reachedBy: Uint32Array | null = null;

  constructor(readonly graph: HeapGraph) {}

  get tree(): DominatorTree { return this.#tree ??= dominatorTree(retaining(this.graph), ROOT); }

  /** By node, the bytes that would be free if it were not there: its own and those of all it dominates. */
  get sizes(): Float64Array {
    if (this.#retained !== null) return this.#retained;
    const { dominators, order } = this.tree, sizes = Float64Array.from(this.graph.sizes);
    for (let i = order.length - 1; i > 0; i--) sizes[dominators[order[i]!]!]! += sizes[order[i]!]!;
    return this.#retained = sizes;
  }

  get #edges(): Uint32Array { return this.#reachedBy ??= shortestPaths(this.graph); }

  /** A shortest path from the roots to the node. What scripts and hosts hold counts as nearer than what the engine holds. */
  pathTo(node: number): PathStep[] {
    const steps: PathStep[] = [], edges = this.#edges;
    for (let at = node; at !== ROOT && edges[at] !== NONE; at = sourceOf(this.graph, edges[at]!)) steps.push({ node: at, edge: edges[at]! });
    return steps.reverse();
  }

  /** The path as one line: `globals › cache › [3] › name`. */
  pathText(node: number): string {
    const { graph } = this, parts: string[] = [];
    this.pathTo(node).forEach(({ edge, node: at }, i, steps) => {
      const from = i === 0 ? ROOT : steps[i - 1]!.node, kind = graph.kinds[from]!, frame = isFrame(graph, at);
      // A variable and its value are one thing to people, a stack and its frames too.
      if ((kind === CellKind.Global || kind === CellKind.Box) && edgeText(graph, edge) === "value") return;
      if (graph.kinds[at] === CellKind.Stack && i === 0 && steps.length > 1) return;
      if (graph.types[at] !== NodeType.Synthetic) parts.push(frame ? `call of ${nameOf(graph, at)}` : edgeText(graph, edge));
    });
    if (parts.length > 2 * PATH_ENDS) parts.splice(PATH_ENDS, parts.length - 2 * PATH_ENDS, `… ${parts.length - 2 * PATH_ENDS} more …`);
    return parts.length === 0 ? "(root)" : parts.join(" › ");
  }
}

/** Whether the node is a call on the running stack. */
export const isFrame = (graph: HeapGraph, node: number): boolean => node < graph.firstCell && graph.types[node] === NodeType.Object;

/** An edge and the node it leads to. */
export interface PathStep { readonly edge: number; readonly node: number }

/** Node that the edge leaves, by halving. */
export function sourceOf({ firstEdge, nodeCount }: HeapGraph, edge: number): number {
  let low = 0, high = nodeCount - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (firstEdge[middle]! <= edge) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** By node, the edge by which a breadth-first search reaches it. What scripts hold is searched to its end before the engine's own roots are. */
function shortestPaths(graph: HeapGraph): Uint32Array {
  const reachedBy = new Uint32Array(graph.nodeCount).fill(NONE), queue = new Uint32Array(graph.nodeCount), { firstEdge, edgeTargets } = graph;
  let count = 0;
  const reach = (edge: number): void => {
    const target = edgeTargets[edge]!;
    if (target === ROOT || reachedBy[target] !== NONE) return;
    reachedBy[target] = edge;
    queue[count++] = target;
  };
  let done = 0;
  const drain = (): void => {
    for (; done < count; done++) {
      const node = queue[done]!;
      for (let e = firstEdge[node]!; e < firstEdge[node + 1]!; e++) if (retains(graph, e, node)) reach(e);
    }
  };
  const rootEdges = (type: EdgeType): void => { for (let e = firstEdge[ROOT]!; e < firstEdge[ROOT + 1]!; e++) if (edgeType(graph, e) === type) reach(e); };
  rootEdges(EdgeType.Shortcut);
  drain();
  rootEdges(EdgeType.Element);
  drain();
  return reachedBy;
}
