// The public entry of the memory lab, `boxelder/profile`: what is in a heap, what keeps it there, files for other tools. A
// bundle of its own.

import { BoxelderVm, internalsOf } from "./api.ts";
import { ImageError } from "./image/errors.ts";
import { AllocationProfiler, type AllocationOptions } from "./profile/allocation-profiler.ts";
import { assertMaxPauseIn, assertNoGrowthIn, type GrowthOptions, type Profiled } from "./profile/assertions.ts";
import { buildGraph } from "./profile/build-graph.ts";
import { CpuProfiler, type CpuOptions } from "./profile/cpu-profiler.ts";
import type { HeapGraph } from "./profile/graph.ts";
import { heapSnapshot, type Traces } from "./profile/heap-snapshot.ts";
import { MemoryLog, type MemoryOptions } from "./profile/memory-log.ts";
import { ObjectIds } from "./profile/object-ids.ts";
import { worldView, type LiveWorld } from "./profile/world-view.ts";
import type { RestoreOptions } from "./vm-options.ts";

/** The VM's world as it is now, for what follows; good until the VM runs again. */
export function worldOf(vm: BoxelderVm): LiveWorld {
  const { vm: machine, handles } = internalsOf(vm);
  return worldView(machine, (index) => handles.siteAt(index));
}

/** The graph of what is alive in the VM now. Ids of its nodes hold for this graph only; see HeapProfiler. */
export const heapGraph = (vm: BoxelderVm): HeapGraph => buildGraph(worldOf(vm));

/**
 * A VM made from an image only to look at it: functions of its host that are not given do nothing. Throws ImageError, see
 * BoxelderVm.restore.
 */
export function openImage(image: Uint8Array | readonly Uint8Array[], options: RestoreOptions = {}): BoxelderVm {
  try {
    return BoxelderVm.restore(image, options);
  } catch (error) {
    if (!(error instanceof ImageError) || error.code !== "missing") throw error;
    const nothing = Object.fromEntries(error.names.map((name) => [name, () => null]));
    return BoxelderVm.restore(image, { ...options, functions: { ...nothing, ...options.functions } });
  }
}

const profiled = (vm: BoxelderVm): Profiled => ({ world: () => worldOf(vm), collect: () => vm.collect() });

/**
 * For tests: calls the function several times and throws when every call leaves something behind, with what it is and a path
 * to one of them. What stays from single calls is no leak, since caches work that way. The function may be async; so always `await` this.
 */
export const assertNoGrowth = (vm: BoxelderVm, run: () => unknown, options: GrowthOptions = {}): Promise<void> => assertNoGrowthIn(profiled(vm), run, options);

/** For tests: calls the function and throws when a collection meanwhile took longer than so many milliseconds. Always `await` this. */
export const assertMaxPause = (vm: BoxelderVm, run: () => unknown, milliseconds: number): Promise<void> => assertMaxPauseIn(profiled(vm), run, milliseconds);

/** Graphs of one VM that can be compared: a cell has the same id in all of them. Watches the VM until `stop`; that costs a look at each known cell per collection. */
export class HeapProfiler {
  readonly #vm: BoxelderVm;
  readonly #ids: ObjectIds;

  constructor(vm: BoxelderVm) {
    this.#vm = vm;
    this.#ids = new ObjectIds(worldOf(vm).mem);
  }

  /** What is alive now. */
  graph(): HeapGraph { return buildGraph(worldOf(this.#vm), this.#ids.assign); }

  stop(): void { this.#ids.stop(); }
}

/**
 * Watches where the VM allocates until `stop`. With `gap: 0` every allocation is seen, which is several times slower; else some
 * are, which is hardly felt. Of profilers of one VM the one that began last is to be stopped first.
 */
export const profileAllocations = (vm: BoxelderVm, options: AllocationOptions = {}): AllocationProfiler => new AllocationProfiler(internalsOf(vm).vm, options);

/** Watches where the VM spends its time until `stop`: looks at the stack whenever some fuel is used up. */
export const profileCpu = (vm: BoxelderVm, options: CpuOptions = {}): CpuProfiler => new CpuProfiler(internalsOf(vm).vm, options);

/** Keeps a log of the VM's collections until `stop`, and what was in the heap when most of it lived. */
export const recordMemory = (vm: BoxelderVm, options: MemoryOptions = {}): MemoryLog => new MemoryLog(() => worldOf(vm), options);

/** The VM's heap now as a .heaptimeline file in pieces: a snapshot that says where and when cells were allocated. */
export function heapTimeline(vm: BoxelderVm, profiler: AllocationProfiler): Generator<string, void, undefined> {
  const graph = buildGraph(worldOf(vm), profiler.numbers());
  return heapSnapshot(graph, { tree: profiler.tree, sites: profiler.sites(), siteOf: profiler.siteOf(), moments: profiler.moments(graph) });
}

export type { LiveWorld, WorldView } from "./profile/world-view.ts";
export { buildGraph } from "./profile/build-graph.ts";
export { edgeName, edgeText, edgeType, isCellNode, kindOfNode, nameOf, retains, ROOT, totalSize, type HeapGraph, type NodeLocation } from "./profile/graph.ts";
export { EDGE_TYPES, NODE_TYPES } from "./profile/node-kinds.ts";
export { heapSnapshot, type Traces };
export { ALLOCATION_GAP, type AllocationProfiler, type AllocationSite } from "./profile/allocation-profiler.ts";
export { pathOf, placeText, type CallNode, type CallTree, type Place } from "./profile/call-tree.ts";
export { CPU_EVERY, foldedStacks, type CpuProfiler, type CpuProfileFile, type CpuSample } from "./profile/cpu-profiler.ts";
export { heapProfile, type HeapProfileFile } from "./profile/heap-profile.ts";
export type { LoggedCollection, MemoryLog } from "./profile/memory-log.ts";
export { reportPage, type ReportInput } from "./profile/report-page.ts";
export type { AllocationOptions, CpuOptions, MemoryOptions };
export { dominatorTree, retaining, UNREACHED, type Adjacency, type DominatorTree } from "./profile/dominators.ts";
export { isFrame, Retention, sourceOf, type PathStep } from "./profile/retained.ts";
export { classOf, classRows, kindRows, topRetainers, type ClassRow, type Row } from "./profile/summary.ts";
export { duplicateStrings, type Duplicate } from "./profile/duplicates.ts";
export { pageMap, pageMapSvg, pageMapText, type PageInfo, type PageMap, type PageUse } from "./profile/page-map.ts";
export type { GrowthOptions } from "./profile/assertions.ts";
export { diffGraphs, diffText, type DiffRow, type DiffSites, type HeapDiff } from "./profile/diff.ts";
export { heapReport, nodeText } from "./profile/heap-report.ts";
