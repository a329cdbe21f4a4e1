// Functions: register layout and prologue, and the closures that carry them.
//
//   0 …                      n      n (+1)   …                      (wide functions only)
//   ┌────────────────────────┬──────┬──────┬────────────────────────┬─────────┬─────────────────────
//   │ positional parameters  │ rest │ self │ scratch of wide forms  │ variables and temporaries …
//   └────────────────────────┴──────┴──────┴────────────────────────┴─────────┴─────────────────────
//
// Prologue: references are checked, boxed parameters boxed, then each parameter takes its default (when the argument is
// missing: a hole) and its conversion in turn.

import { DEBUG } from "../../heap/debug.ts";
import { ParamFlag } from "../../heap/layout.ts";
import type { CompiledFunction } from "../bytecode/code.ts";
import { captureWord } from "../bytecode/encoding.ts";
import { Op } from "../bytecode/opcodes.ts";
import type { FunctionNode, Node, Parameter, Variable } from "../ir/nodes.ts";
import { Dest, FunctionCompiler, type Unit } from "./core.ts";
import { LimitError, MAX_PARAMETERS, MAX_REGISTERS, NARROW_REGISTERS, RegisterOverflow } from "./limits.ts";
import { fuseCalls } from "./fuse-calls.ts";
import { peephole } from "./peephole.ts";
import { RegisterState } from "./registers.ts";
import { readRaw } from "./variables.ts";
import { WIDE_SCRATCH } from "./wide.ts";

/** Parameters that have a bit in Code.RefParams. */
const MASKED_PARAMETERS = 31;

const allParameters = (node: FunctionNode): Parameter[] => (node.rest === null ? [...node.params] : [...node.params, node.rest]);

/** Compiles in narrow form, and again in wide form when that has too few registers. */
export function compileFunction(node: FunctionNode, unit: Unit): CompiledFunction {
  const known = unit.done.get(node);
  if (known !== undefined) return known;
  if (node.params.length > MAX_PARAMETERS) throw new LimitError(`${node.params.length} parameters (at most ${MAX_PARAMETERS})`, node.span);
  let compiled: CompiledFunction;
  try {
    compiled = build(node, unit, NARROW_REGISTERS, false);
  } catch (error) {
    if (!(error instanceof RegisterOverflow)) throw error;
    compiled = buildWide(node, unit);
  }
  unit.done.set(node, compiled);
  return compiled;
}

function buildWide(node: FunctionNode, unit: Unit): CompiledFunction {
  try {
    return build(node, unit, MAX_REGISTERS, true);
  } catch (error) {
    if (!(error instanceof RegisterOverflow)) throw error;
    throw new LimitError(`function ${node.name} needs more than ${MAX_REGISTERS} registers`, node.span);
  }
}

function build(node: FunctionNode, unit: Unit, limit: number, wide: boolean): CompiledFunction {
  const bound = allParameters(node).length + (node.self === null ? 0 : 1);
  const c = new FunctionCompiler(node, unit, limit, wide ? bound : -1);
  c.emitter.asm.span = node.span;
  enter(c, node);
  if (wide) for (let i = 0; i < WIDE_SCRATCH; i++) c.regs.setState(c.alloc(), RegisterState.Variable);
  prologue(c, node);
  c.to(node.body, Dest.Result);
  c.emit(Op.ReturnNull);
  return assemble(c, node);
}

/** Gives parameters their registers. */
function enter(c: FunctionCompiler, node: FunctionNode): void {
  const variables = allParameters(node).map(({ variable }) => variable);
  if (node.self !== null) variables.push(node.self);
  for (const variable of variables) {
    const reg = c.alloc();
    c.place(variable, reg, RegisterState.Variable);
    c.emitter.asm.entryClaims.set(reg, c.emitter.variableId(variable));
  }
}

function prologue(c: FunctionCompiler, node: FunctionNode): void {
  const params = allParameters(node);
  for (const { byRef, variable } of params) if (byRef) c.emit(Op.CheckRef, c.useVariable(variable));
  const boxable = params.map(({ variable }) => variable);
  if (node.self !== null) boxable.push(node.self);
  for (const variable of boxable) {
    if (!variable.boxed) continue;
    const reg = c.useVariable(variable);
    c.emit(Op.NewBox, reg, reg);
  }
  for (const { variable, default: value, convert } of params) {
    if (value !== null) defaultFor(c, variable, value);
    if (convert !== null) assign(c, variable, convert);
  }
}

function assign(c: FunctionCompiler, variable: Variable, value: Node): void {
  c.effect({ kind: "SetLocal", variable, value, span: value.span });
}

function defaultFor(c: FunctionCompiler, variable: Variable, value: Node): void {
  const given = c.label(), mark = c.regs.top;
  let reg = c.useVariable(variable);
  if (variable.boxed) {
    const box = reg;
    reg = c.alloc();
    c.emit(Op.GetBox, reg, box);
  }
  c.emit(Op.JumpIfNotHole, reg, given);
  assign(c, variable, value);
  c.bind(given);
  c.regs.release(mark);
}

function assemble(c: FunctionCompiler, node: FunctionNode): CompiledFunction {
  const { asm, constants } = c.emitter;
  if (c.options.peephole) {
    peephole(asm);
    fuseCalls(asm);
  }
  const { words, handlers, spans, claims } = asm.finish();
  return {
    name: node.name, words, constants: constants.list, handlers, spans, frameSize: Math.max(c.regs.size, 1),
    paramCount: node.params.length, requiredCount: node.params.filter((param) => param.default === null).length, flags: flagsOf(node), captureCount: node.captures.length,
    captureNames: node.captures.map(({ name }) => name),
    paramNames: allParameters(node).map(({ variable }) => variable.name), refParams: refMask(node), claims: DEBUG ? claims : null,
  };
}

function flagsOf(node: FunctionNode): number {
  const has = (holds: boolean, flag: ParamFlag): number => (holds ? flag : 0);
  return has(node.rest !== null, ParamFlag.Rest) | has(node.self !== null, ParamFlag.Self) | has(node.params.some((p) => p.default !== null), ParamFlag.Defaults)
    | has(node.isAsync, ParamFlag.Async) | has(node.params.some((p) => p.byRef), ParamFlag.HasRefs) | has(node.library, ParamFlag.Library) | has(node.language === "lisp", ParamFlag.Lisp);
}

function refMask(node: FunctionNode): number {
  let mask = 0;
  node.params.forEach(({ byRef }, i) => { if (byRef && i < MASKED_PARAMETERS) mask |= 1 << i; });
  return mask;
}

export function compileClosure(c: FunctionCompiler, node: FunctionNode, dest: number): void {
  if (dest === Dest.Effect) return;
  const place = c.emitter.constants.code(c.unit.compileFunction(node, c.unit));
  const dst = c.target(dest);
  const captured = node.captures.map((variable) => {
    if (c.locations.has(variable)) return captureWord(c.useVariable(variable), false);
    const outer = c.captures.get(variable);
    if (outer !== undefined) return captureWord(outer, true);
    const reg = c.alloc();
    readRaw(c, variable, reg);
    return captureWord(reg, false);
  });
  c.emitter.emitClosure(dst, place, captured);
  c.finish(dest, dst);
}
