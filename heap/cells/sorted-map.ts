// Sorted maps: immutable, weight-balanced trees in the total order of values. A change copies the path from the root to the
// entry and shares everything else.
//
//          SortedMap ──► d             put e       d'           nodes d' and f' are new,
//                      ╱   ╲          ──────►    ╱   ╲          a b c are shared
//                     b     f                   b     f'
//                    a c                       a c   e
//
// A node's subtrees a and b are in balance while weight(a) + 1 <= 3 (weight(b) + 1) and the other way round; one change at
// a time needs at most one rotation a level to keep it so (Hirai and Yamamoto 2011: the pair 3, 2).
//
// Rooting: the map, key and value given are held by the caller; new subtrees are held in Root.HoldMap while their parents
// are made, and the halves of a rotation in HoldLeft and HoldRight.

import type { Heap } from "../heap.ts";
import { MapNode, SortedMap } from "../layout.ts";
import type { Mem } from "../memory.ts";
import { compareValues } from "../order.ts";
import { Root } from "../roots.ts";
import { CellHi, CellKind, Hi } from "../value.ts";
import { MapCursor, mapCount, mapRoot, nodeKey, nodeLeft, nodeRight, nodeValue, nodeWeight } from "./map-node.ts";

const BALANCE = 3, SINGLE = 2;

/** Nodes on the way from the root to an entry, and on which side of each it goes on (-1, 1; 0: the entry's own). A tree of 2^27 nodes is less than 70 deep. */
const path = new Int32Array(128), sides = new Int8Array(128);
/** Nodes of a map that is being made of a row. */
const row = new Int32Array(32);

/** A map without entries. */
export const emptyMap = (heap: Heap): number => newMap(heap, 0);

/** The map of a tree, which may be fresh. */
function newMap(heap: Heap, root: number): number {
  holdNode(heap, Root.HoldMap, root);
  const map = heap.allocate(CellKind.SortedMap, SortedMap.Size);
  heap.clearRoot(Root.HoldMap);
  heap.setWord(map + SortedMap.Root, root);
  heap.setWord(map + SortedMap.Count, nodeWeight(heap, root));
  return map;
}

function holdNode(heap: Heap, root: Root, node: number): void {
  if (node === 0) heap.clearRoot(root);
  else heap.setRoot(root, CellKind.MapNode, node);
}

/** A node with the entry of key and value slots over two subtrees, which are held somewhere. */
function newNode(heap: Heap, key: number, value: number, left: number, right: number): number {
  const node = heap.allocate(CellKind.MapNode, MapNode.Size), i32 = heap.i32, w = node >> 2;
  i32[w + (MapNode.Left >> 2)] = left;
  i32[w + (MapNode.Right >> 2)] = right;
  i32[w + (MapNode.Weight >> 2)] = nodeWeight(heap, left) + nodeWeight(heap, right) + 1;
  i32[w + (MapNode.Weight >> 2) + 1] = 0;
  heap.copySlot(nodeKey(node), key);
  heap.copySlot(nodeValue(node), value);
  return node;
}

/** Slot of the key's value, -1 when the map lacks the key. */
export function mapGet(mem: Mem, map: number, key: number): number {
  let node = mapRoot(mem, map);
  while (node !== 0) {
    const side = compareValues(mem, key, nodeKey(node));
    if (side === 0) return nodeValue(node);
    node = side < 0 ? nodeLeft(mem, node) : nodeRight(mem, node);
  }
  return -1;
}

/** Writes the way to the key's entry, or to where it would be, to `path`; returns its length, complemented when there is no entry. */
function find(mem: Mem, map: number, key: number): number {
  let node = mapRoot(mem, map), depth = 0;
  while (node !== 0) {
    const side = compareValues(mem, key, nodeKey(node));
    path[depth] = node;
    sides[depth++] = side;
    if (side === 0) return depth;
    node = side < 0 ? nodeLeft(mem, node) : nodeRight(mem, node);
  }
  return ~depth;
}

