// Equality, order and hashes of values: that they agree with each other, and end on whatever data there are.

import { describe, expect, test } from "vitest";
import { newArray, push } from "../../heap/cells/array.ts";
import { setInteger } from "../../heap/cells/bigint.ts";
import { newBytevectorOf } from "../../heap/cells/bytevector.ts";
import { newComplex } from "../../heap/cells/complex.ts";
import { emptyHashMap, hashMapPut } from "../../heap/cells/hash-map.ts";
import { keywordText } from "../../heap/cells/keyword.ts";
import { newNumberArray, setFloat64At, setInt64At } from "../../heap/cells/number-array.ts";
import { carSlot, cdrSlot, newPair, setList } from "../../heap/cells/pair.ts";
import { newRational } from "../../heap/cells/rational.ts";
import { emptyMap, mapPut } from "../../heap/cells/sorted-map.ts";
import { newStringFromText } from "../../heap/cells/string.ts";
import { newStruct, structItem } from "../../heap/cells/struct.ts";
import { newVectorOf, vectorItem } from "../../heap/cells/vector.ts";
import { setInt64, setUint64 } from "../../heap/cells/wide.ts";
import { equal, identical } from "../../heap/equality.ts";
import { hashValue } from "../../heap/hashing.ts";
import { describeSlot } from "../../heap/inspect.ts";
import { NumberElement } from "../../heap/layout.ts";
import { findMutable } from "../../heap/mutable.ts";
import { compareValues } from "../../heap/order.ts";
import { StructType } from "../../heap/structs.ts";
import { internText } from "../../heap/symbols.ts";
import { CellKind, Hi } from "../../heap/value.ts";
import { scratchWorld, type ScratchWorld } from "./scratch-world.ts";

const TEMP = 200, SLOTS = 256;
type Make = (world: ScratchWorld, dst: number) => void;

const int = (n: bigint | number): Make => ({ heap, at }, dst) => setInteger(heap, at(dst), n);
const float = (x: number): Make => ({ heap, at }, dst) => heap.setF64(at(dst), x);
const immediate = (hi: number, lo = 0): Make => ({ heap, at }, dst) => heap.setSlot(at(dst), hi, lo);
const text = (s: string): Make => ({ heap, put }, dst) => { put(dst, CellKind.String, newStringFromText(heap, s)); };
const symbol = (s: string): Make => ({ heap, put }, dst) => { put(dst, CellKind.Symbol, internText(heap, s)); };
const word = (s: string): Make => ({ heap, put }, dst) => { put(dst, CellKind.Keyword, keywordText(heap, s)); };

/** Makes the items in slots dst + 1 and up, then what `join` makes of them. Items are not nested deeper than the slots reach. */
const of = (items: Make[], join: (world: ScratchWorld, dst: number, first: number, count: number) => void): Make => (world, dst) => {
  items.forEach((item, i) => item(world, dst + 1 + i));
  join(world, dst, world.at(dst + 1), items.length);
};
const list = (...items: Make[]): Make => of(items, ({ heap, at }, dst, first, count) => setList(heap, at(dst), first, count));
const vector = (...items: Make[]): Make => of(items, ({ heap, put }, dst, first, count) => { put(dst, CellKind.Vector, newVectorOf(heap, first, count)); });
const rational = (n: number, d: number): Make => of([int(n), int(d)], ({ heap, put }, dst, first) => { put(dst, CellKind.Rational, newRational(heap, first, first + 1)); });
const complex = (re: Make, im: Make): Make => of([re, im], ({ heap, put }, dst, first) => { put(dst, CellKind.Complex, newComplex(heap, first, first + 1)); });
const array = (...items: Make[]): Make => of(items, ({ heap, put, cell }, dst, first, count) => {
  put(dst, CellKind.Array, newArray(heap, 0));
  for (let i = 0; i < count; i++) push(heap, cell(dst), first + i);
});
const struct = (type: StructType, ...items: Make[]): Make => of(items, ({ heap, put }, dst, first, count) => {
  const made = put(dst, CellKind.Struct, newStruct(heap, type, count));
  for (let i = 0; i < count; i++) heap.copySlot(structItem(made, i), first + i);
});
const bytes = (...items: number[]): Make => ({ heap, put }, dst) => { put(dst, CellKind.Bytevector, newBytevectorOf(heap, new Uint8Array(items))); };
const floats = (...items: number[]): Make => ({ heap, put, cell }, dst) => {
  put(dst, CellKind.NumberArray, newNumberArray(heap, NumberElement.F64, items.length));
  items.forEach((x, i) => setFloat64At(heap, cell(dst), i, x));
};
const ints = (...items: number[]): Make => ({ heap, put, cell }, dst) => {
  put(dst, CellKind.NumberArray, newNumberArray(heap, NumberElement.I64, items.length));
  items.forEach((x, i) => setInt64At(heap, cell(dst), i, BigInt(x)));
};
const map = (...items: Make[]): Make => of(items, ({ heap, put, cell }, dst, first, count) => {
  put(dst, CellKind.SortedMap, emptyMap(heap));
  for (let i = 0; i < count; i += 2) put(dst, CellKind.SortedMap, mapPut(heap, cell(dst), first + i, first + i + 1));
});
const hashMap = (...items: Make[]): Make => of(items, ({ heap, put, cell }, dst, first, count) => {
  put(dst, CellKind.HashMap, emptyHashMap(heap));
  for (let i = 0; i < count; i += 2) put(dst, CellKind.HashMap, hashMapPut(heap, cell(dst), first + i, first + i + 1));
});
/** Something with identity, made once in slot TEMP + i. */
const once = (i: number, make: Make): Make => (world, dst) => {
  const { heap, at } = world;
  if (heap.lo(at(TEMP + i)) === 0) make(world, TEMP + i);
  heap.copySlot(at(dst), at(TEMP + i));
};
const typed = (i: number, name: string): Make => once(i, struct(StructType.RecordType, text(name)));
const record = (i: number, name: string, ...items: Make[]): Make => struct(StructType.Record, typed(i * 8, name), ...items);

