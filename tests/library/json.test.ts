// serialize and deserialize: round trips of random values, and what is refused.

import { describe, expect, test } from "vitest";
import { push } from "../../heap/cells/array.ts";
import { Rank } from "../../heap/value.ts";
import { deserialize } from "../../src/library/json.ts";
import { Random } from "../support/random.ts";
import { ScratchVm, f64, i32, num, rune, type Value } from "../vm/scratch-vm.ts";

const scratch = new ScratchVm();
const read = (text: string): unknown => scratch.call("string.deserialize", text);
const write = (value: Value): unknown => scratch.call(Array.isArray(value) ? "array.serialize" : "object.serialize", value);

/** A random JSON value in both forms. */
function randomValue(random: Random, depth: number): [Value, unknown] {
  const kind = random.below(depth > 0 ? 7 : 5);
  if (kind === 0) return [null, null];
  if (kind === 1) { const truth = random.chance(0.5); return [truth, truth]; }
  if (kind === 2) { const n = random.below(2000) - 1000; return [i32(n), n]; }
  if (kind === 3) { const x = random.below(1000) / 8; return [f64(x), x]; }
  if (kind === 4) { const text = Array.from({ length: random.below(6) }, () => random.pick(["a", "é", '"', "\\", "\n", "\u0001", "\u{1F600}"])).join(""); return [text, text]; }
  const items = Array.from({ length: random.below(4) }, () => randomValue(random, depth - 1));
  if (kind === 5) return [items.map(([value]) => value), items.map(([, plain]) => plain)];
  return [{ fields: items.map(([value], i) => [`k${i}`, value] as const) }, Object.fromEntries(items.map(([, plain], i) => [`k${i}`, plain]))];
}

describe("round trips", () => {
  test("what is written is JSON, and reads back the same", () => {
    const random = new Random(11);
    for (let i = 0; i < 400; i++) {
      const [value, plain] = randomValue(random, 3), text = write([value]) as string;
      expect(JSON.parse(text)).toEqual([plain]);
      expect(read(text)).toEqual([plain]);
      expect(read(JSON.stringify([plain], null, 2))).toEqual([plain]);
    }
  });

  test("depth is no limit", () => {
    const depth = 50_000, text = "[".repeat(depth) + "]".repeat(depth), { base } = scratch;
    scratch.put(base, text);
    deserialize(scratch.vm, base + 2);
    expect(scratch.text(base)).toBe(text);
  });
});

describe("reading", () => {
  const same = (text: string): void => expect(read(text)).toEqual(JSON.parse(text));

  test("numbers are the nearest doubles", () => {
    const random = new Random(21), texts = ["0", "-0", "-0.0", "1.5", "0.1", "123456789012345", "999999999999999.9", "0.000000000000001", "2147483647", "2147483648", "-2147483648", "-2147483649", "1e5", "1E-7", "12.5e3", "9007199254740993", "0.1e1", "123456789.123456789123", "1.7976931348623157e308", "4.9e-324"];
    for (let i = 0; i < 5000; i++) texts.push(`${random.chance(0.5) ? "-" : ""}${random.below(10 ** (1 + random.below(9)))}.${String(random.below(10 ** 9)).slice(0, 1 + random.below(9))}`);
    for (const text of texts) expect((read(`[${text}]`) as number[])[0]).toBe(text === "-0" ? 0 : /^-?\d{10,}$/.test(text) && Number(text) !== (Number(text) | 0) ? `i64 ${text}` : Number(text));
  });

  test("rows of several kinds, keys that come twice, and empty ones", () => {
    same(JSON.stringify(Array.from({ length: 50 }, (_, i) => ({ id: i, name: `n${i}`, at: i % 2 === 0 ? { x: i } : [{ y: null }, {}, []], "": i % 3 === 0 }))));
    same('[{"a":{"x":[1]},"a":2},{"x":[2]},{"a":{"x":1},"b":{"x":2},"a":{"x":3}},{"a":1,"b":2}]');
    same(`[${Array.from({ length: 30 }, (_, i) => `{${Array.from({ length: i * 3 }, (_, k) => `"k${(k * 7919) % 89}":${k}`).join()}}`).join()}]`);
    same(JSON.stringify(Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`key number ${i}`, { [`key number ${i + 7}`]: i }]))));
  });

  test("texts with escapes, in keys too", () => same('{"a\\u0062":"\\ud83d\\ude00\\n\\"é","ab":"x\\u0041","é":"é"}'));

  test.each(['["a', '["', '{"a', '{"a"', '{"a":', '["\\', '["\\u12', '["\\ud83d\\u', "[-", "[-.", "[1.2.3]", "[1-2]", "[nul", "[tru]", '{"a":1 "b"}', '[1 2]', '{1:2}', "[1]]", "", " ", "[,]"])("%s is no JSON", (text) => {
    expect(read(text)).toMatch(/^throws /);
  });
});

