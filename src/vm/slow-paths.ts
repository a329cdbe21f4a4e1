// What the interpreter's cases hand off: everything that allocates, misses a cache or raises an error. All take slots or
// cell addresses, so the other tiers can call them too. None enters a guest frame (see calls.ts for that).

import { Closure, Code, GlobalFlag, Obj, ParamFlag, Ref } from "../../heap/layout.ts";
import type { Heap } from "../../heap/heap.ts";
import type { Mem } from "../../heap/memory.ts";
import { Root } from "../../heap/roots.ts";
import { CellHi, CellKind, Hi } from "../../heap/value.ts";
import { newArray, newArrayOf, push, elementSlot, length } from "../../heap/cells/array.ts";
import { newBox as allocateBox } from "../../heap/cells/box.ts";
import { newClosure as allocateClosure } from "../../heap/cells/closure.ts";
import { fieldByteOffset, fieldSlot, keyAt, newObject, newObjectOfShape, nextField, setField as storeField, shapeOf, valueSlotAt } from "../../heap/cells/object.ts";
import { isConst } from "../../heap/cells/global.ts";
import { newRef } from "../../heap/cells/ref.ts";
import { freshString, textOf } from "../../heap/cells/string.ts";
import { findField, isDictionary } from "../../heap/shapes.ts";
import { unreachable } from "../../heap/debug.ts";
import { interpolateParts } from "./display.ts";
import type { Status } from "./errors.ts";
import { globalValueSlot, setGlobalFlags, shownName } from "./globals.ts";
import { getField, getIndex, setField, setIndex } from "./indexing.ts";
import { runsLisp } from "./stack.ts";
import type { Vm } from "./vm.ts";

export function unknownOpcode(op: never): Status { return unreachable(`opcode ${String(op)}`); }

/** Slot holding the i32, for operators that take slots. Valid until the next call. */
export function immediate(vm: Vm, value: number): number {
  const slot = vm.heap.rootSlot(Root.Immediate);
  vm.heap.setI32(slot, value);
  return slot;
}

// ---- variables

export function undefinedGlobal(vm: Vm, cell: number): never {
  if (runsLisp(vm)) vm.rules.unbound(vm, shownName(vm.heap, cell));
  return vm.throwError(`Undefined variable '${shownName(vm.heap, cell)}'`);
}

export function setGlobal(vm: Vm, cell: number, value: number): void {
  if (vm.heap.hi(globalValueSlot(cell)) === Hi.Hole || isConst(vm.heap, cell)) badGlobalStore(vm, cell);
  vm.heap.replace(globalValueSlot(cell), value);
}

export function badGlobalStore(vm: Vm, cell: number): never {
  const name = shownName(vm.heap, cell);
  return vm.throwError(vm.heap.hi(globalValueSlot(cell)) === Hi.Hole ? `Undefined variable '${name}'` : `Cannot assign to const variable '${name}'`);
}

export function undefinedVariable(vm: Vm, nameSlot: number): never {
  return vm.throwError(`Undefined variable '${textOf(vm.heap, vm.heap.lo(nameSlot))}'`);
}

export function defineGlobal(vm: Vm, cell: number, value: number, constant: boolean): void {
  const heap = vm.heap, slot = globalValueSlot(cell);
  const free = heap.hi(slot) === Hi.Hole || vm.redefine || (heap.i32[cell >> 2]! >>> 16 & GlobalFlag.Library) !== 0;
  if (!free) vm.throwError(`Variable '${shownName(heap, cell)}' already defined in this scope`);
  heap.replace(slot, value);
  setGlobalFlags(heap, cell, constant ? GlobalFlag.Const : 0);
}

export function newBox(vm: Vm, dst: number, value: number): void {
  vm.heap.setCell(dst, CellKind.Box, allocateBox(vm.heap, value));
}

