// What the bundles carry ready-made: the library world, the text it is carried as, and the compiled loop.

import { describe, expect, test } from "vitest";
import { Heap } from "../../heap/heap.ts";
import { prebuild, unpack } from "../../src/library-world.ts";
import { loopModule } from "../../src/wasm/loop/module.ts";
import { decodeWorld, encodeWorld } from "../../src/world-text.ts";
import { debug, library } from "../support/library.ts";
import { Random } from "../support/random.ts";
import { read } from "../support/sources.ts";

describe("worlds as text", () => {
  const random = new Random(1);
  const bytes = (length: number, zeros: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (random.chance(zeros) || (i >> 9) % 3 === 1 ? 0 : random.below(256)));
  test.each([[0, 0], [4, 1], [4, 0], [4096, 1], [4096, 0], [40_960, 0.5], [40_960, 0.9], [600_000, 0.99]])("%d bytes, %d of them zero", (length, zeros) => {
    const image = bytes(length, zeros);
    expect(Buffer.compare(decodeWorld(encodeWorld(image)), image)).toBe(0);
  });
  test("a damaged text is noticed", () => {
    const text = encodeWorld(bytes(4096, 0.5));
    expect(() => decodeWorld(text.slice(0, -8))).toThrow(/damaged/);
  });
});

const made = prebuild();

test.each(["hemlock", "lisp"] as const)("the world with the library of %s is sound, and nothing in it is waste", (libraries) => {
  const heap = Heap.fromImage(unpack(made, libraries).world);
  heap.collect("test");
  heap.verify();
  expect(made[libraries].length, "free memory is blank").toBeLessThan({ hemlock: 50_000, lisp: 400_000 }[libraries]);
});

test("a world of another build is refused", () => {
  expect(() => unpack({ ...made, fingerprints: { hemlock: "0", lisp: "0" } }, "hemlock")).toThrow(/another build/);
});

test("bundles carry the worlds that the same sources give, and go on from them", () => {
  for (const file of ["index.js", "debug.js"]) for (const world of [made.hemlock, made.lisp]) expect(read(`dist/${file}`).includes(world)).toBe(true);
  for (const build of [library, debug]) {
    expect(build.createVM({ verifyHeap: true, poison: true, gcStress: 1 }).run("[3, 1].map(fn(x) { return x + 1; });")).toEqual({ status: "done", value: "[4, 2]" });
    expect(build.createVM({ languages: ["lisp"] }).run("(map (lambda (x) (+ x 1)) '(3 1))", { language: "lisp" })).toEqual({ status: "done", value: "(4 2)" });
  }
});

test("a VM made for one language learns the other when it runs it", () => {
  const vm = library.createVM();
  expect(vm.run("let a = 1; a;")).toEqual({ status: "done", value: "1" });
  expect(vm.run("(define a 2) (+ a 3)", { language: "lisp" })).toEqual({ status: "done", value: "5" });
  expect(vm.run("a;")).toEqual({ status: "done", value: "1" });
});

test("bundles carry the compiled loop, and not what makes it", () => {
  const loop = Buffer.from(loopModule()).toString("base64");
  for (const file of ["index.js", "debug.js"]) {
    expect(read(`dist/${file}`)).toContain(loop);
    expect(read(`dist/${file}`)).not.toContain("encodeModule");
  }
});
