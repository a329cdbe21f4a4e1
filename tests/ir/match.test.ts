import { describe, expect, test } from "vitest";
import * as b from "../../src/ir/builder.ts";
import { buildMatch, buildTree } from "../../src/ir/match.ts";
import type { Binding, DecisionTree, Literal, Path, Variable } from "../../src/ir/nodes.ts";
import type { Pattern } from "../../src/ir/pattern.ts";
import { printTree } from "../../src/ir/print.ts";
import { findProblems } from "../../src/ir/verify.ts";
import { ANY, bind, integer, main } from "./samples.ts";

/** Values are integers, texts, booleans, null, lists and records: all kinds may come to any place. */
type Value = number | bigint | string | boolean | null | Value[] | { readonly [name: string]: Value };
type Arm = { readonly pattern: Pattern; readonly guarded: boolean };
type Guard = (arm: number, bindings: Bindings) => boolean;
type Bindings = { readonly [name: string]: Value };
interface Outcome { readonly arm: number; readonly bindings: Bindings }

const isRecord = (value: Value | undefined): value is { readonly [name: string]: Value } => typeof value === "object" && value !== null && !Array.isArray(value);
const matchesLiteral = (literal: Literal, value: Value | undefined): boolean => {
  if (literal.type === "string") return value === new TextDecoder().decode(literal.value);
  if (literal.type === "null") return (value ?? null) === null;
  return "value" in literal && (typeof value === "number" || typeof value === "bigint" ? typeof literal.value !== "boolean" && BigInt(value) === BigInt(literal.value as number) : value === literal.value);
};

const keyName = (key: Literal): string => ("value" in key ? String(key.value) : key.type);
/** Data of patterns is the value itself. */
const isSame = (literal: Literal, value: Value | undefined): boolean => literal.type === "datum" && value !== undefined && JSON.stringify((literal.value as { readonly data: Value }).data) === JSON.stringify(value);

// ---- the tree, evaluated as an engine does

function follow(value: Value, path: Path): Value | undefined {
  return path.reduce<Value | undefined>((at, step) => {
    switch (step.step) {
      case "field": return isRecord(at) ? at[step.name] : undefined;
      case "entry": return isRecord(at) ? at[keyName(step.key)] : undefined;
      case "element": case "item": return Array.isArray(at) ? at[step.index] : undefined;
      case "rest": case "items": return Array.isArray(at) ? at.slice(step.from) : undefined;
    }
  }, value);
}

function runTree(start: DecisionTree, value: Value, guard: Guard): Outcome | null {
  for (let tree = start; ;) {
    if (tree.kind === "fail") return null;
    if (tree.kind !== "switch") {
      const bindings = Object.fromEntries(tree.bindings.map(({ variable, path }: Binding) => [variable.name, follow(value, path) ?? null]));
      if (tree.kind === "leaf" || guard(tree.arm, bindings)) return { arm: tree.arm, bindings };
      tree = tree.fail;
      continue;
    }
    const held = follow(value, tree.path);
    const tested = tree.on === "value" ? held : Array.isArray(held) ? held.length : undefined;
    const edge = tree.edges.find(({ when }) => {
      switch (when.test) {
        case "equals": return matchesLiteral(when.value, tested);
        case "structural": return isSame(when.value, tested);
        case "map": return isRecord(tested);
        case "entry": return isRecord(tested) && keyName(when.key) in tested;
        case "extent": return Array.isArray(tested) && (when.exactly ? tested.length === when.count : tested.length >= when.count);
        case "interval": return (typeof tested === "number" || typeof tested === "bigint") && tested >= (when.interval.low ?? -Infinity) && tested <= (when.interval.high ?? Infinity);
      }
    });
    tree = edge === undefined ? tree.fallback : edge.to;
  }
}

// ---- plain matching, arm after arm

