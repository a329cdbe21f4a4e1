// Structured copy from the host to the guest, into Hemlock's values: mutable arrays and objects, buffers, numbers by size.
// Lisp's are in copy-in-lisp.ts. README.md has the table of what becomes what.
//
// Rules
// 1. A container is linked into its parent while it is empty and filled afterwards, so one slot of the caller keeps all alive.
// 2. Every allocation may collect and replace the buffer: slots of elements are computed when they are needed.
// 3. Only own data properties are read; nothing of the host's is called.

import { elementSlot, newArray, setLength } from "../../heap/cells/array.ts";
import { addField, fieldSlot, newObject, newObjectOfShape, shapeOf } from "../../heap/cells/object.ts";
import { newStringFromText } from "../../heap/cells/string.ts";
import { setInt64, setInt64Number, setUint64 } from "../../heap/cells/wide.ts";
import { findField, isDictionary } from "../../heap/shapes.ts";
import { internText } from "../../heap/symbols.ts";
import { kindOf } from "../../heap/trace.ts";
import { CellKind } from "../../heap/value.ts";
import { newBufferOf } from "../library/buffers.ts";
import type { Vm } from "../vm/vm.ts";
import { CopyError, type CopyLimits } from "./copy-limits.ts";
import { bytesIn, dataElement, dataProperty, plainness, refusal, type NumberArrayLike } from "./plain-values.ts";

/** Slot of the guest value that a host's object stands for (a handle), -1 for all others. Throws for a handle of no use here. */
export type ResolveHandle = (value: object) => number;

const MAX_INLINE = 32;
/** Kinds of object whose shapes are kept at hand. */
const REMEMBERED = 8;

/** The keys that objects of one shape have, in order, and the index of the field for each; -1: there is none. */
interface Shaped { readonly keys: readonly string[]; readonly shape: number; readonly fields: readonly number[] }

export class CopyIn {
  /** Cells made for the host's objects so far; they are alive as parts of the result. */
  readonly #made = new Map<object, number>();
  readonly #path: (string | number)[] = [];
  readonly #fail = (reason: string): CopyError => new CopyError(reason, [...this.#path]);
  #left: number;
  /** Shapes of the last few kinds of object: rows have the same keys, each time. They live as long as an object of theirs. */
  readonly #shaped: Shaped[] = [];

  constructor(readonly vm: Vm, readonly limits: CopyLimits, readonly handleSlot: ResolveHandle) {
    this.#left = limits.maxValues;
  }

  /** Makes a copy in a slot that the collector sees. Throws CopyError, or GUEST_THROW when memory runs out. */
  write(dst: number, value: unknown): void {
    const { heap } = this.vm;
    if (--this.#left < 0) throw this.#tooMany();
    switch (typeof value) {
      case "number": return this.#number(dst, value);
      case "string": return heap.setCell(dst, CellKind.String, newStringFromText(heap, value));
      case "boolean": return heap.setBool(dst, value);
      case "undefined": return heap.setNull(dst);
      case "bigint": return this.#bigint(dst, value);
      case "object": return value === null ? heap.setNull(dst) : this.#object(dst, value);
      default: throw this.#fail(refusal(value));
    }
  }

  #tooMany(): CopyError { return this.#fail(`more than ${this.limits.maxValues} values`); }

  #number(dst: number, value: number): void {
    const { heap } = this.vm;
    if (value === (value | 0) && (value !== 0 || Object.is(value, 0))) heap.setI32(dst, value);
    else if (Number.isSafeInteger(value) && value !== 0) setInt64Number(heap, dst, value);
    else heap.setF64(dst, value);
  }

