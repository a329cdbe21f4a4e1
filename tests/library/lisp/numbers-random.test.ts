// Seeded random operands against models: JS integers, exact ratios of them, and doubles; then the same under a collector
// that runs at every allocation.

import { describe, expect, test } from "vitest";
import { Hi, Tag } from "../../../heap/value.ts";
import { isInteger, integerValue } from "../../../heap/cells/bigint.ts";
import { fractionOfDouble, gcd, ratio } from "../../../src/text/exact-number.ts";
import { numberAt, storeNumber } from "../../../src/library/lisp/numbers/slots.ts";
import { numberText } from "../../../src/library/lisp/numbers/text.ts";
import { Complex, Fraction, type Numeric } from "../../../src/library/lisp/numbers/tower.ts";
import { Random } from "../../support/random.ts";
import { NumberCalls } from "./number-calls.ts";

const BORDERS = [31n, 32n, 44n, 47n, 48n, 53n, 63n, 64n, 128n].map((power) => 1n << power);

/** Integers of all sizes, often next to where the form of an integer changes. */
function randomInteger(random: Random): bigint {
  const sign = random.chance(0.5) ? 1n : -1n;
  if (random.chance(0.4)) return sign * (random.pick(BORDERS) + BigInt(random.below(5) - 2));
  let value = 0n;
  for (let words = random.below(6); words > 0; words--) value = (value << 32n) | BigInt(Math.floor(random.next() * 2 ** 32));
  return sign * (value >> BigInt(random.below(32)));
}

/** Calls on values rather than text. */
class Values extends NumberCalls {
  of(name: string, ...values: readonly Numeric[]): number {
    const { heap } = this.scratch.vm, first = this.scratch.base + 2;
    values.forEach((value, i) => storeNumber(heap, first + i, value));
    return this.call(name, first, values.length);
  }

  /** The exact integer or ratio, or the float, as text; a ratio is checked to be in lowest terms. */
  text(name: string, ...values: readonly Numeric[]): string {
    const slot = this.of(name, ...values), { vm } = this.scratch;
    expectCanonical(vm.heap, slot);
    return numberText(vm, slot);
  }

  truth(name: string, ...values: readonly Numeric[]): boolean {
    return this.scratch.vm.heap.lo(this.of(name, ...values)) !== 0;
  }
}

/** An integer is in its shortest form, a ratio in lowest terms. */
function expectCanonical(heap: NumberCalls["scratch"]["vm"]["heap"], slot: number): void {
  if (isInteger(heap, slot)) {
    const value = integerValue(heap, slot), hi = heap.hi(slot);
    expect(hi === Hi.I32).toBe(value === BigInt.asIntN(32, value));
    expect(hi === Hi.I32 || (hi & Tag.Mask) === Tag.Int64).toBe(value === BigInt.asIntN(48, value));
  }
  const value = numberAt(heap, slot);
  if (value instanceof Fraction) expect(gcd(value.n, value.d) === 1n && value.d > 1n).toBe(true);
}

const ratioText = (n: bigint, d: bigint): string => {
  const common = gcd(n, d) * (d < 0n ? -1n : 1n);
  return d === common ? String(n / common) : `${n / common}/${d / common}`;
};

function model(values: Values, random: Random, rounds: number): void {
  for (let i = 0; i < rounds; i++) {
    const a = randomInteger(random), b = randomInteger(random), c = randomInteger(random) || 1n, d = randomInteger(random) || 1n;
    expect(values.text("+", a, b)).toBe(String(a + b));
    expect(values.text("-", a, b)).toBe(String(a - b));
    expect(values.text("*", a, b)).toBe(String(a * b));
    expect(values.text("/", a, c)).toBe(ratioText(a, c));
    expect(values.text("quotient", a, c)).toBe(String(a / c));
    expect(values.text("remainder", a, c)).toBe(String(a % c));
    expect(values.text("mod", a, c)).toBe(String(((a % c) + c) % c));
    expect(values.text("floor-quotient", a, c)).toBe(String((a - (((a % c) + c) % c)) / c));
    expect(values.text("gcd", a, b)).toBe(String(gcd(a, b)));
    expect(values.text("bit/xor", a, b)).toBe(String(a ^ b));
    expect(values.text("bit/shift-right", a, BigInt(i % 70))).toBe(String(a >> BigInt(i % 70)));
    expect(values.text("-", a)).toBe(String(-a));
    expect([values.truth("<", a, b), values.truth("=", a, b), values.truth(">=", a, b)]).toEqual([a < b, a === b, a >= b]);
    const left = fractionOf(a, c), right = fractionOf(b, d);
    expect(values.text("+", left, right)).toBe(ratioText(a * d + b * c, c * d));
    expect(values.text("-", left, right)).toBe(ratioText(a * d - b * c, c * d));
    expect(values.text("*", left, right)).toBe(ratioText(a * b, c * d));
    if (b !== 0n) expect(values.text("/", left, right)).toBe(ratioText(a * d, c * b));
    expect(values.truth("<", left, right)).toBe(a * d * (c * d > 0n ? 1n : -1n) < b * c * (c * d > 0n ? 1n : -1n));
    expect(values.text("*", new Complex(a || 1n, c), new Complex(b || 1n, d))).toBe(complexText((a || 1n) * (b || 1n) - c * d, (a || 1n) * d + c * (b || 1n)));
  }
}

