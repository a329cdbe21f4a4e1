// Stress finds what depends on collections, says with which it begins, and finds nothing where all is well.

import { describe, expect, test } from "vitest";
import type * as Profile from "../../src/profile.ts";
import type { StressMode, StressReport } from "../../src/tools.ts";
import { debug, library, root, type BoxelderVm, type Library, type VmOptions } from "../support/library.ts";
import { allPrograms } from "../support/programs.ts";
import { Random } from "../support/random.ts";

const { worldOf } = await import(/* @vite-ignore */ `${root}dist/profile.js`) as typeof Profile;

const HEMLOCK = `let all = [];
fn make(n) { return { id: n, text: "item " + n }; }
for (let i = 0; i < 40; i++) { all.push(make(i)); }
print(all.map(fn(each) { return each.text.length; }).reduce(fn(a, b) { return a + b; }, 0));
print(all[7].text);`;
const LISP = "(define w (weak-ref (list 1 2 3)))\n(define kept (map (lambda (i) (str \"item \" i)) (range 40)))\n(println (if (weak-ref-value w) 'there 'gone))\n(println (length kept))";

const only = (program: { text: string; language?: string; prepare?: (vm: BoxelderVm) => void }, mode: StressMode, options: object = {}, vm: VmOptions = {}, build: Library = library): StressReport =>
  [...build.stress(program, { modes: [mode], vm: { languages: [build.lisp], ...vm }, ...options })][0]!;

describe.each(library.STRESS_MODES)("%s", (mode) => {
  test.each([["hemlock", HEMLOCK], ["hemlock", "async fn f(n) { for (let i = 0; i < 20; i++) { n += i; } return [n]; }\nprint(join(spawn(f, 1)));"], ["lisp", "(define (f n) (if (= n 0) '() (cons (str n) (f (- n 1)))))\n(println (f 30))\n(println (try (error \"no\") (catch e (:message e))))"]])("finds nothing in a sound program in %s", (language, text) => {
    const { finding, acts, tally } = only({ text, language }, mode, { runs: 60 });
    expect(finding).toBeNull();
    expect(acts).toBeGreaterThan(0);
    if (tally !== null) expect(tally.unnoticed + tally.ended + tally.handled).toBe(tally.runs);
  });
});

test.each(["allocations", "safepoints"] as const)("the first collection that changes what a script prints is found: %s", (mode) => {
  const program = { text: LISP, language: "lisp" }, { finding, stride } = only(program, mode);
  expect(finding).toMatchObject({ alone: true, problem: "line 1 of the output is \"gone\", and without stress \"there\"" });
  const { at } = finding!;
  expect(only(program, mode, { stride, upTo: at - 1 }).finding).toBeNull();
  expect(only(program, mode, { stride, only: at }).finding).toMatchObject({ at, problem: finding!.problem });
});

test("a seed repeats a run", () => {
  const program = { text: LISP, language: "lisp" }, found = (seed: number): number => only(program, "allocations", { rate: 0.1, seed }).finding!.at;
  expect(found(5)).toBe(found(5));
  expect(new Set([1, 2, 3, 4, 5, 6].map(found)).size).toBeGreaterThan(1);
});

test("what depends on more than the input is said to", () => {
  let n = 0;
  const { finding } = only({ text: "print(tick());" }, "allocations", {}, { functions: { tick: () => n++ } });
  expect(finding).toMatchObject({ at: 0, alone: true });
});

test("a program that does not compile is refused", () => expect(() => only({ text: "let x = ;" }, "allocations")).toThrow(/the program cannot run/));

/** A word that is no value, in a root nobody uses, from the given forced collection on: whatever goes through the roots next, fails. */
function corruptedAt(number: number): { readonly prepare: (vm: BoxelderVm) => void; readonly onCollect: () => void } {
  let vm: BoxelderVm | null = null;
  const UNUSED_ROOT = 60, ILLEGAL = 0x7ffa_ffff;
  return {
    prepare: (each) => { vm = each; },
    onCollect: () => {
      if (vm === null) return;
      const { mem } = worldOf(vm);
      if (mem.forced === number) mem.setSlot(mem.rootSlot(UNUSED_ROOT), ILLEGAL, 4);
    },
  };
}

