// A task with all that it needs in another world, as a message: its call, the functions it can reach, the globals they read.
// A worker gets everything but the arguments once: nothing of it changes.

import { elementSlot, length as arrayLength } from "../../heap/cells/array.ts";
import { findSlot } from "../../heap/cells/object.ts";
import { internText } from "../../heap/symbols.ts";
import type { SharedRaw } from "../../heap/shared-buffers.ts";
import { CellHi, Hi, Tag } from "../../heap/value.ts";
import { globalValueSlot } from "../vm/globals.ts";
import { itemSlot, TaskItem } from "../vm/task-cells.ts";
import type { Vm } from "../vm/vm.ts";
import type { Answer, FunctionMessage, NamedValue, TaskMessage } from "./messages.ts";
import { typeSlot } from "../library/types.ts";
import { factsOf, isHarmlessNative } from "./purity.ts";
import type { Linked, TaskProgram } from "./task-program.ts";
import { namesInType } from "./type-names.ts";
import { isFixed, NotMovable, ValueWriter } from "./values.ts";

/** What a worker was sent. */
export class KnownThere {
  readonly functions = new Set<number>();
  readonly globals = new Set<string>();
  readonly types = new Set<string>();
  readonly sources = new Set<number>();

  forget(): void { for (const each of [this.functions, this.globals, this.types, this.sources]) each.clear(); }
}

/** What a task can reach: functions, and how many values of some kinds. Functions that are values are those but for its own, and those of globals. */
export interface Reach {
  readonly functions: readonly Linked[];
  readonly pointers: number;
  readonly channels: number;
  readonly buffers: number;
  readonly functionValues: number;
  readonly nativeValues: number;
}

/** The message that begins a task; what is in it then counts as known. `memory`: what it shares with others. Throws NotMovable, and then nothing does. */
export function packTask(vm: Vm, task: number, id: number, known: KnownThere, program: TaskProgram, memory: SharedRaw | null): TaskMessage {
  return new Packing(vm, known, program).pack(task, id, memory);
}

/** Throws NotMovable. */
export function reachOf(vm: Vm, task: number, program: TaskProgram): Reach {
  const packing = new Packing(vm, new KnownThere(), program);
  packing.pack(task, 0, null);
  return packing.reach;
}

class Packing {
  readonly #linked = new Set<Linked>();
  readonly #functions = new Map<number, FunctionMessage>();
  readonly #wanted = new Set<string>();
  readonly #wantedTypes = new Set<string>();
  /** Globals and types that are new there, in the order of their values. */
  readonly #sent: NamedValue[] = [];
  readonly #writer: ValueWriter;
  readonly #seen = new Map<number, number>();
  /** Closures that are not values to it. */
  #named = 1;

  constructor(readonly vm: Vm, readonly known: KnownThere, readonly program: TaskProgram) {
    const checkNative = (native: number): void => { if (!isHarmlessNative(native)) throw new NotMovable("a function that reaches outside"); };
    this.#writer = new ValueWriter(vm, { functionId: (code) => this.#function(code), channelId: (cell) => cell, checkNative, stringsAreFixed: program.stringsAreFixed, saw: (hi) => this.#see(hi) });
  }

