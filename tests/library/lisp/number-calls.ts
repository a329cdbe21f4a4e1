// Calls of number functions written as Lisp: "(+ 1/2 (sqrt 16))" is read, the natives are called directly, and the result
// is printed. There are no special forms and no variables but the constants; the compiler has no part in it.

import { carSlot, cdrSlot } from "../../../heap/cells/pair.ts";
import { newStringFromText, textOf } from "../../../heap/cells/string.ts";
import { structItem } from "../../../heap/cells/struct.ts";
import { internText } from "../../../heap/symbols.ts";
import type { HeapOptions } from "../../../heap/options.ts";
import { Root } from "../../../heap/roots.ts";
import { CellHi, CellKind, Hi } from "../../../heap/value.ts";
import { conditionText } from "../../../src/library/lisp/conditions.ts";
import { LISP_CONSTANTS, LISP_NUMBERS } from "../../../src/library/lisp/numbers.ts";
import { isNumber, storeDatum } from "../../../src/library/lisp/numbers/slots.ts";
import { numberText } from "../../../src/library/lisp/numbers/text.ts";
import { parseNumber } from "../../../src/text/lisp-number.ts";
import { GUEST_THROW } from "../../../src/vm/errors.ts";
import type { NativeInfo } from "../../../src/vm/native.ts";
import { ScratchVm } from "../../vm/scratch-vm.ts";

const NATIVES: ReadonlyMap<string, NativeInfo> = new Map(
  LISP_NUMBERS.flatMap((info) => [info.name.slice("lisp:".length), ...info.aliases ?? []].map((name) => [name, info] as const)));
const CONSTANTS = new Map(LISP_CONSTANTS.map(({ name, value }) => [name, value]));

type Form = string | readonly Form[];

function read(text: string): Form {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|#\\.|[()]|[^\s()"]+/gu) ?? [];
  let at = 0;
  const form = (): Form => {
    const token = tokens[at++]!;
    if (token !== "(") return token;
    const items: Form[] = [];
    while (tokens[at] !== ")") items.push(form());
    at++;
    return items;
  };
  return form();
}

export class NumberCalls {
  readonly scratch: ScratchVm;
  #top = 0;

  constructor(heap: HeapOptions = {}) {
    this.scratch = new ScratchVm(heap);
  }

  /** Text of the value of an expression, or "ERR " and the message of the condition. */
  run(text: string): string {
    const { vm } = this.scratch, heap = vm.heap;
    this.#top = this.scratch.base;
    try {
      return this.print(this.#evaluate(read(text)));
    } catch (error) {
      if (error !== GUEST_THROW) throw error;
      const slot = heap.rootSlot(Root.Exception);
      return `ERR ${conditionText(vm, slot) ?? textOf(heap, heap.lo(slot))}`;
    } finally {
      for (let slot = this.scratch.base; slot < this.#top; slot++) heap.setNull(slot);
    }
  }

  /** Calls a native on values that are in consecutive slots; answers the slot of the result. */
  call(name: string, first: number, count: number): number {
    const info = NATIVES.get(name);
    if (info === undefined) throw new Error(`no function ${name}`);
    if (count < info.min || (info.max >= 0 && count > info.max)) throw new Error(`wrong number of arguments for ${name}`);
    info.run(this.scratch.vm, first, count);
    return first - 2;
  }

  #evaluate(form: Form): number {
    if (typeof form === "string") return this.#literal(form);
    const window = this.#top, [head, ...items] = form;
    this.#top += 2 + items.length + 16;
    items.forEach((item, i) => this.scratch.vm.heap.copySlot(window + 2 + i, this.#evaluate(item)));
    return this.call(head as string, window + 2, items.length);
  }

  #literal(token: string): number {
    const { heap } = this.scratch.vm, slot = this.#top++, datum = parseNumber(token), constant = CONSTANTS.get(token);
    if (datum !== null) storeDatum(heap, slot, datum);
    else if (constant !== undefined) heap.setF64(slot, constant);
    else if (token.startsWith("#\\")) heap.setSlot(slot, Hi.Rune, token.codePointAt(2)!);
    else if (token === "#t" || token === "#f") heap.setBool(slot, token === "#t");
    else if (token === "nil") heap.setNull(slot);
    else if (token.startsWith("'")) heap.setCell(slot, CellKind.Symbol, internText(heap, token.slice(1)));
    else heap.setCell(slot, CellKind.String, newStringFromText(heap, JSON.parse(token) as string));
    return slot;
  }

  print(slot: number): string {
    const { vm } = this.scratch, heap = vm.heap, cell = heap.lo(slot);
    if (isNumber(heap, slot)) return numberText(vm, slot);
    switch (heap.hi(slot)) {
      case Hi.Bool: return cell === 0 ? "#f" : "#t";
      case CellHi.String: return JSON.stringify(textOf(heap, cell));
      case CellHi.Struct: return `values ${this.print(structItem(cell, 0))} ${this.print(structItem(cell, 1))}`;
      case CellHi.Pair: return `(${this.#items(slot).join(" ")})`;
      default: return `hi ${heap.hi(slot).toString(16)}`;
    }
  }

  #items(list: number): string[] {
    const heap = this.scratch.vm.heap, items: string[] = [];
    for (let at = list; heap.hi(at) === CellHi.Pair; at = cdrSlot(heap.lo(at))) items.push(this.print(carSlot(heap.lo(at))));
    return items;
  }
}
