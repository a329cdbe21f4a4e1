// Limits of a run: time, output, an abort signal; natives that would take long; going on with more.

import { describe, expect, test } from "vitest";
import { PROBES } from "../../bench/probes.ts";
import type { RunFailure } from "../../src/index.ts";
import { library } from "../support/library.ts";
import { processorTime } from "../support/processor-time.ts";

const { createVM, lisp } = library;

const LANGUAGES = ["hemlock", "lisp"] as const;

describe.each(LANGUAGES)("probes in %s", (language) => {
  test.each(PROBES.filter(({ isMemory }) => isMemory === true))("$name stop at the memory limit", { timeout: 60_000 }, (probe) => {
    const vm = createVM({ memory: 8 << 20, languages: [lisp] });
    expect((vm.run(probe[language], { language }) as RunFailure).message).toMatch(/out of memory$/);
    const { worldBytes, rawBytes } = vm.stats();
    expect(worldBytes + rawBytes).toBeLessThanOrEqual(8 << 20);
    vm.verifyHeap();
    expect(vm.eval(language === "lisp" ? "(+ 1 1)" : "1 + 1", { language })).toBe(2);
  });

  test.each(PROBES.filter(({ isMemory }) => isMemory !== true))("$name stops at its time, and can go on", { timeout: 60_000 }, (probe) => {
    const vm = createVM({ memory: 32 << 20, languages: [lisp] });
    const first = vm.run(probe[language], { language, timeLimit: 100 }) as RunFailure;
    if (first.kind === "uncaught") expect(first.message).toMatch(/out of memory$/);
    else {
      expect(first.kind).toBe("timeLimit");
      expect(vm.resume({ timeLimit: 50 })).toMatchObject({ kind: "timeLimit" });
    }
    vm.verifyHeap();
    expect(vm.eval(language === "lisp" ? "(+ 1 1)" : "1 + 1", { language })).toBe(2);
  });
});

/** Fuel a program uses that gets it by `step` units. */
function spentInSteps(setup: string, program: string, language: string, value: string, loop: "js" | "wasm", step: number): number {
  const vm = createVM({ languages: [lisp], loop });
  vm.run(setup, { language });
  let given = vm.fuel = step, result = vm.run(program, { language });
  for (; result.status === "error" && result.kind === "outOfFuel"; given += step) result = vm.resume(step);
  expect(result).toEqual({ status: "done", value });
  return given - vm.fuel;
}

describe("work inside of natives", () => {
  const programs = [
    { language: "hemlock", setup: 'let text = "[" + "[1,2,\\"x\\"],".repeat(3000) + "0]";', program: "let n = text.deserialize().length; n;", value: "3001" },
    { language: "hemlock", setup: 'let rows = []; for (let i = 0; i < 2000; i++) { rows.push({ id: i }); }', program: "rows.serialize().length;", value: "22891" },
    { language: "lisp", setup: "(define l (let loop ((i 0) (l '())) (if (< i 5000) (loop (+ i 1) (cons (modulo (* i 7919) 5003) l)) l)))", program: "(car (sort l))", value: "0" },
    { language: "lisp", setup: '(define text (make-string 5000 #\\a))', program: '(regex/match? "(a|aa)+$" text)', value: "#t" },
    { language: "lisp", setup: "(define n (expt 3 20000))", program: "(modulo (* n n) 10)", value: "1" },
  ] as const;

  test("takes no longer in small helpings of fuel than by its length", () => {
    const setup = "(define deep (let loop ((i 0) (x '())) (if (= i 40000) x (loop (+ i 1) (list x)))))", program = "(string-length (str deep))";
    const start = processorTime(), spent = spentInSteps(setup, program, "lisp", "80002", "js", 20);
    expect(spent).toBeGreaterThan(20_000);
    // Begun anew with each helping, it would take minutes.
    expect(processorTime() - start).toBeLessThan(10_000);
  });

  test("done on credit is paid before anything else is", () => {
    const setup = "(define deep (let loop ((i 0) (x '())) (if (= i 10000) x (loop (+ i 1) (list x)))))", step = 50;
    const program = "(let loop ((i 0) (sum 0)) (if (= i 20) sum (loop (+ i 1) (+ sum (string-length (str deep))))))";
    const whole = spentInSteps(setup, program, "lisp", "400040", "js", 100_000_000), inSteps = spentInSteps(setup, program, "lisp", "400040", "js", step);
    expect(Math.abs(inSteps - whole) / whole).toBeLessThan(0.1);
  });

  test.each(programs)("is paid before it is done, and costs the same in one go or in many: $program", ({ language, setup, program, value }) => {
    const spent = (loop: "js" | "wasm", step: number): number => spentInSteps(setup, program, language, value, loop, step);
    const whole = spent("js", 100_000_000);
    expect(whole).toBeGreaterThan(500);
    expect(spent("wasm", 100_000_000)).toBe(whole);
    // What is left when the fuel runs out at a call or a back edge is less than nothing, and forgiven.
    expect(Math.abs(spent("js", Math.ceil(whole / 5)) - whole)).toBeLessThan(whole / 5);
    // The program ends on the credit of its native, which is less than what that had paid before.
    const inSteps = spent("js", 50);
    expect(inSteps).toBeGreaterThan(whole / 2 - 50);
    expect(inSteps).toBeLessThan(whole * 1.05 + 50);
  });
});

