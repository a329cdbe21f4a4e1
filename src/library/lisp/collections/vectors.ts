// Vectors, changed in place unless they are literals, and mutable arrays and cells.

import { elementSlot, length as arrayLength, newArray, push } from "../../../../heap/cells/array.ts";
import { byteIndexOf, byteLength, byteWidthAt, codePointAt, codePoints } from "../../../../heap/cells/string.ts";
import { StringBuilder } from "../../../../heap/cells/builder.ts";
import { isStruct, newStruct, structItem } from "../../../../heap/cells/struct.ts";
import { isConstantVector, newVector, newVectorOf, vectorCount, vectorItem } from "../../../../heap/cells/vector.ts";
import { setList } from "../../../../heap/cells/pair.ts";
import { StructType } from "../../../../heap/structs.ts";
import { CellKind, Hi } from "../../../../heap/value.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError, typeError } from "../conditions.ts";
import { arrayArgument, indexArgument, integerArgument, integerText, naturalArgument, rangeArguments, roomFor, stringArgument, vectorArgument } from "./arguments.ts";
import { row } from "./rows.ts";
import { itemsOf } from "./sequences.ts";

const VECTOR_LENGTH = "vector of length %";

/** Stores the vector of the values in the slots. */
export function vectorOf(vm: Vm, dst: number, items: readonly number[]): void {
  const heap = vm.heap, vector = newVector(heap, items.length);
  items.forEach((item, i) => heap.copySlot(vectorItem(vector, i), item));
  vm.chargeFuel(2 * items.length);
  heap.setCell(dst, CellKind.Vector, vector);
}

/** The vector argument, which must not be a literal. */
function changeable(vm: Vm, slot: number, fn: string): number {
  const vector = vectorArgument(vm, slot);
  if (isConstantVector(vm.heap, vector)) evalError(vm, `${fn}: cannot change a literal vector; copy it first`);
  return vector;
}

/** Slot of the item with the index in the slot after the vector. */
function itemArgument(vm: Vm, base: number, vector: number, fn: string): number {
  const index = integerArgument(vm, base + 1), count = vectorCount(vm.heap, vector);
  if (index < 0) evalError(vm, `${fn}: index must be non-negative, got ${integerText(vm, base + 1)}`);
  if (index >= count) evalError(vm, `index ${integerText(vm, base + 1)} out of bounds (length ${count})`);
  return vectorItem(vector, index);
}

function makeVector(vm: Vm, base: number, argc: number): void {
  const heap = vm.heap, count = roomFor(vm, naturalArgument(vm, base, "make-vector"), 8), vector = newVector(heap, count);
  if (argc > 1) for (let i = 0; i < count; i++) heap.copySlot(vectorItem(vector, i), base + 1);
  vm.chargeFuel(2 * count);
  heap.setCell(base - 2, CellKind.Vector, vector);
}

function vectorSet(vm: Vm, base: number): void {
  const vector = changeable(vm, base, "vector-set!");
  vm.heap.replace(itemArgument(vm, base, vector, "vector-set!"), base + 2);
  vm.heap.setNull(base - 2);
}

function vectorFill(vm: Vm, base: number, argc: number): void {
  const heap = vm.heap, vector = changeable(vm, base, "vector-fill!");
  const { from, to } = rangeArguments(vm, base, argc, 2, vectorCount(heap, vector), "vector-fill!", VECTOR_LENGTH);
  for (let i = from; i < to; i++) heap.replace(vectorItem(vector, i), base + 1);
  vm.chargeFuel(2 * (to - from));
  heap.setNull(base - 2);
}

function vectorCopy(vm: Vm, base: number, argc: number): void {
  const heap = vm.heap, vector = vectorArgument(vm, base);
  const { from, to } = rangeArguments(vm, base, argc, 1, vectorCount(heap, vector), "vector-copy", VECTOR_LENGTH);
  vm.chargeFuel(to - from);
  heap.setCell(base - 2, CellKind.Vector, newVectorOf(heap, vectorItem(vector, from), to - from));
}

