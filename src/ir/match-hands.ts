// The edges of one switch of a decision tree, and the rows that each of them is dealt (rules b and c of match.ts). Thousands
// of literals are common in generated programs, so nothing here may look at every row for every edge: a row goes to the
// edges it can take only, and an edge is full once it has a row that takes everything.

import type { DecisionTest } from "./nodes.ts";
import { Row } from "./match-rows.ts";
import { integerOf, type Test } from "./pattern.ts";

export interface Hand { readonly when: DecisionTest; readonly rows: readonly Row[] }

/** `others`: rows for values that take no edge. `work`: how often a row and an edge were compared. */
export interface Deal { readonly hands: readonly Hand[]; readonly others: readonly Row[]; readonly work: number }

/** An edge while it is dealt. `literal`: key of its literal; `distinct`: it equals no other data. */
class Edge implements Hand {
  readonly rows: Row[] = [];
  isFull = false;
  constructor(readonly when: DecisionTest, readonly index: number, readonly literal = "", readonly distinct = false) {}

  take(rows: readonly Row[]): void {
    for (const row of rows) {
      if (this.isFull) return;
      this.rows.push(row);
      this.isFull = row.isFinal;
    }
  }
}

/** Tests of one family are answered together, by the edges of one switch. With more than the given work the deal is cut short. */
export function deal(rows: readonly Row[], key: string, lead: Test, mostWork: number): Deal {
  const edges = edgesOf(lead, rows, key), others: Row[] = [], byLiteral = new Map(edges.map((edge) => [edge.literal, edge]));
  let open: readonly Edge[] = edges, work = rows.length;
  for (const row of rows) {
    if (work > mostWork) break;
    const test = row.tests.get(key);
    if (test === undefined || test.on !== lead.on) others.push(row);
    if (test !== undefined && isRanged(lead, test)) {
      const opened = row.opened(key);
      for (let i = firstFrom(edges, test.low); i < edges.length && highOf(edges[i]!) <= test.high; i++) {
        edges[i]!.take(opened);
        work++;
      }
      continue;
    }
    if (test !== undefined && hasOwnEdge(test, lead)) {
      byLiteral.get(test.literal)!.take(row.opened(key));
      continue;
    }
    open = open.filter((edge) => !edge.isFull);
    work += open.length;
    if (test === undefined) for (const edge of open) edge.take([row]);
    else dealTest(row, key, test, lead, open, byLiteral);
  }
  return { hands: lead.on === "interval" || lead.on === "length" ? joined(edges) : edges, others, work };
}

type Ranged = Extract<Test, { readonly low: number }>;

const isRanged = (lead: Test, test: Test): test is Ranged => test.on === lead.on && (test.on === "interval" || test.on === "length");

type Equality = Extract<Test, { readonly literal: string }>;

/** Does the value fit the test by one edge only? */
const hasOwnEdge = (test: Test, lead: Test): test is Equality =>
  test.on === lead.on && (test.on === "equals" || (test.on === "structural" && test.distinct));

function dealTest(row: Row, key: string, test: Test, lead: Test, open: readonly Edge[], byLiteral: ReadonlyMap<string, Edge>): void {
  let opened: readonly Row[] | undefined;
  const give = (edge: Edge, fit: Fit): void => {
    if (fit === "open") edge.take([row]);
    else if (fit === "yes") edge.take(opened ??= row.opened(key));
  };
  if (test.on === "structural" && lead.on === "structural") {
    const own = byLiteral.get(test.literal)!;
    // Other data may be equal too, unless an edge before has told that it is not.
    for (let i = 0; i < open.length && open[i]!.index < own.index; i++) if (!open[i]!.distinct) give(open[i]!, "open");
    return give(own, "yes");
  }
  for (const edge of open) give(edge, fits(test, edge, lead));
}

function edgesOf(lead: Test, rows: readonly Row[], key: string): Edge[] {
  switch (lead.on) {
    case "equals": case "structural": return equalityEdges(lead.on, rows, key);
    case "interval": case "length": return intervalEdges(rows, key, lead.on);
    case "extent": return extentEdges(rows, key);
    case "map": return [new Edge({ test: "map" }, 0)];
    case "entry": return [new Edge({ test: "entry", key: lead.key }, 0)];
  }
}

function equalityEdges(on: "equals" | "structural", rows: readonly Row[], key: string): Edge[] {
  const found = new Map<string, Edge>();
  for (const row of rows) {
    const test = row.tests.get(key);
    if (test === undefined || test.on !== on || found.has(test.literal)) continue;
    found.set(test.literal, new Edge({ test: on, value: test.value }, found.size, test.literal, test.on === "structural" && test.distinct));
  }
  return [...found.values()];
}

