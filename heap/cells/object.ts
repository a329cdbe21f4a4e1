// Object cells: a shape and its fields, the first few inline and the others in a Slots vector.
//
// Fields are visited in insertion order by
//   for (let i = nextField(mem, obj, 0); i >= 0; i = nextField(mem, obj, i + 1)) … keyAt(mem, obj, i), valueSlotAt(mem, obj, i)
// which tolerates fields being added and deleted meanwhile.

import { Obj, Shape } from "../layout.ts";
import { addKey, deleteKey, makeDictionary } from "../dictionary.ts";
import type { Heap } from "../heap.ts";
import type { Mem } from "../memory.ts";
import { Root } from "../roots.ts";
import { MAX_TRANSITIONS, emptyShape, findField, inlineCapacity, isDictionary, keyCount, keyOfShape, keysOf, shapeTypeName, shapeWith, stampedRoot, transition } from "../shapes.ts";
import { tableCount } from "../tables.ts";
import { CellKind, Hi } from "../value.ts";
import { fieldSlot, reserveField, shapeOf } from "./fields.ts";
import { newSlots, slotsItem } from "./slots.ts";

export { fieldByteOffset, fieldSlot, reserveField, shapeOf } from "./fields.ts";

/** Objects that get more fields than this one by one become dictionaries. */
const MAX_FAST_FIELDS = 64;

/** An empty object with room for so many inline fields (rounded up, at most 32). */
export const newObject = (heap: Heap, inlineFields: number): number => newObjectOfShape(heap, emptyShape(heap, inlineFields));

/** An object of a shape that is no dictionary, its fields null. */
export function newObjectOfShape(heap: Heap, shape: number): number {
  const inline = inlineCapacity(heap, shape), obj = heap.allocate(CellKind.Object, Obj.Inline + 8 * inline), i32 = heap.i32, w = obj >> 2;
  i32[w + (Obj.Shape >> 2)] = shape;
  i32[w + (Obj.More >> 2)] = 0;
  for (let at = w + (Obj.Inline >> 2), end = at + 2 * inline; at < end; at += 2) {
    i32[at] = 0;
    i32[at + 1] = Hi.Null;
  }
  if (i32[(shape + Shape.Count) >> 2]! > inline) addMore(heap, obj, i32[(shape + Shape.Count) >> 2]! - inline);
  return obj;
}

/** Gives a fresh object its vector for the fields that are not inline, null. */
function addMore(heap: Heap, obj: number, count: number): void {
  heap.setRoot(Root.HoldObject, CellKind.Object, obj);
  const more = newSlots(heap, count, count);
  heap.setWord(obj + Obj.More, more);
  heap.clearRoot(Root.HoldObject);
}

/** Slot of the field with this key, 0 when the object has none. */
export function findSlot(mem: Mem, obj: number, symbol: number): number {
  const index = findField(mem, shapeOf(mem, obj), symbol);
  return index < 0 ? 0 : fieldSlot(mem, obj, index);
}

/** Sets or adds a field. The symbol need not be rooted. */
export function setField(heap: Heap, obj: number, symbol: number, slot: number): void {
  // Read first: the slot may be in the vector that growing frees.
  const lo = heap.i32[2 * slot]!, hi = heap.i32[2 * slot + 1]!;
  let index = findField(heap, shapeOf(heap, obj), symbol);
  if (index < 0) index = addField(heap, obj, symbol);
  const field = fieldSlot(heap, obj, index);
  heap.forget(field);
  heap.setSlot(field, hi, lo);
}

