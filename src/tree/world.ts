// What the tree engine keeps for a world between runs: the function table, constants and names. Cells found only through
// these tables are pinned by Root.Codes, so their addresses stay valid for the life of the Vm.

import { appendToRoot } from "../../heap/cells/slots.ts";
import type { Heap } from "../../heap/heap.ts";
import { Global, GlobalFlag } from "../../heap/layout.ts";
import { Root } from "../../heap/roots.ts";
import { internText } from "../../heap/symbols.ts";
import { CellKind, Hi } from "../../heap/value.ts";
import type { FunctionNode } from "../ir/nodes.ts";
import { globalValueSlot } from "../vm/globals.ts";
import type { Vm } from "../vm/vm.ts";
import { Constants } from "./constants.ts";

export class TreeWorld {
  readonly heap: Heap;
  readonly constants: Constants;
  /** Code cells of the functions that have been reached. */
  readonly codes = new Map<FunctionNode, number>();
  readonly #symbols = new Map<string, number>();

  constructor(readonly vm: Vm) {
    this.heap = vm.heap;
    this.constants = new Constants(vm, this);
  }

  /** Keeps the cell in the slot alive for as long as the world. May collect. */
  pin(slot: number): void {
    appendToRoot(this.heap, Root.Codes, slot);
  }

  /** Address of the symbol with this text. */
  symbol(name: string): number {
    let symbol = this.#symbols.get(name);
    if (symbol === undefined) {
      const { heap } = this;
      const temp = heap.rootSlot(Root.Temp7);
      symbol = internText(heap, name);
      heap.setCell(temp, CellKind.Symbol, symbol);
      this.pin(temp);
      heap.setHole(temp);
      this.#symbols.set(name, symbol);
    }
    return symbol;
  }

  globalCell(name: string): number {
    return this.vm.globals.cell(name);
  }

  /** Slot of the value of a global; a hole while it is undefined. */
  globalSlot(name: string): number {
    return globalValueSlot(this.vm.globals.cell(name));
  }

  /** False for an undefined or constant global. */
  isWritable(cell: number): boolean {
    const { heap } = this;
    return heap.hi(heap.slotOf(cell + Global.Value)) !== Hi.Hole && ((heap.word(cell) >>> 16) & GlobalFlag.Const) === 0;
  }
}

const WORLDS = new WeakMap<Vm, TreeWorld>();

export function treeWorld(vm: Vm): TreeWorld {
  let world = WORLDS.get(vm);
  if (world === undefined) WORLDS.set(vm, world = new TreeWorld(vm));
  return world;
}
