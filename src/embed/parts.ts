// Parts of guest values by key, for handles: fields, elements, entries of maps.

import { elementSlot, length } from "../../heap/cells/array.ts";
import { hashMapGet } from "../../heap/cells/hash-map.ts";
import { keywordText } from "../../heap/cells/keyword.ts";
import { findSlot, setField } from "../../heap/cells/object.ts";
import { mapGet } from "../../heap/cells/sorted-map.ts";
import { newStringFromText } from "../../heap/cells/string.ts";
import { isConstantVector, vectorCount, vectorItem } from "../../heap/cells/vector.ts";
import { Arr } from "../../heap/layout.ts";
import { Root } from "../../heap/roots.ts";
import { internText } from "../../heap/symbols.ts";
import { CellHi, CellKind } from "../../heap/value.ts";
import type { Vm } from "../vm/vm.ts";

/** The value in the slot has no such parts, or none that may be changed. */
const refuse = (what: string, type: string): never => { throw new TypeError(`${what} of a value of type ${type}`); };

function indexOf(key: string | number, count: number): number {
  return typeof key === "number" && Number.isInteger(key) && key >= 0 && key < count ? key : -1;
}

/** Slot of the part with this key of the value in a slot, -1 when there is none. Throws TypeError for a value without parts. */
export function partSlot(vm: Vm, slot: number, key: string | number, type: string): number {
  const { heap } = vm, cell = heap.lo(slot);
  switch (heap.hi(slot)) {
    case CellHi.Object: return findSlot(heap, cell, internText(heap, String(key))) || -1;
    case CellHi.Array: {
      const at = indexOf(key, length(heap, cell));
      return at < 0 ? -1 : elementSlot(heap, cell, at);
    }
    case CellHi.Vector: {
      const at = indexOf(key, vectorCount(heap, cell));
      return at < 0 ? -1 : vectorItem(cell, at);
    }
    case CellHi.SortedMap: case CellHi.HashMap: return entrySlot(vm, slot, key);
    default: return refuse("there are no parts", type);
  }
}

/** A text is looked for as a keyword first, then as a string. */
function entrySlot(vm: Vm, map: number, key: string | number): number {
  const { heap } = vm, hold = heap.rootSlot(Root.Temp0);
  const find = (): number => (heap.hi(map) === CellHi.SortedMap ? mapGet : hashMapGet)(heap, heap.lo(map), hold);
  let found = -1;
  if (typeof key === "number") {
    if (Number.isInteger(key) && key === (key | 0)) heap.setI32(hold, key);
    else heap.setF64(hold, key);
    found = find();
  } else {
    heap.setCell(hold, CellKind.Keyword, keywordText(heap, key));
    found = find();
    if (found < 0) {
      heap.setCell(hold, CellKind.String, newStringFromText(heap, key));
      found = find();
    }
  }
  heap.setHole(hold);
  return found;
}

/** Changes a part to the value in another slot. A new field is added; elements must exist. */
export function setPart(vm: Vm, slot: number, key: string | number, value: number, type: string): void {
  const { heap } = vm, cell = heap.lo(slot);
  switch (heap.hi(slot)) {
    case CellHi.Object: return setField(heap, cell, internText(heap, String(key)), value);
    case CellHi.Array:
      if (heap.word(cell + Arr.Element) !== 0) return refuse("elements with a declared type cannot be changed from outside", type);
      return setElement(vm, indexOf(key, length(heap, cell)), (at) => elementSlot(heap, cell, at), key, value);
    case CellHi.Vector:
      if (isConstantVector(heap, cell)) return refuse("the elements of a literal cannot be changed", type);
      return setElement(vm, indexOf(key, vectorCount(heap, cell)), (at) => vectorItem(cell, at), key, value);
    default: return refuse("there are no parts that can be changed", type);
  }
}

function setElement({ heap }: Vm, at: number, slotOf: (at: number) => number, key: string | number, value: number): void {
  if (at < 0) throw new RangeError(`there is no element ${JSON.stringify(key)}`);
  heap.replace(slotOf(at), value);
}