/** Captures are listed in the words from `list` on: a register number, or with bit 16 an index into the running closure. */
export function newClosure(vm: Vm, dst: number, codeSlot: number, list: number, count: number): void {
  const heap = vm.heap, closure = allocateClosure(heap, heap.lo(codeSlot), count);
  const own = heap.lo(vm.fp - 2), to = (closure + Closure.Captures) >> 3, from = (own + Closure.Captures) >> 3;
  for (let i = 0; i < count; i++) {
    const capture = heap.i32[list + i]!;
    heap.copySlot(to + i, capture & 0x10000 ? from + (capture & 0xffff) : vm.fp + capture);
  }
  heap.setCell(dst, CellKind.Closure, closure);
}

// ---- errors

export function fail(vm: Vm, messageSlot: number, fatal: boolean): never {
  const text = textOf(vm.heap, vm.heap.lo(messageSlot));
  return fatal ? vm.fatal(text) : vm.throwError(text);
}

// ---- strings, arrays, objects

export function loadString(vm: Vm, dst: number, constant: number): void {
  vm.heap.setCell(dst, CellKind.String, freshString(vm.heap, vm.heap.lo(constant)));
}

export function interpolate(vm: Vm, dst: number, first: number, count: number): void {
  interpolateParts(vm, dst, first, count);
}

export function newArrayFrom(vm: Vm, dst: number, first: number, count: number): void {
  vm.heap.setCell(dst, CellKind.Array, newArrayOf(vm.heap, first, count));
}

/** Compilers see to it that a register holds what these instructions work on; code from outside may have been made by hand. */
function expectCell(vm: Vm, slot: number, hi: CellHi): void {
  if (vm.heap.hi(slot) !== hi) vm.throwError("this bytecode works on a value of another type than it can");
}

export function arrayAppend(vm: Vm, array: number, value: number): void {
  expectCell(vm, array, CellHi.Array);
  push(vm.heap, vm.heap.lo(array), value);
}

/** Elements of an array from an index on, as a new array (rest patterns). */
export function sliceFrom(vm: Vm, dst: number, source: number, from: number): void {
  expectCell(vm, source, CellHi.Array);
  const heap = vm.heap, hold = heap.rootSlot(Root.Temp4), old = heap.lo(source), count = Math.max(0, length(heap, old) - from);
  vm.chargeFuel(count);
  const array = newArray(heap, count);
  heap.setCell(hold, CellKind.Array, array);
  for (let i = 0; i < count; i++) push(heap, array, elementSlot(heap, old, from + i));
  heap.copySlot(dst, hold);
  heap.setHole(hold);
}

export function newObjectOf(vm: Vm, dst: number, capacity: number): void {
  vm.heap.setCell(dst, CellKind.Object, newObject(vm.heap, capacity));
}

export function newObjectFrom(vm: Vm, dst: number, first: number, count: number, shape: number): void {
  const heap = vm.heap, object = newObjectOfShape(heap, shape), fields = (object + Obj.Inline) >> 3;
  for (let i = 0; i < count; i++) heap.copySlot(fields + i, first + i);
  heap.setCell(dst, CellKind.Object, object);
}

export function initField(vm: Vm, object: number, value: number, keySlot: number): void {
  expectCell(vm, object, CellHi.Object);
  storeField(vm.heap, vm.heap.lo(object), vm.heap.lo(keySlot), value);
}

/** Fuel for a field copied, in the units of chargeFuel. */
const SPREAD_FUEL = 16;

export function objectSpread(vm: Vm, target: number, source: number): void {
  const heap = vm.heap;
  if (heap.hi(source) !== CellHi.Object) vm.throwError("Spread operator requires an object");
  expectCell(vm, target, CellHi.Object);
  const from = heap.lo(source), to = heap.lo(target);
  for (let at = nextField(heap, from, 0); at >= 0; at = nextField(heap, from, at + 1)) {
    vm.chargeFuel(SPREAD_FUEL);
    storeField(heap, to, keyAt(heap, from, at), valueSlotAt(heap, from, at));
  }
}

// ---- fields: K[cache] name, K[cache+1] shape, K[cache+3] new shape when storing adds the field: these keep the shapes
// alive. What the instruction compares and uses are its own words `words` (shape) and `words` + 1 (byte offset; bit 0: the
// store adds the field). Only inline fields of shapes that are no dictionaries are cached.

