// Structured copy in both directions: what becomes of what, what is refused, and that neither side reaches into the other.

import { describe, expect, test } from "vitest";
import { CopyError, createVM, MemoryLimitError, type BoxelderVm, type RunFailure, type VmOptions } from "../../src/index.ts";
import { lisp } from "../../src/lisp.ts";

/** What comes back of a value that goes in and out again. */
function round(value: unknown, language: "hemlock" | "lisp" = "hemlock", options: VmOptions = {}): unknown {
  const vm = createVM({ languages: [lisp], ...options }), globals = vm.globalsOf(language);
  globals.set("value", value);
  return globals.get("value");
}

describe("into Hemlock and out", () => {
  test.each<[string, unknown, unknown?]>([
    ["null", null], ["undefined", undefined, null], ["true", true], ["an integer", -7], ["the largest i32", 2 ** 31 - 1],
    ["an integer beyond 32 bits", 2 ** 40 + 1], ["the largest safe integer", Number.MAX_SAFE_INTEGER], ["a fraction", 0.1], ["infinity", -Infinity], ["NaN", NaN],
    ["negative zero", -0], ["a huge double", 1e300], ["a bigint beyond 53 bits", 2n ** 62n], ["an unsigned bigint", 2n ** 64n - 1n], ["a small bigint", 5n, 5],
    ["a text", "héllo \u{1f600}\0"], ["a lone surrogate", "a\ud800b", "a\ufffdb"], ["an empty array", []], ["a nested array", [1, [2, ["x"]], null]],
    ["an object", { a: 1, b: { c: [true] } }], ["an object without prototype", Object.assign(Object.create(null) as object, { a: 1 }), { a: 1 }],
    ["a date", new Date(86_400_000), 86_400_000], ["an invalid date", new Date(NaN), NaN], ["a set", new Set([1, "a"]), [1, "a"]],
    ["a map by names", new Map([["a", 1], ["b", 2]]), { a: 1, b: 2 }], ["a map by other keys", new Map<unknown, unknown>([[1, "x"], [true, "y"]]), [[1, "x"], [true, "y"]]],
    ["bytes", new Uint8Array([0, 128, 255])], ["a buffer of bytes", new Uint8Array([1, 2]).buffer, new Uint8Array([1, 2])], ["a data view", new DataView(new ArrayBuffer(2), 1), new Uint8Array([0])],
    ["doubles", new Float64Array([1, 0.5]), [1, 0.5]], ["16-bit numbers", new Int16Array([-1, 300]), [-1, 300]], ["64-bit numbers", new BigInt64Array([1n, -(2n ** 60n)]), [1, -(2n ** 60n)]],
    ["an object with many fields", Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`k${i}`, i]))],
    ["fields that were deleted", (() => { const o: Record<string, number> = { a: 1, b: 2 }; delete o["a"]; return o; })(), { b: 2 }],
    ["a sparse array", [1, , 3], [1, null, 3]], // eslint-disable-line no-sparse-arrays
  ])("%s", (_, value, expected = value) => {
    const out = round(value);
    expect(out).toEqual(expected === undefined ? null : expected);
    if (Object.is(value, -0)) expect(Object.is(out, -0)).toBe(true);
  });

  test("integers are integers of the guest", () => {
    const vm = createVM();
    for (const [value, type] of [[1, "i32"], [2 ** 40, "i64"], [1.5, "f64"], [2n ** 63n, "u64"], ["x", "string"], [[], "array"], [{}, "object"], [new Uint8Array(1), "buffer"]] as const) {
      vm.globals.set("value", value);
      expect(vm.eval("typeof(value)")).toBe(type);
    }
  });

  test("rows have one shape and keep their order", () => {
    const rows = Array.from({ length: 300 }, (_, i) => ({ id: i, name: `row ${i}`, at: { x: i, y: -i } }));
    expect(round(rows)).toEqual(rows);
    expect(Object.keys((round(rows) as object[])[0]!)).toEqual(["id", "name", "at"]);
  });

  test("objects with ever new keys do not make shapes for ever", () => {
    const vm = createVM({ memory: 4 << 20 });
    for (let i = 0; i < 3000; i++) vm.globals.set("value", { [`key${i}`]: { [`inner${i}`]: 1 } });
    vm.collect();
    expect(vm.stats().liveBytes).toBeLessThan(2 << 20);
    vm.verifyHeap();
  });
});

