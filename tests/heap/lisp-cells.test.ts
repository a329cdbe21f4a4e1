// The small cells of Lisp values: pairs, keywords, vectors, numbers, structs, bytes; and the tools that describe them.

import { describe, expect, test } from "vitest";
import { bigCount, compareIntegers, integerValue, isInteger, setInteger, smallInteger } from "../../heap/cells/bigint.ts";
import { bytevectorBytes, bytevectorLength, isConstantBytevector, newBytevector, newBytevectorOf, setConstantBytevector } from "../../heap/cells/bytevector.ts";
import { imaginarySlot, newComplex, realSlot } from "../../heap/cells/complex.ts";
import { continuationCount, continuationSlot, newContinuation } from "../../heap/cells/continuation.ts";
import { keyword, keywordName, keywordText } from "../../heap/cells/keyword.ts";
import { float64At, int64At, newNumberArray, numberCount, numberElement, setFloat64At, setInt64At } from "../../heap/cells/number-array.ts";
import { carSlot, cdrSlot, isPositioned, newPair, newPositionedPair, pairEnd, pairSource, pairStart, setList } from "../../heap/cells/pair.ts";
import { denominatorSlot, newRational, numeratorSlot } from "../../heap/cells/rational.ts";
import { newStringFromText, textOf } from "../../heap/cells/string.ts";
import { isStruct, newStruct, structCount, structItem, structType } from "../../heap/cells/struct.ts";
import { isConstantVector, newVector, newVectorOf, setConstantVector, vectorCount, vectorItem } from "../../heap/cells/vector.ts";
import { setInt64, setUint64 } from "../../heap/cells/wide.ts";
import { describe as describeCell, describeSlot } from "../../heap/inspect.ts";
import { NumberElement } from "../../heap/layout.ts";
import { StructType } from "../../heap/structs.ts";
import { findSymbol, internText } from "../../heap/symbols.ts";
import { CellHi, CellKind, Hi, Tag } from "../../heap/value.ts";
import { PARANOID, scratchWorld } from "./scratch-world.ts";

const STRESS = { ...PARANOID, gcStressRate: 0, gcStress: 1 };

