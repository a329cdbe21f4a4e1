// What a profiler sees of a frozen VM is what it saw before.

import { describe, expect, test } from "vitest";
import { createVM } from "../../src/index.ts";
import { lisp } from "../../src/lisp.ts";
import { classRows, heapGraph, nameOf, openImage, Retention, totalSize } from "../../src/profile.ts";
import { parkedVm, sampleVm } from "./worlds.ts";

describe.each(Object.entries({ "hemlock": () => sampleVm("hemlock"), "lisp": () => sampleVm("lisp"), "a parked run": parkedVm }))("an image of %s", (_, make) => {
  test("has the same graph", () => {
    const vm = make();
    vm.collect();
    const before = heapGraph(vm), opened = openImage(vm.snapshot(), { languages: [lisp] });
    opened.collect();
    const after = heapGraph(opened), names = (graph: typeof before): string[] => [...Array(graph.nodeCount).keys()].map((node) => `${nameOf(graph, node)} ${graph.sizes[node]}`).sort();
    expect(names(after)).toEqual(names(before));
    expect(totalSize(after)).toBe(totalSize(before));
    expect(classRows(new Retention(after)).slice(0, 5)).toEqual(classRows(new Retention(before)).slice(0, 5));
  });
});

test("functions of the host that are not there do no harm", () => {
  const vm = createVM({ functions: { fetch: () => 1, files: { read: () => "text" } } });
  expect(vm.run("let kept = [fetch(), files.read()]; let f = fetch;").status).toBe("done");
  expect(classRows(new Retention(heapGraph(openImage(vm.snapshot())))).length).toBeGreaterThan(5);
});
