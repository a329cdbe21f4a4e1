// Values on their way between worlds: a graph of cells as words that threads can hand over. What is shared stays shared,
// cycles stay cycles, and every number keeps its type; nothing of it refers to a world.
//
//   roots    lo, hi of each value; a value that is a cell has the cell's number in the place of its address
//   cells    one behind the other: kind, then
//              String     byte length, bytes          Buffer   byte length or -1 when freed, bytes
//              Int64      low, high                   Uint64   low, high
//              Array      element type, descriptor (number of a cell, -1 for none), count, values
//              Object     number of the type's name (-1 for none), count, then number of the key and value of each field
//              Closure    id of the function, count, values
//              Channel    id, capacity
//   names    keys and names of types

import { elementSlot, length as arrayLength } from "../../heap/cells/array.ts";
import { bufferAddress, bufferLength, isFreed } from "../../heap/cells/buffer.ts";
import { captureSlot, closureCode } from "../../heap/cells/closure.ts";
import { fieldCount, keyAt, nextField, typeName, valueSlotAt } from "../../heap/cells/object.ts";
import { bytesOf, textOf } from "../../heap/cells/string.ts";
import { Arr, Closure, Wide } from "../../heap/layout.ts";
import { CellHi, CellKind, Hi, Tag } from "../../heap/value.ts";
import type { Mem } from "../../heap/memory.ts";
import { ChannelItem, intItem } from "../vm/task-cells.ts";
import type { Vm } from "../vm/vm.ts";

export interface WireValues { readonly roots: Int32Array; readonly cells: Int32Array; readonly names: readonly string[] }

/** The value cannot go to another world, or what it does there would not be the same. */
export class NotMovable extends Error {}

/** What decides about the parts of a value that are no data. */
export interface Movers {
  /** Id of the function with this code; throws NotMovable. */
  readonly functionId: (code: number) => number;
  /** Id of a channel of the VM; throws NotMovable. */
  readonly channelId: (cell: number) => number;
  /** Throws NotMovable when the native may not run elsewhere. */
  readonly checkNative: (id: number) => void;
  /** No function of the program writes into strings. */
  readonly stringsAreFixed: boolean;
  /** Told of each value. */
  readonly saw?: (hi: number) => void;
}

/** Whether nobody can change the value in a slot, so that a copy is as good as the value itself. */
export function isFixed(mem: Mem, slot: number, stringsAreFixed: boolean): boolean {
  const hi = mem.hi(slot);
  return (hi & Tag.Mask) !== Tag.Cell || hi === CellHi.Int64 || hi === CellHi.Uint64 || (hi === CellHi.String && stringsAreFixed);
}

/** Words that grow. */
class Words {
  #words = new Int32Array(64);
  length = 0;

  push(word: number): void {
    this.#room(1);
    this.#words[this.length++] = word;
  }

