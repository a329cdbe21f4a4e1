// Arrays of doubles and of 64-bit integers. They never change: f64-array/set! answers a changed copy.

import { integerValue, isInteger, setInteger } from "../../../../heap/cells/bigint.ts";
import { float64At, int64At, newNumberArray, numberCount, numberElement, setFloat64At, setInt64At } from "../../../../heap/cells/number-array.ts";
import { NumberArray, NumberElement } from "../../../../heap/layout.ts";
import { CellHi, CellKind } from "../../../../heap/value.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError, typeError } from "../conditions.ts";
import { Kind, kindAt, realAt } from "../numbers/slots.ts";
import { toFloat } from "../numbers/tower.ts";
import { integerArgument, integerText, roomFor } from "./arguments.ts";
import { internal, row } from "./rows.ts";
import { itemsOf, ListBuilder } from "./sequences.ts";

/** What the two types of array differ in. */
interface ElementType<T> {
  readonly name: string;
  readonly element: NumberElement;
  /** The number in the slot; `expected` names it in the error. */
  readonly read: (vm: Vm, slot: number, expected?: string) => T;
  readonly zero: T;
  readonly store: (vm: Vm, array: number, i: number, value: T) => void;
  /** Writes number i as a value. */
  readonly give: (vm: Vm, dst: number, array: number, i: number) => void;
  readonly add: (a: T, b: T) => T;
  /** What a callback must return, for errors. */
  readonly noun: string;
}

function floatArgument(vm: Vm, slot: number, expected = "number"): number {
  const kind = kindAt(vm.heap, slot);
  if (kind === Kind.None || kind === Kind.Complex) typeError(vm, expected, slot);
  return toFloat(realAt(vm.heap, slot));
}

function int64Argument(vm: Vm, slot: number, expected = "integer"): bigint {
  const value = isInteger(vm.heap, slot) ? integerValue(vm.heap, slot) : null;
  if (value === null || BigInt.asIntN(64, value) !== value) typeError(vm, expected, slot);
  return value;
}

const FLOATS: ElementType<number> = {
  name: "f64-array", element: NumberElement.F64, read: floatArgument, zero: 0, noun: "number",
  store: (vm, array, i, value) => setFloat64At(vm.heap, array, i, value),
  give: (vm, dst, array, i) => vm.heap.setF64(dst, float64At(vm.heap, array, i)),
  add: (a, b) => a + b,
};

const INTEGERS: ElementType<bigint> = {
  name: "i64-array", element: NumberElement.I64, read: int64Argument, zero: 0n, noun: "integer",
  store: (vm, array, i, value) => setInt64At(vm.heap, array, i, value),
  give: (vm, dst, array, i) => setInteger(vm.heap, dst, int64At(vm.heap, array, i)),
  add: (a, b) => a + b,
};

function arrayArgument<T>(vm: Vm, slot: number, type: ElementType<T>): number {
  const cell = vm.heap.lo(slot);
  if (vm.heap.hi(slot) !== CellHi.NumberArray || numberElement(vm.heap, cell) !== type.element) typeError(vm, type.name, slot);
  return cell;
}

/** Stores an array of the numbers. */
function give<T>(vm: Vm, base: number, type: ElementType<T>, values: readonly T[]): void {
  const array = newNumberArray(vm.heap, type.element, values.length);
  values.forEach((value, i) => type.store(vm, array, i, value));
  vm.chargeFuel(2 * values.length);
  vm.heap.setCell(base - 2, CellKind.NumberArray, array);
}

function make<T>(vm: Vm, base: number, argc: number, type: ElementType<T>): void {
  const count = integerArgument(vm, base, "integer"), fill = argc > 1 ? type.read(vm, base + 1) : type.zero;
  if (count < 0) evalError(vm, `${type.name}/make: length must be non-negative, got ${integerText(vm, base)}`);
  const array = newNumberArray(vm.heap, type.element, roomFor(vm, count, 8));
  for (let i = 0; i < count; i++) type.store(vm, array, i, fill);
  vm.chargeFuel(2 * count);
  vm.heap.setCell(base - 2, CellKind.NumberArray, array);
}

/** Numbers from a on, step apart, below b (above, when step is negative). They are added up, so they are counted by adding up. */
function range<T extends number | bigint>(vm: Vm, base: number, argc: number, type: ElementType<T>, one: T): void {
  const from = type.read(vm, base), to = type.read(vm, base + 1), step = argc > 2 ? type.read(vm, base + 2) : one;
  if (step == type.zero) evalError(vm, `${type.name}/range: step cannot be zero`);
  const most = roomFor(vm, Math.max(0, Math.ceil((Number(to) - Number(from)) / Number(step))), 8);
  const isInside = (at: T): boolean => (step > type.zero ? at < to : at > to);
  let count = 0;
  // A step too small to make a difference would go on for ever.
  for (let at = from; isInside(at) && count <= most; at = type.add(at, step)) count++;
  const array = newNumberArray(vm.heap, type.element, count);
  for (let at = from, i = 0; i < count; at = type.add(at, step)) type.store(vm, array, i++, at);
  vm.chargeFuel(4 * count);
  vm.heap.setCell(base - 2, CellKind.NumberArray, array);
}

