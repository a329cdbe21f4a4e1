// The compiled loop against the one in JavaScript, and what happens where it cannot be had.

import { afterEach, describe, expect, test, vi } from "vitest";
import { OPS } from "../../src/bytecode/opcodes.ts";
import { handlers } from "../../src/wasm/loop/module.ts";
import { platform } from "../../src/wasm/platform.ts";
import { library, type VmOptions } from "../support/library.ts";
import { read } from "../support/sources.ts";

afterEach(() => vi.unstubAllGlobals());

const MIB = 1024 * 1024;

/** All that can be seen of a run: output, outcome with its trace, and figures of the heap. Refuelled as often as it stops. */
function observe(source: string, options: VmOptions, refuel = 0): unknown {
  const written: string[] = [];
  const vm = library.createVM({ ...options, host: { write: (data) => void written.push(new TextDecoder().decode(data)) } });
  let result = vm.run(source, { name: "loop.hml" }), stops = 0;
  while (refuel > 0 && result.status === "error" && result.kind === "outOfFuel") {
    stops++;
    result = vm.resume(refuel);
  }
  vm.verifyHeap();
  const { worldBytes, rawBytes, collections, liveBytes } = vm.stats();
  return { written, result, stops, worldBytes, rawBytes, collections, liveBytes };
}

const PROGRAMS: { readonly [name: string]: string } = {
  "the world grows": "let a = []; for (let i = 0; i < 90000; i = i + 1) { a.push(\"x\" + i); } print(a.length, a[89999]);",
  "the world shrinks for raw memory": "fn junk() { let a = []; for (let i = 0; i < 30000; i = i + 1) { a.push({ i: i }); } return a.length; } print(junk()); let p = alloc(4000000); print(p != null); free(p); print(junk());",
  "memory runs out and is caught": "fn fill() { let a = []; while (true) { a.push([a.length, \"text\" + a.length]); } } for (let i = 0; i < 3; i = i + 1) { try { fill(); } catch (e) { print(e); } } print(1);",
  "memory runs out": "let a = []; while (true) { a.push({ next: a }); }",
  "the stack grows and overflows": "fn down(n) { if (n == 0) { return 0; } return 1 + down(n - 1); } print(down(9000)); try { down(20000); } catch (e) { print(e); } print(down(5));",
  "nobody catches": "fn third(o) { return o.missing; }\nfn second(x) {\n  return 1 + third({ x: x });\n}\nfor (let i = 0; i < 3; i = i + 1) {\n    second(i); }",
  "an index out of bounds": "let a = [1, 2];\nlet i = 0;\nwhile (true) {\n  i = i + a[i];\n}",
  "a fatal error": "let x: u8 = 1; for (let i = 0; i < 300; i = i + 1) { let y: u8 = i; x = y; }",
  "exceptions through frames": "fn f(n) { if (n % 3 == 0) { throw \"t\" + n; } return n; } let s = 0; for (let i = 0; i < 500; i = i + 1) { try { s = s + f(i); } catch (e) { s = s + e.length; } finally { s = s + 1; } } print(s);",
  "characters and bytes": "let n = 0; let w = \"\"; for (c in \"añb€c\") { w = c + w; n = n + i32(c); } for (c in \"plain\") { w = w + c; } let t = \"plain\"; for (let i = 0; i < t.length; i = i + 1) { n = n * 31 + i32(t[i]); } print(w, n, \"añb\"[1]);",
  "closures": "fn counter(a, b) { let n = 0; return fn(d) { n = n + d + a; return [n, b, fn() { return n + b; }]; }; } let c = counter(1, 2); let s = 0; for (let i = 0; i < 50; i = i + 1) { let r = c(i); s = s + r[0] + r[2](); } print(s);",
  "numbers of all kinds": "let z = 0.0; let n = z / z; print(n, -n, n + 1.0, 7 % 3, -7 % 3, 7 / 2, -2147483648 % -1, 2147483647 + 1, 1.5 * 2, 3000000000 + 1, 1 << 33, -1 >> 1, 5.5 % 2.0, sqrt(2), sqrt(-1.0), floor(-1.5), ceil(1.2), trunc(-1.7), sqrt(16), floor(n));",
  "comparisons": "for (a in [0, 1, 1.0, -0.0, null, true, false, 'a', \"a\", \"\", [], i64(1), u8(1)]) { for (b in [0, 1, 1.5, null, true, 'a', \"a\"]) { let r = [a == b, a != b]; try { r.push(a < b); r.push(a <= b); } catch (e) { r.push(e); } if (a) { r.push(1); } print(r); } }",
};
const LIMITS: VmOptions = { memory: 7 * MIB + 40_000, initialMemory: 1 };

