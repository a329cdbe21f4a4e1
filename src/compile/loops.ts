// Loops. The test of a short condition stands twice: before the loop, and at its end as the back edge itself.
//
//         test, else jump to done        top:  test, else jump to done
//   top:  body                                 body
//   next: update                         next: update
//         test, back edge to top               Loop top
//   done: value null                     done: value null
//   exit: (Break comes here)             exit: (Break comes here)
//
// Every jump backwards is of the Loop family, which costs fuel; Continue jumps forwards to `next`.

import type { Label } from "../bytecode/assembler.ts";
import { Op } from "../bytecode/opcodes.ts";
import { ITERATION } from "../bytecode/register-use.ts";
import type { ForEachNode, LoopNode, Node, Variable } from "../ir/nodes.ts";
import { children } from "../ir/walk.ts";
import { jump } from "./conditions.ts";
import { labelled } from "./control.ts";
import type { FunctionCompiler } from "./core.ts";
import { RegisterState } from "./registers.ts";

/** Nodes a test may have to be compiled twice. */
const SHORT_TEST = 16;
const PLAIN: ReadonlySet<Node["kind"]> = new Set([
  "Const", "Local", "Global", "Unary", "Binary", "Primitive", "Logic", "GetField", "GetIndex", "Call", "CallMethod", "CallNative", "SetLocal",
] as const);

function isShort(test: Node): boolean {
  const pending = [test];
  for (let seen = 1; pending.length > 0; seen++) {
    const node = pending.pop()!;
    if (seen > SHORT_TEST || !PLAIN.has(node.kind)) return false;
    pending.push(...children(node));
  }
  return true;
}

const isForever = (test: Node | null): test is null => test === null || (test.kind === "Const" && test.value.type === "bool" && test.value.value);

export function compileLoop(c: FunctionCompiler, node: LoopNode, dest: number): void {
  const exit = c.label(), done = c.label(), next = c.label();
  const twice = c.fused && !isForever(node.test) && isShort(node.test);
  let top: Label;
  if (twice) {
    jump(c, node.test!, done, false);
    top = here(c);
  } else {
    top = here(c);
    if (!isForever(node.test)) jump(c, node.test, done, false);
  }
  labelled(c, node.label, { dest, exit, next, depth: c.cleanups.length }, () => c.effect(node.body));
  c.bind(next);
  if (node.update !== null) c.effect(node.update);
  if (twice) jump(c, node.test!, top, true, true);
  else c.emit(Op.Loop, top);
  c.bind(done);
  c.finishNull(dest);
  c.bind(exit);
}

const here = (c: FunctionCompiler): Label => c.emitter.asm.here();

/** One instruction fetches the next entry or leaves; key and value variables are the registers it writes. */
export function compileForEach(c: FunctionCompiler, node: ForEachNode, dest: number): void {
  const { key, value } = node;
  const exit = c.label(), done = c.label(), next = c.label();
  const state = c.alloc();
  const iterable = c.operandIn(node.iterable, state);
  c.regs.release(state + 1);
  for (let i = 1; i < ITERATION.registers; i++) c.alloc();
  c.emit(Op.ForPrep, state, iterable);
  const top = here(c);
  const variables: Variable[] = key === null ? [value] : [key, value];
  if (key !== null) c.place(key, state + ITERATION.key, RegisterState.Variable);
  c.place(value, state + ITERATION.value, RegisterState.Variable);
  c.emit(Op.ForNext, state, done);
  for (const variable of variables) if (variable.boxed) c.emit(Op.NewBox, c.useVariable(variable), c.useVariable(variable));
  labelled(c, node.label, { dest, exit, next, depth: c.cleanups.length }, () => c.effect(node.body));
  c.bind(next);
  c.emit(Op.Loop, top);
  for (const variable of variables) c.locations.delete(variable);
  c.bind(done);
  c.finishNull(dest);
  c.bind(exit);
}
