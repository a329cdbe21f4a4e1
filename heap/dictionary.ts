// Dictionary shapes: objects used as maps. Such a shape belongs to one object and is never cached; adding and deleting keys
// are O(1). Deleted keys leave holes, which are squeezed out when the key list is full, so that deleting never moves a
// field that somebody is iterating over.

import { Obj, Shape, ShapeFlag, Slots } from "./layout.ts";
import { fieldSlot, reserveField, shapeOf } from "./cells/fields.ts";
import { growSlots, newSlots, slotsCapacity, slotsItem } from "./cells/slots.ts";
import type { Heap } from "./heap.ts";
import { Root } from "./roots.ts";
import { fillKeys, inlineCapacity, keyCount, newShape, shapeTypeName } from "./shapes.ts";
import { newTable, tableClear, tableDelete, tableSet } from "./tables.ts";
import { CellKind, Hi } from "./value.ts";

/** Gives the object a dictionary shape with the keys it has. */
export function makeDictionary(heap: Heap, obj: number): void {
  const old = shapeOf(heap, obj), count = keyCount(heap, old);
  const keys = newSlots(heap, Math.max(16, 2 * count), 0);
  fillKeys(heap, old, keys);
  heap.setRoot(Root.HoldObject, CellKind.Slots, keys);
  const lookup = newTable(heap, Math.max(16, 2 * count), "numbers");
  // The table was made large enough: these do not allocate.
  for (let i = 0; i < count; i++) tableSet(heap, lookup, heap.lo(slotsItem(keys, i)), i);
  heap.setRoot(Root.HoldTable, CellKind.Table, lookup);
  const shape = newShape(heap, 0, 0, count, inlineCapacity(heap, old), shapeTypeName(heap, old));
  heap.u16[(shape + 2) >> 1] = ShapeFlag.Dictionary;
  heap.setWord(shape + Shape.Live, count);
  heap.setWord(shape + Shape.Keys, keys);
  heap.setWord(shape + Shape.Lookup, lookup);
  heap.forgetRef(obj + Obj.Shape);
  heap.setWord(obj + Obj.Shape, shape);
  heap.clearRoot(Root.HoldObject);
  heap.clearRoot(Root.HoldTable);
}

/** Adds a key the dictionary lacks, its field null; returns the field's index. */
export function addKey(heap: Heap, obj: number, symbol: number): number {
  const shape = shapeOf(heap, obj);
  heap.setRoot(Root.HoldKey, CellKind.Symbol, symbol);
  reserveKey(heap, obj, shape);
  const index = keyCount(heap, shape);
  reserveField(heap, obj, index);
  const lookup = heap.word(shape + Shape.Lookup), changed = tableSet(heap, lookup, symbol, index);
  if (changed !== lookup) {
    heap.forgetRef(shape + Shape.Lookup);
    heap.setWord(shape + Shape.Lookup, changed);
    heap.freeLarge(lookup);
  }
  heap.clearRoot(Root.HoldKey);
  const keys = heap.word(shape + Shape.Keys);
  heap.setCell(slotsItem(keys, index), CellKind.Symbol, symbol);
  heap.setWord(keys + Slots.Count, index + 1);
  heap.setWord(shape + Shape.Count, index + 1);
  heap.setWord(shape + Shape.Live, heap.word(shape + Shape.Live) + 1);
  heap.setNull(fieldSlot(heap, obj, index));
  return index;
}

/** Makes room for one key more: squeezes the holes out when a quarter of the keys are holes, else doubles the list. */
function reserveKey(heap: Heap, obj: number, shape: number): void {
  const keys = heap.word(shape + Shape.Keys), count = keyCount(heap, shape);
  if (count < slotsCapacity(heap, keys)) return;
  if (heap.word(shape + Shape.Live) * 4 <= count * 3) squeeze(heap, obj, shape);
  else {
    const larger = growSlots(heap, keys, 2 * count);
    heap.forgetRef(shape + Shape.Keys);
    heap.setWord(shape + Shape.Keys, larger);
    heap.freeLarge(keys);
  }
}

/** Moves the live keys and fields together. Does not allocate: the table only loses entries. */
function squeeze(heap: Heap, obj: number, shape: number): void {
  const keys = heap.word(shape + Shape.Keys), lookup = heap.word(shape + Shape.Lookup), count = keyCount(heap, shape);
  // The keys move down, which marking has foreseen (see `drain`), but not the fields.
  tableClear(heap, lookup);
  let live = 0;
  for (let i = 0; i < count; i++) {
    const key = slotsItem(keys, i);
    if (heap.hi(key) === Hi.Hole) continue;
    tableSet(heap, lookup, heap.lo(key), live);
    heap.copySlot(slotsItem(keys, live), key);
    heap.replace(fieldSlot(heap, obj, live), fieldSlot(heap, obj, i));
    live++;
  }
  for (let i = live; i < count; i++) {
    heap.forget(fieldSlot(heap, obj, i));
    heap.setNull(fieldSlot(heap, obj, i));
  }
  heap.setWord(keys + Slots.Count, live);
  heap.setWord(shape + Shape.Count, live);
}

/** Deletes the key of field `index`. */
export function deleteKey(heap: Heap, obj: number, symbol: number, index: number): void {
  const shape = shapeOf(heap, obj), keys = heap.word(shape + Shape.Keys), live = heap.word(shape + Shape.Live) - 1;
  tableDelete(heap, heap.word(shape + Shape.Lookup), symbol);
  heap.forget(fieldSlot(heap, obj, index));
  heap.setNull(fieldSlot(heap, obj, index));
  heap.forget(slotsItem(keys, index));
  heap.setHole(slotsItem(keys, index));
  heap.setWord(shape + Shape.Live, live);
  if (live > 0) return;
  heap.setWord(keys + Slots.Count, 0);
  heap.setWord(shape + Shape.Count, 0);
}
