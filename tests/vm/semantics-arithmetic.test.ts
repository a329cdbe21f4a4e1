// Arithmetic on every pair of numeric types, against a model on BigInt and doubles.

import { describe, expect, test } from "vitest";
import { Rank } from "../../heap/value.ts";
import * as arithmetic from "../../src/vm/arithmetic.ts";
import { equal, less, lessEqual, strictEqual, truthy } from "../../src/vm/compare.ts";
import { formatG } from "../../src/vm/number-format.ts";
import { Random } from "../support/random.ts";
import { ScratchVm, f64, i32, num, rune, type Num, type Value } from "./scratch-vm.ts";

const INTEGERS = [Rank.I8, Rank.U8, Rank.I16, Rank.U16, Rank.I32, Rank.U32, Rank.I64, Rank.U64];
const NAMES: { readonly [rank: number]: string } = {
  [Rank.I8]: "i8", [Rank.U8]: "u8", [Rank.I16]: "i16", [Rank.U16]: "u16", [Rank.I32]: "i32", [Rank.U32]: "u32",
  [Rank.I64]: "i64", [Rank.U64]: "u64", [Rank.F32]: "f32", [Rank.F64]: "f64",
};
const bitsOf = (rank: number): number => [8, 16, 32, 64][(rank - Rank.I8) >> 1]!;
const isSigned = (rank: number): boolean => (rank & 1) === 0;
const wrap = (rank: number, v: bigint): bigint => (isSigned(rank) ? BigInt.asIntN(bitsOf(rank), v) : BigInt.asUintN(bitsOf(rank), v));

const scratch = new ScratchVm();
const { vm, base } = scratch;

type Operator = (vm: typeof scratch.vm, dst: number, b: number, c: number) => void;

function apply(op: Operator, b: Value, c: Value): string {
  scratch.reset();
  scratch.put(base, b);
  scratch.put(base + 1, c);
  return scratch.attempt(() => {
    op(vm, base + 2, base, base + 1);
    return scratch.typed(base + 2);
  });
}

const unary = (op: (vm: typeof scratch.vm, dst: number, b: number) => void, b: Value): string => apply((v, dst, x) => op(v, dst, x), b, null);

/** Random integers that like the borders of widths. */
function randomInteger(random: Random, rank: number): Num {
  const width = BigInt(bitsOf(rank)), near = random.pick([0n, 1n << (width - 1n), (1n << width) - 1n, 1n << 47n, 1n << 48n, 1n << 53n, 1n << 31n]);
  const loose = BigInt(Math.floor(random.next() * 2 ** 53)) << BigInt(random.below(12));
  const v = random.chance(0.5) ? near + BigInt(random.below(7) - 3) : loose;
  return num(rank, wrap(rank, random.chance(0.5) ? v : -v));
}

const INTEGER_MODELS: readonly (readonly [name: string, op: Operator, model: (x: bigint, y: bigint, rank: number) => bigint | null])[] = [
  ["add", arithmetic.add, (x, y) => x + y], ["sub", arithmetic.sub, (x, y) => x - y], ["mul", arithmetic.mul, (x, y) => x * y],
  ["mod", arithmetic.mod, (x, y) => (y === 0n ? null : x % y)],
  ["bitAnd", arithmetic.bitAnd, (x, y) => x & y], ["bitOr", arithmetic.bitOr, (x, y) => x | y], ["bitXor", arithmetic.bitXor, (x, y) => x ^ y],
  ["shl", arithmetic.shl, (x, y, rank) => x << (y & shiftMask(rank))], ["shr", arithmetic.shr, (x, y, rank) => x >> (y & shiftMask(rank))],
];
const shiftMask = (rank: number): bigint => (rank === Rank.I32 ? 31n : 63n);

