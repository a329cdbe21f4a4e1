import { describe, expect, test } from "vitest";
import { createVM } from "../../src/index.ts";
import { diffGraphs, diffText, heapProfile, heapTimeline, HeapProfiler, placeText, profileAllocations, type AllocationOptions, type AllocationProfiler, type AllocationSite } from "../../src/profile.ts";

const PROGRAM = `
fn make(n) {
  let all = [];
  for (let i = 0; i < n; i++) { all.push({ id: i }); }
  return all;
}
fn waste(n) {
  for (let i = 0; i < n; i++) { let gone = { a: i, b: [i] }; }
}
let kept = make(500);
waste(20000);
`;

type Options = Parameters<typeof createVM>[0];

/** The profile of the program, after a collection, and the VM. */
function profiled(options: AllocationOptions, vmOptions: Options = {}): { readonly vm: ReturnType<typeof createVM>; readonly profiler: AllocationProfiler } {
  const vm = createVM(vmOptions), profiler = profileAllocations(vm, options), result = vm.run(PROGRAM, { name: "sites.hml" });
  if (result.status === "error") throw new Error(result.message);
  vm.collect();
  profiler.stop();
  return { vm, profiler };
}

const at = (sites: readonly AllocationSite[], text: string): AllocationSite => sites.find(({ node }) => placeText(node.place) === text)!;

describe.each<[string, Options]>([
  ["the interpreter", { loop: "js" }],
  ["the compiled loop", { loop: "wasm" }],
  ["marking in small steps, verified", { gcStep: 100, verifyHeap: true, poison: true }],
])("every allocation, in %s", (_, options) => {
  const sites = profiled({ gap: 0 }, options).profiler.sites();

  test("is counted where it happened", () => {
    expect(at(sites, "make (sites.hml:4)")).toMatchObject({ live: expect.any(Number) });
    expect(at(sites, "make (sites.hml:4)").live).toBeGreaterThanOrEqual(500);
    expect(at(sites, "make (sites.hml:4)").live).toBeLessThan(510);
    expect(at(sites, "waste (sites.hml:8)")).toMatchObject({ allocated: 60_000, live: 0, liveBytes: 0 });
  });
});

test("cells that no collection saw alive are temporary", () => {
  const sites = profiled({ gap: 0 }).profiler.sites(), { allocated, temporary } = at(sites, "waste (sites.hml:8)");
  expect(temporary).toBeGreaterThan(allocated / 10);
  expect(at(sites, "make (sites.hml:4)").temporary).toBeLessThan(30);
});

describe("samples", () => {
  const { profiler } = profiled({ gap: 512, seed: 7 }), sites = profiler.sites(), exact = profiled({ gap: 0 }).profiler.sites();

  test("tell about as much as all allocations", () => {
    for (const text of ["make (sites.hml:4)", "waste (sites.hml:8)"]) {
      expect(at(sites, text).allocatedBytes / at(exact, text).allocatedBytes).toBeCloseTo(1, 0);
      expect(Math.abs(at(sites, text).allocatedBytes / at(exact, text).allocatedBytes - 1)).toBeLessThan(0.15);
    }
  });

  test("are the same with the same seed", () => {
    const again = profiled({ gap: 512, seed: 7 }).profiler.sites(), other = profiled({ gap: 512, seed: 8 }).profiler.sites();
    const figures = (all: readonly AllocationSite[]): string => JSON.stringify(all.map(({ node, ...rest }) => [placeText(node.place), rest]));
    expect(figures(again)).toBe(figures(sites));
    expect(figures(other)).not.toBe(figures(sites));
  });

  test("become a .heapprofile whose sizes add up", () => {
    const file = heapProfile(profiler), sum = (node: typeof file.head): number => node.selfSize + node.children.reduce((all, child) => all + sum(child), 0);
    expect(file.head.callFrame.functionName).toBe("(root)");
    expect(sum(file.head)).toBe(sites.reduce((all, { liveBytes }) => all + liveBytes, 0));
    expect(file.samples.reduce((all, { size }) => all + size, 0)).toBe(sum(file.head));
    const allocated = heapProfile(profiler, "allocated");
    expect(sum(allocated.head)).toBe(sites.reduce((all, { allocatedBytes }) => all + allocatedBytes, 0));
  });

  test("cannot be taken with a gap that is none", () => {
    expect(() => profileAllocations(createVM(), { gap: -1 })).toThrow("gap must be a number of bytes from 0 to 1 GiB, not -1");
  });
});

