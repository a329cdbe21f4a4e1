// What programs do, for each kind of construct the compiler takes apart: every configuration must agree with the tree engine.

import { describe, test } from "vitest";
import * as b from "../../src/ir/builder.ts";
import type { Node, Variable } from "../../src/ir/nodes.ts";
import { expectEverywhere } from "./programs.ts";

const add = (left: Node, right: Node): Node => b.binary("Add", left, right);
const less = (v: Variable, limit: number): Node => b.binary("Lt", b.local(v), b.int(limit));
const increment = (v: Variable): Node => b.setLocal(v, add(b.local(v), b.int(1)));
const push = (v: Variable, ...values: Node[]): Node => b.block(values.map((value) => b.callMethod(b.local(v), "push", [value])));
/** Runs the body with a variable `log` holding an array, which is the result. */
const logged = (body: (log: Variable) => Node): Node => {
  const log = b.variable("log");
  return b.scope([log], b.block([b.letNode(log, b.array([])), body(log), b.local(log)]));
};

describe("operands", () => {
  test("a later operand may assign the variable an earlier one reads", () => {
    expectEverywhere(() => {
      const a = b.variable("a");
      return b.scope([a], b.block([b.letNode(a, b.int(1)), b.array([
        add(b.local(a), b.setLocal(a, b.int(5))), b.binary("Sub", b.setLocal(a, b.int(7)), b.setLocal(a, b.int(2))), b.getIndex(b.array([b.local(a)]), b.setLocal(a, b.int(0))),
        add(b.unary("Neg", b.local(a)), b.local(a)),
      ])]));
    }, "[6, 5, 2, 0]");
  });

  test("an assignment that fails half way leaves the variable alone", () => {
    expectEverywhere(() => {
      const a = b.variable("a"), e = b.variable("e");
      const failing = b.setLocal(a, b.array([b.int(2), b.logic("Coalesce", b.nullNode(), b.throwNode(b.text("x")))]));
      return b.scope([a], b.block([b.letNode(a, b.int(1)), b.tryNode(failing, { variable: e, body: b.local(e) }), b.local(a)]));
    }, "1");
  });

  test("comparisons with a NaN are false either way", () => {
    expectEverywhere(() => {
      const x = b.variable("x");
      const nan = b.binary("Div", b.float(0), b.float(0)), choose = (test: Node): Node => b.ifNode(test, b.int(1), b.int(0));
      const ops = ["Lt", "Le", "Gt", "Ge", "Eq", "Ne"] as const;
      return b.scope([x], b.block([b.letNode(x, nan), b.array([
        ...ops.map((op) => choose(b.binary(op, b.local(x), b.int(1)))), ...ops.map((op) => choose(b.binary(op, b.int(1), b.local(x)))),
        ...ops.map((op) => choose(b.unary("Not", b.binary(op, b.local(x), b.float(1))))),
      ])]));
    }, "[0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0]");
  });

  test("short circuits", () => {
    expectEverywhere(() => {
      const f = b.bool(false), t = b.bool(true), no = b.throwNode(b.text("evaluated"));
      return b.array([
        b.logic("And", f, no), b.logic("Or", t, no), b.logic("AndValue", b.int(0), no), b.logic("OrValue", b.int(3), no), b.logic("Coalesce", b.int(4), no),
        b.logic("And", b.int(2), b.int(3)), b.logic("AndValue", b.int(2), b.int(3)), b.logic("OrValue", b.nullNode(), b.int(5)), b.logic("Coalesce", b.nullNode(), b.int(6)),
        b.ifNode(b.logic("Or", b.logic("And", t, f), b.logic("And", t, b.unary("Not", f))), b.int(7), b.int(8)),
      ]);
    }, "[false, true, 0, 3, 4, true, 3, 5, 6, 7]");
  });
});

