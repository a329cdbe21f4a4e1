// Hash maps: immutable hash tries. A node has up to 32 branches, chosen by five bits of the key's hash; a branch is an entry,
// or a hole and the node of all keys that agree in these bits. Beyond the last bits keys that agree in all of them are in a
// node without branches, Bitmap 0, as a list.
//
//   HashMap ─► │ bitmap 0…10010 │ count 4 │ key value │ hole ○ │        bits 0-4
//                                                          └──► │ bitmap … │ …      bits 5-9
//
// The form is canonical but for the order in such a list: a node below the root has two entries or more. So equal maps have
// equal tries, which equality and hashing build on. Keys are the same when their words are, or when they are `equal`.
//
// Rooting: the map, key and value given are held by the caller; the newest new node is held in Root.HoldNode.

import { equal } from "../equality.ts";
import { hashValue } from "../hashing.ts";
import type { Heap } from "../heap.ts";
import { HashMap, HashNode } from "../layout.ts";
import type { Mem } from "../memory.ts";
import { Root } from "../roots.ts";
import { CellKind, Hi } from "../value.ts";
import { eachHashEntry, hashBitmap, hashItem, hashMapCount, hashMapRoot, hashSlots } from "./hash-node.ts";

const BITS = 5, LEVELS = 7;

/** Nodes on the way to a key, and the index of the branch's first slot in each. */
const path = new Int32Array(LEVELS + 1), branches = new Int32Array(LEVELS + 1);

const bitOf = (hash: number, level: number): number => 1 << ((hash >>> (BITS * level)) & 31);

