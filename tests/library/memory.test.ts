// Raw memory, pointers, buffers, atomics and mathematics.

import { describe, expect, test } from "vitest";
import { Rank } from "../../heap/value.ts";
import { TypeCode } from "../../src/ir/types.ts";
import { LISP_NATIVES } from "../../src/library/lisp/natives.ts";
import { addNatives, NATIVES, OWN_NATIVES, builtinNames, isBuiltin, libraryGlobal, findNative, nativeIndex } from "../../src/library/registry.ts";
import { Random } from "../support/random.ts";
import type { NativeInfo } from "../../src/vm/native.ts";
import { ScratchVm, f64, i32, num, type Value } from "../vm/scratch-vm.ts";

const scratch = new ScratchVm();
const { base } = scratch;
const call = (name: string, ...values: readonly Value[]): unknown => scratch.call(name, ...values);

/** Calls a native on a pointer kept in slot `base` and further values. */
function at(name: string, ...values: readonly Value[]): unknown {
  scratch.vm.heap.copySlot(base + 12, base);
  values.forEach((value, i) => scratch.put(base + 13 + i, value));
  return scratch.callOn(name, base + 10, [], values.length + 1);
}
function allocate(bytes: number): void {
  call("alloc", i32(bytes));
  scratch.vm.heap.copySlot(base, base);
}

describe("pointers", () => {
  test.each<[string, Value, unknown]>([
    ["i8", i32(-5), "i8 -5"], ["u8", i32(300), 44], ["i16", i32(-30000), "i16 -30000"], ["u16", i32(-1), "u16 65535"], ["i32", i32(-7), -7], ["u32", num(Rank.I64, 2n ** 32n + 5n), "u32 5"],
    ["i64", num(Rank.I64, -(2n ** 63n)), "i64 -9223372036854775808"], ["u64", i32(-1), "u64 18446744073709551615"], ["f32", f64(0.5), "f32 0.5"], ["f64", i32(3), 3],
  ])("%s", (type, value, expected) => {
    allocate(16);
    expect(at(`ptr_write_${type}`, value)).toBe(null);
    expect(at(`ptr_deref_${type}`)).toBe(expected);
  });

  test("misuse", () => {
    expect(call("ptr_deref_i32", i32(5))).toBe("throws ptr_deref_i32() argument must be a ptr");
    allocate(4);
    expect(at("ptr_write_i32", "x")).toBe("throws ptr_write_i32() second argument must be an integer");
    expect(at("ptr_write_i32", f64(1.5))).toBe("throws ptr_write_i32() second argument must be an integer");
    expect(() => at("ptr_deref_i64")).toThrow("out of bounds");
    expect(at("free")).toBe(null);
    expect(() => at("ptr_deref_i32")).toThrow("use after free");
    expect(() => at("free")).toThrow("double free");
    call("ptr_null");
    expect(at("ptr_deref_u8")).toBe("throws ptr_deref_u8() cannot dereference null pointer");
    expect(at("ptr_write_ptr", null)).toBe("throws ptr_write_ptr() cannot write to null pointer");
    expect(call("ptr_null")).toBe("ptr (nil)");
  });

  test("atomics answer the old value", () => {
    for (const type of ["i32", "i64"]) {
      const shown = (v: number): unknown => (type === "i32" ? v : `i64 ${v}`);
      allocate(8);
      expect(at(`atomic_store_${type}`, i32(7))).toBe(null);
      expect(at(`atomic_add_${type}`, i32(2))).toBe(shown(7));
      expect(at(`atomic_sub_${type}`, i32(1))).toBe(shown(9));
      expect(at(`atomic_or_${type}`, i32(16))).toBe(shown(8));
      expect(at(`atomic_exchange_${type}`, i32(-1))).toBe(shown(24));
      expect(at(`atomic_cas_${type}`, i32(-1), i32(5))).toBe(true);
      expect(at(`atomic_cas_${type}`, i32(-1), i32(6))).toBe(false);
      expect(at(`atomic_load_${type}`)).toBe(shown(5));
    }
  });

  test("C strings", () => {
    expect(call("__string_to_cstr", "hé")).toMatch(/^ptr 0x/);
    expect(at("__cstr_to_string")).toBe("hé");
    expect(call("__string_from_bytes", [i32(104), i32(361)])).toBe("hi");
  });
});

describe("sizes", () => {
  test.each<[Value, unknown]>([
    [{ type: TypeCode.Bool }, 4], [{ type: Rank.I16 }, 2], [{ type: TypeCode.Pointer }, 8], ["byte", 1], ["array", 0], ["constructor", 0], ["rune", "fatal Cannot get size of this type"], [i32(1), "fatal sizeof() requires a type argument"],
  ])("case %#", (value, expected) => { expect(call("sizeof", value)).toBe(expected); });
  test("allocation", () => {
    expect(call("alloc", i32(0))).toBe("fatal alloc() size must be positive");
    expect(call("buffer", i32(0))).toBe("fatal buffer size must be positive");
    expect(call("alloc", num(Rank.I64, 2n ** 40n))).toBe("throws out of memory");
    expect(call("buffer", i32(2 ** 29))).toBe("throws out of memory");
    expect(call("talloc", i32(4), i32(1))).toBe("fatal talloc() first argument must be a type");
    expect(call("talloc", { type: Rank.I32 }, i32(4))).toMatch(/^ptr 0x/);
  });
});

