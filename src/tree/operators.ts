// Operators: each one is the shared function on slots; only the order of evaluation is decided here.

import type { AwaitNode, BinaryNode, BinaryOp, ConvertNode, InterpolateNode, LogicNode, UnaryNode, UnaryOp } from "../ir/nodes.ts";
import { add, bitAnd, bitNot, bitOr, bitXor, dec, div, inc, mod, mul, neg, shl, shr, sub } from "../vm/arithmetic.ts";
import { equal, isTrue, less, lessEqual, strictEqual, truthy } from "../vm/compare.ts";
import { convertScalar } from "../vm/convert.ts";
import { interpolate } from "../vm/slow-paths.ts";
import type { Vm } from "../vm/vm.ts";
import { Hi } from "../../heap/value.ts";
import { Completion, type TreeState } from "./state.ts";

type Binary = (vm: Vm, dst: number, b: number, c: number) => void;
type Test = (vm: Vm, b: number, c: number) => boolean;
type Unary = (vm: Vm, dst: number, b: number) => void;

const test = (holds: Test): Binary => (vm, dst, b, c) => vm.heap.setBool(dst, holds(vm, b, c));

const BINARY: { readonly [K in BinaryOp]: Binary } = {
  Add: add, Sub: sub, Mul: mul, Div: div, Mod: mod, BitAnd: bitAnd, BitOr: bitOr, BitXor: bitXor, Shl: shl, Shr: shr,
  Eq: test(equal),
  Ne: (vm, dst, b, c) => vm.heap.setBool(dst, !equal(vm, b, c)),
  Lt: test(less),
  Le: test(lessEqual),
  Gt: test((vm, b, c) => less(vm, c, b)),
  Ge: test((vm, b, c) => lessEqual(vm, c, b)),
  StrictEq: test(strictEqual),
};

const UNARY: { readonly [K in UnaryOp]: Unary } = {
  Neg: neg, BitNot: bitNot, Inc: inc, Dec: dec,
  Not: (vm, dst, b) => vm.heap.setBool(dst, !truthy(vm.heap, b)),
  Truthy: (vm, dst, b) => vm.heap.setBool(dst, truthy(vm.heap, b)),
  IsTrue: (vm, dst, b) => vm.heap.setBool(dst, isTrue(vm.heap, b)),
};

export function evalUnary(state: TreeState, node: UnaryNode, dst: number): Completion {
  const completion = state.eval(node.operand, dst);
  if (completion !== Completion.Normal) return completion;
  state.at = node;
  UNARY[node.op](state.vm, dst, dst);
  return Completion.Normal;
}

/** The left operand is in dst already (see chains.ts). */
export function finishBinary(state: TreeState, node: BinaryNode, dst: number): Completion {
  const right = state.alloc(1);
  const completion = state.eval(node.right, right);
  if (completion !== Completion.Normal) return completion;
  state.at = node;
  BINARY[node.op](state.vm, dst, dst, right);
  state.top = right;
  return Completion.Normal;
}

/** The left operand is in dst already. */
export function finishLogic(state: TreeState, node: LogicNode, dst: number): Completion {
  const { heap } = state;
  const { op } = node;
  const decided = op === "Coalesce" ? heap.hi(dst) !== Hi.Null
    : op === "And" || op === "AndValue" ? !truthy(heap, dst) : truthy(heap, dst);
  if (!decided) {
    const completion = state.eval(node.right, dst);
    if (completion !== Completion.Normal) return completion;
  }
  if (op === "And" || op === "Or") heap.setBool(dst, truthy(heap, dst));
  return Completion.Normal;
}

export function evalConvert(state: TreeState, node: ConvertNode, dst: number): Completion {
  const completion = state.eval(node.value, dst);
  if (completion !== Completion.Normal) return completion;
  state.at = node;
  convertScalar(state.vm, dst, dst, node.to);
  return Completion.Normal;
}

export function evalInterpolate(state: TreeState, node: InterpolateNode, dst: number): Completion {
  const count = node.parts.length;
  const parts = state.alloc(count);
  for (let i = 0; i < count; i++) {
    const completion = state.eval(node.parts[i]!, parts + i);
    if (completion !== Completion.Normal) return completion;
  }
  state.at = node;
  interpolate(state.vm, dst, parts, count);
  state.top = parts;
  return Completion.Normal;
}

/** Tasks belong to the vm engine; waiting for anything else answers the value itself. */
export const evalAwait = (state: TreeState, node: AwaitNode, dst: number): Completion => state.eval(node.value, dst);
