// A profile as one HTML page that needs nothing else: no network, no other file. What the program named is escaped.

import type { AllocationProfiler, AllocationSite } from "./allocation-profiler.ts";
import { placeText, type CallNode } from "./call-tree.ts";
import type { CpuProfiler } from "./cpu-profiler.ts";
import type { HeapGraph } from "./graph.ts";
import { nodeText } from "./heap-report.ts";
import type { MemoryLog } from "./memory-log.ts";
import { flameGraph, mapByKind, memoryChart, sumsOf } from "./report-charts.ts";
import { REPORT_SCRIPT } from "./report-script.ts";
import { REPORT_STYLE } from "./report-style.ts";
import { escapeHtml, htmlTable, millisText } from "./report-text.ts";
import { Retention } from "./retained.ts";
import { kindRows, topRetainers } from "./summary.ts";
import { bytesText } from "./tables.ts";

export interface ReportInput {
  /** What was run. */
  readonly title: string;
  /** How it ended, in a few words. */
  readonly ending: string;
  /** Milliseconds it ran. */
  readonly elapsed: number;
  readonly memory: MemoryLog;
  readonly cpu: CpuProfiler;
  readonly allocations: AllocationProfiler;
  /** The heap when most of it lived, or at the end. */
  readonly graph: HeapGraph;
  /** Rows of each table. */
  readonly top: number;
}

export function reportPage(input: ReportInput): string {
  const { title, ending, elapsed, memory, cpu, allocations, graph, top } = input, sites = allocations.sites(), weights = timesOf(cpu);
  const sections = [
    section("Memory over time", "Each collection of garbage: what was alive after it, and how long it stopped the program at most at a time.", memoryChart(memory.collections, elapsed)),
    section("Time", `Calls from the top down, as wide as the time they took; ${cpu.samples.length} looks at the stack.`, flameGraph(cpu.tree.root, weights, (micros) => millisText(micros / 1000))),
    section("Functions", "Time in the function itself, and with all that it called.", functionTable(cpu, weights, top)),
    section("Where memory comes from", `Lines that allocated most. ${allocations.gap === 0 ? "Every allocation was seen." : `Estimated from samples, one in ${bytesText(allocations.gap)} on average.`} Temporary: dead at the first collection.`, siteTable(sites, top)),
    section("The heap at its largest", `${bytesText(sizeOf(graph))} alive${memory.peakGraph === null ? "" : ` after ${millisText(memory.peakAt)}`}, by kind of cell.`, mapByKind(kindRows(graph))),
    section("What keeps most alive", "Bytes that would be free without it, and how the program reaches it.", retainerTable(graph, top)),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Profile of ${escapeHtml(title)}</title><style>${REPORT_STYLE}</style></head><body>
<h1>${escapeHtml(title)}</h1><p>${escapeHtml(ending)}</p>
${tiles(input, sites)}
${sections.join("\n")}
<footer>Made by boxelder profile. Times include what profiling costs; figures of memory do not.</footer>
<script>${REPORT_SCRIPT}</script></body></html>
`;
}

const section = (title: string, about: string, content: string): string => `<section><h2>${title}</h2><p>${about}</p>\n${content}\n</section>`;

const sizeOf = (graph: HeapGraph): number => graph.sizes.reduce((sum, size) => sum + size, 0);

/** The figures people look for first. */
function tiles({ elapsed, memory: { collections, peakBytes }, graph }: ReportInput, sites: readonly AllocationSite[]): string {
  const pauses = collections.map(({ pauseMs }) => pauseMs), paused = collections.reduce((sum, { totalPauseMs }) => sum + totalPauseMs, 0);
  const figures: [string, string][] = [
    ["run time", millisText(elapsed)],
    ["most alive", bytesText(Math.max(peakBytes, sizeOf(graph)))],
    ["allocated", bytesText(sites.reduce((sum, { allocatedBytes }) => sum + allocatedBytes, 0))],
    ["collections", String(collections.length)],
    ["paused in all", `${millisText(paused)}`],
    ["longest pause", millisText(Math.max(0, ...pauses))],
  ];
  return `<div class="tiles">${figures.map(([name, figure]) => `<div class="tile"><b>${figure}</b><span>${name}</span></div>`).join("")}</div>`;
}

/** Microseconds by node. */
function timesOf({ samples }: CpuProfiler): Map<CallNode, number> {
  const weights = new Map<CallNode, number>();
  for (const { node, micros } of samples) weights.set(node, (weights.get(node) ?? 0) + micros);
  return weights;
}

function functionTable({ tree }: CpuProfiler, weights: ReadonlyMap<CallNode, number>, top: number): string {
  const sums = sumsOf(tree.root, weights), rows = new Map<string, { self: number; total: number }>(), all = Math.max(1, sums.get(tree.root)!);
  for (const node of tree.nodes.slice(1)) {
    const name = placeText(node.place), row = rows.get(name) ?? { self: 0, total: 0 };
    row.self += weights.get(node) ?? 0;
    if (!callsItself(node)) row.total += sums.get(node)!;
    rows.set(name, row);
  }
  const sorted = [...rows].sort(([, a], [, b]) => b.self - a.self || b.total - a.total).slice(0, top);
  return htmlTable([{ title: "function", kind: "text" }, { title: "itself", kind: "bar" }, { title: "with calls", kind: "figure" }],
    sorted.map(([name, { self, total }]) => [name, [millisText(self / 1000), self / all], millisText(total / 1000)]));
}

/** Whether the function is also one of its callers: its time with calls is in theirs. */
function callsItself(node: CallNode): boolean {
  for (let at = node.parent; at !== null; at = at.parent) if (at.place === node.place) return true;
  return false;
}

function siteTable(sites: readonly AllocationSite[], top: number): string {
  const most = Math.max(1, ...sites.map(({ allocatedBytes }) => allocatedBytes));
  const percent = (part: number, all: number): string => (all === 0 ? "" : `${Math.min(100, Math.round((100 * part) / all))} %`);
  const columns = [{ title: "line, and who called", kind: "text" }, { title: "allocated", kind: "bar" }, { title: "cells", kind: "figure" }, { title: "temporary", kind: "figure" }, { title: "alive", kind: "figure" }, { title: "at the peak", kind: "figure" }] as const;
  return htmlTable(columns, sites.slice(0, top).map(({ node, allocated, allocatedBytes, temporary, liveBytes, peakBytes }) =>
    [callersText(node), [bytesText(allocatedBytes), allocatedBytes / most], String(allocated), percent(temporary, allocated), bytesText(liveBytes), bytesText(peakBytes)]));
}

/** The innermost callers that a row names. */
const CALLERS = 3;

function callersText(node: CallNode): string {
  const names: string[] = [];
  for (let at: CallNode | null = node; at !== null && at.parent !== null && names.length < CALLERS; at = at.parent) names.push(placeText(at.place));
  return names.length === 0 ? "outside of functions" : names.join(" ← ");
}

/** Part of the heap that a row must keep: the rest is what every program has. */
const WORTH = 0.002;

function retainerTable(graph: HeapGraph, top: number): string {
  const retention = new Retention(graph), least = WORTH * sizeOf(graph), nodes = topRetainers(retention, top).filter((node) => retention.sizes[node]! >= least), most = Math.max(1, ...nodes.map((node) => retention.sizes[node]!));
  return htmlTable([{ title: "keeps", kind: "bar" }, { title: "what", kind: "text" }, { title: "where", kind: "text" }],
    nodes.map((node) => [[bytesText(retention.sizes[node]!), retention.sizes[node]! / most], nodeText(graph, node), retention.pathText(node)]));
}