describe("integers", () => {
  test.each(INTEGER_MODELS)("%s wraps like the model for every pair of types", (_, op, model) => {
    const random = new Random(1);
    for (const rb of INTEGERS) for (const rc of INTEGERS) for (let i = 0; i < 60; i++) {
      const b = randomInteger(random, rb), c = randomInteger(random, rc), rank = Math.max(rb, rc);
      const expected = model(wrap(rank, BigInt(b.value)), wrap(rank, BigInt(c.value)), rank);
      const got = apply(op, b, c);
      const text = expected === null ? "throws [line 0] Division by zero" : `${NAMES[rank]} ${wrap(rank, expected)}`;
      expect(got, `${NAMES[rb]} ${b.value}, ${NAMES[rc]} ${c.value}`).toBe(text);
    }
  });

  test("division gives f64 of the promoted values", () => {
    const random = new Random(2);
    for (const rb of INTEGERS) for (const rc of INTEGERS) for (let i = 0; i < 20; i++) {
      const b = randomInteger(random, rb), c = randomInteger(random, rc), rank = Math.max(rb, rc);
      const x = wrap(rank, BigInt(b.value)), y = wrap(rank, BigInt(c.value));
      expect(apply(arithmetic.div, b, c)).toBe(y === 0n ? "throws [line 0] Division by zero" : `f64 ${formatG(Number(x) / Number(y))}`);
    }
  });

  test("comparison promotes first", () => {
    const random = new Random(3);
    for (const rb of INTEGERS) for (const rc of INTEGERS) for (let i = 0; i < 40; i++) {
      const b = randomInteger(random, rb), c = random.chance(0.2) ? num(rc, wrap(rc, BigInt(b.value))) : randomInteger(random, rc);
      const rank = Math.max(rb, rc), x = wrap(rank, BigInt(b.value)), y = wrap(rank, BigInt(c.value));
      scratch.put(base, b);
      scratch.put(base + 1, c);
      expect([equal(vm, base, base + 1), less(vm, base, base + 1), lessEqual(vm, base, base + 1)]).toEqual([x === y, x < y, x <= y]);
      expect(strictEqual(vm, base, base + 1)).toBe(rb === rc && b.value === c.value);
    }
  });

  test("negation, complement and steps", () => {
    const random = new Random(4);
    const negated: { readonly [rank: number]: number } = { [Rank.U8]: Rank.I16, [Rank.U16]: Rank.I32, [Rank.U32]: Rank.I64, [Rank.U64]: Rank.I64 };
    for (const rank of INTEGERS) for (let i = 0; i < 100; i++) {
      const b = randomInteger(random, rank), v = BigInt(b.value), to = negated[rank] ?? rank;
      const tooLarge = rank === Rank.U64 && v >= 1n << 63n;
      expect(unary(arithmetic.neg, b)).toBe(tooLarge ? "throws Cannot negate u64 value larger than INT64_MAX" : `${NAMES[to]} ${wrap(to, -v)}`);
      expect(unary(arithmetic.bitNot, b)).toBe(`${NAMES[rank]} ${wrap(rank, ~v)}`);
      expect(unary(arithmetic.inc, b)).toBe(`${NAMES[rank]} ${wrap(rank, v + 1n)}`);
      expect(unary(arithmetic.dec, b)).toBe(`${NAMES[rank]} ${wrap(rank, v - 1n)}`);
    }
  });
});

describe("floats", () => {
  test("promotion", () => {
    for (const rank of [...INTEGERS, Rank.F32, Rank.F64]) {
      const withSingle = rank === Rank.I64 || rank === Rank.U64 || rank === Rank.F64 ? "f64" : "f32";
      expect(apply(arithmetic.add, num(Rank.F32, 1.5), num(rank, 2))).toBe(`${withSingle} 3.5`);
      expect(apply(arithmetic.mul, num(rank, 2), f64(1.5))).toBe("f64 3");
    }
  });

  test("f32 rounds after each operation", () => {
    expect(apply(arithmetic.add, num(Rank.F32, 16777216), num(Rank.F32, 1))).toBe("f32 1.67772e+07");
    expect(apply(arithmetic.div, num(Rank.F32, 1), num(Rank.F32, 3))).toBe("f32 0.333333");
    scratch.put(base, num(Rank.F32, 0.1));
    scratch.put(base + 1, f64(0.1));
    expect(equal(vm, base, base + 1)).toBe(false);
  });

  test("zero divisors, infinities and the sign of NaN", () => {
    expect(apply(arithmetic.div, i32(5), f64(0))).toBe("f64 inf");
    expect(apply(arithmetic.div, f64(0), f64(0))).toBe("f64 -nan");
    expect(apply(arithmetic.mod, f64(5.5), i32(0))).toBe("f64 -nan");
    apply(arithmetic.div, f64(0), f64(0));
    arithmetic.neg(vm, base, base + 2);
    expect(scratch.text(base)).toBe("nan");
    expect(unary(arithmetic.neg, f64(0))).toBe("f64 -0");
    expect(unary(arithmetic.neg, num(Rank.F32, 2))).toBe("f64 -2");
  });
});