/** Each line holds values equal to each other; the lines are in the total order. */
const ORDERED: Make[][] = [
  [immediate(Hi.Null), immediate(Hi.Null)],
  [immediate(Hi.Bool, 0)], [immediate(Hi.Bool, 1), immediate(Hi.Bool, 1)],
  [int(-(2n ** 80n)), int(-(2n ** 80n))], [int(-(2n ** 50n)), ({ heap, at }, dst) => setInt64(heap, at(dst), -(2n ** 50n))], [int(-(2 ** 40))], [int(-5), immediate(Hi.I8, -5), immediate(Hi.I16, -5)],
  [int(0), ({ heap, at }, dst) => setUint64(heap, at(dst), 0n)], [int(1)], [int(0xffff_ffff), immediate(Hi.U32, -1)], [int(2n ** 63n), ({ heap, at }, dst) => setUint64(heap, at(dst), 2n ** 63n)], [int(2n ** 100n), int(2n ** 100n)],
  [float(-Infinity)], [float(-1.5)], [float(0), float(-0)], [float(1)], [float(1.5), immediate(Hi.F32, 0x3fc00000)], [float(Infinity)],
  [immediate(Hi.Rune, 97)], [immediate(Hi.Rune, 0x1f600)],
  [text("")], [text("a"), text("a")], [text("ab")], [text("b")], [text("é")],
  [symbol("a"), symbol("a")], [symbol("b")], [word("a"), word("a")], [word("ab")],
  [list(), immediate(Hi.Empty)], [list(int(1)), list(immediate(Hi.U8, 1))], [list(int(1), int(1))], [list(int(1), int(2))], [list(float(1))], [list(list(int(9)))],
  [vector()], [vector(int(1), list(text("x"))), vector(int(1), list(text("x")))], [vector(int(1), list(text("y")))], [vector(int(2))],
  [map()], [map(word("a"), int(1)), map(word("a"), int(1))], [map(word("a"), int(1), word("b"), int(0)), map(word("b"), int(0), word("a"), int(1))], [map(word("a"), int(2))], [map(word("b"), int(0))],
  [hashMap()], [hashMap(word("a"), int(1)), hashMap(word("a"), int(1))], [hashMap(word("a"), int(1), word("b"), int(0)), hashMap(word("b"), int(0), word("a"), int(1))], [hashMap(hashMap(word("c"), int(1)), int(1))],
  [record(1, "p", int(1)), record(1, "p", int(1))], [record(1, "p", int(2))], [record(0, "q", int(0))],
  [bytes()], [bytes(1, 2), bytes(1, 2)], [bytes(1, 200)], [bytes(2)],
  [floats()], [floats(1, -0)], [floats(1, 0), floats(1, 0)], [floats(1, NaN)], [ints(-1), ints(-1)], [ints(3)], [ints(3, -3)],
  [once(20, struct(StructType.Stream, int(1)))],
  [rational(-1, 2)], [rational(1, 3), rational(1, 3)], [rational(1, 2)], [rational(3, 2)],
  [complex(int(0), int(1)), complex(int(0), int(1))], [complex(int(0), int(2))], [complex(float(0), float(1)), complex(float(-0), float(1))],
  [array()], [array(int(1)), array(int(1))], [array(int(2))],
  [struct(StructType.MutableCell, int(1)), struct(StructType.MutableCell, int(1))], [struct(StructType.MutableCell, text("x"))],
];

