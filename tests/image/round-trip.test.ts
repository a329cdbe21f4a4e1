// Freezing and going on: an image is the whole VM, wherever it was made.

import { describe, expect, test } from "vitest";
import { library, type BoxelderVm, type Host, type RunResult } from "../support/library.ts";

/** A host that collects what scripts write. */
function recorder(): { readonly host: Partial<Host>; text(): string } {
  const parts: string[] = [];
  return { host: { write: (data) => void parts.push(new TextDecoder().decode(data)) }, text: () => parts.join("") };
}

const LOOP = `
  let total = 0; let words = [];
  for (let i = 0; i < 5000; i++) { total = total + i; if (i % 1000 == 0) { words.push("at " + i); print(words.length); } }
  let b = buffer(16); b[3] = 7; let p = alloc(64); ptr_write_i32(p, 41);
  print(total); print(words.join(","));
`;

/** Goes on with `fuel` at a time to the end, through `next` at each stop. */
function toTheEnd(vm: BoxelderVm, first: RunResult, fuel: number, next: (vm: BoxelderVm) => BoxelderVm = (same) => same): { vm: BoxelderVm; result: RunResult } {
  let result = first;
  while (result.status === "error" && result.kind === "outOfFuel") {
    vm = next(vm);
    result = vm.resume(fuel);
  }
  return { vm, result };
}

/** The image of a VM restored from an image: the same, with empty inline caches, and nothing where nothing lives. */
const settled = (image: Uint8Array | readonly Uint8Array[]): Uint8Array => library.restoreVM(image, { poison: true, languages: [library.lisp] }).snapshot();