  bytes(bytes: Uint8Array): void {
    const count = (bytes.length + 3) >> 2;
    this.#room(count);
    new Uint8Array(this.#words.buffer).set(bytes, 4 * this.length);
    this.length += count;
  }

  #room(count: number): void {
    if (this.length + count <= this.#words.length) return;
    const larger = new Int32Array(2 * (this.length + count));
    larger.set(this.#words);
    this.#words = larger;
  }

  get all(): Int32Array { return this.#words.slice(0, this.length); }
}

export class ValueWriter {
  readonly #roots = new Words();
  readonly #cells = new Words();
  readonly #names: string[] = [];
  /** Number of each name by the address of its symbol, and of each cell by its own: nothing is allocated meanwhile. */
  readonly #nameOf = new Map<number, number>();
  readonly #numberOf = new Map<number, number>();
  readonly #waiting: number[] = [];

  constructor(readonly vm: Vm, readonly movers: Movers) {}

  /** Appends the value in a slot. Throws NotMovable. */
  write(slot: number): void {
    this.#slot(this.#roots, slot);
    this.#rest();
  }

  #rest(): void {
    for (let at = 0; at < this.#waiting.length; at++) this.#cell(this.#waiting[at]!);
    this.#waiting.length = 0;
  }

  get values(): WireValues { return { roots: this.#roots.all, cells: this.#cells.all, names: this.#names }; }

  #slot(out: Words, slot: number): void {
    const { heap } = this.vm, hi = heap.hi(slot), lo = heap.lo(slot);
    this.movers.saw?.(hi);
    if (hi === Hi.Native) this.movers.checkNative(lo);
    out.push((hi & Tag.Mask) === Tag.Cell ? this.#number(lo) : lo);
    out.push(hi);
  }

  #number(cell: number): number {
    const known = this.#numberOf.get(cell);
    if (known !== undefined) return known;
    const number = this.#numberOf.size;
    this.#numberOf.set(cell, number);
    this.#waiting.push(cell);
    return number;
  }

  #name(symbol: number): number {
    const known = this.#nameOf.get(symbol);
    if (known !== undefined) return known;
    this.#nameOf.set(symbol, this.#names.length);
    return this.#names.push(textOf(this.vm.heap, symbol)) - 1;
  }

  #cell(cell: number): void {
    const { heap } = this.vm, out = this.#cells, kind = heap.word(cell) & 0xff;
    out.push(kind);
    switch (kind) {
      case CellKind.String: return this.#bytes(bytesOf(heap, cell));
      case CellKind.Int64: case CellKind.Uint64:
        out.push(heap.word(cell + Wide.Low));
        return out.push(heap.word(cell + Wide.High));
      case CellKind.Buffer: return isFreed(heap, cell) ? out.push(-1) : this.#bytes(this.vm.raw.view(bufferAddress(heap, cell), bufferLength(heap, cell)));
      case CellKind.Array: return this.#array(cell);
      case CellKind.Object: return this.#object(cell);
      case CellKind.Closure: return this.#closure(cell);
      case CellKind.Channel:
        out.push(this.movers.channelId(cell));
        return out.push(intItem(heap, cell, ChannelItem.Capacity));
      default: throw new NotMovable("a value that belongs to its world");
    }
  }

  #bytes(bytes: Uint8Array): void {
    this.#cells.push(bytes.length);
    this.#cells.bytes(bytes);
  }

  #array(cell: number): void {
    const { heap } = this.vm, out = this.#cells, count = arrayLength(heap, cell), descriptor = heap.word(cell + Arr.Descriptor);
    out.push(heap.word(cell + Arr.Element));
    out.push(descriptor === 0 ? -1 : this.#number(descriptor));
    out.push(count);
    for (let i = 0; i < count; i++) this.#slot(out, elementSlot(heap, cell, i));
  }

  #object(cell: number): void {
    const { heap } = this.vm, out = this.#cells, type = typeName(heap, cell);
    out.push(type === 0 ? -1 : this.#name(type));
    out.push(fieldCount(heap, cell));
    for (let at = nextField(heap, cell, 0); at >= 0; at = nextField(heap, cell, at + 1)) {
      out.push(this.#name(keyAt(heap, cell, at)));
      this.#slot(out, valueSlotAt(heap, cell, at));
    }
  }

  #closure(cell: number): void {
    const { heap } = this.vm, out = this.#cells, count = heap.word(cell + Closure.Count);
    out.push(this.movers.functionId(closureCode(heap, cell)));
    out.push(count);
    for (let i = 0; i < count; i++) {
      this.#shared(out, captureSlot(cell, i));
    }
  }

  /** Appends the value in a slot, which is not this task's alone: what a function or a global variable holds. Throws NotMovable. */
  writeShared(slot: number): void {
    this.#shared(this.#roots, slot);
    this.#rest();
  }

  /** It goes along only if nobody can change it. */
  #shared(out: Words, slot: number): void {
    const { heap } = this.vm, hi = heap.hi(slot);
    if (!isFixed(heap, slot, this.movers.stringsAreFixed) && hi !== CellHi.Closure && hi !== CellHi.Channel) throw new NotMovable("a variable whose value others may change");
    this.#slot(out, slot);
  }
}
