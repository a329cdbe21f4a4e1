// Function nodes as values: one Code cell for each function and world, one Closure cell for each evaluation.

import { captureSlot, newClosure } from "../../heap/cells/closure.ts";
import { newCode } from "../../heap/cells/code.ts";
import { newSlots, slotsItem } from "../../heap/cells/slots.ts";
import { Code, ParamFlag } from "../../heap/layout.ts";
import { Root } from "../../heap/roots.ts";
import { CellKind } from "../../heap/value.ts";
import type { FunctionNode, Variable } from "../ir/nodes.ts";
import { codeOf } from "../vm/stack.ts";
import { frameLayout } from "./frames.ts";
import { Completion, type TreeState } from "./state.ts";
import { rawSlot } from "./variables.ts";
import type { TreeWorld } from "./world.ts";

export function evalFunction(state: TreeState, node: FunctionNode, dst: number): Completion {
  const { heap, world, fp } = state;
  const code = functionCode(world, node, heap.word(codeOf(heap, fp) + Code.SourceId));
  const { captures } = node;
  const closure = newClosure(heap, code, captures.length);
  for (let i = 0; i < captures.length; i++) heap.copySlot(captureSlot(closure, i), rawSlot(state, captures[i]!));
  heap.setCell(dst, CellKind.Closure, closure);
  return Completion.Normal;
}

/** The Code cell that stands for the function in this world; made on first use. May collect. */
export function functionCode(world: TreeWorld, node: FunctionNode, sourceId: number): number {
  return world.codes.get(node) ?? makeCode(world, node, sourceId);
}

function makeCode(world: TreeWorld, node: FunctionNode, sourceId: number): number {
  const { vm, heap } = world;
  const { params, rest, self } = node;
  const required = params.filter((p) => p.default === null).length;
  const name = world.symbol(node.name);
  const temp = heap.rootSlot(Root.Temp7), captures = heap.rootSlot(Root.Temp6);
  if (node.captures.length > 0) heap.setCell(captures, CellKind.Slots, namesOf(world, node.captures));
  heap.setCell(temp, CellKind.Slots, namesOf(world, parameters(node)));
  const code = newCode(heap, {
    name, sourceId, paramCount: params.length, requiredCount: required, paramFlags: paramFlags(node), refParams: refParams(node),
    exactArgs: required === params.length && rest === null && self === null ? params.length : -1,
    frameSize: frameLayout(node).size, captureCount: node.captures.length, paramNames: heap.lo(temp),
    captureNames: heap.rootCell(Root.Temp6),
    treeId: vm.treeFunctions.push(node), words: [], constBase: 0, constCount: 0, handlers: [], spans: [],
  });
  heap.setCell(temp, CellKind.Code, code);
  world.pin(temp);
  heap.setHole(temp);
  heap.setHole(captures);
  world.codes.set(node, code);
  return code;
}

const parameters = ({ params, rest }: FunctionNode): Variable[] => (rest === null ? params : [...params, rest]).map(({ variable }) => variable);

/** Slots cell with the names of the variables. */
function namesOf(world: TreeWorld, variables: readonly Variable[]): number {
  const { heap } = world, symbols = variables.map(({ name }) => world.symbol(name));
  const names = newSlots(heap, symbols.length, symbols.length);
  symbols.forEach((symbol, i) => heap.setCell(slotsItem(names, i), CellKind.Symbol, symbol));
  return names;
}

function paramFlags(node: FunctionNode): number {
  const { params, rest } = node;
  return (rest === null ? 0 : ParamFlag.Rest)
    | (node.self === null ? 0 : ParamFlag.Self)
    | (params.some((p) => p.default !== null) ? ParamFlag.Defaults : 0)
    | (node.isAsync ? ParamFlag.Async : 0)
    | (params.some((p) => p.byRef) ? ParamFlag.HasRefs : 0)
    | (node.library ? ParamFlag.Library : 0)
    | (node.language === "lisp" ? ParamFlag.Lisp : 0);
}

/** Parameters beyond this one have no bit in Code.RefParams. */
const REF_PARAM_BITS = 31;

const refParams = (node: FunctionNode): number =>
  node.params.reduce((bits, p, i) => (p.byRef && i < REF_PARAM_BITS ? bits | (1 << i) : bits), 0);