describe("both loops do the same", () => {
  test.each(Object.keys(PROGRAMS))("when %s", (name) => {
    const expected = observe(PROGRAMS[name]!, { ...LIMITS, loop: "js" });
    expect(observe(PROGRAMS[name]!, { ...LIMITS, loop: "wasm" })).toEqual(expected);
    expect(observe(PROGRAMS[name]!, { ...LIMITS, loop: "auto" })).toEqual(expected);
  });

  test.each(Object.keys(PROGRAMS).filter((name) => !name.startsWith("memory")))("with a collection at every 5th allocation, when %s", (name) => {
    if (/grows|shrinks/.test(name)) return;
    const stress: VmOptions = { ...LIMITS, gcStress: 5, poison: true };
    expect(observe(PROGRAMS[name]!, { ...stress, loop: "wasm" })).toEqual(observe(PROGRAMS[name]!, { ...stress, loop: "js" }));
  });

  test.each([1, 2, 7, 50])("stopping at every %i units of fuel", (fuel) => {
    const source = "fn f(n) { let s = 0; for (let i = 0; i < n; i = i + 1) { s = s + (i > 1 ? f(i - 2) : 1); } return s; } let t = 0; let k = 0; while (k < 12) { t = t + f(k); k = k + 1; } print(t);";
    const expected = observe(source, { fuel, loop: "js" }, fuel) as { stops: number };
    expect(observe(source, { fuel, loop: "wasm" }, fuel)).toEqual(expected);
    expect(expected.stops).toBeGreaterThan(3);
  });

  test("for every instruction that the one in JavaScript does", () => {
    const own = handlers(), done = Object.values(OPS).filter((_, op) => own[op as keyof typeof own] !== undefined).map((info) => info.name);
    const cases = [...read("src/vm/interpreter.ts").matchAll(/^\s*case Op\.(\w+):/gm)].map((match) => match[1]!);
    expect(cases.filter((name) => !(done as string[]).includes(name))).toEqual([]);
  });
});

/** The host's WebAssembly, counting, and refusing memories from the n-th on. */
function observedPlatform(memories = Infinity): { modules: number; memories: number } {
  const real = platform()!, seen = { modules: 0, memories: 0 };
  vi.stubGlobal("WebAssembly", {
    Module: class { constructor(bytes: Uint8Array<ArrayBuffer>) { seen.modules++; return new real.Module(bytes); } },
    Memory: class { constructor(size: { initial: number }) {
      if (++seen.memories > memories) throw new RangeError("no address space");
      return new real.Memory(size);
    } },
    Instance: real.Instance,
  });
  return seen;
}

const GROWING = PROGRAMS["the world grows"]!;

describe("moving to the compiled loop", () => {
  test("happens in long runs only, and compiles once", () => {
    const seen = observedPlatform();
    observe("let i = 0; while (i < 1000) { i = i + 1; }", {});
    expect(seen).toEqual({ modules: 0, memories: 0 });
    for (let round = 0; round < 2; round++) observe("let i = 0; while (i < 100000) { i = i + 1; }", {});
    expect(seen).toEqual({ modules: 1, memories: 2 });
  });

  test("takes a new memory for each size of the world", () => {
    const seen = observedPlatform();
    observe(GROWING, { initialMemory: 1, loop: "wasm" });
    expect(seen.memories).toBeGreaterThan(2);
  });
});

describe("without the compiled loop", () => {
  const expected = observe(GROWING, { loop: "js", initialMemory: 1 });

  test("where there is no WebAssembly", () => {
    vi.stubGlobal("WebAssembly", undefined);
    expect(observe(GROWING, { initialMemory: 1 })).toEqual(expected);
    expect(() => library.createVM({ loop: "wasm" })).toThrow("the vm engine cannot run its compiled loop here");
  });

  test("where compiling is forbidden", () => {
    vi.stubGlobal("WebAssembly", { Module: class { constructor() { throw new Error("refused by the content security policy"); } } });
    expect(observe(GROWING, { initialMemory: 1 })).toEqual(expected);
    expect(() => library.createVM({ loop: "wasm" })).toThrow("the vm engine cannot run its compiled loop here");
  });

  test.each([0, 1, 2, 3])("after %i memories no address space is left", (memories) => {
    observedPlatform(memories);
    expect(observe(GROWING, { initialMemory: 1 })).toEqual(expected);
  });
});
