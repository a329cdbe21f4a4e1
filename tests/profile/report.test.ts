import { describe, expect, test } from "vitest";
import { createVM } from "../../src/index.ts";
import { classRows, duplicateStrings, heapGraph, heapReport, kindRows, nameOf, pageMap, pageMapSvg, pageMapText, Retention, topRetainers, totalSize, worldOf } from "../../src/profile.ts";
import { CellSet } from "../../src/profile/cell-set.ts";
import { Random } from "../support/random.ts";
import { sampleVm } from "./worlds.ts";

const vm = sampleVm("hemlock");
vm.collect();
const graph = heapGraph(vm), retention = new Retention(graph), world = worldOf(vm);

describe("figures", () => {
  test("kinds add up to all cells", () => {
    const rows = kindRows(graph);
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(graph.nodeCount - graph.firstCell);
    expect(rows.map(({ bytes }) => bytes)).toEqual(rows.map(({ bytes }) => bytes).sort((a, b) => b - a));
  });

  test("classes add up to all nodes, and count what is nested in its own kind once", () => {
    const rows = classRows(retention), nested = createVM();
    expect(rows.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(totalSize(graph));
    expect(rows.find(({ name }) => name === "Object(name, value, next)")).toMatchObject({ count: 50 });
    nested.run("let chain = null; for (let i = 0; i < 100; i++) { chain = { link: chain }; }");
    const chain = classRows(new Retention(heapGraph(nested))).find(({ name }) => name === "Object(link)")!;
    expect(chain).toMatchObject({ count: 100, bytes: chain.retained });
  });

  test("what keeps most alive is found, without what only leads to it", () => {
    const top = topRetainers(retention, 3).map((node) => retention.pathText(node));
    expect(top).toEqual(expect.arrayContaining(["globals › list", "globals › cache"]));
    expect(topRetainers(retention, 1000).every((node) => !["Global", "slots"].includes(nameOf(graph, node)))).toBe(true);
  });

  test("repeated strings", () => {
    expect(duplicateStrings(world).find(({ text }) => text === "item3")).toMatchObject({ count: 5 });
    const shared = createVM();
    shared.run('let a = "x".repeat(10000); let b = a; let c = "x".repeat(10000);');
    expect(duplicateStrings(worldOf(shared))[0]).toMatchObject({ count: 2, wasted: expect.closeTo(10_050, -2) as number });
  });

  test("the report has a part for each", () => {
    const report = heapReport(world, graph, 5);
    for (const part of ["By kind", "By class", "What keeps most alive", "Repeated strings", "Pages"]) expect(report).toContain(part);
    expect(report).toContain("globals › list");
  });
});

describe("pages", () => {
  const map = pageMap(world);

  test("hold all live bytes", () => {
    expect(map.pages).toHaveLength(world.mem.pageCount);
    expect(map.pages.reduce((sum, { live }) => sum + live, 0)).toBe(kindRows(graph).reduce((sum, { bytes }) => sum + bytes, 0));
    expect(map.pages.every(({ use, live }) => live === 0 || use === "cells" || use === "large")).toBe(true);
    expect(map.fragmentation).toBeGreaterThan(0);
    expect(map.fragmentation).toBeLessThan(1);
  });

  test("as text, at most as many lines as asked for", () => {
    expect(pageMapText(map, 16, 4).split("\n").length).toBeLessThanOrEqual(6);
    expect(pageMapText(map)).toContain("█");
  });

  test("as a picture that stands alone", () => {
    const svg = pageMapSvg(map);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="[\d ]+"/);
    expect(svg.match(/<title>/g)).toHaveLength(map.pages.length);
    expect(svg).not.toMatch(/href|script|NaN|undefined/);
  });
});

test.each([1, 2, 3])("a set of cells is a set, with places in order of address (seed %d)", (seed) => {
  const random = new Random(seed), bytes = 64 << 10, set = new CellSet(bytes), model = new Set<number>();
  for (let i = 0; i < 500; i++) {
    const addr = 8 * random.below(bytes / 8);
    expect(set.add(addr)).toBe(!model.has(addr));
    model.add(addr);
  }
  set.seal();
  const sorted = [...model].sort((a, b) => a - b), walked: number[] = [];
  set.each((addr) => walked.push(addr));
  expect(walked).toEqual(sorted);
  expect(sorted.map((addr) => set.rank(addr))).toEqual(sorted.map((_, i) => i));
  expect([set.size, set.has(bytes), set.has(bytes + (1 << 20))]).toEqual([model.size, false, false]);
});
