// Elements, fields and iteration on slots: `a[i]`, `o.f`, `for (k, v in x)`. These are the complete operations; the
// interpreter answers arrays with i32 indices and cached shapes itself.

import { Buf } from "../../heap/layout.ts";
import { elementSlot, length as arrayLength, setLength } from "../../heap/cells/array.ts";
import { findSlot, keyAt, nextField, prepareKeys, setField as setObjectField, valueSlotAt } from "../../heap/cells/object.ts";
import { byteIndexOf, byteLength, byteWidthAt, codePointAt, codePoints, freshString, replaceCodePoint, textOf } from "../../heap/cells/string.ts";
import { findSymbol, intern } from "../../heap/symbols.ts";
import type { Mem } from "../../heap/memory.ts";
import { isFreed } from "../../heap/cells/buffer.ts";
import { CellHi, CellKind, Hi, Rank, Tag, inlineUint64, numericRank } from "../../heap/value.ts";
import { requireElement, requireNulls } from "./element-types.ts";
import { bigIntegerOf } from "./integers64.ts";
import { isInteger, numberOf } from "./numeric.ts";
import { propertySlot } from "./outside.ts";
import type { Vm } from "./vm.ts";

const NOT_INDEXABLE = "Only strings, buffers, arrays, pointers, and objects can be indexed";
const NOT_INDEX_ASSIGNABLE = "Only strings, buffers, arrays, pointers, and objects support index assignment";
const NOT_A_BYTE = "Index value must be an integer (byte) or rune for strings/buffers";
const NO_PROPERTIES = "Only strings, buffers, arrays, and objects have properties";
/** Longest array an index assignment may create; beyond it memory would run out anyway. */
const MAX_LENGTH = 1 << 27;

/** Value of the integer in the slot; throws for anything else. */
function indexValue(vm: Vm, slot: number): number {
  const rank = numericRank(vm.heap.hi(slot));
  if (!isInteger(rank)) vm.throwError("Index must be an integer");
  return numberOf(vm.heap, slot, rank);
}

/** The byte an assignment to an element of a buffer or raw memory stores: low 8 bits of an integer, or a rune. */
function byteValue(vm: Vm, slot: number): number {
  const mem = vm.heap, rank = numericRank(mem.hi(slot));
  if (mem.hi(slot) === Hi.Rune || (isInteger(rank) && rank <= Rank.U32)) return mem.lo(slot) & 0xff;
  if (!isInteger(rank)) vm.throwError(NOT_A_BYTE);
  return Number(bigIntegerOf(mem, slot) & 0xffn);
}

/** Byte offset of a code point of a string. Only in ASCII text is that known without looking at what comes before. */
export function locate(vm: Vm, str: number, index: number): number {
  const at = byteIndexOf(vm.heap, str, index);
  if (at !== index) vm.chargeFuel(at >> 2);
  return at;
}

/** dst = obj[index] */
export function getIndex(vm: Vm, dst: number, obj: number, index: number): void {
  const mem = vm.heap, hi = mem.hi(obj), cell = mem.lo(obj);
  if (hi === CellHi.Array) {
    const i = indexValue(vm, index), length = arrayLength(mem, cell);
    if (i < 0 || i >= length) vm.throwError(`Array index ${i} out of bounds (length ${length})`);
    return mem.copySlot(dst, elementSlot(mem, cell, i));
  }
  if (hi === CellHi.Object && mem.hi(index) === CellHi.String) {
    const symbol = findSymbol(mem, mem.lo(index)), slot = symbol === 0 ? 0 : findSlot(mem, cell, symbol);
    return slot === 0 ? mem.setNull(dst) : mem.copySlot(dst, slot);
  }
  if (hi === CellHi.String) {
    const i = indexValue(vm, index), length = codePoints(mem, cell);
    if (i < 0 || i >= length) vm.throwError(`String index ${i} out of bounds (length=${length})`);
    return mem.setSlot(dst, Hi.Rune, codePointAt(mem, cell, locate(vm, cell, i)));
  }
  if (hi === CellHi.Buffer) return mem.setSlot(dst, Hi.U8, vm.raw.readU8(bufferAddress(vm, cell, indexValue(vm, index))));
  if ((hi & Tag.Mask) === Tag.Pointer) return mem.setSlot(dst, Hi.U8, vm.raw.readU8(pointerAddress(vm, obj, index)));
  vm.throwError(NOT_INDEXABLE);
}