/** A map with the key's value added or replaced; a key that is there stays the one it is. */
export function mapPut(heap: Heap, map: number, key: number, value: number): number {
  const found = find(heap, map, key);
  let depth: number, node: number;
  if (found > 0) {
    depth = found - 1;
    const old = path[depth]!;
    if (heap.lo(nodeValue(old)) === heap.lo(value) && heap.hi(nodeValue(old)) === heap.hi(value)) return map;
    node = newNode(heap, nodeKey(old), value, nodeLeft(heap, old), nodeRight(heap, old));
  } else {
    depth = ~found;
    node = newNode(heap, key, value, 0, 0);
  }
  return newMap(heap, rebuild(heap, node, depth, -1, 0));
}

/** A map without the key; the same map when it lacks it. */
export function mapRemove(heap: Heap, map: number, key: number): number {
  const found = find(heap, map, key);
  if (found < 0) return map;
  const removed = path[found - 1]!, left = nodeLeft(heap, removed), right = nodeRight(heap, removed);
  if (left === 0 || right === 0) return newMap(heap, rebuild(heap, left === 0 ? right : left, found - 1, -1, 0));
  // The neighbour on the heavier side takes the place of the entry; the way goes on to where that is taken out.
  const side = nodeWeight(heap, left) > nodeWeight(heap, right) ? -1 : 1;
  let depth = found, node = side < 0 ? left : right;
  sides[found - 1] = side;
  for (;;) {
    const next = side < 0 ? nodeRight(heap, node) : nodeLeft(heap, node);
    if (next === 0) break;
    path[depth] = node;
    sides[depth++] = -side;
    node = next;
  }
  return newMap(heap, rebuild(heap, side < 0 ? nodeLeft(heap, node) : nodeRight(heap, node), depth, found - 1, node));
}

/**
 * Copies the first `depth` nodes of the path from below over the new subtree `node`; returns the new root. The node at
 * `replaced` on the path gets the entry of `entry` instead of its own.
 */
function rebuild(heap: Heap, node: number, depth: number, replaced: number, entry: number): number {
  while (depth-- > 0) {
    const old = path[depth]!, from = depth === replaced ? entry : old;
    holdNode(heap, Root.HoldMap, node);
    node = sides[depth]! < 0 ? balanced(heap, from, node, nodeRight(heap, old)) : balanced(heap, from, nodeLeft(heap, old), node);
  }
  return node;
}

/** A tree of the entry of `from` over two subtrees that one change has put out of balance at most. */
function balanced(heap: Heap, from: number, left: number, right: number): number {
  const l = nodeWeight(heap, left) + 1, r = nodeWeight(heap, right) + 1;
  if (r > BALANCE * l) return rotateLeft(heap, from, left, right);
  if (l > BALANCE * r) return rotateRight(heap, from, left, right);
  return newNode(heap, nodeKey(from), nodeValue(from), left, right);
}

/** The right subtree is too heavy: its root, or that of its own left subtree, comes to the top. */
function rotateLeft(heap: Heap, from: number, left: number, right: number): number {
  const inner = nodeLeft(heap, right), outer = nodeRight(heap, right), double = nodeWeight(heap, inner) + 1 >= SINGLE * (nodeWeight(heap, outer) + 1);
  const low = newNode(heap, nodeKey(from), nodeValue(from), left, double ? nodeLeft(heap, inner) : inner);
  holdNode(heap, Root.HoldLeft, low);
  const high = double ? newNode(heap, nodeKey(right), nodeValue(right), nodeRight(heap, inner), outer) : outer;
  return join(heap, double ? inner : right, low, high);
}

function rotateRight(heap: Heap, from: number, left: number, right: number): number {
  const inner = nodeRight(heap, left), outer = nodeLeft(heap, left), double = nodeWeight(heap, inner) + 1 >= SINGLE * (nodeWeight(heap, outer) + 1);
  const high = newNode(heap, nodeKey(from), nodeValue(from), double ? nodeRight(heap, inner) : inner, right);
  holdNode(heap, Root.HoldLeft, high);
  const low = double ? newNode(heap, nodeKey(left), nodeValue(left), outer, nodeLeft(heap, inner)) : outer;
  return join(heap, double ? inner : left, low, high);
}

