import { describe, expect, test } from "vitest";
import { dominatorTree, UNREACHED, type Adjacency } from "../../src/profile/dominators.ts";
import { Random } from "../support/random.ts";

function graphOf(edges: readonly (readonly number[])[]): Adjacency {
  const first = new Uint32Array(edges.length + 1), targets = Uint32Array.from(edges.flat());
  edges.forEach((each, i) => { first[i + 1] = first[i]! + each.length; });
  return { nodeCount: edges.length, first, targets };
}

/** Nodes reached from 0 without passing through one. */
function reachedWithout(edges: readonly (readonly number[])[], removed: number): Set<number> {
  const seen = new Set(removed === 0 ? [] : [0]);
  for (const node of seen) for (const target of edges[node]!) if (target !== removed) seen.add(target);
  return seen;
}

/** By the definition: a dominates b when b is not reached without a. The immediate one is dominated by all others. */
function dominatorsByRemoval(edges: readonly (readonly number[])[]): number[] {
  const all = reachedWithout(edges, -1), over = edges.map(() => [] as number[]);
  for (const a of all) {
    const left = reachedWithout(edges, a);
    for (const b of all) if (b !== a && !left.has(b)) over[b]!.push(a);
  }
  return edges.map((_, b) => (!all.has(b) ? UNREACHED : b === 0 ? 0 : over[b]!.find((a) => over[b]!.every((other) => other === a || over[a]!.includes(other)))!));
}

describe("dominators are what the definition says", () => {
  test.each([
    ["one node", [[]]],
    ["a chain", [[1], [2], [3], []]],
    ["a diamond", [[1, 2], [3], [3], []]],
    ["loops back and to itself", [[1], [2, 1], [0, 3], [1, 3]]],
    ["parallel edges", [[1, 1, 2], [2, 2], []]],
    ["what nothing reaches", [[1], [], [1, 3], [2]]],
    ["an irreducible graph", [[1, 2], [2], [1, 3], []]],
    ["a case that needs more than parents", [[1, 2], [3], [4], [5], [5, 3], [6], []]],
  ])("%s", (_, edges) => {
    expect([...dominatorTree(graphOf(edges), 0).dominators]).toEqual(dominatorsByRemoval(edges));
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])("random graphs, seed %d", (seed) => {
    const random = new Random(seed);
    for (let round = 0; round < 60; round++) {
      const count = 1 + random.below(24), density = 1 + random.below(3);
      const edges = Array.from({ length: count }, () => Array.from({ length: random.below(density + 1) }, () => random.below(count)));
      const { dominators, order } = dominatorTree(graphOf(edges), 0);
      expect([...dominators], JSON.stringify(edges)).toEqual(dominatorsByRemoval(edges));
      const place = new Map([...order].map((node, i) => [node, i]));
      for (const node of order) expect(place.get(dominators[node]!)!).toBeLessThanOrEqual(place.get(node)!);
    }
  });
});

test("deep and wide graphs need no stack", () => {
  const count = 200_000, chain = Array.from({ length: count }, (_, i) => (i + 1 < count ? [i + 1, 0] : []));
  expect(dominatorTree(graphOf(chain), 0).dominators[count - 1]).toBe(count - 2);
  const fan = [Array.from({ length: count }, (_, i) => i + 1), ...Array.from({ length: count }, () => [1])];
  expect(dominatorTree(graphOf(fan), 0).dominators[1]).toBe(0);
});
