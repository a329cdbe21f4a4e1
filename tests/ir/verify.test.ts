import { expect, test } from "vitest";
import * as b from "../../src/ir/builder.ts";
import type { DecisionTest, Literal, Node, Path } from "../../src/ir/nodes.ts";
import { optimise } from "../../src/ir/optimise.ts";
import { findProblems, verify } from "../../src/ir/verify.ts";
import { ackermann, everyKind, firstAbove, fizzbuzz, main } from "./samples.ts";

const problems = (body: Node): string => findProblems(main(body)).join("; ");
const v = b.variable("v"), l = b.label("l");

const WIDE: Literal = { type: "u8", value: 256 };
/** A match with one switch, by default on whether the value is a map. */
const testing = ({ path = [], on = "value", when = { test: "map" } }: { readonly path?: Path; readonly on?: "value" | "length"; readonly when?: DecisionTest }, ...more: DecisionTest[]): Node =>
  b.match(b.int(1), [], { kind: "switch", path, on, edges: [when, ...more].map((each) => ({ when: each, to: { kind: "fail" } })), fallback: { kind: "fail" } });

test("the samples are well-formed, before and after the passes", () => {
  for (const sample of [ackermann, everyKind, firstAbove, fizzbuzz]) {
    expect(findProblems(sample())).toEqual([]);
    expect(findProblems(optimise(sample(), { level: 1 }))).toEqual([]);
  }
});

test.each<[string, Node, string]>([
  ["no declaration", b.local(v), "variable v is not in scope"],
  ["behind its scope", b.block([b.scope([v], b.nullNode()), b.setLocal(v, b.int(1))]), "variable v is not in scope"],
  ["catch variable in finally", b.tryNode(b.nullNode(), { variable: v, body: b.nullNode() }, b.local(v)), "variable v is not in scope"],
  ["two declarations", b.scope([v], b.scope([v], b.nullNode())), "variable v is declared twice"],
  ["let of a parameter", b.functionNode("f", [v], b.letNode(v, b.int(1))), "variable v does not belong to a Scope"],
  ["let in an inner function", b.scope([v], b.functionNode("f", [], b.letNode(v, b.int(1)))), "variable v belongs to another function"],
  ["order of parameters", b.functionNode("f", [b.parameter(b.variable("p"), { default: b.int(1) }), b.variable("q")], b.nullNode()), "a parameter without a default follows one that has one"],
  ["break without a loop", b.breakNode(l), "label l is not around it"],
  ["break out of a function", b.loop(l, null, b.functionNode("f", [], b.breakNode(l))), "label l is not around it"],
  ["continue of a block", b.labelled(l, b.continueNode(l)), "label l is not of a loop"],
  ["span", b.int(1, { start: 3, end: 2 }), "span 3-2"],
  ["wide constant", b.constant({ type: "u8", value: 256 }), "constant 256:u8 is out of range"],
  ["fraction", b.int(1.5), "constant 1.5 is out of range"],
  ["arm", b.match(b.int(1), [{ variables: [v], guard: null, body: b.nullNode() }], { kind: "leaf", arm: 0, bindings: [] }), "arm 0: not all its variables are bound"],
  ["guard", b.match(b.int(1), [{ variables: [], guard: null, body: b.nullNode() }], { kind: "guard", arm: 0, bindings: [], keeps: true, fail: { kind: "fail" } }), "arm 0: guard does not suit it"],
  ["negative item", testing({ path: [{ step: "item", index: -1 }] }), "step item -1"],
  ["fraction of items", testing({ path: [{ step: "items", from: 0.5 }] }), "step items 0.5"],
  ["key of a step", testing({ path: [{ step: "entry", key: WIDE }] }), "key 256:u8 is out of range"],
  ["extent", testing({ when: { test: "extent", count: -1, exactly: true } }), "extent -1"],
  ["tested constant", testing({ when: { test: "structural", value: WIDE } }), "constant 256:u8 is out of range"],
  ["tested key", testing({ when: { test: "entry", key: WIDE } }), "key 256:u8 is out of range"],
  ["empty interval", testing({ when: { test: "interval", interval: { low: 2, high: 1 } } }), "empty interval 2..1"],
  ["length", testing({ on: "length" }), "a length tested by map"],
  ["tests of two kinds", testing({ when: { test: "extent", count: 1, exactly: true } }, { test: "map" }), "edges of one switch with different tests"],
])("%s", (_, body, expected) => {
  expect(problems(body)).toContain(expected);
  expect(() => verify(main(body))).toThrow("ill-formed program");
});

test("a capture that the analysis did not list", () => {
  const x = b.variable("x"), f = b.functionNode("f", [], b.local(x));
  const program = optimise(main(b.scope([x], b.block([b.letNode(x, b.int(1)), f]))), { level: 0 });
  f.captures = [];
  expect(findProblems(program).join()).toContain("variable x is not captured by f");
});

test("a node object may occur twice", () => {
  const x = b.variable("x"), shared = b.scope([x], b.block([b.letNode(x, b.int(1)), b.functionNode("f", [], b.local(x))]));
  const program = main(b.array([shared, shared]));
  expect(findProblems(optimise(program, { level: 1 }))).toEqual([]);
});
