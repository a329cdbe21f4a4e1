// From compiled functions to Code cells in a world.
//
// Rules
// 1. Any allocation may collect, so all that is made here is held: finished codes in one Slots cell (Root.Temp2), the
//    constants of the function in work in another (Root.Temp3), single cells in Root.Temp4, names of captures in Root.Temp6.
// 2. Inner functions are linked before the functions that hold them among their constants.
// 3. Cells do not move, but they may be the only holders of what is in them: a cell is stored before the next one is made.

import { elementSlot, newArray, push } from "../../heap/cells/array.ts";
import { newCode } from "../../heap/cells/code.ts";
import { newSlots, slotsItem } from "../../heap/cells/slots.ts";
import { unreachable } from "../../heap/debug.ts";
import { newString } from "../../heap/cells/string.ts";
import { ParamFlag } from "../../heap/layout.ts";
import { Root } from "../../heap/roots.ts";
import { emptyShape, shapeWith } from "../../heap/shapes.ts";
import { internText } from "../../heap/symbols.ts";
import { CellKind } from "../../heap/value.ts";
import { type CompiledFunction, type Constant, innerFirst } from "../bytecode/code.ts";
import type { Literal } from "../ir/nodes.ts";
import { storeLiteral } from "../vm/literals.ts";
import type { Vm } from "../vm/vm.ts";

const CODES = Root.Temp2, CONSTANTS = Root.Temp3, HOLD = Root.Temp4, EMPTY = Root.Temp5, CAPTURES = Root.Temp6;

/** Address of the Code cell of the function, with those of all inner functions behind it. The caller must root it. */
export function link(vm: Vm, compiled: CompiledFunction, sourceId: number): number {
  const order = innerFirst([compiled]), { heap } = vm;
  nameGlobals(vm, order.keys());
  heap.setRoot(CODES, CellKind.Slots, newSlots(heap, order.size, order.size));
  for (const each of order.keys()) {
    const code = linkFunction(vm, each, sourceId, order);
    heap.setCell(slotsItem(heap.rootCell(CODES), order.get(each)!), CellKind.Code, code);
    vm.workers?.linked(code, each, sourceId);
  }
  const code = heap.lo(slotsItem(heap.rootCell(CODES), order.get(compiled)!));
  for (const root of [CODES, CONSTANTS, HOLD, EMPTY, CAPTURES]) heap.clearRoot(root);
  return code;
}

/** Makes all globals that the functions name, while no root is in use: a global may come with functions that are linked for it. */
function nameGlobals({ globals }: Vm, functions: Iterable<CompiledFunction>): void {
  for (const { constants } of functions) for (const constant of constants) if (constant.type === "global") globals.cell(constant.name);
}

function linkFunction(vm: Vm, compiled: CompiledFunction, sourceId: number, order: ReadonlyMap<CompiledFunction, number>): number {
  const { heap } = vm, { constants } = compiled;
  heap.setRoot(CONSTANTS, CellKind.Slots, newSlots(heap, constants.length, constants.length));
  constants.forEach((constant, i) => {
    makeConstant(vm, constant, order, sourceId);
    heap.copySlot(slotsItem(heap.rootCell(CONSTANTS), i), heap.rootSlot(HOLD));
  });
  heap.clearRoot(CAPTURES);
  if (compiled.captureNames.length > 0 && (compiled.flags & ParamFlag.Library) === 0) holdNames(vm, CAPTURES, compiled.captureNames);
  holdNames(vm, HOLD, compiled.paramNames);
  const name = internText(heap, compiled.name);
  return newCode(heap, {
    words: compiled.words, constBase: slotsItem(heap.rootCell(CONSTANTS), 0), constCount: constants.length, exactArgs: exactArgs(compiled),
    frameSize: compiled.frameSize, name, paramCount: compiled.paramCount, requiredCount: compiled.requiredCount, paramFlags: compiled.flags,
    captureCount: compiled.captureCount, paramNames: heap.rootCell(HOLD), sourceId, treeId: 0, refParams: compiled.refParams,
    captureNames: heap.rootCell(CAPTURES),
    handlers: compiled.handlers.flatMap(({ start, end, target, register }) => [start, end, target, register]),
    spans: isHidden(compiled) ? [] : compiled.spans.flatMap(({ pc, start, end }) => [pc, start, end]),
  });
}

