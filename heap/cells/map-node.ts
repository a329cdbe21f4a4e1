// MapNode cells: the entries of sorted maps, each with the entries below and above it as subtrees. Reading them; how trees
// are made is told in sorted-map.ts.

import { MapNode, SortedMap } from "../layout.ts";
import type { Mem } from "../memory.ts";

/** Address of the tree's root, 0 for the empty map. */
export const mapRoot = (mem: Mem, map: number): number => mem.i32[(map + SortedMap.Root) >> 2]!;
export const mapCount = (mem: Mem, map: number): number => mem.i32[(map + SortedMap.Count) >> 2]!;

export const nodeLeft = (mem: Mem, node: number): number => mem.i32[(node + MapNode.Left) >> 2]!;
export const nodeRight = (mem: Mem, node: number): number => mem.i32[(node + MapNode.Right) >> 2]!;
/** Number of entries in a tree, 0 for none. */
export const nodeWeight = (mem: Mem, node: number): number => (node === 0 ? 0 : mem.i32[(node + MapNode.Weight) >> 2]!);
/** Slot of the key; that of the value is the next one. */
export const nodeKey = (node: number): number => (node + MapNode.Key) >> 3;
export const nodeValue = (node: number): number => (node + MapNode.Value) >> 3;

/** The entry with index i (from 0, in order), as a node; 0 when there are not so many. */
export function mapNodeAt(mem: Mem, map: number, i: number): number {
  let node = mapRoot(mem, map);
  while (node !== 0) {
    const left = nodeLeft(mem, node), below = nodeWeight(mem, left);
    if (i === below) return node;
    if (i < below) node = left;
    else {
      i -= below + 1;
      node = nodeRight(mem, node);
    }
  }
  return 0;
}

/** Writes the slots of a map's keys, in order, to `slots` from index `at` on; returns the index after them. */
export const mapKeySlots = (mem: Mem, map: number, slots: number[], at: number): number => keySlots(mem, mapRoot(mem, map), slots, at);

/** As deep as the tree. */
function keySlots(mem: Mem, node: number, slots: number[], at: number): number {
  for (; node !== 0; node = nodeRight(mem, node)) {
    at = keySlots(mem, nodeLeft(mem, node), slots, at);
    slots[at++] = nodeKey(node);
  }
  return at;
}

/** Walks a map's entries in order. The map must stay reachable; allocation in between is fine, nodes do not move. */
export class MapCursor {
  /** The nodes whose own entry is still to come. */
  readonly #path: number[] = [];
  readonly #mem: Mem;

  constructor(mem: Mem, map: number) {
    this.#mem = mem;
    this.#descend(mapRoot(mem, map));
  }

  /** The next entry's node, 0 at the end. */
  next(): number {
    const node = this.#path.pop();
    if (node === undefined) return 0;
    this.#descend(nodeRight(this.#mem, node));
    return node;
  }

  #descend(node: number): void {
    for (; node !== 0; node = nodeLeft(this.#mem, node)) this.#path.push(node);
  }
}