describe("an image", () => {
  test("made between runs has everything that was defined", () => {
    const out = recorder(), vm = library.createVM({ host: out.host });
    vm.run(`let a = [1, 2]; let o = { name: "n" }; fn inc(x) { a.push(x); return a.length; } let p = alloc(16); let b = buffer(8); b[1] = 200;`);
    const next = library.restoreVM(vm.snapshot(), { host: out.host });
    expect(next.run(`print(inc(5)); o.more = 1; print(o.name + o.more); ptr_write_i32(p, 77); print(ptr_deref_i32(p)); print(b[1]);`)).toMatchObject({ status: "done" });
    expect(out.text()).toBe("3\nn1\n77\n200\n");
    next.verifyHeap();
    expect(vm.run("print(a.length);")).toMatchObject({ status: "done" });
    expect(out.text().endsWith("2\n")).toBe(true);
  });

  test("made in the middle of a loop goes on there, also twice", () => {
    const whole = recorder();
    library.createVM({ host: whole.host }).run(LOOP);
    const out = recorder(), vm = library.createVM({ host: out.host, fuel: 2500 }), stopped = vm.run(LOOP), image = vm.snapshot(), before = out.text();
    expect(stopped).toMatchObject({ kind: "outOfFuel" });
    for (let i = 0; i < 2; i++) {
      const again = recorder(), { result } = toTheEnd(library.restoreVM(image, { host: again.host }), stopped, 100);
      expect(result).toMatchObject({ status: "done" });
      expect(before + again.text()).toBe(whole.text());
    }
  });

  test("made at every stop changes nothing: the last world is the same to the bit", () => {
    const plain = library.createVM({ fuel: 700 }), frozen = library.createVM({ fuel: 700 });
    const a = toTheEnd(plain, plain.run(LOOP), 700), b = toTheEnd(frozen, frozen.run(LOOP), 700, (vm) => library.restoreVM(vm.snapshot()));
    expect(Buffer.compare(settled(a.vm.snapshot()), settled(b.vm.snapshot()))).toBe(0);
  });

  test("made while a choice of restarts is open offers the same", () => {
    const vm = library.createVM({ languages: [library.lisp] }), asked = vm.run("(+ 1 (undefined-function 2))", { language: "lisp", repl: true });
    expect(asked).toMatchObject({ kind: "uncaught" });
    if (asked.status !== "error") return;
    const index = asked.restarts.findIndex(({ name }) => name === "use-value");
    const next = library.restoreVM(vm.snapshot(), { languages: [library.lisp] });
    expect(next.restart(index, "41")).toEqual(vm.restart(index, "41"));
  });

  test("asks for the languages of its VM", () => {
    const image = library.createVM({ languages: [library.lisp] }).snapshot();
    expect(() => library.restoreVM(image)).toThrow(expect.objectContaining({ name: "ImageError", code: "missing", names: ["lisp"] }));
    expect(() => library.restoreVM(image)).toThrow('the image is of a VM with the language \'lisp\': import { lisp } from "boxelder/lisp"');
    expect(library.restoreVM(image, { languages: [library.lisp] }).run("(+ 1 2)", { language: "lisp" })).toEqual({ status: "done", value: "3" });
  });

  test("holds continuations, maps, macros and weak things of Lisp", () => {
    const source = `(define k #f) (define count 0) (defmacro twice (x) \`(begin ,x ,x)) (define m {:a 1 :b (list 1 2/3 10000000000000000000)})
      (define (note) (set! count (+ count 1)) (call/cc (lambda (c) (set! k c) count)))  (note)`;
    const vm = library.createVM({ languages: [library.lisp] });
    expect(vm.run(source, { language: "lisp" })).toMatchObject({ status: "done" });
    const next = library.restoreVM(vm.snapshot(), { languages: [library.lisp] });
    expect(next.run("(begin (twice (set! count (+ count 10))) (list count m))", { language: "lisp" })).toMatchObject({ status: "done", value: "(21 {:a 1 :b (1 2/3 10000000000000000000)})" });
    expect(next.run("(define + -) (+ 5 3)", { language: "lisp" })).toMatchObject({ value: "2" });
    const again = library.restoreVM(next.snapshot(), { languages: [library.lisp] });
    expect(again.run("(+ 5 3)", { language: "lisp" })).toMatchObject({ value: "2" });
    expect(again.run("(define (f x) (raise x)) (f 'oops)", { language: "lisp" })).toMatchObject({ kind: "uncaught" });
  });

  test("knows where its program stands in the source", () => {
    const vm = library.createVM();
    vm.run("fn boom() {\n  throw \"x\";\n}", { name: "first.hml" });
    const next = library.restoreVM(vm.snapshot()), result = next.run("boom();", { name: "second.hml" });
    expect(result).toMatchObject({ kind: "uncaught", trace: [{ name: "boom", source: "first.hml", line: 2 }, { source: "second.hml", line: 1 }] });
  });

  test("knows the modules that ran", () => {
    const out = recorder(), read: string[] = [];
    const modules = { resolve: (request: string) => request, read: (path: string) => { read.push(path); return `print("once"); export let shared = [1]; export fn add(x) { shared.push(x); return shared.length; }`; } };
    const vm = library.createVM({ host: out.host, modules });
    expect(vm.run(`import { add } from "m"; print(add(2));`)).toMatchObject({ status: "done" });
    const next = library.restoreVM(vm.snapshot(), { host: out.host, modules });
    expect(next.run(`import { add } from "m"; print(add(3));`, { repl: true })).toMatchObject({ status: "done" });
    expect(out.text()).toBe("once\n2\n3\n");
    expect(read).toEqual(["m"]);
  });

  test("keeps its limits unless others are given", () => {
    const vm = library.createVM({ memory: 2 << 20, stackDepth: 50, fuel: 100_000, seed: 7 });
    vm.run("fn deep(n) { return n == 0 ? 0 : 1 + deep(n - 1); }");
    const image = vm.snapshot(), deep = (options = {}) => library.restoreVM(image, options).run("deep(100);");
    expect(deep()).toMatchObject({ kind: "uncaught" });
    expect(deep({ stackDepth: 200 })).toMatchObject({ status: "done" });
    expect(library.restoreVM(image).stats().maxBytes).toBe(2 << 20);
    expect(library.restoreVM(image, { memory: 8 << 20 }).stats().maxBytes).toBe(8 << 20);
    expect(library.restoreVM(image).run("while (true) {}")).toMatchObject({ kind: "outOfFuel" });
    expect(library.restoreVM(image, { memory: 256 << 10 }).run("let s = \"x\"; while (true) { s = s + s; }")).toMatchObject({ kind: "uncaught", message: "out of memory" });
    expect(() => library.restoreVM(image, { memory: 64 << 10 })).toThrow(expect.objectContaining({ name: "ImageError", code: "limits" }));
  });

  test("goes on in the compiled loop too", () => {
    const vm = library.createVM({ loop: "wasm", fuel: 2500 }), stopped = vm.run(LOOP);
    for (const loop of ["wasm", "js"] as const) expect(toTheEnd(library.restoreVM(vm.snapshot(), { loop }), stopped, 5000).result).toMatchObject({ status: "done" });
    expect(toTheEnd(vm, stopped, 1000).result).toMatchObject({ status: "done" });
  });
});

