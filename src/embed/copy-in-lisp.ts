// Structured copy from the host to the guest, into the values of Lisp. Lists and maps are immutable there, but only once a
// script sees them: a container is linked into its parent with nulls in it, which are filled in afterwards. So one slot of the
// caller keeps all alive. What lies inside of itself is refused: no script could make it.
//
// Rules 2 and 3 of copy-in.ts apply.

import { elementSlot, length, newArray, pop, push, setLength } from "../../heap/cells/array.ts";
import { setInteger } from "../../heap/cells/bigint.ts";
import { newBytevectorOf } from "../../heap/cells/bytevector.ts";
import { keywordText } from "../../heap/cells/keyword.ts";
import { newNumberArray, setFloat64At, setInt64At } from "../../heap/cells/number-array.ts";
import { carSlot, cdrSlot, setNulls } from "../../heap/cells/pair.ts";
import { emptyMap, mapCount, mapEntries, mapFromEntries, mapOfRow } from "../../heap/cells/sorted-map.ts";
import { newStringFromText } from "../../heap/cells/string.ts";
import { NumberElement } from "../../heap/layout.ts";
import { kindOf } from "../../heap/trace.ts";
import { CellKind } from "../../heap/value.ts";
import type { Vm } from "../vm/vm.ts";
import { sameKeys, type ResolveHandle } from "./copy-in.ts";
import { CopyError, type CopyLimits } from "./copy-limits.ts";
import { bytesIn, dataElement, dataProperty, plainness, refusal, type NumberArrayLike } from "./plain-values.ts";

/** Kinds of object that are kept at hand, and keys of the largest. */
const REMEMBERED = 8, MOST_KEYS = 100;
/** Fuel for a value, in the units of Vm.work, and values made between two payments: asking for each would take longer than making it. */
const VALUE_FUEL = 16, BATCH = 64;

/** Objects with the same keys, in order: their keywords, and the order of these in a map. */
interface Row { readonly keys: readonly string[]; readonly cells: readonly number[]; readonly order: readonly number[] }

export class CopyInLisp {
  /** Cells made for the host's objects so far; they are alive as parts of the result. */
  readonly #made = new Map<object, number>();
  /** The objects that are being copied, outermost first, and the keys that lead to what is being copied now. */
  readonly #open: object[] = [];
  readonly #path: (string | number)[] = [];
  readonly #fail = (reason: string): CopyError => new CopyError(reason, [...this.#path]);
  #left: number;
  /** Values made and not paid for yet. */
  #owed = 0;
  /** The scratch slot has an array of arrays of entries. */
  #hasEntries = false;
  /** The last few kinds of object: rows have the same keys, each time. Their keywords are alive in the first map of each. */
  readonly #rows: Row[] = [];
  /** Slots of the values of the maps that are being made, innermost last; so many are in use. */
  readonly #slots: number[] = [];
  #used = 0;

  /** Uses the slots `scratch` and `scratch` + 1, which the collector must see. */
  constructor(readonly vm: Vm, readonly limits: CopyLimits, readonly handleSlot: ResolveHandle, readonly scratch: number) {
    this.#left = limits.maxValues;
  }

  /** Makes a copy in a slot that the collector sees. Throws CopyError, or GUEST_THROW when memory runs out. */
  write(dst: number, value: unknown): void {
    this.#put(dst, value);
    if (this.#hasEntries) this.vm.heap.setNull(this.scratch);
    this.#pay();
  }

  #owe(values: number): void {
    this.#owed += values;
    if (this.#owed >= BATCH) this.#pay();
  }

  #pay(): void {
    const units = VALUE_FUEL * this.#owed;
    this.#owed = 0;
    this.vm.work(units);
  }

  #put(dst: number, value: unknown): void {
    const { heap } = this.vm;
    if (--this.#left < 0) throw this.#tooMany();
    this.#owe(1);
    switch (typeof value) {
      case "number": return Number.isSafeInteger(value) && !Object.is(value, -0) ? setInteger(heap, dst, value) : heap.setF64(dst, value);
      case "string": return this.#text(dst, value);
      case "boolean": return heap.setBool(dst, value);
      case "undefined": return heap.setNull(dst);
      case "bigint": return setInteger(heap, dst, value);
      case "object": return value === null ? heap.setNull(dst) : this.#object(dst, value);
      default: throw this.#fail(refusal(value));
    }
  }

