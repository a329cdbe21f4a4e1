import { describe, expect, test } from "vitest";
import { createVM } from "../../src/index.ts";
import { lisp } from "../../src/lisp.ts";
import { foldedStacks, placeText, profileCpu, recordMemory, type CpuProfileFile, type CpuProfiler } from "../../src/profile.ts";

const PROGRAM = `
fn busy(n) {
  let sum = 0;
  for (let i = 0; i < n; i++) { sum += i; }
  return sum;
}
fn lazy() { return busy(10000); }
busy(90000);
lazy();
`;

function profiled(options: Parameters<typeof createVM>[0] = {}): CpuProfiler {
  const vm = createVM(options), profiler = profileCpu(vm, { every: 100 }), result = vm.run(PROGRAM, { name: "time.hml" });
  profiler.stop();
  if (result.status === "error") throw new Error(result.message);
  return profiler;
}

const weights = (folded: string): Map<string, number> => new Map(folded.trim().split("\n").map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]));

/** What readers of the format rely on. */
function check(file: CpuProfileFile): void {
  expect(file.timeDeltas).toHaveLength(file.samples.length);
  expect(file.endTime - file.startTime).toBe(file.timeDeltas.reduce((sum, each) => sum + each, 0));
  const ids = new Set(file.nodes.map(({ id }) => id)), parents = new Map<number, number>();
  expect(ids.size).toBe(file.nodes.length);
  for (const { id, children } of file.nodes) for (const child of children) {
    expect(ids.has(child) && !parents.has(child)).toBe(true);
    parents.set(child, id);
  }
  expect(parents.size).toBe(file.nodes.length - 1);
  expect(file.samples.every((id) => ids.has(id))).toBe(true);
  for (const node of file.nodes) {
    expect(node.hitCount).toBe(file.samples.filter((id) => id === node.id).length);
    expect(node.positionTicks.reduce((sum, { ticks }) => sum + ticks, 0)).toBeLessThanOrEqual(node.hitCount);
    expect(node.callFrame.lineNumber).toBeGreaterThanOrEqual(0);
  }
}

describe.each(["js", "wasm"] as const)("samples of the stack in the %s loop", (loop) => {
  const profiler = profiled({ loop });

  test("are as many as there is work, by fuel", () => {
    const sums = weights(profiler.folded()), busy = sums.get("<main> (time.hml:2);busy (time.hml:3)")!, called = sums.get("<main> (time.hml:2);lazy (time.hml:7);busy (time.hml:3)")!;
    expect(busy / called).toBeGreaterThan(8.5);
    expect(busy / called).toBeLessThan(9.5);
  });

  test("name the lines", () => {
    const node = profiler.file().nodes.find(({ callFrame }) => callFrame.functionName === "busy")!;
    expect(node.callFrame).toMatchObject({ url: "time.hml", lineNumber: 2 });
    expect(node.positionTicks.find(({ line }) => line === 4)!.ticks).toBe(node.hitCount);
  });

  test("become a sound .cpuprofile", () => check(profiler.file()));
});

test("both loops, and every run, see the same", () => {
  expect(profiled({ loop: "wasm" }).folded()).toBe(profiled({ loop: "js" }).folded());
  expect(profiled({ gcStep: 50, poison: true }).folded()).toBe(profiled().folded());
});

test("fuel runs out at the same place when it is watched", () => {
  const ends = [false, true].map((watch) => {
    const vm = createVM({ fuel: 12_345 }), profiler = watch ? profileCpu(vm, { every: 7 }) : null, result = vm.run(PROGRAM, { name: "time.hml" });
    profiler?.stop();
    return result.status === "error" ? [result.kind, result.message] : [];
  });
  expect(ends[1]).toEqual(ends[0]);
});

test("functions of the library count for their callers, in Lisp too", () => {
  const vm = createVM({ languages: [lisp] }), profiler = profileCpu(vm, { every: 50 });
  vm.run("(define (total n)\n  (apply + (map (lambda (x) (* x x)) (iota n))))\n(total 3000)", { language: "lisp", name: "sum.lisp" });
  profiler.stop();
  expect(profiler.tree.nodes.map(({ place }) => placeText(place))).toContainEqual(expect.stringMatching(/^total \(sum\.lisp:2\)$/));
  expect(new Set(profiler.tree.nodes.slice(1).map(({ place }) => place.source))).toEqual(new Set(["sum.lisp"]));
});

test("an interval that is none is refused", () => { expect(() => profileCpu(createVM(), { every: 0 })).toThrow("every must be a whole number from 1 to 65536, not 0"); });

test("folded stacks add up, and keep their separator to themselves", () => {
  const profiler = profiled(), [sample] = profiler.samples;
  expect(foldedStacks([[sample!.node, 2], [sample!.node, 3.4]])).toMatch(/ 5\n$/);
});

test("the log of memory has every collection, and the heap at its largest", () => {
  const vm = createVM(), log = recordMemory(vm, { now: () => performance.now(), peakGraph: true });
  vm.run("let kept = []; for (let i = 0; i < 30000; i++) { kept.push({ i: i }); }", { name: "log.hml" });
  vm.collect();
  vm.run("kept = [];", { repl: true });
  vm.collect();
  log.stop();
  vm.collect();
  const lines = log.text().trim().split("\n").map((line) => JSON.parse(line) as { number: number; at: number; reason: string; reachedBytes: number });
  expect(lines.length).toBe(log.collections.length);
  expect(lines.at(-1)).toMatchObject({ reason: "host" });
  const highest = Math.max(...lines.map(({ reachedBytes }) => reachedBytes));
  expect(log.peakBytes).toBeLessThanOrEqual(highest);
  expect(log.peakBytes).toBeGreaterThanOrEqual(highest / 1.1);
  expect(log.peakGraph!.nodeCount).toBeGreaterThan(30_000);
});