test("the program runs the same way when it is watched, and costs no slow path once it is not", () => {
  const collections = (watch: boolean): number[] => {
    const seen: number[] = [], vm = createVM({ onCollect: (entry) => void seen.push(entry.liveBytes) }), profiler = watch ? profileAllocations(vm, { gap: 0 }) : null;
    for (let i = 0; i < 8; i++) vm.run(PROGRAM, { name: "sites.hml" });
    profiler?.stop();
    return seen;
  };
  expect(collections(true)).toEqual(collections(false));
});

test("differences tell where new cells were allocated", () => {
  const vm = createVM(), graphs = new HeapProfiler(vm), profiler = profileAllocations(vm, { gap: 0 });
  const run = (text: string): void => void vm.run(text, { repl: true, name: "step.hml" });
  run("let kept = [];\nfn keep(x) {\n  kept.push({ x: x });\n}\nfor (let i = 0; i < 30; i++) { keep(i); }");
  vm.collect();
  const before = graphs.graph(), sitesBefore = profiler.labels(before);
  run("for (let i = 0; i < 20; i++) { keep(i); }");
  run("kept = kept.slice(25, 50);");
  vm.collect();
  const after = graphs.graph(), diff = diffGraphs(before, after, { before: sitesBefore, after: profiler.labels(after) });
  profiler.stop();
  graphs.stop();
  expect(diff.bySite.find(({ name }) => name === "keep (step.hml:3)")).toMatchObject({ added: 20, freed: expect.any(Number) });
  expect(diffText(diff, 50)).toMatch(/allocated at[^]*keep \(step\.hml:3\)/);
});

test("a timeline is a snapshot with traces, whose ids rise with time", () => {
  let clock = 0;
  const vm = createVM(), profiler = profileAllocations(vm, { gap: 0, now: () => (clock += 0.05) });
  vm.run(PROGRAM, { name: "sites.hml" });
  vm.collect();
  const file = JSON.parse([...heapTimeline(vm, profiler)].join("")) as { snapshot: { trace_function_count: number }; nodes: number[]; trace_function_infos: number[]; trace_tree: unknown[]; samples: number[]; strings: string[] };
  profiler.stop();
  expect(file.trace_function_infos).toHaveLength(6 * file.snapshot.trace_function_count);
  const names = Array.from({ length: file.snapshot.trace_function_count }, (_, i) => file.strings[file.trace_function_infos[6 * i + 1]!]);
  expect(names).toEqual(expect.arrayContaining(["(root)", "make", "waste"]));
  const infoOf = new Map<number, number>(), visit = ([id, info, , , children]: unknown[]): void => {
    infoOf.set(id as number, info as number);
    for (let i = 0; i < (children as unknown[]).length; i += 5) visit((children as unknown[]).slice(i, i + 5));
  };
  visit(file.trace_tree);
  const traced = Array.from({ length: file.nodes.length / 7 }, (_, i) => file.nodes[7 * i + 5]!).filter((id) => id > 0).map((id) => names[infoOf.get(id)!]);
  expect(traced.filter((name) => name === "make").length).toBeGreaterThanOrEqual(500);
  const times = file.samples.filter((_, i) => i % 2 === 0), lastIds = file.samples.filter((_, i) => i % 2 === 1);
  expect(times.length).toBeGreaterThan(10);
  for (const list of [times, lastIds]) expect(list).toEqual([...list].sort((a, b) => a - b));
});
