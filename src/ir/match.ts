// Decision trees for pattern matching, by the usual matrix method: rows are arms, the places they still look at are
// columns. The first arm that fits wins, as if arms were tried one after the other. Five rules keep it that way where
// the textbook version loses arms:
//   a. an or-pattern becomes one row for each alternative as soon as it is opened, so alternatives never mix;
//   b. integers and list lengths are intervals: the tests at a place are cut into disjoint pieces and a row goes down
//      every piece that it covers, so an overlap never loses a row;
//   c. rows that do not look at the tested place go down every edge and into the fallback;
//   d. after a failed guard, rows of the same arm with the same bindings are dropped, so a guard runs once;
//   e. "no arm fits" is a real outcome, since nothing proves that arms are exhaustive.
// Places hold values of any type, so a switch always has a fallback, and tests of different kinds at one place (a list, a
// number, a text) exclude each other.
// Trees can grow exponentially. Above MAX_NODES the arms become a plain chain, whose failure subtrees are shared objects:
// a consumer must handle a DecisionTree object that it meets again by jumping to it. The chain has a limit too, since
// consumers recurse; a front end reports the RangeError as an error of the program.

import { NO_SPAN, type Span } from "../text/source.ts";
import type { Binding, DecisionTest, DecisionTree, Literal, MatchNode, Node } from "./nodes.ts";
import { checkCount, integerOf, join, open, openParts, pathKey, patternVariables, type Alternative, type Pattern, type Test } from "./pattern.ts";
import { printLiteral } from "./print.ts";

export interface PatternArm { readonly pattern: Pattern; readonly guard: Node | null; readonly body: Node }

const MAX_NODES = 2000;
const NO_MATCH: DecisionTree = { kind: "fail" };

/** A row of the matrix: what is left of one alternative of one arm. */
interface Row extends Alternative { readonly arm: number; readonly guarded: boolean }

export function buildMatch(scrutinee: Node, arms: readonly PatternArm[], span: Span = NO_SPAN): MatchNode {
  const tree = buildTree(arms.map(({ pattern, guard }) => ({ pattern, guarded: guard !== null })));
  const bodies = arms.map(({ pattern, guard, body }) => ({ variables: patternVariables(pattern), guard, body }));
  return { kind: "Match", span, scrutinee, arms: bodies, tree };
}

export function buildTree(arms: readonly { readonly pattern: Pattern; readonly guarded: boolean }[], maxNodes: number = MAX_NODES): DecisionTree {
  const rows = arms.flatMap(({ pattern, guarded }, arm) => open(pattern, []).map((a): Row => ({ ...a, arm, guarded })));
  return new TreeBuilder(maxNodes).build(rows) ?? chain(rows.flatMap(openFully));
}

