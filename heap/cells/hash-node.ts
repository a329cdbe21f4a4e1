// HashNode cells: the nodes of hash maps. Reading them; how tries are made is told in hash-map.ts.

import { HashMap, HashNode } from "../layout.ts";
import type { Mem } from "../memory.ts";
import { Hi } from "../value.ts";

/** Address of the trie's root, 0 for the empty map. */
export const hashMapRoot = (mem: Mem, map: number): number => mem.i32[(map + HashMap.Root) >> 2]!;
export const hashMapCount = (mem: Mem, map: number): number => mem.i32[(map + HashMap.Count) >> 2]!;
export const hashBitmap = (mem: Mem, node: number): number => mem.i32[(node + HashNode.Bitmap) >> 2]!;
/** Number of slots: two for each branch or colliding entry. */
export const hashSlots = (mem: Mem, node: number): number => mem.i32[(node + HashNode.Count) >> 2]!;
export const hashItem = (node: number, i: number): number => ((node + HashNode.Data) >> 3) + i;

/** Walks a hash map's entries, in no order that means anything. The map must stay reachable; allocation in between is fine. */
export class HashCursor {
  readonly #mem: Mem;
  /** Nodes on the way to where we are, and the slot to look at next in each. */
  readonly #path: number[] = [];

  constructor(mem: Mem, root: number) {
    this.#mem = mem;
    if (root !== 0) this.#path.push(root, 0);
  }

  /** Slot of the next entry's key, which its value follows; 0 at the end. */
  next(): number {
    const path = this.#path, mem = this.#mem;
    while (path.length > 0) {
      const i = path.pop()!, node = path.pop()!;
      if (i >= hashSlots(mem, node)) continue;
      path.push(node, i + 2);
      const slot = hashItem(node, i);
      if (mem.hi(slot) !== Hi.Hole) return slot;
      path.push(mem.lo(slot + 1), 0);
    }
    return 0;
  }
}

/** Calls `visit` with the slots of each entry's key and value. */
export function eachHashEntry(mem: Mem, root: number, visit: (key: number, value: number) => void): void {
  const cursor = new HashCursor(mem, root);
  for (let key = cursor.next(); key !== 0; key = cursor.next()) visit(key, key + 1);
}
