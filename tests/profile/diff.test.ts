import { describe, expect, test } from "vitest";
import { createVM } from "../../src/index.ts";
import { assertMaxPause, assertNoGrowth, classOf, diffGraphs, diffText, HeapProfiler, totalSize } from "../../src/profile.ts";

type AnyVm = ReturnType<typeof createVM>;
const run = (vm: AnyVm, text: string): void => {
  const result = vm.run(text, { repl: true, name: "step.hml" });
  if (result.status === "error") throw new Error(result.message);
};

describe("a difference of two graphs", () => {
  const vm = createVM();
  run(vm, 'let kept = []; let doomed = []; for (let i = 0; i < 30; i++) { doomed.push({ old: i }); }');
  const profiler = new HeapProfiler(vm);
  vm.collect();
  const before = profiler.graph();
  run(vm, 'for (let i = 0; i < 20; i++) { kept.push({ fresh: "text" + i }); } doomed = [];');
  vm.collect();
  const after = profiler.graph(), diff = diffGraphs(before, after);
  const row = (name: string): unknown => diff.byClass.find((each) => each.name === name);

  test("tells what came and what went, by class", () => {
    expect(row("Object(fresh)")).toMatchObject({ added: 20, freed: 0 });
    expect(row("Object(old)")).toMatchObject({ added: 0, freed: 30 });
    expect(diff.byKind.find(({ name }) => name === "object")).toMatchObject({ added: 20, freed: 30 });
  });

  test("adds up to what the heap gained", () => {
    expect(diff.byKind.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(totalSize(after) - totalSize(before));
    expect(diff.byClass.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(totalSize(after) - totalSize(before));
    expect([...diff.addedNodes].filter((node) => classOf(after, node) === "Object(fresh)")).toHaveLength(20);
  });

  test("of a heap in which nothing happened is empty", () => {
    expect(diffGraphs(after, profiler.graph())).toMatchObject({ byKind: [], byClass: [] });
  });

  test("as text", () => { expect(diffText(diff, 100)).toMatch(/\+\S+ \S+ +20 +0 +Object\(fresh\)/); });
});

describe("assertNoGrowth", () => {
  const prepared = (text: string): AnyVm => {
    const vm = createVM();
    run(vm, text);
    return vm;
  };

  test("passes when nothing stays", async () => {
    const vm = prepared('fn work() { let all = []; for (let i = 0; i < 100; i++) { all.push("x" + i); } return all.length; }');
    await assertNoGrowth(vm, () => run(vm, "work();"));
  });

  test("passes when a cache fills once", async () => {
    const vm = prepared('let cache = {}; fn work(key) { cache[key] = "value of " + key; }');
    let round = 0;
    await assertNoGrowth(vm, () => run(vm, `work("k${round++ % 3}");`), { rounds: 6, warmUp: 3 });
  });

  test("names what stays, and where", async () => {
    const vm = prepared("let log = []; fn work() { log.push({ at: log.length, message: \"m\" + log.length }); }");
    const failed = assertNoGrowth(vm, () => run(vm, "work();"), { rounds: 3 });
    await expect(failed).rejects.toThrow(/^the heap grows: .* in 3 rounds/);
    await expect(failed).rejects.toThrow(/3 +\d+ B +Object\(at, message\) +globals › log › \[\d+\]/);
  });

  test("sees cells that were there grow", async () => {
    const vm = prepared("let list = []; fn work() { for (let i = 0; i < 5000; i++) { list.push(i); } }");
    await expect(assertNoGrowth(vm, () => run(vm, "work();"))).rejects.toThrow("the heap grows");
  });

  test("waits for an async function, and refuses too few rounds", async () => {
    const vm = prepared("let log = [];");
    await expect(assertNoGrowth(vm, async () => { await Promise.resolve(); run(vm, "log.push(\"x\" + log.length);"); })).rejects.toThrow("globals › log");
    await expect(assertNoGrowth(vm, () => {}, { rounds: 1 })).rejects.toThrow(RangeError);
  });
});

describe("assertMaxPause", () => {
  const churn = "let all = []; for (let i = 0; i < 2000; i++) { all.push([i]); }";

  test("lets short pauses pass", async () => {
    const vm = createVM({ gcStress: 500 });
    await assertMaxPause(vm, () => run(vm, churn), 10_000);
  });

  test("names the collection that paused for too long, and leaves the VM's own listeners", async () => {
    let seen = 0, clock = 0;
    const vm = createVM({ gcStress: 500, now: () => (clock += 5), onCollect: () => void seen++ });
    await expect(assertMaxPause(vm, () => run(vm, churn), 4)).rejects.toThrow(/^collection \d+ \(stress\) paused for 5\.00 ms, 4\.?0* ms are allowed/);
    const before = seen;
    expect(before).toBeGreaterThan(0);
    vm.collect();
    expect(seen).toBe(before + 1);
  });
});
