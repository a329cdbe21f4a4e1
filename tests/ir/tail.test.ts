import { expect, test } from "vitest";
import * as b from "../../src/ir/builder.ts";
import { buildMatch } from "../../src/ir/match.ts";
import type { CallNode, FunctionNode, Node } from "../../src/ir/nodes.ts";
import { optimise } from "../../src/ir/optimise.ts";
import { ANY, main } from "./samples.ts";

/** A proper call and what the pass says of it, in a function body made around it. */
function isTail(body: (call: CallNode) => Node, options: { isAsync?: boolean } = {}): boolean {
  const call = b.properCall(b.global("f"), []);
  const f: FunctionNode = b.functionNode("g", [], body(call), options);
  optimise(main(f), { level: 0 });
  return call.tail;
}
const X = b.global("x"), l = b.label("l"), v = (): ReturnType<typeof b.variable> => b.variable("v");

test.each<[string, (call: CallNode) => Node]>([
  ["body", (c) => c],
  ["return", (c) => b.block([b.ifNode(X, b.returnNode(c)), X])],
  ["then and else", (c) => b.ifNode(X, b.ifNode(X, X, c), X)],
  ["last of a block", (c) => b.block([X, c])],
  ["scope", (c) => b.scope([v()], c)],
  ["arm of a match", (c) => buildMatch(X, [{ pattern: ANY, guard: null, body: c }])],
  ["labelled", (c) => b.labelled(l, c)],
  ["break with a value", (c) => b.labelled(l, b.block([b.ifNode(X, b.breakNode(l, c)), X]))],
  ["break out of a loop", (c) => b.loop(l, null, b.ifNode(X, b.breakNode(l, c)))],
  ["return in a loop", (c) => b.block([b.loop(l, X, b.returnNode(c)), X])],
  ["right side of ??", (c) => b.logic("Coalesce", X, c)],
  ["right side of and-value", (c) => b.logic("AndValue", X, c)],
  ["catch without finally", (c) => b.tryNode(X, { variable: v(), body: c })],
  ["function inside a guarded region", (c) => b.tryNode(b.functionNode("h", [], c), null, X)],
])("tail: %s", (_, body) => {
  expect(isTail(body)).toBe(true);
});

test.each<[string, (call: CallNode) => Node]>([
  ["operand", (c) => b.binary("Add", c, b.int(1))],
  ["deep in a spine", (c) => b.binary("Add", b.binary("Add", c, X), X)],
  ["callee of another call", (c) => b.call(c, [])],
  ["argument", (c) => b.call(X, [c])],
  ["test", (c) => b.ifNode(c, X, X)],
  ["not last in a block", (c) => b.block([c, X])],
  ["value of a let", (c) => { const w = v(); return b.scope([w], b.letNode(w, c)); }],
  ["right side of and", (c) => b.logic("And", X, c)],
  ["left side", (c) => b.logic("OrValue", c, X)],
  ["loop body", (c) => b.loop(l, X, c)],
  ["guard", (c) => buildMatch(X, [{ pattern: ANY, guard: c, body: X }])],
  ["try body", (c) => b.tryNode(c, { variable: v(), body: X })],
  ["return in a try body", (c) => b.tryNode(b.returnNode(c), { variable: v(), body: X })],
  ["catch with finally", (c) => b.tryNode(X, { variable: v(), body: c }, X)],
  ["finally", (c) => b.tryNode(X, null, c)],
  ["break out of a try", (c) => b.labelled(l, b.tryNode(b.breakNode(l, c), null, X))],
  ["break out of a loop that is not last", (c) => b.block([b.loop(l, null, b.breakNode(l, c)), X])],
  ["dynamic binding", (c) => b.withDynamic("x", X, c)],
  ["the same call object elsewhere", (c) => b.block([c, c])],
  ["switch body", (c) => b.switchNode(l, X, [{ test: null, body: c }], 0)],
  ["default of a parameter", (c) => b.functionNode("h", [b.parameter(v(), { default: c })], X)],
])("not a tail call: %s", (_, body) => {
  expect(isTail(body)).toBe(false);
});

test("not in async functions, and only where it is asked for", () => {
  expect(isTail((c) => c, { isAsync: true })).toBe(false);
  const plain = b.call(b.global("f"), []), apply = b.apply(b.global("f"), X, true);
  optimise(main(b.functionNode("g", [], b.ifNode(X, plain, apply))), { level: 0 });
  expect([plain.tail, apply.tail]).toEqual([false, true]);
});
