// Numbers in slots: which kind a value is, reading it as a plain JS value of the tower, and storing one. A stored number is
// always in its canonical form: the shortest integer, rationals in lowest terms, no complex number without imaginary part.

import { integerValue, setInteger, smallInteger } from "../../../../heap/cells/bigint.ts";
import { imaginarySlot, newComplex, realSlot } from "../../../../heap/cells/complex.ts";
import { denominatorSlot, newRational, numeratorSlot } from "../../../../heap/cells/rational.ts";
import type { Heap } from "../../../../heap/heap.ts";
import type { Mem } from "../../../../heap/memory.ts";
import { Root } from "../../../../heap/roots.ts";
import { CellHi, CellKind, Hi, Tag } from "../../../../heap/value.ts";
import type { NumberDatum, RealDatum } from "../../../text/lisp-number.ts";
import { singleOf } from "../../../vm/numeric.ts";
import { Complex, Fraction, rectangular, type Numeric, type Real } from "./tower.ts";

/** In order: every kind up to Float is real, every one up to Rational exact. Small: an integer that is not boxed. */
export const enum Kind { None, Small, Big, Rational, Float, Complex }

/** Kind of the value with this hi word. */
export function kindOf(hi: number): Kind {
  if (hi < Tag.First || hi === Hi.F32) return Kind.Float;
  if (hi >= Hi.I8 && hi <= Hi.U32) return Kind.Small;
  const tag = hi & Tag.Mask;
  if (tag === Tag.Int64 || tag === Tag.Uint64) return Kind.Small;
  switch (hi) {
    case CellHi.BigInt: case CellHi.Int64: case CellHi.Uint64: return Kind.Big;
    case CellHi.Rational: return Kind.Rational;
    case CellHi.Complex: return Kind.Complex;
    default: return Kind.None;
  }
}

export const kindAt = (mem: Mem, slot: number): Kind => kindOf(mem.hi(slot));
export const isNumber = (mem: Mem, slot: number): boolean => kindAt(mem, slot) !== Kind.None;
export const isInt = (kind: Kind): boolean => kind === Kind.Small || kind === Kind.Big;

/** The float in the slot, which holds one. */
export const floatAt = (mem: Mem, slot: number): number => (mem.hi(slot) === Hi.F32 ? singleOf(mem.lo(slot)) : mem.f64[slot]!);

/** The real number in the slot, which holds one. */
export function realAt(mem: Mem, slot: number): Real {
  switch (kindAt(mem, slot)) {
    case Kind.Float: return floatAt(mem, slot);
    case Kind.Rational: {
      const cell = mem.lo(slot);
      return new Fraction(integerValue(mem, numeratorSlot(cell)), integerValue(mem, denominatorSlot(cell)));
    }
    default: return integerValue(mem, slot);
  }
}

/** The number in the slot, which holds one. */
export function numberAt(mem: Mem, slot: number): Numeric {
  if (mem.hi(slot) !== CellHi.Complex) return realAt(mem, slot);
  const cell = mem.lo(slot);
  return new Complex(realAt(mem, realSlot(cell)), realAt(mem, imaginarySlot(cell)));
}

/** The nearest double of a number that is not boxed; NaN for all others. */
export function plainNumberAt(mem: Mem, slot: number, kind: Kind): number {
  return kind === Kind.Float ? floatAt(mem, slot) : smallInteger(mem, slot);
}

/** Stores a number. May collect; dst is written last. */
export function storeNumber(heap: Heap, dst: number, x: Numeric): void {
  if (!(x instanceof Complex)) return storeReal(heap, dst, x);
  const re = heap.rootSlot(Root.HoldReal), im = heap.rootSlot(Root.HoldImaginary);
  storeReal(heap, re, x.re);
  storeReal(heap, im, x.im);
  heap.setCell(dst, CellKind.Complex, newComplex(heap, re, im));
  heap.clearRoot(Root.HoldReal);
  heap.clearRoot(Root.HoldImaginary);
}

function storeReal(heap: Heap, dst: number, x: Real): void {
  if (typeof x === "number") return heap.setF64(dst, x);
  if (typeof x === "bigint") return setInteger(heap, dst, x);
  const n = heap.rootSlot(Root.HoldNumerator), d = heap.rootSlot(Root.HoldDenominator);
  setInteger(heap, n, x.n);
  setInteger(heap, d, x.d);
  heap.setCell(dst, CellKind.Rational, newRational(heap, n, d));
  heap.clearRoot(Root.HoldNumerator);
  heap.clearRoot(Root.HoldDenominator);
}

/** Stores the result of JS arithmetic on integers: exact while it is a safe integer, which it must be. */
export function storeSafe(heap: Heap, dst: number, value: number): void {
  if (value === (value | 0)) heap.setI32(dst, value | 0);
  else setInteger(heap, dst, value);
}

const realOfDatum = (datum: RealDatum): Real => (datum.type === "rational" ? new Fraction(datum.numerator, datum.denominator) : datum.value);

/** The number a reader described. */
export const numberOfDatum = (datum: NumberDatum): Numeric =>
  datum.type === "complex" ? rectangular(realOfDatum(datum.real), realOfDatum(datum.imaginary)) : realOfDatum(datum);

function datumOfReal(x: Real): RealDatum {
  if (x instanceof Fraction) return { type: "rational", numerator: x.n, denominator: x.d };
  return typeof x === "bigint" ? { type: "int", value: x } : { type: "float", value: x };
}

/** The description of the number in the slot, which holds one. */
export function datumAt(mem: Mem, slot: number): NumberDatum {
  const x = numberAt(mem, slot);
  return x instanceof Complex ? { type: "complex", real: datumOfReal(x.re), imaginary: datumOfReal(x.im) } : datumOfReal(x);
}

export const storeDatum = (heap: Heap, dst: number, datum: NumberDatum): void => storeNumber(heap, dst, numberOfDatum(datum));
