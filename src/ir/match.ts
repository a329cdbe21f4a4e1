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
// number, a text) exclude each other, but for data compared by structure: a list is such data too (see match-hands.ts).
// Trees can grow exponentially. States of the matrix that are met again are one shared object, and a tree may cost little
// more than trying arm after arm would (match-chain.ts); otherwise the arms are cut into parts, the tree of each
// failing into that of the next, and few arms become a chain. So a consumer must handle a DecisionTree object that it
// meets again by jumping to it, and must not recurse over fallbacks and edges: chains are as deep as they are long.

import { NO_SPAN, type Span } from "../text/source.ts";
import { chain, costOf, linksOf, type Link } from "./match-chain.ts";
import { deal } from "./match-hands.ts";
import { reachable, Row, sameBindings } from "./match-rows.ts";
import type { DecisionTree, MatchNode, Node } from "./nodes.ts";
import { open, patternVariables, type Pattern } from "./pattern.ts";

/** `changes`: the guard may change the matched value. */
export interface PatternArm { readonly pattern: Pattern; readonly guard: Node | null; readonly changes?: boolean; readonly body: Node }

/** What building a tree needs to know of an arm. */
export interface ArmShape { readonly pattern: Pattern; readonly guarded: boolean; readonly changes?: boolean }

/** What a tree may cost when the chain costs 1, and what any whole match may. */
const COST_OVER_CHAIN = 1.3, SMALL_COST = 40;
/** Rows that building a tree may look at for each unit of its greatest cost, and for any. */
const WORK_PER_COST = 10, SMALL_WORK = 1000;
/** Nodes on a way down one tree, over which the builder recurses. */
const MAX_DEPTH = 400;
/** So many parts arms are cut into, but for few arms, where that would gain nothing over a chain. */
const PARTS = 4, FEW_ARMS = 16;
const NO_MATCH: DecisionTree = { kind: "fail" };

/** Neighbouring arms that become one tree, or one chain. */
interface Part { readonly rows: readonly Row[]; readonly links: readonly Link[]; readonly maxCost: number; readonly tree: DecisionTree | null }

export function buildMatch(scrutinee: Node, arms: readonly PatternArm[], span: Span = NO_SPAN): MatchNode {
  const tree = buildTree(arms.map(({ pattern, guard, changes = false }) => ({ pattern, guarded: guard !== null, changes })));
  const bodies = arms.map(({ pattern, guard, body }) => ({ variables: patternVariables(pattern), guard, body }));
  return { kind: "Match", span, scrutinee, arms: bodies, tree };
}

/** `costOverChain`: 0 makes a chain of any match. */
export function buildTree(arms: readonly ArmShape[], costOverChain: number = COST_OVER_CHAIN): DecisionTree {
  const rows = arms.map(({ pattern, guarded, changes = false }, arm) => open(pattern, []).map(({ tests, bindings }, i) => new Row(arm, guarded, !changes, `${arm}.${i}`, tests, bindings)));
  const parts = partsOf(rows, rows.map((alternatives) => alternatives.flatMap(linksOf)), costOverChain, SMALL_COST);
  if (parts.length === 1 && parts[0]!.tree !== null) return parts[0]!.tree;
  let tree = NO_MATCH, links: readonly Link[] = [];
  for (const part of [...parts].reverse()) {
    if (part.tree === null) {
      links = [...part.links, ...links];
      continue;
    }
    tree = new TreeBuilder(part.rows, part.maxCost, chain(links, tree)).build()!;
    links = [];
  }
  return chain(links, tree);
}

