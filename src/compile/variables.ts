// Local variables and globals. A variable of the running function lives in a register, which holds the value itself or,
// when it is boxed, its box; variables of enclosing functions are captures of the running closure.

import { assert } from "../../heap/debug.ts";
import { Op } from "../bytecode/opcodes.ts";
import type {
  DefineGlobalNode, GlobalNode, LetNode, LocalNode, Node, ScopeNode, SetGlobalNode, SetLocalNode, Variable,
} from "../ir/nodes.ts";
import { Dest, type FunctionCompiler } from "./core.ts";
import { cleanVariables, writesLast } from "./facts.ts";
import { RegisterState } from "./registers.ts";

const isSelf = (c: FunctionCompiler, variable: Variable): boolean => c.fn.selfVariable === variable && !c.locations.has(variable);

function captureOf(c: FunctionCompiler, variable: Variable): number {
  const index = c.captures.get(variable);
  assert(index !== undefined, `variable ${variable.name} is neither local nor captured in ${c.fn.name}`);
  return index;
}

/** Reads the value of a variable, hole included. */
export function readVariable(c: FunctionCompiler, variable: Variable, dst: number): void {
  if (c.locations.has(variable)) {
    const reg = c.useVariable(variable);
    if (variable.boxed) c.emit(Op.GetBox, dst, reg);
    else c.emitter.move(dst, reg);
  } else if (isSelf(c, variable)) c.emit(Op.LoadSelf, dst);
  else c.emit(variable.boxed ? Op.GetCaptureBox : Op.GetCapture, dst, captureOf(c, variable));
}

/** What a closure copies: the value of a variable, or its box. */
export function readRaw(c: FunctionCompiler, variable: Variable, dst: number): void {
  if (c.locations.has(variable)) c.emitter.move(dst, c.useVariable(variable));
  else if (isSelf(c, variable)) c.emit(Op.LoadSelf, dst);
  else c.emit(Op.GetCapture, dst, captureOf(c, variable));
}

export function compileLocal(c: FunctionCompiler, node: LocalNode, dest: number): void {
  const { variable, onHole } = node;
  const clean = c.isClean(variable) || isSelf(c, variable);
  if (onHole !== null && !clean) return localOrElse(c, variable, onHole, dest);
  if (dest === Dest.Effect && (clean || !node.check)) return;
  if (c.inRegister(variable)) return c.finish(dest, c.operand(node));
  const dst = c.target(dest);
  readVariable(c, variable, dst);
  if (node.check && !clean) c.checkHole(node, dst);
  c.finish(dest, dst);
}

function localOrElse(c: FunctionCompiler, variable: Variable, onHole: Node, dest: number): void {
  const dst = c.scratchFor(dest), known = c.label();
  readVariable(c, variable, dst);
  c.emit(Op.JumpIfNotHole, dst, known);
  c.to(onHole, dst);
  c.bind(known);
  c.finish(dest, dst);
}

/** Stores into a variable that has a place already. */
function store(c: FunctionCompiler, variable: Variable, value: number): void {
  if (c.locations.has(variable)) {
    const reg = c.useVariable(variable);
    if (variable.boxed) c.emit(Op.SetBox, reg, value);
    else c.emitter.move(reg, value);
  } else {
    assert(variable.boxed, `assigned variable ${variable.name} is captured without a box`);
    c.emit(Op.SetCaptureBox, value, captureOf(c, variable));
  }
}

/** Computes the value into the register of an unboxed variable; the register. */
function assignRegister(c: FunctionCompiler, variable: Variable, value: Node): number {
  const reg = c.useVariable(variable);
  c.regs.setState(reg, RegisterState.Variable);
  if (writesLast(value)) {
    c.to(value, reg);
    c.useVariable(variable);
  } else {
    const from = c.operand(value);
    c.emitter.move(c.useVariable(variable), from);
  }
  return reg;
}

export function compileSetLocal(c: FunctionCompiler, node: SetLocalNode, dest: number): void {
  const { variable } = node;
  if (c.inRegister(variable)) return c.finish(dest, assignRegister(c, variable, node.value));
  const value = c.operandIn(node.value, dest);
  store(c, variable, value);
  c.finish(dest, value);
}

export function compileLet(c: FunctionCompiler, node: LetNode, dest: number): void {
  const { variable } = node;
  const reg = c.locations.get(variable);
  if (reg !== undefined && c.regs.state(reg) === RegisterState.Unborn) {
    initialise(c, variable, node.value, reg);
  } else if (c.inRegister(variable)) assignRegister(c, variable, node.value);
  else store(c, variable, c.operand(node.value));
  c.finishNull(dest);
}

/** Gives a variable its first value, using registers of variables still to come as temporaries. */
function initialise(c: FunctionCompiler, variable: Variable, value: Node, reg: number): void {
  const { regs } = c;
  const top = regs.top, lower = regs.onlyUnbornAbove(reg);
  regs.setState(reg, RegisterState.Temporary);
  if (lower) regs.release(reg + 1);
  c.useVariable(variable);
  if (variable.boxed) c.emit(Op.NewBox, reg, c.operandIn(value, reg));
  else c.to(value, reg);
  regs.release(top);
  if (lower) for (let above = reg + 1; above < top; above++) regs.setState(above, RegisterState.Unborn);
  c.place(variable, reg, RegisterState.Variable);
}

export function compileScope(c: FunctionCompiler, node: ScopeNode, dest: number): void {
  const wanted = node.variables.some((v) => v.boxed || v.captured || c.facts.observed.has(v));
  const clean = wanted ? cleanVariables(node) : null;
  for (const variable of node.variables) {
    const reg = c.alloc();
    // Only a hole that can be seen is written: by a check, or by a closure that copies it.
    const quiet = !variable.captured && !variable.boxed && !c.facts.observed.has(variable);
    if (clean?.has(variable)) c.unit.clean.add(variable);
    c.place(variable, reg, RegisterState.Unborn);
    if (quiet || clean?.has(variable)) continue;
    c.emit(Op.LoadHole, reg);
    if (variable.boxed) c.emit(Op.NewBox, reg, reg);
    c.regs.setState(reg, RegisterState.Variable);
  }
  c.to(node.body, dest);
  for (const variable of node.variables) c.locations.delete(variable);
}

export function compileGlobal(c: FunctionCompiler, node: GlobalNode, dest: number): void {
  const place = c.emitter.constants.global(node.name);
  if (node.onHole === null) {
    const dst = c.target(dest);
    c.emit(Op.GetGlobal, dst, place);
    return c.finish(dest, dst);
  }
  const dst = c.scratchFor(dest), known = c.label();
  c.emit(Op.GetGlobalOrHole, dst, place);
  c.emit(Op.JumpIfNotHole, dst, known);
  c.to(node.onHole, dst);
  c.bind(known);
  c.finish(dest, dst);
}

export function compileSetGlobal(c: FunctionCompiler, node: SetGlobalNode, dest: number): void {
  const value = c.operandIn(node.value, dest);
  c.emit(Op.SetGlobal, value, c.emitter.constants.global(node.name));
  c.finish(dest, value);
}

export function compileDefineGlobal(c: FunctionCompiler, node: DefineGlobalNode, dest: number): void {
  c.emit(Op.DefineGlobal, c.operand(node.value), node.constant ? 1 : 0, c.emitter.constants.global(node.name));
  c.finishNull(dest);
}
