// What the library gives a world when somebody names it (vm/ready.ts): natives as values of globals, and functions written in
// a language of its own, as code without a world. A function comes with all that its code names, so that nothing that runs
// ever meets a global that is ready and not there.
//
// What asks for a global may be in the midst of something: the short-lived roots are afterwards as they were.

import { newClosure } from "../heap/cells/closure.ts";
import { newGlobal } from "../heap/cells/global.ts";
import { newSlots, slotsItem } from "../heap/cells/slots.ts";
import { GlobalFlag } from "../heap/layout.ts";
import { Root } from "../heap/roots.ts";
import { internText } from "../heap/symbols.ts";
import { CellKind, Hi } from "../heap/value.ts";
import { type CompiledFunction, innerFirst } from "./bytecode/code.ts";
import { link } from "./compile/link.ts";
import { ByteReader, ByteWriter } from "./program/bytes.ts";
import { FunctionReader, type NameRules } from "./program/decode.ts";
import { FunctionWriter } from "./program/encode.ts";
import type { DataCodec } from "./program/program.ts";
import { globalValueSlot, setGlobalFlags } from "./vm/globals.ts";
import type { ReadyGlobals } from "./vm/ready.ts";
import type { Vm } from "./vm/vm.ts";

const END = " ";
/** The library may name what is its own. */
const OWN: NameRules = { mayName: () => true, mayHold: () => true };

/** A function as text: the number of its source, its globals, its code in hexadecimal digits, which compress well. Places are left out. */
export function readyText(compiled: CompiledFunction, names: readonly string[], sourceId: number, data: DataCodec | null): string {
  const order = innerFirst([compiled]), out = new ByteWriter(), writer = new FunctionWriter(out, order, data);
  out.list([...order.keys()], (each) => writer.write({ ...each, spans: [] }));
  return [sourceId, ...names, Array.from(out.bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")].join(END);
}

/** A function of the library, read from its text when a world first wants it. */
class ReadyFunction {
  readonly names: readonly string[];
  readonly sourceId: number;
  readonly #code: string;
  #compiled: CompiledFunction | null = null;

  constructor(text: string, readonly data: DataCodec | null) {
    const [sourceId, ...names] = text.split(END);
    this.sourceId = Number(sourceId);
    this.#code = names.pop()!;
    this.names = names;
  }

  get compiled(): CompiledFunction { return this.#compiled ??= this.#read(); }

  #read(): CompiledFunction {
    const digits = this.#code, bytes = Uint8Array.from({ length: digits.length >> 1 }, (_, i) => parseInt(digits.slice(2 * i, 2 * i + 2), 16));
    const read = new ByteReader(bytes), functions: CompiledFunction[] = [], reader = new FunctionReader(read, functions, this.data, OWN);
    read.list(() => functions.push(reader.read()));
    return functions.at(-1)!;
  }

  /** Names of the globals in its code. */
  get needs(): string[] {
    return [...innerFirst([this.compiled]).keys()].flatMap(({ constants }) => constants.flatMap((each) => (each.type === "global" ? [each.name] : [])));
  }
}

/** All that is ready in a kind of world. */
export class ReadyTable {
  readonly #natives = new Map<string, number>();
  readonly #functions = new Map<string, ReadyFunction>();
  /** Of all, in the order they were added. */
  readonly names: string[] = [];

  addNative(name: string, id: number): void {
    this.#natives.set(name, id);
    this.names.push(name);
  }

  /** `text`: what readyText gave. */
  addFunction(text: string, data: DataCodec | null): void {
    const ready = new ReadyFunction(text, data);
    for (const name of ready.names) this.#functions.set(name, ready);
    this.names.push(...ready.names);
  }

  has(name: string): boolean { return this.#natives.has(name) || this.#functions.has(name); }
  /** Id of the native that is the global's value; undefined for others. */
  native(name: string): number | undefined { return this.#functions.has(name) ? undefined : this.#natives.get(name); }

  /** The functions a world needs for a name: that of the name, then those their code names which the world does not have. */
  needed(name: string, isThere: (name: string) => boolean): ReadyFunction[] {
    const found = new Set<ReadyFunction>();
    // The set grows while it is gone through.
    const want = (each: string): void => {
      const ready = this.#functions.get(each);
      if (ready !== undefined && !isThere(each)) found.add(ready);
    };
    want(name);
    for (const ready of found) ready.needs.forEach(want);
    return [...found];
  }
}

/** Roots for short use, which stay as they are. */
const KEPT: readonly Root[] = Array.from({ length: 8 }, (_, i) => [Root.Temp0 + i, Root.Recent0 + i]).flat();
const HOLD = Root.Library;

/** What is ready, for one world. */
export class WorldLibrary implements ReadyGlobals {
  constructor(readonly vm: Vm, readonly table: ReadyTable) {}

  get names(): readonly string[] { return this.table.names; }
  has(name: string): boolean { return this.table.has(name); }

  make(name: string): number {
    const { vm: { globals, heap }, table } = this, native = table.native(name);
    if (native === undefined) {
      this.#makeFunctions(name);
      return globals.known(name);
    }
    const cell = globals.make(name);
    heap.setSlot(globalValueSlot(cell), Hi.Native, native);
    setGlobalFlags(heap, cell, GlobalFlag.Library);
    return cell;
  }

  #makeFunctions(name: string): void {
    const { vm: { globals, heap }, table } = this, isThere = (each: string): boolean => globals.known(each) !== 0;
    const functions = table.needed(name, isThere), names = functions.flatMap((each) => each.names.filter((alias) => !isThere(alias)));
    const length = KEPT.length + names.length, { recent } = heap;
    heap.setRoot(HOLD, CellKind.Slots, newSlots(heap, length, length));
    KEPT.forEach((root, i) => heap.copySlot(slotsItem(heap.rootCell(HOLD), i), heap.rootSlot(root)));
    try {
      const cells = new Map(names.map((each, i) => [each, this.#newCell(each, slotsItem(heap.rootCell(HOLD), KEPT.length + i))]));
      globals.together(cells, () => { for (const each of functions) this.#link(each, cells); });
    } finally {
      KEPT.forEach((root, i) => heap.copySlot(heap.rootSlot(root), slotsItem(heap.rootCell(HOLD), i)));
      heap.clearRoot(HOLD);
      heap.recent = recent;
    }
  }

  /** An undefined global, which the slot keeps. */
  #newCell(name: string, slot: number): number {
    const { heap } = this.vm, symbol = internText(heap, name);
    heap.setCell(slot, CellKind.Symbol, symbol);
    const cell = newGlobal(heap, symbol);
    heap.replaceCell(slot, CellKind.Global, cell);
    return cell;
  }

  #link({ compiled, sourceId, names }: ReadyFunction, cells: ReadonlyMap<string, number>): void {
    const { vm, vm: { heap } } = this, hold = heap.rootSlot(Root.Temp0), code = link(vm, compiled, sourceId);
    heap.setCell(hold, CellKind.Code, code);
    heap.setCell(hold, CellKind.Closure, newClosure(heap, code, 0));
    for (const name of names) {
      const cell = cells.get(name);
      if (cell !== undefined) heap.copySlot(globalValueSlot(cell), hold);
    }
  }
}
