// References to places, for parameters taken by reference. A reference to a variable is its box, to a global its cell, to
// a field or element a cell of its own.

import { Op } from "../bytecode/opcodes.ts";
import type { GetRefNode, GlobalNode, IsRefParamNode, LocalNode, MakeRefNode, Node, SetRefNode, Variable } from "../ir/nodes.ts";
import type { FunctionCompiler } from "./core.ts";
import { loadConstant } from "./expressions.ts";
import { readRaw, readVariable } from "./variables.ts";

export function compileMakeRef(c: FunctionCompiler, node: MakeRefNode, dest: number): void {
  const { target } = node;
  const dst = c.scratchFor(dest);
  if (target.kind === "Local") refToLocal(c, target, dst);
  else if (target.kind === "Global") refToGlobal(c, target, dst);
  else if (target.kind === "GetField") {
    const object = c.operandIn(target.object, dst), key = c.alloc();
    loadConstant(c, c.constant({ type: "symbol", value: target.name }), key);
    c.emit(Op.NewRef, dst, object, key);
  } else {
    const object = c.operandBefore(target.object, dst, [target.index]);
    c.emit(Op.NewRef, dst, object, c.operand(target.index));
  }
  c.finish(dest, dst);
}

function refToGlobal(c: FunctionCompiler, target: GlobalNode, dst: number): void {
  loadConstant(c, c.emitter.constants.global(target.name), dst);
}

/** A parameter that is itself a reference passes its reference on. Before its Let has run, a name means what `onHole` means. */
function refToLocal(c: FunctionCompiler, { variable, onHole }: LocalNode, dst: number): void {
  const found = c.label();
  if (onHole !== null && !c.isClean(variable) && (onHole.kind === "Local" || onHole.kind === "Global")) {
    const known = c.label();
    readVariable(c, variable, dst);
    c.emit(Op.JumpIfNotHole, dst, known);
    if (onHole.kind === "Local") refToLocal(c, onHole, dst);
    else refToGlobal(c, onHole, dst);
    c.emit(Op.Jump, found);
    c.bind(known);
  }
  if (isReference(variable)) readVariable(c, variable, dst);
  else readRaw(c, variable, dst);
  c.bind(found);
}

const isReference = (variable: Variable): boolean =>
  variable.owner !== null && variable.owner.params.some((param) => param.byRef && param.variable === variable);

export function compileIsRefParam(c: FunctionCompiler, node: IsRefParamNode, dest: number): void {
  const dst = c.target(dest);
  c.emit(Op.IsRefParam, dst, c.operandIn(node.callee, dst), node.index);
  c.finish(dest, dst);
}

/** A register holding the reference that is the value of the variable. */
function referenceIn(c: FunctionCompiler, variable: Variable, span: Node["span"]): number {
  return c.operand({ kind: "Local", variable, onHole: null, check: false, span });
}

export function compileGetRef(c: FunctionCompiler, node: GetRefNode, dest: number): void {
  const dst = c.target(dest);
  c.emit(Op.GetRef, dst, referenceIn(c, node.variable, node.span));
  c.finish(dest, dst);
}

export function compileSetRef(c: FunctionCompiler, node: SetRefNode, dest: number): void {
  const value = c.operandIn(node.value, dest);
  c.emit(Op.SetRef, referenceIn(c, node.variable, node.span), value);
  c.finish(dest, value);
}