test.each([10, 17, 64, 65])("a world that is corrupted at collection %i: the bisection leads there", (number) => {
  const { prepare, onCollect } = corruptedAt(number), { finding } = only({ text: HEMLOCK, prepare }, "allocations", {}, { onCollect });
  expect(finding).toMatchObject({ at: number, alone: true });
  expect(finding!.problem).toMatch(/illegal value|unknown kind/);
});

/** The same, once memory was refused at the allocation of that number or later; or with the given collection that the host asks for. */
function corruptedLater(allocation: number, collection: number): { readonly prepare: (vm: BoxelderVm) => void; readonly onCollect: (entry: { readonly reason: string }) => void } {
  let heap: ReturnType<typeof worldOf>["mem"] | null = null, asked = 0;
  const corrupt = (): void => heap!.setSlot(heap!.rootSlot(60), 0x7ffa_ffff, 4);
  return {
    prepare(vm) {
      asked = 0;
      const { mem } = worldOf(vm), raise = mem.onOutOfMemory;
      heap = mem;
      mem.onOutOfMemory = () => {
        if (mem.allocations >= allocation) corrupt();
        return raise();
      };
    },
    onCollect({ reason }) { if (heap !== null && reason === "host" && ++asked === collection) corrupt(); },
  };
}

test("the first allocation whose failure breaks the VM is found, also among those that were skipped", () => {
  const places = only({ text: HEMLOCK }, "failures", { runs: 1 }), { prepare, onCollect } = corruptedLater(0, 0);
  expect(places.finding).toBeNull();
  const { finding: any } = only({ text: HEMLOCK, prepare }, "failures", { stride: 1 }, { onCollect });
  const { at } = any!, later = corruptedLater(at + 37, 0);
  expect(only({ text: HEMLOCK, prepare: later.prepare }, "failures", { stride: 20 }, { onCollect: later.onCollect }).finding).toMatchObject({ at: at + 37, alone: true });
});

test("where memory stays short, the last place that it takes is found", () => {
  const { prepare, onCollect } = corruptedLater(Infinity, 5), { finding, runs, acts } = only({ text: HEMLOCK, prepare }, "limit", {}, { onCollect });
  expect(finding).toMatchObject({ at: 1, alone: false });
  expect(finding!.problem).toMatch(/^Bug: .*\(memory was short from 1 to 5\)/);
  expect(runs).toBeGreaterThan(acts);
});

/** A word written into a cell that a collection after the 30th freed, of those after the VM was made: the act before them is the first. */
test("who writes to what was freed is found out", () => {
  let heap: ReturnType<typeof worldOf>["mem"] | null = null, number = 0, written = 0, before: ReadonlySet<number> = new Set();
  const onCollect = (): void => {
    if (heap === null) return;
    const freed = [...before].find((addr) => !heap!.tracked!.has(addr));
    if (++number > 30 && written === 0 && freed !== undefined) {
      heap.setWord(freed + 8, 0);
      written = number;
    }
    before = new Set(heap.tracked);
  };
  const prepare = (vm: BoxelderVm): void => {
    heap = worldOf(vm).mem;
    number = written = 0;
    before = new Set();
  };
  const { finding } = only({ text: HEMLOCK, prepare }, "quarantine", { stride: 5 }, { onCollect });
  expect(finding!.at).toBeGreaterThan(31);
  expect(only({ text: HEMLOCK, prepare }, "quarantine", { stride: 5, upTo: finding!.at - 1 }, { onCollect }).finding).toBeNull();
  expect(finding!.problem).toMatch(/write after free at \S+: 0x0+, in a cell of \d+ bytes at \S+ that collection \d+ freed/);
});

test("programs of all topics, each under a mode and a seed of its own", () => {
  const random = new Random(20), programs = allPrograms().filter(({ ending, slow, options }) => ending === null && !slow && Object.keys(options).length === 0);
  for (let i = 0; i < 24; i++) {
    const { name, source: text, language, args, input } = programs[random.below(programs.length)]!, mode = library.STRESS_MODES[random.below(library.STRESS_MODES.length)]!;
    const build = i % 4 === 0 ? debug : library, left = [...input], host = { args: [name, ...args], readLine: () => left.shift() ?? null };
    const prepare = (): void => { left.splice(0, left.length, ...input); };
    const { finding } = only({ text, language, prepare }, mode, { runs: 12, seed: i, rate: 0.003 }, { host, memory: 64 << 20 }, build);
    expect([name, mode, i, finding]).toEqual([name, mode, i, null]);
  }
});
