// Where the groups of a match are, by POSIX's rule: each part of the pattern, from left to right, takes as much as it can
// while the whole stays what it is. Works from the tree: which positions a part can reach from others, in both directions,
// decides where it ends. Takes time proportional to a power of the match's length and never more than the matcher allows;
// there is a limit on memory, too.

import { pointAt, widthAt, type Matcher } from "./matcher.ts";
import { WorkLimitError, type Node } from "./syntax.ts";

type Positions = ReadonlySet<number>;
/** The same where many have to be kept: a bit for each. */
type Kept = Uint8Array;
type Repeat = Extract<Node, { type: "repeat" }>;

/** Bytes of the longest match whose groups are looked for, and of the positions kept while doing so. */
const MAX_MATCH = 1 << 22, MAX_KEPT = 1 << 24;
const TOO_LARGE = "the match is too long to find its groups";

/** Indices of the groups in a node. */
function groupsIn(node: Node): readonly number[] {
  switch (node.type) {
    case "group": return [node.index, ...groupsIn(node.body)];
    case "repeat": return groupsIn(node.body);
    case "sequence": case "choice": return node.parts.flatMap(groupsIn);
    default: return [];
  }
}

class GroupFinder {
  /** Start and end of each group; -1: does not take part. */
  readonly slots: number[];
  #kept = 0;
  readonly #groups = new Map<Node, readonly number[]>();

  constructor(readonly matcher: Matcher, readonly from: number, readonly to: number) {
    this.slots = new Array<number>(2 * matcher.program.groups).fill(-1);
  }

  // ---- which positions can be reached

  /** Where the node can end when it begins at one of the positions; backwards: where it can begin when it ends there. */
  #reach(node: Node, starts: Positions, forward: boolean): Positions {
    this.matcher.countSteps(1 + starts.size);
    switch (node.type) {
      case "empty": return starts;
      case "char": return this.#step(starts, forward, (point) => point === node.point);
      case "class": return this.#step(starts, forward, node.test);
      case "assert": return new Set([...starts].filter((at) => this.matcher.holds(node.what, at)));
      case "group": return this.#reach(node.body, starts, forward);
      case "sequence": return (forward ? node.parts : node.parts.toReversed()).reduce((at, part) => this.#reach(part, at, forward), starts);
      case "choice": return new Set(node.parts.flatMap((part) => [...this.#reach(part, starts, forward)]));
      case "repeat": return this.#reachRepeated(node, starts, forward);
    }
  }

  #step(starts: Positions, forward: boolean, test: (point: number) => boolean): Positions {
    const { text } = this.matcher, ends = new Set<number>();
    for (const at of starts) {
      let first = at;
      if (!forward) do first--; while (first > this.from && (text[first]! & 0xc0) === 0x80);
      if (first < this.from || first >= this.to) continue;
      const width = forward ? widthAt(text, first) : at - first;
      if (test(pointAt(text, first, width))) ends.add(forward ? at + width : first);
    }
    return ends;
  }

  #reachRepeated({ body, min, max }: Repeat, starts: Positions, forward: boolean): Positions {
    let last = starts;
    for (let i = 0; i < min && last.size > 0; i++) last = this.#reach(body, last, forward);
    const all = new Set(last);
    for (let i = min; i < max && last.size > 0; i++) {
      last = new Set([...this.#reach(body, last, forward)].filter((at) => !all.has(at)));
      for (const at of last) all.add(at);
    }
    return all;
  }

  /** The last of the allowed positions that the node reaches; -1: none. */
  #furthest(node: Node, at: number, allowed: Kept): number {
    let furthest = -1;
    for (const end of this.#reach(node, new Set([at]), true)) if (end > furthest && this.#has(allowed, end)) furthest = end;
    return furthest;
  }

  #keep(positions: Positions): Kept {
    const kept = new Uint8Array(((this.to - this.from) >> 3) + 1);
    this.#kept += kept.length;
    if (this.#kept > MAX_KEPT) throw new WorkLimitError(TOO_LARGE);
    for (const at of positions) kept[(at - this.from) >> 3]! |= 1 << ((at - this.from) & 7);
    return kept;
  }

  #has(kept: Kept, at: number): boolean { return (kept[(at - this.from) >> 3]! & (1 << ((at - this.from) & 7))) !== 0; }

  // ---- who takes what

  #groupsIn(node: Node): readonly number[] {
    let found = this.#groups.get(node);
    if (found === undefined) this.#groups.set(node, found = groupsIn(node));
    return found;
  }

  /** Finds the groups of a node that matches what stands between the two positions. */
  assign(node: Node, from: number, to: number): void {
    if (this.#groupsIn(node).length === 0) return;
    if (node.type === "group") {
      this.slots[2 * node.index] = from;
      this.slots[2 * node.index + 1] = to;
      this.assign(node.body, from, to);
    } else if (node.type === "choice") {
      const part = node.parts.find((each) => this.#reach(each, new Set([from]), true).has(to));
      if (part !== undefined) this.assign(part, from, to);
    } else if (node.type === "sequence") this.#assignSequence(node.parts, from, to);
    else if (node.type === "repeat") this.#assignRepeat(node, from, to);
  }

  #assignSequence(parts: readonly Node[], from: number, to: number): void {
    // Where the parts from each on can begin so that they end at `to`.
    const begins: Kept[] = new Array(parts.length);
    for (let i = parts.length - 1, last: Positions = new Set([to]); i >= 0; last = this.#reach(parts[i--]!, last, false)) begins[i] = this.#keep(last);
    let at = from;
    parts.forEach((part, i) => {
      const end = this.#furthest(part, at, begins[i]!);
      this.assign(part, at, end);
      at = end;
    });
  }

  /** Groups tell of the last repetition only. */
  #assignRepeat({ body, min, max }: Repeat, from: number, to: number): void {
    const begins = this.#repetitionsBefore(body, min, max, to);
    let at = from, last = -1;
    for (let count = 0; count < max && (at < to || count < min || count === 0); count++) {
      const end = this.#furthest(body, at, begins(count + 1));
      // Nothing more to repeat: an empty repetition counts if it is the only one.
      if (end < at || (end === at && at < to && count >= min)) break;
      last = at;
      at = end;
    }
    if (last >= 0) this.assign(body, last, at);
  }

  /** For a number of repetitions: where the ones behind them can begin so that they end at `to`. */
  #repetitionsBefore(body: Node, min: number, max: number, to: number): (count: number) => Kept {
    const most = max === Infinity ? min : max, begins: Kept[] = new Array(most + 1), end = new Set([to]);
    let last: Positions = max === Infinity ? this.#reachRepeated({ type: "repeat", body, min: 0, max, greedy: true }, end, false) : end;
    for (let count = most; ; count--) {
      begins[count] = this.#keep(last);
      if (count === 0) return (given) => begins[Math.min(given, most)]!;
      const before = this.#reach(body, last, false);
      last = count > min ? new Set([...before, to]) : before;
    }
  }
}

/** The first and longest match from an offset on: start and end of each group, -1 for those not taking part; null: none. */
export function findWithGroups(matcher: Matcher, from: number): readonly number[] | null {
  const whole = matcher.find(from);
  if (whole === null || matcher.program.groups === 1) return whole;
  const [start, end] = whole as [number, number];
  if (end - start > MAX_MATCH) throw new WorkLimitError(TOO_LARGE);
  const finder = new GroupFinder(matcher, start, end);
  finder.slots[0] = start;
  finder.slots[1] = end;
  finder.assign(matcher.program.root, start, end);
  return finder.slots;
}
