// The chain of dynamic entries: try markers, handlers, winds, restarts. An entry is a vector [kind a b parent]; the chain
// grows at its inner end and is never changed elsewhere, so chains share their outer parts. Walking it is done here,
// calling what is found in it by the prelude.

import { carSlot, cdrSlot, newPair } from "../../../../heap/cells/pair.ts";
import { newVectorOf, vectorItem } from "../../../../heap/cells/vector.ts";
import type { Mem } from "../../../../heap/memory.ts";
import { Root } from "../../../../heap/roots.ts";
import { CellHi, CellKind, Hi } from "../../../../heap/value.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { lisp, returnBool } from "../text/arguments.ts";

/** Kinds of entry, and what a and b are. */
export const enum EntryKind {
  /** A `try` or the like: whoever raises an error unwinds to it. */
  Try,
  /** a: procedure, b: whether it declines by returning. */
  Handler,
  /** a, b: thunks run on entering and leaving. The same one twice exchanges the values of parameters. */
  Wind,
  /** a: list of restarts. */
  Restarts,
  /** A handler runs. a: the entry where the search for handlers goes on; winds and restarts go by the parent as ever. */
  Running,
}
const enum Item { Kind, A, B, Parent }

const part = (entry: number, item: Item): number => vectorItem(entry, item);
const kindOf = (mem: Mem, entry: number): EntryKind => mem.lo(part(entry, Item.Kind));
/** The next outer entry, 0 at the end. */
const parentOf = (mem: Mem, entry: number): number => entryIn(mem, part(entry, Item.Parent));
/** Cell of the entry in a slot, 0 for none. */
const entryIn = (mem: Mem, slot: number): number => (mem.hi(slot) === CellHi.Vector ? mem.lo(slot) : 0);

function storeEntry(vm: Vm, slot: number, entry: number): void {
  if (entry === 0) vm.heap.setNull(slot);
  else vm.heap.setCell(slot, CellKind.Vector, entry);
}

/** The innermost try marker or handler that an error raised under `entry` meets, 0 for none. */
export function handlerEntry(mem: Mem, entry: number): number {
  for (let at = entry; at !== 0;) {
    const kind = kindOf(mem, at);
    if (kind === EntryKind.Try || kind === EntryKind.Handler) return at;
    at = kind === EntryKind.Running ? entryIn(mem, part(at, Item.A)) : parentOf(mem, at);
  }
  return 0;
}

function depth(mem: Mem, entry: number): number {
  let count = 0;
  for (let at = entry; at !== 0; at = parentOf(mem, at)) count++;
  return count;
}

/** The innermost entry that is part of both chains, 0 for none. */
function commonEntry(mem: Mem, a: number, b: number): number {
  let above = depth(mem, a) - depth(mem, b);
  for (; above > 0; above--) a = parentOf(mem, a);
  for (; above < 0; above++) b = parentOf(mem, b);
  while (a !== b) {
    a = parentOf(mem, a);
    b = parentOf(mem, b);
  }
  return a;
}

/** Stores the list, outermost first, of the wind entries from `entry` out to `stop`, which is left out. */
function storeWinds(vm: Vm, dst: number, entry: number, stop: number, onlyParameters: boolean, scratch: number): void {
  const heap = vm.heap;
  heap.setSlot(dst, Hi.Empty, 0);
  for (let at = entry; at !== stop && at !== 0; at = parentOf(heap, at)) {
    if (kindOf(heap, at) !== EntryKind.Wind || (onlyParameters && !exchanges(heap, at))) continue;
    storeEntry(vm, scratch, at);
    heap.setCell(dst, CellKind.Pair, newPair(heap, scratch, dst));
  }
}

const exchanges = (mem: Mem, wind: number): boolean =>
  mem.lo(part(wind, Item.A)) === mem.lo(part(wind, Item.B)) && mem.hi(part(wind, Item.A)) === mem.hi(part(wind, Item.B));

/** Stores the list of all live restarts, innermost first. */
export function storeRestarts(vm: Vm, dst: number, scratch: number): void {
  const heap = vm.heap, found: number[] = [];
  for (let at = entryIn(heap, heap.rootSlot(Root.Dynamic)); at !== 0; at = parentOf(heap, at)) {
    if (kindOf(heap, at) !== EntryKind.Restarts) continue;
    for (let list = part(at, Item.A); heap.hi(list) === CellHi.Pair; list = cdrSlot(heap.lo(list))) found.push(carSlot(heap.lo(list)));
  }
  heap.setSlot(scratch, Hi.Empty, 0);
  for (const slot of found.reverse()) heap.setCell(scratch, CellKind.Pair, newPair(heap, slot, scratch));
  heap.copySlot(dst, scratch);
}

function isLive(vm: Vm, entry: number): boolean {
  const heap = vm.heap;
  for (let at = entryIn(heap, heap.rootSlot(Root.Dynamic)); at !== 0; at = parentOf(heap, at)) if (at === entry) return true;
  return false;
}

/** (entry, thrown): makes the entry the innermost one if nothing hinders: no winds on the way, no token. Whether it did. */
function arrive(vm: Vm, base: number): void {
  const heap = vm.heap, dynamic = heap.rootSlot(Root.Dynamic), target = entryIn(heap, base);
  let at = heap.hi(base + 1) === CellHi.Vector ? -1 : entryIn(heap, dynamic);
  while (at > 0 && at !== target) at = kindOf(heap, at) === EntryKind.Wind ? -1 : parentOf(heap, at);
  if (at === target) storeEntry(vm, dynamic, target);
  returnBool(vm, base, at === target);
}

export const DYNAMICS: readonly NativeInfo[] = [
  lisp("%entry", 4, 4, "(kind, a, b, parent): an entry of the dynamic chain", (vm, base) =>
    vm.heap.setCell(base - 2, CellKind.Vector, newVectorOf(vm.heap, base, 4))),
  lisp("%token", 2, 2, "(target, thunk): what is thrown to leave for an entry and run the thunk there", (vm, base) =>
    vm.heap.setCell(base - 2, CellKind.Vector, newVectorOf(vm.heap, base, 2))),
  lisp("%handler-entry", 1, 1, "the try marker or handler an error raised under the entry meets; nil for none", (vm, base) =>
    storeEntry(vm, base - 2, handlerEntry(vm.heap, entryIn(vm.heap, base)))),
  lisp("%common-entry", 2, 2, "the innermost entry of both chains; nil for none", (vm, base) =>
    storeEntry(vm, base - 2, commonEntry(vm.heap, entryIn(vm.heap, base), entryIn(vm.heap, base + 1)))),
  lisp("%winds", 2, 2, "(entry, stop): list of the winds between, outermost first", (vm, base) =>
    storeWinds(vm, base - 2, entryIn(vm.heap, base), entryIn(vm.heap, base + 1), false, base + 2)),
  lisp("%parameter-winds", 1, 1, "list of the winds around the entry that belong to parameters, outermost first", (vm, base) =>
    storeWinds(vm, base - 2, entryIn(vm.heap, base), 0, true, base + 1)),
  lisp("compute-restarts", 0, 0, "list of the restarts that are live, innermost first", (vm, base) => storeRestarts(vm, base - 2, base)),
  lisp("%arrive", 2, 2, "(entry, thrown): try to make the outer entry the innermost one without running anything; whether that was possible", arrive),
  lisp("%inside?", 1, 1, "whether the entry is part of the running chain; nil always is", (vm, base) =>
    returnBool(vm, base, vm.heap.hi(base) !== CellHi.Vector || isLive(vm, vm.heap.lo(base)))),
];
