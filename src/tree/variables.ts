// Variables: locals, captures, boxes, globals and references to places.

import { Box, Closure, Global } from "../../heap/layout.ts";
import { CellKind, Hi } from "../../heap/value.ts";
import { assert } from "../../heap/debug.ts";
import type {
  DefineGlobalNode, GetRefNode, GlobalNode, LetNode, LocalNode, MakeRefNode, ScopeNode, SetGlobalNode, SetLocalNode, SetRefNode, Variable,
} from "../ir/nodes.ts";
import { badGlobalStore, defineGlobal, getRef, makeRef, newBox, setRef, undefinedGlobal } from "../vm/slow-paths.ts";
import { SELF_PLACE } from "./frames.ts";
import { Completion, type TreeState } from "./state.ts";

/** Slot that holds the variable in the running function: its value, or its box. */
export function rawSlot(state: TreeState, variable: Variable): number {
  const place = state.layout.places.get(variable);
  assert(place !== undefined, `variable ${variable.name} is not in the frame of ${state.layout.node.name}`);
  if (place >= 0) return state.fp + place;
  const callee = state.fp - 2;
  return place === SELF_PLACE ? callee : state.heap.slotOf(state.heap.lo(callee) + Closure.Captures) + ~place;
}

/** Slot that holds the value of the variable. */
export function valueSlot(state: TreeState, variable: Variable): number {
  const slot = rawSlot(state, variable);
  return variable.boxed ? state.heap.slotOf(state.heap.lo(slot) + Box.Value) : slot;
}

/** Gives the variable a copy of the value in a slot. */
export function setVariable(state: TreeState, variable: Variable, from: number): void {
  const slot = valueSlot(state, variable);
  if (variable.boxed) state.heap.replace(slot, from);
  else state.heap.copySlot(slot, from);
}

/** A fresh variable holding a hole. */
export function freshVariable(state: TreeState, variable: Variable): void {
  const slot = rawSlot(state, variable);
  state.heap.setHole(slot);
  if (variable.boxed) newBox(state.vm, slot, slot);
}

/** A fresh variable initialised from a slot. */
export function bindVariable(state: TreeState, variable: Variable, from: number): void {
  const slot = rawSlot(state, variable);
  if (variable.boxed) newBox(state.vm, slot, from);
  else state.heap.copySlot(slot, from);
}

export function evalScope(state: TreeState, node: ScopeNode, dst: number): Completion {
  for (const variable of node.variables) freshVariable(state, variable);
  return state.eval(node.body, dst);
}

export function evalLocal(state: TreeState, node: LocalNode, dst: number): Completion {
  const { heap } = state;
  const slot = valueSlot(state, node.variable);
  if (heap.hi(slot) === Hi.Hole) {
    if (node.onHole !== null) return state.eval(node.onHole, dst);
    if (node.check) {
      state.at = node;
      return state.vm.throwError(`Undefined variable '${node.variable.name}'`);
    }
  }
  heap.copySlot(dst, slot);
  return Completion.Normal;
}

export function evalSetLocal(state: TreeState, node: SetLocalNode, dst: number): Completion {
  const completion = state.eval(node.value, dst);
  if (completion === Completion.Normal) setVariable(state, node.variable, dst);
  return completion;
}

export function evalLet(state: TreeState, node: LetNode, dst: number): Completion {
  const completion = state.eval(node.value, dst);
  if (completion !== Completion.Normal) return completion;
  setVariable(state, node.variable, dst);
  state.heap.setNull(dst);
  return Completion.Normal;
}

export function evalGlobal(state: TreeState, node: GlobalNode, dst: number): Completion {
  const { heap } = state;
  const slot = state.world.globalSlot(node.name);
  if (heap.hi(slot) === Hi.Hole) {
    if (node.onHole !== null) return state.eval(node.onHole, dst);
    state.at = node;
    return undefinedGlobal(state.vm, state.world.globalCell(node.name));
  }
  heap.copySlot(dst, slot);
  return Completion.Normal;
}

export function evalSetGlobal(state: TreeState, node: SetGlobalNode, dst: number): Completion {
  const completion = state.eval(node.value, dst);
  if (completion !== Completion.Normal) return completion;
  state.at = node;
  const { heap, world } = state;
  const cell = world.globalCell(node.name);
  if (world.isWritable(cell)) heap.replace(heap.slotOf(cell + Global.Value), dst);
  else badGlobalStore(state.vm, cell);
  return Completion.Normal;
}

export function evalDefineGlobal(state: TreeState, node: DefineGlobalNode, dst: number): Completion {
  const completion = state.eval(node.value, dst);
  if (completion !== Completion.Normal) return completion;
  state.at = node;
  defineGlobal(state.vm, state.world.globalCell(node.name), dst, node.constant);
  state.heap.setNull(dst);
  return Completion.Normal;
}

/** A variable that is itself a reference parameter passes its reference on. */
const isReference = (variable: Variable): boolean =>
  variable.owner !== null && variable.owner.params.some((p) => p.byRef && p.variable === variable);

export function evalMakeRef(state: TreeState, node: MakeRefNode, dst: number): Completion {
  const { target } = node;
  switch (target.kind) {
    case "Local": return refToLocal(state, target, dst);
    case "Global": return refToGlobal(state, target, dst);
    case "GetField": {
      const completion = state.eval(target.object, dst);
      if (completion !== Completion.Normal) return completion;
      const key = state.alloc(1);
      state.heap.setCell(key, CellKind.Symbol, state.world.symbol(target.name));
      state.at = node;
      makeRef(state.vm, dst, dst, key);
      state.top = key;
      return Completion.Normal;
    }
    case "GetIndex": {
      const completion = state.eval(target.object, dst);
      if (completion !== Completion.Normal) return completion;
      const key = state.alloc(1);
      const indexed = state.eval(target.index, key);
      if (indexed !== Completion.Normal) return indexed;
      state.at = node;
      makeRef(state.vm, dst, dst, key);
      state.top = key;
      return Completion.Normal;
    }
  }
}

/** Before its Let has run, a name means what `onHole` means. */
function refToLocal(state: TreeState, target: LocalNode, dst: number): Completion {
  const { heap } = state;
  const { variable, onHole } = target;
  const value = valueSlot(state, variable);
  if (heap.hi(value) === Hi.Hole && onHole !== null && (onHole.kind === "Local" || onHole.kind === "Global")) {
    return onHole.kind === "Local" ? refToLocal(state, onHole, dst) : refToGlobal(state, onHole, dst);
  }
  heap.copySlot(dst, isReference(variable) ? value : rawSlot(state, variable));
  return Completion.Normal;
}

function refToGlobal(state: TreeState, target: GlobalNode, dst: number): Completion {
  state.heap.setCell(dst, CellKind.Global, state.world.globalCell(target.name));
  return Completion.Normal;
}

export function evalGetRef(state: TreeState, node: GetRefNode, dst: number): Completion {
  state.at = node;
  getRef(state.vm, dst, valueSlot(state, node.variable));
  return Completion.Normal;
}

export function evalSetRef(state: TreeState, node: SetRefNode, dst: number): Completion {
  const completion = state.eval(node.value, dst);
  if (completion !== Completion.Normal) return completion;
  state.at = node;
  setRef(state.vm, valueSlot(state, node.variable), dst);
  return Completion.Normal;
}