describe("into Lisp and out", () => {
  test.each<[string, unknown, unknown?]>([
    ["null", null], ["a bool", false], ["an integer", 7], ["a large integer", 2n ** 100n], ["a fraction", 0.25], ["a text", "x"], ["an array", [1, [2], []]],
    ["an object", { a: 1, b: [{ c: 2 }] }], ["a map by other keys", new Map<unknown, unknown>([[1, "x"], [2, "y"]])], ["a map by texts", new Map([["a", 1]]), { a: 1 }],
    ["bytes", new Uint8Array([1, 2])], ["doubles", new Float64Array([1, 2.5])], ["integers", new Int32Array([1, -2]), new BigInt64Array([1n, -2n])], ["a set", new Set([1, 2]), [1, 2]],
    ["a date", new Date(5), 5],
  ])("%s", (_, value, expected = value) => expect(round(value, "lisp")).toEqual(expected));

  test("objects are maps by keywords, arrays are lists", () => {
    const vm = createVM({ languages: [lisp] });
    vm.globalsOf("lisp").set("value", { a: [1, 2] });
    expect(vm.run("value", { language: "lisp" })).toEqual({ status: "done", value: "{:a (1 2)}" });
  });

  test("what only Lisp has comes out as data", () => {
    const vm = createVM({ languages: [lisp] }), value = (text: string): unknown => vm.eval(text, { language: "lisp" });
    expect(value("(list 'symbol :keyword #\\x 1/3 (vector 1 2) (make-rectangular 1 2))")).toEqual(["symbol", "keyword", "x", { numerator: 1, denominator: 3 }, [1, 2], { real: 1, imaginary: 2 }]);
    expect(value("(begin (define-record-type point (make-point x y) point? (x point-x) (y point-y)) (make-point 1 2))")).toEqual({ x: 1, y: 2 });
    expect(value("(cons 1 2)")).toEqual({ items: [1], tail: 2 });
    expect(value("(values 1 2)")).toEqual([1, 2]);
    expect(value('(hash-map :a 1 "b" 2)')).toEqual({ a: 1, b: 2 });
    expect(value('(hash-map :a 1 "a" 2)')).toBeInstanceOf(Map);
  });
});

describe("sharing and cycles", () => {
  test("stay as they are", () => {
    const shared = { n: 1 }, value = { a: shared, b: shared, list: [] as unknown[] };
    value.list.push(value);
    const out = round(value) as typeof value;
    expect(out.a).toBe(out.b);
    expect(out.list[0]).toBe(out);
    const lisp = round([shared, shared], "lisp") as unknown[];
    expect(lisp[0]).toBe(lisp[1]);
  });

  test("of scripts come out", () => {
    const out = createVM().eval("let a = [1]; a.push(a); let o = { a: a, me: null }; o.me = o; o") as { a: unknown[]; me: unknown };
    expect(out.me).toBe(out);
    expect(out.a[1]).toBe(out.a);
  });

  test("have no place in Lisp's immutable data", () => {
    const value: unknown[] = [];
    value.push([value]);
    expect(() => round(value, "lisp")).toThrow(/value\[0\]\[0\]: a value inside of itself cannot be copied/);
    const vm = createVM({ languages: [lisp] });
    expect(() => vm.eval("(let ((l (list 1 2 3))) (set-cdr! (cddr l) (cdr l)) l)", { language: "lisp" })).toThrow(/a circular list/);
  });
});

