// What the prelude needs to check and take apart arguments without calling functions that programs may define anew.

import { isInteger, smallInteger } from "../../../../heap/cells/bigint.ts";
import { newPair } from "../../../../heap/cells/pair.ts";
import { newVectorOf } from "../../../../heap/cells/vector.ts";
import { hashMapEntries } from "../../../../heap/cells/hash-map.ts";
import { emptyMap, mapEntries, mapGet, mapPut, mapRemove } from "../../../../heap/cells/sorted-map.ts";
import { StructType } from "../../../../heap/structs.ts";
import { CellHi, CellKind, Hi, Rank, numericRank } from "../../../../heap/value.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { requireMap } from "../collections/arguments.ts";
import { arityError, conditionPart, typeError } from "../conditions.ts";
import { displayedText } from "../printer.ts";
import { nameText } from "../printer/atoms.ts";
import { lisp, returnBool, sequenceArgument, storeString } from "../text/arguments.ts";
import { structArgument } from "./structs.ts";

const isOfKind = (name: string, hi: CellHi, doc: string): NativeInfo => lisp(name, 1, 1, doc, (vm, base) => returnBool(vm, base, vm.heap.hi(base) === hi));

/** `%NAME-argument`: the value, a type error unless it is such a struct. */
function checked(name: string, type: StructType, expected: string): NativeInfo {
  return lisp(`%${name}-argument`, 1, 1, `the value; a :type-error unless it is a ${expected}`, (vm, base) => {
    structArgument(vm, base, type, expected);
    vm.heap.copySlot(base - 2, base);
  });
}

function numberArgument(vm: Vm, base: number): void {
  if (!isInteger(vm.heap, base) && numericRank(vm.heap.hi(base)) === Rank.None) typeError(vm, "number", base);
  vm.heap.copySlot(base - 2, base);
}

function sequenceList(vm: Vm, base: number): void {
  const heap = vm.heap, slots = sequenceArgument(vm, base);
  heap.setSlot(base + 1, Hi.Empty, 0);
  for (const slot of slots.reverse()) heap.setCell(base + 1, CellKind.Pair, newPair(heap, slot, base + 1));
  heap.copySlot(base - 2, base + 1);
}

// ---- the maps of contexts

function mapMerge(vm: Vm, base: number): void {
  const heap = vm.heap;
  requireMap(vm, base + 1);
  heap.copySlot(base - 2, base);
  const put = (key: number, value: number): void => heap.setCell(base - 2, CellKind.SortedMap, mapPut(heap, heap.lo(base - 2), key, value));
  if (heap.hi(base + 1) === CellHi.SortedMap) mapEntries(heap, heap.lo(base + 1), put);
  else hashMapEntries(heap, heap.lo(base + 1), put);
}

const MAPS: readonly NativeInfo[] = [
  lisp("%new-map", 0, 0, "a map without entries", (vm, base) => vm.heap.setCell(base - 2, CellKind.SortedMap, emptyMap(vm.heap))),
  lisp("%map-put", 3, 3, "(map, key, value): the map with the entry", (vm, base) =>
    vm.heap.setCell(base - 2, CellKind.SortedMap, mapPut(vm.heap, vm.heap.lo(base), base + 1, base + 2))),
  lisp("%map-drop", 2, 2, "(map, key): the map without the key", (vm, base) =>
    vm.heap.setCell(base - 2, CellKind.SortedMap, mapRemove(vm.heap, vm.heap.lo(base), base + 1))),
  lisp("%map-has?", 2, 2, "(map, key): whether the map has the key", (vm, base) => returnBool(vm, base, mapGet(vm.heap, vm.heap.lo(base), base + 1) >= 0)),
  lisp("%map-value", 2, 2, "(map, key): value of the key, or nil", (vm, base) => {
    const found = mapGet(vm.heap, vm.heap.lo(base), base + 1);
    if (found < 0) vm.heap.setNull(base - 2);
    else vm.heap.copySlot(base - 2, found);
  }),
  lisp("%map-merge", 2, 2, "(map, entries): the map with the entries of another map of either kind", mapMerge),
];

export const ARGUMENTS: readonly NativeInfo[] = [
  isOfKind("%vector?", CellHi.Vector, "whether the value is a vector; of what was thrown: a token, not an error"),
  isOfKind("%keyword?", CellHi.Keyword, "whether the value is a keyword"),
  isOfKind("%string?", CellHi.String, "whether the value is a string"),
  checked("restart", StructType.Restart, "restart"),
  checked("parameter", StructType.Parameter, "parameter"),
  checked("environment", StructType.Environment, "environment"),
  checked("promise", StructType.AsyncPromise, "async-promise"),
  checked("channel", StructType.Channel, "channel"),
  lisp("%number-argument", 1, 1, "the value; a :type-error unless it is an int or a float", numberArgument),
  lisp("%sequence-list", 1, 1, "list of the elements of a list, vector or mutable array", sequenceList),
  lisp("%condition-type", 1, 1, "the :type of a condition", (vm, base) => vm.heap.copySlot(base - 2, conditionPart(vm, base, "type"))),
  lisp("%arity-error", 4, 4, "(name, least, most, given): raise an :arity error", (vm, base) =>
    arityError(vm, nameText(vm.heap, base), smallInteger(vm.heap, base + 1), smallInteger(vm.heap, base + 2), smallInteger(vm.heap, base + 3))),
  lisp("%joined", 1, -1, "string of the displayed arguments", (vm, base, argc) => {
    let text = "";
    for (let i = 0; i < argc; i++) text += displayedText(vm, base + i);
    storeString(vm, base - 2, text);
  }),
  lisp("%new-context", 3, 3, "(frames, hidden, stacks): a context", (vm, base) => vm.heap.setCell(base - 2, CellKind.Vector, newVectorOf(vm.heap, base, 3))),
  ...MAPS,
];