describe("values of all types", () => {
  test("are equal, in order, and hash alike as they should", () => {
    const world = scratchWorld({ maxBytes: 16 << 20, verify: true, gcStressRate: 0.01, poison: true }, SLOTS), { heap, at } = world;
    const made = ORDERED.flatMap((line, i) => line.map((make) => ({ line: i, make })));
    made.forEach(({ make: a, line: i }, p) => made.forEach(({ make: b, line: j }, q) => {
      if (q < p) return;
      a(world, 0);
      b(world, 100);
      const what = `values ${p} and ${q}: ${describeSlot(heap, at(0))}, ${describeSlot(heap, at(100))}`;
      expect(equal(heap, at(0), at(100)), what).toBe(i === j);
      expect(equal(heap, at(100), at(0)), what).toBe(i === j);
      expect(compareValues(heap, at(0), at(100)), what).toBe(Math.sign(i - j));
      expect(Math.abs(compareValues(heap, at(100), at(0))), what).toBe(i === j ? 0 : 1);
      if (i === j) expect(hashValue(heap, at(0)), what).toBe(hashValue(heap, at(100)));
    }));
  });

  test("a NaN equals nothing, but has its place", () => {
    const world = scratchWorld(), { heap, at } = world;
    float(NaN)(world, 0);
    float(Infinity)(world, 1);
    expect([equal(heap, at(0), at(0)), identical(heap, at(0), at(0)), compareValues(heap, at(0), at(0)), compareValues(heap, at(0), at(1)), compareValues(heap, at(1), at(0))]).toEqual([false, true, 0, 1, -1]);
    vector(float(NaN))(world, 2);
    vector(float(NaN))(world, 5);
    expect([equal(heap, at(2), at(5)), compareValues(heap, at(2), at(5))]).toEqual([false, 0]);
  });

  test("what has identity equals only itself", () => {
    const world = scratchWorld(), { heap, at } = world;
    for (const type of [StructType.Promise, StructType.Stream, StructType.Parameter]) {
      struct(type, int(1))(world, 0);
      struct(type, int(1))(world, 10);
      heap.copySlot(at(20), at(0));
      expect([equal(heap, at(0), at(10)), equal(heap, at(0), at(20)), compareValues(heap, at(0), at(20))]).toEqual([false, true, 0]);
      expect(compareValues(heap, at(0), at(10))).toBe(-compareValues(heap, at(10), at(0)));
    }
    // Two record types of one name.
    record(0, "p", int(1))(world, 0);
    struct(StructType.Record, struct(StructType.RecordType, text("p")), int(1))(world, 20);
    expect(equal(heap, at(0), at(20))).toBe(false);
    expect(compareValues(heap, at(0), at(20))).not.toBe(0);
  });
});

describe("identical", () => {
  test("is by identity for structures and by value for numbers", () => {
    const world = scratchWorld({}, SLOTS), { heap, at } = world;
    const check = (a: Make, b: Make): boolean => {
      a(world, 0);
      b(world, 100);
      return identical(heap, at(0), at(100));
    };
    expect([check(int(2n ** 80n), int(2n ** 80n)), check(rational(1, 3), rational(1, 3)), check(complex(int(1), rational(1, 2)), complex(int(1), rational(1, 2)))]).toEqual([true, true, true]);
    expect([check(float(0), float(-0)), check(int(1), float(1)), check(text("a"), text("a")), check(list(int(1)), list(int(1))), check(complex(int(1), int(2)), complex(int(1), int(3)))]).toEqual([false, false, false, false, false]);
    expect([check(symbol("a"), symbol("a")), check(word("a"), word("a")), check(list(), list()), check(int(5), immediate(Hi.U8, 5))]).toEqual([true, true, true, true]);
  });
});

/** A circular list of `length` equal items in slot dst. */
function circle(world: ScratchWorld, dst: number, length: number, item: number): void {
  const { heap, at, put, cell } = world;
  heap.setI32(at(dst + 1), item);
  heap.setSlot(at(dst), Hi.Empty, 0);
  for (let i = 0; i < length; i++) {
    put(dst, CellKind.Pair, newPair(heap, at(dst + 1), at(dst)));
    if (i === 0) heap.copySlot(at(dst + 2), at(dst));
  }
  heap.setCell(cdrSlot(cell(dst + 2)), CellKind.Pair, cell(dst));
}