/** Exact numbers of items first, so that what is left for "at least n" needs no upper bound; those from the largest on down. */
function extentEdges(rows: readonly Row[], key: string): Edge[] {
  const exact = new Set<number>(), least = new Set<number>();
  for (const row of rows) {
    const test = row.tests.get(key);
    if (test?.on === "extent") (test.rest === null ? exact : least).add(test.count);
  }
  const descending = [...least].sort((a, b) => b - a);
  const tests = [...Array.from(exact, (count) => ({ count, exactly: true })), ...descending.map((count) => ({ count, exactly: false }))];
  return tests.map((test, i) => new Edge({ test: "extent", ...test }, i));
}

const bound = (value: number): number | null => (Number.isFinite(value) ? value : null);
export const interval = (low: number, high: number): DecisionTest => ({ test: "interval", interval: { low: bound(low), high: bound(high) } });

const lowOf = ({ when }: Hand): number => (when.test === "interval" ? when.interval.low : null) ?? -Infinity;
const highOf = ({ when }: Hand): number => (when.test === "interval" ? when.interval.high : null) ?? Infinity;

/** Disjoint pieces of what rows test at the place, in order: they start at each lower bound and behind each upper bound. */
function intervalEdges(rows: readonly Row[], key: string, on: "interval" | "length"): Edge[] {
  const floor = on === "length" ? 0 : -Infinity, starts = new Map<number, number>();
  for (const row of rows) {
    const test = row.tests.get(key);
    if (test === undefined || test.on !== on) continue;
    const { low, high } = test as Ranged;
    if (low > high) continue;
    starts.set(low, (starts.get(low) ?? 0) + 1).set(high + 1, (starts.get(high + 1) ?? 0) - 1);
  }
  const cuts = [...starts.keys()].filter((cut) => cut >= floor && cut < Infinity).sort((a, b) => a - b), edges: Edge[] = [];
  let covering = 0;
  for (const [i, low] of cuts.entries()) {
    covering += starts.get(low)!;
    if (covering > 0) edges.push(new Edge(interval(low, (cuts[i + 1] ?? Infinity) - 1), edges.length));
  }
  return edges;
}

/** Index of the first piece that starts there or later. */
function firstFrom(edges: readonly Edge[], low: number): number {
  let from = 0, to = edges.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (lowOf(edges[middle]!) < low) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Neighbours with the same rows are one piece. */
function joined(edges: readonly Edge[]): Hand[] {
  const hands: Hand[] = [];
  for (const edge of edges) {
    const last = hands.at(-1);
    const same = last !== undefined && highOf(last) + 1 === lowOf(edge) && last.rows.length === edge.rows.length && last.rows.every((row, i) => row === edge.rows[i]);
    if (same) hands[hands.length - 1] = { when: interval(lowOf(last), highOf(edge)), rows: last.rows };
    else hands.push(edge);
  }
  return hands;
}

type Fit = "yes" | "no" | "open";

/** Does the value fit a test of another family than the lead's, or of one with few edges, now that it took the edge? "open": the edge does not tell. */
function fits(test: Test, { when, distinct }: Edge, lead: Test): Fit {
  switch (when.test) {
    case "interval": {
      // Integers beyond the exact doubles are tested by equality, but lie in open intervals too.
      const exact = test.on === "equals" && lead.on === "interval" ? integerOf(test.value) : null, { low, high } = when.interval;
      return exact !== null && (low ?? -Infinity) <= exact && exact <= (high ?? Infinity) ? "open" : "no";
    }
    case "extent":
      if (test.on === "equals") return test.value.type === "empty" ? "open" : "no";
      if (test.on !== "extent") return mayBeData(test);
      return when.exactly ? yes(test.rest === null ? test.count === when.count : test.count <= when.count) : yes(test.rest !== null && test.count <= when.count);
    case "map": return test.on === "map" ? "yes" : mayBeData(test);
    case "entry": return "yes";
    case "structural": return distinct ? "no" : test.on === "extent" || test.on === "map" ? "open" : "no";
    case "equals": {
      if (test.on === "extent" && when.value.type === "empty") return "open";
      const exact = test.on === "interval" ? integerOf(when.value) : null;
      return yes(exact !== null && test.on === "interval" && test.low <= exact && exact <= test.high);
    }
  }
}

const yes = (holds: boolean): Fit => (holds ? "yes" : "no");
/** Lists, vectors and maps may be equal to data of a pattern, but never to a distinct literal. */
const mayBeData = (test: Test): Fit => (test.on === "structural" && !test.distinct ? "open" : "no");
