// Which cells live: what the roots and the running stack reach, read by the CELLS table. The collector decides the same by its
// own marker; tests hold the two against each other.

import { Arr, Obj } from "../../heap/layout.ts";
import { Root } from "../../heap/roots.ts";
import { cellIn, kindOf, traceCell, type TraceVisitor } from "../../heap/trace.ts";
import { CellKind } from "../../heap/value.ts";
import { Header } from "../../heap/world-layout.ts";
import type { WorldView } from "./world-view.ts";
import { CellSet } from "./cell-set.ts";
import { GrowingWords } from "./growing.ts";

/** An entry of a weak map: its value lives as long as both the map and the key. */
export interface WeakEntry { readonly map: number; /** Addresses of cells; entries of other keys and values are none of these. */ readonly key: number; readonly value: number }

export interface Reached {
  /** All live cells, sealed. */
  readonly cells: CellSet;
  /** Slots that an array or an object keeps its values in. */
  readonly owned: CellSet;
  readonly entries: readonly WeakEntry[];
}

/** The running stack cell, which is read slot by slot as its Top may be out of date; 0 while nothing runs. */
const runningStack = (view: WorldView): number => (view.stack.top === 0 ? 0 : view.mem.rootCell(Root.Stack));

export function reach(view: WorldView): Reached {
  const { mem } = view, cells = new CellSet(mem.worldBytes), owned = new CellSet(mem.worldBytes), entries: WeakEntry[] = [];
  const pending = new GrowingWords(), waiting = new Map<number, WeakEntry[]>();
  const visit = (addr: number): void => { if (addr !== 0 && cells.add(addr)) pending.push(addr); };
  let current = 0;
  const visitor: TraceVisitor = {
    ref: (_, target) => visit(target),
    slot: (_, slot) => visit(cellIn(mem, slot)),
    ephemeron: (keySlot, valueSlot) => {
      const key = cellIn(mem, keySlot), value = cellIn(mem, valueSlot);
      if (value === 0) return;
      if (key === 0) return visit(value);
      const entry = { map: current, key, value };
      entries.push(entry);
      if (cells.has(key)) visit(value);
      else waiting.set(key, [...(waiting.get(key) ?? []), entry]);
    },
  };
  for (let i = 0; i < Header.RootCount; i++) visit(cellIn(mem, mem.rootSlot(i)));
  for (let slot = view.stack.base; slot < view.stack.top; slot++) visit(cellIn(mem, slot));
  const stack = runningStack(view);
  while (pending.length > 0) {
    current = pending.pop();
    for (const entry of waiting.get(current) ?? []) visit(entry.value);
    if (current === stack) continue;
    const slots = ownedSlots(view, current);
    if (slots !== 0) owned.add(slots);
    traceCell(mem, current, visitor);
  }
  cells.seal();
  return { cells, owned, entries: entries.filter(({ key }) => cells.has(key)) };
}

/** Slots of an array's elements or an object's further fields, 0 for none. */
export function ownedSlots({ mem }: WorldView, addr: number): number {
  const kind = kindOf(mem, addr);
  return kind === CellKind.Array ? mem.word(addr + Arr.Data) : kind === CellKind.Object ? mem.word(addr + Obj.More) : 0;
}