function* fit(pattern: Pattern, value: Value | undefined): Generator<Bindings> {
  switch (pattern.pattern) {
    case "any": yield {}; return;
    case "bind": yield { [pattern.variable.name]: value ?? null }; return;
    case "at": for (const found of fit(pattern.inner, value)) yield { [pattern.variable.name]: value ?? null, ...found }; return;
    case "or": for (const inner of pattern.alternatives) yield* fit(inner, value); return;
    case "literal": if (matchesLiteral(pattern.value, value)) yield {}; return;
    case "interval": if ((typeof value === "number" || typeof value === "bigint") && value >= (pattern.low ?? -Infinity) && value <= (pattern.high ?? Infinity)) yield {}; return;
    case "tuple": yield* fitAll(pattern.elements, Array.isArray(value) ? value : []); return;
    case "record": yield* fitAll(pattern.fields.map((f) => f.inner), pattern.fields.map((f) => (isRecord(value) ? value[f.name] : undefined))); return;
    case "structural": if (isSame(pattern.value, value)) yield {}; return;
    case "map":
      if (!isRecord(value) || pattern.entries.some(({ key, required }) => required && !(keyName(key) in value))) return;
      return yield* fitAll(pattern.entries.map((e) => e.inner), pattern.entries.map((e) => value[keyName(e.key)]));
    case "sequence": {
      const { elements, rest } = pattern;
      if (!Array.isArray(value) || (rest === null ? value.length !== elements.length : value.length < elements.length)) return;
      return yield* fitAll([...elements, ...(rest === null ? [] : [rest])], [...Array.from(elements, (_, i) => value[i]), value.slice(elements.length)]);
    }
    case "list": {
      const { elements, rest } = pattern;
      if (!Array.isArray(value) || (rest === null ? value.length !== elements.length : value.length < elements.length)) return;
      for (const found of fitAll(elements, value)) yield rest === null || rest.variable === null ? found : { ...found, [rest.variable.name]: value.slice(elements.length) };
    }
  }
}

function* fitAll(patterns: readonly Pattern[], values: readonly (Value | undefined)[]): Generator<Bindings> {
  const [first, ...rest] = patterns;
  if (first === undefined) { yield {}; return; }
  for (const here of fit(first, values[0])) for (const there of fitAll(rest, values.slice(1))) yield { ...here, ...there };
}

function firstFit(arms: readonly Arm[], value: Value, guard: Guard): Outcome | null {
  for (const [arm, { pattern, guarded }] of arms.entries()) {
    for (const bindings of fit(pattern, value)) if (!guarded || guard(arm, bindings)) return { arm, bindings };
  }
  return null;
}

// ---- notation

const arm = (pattern: Pattern, guarded = false): Arm => ({ pattern, guarded });
const v = (name: string): Pattern => bind(b.variable(name));
const tuple = (...elements: Pattern[]): Pattern => ({ pattern: "tuple", elements });
const or = (...alternatives: Pattern[]): Pattern => ({ pattern: "or", alternatives });
const range = (low: number | null, high: number | null): Pattern => ({ pattern: "interval", low, high });
const list = (elements: Pattern[], rest?: Variable | null): Pattern => ({ pattern: "list", elements, rest: rest === undefined ? null : { variable: rest } });
const record = (fields: { readonly [name: string]: Pattern }): Pattern => ({ pattern: "record", fields: Object.entries(fields).map(([name, inner]) => ({ name, inner })) });
const text = (value: string): Pattern => ({ pattern: "literal", value: b.text(value).value });
const no: Guard = () => false;

describe("arms that textbook trees lose", () => {
  const t = b.variable("t");
  test.each<[string, Arm[], Value, number]>([
    ["a rest row under an exact length", [arm(list([integer(0), ANY])), arm(list([v("h")], t)), arm(list([]))], [5, 6], 1],
    ["a rest row after a failed guard", [arm(list([v("a"), v("b")]), true), arm(list([v("h")], t)), arm(list([]))], [1, 2], 1],
    ["an overlapping range after a failed guard", [arm(range(1, 9), true), arm(range(5, 20)), arm(ANY)], 7, 1],
    ["a range around a guarded literal", [arm(integer(5), true), arm(range(1, 10)), arm(ANY)], 5, 1],
    ["a literal inside a range", [arm(tuple(range(1, 9), text("b"))), arm(tuple(integer(3), ANY)), arm(ANY)], [3, "a"], 1],
    ["alternatives of tuples", [arm(or(tuple(integer(1), ANY), tuple(ANY, integer(2)))), arm(ANY)], [1, 9], 0],
    ["alternatives do not mix", [arm(or(tuple(integer(1), integer(2)), tuple(integer(2), integer(1)))), arm(ANY)], [1, 1], 1],
    ["an open range", [arm(range(null, 5)), arm(ANY)], 3, 0],
    ["a list where a number was tested", [arm(integer(1)), arm(list([ANY])), arm(text("a"))], [7], 1],
    ["a wide integer in an open range", [arm({ pattern: "literal", value: { type: "i64", value: 2n ** 60n } }, true), arm(range(5, null)), arm(ANY)], 2n ** 60n, 1],
    ["a wide integer behind an open range", [arm(range(5, null), true), arm({ pattern: "literal", value: { type: "i64", value: 2n ** 60n } }), arm(ANY)], 2n ** 60n, 1],
  ])("%s", (_, arms, value, expected) => {
    for (const cost of [2, 0]) expect(runTree(buildTree(arms, cost), value, no)?.arm).toBe(expected);
    expect(firstFit(arms, value, no)?.arm).toBe(expected);
  });
});

