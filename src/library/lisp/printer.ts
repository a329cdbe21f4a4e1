// Values as Lisp text. The written form is what the reader takes back; the displayed form differs only in that a string or
// character that is the whole value is shown as it is. Data is walked with an explicit stack, so depth cannot overflow the
// host's, and a value that contains itself gets a datum label: #0=(1 . #0#). Nothing here allocates in the heap.

import { Struct } from "../../../heap/layout.ts";
import { StringBuilder } from "../../../heap/cells/builder.ts";
import { carSlot, cdrSlot } from "../../../heap/cells/pair.ts";
import { decodeText } from "../../../heap/cells/utf8.ts";
import { StructType } from "../../../heap/structs.ts";
import { CellHi, CellKind, Hi } from "../../../heap/value.ts";
import { checkTextSize } from "../../vm/text-limit.ts";
import type { Vm } from "../../vm/vm.ts";
import { appendAtom, nameText } from "./printer/atoms.ts";
import { cellsInCycles } from "./printer/cycles.ts";
import { hasParts, partSlots } from "./printer/parts.ts";

/** Fuel for a part shown, in the units of chargeFuel. */
const PART_FUEL = 16;

/** A container being written: its parts from `next` on, or for a list the pair whose cdr comes next. */
interface Open { readonly parts: readonly number[]; next: number; pair: number; readonly close: string }

export class Printer {
  readonly #open: Open[] = [];
  /** Labels given so far. */
  readonly #labels = new Map<number, number>();

  /** `cyclic`: the cells that need a label, see cellsInCycles. */
  constructor(readonly vm: Vm, readonly out: StringBuilder, readonly cyclic: ReadonlySet<number> | null) {}

  /** Appends the written form; gives up (false) once the text is longer than the limit. */
  write(slot: number, limit = Infinity): boolean {
    this.#begin(slot);
    while (this.#open.length > 0) {
      this.#step(this.#open[this.#open.length - 1]!);
      this.vm.work(PART_FUEL);
      if (this.out.length > limit) break;
      checkTextSize(this.vm, this.out);
    }
    this.#open.length = 0;
    return this.out.length <= limit;
  }

  /** Writes an atom, or opens a container. */
  #begin(slot: number): void {
    const { out } = this, mem = this.vm.heap;
    if (!hasParts(mem, slot)) return appendAtom(this.vm, out, slot);
    if (this.#wroteLabel(mem.lo(slot))) return;
    const cell = mem.lo(slot);
    switch (mem.hi(slot)) {
      case CellHi.Pair:
        out.appendText("(");
        this.#open.push({ parts: [carSlot(cell)], next: 0, pair: cell, close: ")" });
        return;
      case CellHi.Vector: out.appendText("["); break;
      case CellHi.Struct: out.appendText(`#<record ${recordName(this.vm, cell)}`); break;
      default: out.appendText("{");
    }
    const close = { [CellHi.Vector as number]: "]", [CellHi.Struct]: ">" }[mem.hi(slot)] ?? "}";
    this.#open.push({ parts: partSlots(this.vm.heap, slot), next: 0, pair: 0, close });
  }

  /** Writes `#n#` for a cell written before (true), or starts its label. */
  #wroteLabel(cell: number): boolean {
    if (this.cyclic === null || !this.cyclic.has(cell)) return false;
    const known = this.#labels.get(cell);
    if (known === undefined) this.#labels.set(cell, this.#labels.size);
    this.out.appendText(known === undefined ? `#${this.#labels.size - 1}=` : `#${known}#`);
    return known !== undefined;
  }

  #step(top: Open): void {
    const { out } = this;
    if (top.next < top.parts.length) {
      if (top.next > 0 || top.close === ">") out.appendText(" ");
      return this.#begin(top.parts[top.next++]!);
    }
    if (top.pair !== 0 && this.#continueList(top)) return;
    out.appendText(top.close);
    this.#open.pop();
  }

  /** The rest of a list behind a pair: its next element (true), or ` . x` unless it ends here. */
  #continueList(top: Open): boolean {
    const mem = this.vm.heap, rest = cdrSlot(top.pair), hi = mem.hi(rest), cell = mem.lo(rest);
    top.pair = 0;
    if (hi === Hi.Empty) return false;
    this.out.appendText(" ");
    if (hi === CellHi.Pair && this.cyclic?.has(cell) !== true) {
      top.pair = cell;
      this.#begin(carSlot(cell));
    } else {
      this.out.appendText(". ");
      this.#begin(rest);
    }
    return true;
  }
}

/** The name a record shows. */
function recordName(vm: Vm, struct: number): string {
  const mem = vm.heap, type = mem.lo((struct + Struct.Data) >> 3);
  return mem.word(struct + Struct.Type) === StructType.Values ? "%multiple-values%" : nameText(mem, (type + Struct.Data) >> 3);
}

/** Appends the written form. */
export function appendWritten(vm: Vm, out: StringBuilder, slot: number): void {
  if (hasParts(vm.heap, slot)) new Printer(vm, out, cellsInCycles(vm, slot)).write(slot);
  else appendAtom(vm, out, slot);
}

/** Appends the displayed form: strings and characters as they are, everything else as written. */
export function appendDisplayed(vm: Vm, out: StringBuilder, slot: number): void {
  const mem = vm.heap, hi = mem.hi(slot);
  if (hi === CellHi.String) out.appendString(mem, mem.lo(slot));
  else if (hi === Hi.Rune) out.appendCodePoint(mem.lo(slot));
  else appendWritten(vm, out, slot);
  checkTextSize(vm, out);
}

/** The written form as JS text. */
export function writtenText(vm: Vm, slot: number): string {
  const out = new StringBuilder();
  appendWritten(vm, out, slot);
  return decodeText(out.view());
}

/** The displayed form as JS text. */
export function displayedText(vm: Vm, slot: number): string {
  const out = new StringBuilder();
  appendDisplayed(vm, out, slot);
  return decodeText(out.view());
}

/** Stores the text built so far as a new string. */
export function storeText(vm: Vm, dst: number, out: StringBuilder): void {
  vm.chargeFuel(out.length >> 2);
  checkTextSize(vm, out);
  vm.heap.setCell(dst, CellKind.String, out.finish(vm.heap));
}

export { prettyText } from "./pretty.ts";
