// The peephole pass on hand-written lines. That it keeps the meaning of whole programs is what every other test of this
// folder shows, which run with and without it.

import { expect, test } from "vitest";
import { Assembler, type Label } from "../../src/bytecode/assembler.ts";
import { Op, opInfo } from "../../src/bytecode/opcodes.ts";
import { peephole } from "../../src/compile/peephole.ts";

/** Assembles what `write` emits and shortens it; the names of what is left, jumps with the line they go to. */
function shortened(write: (asm: Assembler, label: () => Label) => void): string[] {
  const asm = new Assembler();
  write(asm, () => asm.label());
  peephole(asm);
  return asm.lines.map(({ op, target }) => opInfo(op)!.name + (target === null ? "" : ` ${target.line}`));
}

test("jumps to jumps go where those go, and what nothing reaches any more is dropped", () => {
  expect(shortened((asm, label) => {
    const a = label(), b = label(), c = label();
    asm.emit(Op.JumpIfTrue, [0, a]);
    asm.emit(Op.LoadNull, [0]);
    asm.emit(Op.Jump, [b]);
    asm.bind(a);
    asm.emit(Op.Jump, [c]);
    asm.bind(b);
    asm.emit(Op.LoadNull, [1]);
    asm.bind(c);
    asm.emit(Op.Return, [0]);
  })).toEqual(["JumpIfTrue 3", "LoadNull", "LoadNull", "Return"]);
});

test("a jump to a return or back edge becomes one", () => {
  expect(shortened((asm, label) => {
    const top = asm.here(), next = label(), end = label();
    asm.emit(Op.JumpIfTrue, [0, end]);
    asm.emit(Op.JumpIfNull, [1, next]);
    asm.emit(Op.LoadNull, [2]);
    asm.emit(Op.Jump, [next]);
    asm.bind(end);
    asm.emit(Op.LoadNull, [3]);
    asm.emit(Op.Return, [3]);
    asm.bind(next);
    asm.emit(Op.Loop, [top]);
  })).toEqual(["JumpIfTrue 4", "JumpIfNull 6", "LoadNull", "Loop 0", "LoadNull", "Return", "Loop 0"]);
});

test("a conditional jump over a jump is turned round, but never an ordered comparison into its opposite", () => {
  expect(shortened((asm, label) => {
    const near = label(), far = label();
    asm.emit(Op.JumpIfLess, [0, 1, near]);
    asm.emit(Op.Jump, [far]);
    asm.bind(near);
    asm.emit(Op.LoadNull, [0]);
    asm.bind(far);
    asm.emit(Op.LoadNull, [1]);
    asm.emit(Op.Return, [0]);
  })).toEqual(["JumpIfNotLess 2", "LoadNull", "LoadNull", "Return"]);
});

test("jumps to the next line are dropped unless testing can throw", () => {
  expect(shortened((asm, label) => {
    const a = label(), b = label();
    asm.emit(Op.JumpIfTrue, [0, a]);
    asm.bind(a);
    asm.emit(Op.JumpIfLess, [0, 1, b]);
    asm.bind(b);
    asm.emit(Op.ReturnNull, []);
  })).toEqual(["JumpIfLess 1", "ReturnNull"]);
});

test("a move straight back is dropped, unless something jumps between", () => {
  const moves = (between: boolean): string[] => shortened((asm, label) => {
    const middle = label();
    if (between) asm.emit(Op.JumpIfTrue, [0, middle]);
    asm.emit(Op.Move, [1, 0]);
    asm.bind(middle);
    asm.emit(Op.Move, [0, 1]);
    asm.emit(Op.Return, [0]);
  });
  expect(moves(false)).toEqual(["Move", "Return"]);
  expect(moves(true)).toEqual(["JumpIfTrue 2", "Move", "Move", "Return"]);
});

test("handlers keep covering what is left of their lines, and empty ones vanish", () => {
  const asm = new Assembler();
  const start = asm.here(), end = asm.label(), done = asm.label();
  asm.emit(Op.Nop, []);
  asm.emit(Op.GetIndex, [0, 1, 2]);
  asm.emit(Op.Jump, [done]);
  asm.bind(end);
  asm.handler(start, end, 3, 0);
  asm.emit(Op.Nop, []);
  asm.bind(done);
  const second = asm.here(), last = asm.label();
  asm.emit(Op.Nop, []);
  asm.bind(last);
  asm.handler(second, last, 3, 0);
  asm.emit(Op.LoadNull, [1]);
  asm.emit(Op.Return, [0]);
  peephole(asm);
  expect(asm.lines.map(({ op }) => op)).toEqual([Op.GetIndex, Op.LoadNull, Op.Return]);
  expect(asm.finish().handlers).toEqual([{ start: 0, end: 1, target: 1, register: 3 }]);
});
