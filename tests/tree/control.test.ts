// Control flow: loops, jumps, choices, and exceptions with their cleanup.

import { describe, test } from "vitest";
import * as b from "../../src/ir/builder.ts";
import type { Node, Variable } from "../../src/ir/nodes.ts";
import { expectOutcome } from "./programs.ts";

const { int, text, local, letNode, setLocal, block, binary } = b;

/** x = x + by */
const bump = (x: Variable, by = 1): Node => setLocal(x, binary("Add", local(x), int(by)));
/** A block in which the variable starts with the value. */
const withVariable = (x: Variable, value: Node, ...body: Node[]): Node => b.scope([x], block([letNode(x, value), ...body]));
/** Appends to a text variable. */
const log = (out: Variable, what: string): Node => setLocal(out, binary("Add", local(out), text(what)));
const logged = (make: (out: Variable) => Node[]): Node => {
  const out = b.variable("out");
  return withVariable(out, text(""), ...make(out), local(out));
};

describe("loops", () => {
  test("a while loop that runs out yields null", () => {
    expectOutcome(() => {
      const i = b.variable("i");
      return withVariable(i, int(0), b.loop(b.label(""), binary("Lt", local(i), int(10)), bump(i)));
    }, "null");
  });

  test("break carries a value, continue goes to the update", () => {
    expectOutcome(() => {
      const i = b.variable("i"), sum = b.variable("sum"), l = b.label("");
      const body = b.ifNode(binary("Eq", binary("Mod", local(i), int(2)), int(0)), b.continueNode(l),
        b.ifNode(binary("Gt", local(i), int(9)), b.breakNode(l, local(sum)), bump(sum, 100)));
      return withVariable(i, int(0), withVariable(sum, int(0), b.loop(l, null, body, bump(i))));
    }, "500");
  });

  test("break and continue reach outer loops", () => {
    expectOutcome(() => logged((out) => {
      const i = b.variable("i"), outer = b.label("outer"), inner = b.label("inner");
      const body = b.loop(inner, null, block([
        bump(i),
        log(out, "."),
        b.ifNode(binary("Eq", local(i), int(2)), b.continueNode(outer)),
        b.ifNode(binary("Gt", local(i), int(4)), b.breakNode(outer)),
      ]));
      return [withVariable(i, int(0), b.loop(outer, null, block([log(out, "|"), body])))];
    }), "|..|...");
  });

  test("a value half computed survives a break in its other operand", () => {
    expectOutcome(() => {
      const l = b.label("");
      return binary("Add", int(1), b.loop(l, null, b.breakNode(l, binary("Add", int(2), b.labelled(l, b.breakNode(l, int(3)))))));
    }, "6");
  });

  test("for each: array with live length, object, string", () => {
    const over = (iterable: (list: Variable) => Node): Node => logged((out) => {
      const list = b.variable("list"), k = b.variable("k"), v = b.variable("v");
      return [withVariable(list, b.array([int(5), int(6)]),
        b.forEach(b.label(""), k, v, iterable(list), block([
          b.ifNode(binary("Eq", local(v), int(5)), b.setIndex(local(list), int(2), text("new"))),
          setLocal(out, b.interpolate([local(out), local(k), text("="), local(v), text(" ")])),
        ])))];
    });
    expectOutcome(() => over((list) => local(list)), "0=5 1=6 2=new ");
    expectOutcome(() => over(() => b.object([{ key: "a", value: int(1) }, { key: "b", value: b.nullNode() }])), "a=1 b=null ");
    expectOutcome(() => over(() => text("xé")), "0=x 1=é ");
    expectOutcome(() => over(() => int(3)), "throws for-in requires array, object, or string");
  });

  test("for each in a loop body can be left with a value", () => {
    expectOutcome(() => {
      const v = b.variable("v"), l = b.label("");
      return b.forEach(l, null, v, b.array([int(1), int(2), int(3)]), b.ifNode(binary("Eq", local(v), int(2)), b.breakNode(l, text("two"))));
    }, "two");
  });
});

describe("switch", () => {
  const choose = (subject: Node): Node => logged((out) => {
    const l = b.label("");
    return [b.switchNode(l, subject, [
      { test: int(1), body: log(out, "one ") },
      { test: null, body: log(out, "default ") },
      { test: text("2"), body: block([log(out, "two "), b.breakNode(l)]) },
      { test: int(3), body: log(out, "three ") },
    ], 1)];
  });

  test("falls through, in textual order, until a break", () => {
    expectOutcome(() => choose(int(1)), "one default two ");
    expectOutcome(() => choose(text("2")), "two ");
    expectOutcome(() => choose(int(3)), "three ");
    expectOutcome(() => choose(b.float(1)), "default two ");
  });

  test("without a match and a default nothing runs", () => {
    expectOutcome(() => b.switchNode(b.label(""), int(1), [{ test: int(2), body: text("no") }]), "null");
  });
});