  #bigint(dst: number, value: bigint): void {
    if (BigInt.asIntN(64, value) === value) setInt64(this.vm.heap, dst, value);
    else if (BigInt.asUintN(64, value) === value) setUint64(this.vm.heap, dst, value);
    else throw this.#fail("a bigint beyond 64 bits");
  }

  #object(dst: number, value: object): void {
    const { heap } = this.vm, known = this.#made.get(value);
    if (known !== undefined) return heap.setCell(dst, kindOf(heap, known), known);
    const kind = plainness(value), handle = kind === "other" ? this.handleSlot(value) : -1;
    if (handle >= 0) return heap.copySlot(dst, handle);
    if (this.#path.length >= this.limits.maxDepth) throw this.#fail(`more than ${this.limits.maxDepth} levels deep`);
    switch (kind) {
      case "array": return this.#array(dst, value, value as unknown[], false);
      case "object": return this.#plain(dst, value);
      case "bytes": return this.#bytes(dst, value);
      case "numbers": return this.#numbers(dst, value as NumberArrayLike);
      case "date": return this.#number(dst, Date.prototype.getTime.call(value));
      case "set": return this.#array(dst, value, [...Set.prototype.values.call(value)], true);
      case "map": return this.#map(dst, value as Map<unknown, unknown>);
      default: throw this.#fail(refusal(value));
    }
  }

  /** `isOurs`: the array of items is no object of the host's. */
  #array(dst: number, value: object, items: readonly unknown[], isOurs: boolean): void {
    const { heap } = this.vm, count = items.length;
    if (count > this.#left) throw this.#tooMany();
    const array = newArray(heap, count);
    heap.setCell(dst, CellKind.Array, array);
    this.#made.set(value, array);
    setLength(heap, array, count);
    const place = this.#path.push(0) - 1;
    for (let i = 0; i < count; i++) {
      this.#path[place] = i;
      this.write(elementSlot(heap, array, i), isOurs ? items[i] : dataElement(items, i, this.#fail));
    }
    this.#path.pop();
  }

  /** Names as keys make an object, others an array of [key, value] pairs. */
  #map(dst: number, value: Map<unknown, unknown>): void {
    const entries = [...Map.prototype.entries.call(value)], keys = entries.map(([key]) => key);
    if (keys.every((key) => typeof key === "string")) this.#fields(dst, value, keys, entries);
    else this.#array(dst, value, entries, true);
  }

  #plain(dst: number, value: object): void { this.#fields(dst, value, Object.keys(value), null); }

  /** An object by these keys; their values are those of the entries, or else the value's properties. */
  #fields(dst: number, value: object, keys: readonly string[], entries: readonly (readonly [unknown, unknown])[] | null): void {
    const { heap } = this.vm, shaped = this.#newObject(dst, keys), object = heap.lo(dst);
    this.#made.set(value, object);
    const place = this.#path.push("") - 1;
    for (let i = 0; i < keys.length; i++) {
      const key = this.#path[place] = keys[i]!, field = shaped.fields[i]!;
      if (field >= 0) this.write(fieldSlot(heap, object, field), entries === null ? dataProperty(value, key, this.#fail) : entries[i]![1]);
    }
    this.#path.pop();
  }

  /** Writes an object with these keys to dst, its fields null. */
  #newObject(dst: number, keys: readonly string[]): Shaped {
    const { heap } = this.vm;
    for (const each of this.#shaped) {
      if (!sameKeys(each.keys, keys)) continue;
      heap.setCell(dst, CellKind.Object, newObjectOfShape(heap, each.shape));
      return each;
    }
    const object = newObject(heap, Math.min(MAX_INLINE, keys.length)), fields: number[] = [];
    heap.setCell(dst, CellKind.Object, object);
    for (const key of keys) {
      const symbol = internText(heap, key), before = findField(heap, shapeOf(heap, object), symbol);
      // Texts that are no Unicode may be the same key: of these the last counts.
      if (before >= 0) fields[fields.indexOf(before)] = -1;
      fields.push(before >= 0 ? before : addField(heap, object, symbol));
    }
    const shaped = { keys, shape: shapeOf(heap, object), fields };
    this.#remember(shaped);
    return shaped;
  }

  /** Objects with very many fields, or of very many kinds, are dictionaries, each with a shape of its own. */
  #remember(shaped: Shaped): void {
    if (isDictionary(this.vm.heap, shaped.shape)) return;
    if (this.#shaped.length === REMEMBERED) this.#shaped.shift();
    this.#shaped.push(shaped);
  }

  #bytes(dst: number, value: object): void {
    const bytes = bytesIn(value);
    if (bytes.length > this.vm.heap.settings.maxBytes) return this.vm.heap.outOfMemory();
    newBufferOf(this.vm, dst, bytes);
    this.#made.set(value, this.vm.heap.lo(dst));
  }

  /** An array with its elements one behind the other; they cannot lead anywhere. */
  #numbers(dst: number, value: NumberArrayLike): void {
    const { heap } = this.vm, count = value.length, array = newArray(heap, count);
    heap.setCell(dst, CellKind.Array, array);
    this.#made.set(value, array);
    setLength(heap, array, count);
    const isFloat = value instanceof Float64Array || value instanceof Float32Array;
    for (let i = 0; i < count; i++) {
      if (isFloat) heap.setF64(elementSlot(heap, array, i), value[i] as number);
      else this.write(elementSlot(heap, array, i), value[i]);
    }
  }
}

export function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
