// Constants, objects, arrays, conversions and decision trees.

import { describe, expect, test } from "vitest";
import * as b from "../../src/ir/builder.ts";
import { buildMatch, type PatternArm } from "../../src/ir/match.ts";
import type { Node } from "../../src/ir/nodes.ts";
import type { Pattern } from "../../src/ir/pattern.ts";
import { TypeCode } from "../../src/ir/types.ts";
import { expectOutcome, newVm, outcome } from "./programs.ts";

const { int, text, local, letNode, block, binary } = b;

describe("constants", () => {
  test("every literal", () => {
    expectOutcome(() => b.array([
      b.nullNode(), b.bool(true), b.float(0.5), b.constant({ type: "f32", value: 0.25 }), b.constant({ type: "u32", value: 4294967295 }),
      b.constant({ type: "i64", value: -(2n ** 62n) }), b.constant({ type: "u64", value: 2n ** 63n }), b.constant({ type: "i8", value: -3 }), text("é"),
      b.constant({ type: "array", value: [{ type: "i32", value: 1 }, { type: "array", value: [{ type: "bool", value: false }] }] }),
    ]), "[null, true, 0.5, 0.25, 4294967295, -4611686018427387904, 9223372036854775808, -3, é, [1, [false]]]");
  });

  test("a string literal is a new string each time, an array literal is not", () => {
    const f = b.variable("f"), s = b.variable("s");
    expectOutcome(() => b.scope([f, s], block([
      letNode(f, b.functionNode("f", [], text("abc"))), letNode(s, b.call(local(f), [])),
      b.setIndex(local(s), int(0), int(88)),
      binary("Add", local(s), b.call(local(f), [])),
    ])), "Xbcabc");
  });

  test("a program can run again in the same world", () => {
    const vm = newVm({ heap: { gcStress: 1, verify: true, poison: true } });
    const make = (): Node => b.call(b.functionNode("f", [], b.array([text("a"), b.getField(b.object([{ key: "k", value: int(1) }]), "k")])), []);
    const program = make();
    expect([outcome(vm, program), outcome(vm, program), outcome(vm, make())]).toEqual(["[a, 1]", "[a, 1]", "[a, 1]"]);
  });
});

describe("objects and arrays", () => {
  test("literals, spread in order, later keys overwrite in place", () => {
    const o = b.variable("o"), k = b.variable("k"), v = b.variable("v"), out = b.variable("out");
    expectOutcome(() => b.scope([o, out], block([
      letNode(o, b.object([{ key: "a", value: int(1) }, { key: null, value: b.object([{ key: "b", value: int(2) }, { key: "a", value: int(3) }]) }, { key: "c", value: int(4) }])),
      letNode(out, text("")),
      b.forEach(b.label(""), k, v, local(o), b.setLocal(out, b.interpolate([local(out), local(k), local(v)]))),
      local(out),
    ])), "a3b2c4");
    expectOutcome(() => b.object([{ key: null, value: int(1) }]), "throws Spread operator requires an object");
  });

  test("assignments yield the value, in order object, index, value", () => {
    const list = b.variable("list"), o = b.variable("o");
    expectOutcome(() => b.scope([list, o], block([
      letNode(list, b.array([])), letNode(o, b.object([])),
      b.array([b.setIndex(local(list), int(1), int(5)), b.setField(local(o), "x", int(6)), local(list), b.getField(local(o), "x"), b.getField(local(o), "y", true)]),
    ])), "[5, 6, [null, 5], 6, null]");
    expectOutcome(() => b.setIndex(b.fail("object"), b.fail("index"), b.fail("value")), "throws object");
    expectOutcome(() => b.setIndex(b.array([]), b.fail("index"), b.fail("value")), "throws index");
  });

  test("optional access", () => {
    expectOutcome(() => b.array([b.getField(b.nullNode(), "x", true), b.getIndex(b.nullNode(), int(0), true), b.getIndex(b.array([int(7)]), int(0), true)]), "[null, null, 7]");
    expectOutcome(() => b.getField(b.object([]), "x"), "throws Object has no field 'x' (use ?. for optional access)");
  });

  test("operators and conversions", () => {
    expectOutcome(() => b.array([
      b.unary("Neg", int(3)), b.unary("Not", int(3)), b.unary("Truthy", text("")), b.unary("Inc", int(3)), b.unary("BitNot", int(0)),
      binary("Gt", int(2), int(1)), binary("Ge", int(1), int(1)), binary("Ne", int(1), b.float(1)), binary("StrictEq", int(1), b.float(1)),
      b.convert(TypeCode.U8, b.float(7.9)), b.awaitNode(int(9)),
    ]), "[-3, false, false, 4, -1, true, true, false, false, 7, 9]");
  });
});