describe("what is refused", () => {
  class Point { readonly x = 1; }
  test.each<[string, unknown, RegExp]>([
    ["a function", () => 1, /a function cannot be copied/], ["a symbol", Symbol("x"), /a symbol cannot/], ["an instance of a class", new Point(), /an instance of Point cannot/],
    ["an error", new Error("x"), /an instance of Error cannot/], ["a promise", Promise.resolve(1), /a promise cannot/], ["a regular expression", /x/, /an instance of RegExp/],
    ["a weak map", new WeakMap(), /an instance of WeakMap/], ["a bigint beyond 64 bits", 2n ** 64n, /a bigint beyond 64 bits/],
  ])("%s, with its place", (_, value, message) => {
    expect(() => round({ rows: [0, { x: value }] })).toThrow(message);
    expect(() => round({ rows: [0, { x: value }] })).toThrow(/^value\.rows\[1\]\.x: /);
    expect(() => round({ rows: [value] })).toThrow(CopyError);
  });

  test("accessors never run", () => {
    let ran = 0;
    const trap = { get x(): number { ran++; return 1; } }, list = [1];
    Object.defineProperty(list, 0, { get: () => { ran++; return 1; }, enumerable: true });
    for (const language of ["hemlock", "lisp"] as const) {
      expect(() => round({ deep: trap }, language)).toThrow(/value\.deep(?:\.x)?: 'x' is an accessor/);
      expect(() => round(list, language)).toThrow(/'0' is an accessor/);
    }
    expect(ran).toBe(0);
  });

  test("accessors without a getter are no data either, and what is inherited is none of an array's", () => {
    const list = [1, 2];
    Object.defineProperty(list, 1, { set: () => {}, enumerable: true });
    const inherits = Object.setPrototypeOf([1, , 3], Object.create(Array.prototype, { 1: { value: "inherited" } })) as unknown[]; // eslint-disable-line no-sparse-arrays
    for (const language of ["hemlock", "lisp"] as const) {
      expect(() => round(list, language)).toThrow(/'1' is an accessor/);
      expect(round(inherits, language)).toEqual([1, null, 3]);
    }
  });

  test("toJSON, then and inherited fields mean nothing", () => {
    const called: string[] = [];
    const prototypeless = Object.create(null) as Record<string, unknown>;
    prototypeless["value"] = 1;
    expect(() => round({ toJSON() { called.push("toJSON"); return 1; } })).toThrow(/\.toJSON: a function cannot/);
    expect(() => round({ then() { called.push("then"); } })).toThrow(/\.then: a function cannot/);
    expect(() => round(Object.create({ inherited: 1 }))).toThrow(CopyError);
    expect(round(prototypeless)).toEqual({ value: 1 });
    expect(called).toEqual([]);
  });

  test("depth and size", () => {
    let deep: unknown = 1;
    for (let i = 0; i < 501; i++) deep = [deep];
    expect(() => round(deep)).toThrow(/more than 500 levels deep/);
    expect(() => round(deep, "lisp")).toThrow(/more than 500 levels deep/);
    expect(() => round(new Array(1_000_000_000))).toThrow(/more than 10000000 values/);
    expect(() => round([1, 2, 3], "hemlock", { copy: { maxValues: 3 } })).toThrow(/more than 3 values/);
    const vm = createVM();
    expect(() => vm.eval("let a = []; for (let i = 0; i < 2000; i++) { a = [a]; } a")).toThrow(/more than 500 levels deep/);
    expect(vm.eval("1")).toBe(1);
  });

  test("more than memory holds, and the VM goes on", () => {
    const vm = createVM({ memory: 4 << 20 });
    expect(() => vm.globals.set("big", "x".repeat(8 << 20))).toThrow(MemoryLimitError);
    expect(() => vm.globals.set("big", new Uint8Array(8 << 20))).toThrow(MemoryLimitError);
    expect(() => vm.globals.set("big", Array.from({ length: 1_000_000 }, (_, i) => ({ i })))).toThrow(MemoryLimitError);
    vm.verifyHeap();
    expect(vm.globals.has("big")).toBe(false);
    expect(vm.eval("1 + 1")).toBe(2);
  });

  test("as the result of a host function, as an exception that scripts can catch", () => {
    const vm = createVM({ memory: 4 << 20, functions: { big: () => "x".repeat(8 << 20), odd: () => new Point() } });
    expect(vm.eval('let r = ""; try { big(); } catch (e) { r = e; } r')).toBe("out of memory");
    expect(vm.eval('try { odd(); } catch (e) { r = e; } r')).toMatch(/an instance of Point/);
  });
});

test("copying keeps what it makes alive", () => {
  const value = { rows: [{ a: "text", b: [1, { c: "more" }] }, { a: "text", b: [] }], bytes: new Uint8Array([1, 2]), at: new Date(5) }, stress = { gcStress: 1, verifyHeap: true, poison: true };
  const expected = { ...value, at: 5 };
  expect(round(value, "hemlock", stress)).toEqual(expected);
  expect(round(value, "lisp", { gcStress: 1, poison: true, languages: [lisp] })).toEqual(expected);
});