  #see(hi: number): void {
    const kind = (hi & Tag.Mask) === Tag.Pointer ? Tag.Pointer : hi;
    this.#seen.set(kind, this.#count(kind) + 1);
  }

  #count(kind: number): number { return this.#seen.get(kind) ?? 0; }

  get reach(): Reach {
    return {
      functions: [...this.#linked], pointers: this.#count(Tag.Pointer), channels: this.#count(CellHi.Channel), buffers: this.#count(CellHi.Buffer),
      functionValues: this.#count(CellHi.Closure) - this.#named, nativeValues: this.#count(Hi.Native),
    };
  }

  pack(task: number, id: number, memory: SharedRaw | null): TaskMessage {
    const { vm, known } = this, { heap } = vm, start = heap.lo(itemSlot(task, TaskItem.Start));
    for (let i = 0; i < arrayLength(heap, start); i++) this.#writer.write(elementSlot(heap, start, i));
    for (let count = -1; count < this.#sent.length;) {
      count = this.#sent.length;
      this.#globals();
      this.#types();
    }
    const functions = [...this.#functions.values()];
    const sources = [...new Set(functions.map(({ source }) => source))].filter((source) => !known.sources.has(source));
    for (const source of sources) known.sources.add(source);
    for (const each of functions) known.functions.add(each.id);
    for (const { name, isType } of this.#sent) (isType ? known.types : known.globals).add(name);
    return {
      kind: "task", id, functions, named: this.#sent, values: this.#writer.values, fuel: vm.fuel, depth: vm.maxDepth, stringsAreFixed: this.program.stringsAreFixed, memory,
      sources: sources.map((source) => ({ id: source, name: vm.sources[source]?.name ?? "", text: vm.sources[source]?.text ?? "" })),
    };
  }

  #function(code: number): number {
    const linked = this.program.movable(code), { id, compiled, source } = linked;
    this.#linked.add(linked);
    if (!this.known.functions.has(id) && !this.#functions.has(id)) {
      this.#functions.set(id, { id, compiled, source });
      const { reads, types } = factsOf(compiled);
      for (const name of reads) this.#wanted.add(name);
      for (const name of types) this.#wantedTypes.add(name);
    }
    return id;
  }

  /** Writes the values of the globals that are new there; functions among them may want more. */
  #globals(): void {
    for (const name of this.#wanted) {
      this.#wanted.delete(name);
      if (this.known.globals.has(name) || this.#isSent(name, false) || !this.program.isSent(name)) continue;
      const slot = globalValueSlot(this.vm.globals.cell(name));
      this.#sent.push({ name, isType: false });
      if (this.vm.heap.hi(slot) === CellHi.Closure) this.#named++;
      this.#writer.writeShared(slot);
    }
  }

  #isSent(name: string, isType: boolean): boolean { return this.#sent.some((each) => each.name === name && each.isType === isType); }

  /** The same for types, whose fields may have other types. The first definition of one is the only one. */
  #types(): void {
    for (const name of this.#wantedTypes) {
      this.#wantedTypes.delete(name);
      if (this.known.types.has(name) || this.#isSent(name, true)) continue;
      const slot = typeSlot(this.vm, name);
      if (slot === 0) throw new NotMovable(`the type ${name}, which is not defined yet`);
      this.#sent.push({ name, isType: true });
      for (const other of namesInType(this.vm.heap, slot)) this.#wantedTypes.add(other);
      this.#writer.write(slot);
    }
  }
}

const nothing = (): never => { throw new NotMovable("what others may change"); };
/** For values that have no identity: neither functions nor anything that could be changed. */
export const PLAIN = { functionId: nothing, channelId: nothing, stringsAreFixed: true } as const;

/** The value in a slot as the answer to a task; null when it could be changed by others. `isSelect`: the object that select makes. */
export function packAnswer(vm: Vm, slot: number, failed: boolean, stringsAreFixed: boolean, isSelect: boolean): Answer | null {
  const { heap } = vm, checkNative = (native: number): void => { if (!isHarmlessNative(native)) nothing(); };
  const writer = new ValueWriter(vm, { ...PLAIN, channelId: (cell) => cell, checkNative });
  const isChoice = isSelect && !failed && heap.hi(slot) === CellHi.Object;
  // What a channel says when it is closed is a text of its own.
  const part = isChoice ? findSlot(heap, heap.lo(slot), internText(heap, "value")) : slot;
  if (!failed && !isFixed(heap, part, stringsAreFixed)) return null;
  try {
    writer.write(slot);
    return { failed, values: writer.values };
  } catch (error) {
    if (!(error instanceof NotMovable)) throw error;
    return null;
  }
}
