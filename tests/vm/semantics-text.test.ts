// Values as text: C's %g, display and JSON forms; numbers from text.

import { describe, expect, test } from "vitest";
import { Rank } from "../../heap/value.ts";
import { newArray, push } from "../../heap/cells/array.ts";
import { CellKind } from "../../heap/value.ts";
import { StringBuilder } from "../../heap/cells/builder.ts";
import { DisplayMode, appendDisplay } from "../../src/vm/display.ts";
import { appendJson } from "../../src/vm/json-text.ts";
import { formatG } from "../../src/vm/number-format.ts";
import { parseFloating, parseInteger } from "../../src/vm/number-parse.ts";
import { Random } from "../support/random.ts";
import { ScratchVm, f64, i32, num, rune, type Value } from "./scratch-vm.ts";

const scratch = new ScratchVm();
const { vm, base } = scratch;

describe("%g", () => {
  test.each<[number, string]>([
    [3, "3"], [1 / 3, "0.333333"], [100000, "100000"], [1e6, "1e+06"], [123456, "123456"], [1234567, "1.23457e+06"], [999999.5, "1e+06"],
    [99999.95, "99999.9"], [100000.5, "100000"], [100001.5, "100002"], [100002.5, "100002"], [123456789, "1.23457e+08"], [1e20, "1e+20"],
    [0.0001, "0.0001"], [0.00001, "1e-05"], [1e-7, "1e-07"], [-0, "-0"], [0, "0"], [1e100, "1e+100"], [5e-324, "4.94066e-324"],
    [1.7976931348623157e308, "1.79769e+308"], [Infinity, "inf"], [-Infinity, "-inf"], [NaN, "nan"], [0.5, "0.5"], [2.5, "2.5"],
    [-100000.5, "-100000"], [12345.65, "12345.6"], [0.1 + 0.2, "0.3"], [3.14159265, "3.14159"], [1000005, "1e+06"], [1000015, "1.00002e+06"],
    [99999.5, "99999.5"], [999999, "999999"],
  ])("%d is %s", (x, text) => { expect(formatG(x)).toBe(text); });

  test.each<[number, string]>([[3.14, "3.1400000000000001"], [0.1, "0.10000000000000001"], [1e20, "1e+20"], [2, "2"], [1 / 3, "0.33333333333333331"]])("%d with 17 digits is %s", (x, text) => {
    expect(formatG(x, 17)).toBe(text);
  });

  test("seventeen digits give every double back", () => {
    const random = new Random(5), view = new DataView(new ArrayBuffer(8));
    for (let i = 0; i < 2000; i++) {
      view.setUint32(0, Math.floor(random.next() * 2 ** 32));
      view.setUint32(4, Math.floor(random.next() * 2 ** 32));
      const x = view.getFloat64(0);
      if (Number.isFinite(x)) expect(Number(formatG(x, 17))).toBe(x);
    }
  });

  test("numbers of a few digits, and any others, are as JavaScript rounds them where that is no tie", () => {
    const random = new Random(8);
    for (let i = 0; i < 20_000; i++) {
      const few = random.below(2_000_000) / 10 ** random.below(10), any = (random.next() - 0.5) * 10 ** (random.below(11) - 4);
      for (const x of [few, -few, any, few + 1e-9, Math.fround(any)]) {
        const size = Math.abs(x), text = x.toPrecision(6);
        if (size < 1e-4 || Number(text) >= 1e6 || Number(text) <= -1e6 || x.toPrecision(40).replace(/0+$/, "").length === x.toPrecision(7).length) continue;
        expect(formatG(x)).toBe(String(Number(text)));
      }
    }
  });

  test("are appended as they are said", () => {
    const random = new Random(9), values = [0, -0, 1e6, 999999.5, 0.0001, 0.00009999999, 5e-324, NaN, -Infinity, 0.5, -2.5, 99999.95, 123456.5];
    for (let i = 0; i < 3000; i++) values.push(random.below(2_000_000) / 10 ** random.below(10), -random.next() * 10 ** (random.below(14) - 6));
    for (const x of values) {
      scratch.reset();
      const out = new StringBuilder();
      appendDisplay(vm, out, scratch.put(base, f64(x)), DisplayMode.Text);
      expect(new TextDecoder().decode(out.view())).toBe(formatG(x));
    }
    for (const x of [0, 9, 10, 99, 100, 999, 1000, 9999, 10_000, 99_999, 100_000, 999_999, 1_000_000, 9_999_999, 10_000_000, 99_999_999, 100_000_000, 999_999_999, 1_000_000_000, 2_147_483_647]) {
      for (const each of [x, -x, -x - 1]) {
        scratch.reset();
        const out = new StringBuilder();
        appendDisplay(vm, out, scratch.put(base, i32(each)), DisplayMode.Text);
        expect(new TextDecoder().decode(out.view())).toBe(String(each === 0 ? 0 : each));
      }
    }
  });

  test("halves go to the even digit", () => {
    for (let n = 100000; n < 100100; n++) expect(formatG(n + 0.5)).toBe(String(n % 2 === 0 ? n : n + 1));
  });
});