/** The top of a rotation. */
function join(heap: Heap, from: number, low: number, high: number): number {
  // One of the two is in HoldLeft already; the other may be fresh too.
  holdNode(heap, Root.HoldRight, low === heap.rootCell(Root.HoldLeft) ? high : low);
  const node = newNode(heap, nodeKey(from), nodeValue(from), low, high);
  heap.clearRoot(Root.HoldLeft);
  heap.clearRoot(Root.HoldRight);
  return node;
}

/** A map of `count` entries, which are key and value in turn from slot `first` on: in order, and no key twice. */
export const mapFromSorted = (heap: Heap, first: number, count: number): number => mapOfKeys(heap, count, (i) => first + 2 * i);

/** A map of `count` entries in any order, key and value in turn from slot `first` on; of equal keys the last counts. */
export function mapFromEntries(heap: Heap, first: number, count: number): number {
  const keys: number[] = [];
  for (let i = 0; i < count; i++) keys.push(first + 2 * i);
  // Sorting is stable: of equal keys the last one comes last.
  keys.sort((a, b) => compareValues(heap, a, b));
  const last = keys.filter((key, i) => i + 1 === count || compareValues(heap, key, keys[i + 1]!) !== 0);
  return mapOfKeys(heap, last.length, (i) => last[i]!);
}

/**
 * A map by keywords that something holds, its values null, to be filled in before anything looks at it: `order` has the place of
 * each among `keys`, in the order of the map. Writes the values' slots to `slots` from `first` on, at the places of their keys.
 */
export function mapOfRow(heap: Heap, keys: readonly number[], order: readonly number[], slots: number[], first: number): number {
  const count = order.length, nodes = count <= row.length ? row : new Int32Array(count);
  let node = 0;
  for (let i = 0; i < count; i++) {
    const place = order[i]!, left = node;
    node = heap.allocate(CellKind.MapNode, MapNode.Size);
    const i32 = heap.i32, w = node >> 2;
    i32[w + (MapNode.Left >> 2)] = left;
    i32[w + (MapNode.Right >> 2)] = 0;
    i32[w + (MapNode.Weight >> 2)] = i + 1;
    i32[w + (MapNode.Weight >> 2) + 1] = 0;
    i32[w + (MapNode.Key >> 2)] = keys[place]!;
    i32[w + (MapNode.Key >> 2) + 1] = CellHi.Keyword;
    i32[w + (MapNode.Value >> 2)] = 0;
    i32[w + (MapNode.Value >> 2) + 1] = Hi.Null;
    heap.setRoot(Root.HoldMap, CellKind.MapNode, node);
    nodes[i] = node;
    slots[first + place] = nodeValue(node);
  }
  return newMap(heap, link(heap, nodes, 0, count));
}

/** A map of `count` entries given in order by the slots of their keys, which values follow. */
function mapOfKeys(heap: Heap, count: number, keyAt: (i: number) => number): number {
  const nodes: number[] = [];
  let node = 0;
  // A chain first, so that one root holds them all; its weights are right for a chain.
  for (let i = 0; i < count; i++) {
    node = newNode(heap, keyAt(i), keyAt(i) + 1, node, 0);
    holdNode(heap, Root.HoldMap, node);
    nodes.push(node);
  }
  return newMap(heap, link(heap, nodes, 0, count));
}

/** Links the nodes [from, to) to a tree; as deep as the tree. */
function link(mem: Mem, nodes: ArrayLike<number>, from: number, to: number): number {
  if (from === to) return 0;
  const middle = (from + to) >> 1, node = nodes[middle]!;
  mem.setWord(node + MapNode.Left, link(mem, nodes, from, middle));
  mem.setWord(node + MapNode.Right, link(mem, nodes, middle + 1, to));
  mem.setWord(node + MapNode.Weight, to - from);
  return node;
}

/** Calls `visit` with the slots of each entry's key and value, in order. */
export function mapEntries(mem: Mem, map: number, visit: (key: number, value: number) => void): void {
  const cursor = new MapCursor(mem, map);
  for (let node = cursor.next(); node !== 0; node = cursor.next()) visit(nodeKey(node), nodeValue(node));
}

export { MapCursor, mapCount };
