// The register checker finds what a wrong compiler would do, and finds nothing wrong in what ours does: all other tests of
// this folder and the library prove that (see `proved`).

import { describe, expect, test } from "vitest";
import { decode } from "../../src/bytecode/encoding.ts";
import { Op } from "../../src/bytecode/opcodes.ts";
import { registerUse, countedWords } from "../../src/bytecode/register-use.ts";
import type { CompiledFunction } from "../../src/bytecode/code.ts";
import { checkRegisters } from "../../src/compile/check-registers.ts";
import { compile } from "../../src/compile/compile.ts";
import { hemlock } from "../../src/front/hemlock/index.ts";
import { optimise } from "../../src/ir/optimise.ts";
import { isBuiltin, libraryGlobal } from "../../src/library/registry.ts";
import { LIBRARY_SOURCE } from "../../src/library/prelude.hml.ts";
import { Source } from "../../src/text/source.ts";
import { allFunctions, CONFIGURATIONS, hemlockProgram, proved } from "./programs.ts";

const SOURCE = `
  fn f(a, b, xs) {
    let sum = 0; let last = null;
    for (let i, x in xs) { if (x > a) { last = -x; sum = sum + x * b - i; } else { sum = sum - print(x, a); } }
    try { sum = sum + g(last, a); } catch (e) { sum = e; }
    return [sum, last, b];
  }`;

/** The function with one word replaced. */
const withWord = (victim: CompiledFunction, at: number, word: number): CompiledFunction => {
  const words = victim.words.slice();
  words[at] = word;
  return { ...victim, words };
};

describe("a compiler that takes a wrong register", () => {
  const victim = allFunctions(proved(hemlockProgram(SOURCE))).find(({ name }) => name === "f")!;
  test("is found out, whichever operand it is", () => {
    let tried = 0;
    const missed: string[] = [];
    for (let pc = 0; pc < victim.words.length;) {
      const instruction = decode(victim.words, pc)!;
      for (const [i, { at, kind }] of instruction.info.operands.entries()) {
        if (kind !== "src" || at === "bx" || registerUse(instruction, countedWords(victim.words, instruction)).reads.length === 0) continue;
        const shift = at === "a" ? 8 : at === "b" ? 16 : 24, old = instruction.values[i]!;
        for (let reg = 0; reg < victim.frameSize; reg++) {
          if (reg === old) continue;
          tried++;
          try {
            checkRegisters(withWord(victim, pc, (victim.words[pc]! & ~(0xff << shift)) | reg << shift));
            missed.push(`${instruction.info.name} ${i} r${old} -> r${reg}`);
          } catch { /* found */ }
        }
      }
      pc += instruction.length;
    }
    expect(tried).toBeGreaterThan(150);
    expect(missed).toEqual([]);
  });

  test("is found out when it overwrites what is still needed", () => {
    const at = victim.words.findIndex((word) => (word & 0xff) === Op.LoadNull);
    expect(at).toBeGreaterThanOrEqual(0);
    // All three parameters are used after the first LoadNull, which sets `last`.
    for (const param of [0, 1, 2]) expect(() => checkRegisters(withWord(victim, at, Op.LoadNull | param << 8))).toThrow("wants value");
  });
});

test("the library", () => {
  for (const options of CONFIGURATIONS) {
    const { program } = hemlock.compile(new Source("library", LIBRARY_SOURCE), { isBuiltin, libraryGlobal, library: true });
    const compiled = compile(optimise(program!, { level: options.optimise }), options);
    for (const each of allFunctions(compiled)) checkRegisters(each);
    expect(allFunctions(compiled).length).toBeGreaterThan(10);
  }
});