function partsOf(arms: readonly (readonly Row[])[], linksOfArms: readonly (readonly Link[])[], costOverChain: number, minCost: number): Part[] {
  const rows = arms.flat(), links = linksOfArms.flat(), maxCost = costOverChain === 0 ? 0 : Math.max(minCost, costOverChain * costOf(links));
  const tree = costOverChain === 0 ? null : new TreeBuilder(rows, maxCost, NO_MATCH).build();
  if (tree !== null || arms.length <= FEW_ARMS || costOverChain === 0) return [{ rows, links, maxCost, tree }];
  const size = Math.ceil(arms.length / PARTS), starts = Array.from({ length: PARTS }, (_, i) => i * size).filter((start) => start < arms.length);
  return starts.flatMap((start) => partsOf(arms.slice(start, start + size), linksOfArms.slice(start, start + size), costOverChain, 0));
}

class TreeBuilder {
  readonly #known = new Map<string, DecisionTree>();
  readonly #start: readonly Row[];
  readonly #otherwise: DecisionTree;
  #costLeft: number;
  #workLeft: number;
  #depth = 0;

  /** `otherwise`: where values go that no row fits. */
  constructor(rows: readonly Row[], maxCost: number, otherwise: DecisionTree) {
    this.#costLeft = maxCost;
    this.#workLeft = Math.max(SMALL_WORK, WORK_PER_COST * maxCost);
    this.#start = rows;
    this.#otherwise = otherwise;
  }

  /** Null when the tree would cost too much. */
  build(): DecisionTree | null {
    const tree = this.#tree(reachable(this.#start));
    return this.#isSpent() ? null : tree;
  }

  #isSpent(): boolean { return this.#costLeft < 0 || this.#workLeft < 0; }

  #tree(rows: readonly Row[]): DecisionTree {
    const first = rows[0];
    if (first === undefined || this.#isSpent()) return this.#otherwise;
    // A leaf is no more than its bindings: best made where the parts are known.
    if (first.isFinal) return this.#leaf(first);
    this.#workLeft -= rows.length;
    const state = rows.map((row) => row.state).join(" "), known = this.#known.get(state);
    if (known !== undefined) return known;
    if (++this.#depth > MAX_DEPTH) this.#costLeft = -1;
    const tree = first.tests.size === 0 ? this.#guard(first, rows) : this.#switch(first, rows);
    this.#depth--;
    this.#known.set(state, tree);
    return tree;
  }

  #leaf({ arm, bindings }: Row): DecisionTree {
    this.#costLeft -= 1 + bindings.length;
    return { kind: "leaf", arm, bindings };
  }

  #guard(first: Row, rows: readonly Row[]): DecisionTree {
    const { arm, bindings, keeps } = first;
    this.#costLeft -= 1 + bindings.length;
    return { kind: "guard", arm, bindings, keeps, fail: this.#tree(this.#afterGuard(first, rows)) };
  }

  #switch(first: Row, rows: readonly Row[]): DecisionTree {
    this.#workLeft -= first.tests.size * rows.length;
    const key = choosePlace(first, rows), lead = first.tests.get(key)!, { hands, others, work } = deal(rows, key, lead, this.#workLeft);
    this.#costLeft -= 1 + hands.length;
    this.#workLeft -= work;
    return {
      kind: "switch", path: lead.path, on: lead.on === "length" ? "length" : "value",
      edges: hands.map((hand) => ({ when: hand.when, to: this.#tree(hand.rows) })),
      fallback: this.#tree(others),
    };
  }

  /** The rows to go on with when the guard of the first one has failed (rules d and f). */
  #afterGuard(first: Row, [, ...rest]: readonly Row[]): readonly Row[] {
    const others = rest.filter((row) => row.arm !== first.arm || !sameBindings(row.bindings, first.bindings));
    if (first.keeps) return others;
    return reachable([...others.filter((row) => row.arm === first.arm), ...this.#start.filter((row) => row.arm > first.arm)]);
  }
}

/** Of the places the first row needs, the one most rows look at; the leftmost on a tie. */
function choosePlace(first: Row, rows: readonly Row[]): string {
  let best = "", most = 0;
  for (const key of first.tests.keys()) {
    const count = rows.filter((row) => row.tests.has(key)).length;
    if (count > most) [best, most] = [key, count];
  }
  return best;
}
