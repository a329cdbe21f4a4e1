// The references of a cell as edges with names people know: fields by key, variables by name, items by place. What has no
// better name is called as in the CELLS table, which also says what there is: a kind nobody thought of here appears whole.
//
// Values of an array or object hang directly on it, not on the Slots cell they lie in, as they belong to nobody else.

import { captureSlot } from "../../heap/cells/closure.ts";
import { recordItem } from "../../heap/cells/record.ts";
import { slotsCount, slotsItem } from "../../heap/cells/slots.ts";
import { Arr, Closure, Global, HashNode, MapNode, Obj, Record, Shape, Struct } from "../../heap/layout.ts";
import { STRUCTS, type StructType } from "../../heap/structs.ts";
import { cellIn, kindOf, sizeOf, traceCell, type TraceVisitor } from "../../heap/trace.ts";
import { CellKind, Hi } from "../../heap/value.ts";
import type { WorldView } from "./world-view.ts";
import { ChannelItem, TaskItem } from "../vm/task-cells.ts";
import type { Names } from "./names.ts";
import { EdgeType } from "./node-kinds.ts";

/** Items of tasks and channels that people ask for; the rest are links of queues. */
const TASK_ITEMS: { readonly [item: number]: string } = {
  [TaskItem.Stack]: "stack", [TaskItem.Dynamic]: "dynamic", [TaskItem.Value]: "value", [TaskItem.On]: "waits on", [TaskItem.Joiner]: "joiner", [TaskItem.Start]: "start",
};
const CHANNEL_ITEMS: { readonly [item: number]: string } = { [ChannelItem.Buffer]: "buffer", [ChannelItem.FirstReceiver]: "first receiver", [ChannelItem.FirstSender]: "first sender" };

/** Takes an edge: a number for types that isIndexed, else a name of Names; the address of a cell. */
export type AddEdge = (type: EdgeType, name: number, target: number) => void;

/** Cells that other cells give a name. */
export interface Naming {
  /** Slots whose items hang on their owner. */
  isOwned(slots: number): boolean;
  /** The variable in a box is called so. */
  nameBox(box: number, name: number): void;
  /** Slots cell of the globals; array of the handles. */
  readonly globals: number;
  readonly handles: number;
}

export class CellEdges {
  readonly #fallback: TraceVisitor;

