// Decision trees for pattern matching, by the usual matrix method: rows are arms, the places they still look at are
// columns. The first arm that fits wins, as if arms were tried one after the other. Six rules keep it that way where
// the textbook version loses arms:
//   a. an or-pattern becomes one row for each alternative as soon as it is opened, so alternatives never mix;
//   b. integers and list lengths are intervals: the tests at a place are cut into disjoint pieces and a row goes down
//      every piece that it covers, so an overlap never loses a row;
//   c. rows that do not look at the tested place go down every edge and into the fallback;
//   d. after a failed guard, rows of the same arm with the same bindings are dropped, so a guard runs once;
//   e. "no arm fits" is a real outcome, since nothing proves that arms are exhaustive;
//   f. a guard that may change the value makes everything tested before it void: the arms behind it start afresh.
// Places hold values of any type, so a switch always has a fallback. Tests of different kinds at one place (a list, a
// number, a text) exclude each other, but for data compared by structure: a list is such data too (see `fits`).
// Trees can grow exponentially. States of the matrix that are met again are one shared object, and above MAX_NODES the arms
// are cut in two: a tree for the first half that fails into one for the second, down to single arms as plain chains. So a
// consumer must handle a DecisionTree object that it meets again by jumping to it. Chains have a limit too, since
// consumers recurse; a front end reports the RangeError as an error of the program.

import { NO_SPAN, type Span } from "../text/source.ts";
import type { Binding, DecisionTest, DecisionTree, MatchNode, Node } from "./nodes.ts";
import { checkCount, identity, integerOf, join, literalKey, open, openParts, pathKey, patternVariables, type Alternative, type Pattern, type Test } from "./pattern.ts";

/** `changes`: the guard may change the matched value. */
export interface PatternArm { readonly pattern: Pattern; readonly guard: Node | null; readonly changes?: boolean; readonly body: Node }

/** What building a tree needs to know of an arm. */
export interface ArmShape { readonly pattern: Pattern; readonly guarded: boolean; readonly changes?: boolean }

/** Nodes of a tree, and more of them for many arms. */
const MAX_NODES = 2000, NODES_PER_ARM = 8;
/** Nodes on a way down one tree, over which builder and consumers recurse. */
const MAX_DEPTH = 400;
/** Tests in all chains of a match. */
const MAX_TESTS = 2000;
const NO_MATCH: DecisionTree = { kind: "fail" };

/** A row of the matrix: what is left of one alternative of one arm. `trail` tells which alternatives were chosen on the way. */
interface Row extends Alternative { readonly arm: number; readonly guarded: boolean; readonly keeps: boolean; readonly trail: string }

export function buildMatch(scrutinee: Node, arms: readonly PatternArm[], span: Span = NO_SPAN): MatchNode {
  const tree = buildTree(arms.map(({ pattern, guard, changes = false }) => ({ pattern, guarded: guard !== null, changes })));
  const bodies = arms.map(({ pattern, guard, body }) => ({ variables: patternVariables(pattern), guard, body }));
  return { kind: "Match", span, scrutinee, arms: bodies, tree };
}

export function buildTree(arms: readonly ArmShape[], maxNodes: number = Math.max(MAX_NODES, NODES_PER_ARM * arms.length)): DecisionTree {
  const rows = arms.map(({ pattern, guarded, changes = false }, arm) => open(pattern, []).map((a, i): Row => ({ ...a, arm, guarded, keeps: !changes, trail: `${arm}.${i}` })));
  let testsLeft = MAX_TESTS;
  // Halves share the number of nodes, so that all trees together are no larger than one may be.
  const build = (arms: readonly (readonly Row[])[], nodes: number, otherwise: DecisionTree): DecisionTree => {
    const all = arms.flat(), tree = new TreeBuilder(nodes, all, otherwise).build();
    if (tree !== null) return tree;
    if (arms.length > 1) {
      const middle = arms.length >> 1;
      return build(arms.slice(0, middle), nodes >> 1, build(arms.slice(middle), nodes >> 1, otherwise));
    }
    const links = all.flatMap(openFully);
    testsLeft -= links.reduce((sum, row) => sum + row.tests.size, 0);
    if (testsLeft < 0) throw new RangeError(`a match with more than ${MAX_TESTS} tests`);
    return chain(links, otherwise);
  };
  return build(rows, maxNodes, NO_MATCH);
}

class TreeBuilder {
  readonly #known = new Map<string, DecisionTree>();
  readonly #opened: readonly Row[];
  readonly #otherwise: DecisionTree;
  #nodesLeft: number;
  #depth = 0;

  /** `otherwise`: where values go that no row fits. */
  constructor(maxNodes: number, opened: readonly Row[], otherwise: DecisionTree) {
    this.#nodesLeft = maxNodes;
    this.#opened = opened;
    this.#otherwise = otherwise;
  }

