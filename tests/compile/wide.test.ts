// Functions beyond the ranges of the short forms: registers above 255, constants above 65,535, jumps over 40,000 words.

import { describe, expect, test } from "vitest";
import { decode } from "../../src/bytecode/encoding.ts";
import { Op } from "../../src/bytecode/opcodes.ts";
import type { CompiledFunction } from "../../src/bytecode/code.ts";
import * as b from "../../src/ir/builder.ts";
import type { Node, Variable } from "../../src/ir/nodes.ts";
import { allFunctions, CONFIGURATIONS, expectEverywhere, mainOf, proved, runCompiled } from "./programs.ts";

const add = (left: Node, right: Node): Node => b.binary("Add", left, right);
const sum = (nodes: readonly Node[]): Node => nodes.reduce(add);
const variables = (count: number): Variable[] => Array.from({ length: count }, (_, i) => b.variable(`v${i}`));
const locals = (list: readonly Variable[]): Node[] => list.map((v) => b.local(v));

function opsOf(compiled: CompiledFunction): Set<number> {
  const ops = new Set<number>();
  for (let pc = 0; pc < compiled.words.length;) {
    const instruction = decode(compiled.words, pc)!;
    ops.add(instruction.op);
    pc += instruction.length;
  }
  return ops;
}

/** 300 variables numbered from 0, then the body, which has all of them live around it. */
const amongMany = (body: (list: readonly Variable[]) => Node): Node => {
  const list = variables(300);
  return b.scope(list, b.block([...list.map((v, i) => b.letNode(v, b.int(i))), b.array([body(list), sum(locals(list))])]));
};
const TOTAL = 44850;

describe("300 variables at once", () => {
  test("uses the wide forms and no register twice", () => {
    const compiled = proved(mainOf(amongMany((list) => b.call(b.global("f"), locals(list.slice(200, 264))))));
    expect(compiled.frameSize).toBeGreaterThan(300);
    for (const op of [Op.MoveToX, Op.MoveFromX, Op.CallX]) expect(opsOf(compiled)).toContain(op);
  });

  test("arithmetic, assignments and comparisons", () => {
    expectEverywhere(() => amongMany((list) => {
      const [low, high, top] = [list[3]!, list[280]!, list[299]!];
      return b.block([
        b.setLocal(high, add(b.local(low), b.local(top))), b.setLocal(low, b.ifNode(b.binary("Lt", b.local(high), b.local(top)), b.int(-1), b.int(3))),
        b.setLocal(high, b.int(280)), b.array([b.unary("Neg", b.local(top)), b.binary("Ge", b.local(top), b.int(299)), b.unary("Not", b.local(high))]),
      ]);
    }), `[[-299, true, false], ${TOTAL}]`);
  });

  test("runs of registers: arrays, objects, texts", () => {
    expectEverywhere(() => amongMany((list) => {
      const [x, y] = [b.local(list[298]!), b.local(list[1]!)];
      return b.array([b.array([x, y]), b.getField(b.object([{ key: "a", value: x }, { key: "b", value: y }]), "b"), b.interpolate([x, b.text("-"), y]), b.getIndex(b.array([y]), b.int(0))]);
    }), `[[[298, 1], 1, 298-1, 1], ${TOTAL}]`);
  });

  test("loops over arrays, nested", () => {
    expectEverywhere(() => amongMany((list) => {
      const k = b.variable("k"), v = b.variable("v"), w = b.variable("w"), total = list[299]!;
      const inner = b.forEach(b.label("b"), null, w, b.array([b.local(v), b.int(1000)]), b.setLocal(total, add(b.local(total), b.binary("Mul", b.local(w), b.local(k)))));
      return b.block([b.forEach(b.label("a"), k, v, b.array([b.int(5), b.int(7)]), inner), b.local(total), add(b.setLocal(total, b.int(299)), b.int(1))]);
    }), `[300, ${TOTAL}]`);
  });

  test("closures, boxes, captures", () => {
    expectEverywhere(() => amongMany((list) => {
      const plain = list[290]!, shared = list[291]!, f = b.variable("f");
      return b.scope([f], b.block([
        b.letNode(f, b.functionNode("f", [], b.array([b.local(plain), b.setLocal(shared, add(b.local(shared), b.int(1)))]))),
        b.call(b.local(f), []), b.array([b.call(b.local(f), []), b.setLocal(shared, b.int(291))]),
      ]));
    }), `[[[290, 293], 291], ${TOTAL}]`);
  });

  test("every kind of call", () => {
    expectEverywhere(() => amongMany((list) => {
      const x = b.variable("x"), y = b.variable("y"), e = b.variable("e");
      const minus = b.functionNode("minus", [x, y], b.binary("Sub", b.local(x), b.local(y)));
      const [p, q] = [b.local(list[295]!), b.local(list[5]!)];
      const named = b.call(minus, [{ name: "y", value: p }, { name: "x", value: q }]);
      return b.array([
        b.call(minus, [p, q]), named, b.apply(minus, b.array([p, q])),
        b.callMethod(b.array([p, q]), "join", [b.text("+")]), b.tryNode(b.throwNode(p), { variable: e, body: b.local(e) }),
      ]);
    }), `[[290, -290, 290, 295+5, 295], ${TOTAL}]`);
  });

  test("cleanups and switches", () => {
    expectEverywhere(() => amongMany((list) => {
      const s = b.label("s"), subject = list[297]!;
      const cases = [295, 296, 297, 298].map((value) => ({ test: b.int(value), body: b.breakNode(s, b.int(value * 2)) }));
      return b.tryNode(b.switchNode(s, b.local(subject), cases), null, b.setLocal(subject, b.int(297)));
    }), `[594, ${TOTAL}]`);
  });

  test("tail calls", () => {
    expectEverywhere(() => {
      const loop = b.variable("loop"), n = b.variable("n"), list = variables(300);
      const body = b.scope(list, b.block([
        ...list.map((v, i) => b.letNode(v, b.int(i))),
        b.ifNode(b.binary("Eq", b.local(n), b.int(0)), sum(locals(list)), b.properCall(b.local(loop), [b.binary("Sub", b.local(n), b.local(list[1]!))])),
      ]));
      return b.scope([loop], b.block([b.letNode(loop, b.functionNode("loop", [n], body)), b.call(b.local(loop), [b.int(300)])]));
    }, String(TOTAL));
  });
});

