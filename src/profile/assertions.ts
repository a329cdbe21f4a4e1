// What users' tests may demand of a program's memory. Each throws an Error that says what was found and where to look.

import { Bytes, Slots } from "../../heap/layout.ts";
import { CellKind } from "../../heap/value.ts";
import { buildGraph } from "./build-graph.ts";
import type { HeapGraph } from "./graph.ts";
import { ObjectIds } from "./object-ids.ts";
import { Retention } from "./retained.ts";
import { classOf } from "./summary.ts";
import { bytesText, tableText } from "./tables.ts";
import type { LiveWorld, WorldView } from "./world-view.ts";

/** What is needed of a VM. */
export interface Profiled {
  /** Its world as it is now. */
  world(): LiveWorld;
  /** Collects garbage. */
  collect(): void;
}

export interface GrowthOptions {
  /** How often the function is called while its traces are followed, at least 2; 5 unless given. */
  readonly rounds?: number;
  /** Calls before that, whose traces are forgiven: caches fill, shapes are made. 2 unless given. */
  readonly warmUp?: number;
}

/** Classes shown of those that grow. */
const SHOWN = 10;

/** See assertNoGrowth of src/profile.ts. Something is left behind when cells of a class stay from every round, or the heap is larger after each. */
export async function assertNoGrowthIn(vm: Profiled, run: () => unknown, { rounds = 5, warmUp = 2 }: GrowthOptions = {}): Promise<void> {
  if (!Number.isInteger(rounds) || rounds < 2) throw new RangeError(`assertNoGrowth: rounds must be a whole number of at least 2, not ${rounds}`);
  for (let i = 0; i < warmUp; i++) await run();
  const ids = new ObjectIds(vm.world().mem), ends: number[] = [], sizes: number[] = [];
  try {
    let graph = graphOf(vm, ids);
    for (let round = 0; round < rounds; round++) {
      sizes.push(usedBytes(vm.world(), graph));
      ends.push(ids.next);
      await run();
      graph = graphOf(vm, ids);
    }
    sizes.push(usedBytes(vm.world(), graph));
    const grown = survivors(graph, ends), grows = sizes.every((size, i) => i === 0 || size > sizes[i - 1]!);
    if (grown.length > 0 || grows) throw new Error(growthText(graph, grown, rounds, sizes));
  } finally {
    ids.stop();
  }
}

function graphOf(vm: Profiled, ids: ObjectIds): HeapGraph {
  vm.collect();
  return buildGraph(vm.world(), ids.assign);
}

/** Bytes of the live cells without the room they keep for growing, which comes in leaps and would hide slow growth. */
function usedBytes({ mem }: WorldView, graph: HeapGraph): number {
  let bytes = 0;
  for (let node = 0; node < graph.nodeCount; node++) {
    const addr = graph.addresses[node]!;
    switch (graph.kinds[node]! as CellKind) {
      case CellKind.Slots: bytes += Slots.Data + 8 * mem.word(addr + Slots.Count); break;
      case CellKind.Bytes: bytes += Bytes.Data + mem.word(addr + Bytes.Used); break;
      default: bytes += graph.sizes[node]!;
    }
  }
  return bytes;
}

interface Survivors { readonly name: string; readonly nodes: readonly number[] }

/** Classes of which a cell stays from every round. `ends`: by round, the first id given in it. */
function survivors(graph: HeapGraph, ends: readonly number[]): Survivors[] {
  const classes = new Map<string, { rounds: Set<number>; nodes: number[] }>();
  for (let node = graph.firstCell; node < graph.nodeCount; node++) {
    const round = ends.findLastIndex((first) => graph.ids[node]! >= first);
    if (round < 0) continue;
    const name = classOf(graph, node), known = classes.get(name) ?? { rounds: new Set(), nodes: [] };
    known.rounds.add(round);
    known.nodes.push(node);
    classes.set(name, known);
  }
  return [...classes].filter(([, { rounds }]) => rounds.size === ends.length).map(([name, { nodes }]) => ({ name, nodes })).sort((a, b) => bytesOf(graph, b) - bytesOf(graph, a));
}

const bytesOf = (graph: HeapGraph, { nodes }: Survivors): number => nodes.reduce((sum, node) => sum + graph.sizes[node]!, 0);

function growthText(graph: HeapGraph, grown: readonly Survivors[], rounds: number, sizes: readonly number[]): string {
  const gained = bytesText(Math.max(0, sizes.at(-1)! - sizes[0]!)), retention = new Retention(graph);
  const rows = grown.slice(0, SHOWN).map((each) => [String(each.nodes.length), bytesText(bytesOf(graph, each)), each.name, retention.pathText(each.nodes.at(-1)!)]);
  const table = rows.length === 0 ? "cells that were there before grow" : tableText(["stay", "bytes", "class", "one of them"], rows);
  return `the heap grows: ${gained} in ${rounds} rounds\n${table}`;
}

/** See assertMaxPause of src/profile.ts. */
export async function assertMaxPauseIn(vm: Profiled, run: () => unknown, milliseconds: number): Promise<void> {
  const { settings } = vm.world().mem, { onCollect, now } = settings;
  let longest = 0, text = "";
  settings.now = now ?? (() => performance.now());
  settings.onCollect = (entry) => {
    if (entry.pauseMs > longest) {
      longest = entry.pauseMs;
      text = `collection ${entry.number} (${entry.reason}) paused for ${longest.toFixed(2)} ms, ${milliseconds} ms are allowed; ${bytesText(entry.liveBytes)} were alive`;
    }
    onCollect?.(entry);
  };
  try {
    await run();
  } finally {
    settings.onCollect = onCollect;
    settings.now = now;
  }
  if (longest > milliseconds) throw new Error(text);
}
