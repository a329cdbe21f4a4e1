// Types, equality, and the predicates of collections.

import { keywordText } from "../../../../heap/cells/keyword.ts";
import { numberElement } from "../../../../heap/cells/number-array.ts";
import { isStruct } from "../../../../heap/cells/struct.ts";
import { newStringFromText, textOf } from "../../../../heap/cells/string.ts";
import { equal, identical } from "../../../../heap/equality.ts";
import { NumberElement } from "../../../../heap/layout.ts";
import { StructType } from "../../../../heap/structs.ts";
import { intern } from "../../../../heap/symbols.ts";
import { CellHi, CellKind, Hi } from "../../../../heap/value.ts";
import { globalValueSlot } from "../../../vm/globals.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { typeError } from "../conditions.ts";
import { typeWord } from "../type-words.ts";
import { isTrue, stringArgument } from "./arguments.ts";
import { internal, row } from "./rows.ts";
import { properLength } from "./sequences.ts";

const test = (name: string, doc: string, holds: (vm: Vm, slot: number, hi: number) => boolean, aliases: readonly string[] = []): NativeInfo =>
  row(name, 1, 1, `(x): whether it is ${doc}`, (vm, base) => vm.heap.setBool(base - 2, holds(vm, base, vm.heap.hi(base))), aliases);

/** A predicate of one hi word. */
const kindTest = (name: string, doc: string, wanted: number, aliases: readonly string[] = []): NativeInfo => test(name, doc, (_vm, _slot, hi) => hi === wanted, aliases);

const isNumberArray = (vm: Vm, slot: number, element: NumberElement): boolean => vm.heap.hi(slot) === CellHi.NumberArray && numberElement(vm.heap, vm.heap.lo(slot)) === element;

/** boolean=? and symbol=?: all arguments are of the type and the same. */
function allSame(vm: Vm, base: number, argc: number, expected: string, hi: number): void {
  const heap = vm.heap;
  let same = true;
  for (let i = 0; i < argc; i++) {
    if (heap.hi(base + i) !== hi) typeError(vm, expected, base + i);
    same &&= heap.lo(base + i) === heap.lo(base);
  }
  heap.setBool(base - 2, same);
}

/** The global that counts the symbols made; it is part of the world, so that images go on counting. */
const GENSYMS = "lisp:%gensyms";

function gensym(vm: Vm, base: number, argc: number): void {
  const heap = vm.heap, prefix = argc > 0 ? textOf(heap, stringArgument(vm, base)) : "g";
  const counter = globalValueSlot(vm.globals.cell(GENSYMS));
  const number = heap.hi(counter) === Hi.I32 ? heap.lo(counter) : 0;
  heap.setI32(counter, number + 1);
  heap.setCell(base, CellKind.String, newStringFromText(heap, `${prefix}__${number}`));
  heap.setCell(base - 2, CellKind.Symbol, intern(heap, heap.lo(base)));
}

export const LISP_TYPES: readonly NativeInfo[] = [
  row("type", 1, 1, "(x): keyword of its type", (vm, base) => vm.heap.setCell(base - 2, CellKind.Keyword, keywordText(vm.heap, typeWord(vm.heap, base))), ["type-of"]),
  row("not", 1, 1, "(x): whether it is nil or #f", (vm, base) => vm.heap.setBool(base - 2, !isTrue(vm, base))),
  row("equal?", 2, 2, "(a b): whether type and contents are the same", (vm, base) => vm.heap.setBool(base - 2, equal(vm.heap, base, base + 1))),
  row("eq?", 2, 2, "(a b): the same as equal?", (vm, base) => vm.heap.setBool(base - 2, equal(vm.heap, base, base + 1))),
  row("eqv?", 2, 2, "(a b): whether they cannot be told apart even by changing one", (vm, base) => vm.heap.setBool(base - 2, identical(vm.heap, base, base + 1)), ["identical?"]),
  row("boolean=?", 2, -1, "(a b …): whether the booleans are the same", (vm, base, argc) => allSame(vm, base, argc, "bool", Hi.Bool)),
  row("symbol=?", 2, -1, "(a b …): whether the symbols are the same", (vm, base, argc) => allSame(vm, base, argc, "symbol", CellHi.Symbol)),
  row("gensym", 0, 1, "([prefix]): a new symbol", gensym),
  internal("gensym", 1, "(prefix): a new symbol", gensym),
  kindTest("nil?", "nil", Hi.Null),
  test("null?", "nil or the empty list", (_vm, _slot, hi) => hi === Hi.Null || hi === Hi.Empty),
  kindTest("pair?", "a pair", CellHi.Pair),
  test("list?", "a proper list", (vm, slot, hi) => hi === Hi.Empty || (hi === CellHi.Pair && properLength(vm, slot) >= 0)),
  kindTest("vector?", "a vector", CellHi.Vector),
  kindTest("map?", "a sorted map", CellHi.SortedMap, ["hash-map?"]),
  kindTest("hashmap?", "a hash map", CellHi.HashMap),
  kindTest("string?", "a string", CellHi.String),
  kindTest("symbol?", "a symbol", CellHi.Symbol),
  kindTest("keyword?", "a keyword", CellHi.Keyword),
  kindTest("char?", "a char", Hi.Rune),
  kindTest("bool?", "a boolean", Hi.Bool, ["boolean?"]),
  kindTest("bytevector?", "a bytevector", CellHi.Bytevector),
  kindTest("mutable-array?", "a mutable array", CellHi.Array),
  test("mutable-cell?", "a mutable cell", (vm, slot) => isStruct(vm.heap, slot, StructType.MutableCell)),
  test("f64-array?", "an array of floats", (vm, slot) => isNumberArray(vm, slot, NumberElement.F64)),
  test("i64-array?", "an array of integers", (vm, slot) => isNumberArray(vm, slot, NumberElement.I64)),
];
