// Copies of values that share nothing changeable with the original: what a task gets as its arguments. Strings, arrays,
// objects and buffers are copied, with their cycles and what is shared among them; all else is passed as it is.

import { elementSlot, length as arrayLength, newArray, push, setLength } from "../../heap/cells/array.ts";
import { bufferAddress, bufferLength, newBuffer } from "../../heap/cells/buffer.ts";
import { fieldCount, keyAt, newObject, nextField, setField, stamp, typeName, valueSlotAt } from "../../heap/cells/object.ts";
import { freshString } from "../../heap/cells/string.ts";
import { Arr } from "../../heap/layout.ts";
import { Root } from "../../heap/roots.ts";
import { CellHi, CellKind } from "../../heap/value.ts";
import type { Vm } from "./vm.ts";

/** Fuel for a value copied, in the units of chargeFuel. */
const VALUE_FUEL = 32;

/** dst = a copy of the value in src, which may be the same slot. Containers wait in a list of the heap, not on the stack of the host. */
export function deepCopy(vm: Vm, dst: number, src: number): void {
  const { heap } = vm;
  if (!isCopied(heap.hi(src))) return heap.copySlot(dst, src);
  new Copying(vm).copy(dst, src);
}

const isCopied = (hi: number): boolean => hi === CellHi.String || hi === CellHi.Array || hi === CellHi.Object || hi === CellHi.Buffer;

class Copying {
  /** Index of the copy in the list by address of the original; the originals are held by the value that is copied. */
  readonly #copies = new Map<number, number>();
  /** Originals whose contents are still to be copied. */
  readonly #waiting: number[] = [];
  readonly #list: number;
  readonly #hold: number;

  constructor(private readonly vm: Vm) {
    const { heap } = vm;
    this.#list = heap.rootSlot(Root.Temp5);
    this.#hold = heap.rootSlot(Root.Temp4);
    heap.setCell(this.#list, CellKind.Array, newArray(heap, 16));
  }

  copy(dst: number, src: number): void {
    const { heap } = this.vm;
    this.#start(src);
    for (let original = this.#waiting.pop(); original !== undefined; original = this.#waiting.pop()) this.#fill(original);
    heap.copySlot(dst, elementSlot(heap, heap.lo(this.#list), 0));
    heap.setHole(this.#list);
    heap.setHole(this.#hold);
  }

  /** Index of the copy of the container or string in a slot; containers are still empty. */
  #start(slot: number): number {
    const { vm } = this, { heap } = vm, original = heap.lo(slot), known = this.#copies.get(original);
    if (known !== undefined) return known;
    vm.chargeFuel(VALUE_FUEL);
    this.#makeEmpty(heap.hi(slot), original);
    push(heap, heap.lo(this.#list), this.#hold);
    const index = arrayLength(heap, heap.lo(this.#list)) - 1;
    this.#copies.set(original, index);
    return index;
  }

  #makeEmpty(hi: number, original: number): void {
    const { vm } = this, { heap } = vm, hold = this.#hold;
    switch (hi) {
      case CellHi.String: return heap.setCell(hold, CellKind.String, freshString(heap, original));
      case CellHi.Buffer: {
        const length = bufferLength(heap, original);
        heap.setCell(hold, CellKind.Buffer, newBuffer(heap, vm.raw, length));
        vm.raw.copy(bufferAddress(heap, heap.lo(hold)), bufferAddress(heap, original), length);
        return vm.chargeFuel(length);
      }
      case CellHi.Array:
        heap.setCell(hold, CellKind.Array, newArray(heap, arrayLength(heap, original)));
        break;
      default: heap.setCell(hold, CellKind.Object, newObject(heap, fieldCount(heap, original)));
    }
    this.#waiting.push(original);
  }

  #fill(original: number): void {
    const { heap } = this.vm, copy = heap.lo(elementSlot(heap, heap.lo(this.#list), this.#copies.get(original)!));
    if ((heap.word(original) & 0xff) === CellKind.Array) this.#fillArray(original, copy);
    else this.#fillObject(original, copy);
  }

  #fillArray(original: number, copy: number): void {
    const { heap } = this.vm, length = arrayLength(heap, original);
    setLength(heap, copy, length);
    for (let i = 0; i < length; i++) {
      this.#value(elementSlot(heap, original, i));
      heap.copySlot(elementSlot(heap, copy, i), this.#hold);
    }
    heap.setWord(copy + Arr.Element, heap.word(original + Arr.Element));
    heap.setWord(copy + Arr.Descriptor, heap.word(original + Arr.Descriptor));
  }

  #fillObject(original: number, copy: number): void {
    const { heap } = this.vm;
    for (let at = nextField(heap, original, 0); at >= 0; at = nextField(heap, original, at + 1)) {
      this.#value(valueSlotAt(heap, original, at));
      setField(heap, copy, keyAt(heap, original, at), this.#hold);
    }
    const name = typeName(heap, original);
    if (name !== 0) stamp(heap, copy, name);
  }

  /** Puts the copy of a value in the holding slot. */
  #value(slot: number): void {
    const { heap } = this.vm;
    if (!isCopied(heap.hi(slot))) return heap.copySlot(this.#hold, slot);
    const index = this.#start(slot);
    heap.copySlot(this.#hold, elementSlot(heap, heap.lo(this.#list), index));
  }
}
