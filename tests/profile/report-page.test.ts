import { describe, expect, test } from "vitest";
import { createVM } from "../../src/index.ts";
import { heapGraph, profileAllocations, profileCpu, recordMemory, reportPage, type ReportInput } from "../../src/profile.ts";

function reportOf(program: string, title = "page.hml"): { readonly page: string; readonly input: ReportInput } {
  const now = (): number => performance.now(), vm = createVM(), memory = recordMemory(vm, { now, peakGraph: true }), allocations = profileAllocations(vm, { gap: 256, now }), cpu = profileCpu(vm, { every: 50, now });
  vm.run(program, { name: title });
  const elapsed = memory.elapsed;
  vm.collect();
  for (const profiler of [cpu, allocations, memory]) profiler.stop();
  const input = { title, ending: "ended well", elapsed, memory, cpu, allocations, graph: memory.peakGraph ?? heapGraph(vm), top: 10 };
  return { page: reportPage(input), input };
}

const PROGRAM = `
let kept = {};
fn fill(n) { for (let i = 0; i < n; i++) { kept["<img src=x>" + i] = [i, "&"]; } }
fn waste(n) { for (let i = 0; i < n; i++) { let gone = { i: i }; } }
fill(2000);
for (let i = 0; i < 10; i++) { waste(30000); }
`;

describe("the page", () => {
  const { page } = reportOf(PROGRAM, "<b>&\"'.hml");

  test("needs nothing else", () => {
    expect(page).not.toMatch(/https?:|\bsrc=["'h/]|@import|url\(|<link/);
    expect(page).toMatch(/<meta name="viewport"/);
  });

  test("escapes what the program named", () => {
    expect(page).not.toContain("<b>&\"");
    expect(page).not.toContain("<img");
    expect(page).toContain("<h1>&lt;b&gt;&amp;&quot;&#39;.hml</h1>");
  });

  test("closes what it opens", () => {
    for (const tag of ["div", "section", "table", "tr", "td", "button", "svg", "span", "p"]) {
      expect(page.match(new RegExp(`<${tag}[ >]`, "g"))!.length, tag).toBe(page.match(new RegExp(`</${tag}>`, "g"))!.length);
    }
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  test("shows collections, calls, lines, kinds and what keeps them", () => {
    for (const title of ["Memory over time", "Time", "Functions", "Where memory comes from", "The heap at its largest", "What keeps most alive"]) expect(page).toContain(`<h2>${title}</h2>`);
    expect(page).toMatch(/<polyline class="liveline" points="0,100 [\d., -]+"/);
    expect(page).toMatch(/<button [^>]*title="waste [^"]*: [\d.]+ m?s, [\d.]+ %; itself [\d.]+ m?s">waste<\/button>/);
    expect(page).toMatch(/waste \(&lt;b&gt;&amp;&quot;&#39;\.hml:4\) ← &lt;main&gt;/);
    expect(page).toContain("globals › kept");
    expect(page).toMatch(/title="slots: /);
  });

  test("draws calls within the call they were made in", () => {
    const calls = [...page.matchAll(/top:(\d+)px[^>]* data-from="([\d.]+)" data-part="([\d.]+)"/g)].map(([, top, from, part]) => ({ level: Number(top) / 21, from: Number(from), to: Number(from) + Number(part) }));
    for (const call of calls.filter(({ level }) => level > 0)) {
      expect(calls.some(({ level, from, to }) => level === call.level - 1 && from <= call.from + 1e-5 && call.to <= to + 1e-5)).toBe(true);
    }
  });
});

test("a program that does nothing has a page too", () => {
  const { page } = reportOf("1;");
  expect(page).not.toMatch(/NaN|undefined|Infinity/);
  expect(page).toContain("Nothing was seen");
});
