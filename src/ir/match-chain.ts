// Row after row, each test on its own: what a match becomes when its decision tree would be too large. Size is linear,
// as there is one switch for each test of a row. When a test fails, the next row starts behind the tests that it has in
// common with this one and that held; a row that begins with the failed test is passed over.

import type { Binding, DecisionTest, DecisionTree } from "./nodes.ts";
import { interval } from "./match-hands.ts";
import { sameBindings, type Row } from "./match-rows.ts";
import { checkCount, literalKey, openParts, pathKey, type Test } from "./pattern.ts";

/** A row with the tests of all its parts, parents first. `texts` are equal where tests are. */
export interface Link { readonly row: Row; readonly tests: readonly Test[]; readonly texts: readonly string[]; readonly bindings: readonly Binding[] }

/** One link for each alternative further in. */
export function linksOf(row: Row): Link[] {
  const links: Link[] = [];
  const go = (pending: Test[], tests: Test[], bindings: Binding[]): void => {
    for (let test = pending.pop(); test !== undefined; test = pending.pop()) {
      tests.push(test);
      const parts = openParts(test), [only] = parts;
      if (parts.length > 1) {
        for (const part of parts) go([...pending, ...behind(part.tests)], [...tests], [...bindings, ...part.bindings]);
        return;
      }
      for (const inner of behind(only!.tests)) pending.push(inner);
      for (const binding of only!.bindings) bindings.push(binding);
    }
    checkCount(links.length + 1);
    links.push({ row, tests, texts: tests.map(textOf), bindings });
  };
  go(behind(row.tests), [], [...row.bindings]);
  return links;
}

/** The last one first, as tests are popped. */
const behind = (tests: ReadonlyMap<string, Test>): Test[] => [...tests.values()].reverse();

function textOf(test: Test): string {
  const when = edgeOf(test);
  switch (when.test) {
    case "interval": return `${pathKey(test.path)} ${test.on} ${when.interval.low} ${when.interval.high}`;
    case "equals": case "structural": return `${pathKey(test.path)} ${when.test} ${literalKey(when.value)}`;
    case "extent": return `${pathKey(test.path)} extent ${when.count} ${when.exactly}`;
    case "map": return `${pathKey(test.path)} map`;
    case "entry": return `${pathKey(test.path)} entry ${literalKey(when.key)}`;
  }
}

/** The edge that holds when a test does. */
function edgeOf(test: Test): DecisionTest {
  switch (test.on) {
    case "equals": case "structural": return { test: test.on, value: test.value };
    case "interval": case "length": return interval(test.low, test.high);
    case "extent": return { test: "extent", count: test.count, exactly: test.rest === null };
    case "map": return { test: "map" };
    case "entry": return { test: "entry", key: test.key };
  }
}

export function chain(links: readonly Link[], otherwise: DecisionTree): DecisionTree {
  // Of each row: how many tests it has in common with the next, where to go on when so many tests have held, and where
  // when the next of them has failed.
  const common = links.map(({ texts }, i) => commonStart(texts, links[i + 1]?.texts ?? []));
  const held: DecisionTree[][] = [], failed: DecisionTree[][] = [];
  for (let i = links.length - 1; i >= 0; i--) {
    const { row, tests, bindings } = links[i]!, shared = common[i]!;
    failed[i] = tests.map((_, n) => (n < shared ? failed[i + 1]![n]! : held[i + 1]?.[shared] ?? otherwise));
    const { arm, guarded, keeps } = row, trees = held[i] = new Array<DecisionTree>(tests.length + 1);
    trees[tests.length] = guarded ? { kind: "guard", arm, bindings, keeps, fail: afterGuard(links, i, common, held, otherwise) } : { kind: "leaf", arm, bindings };
    for (let n = tests.length - 1; n >= 0; n--) {
      const test = tests[n]!;
      trees[n] = { kind: "switch", path: test.path, on: test.on === "length" ? "length" : "value", edges: [{ when: edgeOf(test), to: trees[n + 1]! }], fallback: failed[i]![n]! };
    }
  }
  return held[0]?.[0] ?? otherwise;
}

function commonStart(a: readonly string[], b: readonly string[]): number {
  let n = 0;
  while (n < a.length && n < b.length && a[n] === b[n]) n++;
  return n;
}

/** The first row behind that is not the same arm with the same bindings (rule d of match.ts), from its start when the guard may have changed the value. */
function afterGuard(links: readonly Link[], i: number, common: readonly number[], held: readonly DecisionTree[][], otherwise: DecisionTree): DecisionTree {
  const { row, bindings } = links[i]!;
  let next = i + 1, known = common[i]!;
  for (; next < links.length && links[next]!.row.arm === row.arm && sameBindings(links[next]!.bindings, bindings); next++) known = Math.min(known, common[next]!);
  return held[next]?.[row.keeps ? known : 0] ?? otherwise;
}

/** What the chain costs, in about the size of what it compiles to. */
export const costOf = (links: readonly Link[]): number =>
  links.reduce((sum, { texts, bindings }, i) => sum + 2 * (texts.length - commonStart(texts, links[i - 1]?.texts ?? [])) + bindings.length + 1, 0);
