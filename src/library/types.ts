// What the self-hosted part of the library stands on: conversion to types, the registry of user types, checks of callbacks,
// and errors. Scripts cannot name these.

import { elementSlot, length, setElementType } from "../../heap/cells/array.ts";
import { findSlot, newObject, setField, stamp } from "../../heap/cells/object.ts";
import { Closure, Code, ParamFlag } from "../../heap/layout.ts";
import { Root } from "../../heap/roots.ts";
import { slotsItem } from "../../heap/cells/slots.ts";
import { textOf } from "../../heap/cells/string.ts";
import { findSymbol, intern, internText } from "../../heap/symbols.ts";
import { CellHi, CellKind, Hi, Rank, numericRank } from "../../heap/value.ts";
import { TYPE_NAMES, TypeCode } from "../ir/types.ts";
import { constructType, convertScalar } from "../vm/convert.ts";
import type { NativeInfo } from "../vm/native.ts";
import { isRefParam } from "../vm/slow-paths.ts";
import type { Vm } from "../vm/vm.ts";
import { argumentText, handedOver, malformed, native } from "./arguments.ts";

/** Kind of a value as a type code, where numbers have their rank; 0 for functions and everything else. */
function kindOf(hi: number): number {
  const rank = numericRank(hi);
  if (rank !== Rank.None) return rank;
  switch (hi) {
    case Hi.Bool: return TypeCode.Bool;
    case Hi.Rune: return TypeCode.Rune;
    case Hi.Null: return TypeCode.Null;
    case CellHi.String: return TypeCode.String;
    case CellHi.Array: return TypeCode.Array;
    case CellHi.Object: return TypeCode.Object;
    case CellHi.Buffer: return TypeCode.Buffer;
    default: return 0;
  }
}

const nameAt = (vm: Vm, slot: number): number => handedOver(vm, slot, CellHi.String, "a type or field has a name that is no string");
const namesAt = (vm: Vm, slot: number): number => handedOver(vm, slot, CellHi.String, "the names of arguments are in no string");
const arrayAt = (vm: Vm, slot: number): number => handedOver(vm, slot, CellHi.Array, "the elements to convert are in no array");
const objectAt = (vm: Vm, slot: number): number => handedOver(vm, slot, CellHi.Object, "the fields of a type are looked for in no object");

const malformedType = (vm: Vm, code: number): never => malformed(vm, `there is no type ${code}`);

/** Code of a plain type; `hi`: of the value that holds it. */
function plainTypeAt(vm: Vm, slot: number, hi: number): number {
  const code = handedOver(vm, slot, hi, "a type is neither a code nor a descriptor");
  return TYPE_NAMES[code] === undefined ? malformedType(vm, code) : code;
}

/** Code of an element type: 0 for none, that of a plain type or the head of a descriptor. */
function elementTypeAt(vm: Vm, slot: number): number {
  const code = handedOver(vm, slot, Hi.I32, "the head of a type is no code");
  return code === 0 || TYPE_NAMES[code] !== undefined || (code >= TypeCode.Named && code <= TypeCode.Compound) ? code : malformedType(vm, code);
}

/** The registry of user types, made on first use. */
function registry(vm: Vm): number {
  const heap = vm.heap, root = heap.rootSlot(Root.Types);
  if (heap.hi(root) !== CellHi.Object) heap.setCell(root, CellKind.Object, newObject(heap, 4));
  return heap.lo(root);
}

/** Slot of what was registered for the type of the name; 0 when nothing was. */
export const typeSlot = (vm: Vm, name: string): number => findSlot(vm.heap, registry(vm), internText(vm.heap, name));

/** Registers a type from another world, which has had it from the beginning. */
export const defineType = (vm: Vm, name: string, slot: number): void => void setField(vm.heap, registry(vm), internText(vm.heap, name), slot);

function getType(vm: Vm, base: number): void {
  const heap = vm.heap, symbol = findSymbol(heap, nameAt(vm, base)), slot = symbol === 0 ? 0 : findSlot(heap, registry(vm), symbol);
  if (slot === 0) heap.setNull(base - 2);
  else heap.copySlot(base - 2, slot);
}

/** The first definition of a name wins. */
function putType(vm: Vm, base: number): void {
  const heap = vm.heap, name = nameAt(vm, base), types = registry(vm), symbol = intern(heap, name);
  if (findSlot(heap, types, symbol) === 0) setField(heap, types, symbol, base + 1);
  heap.setNull(base - 2);
}

function stampObject(vm: Vm, base: number): void {
  const heap = vm.heap;
  stamp(heap, objectAt(vm, base), intern(heap, nameAt(vm, base + 1)));
  heap.setNull(base - 2);
}

function hasField(vm: Vm, base: number): void {
  const heap = vm.heap, object = objectAt(vm, base), symbol = findSymbol(heap, nameAt(vm, base + 1));
  heap.setBool(base - 2, symbol !== 0 && findSlot(heap, object, symbol) !== 0);
}

