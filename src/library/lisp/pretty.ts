// Written text broken into lines. A value goes on one line when it fits; else a list or vector puts every element on a
// line of its own, one column in, and a map every pair. Data with cycles, and whatever is nested beyond MAX_INDENT
// columns, stays on one line: the blanks of deeper lines would outgrow the text.

import { StringBuilder } from "../../../heap/cells/builder.ts";
import { carSlot, cdrSlot } from "../../../heap/cells/pair.ts";
import { decodeText } from "../../../heap/cells/utf8.ts";
import { CellHi, Hi } from "../../../heap/value.ts";
import { checkTextSize } from "../../vm/text-limit.ts";
import type { Vm } from "../../vm/vm.ts";
import { Printer } from "./printer.ts";
import { cellsInCycles } from "./printer/cycles.ts";
import { VALUE_AFTER_KEY, hasParts, mapKeys, partSlots } from "./printer/parts.ts";

const MAX_INDENT = 400;

/** What is still to be written, last first. */
type Todo = string | { readonly slot: number; readonly indent: number };

class PrettyPrinter {
  readonly #out = new StringBuilder();
  readonly #line = new StringBuilder();
  readonly #todo: Todo[] = [];

  /** `isCode`: what stands behind the first argument of a call is indented by two columns. */
  constructor(readonly vm: Vm, readonly width: number, readonly isCode: boolean) {}

  print(root: number): string {
    const cyclic = cellsInCycles(this.vm, root);
    if (cyclic !== null) {
      new Printer(this.vm, this.#out, cyclic).write(root);
      return decodeText(this.#out.view());
    }
    this.#todo.push({ slot: root, indent: 0 });
    for (let next = this.#todo.pop(); next !== undefined; next = this.#todo.pop()) {
      if (typeof next === "string") this.#out.appendText(next);
      else this.#value(next.slot, next.indent);
      checkTextSize(this.vm, this.#out);
    }
    return decodeText(this.#out.view());
  }

  /** The value on one line if that takes at most `room` bytes; it lies in #line then. */
  #fits(slot: number, room: number): boolean {
    this.#line.clear();
    return new Printer(this.vm, this.#line, null).write(slot, room);
  }

  #value(slot: number, indent: number): void {
    const isBroken = isBreakable(this.vm, slot) && indent < MAX_INDENT && !this.#fits(slot, this.width - indent);
    if (isBroken) return this.#break(slot, indent);
    this.#fits(slot, Infinity);
    this.#out.appendBytes(this.#line.view());
  }

  #break(slot: number, indent: number): void {
    const hi = this.vm.heap.hi(slot);
    if (hi === CellHi.SortedMap || hi === CellHi.HashMap) return this.#breakMap(slot, indent);
    const at = indent + 1;
    if (hi === CellHi.Pair) return this.isCode && this.#isCall(slot) ? this.#breakCall(slot, indent) : this.#lines("(", this.#listParts(slot, at), ")", at);
    this.#lines("[", partSlots(this.vm.heap, slot).map((part) => [{ slot: part, indent: at }]), "]", at);
  }

  /** A list of a name and arguments. */
  #isCall(slot: number): boolean {
    const mem = this.vm.heap, cell = mem.lo(slot);
    return !hasParts(mem, carSlot(cell)) && mem.hi(cdrSlot(cell)) === CellHi.Pair;
  }

  #breakCall(slot: number, indent: number): void {
    this.#fits(carSlot(this.vm.heap.lo(slot)), Infinity);
    const head = decodeText(this.#line.view()), rest = this.#listParts(cdrSlot(this.vm.heap.lo(slot)), indent + 2), [first] = rest.shift()!;
    const argument = typeof first === "string" ? first : { slot: first!.slot, indent: indent + 2 + head.length };
    this.#lines("(", [[head, " ", argument], ...rest], ")", indent + 2);
  }

  /** The elements of a list; an improper end stands behind a dot. */
  #listParts(slot: number, indent: number): Todo[][] {
    const mem = this.vm.heap, parts: Todo[][] = [];
    let rest = slot;
    for (; mem.hi(rest) === CellHi.Pair; rest = cdrSlot(mem.lo(rest))) parts.push([{ slot: carSlot(mem.lo(rest)), indent }]);
    if (mem.hi(rest) !== Hi.Empty) parts.push([". ", { slot: rest, indent: indent + 2 }]);
    return parts;
  }

  #breakMap(slot: number, indent: number): void {
    const pairs = mapKeys(this.vm.heap, slot).map((key): Todo[] => {
      this.#fits(key, Infinity);
      const keyText = decodeText(this.#line.view()), value = key + VALUE_AFTER_KEY;
      const below = isBreakable(this.vm, value) && !this.#fits(value, this.width - indent - 2 - keyText.length);
      const at = below ? indent + 3 : indent + 2 + keyText.length;
      return [keyText, below ? `\n${" ".repeat(at)}` : " ", { slot: value, indent: at }];
    });
    this.#lines("{", pairs, "}", indent + 1);
  }

  /** Schedules the groups, each on a line of its own. */
  #lines(open: string, groups: readonly (readonly Todo[])[], close: string, indent: number): void {
    this.#todo.push(close);
    for (let i = groups.length - 1; i >= 0; i--) {
      for (const todo of [...groups[i]!].reverse()) this.#todo.push(todo);
      if (i > 0) this.#todo.push(`\n${" ".repeat(indent)}`);
    }
    this.#todo.push(open);
    this.vm.chargeFuel(16 * groups.length);
  }
}

/** Whether the value may be broken into lines: a list, vector or map that is not empty. */
function isBreakable(vm: Vm, slot: number): boolean {
  return hasParts(vm.heap, slot) && vm.heap.hi(slot) !== CellHi.Struct;
}

/** The written form, broken so that lines of at most `width` columns result where possible. */
export const prettyText = (vm: Vm, slot: number, width: number): string => new PrettyPrinter(vm, width, false).print(slot);
/** The same for data that is program text: names and first arguments stay together. */
export const codeText = (vm: Vm, slot: number, width: number): string => new PrettyPrinter(vm, width, true).print(slot);
