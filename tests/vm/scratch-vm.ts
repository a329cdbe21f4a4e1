// A VM without a program, for calling operators and natives directly: values are put into slots, the operation runs, and
// the result slot is read back.

import { newArray, push } from "../../heap/cells/array.ts";
import { keyAt, nextField, newObject, setField, valueSlotAt } from "../../heap/cells/object.ts";
import { newString, textOf } from "../../heap/cells/string.ts";
import type { HeapOptions } from "../../heap/options.ts";
import { Root } from "../../heap/roots.ts";
import { intern } from "../../heap/symbols.ts";
import { CellHi, CellKind, Hi, Rank, Tag } from "../../heap/value.ts";
import { nativeIndex, NATIVES } from "../../src/library/registry.ts";
import { typeName } from "../../src/vm/convert.ts";
import { displayText } from "../../src/vm/display.ts";
import { GUEST_THROW, ProgramEnd } from "../../src/vm/errors.ts";
import type { Host } from "../../src/vm/host.ts";
import { storeBig } from "../../src/vm/integers64.ts";
import { storeNumber } from "../../src/vm/numeric.ts";
import { Vm } from "../../src/vm/vm.ts";

/** A number of an exact type. */
export interface Num { readonly rank: number; readonly value: number | bigint }
export type Value = Num | string | boolean | null | undefined | { readonly rune: number } | { readonly bytes: Uint8Array } | readonly Value[] | { readonly fields: readonly (readonly [string, Value])[] } | { readonly type: number };

export const num = (rank: number, value: number | bigint): Num => ({ rank, value });
export const i32 = (value: number): Num => num(Rank.I32, value);
export const f64 = (value: number): Num => num(Rank.F64, value);
export const rune = (text: string): Value => ({ rune: text.codePointAt(0)! });

export class ScratchVm {
  readonly vm: Vm;
  readonly written: string[] = [];
  /** First slot free for values. */
  readonly base: number;
  #next: number;

  constructor(heap: HeapOptions = {}, host: Partial<Host> = {}) {
    const decode = (bytes: Uint8Array): void => void this.written.push(new TextDecoder().decode(bytes));
    this.vm = new Vm({ heap, host: { write: decode, writeError: decode, readLine: () => null, args: [], ...host } });
    this.vm.depth = 0;
    this.base = this.vm.stackBase + 64;
    this.#next = this.base + 64;
    this.vm.nativeTop = this.base + 1024;
  }

  /** A slot nobody else uses until `reset`. */
  slot(): number { return this.#next++; }
  reset(): void { this.#next = this.base + 64; }

  /** Puts a value into a slot. */
  put(slot: number, value: Value): number {
    const heap = this.vm.heap;
    if (value === null || value === undefined) heap.setNull(slot);
    else if (typeof value === "boolean") heap.setBool(slot, value);
    else if (typeof value === "string") heap.setCell(slot, CellKind.String, newString(heap, new TextEncoder().encode(value)));
    else if ("bytes" in value) heap.setCell(slot, CellKind.String, newString(heap, value.bytes));
    else if ("rune" in value) heap.setSlot(slot, Hi.Rune, value.rune);
    else if ("type" in value) heap.setSlot(slot, Hi.Type, value.type);
    else if ("rank" in value) this.#putNumber(slot, value);
    else if ("fields" in value) this.#putObject(slot, value.fields);
    else this.#putArray(slot, value);
    return slot;
  }

  #putNumber(slot: number, { rank, value }: Num): void {
    if (rank === Rank.I64 || rank === Rank.U64) storeBig(this.vm.heap, slot, rank, BigInt(value));
    else storeNumber(this.vm.heap, slot, rank, Number(value));
  }

  #putArray(slot: number, values: readonly Value[]): void {
    const heap = this.vm.heap;
    heap.setCell(slot, CellKind.Array, newArray(heap, 0));
    for (const value of values) {
      const item = this.put(this.slot(), value);
      push(heap, heap.lo(slot), item);
    }
  }

  #putObject(slot: number, fields: readonly (readonly [string, Value])[]): void {
    const heap = this.vm.heap;
    heap.setCell(slot, CellKind.Object, newObject(heap, 2));
    for (const [name, value] of fields) {
      const item = this.put(this.slot(), value), key = this.put(this.slot(), name);
      setField(heap, heap.lo(slot), intern(heap, heap.lo(key)), item);
    }
  }

  /** Display text of the value in the slot. */
  text(slot: number): string { return displayText(this.vm, slot); }
  /** Type and display text. */
  typed(slot: number): string { return `${typeName(this.vm, slot)} ${this.text(slot)}`; }

  /** The string in a slot, or the plain JS form of numbers, arrays and objects. */
  read(slot: number): unknown {
    const heap = this.vm.heap, cell = heap.lo(slot);
    switch (heap.hi(slot)) {
      case CellHi.String: return textOf(heap, cell);
      case CellHi.Array: return Array.from({ length: heap.word(heap.word(cell + 8) + 8) }, (_, i) => this.read(((heap.word(cell + 8) + 16) >> 3) + i));
      case CellHi.Object: {
        const entries: [string, unknown][] = [];
        for (let at = nextField(heap, cell, 0); at >= 0; at = nextField(heap, cell, at + 1)) entries.push([textOf(heap, keyAt(heap, cell, at)), this.read(valueSlotAt(heap, cell, at))]);
        return Object.fromEntries(entries);
      }
      case Hi.Bool: return cell !== 0;
      case Hi.Null: return null;
      case Hi.Rune: return String.fromCodePoint(cell);
      case Hi.I32: case Hi.U8: return cell;
    }
    return heap.hi(slot) < Tag.First ? heap.f64[slot] : this.typed(slot);
  }

  /** Runs an operation; answers what `result` gives, or "throws TEXT" / "fatal TEXT". */
  attempt<T>(run: () => T): T | string {
    try {
      return run();
    } catch (error) {
      if (error === GUEST_THROW) return `throws ${this.text(this.vm.heap.rootSlot(Root.Exception))}`;
      if (error instanceof ProgramEnd) return `${error.kind} ${error.message}`;
      throw error;
    }
  }

  /** Calls a native by name; methods take the receiver as first value. Answers the plain JS form of its result. */
  call(name: string, ...values: readonly Value[]): unknown {
    this.reset();
    const isMethod = name.includes("."), base = this.base + 2;
    values.forEach((value, i) => this.put(isMethod ? (i === 0 ? base - 2 : base + i - 1) : base + i, value));
    return this.#run(name, base, values.length - (isMethod ? 1 : 0));
  }

  /** Calls a native whose receiver is in slot `window` already; its arguments go behind it. `argc`: arguments put there before. */
  callOn(name: string, window: number, values: readonly Value[], argc = values.length): unknown {
    values.forEach((value, i) => this.put(window + 2 + i, value));
    return this.#run(name, window + 2, argc);
  }

  #run(name: string, base: number, argc: number): unknown {
    const info = NATIVES[nativeIndex(name)]!;
    return this.attempt(() => {
      if (!info.checksArity && (argc < info.min || (info.max >= 0 && argc > info.max))) return "wrong number of arguments";
      info.run(this.vm, base, argc);
      return this.read(base - 2);
    });
  }
}
