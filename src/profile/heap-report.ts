// A heap in a page of text: kinds, classes, what keeps most alive and by which path, repeated strings, the map of pages.

import type { WorldView } from "./world-view.ts";
import { duplicateStrings } from "./duplicates.ts";
import { classOf, classRows, kindRows, topRetainers } from "./summary.ts";
import { nameOf, totalSize, type HeapGraph } from "./graph.ts";
import { NodeType } from "./node-kinds.ts";
import { pageMap, pageMapText } from "./page-map.ts";
import { Retention } from "./retained.ts";
import { bytesText, tableText } from "./tables.ts";

/** Characters of a string or of a path's end that a line shows. */
const TEXT_SHOWN = 40;

/** The node in a few words: strings in quotes, everything else by its class. */
export function nodeText(graph: HeapGraph, node: number): string {
  if (graph.types[node] !== NodeType.String) return classOf(graph, node);
  const text = nameOf(graph, node);
  return JSON.stringify(text.length > TEXT_SHOWN ? `${text.slice(0, TEXT_SHOWN)}…` : text);
}

/** `graph`: made of the world as it is now. `top`: rows of each table. */
export function heapReport(view: WorldView, graph: HeapGraph, top = 10): string {
  const retention = new Retention(graph), retained = retention.sizes, cells = graph.nodeCount - graph.firstCell;
  const duplicates = duplicateStrings(view).slice(0, top);
  const sections = [
    `${cells} cells alive in ${bytesText(totalSize(graph))}, a world of ${bytesText(view.mem.worldBytes)}`,
    `By kind\n${tableText(["count", "bytes", "kind"], kindRows(graph).slice(0, top).map(({ name, count, bytes }) => [String(count), bytesText(bytes), name]))}`,
    `By class\n${tableText(["count", "bytes", "retained", "class"], classRows(retention).filter(({ name }) => !/^\(?Globals?\)?$/.test(name)).slice(0, top)
      .map((row) => [String(row.count), bytesText(row.bytes), bytesText(row.retained), row.name]))}`,
    `What keeps most alive\n${tableText(["retained", "what", "where"], topRetainers(retention, top).map((node) => [bytesText(retained[node]!), nodeText(graph, node), retention.pathText(node)]))}`,
    ...(duplicates.length === 0 ? [] : [`Repeated strings\n${tableText(["count", "wasted", "text"], duplicates.map(({ text, count, wasted }) => [String(count), bytesText(wasted), JSON.stringify(text)]))}`]),
    `Pages\n${pageMapText(pageMap(view))}`,
  ];
  return `${sections.join("\n\n")}\n`;
}
