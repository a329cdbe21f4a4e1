// Sequences, choices and jumps out of labelled constructs.

import type { BlockNode, BreakNode, ContinueNode, IfNode, Label as IrLabel, LabelledNode, ReturnNode } from "../ir/nodes.ts";
import { Op } from "../bytecode/opcodes.ts";
import { assert } from "../../heap/debug.ts";
import { jump } from "./conditions.ts";
import { Dest, type FunctionCompiler, type Target } from "./core.ts";
import { leave } from "./exceptions.ts";

export function compileBlock(c: FunctionCompiler, node: BlockNode, dest: number): void {
  const { body } = node;
  if (body.length === 0) return c.finishNull(dest);
  body.forEach((child, i) => c.to(child, i === body.length - 1 ? dest : Dest.Effect));
}

/** Chains of `else if` nest in their last child: followed in a loop. */
export function compileIf(c: FunctionCompiler, node: IfNode, dest: number): void {
  const end = c.label();
  for (let current = node; ;) {
    const otherwise = c.label();
    jump(c, current.test, otherwise, false);
    c.to(current.then, dest);
    const next = current.else;
    const nothing = dest === Dest.Effect && (next.kind === "Const" || (next.kind === "Block" && next.body.length === 0));
    if (!nothing) c.emit(Op.Jump, end);
    c.bind(otherwise);
    if (nothing) break;
    if (next.kind !== "If") {
      c.to(next, dest);
      break;
    }
    current = next;
  }
  c.bind(end);
}

/** Compiles `body` as a construct that Break and Continue with this label refer to. */
export function labelled(c: FunctionCompiler, label: IrLabel, target: Target, body: () => void): void {
  const outer = c.targets.get(label);
  c.targets.set(label, target);
  body();
  if (outer === undefined) c.targets.delete(label);
  else c.targets.set(label, outer);
}

export function compileLabelled(c: FunctionCompiler, node: LabelledNode, dest: number): void {
  const exit = c.label();
  labelled(c, node.label, { dest, exit, next: null, depth: c.cleanups.length }, () => c.to(node.body, dest));
  c.bind(exit);
}

function targetOf(c: FunctionCompiler, label: IrLabel): Target {
  const target = c.targets.get(label);
  assert(target !== undefined, `jump to label ${label.name} from outside of it`);
  return target;
}

export function compileBreak(c: FunctionCompiler, node: BreakNode): void {
  const target = targetOf(c, node.label);
  if (c.cleanups.length > target.depth) {
    const { value } = c.cleanups[c.cleanups.length - 1]!;
    if (node.value === null) c.finishNull(target.dest === Dest.Effect ? Dest.Effect : value);
    else c.to(node.value, target.dest === Dest.Effect ? Dest.Effect : value);
    return leave(c, { kind: "break", target });
  }
  if (node.value === null) c.finishNull(target.dest);
  else c.to(node.value, target.dest);
  c.emit(Op.Jump, target.exit);
}

export function compileContinue(c: FunctionCompiler, node: ContinueNode): void {
  const target = targetOf(c, node.label);
  assert(target.next !== null, `continue of ${node.label.name}, which is not a loop`);
  if (c.cleanups.length > target.depth) leave(c, { kind: "continue", target });
  else c.emit(Op.Jump, target.next);
}

export function compileReturn(c: FunctionCompiler, node: ReturnNode): void {
  const cleanup = c.cleanups[c.cleanups.length - 1];
  if (cleanup === undefined) return c.to(node.value, Dest.Result);
  c.to(node.value, cleanup.value);
  leave(c, { kind: "return" });
}