/** words 0: an instruction without a cache of its own. */
export function getFieldCached(vm: Vm, dst: number, object: number, cache: number, words: number): void {
  const heap = vm.heap, symbol = heap.lo(cache);
  if (heap.hi(object) === CellHi.Object) {
    const cell = heap.lo(object), shape = shapeOf(heap, cell), index = findField(heap, shape, symbol);
    if (index >= 0) {
      if (words !== 0) remember(heap, cache, words, shape, index, 0);
      heap.copySlot(dst, fieldSlot(heap, cell, index));
      return;
    }
  }
  getField(vm, dst, object, symbol);
}

/** `after`: shape the store leads to, 0 when it stays. */
function remember(heap: Heap, cache: number, words: number, shape: number, index: number, after: number): void {
  const place = fieldByteOffset(heap, shape, index);
  if (isDictionary(heap, shape) || place < 0) return;
  heap.replaceCell(cache + 1, CellKind.Shape, shape);
  if (after !== 0) heap.replaceCell(cache + 3, CellKind.Shape, after);
  heap.i32[words] = shape;
  heap.i32[words + 1] = place | (after !== 0 ? 1 : 0);
}

export function setFieldCached(vm: Vm, object: number, value: number, cache: number, words: number): void {
  const heap = vm.heap, symbol = heap.lo(cache);
  if (heap.hi(object) !== CellHi.Object) return setField(vm, object, symbol, value);
  const cell = heap.lo(object), before = shapeOf(heap, cell), index = findField(heap, before, symbol);
  storeField(heap, cell, symbol, value);
  const after = shapeOf(heap, cell);
  if (after === before) remember(heap, cache, words, before, index, 0);
  else if (!isDictionary(heap, after)) remember(heap, cache, words, before, findField(heap, after, symbol), after);
}

// ---- references

export function isRefParam(mem: Mem, callee: number, index: number): boolean {
  if (mem.hi(callee) !== CellHi.Closure) return false;
  const code = mem.word(mem.lo(callee) + Closure.Code);
  return (mem.word(code + Code.ParamFlags) & ParamFlag.HasRefs) !== 0 && index < 31 && (mem.word(code + Code.RefParams) >>> index & 1) !== 0;
}

export function makeRef(vm: Vm, dst: number, container: number, key: number): void {
  vm.heap.setCell(dst, CellKind.Ref, newRef(vm.heap, container, key));
}

const isRef = (hi: number): boolean => hi === CellHi.Box || hi === CellHi.Global || hi === CellHi.Ref;

export function checkRef(vm: Vm, argument: number): void {
  if (!isRef(vm.heap.hi(argument))) vm.throwError("ref argument must be a variable, array element, or object property");
}

/** A reference is a box, a global (value at the same offset) or a container with an index or a symbol. */
export function getRef(vm: Vm, dst: number, ref: number): void {
  const heap = vm.heap, cell = heap.lo(ref);
  if (!isRef(heap.hi(ref))) checkRef(vm, ref);
  if (heap.hi(ref) !== CellHi.Ref) return heap.copySlot(dst, (cell + 8) >> 3);
  const container = (cell + Ref.Container) >> 3, key = (cell + Ref.Key) >> 3;
  if (heap.hi(key) === CellHi.Symbol) getField(vm, dst, container, heap.lo(key));
  else getIndex(vm, dst, container, key);
}

export function setRef(vm: Vm, ref: number, value: number): void {
  const heap = vm.heap, cell = heap.lo(ref);
  if (!isRef(heap.hi(ref))) checkRef(vm, ref);
  if (heap.hi(ref) === CellHi.Global && isConst(heap, cell)) badGlobalStore(vm, cell);
  if (heap.hi(ref) !== CellHi.Ref) return heap.replace((cell + 8) >> 3, value);
  const container = (cell + Ref.Container) >> 3, key = (cell + Ref.Key) >> 3;
  if (heap.hi(key) === CellHi.Symbol) setField(vm, container, heap.lo(key), value);
  else setIndex(vm, container, key, value);
}