/** Index in slot base + 1 of an array of `count` numbers. */
function position(vm: Vm, base: number, count: number): number {
  const index = integerArgument(vm, base + 1, "integer");
  if (index < 0 || index >= count) evalError(vm, `index ${integerText(vm, base + 1)} out of bounds (len ${count})`);
  return index;
}

function ref<T>(vm: Vm, base: number, type: ElementType<T>): void {
  const array = arrayArgument(vm, base, type);
  type.give(vm, base - 2, array, position(vm, base, numberCount(vm.heap, array)));
}

function set<T>(vm: Vm, base: number, type: ElementType<T>): void {
  const heap = vm.heap, source = arrayArgument(vm, base, type), count = numberCount(heap, source), index = position(vm, base, count), value = type.read(vm, base + 2);
  const copy = newNumberArray(heap, type.element, count);
  heap.u8.copyWithin(copy + NumberArray.Data, source + NumberArray.Data, source + NumberArray.Data + 8 * count);
  type.store(vm, copy, index, value);
  vm.chargeFuel(count);
  heap.setCell(base - 2, CellKind.NumberArray, copy);
}

/** Stores the list of the numbers. */
function toList<T>(vm: Vm, base: number, type: ElementType<T>): void {
  const array = arrayArgument(vm, base, type), count = numberCount(vm.heap, array), list = new ListBuilder(vm, base + 1);
  for (let i = 0; i < count; i++) {
    type.give(vm, base + 3, array, i);
    list.add(base + 3);
  }
  vm.chargeFuel(4 * count);
  list.finish(base - 2);
}

/** Stores an array of the numbers in a list of what a callback returned, last first. */
function fromMapped<T>(vm: Vm, base: number, type: ElementType<T>): void {
  const expected = `${type.noun} (${type.name}/map callback must return ${type.noun})`;
  give(vm, base, type, itemsOf(vm, base).reverse().map((item) => type.read(vm, item, expected)));
}

const sumOfFloats = (vm: Vm, array: number): number => {
  let sum = 0;
  for (let i = 0; i < numberCount(vm.heap, array); i++) sum += float64At(vm.heap, array, i);
  vm.chargeFuel(numberCount(vm.heap, array));
  return sum;
};

const sumOfIntegers = (vm: Vm, array: number): bigint => {
  let sum = 0n;
  for (let i = 0; i < numberCount(vm.heap, array); i++) sum += int64At(vm.heap, array, i);
  vm.chargeFuel(2 * numberCount(vm.heap, array));
  return sum;
};

function dot(vm: Vm, base: number): void {
  const heap = vm.heap, a = arrayArgument(vm, base, FLOATS), b = arrayArgument(vm, base + 1, FLOATS), count = numberCount(heap, a);
  if (count !== numberCount(heap, b)) evalError(vm, `f64-array/dot: length mismatch (${count} vs ${numberCount(heap, b)})`);
  let sum = 0;
  for (let i = 0; i < count; i++) sum += float64At(heap, a, i) * float64At(heap, b, i);
  vm.chargeFuel(count);
  heap.setF64(base - 2, sum);
}

/** The functions both types have. */
function rowsOf<T extends number | bigint>(type: ElementType<T>, one: T): NativeInfo[] {
  const { name } = type;
  return [
    row(name, 0, -1, "(number …): an array of the numbers", (vm, base, argc) => give(vm, base, type, Array.from({ length: argc }, (_, i) => type.read(vm, base + i)))),
    row(`${name}/make`, 1, 2, "(n [number]): n times the number, else 0", (vm, base, argc) => make(vm, base, argc, type)),
    row(`${name}/range`, 2, 3, "(from to [step]): numbers from `from` on, below `to`", (vm, base, argc) => range(vm, base, argc, type, one)),
    row(`${name}/from-list`, 1, 1, "(list): an array of the numbers", (vm, base) => give(vm, base, type, itemsOf(vm, base, "", "list").map((item) => type.read(vm, item)))),
    row(`${name}/ref`, 2, 2, "(array i): number i", (vm, base) => ref(vm, base, type)),
    row(`${name}/set!`, 3, 3, "(array i number): a copy with number i replaced", (vm, base) => set(vm, base, type)),
    row(`${name}/length`, 1, 1, "(array): how many numbers", (vm, base) => vm.heap.setI32(base - 2, numberCount(vm.heap, arrayArgument(vm, base, type)))),
    internal(`${name}-list`, 1, "(array): list of the numbers", (vm, base) => toList(vm, base, type)),
    internal(`${name}-mapped`, 1, "(list): array of what a callback returned, last first", (vm, base) => fromMapped(vm, base, type)),
  ];
}

export const NUMBER_ARRAYS: readonly NativeInfo[] = [
  ...rowsOf(FLOATS, 1), ...rowsOf(INTEGERS, 1n),
  row("f64-array/sum", 1, 1, "(array): the sum, a float", (vm, base) => vm.heap.setF64(base - 2, sumOfFloats(vm, arrayArgument(vm, base, FLOATS)))),
  row("i64-array/sum", 1, 1, "(array): the sum", (vm, base) => setInteger(vm.heap, base - 2, sumOfIntegers(vm, arrayArgument(vm, base, INTEGERS)))),
  row("f64-array/dot", 2, 2, "(a b): the scalar product", dot),
];
