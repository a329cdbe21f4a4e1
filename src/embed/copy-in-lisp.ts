// Structured copy from the host to the guest, into the values of Lisp. Lists and maps are immutable there, so a value is made
// from the inside out; what lies inside of itself cannot be made at all.

import { newBytevectorOf } from "../../heap/cells/bytevector.ts";
import { newNumberArray, setFloat64At, setInt64At } from "../../heap/cells/number-array.ts";
import { NumberElement } from "../../heap/layout.ts";
import { CellKind } from "../../heap/value.ts";
import { ValueStack } from "../library/lisp/formats/values.ts";
import type { Vm } from "../vm/vm.ts";
import { sameKeys, type ResolveHandle } from "./copy-in.ts";
import { CopyError, type CopyLimits } from "./copy-limits.ts";
import { bytesIn, dataProperty, plainness, refusal, type NumberArrayLike } from "./plain-values.ts";

/** Kinds of object that are kept at hand, and keys of the largest. */
const REMEMBERED = 8, MOST_KEYS = 100;

/** Objects with the same keys, in order: their keywords, and the order of these in a map. */
interface Row { readonly keys: readonly string[]; readonly cells: readonly number[]; readonly order: readonly number[] }

export class CopyInLisp {
  readonly #values: ValueStack;
  /** What became of the host's objects so far; `hi` is 0 while one is being made. The stack keeps all of it alive. */
  readonly #made = new Map<object, { hi: number; lo: number }>();
  readonly #path: (string | number)[] = [];
  readonly #fail = (reason: string): CopyError => new CopyError(reason, [...this.#path]);
  #left: number;
  /** The last few kinds of object: rows have the same keys, each time. Their keywords are alive in the first map of each. */
  readonly #rows: Row[] = [];

  /** Uses the slots `scratch` and `scratch` + 1, which the collector must see. */
  constructor(readonly vm: Vm, readonly limits: CopyLimits, readonly handleSlot: ResolveHandle, readonly scratch: number) {
    this.#left = limits.maxValues;
    this.#values = new ValueStack(vm, scratch);
  }

  /** Makes a copy in a slot. Throws CopyError, or GUEST_THROW when memory runs out. */
  write(dst: number, value: unknown): void {
    this.#push(value);
    this.#values.result(dst);
  }

  #push(value: unknown): void {
    const values = this.#values;
    if (--this.#left < 0) throw this.#fail(`more than ${this.limits.maxValues} values`);
    switch (typeof value) {
      case "number": return Number.isSafeInteger(value) && !Object.is(value, -0) ? values.integer(value) : values.float(value);
      case "string": return values.text(value);
      case "boolean": return values.bool(value);
      case "undefined": return values.nil();
      case "bigint": return values.integer(value);
      case "object": return value === null ? values.nil() : this.#object(value);
      default: throw this.#fail(refusal(value));
    }
  }

  #object(value: object): void {
    const { heap } = this.vm, before = this.#made.get(value);
    if (before?.hi === 0) throw this.#fail("a value inside of itself cannot be copied into Lisp's lists and maps");
    if (before !== undefined) {
      heap.setSlot(this.scratch + 1, before.hi, before.lo);
      return this.#values.slot(this.scratch + 1);
    }
    const handle = this.handleSlot(value);
    if (handle >= 0) return this.#values.slot(handle);
    if (this.#path.length >= this.limits.maxDepth) throw this.#fail(`more than ${this.limits.maxDepth} levels deep`);
    const made = { hi: 0, lo: 0 };
    this.#made.set(value, made);
    this.#make(value);
    const { last } = this.#values;
    made.hi = heap.hi(last);
    made.lo = heap.lo(last);
  }

  #make(value: object): void {
    switch (plainness(value)) {
      case "array": return this.#list((value as unknown[]).length, (i) => dataProperty(value, i, this.#fail));
      case "object": return this.#plain(value);
      case "bytes": return this.#values.cell(CellKind.Bytevector, newBytevectorOf(this.vm.heap, this.#bytes(value)));
      case "numbers": return this.#numbers(value as NumberArrayLike);
      case "date": return this.#push(Date.prototype.getTime.call(value));
      case "set": {
        const items = [...Set.prototype.values.call(value)];
        return this.#list(items.length, (i) => items[i]);
      }
      case "map": return this.#map(value as Map<unknown, unknown>);
      default: throw this.#fail(refusal(value));
    }
  }

  /** More than memory holds is refused before it is copied. */
  #bytes(value: object): Uint8Array {
    const bytes = bytesIn(value);
    return bytes.length > this.vm.heap.settings.maxBytes ? this.vm.heap.outOfMemory() : bytes;
  }

  #part(key: string | number, value: unknown): void {
    this.#path.push(key);
    this.#push(value);
    this.#path.pop();
  }

  #list(count: number, item: (i: number) => unknown): void {
    if (count > this.#left) throw this.#fail(`more than ${this.limits.maxValues} values`);
    const place = this.#path.push(0) - 1;
    for (let i = 0; i < count; i++) {
      this.#path[place] = i;
      this.#push(item(i));
    }
    this.#path.pop();
    this.#values.list(count);
  }

  /** A map by keywords. */
  #plain(value: object): void {
    const keys = Object.keys(value), values = this.#values, known = this.#rows.find((each) => sameKeys(each.keys, keys));
    const cells: number[] = [], place = this.#path.push("") - 1;
    for (let i = 0; i < keys.length; i++) {
      const key = this.#path[place] = keys[i]!;
      if (known === undefined) cells.push(values.keyword(key));
      this.#push(dataProperty(value, key, this.#fail));
    }
    this.#path.pop();
    if (known !== undefined) return values.row(known.cells, known.order);
    values.map(keys.length);
    if (keys.length > 0 && keys.length <= MOST_KEYS) this.#remember({ keys, cells, order: values.keyOrder(cells) });
  }

  #remember(row: Row): void {
    if (this.#rows.length === REMEMBERED) this.#rows.shift();
    this.#rows.push(row);
  }

  /** A map by whatever the keys are. */
  #map(value: Map<unknown, unknown>): void {
    const entries = [...Map.prototype.entries.call(value)];
    for (const [i, [key, item]] of entries.entries()) {
      this.#part(i, key);
      this.#part(typeof key === "string" ? key : i, item);
    }
    this.#values.map(entries.length);
  }

  /** Packed, as doubles or as 64-bit integers. */
  #numbers(value: NumberArrayLike): void {
    const { heap } = this.vm, count = value.length, isFloat = value instanceof Float64Array || value instanceof Float32Array;
    if (8 * count > heap.settings.maxBytes) return heap.outOfMemory();
    const cell = newNumberArray(heap, isFloat ? NumberElement.F64 : NumberElement.I64, count);
    for (let i = 0; i < count; i++) {
      if (isFloat) setFloat64At(heap, cell, i, value[i] as number);
      else setInt64At(heap, cell, i, this.#int64(BigInt(value[i]!)));
    }
    this.#values.cell(CellKind.NumberArray, cell);
  }

  #int64(value: bigint): bigint {
    if (BigInt.asIntN(64, value) !== value) throw this.#fail("an unsigned integer beyond 63 bits");
    return value;
  }
}
