// Sequences: walking lists, vectors and mutable arrays from front to back, and building lists.
//
// A walk never hangs: a list that runs in a circle or does not end in '() raises a type error. The slots a walk answers
// stay valid as long as the sequence is reachable and not changed, also across allocations; natives rely on both.

import { elementSlot, length as arrayLength } from "../../../../heap/cells/array.ts";
import { carSlot, cdrSlot, newPair } from "../../../../heap/cells/pair.ts";
import { vectorCount, vectorItem } from "../../../../heap/cells/vector.ts";
import { CellHi, CellKind, Hi } from "../../../../heap/value.ts";
import type { Vm } from "../../../vm/vm.ts";
import { typeError } from "../conditions.ts";
import { improperList } from "./arguments.ts";

/** Items between two charges of fuel. */
const CHARGED = 1024;

const enum Kind { List, Vector, Array }

export const SEQUENCE = "list, vector, or mutable-array";
export const LIST_OR_VECTOR = "list or vector";

/** True for '() and pairs, proper or not. */
export const isListHi = (hi: number): boolean => hi === CellHi.Pair || hi === Hi.Empty;

export class Cursor {
  readonly #vm: Vm;
  readonly #kind: Kind;
  /** Address of the vector or array. */
  readonly #cell: number;
  readonly #count: number;
  /** List: words of what is not yet walked. */
  #hi = 0;
  #lo = 0;
  /** Items walked. */
  #at = 0;
  /** Brent's cycle search: a pair passed, and the step at which the next one is remembered. */
  #passed = 0;
  #remember = 16;

  /** `expected` tells which kinds fit: LIST_OR_VECTOR, "list" or SEQUENCE. `fn` is named in the error when given. */
  constructor(vm: Vm, slot: number, fn = "", expected = SEQUENCE) {
    const heap = vm.heap, hi = heap.hi(slot), cell = heap.lo(slot);
    this.#vm = vm;
    this.#cell = cell;
    if (isListHi(hi)) {
      this.#kind = Kind.List;
      this.#hi = hi;
      this.#lo = cell;
      this.#count = 0;
    } else if (hi === CellHi.Vector && expected !== "list") {
      this.#kind = Kind.Vector;
      this.#count = vectorCount(heap, cell);
    } else if (hi === CellHi.Array && expected === SEQUENCE) {
      this.#kind = Kind.Array;
      this.#count = arrayLength(heap, cell);
    } else {
      typeError(vm, expected, slot, fn === "" ? undefined : fn);
    }
  }

  /** Slot of the next item, -1 at the end. */
  next(): number {
    const at = this.#at++;
    if ((at & (CHARGED - 1)) === CHARGED - 1) this.#vm.chargeFuel(4 * CHARGED);
    if (this.#kind === Kind.List) return this.#nextOfList(at);
    if (at >= this.#count) return this.#end(at);
    return this.#kind === Kind.Vector ? vectorItem(this.#cell, at) : elementSlot(this.#vm.heap, this.#cell, at);
  }

  #nextOfList(at: number): number {
    const pair = this.#lo;
    if (this.#hi !== CellHi.Pair) {
      if (this.#hi !== Hi.Empty && this.#hi !== Hi.Null) improperList(this.#vm, "improper list");
      return this.#end(at);
    }
    if (pair === this.#passed) improperList(this.#vm, "circular list");
    if (at === this.#remember) {
      this.#passed = pair;
      this.#remember = 2 * at;
    }
    const i32 = this.#vm.heap.i32, cdr = cdrSlot(pair);
    this.#lo = i32[2 * cdr]!;
    this.#hi = i32[2 * cdr + 1]!;
    return carSlot(pair);
  }

  #end(at: number): number {
    this.#at = at;
    this.#vm.chargeFuel(4 * (at & (CHARGED - 1)));
    return -1;
  }

  /** Skips up to n items. */
  skip(n: number): void {
    if (this.#kind === Kind.List) for (let i = 0; i < n && this.next() >= 0; i++);
    else this.#at = Math.min(this.#count, this.#at + n);
  }

  /** Number of items left; the cursor is at the end afterwards. */
  drain(): number {
    let n = 0;
    while (this.next() >= 0) n++;
    return n;
  }

  /** Writes the items left as a list, which is the rest of the list walked or a new one. */
  rest(dst: number, scratch: number): void {
    const heap = this.#vm.heap;
    if (this.#kind === Kind.List) return heap.setSlot(dst, this.#hi, this.#lo);
    const list = new ListBuilder(this.#vm, scratch);
    for (let item = this.next(); item >= 0; item = this.next()) list.add(item);
    list.finish(dst);
  }
}

/** Builds a list front to back. Uses the slots `at` (the list) and `at + 1`. */
export class ListBuilder {
  readonly #vm: Vm;
  readonly #at: number;
  /** Address of the last pair, 0 while there is none. */
  #last = 0;
  length = 0;

  constructor(vm: Vm, at: number) {
    this.#vm = vm;
    this.#at = at;
    vm.heap.setSlot(at, Hi.Empty, 0);
    vm.heap.setSlot(at + 1, Hi.Empty, 0);
  }

  add(slot: number): void {
    const heap = this.#vm.heap, pair = newPair(heap, slot, this.#at + 1);
    heap.setCell(this.#last === 0 ? this.#at : cdrSlot(this.#last), CellKind.Pair, pair);
    this.#last = pair;
    this.length++;
  }

  addI32(value: number): void {
    // The pair is made with '() in front and filled afterwards: the number needs no slot of its own.
    this.add(this.#at + 1);
    this.#vm.heap.setI32(carSlot(this.#last), value);
  }

  /** Makes the value in the slot what follows the last item. */
  end(tail: number): void {
    this.#vm.heap.copySlot(this.#last === 0 ? this.#at : cdrSlot(this.#last), tail);
  }

  finish(dst: number): void { this.#vm.heap.copySlot(dst, this.#at); }
}

/** Slots of all items of a sequence. */
export function itemsOf(vm: Vm, slot: number, fn = "", expected = SEQUENCE): number[] {
  const cursor = new Cursor(vm, slot, fn, expected), items: number[] = [];
  for (let item = cursor.next(); item >= 0; item = cursor.next()) items.push(item);
  return items;
}

/** Writes the list of the values in the slots given; dst may be one of them. Scratch: two slots. */
export function listOf(vm: Vm, dst: number, items: readonly number[], scratch: number): void {
  const list = new ListBuilder(vm, scratch);
  for (const item of items) list.add(item);
  list.finish(dst);
}

/** Number of items of a proper list, -1 for a list that is not. */
export function properLength(vm: Vm, slot: number): number {
  const heap = vm.heap;
  let hi = heap.hi(slot), lo = heap.lo(slot), n = 0, passed = 0, remember = 16;
  while (hi === CellHi.Pair) {
    if (lo === passed) return -1;
    if (n === remember) {
      passed = lo;
      remember = 2 * n;
    }
    n++;
    const cdr = cdrSlot(lo);
    hi = heap.hi(cdr);
    lo = heap.lo(cdr);
  }
  vm.chargeFuel(2 * n);
  return hi === Hi.Empty || (hi === Hi.Null && n > 0) ? n : -1;
}
