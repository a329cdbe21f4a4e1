// What is alive now that was not before, and the other way round. Both graphs must come from one HeapProfiler, whose ids tell
// whether a cell is still the same.

import { cellInfo } from "../../heap/layout.ts";
import { kindOfNode, type HeapGraph } from "./graph.ts";
import { classOf } from "./summary.ts";
import { bytesText, tableText } from "./tables.ts";

export interface DiffRow {
  readonly name: string;
  readonly added: number;
  readonly addedBytes: number;
  readonly freed: number;
  readonly freedBytes: number;
  /** What the heap gained by it, cells that grew included; negative when it lost. */
  readonly bytes: number;
}

export interface HeapDiff {
  /** Cells of the later graph, as its nodes, that are not in the earlier one. */
  readonly addedNodes: Uint32Array;
  /** Cells of the earlier graph, as its nodes, that are gone. */
  readonly freedNodes: Uint32Array;
  /** Those that gained most first. */
  readonly byKind: readonly DiffRow[];
  readonly byClass: readonly DiffRow[];
  /** By the place of allocation, of the cells an AllocationProfiler has seen; empty without one. */
  readonly bySite: readonly DiffRow[];
}

/** Where the cells of both graphs were allocated: AllocationProfiler.labels of each, taken with the graph. */
export interface DiffSites { readonly before: readonly string[]; readonly after: readonly string[] }

export function diffGraphs(before: HeapGraph, after: HeapGraph, sites: DiffSites | null = null): HeapDiff {
  const addedNodes = newcomers(before, after), freedNodes = newcomers(after, before);
  const rows = (nameOf: (graph: HeapGraph, node: number) => string): DiffRow[] => rowsBy(before, after, addedNodes, freedNodes, nameOf);
  const bySite = sites === null ? [] : rows((graph, node) => (graph === before ? sites.before : sites.after)[node]!).filter(({ name }) => name !== "");
  return { addedNodes, freedNodes, byKind: rows((graph, node) => cellInfo(kindOfNode(graph, node)).name), byClass: rows(classOf), bySite };
}

/** Cells of `later` that are not in `earlier`. */
function newcomers(earlier: HeapGraph, later: HeapGraph): Uint32Array {
  const known = earlier.ids.slice(earlier.firstCell).sort(), found: number[] = [];
  for (let node = later.firstCell; node < later.nodeCount; node++) if (!includes(known, later.ids[node]!)) found.push(node);
  return Uint32Array.from(found);
}

function includes(sorted: Float64Array, id: number): boolean {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < id) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === id;
}

function rowsBy(before: HeapGraph, after: HeapGraph, addedNodes: Uint32Array, freedNodes: Uint32Array, nameOf: (graph: HeapGraph, node: number) => string): DiffRow[] {
  const rows = new Map<string, { -readonly [K in keyof DiffRow]: DiffRow[K] }>();
  const rowOf = (graph: HeapGraph, node: number): { -readonly [K in keyof DiffRow]: DiffRow[K] } => {
    const name = nameOf(graph, node);
    let row = rows.get(name);
    if (row === undefined) rows.set(name, row = { name, added: 0, addedBytes: 0, freed: 0, freedBytes: 0, bytes: 0 });
    return row;
  };
  for (let node = before.firstCell; node < before.nodeCount; node++) rowOf(before, node).bytes -= before.sizes[node]!;
  for (let node = after.firstCell; node < after.nodeCount; node++) rowOf(after, node).bytes += after.sizes[node]!;
  for (const node of addedNodes) {
    const row = rowOf(after, node);
    row.added++;
    row.addedBytes += after.sizes[node]!;
  }
  for (const node of freedNodes) {
    const row = rowOf(before, node);
    row.freed++;
    row.freedBytes += before.sizes[node]!;
  }
  return [...rows.values()].filter(({ added, freed, bytes }) => added > 0 || freed > 0 || bytes !== 0).sort((a, b) => b.bytes - a.bytes || b.addedBytes - a.addedBytes);
}

const signed = (bytes: number): string => (bytes < 0 ? `-${bytesText(-bytes)}` : `+${bytesText(bytes)}`);

/** The difference as two tables. */
export function diffText(diff: HeapDiff, top = 10): string {
  const table = (title: string, rows: readonly DiffRow[]): string =>
    tableText(["change", "new", "gone", title], rows.slice(0, top).map(({ name, added, freed, bytes }) => [signed(bytes), String(added), String(freed), name]));
  return `${diff.addedNodes.length} cells new, ${diff.freedNodes.length} gone\n\n${table("kind", diff.byKind)}\n\n${table("class", diff.byClass)}\n${diff.bySite.length === 0 ? "" : `\n${table("allocated at", diff.bySite)}\n`}`;
}