class TreeBuilder {
  #nodesLeft: number;
  constructor(maxNodes: number) { this.#nodesLeft = maxNodes; }

  /** Null when the tree would be too large. */
  build(rows: readonly Row[]): DecisionTree | null {
    const tree = this.#tree(rows);
    return this.#nodesLeft < 0 ? null : tree;
  }

  #tree(rows: readonly Row[]): DecisionTree {
    const first = rows[0];
    if (first === undefined || --this.#nodesLeft < 0) return NO_MATCH;
    if (first.tests.size === 0) return finish(first, () => this.#tree(afterGuard(rows)));
    const key = choosePlace(first, rows);
    const lead = first.tests.get(key)!;
    const edges = lead.on === "equals" ? equalityEdges(rows, key) : intervalEdges(rows, key, lead.on);
    const others = rows.filter((row) => row.tests.get(key)?.on !== lead.on);
    return {
      kind: "switch", path: lead.path, on: lead.on === "length" ? "length" : "value",
      edges: edges.map((when) => ({ when, to: this.#tree(follow(rows, key, lead.on, when)) })),
      fallback: this.#tree(others),
    };
  }
}

/** A row whose tests have all been made. */
function finish({ arm, guarded, bindings }: Row, fail: () => DecisionTree): DecisionTree {
  return guarded ? { kind: "guard", arm, bindings, fail: fail() } : { kind: "leaf", arm, bindings };
}

/** The rows to go on with when the guard of the first one has failed (rule d). */
const afterGuard = ([first, ...rest]: readonly Row[]): Row[] => rest.filter((row) => row.arm !== first!.arm || !sameBindings(row.bindings, first!.bindings));

const sameBindings = (a: readonly Binding[], b: readonly Binding[]): boolean =>
  a.length === b.length && a.every(({ variable, path }, i) => variable === b[i]!.variable && pathKey(path) === pathKey(b[i]!.path));

/** Of the places the first row needs, the one most rows look at; the leftmost on a tie. */
function choosePlace(first: Row, rows: readonly Row[]): string {
  let best = "", most = 0;
  for (const key of first.tests.keys()) {
    const count = rows.filter((row) => row.tests.has(key)).length;
    if (count > most) [best, most] = [key, count];
  }
  return best;
}

/** Literals that StrictEq holds equal have equal keys. */
const literalKey = (value: Literal): string => printLiteral("value" in value && Object.is(value.value, -0) ? ({ ...value, value: 0 } as Literal) : value);

function equalityEdges(rows: readonly Row[], key: string): DecisionTest[] {
  const values = new Map<string, Literal>();
  for (const row of rows) {
    const test = row.tests.get(key);
    if (test?.on === "equals" && !values.has(literalKey(test.value))) values.set(literalKey(test.value), test.value);
  }
  return Array.from(values.values(), (value): DecisionTest => ({ test: "equals", value }));
}

const bound = (value: number): number | null => (Number.isFinite(value) ? value : null);
const interval = (low: number, high: number): DecisionTest => ({ test: "interval", interval: { low: bound(low), high: bound(high) } });

/** Disjoint pieces of what rows test at the place (rule b); neighbours with the same rows are one piece. */
function intervalEdges(rows: readonly Row[], key: string, on: "interval" | "length"): DecisionTest[] {
  const floor = on === "length" ? 0 : -Infinity;
  const tests = rows.map((row) => row.tests.get(key)).filter((test) => test?.on === on) as Extract<Test, { readonly low: number }>[];
  // Pieces start at each lower bound and behind each upper bound.
  const cuts = [...new Set([floor, ...tests.flatMap(({ low, high }) => [low, high + 1])])].filter((cut) => cut >= floor && cut < Infinity).sort((a, b) => a - b);
  const pieces: { low: number; high: number; rows: string }[] = [];
  for (const [i, low] of cuts.entries()) {
    const high = (cuts[i + 1] ?? Infinity) - 1;
    const covering = tests.map((test) => (test.low <= low && high <= test.high ? "1" : "0")).join("");
    if (!covering.includes("1")) continue;
    const last = pieces.at(-1);
    if (last !== undefined && last.rows === covering && last.high + 1 === low) last.high = high;
    else pieces.push({ low, high, rows: covering });
  }
  return pieces.map(({ low, high }) => interval(low, high));
}

/** The rows that go down an edge, with the parts that its test opens. */
function follow(rows: readonly Row[], key: string, on: Test["on"], when: DecisionTest): Row[] {
  return rows.flatMap((row) => {
    const test = row.tests.get(key);
    if (test === undefined) return [row];
    const outcome = fits(test, on, when);
    if (outcome !== "yes") return outcome === "open" ? [row] : [];
    const tests = new Map(row.tests);
    tests.delete(key);
    return openParts(test).map((part) => ({ ...row, ...join({ tests, bindings: row.bindings }, part) }));
  });
}

/** Does the value fit the test, now that it took the edge? "open": the edge does not tell. */
function fits(test: Test, on: Test["on"], when: DecisionTest): "yes" | "no" | "open" {
  if (when.test === "interval") {
    const low = when.interval.low ?? -Infinity, high = when.interval.high ?? Infinity;
    if (test.on === on && test.on !== "equals") return test.low <= low && high <= test.high ? "yes" : "no";
    // Integers beyond the exact doubles are tested by equality, but lie in open intervals too.
    const exact = test.on === "equals" && on === "interval" ? integerOf(test.value) : null;
    return exact !== null && low <= exact && exact <= high ? "open" : "no";
  }
  if (test.on === "equals") return literalKey(test.value) === literalKey(when.value) ? "yes" : "no";
  const exact = test.on === "interval" ? integerOf(when.value) : null;
  return exact !== null && test.on === "interval" && test.low <= exact && exact <= test.high ? "yes" : "no";
}

/** A row with the tests of all its parts, parents first: one row for each alternative further in. */
function openFully(row: Row): Row[] {
  const go = (pending: readonly Test[], done: Alternative): Row[] => {
    const [test, ...rest] = pending;
    if (test === undefined) return [{ ...row, ...done }];
    const next: Alternative = { ...done, tests: new Map([...done.tests, [pathKey(test.path), test]]) };
    const opened = openParts(test).flatMap((part) => go([...part.tests.values(), ...rest], { ...next, bindings: [...next.bindings, ...part.bindings] }));
    checkCount(opened.length);
    return opened;
  };
  return go([...row.tests.values()], { tests: new Map(), bindings: row.bindings });
}

/** Row after row, each test on its own. Size is linear because all failures of a row lead to one shared subtree. */
function chain(rows: readonly Row[]): DecisionTree {
  const size = rows.reduce((sum, row) => sum + row.tests.size, 0);
  if (size > MAX_NODES) throw new RangeError(`a match with more than ${MAX_NODES} tests`);
  const trees: DecisionTree[] = [];
  const treeAt = (i: number): DecisionTree => trees[i] ?? NO_MATCH;
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i]!;
    let next = i + 1;
    while (next < rows.length && rows[next]!.arm === row.arm && sameBindings(rows[next]!.bindings, row.bindings)) next++;
    let tree = finish(row, () => treeAt(next));
    for (const test of [...row.tests.values()].reverse()) {
      const when: DecisionTest = test.on === "equals" ? { test: "equals", value: test.value } : interval(test.low, test.high);
      tree = { kind: "switch", path: test.path, on: test.on === "length" ? "length" : "value", edges: [{ when, to: tree }], fallback: treeAt(i + 1) };
    }
    trees[i] = tree;
  }
  return treeAt(0);
}