describe("pairs", () => {
  test("hold two values, and where they were read", () => {
    const { heap, at, put, cell } = scratchWorld(STRESS);
    put(0, CellKind.String, newStringFromText(heap, "a"));
    heap.setI32(at(1), 7);
    put(2, CellKind.Pair, newPair(heap, at(0), at(1)));
    put(3, CellKind.Pair, newPositionedPair(heap, at(2), at(0), 4, 10, 20));
    expect([textOf(heap, heap.lo(carSlot(cell(2)))), heap.lo(cdrSlot(cell(2))), isPositioned(heap, cell(2))]).toEqual(["a", 7, false]);
    expect([heap.lo(carSlot(cell(3))), isPositioned(heap, cell(3)), pairSource(heap, cell(3)), pairStart(heap, cell(3)), pairEnd(heap, cell(3))]).toEqual([cell(2), true, 4, 10, 20]);
    expect(describeCell(heap, cell(2))).toMatch(/^pair \(string @0x\w+ \. immediate/);
  });

  test("make lists of consecutive slots", () => {
    const { heap, at, put, cell } = scratchWorld(STRESS);
    for (let i = 0; i < 5; i++) put(i, CellKind.String, newStringFromText(heap, `${i}`));
    setList(heap, at(0), at(0), 5);
    let text = "", list = cell(0);
    for (; heap.hi(cdrSlot(list)) === CellHi.Pair; list = heap.lo(cdrSlot(list))) text += textOf(heap, heap.lo(carSlot(list)));
    expect([text + textOf(heap, heap.lo(carSlot(list))), heap.hi(cdrSlot(list))]).toEqual(["01234", Hi.Empty]);
    setList(heap, at(6), at(1), 0);
    expect(describeSlot(heap, at(6))).toBe("empty list");
    setList(heap, at(6), at(1), 1, at(2));
    expect(textOf(heap, heap.lo(cdrSlot(cell(6))))).toBe("2");
  });

  test("a list of 100,000 is marked to its end, also nested in cars", () => {
    const { heap, at, put, cell } = scratchWorld({ maxBytes: 64 << 20 });
    for (const nested of [false, true]) {
      heap.setSlot(at(0), Hi.Empty, 0);
      for (let n = 0; n < 100_000; n++) {
        heap.setI32(at(1), n);
        put(0, CellKind.Pair, nested ? newPair(heap, at(0), at(1)) : newPair(heap, at(1), at(0)));
      }
      heap.collect("test");
      heap.verify();
      let count = 0;
      for (let slot = at(0); heap.hi(slot) === CellHi.Pair; slot = nested ? carSlot(heap.lo(slot)) : cdrSlot(heap.lo(slot))) count++;
      expect(count).toBe(100_000);
    }
    expect(heap.lo(cdrSlot(cell(0)))).toBe(99_999);
  });
});

describe("keywords", () => {
  test("are one for each name, as long as someone uses them", () => {
    const { heap, put, cell } = scratchWorld(STRESS);
    put(0, CellKind.Keyword, keywordText(heap, "width"));
    for (let i = 0; i < 20; i++) put(1, CellKind.Keyword, keywordText(heap, `other ${i}`));
    expect(keywordText(heap, "width")).toBe(cell(0));
    expect(textOf(heap, keywordName(heap, cell(0)))).toBe("width");
    put(2, CellKind.Symbol, internText(heap, "width"));
    expect([keyword(heap, cell(2)), findSymbol(heap, cell(2))]).toEqual([cell(0), cell(2)]);
    expect(describeCell(heap, cell(0))).toMatch(/^keyword "width"/);
  });
});

describe("vectors, structs and continuations", () => {
  test("hold their values", () => {
    const { heap, at, put, cell } = scratchWorld(STRESS);
    put(0, CellKind.String, newStringFromText(heap, "x"));
    heap.setI32(at(1), 3);
    put(2, CellKind.Vector, newVectorOf(heap, at(0), 2));
    put(3, CellKind.Vector, newVector(heap, 100));
    put(4, CellKind.Struct, newStruct(heap, StructType.Record, 3));
    heap.copySlot(structItem(cell(4), 2), at(0));
    heap.setSlot(at(5), Tag.Link | 4, 77);
    put(6, CellKind.Continuation, newContinuation(heap, at(0), 6));
    heap.setNull(at(0));
    heap.setNull(at(2));
    heap.collect("test");
    expect([vectorCount(heap, cell(3)), heap.hi(vectorItem(cell(3), 99)), isConstantVector(heap, cell(3))]).toEqual([100, Hi.Null, false]);
    setConstantVector(heap, cell(3));
    expect(isConstantVector(heap, cell(3))).toBe(true);
    expect([structType(heap, cell(4)), structCount(heap, cell(4)), textOf(heap, heap.lo(structItem(cell(4), 2)))]).toEqual([StructType.Record, 3, "x"]);
    expect([isStruct(heap, at(4), StructType.Record), isStruct(heap, at(4), StructType.Promise), isStruct(heap, at(3), StructType.Promise)]).toEqual([true, false, false]);
    const copied = heap.lo(continuationSlot(cell(6), 2));
    expect([continuationCount(heap, cell(6)), heap.lo(vectorItem(copied, 1)), heap.lo(continuationSlot(cell(6), 5))]).toEqual([6, 3, 77]);
    expect(describeCell(heap, cell(4))).toMatch(/^struct record/);
  });
});

describe("integers", () => {
  const VALUES = [0n, 1n, -1n, 0x7fff_ffffn, 0x8000_0000n, -0x8000_0000n, -0x8000_0001n, 2n ** 47n - 1n, 2n ** 47n, -(2n ** 47n), -(2n ** 47n) - 1n, 2n ** 53n,
    2n ** 64n, -(2n ** 64n), 2n ** 96n - 1n, 2n ** 256n, 2n ** 256n - 1n, -(2n ** 300n) + 12345n, 2n ** 288n, 3n ** 1000n, -(7n ** 2000n)];

  test("of any size come back as they were, in one form each", () => {
    const { heap, at } = scratchWorld(STRESS);
    for (const value of VALUES) {
      setInteger(heap, at(0), value);
      heap.verify();
      expect(integerValue(heap, at(0))).toBe(value);
      const bits = BigInt.asIntN(32, value) === value ? Hi.I32 : BigInt.asIntN(48, value) === value ? Tag.Int64 : CellHi.BigInt, hi = heap.hi(at(0));
      expect(bits === Tag.Int64 ? hi & Tag.Mask : hi).toBe(bits);
      expect(smallInteger(heap, at(0))).toBe(bits === CellHi.BigInt ? NaN : Number(value));
      if (value > -(2n ** 53n) && value < 2n ** 53n) {
        setInteger(heap, at(1), Number(value));
        expect([heap.hi(at(1)), integerValue(heap, at(1))]).toEqual([hi, value]);
      }
    }
    setInteger(heap, at(0), 2n ** 64n);
    expect(bigCount(heap, heap.lo(at(0)))).toBe(3);
  });

  test("are compared by value, in whatever form", () => {
    const { heap, at } = scratchWorld(STRESS);
    for (const a of VALUES) {
      for (const b of VALUES) {
        setInteger(heap, at(0), a);
        setInteger(heap, at(1), b);
        expect(compareIntegers(heap, at(0), at(1))).toBe(a < b ? -1 : a > b ? 1 : 0);
      }
    }
    setInt64(heap, at(0), 2n ** 62n);
    setUint64(heap, at(1), 2n ** 62n);
    setInteger(heap, at(2), 2n ** 62n);
    expect([compareIntegers(heap, at(0), at(1)), compareIntegers(heap, at(1), at(2)), compareIntegers(heap, at(2), at(0))]).toEqual([0, 0, 0]);
    heap.setSlot(at(3), Hi.U32, -1);
    setInteger(heap, at(4), 0xffff_ffff);
    expect([compareIntegers(heap, at(3), at(4)), integerValue(heap, at(3)), isInteger(heap, at(3))]).toEqual([0, 0xffff_ffffn, true]);
    heap.setF64(at(3), 1);
    expect([isInteger(heap, at(3)), smallInteger(heap, at(3))]).toEqual([false, NaN]);
  });

  test("are parts of rationals and complex numbers", () => {
    const { heap, at, put, cell } = scratchWorld(STRESS);
    setInteger(heap, at(0), 2n ** 70n + 1n);
    heap.setI32(at(1), 2);
    put(2, CellKind.Rational, newRational(heap, at(0), at(1)));
    put(3, CellKind.Complex, newComplex(heap, at(2), at(1)));
    expect([integerValue(heap, numeratorSlot(cell(2))), heap.lo(denominatorSlot(cell(2)))]).toEqual([2n ** 70n + 1n, 2]);
    expect([heap.lo(realSlot(cell(3))), heap.lo(imaginarySlot(cell(3)))]).toEqual([cell(2), 2]);
  });
});

test("bytevectors and arrays of numbers hold what no value could", () => {
  const { heap, put, cell } = scratchWorld(STRESS);
  put(0, CellKind.Bytevector, newBytevector(heap, 5));
  put(1, CellKind.Bytevector, newBytevectorOf(heap, new Uint8Array([1, 2, 255])));
  expect([[...bytevectorBytes(heap, cell(0))], [...bytevectorBytes(heap, cell(1))], bytevectorLength(heap, cell(1))]).toEqual([[0, 0, 0, 0, 0], [1, 2, 255], 3]);
  setConstantBytevector(heap, cell(1));
  expect([isConstantBytevector(heap, cell(0)), isConstantBytevector(heap, cell(1))]).toEqual([false, true]);
  put(2, CellKind.NumberArray, newNumberArray(heap, NumberElement.F64, 3));
  put(3, CellKind.NumberArray, newNumberArray(heap, NumberElement.I64, 2));
  setFloat64At(heap, cell(2), 1, NaN);
  setInt64At(heap, cell(3), 0, -(2n ** 63n));
  // Looks like a reference to a cell.
  setInt64At(heap, cell(3), 1, (BigInt(CellHi.Pair) << 32n) | 12345n);
  heap.collect("test");
  expect([float64At(heap, cell(2), 0), float64At(heap, cell(2), 1), int64At(heap, cell(3), 0), int64At(heap, cell(3), 1)]).toEqual([0, NaN, -(2n ** 63n), (BigInt(CellHi.Pair) << 32n) | 12345n]);
  expect([numberCount(heap, cell(2)), numberElement(heap, cell(3))]).toEqual([3, NumberElement.I64]);
});