test("the tree of the Ackermann function", () => {
  const tree = buildTree([arm(tuple(integer(0), v("n"))), arm(tuple(v("m"), integer(0))), arm(tuple(v("m"), v("n")))]);
  expect(printTree(tree)).toBe("(switch $[0] (0 (leaf 0 n=$[1])) (else (switch $[1] (0 (leaf 1 m=$[0])) (else (leaf 2 m.2=$[0] n.2=$[1])))))");
});

test("pieces are disjoint, and neighbours with the same rows are one edge", () => {
  expect(printTree(buildTree([arm(or(integer(1), integer(2), range(3, 5))), arm(ANY)]))).toBe("(switch $ (1 (leaf 0)) (2 (leaf 0)) (3..5 (leaf 0)) (else (leaf 1)))");
  expect(printTree(buildTree([arm(or(range(1, 4), range(1, 4))), arm(ANY)]))).toBe("(switch $ (1..4 (leaf 0)) (else (leaf 1)))");
  expect(printTree(buildTree([arm(range(1, 9)), arm(range(3, 5)), arm(ANY)]))).toBe("(switch $ (1..9 (leaf 0)) (else (leaf 2)))");
  expect(printTree(buildTree([arm(range(1, 9), true), arm(range(3, 5)), arm(ANY)])).replace(/\s+/g, " ")).toContain("(3..5 (guard 0 (else (leaf 1)))) (6..9 ");
});

test("a plain chain when the tree would be too large, with shared failures", () => {
  // Each arm leaves one place free and has a choice at all others: trees over this multiply.
  const arms = (count: number): Arm[] => Array.from({ length: count }, (_, i) => arm(tuple(...Array.from({ length: count }, (_, j) => (i === j ? ANY : range(i, i + j))))));
  expect(treesOf(buildTree(arms(12), 0)).size).toBe(12 * 12 + 1);
  expect(treesOf(buildTree(arms(30))).size).toBeLessThanOrEqual(1.3 * 2 * 30 * 30);
  expect(printTree(buildTree(arms(3), 0))).toContain("#1=");
  expect(() => buildTree([arm(tuple(...Array.from({ length: 14 }, () => or(integer(1), integer(2)))))])).toThrow("alternatives");
  expect(treesOf(buildTree(arms(60), 0)).size).toBe(60 * 60 + 1);
});

const data = (value: string): Pattern => ({ pattern: "structural", value: { type: "datum", value }, distinct: true });
const sequence = (elements: Pattern[], rest: Pattern | null = null): Pattern => ({ pattern: "sequence", elements, rest });
const keyed = (entries: { readonly [name: string]: Pattern }): Pattern =>
  ({ pattern: "map", entries: Object.entries(entries).map(([name, inner]) => ({ key: { type: "keyword", value: name }, inner, required: true })) });

/** All trees below one, each once. */
function treesOf(root: DecisionTree): Set<DecisionTree> {
  const met = new Set([root]);
  for (const tree of met) {
    if (tree.kind === "switch") for (const next of [...tree.edges.map(({ to }) => to), tree.fallback]) met.add(next);
    if (tree.kind === "guard") met.add(tree.fail);
  }
  return met;
}

test("clauses share the tests of sequences, maps and data", () => {
  const arms = [arm(sequence([data("add"), v("x"), v("y")])), arm(sequence([data("neg"), v("x")])), arm(sequence([data("sub"), v("x"), v("y")])), arm(keyed({ a: v("a") })), arm(sequence([v("x")], v("rest")))];
  expect(printTree(buildTree(arms)).replace(/\s+/g, " ")).toBe([
    "(switch $ (items 3 (switch $(0) (equal '\"add\" (leaf 0 x=$(1) y=$(2))) (equal '\"sub\" (leaf 2 x.2=$(1) y.2=$(2))) (else (leaf 4 x.3=$(0) rest=$(1..)))))",
    "(items 2 (switch $(0) (equal '\"neg\" (leaf 1 x.4=$(1))) (else (leaf 4 x.3=$(0) rest=$(1..))))) (items 1.. (leaf 4 x.3=$(0) rest=$(1..)))",
    "(else (switch $ (map (switch $ (has a:keyword (leaf 3 a=${a:keyword})) (else no-match))) (else no-match))))",
  ].join(" "));
});

