// Values from another world, made in this one; see values.ts for their form.
//
// Rules
// 1. Every cell is pushed onto a list that a root holds before the next one is allocated; contents come afterwards.
// 2. Only threads of our own write such words, so their form is not checked again.

import { elementSlot, newArray, push, setElementType, setLength } from "../../heap/cells/array.ts";
import { bufferAddress, freeBuffer, newBuffer } from "../../heap/cells/buffer.ts";
import { captureSlot, newClosure } from "../../heap/cells/closure.ts";
import { newObject, setField, stamp } from "../../heap/cells/object.ts";
import { newString } from "../../heap/cells/string.ts";
import { setInt64Words, setUint64Words } from "../../heap/cells/wide.ts";
import { Root } from "../../heap/roots.ts";
import { internText } from "../../heap/symbols.ts";
import { CellKind, Tag } from "../../heap/value.ts";
import type { Vm } from "../vm/vm.ts";
import type { WireValues } from "./values.ts";

/** What stands for ids in this world: addresses of code cells and of channels, which something else holds. */
export interface Residents {
  readonly codeOf: (functionId: number) => number;
  readonly channelOf: (id: number, capacity: number) => number;
}

/** dst = an array of the values. May collect; throws GUEST_THROW when memory runs out. */
export function readValues(vm: Vm, dst: number, values: WireValues, residents: Residents): void {
  new Reading(vm, values, residents).read(dst);
}

class Reading {
  /** Where the contents of each cell begin. */
  readonly #starts: number[] = [];
  readonly #list: number;
  readonly #hold: number;

  constructor(readonly vm: Vm, readonly values: WireValues, readonly residents: Residents) {
    const { heap } = vm;
    this.#list = heap.rootSlot(Root.Temp5);
    this.#hold = heap.rootSlot(Root.Temp4);
    heap.setCell(this.#list, CellKind.Array, newArray(heap, 16));
  }

  read(dst: number): void {
    const { heap } = this.vm, { cells, roots } = this.values;
    for (let at = 0; at < cells.length;) {
      this.#starts.push(at + 1);
      at = this.#make(cells[at]!, at + 1);
      push(heap, heap.lo(this.#list), this.#hold);
    }
    this.#starts.forEach((at, number) => this.#fill(cells[at - 1]!, at, this.#cell(number)));
    heap.setCell(this.#hold, CellKind.Array, newArray(heap, roots.length >> 1));
    heap.copySlot(dst, this.#hold);
    for (let at = 0; at < roots.length; at += 2) {
      this.#slot(roots, at);
      push(heap, heap.lo(dst), this.#hold);
    }
    heap.setHole(this.#list);
    heap.setHole(this.#hold);
  }

  #cell(number: number): number { return this.vm.heap.lo(elementSlot(this.vm.heap, this.vm.heap.lo(this.#list), number)); }

  /** Makes a cell, still empty if it has values in it; answers where the next one begins. */
  #make(kind: CellKind, at: number): number {
    const { vm } = this, { heap } = vm, { cells } = this.values, hold = this.#hold, first = cells[at]!, second = cells[at + 1]!;
    switch (kind) {
      case CellKind.String:
        heap.setCell(hold, kind, newString(heap, this.#bytes(at + 1, first)));
        return at + 1 + ((first + 3) >> 2);
      case CellKind.Int64:
        setInt64Words(heap, hold, second, first);
        return at + 2;
      case CellKind.Uint64:
        setUint64Words(heap, hold, second, first);
        return at + 2;
      case CellKind.Buffer: return this.#buffer(at, first);
      case CellKind.Array:
        heap.setCell(hold, kind, newArray(heap, cells[at + 2]!));
        return at + 3 + 2 * cells[at + 2]!;
      case CellKind.Object:
        heap.setCell(hold, kind, newObject(heap, second));
        return at + 2 + 3 * second;
      case CellKind.Channel:
        heap.setCell(hold, kind, this.residents.channelOf(first, second));
        return at + 2;
      default:
        heap.setCell(hold, CellKind.Closure, newClosure(heap, this.residents.codeOf(first), second));
        return at + 2 + 2 * second;
    }
  }

  #bytes(at: number, length: number): Uint8Array {
    const { cells } = this.values;
    return new Uint8Array(cells.buffer, cells.byteOffset + 4 * at, length);
  }

  #buffer(at: number, length: number): number {
    const { vm } = this, { heap, raw } = vm;
    heap.setCell(this.#hold, CellKind.Buffer, newBuffer(heap, raw, Math.max(0, length)));
    const cell = heap.lo(this.#hold);
    if (length >= 0) raw.put(bufferAddress(heap, cell), this.#bytes(at + 1, length));
    else freeBuffer(heap, raw, cell);
    return at + 1 + ((Math.max(0, length) + 3) >> 2);
  }

  /** Puts the value that stands at an index of the words into the holding slot. */
  #slot(words: Int32Array, at: number): void {
    const { heap } = this.vm, lo = words[at]!, hi = words[at + 1]!;
    if ((hi & Tag.Mask) === Tag.Cell) heap.copySlot(this.#hold, elementSlot(heap, heap.lo(this.#list), lo));
    else heap.setSlot(this.#hold, hi, lo);
  }

  #fill(kind: CellKind, at: number, cell: number): void {
    const { heap } = this.vm, { cells } = this.values;
    switch (kind) {
      case CellKind.Array: {
        const count = cells[at + 2]!, descriptor = cells[at + 1]!;
        setLength(heap, cell, count);
        for (let i = 0; i < count; i++) {
          this.#slot(cells, at + 3 + 2 * i);
          heap.copySlot(elementSlot(heap, cell, i), this.#hold);
        }
        if (cells[at] !== 0) setElementType(heap, cell, cells[at]!, descriptor < 0 ? 0 : this.#cell(descriptor));
        return;
      }
      case CellKind.Object: return this.#fields(cell, at);
      case CellKind.Closure:
        for (let i = 0; i < cells[at + 1]!; i++) {
          this.#slot(cells, at + 2 + 2 * i);
          heap.copySlot(captureSlot(cell, i), this.#hold);
        }
    }
  }

  #fields(cell: number, at: number): void {
    const { heap } = this.vm, { cells, names } = this.values, type = cells[at]!;
    for (let i = 0; i < cells[at + 1]!; i++) {
      const symbol = internText(heap, names[cells[at + 2 + 3 * i]!]!);
      this.#slot(cells, at + 3 + 3 * i);
      setField(heap, cell, symbol, this.#hold);
    }
    if (type >= 0) stamp(heap, cell, internText(heap, names[type]!));
  }
}
