// The verifier: refuses each kind of damage by name, and answers or throws its own error whatever it is given.

import { describe, expect, test } from "vitest";
import type { CompiledFunction, Constant } from "../../src/bytecode/code.ts";
import { disassemble } from "../../src/bytecode/disassemble.ts";
import { captureWord, packABC, packABx, packSJ } from "../../src/bytecode/encoding.ts";
import { CallForm, Op } from "../../src/bytecode/opcodes.ts";
import { InvalidBytecode, verify } from "../../src/bytecode/verify.ts";
import { everyKind } from "../ir/samples.ts";
import { Random } from "../support/random.ts";
import { allFunctions, hemlockProgram, proved } from "../compile/programs.ts";

const CACHE: readonly Constant[] = [{ type: "cache", name: "x" }, { type: "cacheState" }, { type: "cacheState" }, { type: "cacheState" }];
const code = (words: readonly number[], parts: Partial<CompiledFunction> = {}): CompiledFunction => ({
  name: "f", words: Int32Array.from(words), constants: [], handlers: [], spans: [], frameSize: 4, paramCount: 4, requiredCount: 4, flags: 0, captureCount: 0,
  paramNames: [], captureNames: [], refParams: 0, claims: null, ...parts,
});
const RETURN = packABC(Op.ReturnNull, 0, 0, 0), JUMP_IF = packABC(Op.JumpIfTrue, 0, 0, 0);
const inner = code([RETURN], { captureCount: 1 });
const number: Constant = { type: "i32", value: 1 };

describe("accepts", () => {
  test.each<[string, CompiledFunction]>([
    ["the least", code([RETURN])],
    ["a jump to the end of the frame", code([JUMP_IF, 0, RETURN])],
    ["a call that fills the frame", code([packABC(Op.Call, 0, 2, 0), RETURN])],
    ["a closure", code([packABC(Op.Closure, 0, 0, 0), 1, 0, captureWord(3, false), RETURN], { constants: [{ type: "code", function: inner }] })],
    ["a cache", code([packABC(Op.GetField, 0, 1, 0), 0, 0, 0, RETURN], { constants: CACHE })],
  ])("%s", (_, compiled) => expect(() => verify(compiled)).not.toThrow());
});