/** (vector-copy! to at from [start [end]]); the two may be one vector. */
function vectorCopyInto(vm: Vm, base: number, argc: number): void {
  const heap = vm.heap, target = changeable(vm, base, "vector-copy!"), at = naturalArgument(vm, base + 1, "vector-copy!"), source = vectorArgument(vm, base + 2);
  const { from, to } = rangeArguments(vm, base, argc, 3, vectorCount(heap, source), "vector-copy!", VECTOR_LENGTH), room = vectorCount(heap, target);
  if (at + to - from > room) evalError(vm, `vector-copy!: range ${at}..${at + to - from} out of bounds for vector of length ${room}`);
  heap.forgetSlots(vectorItem(target, at), to - from);
  heap.i32.copyWithin(2 * vectorItem(target, at), 2 * vectorItem(source, from), 2 * vectorItem(source, to));
  vm.chargeFuel(to - from);
  heap.setNull(base - 2);
}

function vectorAppend(vm: Vm, base: number, argc: number): void {
  const heap = vm.heap;
  let count = 0;
  for (let i = 0; i < argc; i++) count += vectorCount(heap, vectorArgument(vm, base + i));
  const result = newVector(heap, count);
  vm.chargeFuel(count);
  for (let i = 0, at = 0; i < argc; i++) {
    const source = heap.lo(base + i), n = vectorCount(heap, source);
    heap.i32.copyWithin(2 * vectorItem(result, at), 2 * vectorItem(source, 0), 2 * vectorItem(source, n));
    at += n;
  }
  heap.setCell(base - 2, CellKind.Vector, result);
}

function vectorToList(vm: Vm, base: number, argc: number): void {
  const heap = vm.heap, vector = vectorArgument(vm, base);
  const { from, to } = rangeArguments(vm, base, argc, 1, vectorCount(heap, vector), "vector->list", VECTOR_LENGTH);
  vm.chargeFuel(4 * (to - from));
  setList(heap, base - 2, vectorItem(vector, from), to - from);
}

function vectorToString(vm: Vm, base: number, argc: number): void {
  const heap = vm.heap, vector = vectorArgument(vm, base), out = new StringBuilder();
  const { from, to } = rangeArguments(vm, base, argc, 1, vectorCount(heap, vector), "vector->string", VECTOR_LENGTH);
  for (let i = from; i < to; i++) {
    const item = vectorItem(vector, i);
    if (heap.hi(item) !== Hi.Rune) typeError(vm, "char", item);
    out.appendCodePoint(heap.lo(item));
  }
  vm.chargeFuel(4 * (to - from));
  heap.setCell(base - 2, CellKind.String, out.finish(heap));
}

function stringToVector(vm: Vm, base: number, argc: number): void {
  const heap = vm.heap, text = stringArgument(vm, base);
  const { from, to } = rangeArguments(vm, base, argc, 1, codePoints(heap, text), "string->vector", "string of length %");
  const vector = newVector(heap, to - from);
  let at = byteIndexOf(heap, text, from);
  for (let i = 0; i < to - from && at < byteLength(heap, text); i++) {
    heap.setSlot(vectorItem(vector, i), Hi.Rune, codePointAt(heap, text, at));
    at += byteWidthAt(heap, text, at);
  }
  vm.chargeFuel(4 * (to - from));
  heap.setCell(base - 2, CellKind.Vector, vector);
}

// ---- mutable arrays and cells

/** Most room a capacity asks for in advance: it is a hint. */
const MAX_CAPACITY = 1024;

function newMutableArray(vm: Vm, base: number, argc: number): void {
  const heap = vm.heap, count = argc > 0 ? naturalArgument(vm, base, "mutable-array/new") : 0;
  const array = newArray(heap, argc > 1 ? roomFor(vm, count, 8) : Math.min(count, MAX_CAPACITY));
  heap.setCell(base - 2, CellKind.Array, array);
  if (argc > 1) for (let i = 0; i < count; i++) push(heap, array, base + 1);
  vm.chargeFuel(2 * count);
}

function pushToArray(vm: Vm, base: number): void {
  push(vm.heap, arrayArgument(vm, base), base + 1);
  vm.heap.copySlot(base - 2, base);
}

function setInArray(vm: Vm, base: number): void {
  const array = arrayArgument(vm, base), index = indexArgument(vm, base + 1, arrayLength(vm.heap, array), "mutable-array/set!");
  vm.heap.replace(elementSlot(vm.heap, array, index), base + 2);
  vm.heap.copySlot(base - 2, base);
}

