// Functions: closures, binding of arguments, methods, references, tail calls, and what is out of reach.

import { describe, expect, test } from "vitest";
import * as b from "../../src/ir/builder.ts";
import type { Argument, Node, Variable } from "../../src/ir/nodes.ts";
import { UnsupportedByEngine } from "../../src/vm/errors.ts";
import { expectOutcome, newVm, outcome } from "./programs.ts";

const { int, text, local, letNode, setLocal, block, binary } = b;
const named = (name: string, value: Node): Argument => ({ name, value });
const withFunction = (f: Variable, value: Node, ...body: Node[]): Node => b.scope([f], block([letNode(f, value), ...body]));

function fibonacci(n: number): Node {
  const f = b.variable("fib"), x = b.variable("n");
  const again = (by: number): Node => b.call(local(f), [binary("Sub", local(x), int(by))]);
  const body = block([
    b.ifNode(binary("Lt", local(x), int(2)), b.returnNode(local(x))),
    b.returnNode(binary("Add", again(1), again(2))),
  ]);
  return withFunction(f, b.functionNode("fib", [x], body), b.call(local(f), [int(n)]));
}

describe("closures", () => {
  test("recursion through the running closure", () => expectOutcome(() => fibonacci(12), "144"));

  test("captured variables that change are shared", () => {
    expectOutcome(() => {
      const make = b.variable("make"), count = b.variable("count"), d = b.variable("d"), one = b.variable("one"), two = b.variable("two");
      const counter = b.functionNode("counter", [d], setLocal(count, binary("Add", local(count), local(d))));
      return b.scope([make, one, two], block([
        letNode(make, b.functionNode("make", [], b.scope([count], block([letNode(count, int(0)), counter])))),
        letNode(one, b.call(local(make), [])), letNode(two, b.call(local(make), [])),
        b.array([b.call(local(one), [int(1)]), b.call(local(one), [int(10)]), b.call(local(two), [int(100)]), b.call(local(one), [int(0)])]),
      ]));
    }, "[1, 11, 100, 11]");
  });

  test("a scope in a loop makes fresh variables", () => {
    expectOutcome(() => {
      const list = b.variable("list"), i = b.variable("i"), x = b.variable("x"), f = b.variable("f"), out = b.variable("out");
      const fill = b.scope([x], block([
        letNode(x, local(i)),
        b.setIndex(local(list), local(i), b.functionNode("f", [], setLocal(x, binary("Add", local(x), int(10))))),
        setLocal(i, binary("Add", local(i), int(1))),
      ]));
      return b.scope([list, i, out], block([
        letNode(list, b.array([])), letNode(i, int(0)), letNode(out, text("")),
        b.loop(b.label(""), binary("Lt", local(i), int(3)), fill),
        b.forEach(b.label(""), null, f, local(list), setLocal(out, b.interpolate([local(out), b.call(local(f), []), text(" ")]))),
        local(out),
      ]));
    }, "10 11 12 ");
  });

  test("mutual recursion through variables captured before they are set", () => {
    expectOutcome(() => {
      const even = b.variable("even"), odd = b.variable("odd"), n = b.variable("n"), m = b.variable("m");
      const step = (x: Variable, other: Variable, last: boolean): Node =>
        b.ifNode(binary("Eq", local(x), int(0)), b.bool(last), b.call(b.localOr(other, null), [binary("Sub", local(x), int(1))]));
      return b.scope([even, odd], block([
        letNode(even, b.functionNode("even", [n], step(n, odd, true))),
        letNode(odd, b.functionNode("odd", [m], step(m, even, false))),
        b.call(local(even), [int(7)]),
      ]));
    }, "false");
  });

  test("variables before their Let", () => {
    const x = b.variable("x");
    expectOutcome(() => b.scope([x], block([b.localOr(x, null)])), "throws Undefined variable 'x'");
    expectOutcome(() => b.scope([x], block([b.localOr(x, text("outer")), letNode(x, int(1))])), "null");
    expectOutcome(() => b.scope([x], b.localOr(x, text("outer"))), "outer");
    expectOutcome(() => b.global("nowhere"), "throws Undefined variable 'nowhere'");
  });

  test("globals", () => {
    expectOutcome(() => block([b.defineGlobal("g", int(1)), b.setGlobal("g", binary("Add", b.global("g"), int(1))), b.global("g")]), "2");
    expectOutcome(() => b.setGlobal("g", int(1)), "throws Undefined variable 'g'");
    expectOutcome(() => block([b.defineGlobal("g", int(1), true), b.setGlobal("g", int(2))]), "throws Cannot assign to const variable 'g'");
    expectOutcome(() => block([b.defineGlobal("g", int(1)), b.defineGlobal("g", int(2))]), "throws Variable 'g' already defined in this scope");
  });
});

