// The written, displayed and pretty forms of values.

import { describe, expect, test } from "vitest";
import { newArray } from "../../../heap/cells/array.ts";
import { carSlot, cdrSlot, newPair } from "../../../heap/cells/pair.ts";
import { emptyMap, mapPut } from "../../../heap/cells/sorted-map.ts";
import { newStruct, structItem } from "../../../heap/cells/struct.ts";
import { newVector, vectorItem } from "../../../heap/cells/vector.ts";
import { StructType } from "../../../heap/structs.ts";
import { CellKind, Hi } from "../../../heap/value.ts";
import { displayedText, prettyText, writtenText } from "../../../src/library/lisp/printer.ts";
import { NativeCalls } from "./native-calls.ts";

const calls = new NativeCalls();
const { vm } = calls, { heap } = vm, root = calls.scratch.base;
const written = (source: string): string => calls.run(source);
const displayed = (source: string): string => {
  calls.run(source);
  return displayedText(vm, root);
};
const pretty = (source: string, width: number): string => {
  calls.run(source);
  return prettyText(vm, root, width);
};

describe("written form", () => {
  test.each<[string, string]>([
    ["nil", "nil"], ["#t", "#t"], ["#f", "#f"], ["'()", "()"], ["-17", "-17"], ["(eof-object)", "#<eof>"],
    ['"a\\"b\\\\c\\n\\t\\r"', '"a\\"b\\\\c\\n\\t\\r"'], ['"\\x1;ü😀"', '"\x01ü😀"'], ["'a-b", "a-b"], [":key", ":key"],
    ["#\\x", "#\\x"], ["#\\space", "#\\space"], ["#\\newline", "#\\newline"], ["#\\tab", "#\\tab"], ["#\\nul", "#\\nul"], ["(integer->char 127)", "#\\delete"], ["(integer->char 1)", "#\\x1"], ["(integer->char 955)", "#\\λ"],
    ["'(1 (2 . 3) . 4)", "(1 (2 . 3) . 4)"], ['[1 "x" #\\y]', '[1 "x" #\\y]'], ["[]", "[]"], ["{}", "{}"], ["{:b 1 :a [2]}", "{:a [2] :b 1}"], ["(hashmap/new :b 1 :a 2)", "{:a 2 :b 1}"], ["(hashmap/new)", "{}"],
    ["(bytevector)", "#u8()"], ["(bytevector 0 255)", "#u8(0 255)"], ["(f64-array 1 -2.5)", "#f64(1 -2.5)"], ["(i64-array 1 -2)", "#i64(1 -2)"],
    ["(mutable-array/new 2 7)", "<mutable-array 2>"], ["(mutable-cell/new 1)", "<mutable-cell>"], ["'(quote x)", "(quote x)"],
  ])("%s", (source, text) => { expect(written(source)).toBe(text); });

  test("procedures and structs", () => {
    heap.setSlot(root, Hi.Native, 0);
    expect(writtenText(vm, root)).toBe("<native-fn print>");
    const kinds: readonly (readonly [StructType, number, string])[] = [
      [StructType.Promise, 2, "<promise>"], [StructType.Parameter, 3, "<parameter>"], [StructType.Multimethod, 4, "<multimethod>"], [StructType.Port, 3, "<port>"],
      [StructType.Channel, 1, "<channel>"], [StructType.AsyncPromise, 2, "<async-promise>"], [StructType.Environment, 1, "<environment>"], [StructType.Values, 2, "#<record %multiple-values% nil nil>"],
    ];
    for (const [type, count, text] of kinds) {
      heap.setCell(root, CellKind.Struct, newStruct(heap, type, count));
      expect(writtenText(vm, root)).toBe(text);
    }
    heap.setCell(root, CellKind.Struct, newStruct(heap, StructType.Promise, 2));
    heap.setBool(structItem(heap.lo(root), 0), true);
    expect(writtenText(vm, root)).toBe("<promise (forced)>");
  });

  test("a record shows its type's name and its fields", () => {
    calls.run("'point");
    heap.copySlot(root + 1, root);
    heap.setCell(root + 2, CellKind.Struct, newStruct(heap, StructType.RecordType, 2));
    heap.copySlot(structItem(heap.lo(root + 2), 0), root + 1);
    heap.setCell(root, CellKind.Struct, newStruct(heap, StructType.Record, 3));
    heap.copySlot(structItem(heap.lo(root), 0), root + 2);
    heap.setI32(structItem(heap.lo(root), 1), 5);
    expect(writtenText(vm, root)).toBe("#<record point 5 nil>");
  });

  test("a mutable array does not show its elements", () => {
    heap.setCell(root, CellKind.Array, newArray(heap, 4));
    expect(writtenText(vm, root)).toBe("<mutable-array 0>");
  });
});

