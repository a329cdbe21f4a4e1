// Annotation conversions, type values as functions, indexing and iteration, called directly.

import { describe, expect, test } from "vitest";
import { setElementType } from "../../heap/cells/array.ts";
import { internText } from "../../heap/symbols.ts";
import { Rank } from "../../heap/value.ts";
import { TYPE_NAMES, TypeCode } from "../../src/ir/types.ts";
import { constructType, convertScalar } from "../../src/vm/convert.ts";
import { forNext, forPrep, getField, getFieldOptional, getIndex, setField, setIndex } from "../../src/vm/indexing.ts";
import { ScratchVm, f64, i32, num, rune, type Value } from "./scratch-vm.ts";

const scratch = new ScratchVm();
const { vm, base } = scratch;

function run(operation: (dst: number) => void, ...values: readonly Value[]): string {
  scratch.reset();
  values.forEach((value, i) => scratch.put(base + i, value));
  return scratch.attempt(() => {
    operation(base + 5);
    return scratch.typed(base + 5);
  });
}
const convert = (value: Value, code: number): string => run((dst) => convertScalar(vm, dst, base, code), value);
const construct = (value: Value, code: number): string => run((dst) => constructType(vm, dst, base, code), value);
const THROWS = "throws Cannot convert type to target type";

describe("annotations", () => {
  test.each<[Value, number, string]>([
    [i32(200), Rank.U8, "u8 200"], [i32(300), Rank.U8, "fatal Value 300 out of range for u8 [0, 255]"], [i32(-1), Rank.U64, "fatal Value -1 out of range for u64 [0, 18446744073709551615]"],
    [num(Rank.U64, 2n ** 63n), Rank.I64, "fatal Value 9223372036854775808 out of range for i64 [-9223372036854775808, 9223372036854775807]"],
    [num(Rank.U64, 2n ** 64n - 1n), Rank.U64, "u64 18446744073709551615"], [num(Rank.I64, 5n), Rank.I32, "i32 5"],
    [f64(3.9), Rank.I32, "i32 3"], [f64(-3.9), Rank.I8, "i8 -3"], [f64(NaN), Rank.I32, "fatal Value -9223372036854775808 out of range for i32 [-2147483648, 2147483647]"],
    [f64(1e19), Rank.I64, "i64 -9223372036854775808"], [i32(7), Rank.F32, "f32 7"], [f64(0.1), Rank.F32, "f32 0.1"], [true, Rank.I32, "i32 1"], [rune("A"), Rank.U8, "u8 65"],
    [rune("é"), Rank.I8, "fatal Value 233 out of range for i8 [-128, 127]"], ["5", Rank.I32, 'fatal Cannot convert string to i32 via type annotation. Use i32("...") instead.'],
    [null, Rank.I32, THROWS], [[], Rank.F64, THROWS],
    [f64(0.5), TypeCode.Bool, "bool true"], [i32(0), TypeCode.Bool, "bool false"], ["true", TypeCode.Bool, 'fatal Cannot convert string to bool via type annotation. Use bool("...") instead.'], [null, TypeCode.Bool, THROWS],
    [i32(65), TypeCode.Rune, "rune A"], [i32(0x110000), TypeCode.Rune, "fatal Value 1114112 out of range for rune [0, 0x10FFFF]"], [f64(5), TypeCode.Rune, "fatal Cannot convert to rune"], ["a", TypeCode.Rune, THROWS],
    [f64(3.14), TypeCode.String, "string 3.1400000000000001"], [num(Rank.F32, 0.1), TypeCode.String, "string 0.10000000149011612"], [i32(5), TypeCode.String, "string 5"], [rune("é"), TypeCode.String, "string é"], [true, TypeCode.String, "string true"], [null, TypeCode.String, THROWS],
    [i32(5), TypeCode.Pointer, "fatal Cannot convert to ptr"], ["a", TypeCode.Buffer, THROWS], [i32(5), TypeCode.Array, "fatal Expected array, got non-array"], [null, TypeCode.Object, "fatal Expected object, got non-object"],
    [i32(5), TypeCode.Null, "null null"], [i32(5), TypeCode.Void, "fatal Cannot convert to void type"], [null, TypeCode.Void, "null null"],
  ])("case %#", (value, code, expected) => { expect(convert(value, code)).toBe(expected); });

  test("what already has the type stays the same value", () => {
    for (const [value, code] of [["s", TypeCode.String], [[], TypeCode.Array], [{ fields: [] }, TypeCode.Object]] as const) {
      convert(value, code);
      expect(vm.heap.lo(base + 5)).toBe(vm.heap.lo(base));
    }
  });

  test("every type has a name", () => {
    for (let code: number = TypeCode.I8; code <= TypeCode.F64; code++) expect(convert(i32(1), code)).toBe(`${TYPE_NAMES[code]} 1`);
  });
});

describe("type values called", () => {
  test.each<[Value, number, string]>([
    ["0x1F", Rank.I32, "i32 31"], ["012", Rank.I32, "i32 10"], ["3.9", Rank.I32, "i32 3"], ["1e3", Rank.I32, "i32 1000"], ["", Rank.I32, "fatal Cannot convert empty string to number"],
    ["12abc", Rank.I32, "fatal Cannot parse '12abc' as integer"], ["1.5x", Rank.F64, "fatal Cannot parse '1.5x' as number"], ["300", Rank.U8, "fatal Value 300 out of range for u8 [0, 255]"],
    ["18446744073709551615", Rank.U64, "u64 9223372036854775807"], ["5", Rank.F64, "f64 5"], ["true", TypeCode.Bool, "bool true"], ["yes", TypeCode.Bool, "fatal Cannot parse string as bool (expected 'true' or 'false')"],
    [i32(5), TypeCode.Bool, "bool true"], [null, Rank.I32, THROWS], [rune("a"), Rank.I32, "i32 97"], [i32(5), TypeCode.Pointer, "fatal Cannot convert to ptr"], ["5", TypeCode.Pointer, THROWS],
  ])("case %#", (value, code, expected) => { expect(construct(value, code)).toBe(expected); });
});