/** Address of byte i of a buffer. */
function bufferAddress(vm: Vm, buffer: number, i: number): number {
  const length = vm.heap.word(buffer + Buf.Length);
  if (i < 0 || i >= length) vm.throwError(`Buffer index ${i} out of bounds (length ${length})`);
  return vm.heap.u32[(buffer + Buf.Address) >> 2]! + i;
}

function pointerAddress(vm: Vm, pointer: number, index: number): number {
  vm.workers?.reveal();
  const address = inlineUint64(vm.heap.hi(pointer), vm.heap.lo(pointer));
  if (address === 0) vm.throwError("Cannot index into null pointer");
  return address + indexValue(vm, index);
}

/** obj[index] = value */
export function setIndex(vm: Vm, obj: number, index: number, value: number): void {
  const heap = vm.heap, hi = heap.hi(obj), cell = heap.lo(obj);
  if (hi === CellHi.Array) return setElementAt(vm, cell, indexValue(vm, index), value);
  if (hi === CellHi.Object && heap.hi(index) === CellHi.String) {
    return setObjectField(heap, cell, intern(heap, heap.lo(index)), value);
  }
  if (hi === CellHi.String) return setCharacter(vm, cell, indexValue(vm, index), value);
  if (hi === CellHi.Buffer) return vm.raw.writeU8(bufferAddress(vm, cell, indexValue(vm, index)), byteValue(vm, value));
  if ((hi & Tag.Mask) === Tag.Pointer) return vm.raw.writeU8(pointerAddress(vm, obj, index), byteValue(vm, value));
  vm.throwError(NOT_INDEX_ASSIGNABLE);
}

/** Storing at or beyond the end first extends the array with nulls, which a typed array may not hold. */
function setElementAt(vm: Vm, array: number, i: number, value: number): void {
  const heap = vm.heap, length = arrayLength(heap, array);
  if (i < 0) vm.throwError("Negative array index not supported");
  if (i >= length) requireNulls(vm, array);
  requireElement(vm, array, value);
  if (i >= length) {
    if (i >= MAX_LENGTH) heap.outOfMemory();
    vm.chargeFuel(i - length);
    setLength(heap, array, i + 1);
  }
  heap.replace(elementSlot(heap, array, i), value);
}

/** Replaces the whole character that starts at byte i by a rune or, given as an integer, a code point. */
function setCharacter(vm: Vm, str: number, i: number, value: number): void {
  const heap = vm.heap, length = byteLength(heap, str);
  if (i < 0 || i >= length) vm.throwError(`String index ${i} out of bounds (length ${length})`);
  const rank = numericRank(heap.hi(value));
  if (heap.hi(value) !== Hi.Rune && !isInteger(rank)) vm.throwError(NOT_A_BYTE);
  const point = rank === Rank.None ? heap.lo(value) : numberOf(heap, value, rank);
  if (point < 0 || point > 0x10ffff) vm.throwError(`Integer value ${bigIntegerOf(heap, value)} out of range for rune [0, 0x10FFFF]`);
  // Only between ASCII characters does the length stay the same for certain.
  if (point > 127 || codePointAt(heap, str, i) > 127) vm.chargeFuel(length >> 4);
  replaceCodePoint(heap, str, i, point);
}

/** Whether the symbol has this ASCII text; cheaper than decoding it. */
export function symbolIs(mem: Mem, symbol: number, text: string): boolean {
  return byteLength(mem, symbol) === text.length && textOf(mem, symbol) === text;
}

/** dst = obj.symbol, throwing when there is no such field. */
export function getField(vm: Vm, dst: number, obj: number, symbol: number): void {
  const mem = vm.heap;
  if (mem.hi(obj) === CellHi.Object) {
    const slot = findSlot(mem, mem.lo(obj), symbol);
    if (slot === 0) vm.throwError(`Object has no field '${textOf(mem, symbol)}' (use ?. for optional access)`);
    return mem.copySlot(dst, slot);
  }
  getProperty(vm, dst, obj, symbol);
}

/** dst = obj?.symbol: null when obj is null or lacks the field. */
export function getFieldOptional(vm: Vm, dst: number, obj: number, symbol: number): void {
  const mem = vm.heap, hi = mem.hi(obj);
  if (hi === Hi.Null) return mem.setNull(dst);
  if (hi !== CellHi.Object) return getProperty(vm, dst, obj, symbol);
  const slot = findSlot(mem, mem.lo(obj), symbol);
  if (slot === 0) mem.setNull(dst);
  else mem.copySlot(dst, slot);
}

