import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { boxelder, file } from "./command.ts";

const script = file("profile/sample.hml", 'fn fill(n) { let kept = []; for (let i = 0; i < n; i++) { kept.push({ name: "n" + i }); } return kept; }\nlet kept = fill(20000);\nprint("ran " + args[1]);\n');
const folder = dirname(script), path = (name: string): string => join(folder, name);
const json = (name: string): Record<string, unknown> => JSON.parse(readFileSync(path(name), "utf8")) as Record<string, unknown>;

test("profile runs the script and writes a page and the files asked for", () => {
  const { code, out, error } = boxelder([
    "profile", "--report", path("page.html"), "--cpu-profile", path("a.cpuprofile"), "--folded", path("a.folded"), "--heap-profile", path("a.heapprofile"),
    "--heap-timeline", path("a.heaptimeline"), "--peak-snapshot", path("a.heapsnapshot"), "--gc-log", path("gc.jsonl"), "--sample-bytes", "0", "--sample-fuel", "100", script, "word",
  ]);
  expect([code, out]).toEqual([0, "ran word\n"]);
  expect(error.match(/^Written to /gm)).toHaveLength(6);
  expect(readFileSync(path("page.html"), "utf8")).toMatch(/^<!doctype html>[^]*fill \(sample\.hml:1\)|fill \(.*sample\.hml:1\)/);
  expect(json("a.cpuprofile")).toMatchObject({ nodes: expect.any(Array) as unknown, samples: expect.any(Array) as unknown });
  expect(readFileSync(path("a.folded"), "utf8")).toMatch(/^<main> \(.*sample\.hml:1\);fill \(.*sample\.hml:1\) \d+$/m);
  expect(json("a.heapprofile")).toMatchObject({ head: { callFrame: { functionName: "(root)" } } });
  expect((json("a.heaptimeline").samples as number[]).length).toBeGreaterThan(0);
  expect((json("a.heapsnapshot").nodes as number[]).length % 7).toBe(0);
  for (const line of readFileSync(path("gc.jsonl"), "utf8").trim().split("\n")) expect(JSON.parse(line)).toMatchObject({ reason: expect.any(String) as unknown });
});

test("a script that fails is profiled all the same", () => {
  const failing = file("profile/failing.lisp", '(define (work n) (if (= n 0) (throw "no") (work (- n 1))))\n(work 50000)\n'), page = path("failing.html");
  const { code, error } = boxelder(["profile", "--report", page, failing]);
  expect(code).toBe(1);
  expect(error).toContain("Uncaught exception");
  expect(existsSync(page)).toBe(true);
  expect(readFileSync(page, "utf8")).toContain("failed: ");
});

test("what cannot be written or done is an error that says so", () => {
  expect(boxelder(["profile", "--report", path("no/such/page.html"), script, "word"])).toMatchObject({ code: 1, error: expect.stringMatching(/cannot write '.*page\.html'/) as unknown });
  expect(boxelder(["profile", "--sample-fuel", "0", script])).toMatchObject({ code: 1, error: expect.stringMatching(/--sample-fuel/) as unknown });
  expect(boxelder(["profile", "--engine", "tree", script]).error).toMatch(/engine/);
});
