// Functions: parameters, closures, boxes, calls, references.

import { describe, expect, test } from "vitest";
import * as b from "../../src/ir/builder.ts";
import type { Node, Variable } from "../../src/ir/nodes.ts";
import { allFunctions, CONFIGURATIONS, expectEverywhere, hemlockProgram, proved, runCompiled, stressedVm } from "./programs.ts";

const add = (left: Node, right: Node): Node => b.binary("Add", left, right);
const argument = (name: string, value: Node) => ({ name, value });

describe("parameters", () => {
  test("defaults and conversions are applied in turn, and closures in them see the variable itself", () => {
    expectEverywhere(() => {
      const x = b.variable("x"), y = b.variable("y"), f = b.variable("f"), g = b.variable("g");
      const bump = b.functionNode("bump", [], b.setLocal(x, add(b.local(x), b.int(1))));
      const fn = b.functionNode("fn", [
        b.parameter(x, { default: b.int(10), convert: b.convert(0x19, b.local(x)) }), b.parameter(y, { default: bump }),
      ], b.block([b.call(b.local(y), []), b.array([b.local(x), b.call(b.local(y), [])])]));
      return b.scope([f, g], b.block([b.letNode(f, fn), b.array([
        b.call(b.local(f), []), b.call(b.local(f), [b.int(1)]), b.call(b.local(f), [b.int(1), b.functionNode("none", [], b.nullNode())]),
        b.call(b.local(f), [argument("x", b.int(5))]),
      ])]));
    }, "[[11.000000, 12.000000], [2.000000, 3.000000], [1.000000, null], [6.000000, 7.000000]]".replaceAll(".000000", ""));
  });

  test("rest collects, self arrives after it", () => {
    expectEverywhere(() => {
      const a = b.variable("a"), more = b.variable("more"), self = b.variable("self"), o = b.variable("o");
      const method = b.functionNode("m", [a], b.array([b.local(a), b.local(more), b.getField(b.localOr(self, null), "k")]), { rest: b.parameter(more), self });
      return b.scope([o], b.block([
        b.letNode(o, b.object([{ key: "k", value: b.int(9) }, { key: "m", value: method }])),
        b.array([b.callMethod(b.local(o), "m", [b.int(1)]), b.callMethod(b.local(o), "m", [b.int(1), b.int(2), b.int(3)])]),
      ]));
    }, "[[1, [], 9], [1, [2, 3], 9]]");
  });

  test("self in a plain call is not defined", () => {
    expectEverywhere(() => {
      const self = b.variable("self");
      return b.call(b.functionNode("m", [], b.localOr(self, null), { self }), []);
    }, "throws Undefined variable 'self'");
  });
});

describe("closures", () => {
  test("a function reaches itself, also from inside another one", () => {
    expectEverywhere(() => {
      const f = b.variable("f"), n = b.variable("n"), again = b.variable("again");
      const less = b.binary("Sub", b.local(n), b.int(1));
      const inner = b.functionNode("inner", [], b.call(b.local(f), [less]));
      const body = b.ifNode(b.binary("Le", b.local(n), b.int(0)), b.int(0), b.scope([again], b.block([
        b.letNode(again, inner), add(b.int(1), b.ifNode(b.binary("Eq", b.local(n), b.int(3)), b.call(b.local(f), [less]), b.call(b.local(again), []))),
      ])));
      return b.scope([f], b.block([b.letNode(f, b.functionNode("f", [n], body)), b.call(b.local(f), [b.int(6)])]));
    }, "6");
  });

  test("a variable that may be seen before its Let", () => {
    expectEverywhere(() => {
      const x = b.variable("x"), get = b.variable("get"), e = b.variable("e");
      return b.scope([x, get], b.block([
        b.letNode(get, b.functionNode("get", [], b.localOr(x, null))),
        b.array([b.tryNode(b.call(b.local(get), []), { variable: e, body: b.local(e) }), b.localOr(x, b.int(3)), b.block([b.letNode(x, b.int(4)), b.call(b.local(get), [])]), b.localOr(x, null)]),
      ]));
    }, "[Undefined variable 'x', 3, 4, 4]");
  });

  test("a Let that is jumped over leaves a hole in closures", () => {
    expectEverywhere(() => b.array([maybeSet(true), maybeSet(false)]), "[2, 1]");
  });

  /** let x inside a condition, read by a closure made after it. */
  function maybeSet(skip: boolean): Node {
    const x = b.variable("x"), s = b.variable("skip");
    const get = b.functionNode("get", [], b.localOr(x, b.int(2)));
    const body = b.scope([x], b.block([b.ifNode(b.local(s), b.nullNode(), b.letNode(x, b.int(1))), b.call(get, [])]));
    return b.call(b.functionNode("f", [s], body), [b.bool(skip)]);
  }

  test("variables above an initialiser are free for its temporaries", () => {
    expectEverywhere(() => {
      const vs = Array.from({ length: 6 }, (_, i) => b.variable(`v${i}`));
      const sum = (...nodes: Node[]): Node => nodes.reduce(add);
      const f = b.functionNode("f", ["p", "q", "r"].map(b.variable), b.int(100));
      const lets = vs.map((v, i) => b.letNode(v, i === 0 ? b.int(1) : add(b.call(f, [b.int(7), b.int(8), b.int(9)]), sum(...vs.slice(0, i).map((w) => b.local(w))))));
      return b.scope(vs, b.block([...lets.map((each) => ({ ...each })), b.array(vs.map((v) => b.local(v)))]));
    }, "[1, 101, 202, 404, 808, 1616]");
  });
});

