// Strings against a model of byte arrays: sharing, appending in place and copy-on-write must never show.

import { describe, expect, test } from "vitest";
import { StringBuilder } from "../../heap/cells/builder.ts";
import { find } from "../../heap/cells/search.ts";
import { byteIndexOf, byteLength, byteWidthAt, bytesOf, codePointAt, codePoints, compare, concat, equals, freshString, hash, isAscii, newString, newStringFromText, replaceCodePoint, substringBytes, textOf } from "../../heap/cells/string.ts";
import { Str } from "../../heap/layout.ts";
import { intern } from "../../heap/symbols.ts";
import { CellKind } from "../../heap/value.ts";
import { Random } from "../support/random.ts";
import { PARANOID, scratchWorld, type ScratchWorld } from "./scratch-world.ts";

const PIECES = ["", "a", "héllo", "日本語", "😀", "plain ascii text of some length", "\0", "e\u0301"];
const ROOTS = 10;

/** Random text, or bytes that are not UTF-8 at all. */
function randomBytes(r: Random): Uint8Array {
  if (r.below(4) === 0) return Uint8Array.from({ length: r.below(12) }, () => r.below(256));
  return new TextEncoder().encode(Array.from({ length: r.below(4) }, () => r.pick(PIECES)).join(""));
}

const starts = (bytes: Uint8Array): number[] => [...bytes.keys()].filter((i) => (bytes[i]! & 0xc0) !== 0x80);

function checkString({ heap }: ScratchWorld, str: number, bytes: Uint8Array): void {
  expect([...bytesOf(heap, str)]).toEqual([...bytes]);
  const at = starts(bytes);
  expect(codePoints(heap, str)).toBe(at.length);
  for (let i = 0; i < Math.min(at.length, 20); i++) {
    expect(byteIndexOf(heap, str, i)).toBe(at[i]);
    expect(byteWidthAt(heap, str, at[i]!)).toBe((at[i + 1] ?? bytes.length) - at[i]!);
  }
  expect(byteIndexOf(heap, str, at.length + 3)).toBe(bytes.length);
}

function splice(bytes: Uint8Array, from: number, to: number, middle: Uint8Array): Uint8Array {
  return Uint8Array.from([...bytes.subarray(0, from), ...middle, ...bytes.subarray(to)]);
}

function step(world: ScratchWorld, model: Uint8Array[], r: Random): void {
  const { heap, put, cell } = world, to = r.below(ROOTS), a = r.below(ROOTS), b = r.below(ROOTS), bytes = model[a]!;
  const set = (str: number, value: Uint8Array): void => { put(to, CellKind.String, str); model[to] = value; };
  switch (r.below(8)) {
    case 0: { const fresh = randomBytes(r); return set(newString(heap, fresh), fresh); }
    case 1: return set(freshString(heap, cell(a)), bytes);
    case 2: { const from = r.below(bytes.length + 1), end = from + r.below(bytes.length - from + 1); return set(substringBytes(heap, cell(a), from, end), bytes.slice(from, end)); }
    case 3: return void intern(heap, cell(a));
    case 4:
      if (bytes.length === 0) return;
      // Identity: the write is seen by every slot that holds this very string. It may fall into the middle of a character.
      return writeTo(world, model, a, (str) => {
        const i = r.below(bytes.length), end = i + byteWidthAt(heap, str, i), rune = r.pick([66, 0x7f, 0xe9]);
        replaceCodePoint(heap, str, i, rune);
        return splice(bytes, i, end, new TextEncoder().encode(String.fromCodePoint(rune)));
      });
    case 5: {
      const at = starts(bytes);
      if (at.length === 0) return;
      const k = r.below(at.length), from = at[k]!, end = at[k + 1] ?? bytes.length, rune = r.pick([65, 0xe9, 0x65e5, 0x1f600]);
      return writeTo(world, model, a, (str) => { replaceCodePoint(heap, str, from, rune); return splice(bytes, from, end, new TextEncoder().encode(String.fromCodePoint(rune))); });
    }
    default:
      if (bytes.length + model[b]!.length < 3000) set(concat(heap, cell(a), cell(b)), splice(bytes, bytes.length, bytes.length, model[b]!));
  }
}

function writeTo({ cell }: ScratchWorld, model: Uint8Array[], a: number, write: (str: number) => Uint8Array): void {
  const str = cell(a), value = write(str);
  for (let i = 0; i < ROOTS; i++) if (cell(i) === str) model[i] = value;
}

describe("random strings agree with byte arrays", () => {
  for (const seed of [1, 2, 3]) {
    test(`seed ${seed}`, () => {
      const world = scratchWorld({ ...PARANOID, gcStressRate: 0.02, gcSeed: seed }), r = new Random(seed), model: Uint8Array[] = [];
      for (let i = 0; i < ROOTS; i++) { world.put(i, CellKind.String, newStringFromText(world.heap, "")); model.push(new Uint8Array()); }
      for (let n = 0; n < 1500; n++) {
        step(world, model, r);
        if (n % 50 === 0) model.forEach((bytes, i) => checkString(world, world.cell(i), bytes));
      }
      model.forEach((bytes, i) => checkString(world, world.cell(i), bytes));
      checkRelations(world, model);
    });
  }
});

function checkRelations({ heap, cell }: ScratchWorld, model: Uint8Array[]): void {
  for (let i = 0; i < ROOTS; i++) {
    for (let j = 0; j < ROOTS; j++) {
      const order = Buffer.compare(model[i]!, model[j]!);
      expect(compare(heap, cell(i), cell(j))).toBe(order);
      expect(equals(heap, cell(i), cell(j))).toBe(order === 0);
      if (order === 0) expect(hash(heap, cell(i))).toBe(hash(heap, cell(j)));
      expect(find(heap, cell(i), cell(j), 0)).toBe(Buffer.from(model[i]!).indexOf(model[j]!));
    }
  }
}