describe("a delta", () => {
  test("has what changed, and the chain is the same to the bit as a whole image", () => {
    let vm = library.createVM({ fuel: 500 });
    let result = vm.run(LOOP);
    const chain = [vm.snapshot()];
    for (let i = 0; i < 4; i++) {
      result = vm.resume(600);
      chain.push(vm.snapshot({ since: chain }));
      const whole = vm.snapshot(), joined = library.restoreVM(chain, { languages: [library.lisp] });
      expect(chain.at(-1)!.length).toBeLessThan(whole.length / 2);
      expect(Buffer.compare(joined.snapshot(), library.restoreVM(whole).snapshot())).toBe(0);
      if (i === 1) vm = joined;
    }
    expect(toTheEnd(library.restoreVM(chain, { languages: [library.lisp] }), result, 1000).result).toMatchObject({ status: "done" });
  });

  test("belongs to its chain", () => {
    const vm = library.createVM(), base = vm.snapshot();
    vm.run("let a = 1;");
    const first = vm.snapshot({ since: base });
    vm.run("let b = 2;");
    const second = vm.snapshot({ since: [base, first] });
    for (const chain of [[first], [base, second], [base, first, first], [base, base], [first, base], []]) {
      expect(() => library.restoreVM(chain, { languages: [library.lisp] })).toThrow(expect.objectContaining({ code: "base" }));
    }
    expect(library.restoreVM([base, first, second]).run("assert(a + b == 3);")).toMatchObject({ status: "done" });
  });
});

describe("a fork", () => {
  test("goes its own way", () => {
    const one = recorder(), two = recorder(), vm = library.createVM({ host: one.host, fuel: 2500 }), stopped = vm.run(LOOP), before = one.text();
    const twin = vm.fork({ host: two.host });
    expect(toTheEnd(vm, stopped, 300).result).toEqual(toTheEnd(twin, stopped, 900).result);
    expect(before + two.text()).toBe(one.text());
    expect(twin.run("total = 1;")).toMatchObject({ status: "done" });
    expect(vm.run("assert(total == 12497500);")).toMatchObject({ status: "done" });
  });

  test("of a fork, of a VM nothing ran in, of one with raw memory", () => {
    const vm = library.createVM({ memory: 4 << 20, languages: [library.lisp] }), twin = vm.fork().fork();
    expect(twin.run("(+ 1 2)", { language: "lisp" })).toMatchObject({ value: "3" });
    vm.run("let p = alloc(32); memset(p, 9, 32);");
    const third = vm.fork();
    third.run("free(p);");
    expect(vm.run("assert(ptr_deref_u8(p) == 9);")).toMatchObject({ status: "done" });
    expect(third.run("ptr_deref_u8(p);")).toMatchObject({ kind: "uncaught" });
  });
});

describe("a VM that cannot be frozen says so", () => {
  test("while its script runs", () => {
    let caught: unknown;
    const vm: BoxelderVm = library.createVM({ host: { write() { try { vm.snapshot(); } catch (error) { caught = error; } } } });
    vm.run("print(1);");
    expect(caught).toMatchObject({ name: "ImageError", code: "busy" });
    expect(() => vm.snapshot()).not.toThrow();
  });

  test("on the tree engine", () => {
    const vm = library.createVM({ engine: library.tree });
    expect(() => vm.snapshot()).toThrow(expect.objectContaining({ code: "engine" }));
    expect(() => vm.fork()).toThrow(expect.objectContaining({ code: "engine" }));
    expect(() => library.restoreVM(library.createVM().snapshot(), { engine: library.tree })).toThrow(expect.objectContaining({ code: "engine" }));
  });
});

describe("compression", () => {
  test("makes images smaller and gives them back", async () => {
    const image = library.createVM().snapshot(), small = await library.compressImage(image);
    expect(small.length).toBeLessThan(image.length / 2);
    expect(Buffer.compare(await library.expandImage(small), image)).toBe(0);
    expect(await library.expandImage(image)).toBe(image);
    expect(() => library.restoreVM(small)).toThrow(expect.objectContaining({ code: "format" }));
  });

  test("of damaged bytes is refused, and never gives more than it says", async () => {
    const small = await library.compressImage(library.createVM().snapshot());
    const changed = (change: (bytes: Uint8Array, words: Int32Array) => void): Uint8Array => {
      const copy = small.slice();
      change(copy, new Int32Array(copy.buffer));
      return copy;
    };
    for (const bad of [changed((bytes) => { bytes[500]! ^= 8; }), changed((_, words) => { words[8] = 4096; }), changed((_, words) => { words[9]! -= 8; }), small.subarray(0, 400)]) {
      await expect(library.expandImage(bad)).rejects.toThrow(expect.objectContaining({ name: "ImageError" }));
    }
  });
});

test("an image describes itself", () => {
  const vm = library.createVM({ fuel: 700, memory: 8 << 20 });
  vm.run(LOOP, { name: "loop.hml" });
  const image = vm.snapshot();
  expect(library.describeImage(image)).toMatchObject({ bytes: image.length, format: 1, engine: "vm", languages: ["hemlock"], isDelta: false, parked: "fuel", memory: 8 << 20 });
  expect(library.describeImage(image).sources.at(-1)).toBe("loop.hml");
});