describe("calls", () => {
  test("more arguments than an instruction takes", () => {
    expectEverywhere(() => {
      const all = b.variable("all");
      const count = b.functionNode("count", [], b.getField(b.local(all), "length"), { rest: b.parameter(all) });
      return b.call(count, Array.from({ length: 300 }, (_, i) => b.int(i)));
    }, "300");
  });

  test("too many arguments for a method is an error of the program", () => {
    const call = b.callMethod(b.array([]), "push", Array.from({ length: 300 }, (_, i) => b.int(i)));
    expect(() => proved(b.program(b.functionNode("<main>", [], call), "test"))).toThrow("300 arguments in one call (at most 250)");
  });

  test("64 arguments, each the result of a call", () => {
    expectEverywhere(() => {
      const params = Array.from({ length: 64 }, (_, i) => b.variable(`p${i}`));
      const one = b.variable("one"), x = b.variable("x");
      const f = b.functionNode("f", params, params.map((p): Node => b.local(p)).reduce(add));
      return b.scope([one], b.block([
        b.letNode(one, b.functionNode("one", [x], add(b.local(x), b.int(1)))), b.call(f, params.map((_, i) => b.call(b.local(one), [b.int(i)]))),
      ]));
    }, "2080");
  });

  test("tail calls run in one frame", () => {
    expectEverywhere(() => {
      const loop = b.variable("loop"), n = b.variable("n"), sum = b.variable("sum");
      const body = b.ifNode(b.binary("Eq", b.local(n), b.int(0)), b.local(sum), b.properCall(b.local(loop), [b.binary("Sub", b.local(n), b.int(1)), add(b.local(sum), b.int(2))]));
      return b.scope([loop], b.block([b.letNode(loop, b.functionNode("loop", [n, sum], body)), b.call(b.local(loop), [b.int(20_000), b.int(0)])]));
    }, "40000");
  });

  test("apply", () => {
    expectEverywhere(() => {
      const x = b.variable("x"), y = b.variable("y");
      return b.apply(b.functionNode("f", [x, y], b.binary("Sub", b.local(x), b.local(y))), b.array([b.int(9), b.int(2)]));
    }, "7");
  });
});

test("references to every kind of place", () => {
  expectEverywhere(() => {
    const ref = b.variable("ref"), set = b.variable("set"), inner = b.variable("inner"), x = b.variable("x"), o = b.variable("o"), a = b.variable("a");
    const byRef = (v: Variable) => b.parameter(v, { byRef: true });
    const bump = (to: NonNullable<Parameters<typeof b.makeRef>[0]>): Node => b.call(b.local(set), [b.makeRef(to)]);
    return b.scope([set, x, o, a], b.block([
      b.letNode(set, b.functionNode("set", [byRef(ref)], b.block([
        b.setRef(ref, b.binary("Mul", b.getRef(ref), b.int(2))),
        b.call(b.functionNode("pass", [byRef(inner)], b.setRef(inner, add(b.getRef(inner), b.int(1)))), [b.makeRef(b.local(ref))]),
      ]))),
      b.letNode(x, b.int(1)), b.letNode(o, b.object([{ key: "f", value: b.int(2) }])), b.letNode(a, b.array([b.int(3)])), b.defineGlobal("g", b.int(4)),
      bump(b.local(x)), bump(b.getField(b.local(o), "f")), bump(b.getIndex(b.local(a), b.int(0))), bump(b.global("g")),
      b.array([b.local(x), b.getField(b.local(o), "f"), b.getIndex(b.local(a), b.int(0)), b.global("g"), b.isRefParam(b.local(set), 0), b.isRefParam(b.local(set), 1)]),
    ]));
  }, "[3, 5, 7, 9, true, false]");
});

test("a reference to a name before its Let is one to what the name means then", () => {
  expectEverywhere(() => {
    const ref = b.variable("ref"), set = b.variable("set"), outer = b.variable("outer"), x = b.variable("x"), y = b.variable("y"), z = b.variable("z");
    const bump = (to: NonNullable<Parameters<typeof b.makeRef>[0]>): Node => b.call(b.local(set), [b.makeRef(to)]);
    const toX = (): Node => bump(b.localOr(x, b.localOr(y, b.global("g"))));
    const inner = b.functionNode("inner", [], bump(b.localOr(x, b.local(outer))));
    return b.scope([set, outer, x, y, z], b.block([
      b.letNode(set, b.functionNode("set", [b.parameter(ref, { byRef: true })], b.setRef(ref, add(b.getRef(ref), b.int(1))))),
      b.defineGlobal("g", b.int(10)), b.letNode(outer, b.int(20)), b.letNode(z, inner),
      toX(), b.call(b.local(z), []), b.letNode(y, b.int(30)), toX(), toX(), b.letNode(x, b.int(40)), toX(), b.call(b.local(z), []),
      b.array([b.global("g"), b.local(outer), b.local(y), b.local(x)]),
    ]));
  }, "[11, 21, 32, 42]");
});

test("a Hemlock program, collecting at every allocation while it is linked and run", () => {
  const source = `
    fn make(start) { let n = start; return { next: fn() { n = n + 1; return n; }, get: fn(k ?: 2, ...r) { return self.next() * k + r.length; } }; }
    let a = make(10); let b = make(20);
    let out = [];
    for (let i = 0; i < 3; i++) { try { if (i == 1) { throw "one"; } out.push(a.get() + b.get(3, 4)); } catch (e) { out.push(e); } finally { out.push(i); } }
    out;`;
  for (const options of CONFIGURATIONS) {
    const compiled = proved(hemlockProgram(source), options);
    expect(runCompiled(compiled)).toBe("[86, 0, one, 1, 91, 2]");
    expect(runCompiled(compiled, stressedVm())).toBe("[86, 0, one, 1, 91, 2]");
    expect(allFunctions(compiled).map((each) => each.name)).toEqual(expect.arrayContaining(["<main>", "make"]));
  }
});