describe("find", () => {
  const at = (hay: string, needle: string, from: number): number => {
    const { heap, put, cell } = scratchWorld({ maxBytes: 64 << 20 });
    put(0, CellKind.String, newStringFromText(heap, hay));
    put(1, CellKind.String, newStringFromText(heap, needle));
    return find(heap, cell(0), cell(1), from);
  };
  // Short needles are searched one way, long ones another.
  test.each([1, 2, 31, 32, 33, 70])("a needle of %i bytes", (width) => {
    const needle = "ab".repeat(width).slice(0, width - 1) + "c", hay = `${"ab".repeat(50)}${needle}a${needle}`;
    for (const from of [0, 1, 99, 100, 101, 100 + width, hay.length - width, hay.length, hay.length + 5]) {
      expect(at(hay, needle, from), `from ${from}`).toBe(hay.indexOf(needle, from));
    }
    expect(at(hay, `${needle}b`, 0)).toBe(-1);
  });
  test("nothing is found at every place of the text, its end included", () => {
    expect([at("abc", "", 0), at("abc", "", 3), at("abc", "", 4), at("", "", 0)]).toEqual([0, 3, -1, 0]);
  });
  test("repetitive texts take no time", () => {
    expect(at("a".repeat(2_000_000), `${"a".repeat(1_000_000)}b`, 0)).toBe(-1);
  });
});

test("appending in a loop copies each byte a constant number of times", () => {
  const { heap, put, cell } = scratchWorld({ maxBytes: 64 << 20 });
  put(0, CellKind.String, newStringFromText(heap, ""));
  put(1, CellKind.String, newStringFromText(heap, "0123456789"));
  const buffers = new Set<number>();
  for (let n = 0; n < 20000; n++) {
    put(0, CellKind.String, concat(heap, cell(0), cell(1)));
    buffers.add(heap.word(cell(0) + Str.Data));
  }
  expect(byteLength(heap, cell(0))).toBe(200000);
  expect(buffers.size).toBeLessThan(25);
});

test("two extensions of one string do not see each other", () => {
  const { heap, put, cell } = scratchWorld();
  put(0, CellKind.String, newStringFromText(heap, "a string that is long enough to be built "));
  put(1, CellKind.String, newStringFromText(heap, "x"));
  for (let n = 0; n < 3; n++) put(0, CellKind.String, concat(heap, cell(0), cell(1)));
  put(2, CellKind.String, concat(heap, cell(0), cell(1)));
  put(3, CellKind.String, newStringFromText(heap, "y"));
  put(4, CellKind.String, concat(heap, cell(0), cell(3)));
  expect(textOf(heap, cell(2)).endsWith("xxxx")).toBe(true);
  expect(textOf(heap, cell(4)).endsWith("xxxy")).toBe(true);
  replaceCodePoint(heap, cell(0), 0, 65);
  expect([textOf(heap, cell(0))[0], textOf(heap, cell(2))[0], textOf(heap, cell(4))[0]]).toEqual(["A", "a", "a"]);
});

describe("code points", () => {
  test("are decoded, and a malformed one is its first byte", () => {
    const { heap } = scratchWorld();
    const decode = (...bytes: number[]): number => codePointAt(heap, newString(heap, Uint8Array.from(bytes)), 0);
    expect(decode(0x41)).toBe(0x41);
    expect(decode(0xc3, 0xa9)).toBe(0xe9);
    expect(decode(0xe6, 0x97, 0xa5)).toBe(0x65e5);
    expect(decode(0xf0, 0x9f, 0x98, 0x80)).toBe(0x1f600);
    for (const bad of [[0xc3], [0xc3, 0x41], [0xc0, 0x80], [0xe0, 0x80, 0x80], [0xe6, 0x97], [0xf0, 0x80, 0x80, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xff], [0xf0, 0x9f, 0x98]]) expect(decode(...bad)).toBe(bad[0]);
  });

  test("count the same at every length and alignment", () => {
    const { heap } = scratchWorld();
    for (let n = 0; n < 40; n++) {
      const text = "aé日😀".repeat(n).slice(0, n), str = newStringFromText(heap, text);
      expect(codePoints(heap, str)).toBe(starts(bytesOf(heap, str)).length);
      expect(isAscii(heap, str)).toBe(n < 2);
    }
  });

  test("of long text are found from any index", () => {
    const { heap } = scratchWorld(), text = [..."añb日c😀d".repeat(50)], str = newStringFromText(heap, text.join(""));
    for (let i = 0; i < text.length; i += 3) expect(codePointAt(heap, str, byteIndexOf(heap, str, i))).toBe(text[i]!.codePointAt(0));
  });
});

test("text goes in and out of the world unchanged", () => {
  const { heap } = scratchWorld();
  for (const text of [...PIECES, "x".repeat(1000), "é".repeat(1000), "\ufeffbom"]) expect(textOf(heap, newStringFromText(heap, text))).toBe(text);
  expect(textOf(heap, newStringFromText(heap, "\ud800"))).toBe("\ufffd");
});

test("a builder collects text of all kinds", () => {
  const { heap } = scratchWorld(), builder = new StringBuilder();
  builder.appendText("abc").appendText("é".repeat(100)).appendByte(33).appendCodePoint(0x1f600).appendString(heap, newStringFromText(heap, "end"));
  expect(textOf(heap, builder.finish(heap))).toBe(`abc${"é".repeat(100)}!😀end`);
  builder.clear();
  expect(builder.length).toBe(0);
});