describe("indexing", () => {
  const get = (object: Value, index: Value): string => run((dst) => getIndex(vm, dst, base, base + 1), object, index);
  const set = (object: Value, index: Value, value: Value): string => run((dst) => {
    setIndex(vm, base, base + 1, base + 2);
    vm.heap.copySlot(dst, base);
  }, object, index, value);
  test("reading", () => {
    expect(get([i32(1), "b"], i32(1))).toBe("string b");
    expect(get([i32(1)], num(Rank.I64, 0n))).toBe("i32 1");
    expect(get([i32(1)], i32(5))).toBe("throws Array index 5 out of bounds (length 1)");
    expect(get([i32(1)], i32(-1))).toBe("throws Array index -1 out of bounds (length 1)");
    expect(get([i32(1)], "a")).toBe("throws Index must be an integer");
    expect(get([i32(1)], f64(0))).toBe("throws Index must be an integer");
    expect(get("héllo", i32(1))).toBe("rune é");
    expect(get("abc", i32(3))).toBe("throws String index 3 out of bounds (length=3)");
    expect(get({ fields: [["a", i32(1)]] }, "a")).toBe("i32 1");
    expect(get({ fields: [["a", i32(1)]] }, "nobody knows this key")).toBe("null null");
    for (const value of [i32(1), null, true]) expect(get(value, i32(0))).toBe("throws Only strings, buffers, arrays, pointers, and objects can be indexed");
  });
  test("writing", () => {
    expect(set([i32(1)], i32(3), "x")).toBe("array [1, null, null, x]");
    expect(set([i32(1)], i32(-1), "x")).toBe("throws Negative array index not supported");
    expect(set("abc", i32(1), rune("é"))).toBe("string aéc");
    expect(set("abc", i32(1), i32(321))).toBe("string aŁc");
    expect(set("abc", i32(3), rune("x"))).toBe("throws String index 3 out of bounds (length 3)");
    expect(set("abc", i32(1), "x")).toBe("throws Index value must be an integer (byte) or rune for strings/buffers");
    expect(set({ fields: [] }, i32(1), "x")).toBe("throws Only strings, buffers, arrays, pointers, and objects support index assignment");
  });
  test("typed arrays", () => {
    scratch.put(base, [i32(1)]);
    setElementType(vm.heap, vm.heap.lo(base), Rank.I32, 0);
    const store = (index: number, value: Value): string | number => scratch.attempt(() => {
      scratch.put(base + 1, i32(index));
      scratch.put(base + 2, value);
      setIndex(vm, base, base + 1, base + 2);
      return scratch.text(base);
    });
    const mismatch = "fatal Type mismatch in typed array - expected element of specific type";
    expect(store(0, i32(2))).toBe("[2]");
    expect(store(1, i32(2))).toBe(mismatch);
    expect(store(0, f64(2))).toBe(mismatch);
    expect(store(9, i32(2))).toBe(mismatch);
  });
  test("fields", () => {
    const field = (object: Value, name: string): string => run((dst) => getField(vm, dst, base, internText(vm.heap, name)), object);
    expect(field({ fields: [["a", i32(1)]] }, "a")).toBe("i32 1");
    expect(field({ fields: [] }, "b")).toBe("throws Object has no field 'b' (use ?. for optional access)");
    expect(field("é", "length")).toBe("i32 1");
    expect(field("é", "byte_length")).toBe("i32 2");
    expect(field("é", "size")).toBe("throws Unknown property 'size' for string");
    expect(field([null], "length")).toBe("i32 1");
    expect(field([null], "size")).toBe("throws Array has no property 'size'");
    expect(field(i32(1), "size")).toBe("throws Only strings, buffers, arrays, and objects have properties");
    expect(run((dst) => getFieldOptional(vm, dst, base, internText(vm.heap, "x")), null)).toBe("null null");
    expect(run((dst) => getFieldOptional(vm, dst, base, internText(vm.heap, "x")), { fields: [] })).toBe("null null");
    expect(run(() => setField(vm, base, internText(vm.heap, "x"), base), [])).toBe("throws Only objects can have properties set");
  });
});

describe("iteration", () => {
  const entries = (value: Value): unknown => scratch.attempt(() => {
    scratch.reset();
    scratch.put(base, value);
    const state = base + 10, found: unknown[] = [];
    forPrep(vm, state, base);
    while (forNext(vm, state)) found.push([scratch.read(state + 3), scratch.read(state + 4)]);
    return found;
  });
  test("arrays, objects, strings", () => {
    expect(entries(["a", i32(2)])).toEqual([[0, "a"], [1, 2]]);
    expect(entries({ fields: [["x", i32(1)], ["y", null]] })).toEqual([["x", 1], ["y", null]]);
    expect(entries("hé!")).toEqual([[0, "h"], [1, "é"], [2, "!"]]);
    expect(entries(i32(5))).toBe("throws for-in requires array, object, or string");
  });
});
