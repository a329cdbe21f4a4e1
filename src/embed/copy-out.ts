// Structured copy from the guest to the host. What comes out is data only: no value of it can be called, so nothing a script
// makes acts as a thenable, a getter or a prototype; functions and other things that are no data come out as handles.
//
// Objects are plain objects, whatever their keys: each key becomes an own data property, also "__proto__". Shared parts stay
// shared, and cycles stay cycles. README.md has the table of what becomes what.

import { elementSlot, length } from "../../heap/cells/array.ts";
import { integerValue, smallInteger } from "../../heap/cells/bigint.ts";
import { isFreed } from "../../heap/cells/buffer.ts";
import { bytevectorBytes } from "../../heap/cells/bytevector.ts";
import { imaginarySlot, realSlot } from "../../heap/cells/complex.ts";
import { hashMapEntries } from "../../heap/cells/hash-map.ts";
import { keywordName } from "../../heap/cells/keyword.ts";
import { int64At, numberCount, numberElement, numberIndex } from "../../heap/cells/number-array.ts";
import { mapKeySlots } from "../../heap/cells/map-node.ts";
import { fieldSlot, keyAt, nextField, shapeOf } from "../../heap/cells/object.ts";
import { carSlot, cdrSlot } from "../../heap/cells/pair.ts";
import { denominatorSlot, numeratorSlot } from "../../heap/cells/rational.ts";
import { textOf } from "../../heap/cells/string.ts";
import { structCount, structItem, structType } from "../../heap/cells/struct.ts";
import { vectorCount, vectorItem } from "../../heap/cells/vector.ts";
import { NumberElement } from "../../heap/layout.ts";
import { isDictionary, keyCount, keyOfShape } from "../../heap/shapes.ts";
import { StructType } from "../../heap/structs.ts";
import { CellHi, Hi, numericRank, Rank, Tag } from "../../heap/value.ts";
import { bufferBytes } from "../library/buffers.ts";
import { numberOf } from "../vm/numeric.ts";
import type { Vm } from "../vm/vm.ts";
import { CopyError, type CopyLimits } from "./copy-limits.ts";

/** Kinds of map whose keys are kept at hand. */
const REMEMBERED = 8;

/** Stands for a value that is no data. */
export type MakeHandle = (slot: number) => unknown;

export class CopyOut {
  /** What became of each container so far, by address: cells do not move. */
  readonly #made = new Map<number, unknown>();
  /** Keys by shape. */
  readonly #keys = new Map<number, readonly string[]>();
  /** Keywords of the last few kinds of map that have nothing else for keys, and their texts: rows have the same, each time. */
  readonly #rows: { readonly cells: readonly number[]; readonly names: readonly string[] }[] = [];
  /** Slots of the keys of the maps that are being copied, innermost last; so many are in use. */
  readonly #slots: number[] = [];
  #used = 0;
  readonly #path: (string | number)[] = [];
  #left: number;

  constructor(readonly vm: Vm, readonly limits: CopyLimits, readonly handle: MakeHandle) {
    this.#left = limits.maxValues;
  }

  /** A copy of the value in a slot that the collector sees, as is everything it reaches. */
  read(slot: number): unknown {
    const { heap } = this.vm, hi = heap.hi(slot);
    if (--this.#left < 0) this.#fail(`more than ${this.limits.maxValues} values`);
    if (hi === Hi.I32) return heap.lo(slot);
    if (hi < Tag.First) return heap.f64[slot];
    if (hi === CellHi.String || hi === CellHi.Symbol) return textOf(heap, heap.lo(slot));
    switch (hi) {
      case Hi.Null: case Hi.Hole: return null;
      case Hi.Bool: return heap.lo(slot) !== 0;
      case Hi.Empty: return [];
      case Hi.Rune: return String.fromCodePoint(heap.lo(slot));
      case CellHi.Keyword: return textOf(heap, keywordName(heap, heap.lo(slot)));
    }
    const rank = numericRank(hi);
    if (rank === Rank.F32) return numberOf(heap, slot, rank);
    if (rank !== Rank.None || hi === CellHi.BigInt) return this.#integer(slot);
    return (hi & Tag.Mask) === Tag.Cell ? this.#cell(slot, hi) : this.handle(slot);
  }

  /** A number when that is exact, else a bigint. */
  #integer(slot: number): number | bigint {
    const small = smallInteger(this.vm.heap, slot);
    if (small === small) return small;
    const value = integerValue(this.vm.heap, slot), near = Number(value);
    return Number.isSafeInteger(near) ? near : value;
  }

