// A world of Lisp starts without most of its library. That the rest comes when it is named must not show: in names and values,
// when memory runs out meanwhile, in copies and images.

import { describe, expect, test } from "vitest";
import { reseal } from "../../../src/image/container.ts";
import { lispNativeGlobals, lispSources } from "../../../src/lisp-services.ts";
import { debug, library, type BoxelderVm } from "../../support/library.ts";

const LISP = { language: "lisp" } as const;
const newVm = (options: Parameters<typeof library.createVM>[0] = {}, build = library): BoxelderVm => build.createVM({ languages: [build.lisp], ...options });
const valueOf = (vm: BoxelderVm, text: string): string => {
  const result = vm.run(text, LISP);
  return result.status === "done" ? result.value : result.message;
};

const NATIVES = [...new Set(lispNativeGlobals().map(([name]) => name.slice("lisp:".length)))];
const FUNCTIONS = [...new Set(lispSources().flatMap(({ text }) => Array.from(text.matchAll(/^\(define \(([^\s()]+)/gm), (match) => match[1]!)))];
const PUBLIC = [...NATIVES, ...FUNCTIONS].filter((name) => !name.startsWith("%"));

describe("names", () => {
  test("all are defined in a young world, and stay so", () => {
    const vm = newVm();
    const known = new Set(vm.globalsOf("lisp").names());
    expect(PUBLIC.filter((name) => !known.has(name))).toEqual([]);
    expect(PUBLIC.every((name) => vm.globalsOf("lisp").has(name))).toBe(true);
    expect(PUBLIC.length).toBeGreaterThan(700);
    expect(valueOf(vm, PUBLIC.map((name) => `|${name}|`).join(" ") + " 1")).toBe("1");
    expect(new Set(vm.globalsOf("lisp").names())).toEqual(known);
  });

  test("each by itself, in a world that collects at every allocation, is a procedure of that name", () => {
    const young = newVm({ verifyHeap: true, poison: true }, debug);
    FUNCTIONS.forEach((name, i) => {
      const vm = young.fork({ ...(i % 16 === 0 ? { gcStress: 1 } : {}) });
      expect(valueOf(vm, `(procedure? |${name}|)`), name).toBe("#t");
    });
  });

  test("two names of one function are the same function, whichever comes first", () => {
    for (const text of ["(eq? map mapcar)", "(eq? mapcar map)", "(define old mapcar) (define (map f l) 1) (and (eq? old mapcar) (not (eq? old map)))"]) expect(valueOf(newVm(), text)).toBe("#t");
    expect(valueOf(newVm(), "(define (map f l) 1) (mapcar - '(1 2))")).toBe("(-1 -2)");
    expect(valueOf(newVm(), "(define (mapcar f l) 1) (map - '(1 2))")).toBe("(-1 -2)");
  });

  test("what the engine calls by itself comes in the midst of an instruction", async () => {
    const vm = newVm({ verifyHeap: true, poison: true, gcStress: 1, functions: { later: async (x: unknown) => Promise.resolve((x as number) + 1) } }, debug);
    expect(await vm.runAsync("(list (later 1) (later 2))", LISP)).toEqual({ status: "done", value: "(2 3)" });
    expect(valueOf(vm, "(define (not x) 5) (define (f x) (if (not (pair? x)) 1 2)) (f 1)")).toBe("1");
    expect(valueOf(vm, "(define k0 nil) (define n 0) (begin (call/cc (lambda (k) (set! k0 k))) (set! n (+ n 1)) (when (< n 3) (k0 1)) n)")).toBe("3");
    expect(valueOf(vm, "(with-exception-handler (lambda (e) 7) (lambda () (+ 1 (raise-continuable 1))))")).toBe("8");
  });

  test("a host reads, replaces and deletes what nobody has named", () => {
    const vm = newVm(), globals = vm.globalsOf("lisp");
    expect(globals.delete("filter")).toBe(true);
    expect(globals.has("filter")).toBe(false);
    expect(valueOf(vm, "filter")).toMatch(/filter/);
    globals.set("reverse", 5);
    expect(valueOf(vm, "(+ reverse 1)")).toBe("6");
    expect(globals.handle("sort-by")).toBeDefined();
    expect(valueOf(newVm(), "(define + -) (+ 5 3)")).toBe("2");
  });
});

const PROGRAM = "(define p (async/spawn (lambda () (map (lambda (x) (* x x)) (sort-by - '(1 2 3)))))) (list (async/await p) (foldl + 0 '(1 2 3)) (call/cc (lambda (k) (k 7))))";
const VALUE = "((9 4 1) 6 7)";

describe("memory", () => {
  test("when an allocation fails that naming needs, the script gets an error and may try again", () => {
    let failed = 0;
    for (let n = 0; n < 60; n++) {
      const young = newVm({ verifyHeap: true, poison: true }, debug);
      valueOf(young, "1");
      const first = n * 7 + 1, vm = young.fork({ failAllocationAt: first });
      const text = valueOf(vm, PROGRAM);
      if (text !== VALUE) failed++;
      expect(text === VALUE || /out of memory/.test(text), text).toBe(true);
      expect(valueOf(vm.fork({ failAllocationAt: 0 }), PROGRAM)).toBe(VALUE);
    }
    expect(failed).toBeGreaterThan(10);
  });
});

describe("copies", () => {
  test("forks and images go on getting what they name", () => {
    const vm = newVm();
    valueOf(vm, "(define double (lambda (x) (* 2 x)))");
    for (const copy of [vm.fork(), library.restoreVM(vm.snapshot(), { languages: [library.lisp] })]) {
      expect(valueOf(copy, PROGRAM)).toBe(VALUE);
      expect(valueOf(library.restoreVM(copy.snapshot(), { languages: [library.lisp] }), "(filter even? (map double '(1 2)))")).toBe("(2 4)");
    }
  });

  test("what a world has does not depend on others", () => {
    // The fuel that is left is in the image, too.
    const imageOf = (): Uint8Array => {
      const vm = newVm({ fuel: 1e7 });
      valueOf(vm, PROGRAM);
      return vm.snapshot();
    };
    const first = imageOf();
    valueOf(newVm(), "(list/take-while even? '(2 4 5))");
    expect(Buffer.compare(imageOf(), first)).toBe(0);
  });

  test("an image that was made with another library is refused", () => {
    const image = newVm().snapshot(), at = Buffer.from(image).indexOf('"checksum":', Buffer.from(image).indexOf("<library text>")) + '"checksum":'.length;
    image[at] = image[at] === 49 ? 50 : 49;
    reseal(image);
    expect(() => library.restoreVM(image, { languages: [library.lisp] })).toThrow(/another version of <library text>/);
  });
});
