// From core IR to bytecode, function by function. The program must have been through src/ir/optimise.ts: captures and
// boxes are decided there.

import { DEBUG } from "../../heap/debug.ts";
import type { CompiledFunction } from "../bytecode/code.ts";
import { verify } from "../bytecode/verify.ts";
import type { Program } from "../ir/nodes.ts";
import { checkRegisters } from "./check-registers.ts";
import type { Unit } from "./core.ts";
import { compileFunction } from "./functions.ts";
import { COMPILERS } from "./nodes.ts";
import type { CompileOptions } from "./options.ts";

/** Functions of at most this many words prove themselves right after they are compiled, in debug builds. */
const CHECKED_WORDS = 4000;

export function compile(program: Program, options: CompileOptions): CompiledFunction {
  const unit: Unit = { options, compileFunction, compilers: COMPILERS, done: new Map(), clean: new Set() };
  const main = compileFunction(program.main, unit);
  if (DEBUG) {
    for (const compiled of unit.done.values()) {
      if (compiled.words.length > CHECKED_WORDS) continue;
      verify(compiled, { nested: false });
      checkRegisters(compiled);
    }
  }
  return main;
}
