// Ref cells: a by-reference argument that is an element or a field, as container and key.

import { Ref } from "../layout.ts";
import type { Heap } from "../heap.ts";
import { CellKind } from "../value.ts";

/** A reference to the element or field that the key slot names in the container slot. */
export function newRef(heap: Heap, containerSlot: number, keySlot: number): number {
  const addr = heap.allocate(CellKind.Ref, Ref.Size);
  heap.copySlot(refContainer(addr), containerSlot);
  heap.copySlot(refKey(addr), keySlot);
  return addr;
}

export const refContainer = (ref: number): number => (ref + Ref.Container) >> 3;
export const refKey = (ref: number): number => (ref + Ref.Key) >> 3;