describe("arguments", () => {
  /** A function of a, b = a + 1 (optional), …rest that answers [a, b, rest]. */
  const callWith = (args: readonly (Argument | Node)[], rest: boolean): Node => {
    const a = b.variable("a"), c = b.variable("b"), more = b.variable("more");
    const value = b.array(rest ? [local(a), local(c), local(more)] : [local(a), local(c)]);
    const f = b.functionNode("f", [b.parameter(a), b.parameter(c, { default: binary("Add", local(a), int(1)) })], value, rest ? { rest: b.parameter(more) } : {});
    return b.call(f, args as Argument[]);
  };

  test("defaults, rest and names", () => {
    expectOutcome(() => callWith([int(1)], false), "[1, 2]");
    expectOutcome(() => callWith([int(1), int(5)], false), "[1, 5]");
    expectOutcome(() => callWith([int(1)], true), "[1, 2, []]");
    expectOutcome(() => callWith([int(1), int(2), int(3), int(4)], true), "[1, 2, [3, 4]]");
    expectOutcome(() => callWith([named("b", int(7)), named("a", int(8))], false), "[8, 7]");
    expectOutcome(() => callWith([named("a", int(8))], false), "[8, 9]");
  });

  test("errors", () => {
    expectOutcome(() => callWith([], false), "throws Function expects 1-2 arguments, got 0");
    expectOutcome(() => callWith([], true), "throws Function expects at least 1 arguments, got 0");
    expectOutcome(() => b.call(b.functionNode("f", [], int(1)), [int(1)]), "throws Function expects 0 arguments, got 1");
    expectOutcome(() => callWith([named("c", int(7))], false), "throws Unknown parameter name 'c'");
    expectOutcome(() => callWith([named("b", int(7))], false), "throws Missing required parameter(s)");
  });

  test("conversions and boxed parameters", () => {
    expectOutcome(() => {
      const x = b.variable("x"), set = b.functionNode("set", [], setLocal(x, binary("Add", local(x), int(1))));
      const f = b.functionNode("f", [b.parameter(x, { default: int(1), convert: binary("Mul", local(x), int(10)) })], block([b.call(set, []), local(x)]));
      return b.array([b.call(f, []), b.call(f, [int(2)])]);
    }, "[11, 21]");
  });

  test("apply spreads an array", () => {
    const x = b.variable("x"), y = b.variable("y");
    const f = (): Node => b.functionNode("f", [x, y], b.array([local(y), local(x)]));
    expectOutcome(() => b.apply(f(), b.array([int(1), int(2)])), "[2, 1]");
    expectOutcome(() => b.apply(f(), b.array([int(1)])), "throws Function expects 2 arguments, got 1");
  });
});

describe("methods", () => {
  const point = (): Node => {
    const self = b.variable("self");
    return b.object([
      { key: "x", value: int(3) },
      { key: "get", value: b.functionNode("get", [], b.getField(b.localOr(self, null), "x"), { self }) },
    ]);
  };

  test("a function in a field gets the receiver", () => {
    expectOutcome(() => b.callMethod(point(), "get", []), "3");
    expectOutcome(() => b.call(b.getField(point(), "get"), []), "throws Undefined variable 'self'");
  });

  test("optional calls", () => {
    expectOutcome(() => b.callMethod(b.nullNode(), "get", [b.fail("evaluated")], true), "null");
    expectOutcome(() => b.callMethod(point(), "none", [], true), "null");
    expectOutcome(() => b.callMethod(point(), "get", [], true), "3");
  });

  test("builtin methods and their absence", () => {
    const list = b.variable("list");
    expectOutcome(() => b.scope([list], block([letNode(list, b.array([int(1)])), b.callMethod(local(list), "push", [int(2)]), local(list)])), "[1, 2]");
    expectOutcome(() => b.callMethod(b.array([]), "none", []), "throws [line 1] Array has no method 'none'");
  });
});