  #tooMany(): CopyError { return this.#fail(`more than ${this.limits.maxValues} values`); }

  #text(dst: number, text: string): void {
    this.vm.chargeFuel(text.length >> 2);
    this.vm.heap.setCell(dst, CellKind.String, newStringFromText(this.vm.heap, text));
  }

  #object(dst: number, value: object): void {
    const { heap } = this.vm, known = this.#made.get(value);
    if (known !== undefined) {
      if (this.#open.includes(value)) throw this.#fail("a value inside of itself cannot be copied into Lisp's lists and maps");
      return heap.setCell(dst, kindOf(heap, known), known);
    }
    const kind = plainness(value), handle = kind === "other" ? this.handleSlot(value) : -1;
    if (handle >= 0) return heap.copySlot(dst, handle);
    if (this.#open.length >= this.limits.maxDepth) throw this.#fail(`more than ${this.limits.maxDepth} levels deep`);
    switch (kind) {
      case "array": return this.#list(dst, value, value as unknown[], false);
      case "object": return this.#plain(dst, value);
      case "bytes": return this.#leaf(dst, value, CellKind.Bytevector, newBytevectorOf(heap, this.#bytes(value)));
      case "numbers": return this.#leaf(dst, value, CellKind.NumberArray, this.#numbers(value as NumberArrayLike));
      case "date": return this.#put(dst, Date.prototype.getTime.call(value));
      case "set": return this.#list(dst, value, [...Set.prototype.values.call(value)], true);
      case "map": return this.#map(dst, value as Map<unknown, unknown>);
      default: throw this.#fail(refusal(value));
    }
  }

  #leaf(dst: number, value: object, kind: CellKind, cell: number): void {
    this.vm.heap.setCell(dst, kind, cell);
    this.#made.set(value, cell);
  }

  /** More than memory holds is refused before it is copied. */
  #bytes(value: object): Uint8Array {
    const bytes = bytesIn(value);
    return bytes.length > this.vm.heap.settings.maxBytes ? this.vm.heap.outOfMemory() : bytes;
  }

  /** `isOurs`: the array of items is no object of the host's. */
  #list(dst: number, value: object, items: readonly unknown[], isOurs: boolean): void {
    const { heap } = this.vm, count = items.length;
    if (count > this.#left) throw this.#tooMany();
    setNulls(heap, dst, count);
    if (count === 0) return;
    let pair = heap.lo(dst);
    this.#made.set(value, pair);
    this.#open.push(value);
    const place = this.#path.push(0) - 1;
    for (let i = 0; i < count; i++) {
      this.#path[place] = i;
      this.#put(carSlot(pair), isOurs ? items[i] : dataElement(items, i, this.#fail));
      pair = heap.lo(cdrSlot(pair));
    }
    this.#path.pop();
    this.#open.pop();
  }

  /** A map by keywords. */
  #plain(dst: number, value: object): void {
    const { heap } = this.vm, keys = Object.keys(value), count = keys.length, row = this.#rowOf(keys);
    if (count > this.#left) throw this.#tooMany();
    const slots = this.#slots, first = this.#used;
    if (row !== null) heap.setCell(dst, CellKind.SortedMap, mapOfRow(heap, row.cells, row.order, slots, first));
    else this.#newKind(dst, keys);
    this.#made.set(value, heap.lo(dst));
    this.#owe(2 * count);
    this.#open.push(value);
    this.#used += count;
    const place = this.#path.push("") - 1;
    for (let i = 0; i < count; i++) {
      const key = this.#path[place] = keys[i]!, slot = slots[first + i]!;
      if (slot >= 0) this.#put(slot, dataProperty(value, key, this.#fail));
    }
    this.#path.pop();
    this.#used = first;
    this.#open.pop();
  }

  #rowOf(keys: readonly string[]): Row | null {
    for (const row of this.#rows) if (sameKeys(row.keys, keys)) return row;
    return null;
  }

  /** A map by these keywords in dst, its values null and their slots in #slots. */
  #newKind(dst: number, keys: readonly string[]): void {
    const { heap } = this.vm, count = keys.length, places = new Map<number, number>(), order: number[] = [];
    const entries = this.#newEntries(count);
    for (let i = 0; i < count; i++) {
      const cell = keywordText(heap, keys[i]!);
      heap.setCell(elementSlot(heap, entries, 2 * i), CellKind.Keyword, cell);
      // Texts that are no Unicode may be the same keyword: of these the last counts.
      places.set(cell, i);
      this.#slots[this.#used + i] = -1;
    }
    this.#setMap(dst, entries, count);
    mapEntries(heap, heap.lo(dst), (key, value) => {
      const place = places.get(heap.lo(key))!;
      order.push(place);
      this.#slots[this.#used + place] = value;
    });
    if (places.size < count || count > MOST_KEYS) return;
    if (this.#rows.length === REMEMBERED) this.#rows.shift();
    this.#rows.push({ keys, cells: [...places.keys()], order });
  }

  /** A map by whatever the keys are. */
  #map(dst: number, value: Map<unknown, unknown>): void {
    const { heap } = this.vm, items = [...Map.prototype.entries.call(value)], count = items.length;
    if (count > this.#left) throw this.#tooMany();
    const entries = this.#newEntries(count), place = this.#path.push(0) - 1;
    this.#made.set(value, entries);
    this.#open.push(value);
    for (let i = 0; i < count; i++) {
      const [key, item] = items[i]!;
      this.#path[place] = i;
      this.#put(elementSlot(heap, entries, 2 * i), key);
      if (typeof key === "string") this.#path[place] = key;
      this.#put(elementSlot(heap, entries, 2 * i + 1), item);
    }
    this.#path.pop();
    this.#open.pop();
    this.#setMap(dst, entries, count);
    this.#made.set(value, heap.lo(dst));
    this.#owe(count);
  }

  /** An array for the keys and values of a map, null, which is kept alive until the map is made. */
  #newEntries(count: number): number {
    const { heap } = this.vm, entries = newArray(heap, 2 * count), hold = this.scratch + 1;
    heap.setCell(hold, CellKind.Array, entries);
    setLength(heap, entries, 2 * count);
    if (!this.#hasEntries) heap.setCell(this.scratch, CellKind.Array, newArray(heap, 4));
    this.#hasEntries = true;
    push(heap, heap.lo(this.scratch), hold);
    heap.setNull(hold);
    return entries;
  }

  /** Writes the map of these entries to dst. */
  #setMap(dst: number, entries: number, count: number): void {
    const { heap } = this.vm, map = count === 0 ? emptyMap(heap) : mapFromEntries(heap, elementSlot(heap, entries, 0), count);
    heap.setCell(dst, CellKind.SortedMap, map);
    const held = heap.lo(this.scratch), last = elementSlot(heap, held, length(heap, held) - 1);
    // What the map has no place for, because a key came twice, may still be part of something else.
    if (mapCount(heap, map) < count || heap.lo(last) !== entries) return;
    pop(heap, held, this.scratch + 1);
    heap.setNull(this.scratch + 1);
  }

  /** A cell of packed doubles or 64-bit integers. */
  #numbers(value: NumberArrayLike): number {
    const { heap } = this.vm, count = value.length, isFloat = value instanceof Float64Array || value instanceof Float32Array;
    if (8 * count > heap.settings.maxBytes) return heap.outOfMemory();
    const cell = newNumberArray(heap, isFloat ? NumberElement.F64 : NumberElement.I64, count);
    for (let i = 0; i < count; i++) {
      if (isFloat) setFloat64At(heap, cell, i, value[i] as number);
      else setInt64At(heap, cell, i, this.#int64(BigInt(value[i]!)));
    }
    return cell;
  }

  #int64(value: bigint): bigint {
    if (BigInt.asIntN(64, value) !== value) throw this.#fail("an unsigned integer beyond 63 bits");
    return value;
  }
}
