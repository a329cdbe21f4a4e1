// The compiled loop: what interpreter.ts does, as one WebAssembly function over the world's memory. It is made from the
// opcodes at run time, once in a process, and takes a few kilobytes.
//
// `run(pc, base)` goes on until it meets an instruction that is not its own, or cannot do this time, and answers the
// address of that; Engine.Frame then tells where the frame is. Nothing of the instruction has been done.

import { Op } from "../../bytecode/opcodes.ts";
import { Engine } from "../../vm/engine-words.ts";
import { block, get, jumpTable, Label, loadU8, loop, set, Type, type Code } from "../assembler.ts";
import { encodeModule } from "../module.ts";
import { arithmetic } from "./arithmetic.ts";
import { calls, constants } from "./calls.ts";
import { BASE, KB, LOCALS, NEXT, PC, setHeader, SLOW, type Handlers } from "./frame.ts";
import { jumps } from "./jumps.ts";
import { moves } from "./moves.ts";
import { objects } from "./objects.ts";
import { primitives } from "./primitives.ts";

export const handlers = (): Handlers => ({ ...moves(), ...arithmetic(), ...jumps(), ...objects(), ...calls(), ...primitives() });

/**
 * A block for each handler, all around the jump table, so that leaving a block is entering its handler:
 *
 *   loop NEXT (block SLOW (block 2 (block 1 (jump table) handler of 1) handler of 2) …)
 */
function dispatch(): Code {
  const all = handlers(), labels: Label[] = Array.from({ length: Op.Last + 1 }, () => SLOW);
  let code: Code = [];
  const inner: { label: Label; handler: Code }[] = [];
  for (let op = 0; op <= Op.Last; op++) {
    const handler = all[op as Op];
    if (handler === undefined) continue;
    labels[op] = new Label();
    inner.push({ label: labels[op]!, handler });
  }
  code = jumpTable(loadU8(get(PC)), labels, SLOW);
  for (const { label, handler } of inner) code = [block(label, code), handler];
  return loop(NEXT, block(SLOW, code));
}

export const loopModule = (): Uint8Array<ArrayBuffer> => encodeModule([{
  name: "run", params: [Type.I32, Type.I32], results: [Type.I32], locals: LOCALS,
  body: [set(KB, constants), dispatch(), setHeader(Engine.Frame, get(BASE)), get(PC)],
}]);
