// Constants: literals of the IR written into slots. Texts, symbols, arrays and argument names are made once and pinned.

import { push, newArray } from "../../heap/cells/array.ts";
import { freshString, newString } from "../../heap/cells/string.ts";
import { newSlots, slotsItem } from "../../heap/cells/slots.ts";
import { Code } from "../../heap/layout.ts";
import { CellKind } from "../../heap/value.ts";
import type { Argument, Literal } from "../ir/nodes.ts";
import { storeLiteral } from "../vm/literals.ts";
import { codeOf } from "../vm/stack.ts";
import type { Vm } from "../vm/vm.ts";
import type { TreeWorld } from "./world.ts";

export class Constants {
  /** Cells by the literal or argument list they were made for. */
  readonly #cells = new Map<Literal | readonly Argument[], number>();

  constructor(private readonly vm: Vm, private readonly world: TreeWorld) {}

  /** Writes the value of the literal. May collect; dst must be seen by the collector. */
  write(dst: number, literal: Literal): void {
    const { heap } = this.vm;
    switch (literal.type) {
      case "symbol": return heap.setCell(dst, CellKind.Symbol, this.world.symbol(literal.value));
      // A string literal is a new string each time, sharing the bytes of the pinned one.
      case "string": return heap.setCell(dst, CellKind.String, freshString(heap, this.#string(literal, dst)));
      case "array": return heap.setCell(dst, CellKind.Array, this.#array(literal, dst));
      case "datum": return this.#datum(dst, literal);
      default: return storeLiteral(heap, dst, literal);
    }
  }

  #string(literal: Literal & { type: "string" }, scratch: number): number {
    const known = this.#cells.get(literal);
    if (known !== undefined) return known;
    const string = newString(this.vm.heap, literal.value);
    this.vm.heap.setCell(scratch, CellKind.String, string);
    this.world.pin(scratch);
    this.#cells.set(literal, string);
    return string;
  }

  /** Quoted data is one value for all evaluations. */
  #datum(dst: number, literal: Literal & { type: "datum" }): void {
    const { heap } = this.vm;
    let holder = this.#cells.get(literal);
    if (holder === undefined) {
      this.vm.services.storeDatum(this.vm, dst, literal.value, heap.word(codeOf(heap, this.vm.fp) + Code.SourceId));
      holder = newSlots(heap, 1, 1);
      heap.copySlot(slotsItem(holder, 0), dst);
      heap.setCell(dst, CellKind.Slots, holder);
      this.world.pin(dst);
      this.#cells.set(literal, holder);
    }
    heap.copySlot(dst, slotsItem(holder, 0));
  }

  #array(literal: Literal & { type: "array" }, dst: number): number {
    const known = this.#cells.get(literal);
    if (known !== undefined) return known;
    const { heap } = this.vm;
    const array = this.#pinArray(literal.value.length, dst);
    for (const element of literal.value) {
      this.write(dst, element);
      push(heap, array, dst);
    }
    this.#cells.set(literal, array);
    return array;
  }

  /** Array with the name, or null, of each argument; 0 when none is named. `scratch` is overwritten. */
  argumentNames(args: readonly Argument[], scratch: number): number {
    if (args.every((arg) => arg.name === null)) return 0;
    const known = this.#cells.get(args);
    if (known !== undefined) return known;
    const { heap } = this.vm;
    const array = this.#pinArray(args.length, scratch);
    for (const { name } of args) {
      if (name === null) heap.setNull(scratch);
      else heap.setCell(scratch, CellKind.Symbol, this.world.symbol(name));
      push(heap, array, scratch);
    }
    this.#cells.set(args, array);
    return array;
  }

  /** A pinned array, still empty: it is entered in the table once it is full, since filling it may run out of memory. */
  #pinArray(capacity: number, scratch: number): number {
    const array = newArray(this.vm.heap, capacity);
    this.vm.heap.setCell(scratch, CellKind.Array, array);
    this.world.pin(scratch);
    return array;
  }
}
