import { describe, expect, test } from "vitest";
import { createVM } from "../../src/index.ts";
import { HeapProfiler, nameOf, worldOf, type HeapGraph } from "../../src/profile.ts";
import { Random } from "../support/random.ts";

const run = (vm: ReturnType<typeof createVM>, text: string): void => {
  const result = vm.run(text, { repl: true });
  if (result.status === "error") throw new Error(result.message);
};
/** Ids by name, of the nodes whose name begins so. */
const idsOf = (graph: HeapGraph, start: string): Map<string, number> =>
  new Map([...Array(graph.nodeCount).keys()].filter((node) => nameOf(graph, node).startsWith(start)).map((node) => [nameOf(graph, node), graph.ids[node]!]));

const FILL = "let all = []; let n = 0; fn more() { n = n + 1; all.push(\"text \" + n); }";

describe.each([["now and then", {}], ["at every allocation", { gcStress: 1, poison: true, verifyHeap: true }]])("a cell keeps its id, and no other gets it, collecting %s", (_, options) => {
  test.each([1, 2, 3])("seed %d", (seed) => {
    const random = new Random(seed), vm = createVM({ ...options }), owners = new Map<number, string>();
    run(vm, FILL);
    const profiler = new HeapProfiler(vm);
    for (let round = 0, highest = 0; round < 8; round++) {
      for (let i = 0; i < 10; i++) run(vm, random.chance(0.5) ? "more();" : "if (all.length > 0) { all.shift(); }");
      if (random.chance(0.5)) vm.collect();
      const ids = idsOf(profiler.graph(), "text "), known = [...owners.values()];
      for (const [name, id] of ids) {
        expect(owners.get(id) ?? name, `${id} in round ${round}`).toBe(name);
        if (!known.includes(name)) expect(id).toBeGreaterThan(highest);
        owners.set(id, name);
      }
      highest = Math.max(highest, ...ids.values());
    }
    profiler.stop();
  });
});

test("large cells that are freed at once lose their ids at once", () => {
  const vm = createVM();
  run(vm, "let grows = []; for (let i = 0; i < 2000; i++) { grows.push(i); }");
  const profiler = new HeapProfiler(vm), elementsOf = (graph: HeapGraph): Map<number, number> =>
    new Map([...Array(graph.nodeCount).keys()].filter((node) => graph.sizes[node]! > 8192).map((node) => [graph.ids[node]!, graph.addresses[node]!]));
  const seen = new Map<number, number>();
  for (let round = 0; round < 10; round++) {
    run(vm, "let other = []; for (let i = 0; i < 3000; i++) { grows.push(i); other.push(i); }");
    for (const [id, addr] of elementsOf(profiler.graph())) {
      expect(seen.get(id) ?? addr).toBe(addr);
      seen.set(id, addr);
    }
  }
});

test("a profiler that stopped leaves the heap as it was", () => {
  const entries: number[] = [], vm = createVM({ onCollect: (entry) => void entries.push(entry.number) });
  const profiler = new HeapProfiler(vm);
  vm.collect();
  profiler.stop();
  vm.collect();
  expect(entries).toHaveLength(2);
  expect(worldOf(vm).mem.onFree).toBeNull();
});
