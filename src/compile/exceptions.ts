// Throwing, catching, and cleanups that run on every way out of a region. Entering a region costs nothing for catch, and
// for a cleanup one instruction; handlers are found by pc in the handler table.
//
// The code of a cleanup stands once. Every way into it first sets `selector`, and `value` when it carries one:
//
//            value = null                                      (so that it is never unset)
//   start:   body                 Break, Continue, Return:     value = …; selector = n; jump cleanup
//            selector = 0 (Way.End); jump cleanup
//   handler: selector = 1 (Way.Throw)                          the exception is in `value`
//   cleanup: the cleanup
//            selector == n: that way out; for another cleanup around this one, this means setting its selector
//            selector == Throw: throw value

import { Op } from "../bytecode/opcodes.ts";
import type { FailNode, ThrowNode, TryNode, WithDynamicNode } from "../ir/nodes.ts";
import { type Cleanup, Dest, type Exit, type FunctionCompiler } from "./core.ts";
import { RegisterState } from "./registers.ts";

const enum Way { End = 0, Throw = 1, FirstExit = 2 }

export function compileThrow(c: FunctionCompiler, node: ThrowNode): void {
  c.emit(Op.Throw, c.operand(node.value));
}

export function compileFail(c: FunctionCompiler, node: FailNode): void {
  const text = c.constant({ type: "string", value: new TextEncoder().encode(node.message) });
  c.emit(Op.Fail, node.fatal ? 1 : 0, text);
}

export function compileTry(c: FunctionCompiler, node: TryNode, dest: number): void {
  const cleanup = node.finally;
  if (cleanup === null) compileCatch(c, node, dest);
  else protect(c, (inner) => compileCatch(c, node, inner), () => c.effect(cleanup), dest);
}

/** Body and catch clause, without the finally. */
function compileCatch(c: FunctionCompiler, node: TryNode, dest: number): void {
  const clause = node.catch;
  if (clause === null) return c.to(node.body, dest);
  const { asm } = c.emitter;
  const start = asm.here(), end = c.label(), done = c.label();
  c.guarded++;
  c.to(node.body, dest);
  c.guarded--;
  c.emit(Op.Jump, done);
  c.bind(end);
  const { variable } = clause;
  const reg = c.alloc();
  c.place(variable, reg, RegisterState.Variable);
  if (asm.handler(start, end, reg, c.emitter.variableId(variable))) {
    if (variable.boxed) c.emit(Op.NewBox, reg, reg);
    c.to(clause.body, dest);
  }
  c.locations.delete(variable);
  c.bind(done);
}

/** Runs the body, then the cleanup on every way out; a jump or exception of the cleanup wins. */
export function protect(c: FunctionCompiler, body: (dest: number) => void, cleanup: () => void, dest: number): void {
  const { asm } = c.emitter;
  const region: Cleanup = { selector: c.alloc(), value: c.alloc(), start: c.label(), exits: [] };
  const { selector, value } = region;
  // Neither may be taken for a free temporary by calls inside the region.
  c.regs.setState(selector, RegisterState.Variable);
  c.emit(Op.LoadNull, value);
  const start = asm.here(), end = c.label();
  c.cleanups.push(region);
  c.guarded++;
  body(dest === Dest.Effect ? Dest.Effect : value);
  c.cleanups.pop();
  const ends = c.reachable;
  c.emit(Op.LoadInt, selector, Way.End);
  c.emit(Op.Jump, region.start);
  c.bind(end);
  if (asm.handler(start, end, value, c.emitter.meaning(value))) c.emit(Op.LoadInt, selector, Way.Throw);
  c.bind(region.start);
  cleanup();
  c.guarded--;
  dispatch(c, region, ends, dest);
}

/** After the cleanup: goes on with what the selector says. */
function dispatch(c: FunctionCompiler, { selector, value, exits }: Cleanup, ends: boolean, dest: number): void {
  const normal = c.label();
  const labels = exits.map(() => c.label());
  labels.forEach((label, i) => c.emit(Op.JumpIfEqI, selector, Way.FirstExit + i, label));
  if (ends) c.emit(Op.JumpIfEqI, selector, Way.End, normal);
  c.emit(Op.Throw, value);
  exits.forEach((exit, i) => {
    c.bind(labels[i]!);
    takeExit(c, exit, value);
  });
  c.bind(normal);
  if (ends) c.finish(dest, value);
}

/** Leaves through the innermost cleanup, whose value register is set already. */
export function leave(c: FunctionCompiler, exit: Exit): void {
  const region = c.cleanups[c.cleanups.length - 1]!;
  let index = region.exits.findIndex((known) => known.kind === exit.kind && (known.kind === "return" || exit.kind === "return" || known.target === exit.target));
  if (index < 0) index = region.exits.push(exit) - 1;
  c.emit(Op.LoadInt, region.selector, Way.FirstExit + index);
  c.emit(Op.Jump, region.start);
}

/** A way out that has passed one cleanup: through the next one, or to where it goes. */
function takeExit(c: FunctionCompiler, exit: Exit, value: number): void {
  const outer = c.cleanups[c.cleanups.length - 1];
  if (outer !== undefined && (exit.kind === "return" || c.cleanups.length > exit.target.depth)) {
    c.emitter.move(outer.value, value);
    leave(c, exit);
  } else if (exit.kind === "return") c.emit(Op.Return, value);
  else if (exit.kind === "continue") c.emit(Op.Jump, exit.target.next!);
  else {
    c.finish(exit.target.dest, value);
    c.emit(Op.Jump, exit.target.exit);
  }
}

export function compileWithDynamic(c: FunctionCompiler, node: WithDynamicNode, dest: number): void {
  const place = c.emitter.constants.global(node.global);
  const outer = c.alloc();
  const mark = c.regs.top, value = c.operand(node.value);
  c.emit(Op.GetGlobalOrHole, outer, place);
  c.emit(Op.SetGlobal, value, place);
  c.regs.release(mark);
  c.regs.setState(outer, RegisterState.Variable);
  protect(c, (inner) => c.to(node.body, inner), () => c.emit(Op.SetGlobal, outer, place), dest);
}
