// What primitives compile to, and that nothing but a well-formed resume tail is accepted.

import { describe, expect, test } from "vitest";
import type { CompiledFunction } from "../../src/bytecode/code.ts";
import { disassemble } from "../../src/bytecode/disassemble.ts";
import { Op } from "../../src/bytecode/opcodes.ts";
import { InvalidBytecode, verify } from "../../src/bytecode/verify.ts";
import { checkRegisters } from "../../src/compile/check-registers.ts";
import { compile } from "../../src/compile/compile.ts";
import type { CompileOptions } from "../../src/compile/options.ts";
import * as b from "../../src/ir/builder.ts";
import type { Node } from "../../src/ir/nodes.ts";
import { optimise } from "../../src/ir/optimise.ts";
import { nativeIndex } from "../../src/library/registry.ts";
import { lisp } from "../vm/mini-lisp.ts";


function compileFunction(body: (x: Node, y: Node) => Node, options: Partial<CompileOptions> = {}): CompiledFunction {
  const first = b.variable("x"), second = b.variable("y");
  const main = b.functionNode("f", [first, second], body(b.local(first), b.local(second)), { language: "lisp" });
  const compiled = compile(optimise(b.program(main, "lisp"), { level: 1 }), { optimise: 1, peephole: true, nativeIndex, ...options });
  verify(compiled);
  checkRegisters(compiled);
  return compiled;
}

const listing = (body: (x: Node, y: Node) => Node, options: Partial<CompileOptions> = {}): string[] =>
  disassemble(compileFunction(body, options)).split("\n").slice(1, -1).map((line) => line.replace(/^\s*\d+\s+/, "").replace(/\s+/g, " ").trim());

describe("instructions", () => {
  test.each([
    ["a sum", (p: Node, q: Node) => b.primitive("Add", [p, q]), ["LispAdd r2 r0 r1 (Add r3)", "Return r2"]],
    ["a small integer", (p: Node) => b.primitive("Sub", [p, b.integer(5n)]), ["LispSubI r2 r0 5 (Sub r3)", "Return r2"]],
    ["a large one", (p: Node) => b.primitive("Sub", [p, b.integer(500n)]), ["LoadInt r3 500", "LispSub r2 r0 r3 (Sub r4)", "Return r2"]],
    ["operands in reverse", (p: Node, q: Node) => b.primitive("Gt", [p, q]), ["LispLess r2 r1 r0 (Gt r3)", "Return r2"]],
    ["without one of its own", (p: Node) => b.primitive("Cadr", [p]), ["Primitive r2 r0 r0 (Cadr r3)", "Return r2"]],
    ["a test", (p: Node, q: Node) => b.ifNode(b.primitive("Lt", [p, q]), p, q), ["JumpIfLispNotLess r0 r1 ->2 (Lt r2)", "Return r0", "Return r1"]],
    ["a test with a number first", (p: Node, q: Node) => b.ifNode(b.primitive("Lt", [b.integer(5n), p]), p, q), ["JumpIfLispNotGreaterI r0 5 ->2 (Lt r2)", "Return r0", "Return r1"]],
    ["not, which only turns a jump around", (p: Node, q: Node) => b.ifNode(b.primitive("Not", [b.primitive("IsNull", [p])]), p, q), ["JumpIfEmpty r0 ->2 (not IsNull r2)", "Return r0", "Return r1"]],
    ["and as a condition", (p: Node, q: Node) => b.ifNode(b.isTrue(b.ifNode(b.isTrue(p), q, b.bool(false))), p, q), ["JumpIfNil r0 ->3", "JumpIfNil r1 ->3", "Return r0", "Return r1"]],
    ["three operands", (p: Node, q: Node) => b.primitive("VectorSet", [p, q, b.nullNode()]), ["LoadNull r3", "VectorSet r0 r1 r3 r2 (VectorSet r4)", "Return r2"]],
    ["a call of a global", (p: Node) => b.call(b.global("lisp:g"), [p]), ["Move r4 r0", "CallGlobal r2 #1 k0=$lisp:g", "Return r2"]],
    ["in tail position", (p: Node) => b.properCall(b.global("lisp:g"), [p]), ["Move r4 r0", "TailCallGlobal r2 #1 k0=$lisp:g"]],
  ])("%s", (_, body, expected) => expect(listing(body)).toEqual(expected));

  test("redefined globals are called", () => {
    expect(listing((p, q) => b.primitive("Add", [p, q]), { isIntact: (op) => op !== "Add" })).toEqual(["Move r4 r0", "Move r5 r1", "TailCallGlobal r2 #2 k0=$lisp:+"]);
  });

  test("those that the program itself redefines are", () => {
    const define = b.callNative("lisp:%define", [b.constant({ type: "symbol", value: "car" }), b.nullNode()]);
    expect(listing((p) => b.block([define, b.primitive("Car", [p])])).at(-1)).toBe("TailCallGlobal r2 #1 k1=$lisp:car");
  });
});

describe("wide functions", () => {
  test("call their primitives", () => {
    const names = Array.from({ length: 300 }, (_, i) => `v${i}`);
    const text = `(define (f n) (let (${names.map((name, i) => `(${name} (+ n ${i}))`).join(" ")}) (if (< v299 v0) 'no (+ v0 (+ v299 (car (cons v150 v1))))))) (f 1)`;
    expect(lisp(text)).toBe("452");
    expect(lisp(text, { engine: "tree" })).toBe("452");
  });
});

describe("the verifier", () => {
  const sum = (): CompiledFunction => compileFunction((p, q) => b.primitive("Add", [p, q]));
  const changed = (compiled: CompiledFunction, at: number, word: number): CompiledFunction =>
    ({ ...compiled, words: compiled.words.map((each, i) => (i === at ? word : each)) });

  test.each([
    ["another operation in the tail", (word: number) => (word & ~255) | Op.Jump], ["another destination", (word: number) => word ^ 0x0300],
    ["a window beyond the frame", (word: number) => word | 0xf0_0000], ["no primitive", (word: number) => word | 0x3f00_0000],
  ])("refuses %s", (_, change) => {
    const compiled = sum();
    expect(compiled.words[0]! & 255).toBe(Op.LispAdd);
    expect(() => verify(changed(compiled, 1, change(compiled.words[1]!)))).toThrow(InvalidBytecode);
  });

  test("refuses a tail of a test that jumps elsewhere", () => {
    const compiled = compileFunction((p, q) => b.ifNode(b.primitive("Lt", [p, q]), p, q));
    expect(compiled.words[0]! & 255).toBe(Op.JumpIfLispNotLess);
    expect(() => verify(changed(compiled, 3, compiled.words[3]! + 1))).toThrow(InvalidBytecode);
  });
});