describe("logic", () => {
  test("short circuit and what it yields", () => {
    const fail = (): Node => b.fail("evaluated");
    expectOutcome(() => b.array([
      b.logic("And", int(0), fail()), b.logic("And", int(1), int(2)), b.logic("Or", int(3), fail()), b.logic("Or", int(0), b.nullNode()),
      b.logic("AndValue", int(0), fail()), b.logic("AndValue", int(1), int(2)), b.logic("OrValue", int(3), fail()), b.logic("OrValue", int(0), text("x")),
      b.logic("Coalesce", int(0), fail()), b.logic("Coalesce", b.nullNode(), int(4)),
    ]), "[false, true, true, false, 0, 2, 3, x, 0, 4]");
  });
});

describe("exceptions", () => {
  const attempt = (body: Node, handler: ((e: Variable) => Node) | null, last: Node | null = null): Node => {
    const e = b.variable("e");
    return b.tryNode(body, handler === null ? null : { variable: e, body: handler(e) }, last);
  };

  test("catch binds the thrown value itself, and error texts as strings", () => {
    expectOutcome(() => attempt(b.throwNode(b.array([int(1)])), (e) => b.getIndex(local(e), int(0))), "1");
    expectOutcome(() => attempt(binary("Sub", int(1), b.nullNode()), (e) => local(e)), "Binary operation requires numeric operands");
  });

  test("an uncaught exception ends the run", () => {
    expectOutcome(() => block([b.throwNode(text("out")), int(1)]), "throws out");
  });

  test("finally runs on every way out, innermost first", () => {
    expectOutcome(() => logged((out) => {
      const l = b.label("");
      return [
        b.loop(l, null, attempt(attempt(b.breakNode(l), null, log(out, "a")), null, log(out, "b"))),
        attempt(attempt(b.throwNode(int(1)), null, log(out, "c")), () => log(out, "d"), log(out, "e")),
        attempt(int(1), () => log(out, "no"), log(out, "f")),
      ];
    }), "abcdef");
  });

  test("finally keeps what is on its way out", () => {
    const returning = (body: Node): Node => b.call(b.functionNode("f", [], body), []);
    const busy = (): Node => {
      const l = b.label("");
      return block([b.labelled(l, b.breakNode(l, text("other"))), attempt(b.throwNode(text("inner")), (e) => local(e))]);
    };
    expectOutcome(() => returning(block([attempt(b.returnNode(text("kept")), null, busy()), text("no")])), "kept");
    expectOutcome(() => attempt(attempt(b.throwNode(text("kept")), null, busy()), (e) => local(e)), "kept");
    expectOutcome(() => attempt(text("value"), null, busy()), "value");
    const l = b.label("");
    expectOutcome(() => b.labelled(l, block([attempt(b.breakNode(l, text("kept")), null, busy()), text("no")])), "kept");
  });

  test("a jump or exception of finally wins", () => {
    const returning = (body: Node): Node => b.call(b.functionNode("f", [], body), []);
    expectOutcome(() => returning(attempt(b.throwNode(int(1)), null, b.returnNode(int(2)))), "2");
    expectOutcome(() => returning(attempt(b.returnNode(int(1)), null, b.throwNode(int(2)))), "throws 2");
    const l = b.label("");
    expectOutcome(() => b.labelled(l, attempt(b.throwNode(int(1)), (e) => b.throwNode(local(e)), b.breakNode(l, int(3)))), "3");
  });

  test("an exception thrown deep in calls leaves the catching frame intact", () => {
    expectOutcome(() => {
      const f = b.variable("f"), n = b.variable("n"), keep = b.variable("keep");
      const body = b.ifNode(binary("Eq", local(n), int(0)), b.throwNode(text("deep")), binary("Add", int(1), b.call(local(f), [binary("Sub", local(n), int(1))])));
      return b.scope([f, keep], block([
        letNode(f, b.functionNode("f", [n], body)), letNode(keep, text("kept ")),
        binary("Add", local(keep), attempt(binary("Add", text("no"), b.call(local(f), [int(20)])), (e) => local(e))),
      ]));
    }, "kept deep");
  });

  test("a dynamic binding ends on every way out", () => {
    const bound = (body: Node): Node => b.withDynamic("g", binary("Add", b.global("g"), int(1)), body);
    const l = b.label("");
    expectOutcome(() => block([
      b.defineGlobal("g", int(1)),
      b.array([
        bound(bound(b.global("g"))), b.global("g"),
        attempt(bound(b.throwNode(b.global("g"))), (e) => local(e)), b.global("g"),
        b.labelled(l, bound(b.breakNode(l, b.global("g")))), b.global("g"),
      ]),
    ]), "[3, 1, 2, 1, 2, 1]");
  });
});