describe("references", () => {
  const increment = (): Node => {
    const r = b.variable("r");
    return b.functionNode("increment", [b.parameter(r, { byRef: true })], b.setRef(r, binary("Add", b.getRef(r), int(1))));
  };

  test("to a variable, a global, a field and an element", () => {
    expectOutcome(() => {
      const x = b.variable("x"), f = b.variable("f"), o = b.variable("o");
      const at = (target: Parameters<typeof b.makeRef>[0]): Node => b.call(local(f), [b.makeRef(target)]);
      return b.scope([x, f, o], block([
        letNode(f, increment()), letNode(x, int(1)), letNode(o, b.object([{ key: "n", value: int(10) }, { key: "list", value: b.array([int(20)]) }])),
        b.defineGlobal("g", int(30)),
        at(local(x)), at(local(x)), at(b.global("g")), at(b.getField(local(o), "n")), at(b.getIndex(b.getField(local(o), "list"), int(0))),
        b.array([local(x), b.global("g"), b.getField(local(o), "n"), b.getField(local(o), "list"), b.isRefParam(local(f), 0), b.isRefParam(local(f), 1)]),
      ]));
    }, "[3, 31, 11, [21], true, false]");
  });

  test("a reference parameter passes its reference on, and nothing else is one", () => {
    expectOutcome(() => {
      const x = b.variable("x"), f = b.variable("f"), r = b.variable("outer");
      const twice = b.functionNode("twice", [b.parameter(r, { byRef: true })], block([b.call(local(f), [b.makeRef(local(r))]), b.call(local(f), [b.makeRef(local(r))])]));
      return b.scope([x, f], block([letNode(f, increment()), letNode(x, int(1)), b.call(twice, [b.makeRef(local(x))]), local(x)]));
    }, "3");
    expectOutcome(() => b.call(increment(), [int(1)]), "throws ref argument must be a variable, array element, or object property");
  });
});