describe("loops", () => {
  test("values of breaks, nested labels, continue", () => {
    expectEverywhere(() => logged((log) => {
      const outer = b.label("outer"), inner = b.label("inner"), i = b.variable("i"), j = b.variable("j");
      const body = b.scope([j], b.block([
        b.letNode(j, b.int(0)),
        b.loop(inner, less(j, 4), b.block([
          b.ifNode(b.binary("Eq", b.local(j), b.int(2)), b.continueNode(outer)),
          b.ifNode(b.binary("Eq", b.local(i), b.int(2)), b.breakNode(outer, b.text("left"))),
          push(log, add(b.binary("Mul", b.local(i), b.int(10)), b.local(j))),
        ]), increment(j)),
      ]));
      return b.scope([i], b.block([b.letNode(i, b.int(0)), push(log, b.loop(outer, less(i, 5), body, increment(i)))]));
    }), "[0, 1, 10, 11, left]");
  });

  test("each round has variables of its own", () => {
    expectEverywhere(() => logged((log) => {
      const l = b.label("l"), v = b.variable("v"), k = b.variable("k"), f = b.variable("f"), m = b.label("m"), n = b.variable("n");
      const bump = b.functionNode("bump", [], b.setLocal(v, add(b.local(v), b.local(k))));
      return b.block([
        b.forEach(l, k, v, b.array([b.int(10), b.int(20)]), push(log, b.functionNode("get", [], b.block([b.call(bump, []), b.local(v)])))),
        b.scope([n], b.block([b.letNode(n, b.int(0)), b.loop(m, less(n, 2), b.scope([f], b.block([
          b.letNode(f, b.call(b.getIndex(b.local(log), b.local(n)), [])), b.setIndex(b.local(log), b.local(n), b.local(f)), increment(n),
        ])))])),
      ]);
    }), "[10, 21]");
  });

  test("a test with effects runs once for each round and once more", () => {
    expectEverywhere(() => {
      const l = b.label("l"), n = b.variable("n"), sum = b.variable("sum");
      return b.scope([n, sum], b.block([
        b.letNode(n, b.int(0)), b.letNode(sum, b.int(0)),
        b.loop(l, b.binary("Lt", increment(n), b.int(5)), b.setLocal(sum, add(b.local(sum), b.local(n)))),
        b.array([b.local(n), b.local(sum)]),
      ]));
    }, "[5, 10]");
  });
});

