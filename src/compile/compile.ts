// From core IR to bytecode, function by function. The program must have been through src/ir/optimise.ts: captures and
// boxes are decided there.

import { DEBUG } from "../../heap/debug.ts";
import type { CompiledFunction } from "../bytecode/code.ts";
import { verify } from "../bytecode/verify.ts";
import type { Node, Program } from "../ir/nodes.ts";
import { eachNode } from "../ir/walk.ts";
import { checkRegisters } from "./check-registers.ts";
import type { Unit } from "./core.ts";
import { compileFunction } from "./functions.ts";
import { COMPILERS } from "./nodes.ts";
import type { CompileOptions } from "./options.ts";

/** Functions of at most this many words prove themselves right after they are compiled, in debug builds. */
const CHECKED_WORDS = 4000;

/** The natives of Lisp that define a global, or give it another value, by a name known when compiling. */
const DEFINING: ReadonlySet<string> = new Set(["lisp:%define", "lisp:%set-global"]);

/** The globals of Lisp the program gives a value, with their prefix. */
function definedGlobals(main: Node): Set<string> {
  const names = new Set<string>();
  eachNode(main, (node) => {
    const symbol = node.kind === "CallNative" && DEFINING.has(node.native) ? node.args[0] : undefined;
    if (symbol?.kind === "Const" && symbol.value.type === "symbol") names.add(`lisp:${symbol.value.value}`);
  });
  return names;
}

export function compile(program: Program, options: CompileOptions): CompiledFunction {
  const unit: Unit = { options, compileFunction, compilers: COMPILERS, done: new Map(), redefined: definedGlobals(program.main), clean: new Set() };
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
