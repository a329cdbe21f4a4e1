// Match: decision trees, shared subtrees, guards and bindings, against the tree engine.

import { describe, expect, test } from "vitest";
import * as b from "../../src/ir/builder.ts";
import { buildMatch, buildTree, type PatternArm } from "../../src/ir/match.ts";
import type { DecisionTree, Node, Variable } from "../../src/ir/nodes.ts";
import type { Pattern } from "../../src/ir/pattern.ts";
import { expectEverywhere, mainOf, proved } from "./programs.ts";

const add = (left: Node, right: Node): Node => b.binary("Add", left, right);
const literal = (value: number): Pattern => ({ pattern: "literal", value: { type: "i32", value } });
const bind = (variable: Variable): Pattern => ({ pattern: "bind", variable });
const list = (elements: readonly Pattern[], rest: Variable | null | undefined = undefined): Pattern =>
  ({ pattern: "list", elements, rest: rest === undefined ? null : { variable: rest } });
const arm = (pattern: Pattern, body: Node, guard: Node | null = null): PatternArm => ({ pattern, guard, body });
/** The value of the match for each subject; the arms are built anew for each. */
const forEachOf = (subjects: readonly (() => Node)[], arms: () => PatternArm[]): Node => b.array(subjects.map((subject) => {
  const e = b.variable("e");
  return b.tryNode(buildMatch(subject(), arms()), { variable: e, body: b.local(e) });
}));
const text = (value: string): Pattern => ({ pattern: "literal", value: { type: "string", value: new TextEncoder().encode(value) } });

test("numbers, texts, intervals, far bounds", () => {
  expectEverywhere(() => forEachOf(
    [() => b.int(3), () => b.int(-40), () => b.int(2_000_000), () => b.float(3), () => b.text("x"), () => b.nullNode(), () => b.constant({ type: "i64", value: 1n << 40n }), () => b.constant({ type: "u8", value: 3 })],
    () => [
      arm(literal(3), b.text("three")), arm({ pattern: "interval", low: null, high: -1 }, b.text("negative")), arm({ pattern: "interval", low: 1_000_000, high: 2_500_000 }, b.text("large")),
      arm({ pattern: "interval", low: 1_099_511_627_776, high: null }, b.text("huge")), arm(text("x"), b.text("text")), arm({ pattern: "literal", value: { type: "null" } }, b.text("null")),
    ],
  ), "[three, negative, large, no match, text, null, huge, three]");
});

test("lists by length, with the rest bound", () => {
  expectEverywhere(() => forEachOf(
    [() => b.array([]), () => b.array([b.int(1)]), () => b.array([b.int(2), b.int(5), b.int(6), b.int(7)]), () => b.int(1)],
    () => {
      const x = b.variable("x"), y = b.variable("y"), more = b.variable("more");
      return [
        arm(list([]), b.text("empty")), arm(list([literal(1)]), b.text("one")),
        arm(list([bind(x), bind(y)], more), b.array([b.local(y), b.local(x), b.local(more)])),
      ];
    },
  ), "[empty, one, [5, 2, [6, 7]], no match]");
});

test("records, nested, with parts that are not there", () => {
  const point = (x: Node, y: Node): Node => b.object([{ key: "x", value: x }, { key: "y", value: y }]);
  expectEverywhere(() => forEachOf(
    [() => point(b.int(0), b.int(1)), () => point(b.array([b.int(4)]), b.int(2)), () => b.object([{ key: "z", value: b.int(1) }]), () => b.int(1)],
    () => {
      const y = b.variable("y"), first = b.variable("first"), z = b.variable("z");
      const record = (fields: Record<string, Pattern>): Pattern => ({ pattern: "record", fields: Object.entries(fields).map(([name, inner]) => ({ name, inner })) });
      return [
        arm(record({ x: literal(0), y: bind(y) }), b.local(y)), arm(record({ x: list([bind(first)]), y: literal(2) }), b.local(first)),
        arm(record({ z: bind(z) }), b.array([b.local(z)])),
      ];
    },
  ), "[1, 4, [1], [null]]");
});

test("a guard that fails goes on with the arms after it, and may assign what it matched", () => {
  expectEverywhere(() => {
    const subject = b.variable("subject"), calls = b.variable("calls"), x = b.variable("x"), y = b.variable("y");
    const guard = b.block([b.setLocal(calls, add(b.local(calls), b.int(1))), b.setLocal(subject, b.int(99)), b.binary("Gt", b.local(x), b.int(5))]);
    return b.scope([subject, calls], b.block([
      b.letNode(subject, b.int(4)), b.letNode(calls, b.int(0)),
      b.array([buildMatch(b.local(subject), [arm(bind(x), b.text("large"), guard), arm(literal(4), b.text("four")), arm(bind(y), b.text("other"))]), b.local(calls), b.local(subject)]),
    ]));
  }, "[four, 1, 99]");
});

