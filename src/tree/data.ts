// Constants, arrays, objects and access to their parts.

import { CellKind, Hi } from "../../heap/value.ts";
import type {
  ArrayNode, ConstNode, GetFieldNode, GetIndexNode, ObjectNode, SetFieldNode, SetIndexNode,
} from "../ir/nodes.ts";
import { getField, getFieldOptional, getIndex, setField, setIndex } from "../vm/indexing.ts";
import { arrayAppend, initField, newArrayFrom, newObjectOf, objectSpread } from "../vm/slow-paths.ts";
import { Completion, type TreeState } from "./state.ts";

export function evalConst(state: TreeState, node: ConstNode, dst: number): Completion {
  state.world.constants.write(dst, node.value);
  return Completion.Normal;
}

/** Elements are appended one by one, so that a long literal needs no long run of temporaries. */
export function evalArray(state: TreeState, node: ArrayNode, dst: number): Completion {
  newArrayFrom(state.vm, dst, dst, 0);
  const element = state.alloc(1);
  for (const value of node.elements) {
    const completion = state.eval(value, element);
    if (completion !== Completion.Normal) return completion;
    arrayAppend(state.vm, dst, element);
  }
  state.top = element;
  return Completion.Normal;
}

export function evalObject(state: TreeState, node: ObjectNode, dst: number): Completion {
  const { entries } = node;
  newObjectOf(state.vm, dst, Math.min(entries.length, MAX_INLINE_FIELDS));
  const value = state.alloc(2);
  const key = value + 1;
  for (const entry of entries) {
    const completion = state.eval(entry.value, value);
    if (completion !== Completion.Normal) return completion;
    state.at = node;
    if (entry.key === null) objectSpread(state.vm, dst, value);
    else {
      state.heap.setCell(key, CellKind.Symbol, state.world.symbol(entry.key));
      initField(state.vm, dst, value, key);
    }
  }
  state.top = value;
  return Completion.Normal;
}

/** Objects made by a literal have room for its fields in the cell itself, up to this many. */
const MAX_INLINE_FIELDS = 64;

/** The object is in dst already. */
export function finishGetField(state: TreeState, node: GetFieldNode, dst: number): Completion {
  state.at = node;
  const symbol = state.world.symbol(node.name);
  if (node.optional) getFieldOptional(state.vm, dst, dst, symbol);
  else getField(state.vm, dst, dst, symbol);
  return Completion.Normal;
}

export function evalSetField(state: TreeState, node: SetFieldNode, dst: number): Completion {
  const object = state.alloc(1);
  const completion = state.eval(node.object, object);
  if (completion !== Completion.Normal) return completion;
  const assigned = state.eval(node.value, dst);
  if (assigned !== Completion.Normal) return assigned;
  state.at = node;
  setField(state.vm, object, state.world.symbol(node.name), dst);
  state.top = object;
  return Completion.Normal;
}

/** The object is in dst already. An optional access to null does not evaluate the index. */
export function finishGetIndex(state: TreeState, node: GetIndexNode, dst: number): Completion {
  if (node.optional && state.heap.hi(dst) === Hi.Null) return Completion.Normal;
  const index = state.alloc(1);
  const completion = state.eval(node.index, index);
  if (completion !== Completion.Normal) return completion;
  state.at = node;
  getIndex(state.vm, dst, dst, index);
  state.top = index;
  return Completion.Normal;
}

export function evalSetIndex(state: TreeState, node: SetIndexNode, dst: number): Completion {
  const object = state.alloc(2);
  const index = object + 1;
  const completion = state.eval(node.object, object);
  if (completion !== Completion.Normal) return completion;
  const indexed = state.eval(node.index, index);
  if (indexed !== Completion.Normal) return indexed;
  const assigned = state.eval(node.value, dst);
  if (assigned !== Completion.Normal) return assigned;
  state.at = node;
  setIndex(state.vm, object, index, dst);
  state.top = object;
  return Completion.Normal;
}
