// Properties of the opcode table that code relies on.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { RANGES } from "../../src/bytecode/encoding.ts";
import { withOpTable } from "../../src/bytecode/manual.ts";
import { CACHE_CONSTANTS, Op, opposite, type OperandAt, type OpInfo, opInfo, OPS } from "../../src/bytecode/opcodes.ts";

const rows = Object.entries(OPS).map(([code, info]) => [Number(code), info as OpInfo] as const);

describe("the table", () => {
  test("the last opcode is pinned: opcodes are only appended", () => {
    expect(Op.Last).toBe(182);
    expect(opInfo(Op.Last)!.name).toBe("TailCallGlobal");
    expect(rows.map(([code]) => code)).toEqual(Array.from({ length: Op.Last + 1 }, (_, i) => i));
  });

  test("opcodes fit a byte, and caches are as the interpreter lays them out", () => {
    expect(Op.Last).toBeLessThan(256);
    expect(CACHE_CONSTANTS).toBe(4);
  });

  test("conditional jumps stand beside their negation: compile/conditions.ts flips the low bit", () => {
    const between = (first: Op, last: Op): string[] => rows.filter(([code]) => code >= first && code <= last).map(([, info]) => info.name);
    const names = [...between(Op.JumpIfTrue, Op.JumpIfNotEqI), ...between(Op.JumpIfLessK, Op.JumpIfNotGreaterEqK)];
    expect([names.length % 2, Op.JumpIfTrue % 2, Op.JumpIfLessK % 2]).toEqual([0, 0, 0]);
    for (let i = 0; i < names.length; i += 2) {
      const yes = names[i]!, no = names[i + 1]!;
      expect(yes === "JumpIfTrue" ? no === "JumpIfFalse" : no === yes.replace("JumpIf", "JumpIfNot"), `${yes}, ${no}`).toBe(true);
    }
  });

  test("every conditional jump has an opposite, whose opposite it is", () => {
    for (const [code, info] of rows) {
      // Tests of Lisp have only the jump that is taken when they do not hold.
      const isConditional = /^JumpIf(?!Lisp)|^PrimitiveJump/.test(info.name), other = opposite(code);
      expect(other !== undefined, info.name).toBe(isConditional);
      if (other === undefined) continue;
      expect(opposite(other)).toBe(code);
      expect(opInfo(other)!.operands).toEqual(info.operands);
    }
  });

  test("a primitive has a resume tail that does what the instruction does", () => {
    for (const [, info] of rows) {
      const resumes = info.operands.filter(({ kind }) => kind === "resume");
      expect(resumes.length).toBe(info.resume === undefined ? 0 : 1);
      if (info.resume === undefined) continue;
      const jumps = info.effects.includes("jumps");
      expect(info.resume).toBe(!jumps ? Op.Move : /Not/.test(info.name) ? Op.JumpIfNil : Op.JumpIfNotNil);
      expect(resumes[0]!.at).toBe(jumps ? "u" : "t");
      expect(info.extra).toBe(jumps ? 3 : 1);
    }
  });

  test("a loop form takes the operands of the jump it replaces", () => {
    for (const [, info] of rows) {
      if (!info.name.startsWith("LoopIf")) continue;
      const jump = rows.find(([, each]) => each.name === info.name.replace("LoopIf", "JumpIf"))![1];
      expect(info.operands).toEqual(jump.operands);
    }
  });

  test.each(rows)("row %i is consistent", (_, info) => {
    const wordOf: { readonly [K in OperandAt]: number } = { a: 0, b: 0, c: 0, bx: 0, sbx: 0, sc: 0, sj: 0, d: 1, e: 2, t: 1, u: 3, v: 1 };
    const bits: { readonly [K in OperandAt]: number } = { a: 0xff00, b: 0xff0000, c: 0xff000000, sc: 0xff000000, bx: 0xffff0000, sbx: 0xffff0000, sj: 0xffffff00, d: 0, e: 0, t: 0, u: 0, v: 0 };
    let used = 0;
    for (const { at, kind } of info.operands) {
      expect(wordOf[at]).toBeLessThanOrEqual(info.extra);
      expect((used & bits[at]) >>> 0, "operands do not overlap").toBe(0);
      used |= bits[at];
      // Registers are unsigned; immediates and distances may be either.
      if (kind === "dst" || kind === "src" || kind === "both") expect(RANGES[at][0]).toBe(0);
    }
    expect(info.operands.some(({ kind }) => kind === "jump")).toBe(info.effects.includes("jumps") && info.name !== "JumpTable");
    expect(info.doc).not.toBe("");
    if (info.counted) expect(info.operands.some(({ at, kind }) => at === "d" && kind === "count")).toBe(true);
  });
});

test("the table of opcodes in the manual is current", () => {
  const file = fileURLToPath(new URL("../../src/bytecode/README.md", import.meta.url));
  const manual = readFileSync(file, "utf8");
  if (process.env["ACCEPT"] === "1") writeFileSync(file, withOpTable(manual));
  else expect(manual).toBe(withOpTable(manual));
});