describe("mathematics", () => {
  test.each<[string, readonly Value[], unknown]>([
    ["sqrt", [i32(16)], 4], ["__sqrt", [f64(-1)], NaN], ["round", [f64(2.5)], 3], ["round", [f64(-2.5)], -3], ["round", [f64(0.49999999999999994)], 0], ["floori", [f64(-1.5)], "i64 -2"],
    ["div", [i32(7), i32(2)], 3.5], ["divi", [i32(-7), i32(2)], "i64 -4"], ["div", [i32(1), i32(0)], "fatal Division by zero"], ["pow", [i32(1), f64(NaN)], 1], ["log", [i32(0)], -Infinity],
    ["__min", [i32(3), f64(2.5)], 2.5], ["__max", [i32(3), f64(2.5)], 3], ["__clamp", [i32(5), i32(0), i32(3)], 3], ["__abs", [i32(-2)], 2], ["sqrt", ["x"], "fatal sqrt() argument must be numeric"],
    ["pow", ["x", i32(1)], "fatal pow() arguments must be numeric"], ["trunci", [f64(1e300)], "i64 -9223372036854775808"],
  ])("%s %#", (name, values, expected) => { expect(call(name, ...values)).toEqual(expected); });

  test("random numbers repeat after seeding and stay in range", () => {
    const draw = (): unknown[] => Array.from({ length: 20 }, () => call("__rand"));
    call("__seed", i32(42));
    const first = draw();
    call("__seed", i32(42));
    expect(draw()).toEqual(first);
    for (let i = 0; i < 200; i++) {
      const x = call("__rand_range", i32(-2), i32(3)) as number;
      expect(x).toBeGreaterThanOrEqual(-2);
      expect(x).toBeLessThan(3);
    }
  });
});

describe("the list of natives", () => {
  test("names are unique and documented, counts make sense", () => {
    addNatives(LISP_NATIVES);
    const named = NATIVES.filter(({ name }) => name !== "");
    expect(new Set(named.map(({ name }) => name)).size).toBe(OWN_NATIVES + LISP_NATIVES.rows.length);
    for (const { name, doc, min, max } of named) {
      expect(doc, name).not.toBe("");
      expect(max < 0 || max >= min, name).toBe(true);
    }
  });
  test("natives of a language have ids of their own, and nobody else's", () => {
    const info = (name: string): NativeInfo => ({ name, min: 0, max: 0, doc: "test", run() {} });
    addNatives({ first: 5000, rows: [info("test:one"), info("test:two")] });
    expect([findNative("test:two"), NATIVES[4999]!.name, NATIVES[5000]!.name, findNative("test:three")]).toEqual([5001, "", "test:one", -1]);
    expect(() => addNatives({ first: 5001, rows: [info("test:three")] })).toThrow("native test:three cannot have the id 5001: test:two is there already");
    expect(() => addNatives({ first: 6000, rows: [info("print")] })).toThrow("native print cannot have the id 6000: its name is there already");
  });
  test("lookups", () => {
    expect(NATIVES[nativeIndex("print")]!.name).toBe("print");
    expect(() => nativeIndex("nonsense")).toThrow("no native is called nonsense");
    expect([isBuiltin("print"), isBuiltin("array.push"), isBuiltin("apply"), isBuiltin("exec")]).toEqual([true, false, false, true]);
    expect([libraryGlobal("apply"), libraryGlobal("print"), libraryGlobal("toString")]).toEqual(["$apply", null, null]);
    expect(builtinNames()).toContain("apply");
    expect(builtinNames().some((name) => name.startsWith("$") || name.includes("."))).toBe(false);
  });
  test("what needs a capability says so", () => {
    expect(call("exec", "ls")).toBe("throws 'exec' needs the process capability, which this VM was not given");
    expect(call("typeof", { type: Rank.I32 })).toBe("type");
  });
});

test("long needles are found in linear time", () => {
  const random = new Random(3);
  for (let i = 0; i < 200; i++) {
    const hay = Array.from({ length: 300 }, () => random.pick(["a", "b"])).join(""), from = random.below(250), needle = hay.slice(from, from + 35 + random.below(10));
    expect(call("string.find", hay, needle)).toBe(hay.indexOf(needle));
  }
  const many = "a".repeat(200_000);
  expect(call("string.find", many, `${"a".repeat(100_000)}b`)).toBe(-1);
});
