// Objects, arrays, fields, elements and interpolated text.

import { Op } from "../bytecode/opcodes.ts";
import type {
  ArrayNode, GetFieldNode, GetIndexNode, InterpolateNode, Node, ObjectNode, SetFieldNode, SetIndexNode,
} from "../ir/nodes.ts";
import { Dest, type FunctionCompiler } from "./core.ts";
import { nearConstant } from "./expressions.ts";
import { MAX_FIELDS, MAX_RUN } from "./limits.ts";

export function compileArray(c: FunctionCompiler, node: ArrayNode, dest: number): void {
  const { elements } = node;
  const dst = elements.length > MAX_RUN ? c.scratchFor(dest) : c.target(dest);
  arrayOf(c, elements, dst);
  c.finish(dest, dst);
}

/** A new array of the values; only the first ones are collected in registers. */
export function arrayOf(c: FunctionCompiler, elements: readonly Node[], dst: number): void {
  const mark = c.regs.top, head = elements.slice(0, MAX_RUN);
  const first = c.run(head);
  c.emit(Op.NewArray, dst, head.length === 0 ? 0 : first, head.length);
  for (const element of elements.slice(MAX_RUN)) {
    c.regs.release(mark);
    c.emit(Op.ArrayAppend, dst, c.operand(element));
  }
  c.regs.release(mark);
}

/** Keys of a literal whose shape is known: no spread, no repeated key, few enough to have a shared shape. */
function fixedKeys(node: ObjectNode): string[] | null {
  const keys = node.entries.map(({ key }) => key);
  if (keys.length === 0 || keys.length > MAX_FIELDS || keys.includes(null) || new Set(keys).size !== keys.length) return null;
  return keys as string[];
}

/** Fields to reserve in the object itself. */
const inlineCapacity = (fields: number): number => Math.min(Math.max(2, fields + (fields & 1)), MAX_FIELDS);

export function compileObject(c: FunctionCompiler, node: ObjectNode, dest: number): void {
  const keys = c.fused ? fixedKeys(node) : null;
  if (keys !== null) {
    const dst = c.target(dest);
    const first = c.run(node.entries.map(({ value }) => value));
    c.emit(Op.NewObjectFrom, dst, first, keys.length, c.emitter.constants.shape(keys, inlineCapacity(keys.length)));
    return c.finish(dest, dst);
  }
  const dst = c.scratchFor(dest);
  c.emit(Op.NewObject, dst, inlineCapacity(node.entries.length));
  for (const { key, value } of node.entries) {
    const mark = c.regs.top, reg = c.operand(value);
    if (key === null) c.emit(Op.ObjectSpread, dst, reg);
    else c.emit(Op.InitField, dst, reg, c.constant({ type: "symbol", value: key }));
    c.regs.release(mark);
  }
  c.finish(dest, dst);
}

export function compileInterpolate(c: FunctionCompiler, node: InterpolateNode, dest: number): void {
  const { parts } = node;
  const dst = parts.length > MAX_RUN ? c.scratchFor(dest) : c.target(dest);
  const mark = c.regs.top;
  for (let done = 0; done === 0 || done < parts.length;) {
    const chunk = parts.slice(done, done + MAX_RUN);
    const first = c.regs.top;
    // What has been joined so far is the first part of the next step: a text displays as itself.
    if (done > 0) c.emitter.move(c.alloc(), dst);
    c.run(chunk);
    const count = chunk.length + (done > 0 ? 1 : 0);
    c.emit(Op.Interpolate, dst, count === 0 ? 0 : first, count);
    c.regs.release(mark);
    done += Math.max(chunk.length, 1);
  }
  c.finish(dest, dst);
}

export function compileGetField(c: FunctionCompiler, node: GetFieldNode, dest: number): void {
  const dst = c.target(dest);
  const object = c.operandIn(node.object, dst);
  const op = node.optional ? Op.GetFieldOpt : node.name === "length" ? Op.GetLength : Op.GetField;
  c.emit(op, dst, object, c.emitter.constants.cache(node.name));
  c.finish(dest, dst);
}

export function compileSetField(c: FunctionCompiler, node: SetFieldNode, dest: number): void {
  const object = c.operandBefore(node.object, -1, [node.value]);
  const value = c.operandIn(node.value, dest);
  c.emit(Op.SetField, object, value, c.emitter.constants.cache(node.name));
  c.finish(dest, value);
}

export function compileGetIndex(c: FunctionCompiler, node: GetIndexNode, dest: number): void {
  if (node.optional && !c.isPassive(node.index)) return optionalIndex(c, node, dest);
  const dst = c.target(dest);
  const object = c.operandBefore(node.object, dst, [node.index]);
  const index = c.operand(node.index);
  c.emit(node.optional ? Op.GetIndexOpt : Op.GetIndex, dst, object, index);
  c.finish(dest, dst);
}

/** With nothing to index, an index that does something is not evaluated. */
function optionalIndex(c: FunctionCompiler, node: GetIndexNode, dest: number): void {
  const dst = c.scratchFor(dest), done = c.label();
  c.to(node.object, dst);
  c.emit(Op.JumpIfNull, dst, done);
  c.emit(Op.GetIndex, dst, dst, c.operand(node.index));
  c.bind(done);
  c.finish(dest, dst);
}

export function compileSetIndex(c: FunctionCompiler, node: SetIndexNode, dest: number): void {
  const object = c.operandBefore(node.object, -1, [node.index, node.value]);
  const index = c.operandBefore(node.index, -1, [node.value]);
  if (dest === Dest.Effect && c.fused && node.value.kind === "Const" && node.value.value.type !== "string") {
    const place = nearConstant(c, node.value.value, "c");
    if (place !== null) return c.emit(Op.SetIndexK, object, index, place);
  }
  const value = c.operandIn(node.value, dest);
  c.emit(Op.SetIndex, object, index, value);
  c.finish(dest, value);
}
