// Calls of natives that the compiler itself makes, where no instruction does the work.

import { Op } from "../bytecode/opcodes.ts";
import type { FunctionCompiler } from "./core.ts";

/** Calls a native with values that `push` leaves in new registers; the register of the result, which means `id` if there is one. */
export function callNative(c: FunctionCompiler, name: string, push: () => void, id: number | null = null): number {
  const window = c.alloc(), first = c.alloc() + 1;
  if (id !== null) c.emitter.claim(window, id);
  push();
  c.emit(Op.CallNative, window, c.regs.top - first, c.options.nativeIndex(name));
  c.regs.release(window + 1);
  return window;
}
