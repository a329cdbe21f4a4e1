// What the bundles carry ready-made: the library world, the text it is carried as, and the compiled loop.

import { describe, expect, test } from "vitest";
import { Heap } from "../../heap/heap.ts";
import { prebuild, unpack } from "../../src/library-world.ts";
import { lisp } from "../../src/lisp.ts";
import { entryFiles, entrySources } from "../../src/build/entry-files.ts";
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

const WORLDS = { hemlock: { made: prebuild([]), libraries: [], most: 50_000 }, lisp: { made: prebuild([lisp.library!]), libraries: [lisp.library!], most: 400_000 } };

test.each(["hemlock", "lisp"] as const)("the world with the library of %s is sound, and nothing in it is waste", (name) => {
  const { made, libraries, most } = WORLDS[name], heap = Heap.fromImage(unpack(made, libraries).world);
  heap.collect("test");
  heap.verify();
  expect(made.image.length, "free memory is blank").toBeLessThan(most);
});

test("a world of another build is refused", () => {
  expect(() => unpack({ ...WORLDS.hemlock.made, fingerprint: "0" }, [])).toThrow(/another build/);
});

const text = (entry: string): string => entryFiles(entry).map((file) => read(`dist/${file}`)).join("");

test("bundles carry the worlds that the same sources give, and go on from them", () => {
  for (const folder of ["", "debug/"]) for (const [entry, world] of [["index", "hemlock"], ["lisp", "lisp"]] as const) {
    expect(text(`${folder}${entry}.js`).includes(WORLDS[world].made.image)).toBe(true);
  }
  for (const build of [library, debug]) {
    expect(build.createVM({ verifyHeap: true, poison: true, gcStress: 1 }).run("[3, 1].map(fn(x) { return x + 1; });")).toEqual({ status: "done", value: "[4, 2]" });
    expect(build.createVM({ languages: [build.lisp] }).run("(map (lambda (x) (+ x 1)) '(3 1))", { language: "lisp" })).toEqual({ status: "done", value: "(4 2)" });
  }
});

test("a VM with two languages runs both in one world", () => {
  const vm = library.createVM({ languages: [library.lisp] });
  expect(vm.run("let a = 1; a;")).toEqual({ status: "done", value: "1" });
  expect(vm.run("(define a 2) (+ a 3)", { language: "lisp" })).toEqual({ status: "done", value: "5" });
  expect(vm.run("a;")).toEqual({ status: "done", value: "1" });
});

test("a language or engine that is not there is an error that names its import", () => {
  expect(() => library.createVM().run("1", { language: "lisp" })).toThrow('this VM has no language \'lisp\': import { lisp } from "boxelder/lisp"');
  expect(() => library.createVM({ languages: [library.lisp] }).check("1", { language: "cobol" })).toThrow("this VM has no language 'cobol': it has hemlock, lisp");
  expect(() => library.createVM({ engine: "tree" as "vm" })).toThrow('there is no engine \'tree\' here: import { tree } from "boxelder/tree"');
});

test("bundles carry the compiled loop, and not what makes it", () => {
  const loop = Buffer.from(loopModule()).toString("hex");
  for (const entry of ["index.js", "debug/index.js"]) {
    expect(text(entry)).toContain(loop);
    expect(entrySources(entry)).not.toContain("src/wasm/assembler.ts");
  }
});