describe("cleanups", () => {
  const tryBoth = (body: Node, handler: Node | null, last: Node): Node => b.tryNode(body, handler === null ? null : { variable: b.variable("e"), body: handler }, last);

  test("return, break, continue and throw run every cleanup on their way, innermost first", () => {
    expectEverywhere(() => logged((log) => {
      const way = b.variable("way"), l = b.label("l"), i = b.variable("i");
      const leave = b.switchNode(b.label("s"), b.local(way), [
        { test: b.int(0), body: b.returnNode(b.text("returned")) }, { test: b.int(1), body: b.breakNode(l, b.text("broken")) },
        { test: b.int(2), body: b.continueNode(l) }, { test: b.int(3), body: b.throwNode(b.text("thrown")) },
      ]);
      const nested = tryBoth(tryBoth(leave, null, push(log, b.text("inner"))), null, push(log, b.text("outer")));
      const f = b.functionNode("f", [way], b.scope([i], b.block([
        b.letNode(i, b.int(0)), b.loop(l, less(i, 2), b.block([nested, push(log, b.text("after"))]), increment(i)),
      ])));
      const g = b.variable("g");
      const attempt = (n: number): Node => {
        const e = b.variable("e");
        return push(log, b.tryNode(b.call(b.local(g), [b.int(n)]), { variable: e, body: b.local(e) }));
      };
      return b.scope([g], b.block([b.letNode(g, f), ...[0, 1, 2, 3, 4].map(attempt)]));
    }), "[inner, outer, returned, inner, outer, broken, inner, outer, inner, outer, null, inner, outer, thrown, inner, outer, after, inner, outer, after, null]");
  });

  test("what a cleanup does itself wins", () => {
    expectEverywhere(() => {
      const l = b.label("l"), m = b.label("m");
      const call = (body: Node): Node => b.call(b.functionNode("f", [], body), []);
      return b.array([
        call(tryBoth(b.returnNode(b.int(1)), null, b.returnNode(b.int(2)))),
        call(tryBoth(b.throwNode(b.int(1)), null, b.returnNode(b.int(3)))),
        b.loop(l, b.bool(true), tryBoth(b.throwNode(b.int(1)), null, b.breakNode(l, b.int(4)))),
        b.labelled(m, b.block([tryBoth(b.breakNode(m, b.int(1)), null, b.breakNode(m, b.int(5))), b.int(6)])),
        tryBoth(b.throwNode(b.int(1)), b.int(7), b.int(8)),
        tryBoth(b.int(9), null, b.int(1)),
      ]);
    }, "[2, 3, 4, 5, 7, 9]");
  });

  test("a value on its way out is not lost in the cleanup", () => {
    expectEverywhere(() => {
      const x = b.variable("x");
      const calls = b.call(b.functionNode("g", [], b.array([b.int(0), b.int(0), b.int(0)])), []);
      return b.call(b.functionNode("f", [x], tryBoth(b.returnNode(add(b.local(x), b.int(1))), null, b.block([b.setLocal(x, calls), calls]))), [b.int(41)]);
    }, "42");
  });

  test("dynamic bindings are undone on every way out", () => {
    expectEverywhere(() => logged((log) => {
      const e = b.variable("e"), l = b.label("l"), note = (): Node => push(log, b.global("dynamic"));
      return b.block([
        b.defineGlobal("dynamic", b.int(1)), b.withDynamic("dynamic", b.int(2), note()), note(),
        b.tryNode(b.withDynamic("dynamic", b.int(3), b.block([note(), b.throwNode(b.int(0))])), { variable: e, body: note() }),
        b.labelled(l, b.withDynamic("dynamic", b.int(4), b.block([note(), b.breakNode(l)]))), note(),
      ]);
    }), "[2, 1, 3, 1, 4, 1]");
  });

  test("only a global that can be assigned can be bound, which shows after the value", () => {
    expectEverywhere(() => logged((log) => {
      const bind = (name: string, e = b.variable("e")): Node =>
        b.tryNode(b.withDynamic(name, push(log, b.int(1)), push(log, b.int(2))), { variable: e, body: push(log, b.local(e)) });
      return b.block([b.defineGlobal("fixed", b.int(0), true), bind("missing"), bind("fixed"), push(log, b.global("fixed"))]);
    }), "[1, Undefined variable 'missing', 1, Cannot assign to const variable 'fixed', 0]");
  });

  test("a binding that nobody can undo any more", () => {
    expectEverywhere(() => logged((log) => {
      const e = b.variable("e");
      return b.block([
        b.tryNode(b.withDynamic("later", b.int(1), b.nullNode()), { variable: e, body: push(log, b.local(e)) }),
        b.defineGlobal("later", b.int(5)), b.withDynamic("later", b.int(6), push(log, b.global("later"))), push(log, b.global("later")),
      ]);
    }), "[Undefined variable 'later', 6, 5]");
  });
});

describe("switch", () => {
  const choose = (values: readonly number[], subject: Node, fallback: number): Node => logged((log) => {
    const l = b.label("s");
    const cases = values.map((value, i) => ({ test: b.int(value), body: b.block([push(log, b.int(i)), i % 2 === 1 ? b.breakNode(l) : b.nullNode()]) }));
    return b.switchNode(l, subject, cases, fallback);
  });
  test.each([[1, "[0, 1]"], [2, "[1]"], [4, "[3]"], [9, "[2, 3]"], [-1, "[2, 3]"]])("dense numbers, %s", (subject, expected) => {
    expectEverywhere(() => choose([1, 2, 3, 4, 5], b.int(subject), 2), expected);
  });
  test("a table matches i32 only", () => expectEverywhere(() => choose([1, 2, 3, 4], b.float(2), -1), "[]"));
  test("the first of equal tests wins", () => expectEverywhere(() => choose([7, 5, 7, 6, 5, 8], b.int(7), -1), "[0, 1]"));
  test("far apart", () => expectEverywhere(() => choose([1, 100_000, -100_000, 5, 6], b.int(-100_000), -1), "[2, 3]"));
});
