// A heap with a small stack of scratch slots as roots, and a seeded generator, for the tests of this folder.

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

export interface Random {
  /** Integer 0 … n-1. */
  below(n: number): number;
  pick<T>(items: readonly T[]): T;
}

/** mulberry32: a seed gives the same numbers everywhere. */
export function random(seed: number): Random {
  let state = seed | 0;
  const below = (n: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000) * n);
  };
  return { below, pick: (items) => items[below(items.length)]! };
}