describe("cyclic and deep data", () => {
  test("circles are equal when no path tells them apart", () => {
    const world = scratchWorld(), { heap, at, cell } = world;
    circle(world, 0, 3, 1);
    circle(world, 10, 5, 1);
    expect([equal(heap, at(0), at(10)), compareValues(heap, at(0), at(10)), hashValue(heap, at(0)) === hashValue(heap, at(10))]).toEqual([true, 0, true]);
    heap.setI32(carSlot(heap.lo(cdrSlot(cell(10)))), 2);
    expect([equal(heap, at(0), at(10)), compareValues(heap, at(0), at(10)), compareValues(heap, at(10), at(0))]).toEqual([false, -1, 1]);
  });

  test("mutable arrays and cells that hold themselves", () => {
    const world = scratchWorld(), { heap, at, cell } = world;
    for (const dst of [0, 10]) {
      array(int(1))(world, dst);
      push(heap, cell(dst), at(dst));
      struct(StructType.MutableCell, int(1))(world, dst + 20);
      heap.copySlot(structItem(cell(dst + 20), 0), at(dst + 20));
    }
    expect([equal(heap, at(0), at(10)), compareValues(heap, at(0), at(10)), equal(heap, at(20), at(30)), compareValues(heap, at(20), at(30))]).toEqual([true, 0, true, 0]);
    push(heap, cell(10), at(1));
    expect([equal(heap, at(0), at(10)), compareValues(heap, at(0), at(10))]).toEqual([false, -1]);
    hashValue(heap, at(0));
  });

  test("lists of 100,000, in either direction", () => {
    const world = scratchWorld({ maxBytes: 64 << 20 }), { heap, at, put } = world;
    for (const nested of [false, true]) {
      for (const dst of [0, 1]) {
        heap.setSlot(at(dst), Hi.Empty, 0);
        for (let n = 0; n < 100_000; n++) {
          heap.setI32(at(2), n === 0 ? dst : n);
          put(dst, CellKind.Pair, nested ? newPair(heap, at(dst), at(2)) : newPair(heap, at(2), at(dst)));
        }
      }
      expect([equal(heap, at(0), at(1)), compareValues(heap, at(0), at(1)), findMutable(heap, at(0))]).toEqual([false, -1, -1]);
      hashValue(heap, at(0));
    }
  });

  test("structure shared over and over is gone through once", () => {
    const world = scratchWorld(), { heap, at, put } = world;
    for (const dst of [0, 1]) {
      heap.setI32(at(dst), 1);
      for (let n = 0; n < 200; n++) put(dst, CellKind.Vector, newVectorOf(heap, (heap.copySlot(at(3), at(dst)), heap.copySlot(at(4), at(dst)), at(3)), 2));
    }
    expect([equal(heap, at(0), at(1)), compareValues(heap, at(0), at(1)), findMutable(heap, at(0))]).toEqual([true, 0, -1]);
    hashValue(heap, at(0));
  });

  test("maps nested 20,000 deep, as values and as keys", () => {
    const world = scratchWorld({ maxBytes: 64 << 20 }), { heap, at, put } = world;
    heap.setI32(at(5), 0);
    for (const [kind, empty, set, asKey] of [
      [CellKind.SortedMap, emptyMap, mapPut, false], [CellKind.SortedMap, emptyMap, mapPut, true],
      [CellKind.HashMap, emptyHashMap, hashMapPut, false], [CellKind.HashMap, emptyHashMap, hashMapPut, true],
    ] as const) {
      for (const dst of [0, 1]) {
        heap.setI32(at(dst), 1);
        for (let n = 0; n < 20_000; n++) {
          put(2, kind, empty(heap));
          put(dst, kind, asKey ? set(heap, heap.lo(at(2)), at(dst), at(5)) : set(heap, heap.lo(at(2)), at(5), at(dst)));
        }
      }
      expect([equal(heap, at(0), at(1)), compareValues(heap, at(0), at(1)), findMutable(heap, at(0))]).toEqual([true, 0, -1]);
    }
  });
});

describe("findMutable", () => {
  test("finds mutable arrays and cells at any depth, and nothing else", () => {
    const world = scratchWorld({}, SLOTS), { heap, at } = world, cell = struct(StructType.MutableCell, int(1));
    for (const make of [array(), cell, list(int(1), vector(array())), map(word("a"), list(cell)), hashMap(list(array(int(1))), int(1)), record(0, "p", cell)]) {
      make(world, 0);
      const found = findMutable(heap, at(0));
      expect(found).toBeGreaterThan(0);
      expect([CellKind.Array, CellKind.Struct]).toContain(heap.hi(found) & 0xff);
    }
    for (const make of [int(1), text("a"), list(int(1), vector(float(1))), map(word("a"), list()), struct(StructType.Promise, array()), record(1, "q", int(1))]) {
      make(world, 0);
      expect(findMutable(heap, at(0))).toBe(-1);
    }
    circle(world, 0, 5, 1);
    expect(findMutable(heap, at(0))).toBe(-1);
    vector(int(1))(world, 0);
    heap.copySlot(vectorItem(heap.lo(at(0)), 0), at(0));
    expect(findMutable(heap, at(0))).toBe(-1);
  });
});
