// What comes after marking: entries of weak maps and targets of weak references.
//
// A weak map's entry is an ephemeron: its value lives while the map and its key do, and the value does not keep the key alive,
// however it refers to it. So values are marked as keys are reached, until no more are; then the other entries go.
//
// To learn at no cost to ordinary marking when a key is reached, keys that were not are disguised: their kind is set to Free,
// which the marker knows nothing of, and it asks here (`reach`). Each entry is looked at once, so chains are no trouble.

import { dropEntry, eachEntry } from "./cells/weak.ts";
import { Bug, hex } from "./debug.ts";
import type { Heap } from "./heap.ts";
import { WeakMap, WeakRef } from "./layout.ts";
import { drain, pushCell } from "./marker.ts";
import { CellKind, Tag } from "./value.ts";
import { Header } from "./world-layout.ts";

const CELL_TAG = Tag.Cell >> 16;

interface Disguised { readonly kind: number; /** Cells that are reached with the key. */ readonly values: number[] }

export class Ephemerons {
  /** Keys not reached so far, by address. */
  readonly #waiting = new Map<number, Disguised>();

  /** Marks what weak maps keep alive and clears what is dead; returns the bytes of the cells marked. */
  finish(heap: Heap, epoch: number): number {
    let live = 0, known = 0;
    // Values may lead to further maps, which marking puts before those we know.
    const maps: number[] = [];
    for (let first = heap.word(Header.WeakMaps); first !== known; first = heap.word(Header.WeakMaps)) {
      const added: number[] = [];
      for (let map = first; map !== known; map = heap.word(map + WeakMap.NextWeak)) added.push(map);
      known = first;
      for (const map of added) live += this.#enter(heap, map, epoch);
      maps.push(...added);
    }
    for (const [key, { kind }] of this.#waiting) heap.u8[key] = kind;
    this.#waiting.clear();
    for (const map of maps) prune(heap, map, epoch);
    heap.setWord(Header.WeakMaps, 0);
    clearReferences(heap, epoch);
    return live;
  }

  /** Marks the values of a map's entries whose keys were reached, and waits for the other keys. */
  #enter(heap: Heap, map: number, epoch: number): number {
    let live = 0;
    eachEntry(heap, map, (at) => {
      const value = heap.i32[at + 3]! >> 16 === CELL_TAG ? heap.i32[at + 2]! : 0, key = heap.i32[at]!;
      if (isCellKey(heap, at) && heap.u8[key + 1] !== epoch) this.#wait(heap, key, value);
      else if (value !== 0 && heap.u8[value + 1] !== epoch) {
        heap.u8[value + 1] = epoch;
        pushCell(heap, value);
        live += drain(heap, epoch);
      }
    });
    return live;
  }

  #wait(heap: Heap, key: number, value: number): void {
    let entry = this.#waiting.get(key);
    if (entry === undefined) {
      this.#waiting.set(key, entry = { kind: heap.u8[key]!, values: [] });
      heap.u8[key] = CellKind.Free;
    }
    if (value !== 0) entry.values.push(value);
  }

  /** The marker met a cell of no kind. Takes a key's disguise off and puts the key and its values on the mark stack. */
  reach(heap: Heap, addr: number, epoch: number): void {
    const entry = this.#waiting.get(addr);
    if (entry === undefined) throw new Bug(`the marker met a cell of unknown kind ${heap.u8[addr]} at ${hex(addr)}`);
    this.#waiting.delete(addr);
    heap.u8[addr] = entry.kind;
    for (const value of entry.values) {
      if (heap.u8[value + 1] === epoch) continue;
      heap.u8[value + 1] = epoch;
      pushCell(heap, value);
    }
    pushCell(heap, addr);
  }
}

const isCellKey = (heap: Heap, at: number): boolean => heap.i32[at + 1]! >> 16 === CELL_TAG;

/** Drops the entries whose keys were not reached. */
function prune(heap: Heap, map: number, epoch: number): void {
  eachEntry(heap, map, (at) => {
    if (!isCellKey(heap, at) || heap.u8[heap.i32[at]! + 1] === epoch) return;
    dropEntry(heap, map, at);
  });
}

/** Clears weak references whose targets were not reached. */
function clearReferences(heap: Heap, epoch: number): void {
  for (let ref = heap.word(Header.WeakRefs); ref !== 0; ref = heap.word(ref + WeakRef.NextWeak)) {
    const slot = (ref + WeakRef.Target) >> 3;
    if (heap.hi(slot) >> 16 === CELL_TAG && heap.u8[heap.lo(slot) + 1] !== epoch) heap.setHole(slot);
  }
  heap.setWord(Header.WeakRefs, 0);
}