describe("display", () => {
  const shown = (value: Value, mode: DisplayMode): string => {
    scratch.reset();
    const out = new StringBuilder();
    appendDisplay(vm, out, scratch.put(base, value), mode);
    return new TextDecoder().decode(out.view());
  };
  test("print quotes runes, text does not", () => {
    const value: Value = [rune("a"), rune("\n"), rune("é"), "s", f64(1.5), null, true, [rune("b"), { fields: [] }]];
    expect(shown(value, DisplayMode.Print)).toBe("['a', U+000A, U+00E9, s, 1.5, null, true, ['b', <object>]]");
    expect(shown(value, DisplayMode.Text)).toBe("[a, \n, é, s, 1.5, null, true, [b, <object>]]");
    expect(shown(rune("\u{1F600}"), DisplayMode.Print)).toBe("U+1F600");
  });
  test("integers of all widths", () => {
    expect(shown(num(Rank.U64, 2n ** 64n - 1n), DisplayMode.Print)).toBe("18446744073709551615");
    expect(shown(num(Rank.I64, -(2n ** 63n)), DisplayMode.Print)).toBe("-9223372036854775808");
    expect(shown(num(Rank.U32, 4294967295), DisplayMode.Print)).toBe("4294967295");
    expect(shown(num(Rank.F32, 0.1), DisplayMode.Print)).toBe("0.1");
  });
  test("an array inside itself", () => {
    scratch.put(base, [i32(1)]);
    push(vm.heap, vm.heap.lo(base), base);
    expect(scratch.text(base)).toBe("[1, [...]]");
  });
  test("a hundred thousand levels", () => {
    const heap = vm.heap;
    scratch.put(base, []);
    for (let i = 0; i < 100_000; i++) {
      heap.setCell(base + 1, CellKind.Array, newArray(heap, 1));
      push(heap, heap.lo(base + 1), base);
      heap.copySlot(base, base + 1);
    }
    expect(scratch.text(base)).toBe("[".repeat(100_001) + "]".repeat(100_001));
    const out = new StringBuilder();
    appendJson(vm, out, base);
    expect(out.length).toBe(200_002);
    heap.setNull(base);
    heap.setNull(base + 1);
  });
  test("shared structure runs out of memory, not of time", () => {
    const small = new ScratchVm({ maxBytes: 4 << 20 }), heap = small.vm.heap, at = small.base;
    small.put(at, [i32(1)]);
    for (let i = 0; i < 40; i++) {
      heap.setCell(at + 1, CellKind.Array, newArray(heap, 2));
      push(heap, heap.lo(at + 1), at);
      push(heap, heap.lo(at + 1), at);
      heap.copySlot(at, at + 1);
    }
    expect(small.attempt(() => small.text(at))).toBe("throws out of memory");
  });
});

describe("numbers from text", () => {
  test.each<[string, bigint | null]>([
    ["12", 12n], [" 12", 12n], ["12 ", null], ["0x1F", 31n], ["012", 10n], ["09", null], ["-0x10", -16n], ["+5", 5n], ["-", null], ["0x", null], ["", null],
    ["99999999999999999999", 2n ** 63n - 1n], ["-99999999999999999999", -(2n ** 63n)], ["0", 0n], ["00", 0n], ["1_0", null], ["0b1", null],
  ])("integer %j", (text, value) => { expect(parseInteger(text)).toBe(value); });
  test.each<[string, number | null]>([
    ["1.5", 1.5], [".5", 0.5], ["5.", 5], ["1e3", 1000], ["0x1e", 30], ["0x1.8p3", 12], ["1e", null], ["1.5x", null], ["1e400", Infinity], ["-1.5e-2", -0.015], [".", null], ["e5", null],
  ])("float %j", (text, value) => { expect(parseFloating(text)).toBe(value); });
});
