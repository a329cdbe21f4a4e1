// A heap with a small stack of scratch slots as roots, for the tests of this folder.

import { newStack, stackBase } from "../../heap/cells/stack.ts";
import { Heap } from "../../heap/heap.ts";
import type { HeapOptions } from "../../heap/options.ts";
import { Root } from "../../heap/roots.ts";
import { CellKind } from "../../heap/value.ts";

export interface ScratchWorld {
  readonly heap: Heap;
  /** Scratch slot i: seen by the collector. */
  at(i: number): number;
  /** Puts a cell into scratch slot i; returns its address. */
  put(i: number, kind: CellKind, addr: number): number;
  /** Address of the cell in scratch slot i. */
  cell(i: number): number;
}

/** Every debug option on, a collection every few allocations. */
export const PARANOID: HeapOptions = { verify: true, poison: true, gcStressRate: 0.05, gcSeed: 7, maxBytes: 8 << 20, initialBytes: 96 << 10 };

export function scratchWorld(options: HeapOptions = {}, slots = 64): ScratchWorld {
  const heap = new Heap(options);
  heap.setRoot(Root.Stack, CellKind.Stack, newStack(heap, slots));
  return worldOf(heap, slots);
}

/** The same view of a heap that has its stack already. */
export function worldOf(heap: Heap, slots: number): ScratchWorld {
  const at = (i: number): number => stackBase(heap.rootCell(Root.Stack)) + i;
  heap.stackRange = () => (heap.rootCell(Root.Stack) === 0 ? { base: 0, top: 0 } : { base: at(0), top: at(slots) });
  return {
    heap, at,
    put(i, kind, addr) {
      heap.setCell(at(i), kind, addr);
      return addr;
    },
    cell: (i) => heap.lo(at(i)),
  };
}
