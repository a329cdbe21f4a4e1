// Sequence functions against JavaScript arrays, on random data, with a collection at every few allocations.

import { expect, test } from "vitest";
import { Random } from "../../support/random.ts";
import { NativeCalls } from "./native-calls.ts";

type Model = (items: readonly number[], n: number, other: readonly number[]) => unknown;

const chunks = (items: readonly number[], n: number): number[][] => Array.from({ length: Math.ceil(items.length / n) }, (_, i) => items.slice(i * n, i * n + n));
const windows = (items: readonly number[], n: number): number[][] => Array.from({ length: Math.max(0, items.length - n + 1) }, (_, i) => items.slice(i, i + n));
const counted = (items: readonly number[], wanted: (count: number) => boolean): number[] => [...new Set(items)].filter((x) => wanted(items.filter((y) => y === x).length));

/** Calls with S and T for the sequences and N for a number from 1 to 5. */
const MODELS: { readonly [call: string]: Model } = {
  "(take N S)": (s, n) => s.slice(0, n), "(drop N S)": (s, n) => s.slice(n), "(list/take-last N S)": (s, n) => s.slice(-n), "(list/drop-last N S)": (s, n) => s.slice(0, -n),
  "(list/split-at S N)": (s, n) => [s.slice(0, n), s.slice(n)], "(append S T)": (s, _, t) => [...s, ...t], "(zip S T)": (s, _, t) => s.slice(0, t.length).map((x, i) => [x, t[i]]),
  "(enumerate S)": (s) => s.map((x, i) => [i, x]), "(interpose N S)": (s, n) => s.flatMap((x, i) => (i === 0 ? [x] : [n, x])), "(list/interleave S T)": (s, _, t) => s.slice(0, t.length).flatMap((x, i) => [x, t[i]]),
  "(list/chunk N S)": chunks, "(list/sliding S N)": windows, "(list/pad S N 0)": (s, n) => [...s, ...Array.from({ length: Math.max(0, n - s.length) }, () => 0)],
  "(list/page S N 3)": (s, n) => s.slice(3 * n - 3, 3 * n), "(list/unique S)": (s) => [...new Set(s)], "(list/dedupe S)": (s) => s.filter((x, i) => i === 0 || x !== s[i - 1]),
  "(list/duplicates S)": (s) => counted(s, (count) => count > 1).sort((a, b) => a - b), "(list/diff S T)": (s, _, t) => s.filter((x) => !t.includes(x)), "(list/intersect S T)": (s, _, t) => s.filter((x) => t.includes(x)),
  "(list/cross-join S T)": (s, _, t) => s.flatMap((x) => t.map((y) => [x, y])), "(%sort S)": (s) => [...s].sort((a, b) => a - b), "(list/sum S)": (s) => s.reduce((a, b) => a + b, 0),
  "(map/entries (frequencies S))": (s) => counted(s, () => true).sort((a, b) => a - b).map((x) => [x, s.filter((y) => y === x).length]),
  "(list/index-of S N)": (s, n) => (s.includes(n) ? s.indexOf(n) : null), "(reverse S)": (s) => [...s].reverse(), "(flatten (list S T S))": (s, _, t) => [...s, ...t, ...s], "(last S)": (s) => s.at(-1) ?? null, "(length S)": (s) => s.length,
};

const written = (value: unknown): string => (Array.isArray(value) ? `(${value.map(written).join(" ")})` : value === null ? "nil" : String(value));

test.each(Object.entries(MODELS))("%s", (call, model) => {
  const random = new Random(31), calls = new NativeCalls({ gcStress: 3, verify: false, poison: true });
  for (let round = 0; round < 40; round++) {
    const items = (): number[] => Array.from({ length: random.below(9) }, () => random.below(6)), s = items(), t = items(), n = 1 + random.below(5);
    // Vectors give lists too, but reverse keeps them what they are.
    const quoted = (values: readonly number[]): string => (random.below(2) === 0 && !call.startsWith("(reverse") ? `[${values.join(" ")}]` : `'(${values.join(" ")})`);
    const source = call.replace(/\bS\b/g, () => quoted(s)).replace(/\bT\b/g, () => quoted(t)).replace(/\bN\b/g, String(n));
    expect(`${source} ${calls.run(source)}`).toBe(`${source} ${written(model(s, n, t))}`);
  }
});