describe("limits", () => {
  test("proper tail calls use no stack", () => {
    const make = (rounds: number): Node => {
      const f = b.variable("f"), n = b.variable("n"), sum = b.variable("sum");
      const body = b.ifNode(binary("Eq", local(n), int(0)), local(sum),
        b.properCall(local(f), [binary("Sub", local(n), int(1)), binary("Add", local(sum), local(n))]));
      return withFunction(f, b.functionNode("f", [n, sum], body), b.call(local(f), [int(rounds), int(0)]));
    };
    expect(outcome(newVm(), make(50_000))).toBe("1250025000");
    expectOutcome(() => make(20), "210");
  });

  test("endless recursion is an error that scripts can catch", () => {
    const make = (): Node => {
      const f = b.variable("f"), e = b.variable("e"), n = b.variable("n");
      const body = block([setLocal(n, binary("Add", local(n), int(1))), binary("Add", int(1), b.call(local(f), []))]);
      return b.scope([f, n], block([
        letNode(n, int(0)), letNode(f, b.functionNode("f", [], body)),
        b.tryNode(b.call(local(f), []), { variable: e, body: b.array([local(e), binary("Gt", local(n), int(20)), local(n)]) }),
      ]));
    };
    expect(outcome(newVm(), make())).toMatch(/^\[Maximum call stack depth exceeded \(infinite recursion\?\), true, /);
    expect(outcome(newVm({ stackDepth: 30 }), make())).toBe("[Maximum call stack depth exceeded (infinite recursion?), true, 30]");
  });

  test("out of fuel: the engine says that it cannot pause", () => {
    expect(() => outcome(newVm({ fuel: 1000 }), b.loop(b.label(""), null, b.nullNode()))).toThrow(UnsupportedByEngine);
    expect(() => outcome(newVm({ fuel: 1000 }), fibonacci(20))).toThrow("the tree engine cannot pause");
  });

  test("fatal errors are not caught and run no cleanup", () => {
    const e = b.variable("e");
    const make = (): Node => b.tryNode(b.fail("the end", true), { variable: e, body: int(1) }, b.defineGlobal("cleaned", int(1)));
    const vm = newVm();
    expect(() => outcome(vm, make())).toThrow("the end");
    expect(vm.globals.isDefined("cleaned")).toBe(false);
  });

  test("long chains of operators take no JavaScript stack", () => {
    const one = (): Node => int(1);
    const chain = (wrap: (inner: Node) => Node, links = 3000): Node => Array.from({ length: links }).reduce<Node>(wrap, one());
    expect(outcome(newVm(), chain((left) => binary("Add", left, one())))).toBe("3001");
    expect(outcome(newVm(), chain((left) => b.logic("And", left, one())))).toBe("true");
    expect(outcome(newVm(), chain((rest) => b.ifNode(b.bool(false), one(), rest), 500))).toBe("1");
    const self = b.variable("self"), o = b.variable("o");
    const same = b.functionNode("same", [], local(self), { self });
    expect(outcome(newVm(), b.scope([o], block([
      letNode(o, b.object([{ key: "same", value: same }, { key: "x", value: int(5) }])),
      b.getField(Array.from({ length: 3000 }).reduce<Node>((inner) => b.callMethod(inner, "same", []), local(o)), "x"),
    ])))).toBe("5");
  });

  test("running out of memory at any allocation is an error, never a wrong answer", () => {
    const make = (): Node => {
      const list = b.variable("list"), i = b.variable("i"), a = b.variable("a"), c = b.variable("c"), more = b.variable("more");
      const f = b.functionNode("f", [a, b.parameter(c, { default: text("x") })], b.interpolate([local(a), local(c), local(more)]), { rest: b.parameter(more) });
      const entry = b.object([{ key: "text", value: binary("Add", text("t"), local(i)) }, { key: "make", value: b.functionNode("make", [], local(i)) }]);
      return b.scope([list, i], block([
        letNode(list, b.array([])), letNode(i, int(0)),
        b.loop(b.label(""), binary("Lt", local(i), int(5)), b.setIndex(local(list), local(i), entry), setLocal(i, binary("Add", local(i), int(1)))),
        b.array([b.call(f, [b.getField(b.getIndex(local(list), int(4)), "text"), text("y"), b.constant({ type: "array", value: [{ type: "i32", value: 1 }] })]), b.callMethod(b.getIndex(local(list), int(0)), "make", [])]),
      ]));
    };
    const heap = { failAllocationAt: 1_000_000, verify: true };
    const before = newVm({ heap }).heap.allocations;
    let result = "";
    for (let failing = before + 1; result !== "[t4y[[1]], 5]"; failing++) {
      const vm = newVm({ heap: { ...heap, failAllocationAt: failing } });
      result = outcome(vm, make(), { stackBytes: 100 << 10 });
      expect(result).toMatch(/^throws out of memory$|^\[t4y\[\[1\]\], 5\]$/);
      vm.heap.verify();
      expect(failing - before).toBeLessThan(500);
    }
  });

  test("traces name the functions and their calls", () => {
    const f = b.variable("f"), g = b.variable("g");
    const vm = newVm();
    const make = (): Node => b.scope([f, g], block([
      letNode(f, b.functionNode("inner", [], b.throwNode(text("x")))),
      letNode(g, b.functionNode("outer", [], binary("Add", int(1), b.call(local(f), [])))),
      b.call(local(g), []),
    ]));
    expect(outcome(vm, make())).toBe("throws x");
    expect(vm.trace.map((entry) => entry.name)).toEqual(["inner", "outer", "<main>"]);
  });
});
