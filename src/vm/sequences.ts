// The sequences whose values a call can have as arguments: arrays, and in Lisp lists, vectors and mutable arrays.

import { carSlot, cdrSlot } from "../../heap/cells/pair.ts";
import { vectorCount, vectorItem } from "../../heap/cells/vector.ts";
import { Arr, Slots } from "../../heap/layout.ts";
import type { Mem } from "../../heap/memory.ts";
import { CellHi, Hi } from "../../heap/value.ts";
import { runsLisp } from "./stack.ts";
import type { Vm } from "./vm.ts";

/** Number of arguments in the sequence; raises the error of applying to anything else. Charges fuel for them. */
export function countArguments(vm: Vm, slot: number): number {
  const mem = vm.heap, isLisp = runsLisp(vm);
  const count = isLisp ? sequenceLength(mem, slot) : mem.hi(slot) === CellHi.Array ? arrayCount(mem, mem.lo(slot)) : -1;
  if (count < 0) isLisp ? vm.rules.notSequence(vm, slot) : vm.throwError("apply() second argument must be an array");
  vm.chargeFuel(count);
  return count;
}

const arrayCount = (mem: Mem, array: number): number => mem.word(mem.word(array + Arr.Data) + Slots.Count);

/** Number of values in a list, vector or mutable array; -1 for what is none, or an improper or circular list. */
function sequenceLength(mem: Mem, slot: number): number {
  const hi = mem.hi(slot), cell = mem.lo(slot);
  if (hi === Hi.Empty) return 0;
  if (hi === CellHi.Vector) return vectorCount(mem, cell);
  if (hi === CellHi.Array) return arrayCount(mem, cell);
  // A second place follows at half the speed: a circle brings the first one to it.
  let count = 0, slow = cell;
  for (let at = slot; ; at = cdrSlot(mem.lo(at))) {
    if (mem.hi(at) === Hi.Empty) return count;
    if (mem.hi(at) !== CellHi.Pair || (count > 0 && mem.lo(at) === slow)) return -1;
    if ((++count & 1) === 0) slow = mem.lo(cdrSlot(slow));
  }
}

/** Copies the `count` values of a sequence to slots from `first` on, which may not hold the sequence itself. */
export function copySequence(mem: Mem, slot: number, first: number, count: number): void {
  const hi = mem.hi(slot), cell = mem.lo(slot);
  if (hi !== CellHi.Pair) {
    const from = hi === CellHi.Vector ? vectorItem(cell, 0) : (mem.word(cell + Arr.Data) + Slots.Data) >> 3;
    for (let i = 0; i < count; i++) mem.copySlot(first + i, from + i);
  } else for (let i = 0, pair = cell; i < count; i++, pair = mem.lo(cdrSlot(pair))) mem.copySlot(first + i, carSlot(pair));
}