  constructor(private readonly view: WorldView, private readonly names: Names, private readonly naming: Naming, private readonly add: AddEdge) {
    const { mem } = view;
    this.#fallback = {
      ref: (field, target) => add(EdgeType.Internal, names.of(field), target),
      slot: (field, slot, index) => {
        const cell = cellIn(mem, slot);
        if (cell === 0) return;
        if (index < 0) add(EdgeType.Property, names.of(field), cell);
        else add(EdgeType.Element, index, cell);
      },
      weak: (field, target) => add(EdgeType.Weak, names.of(field), target),
    };
  }

  /** Adds all references of the cell but those of the running stack. */
  of(addr: number): void {
    switch (kindOf(this.view.mem, addr)) {
      case CellKind.Array: return this.#array(addr);
      case CellKind.Object: return this.#object(addr);
      case CellKind.Slots: return this.#slots(addr);
      case CellKind.Closure: return this.#closure(addr);
      case CellKind.Global: return this.#global(addr);
      case CellKind.Struct: return this.#struct(addr);
      case CellKind.Task: return this.#record(addr, TASK_ITEMS);
      case CellKind.Channel: return this.#record(addr, CHANNEL_ITEMS);
      case CellKind.MapNode: return this.#mapNode(addr);
      case CellKind.HashNode: return this.#hashNode(addr);
      case CellKind.Code: case CellKind.Continuation: case CellKind.Stack: return this.#inner(addr);
      default: return traceCell(this.view.mem, addr, this.#fallback);
    }
  }

  #ref(name: string, target: number): void { if (target !== 0) this.add(EdgeType.Internal, this.names.of(name), target); }

  #value(type: EdgeType, name: number, slot: number): void {
    const cell = cellIn(this.view.mem, slot);
    if (cell !== 0) this.add(type, name, cell);
  }

  #items(slots: number): void {
    const count = slotsCount(this.view.mem, slots);
    for (let i = 0; i < count; i++) this.#value(EdgeType.Element, i, slotsItem(slots, i));
  }

  #array(addr: number): void {
    const { mem } = this.view, data = mem.word(addr + Arr.Data);
    this.#ref("elements", data);
    this.#ref("descriptor", mem.word(addr + Arr.Descriptor));
    if (addr === this.naming.handles) this.#handles(data);
    else this.#items(data);
  }

  /** What the host holds, by where it got hold of it. */
  #handles(data: number): void {
    const { mem, handleSite } = this.view, count = slotsCount(mem, data);
    for (let i = 0; i < count; i++) {
      const site = handleSite(i);
      if (site === null) this.#value(EdgeType.Element, i, slotsItem(data, i));
      else this.#value(EdgeType.Property, this.names.of(`handle made ${site.split("\n")[0]!.trim()}`), slotsItem(data, i));
    }
  }

  #object(addr: number): void {
    const { mem } = this.view, shape = mem.word(addr + Obj.Shape), more = mem.word(addr + Obj.More), keys = this.names.keysOf(shape);
    this.#ref("shape", shape);
    this.#ref("more", more);
    const inline = (sizeOf(mem, addr) - Obj.Inline) >> 3;
    for (let i = 0; i < inline; i++) this.#field(keys, i, ((addr + Obj.Inline) >> 3) + i);
    if (more === 0) return;
    const count = slotsCount(mem, more), capacity = mem.word(shape + Shape.InlineCapacity);
    for (let i = 0; i < count; i++) this.#field(keys, capacity + i, slotsItem(more, i));
  }

  /** A field by its key; what a deleted field left behind keeps its number. */
  #field(keys: readonly number[], index: number, slot: number): void {
    const key = keys[index] ?? 0;
    if (key === 0) this.#value(EdgeType.Hidden, index, slot);
    else this.#value(EdgeType.Property, key, slot);
  }

  #slots(addr: number): void {
    if (this.naming.isOwned(addr)) return;
    if (addr !== this.naming.globals) return this.#items(addr);
    const { mem } = this.view, count = slotsCount(mem, addr);
    for (let i = 0; i < count; i++) {
      const cell = cellIn(mem, slotsItem(addr, i));
      if (cell !== 0) this.add(EdgeType.Property, kindOf(mem, cell) === CellKind.Global ? this.names.ofSymbol(mem.word(cell + Global.Name)) : this.names.of("global"), cell);
    }
  }

  #closure(addr: number): void {
    const { mem } = this.view, code = mem.word(addr + Closure.Code), count = mem.word(addr + Closure.Count), captures = code === 0 ? [] : this.names.capturesOf(code);
    this.#ref("code", code);
    for (let i = 0; i < count; i++) {
      const cell = cellIn(mem, captureSlot(addr, i)), known = captures[i] ?? 0;
      if (cell === 0) continue;
      if (known !== 0 && kindOf(mem, cell) === CellKind.Box) this.naming.nameBox(cell, known);
      this.add(EdgeType.Context, known === 0 ? this.names.of(`capture ${i}`) : known, cell);
    }
  }

  #global(addr: number): void {
    this.#ref("name", this.view.mem.word(addr + Global.Name));
    this.#value(EdgeType.Property, this.names.of("value"), (addr + Global.Value) >> 3);
  }

  #struct(addr: number): void {
    const { mem } = this.view, items = STRUCTS[mem.word(addr + Struct.Type) as StructType]?.items ?? [], count = mem.word(addr + Struct.Count);
    for (let i = 0; i < count; i++) {
      const item = items[i], slot = ((addr + Struct.Data) >> 3) + i;
      if (item === undefined || item === "…") this.#value(EdgeType.Element, i, slot);
      else this.#value(EdgeType.Property, this.names.of(item), slot);
    }
  }

  #record(addr: number, items: { readonly [item: number]: string }): void {
    const count = this.view.mem.word(addr + Record.Count);
    for (let i = 0; i < count; i++) this.#value(items[i] === undefined ? EdgeType.Hidden : EdgeType.Property, items[i] === undefined ? i : this.names.of(items[i]!), recordItem(addr, i));
  }

  #mapNode(addr: number): void {
    const { mem } = this.view;
    this.#ref("left", mem.word(addr + MapNode.Left));
    this.#ref("right", mem.word(addr + MapNode.Right));
    this.#entry((addr + MapNode.Key) >> 3, (addr + MapNode.Value) >> 3);
  }

  #hashNode(addr: number): void {
    const { mem } = this.view, first = (addr + HashNode.Data) >> 3, count = mem.word(addr + HashNode.Count);
    for (let i = 0; i + 1 < count; i += 2) {
      if (mem.hi(first + i) === Hi.Hole) this.#value(EdgeType.Hidden, i >> 1, first + i + 1);
      else this.#entry(first + i, first + i + 1);
    }
  }

  /** A key and its value, which is named after the key when that is a text. */
  #entry(key: number, value: number): void {
    this.#value(EdgeType.Internal, this.names.of("key"), key);
    const name = this.names.ofKey(key);
    this.#value(EdgeType.Property, name === 0 ? this.names.of("value") : name, value);
  }

  /** Cells of the engine: their items are of no interest to people, but keep things alive. */
  #inner(addr: number): void {
    const { mem } = this.view;
    traceCell(mem, addr, {
      ref: (field, target) => this.#ref(field, target),
      slot: (field, slot, index) => (index < 0 ? this.#value(EdgeType.Internal, this.names.of(field), slot) : this.#value(EdgeType.Hidden, index, slot)),
    });
  }
}