describe.each(["hemlock", "lisp"] as const)("rows in %s", (language) => {
  test("of several kinds in turn, with others inside", () => {
    const rows = Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? { id: i, at: { x: i, y: { z: 1 } } } : i % 3 === 1 ? { b: "b", a: [{ x: 1, y: 2 }], c: null } : { id: i, at: "text" }));
    for (const options of [{}, { gcStress: 1, poison: true }, { gcStep: 1, poison: true }]) expect(round(rows, language, options)).toEqual(rows);
  });

  test("of more kinds than are remembered, and of many keys", () => {
    const rows = Array.from({ length: 60 }, (_, i) => Object.fromEntries(Array.from({ length: i * 3 }, (_, k) => [`k${(k * 7919) % 181}`, k])));
    expect(round([...rows, ...rows], language)).toEqual([...rows, ...rows]);
  });

  test("keys that are the same in UTF-8: the last one counts", () => {
    const shared = [1, [2]], value = [{ "\ud800": shared, "\udc00": { n: shared } }, { "\ud800": 1, "\udc00": 2 }, shared];
    for (const options of [{}, { gcStress: 1, poison: true, verifyHeap: true }, { gcStep: 1, poison: true }]) expect(round(value, language, options)).toEqual([{ "\ufffd": { n: shared } }, { "\ufffd": 2 }, shared]);
  });

  test("of a shape that was there in no other VM", () => {
    const keys = ["__proto__", "constructor", "0", "a b"], row = JSON.parse(`{${keys.map((key) => `${JSON.stringify(key)}: 1`).join()}}`) as object;
    const out = round([row, row, { ...row }], language) as object[];
    for (const each of out) expect(Object.keys(each).sort()).toEqual([...keys].sort());
    expect(Object.getPrototypeOf(out[2])).toBe(Object.prototype);
  });
});

test("entries of a map that have the same key in Lisp, whose parts are shared with others", () => {
  const lost = ["lost", [1]], value = [new Map<unknown, unknown>([[[1], lost], [[1], new Map<unknown, unknown>([[[2], lost], [[2], 1]])]]), lost, lost];
  for (const options of [{}, { gcStress: 1, poison: true, verifyHeap: true }, { gcStep: 1, poison: true }]) {
    const [, first, second] = round(value, "lisp", options) as unknown[];
    expect(first).toEqual(lost);
    expect(second).toBe(first);
  }
});

describe("attacks of scripts", () => {
  const polluted = (): boolean => ({} as { polluted?: unknown }).polluted !== undefined;

  test("keys that mean something to the host are plain data", () => {
    const out = createVM().eval('let o = "{\\"__proto__\\": {\\"polluted\\": 1}, \\"constructor\\": 2, \\"toString\\": 3, \\"hasOwnProperty\\": 4}".deserialize(); o') as Record<string, unknown>;
    expect(Object.getPrototypeOf(out)).toBe(Object.prototype);
    expect(Object.keys(out)).toEqual(["__proto__", "constructor", "toString", "hasOwnProperty"]);
    expect(Object.getOwnPropertyDescriptor(out, "__proto__")?.value).toEqual({ polluted: 1 });
    expect((out as { polluted?: unknown }).polluted).toBeUndefined();
    expect(polluted()).toBe(false);
  });

  test("they go in as data too", () => {
    const value = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 5}') as object;
    for (const language of ["hemlock", "lisp"] as const) {
      const out = round(value, language) as object;
      expect(Object.getOwnPropertyDescriptor(out, "__proto__")?.value).toEqual({ polluted: 1 });
      expect(Object.getPrototypeOf(out)).toBe(Object.prototype);
    }
  });

  test("a then of the guest is not called", async () => {
    const vm = createVM(), out = vm.eval("let o = { then: fn(resolve) { resolve(666); } }; o") as { then: unknown };
    expect(typeof out.then).toBe("object");
    expect(await Promise.resolve(out)).toBe(out);
    expect(await vm.eval("let f = fn() { return 1; }; f")).toMatchObject({ type: "function" });
  });

  test("getters and proxies of the host are not reached through arguments", () => {
    const seen: object[] = [], vm: BoxelderVm = createVM({ functions: { look: (value: object) => void seen.push(value) } });
    expect((vm.run("look({ a: 1 });")).status).toBe("done");
    expect(Object.getOwnPropertyDescriptor(seen[0]!, "a")).toEqual({ value: 1, writable: true, enumerable: true, configurable: true });
  });

  test("a proxy that throws is an error, not a crash", () => {
    const vm = createVM({ functions: { trap: () => new Proxy({}, { ownKeys() { throw new Error("trapped"); } }) } });
    expect((vm.run("trap();") as RunFailure).message).toBe("trapped");
  });
});