  #cell(slot: number, hi: number): unknown {
    const cell = this.vm.heap.lo(slot), made = this.#made.get(cell);
    if (made !== undefined) return made;
    if (this.#path.length >= this.limits.maxDepth) this.#fail(`more than ${this.limits.maxDepth} levels deep`);
    switch (hi) {
      case CellHi.Array: return this.#array(cell);
      case CellHi.Object: return this.#object(cell);
      case CellHi.Pair: return this.#list(slot);
      case CellHi.Vector: return this.#items(cell, vectorCount(this.vm.heap, cell), (i) => vectorItem(cell, i));
      case CellHi.SortedMap: case CellHi.HashMap: return this.#map(cell, hi);
      case CellHi.Struct: return this.#struct(slot, cell);
      default: return this.#leaf(slot, hi, cell);
    }
  }

  /** What has no parts that could lead back to it. */
  #leaf(slot: number, hi: number, cell: number): unknown {
    const { heap } = this.vm;
    switch (hi) {
      case CellHi.Buffer: return this.#keep(cell, isFreed(heap, cell) ? null : bufferBytes(this.vm, cell).slice());
      case CellHi.Bytevector: return this.#keep(cell, bytevectorBytes(heap, cell).slice());
      case CellHi.NumberArray: return this.#keep(cell, this.#numbers(cell));
      case CellHi.Rational: return { numerator: this.read(numeratorSlot(cell)), denominator: this.read(denominatorSlot(cell)) };
      case CellHi.Complex: return { real: this.read(realSlot(cell)), imaginary: this.read(imaginarySlot(cell)) };
      default: return this.#keep(cell, this.handle(slot));
    }
  }

  #keep<T>(cell: number, value: T): T {
    this.#made.set(cell, value);
    return value;
  }

  #fail(reason: string): never { throw new CopyError(reason, [...this.#path]); }

  #part(key: string | number, slot: number): unknown {
    this.#path.push(key);
    const value = this.read(slot);
    this.#path.pop();
    return value;
  }

  #array(cell: number): unknown[] {
    // The array may not change meanwhile, but its slots move when a handle is made.
    return this.#items(cell, length(this.vm.heap, cell), (i) => elementSlot(this.vm.heap, cell, i));
  }

  #items(cell: number, count: number, slotAt: (i: number) => number): unknown[] {
    const list: unknown[] = this.#keep(cell, []);
    this.#path.push(0);
    const place = this.#path.length - 1;
    for (let i = 0; i < count; i++) {
      this.#path[place] = i;
      list.push(this.read(slotAt(i)));
    }
    this.#path.pop();
    return list;
  }

  #object(cell: number): object {
    const { heap } = this.vm, made: Target = this.#keep(cell, {}), shape = shapeOf(heap, cell);
    if (isDictionary(heap, shape)) {
      for (let i = nextField(heap, cell, 0); i >= 0; i = nextField(heap, cell, i + 1)) {
        const key = textOf(heap, keyAt(heap, cell, i));
        define(made, key, this.#part(key, fieldSlot(heap, cell, i)));
      }
      return made;
    }
    const keys = this.#keysOf(shape), place = this.#path.push("") - 1;
    for (let i = 0; i < keys.length; i++) {
      this.#path[place] = keys[i]!;
      defineAt(made, i, keys[i]!, this.read(fieldSlot(heap, cell, i)));
    }
    this.#path.pop();
    return made;
  }

  #keysOf(shape: number): readonly string[] {
    const { heap } = this.vm;
    let keys = this.#keys.get(shape);
    if (keys === undefined) {
      keys = Array.from({ length: keyCount(heap, shape) }, (_, i) => nameOf(textOf(heap, keyOfShape(heap, shape, i))));
      this.#keys.set(shape, keys);
    }
    return keys;
  }

  /** A proper list is an array; the end of an improper one is its last item's property cdr. */
  #list(slot: number): unknown {
    const { heap } = this.vm, first = heap.lo(slot), list: unknown[] = this.#keep(first, []);
    let rest = slot, mark = 0;
    const place = this.#path.push(0) - 1;
    for (; heap.hi(rest) === CellHi.Pair; rest = cdrSlot(heap.lo(rest))) {
      // A mark that is moved on ever more rarely is met again by whoever goes round in a circle (Brent).
      if (heap.lo(rest) === mark) this.#fail("a circular list");
      if ((list.length & (list.length - 1)) === 0) mark = heap.lo(rest);
      this.#path[place] = list.length;
      list.push(this.read(carSlot(heap.lo(rest))));
    }
    this.#path.pop();
    if (heap.hi(rest) === Hi.Empty) return list;
    return this.#keep(first, { items: list, tail: this.#part("tail", rest) });
  }

  /** An object when all keys are different names, else a Map. */
  #map(cell: number, hi: number): unknown {
    const { heap } = this.vm, slots = this.#slots, first = this.#used, place = this.#path.push("") - 1;
    let end = first;
    if (hi === CellHi.SortedMap) end = mapKeySlots(heap, cell, slots, first);
    else hashMapEntries(heap, cell, (key) => { slots[end++] = key; });
    // What is copied meanwhile puts its own slots behind these.
    this.#used = end;
    const names = this.#namesOf(first, end), made = this.#keep(cell, names === null ? new Map<unknown, unknown>() : {});
    for (let i = first; i < end; i++) {
      if (names === null) {
        this.#path[place] = i - first;
        (made as Map<unknown, unknown>).set(this.read(slots[i]!), this.read(slots[i]! + 1));
      } else {
        const name = this.#path[place] = names[i - first]!;
        defineAt(made as Target, i - first, name, this.read(slots[i]! + 1));
      }
    }
    this.#used = first;
    this.#path.pop();
    return made;
  }

  /** Texts of the keys in the slots [first, end) of #slots; null when they are no names, or not different ones. */
  #namesOf(first: number, end: number): readonly string[] | null {
    const { heap } = this.vm, slots = this.#slots, count = end - first;
    for (const { cells, names } of this.#rows) {
      if (cells.length !== count) continue;
      let i = 0;
      while (i < count && heap.lo(slots[first + i]!) === cells[i] && heap.hi(slots[first + i]!) === CellHi.Keyword) i++;
      if (i < count) continue;
      this.#left -= count;
      return names;
    }
    const keys = slots.slice(first, end), found = keys.map((key) => (isName(heap.hi(key)) ? nameOf(this.read(key) as string) : null));
    if (!isDifferent(found)) return null;
    if (keys.every((key) => heap.hi(key) === CellHi.Keyword)) {
      if (this.#rows.length === REMEMBERED) this.#rows.shift();
      this.#rows.push({ cells: keys.map((key) => heap.lo(key)), names: found });
    }
    return found;
  }

  /** A record is an object of its fields, several values an array. */
  #struct(slot: number, cell: number): unknown {
    const { heap } = this.vm, type = structType(heap, cell), count = structCount(heap, cell);
    if (type === StructType.Values) return this.#items(cell, count, (i) => structItem(cell, i));
    if (type !== StructType.Record) return this.#keep(cell, this.handle(slot));
    const fields = this.read(structItem(heap.lo(structItem(cell, 0)), 1));
    const made: Target = this.#keep(cell, {});
    for (let i = 1; i < count; i++) {
      const name = Array.isArray(fields) ? String(fields[i - 1]) : String(i - 1);
      define(made, name, this.#part(name, structItem(cell, i)));
    }
    return made;
  }

  #numbers(cell: number): Float64Array | BigInt64Array {
    const { heap } = this.vm, count = numberCount(heap, cell), first = numberIndex(cell, 0);
    if (numberElement(heap, cell) === NumberElement.F64) return heap.f64.slice(first, first + count);
    return BigInt64Array.from({ length: count }, (_, i) => int64At(heap, cell, i));
  }
}

const isDifferent = (names: readonly (string | null)[]): names is readonly string[] => !names.includes(null) && new Set(names).size === names.length;
const isName = (hi: number): boolean => hi === CellHi.String || hi === CellHi.Symbol || hi === CellHi.Keyword;

/** The text in the form that objects have it in as a key: of any other, the engine would look it up each time. */
const nameOf = (text: string): string => Object.keys({ [text]: null })[0]!;

/** An own data property, whatever the key. */
function define(target: Target, key: string, value: unknown): void {
  if (key === "__proto__") Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  else target[key] = value;
}

interface Target { [key: string]: unknown }

/**
 * The same for the property number `i` of an object. The engine keeps for each place in the code which key it last stored there
 * in an object of which form: with a place for each of the first few, rows are made four times as fast.
 */
function defineAt(target: Target, i: number, key: string, value: unknown): void {
  if (key === "__proto__") return define(target, key, value);
  switch (i) {
    case 0: target[key] = value; return;
    case 1: target[key] = value; return;
    case 2: target[key] = value; return;
    case 3: target[key] = value; return;
    case 4: target[key] = value; return;
    case 5: target[key] = value; return;
    case 6: target[key] = value; return;
    case 7: target[key] = value; return;
    default: target[key] = value;
  }
}
