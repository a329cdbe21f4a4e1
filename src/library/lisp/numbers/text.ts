// Numbers as Lisp prints them: floats always with a point and never with an exponent, ratios as n/d, complex numbers as
// re+imi.

import { imaginarySlot, realSlot } from "../../../../heap/cells/complex.ts";
import { integerValue, smallInteger } from "../../../../heap/cells/bigint.ts";
import { denominatorSlot, numeratorSlot } from "../../../../heap/cells/rational.ts";
import type { Vm } from "../../../vm/vm.ts";
import { Cost, allowBits, bitsAt } from "./limits.ts";
import { Kind, floatAt, kindAt } from "./slots.ts";

/** The float in full: all digits of a whole number, else as few as tell it from its neighbours. */
export function floatText(x: number): string {
  if (x !== x) return "NaN";
  if (Math.abs(x) === Infinity) return x > 0 ? "inf" : "-inf";
  if (Number.isInteger(x)) {
    if (Object.is(x, -0)) return "-0.0";
    return `${Number.isSafeInteger(x) ? x : BigInt(x)}.0`;
  }
  const text = String(x), e = text.indexOf("e");
  // Only numbers below a millionth come with an exponent here: larger ones that have a fraction are too short for one.
  if (e < 0) return text;
  const sign = x < 0 ? "-" : "", digits = text.slice(sign.length, e).replace(".", ""), exponent = -Number(text.slice(e + 1));
  return `${sign}0.${"0".repeat(exponent - 1)}${digits}`;
}

/** Text of the number in the slot; the radix is for integers and ratios. */
export function numberText(vm: Vm, slot: number, radix = 10): string {
  const mem = vm.heap, cell = mem.lo(slot);
  switch (kindAt(mem, slot)) {
    case Kind.Small: return smallInteger(mem, slot).toString(radix);
    case Kind.Float: return floatText(floatAt(mem, slot));
    case Kind.Rational: return `${numberText(vm, numeratorSlot(cell), radix)}/${numberText(vm, denominatorSlot(cell), radix)}`;
    case Kind.Complex: {
      const imaginary = numberText(vm, imaginarySlot(cell), radix);
      return `${numberText(vm, realSlot(cell), radix)}${imaginary.startsWith("-") ? "" : "+"}${imaginary}i`;
    }
    default: {
      allowBits(vm, bitsAt(mem, slot), radix === 10 ? Cost.Digits : Cost.Sum);
      return integerValue(mem, slot).toString(radix);
    }
  }
}
