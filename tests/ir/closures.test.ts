import { describe, expect, test } from "vitest";
import * as b from "../../src/ir/builder.ts";
import type { FunctionNode, Label, Node, Variable } from "../../src/ir/nodes.ts";
import { optimise } from "../../src/ir/optimise.ts";
import { printProgram } from "../../src/ir/print.ts";
import { run } from "./closure-model.ts";
import { main } from "./samples.ts";

const lambda = (body: Node, params: Variable[] = []): FunctionNode => b.functionNode("f", params, body);
/** Analyses a program whose body is a scope of the variables. */
const analyse = (variables: Variable[], ...body: Node[]) => optimise(main(b.scope(variables, b.block(body))), { level: 0 }).main;

describe("boxes", () => {
  const x = (): Variable => b.variable("x");

  test("a variable used in its own function only is nothing special", () => {
    const v = x();
    const owner = analyse([v], b.letNode(v, b.int(1)), b.setLocal(v, b.local(v)));
    expect(v).toMatchObject({ owner, captured: false, reassigned: true, boxed: false });
  });

  test("captured after its only Let: copied", () => {
    const v = x(), f = lambda(b.local(v));
    analyse([v], b.letNode(v, b.int(1)), f);
    expect(v).toMatchObject({ captured: true, reassigned: false, boxed: false });
    expect(f.captures).toEqual([v]);
  });

  test("assigned anywhere: boxed", () => {
    const v = x();
    analyse([v], b.letNode(v, b.int(1)), b.setLocal(v, b.int(2)), lambda(b.local(v)));
    expect(v.boxed).toBe(true);
    const w = x();
    analyse([w], b.letNode(w, b.int(1)), lambda(b.setLocal(w, b.int(2))));
    expect(w.boxed).toBe(true);
  });

  test("captured before its Let: boxed", () => {
    const v = x();
    analyse([v], lambda(b.localOr(v, null)), b.letNode(v, b.int(1)));
    expect(v).toMatchObject({ reassigned: true, boxed: true });
  });

  test("captured by a closure in the value of its Let: boxed, unless the closure is the value", () => {
    const v = x(), f = lambda(b.local(v));
    analyse([v], b.letNode(v, b.array([f])));
    expect(v.boxed).toBe(true);
    expect(f.selfVariable).toBe(null);
  });

  test("a Let that a loop runs again for the same variable: boxed", () => {
    const v = x();
    analyse([v], b.loop(b.label("l"), null, b.block([b.letNode(v, b.int(1)), lambda(b.local(v))])));
    expect(v.boxed).toBe(true);
  });

  test("fresh variables in a loop are copied", () => {
    const v = x(), item = b.variable("item");
    analyse([], b.forEach(b.label("l"), null, item, b.array([]), b.scope([v], b.block([b.letNode(v, b.int(1)), lambda(b.array([b.local(v), b.local(item)]))]))));
    expect(v).toMatchObject({ captured: true, boxed: false });
    expect(item).toMatchObject({ captured: true, boxed: false });
  });

  test("a reference to a variable boxes it", () => {
    const v = x();
    analyse([v], b.letNode(v, b.int(1)), b.makeRef(b.local(v)));
    expect(v).toMatchObject({ captured: true, boxed: true });
  });

  test("tests of a switch run before the bodies in front of them", () => {
    const v = x();
    analyse([v], b.switchNode(b.label("s"), b.int(1), [{ test: null, body: b.letNode(v, b.int(1)) }, { test: lambda(b.localOr(v, null)), body: b.nullNode() }], 0));
    expect(v.boxed).toBe(true);
  });

  test("a place that is only referred to while another has no value: boxed", () => {
    const v = x(), w = b.variable("w");
    analyse([w], b.letNode(w, b.int(1)), b.scope([v], b.block([b.makeRef(b.localOr(v, b.local(w))), b.letNode(v, b.int(2))])));
    expect(v.boxed && w.boxed).toBe(true);
  });

  test("a parameter captured by a default in front of it: boxed", () => {
    const p = b.variable("p"), q = b.variable("q");
    const f = b.functionNode("f", [b.parameter(p, { default: lambda(b.array([b.local(p), b.local(q)])) }), b.parameter(q, { default: b.nullNode() })], lambda(b.local(q)));
    analyse([], f);
    expect(p.boxed && q.boxed).toBe(true);
    const r = b.variable("r");
    analyse([], lambda(lambda(b.local(r)), [r]));
    expect(r).toMatchObject({ captured: true, boxed: false });
  });
});

