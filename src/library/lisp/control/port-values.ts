// What a port is, for all functions that take one: a struct [direction data position open binary]. The direction is the
// keyword :input or :output. The data is a string: the text of a textual port, the row of bytes of a binary one (which need
// not be UTF-8, so that it must never be handed out as a text); the console's ports have nil. An input port reads its data from
// the byte `position` on, an output port appends to it.

import { setInteger, smallInteger } from "../../../../heap/cells/bigint.ts";
import { keywordText } from "../../../../heap/cells/keyword.ts";
import { byteLength } from "../../../../heap/cells/string.ts";
import { isStruct, newStruct, structItem } from "../../../../heap/cells/struct.ts";
import { StructType } from "../../../../heap/structs.ts";
import { CellHi, CellKind } from "../../../../heap/value.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError, typeError } from "../conditions.ts";
import { nameText } from "../printer/atoms.ts";

const enum Item { Direction, Data, Position, Open, Binary, Count }
export type Direction = "input" | "output";
type Content = "textual" | "binary";

export const isPort = (vm: Vm, slot: number): boolean => isStruct(vm.heap, slot, StructType.Port);
export const isDirected = (vm: Vm, slot: number, direction: Direction): boolean =>
  isPort(vm, slot) && nameText(vm.heap, structItem(vm.heap.lo(slot), Item.Direction)) === direction;
export const isOpen = (vm: Vm, slot: number): boolean => vm.heap.lo(structItem(vm.heap.lo(slot), Item.Open)) !== 0;
export const isBinary = (vm: Vm, slot: number): boolean => isPort(vm, slot) && vm.heap.lo(structItem(vm.heap.lo(slot), Item.Binary)) !== 0;

/** Slot of the data of a port. */
export const dataSlot = (port: number): number => structItem(port, Item.Data);
export const hasData = (vm: Vm, port: number): boolean => vm.heap.hi(dataSlot(port)) === CellHi.String;

/** Stores a new open port; `data` is the slot of a string, -1 for the console. */
export function storePort(vm: Vm, dst: number, direction: Direction, data: number, binary = false): void {
  const heap = vm.heap, port = newStruct(heap, StructType.Port, Item.Count);
  if (data >= 0) heap.copySlot(structItem(port, Item.Data), data);
  heap.setI32(structItem(port, Item.Position), 0);
  heap.setBool(structItem(port, Item.Open), true);
  heap.setBool(structItem(port, Item.Binary), binary);
  heap.setCell(dst, CellKind.Struct, port);
  heap.setCell(structItem(port, Item.Direction), CellKind.Keyword, keywordText(heap, direction));
}

/** Cell of the port in the slot, which must have the direction and the content, and be open. */
export function portArgument(vm: Vm, slot: number, direction: Direction, content: Content, fn: string): number {
  if (!isDirected(vm, slot, direction) || isBinary(vm, slot) !== (content === "binary")) typeError(vm, `${content} ${direction} port`, slot);
  if (!isOpen(vm, slot)) evalError(vm, `${fn}: port is closed`);
  return vm.heap.lo(slot);
}

/** An input port's data and where its reading stands. */
export interface Input { readonly port: number; readonly text: number; readonly at: number; readonly end: number }

/** What an input port in memory reads from; null for the console's. */
export function inputOf(vm: Vm, port: number): Input | null {
  const heap = vm.heap;
  if (!hasData(vm, port)) return null;
  const text = heap.lo(dataSlot(port));
  return { port, text, at: smallInteger(heap, structItem(port, Item.Position)), end: byteLength(heap, text) };
}

export const moveTo = (vm: Vm, port: number, at: number): void => setInteger(vm.heap, structItem(port, Item.Position), at);

/** No more reading or writing; what was collected can still be asked for. */
export const close = (vm: Vm, slot: number): void => vm.heap.setBool(structItem(vm.heap.lo(slot), Item.Open), false);