/** array<T> for a plain T: converts every element in place and stamps the array. */
function convertElements(vm: Vm, base: number): void {
  const heap = vm.heap, array = arrayAt(vm, base), code = plainTypeAt(vm, base + 1, Hi.I32), count = length(heap, array);
  vm.chargeFuel(4 * count);
  for (let i = 0; i < count; i++) {
    convertScalar(vm, base + 2, elementSlot(heap, array, i), code);
    heap.replace(elementSlot(heap, array, i), base + 2);
  }
  setElementType(heap, array, code, 0);
  heap.copySlot(base - 2, base);
}

/** Sets the element type of an array: code and descriptor array, or 0 and null for none. */
function setElements(vm: Vm, base: number): void {
  const heap = vm.heap, descriptor = heap.hi(base + 2) === CellHi.Array ? heap.lo(base + 2) : 0;
  setElementType(heap, arrayAt(vm, base), elementTypeAt(vm, base + 1), descriptor);
  heap.setNull(base - 2);
}

/** Callbacks of map, filter and reduce: a function written in the language with exactly n parameters. */
function checkCallback(vm: Vm, base: number): void {
  const heap = vm.heap;
  if (heap.hi(base) !== CellHi.Closure) vm.throwError(argumentText(vm, base + 2));
  const count = heap.word(heap.word(heap.lo(base) + Closure.Code) + Code.ParamCount), expected = heap.lo(base + 1);
  // 0: the array is empty, nothing will be called.
  if (expected !== 0 && count !== expected) vm.throwError(`Callback expects ${count} arguments, got ${expected}`);
  heap.setNull(base - 2);
}

/** Throws apply's error unless the function takes that many arguments; natives check for themselves. */
function checkArity(vm: Vm, base: number): void {
  const heap = vm.heap, argc = heap.lo(base + 1);
  heap.setNull(base - 2);
  if (heap.hi(base) !== CellHi.Closure) return;
  const code = heap.word(heap.lo(base) + Closure.Code);
  const required = heap.word(code + Code.RequiredCount), count = heap.word(code + Code.ParamCount);
  const rest = (heap.word(code + Code.ParamFlags) & ParamFlag.Rest) !== 0;
  if (argc >= required && (rest || argc <= count)) return;
  const expected = rest ? `at least ${required}` : required === count ? `${count}` : `${required}-${count}`;
  vm.throwError(`apply(): function expects ${expected} arguments, got ${argc}`);
}

/** $takes_ref(callee, i, names): whether argument i of a call with these names lands on a parameter taken by reference. */
function takesRef(vm: Vm, base: number): void {
  const heap = vm.heap, at = heap.lo(base + 1), names = textOf(heap, namesAt(vm, base + 2)).split(",");
  let found = -1;
  if (heap.hi(base) === CellHi.Closure) {
    const code = heap.word(heap.lo(base) + Closure.Code), list = heap.word(code + Code.ParamNames);
    const parameters = Array.from({ length: heap.word(code + Code.ParamCount) }, (_, i) => textOf(heap, heap.lo(slotsItem(list, i))));
    const unnamed = parameters.filter((name) => !names.includes(name));
    const name = names[at] === "" ? unnamed[names.slice(0, at).filter((each) => each === "").length] : names[at];
    found = name === undefined ? -1 : parameters.indexOf(name);
  }
  heap.setBool(base - 2, found >= 0 && isRefParam(heap, base, found));
}

/** True for what apply can call: a closure or a native. */
function isCallable(vm: Vm, base: number): void {
  const hi = vm.heap.hi(base);
  vm.heap.setBool(base - 2, hi === CellHi.Closure || hi === Hi.Native);
}

export const TYPES: readonly NativeInfo[] = [
  native("$construct", 2, 2, "a type value called with one argument", (vm, base) => constructType(vm, base - 2, base + 1, plainTypeAt(vm, base, Hi.Type))),
  native("$convert_scalar", 2, 2, "the value converted to a plain type by code", (vm, base) => convertScalar(vm, base - 2, base, plainTypeAt(vm, base + 1, Hi.I32))),
  native("$convert_elements", 2, 2, "the array, its elements converted to a plain type in place and stamped", convertElements),
  native("$array_element_type", 3, 3, "set an array's element type by code and descriptor; null", setElements),
  native("$kind", 1, 1, "type code of the value's kind, i32; 0 for functions", (vm, base) => vm.heap.setI32(base - 2, kindOf(vm.heap.hi(base)))),
  native("$type_get", 1, 1, "the registered type of this name, else null", getType),
  native("$type_put", 2, 2, "register a type unless the name is taken; null", putType),
  native("$stamp", 2, 2, "set an object's type name; null", stampObject),
  native("$has_field", 2, 2, "whether the object has the field", hasField),
  native("$check_callback", 3, 3, "throw unless the function takes exactly n parameters; null", checkCallback),
  native("$check_arity", 2, 2, "throw unless the function takes n arguments; null", checkArity),
  native("$takes_ref", 3, 3, "whether an argument of a call with names lands on a by-reference parameter", takesRef),
  native("$is_callable", 1, 1, "whether it is a function", isCallable),
  native("$fatal", 1, 1, "end the program with a runtime error", (vm, base) => vm.fatal(argumentText(vm, base))),
];
