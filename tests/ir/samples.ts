// Programs the IR tests share, built by hand: what front ends would make of small sources.

import * as b from "../../src/ir/builder.ts";
import { buildMatch } from "../../src/ir/match.ts";
import type { FunctionNode, Node, NodeKind, Program, Variable } from "../../src/ir/nodes.ts";
import type { Pattern } from "../../src/ir/pattern.ts";

export const main = (body: Node): Program => b.program(b.functionNode("main", [], body), "test");
export const add = (left: Node, right: Node): Node => b.binary("Add", left, right);
export const integer = (value: number): Pattern => ({ pattern: "literal", value: { type: "i32", value } });
export const bind = (variable: Variable): Pattern => ({ pattern: "bind", variable });
export const ANY: Pattern = { pattern: "any" };

/** A(0, n) = n + 1; A(m, 0) = A(m - 1, 1); A(m, n) = A(m - 1, A(m, n - 1)), as a match over the pair of parameters. */
export function ackermann(): Program {
  const self = b.variable("ackermann"), x = b.variable("x"), y = b.variable("y");
  const n0 = b.variable("n"), m1 = b.variable("m"), m2 = b.variable("m"), n2 = b.variable("n");
  const less = (v: Variable): Node => b.binary("Sub", b.local(v), b.int(1));
  const again = (m: Node, n: Node): Node => b.properCall(b.local(self), [m, n]);
  const pair = (...elements: Pattern[]): Pattern => ({ pattern: "tuple", elements });
  const body = buildMatch(b.array([b.local(x), b.local(y)]), [
    { pattern: pair(integer(0), bind(n0)), guard: null, body: add(b.local(n0), b.int(1)) },
    { pattern: pair(bind(m1), integer(0)), guard: null, body: again(less(m1), b.int(1)) },
    { pattern: pair(bind(m2), bind(n2)), guard: null, body: again(less(m2), again(b.local(m2), less(n2))) },
  ]);
  return main(b.scope([self], b.block([
    b.letNode(self, b.functionNode("ackermann", [x, y], body)),
    again(b.int(2), b.int(3)),
  ])));
}

/** for (i = 1; i <= 15; i++) print(by 15, by 3, by 5, or the number) */
export function fizzbuzz(): Program {
  const i = b.variable("i");
  const divides = (by: number): Node => b.binary("Eq", b.binary("Mod", b.local(i), b.int(by)), b.int(0));
  const word = b.ifNode(divides(15), b.text("FizzBuzz"), b.ifNode(divides(3), b.text("Fizz"), b.ifNode(divides(5), b.text("Buzz"), b.local(i))));
  return main(b.scope([i], b.block([
    b.letNode(i, b.int(1)),
    b.loop(b.label("loop"), b.binary("Le", b.local(i), b.int(15)), b.callNative("print", [word]), b.setLocal(i, b.unary("Inc", b.local(i)))),
    b.nullNode(),
  ])));
}

/** The value of `loop:outer { for v in xs { if v > 3 { break:outer v } } }`. */
export function firstAbove(): Program {
  const outer = b.label("loop"), inner = b.label("loop"), v = b.variable("v"), found = b.variable("found");
  const search = b.loop(outer, null, b.block([
    b.forEach(inner, null, v, b.global("xs"), b.ifNode(b.binary("Gt", b.local(v), b.int(3)), b.breakNode(outer, b.local(v)), b.continueNode(inner))),
    b.breakNode(outer),
  ]));
  return main(b.scope([found], b.block([b.letNode(found, search), b.local(found)])));
}

/** At least one node of every kind. Not meant to run. */
export function everyKind(): Program {
  const x = b.variable("x"), y = b.variable("y"), k = b.variable("k"), v = b.variable("v"), e = b.variable("e"), m = b.variable("m"), p = b.variable("p");
  const rest = b.variable("rest"), entry = b.variable("entry");
  const self = b.variable("self"), more = b.variable("more");
  const l = b.label("l");
  const method: FunctionNode = b.functionNode("method", [b.parameter(p, { default: b.int(1), convert: b.convert(0x16, b.local(p)) })],
    b.block([b.setRef(p, b.getRef(p)), b.awaitNode(b.local(self))]), { self, rest: b.parameter(more), isAsync: true });
  const nodes: Node[] = [
    b.letNode(x, b.constant({ type: "array", value: [{ type: "rune", value: 97 }, { type: "f64", value: -0 }, { type: "i64", value: 5n }, { type: "symbol", value: "s" }, { type: "type", value: 0x14 }, { type: "native", value: "print" }] })),
    b.letNode(y, method), b.setLocal(x, b.unary("Neg", b.localOr(x, null))), b.localOr(x, b.global("x", b.text("é\n"))),
    b.setGlobal("g", b.global("g")), b.defineGlobal("g", b.bool(true), true),
    b.call(b.local(y), [b.int(1), { name: "p", value: b.int(2) }]), b.callMethod(b.local(x), "push", [b.int(1)], true), b.callNative("print", [b.local(x)]),
    b.apply(b.local(y), b.array([b.int(1)])), b.returnNode(b.nullNode()), b.ifNode(b.local(x), b.int(1), b.int(2)),
    b.loop(l, b.bool(true), b.breakNode(l, b.int(1)), b.continueNode(l)), b.forEach(b.label("l"), k, v, b.local(x), b.binary("Add", b.binary("Add", b.local(k), b.local(v)), b.float(1))),
    b.labelled(b.label("block"), b.nullNode()), b.logic("Coalesce", b.local(x), b.int(1)), b.primitive("Cons", [b.local(x), b.empty()]),
    b.object([{ key: "a", value: b.int(1) }, { key: null, value: b.local(x) }]), b.interpolate([b.text("a"), b.local(x)]),
    b.getField(b.local(x), "f", true), b.setField(b.local(x), "f", b.int(1)), b.getIndex(b.local(x), b.int(0)), b.setIndex(b.local(x), b.int(0), b.int(1)),
    b.throwNode(b.text("no")), b.fail("Cannot redefine", true), b.tryNode(b.int(1), { variable: e, body: b.local(e) }, b.int(2)),
    b.switchNode(b.label("switch"), b.local(x), [{ test: b.int(1), body: b.int(2) }, { test: null, body: b.int(3) }], 1),
    b.makeRef(b.getField(b.local(x), "f")), b.isRefParam(b.local(y), 0), b.convert(0x19, b.local(x)),
    buildMatch(b.local(x), [{ pattern: { pattern: "at", variable: m, inner: integer(1) }, guard: b.local(m), body: b.local(m) }]),
    buildMatch(b.local(x), [
      { pattern: { pattern: "sequence", elements: [ANY, integer(1)], rest: bind(rest) }, guard: b.callNative("print", []), changes: true, body: b.local(rest) },
      { pattern: { pattern: "map", entries: [{ key: { type: "keyword", value: "k" }, inner: bind(entry), required: true }, { key: { type: "keyword", value: "o" }, inner: ANY, required: false }] }, guard: null, body: b.local(entry) },
      { pattern: { pattern: "structural", value: { type: "keyword", value: "d" }, distinct: true }, guard: null, body: b.nullNode() },
    ]),
    b.withDynamic("g", b.int(1), b.global("g")),
  ];
  return main(b.scope([x, y], b.block(nodes)));
}

/** Kinds that occur in a list of nodes. */
export const kindsOf = (nodes: readonly Node[]): Set<NodeKind> => new Set(nodes.map((node) => node.kind));
