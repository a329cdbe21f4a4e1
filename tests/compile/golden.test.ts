// The bytecode of small programs, as text under tests/golden/bytecode: a review of a diff there shows what a change of
// the compiler does. `npm run accept` rewrites them.

import { test } from "vitest";
import { disassemble } from "../../src/bytecode/disassemble.ts";
import * as b from "../../src/ir/builder.ts";
import type { Program } from "../../src/ir/nodes.ts";
import { NATIVES } from "../../src/library/registry.ts";
import { ackermann, everyKind, fizzbuzz } from "../ir/samples.ts";
import { golden } from "../support/golden.ts";
import { DEFAULTS, hemlockProgram, proved } from "./programs.ts";

const nativeName = (index: number): string => NATIVES[index]!.name;

const SOURCES: { readonly [name: string]: string } = {
  arithmetic: `
    fn f(a, b) { return a * 2 + b / 0.5 - 1000 % a; }
    fn g(a) { a++; return -a & 255 | a << 3; }
    fn h(a, b) { return [a > b, a <= b, a != 3, !(a == b), a && b, a ?? b]; }`,
  conditions: `
    fn f(a, b) {
      if (a < 10 && (b == 3 || !(a >= b))) { return 1; } else if (5 < b) { return 2; } else if (a != b) { return 3; }
      return a > 100000 ? 4 : 5;
    }`,
  loops: `
    fn count(n) { let s = 0; for (let i = 0; i < n; i++) { if (i % 2 == 0) { continue; } s = s + i; } return s; }
    fn first(xs) { for (let k, v in xs) { if (v > 3) { return k; } } return null; }
    fn nested(n) { outer: while (true) { loop { n--; if (n < 0) { break outer; } if (n == 5) { continue outer; } } } return n; }`,
  calls: `
    fn add(a, b ?: 1, ...more) { return a + b + more.length; }
    fn twice(f, o) { print(f(f(1)), o.m(2).k, o?.q(3), add(b: 1, a: 2)); return f(o, o); }`,
  closures: `
    fn counter(start) { let n = start; let step = 2; return { next: fn() { n = n + step; return n; }, start: fn() { return start; } }; }
    fn fact() { let f = fn(n) { return n < 2 ? 1 : n * f(n - 1); }; return f(5); }
    fn each(xs) { let fs = []; for (let x in xs) { fs.push(fn() { x = x + 1; return x; }); } return fs; }`,
  objects: `
    fn f(a) { let o = { x: 1, y: [a, 2], z: \`<\${a}>\` }; o.x = o.y[0] + o.z.length; o["k"] = { ...o, x: 3 }; return o.k?.x; }
    let self_less = { m: fn() { return self.n; } };`,
  exceptions: `
    fn f(x) { try { if (x) { throw "no"; } return g(x); } catch (e) { return e; } finally { print("end"); } }
    fn g(xs) { for (let x in xs) { try { if (x) { break; } } finally { print(x); } } return 0; }
    fn h(x) { defer print(x); return x + 1; }`,
  switch: `
    fn dense(x) { switch (x) { case 1: return "a"; case 2: case 3: print(x); break; case 5: return "d"; default: return "e"; } return "f"; }
    fn sparse(x, y) { switch (x) { case y: return 1; case "s": return 2; } return 3; }`,
  references: `
    fn inc(ref x) { x = x + 1; }
    fn f() { let a = 1; let b = [1]; inc(a); inc(b[0]); return a; }`,
};

test.each(Object.keys(SOURCES))("%s", (name) => {
  const source = SOURCES[name]!.replace(/^\n/, "").replace(/^ {4}/gm, "");
  const listing = disassemble(proved(hemlockProgram(source)), { nativeName });
  golden(`bytecode/${name}`, `${source}\n\n${listing}`);
});

const dynamic = (): Program => b.program(b.functionNode("main", [], b.withDynamic("g", b.int(1), b.callNative("print", [b.global("g")]))), "test");

test.each<[string, () => Program]>([["ackermann", ackermann], ["every-kind", everyKind], ["fizzbuzz", fizzbuzz], ["dynamic", dynamic]])("%s", (name, make) => {
  golden(`bytecode/${name}`, disassemble(proved(make()), { nativeName }));
});

test("plain", () => {
  golden("bytecode/plain", disassemble(proved(hemlockProgram(SOURCES["loops"]!), { ...DEFAULTS, optimise: 0, peephole: false }), { nativeName }));
});
