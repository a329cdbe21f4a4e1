// Globals: named boxes. A program's constants point straight at their cells; the table by name is for linking, the REPL
// and hosts.

import type { Heap } from "../../heap/heap.ts";
import { newGlobal } from "../../heap/cells/global.ts";
import { textOf } from "../../heap/cells/string.ts";
import { internText } from "../../heap/symbols.ts";
import { Cell, Global } from "../../heap/layout.ts";
import type { Mem } from "../../heap/memory.ts";
import { Root } from "../../heap/roots.ts";
import { CellKind, Hi } from "../../heap/value.ts";
import { appendToRoot, slotsCount, slotsItem } from "../../heap/cells/slots.ts";

/** Host-side index of the Global cells; the cells themselves are kept by Root.Globals. */
export class Globals {
  readonly #byName = new Map<string, number>();

  constructor(private readonly heap: Heap) {
    if (heap.rootCell(Root.Globals) !== 0) this.#index();
  }

  /** Rebuilds the index of a world that came from an image. */
  #index(): void {
    const list = this.heap.rootCell(Root.Globals), count = slotsCount(this.heap, list);
    for (let i = 0; i < count; i++) {
      const cell = this.heap.lo(slotsItem(list, i));
      this.#byName.set(textOf(this.heap, this.heap.word(cell + Global.Name)), cell);
    }
  }

  /** Address of the global's cell, made (undefined) on first mention. May collect. */
  cell(name: string): number {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const heap = this.heap, temp = heap.rootSlot(Root.Temp6);
    const symbol = internText(heap, name);
    heap.setCell(temp, CellKind.Symbol, symbol);
    const cell = newGlobal(heap, symbol);
    heap.setCell(temp, CellKind.Global, cell);
    appendToRoot(heap, Root.Globals, temp);
    heap.setHole(temp);
    this.#byName.set(name, cell);
    return cell;
  }

  /** Address of the cell, 0 when nobody mentioned the name. */
  find(name: string): number { return this.#byName.get(name) ?? 0; }

  isDefined(name: string): boolean {
    const cell = this.find(name);
    return cell !== 0 && this.heap.hi((cell + Global.Value) >> 3) !== Hi.Hole;
  }

  /** Names with a value, in order of first mention. */
  names(): string[] { return [...this.#byName.keys()].filter((name) => this.isDefined(name)); }

  /** Forgets the value, so that the name may be defined again (REPL). */
  undefine(name: string): void {
    const cell = this.find(name);
    if (cell === 0) return;
    this.heap.forget(globalValueSlot(cell));
    this.heap.setHole(globalValueSlot(cell));
    setGlobalFlags(this.heap, cell, 0);
  }
}

/** Slot of a global's value. */
export const globalValueSlot = (cell: number): number => (cell + Global.Value) >> 3;
const globalName = (heap: Heap, cell: number): string => textOf(heap, heap.word(cell + Global.Name));
/** The name as programs write it: without what tells the globals of languages and modules apart. */
export const shownName = (heap: Heap, cell: number): string => globalName(heap, cell).replace(/^\w+:/, "");

/** Replaces the flags (GlobalFlag) of a global. */
export function setGlobalFlags(mem: Mem, cell: number, flags: number): void {
  mem.u16[(cell + Cell.Flags) >> 1] = flags;
}