describe("match", () => {
  const bind = (name: string): { readonly variable: ReturnType<typeof b.variable>; readonly pattern: Pattern } => {
    const variable = b.variable(name);
    return { variable, pattern: { pattern: "bind", variable } };
  };
  const arm = (pattern: Pattern, body: Node, guard: Node | null = null): PatternArm => ({ pattern, guard, body });

  const classify = (value: Node): Node => {
    const head = bind("head"), one = bind("one"), big = bind("big"), name = bind("name"), tail = b.variable("tail");
    return buildMatch(value, [
      arm({ pattern: "literal", value: { type: "i32", value: 0 } }, text("zero")),
      arm({ pattern: "interval", low: 1, high: 9 }, text("small")),
      arm(big.pattern, b.interpolate([text("big "), local(big.variable)]), b.ifNode(binary("StrictEq", local(big.variable), int(1000)), b.bool(true), b.bool(false))),
      arm({ pattern: "literal", value: { type: "string", value: new TextEncoder().encode("hi") } }, text("greeting")),
      arm({ pattern: "list", elements: [one.pattern], rest: null }, b.interpolate([text("only "), local(one.variable)])),
      arm({ pattern: "list", elements: [head.pattern], rest: { variable: tail } }, b.interpolate([text("first "), local(head.variable), text(" then "), local(tail)])),
      arm({ pattern: "record", fields: [{ name: "name", inner: { pattern: "at", variable: name.variable, inner: { pattern: "literal", value: { type: "bool", value: true } } } }] }, b.interpolate([text("named "), local(name.variable)])),
    ]);
  };

  test("the first arm that fits", () => {
    expectOutcome(() => classify(int(0)), "zero");
    expectOutcome(() => classify(b.constant({ type: "i64", value: 5n })), "small");
    expectOutcome(() => classify(int(1000)), "big 1000");
    expectOutcome(() => classify(text("hi")), "greeting");
    expectOutcome(() => classify(b.array([int(4)])), "only 4");
    expectOutcome(() => classify(b.array([int(4), int(5), int(6)])), "first 4 then [5, 6]");
    expectOutcome(() => classify(b.object([{ key: "name", value: b.bool(true) }])), "named true");
  });

  test("no arm fits", () => {
    for (const value of [() => int(11), () => b.array([]), () => b.float(5), () => b.nullNode()]) expectOutcome(() => classify(value()), "throws no match");
  });

  test("arm variables that closures change are fresh for each match", () => {
    expectOutcome(() => {
      const f = b.variable("f"), x = bind("x"), n = b.variable("n"), one = b.variable("one"), two = b.variable("two");
      const body = b.functionNode("next", [], b.setLocal(x.variable, binary("Add", local(x.variable), int(1))));
      return b.scope([f, one, two], block([
        letNode(f, b.functionNode("f", [n], buildMatch(local(n), [arm(x.pattern, body)]))),
        letNode(one, b.call(local(f), [int(1)])), letNode(two, b.call(local(f), [int(10)])),
        b.array([b.call(local(one), []), b.call(local(one), []), b.call(local(two), [])]),
      ]));
    }, "[2, 3, 11]");
  });
});