  /** Null when the tree would be too large. */
  build(): DecisionTree | null {
    const tree = this.#tree(this.#opened);
    return this.#nodesLeft < 0 ? null : tree;
  }

  #tree(rows: readonly Row[]): DecisionTree {
    const first = rows[0];
    if (first === undefined || this.#nodesLeft < 0) return this.#otherwise;
    const state = rows.map(({ trail, tests }) => `${trail}:${Array.from(tests.values(), identity).join()}`).join(" ");
    let tree = this.#known.get(state);
    if (tree !== undefined) return tree;
    this.#nodesLeft--;
    if (++this.#depth > MAX_DEPTH) this.#nodesLeft = -1;
    tree = first.tests.size === 0 ? finish(first, () => this.#tree(this.#afterGuard(rows))) : this.#switch(first, rows);
    this.#depth--;
    // A leaf is no more than its bindings: best made where the parts are known.
    if (tree.kind !== "leaf") this.#known.set(state, tree);
    return tree;
  }

  #switch(first: Row, rows: readonly Row[]): DecisionTree {
    const key = choosePlace(first, rows), lead = first.tests.get(key)!, group = family(lead);
    const edges = edgesOf(lead, rows, key), rowsFor = deal(rows, key, lead, edges);
    const others = rows.filter((row) => !row.tests.has(key) || family(row.tests.get(key)!) !== group);
    return {
      kind: "switch", path: lead.path, on: lead.on === "length" ? "length" : "value",
      edges: edges.map((when) => ({ when, to: this.#tree(follow(rowsFor(when), key, lead, when)) })),
      fallback: this.#tree(others),
    };
  }

  /** The rows to go on with when the guard of the first one has failed (rules d and f). */
  #afterGuard([first, ...rest]: readonly Row[]): Row[] {
    const others = rest.filter((row) => row.arm !== first!.arm || !sameBindings(row.bindings, first!.bindings));
    if (first!.keeps) return others;
    return [...others.filter((row) => row.arm === first!.arm), ...this.#opened.filter((row) => row.arm > first!.arm)];
  }
}

/** A row whose tests have all been made. */
function finish({ arm, guarded, keeps, bindings }: Row, fail: () => DecisionTree): DecisionTree {
  return guarded ? { kind: "guard", arm, bindings, keeps, fail: fail() } : { kind: "leaf", arm, bindings };
}

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

/** Tests of one family are answered together, by the edges of one switch. Data that may be equal to other such data stand alone. */
function family(test: Test): string {
  return test.on === "structural" && !test.distinct ? `structural ${test.literal}` : test.on;
}

/** The edges for all tests of the lead's family at the place. */
function edgesOf(lead: Test, rows: readonly Row[], key: string): DecisionTest[] {
  switch (lead.on) {
    case "equals": case "structural": return equalityEdges(lead, rows, key);
    case "interval": case "length": return intervalEdges(rows, key, lead.on);
    case "extent": return extentEdges(rows, key);
    case "map": return [{ test: "map" }];
    case "entry": return [{ test: "entry", key: lead.key }];
  }
}

function equalityEdges(lead: Test, rows: readonly Row[], key: string): DecisionTest[] {
  const found = new Map<string, DecisionTest>(), group = family(lead);
  for (const row of rows) {
    const test = row.tests.get(key);
    if (test === undefined || family(test) !== group || (test.on !== "equals" && test.on !== "structural")) continue;
    if (!found.has(test.literal)) found.set(test.literal, { test: test.on, value: test.value });
  }
  return [...found.values()];
}

/** Exact numbers of items first, so that what is left for "at least n" needs no upper bound; those from the largest on down. */
function extentEdges(rows: readonly Row[], key: string): DecisionTest[] {
  const exact = new Set<number>(), least = new Set<number>();
  for (const row of rows) {
    const test = row.tests.get(key);
    if (test?.on === "extent") (test.rest === null ? exact : least).add(test.count);
  }
  const descending = [...least].sort((a, b) => b - a);
  return [...Array.from(exact, (count): DecisionTest => ({ test: "extent", count, exactly: true })), ...descending.map((count): DecisionTest => ({ test: "extent", count, exactly: false }))];
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

/** The rows that may go down each edge: of those that want equality, only the ones with its literal, or many arms would cost their square. */
function deal(rows: readonly Row[], key: string, lead: Test, edges: readonly DecisionTest[]): (when: DecisionTest) => readonly Row[] {
  if (lead.on !== "equals" && lead.on !== "structural") return () => rows;
  const group = family(lead), hands = new Map(edges.map((when): [string, Row[]] => ["value" in when ? literalKey(when.value) : "", []]));
  for (const row of rows) {
    const test = row.tests.get(key);
    if (test !== undefined && family(test) === group && "literal" in test) hands.get(test.literal)!.push(row);
    else for (const hand of hands.values()) hand.push(row);
  }
  return (when) => ("value" in when ? hands.get(literalKey(when.value))! : rows);
}

/** The rows that go down an edge, with the parts that its test opens. */
function follow(rows: readonly Row[], key: string, lead: Test, when: DecisionTest): Row[] {
  const literal = "value" in when ? literalKey(when.value) : "";
  return rows.flatMap((row) => {
    const test = row.tests.get(key);
    if (test === undefined) return [row];
    const outcome = fits(test, lead, when, literal);
    if (outcome !== "yes") return outcome === "open" ? [row] : [];
    const tests = new Map(row.tests);
    tests.delete(key);
    const parts = openParts(test);
    return parts.map((part, i) => ({ ...row, ...join({ tests, bindings: row.bindings }, part), trail: parts.length > 1 ? `${row.trail}|${key}.${i}` : row.trail }));
  });
}

type Fit = "yes" | "no" | "open";

/** Does the value fit the test, now that it took the edge? "open": the edge does not tell. `literal`: key of the edge's. */
function fits(test: Test, lead: Test, when: DecisionTest, literal: string): Fit {
  switch (when.test) {
    case "interval": return fitsInterval(test, lead, when.interval.low ?? -Infinity, when.interval.high ?? Infinity);
    case "extent":
      if (test.on === "equals") return test.value.type === "empty" ? "open" : "no";
      if (test.on !== "extent") return mayBeData(test);
      return when.exactly ? yes(test.rest === null ? test.count === when.count : test.count <= when.count) : yes(test.rest !== null && test.count <= when.count);
    case "map": return test.on === "map" ? "yes" : mayBeData(test);
    case "entry": return "yes";
    case "structural": {
      if (test.on === "structural" && test.literal === literal) return "yes";
      const telling = lead.on === "structural" && lead.distinct;
      return telling ? "no" : test.on === "extent" || test.on === "map" ? "open" : mayBeData(test);
    }
    case "equals": {
      if (test.on === "equals") return yes(test.literal === literal);
      if (test.on === "extent" && when.value.type === "empty") return "open";
      const exact = test.on === "interval" ? integerOf(when.value) : null;
      return yes(exact !== null && test.on === "interval" && test.low <= exact && exact <= test.high);
    }
  }
}

const yes = (holds: boolean): Fit => (holds ? "yes" : "no");
/** Lists, vectors and maps may be equal to data of a pattern, but never to a distinct literal. */
const mayBeData = (test: Test): Fit => (test.on === "structural" && !test.distinct ? "open" : "no");

function fitsInterval(test: Test, lead: Test, low: number, high: number): Fit {
  if (test.on === lead.on && (test.on === "interval" || test.on === "length")) return yes(test.low <= low && high <= test.high);
  // Integers beyond the exact doubles are tested by equality, but lie in open intervals too.
  const exact = test.on === "equals" && lead.on === "interval" ? integerOf(test.value) : null;
  return exact !== null && low <= exact && exact <= high ? "open" : "no";
}

/** A row with the tests of all its parts, parents first: one row for each alternative further in. */
function openFully(row: Row): Row[] {
  const go = (pending: readonly Test[], done: Alternative): Row[] => {
    const [test, ...rest] = pending;
    if (test === undefined) return [{ ...row, ...done }];
    const opened = openParts(test).flatMap((part) => {
      const next = join(done, { tests: new Map([[pathKey(test.path), test]]), bindings: part.bindings });
      return go([...part.tests.values(), ...rest], next);
    });
    checkCount(opened.length);
    return opened;
  };
  return go([...row.tests.values()], { tests: new Map(), bindings: row.bindings });
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

/** Row after row, each test on its own. Size is linear because all failures of a row lead to one shared subtree. */
function chain(rows: readonly Row[], otherwise: DecisionTree): DecisionTree {
  const trees: DecisionTree[] = [];
  const treeAt = (i: number): DecisionTree => trees[i] ?? otherwise;
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i]!;
    let next = i + 1;
    while (next < rows.length && rows[next]!.arm === row.arm && sameBindings(rows[next]!.bindings, row.bindings)) next++;
    let tree = finish(row, () => treeAt(next));
    for (const test of [...row.tests.values()].reverse()) {
      tree = { kind: "switch", path: test.path, on: test.on === "length" ? "length" : "value", edges: [{ when: edgeOf(test), to: tree }], fallback: treeAt(i + 1) };
    }
    trees[i] = tree;
  }
  return treeAt(0);
}
