// What keeps arithmetic of large integers within bounds. One operation is never interrupted, so the size of a result is
// estimated before it is computed: one that cannot fit is refused like any allocation that cannot, and the work is charged
// as fuel. The factors were measured; one unit of fuel charge is about a quarter of a nanosecond.

import { Big } from "../../../../heap/layout.ts";
import { imaginarySlot, realSlot } from "../../../../heap/cells/complex.ts";
import { denominatorSlot, numeratorSlot } from "../../../../heap/cells/rational.ts";
import type { Mem } from "../../../../heap/memory.ts";
import { CellHi } from "../../../../heap/value.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError } from "../conditions.ts";

/** No integer has more bits: products of this size take a fifth of a second, their decimal digits two. */
export const MAX_BITS = 1 << 24;
/** Greatest common divisors take time by the square of the size; this is a second. */
const MAX_GCD_BITS = 1 << 19;
/** Numbers below are not worth counting. */
const FREE_BITS = 1024;
const MAX_CHARGE = 2 ** 30;

/** What a bit costs in units of fuel charge, moving it out of the heap and back included. */
export const enum Cost { Sum = 16, Product = 48, Division = 192, Digits = 512 }

/** Upper bound of the bits of all integers in the number; 64 for what is not boxed and for floats. */
export function bitsAt(mem: Mem, slot: number): number {
  switch (mem.hi(slot)) {
    case CellHi.BigInt: return 32 * mem.word(mem.lo(slot) + Big.Count);
    case CellHi.Rational: return bitsAt(mem, numeratorSlot(mem.lo(slot))) + bitsAt(mem, denominatorSlot(mem.lo(slot)));
    case CellHi.Complex: return bitsAt(mem, realSlot(mem.lo(slot))) + bitsAt(mem, imaginarySlot(mem.lo(slot)));
    default: return 64;
  }
}

/** Charges the work on `bits`; refuses a result of so many. */
export function allowBits(vm: Vm, bits: number, cost: number): void {
  if (bits <= FREE_BITS) return;
  if (bits > MAX_BITS || bits > 8 * vm.heap.settings.maxBytes) vm.heap.outOfMemory();
  vm.work(Math.min(MAX_CHARGE, bits * cost));
}

/** Charges for reducing a ratio whose smaller part has so many bits, or refuses to. */
export function allowReduction(vm: Vm, bits: number): void {
  if (bits <= FREE_BITS) return;
  if (bits > MAX_GCD_BITS) evalError(vm, "integers are too large to reduce a ratio of them");
  vm.work(Math.min(MAX_CHARGE, (bits * bits) / 80));
}