describe("captures", () => {
  test("pass through the functions between, in order of first use", () => {
    const x = b.variable("x"), y = b.variable("y");
    const inner = lambda(b.array([b.local(y), b.local(x)])), middle = lambda(inner);
    analyse([x, y], b.letNode(x, b.int(1)), b.letNode(y, b.int(1)), middle);
    expect(inner.captures).toEqual([y, x]);
    expect(middle.captures).toEqual([y, x]);
  });

  test("a function uses the running closure for the variable it is the value of", () => {
    const f = b.variable("f"), node = lambda(b.local(f));
    analyse([f], b.letNode(f, node), b.local(f));
    expect(node.captures).toEqual([]);
    expect(node.selfVariable).toBe(f);
    expect(f).toMatchObject({ captured: false, boxed: false });
  });

  test("functions inside capture it from there", () => {
    const f = b.variable("f"), inner = lambda(b.local(f)), node = lambda(inner), other = lambda(b.local(f));
    analyse([f], b.letNode(f, node), other);
    expect(node).toMatchObject({ captures: [], selfVariable: f });
    expect(inner).toMatchObject({ captures: [f], selfVariable: null });
    expect(other.captures).toEqual([f]);
    expect(f).toMatchObject({ captured: true, boxed: false });
  });

  test("not when it is assigned, or made in a second place", () => {
    const f = b.variable("f"), node = lambda(b.local(f));
    analyse([f], b.letNode(f, node), b.setLocal(f, b.int(1)));
    expect(node).toMatchObject({ captures: [f], selfVariable: null });
    const g = b.variable("g"), shared = lambda(b.local(g));
    analyse([g], b.letNode(g, shared), shared);
    expect(shared).toMatchObject({ captures: [g], selfVariable: null });
    expect(g.boxed).toBe(true);
  });

  test("of two functions that call each other the later one is boxed", () => {
    const even = b.variable("even"), odd = b.variable("odd");
    const e = lambda(b.local(odd)), o = lambda(b.local(even));
    analyse([even, odd], b.letNode(even, e), b.letNode(odd, o));
    expect([even.boxed, odd.boxed]).toEqual([false, true]);
    expect([e.captures, o.captures]).toEqual([[odd], [even]]);
  });

  test("analysing again gives the same", () => {
    const f = b.variable("f"), x = b.variable("x");
    const program = main(b.scope([f, x], b.block([b.letNode(f, lambda(b.array([b.local(f), b.local(x)]))), b.letNode(x, b.int(1))])));
    const once = printProgram(optimise(program, { level: 0 }));
    expect(printProgram(optimise(program, { level: 0 }))).toBe(once);
  });
});

/** Random programs over few variables, so that captures, assignments and Lets meet in every order. */
class Generator {
  #state: number;
  #names = 0;
  constructor(seed: number) { this.#state = seed * 2654435761 + 1 >>> 0; }

  #pick(n: number): number {
    this.#state = Math.imul(this.#state ^ (this.#state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5 >>> 0;
    return (this.#state >>> 8) % n;
  }

  program(): Node { return this.#scope(5, [], null); }

  #scope(depth: number, outer: readonly Variable[], loop: Label | null): Node {
    const own = Array.from({ length: 1 + this.#pick(3) }, () => b.variable(`v${this.#names++}`));
    const visible = [...outer, ...own].slice(-6);
    const lets = [...own];
    const body: Node[] = [];
    for (let i = 0, n = 3 + this.#pick(4); i < n; i++) {
      if (lets.length > 0 && this.#pick(2) === 0) {
        const variable = lets.splice(this.#pick(lets.length), 1)[0]!;
        const value = this.#pick(3) === 0 ? b.binary("Add", b.int(0), b.int(0)) : this.#value(depth - 1, visible, loop);
        const statement = b.letNode(variable, value);
        body.push(this.#pick(5) === 0 ? this.#looped(depth, statement, visible) : statement);
      } else body.push(this.#value(depth - 1, visible, loop));
    }
    return b.scope(own, b.block(body));
  }

  #looped(depth: number, first: Node, visible: readonly Variable[]): Node {
    const l = b.label("l");
    const keep = (): Node => b.setLocal(visible[this.#pick(visible.length)]!, this.#lambda(depth - 1, visible));
    return b.loop(l, null, b.block([first, this.#pick(2) === 0 ? keep() : this.#value(depth - 1, visible, l)]), this.#pick(2) === 0 ? this.#value(depth - 2, visible, null) : null);
  }

  #lambda(depth: number, visible: readonly Variable[]): Node {
    const p = b.variable(`p${this.#names++}`);
    const inside = [...visible, p];
    const param = b.parameter(p, { default: this.#pick(3) === 0 ? this.#value(depth - 1, inside, null) : null });
    return b.functionNode(`f${this.#names++}`, [param], this.#value(depth - 1, inside, null));
  }

  #value(depth: number, visible: readonly Variable[], loop: Label | null): Node {
    const one = (): Variable => visible[this.#pick(visible.length)]!;
    const value = (): Node => this.#value(depth - 1, visible, loop);
    if (depth <= 0) return this.#pick(3) === 0 ? b.int(this.#pick(3)) : b.call(b.local(one()), [b.local(one())]);
    switch (this.#pick(13)) {
      case 0: return b.setLocal(one(), value());
      case 1: case 2: case 3: return this.#lambda(depth, visible);
      case 4: case 5: return b.call(b.local(one()), this.#pick(2) === 0 ? [] : [value()]);
      case 6: return this.#scope(depth, visible, loop);
      case 7: return this.#looped(depth, value(), visible);
      case 8: { const v = b.variable(`e${this.#names++}`); return b.forEach(b.label("l"), null, v, b.array([value(), value()]), this.#value(depth - 1, [...visible, v], null)); }
      case 9: return b.ifNode(b.int(this.#pick(2)), value(), value());
      case 10: return loop === null ? b.local(one()) : b.ifNode(b.int(this.#pick(2)), this.#pick(2) === 0 ? b.breakNode(loop) : b.continueNode(loop), value());
      case 11: return b.switchNode(b.label("s"), b.int(this.#pick(3)), [{ test: b.int(0), body: value() }, { test: value(), body: value() }], this.#pick(2));
      default: return b.binary("Add", value(), value());
    }
  }
}

test("random programs: closures that copy and box behave like closures that share cells", () => {
  let boxed = 0, selves = 0, logged = 0;
  for (let seed = 1; seed <= 1500; seed++) {
    const program = optimise(main(new Generator(seed).program()), { level: 0 });
    const expected = run(program, "byCells");
    logged += expected.length;
    expect(run(program, "byFlags"), `seed ${seed}\n${printProgram(program)}`).toEqual(expected);
    const text = printProgram(program);
    boxed += text.split("/boxed").length - 1;
    selves += text.split("(running").length - 1;
  }
  expect(boxed).toBeGreaterThan(300);
  expect(selves).toBeGreaterThan(50);
  expect(logged).toBeGreaterThan(10_000);
});