test("variables of arms that closures change", () => {
  expectEverywhere(() => {
    const n = b.variable("n"), f = b.variable("f"), p = b.variable("p"), g = b.variable("g");
    const count = b.functionNode("count", [], b.setLocal(n, add(b.local(n), b.int(1))));
    return b.scope([f, g], b.block([
      b.letNode(f, b.functionNode("f", [p], buildMatch(b.local(p), [arm(list([bind(n)]), count)]))),
      b.letNode(g, b.call(b.local(f), [b.array([b.int(10)])])),
      b.array([b.call(b.local(g), []), b.call(b.call(b.local(f), [b.array([b.int(20)])]), []), b.call(b.local(g), [])]),
    ]));
  }, "[11, 21, 12]");
});

test("the empty list, data compared by structure, and values that are neither lists nor maps", () => {
  const sequence = (elements: readonly Pattern[], rest: Pattern | null = null): Pattern => ({ pattern: "sequence", elements, rest });
  const same = (value: string): Pattern => ({ pattern: "structural", value: { type: "string", value: new TextEncoder().encode(value) }, distinct: true });
  expectEverywhere(() => forEachOf([() => b.empty(), () => b.text("a"), () => b.text("b"), () => b.array([]), () => b.int(1)], () => {
    const x = b.variable("x"), y = b.variable("y"), more = b.variable("more");
    return [
      arm(sequence([same("a"), bind(x)]), b.local(x)), arm(same("b"), b.text("never"), b.bool(false)), arm(sequence([bind(y), { pattern: "any" }]), b.local(y)),
      arm({ pattern: "map", entries: [{ key: { type: "null" }, inner: { pattern: "any" }, required: true }] }, b.text("map")),
      arm(sequence([], bind(more)), b.text("empty")), arm(same("a"), b.text("first")), arm(same("b"), b.text("second")),
    ];
  }), "[empty, first, second, no match, no match]");
});

test("a chain of thousands of tests needs no deep recursion", () => {
  const patterns = Array.from({ length: 400 }, (_, i) => list(Array.from({ length: 10 }, (_, j) => literal(i * j))));
  const tree = buildTree(patterns.map((pattern) => ({ pattern, guarded: false })), 0);
  proved(mainOf(b.match(b.int(1), patterns.map(() => ({ variables: [], guard: null, body: b.nullNode() })), tree)));
});

describe("trees with shared parts", () => {
  test("are compiled once", () => {
    const last: DecisionTree = { kind: "switch", path: [], on: "value", edges: [{ when: { test: "interval", interval: { low: 7, high: 7 } }, to: { kind: "leaf", arm: 1, bindings: [] } }], fallback: { kind: "fail" } };
    const edge = (value: number) => ({ when: { test: "interval" as const, interval: { low: value, high: value } }, to: last });
    const tree: DecisionTree = { kind: "switch", path: [], on: "value", edges: [edge(7), edge(8), edge(9)], fallback: last };
    expectEverywhere(() => b.array([7, 8, 1].map((value) => {
      const e = b.variable("e");
      const match = b.match(b.int(value), [{ variables: [], guard: null, body: b.text("never") }, { variables: [], guard: null, body: b.text("seven") }], tree);
      return b.tryNode(match, { variable: e, body: b.local(e) });
    })), "[seven, no match, no match]");
  });

  test("large matches become chains", () => {
    const outcomes: string[] = [];
    const arms = (): PatternArm[] => Array.from({ length: 40 }, (_, i) => {
      const x = b.variable("x");
      return arm(list([literal(i % 7), bind(x), literal(i)]), add(b.local(x), b.int(i)), b.binary("Gt", b.local(x), b.int(i * 2)));
    });
    const subjects = Array.from({ length: 20 }, (_, i) => () => b.array([b.int(i % 7), b.int(i * 3), b.int(i)]));
    for (let i = 0; i < 20; i++) outcomes.push(i * 3 > i * 2 ? String(i * 4) : "no match");
    expectEverywhere(() => forEachOf(subjects, arms), `[${outcomes.join(", ")}]`);
    expect(outcomes).toHaveLength(20);
  });
});