function getFromArray(vm: Vm, base: number, argc: number): void {
  const array = arrayArgument(vm, base), count = arrayLength(vm.heap, array);
  const index = argc > 2 ? naturalArgument(vm, base + 1, "mutable-array/get") : indexArgument(vm, base + 1, count, "mutable-array/get");
  vm.heap.copySlot(base - 2, index < count ? elementSlot(vm.heap, array, index) : base + 2);
}

function arrayToVector(vm: Vm, base: number): void {
  const heap = vm.heap, array = arrayArgument(vm, base), count = arrayLength(heap, array);
  vm.chargeFuel(count);
  heap.setCell(base - 2, CellKind.Vector, newVectorOf(heap, elementSlot(heap, array, 0), count));
}

function newCell(vm: Vm, base: number): void {
  const cell = newStruct(vm.heap, StructType.MutableCell, 1);
  vm.heap.copySlot(structItem(cell, 0), base);
  vm.heap.setCell(base - 2, CellKind.Struct, cell);
}

/** Slot of the value in the mutable cell. */
function cellValue(vm: Vm, slot: number): number {
  if (!isStruct(vm.heap, slot, StructType.MutableCell)) typeError(vm, "mutable-cell", slot);
  return structItem(vm.heap.lo(slot), 0);
}

function setCell(vm: Vm, base: number): void {
  vm.heap.replace(cellValue(vm, base), base + 1);
  vm.heap.copySlot(base - 2, base);
}

export const VECTORS: readonly NativeInfo[] = [
  row("vector", 0, -1, "(x …): a vector of the arguments", (vm, base, argc) => vm.heap.setCell(base - 2, CellKind.Vector, newVectorOf(vm.heap, base, argc))),
  row("make-vector", 1, 2, "(n [x]): a vector of n times x, else nil", makeVector),
  row("vector-length", 1, 1, "(vector): number of items", (vm, base) => vm.heap.setI32(base - 2, vectorCount(vm.heap, vectorArgument(vm, base)))),
  row("vector-ref", 2, 2, "(vector i): item i", (vm, base) => vm.heap.copySlot(base - 2, itemArgument(vm, base, vectorArgument(vm, base), "vector-ref"))),
  row("vector-set!", 3, 3, "(vector i x): replaces item i; literals are refused", vectorSet),
  row("vector-fill!", 2, 4, "(vector x [start [end]]): replaces items by x", vectorFill),
  row("vector-copy", 1, 3, "(vector [start [end]]): a new vector, never a literal", vectorCopy),
  row("vector-copy!", 3, 5, "(to at from [start [end]]): copies items into a vector", vectorCopyInto),
  row("vector-append", 0, -1, "(vector …): one vector of the items of all", vectorAppend),
  row("list->vector", 1, 1, "(list): a vector of the items", (vm, base) => vectorOf(vm, base - 2, itemsOf(vm, base, "", "list"))),
  row("vector->list", 1, 3, "(vector [start [end]]): a list of the items", vectorToList),
  row("vector->string", 1, 3, "(vector [start [end]]): text of the chars", vectorToString),
  row("string->vector", 1, 3, "(string [start [end]]): a vector of the chars", stringToVector),
  row("mutable-array/new", 0, 2, "([capacity] or [n x]): an empty mutable array, or one of n times x", newMutableArray),
  row("mutable-array/push!", 2, 2, "(array x): appends x; the array", pushToArray),
  row("mutable-array/set!", 3, 3, "(array i x): replaces item i; the array", setInArray),
  row("mutable-array/get", 2, 3, "(array i [default]): item i", getFromArray),
  row("mutable-array/length", 1, 1, "(array): number of items", (vm, base) => vm.heap.setI32(base - 2, arrayLength(vm.heap, arrayArgument(vm, base)))),
  row("mutable-array/->vector", 1, 1, "(array): a vector of the items", arrayToVector),
  row("mutable-cell/new", 1, 1, "(x): a mutable cell", newCell),
  row("mutable-cell/get", 1, 1, "(cell): its value", (vm, base) => vm.heap.copySlot(base - 2, cellValue(vm, base))),
  row("mutable-cell/set!", 2, 2, "(cell x): replaces its value; the cell", setCell),
];