/** Adds a field that is absent, null; returns its index. */
export function addField(heap: Heap, obj: number, symbol: number): number {
  const shape = shapeOf(heap, obj), index = keyCount(heap, shape);
  if (isDictionary(heap, shape)) return addKey(heap, obj, symbol);
  let next = index < MAX_FAST_FIELDS ? transition(heap, shape, symbol) : 0;
  if (next === 0) {
    if (index >= MAX_FAST_FIELDS || childCount(heap, shape) >= MAX_TRANSITIONS) {
      heap.setRoot(Root.HoldKey, CellKind.Symbol, symbol);
      makeDictionary(heap, obj);
      return addKey(heap, obj, symbol);
    }
    next = shapeWith(heap, shape, symbol);
  }
  reserveField(heap, obj, index);
  heap.forgetRef(obj + Obj.Shape);
  heap.i32[(obj + Obj.Shape) >> 2] = next;
  return index;
}

function childCount(mem: Mem, shape: number): number {
  const table = mem.word(shape + Shape.Transitions);
  return table === 0 ? 0 : tableCount(mem, table);
}

/** Removes a field; false when the object has none with this key. */
export function deleteField(heap: Heap, obj: number, symbol: number): boolean {
  const shape = shapeOf(heap, obj), index = findField(heap, shape, symbol);
  if (index < 0) return false;
  if (isDictionary(heap, shape)) deleteKey(heap, obj, symbol, index);
  else if (index === keyCount(heap, shape) - 1) {
    // The key added last: the object had the parent's shape before it.
    heap.forget(fieldSlot(heap, obj, index));
    heap.setNull(fieldSlot(heap, obj, index));
    heap.forgetRef(obj + Obj.Shape);
    heap.i32[(obj + Obj.Shape) >> 2] = heap.word(shape + Shape.Parent);
  } else {
    makeDictionary(heap, obj);
    deleteKey(heap, obj, symbol, index);
  }
  return true;
}

/** Number of fields. */
export function fieldCount(mem: Mem, obj: number): number {
  const shape = shapeOf(mem, obj);
  return isDictionary(mem, shape) ? mem.i32[(shape + Shape.Live) >> 2]! : keyCount(mem, shape);
}

/** Index of the first field at or after `from`, -1 when there is none. */
export function nextField(mem: Mem, obj: number, from: number): number {
  const shape = shapeOf(mem, obj), count = keyCount(mem, shape);
  if (!isDictionary(mem, shape)) return from < count ? from : -1;
  const keys = mem.i32[(shape + Shape.Keys) >> 2]!;
  for (let i = from; i < count; i++) if (mem.hi(slotsItem(keys, i)) !== Hi.Hole) return i;
  return -1;
}

export const keyAt = (mem: Mem, obj: number, index: number): number => keyOfShape(mem, shapeOf(mem, obj), index);
export const valueSlotAt = (mem: Mem, obj: number, index: number): number => fieldSlot(mem, obj, index);
/** Makes `keyAt` O(1) for this object, at the price of an allocation: worth it before visiting all fields. */
export const prepareKeys = (heap: Heap, obj: number): number => keysOf(heap, shapeOf(heap, obj));

/** Gives the object a type name (a Symbol), or takes it away (0). */
export function stamp(heap: Heap, obj: number, typeName: number): void {
  const old = shapeOf(heap, obj);
  if (isDictionary(heap, old)) {
    heap.forgetRef(old + Shape.TypeName);
    heap.setWord(old + Shape.TypeName, typeName);
    return;
  }
  if (shapeTypeName(heap, old) === typeName) return;
  // All shapes on the way are reachable from the empty shapes, the keys from the old shape.
  const keys = keysOf(heap, old), count = keyCount(heap, old);
  let shape = stampedRoot(heap, inlineCapacity(heap, old), typeName);
  for (let i = 0; i < count; i++) shape = shapeWith(heap, shape, heap.lo(slotsItem(keys, i)));
  heap.forgetRef(obj + Obj.Shape);
  heap.i32[(obj + Obj.Shape) >> 2] = shape;
}

/** The object's type name as a Symbol, 0 when it has none. */
export const typeName = (mem: Mem, obj: number): number => shapeTypeName(mem, shapeOf(mem, obj));
