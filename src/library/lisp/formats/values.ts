// Builds Lisp data from the inside out: values are put on a stack, and a list or map takes its parts from the top of it.
// The stack is a mutable array in one slot of the caller, so everything made so far is alive, whatever its depth.

import { elementSlot, length, newArray, push, setLength } from "../../../../heap/cells/array.ts";
import { setInteger } from "../../../../heap/cells/bigint.ts";
import { keywordText } from "../../../../heap/cells/keyword.ts";
import { setList } from "../../../../heap/cells/pair.ts";
import { emptyMap, mapFromEntries } from "../../../../heap/cells/sorted-map.ts";
import { newStringFromText } from "../../../../heap/cells/string.ts";
import { CellKind, Hi } from "../../../../heap/value.ts";
import type { Vm } from "../../../vm/vm.ts";

/** Fuel for a value, in the units of chargeFuel. */
const VALUE_FUEL = 16;
/** Values made between two payments. */
const BATCH = 64;

export class ValueStack {
  readonly #value: number;
  /** Values made and not paid for yet. */
  #owed = 0;

  /** Uses the slots `stack` and `stack` + 1. */
  constructor(readonly vm: Vm, readonly stack: number) {
    this.#value = stack + 1;
    vm.heap.setCell(stack, CellKind.Array, newArray(vm.heap, 16));
  }

  get count(): number { return length(this.vm.heap, this.vm.heap.lo(this.stack)); }

  #push(): void {
    push(this.vm.heap, this.vm.heap.lo(this.stack), this.#value);
    // Asking for the fuel of each value would take longer than making it.
    if (++this.#owed >= BATCH) this.#pay();
  }

  #pay(): void {
    const units = VALUE_FUEL * this.#owed;
    this.#owed = 0;
    this.vm.work(units);
  }

  nil(): void {
    this.vm.heap.setNull(this.#value);
    this.#push();
  }

  bool(value: boolean): void {
    this.vm.heap.setBool(this.#value, value);
    this.#push();
  }

  float(value: number): void {
    this.vm.heap.setF64(this.#value, value);
    this.#push();
  }

  integer(value: number | bigint): void {
    setInteger(this.vm.heap, this.#value, value);
    this.#push();
  }

  text(text: string): void {
    this.vm.chargeFuel(text.length >> 2);
    this.vm.heap.setCell(this.#value, CellKind.String, newStringFromText(this.vm.heap, text));
    this.#push();
  }

  /** Answers the keyword's address, which is good as long as something on the stack has it. */
  keyword(name: string): number {
    const { heap } = this.vm;
    this.cell(CellKind.Keyword, keywordText(heap, name));
    return heap.lo(this.last);
  }

  /** A cell just made, of a kind without parts. */
  cell(kind: CellKind, cell: number): void {
    this.vm.heap.setCell(this.#value, kind, cell);
    this.#push();
  }

  /** A copy of the value in a slot. */
  slot(slot: number): void {
    this.vm.heap.copySlot(this.#value, slot);
    this.#push();
  }

  /** Slot of the first of the topmost values; good until the next push. */
  #top(count: number): number {
    const array = this.vm.heap.lo(this.stack);
    return elementSlot(this.vm.heap, array, length(this.vm.heap, array) - count);
  }

  #drop(count: number): void { setLength(this.vm.heap, this.vm.heap.lo(this.stack), this.count - count); }

  /** The topmost values become one list. */
  list(count: number): void {
    if (count === 0) this.vm.heap.setSlot(this.#value, Hi.Empty, 0);
    else setList(this.vm.heap, this.#value, this.#top(count), count);
    this.#drop(count);
    this.#push();
  }

  /** The topmost keys and values, in turn, become one map; of equal keys the last counts. */
  map(entries: number): void {
    const heap = this.vm.heap;
    heap.setCell(this.#value, CellKind.SortedMap, entries === 0 ? emptyMap(heap) : mapFromEntries(heap, this.#top(2 * entries), entries));
    this.#drop(2 * entries);
    this.#push();
    this.vm.chargeFuel(VALUE_FUEL * entries);
  }

  /** Slot of the topmost value; good until the next one is pushed. */
  get last(): number { return this.#top(1); }

  /** The only value left. */
  result(dst: number): void {
    this.#pay();
    this.vm.heap.copySlot(dst, this.#top(1));
  }
}

/** Texts and numbers as plain data, for natives whose results are small. */
export type Plain = string | number | bigint | boolean | null | PlainList | PlainMap | PlainFloat;
type PlainList = readonly Plain[];
/** Names of keywords and their values. */
interface PlainMap { readonly keys: readonly (readonly [key: string, value: Plain])[] }
interface PlainFloat { readonly float: number }

/** Puts plain data on the stack. Its depth is that of the native's own making. */
function pushPlain(values: ValueStack, value: Plain): void {
  if (value === null) values.nil();
  else if (typeof value === "string") values.text(value);
  else if (typeof value === "boolean") values.bool(value);
  else if (typeof value === "number" || typeof value === "bigint") values.integer(value);
  else if (isList(value)) {
    for (const part of value) pushPlain(values, part);
    values.list(value.length);
  } else if ("float" in value) values.float(value.float);
  else {
    for (const [key, part] of value.keys) {
      values.keyword(key);
      pushPlain(values, part);
    }
    values.map(value.keys.length);
  }
}

const isList = (value: PlainList | PlainMap | PlainFloat): value is PlainList => Array.isArray(value);

/** Stores plain data as the result of a native; uses its scratch slots. */
export function returnPlain(vm: Vm, base: number, value: Plain, scratch: number): void {
  const values = new ValueStack(vm, scratch);
  pushPlain(values, value);
  values.result(base - 2);
}