/** No error tells a place in the library of Lisp, and every VM has a copy of it; errors in that of Hemlock quote it. */
const isHidden = ({ flags }: CompiledFunction): boolean => (flags & ParamFlag.Library) !== 0 && (flags & ParamFlag.Lisp) !== 0;

/** Code.ExactArgs: no rest to collect and no receiver to pass, or only the empty rest of a Lisp function. */
function exactArgs({ flags, paramCount }: CompiledFunction): number {
  if ((flags & ~ParamFlag.Library) === (ParamFlag.Lisp | ParamFlag.Rest)) return -2 - paramCount;
  return (flags & (ParamFlag.Rest | ParamFlag.Self)) !== 0 ? -1 : paramCount;
}

/** Puts a Slots cell with the names into the root. */
function holdNames({ heap }: Vm, root: Root, names: readonly string[]): void {
  heap.setRoot(root, CellKind.Slots, newSlots(heap, names.length, names.length));
  names.forEach((name, i) => {
    const symbol = internText(heap, name);
    heap.setCell(slotsItem(heap.rootCell(root), i), CellKind.Symbol, symbol);
  });
}

/** Makes the constant in the slot of HOLD. */
function makeConstant(vm: Vm, constant: Constant, order: ReadonlyMap<CompiledFunction, number>, sourceId: number): void {
  const { heap } = vm, dst = heap.rootSlot(HOLD);
  switch (constant.type) {
    case "global": heap.setCell(dst, CellKind.Global, vm.globals.cell(constant.name)); return;
    case "code": heap.copySlot(dst, slotsItem(heap.rootCell(CODES), order.get(constant.function)!)); return;
    case "shape": makeShape(vm, constant.keys, constant.inlineCapacity); return;
    case "cache": heap.setCell(dst, CellKind.Symbol, internText(heap, constant.name)); return;
    case "cacheState": heap.setHole(dst); return;
    case "names": makeArray(vm, constant.names.map(nameLiteral), dst); return;
    case "datum": vm.services.storeDatum(vm, dst, constant.value, sourceId); return;
    default: makeLiteral(vm, constant, dst);
  }
}

const nameLiteral = (name: string | null): Literal => (name === null ? { type: "null" } : { type: "symbol", value: name });

function makeShape({ heap }: Vm, keys: readonly string[], inlineCapacity: number): void {
  heap.setRoot(HOLD, CellKind.Shape, emptyShape(heap, inlineCapacity));
  for (const key of keys) heap.setRoot(HOLD, CellKind.Shape, shapeWith(heap, heap.rootCell(HOLD), internText(heap, key)));
}

function makeLiteral(vm: Vm, literal: Literal, dst: number): void {
  const { heap } = vm;
  switch (literal.type) {
    case "symbol": return heap.setCell(dst, CellKind.Symbol, internText(heap, literal.value));
    case "string": return heap.setCell(dst, CellKind.String, newString(heap, literal.value));
    case "array": return makeArray(vm, literal.value, dst);
    case "datum": return unreachable("data inside of a literal");
    default: return storeLiteral(heap, dst, literal);
  }
}

/** An array of the literals. It has its full capacity from the start, so elements are made right where they stay. */
function makeArray(vm: Vm, literals: readonly Literal[], dst: number): void {
  const { heap } = vm, array = newArray(heap, literals.length);
  heap.setCell(dst, CellKind.Array, array);
  literals.forEach((literal, i) => {
    heap.setNull(heap.rootSlot(EMPTY));
    push(heap, array, heap.rootSlot(EMPTY));
    makeLiteral(vm, literal, elementSlot(heap, array, i));
  });
}
