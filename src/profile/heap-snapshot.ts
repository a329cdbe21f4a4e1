// Writes a graph as a .heapsnapshot file, the format of V8 that Chrome DevTools, memlab and others read. It is made in pieces,
// so a file of any size needs no more memory than the graph.
//
// Rules of the format that readers rely on
// 1. Readers search for the sections in a fixed order: snapshot, nodes, edges, trace infos, trace tree, samples, locations, strings.
// 2. The flat arrays hold non-negative integers only: readers look at digits.
// 3. Counts are exact, edges lie in order of their nodes, and references to nodes are places in the flat array.
// 4. An edge is named by a number if its type is element or hidden, else by a string.

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

/** The file in pieces of some 64 KiB. */
export function* heapSnapshot(graph: HeapGraph): Generator<string, void, undefined> {
  const header = { meta: META, node_count: graph.nodeCount, edge_count: graph.edgeCount, trace_function_count: 0 };
  yield `{"snapshot":${JSON.stringify(header)},\n"nodes":[`;
  yield* pieces(graph.nodeCount, (node) => nodeText(graph, node));
  yield `],\n"edges":[`;
  yield* pieces(graph.edgeCount, (edge) => edgeTextOf(graph, edge));
  yield `],\n"trace_function_infos":[],\n"trace_tree":[],\n"samples":[],\n"locations":[`;
  // Scripts count from 1, lines and columns from 0.
  yield* pieces(graph.locations.length, (i) => {
    const { node, sourceId, line, column } = graph.locations[i]!;
    return `${node * NODE_FIELDS.length},${sourceId + 1},${line - 1},${column - 1}`;
  });
  yield `],\n"strings":[`;
  yield* pieces(graph.texts.length, (i) => JSON.stringify(graph.texts[i]!));
  yield "]}\n";
}

const nodeText = ({ types, names, ids, sizes, firstEdge }: HeapGraph, node: number): string =>
  `${types[node]},${names[node]},${ids[node]},${sizes[node]},${firstEdge[node + 1]! - firstEdge[node]!},0,0`;

const edgeTextOf = (graph: HeapGraph, edge: number): string =>
  `${edgeType(graph, edge)},${edgeName(graph, edge)},${graph.edgeTargets[edge]! * NODE_FIELDS.length}`;

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
