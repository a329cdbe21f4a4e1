// A graph of the heap at one moment, in typed arrays: two million cells and their references take some 100 MB and seconds. It
// keeps nothing of the world, so the VM may go on.
//
//   node 0                 the root; node 1 "(GC roots)", then a node for each group of roots
//   then                   the frames of the running stack, innermost first
//   then                   regions of raw memory that buffers own
//   then                   the live cells, by address
//
// Edges lie in order of the nodes they leave: those of node i are [firstEdge[i], firstEdge[i + 1]).

import type { CellKind } from "../../heap/value.ts";
import { EdgeType, isIndexed } from "./node-kinds.ts";

/** Where the function of a closure or code node begins. Lines and columns from 1. */
export interface NodeLocation { readonly node: number; readonly sourceId: number; readonly line: number; readonly column: number }

export interface HeapGraph {
  readonly nodeCount: number;
  readonly edgeCount: number;
  /** NodeType of each node. */
  readonly types: Uint8Array;
  /** CellKind of each node that is a cell, else 0. */
  readonly kinds: Uint8Array;
  /** Places in `texts`. */
  readonly names: Uint32Array;
  /** Bytes of the node alone. */
  readonly sizes: Uint32Array;
  /** Odd for cells, and the same for a cell in all graphs that a profiler makes of its VM; see object-ids.ts. */
  readonly ids: Float64Array;
  /** Of cells, else 0. */
  readonly addresses: Uint32Array;
  /** One entry more than there are nodes. */
  readonly firstEdge: Uint32Array;
  /** Type and name of each edge, see edgeType and edgeName. */
  readonly edgeLabels: Uint32Array;
  readonly edgeTargets: Uint32Array;
  readonly texts: readonly string[];
  readonly locations: readonly NodeLocation[];
  /** First node that is a cell; all that follow are. */
  readonly firstCell: number;
  /** Names of the sources that locations refer to. */
  readonly sources: readonly string[];
}

export const ROOT = 0;

export const nameOf = (graph: HeapGraph, node: number): string => graph.texts[graph.names[node]!]!;
export const isCellNode = (graph: HeapGraph, node: number): boolean => node >= graph.firstCell;
export const kindOfNode = (graph: HeapGraph, node: number): CellKind => graph.kinds[node]! as CellKind;

export const edgeLabel = (type: EdgeType, name: number): number => (name << 3) | type;
export const edgeType = (graph: HeapGraph, edge: number): EdgeType => graph.edgeLabels[edge]! & 7;
/** A number for the types that isIndexed, else a place in `texts`. */
export const edgeName = (graph: HeapGraph, edge: number): number => graph.edgeLabels[edge]! >>> 3;

/** Whether the edge keeps its target alive. Shortcuts do so from the root only, as DevTools has it. */
export function retains(graph: HeapGraph, edge: number, from: number): boolean {
  const type = edgeType(graph, edge);
  return type !== EdgeType.Weak && (type !== EdgeType.Shortcut || from === ROOT);
}

/** Name of an edge, numbers in brackets. */
export const edgeText = (graph: HeapGraph, edge: number): string =>
  isIndexed(edgeType(graph, edge)) ? `[${edgeName(graph, edge)}]` : graph.texts[edgeName(graph, edge)]!;

/** Bytes of all nodes: the live cells and the raw memory of their buffers. */
export function totalSize(graph: HeapGraph): number {
  let total = 0;
  for (let i = 0; i < graph.nodeCount; i++) total += graph.sizes[i]!;
  return total;
}