test("after a guard that may change the value everything is tested again", () => {
  const arms = (changes: boolean): (Arm & { changes: boolean })[] => [{ ...arm(sequence([integer(1), ANY]), true), changes }, { ...arm(sequence([integer(1), integer(2)])), changes: false }];
  expect(printTree(buildTree(arms(false))).replace(/\s+/g, " ")).toContain("(1 (guard 0 (else (switch $(1)");
  expect(printTree(buildTree(arms(true))).replace(/\s+/g, " ")).toContain("(1 (guard-afresh 0 (else (switch $ (items 2");
});

test("sixty clauses that look at different parts of everything stay small", () => {
  const nasty = Array.from({ length: 60 }, (_, i) => ({
    ...arm(sequence(Array.from({ length: 6 }, (_, j) => ((i >> j) % 3 === 0 ? ANY : (i + j) % 2 === 0 ? data(`d${i * j % 7}`) : sequence([integer(i % 5)], i % 2 === 0 ? ANY : null))), i % 4 === 0 ? ANY : null), i % 3 === 0),
    changes: i % 6 === 0,
  }));
  expect(treesOf(buildTree(nasty)).size).toBeLessThan(700);
  const many = Array.from({ length: 3000 }, (_, i) => arm(data(`d${i}`)));
  expect(treesOf(buildTree(many)).size).toBe(3002);
});

test("a match node has the variables of each arm", () => {
  const x = b.variable("x"), rest = b.variable("rest");
  const match = buildMatch(b.global("g"), [
    { pattern: or(list([bind(x)]), tuple(ANY, bind(x))), guard: b.local(x), body: b.local(x) },
    { pattern: list([ANY], rest), guard: null, body: b.local(rest) },
  ]);
  expect(match.arms.map((a) => a.variables)).toEqual([[x], [rest]]);
  expect(findProblems(main(match))).toEqual([]);
});

// ---- random arms against plain matching