describe("displayed form", () => {
  test.each<[string, string]>([
    ['"a\\"b\\n"', 'a"b\n'], ["#\\space", " "], ["#\\λ", "λ"], ['\'("a" #\\b)', '("a" #\\b)'], ['["x"]', '["x"]'], ["'sym", "sym"], [":k", ":k"], ["1.5", "1.5"], ["nil", "nil"],
  ])("%s", (source, text) => { expect(displayed(source)).toBe(text); });
});

describe("depth and cycles", () => {
  /** A list in a list in a list. */
  function nest(depth: number): void {
    heap.setSlot(root, Hi.Empty, 0);
    heap.setSlot(root + 1, Hi.Empty, 0);
    for (let i = 0; i < depth; i++) heap.setCell(root, CellKind.Pair, newPair(heap, root, root + 1));
  }

  test("depth does not matter", () => {
    nest(200_000);
    expect(writtenText(vm, root)).toBe(`${"(".repeat(200_001)}${")".repeat(200_001)}`);
    expect(prettyText(vm, root, 80).replace(/\s/g, "").length).toBe(400_002);
  });

  test("nor does length", () => {
    heap.setSlot(root, Hi.Empty, 0);
    heap.setI32(root + 1, 7);
    for (let i = 0; i < 200_000; i++) heap.setCell(root, CellKind.Pair, newPair(heap, root + 1, root));
    expect(writtenText(vm, root).length).toBe(400_001);
  });

  test("a list that goes on with itself", () => {
    calls.run("(list 1 2 3)");
    const first = heap.lo(root), third = heap.lo(cdrSlot(heap.lo(cdrSlot(first))));
    heap.copySlot(cdrSlot(third), root);
    expect(writtenText(vm, root)).toBe("#0=(1 2 3 . #0#)");
    expect(prettyText(vm, root, 5)).toBe("#0=(1 2 3 . #0#)");
    heap.copySlot(cdrSlot(third), cdrSlot(first));
    expect(writtenText(vm, root)).toBe("(1 . #0=(2 3 . #0#))");
    heap.copySlot(carSlot(first), cdrSlot(first));
    expect(writtenText(vm, root)).toBe("(#0=(2 3 . #0#) . #0#)");
  });

  test("cycles through vectors and maps", () => {
    heap.setCell(root, CellKind.Vector, newVector(heap, 2));
    heap.copySlot(vectorItem(heap.lo(root), 1), root);
    expect(writtenText(vm, root)).toBe("#0=[nil #0#]");
    calls.run(":k");
    heap.copySlot(root + 2, root);
    heap.setCell(root + 1, CellKind.Vector, newVector(heap, 1));
    heap.setCell(root, CellKind.SortedMap, mapPut(heap, emptyMap(heap), root + 2, root + 1));
    heap.copySlot(vectorItem(heap.lo(root + 1), 0), root);
    expect(writtenText(vm, root)).toBe("#0={:k [#0#]}");
  });

  test("what is only shared gets no label", () => {
    calls.run("'(1 2)");
    heap.copySlot(root + 1, root);
    heap.setCell(root, CellKind.Pair, newPair(heap, root + 1, root + 1));
    expect(writtenText(vm, root)).toBe("((1 2) 1 2)");
  });

  test("shared structure that would not fit is out of memory", () => {
    const small = new NativeCalls({ maxBytes: 1 << 22 }), { vm: tiny } = small, slot = small.scratch.base;
    tiny.heap.setI32(slot, 1);
    for (let i = 0; i < 40; i++) tiny.heap.setCell(slot, CellKind.Pair, newPair(tiny.heap, slot, slot));
    expect(small.scratch.attempt(() => writtenText(tiny, slot))).toContain("out of memory");
  });
});

describe("pretty form", () => {
  test.each<[string, number, string]>([
    ["'(1 2 3)", 7, "(1 2 3)"], ["'(1 2 3)", 6, "(1\n 2\n 3)"], ["'((1 2) (3 4))", 8, "((1 2)\n (3 4))"], ["[[1 2] 3]", 6, "[[1 2]\n 3]"], ["'(1 2 . 3)", 5, "(1\n 2\n . 3)"],
    ["{:a 1 :b 2}", 8, "{:a 1\n :b 2}"], ["{:a [1 2 3]}", 10, "{:a\n   [1 2 3]}"], ["{:a [1 2 3]}", 9, "{:a\n   [1\n    2\n    3]}"], ['{:a "long text"}', 8, '{:a "long text"}'], ["{:a {:b 1} :c 2}", 12, "{:a {:b 1}\n :c 2}"],
    ["'(f x y)", 4, "(f\n x\n y)"], ['"text"', 1, '"text"'], ["'()", 1, "()"], ["12345", 2, "12345"],
  ])("%s in %i columns", (source, width, text) => { expect(pretty(source, width)).toBe(text); });
});
