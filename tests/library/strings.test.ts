// String methods against JavaScript models on arrays of code points, ASCII and not.

import { describe, expect, test } from "vitest";
import { Random } from "../support/random.ts";
import { ScratchVm, i32, rune, type Value } from "../vm/scratch-vm.ts";

const scratch = new ScratchVm();
const call = (name: string, ...values: readonly Value[]): unknown => scratch.call(`string.${name}`, ...values);

const ALPHABETS = ["abAB ,", "aé€\u{1F600} "];
const bytesOf = (text: string): number[] => [...new TextEncoder().encode(text)];

function randomText(random: Random): string {
  const letters = [...random.pick(ALPHABETS)];
  return Array.from({ length: random.below(12) }, () => random.pick(letters)).join("");
}

describe("models", () => {
  const random = new Random(7);
  const clamp = (x: number, high: number): number => Math.max(0, Math.min(x, high));

  test("substr, slice, char_at", () => {
    for (let i = 0; i < 500; i++) {
      const text = randomText(random), points = [...text], from = random.below(16) - 3, count = random.below(16) - 3;
      const start = clamp(from, points.length);
      expect(call("substr", text, i32(from), i32(count))).toBe(points.slice(start, start + Math.max(0, count)).join(""));
      expect(call("slice", text, i32(from), i32(count))).toBe(points.slice(start, Math.max(start, clamp(count, points.length))).join(""));
      const at = points[from];
      expect(call("char_at", text, i32(from))).toBe(at ?? `throws char_at() index ${from} out of bounds (length=${points.length})`);
    }
  });

  test("find, contains, starts_with, ends_with", () => {
    for (let i = 0; i < 500; i++) {
      const text = randomText(random), part = random.chance(0.5) ? text.slice(random.below(4), 4 + random.below(4)) : randomText(random).slice(0, 2);
      if (/[\ud800-\udfff]/.test(part) && [...part].some((each) => each.length === 1 && /[\ud800-\udfff]/.test(each))) continue;
      const at = text.indexOf(part);
      expect(call("find", text, part)).toBe(at < 0 ? -1 : bytesOf(text.slice(0, at)).length);
      expect(call("contains", text, part)).toBe(at >= 0);
      expect(call("starts_with", text, part)).toBe(text.startsWith(part));
      expect(call("ends_with", text, part)).toBe(text.endsWith(part));
    }
  });

  test("split, replace, replace_all, repeat", () => {
    for (let i = 0; i < 500; i++) {
      const text = randomText(random), part = random.pick(["a", ",", "ab", "é", " ", "\u{1F600}", "aa"]), by = random.pick(["", "x", "éé", "ab"]);
      expect(call("split", text, part)).toEqual(text.split(part));
      expect(call("replace", text, part, by)).toBe(text.replace(part, () => by));
      expect(call("replace_all", text, part, by)).toBe(text.replaceAll(part, () => by));
      const count = random.below(9);
      expect(call("repeat", text, i32(count))).toBe(text.repeat(count));
    }
  });

  test("chars, bytes, trim, case", () => {
    for (let i = 0; i < 300; i++) {
      const text = randomText(random);
      expect(call("chars", text)).toEqual([...text]);
      expect(call("bytes", text)).toEqual(bytesOf(text));
      expect(call("trim", text)).toBe(text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, ""));
      expect(call("to_upper", text)).toBe(text.replace(/[a-z]/g, (each) => each.toUpperCase()));
      expect(call("to_lower", text)).toBe(text.replace(/[A-Z]/g, (each) => each.toLowerCase()));
    }
  });
});

describe("borders", () => {
  test.each<[string, readonly Value[], unknown]>([
    ["split", ["", ","], [""]], ["split", ["ab", ""], ["a", "b"]], ["split", ["", ""], []], ["split", [",a,", ","], ["", "a", ""]],
    ["find", ["abc", ""], 0], ["replace", ["abc", "", "x"], "xabc"], ["replace_all", ["abc", "", "x"], "abc"], ["replace", ["", "a", "b"], ""],
    ["repeat", ["ab", i32(0)], ""], ["repeat", ["ab", i32(-1)], "throws repeat() count cannot be negative"], ["repeat", ["", i32(1000000)], ""],
    ["repeat", ["abcdefgh", i32(2 ** 31 - 1)], "throws out of memory"], ["byte_at", ["é", i32(1)], 169], ["byte_at", ["é", i32(2)], "throws byte_at() index 2 out of bounds (byte_length=2)"],
    ["substr", ["abc"], "throws substr() expects 2 arguments (start, length)"], ["trim", ["a", i32(1)], "throws trim() expects no arguments"],
    ["find", ["a", i32(1)], "throws find() argument must be a string"], ["replace", ["a", i32(1), "b"], "throws replace() arguments must be strings"],
    ["split", ["a", rune("a")], "throws split() delimiter must be a string"], ["char_at", ["a", "x"], "throws char_at() index must be an integer"],
    ["repeat", ["a", "x"], "throws repeat() count must be an integer"], ["slice", ["a", "x", i32(1)], "throws slice() arguments must be integers"],
  ])("%s %#", (name, values, expected) => { expect(call(name, ...values)).toEqual(expected); });

  test("invalid UTF-8 passes through", () => {
    const torn: Value = { bytes: Uint8Array.of(0x61, 0xc3, 0x28, 0xff) };
    expect(call("bytes", torn)).toEqual([0x61, 0xc3, 0x28, 0xff]);
    expect(call("chars", torn)).toEqual(["a", "\u00c3", "(", "\u00ff"]);
    expect(call("split", "é", "")).toHaveLength(2);
  });
});