/** True when `receiver?.symbol(…)` is null without a call, its arguments not even evaluated: no receiver, or no such field. */
export function skipsOptionalCall(mem: Mem, receiver: number, symbol: number): boolean {
  const hi = mem.hi(receiver);
  if (hi !== CellHi.Object) return hi === Hi.Null;
  const field = findSlot(mem, mem.lo(receiver), symbol);
  return field === 0 || mem.hi(field) === Hi.Null;
}

/** Properties of strings, arrays, buffers, files and sockets. */
function getProperty(vm: Vm, dst: number, obj: number, symbol: number): void {
  const mem = vm.heap, cell = mem.lo(obj);
  switch (mem.hi(obj)) {
    case CellHi.Array:
      if (symbolIs(mem, symbol, "length")) return mem.setI32(dst, arrayLength(mem, cell));
      return vm.throwError(`Array has no property '${textOf(mem, symbol)}'`);
    case CellHi.String:
      if (symbolIs(mem, symbol, "length")) return mem.setI32(dst, codePoints(mem, cell));
      if (symbolIs(mem, symbol, "byte_length")) return mem.setI32(dst, byteLength(mem, cell));
      return vm.throwError(`Unknown property '${textOf(mem, symbol)}' for string`);
    case CellHi.Buffer:
      if (symbolIs(mem, symbol, "length") || symbolIs(mem, symbol, "capacity")) return mem.setI32(dst, isFreed(mem, cell) ? 0 : mem.word(cell + Buf.Length));
      return vm.throwError(`Unknown property '${textOf(mem, symbol)}' for buffer`);
    case CellHi.File: case CellHi.Socket: {
      const slot = propertySlot(mem, obj, textOf(mem, symbol));
      return slot === 0 ? vm.throwError(`Unknown property '${textOf(mem, symbol)}' for ${mem.hi(obj) === CellHi.File ? "file" : "socket"}`) : mem.copySlot(dst, slot);
    }
  }
  vm.throwError(NO_PROPERTIES);
}

/** obj.symbol = value */
export function setField(vm: Vm, obj: number, symbol: number, value: number): void {
  const heap = vm.heap;
  if (heap.hi(obj) !== CellHi.Object) vm.throwError("Only objects can have properties set");
  setObjectField(heap, heap.lo(obj), symbol, value);
}

/**
 * Starts an iteration over src. State: slot 0 the container; slot 1 an i32: index of the next element, character
 * or field; slot 2 an i32: byte offset of a string. Lengths are read at each step, so what is appended is visited.
 */
export function forPrep(vm: Vm, state: number, src: number): void {
  const heap = vm.heap, hi = heap.hi(src);
  if (hi !== CellHi.Array && hi !== CellHi.Object && hi !== CellHi.String) vm.throwError("for-in requires array, object, or string");
  heap.copySlot(state, src);
  heap.setI32(state + 1, 0);
  heap.setI32(state + 2, 0);
  if (hi === CellHi.Object) prepareKeys(heap, heap.lo(state));
}

/** Moves to the next entry: key in state + 3, value in state + 4. False when there is none. */
export function forNext(vm: Vm, state: number): boolean {
  const mem = vm.heap, cell = mem.lo(state), at = mem.lo(state + 1);
  switch (mem.hi(state)) {
    case CellHi.Array:
      if (at >= arrayLength(mem, cell)) return false;
      mem.setI32(state + 1, at + 1);
      mem.setI32(state + 3, at);
      mem.copySlot(state + 4, elementSlot(mem, cell, at));
      return true;
    case CellHi.Object: return nextEntry(vm, state, cell, at);
    default: return nextCharacter(mem, state, cell, at);
  }
}

function nextEntry(vm: Vm, state: number, object: number, at: number): boolean {
  const index = nextField(vm.heap, object, at);
  if (index < 0) return false;
  vm.heap.setI32(state + 1, index + 1);
  const key = freshString(vm.heap, keyAt(vm.heap, object, index));
  vm.heap.setCell(state + 3, CellKind.String, key);
  vm.heap.copySlot(state + 4, valueSlotAt(vm.heap, object, index));
  return true;
}

function nextCharacter(mem: Mem, state: number, str: number, at: number): boolean {
  const byte = mem.lo(state + 2);
  if (byte >= byteLength(mem, str)) return false;
  mem.setI32(state + 1, at + 1);
  mem.setI32(state + 2, byte + byteWidthAt(mem, str, byte));
  mem.setI32(state + 3, at);
  mem.setSlot(state + 4, Hi.Rune, codePointAt(mem, str, byte));
  return true;
}