function fractionOf(n: bigint, d: bigint): Numeric {
  const common = gcd(n, d) * (d < 0n ? -1n : 1n);
  return d === common ? n / common : new Fraction(n / common, d / common);
}

const complexText = (re: bigint, im: bigint): string => (im === 0n ? String(re) : `${re}${im < 0n ? "" : "+"}${im}i`);

describe("exact numbers", () => {
  test("agree with integers and ratios of JavaScript", () => model(new Values(), new Random(11), 1500));
  test("also when every allocation collects", () => model(new Values({ gcStress: 1, verify: true, poison: true, maxBytes: 1 << 20 }), new Random(12), 12));
});

describe("floats", () => {
  const random = new Random(13), values = new Values();
  const randomFloat = (): number => (random.next() - 0.5) * 2 ** (random.below(2080) - 1060);

  test("are compared with integers and ratios without rounding", () => {
    for (let i = 0; i < 1000; i++) {
      const near = random.chance(0.5) ? Number(randomInteger(random)) : randomFloat() % 2 ** 70, { n, d } = fractionOfDouble(near), by = BigInt(random.below(3) - 1);
      // A value that differs by far less than the float can show.
      const scale = 10n ** 30n, exact = fractionOf(n * scale + by, d * scale);
      expect([values.truth("<", exact, near), values.truth("=", exact, near), values.truth(">", exact, near)]).toEqual([by < 0n, by === 0n, by > 0n]);
      expect([values.truth("<", near, exact), values.truth("=", near, exact)]).toEqual([by > 0n, by === 0n]);
      if (near !== 0) expect(numberAt(values.scratch.vm.heap, values.of("inexact", exact))).toBe(near);
    }
  });

  test("become ratios and come back", () => {
    for (let i = 0; i < 2000; i++) {
      const x = randomFloat(), { n, d } = fractionOfDouble(x), k = BigInt(1 + random.below(1000));
      expect(ratio(n * k, d * k)).toBe(x);
    }
  });

  test("are printed so that they read back the same, without an exponent", () => {
    for (let i = 0; i < 1000; i++) {
      const x = randomFloat(), text = values.text("+", x);
      expect(text).toMatch(/^-?\d+\.\d+$/);
      expect(Number(text)).toBe(x);
    }
  });

  test("of decimal digits are the nearest to the ratio", () => {
    for (let i = 0; i < 1000; i++) {
      const digits = BigInt(Math.floor(random.next() * 2 ** 53)) * 1_000_003n, exponent = random.below(660) - 345;
      const [n, d] = exponent >= 0 ? [digits * 10n ** BigInt(exponent), 1n] : [digits, 10n ** BigInt(-exponent)];
      expect(ratio(n, d)).toBe(Number(`${digits}e${exponent}`));
    }
  });

  test("and small integers allocate nothing", () => {
    const used = (): number => values.scratch.vm.heap.stats().usedBytes, before = used();
    for (const name of ["+", "-", "*", "<", "=", "max", "mod", "/"]) {
      values.of(name, 1.5, 2.5);
      values.of(name, 12n, 4n);
      values.of(name, 2n ** 40n, 3n);
      values.of(name, 2n, 0.5);
    }
    for (const name of ["floor", "abs", "sqrt", "zero?", "round", "-", "exact", "inexact"]) {
      values.of(name, 16n);
      values.of(name, 4.0);
    }
    // 2^40 / 3 is a ratio.
    expect(used() - before).toBeLessThanOrEqual(24);
  });
});

describe("greatest common divisor", () => {
  test("of products and of neighbouring Fibonacci numbers", () => {
    const random = new Random(14);
    const euclid = (a: bigint, b: bigint): bigint => (b === 0n ? a : euclid(b, a % b));
    for (let i = 0; i < 300; i++) {
      const common = randomInteger(random) ** BigInt(random.below(4)), a = randomInteger(random) ** 3n * common, b = randomInteger(random) ** BigInt(random.below(5)) * common;
      const expected = euclid(a, b);
      expect(gcd(a, b)).toBe(expected < 0n ? -expected : expected);
    }
    let [a, b] = [1n, 1n];
    for (let i = 0; i < 1500; i++) {
      [a, b] = [b, a + b];
      if (i % 50 === 0) expect(gcd(a * 12345678901234567890n, b * 12345678901234567890n)).toBe(12345678901234567890n);
    }
  });
});