class Random {
  #state: number;
  #names = 0;
  constructor(seed: number) { this.#state = seed; }

  pick(n: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return (this.#state >>> 10) % n;
  }

  pattern(depth: number, binds: boolean): Pattern {
    const parts = (most: number): Pattern[] => Array.from({ length: this.pick(most + 1) }, () => this.pattern(depth - 1, binds));
    switch (this.pick(depth > 0 ? 13 : 7)) {
      case 0: return ANY;
      case 1: return binds ? v(`v${this.#names++}`) : ANY;
      case 2: return integer(this.pick(5));
      case 3: return range(this.pick(4) ? this.pick(5) : null, this.pick(4) ? 2 + this.pick(5) : null);
      case 4: return text("abc"[this.pick(3)]!);
      case 5: return { pattern: "literal", value: this.pick(3) === 0 ? { type: "null" } : { type: "bool", value: this.pick(2) === 0 } };
      case 6: return binds ? { pattern: "at", variable: b.variable(`v${this.#names++}`), inner: this.pattern(depth - 1, binds) } : integer(1);
      case 7: case 8: return list(parts(3), [undefined, null, binds ? b.variable(`v${this.#names++}`) : null][this.pick(3)]);
      case 9: case 10: return tuple(...parts(3));
      case 11: return record(Object.fromEntries(["p", "q"].slice(this.pick(2)).map((name) => [name, this.pattern(depth - 1, binds)])));
      default: return or(this.pattern(depth - 1, false), this.pattern(depth - 1, false));
    }
  }

  /** Values that fit the pattern often, since random ones would hardly ever get past the first test. */
  valueFor(pattern: Pattern): Value {
    if (this.pick(6) === 0) return this.value(2);
    switch (pattern.pattern) {
      case "at": return this.valueFor(pattern.inner);
      case "or": return this.valueFor(pattern.alternatives[this.pick(pattern.alternatives.length)]!);
      case "literal": return pattern.value.type === "string" ? new TextDecoder().decode(pattern.value.value) : "value" in pattern.value ? (pattern.value.value as Value) : null;
      case "interval": return (pattern.low ?? (pattern.high ?? 5) - 2) + this.pick(3);
      case "list": return [...pattern.elements.map((p) => this.valueFor(p)), ...Array.from({ length: pattern.rest === null ? 0 : this.pick(3) }, () => this.value(1))];
      case "tuple": return pattern.elements.map((p) => this.valueFor(p));
      case "record": return Object.fromEntries(pattern.fields.map((f) => [f.name, this.valueFor(f.inner)]));
      default: return this.value(2);
    }
  }

  value(depth: number): Value {
    switch (this.pick(depth > 0 ? 7 : 5)) {
      case 0: case 1: return this.pick(8) - 1;
      case 2: return "abcd"[this.pick(4)]!;
      case 3: return this.pick(2) === 0;
      case 4: return null;
      case 5: return { p: this.value(depth - 1), q: this.value(depth - 1) };
      default: return Array.from({ length: this.pick(5) }, () => this.value(depth - 1));
    }
  }
}

/** The patterns of Lisp in place of those of arrays and records. */
class LispRandom extends Random {
  readonly #data = new Map<string, Literal>();

  /** One literal for equal data, as a front end makes them when it knows; otherwise a new one each time. */
  #datum(data: Value, distinct: boolean): Pattern {
    const text = JSON.stringify(data);
    const value = (distinct || this.pick(2) === 0 ? this.#data.get(text) : undefined) ?? { type: "datum", value: { data } };
    this.#data.set(text, value);
    return { pattern: "structural", value, distinct };
  }

  /** Texts are data here: no literal that StrictEq tests may be data too. */
  #plain(pattern: Pattern): Pattern { return pattern.pattern === "literal" && pattern.value.type === "string" ? ANY : pattern; }

  override pattern(depth: number, binds: boolean): Pattern {
    const parts = (most: number): Pattern[] => Array.from({ length: this.pick(most + 1) }, () => this.pattern(depth - 1, binds));
    switch (this.pick(depth > 0 ? 10 : 5)) {
      case 0: return ANY;
      case 1: return this.#plain(super.pattern(0, binds));
      case 2: return this.#datum("abc"[this.pick(3)]!, true);
      case 3: case 4: return this.#datum(this.pick(4) === 0 ? { p: this.value(1) } : Array.from({ length: this.pick(3) }, () => this.value(1)), false);
      case 5: case 6: case 7: return { pattern: "sequence", elements: parts(3), rest: this.pick(2) === 0 ? null : this.pattern(depth - 1, binds) };
      case 8: return {
        pattern: "map", entries: ["p", "q", "p", "r"].slice(this.pick(4)).slice(0, 2).map((name) => ({ key: { type: "keyword", value: name }, inner: this.pattern(depth - 1, binds), required: this.pick(3) > 0 })),
      };
      default: return or(this.pattern(depth - 1, false), this.pattern(depth - 1, false));
    }
  }

  override valueFor(pattern: Pattern): Value {
    if (this.pick(8) === 0) return this.value(2);
    switch (pattern.pattern) {
      case "structural": return (pattern.value as { readonly value: { readonly data: Value } }).value.data;
      case "sequence": {
        const rest = pattern.rest === null ? [] : this.valueFor(pattern.rest);
        return [...pattern.elements.map((p) => this.valueFor(p)), ...(Array.isArray(rest) ? rest : [])];
      }
      case "map": return Object.fromEntries(pattern.entries.map((e) => [keyName(e.key), this.valueFor(e.inner)]));
      default: return super.valueFor(pattern);
    }
  }
}

test.each([["of arrays and records", 1500, () => new Random(7)], ["of lists, maps and data", 400, () => new LispRandom(11)]])("random arms %s: tree and chain agree with trying the arms in order, and no guard is asked twice", (_, rounds, make) => {
  const random = make();
  let matched = 0, failed = 0;
  for (let round = 0; round < rounds; round++) {
    const arms = Array.from({ length: 1 + random.pick(round % 20 === 0 ? 30 : 6) }, () => ({ ...arm(random.pattern(3, true), random.pick(3) === 0), changes: random.pick(2) === 0 }));
    const trees = [buildTree(arms), buildTree(arms, 0), buildTree(arms, 0.1)];
    for (let i = 0; i < 8; i++) {
      const value = random.valueFor(arms[random.pick(arms.length)]!.pattern);
      const say = (arm: number, bindings: Bindings): number => [...`${arm} ${JSON.stringify(bindings, Object.keys(bindings).sort())}`].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 1009, round % 13);
      const expected = firstFit(arms, value, (arm, bindings) => say(arm, bindings) % 2 === 0);
      for (const tree of trees) {
        const asked = new Set<string>();
        const actual = runTree(tree, value, (arm, bindings) => {
          const key = `${arm} ${say(arm, bindings)}`;
          expect(asked.has(key) && Object.keys(bindings).length === 0).toBe(false);
          asked.add(key);
          return say(arm, bindings) % 2 === 0;
        });
        expect(actual, `round ${round}: ${JSON.stringify(value)}\n${printTree(tree)}`).toEqual(expected);
      }
      if (expected === null) failed++;
      else matched++;
    }
  }
  expect(matched).toBeGreaterThan(2 * rounds);
  expect(failed).toBeGreaterThan(rounds / 5);
});
