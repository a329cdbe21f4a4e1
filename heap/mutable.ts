// Finding what may change inside a value: mutable arrays and mutable cells must not be keys of maps.

import { eachHashEntry, hashMapRoot } from "./cells/hash-node.ts";
import { MapCursor, nodeKey } from "./cells/map-node.ts";
import { Pair, Struct, Vector } from "./layout.ts";
import type { Mem } from "./memory.ts";
import { StructType } from "./structs.ts";
import { CellHi, Tag } from "./value.ts";

/** Steps before cells gone through are written down: most keys are small. */
const TRUSTING_STEPS = 1000;

/** Slot of a mutable array or cell in the value, which may be it; -1 when there is none. Ends on cyclic data. */
export function findMutable(mem: Mem, slot: number): number {
  if ((mem.hi(slot) & Tag.Mask) !== Tag.Cell) return -1;
  // Ranges of slots still to be looked at: first, count.
  const work = [slot, 1], seen = new Set<number>();
  for (let steps = 0; work.length > 0;) {
    const count = work.pop()!, first = work.pop()!;
    for (let at = first; at < first + count; at++) {
      if ((mem.hi(at) & Tag.Mask) !== Tag.Cell) continue;
      if (isMutable(mem, at)) return at;
      if (++steps > TRUSTING_STEPS) {
        if (seen.has(mem.lo(at))) continue;
        seen.add(mem.lo(at));
      }
      open(mem, mem.hi(at), mem.lo(at), work);
    }
  }
  return -1;
}

const isMutable = (mem: Mem, slot: number): boolean =>
  mem.hi(slot) === CellHi.Array || (mem.hi(slot) === CellHi.Struct && mem.word(mem.lo(slot) + Struct.Type) === StructType.MutableCell);

function open(mem: Mem, hi: number, cell: number, work: number[]): void {
  switch (hi) {
    case CellHi.Pair: work.push((cell + Pair.Car) >> 3, 2); return;
    case CellHi.Vector: work.push((cell + Vector.Data) >> 3, mem.word(cell + Vector.Count)); return;
    case CellHi.Struct:
      if (mem.word(cell + Struct.Type) === StructType.Record) work.push((cell + Struct.Data) >> 3, mem.word(cell + Struct.Count));
      return;
    case CellHi.SortedMap: {
      const cursor = new MapCursor(mem, cell);
      for (let node = cursor.next(); node !== 0; node = cursor.next()) work.push(nodeKey(node), 2);
      return;
    }
    case CellHi.HashMap: eachHashEntry(mem, hashMapRoot(mem, cell), (key) => work.push(key, 2));
  }
}