describe("writing", () => {
  test.each<[Value, string]>([
    [[f64(2), f64(0.1 + 0.2), f64(1e6), num(Rank.U64, 2n ** 64n - 1n), f64(-0)], "[2,0.3,1e+06,18446744073709551615,-0]"],
    [["\u0001é\t\"\\/"], '["\\u0001é\\t\\"\\\\/"]'], [[], "[]"], [{ fields: [] }, "{}"], [{ fields: [["a", [null]], ["b", { fields: [["c", true]] }]] }, '{"a":[null],"b":{"c":true}}'],
    [[rune("a")], "throws Cannot serialize value of this type"], [[{ type: Rank.I32 }], "throws Cannot serialize value of this type"],
  ])("case %#", (value, expected) => { expect(write(value)).toBe(expected); });

  test("a container met twice, in a cycle or not", () => {
    const { vm, base } = scratch, { heap } = vm;
    const twice = (link: () => void): unknown => {
      scratch.reset();
      scratch.put(base, [i32(1)]);
      link();
      return scratch.callOn("array.serialize", base, []);
    };
    expect(twice(() => push(heap, heap.lo(base), base))).toBe("throws serialize() detected circular reference");
    expect(twice(() => {
      scratch.put(base + 1, []);
      push(heap, heap.lo(base), base + 1);
      push(heap, heap.lo(base), base + 1);
    })).toBe("throws serialize() detected circular reference");
  });
});

describe("reading", () => {
  test.each<[string, unknown]>([
    ["12", 12], ["-2147483648", -2147483648], ["2147483648", "i64 2147483648"], ["-9223372036854775808", "i64 -9223372036854775808"], ["9223372036854775808", 2 ** 63],
    ["1.5e3", 1500], ["1E2", 100], ["-0.5", -0.5], [" [1 , 2,] ", [1, 2]], ['{"a":1,}', { a: 1 }], ['{"a":1,"a":2}', { a: 2 }], ['"\\u0041\\u00e9\\ud83d\\ude00\\/"', "Aé\u{1F600}/"],
    ["true", true], ["null", null],
  ])("%s", (text, expected) => { expect(read(text)).toEqual(expected); });

  test.each<[string, string]>([
    ["1 2", "Unexpected trailing characters in JSON"], ["nullx", "Unexpected trailing characters in JSON"], ["x", "Unexpected character in JSON: 'x'"], ["tru", "Unexpected character in JSON: 't'"],
    ["[1 2]", "Expected ',' or ']' in JSON array"], ["[1", "Expected ',' or ']' in JSON array"], ['{"a":1 "b":2}', "Expected ',' or '}' in JSON object"], ["{a:1}", "Expected '\"' in JSON"],
    ['{"a" 1}', "Expected ':' in JSON object"], ['"ab', "Unterminated string in JSON"], ['"\\q"', "Invalid escape sequence in JSON string"], ['"\\u00"', "Invalid escape sequence in JSON string"],
    ["[", "Unterminated array in JSON"], ["{", "Unterminated object in JSON"], ["[,]", "Unexpected character in JSON: ','"], ["-", "Unexpected character in JSON: '-'"], ["", "Unexpected end of JSON"], ["1-2", "Unexpected character in JSON: '1'"],
  ])("%s is refused", (text, message) => { expect(read(text)).toBe(`throws ${message}`); });
});
