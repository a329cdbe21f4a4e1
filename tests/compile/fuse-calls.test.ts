// Fusing GetGlobal and Call: where it happens, where it must not, and that programs mean the same.

import { expect, test } from "vitest";
import { decode } from "../../src/bytecode/encoding.ts";
import { Op } from "../../src/bytecode/opcodes.ts";
import { allFunctions, CONFIGURATIONS, hemlockProgram, proved, runCompiled } from "./programs.ts";

const PLAIN = CONFIGURATIONS.find(({ peephole }) => !peephole)!, FUSED = CONFIGURATIONS.find(({ peephole }) => peephole)!;

/** How often the program's functions hold each of the three instructions. */
function counts(text: string, options = FUSED): { loads: number; calls: number; fused: number } {
  const ops: number[] = [];
  for (const { words } of allFunctions(proved(hemlockProgram(text), options))) {
    for (let pc = 0; pc < words.length;) {
      const instruction = decode(words, pc)!;
      ops.push(instruction.op);
      pc += instruction.length;
    }
  }
  const count = (op: Op): number => ops.filter((each) => each === op).length;
  return { loads: count(Op.GetGlobal), calls: count(Op.Call), fused: count(Op.CallGlobal) };
}

const DEFINED = "fn f(x) { return x; } fn g(x) { return x; } let v = 1;";

test.each([
  ["no arguments that call", "f(v + 1);", { loads: 1, calls: 0, fused: 1 }],
  ["an argument that calls: the inner one only", "f(g(1));", { loads: 1, calls: 1, fused: 1 }],
  ["an argument that stores a global", "f(v = 2);", { loads: 1, calls: 1, fused: 0 }],
  ["an argument with a jump", "f(v ? 1 : 2);", { loads: 2, calls: 1, fused: 0 }],
  ["the function as its own argument", "f(f);", { loads: 1, calls: 0, fused: 1 }],
])("%s", (_, call, expected) => {
  expect(counts(DEFINED + call)).toEqual(expected);
  expect(counts(DEFINED + call, PLAIN).fused, "without the peephole pass").toBe(0);
});

test.each([
  ["a callee that an argument replaces", "fn f(x) { return \"old\"; } fn swap() { f = fn(x) { return \"new\"; }; return 1; } f(swap());", "old"],
  ["an undefined callee", "fn f() { try { return missing(1 + 1); } catch (e) { return e; } } f();", "Undefined variable 'missing'"],
  ["a callee that is no function (its name is in the source, which is not here)", "let n = 5; fn f() { try { return n(1); } catch (e) { return e; } } f();", "[line 1] Value is not a function (got i32)"],
  ["wrong counts", "fn two(a, b) { return a; } fn f() { try { return two(1); } catch (e) { return e; } } f();", "Function expects 2 arguments, got 1"],
  ["recursion to the limit, twice", "fn down(n) { return down(n + 1); } let s = \"\"; for (let i = 0; i < 2; i++) { try { down(0); } catch (e) { s = s + e.length; } } s;", "5555"],
])("%s", (_, text, expected) => {
  for (const options of CONFIGURATIONS) expect(runCompiled(proved(hemlockProgram(text), options))).toBe(expected);
});
