import { expect, test } from "vitest";
import { regressions, type Baseline } from "../../bench/baseline.ts";

const baseline: Baseline = {
  machine: "some", node: "v20", tolerance: { default: 1.1, noisy: 2 },
  timings: { plain: { vm: 100, js: 10 }, noisy: { vm: 100, js: 10 } },
};

test("slower than the tolerance is reported, faster is not", () => {
  expect(regressions(baseline, { plain: { vm: 109, js: 10 }, noisy: { vm: 190, js: 10 } })).toEqual([]);
  expect(regressions(baseline, { plain: { vm: 120, js: 10 }, noisy: { vm: 50, js: 10 } })).toEqual([expect.stringContaining("plain on vm: 120.0 ms, 1.20 times")]);
});

test("a slower machine is no regression, and a faster one hides none", () => {
  expect(regressions(baseline, { plain: { vm: 200, js: 20 } })).toEqual([]);
  expect(regressions(baseline, { plain: { vm: 100, js: 5 } })).toHaveLength(1);
});

test("programs and engines the baseline does not know are not judged", () => {
  expect(regressions(baseline, { fresh: { vm: 1, js: 1 }, plain: { tree: 900, js: 10 } })).toEqual([]);
});
