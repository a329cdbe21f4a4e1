// Finds the values that contain themselves, which the printer gives datum labels. Most data has no cycles, so a bounded
// walk without bookkeeping comes first: whatever it can finish is a finite tree. The full walk keeps two bits for every
// 8 bytes of the world and two numbers for every container on its path, so even long lists stay cheap.

import { carSlot, cdrSlot } from "../../../../heap/cells/pair.ts";
import type { Heap } from "../../../../heap/heap.ts";
import { CellHi } from "../../../../heap/value.ts";
import type { Vm } from "../../../vm/vm.ts";
import { hasParts, partSlots } from "./parts.ts";

/** Containers the walk without bookkeeping looks at. */
const PLAIN_WALK = 256;
const FUEL_PER_CONTAINER = 16;

const contained = (heap: Heap, slot: number): readonly number[] =>
  (heap.hi(slot) === CellHi.Pair ? [carSlot(heap.lo(slot)), cdrSlot(heap.lo(slot))] : partSlots(heap, slot));

function isSmallTree(heap: Heap, root: number): boolean {
  const open = [root];
  for (let seen = 0; open.length > 0; seen++) {
    if (seen === PLAIN_WALK) return false;
    for (const part of contained(heap, open.pop()!)) if (hasParts(heap, part)) open.push(part);
  }
  return true;
}

/** A set of cells, by their addresses. */
class CellSet {
  readonly #bits: Uint8Array;
  constructor(worldBytes: number) { this.#bits = new Uint8Array((worldBytes >> 6) + 1); }
  has(cell: number): boolean { return (this.#bits[cell >> 6]! & (1 << ((cell >> 3) & 7))) !== 0; }
  add(cell: number): void { this.#bits[cell >> 6]! |= 1 << ((cell >> 3) & 7); }
  delete(cell: number): void { this.#bits[cell >> 6]! &= ~(1 << ((cell >> 3) & 7)); }
}

class CycleSearch {
  readonly found = new Set<number>();
  readonly #heap: Heap;
  readonly #seen: CellSet;
  readonly #onPath: CellSet;
  /** Slots of the containers on the way to the current one, and the next part of each. */
  readonly #path: number[] = [];
  readonly #next: number[] = [];
  /** Parts of those that are no pairs. */
  readonly #parts = new Map<number, readonly number[]>();

  constructor(readonly vm: Vm) {
    this.#heap = vm.heap;
    this.#seen = new CellSet(vm.heap.worldBytes);
    this.#onPath = new CellSet(vm.heap.worldBytes);
  }

  run(root: number): void {
    this.#enter(root);
    while (this.#path.length > 0) {
      const top = this.#path.length - 1, slot = this.#path[top]!, part = this.#partOf(slot, this.#next[top]!++);
      if (part < 0) this.#leave(slot);
      else if (hasParts(this.#heap, part)) this.#enter(part);
    }
  }

  #enter(slot: number): void {
    const cell = this.#heap.lo(slot);
    if (this.#onPath.has(cell)) this.found.add(cell);
    if (this.#seen.has(cell)) return;
    this.#seen.add(cell);
    this.#onPath.add(cell);
    this.#path.push(slot);
    this.#next.push(0);
    this.vm.work(FUEL_PER_CONTAINER);
  }

  #leave(slot: number): void {
    this.#onPath.delete(this.#heap.lo(slot));
    this.#parts.delete(slot);
    this.#path.pop();
    this.#next.pop();
  }

  /** Slot of a part, -1 behind the last one. */
  #partOf(slot: number, index: number): number {
    const heap = this.#heap;
    if (heap.hi(slot) === CellHi.Pair) return index === 0 ? carSlot(heap.lo(slot)) : index === 1 ? cdrSlot(heap.lo(slot)) : -1;
    let parts = this.#parts.get(slot);
    if (parts === undefined) this.#parts.set(slot, parts = partSlots(heap, slot));
    return parts[index] ?? -1;
  }
}

/** Cells reachable from the value that contain themselves and are met first on the way round; null: none. */
export function cellsInCycles(vm: Vm, root: number): ReadonlySet<number> | null {
  if (!hasParts(vm.heap, root) || isSmallTree(vm.heap, root)) return null;
  const search = new CycleSearch(vm);
  search.run(root);
  return search.found.size === 0 ? null : search.found;
}
