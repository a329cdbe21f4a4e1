// Endless recursion through every construct that nests: always the guest's error, never the JavaScript engine's. A
// construct that takes more stack than BYTES_PER_STEP in run.ts allows shows up here as a RangeError.

import { describe, expect, test } from "vitest";
import * as b from "../../src/ir/builder.ts";
import type { Node } from "../../src/ir/nodes.ts";
import { newVm, outcome } from "./programs.ts";

const { int, local, variable } = b;

/** Bodies of a function that calls itself at the place `call`. */
const RECURSIONS: { readonly [name: string]: (call: Node) => Node } = {
  "operator": (call) => b.binary("Add", int(1), call),
  "unary operator": (call) => b.unary("Not", call),
  "logic": (call) => b.logic("And", int(1), call),
  "receiver": (call) => b.callMethod(b.getField(b.object([{ key: "o", value: b.object([{ key: "f", value: call }]) }]), "o"), "f", []),
  "argument": (call) => b.call(b.functionNode("id", [variable("x")], int(1)), [call]),
  "argument of a method": (call) => b.callMethod(b.object([]), "f", [call]),
  "applied array": (call) => b.apply(b.functionNode("id", [variable("x")], int(1)), b.array([call])),
  "default": (call) => b.call(b.functionNode("f", [b.parameter(variable("p"), { default: call })], int(1)), []),
  "conversion": (call) => b.call(b.functionNode("f", [b.parameter(variable("p"), { convert: call })], int(1)), [int(1)]),
  "cleanup": (call) => b.tryNode(call, null, int(1)),
  "in a cleanup": (call) => b.tryNode(int(1), null, call),
  "catch": (call) => {
    const e = variable("e");
    return b.tryNode(call, { variable: e, body: b.throwNode(local(e)) });
  },
  "catch and cleanup": (call) => {
    const e = variable("e");
    return b.tryNode(call, { variable: e, body: b.throwNode(local(e)) }, int(1));
  },
  "dynamic binding": (call) => b.withDynamic("g", int(1), call),
  "for each": (call) => b.forEach(b.label(""), null, variable("v"), b.array([int(1)]), call),
  "loop": (call) => {
    const l = b.label("");
    return b.loop(l, null, b.breakNode(l, call));
  },
  "switch": (call) => b.switchNode(b.label(""), int(1), [{ test: int(1), body: call }]),
  "match": (call) => b.match(int(1), [{ variables: [], guard: call, body: int(1) }], { kind: "guard", arm: 0, bindings: [], keeps: true, fail: { kind: "fail" } }),
  "object": (call) => b.object([{ key: "a", value: call }]),
  "interpolation": (call) => b.interpolate([call]),
  "return": (call) => b.returnNode(call),
  "block in scope": (call) => b.scope([variable("x")], b.block([call])),
};

describe("endless recursion ends with the guest's error", () => {
  test.each(Object.keys(RECURSIONS))("%s", (name) => {
    const f = b.variable("f");
    const body = RECURSIONS[name]!(b.call(local(f), []));
    const program = b.scope([f], b.block([b.defineGlobal("g", int(0)), b.letNode(f, b.functionNode("f", [], body)), b.call(local(f), [])]));
    expect(outcome(newVm({ stackDepth: 1_000_000 }), program)).toBe("throws Maximum call stack depth exceeded (infinite recursion?)");
  });

  test("deeply nested expressions too", () => {
    const nested = Array.from({ length: 400 }).reduce<Node>((inner) => b.array([inner]), int(1));
    expect(outcome(newVm(), nested, { stackBytes: 64 << 10 })).toBe("throws Maximum call stack depth exceeded (infinite recursion?)");
  });

  test("a larger JavaScript stack allows deeper recursion", () => {
    const make = (): Node => {
      const f = b.variable("f"), n = b.variable("n");
      const body = b.ifNode(b.binary("Eq", local(n), int(0)), int(0), b.binary("Add", int(1), b.call(local(f), [b.binary("Sub", local(n), int(1))])));
      return b.scope([f], b.block([b.letNode(f, b.functionNode("f", [n], body)), b.call(local(f), [int(100)])]));
    };
    expect(outcome(newVm(), make())).toBe("100");
    expect(outcome(newVm(), make(), { stackBytes: 100 << 10 })).toBe("throws Maximum call stack depth exceeded (infinite recursion?)");
  });
});