describe("refuses", () => {
  test.each<[string, CompiledFunction, string]>([
    ["no code", code([]), "no code"],
    ["unknown opcodes", code([Op.Last + 1, RETURN]), "unknown or truncated"],
    ["cut off instructions", code([packABC(Op.GetGlobal, 0, 0, 0)]), "unknown or truncated"],
    ["running off the end", code([packABC(Op.LoadNull, 0, 0, 0)]), "does not end"],
    ["registers outside the frame", code([packABC(Op.Move, 0, 4, 0), RETURN]), "register 4 is outside"],
    ["runs that leave the frame", code([packABC(Op.NewArray, 0, 2, 3), RETURN]), "register 4 is outside"],
    ["iterations that leave the frame", code([packABC(Op.ForNext, 0, 0, 0), 0, RETURN]), "register 4 is outside"],
    ["windows that leave the frame", code([packABC(Op.Call, 0, 3, 0), RETURN]), "window 0 is outside"],
    ["wide windows that leave the frame", code([packABC(Op.CallX, 0, 0, CallForm.Call), 3, 0, RETURN]), "window 3 is outside"],
    ["unknown call forms", code([packABC(Op.CallX, 0, 0, 9), 0, 0, RETURN]), "unknown call form"],
    ["jumps into instructions", code([JUMP_IF, -1, RETURN]), "which is no instruction"],
    ["jumps out of the code", code([JUMP_IF, 7, RETURN]), "which is no instruction"],
    ["jumps backwards that cost nothing", code([packABC(Op.LoadNull, 0, 0, 0), packSJ(Op.Jump, -2)]), "costs no fuel"],
    ["missing constants", code([packABx(Op.LoadK, 0, 0), RETURN]), "constant 0 is not"],
    ["shapes loaded as they are", code([packABx(Op.LoadK, 0, 0), RETURN], { constants: [{ type: "shape", keys: [], inlineCapacity: 0 }] }), "constant 0 is not"],
    ["numbers as globals", code([packABC(Op.GetGlobal, 0, 0, 0), 0, RETURN], { constants: [number] }), "constant 0 is not"],
    ["negative constant places", code([packABC(Op.GetGlobal, 0, 0, 0), -1, RETURN], { constants: [number] }), "constant -1 is not"],
    ["texts in arithmetic", code([packABC(Op.AddK, 0, 0, 0), RETURN], { constants: [{ type: "symbol", value: "x" }] }), "constant 0 is not"],
    ["caches cut short", code([packABC(Op.GetField, 0, 1, 0), 0, 0, 0, RETURN], { constants: CACHE.slice(0, 3) }), "not part of an inline cache"],
    ["caches from the middle", code([packABC(Op.GetField, 0, 1, 0), 1, 0, 0, RETURN], { constants: CACHE }), "is not an inline cache"],
    ["caches that are filled already", code([packABC(Op.GetField, 0, 1, 0), 0, 4096, 16, RETURN], { constants: CACHE }), "not empty"],
    ["names that do not fit the arguments", code([packABC(Op.CallNamed, 0, 1, 0), 0, RETURN], { constants: [{ type: "names", names: [null, "a"] }] }), "does not name 1"],
    ["closures with missing captures", code([packABC(Op.Closure, 0, 0, 0), 0, 0, RETURN], { constants: [{ type: "code", function: inner }] }), "captures do not fit"],
    ["captures the function does not have", code([packABC(Op.Closure, 0, 0, 0), 1, 0, captureWord(0, true), RETURN], { constants: [{ type: "code", function: inner }] }), "there is no capture"],
    ["captures read by number", code([packABx(Op.GetCapture, 0, 0), RETURN]), "there is no capture"],
    ["shapes with other fields", code([packABC(Op.NewObjectFrom, 0, 0, 1), 0, RETURN], { constants: [{ type: "shape", keys: ["a", "b"], inlineCapacity: 2 }] }), "the shape does not fit"],
    ["unknown natives", code([packABC(Op.CallNative, 0, 0, 0), 1000, RETURN]), "there is no native 1000"],
    ["frames smaller than the parameters", code([RETURN], { frameSize: 3 }), "frame too small"],
    ["registers read before they are written", code([packABC(Op.Return, 3, 0, 0)], { paramCount: 3 }), "register 3 may be read before"],
    ["registers written on one way only", code([JUMP_IF, 1, packABC(Op.LoadNull, 3, 0, 0), packABC(Op.Return, 3, 0, 0)], { paramCount: 3 }), "register 3 may be read before"],
    ["registers that a call destroys", code([packABC(Op.Call, 0, 1, 0), packABC(Op.Return, 2, 0, 0)]), "register 2 may be read before"],
    ["handlers inside themselves", code([packABC(Op.GetIndex, 0, 0, 0), RETURN], { handlers: [{ start: 0, end: 2, target: 1, register: 0 }] }), "inside its own range"],
    ["handlers in the middle of instructions", code([JUMP_IF, 0, RETURN], { handlers: [{ start: 0, end: 1, target: 2, register: 0 }] }), "malformed handler range"],
    ["handlers with registers outside the frame", code([packABC(Op.GetIndex, 0, 0, 0), RETURN], { handlers: [{ start: 0, end: 1, target: 1, register: 9 }] }), "register 9 is outside"],
    ["source maps out of order", code([RETURN, RETURN], { spans: [{ pc: 1, start: 0, end: 1 }, { pc: 0, start: 0, end: 1 }] }), "source map out of order"],
  ])("%s", (_, compiled, message) => {
    expect(() => verify(compiled, { isNative: (id) => id < 100 })).toThrow(InvalidBytecode);
    expect(() => verify(compiled, { isNative: (id) => id < 100 })).toThrow(message);
  });

  test("bad functions among the constants", () => {
    const outer = code([RETURN], { constants: [{ type: "code", function: code([]) }] });
    expect(() => verify(outer)).toThrow("no code");
    expect(() => verify(outer, { nested: false })).not.toThrow();
  });
});

const SOURCE = `
  fn f(xs, k ?: 2) { let n = 0; for (let i, x in xs) { try { n = n + x.m(i, k) * 3; } catch (e) { print(e); } finally { n++; } } return fn() { return n; }; }
  fn g(x) { switch (x) { case 1: case 2: case 3: return { a: x, b: [x, 1.5] }; case 4: return \`\${x}!\`; } while (x < 100) { x = x * x + 1; } return x; }`;

describe("words changed at random", () => {
  const victims = [...allFunctions(proved(hemlockProgram(SOURCE))), ...allFunctions(proved(everyKind()))];
  test.each([1, 2, 3, 4])("seed %i", (seed) => {
    const random = new Random(seed);
    let refused = 0;
    for (let round = 0; round < 1500; round++) {
      const victim = random.pick(victims), words = victim.words.slice();
      for (let changes = 1 + random.below(2); changes > 0; changes--) {
        const at = random.below(words.length);
        words[at] = random.pick([words[at]! ^ 1 << random.below(32), random.below(0x1_0000_0000) | 0, words[random.below(words.length)]!, -1, 0x7fff_ffff]);
      }
      const damaged: CompiledFunction = { ...victim, words };
      try {
        verify(damaged, { isNative: (id) => id < 200 });
      } catch (error) {
        if (!(error instanceof InvalidBytecode)) throw error;
        refused++;
      }
      expect(() => disassemble(damaged), "anything can be listed").not.toThrow();
    }
    expect(refused).toBeGreaterThan(700);
  });
});
