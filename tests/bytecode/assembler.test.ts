// The assembler, and encoding there and back.

import { describe, expect, test } from "vitest";
import { Assembler } from "../../src/bytecode/assembler.ts";
import { ConstantPool, literalKey } from "../../src/bytecode/constants.ts";
import { decode, jumpTargets, RANGES } from "../../src/bytecode/encoding.ts";
import { CACHE_CONSTANTS, Op, opInfo } from "../../src/bytecode/opcodes.ts";
import { Random } from "../support/random.ts";

describe("encoding", () => {
  test("operands come back as they went in, for every opcode", () => {
    const random = new Random(7);
    for (let op: Op = Op.Nop; op <= Op.Last; op++) {
      const info = opInfo(op)!;
      if (op === Op.JumpTable) continue;
      for (let round = 0; round < 20; round++) {
        const asm = new Assembler(), end = asm.label(), counted = info.counted ? Array.from({ length: random.below(5) }, () => random.below(0x1_ffff)) : [];
        const operands = info.operands.map(({ at, kind }) => {
          if (kind === "jump") return end;
          if (info.counted && at === "d") return counted.length;
          const [low, high] = RANGES[at];
          return random.pick([low, high, Math.floor(low + random.next() * (high - low))]);
        });
        asm.emit(op, operands, counted);
        asm.reachable = true;
        asm.bind(end);
        const { words } = asm.finish();
        const decoded = decode(words, 0)!;
        expect(decoded.length).toBe(words.length);
        expect(decoded.values).toEqual(operands.map((operand) => (typeof operand === "object" ? 0 : operand)));
        expect([...words.subarray(decoded.counted)]).toEqual(counted);
      }
    }
  });

  test("what does not decode", () => {
    expect(decode([Op.Last + 1], 0)).toBe(null);
    expect(decode([Op.GetGlobal], 0), "cut off").toBe(null);
    expect(decode([Op.Closure, 5, 0, 1, 2], 0), "counted words missing").toBe(null);
    expect(decode([Op.Closure, -1, 0], 0), "negative count").toBe(null);
  });
});

describe("assembler", () => {
  test("labels may be used before and after they are bound", () => {
    const asm = new Assembler(), top = asm.here(), end = asm.label();
    asm.emit(Op.JumpIfTrue, [0, end]);
    asm.emit(Op.LoopIfTrue, [0, top]);
    asm.bind(end);
    asm.emit(Op.ReturnNull, []);
    const { words } = asm.finish();
    expect(jumpTargets(words, decode(words, 0)!)).toEqual([4]);
    expect(jumpTargets(words, decode(words, 2)!)).toEqual([0]);
  });

  test("tables", () => {
    const asm = new Assembler(), one = asm.label(), two = asm.label();
    asm.emitTable(3, -1, [one, two, one]);
    asm.bind(one);
    asm.emit(Op.ReturnNull, []);
    asm.bind(two);
    asm.emit(Op.ReturnNull, []);
    const { words } = asm.finish();
    expect(decode(words, 0)!.values).toEqual([3, 3, -1]);
    expect(jumpTargets(words, decode(words, 0)!)).toEqual([6, 7, 6]);
  });

  test("code that nothing reaches is not emitted", () => {
    const asm = new Assembler(), unused = asm.label(), used = asm.label();
    asm.emit(Op.JumpIfTrue, [0, used]);
    asm.emit(Op.ReturnNull, []);
    asm.emit(Op.LoadNull, [0]);
    asm.bind(unused);
    asm.emit(Op.LoadNull, [1]);
    asm.bind(used);
    asm.emit(Op.Return, [0]);
    expect(asm.lines.map(({ op }) => op)).toEqual([Op.JumpIfTrue, Op.ReturnNull, Op.Return]);
  });

  test("operands out of range and of the wrong kind are bugs", () => {
    const emit = (op: Op, ...operands: number[]) => () => new Assembler().emit(op, operands);
    expect(emit(Op.Move, 256, 0)).toThrow("out of range");
    expect(emit(Op.LoadInt, 0, 0x8000)).toThrow("out of range");
    expect(emit(Op.AddI, 0, 0, -129)).toThrow("out of range");
    expect(emit(Op.Move, 0)).toThrow("takes 2 operands");
    expect(emit(Op.Jump, 0)).toThrow("is a jump");
  });

  test("handlers cover what lies between their labels; empty ones vanish", () => {
    const asm = new Assembler(), start = asm.here(), end = asm.label();
    asm.emit(Op.GetIndex, [0, 1, 2]);
    asm.emit(Op.ReturnNull, []);
    asm.bind(end);
    expect(asm.handler(start, end, 4, 0)).toBe(true);
    asm.emit(Op.Return, [4]);
    const empty = asm.here();
    expect(asm.handler(empty, empty, 5, 0)).toBe(false);
    expect(asm.finish().handlers).toEqual([{ start: 0, end: 2, target: 2, register: 4 }]);
  });

  test("spans are kept where they change", () => {
    const asm = new Assembler();
    for (const [start, end] of [[0, 5], [0, 5], [2, 3], [0, 5]] as const) {
      asm.span = { start, end };
      asm.emit(Op.LoadNull, [0]);
    }
    expect(asm.finish().spans).toEqual([{ pc: 0, start: 0, end: 5 }, { pc: 2, start: 2, end: 3 }, { pc: 3, start: 0, end: 5 }]);
  });
});

describe("constants", () => {
  test("are shared when type and value are equal", () => {
    const pool = new ConstantPool(), bytes = (text: string) => ({ type: "string" as const, value: new TextEncoder().encode(text) });
    expect(pool.literal({ type: "i32", value: 1 })).toBe(pool.literal({ type: "i32", value: 1 }));
    expect(pool.literal(bytes("ab"))).toBe(pool.literal(bytes("ab")));
    expect(pool.literal({ type: "f64", value: NaN })).toBe(pool.literal({ type: "f64", value: NaN }));
    expect(pool.global("x")).toBe(pool.global("x"));
    expect(pool.list).toHaveLength(4);
  });

  test("are distinct otherwise", () => {
    const keys = ([
      { type: "i32", value: 1 }, { type: "f64", value: 1 }, { type: "u8", value: 1 }, { type: "i64", value: 1n }, { type: "f64", value: 0 }, { type: "f64", value: -0 },
      { type: "symbol", value: "1" }, { type: "string", value: new Uint8Array([49]) }, { type: "string", value: new Uint8Array([0xff]) },
      { type: "array", value: [{ type: "i32", value: 1 }] }, { type: "array", value: [{ type: "i32", value: 1 }, { type: "null" }] }, { type: "null" }, { type: "hole" },
    ] as const).map(literalKey);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("caches are never shared", () => {
    const pool = new ConstantPool();
    expect(pool.cache("x")).toBe(0);
    expect(pool.cache("x", ["a", null])).toBe(CACHE_CONSTANTS);
    expect(pool.list.map(({ type }) => type)).toEqual(["cache", "cacheState", "cacheState", "cacheState", "cache", "cacheState", "cacheState", "names"]);
  });
});
