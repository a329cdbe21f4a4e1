// What sorted maps and hash maps promise: order and balance of the tree, places and canonical form of the trie, counts. Walks
// them by recursion, which their depth allows, and uses nothing of how they are read and made.

import { hashValue } from "./hashing.ts";
import type { Heap } from "./heap.ts";
import { HashMap, HashNode, MapNode, SortedMap } from "./layout.ts";
import { compareValues } from "./order.ts";
import { kindOf } from "./trace.ts";
import { CellKind, Hi } from "./value.ts";

type Fail = (message: string) => never;

export function checkSortedMap(heap: Heap, map: number, fail: Fail): void {
  let previous = 0;
  const walk = (node: number): number => {
    if (node === 0) return 0;
    if (kindOf(heap, node) !== CellKind.MapNode) fail("tree of something else than nodes");
    const left = walk(heap.word(node + MapNode.Left)), key = (node + MapNode.Key) >> 3;
    if (previous !== 0 && compareValues(heap, previous, key) >= 0) fail("keys out of order");
    previous = key;
    const right = walk(heap.word(node + MapNode.Right));
    if (left + 1 > 3 * (right + 1) || right + 1 > 3 * (left + 1)) fail(`subtrees of ${left} and ${right} entries`);
    if (heap.word(node + MapNode.Weight) !== left + right + 1) fail(`weight ${heap.word(node + MapNode.Weight)} over ${left} and ${right} entries`);
    return left + right + 1;
  };
  const count = walk(heap.word(map + SortedMap.Root));
  if (count !== heap.word(map + SortedMap.Count)) fail(`${count} entries, Count says ${heap.word(map + SortedMap.Count)}`);
}

export function checkHashMap(heap: Heap, map: number, fail: Fail): void {
  const root = heap.word(map + HashMap.Root), count = root === 0 ? 0 : checkNode(heap, root, 0, 0, fail);
  if (count !== heap.word(map + HashMap.Count)) fail(`${count} entries, Count says ${heap.word(map + HashMap.Count)}`);
  if (root !== 0 && count === 0) fail("a root without entries");
}

/** Checks a node all of whose keys have the low 5 `level` bits of `prefix`; returns the number of its entries. */
function checkNode(heap: Heap, node: number, level: number, prefix: number, fail: Fail): number {
  if (kindOf(heap, node) !== CellKind.HashNode) fail("trie of something else than nodes");
  const bitmap = heap.word(node + HashNode.Bitmap), slots = heap.word(node + HashNode.Count), first = (node + HashNode.Data) >> 3;
  if ((bitmap === 0) !== (level === 7)) fail(`bitmap ${bitmap} at level ${level}`);
  let count = 0, at = first;
  for (let branch = 0; bitmap === 0 ? at < first + slots : branch < 32; branch++) {
    if (bitmap !== 0 && (bitmap & (1 << branch)) === 0) continue;
    const below = bitmap === 0 ? prefix : prefix | (branch << (5 * level));
    if (heap.hi(at) === Hi.Hole) count += checkNode(heap, heap.lo(at + 1), level + 1, below, fail);
    else {
      count++;
      if (level < 6 ? ((hashValue(heap, at) ^ below) & ((1 << (5 * (level + 1))) - 1)) !== 0 : hashValue(heap, at) !== below) fail("a key in the wrong place");
    }
    at += 2;
  }
  if (at !== first + slots) fail(`${slots} slots for a bitmap of ${bitmap}`);
  if (level > 0 && count < 2) fail("a node of one entry below the root");
  return count;
}
