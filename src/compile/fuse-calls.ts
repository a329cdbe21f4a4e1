// Calls of globals: `GetGlobal a` … `Call a` in one straight run becomes one CallGlobal, which reads the global when the
// arguments are ready. Nothing in between may change a global: no call, no store, no jump in or out. (What may happen is
// that an argument raises an error before the callee turns out to be undefined: then the argument's error is reported.)

import type { Assembler, Label, Line } from "../bytecode/assembler.ts";
import { Op, opInfo } from "../bytecode/opcodes.ts";
import { registerUse } from "../bytecode/register-use.ts";

export function fuseCalls(asm: Assembler): void {
  const entered = enteredLines(asm), { lines } = asm;
  const dropped = new Set<number>();
  lines.forEach((line, i) => {
    if (line.op !== Op.GetGlobal) return;
    const call = callOf(lines, i, entered);
    if (call === null) return;
    call.op = Op.CallGlobal;
    call.values = [call.values[0]!, call.values[1]!, line.values[1]!];
    // The callee is no operand any more; it was the first register read.
    call.reads = call.reads.slice(1);
    dropped.add(i);
  });
  if (dropped.size > 0) asm.drop(dropped);
}

/** Lines that something other than the line before leads to. */
function enteredLines({ lines, handlers }: Assembler): Set<number> {
  const entered = new Set<number>(), add = (label: Label): void => void entered.add(label.line);
  for (const { target, table } of lines) {
    if (target !== null) add(target);
    table?.forEach(add);
  }
  for (const { start, end, target } of handlers) [start, end, target].forEach(add);
  return entered;
}

/** The call that the global loaded by line i is for, when the two can be one instruction. */
function callOf(lines: readonly Line[], i: number, entered: ReadonlySet<number>): Line | null {
  const register = lines[i]!.values[0]!;
  for (let at = i + 1; at < lines.length && !entered.has(at); at++) {
    const line = lines[at]!, info = opInfo(line.op)!;
    if (line.op === Op.Call && line.values[0] === register) return line;
    if (line.target !== null || line.table !== null || line.op === Op.SetGlobal || line.op === Op.DefineGlobal) return null;
    if (info.effects.includes("calls") || info.effects.includes("ends")) return null;
    const { reads, writes } = registerUse({ op: line.op, info, values: line.values }, line.counted);
    if (reads.includes(register) || writes.includes(register)) return null;
  }
  return null;
}
