// Weak references and maps, and what a program sees of the collector.

import { keywordText } from "../../../../heap/cells/keyword.ts";
import { setInteger } from "../../../../heap/cells/bigint.ts";
import { setList } from "../../../../heap/cells/pair.ts";
import { newVector, vectorItem } from "../../../../heap/cells/vector.ts";
import { newWeakMap, newWeakRef, weakCount, weakDelete, weakEntries, weakGet, weakSet, weakTarget } from "../../../../heap/cells/weak.ts";
import { CellHi, CellKind, Hi } from "../../../../heap/value.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { cellArgument } from "./arguments.ts";
import { put, requireValue, setEmpty } from "./either-map.ts";
import { row } from "./rows.ts";

const weakMapArgument = (vm: Vm, slot: number): number => cellArgument(vm, slot, CellHi.WeakMap, "weak-map");

/** The value referred to; nil once it is gone. */
function weakValue(vm: Vm, base: number): void {
  const target = weakTarget(vm.heap, cellArgument(vm, base, CellHi.WeakRef, "weak-ref"));
  if (vm.heap.hi(target) === Hi.Hole) vm.heap.setNull(base - 2);
  else vm.heap.copySlot(base - 2, target);
}

function lookUp(vm: Vm, base: number, argc: number): void {
  const found = weakGet(vm.heap, weakMapArgument(vm, base), base + 1);
  if (found < 0 && argc < 3) vm.heap.setNull(base - 2);
  else vm.heap.copySlot(base - 2, found >= 0 ? found : base + 2);
}

function store(vm: Vm, base: number): void {
  requireValue(vm, base + 1);
  weakSet(vm.heap, weakMapArgument(vm, base), base + 1, base + 2);
  vm.heap.setNull(base - 2);
}

/** The keys are copied to a vector first: making the list may collect, which takes entries out of the table. */
function keys(vm: Vm, base: number): void {
  const heap = vm.heap, map = weakMapArgument(vm, base), vector = newVector(heap, weakCount(heap, map));
  let n = 0;
  weakEntries(heap, map, (key) => heap.copySlot(vectorItem(vector, n++), key));
  heap.setCell(base + 1, CellKind.Vector, vector);
  setList(heap, base - 2, vectorItem(vector, 0), n);
}

/** Stores a map of keywords to integers. */
function storeCounters(vm: Vm, base: number, argc: number, counters: { readonly [name: string]: number }): void {
  const heap = vm.heap, map = base + argc, key = map + 1, value = map + 2;
  setEmpty(vm, map);
  for (const [name, count] of Object.entries(counters)) {
    heap.setCell(key, CellKind.Keyword, keywordText(heap, name));
    setInteger(heap, value, count);
    put(vm, map, map, key, value);
  }
  heap.copySlot(base - 2, map);
}

/** Bytes in use before and after show what a collection found. */
function collect(vm: Vm, base: number, argc: number): void {
  const before = vm.heap.stats().usedBytes;
  vm.heap.collect("gc/collect");
  const after = vm.heap.stats().usedBytes;
  storeCounters(vm, base, argc, { candidates: before, traced: after, collected: Math.max(0, before - after), pruned: 0 });
}

function statistics(vm: Vm, base: number, argc: number): void {
  const { collections, usedBytes, liveBytes, worldBytes, rawBytes } = vm.heap.stats();
  storeCounters(vm, base, argc, {
    collections, candidates: usedBytes, traced: liveBytes, collected: Math.max(0, usedBytes - liveBytes), pruned: 0, "world-bytes": worldBytes, "raw-bytes": rawBytes,
  });
}

export const WEAK: readonly NativeInfo[] = [
  row("weak-ref", 1, 1, "(x): a reference that does not keep x alive", (vm, base) => vm.heap.setCell(base - 2, CellKind.WeakRef, newWeakRef(vm.heap, base))),
  row("weak-ref-value", 1, 1, "(ref): the value, nil once it is gone", weakValue),
  row("weak-ref?", 1, 1, "(x): whether it is a weak reference", (vm, base) => vm.heap.setBool(base - 2, vm.heap.hi(base) === CellHi.WeakRef)),
  row("make-weak-map", 0, 0, "(): a table by identity that keeps an entry only while its key is in use", (vm, base) => vm.heap.setCell(base - 2, CellKind.WeakMap, newWeakMap(vm.heap))),
  row("weak-map-get", 2, 3, "(map key [default]): the key's value", lookUp),
  row("weak-map-set!", 3, 3, "(map key x): adds or replaces an entry", store),
  row("weak-map-remove!", 2, 2, "(map key): removes an entry; whether there was one", (vm, base) => vm.heap.setBool(base - 2, weakDelete(vm.heap, weakMapArgument(vm, base), base + 1))),
  row("weak-map-contains?", 2, 2, "(map key): whether the key is there", (vm, base) => vm.heap.setBool(base - 2, weakGet(vm.heap, weakMapArgument(vm, base), base + 1) >= 0)),
  row("weak-map-count", 1, 1, "(map): number of entries", (vm, base) => vm.heap.setI32(base - 2, weakCount(vm.heap, weakMapArgument(vm, base)))),
  row("weak-map-keys", 1, 1, "(map): list of the keys", keys),
  row("weak-map?", 1, 1, "(x): whether it is a weak map", (vm, base) => vm.heap.setBool(base - 2, vm.heap.hi(base) === CellHi.WeakMap)),
  row("gc/collect", 0, 0, "(): collects garbage; counters in bytes", collect),
  row("gc/stats", 0, 0, "(): counters of the collector", statistics),
];
