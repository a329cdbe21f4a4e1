// Which values show their contents when printed, and where those lie. The printer, the pretty printer and the search for
// cycles all ask here, so they agree about the parts. Cells never move and nothing here allocates: slot numbers stay good.

import { HashMap, HashNode, MapNode, SortedMap, Struct, Vector } from "../../../../heap/layout.ts";
import type { Heap } from "../../../../heap/heap.ts";
import type { Mem } from "../../../../heap/memory.ts";
import { compareValues } from "../../../../heap/order.ts";
import { StructType } from "../../../../heap/structs.ts";
import { CellHi, Hi } from "../../../../heap/value.ts";

/** Whether the value in the slot shows parts: a list, vector, map, record or bundle of values. */
export function hasParts(mem: Mem, slot: number): boolean {
  switch (mem.hi(slot)) {
    case CellHi.Pair: case CellHi.Vector: case CellHi.SortedMap: case CellHi.HashMap: return true;
    case CellHi.Struct: return isShownStruct(mem.word(mem.lo(slot) + Struct.Type));
  }
  return false;
}

const isShownStruct = (type: number): boolean => type === StructType.Record || type === StructType.Values;

/** Items of a vector, or the values a record or bundle shows, from the first slot on. */
function itemRange(mem: Mem, slot: number): { readonly first: number; readonly count: number } {
  const cell = mem.lo(slot);
  if (mem.hi(slot) === CellHi.Vector) return { first: (cell + Vector.Data) >> 3, count: mem.word(cell + Vector.Count) };
  // The first item of a record is its type.
  const skipped = mem.word(cell + Struct.Type) === StructType.Record ? 1 : 0;
  return { first: ((cell + Struct.Data) >> 3) + skipped, count: mem.word(cell + Struct.Count) - skipped };
}

/** Key slots of a map in the order of values; the value of a key lies `VALUE_AFTER_KEY` slots behind it. */
export function mapKeys(heap: Heap, slot: number): number[] {
  const cell = heap.lo(slot);
  return heap.hi(slot) === CellHi.SortedMap ? sortedMapKeys(heap, heap.word(cell + SortedMap.Root)) : hashMapKeys(heap, heap.word(cell + HashMap.Root));
}

export const VALUE_AFTER_KEY = (MapNode.Value - MapNode.Key) >> 3;

function sortedMapKeys(mem: Mem, root: number): number[] {
  const keys: number[] = [], path: number[] = [];
  for (let node = root; node !== 0 || path.length > 0;) {
    for (; node !== 0; node = mem.word(node + MapNode.Left)) path.push(node);
    node = path.pop()!;
    keys.push((node + MapNode.Key) >> 3);
    node = mem.word(node + MapNode.Right);
  }
  return keys;
}

function hashMapKeys(heap: Heap, root: number): number[] {
  const keys: number[] = [], open = root === 0 ? [] : [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const first = (node + HashNode.Data) >> 3, end = first + heap.word(node + HashNode.Count);
    for (let slot = first; slot < end; slot += 2) {
      if (heap.hi(slot) === Hi.Hole) open.push(heap.lo(slot + 1));
      else keys.push(slot);
    }
  }
  return keys.sort((a, b) => compareValues(heap, a, b));
}

/** The parts of a value other than a pair: items, or keys and values in turn. */
export function partSlots(heap: Heap, slot: number): number[] {
  const hi = heap.hi(slot);
  if (hi === CellHi.SortedMap || hi === CellHi.HashMap) return mapKeys(heap, slot).flatMap((key) => [key, key + VALUE_AFTER_KEY]);
  const { first, count } = itemRange(heap, slot);
  return Array.from({ length: count }, (_, i) => first + i);
}
