// Globals: named boxes. A program's constants point straight at their cells; the table by name is for linking, the REPL
// and hosts. What the library has ready is made at the first mention (ready.ts); that it was not there before must not show.

import type { Heap } from "../../heap/heap.ts";
import { newGlobal } from "../../heap/cells/global.ts";
import { textOf } from "../../heap/cells/string.ts";
import { internText } from "../../heap/symbols.ts";
import { Cell, Global } from "../../heap/layout.ts";
import type { Mem } from "../../heap/memory.ts";
import { Root } from "../../heap/roots.ts";
import { CellKind, Hi } from "../../heap/value.ts";
import { appendToRoot, reserveInRoot, slotsCount, slotsItem } from "../../heap/cells/slots.ts";
import { NOTHING_READY, type ReadyGlobals } from "./ready.ts";

/** Addresses of Global cells by name. Worlds that are copies of each other share what they began with. */
export interface GlobalIndex { readonly first: ReadonlyMap<string, number>; readonly later: ReadonlyMap<string, number> }

const NONE: ReadonlyMap<string, number> = new Map();

/** The index of a world that was made elsewhere: its cells are kept by Root.Globals. */
export function indexGlobals(mem: Mem): GlobalIndex {
  const list = mem.rootCell(Root.Globals), count = list === 0 ? 0 : slotsCount(mem, list), first = new Map<string, number>();
  for (let i = 0; i < count; i++) {
    const cell = mem.lo(slotsItem(list, i));
    first.set(textOf(mem, mem.word(cell + Global.Name)), cell);
  }
  return { first, later: NONE };
}

/** Host-side index of the Global cells; the cells themselves are kept by Root.Globals. */
export class Globals {
  /** What the library gives the world when it is named. */
  ready: ReadyGlobals = NOTHING_READY;
  readonly #first: ReadonlyMap<string, number>;
  /** Those made since. */
  readonly #later: Map<string, number>;
  /** Those being made, which name each other: see `together`. */
  #young: ReadonlyMap<string, number> = NONE;

  constructor(private readonly heap: Heap, { first, later }: GlobalIndex) {
    this.#first = first;
    this.#later = new Map(later);
  }

  /** For a copy of the world as it is now. */
  get index(): GlobalIndex { return { first: this.#first, later: this.#later }; }

  #known(name: string): number | undefined { return this.#first.get(name) ?? this.#later.get(name) ?? this.#young.get(name); }

  /** Address of the global's cell, made on first mention: undefined, or as the library has it ready. May collect. */
  cell(name: string): number {
    return this.#known(name) ?? (this.ready.has(name) ? this.ready.make(name) : this.make(name));
  }

  /** Makes the cell of a name that has none. May collect. */
  make(name: string): number {
    const heap = this.heap, temp = heap.rootSlot(Root.Temp6);
    const symbol = internText(heap, name);
    heap.setCell(temp, CellKind.Symbol, symbol);
    const cell = newGlobal(heap, symbol);
    heap.setCell(temp, CellKind.Global, cell);
    appendToRoot(heap, Root.Globals, temp);
    heap.setHole(temp);
    this.#later.set(name, cell);
    return cell;
  }

  /** Runs `fill`, for which these cells are those of their names, and then makes them so for good, all at once; the caller keeps them alive. May collect. */
  together(cells: ReadonlyMap<string, number>, fill: () => void): void {
    const { heap } = this, temp = heap.rootSlot(Root.Temp6);
    this.#young = cells;
    try {
      fill();
      reserveInRoot(heap, Root.Globals, cells.size);
    } finally {
      this.#young = NONE;
    }
    for (const [name, cell] of cells) {
      heap.setCell(temp, CellKind.Global, cell);
      appendToRoot(heap, Root.Globals, temp);
      this.#later.set(name, cell);
    }
    heap.setHole(temp);
  }

  /** Address of the cell the world has, 0 when it has none; what is ready may have none. Allocates nothing. */
  known(name: string): number { return this.#known(name) ?? 0; }

  /** Address of the cell, 0 when nobody mentioned the name and the library does not have it. May collect. */
  find(name: string): number { return this.#known(name) ?? (this.ready.has(name) ? this.ready.make(name) : 0); }

  isDefined(name: string): boolean {
    const cell = this.#known(name);
    return cell === undefined ? this.ready.has(name) : this.heap.hi(globalValueSlot(cell)) !== Hi.Hole;
  }

  /** Names with a value: what the world had at the start, what is ready, then in order of first mention. */
  names(): string[] { return [...new Set([...this.#first.keys(), ...this.ready.names, ...this.#later.keys()])].filter((name) => this.isDefined(name)); }

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

/** Set of GlobalFlag. */
export const globalFlags = (mem: Mem, cell: number): number => mem.u16[(cell + Cell.Flags) >> 1]!;

/** Replaces the flags (GlobalFlag) of a global. */
export function setGlobalFlags(mem: Mem, cell: number, flags: number): void {
  mem.u16[(cell + Cell.Flags) >> 1] = flags;
}