test("more registers than a frame can have is an error of the program", () => {
  const list = variables(66_000);
  expect(() => proved(mainOf(b.scope(list, b.nullNode())))).toThrow("needs more than");
});

test("70,000 different constants", () => {
  // Blocks of sums, so that the numbers are loaded one after the other into few registers.
  const values = Array.from({ length: 70_000 }, (_, i) => b.int(100_000 + i));
  const make = (): Node => b.block([...values.map((value) => b.setGlobal("last", value)), b.array([b.global("last"), b.text("text"), b.float(0.5)])]);
  const compiled = proved(mainOf(b.block([b.defineGlobal("last", b.nullNode()), make()])));
  expect(opsOf(compiled)).toContain(Op.LoadKX);
  expect(opsOf(compiled)).toContain(Op.LoadStringX);
  expect(runCompiled(compiled)).toBe("[169999, text, 0.5]");
});

test("jumps over 40,000 words", () => {
  const filler = (): Node => b.block(Array.from({ length: 21_000 }, () => b.setGlobal("g", b.int(1))));
  const i = b.variable("i");
  const body = b.block([
    b.defineGlobal("g", b.int(0)),
    b.scope([i], b.block([
      b.letNode(i, b.int(0)),
      b.loop(b.label("l"), b.binary("Lt", b.local(i), b.int(3)), b.ifNode(b.binary("Eq", b.local(i), b.int(1)), filler()), b.setLocal(i, add(b.local(i), b.int(1)))),
      b.array([b.local(i), b.global("g")]),
    ])),
  ]);
  const compiled = proved(mainOf(body));
  expect(compiled.words.length).toBeGreaterThan(40_000);
  expect(runCompiled(compiled)).toBe("[3, 1]");
});

describe("long chains need no JavaScript stack", () => {
  const LENGTH = 3_000;
  const chain = (link: (inner: Node) => Node, first: Node): Node => {
    let node = first;
    for (let i = 0; i < LENGTH; i++) node = link(node);
    return node;
  };
  test.each<readonly [string, () => Node, string]>([
    ["sums", () => chain((inner) => add(inner, b.global("one")), b.int(0)), String(LENGTH)],
    ["conditions", () => b.ifNode(chain((inner) => b.logic("And", inner, b.global("one")), b.bool(true)), b.int(1), b.int(2)), "1"],
    ["coalescing", () => chain((inner) => b.logic("Coalesce", inner, b.global("one")), b.nullNode()), "1"],
    ["methods", () => b.getField(chain((inner) => b.callMethod(inner, "concat", [b.array([])]), b.array([b.int(1)])), "length"), "1"],
  ])("%s", (_, make, expected) => {
    for (const options of CONFIGURATIONS) {
      const compiled = proved(mainOf(b.block([b.defineGlobal("one", b.int(1)), make()])), options);
      expect(runCompiled(compiled)).toBe(expected);
      expect(Math.max(...allFunctions(compiled).map((each) => each.frameSize))).toBeLessThan(30);
    }
  });
});
