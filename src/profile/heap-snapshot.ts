// Writes a graph as a .heapsnapshot file, the format of V8 that Chrome DevTools, memlab and others read. It is made in pieces,
// so a file of any size needs no more memory than the graph.
//
// Rules of the format that readers rely on
// 1. Readers search for the sections in a fixed order: snapshot, nodes, edges, trace infos, trace tree, samples, locations, strings.
// 2. The flat arrays hold non-negative integers only: readers look at digits.
// 3. Counts are exact, edges lie in order of their nodes, and references to nodes are places in the flat array.
// 4. An edge is named by a number if its type is element or hidden, else by a string.

import type { AllocationSite } from "./allocation-profiler.ts";
import type { CallNode, CallTree } from "./call-tree.ts";
import { edgeName, edgeType, type HeapGraph } from "./graph.ts";
import { EDGE_TYPES, NODE_TYPES } from "./node-kinds.ts";

const NODE_FIELDS = ["type", "name", "id", "self_size", "edge_count", "trace_node_id", "detachedness"] as const;
const EDGE_FIELDS = ["type", "name_or_index", "to_node"] as const;
const META = {
  node_fields: NODE_FIELDS, node_types: [NODE_TYPES, "string", "number", "number", "number", "number", "number"],
  edge_fields: EDGE_FIELDS, edge_types: [EDGE_TYPES, "string_or_number", "node"],
  trace_function_info_fields: ["function_id", "name", "script_name", "script_id", "line", "column"],
  trace_node_fields: ["id", "function_info_index", "count", "size", "children"],
  sample_fields: ["timestamp_us", "last_assigned_id"], location_fields: ["object_index", "script_id", "line", "column"],
};
/** Characters of a piece, about. */
const PIECE = 1 << 16;

/** Where cells were allocated, and when: what makes a snapshot a timeline. */
export interface Traces {
  readonly tree: CallTree;
  readonly sites: readonly AllocationSite[];
  /** Id of the node of the tree that allocated the cell at an address, 0 for none. */
  readonly siteOf: (addr: number) => number;
  /** Moments, with the highest id of a node that was allocated by then. */
  readonly moments: readonly { readonly micros: number; readonly lastId: number }[];
}

/** The file in pieces of some 64 KiB. */
export function* heapSnapshot(graph: HeapGraph, traces: Traces | null = null): Generator<string, void, undefined> {
  const trace = traces === null ? null : traceTexts(traces, graph.texts.length);
  const header = { meta: META, node_count: graph.nodeCount, edge_count: graph.edgeCount, trace_function_count: trace?.functions ?? 0 };
  yield `{"snapshot":${JSON.stringify(header)},\n"nodes":[`;
  yield* pieces(graph.nodeCount, (node) => nodeText(graph, node, traces));
  yield `],\n"edges":[`;
  yield* pieces(graph.edgeCount, (edge) => edgeTextOf(graph, edge));
  yield `],\n"trace_function_infos":[${trace?.infos ?? ""}],\n"trace_tree":[${trace?.tree ?? ""}],\n"samples":[${trace?.samples ?? ""}],\n"locations":[`;
  // Scripts count from 1, lines and columns from 0.
  yield* pieces(graph.locations.length, (i) => {
    const { node, sourceId, line, column } = graph.locations[i]!;
    return `${node * NODE_FIELDS.length},${sourceId + 1},${line - 1},${column - 1}`;
  });
  yield `],\n"strings":[`;
  const texts = trace === null ? graph.texts : [...graph.texts, ...trace.texts];
  yield* pieces(texts.length, (i) => JSON.stringify(texts[i]!));
  yield "]}\n";
}

const nodeText = ({ types, names, ids, sizes, firstEdge, addresses, firstCell }: HeapGraph, node: number, traces: Traces | null): string =>
  `${types[node]},${names[node]},${ids[node]},${sizes[node]},${firstEdge[node + 1]! - firstEdge[node]!},${traces === null || node < firstCell ? 0 : traces.siteOf(addresses[node]!)},0`;

const edgeTextOf = (graph: HeapGraph, edge: number): string =>
  `${edgeType(graph, edge)},${edgeName(graph, edge)},${graph.edgeTargets[edge]! * NODE_FIELDS.length}`;

/** The sections about traces, and the texts they refer to, which come after `first` others. Lines and columns count from 1 here. */
function traceTexts({ tree, sites, moments }: Traces, first: number): { functions: number; infos: string; tree: string; samples: string; texts: string[] } {
  const texts: string[] = [], places = [...new Set(tree.nodes.map(({ place }) => place))], bySite = new Map(sites.map((site) => [site.node, site]));
  const text = (value: string): number => first + texts.push(value) - 1;
  const infos = places.map((place, i) => [i, text(place.name), text(place.source), place.sourceId + 1, place.line, place.column].join(",")), numbers = new Map(places.map((place, i) => [place, i]));
  const nodeOf = (node: CallNode): string => {
    const site = bySite.get(node);
    return `${node.id},${numbers.get(node.place)!},${site?.allocated ?? 0},${site?.allocatedBytes ?? 0},[${[...node.children.values()].map(nodeOf).join(",")}]`;
  };
  return { functions: places.length, infos: infos.join(",\n"), tree: nodeOf(tree.root), samples: moments.map(({ micros, lastId }) => `${micros},${lastId}`).join(","), texts };
}

/** The texts of `count` items with commas between, several at a time. */
function* pieces(count: number, textOf: (i: number) => string): Generator<string, void, undefined> {
  let piece = "";
  for (let i = 0; i < count; i++) {
    piece += i === 0 ? textOf(i) : `,\n${textOf(i)}`;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
}