test("fuel runs out in the middle of a native, which is then not done", () => {
  const vm = createVM({ languages: [lisp], fuel: 100_000 });
  vm.run("(define l (let loop ((i 0) (l '())) (if (< i 20000) (loop (+ i 1) (cons i l)) l)))", { language: "lisp" });
  const first = vm.run("(define sorted (sort l)) (car sorted)", { language: "lisp" });
  expect(first).toMatchObject({ kind: "outOfFuel" });
  expect(vm.resume(10)).toMatchObject({ kind: "outOfFuel" });
  expect(vm.resume(10_000_000)).toEqual({ status: "done", value: "0" });
});

test("time runs out in a call, and the VM goes on with more", () => {
  const vm = createVM();
  vm.run("fn spin(n) { let s = 0; for (let i = 0; i < n; i++) { s = s + i % 3; } return s; }");
  const first = vm.run("spin(3000000);", { timeLimit: 1 });
  expect(first).toMatchObject({ kind: "timeLimit", message: "the script used up its time" });
  expect(vm.resume()).toEqual({ status: "done", value: "3000000" });
});

test("a signal stops a run", () => {
  const controller = new AbortController(), vm = createVM({ functions: { stop: () => controller.abort() } });
  expect(vm.run("stop(); while (true) { }", { signal: controller.signal })).toMatchObject({ kind: "aborted" });
  expect(vm.eval("1 + 1")).toBe(2);
});

test.each(LANGUAGES)("output is limited, in %s", (language) => {
  let written = "";
  const vm = createVM({ outputLimit: 10, languages: [lisp], host: { write: (data) => { written += new TextDecoder().decode(data); } } });
  const text = language === "lisp" ? "(let loop ((i 0)) (println (+ 100 i)) (loop (+ i 1)))" : "for (let i = 100; true; i++) { print(i); }";
  expect(vm.run(text, { language })).toMatchObject({ kind: "outputLimit", message: "the script wrote more than it may" });
  expect(written).toBe("100\n101\n");
  expect(vm.resume({ outputLimit: 9 })).toMatchObject({ kind: "outputLimit" });
  expect(written).toBe("100\n101\n102\n103\n");
  expect(vm.eval(language === "lisp" ? "(+ 1 1)" : "1 + 1", { language })).toBe(2);
});

test("a host function that was called is not called again when its result takes too long", () => {
  let calls = 0;
  const vm = createVM({ fuel: 20, languages: [lisp], functions: { rows: () => { calls++; return Array.from({ length: 1000 }, (_, i) => ({ i })); } } });
  let result = vm.run("(length (rows))", { language: "lisp" });
  for (let i = 0; i < 100 && result.status === "error"; i++) result = vm.resume(100);
  expect(result).toEqual({ status: "done", value: "1000" });
  expect(calls).toBe(1);
});

test("without capabilities two runs are the same, bit for bit", () => {
  const image = (): { readonly bytes: Uint8Array; readonly text: string } => {
    let text = "";
    const vm = createVM({ languages: [lisp], host: { write: (data) => { text += new TextDecoder().decode(data); } } });
    vm.run('for (let i = 0; i < 20; i++) { print(__rand()); } fn work(n) { sleep(0.01); return n; } let t = spawn(work, 3); print(join(t)); let keep = { a: [1, "x"] };');
    vm.run("(define now (current-jiffy)) (println now (random))", { language: "lisp" });
    return { bytes: vm.snapshot(), text };
  };
  const first = image(), second = image();
  expect(second.text).toBe(first.text);
  expect(first.text.split("\n").length).toBeGreaterThan(20);
  expect(second.bytes).toEqual(first.bytes);
});

// Each list holds the one before twice: the text of the last has a billion parts.
test.each([
  ["hemlock", "let a = []; for (let i = 0; i < 30; i++) { a = [a, a]; } a;"],
  ["lisp", "(let loop ((i 0) (a '())) (if (= i 30) a (loop (+ i 1) (list a a))))"],
] as const)("the text of a value counts as time of the run (%s)", (language, text) => {
  const vm = createVM({ languages: [lisp], memory: 256 << 20 });
  expect(vm.run(text, { language, timeLimit: 50 })).toMatchObject({ status: "error", kind: "timeLimit" });
  expect(vm.eval("1 + 1", { language: "hemlock" })).toBe(2);
});

test("rounds of expansion cost fuel, so that macros without end stop in time", () => {
  const endless = "(defmacro m (x) `(m (list ,x ,x))) (m 1)", vm = createVM({ languages: [lisp], fuel: 100_000 });
  expect(vm.run(endless, { language: "lisp" })).toMatchObject({ kind: "outOfFuel" });
  expect(vm.resume(1_000_000_000)).toMatchObject({ kind: "syntax", message: "expansion of macro 'm' does not end (limit 1000)" });
});

describe("a run that stands still says where", () => {
  test.each([["fuel", "outOfFuel", { fuel: 10_000 }], ["time", "timeLimit", { timeLimit: 20 }]])("out of %s", (_, kind, options) => {
    const vm = createVM({ ...options });
    expect(vm.run("fn spin(n) {\n  while (true) { n = n + 1; }\n}\nspin(3);", { name: "spin.hml", ...options })).toMatchObject({ kind, span: { file: "spin.hml", line: 2 }, trace: [{ name: "spin", line: 2 }, { name: "<main>", line: 4, column: 1 }] });
  });
  test("of deep recursion the innermost calls", () => {
    const vm = createVM({ languages: [lisp], fuel: 50_000 }), { trace } = vm.run("(define (deep n) (+ 1 (deep n)))\n(deep 1)", { language: "lisp" }) as RunFailure;
    expect(trace.length).toBe(30);
    expect(new Set(trace.map(({ name, line }) => `${name}:${line}`))).toEqual(new Set(["deep:1"]));
  });
});