/** Number of bits set. */
function population(n: number): number {
  n -= (n >>> 1) & 0x55555555;
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

const sameKey = (mem: Mem, a: number, b: number): boolean => (mem.lo(a) === mem.lo(b) && mem.hi(a) === mem.hi(b)) || equal(mem, a, b);

/** A map without entries. */
export const emptyHashMap = (heap: Heap): number => newMap(heap, 0, 0);

/** The map of a trie, which may be fresh. */
function newMap(heap: Heap, root: number, count: number): number {
  holdNode(heap, root);
  const map = heap.allocate(CellKind.HashMap, HashMap.Size);
  heap.clearRoot(Root.HoldNode);
  heap.setWord(map + HashMap.Root, root);
  heap.setWord(map + HashMap.Count, count);
  return map;
}

function holdNode(heap: Heap, node: number): void {
  if (node === 0) heap.clearRoot(Root.HoldNode);
  else heap.setRoot(Root.HoldNode, CellKind.HashNode, node);
}

/** A node of `slots` slots, which the caller fills before anything else happens. */
function newNode(heap: Heap, bitmap: number, slots: number): number {
  const node = heap.allocate(CellKind.HashNode, HashNode.Data + 8 * slots);
  heap.setWord(node + HashNode.Bitmap, bitmap);
  heap.setWord(node + HashNode.Count, slots);
  return node;
}

/** Slot of the key's value, -1 when the map lacks the key. */
export function hashMapGet(mem: Mem, map: number, key: number): number {
  const found = find(mem, map, key, hashValue(mem, key));
  return found > 0 ? hashItem(path[found - 1]!, branches[found - 1]!) + 1 : -1;
}

/**
 * Writes the way to the key's entry, or to where it would be, to `path`; returns its length, complemented when there is no
 * entry. The last branch is then that of another key with the same bits, or where the key's would go.
 */
function find(mem: Mem, map: number, key: number, hash: number): number {
  let node = hashMapRoot(mem, map);
  if (node === 0) return ~0;
  for (let level = 0; ; level++) {
    path[level] = node;
    if (level === LEVELS) return findColliding(mem, node, key);
    const bitmap = hashBitmap(mem, node), bit = bitOf(hash, level), branch = 2 * population(bitmap & (bit - 1)), slot = hashItem(node, branch);
    branches[level] = branch;
    if ((bitmap & bit) === 0) return ~(level + 1);
    if (mem.hi(slot) !== Hi.Hole) return sameKey(mem, slot, key) ? level + 1 : ~(level + 1);
    node = mem.lo(slot + 1);
  }
}

function findColliding(mem: Mem, node: number, key: number): number {
  const slots = hashSlots(mem, node);
  let i = 0;
  while (i < slots && !sameKey(mem, hashItem(node, i), key)) i += 2;
  branches[LEVELS] = i;
  return i < slots ? LEVELS + 1 : ~(LEVELS + 1);
}

/** A map with the key's value added or replaced; a key that is there stays the one it is. */
export function hashMapPut(heap: Heap, map: number, key: number, value: number): number {
  const hash = hashValue(heap, key), found = find(heap, map, key, hash), count = hashMapCount(heap, map);
  if (found === ~0) return newMap(heap, single(heap, bitOf(hash, 0), key, value), 1);
  const level = (found > 0 ? found : ~found) - 1, node = path[level]!, branch = branches[level]!;
  if (found > 0) {
    const old = hashItem(node, branch) + 1;
    if (heap.lo(old) === heap.lo(value) && heap.hi(old) === heap.hi(value)) return map;
    return newMap(heap, rebuild(heap, replaced(heap, node, branch, hashItem(node, branch), value), level), count);
  }
  const bit = level === LEVELS ? 0 : bitOf(hash, level);
  const made = level === LEVELS || (hashBitmap(heap, node) & bit) === 0 ? inserted(heap, node, branch, bit, key, value) : split(heap, node, branch, level, hash, key, value);
  return newMap(heap, rebuild(heap, made, level), count + 1);
}

function single(heap: Heap, bitmap: number, key: number, value: number): number {
  const node = newNode(heap, bitmap, 2);
  heap.copySlot(hashItem(node, 0), key);
  heap.copySlot(hashItem(node, 1), value);
  return node;
}

/** A copy of the node with another entry in a branch. */
function replaced(heap: Heap, node: number, branch: number, key: number, value: number): number {
  const slots = hashSlots(heap, node), copy = newNode(heap, hashBitmap(heap, node), slots);
  copyItems(heap, node, 0, copy, 0, slots);
  heap.copySlot(hashItem(copy, branch), key);
  heap.copySlot(hashItem(copy, branch + 1), value);
  return copy;
}

/** A copy of the node with a branch that leads to another node, which is held. */
function replacedByNode(heap: Heap, node: number, branch: number, child: number): number {
  const slots = hashSlots(heap, node), copy = newNode(heap, hashBitmap(heap, node), slots);
  copyItems(heap, node, 0, copy, 0, slots);
  heap.setHole(hashItem(copy, branch));
  heap.setCell(hashItem(copy, branch + 1), CellKind.HashNode, child);
  return copy;
}

/** A copy of the node with one entry more. */
function inserted(heap: Heap, node: number, branch: number, bit: number, key: number, value: number): number {
  const slots = hashSlots(heap, node), copy = newNode(heap, hashBitmap(heap, node) | bit, slots + 2);
  copyItems(heap, node, 0, copy, 0, branch);
  heap.copySlot(hashItem(copy, branch), key);
  heap.copySlot(hashItem(copy, branch + 1), value);
  copyItems(heap, node, branch, copy, branch + 2, slots - branch);
  return copy;
}

/** A copy of the node without a branch. */
function removed(heap: Heap, node: number, branch: number, bit: number): number {
  const slots = hashSlots(heap, node), copy = newNode(heap, hashBitmap(heap, node) & ~bit, slots - 2);
  copyItems(heap, node, 0, copy, 0, branch);
  copyItems(heap, node, branch + 2, copy, branch, slots - branch - 2);
  return copy;
}

/** From this many slots on the built-in copy is faster. */
const COPY_FROM = 16;

function copyItems(mem: Mem, from: number, fromItem: number, to: number, toItem: number, count: number): void {
  const i32 = mem.i32;
  if (count >= COPY_FROM) i32.copyWithin(2 * hashItem(to, toItem), 2 * hashItem(from, fromItem), 2 * hashItem(from, fromItem + count));
  else for (let p = 2 * hashItem(from, fromItem), q = 2 * hashItem(to, toItem), end = p + 2 * count; p < end;) i32[q++] = i32[p++]!;
}

/** A copy of the node whose branch, an entry so far, leads to nodes that tell that entry from a new one. */
function split(heap: Heap, node: number, branch: number, level: number, hash: number, key: number, value: number): number {
  const old = hashItem(node, branch), oldHash = hashValue(heap, old);
  let at = level + 1;
  while (at < LEVELS && bitOf(hash, at) === bitOf(oldHash, at)) at++;
  const bit = at === LEVELS ? 0 : bitOf(hash, at), oldBit = at === LEVELS ? 0 : bitOf(oldHash, at);
  let child = newNode(heap, bit | oldBit, 4);
  // The higher bit comes second; it may be the sign bit.
  const first = bit >>> 0 < oldBit >>> 0 ? 0 : 2;
  heap.copySlot(hashItem(child, first), key);
  heap.copySlot(hashItem(child, first + 1), value);
  heap.copySlot(hashItem(child, 2 - first), old);
  heap.copySlot(hashItem(child, 3 - first), old + 1);
  while (--at > level) {
    holdNode(heap, child);
    const above = newNode(heap, bitOf(hash, at), 2);
    heap.setHole(hashItem(above, 0));
    heap.setCell(hashItem(above, 1), CellKind.HashNode, child);
    child = above;
  }
  holdNode(heap, child);
  return replacedByNode(heap, node, branch, child);
}

/** Copies the first `level` nodes of the path from below over the new node; returns the new root. */
function rebuild(heap: Heap, node: number, level: number): number {
  while (level-- > 0) {
    holdNode(heap, node);
    node = replacedByNode(heap, path[level]!, branches[level]!, node);
  }
  return node;
}

/** A map without the key; the same map when it lacks it. */
export function hashMapRemove(heap: Heap, map: number, key: number): number {
  const hash = hashValue(heap, key), found = find(heap, map, key, hash);
  if (found < 0) return map;
  const count = hashMapCount(heap, map);
  if (count === 1) return newMap(heap, 0, 0);
  let level = found - 1;
  const node = path[level]!, branch = branches[level]!, slots = hashSlots(heap, node);
  const rest = slots === 4 ? hashItem(node, 2 - branch) : -1;
  // One entry is left of a node below the root: it moves up, past nodes that have nothing else.
  if (level > 0 && rest >= 0 && heap.hi(rest) !== Hi.Hole) {
    do level--; while (level > 0 && hashSlots(heap, path[level]!) === 2);
    return newMap(heap, rebuild(heap, replaced(heap, path[level]!, branches[level]!, rest, rest + 1), level), count - 1);
  }
  return newMap(heap, rebuild(heap, removed(heap, node, branch, level === LEVELS ? 0 : bitOf(hash, level)), level), count - 1);
}

/** A map of `count` entries, key and value in turn from slot `first` on; of equal keys the last counts. */
export function hashMapFromEntries(heap: Heap, first: number, count: number): number {
  const slot = heap.rootSlot(Root.HoldMap);
  heap.setCell(slot, CellKind.HashMap, emptyHashMap(heap));
  for (let i = 0; i < count; i++) heap.setCell(slot, CellKind.HashMap, hashMapPut(heap, heap.lo(slot), first + 2 * i, first + 2 * i + 1));
  const map = heap.lo(slot);
  heap.clearRoot(Root.HoldMap);
  return map;
}

/** Calls `visit` with the slots of each entry's key and value, in no order that means anything. */
export const hashMapEntries = (mem: Mem, map: number, visit: (key: number, value: number) => void): void => eachHashEntry(mem, hashMapRoot(mem, map), visit);

export { hashMapCount };