describe("other kinds", () => {
  const NOT_NUMERIC = "throws Binary operation requires numeric operands";
  test.each<[Value, Value, string]>([
    ["a", i32(5), "string a5"], [f64(2.5), "b", "string 2.5b"], ["a", null, "string anull"], ["a", rune("é"), "string aé"],
    ["a", [i32(1), "b", f64(2), null, true], 'string a[1,"b",2,null,true]'], ["x", { fields: [["a", i32(1)]] }, 'string x{"a":1}'],
    ["a", [rune("b")], "throws Cannot serialize value of this type"], ["a", { type: Rank.I32 }, NOT_NUMERIC],
    [true, i32(1), NOT_NUMERIC], [rune("a"), i32(1), NOT_NUMERIC], [null, null, NOT_NUMERIC], [[], [], NOT_NUMERIC],
  ])("%j + %j", (b, c, expected) => { expect(apply(arithmetic.add, b, c)).toBe(expected); });

  test("errors of the others", () => {
    expect(apply(arithmetic.sub, "a", i32(1))).toBe(NOT_NUMERIC);
    expect(apply(arithmetic.bitAnd, i32(1), f64(1))).toBe("throws Invalid operation for floats");
    expect(unary(arithmetic.neg, "a")).toBe("throws Cannot negate non-numeric value");
    expect(unary(arithmetic.bitNot, f64(1))).toBe("throws Cannot apply bitwise NOT to non-integer value");
    expect(unary(arithmetic.inc, null)).toBe("throws Can only increment numeric values");
  });

  test("pointers move by bytes", () => {
    arithmetic.storePointer(vm, base, 0x10000);
    scratch.put(base + 1, i32(16));
    arithmetic.add(vm, base + 2, base, base + 1);
    expect(scratch.typed(base + 2)).toBe("ptr 0x10010");
    arithmetic.add(vm, base + 2, base + 1, base);
    expect(scratch.text(base + 2)).toBe("0x10010");
    arithmetic.sub(vm, base + 2, base, base + 1);
    expect(scratch.text(base + 2)).toBe("0xfff0");
    expect(scratch.attempt(() => arithmetic.sub(vm, base + 2, base, base))).toBe(NOT_NUMERIC);
  });

  test("equality and truth", () => {
    const same = (b: Value, c: Value): boolean[] => {
      scratch.put(base, b);
      scratch.put(base + 1, c);
      return [equal(vm, base, base + 1), strictEqual(vm, base, base + 1)];
    };
    expect(same(i32(1), f64(1))).toEqual([true, false]);
    expect(same("ab", "ab")).toEqual([true, true]);
    expect(same("1", i32(1))).toEqual([false, false]);
    expect(same(true, i32(1))).toEqual([false, false]);
    expect(same(null, null)).toEqual([true, true]);
    expect(same([], [])).toEqual([false, false]);
    expect(same(f64(NaN), f64(NaN))).toEqual([false, false]);
    const truths: readonly [Value, boolean][] = [
      [false, false], [i32(0), false], [f64(0), false], [f64(-0), false], [null, false], ["", false], [[], false], [num(Rank.I64, 1n << 32n), true],
      [num(Rank.U64, 0n), false], [f64(NaN), true], [rune("\0"), true], ["a", true], [[null], true], [{ fields: [] }, true], [num(Rank.F32, 0), false],
    ];
    for (const [value, expected] of truths) expect(truthy(vm.heap, scratch.put(base, value)), JSON.stringify(String(value))).toBe(expected);
  });
});
