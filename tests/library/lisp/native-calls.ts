// Calls of Lisp natives without a compiler: (f a b) with f a native, arguments that are literals, quoted data or such calls.
// A test of natives then fails only for what the natives do, and runs under any heap options.

import { newBytevectorOf, setConstantBytevector } from "../../../heap/cells/bytevector.ts";
import { keywordText } from "../../../heap/cells/keyword.ts";
import { setList } from "../../../heap/cells/pair.ts";
import { newStringFromText } from "../../../heap/cells/string.ts";
import { newVectorOf } from "../../../heap/cells/vector.ts";
import type { HeapOptions } from "../../../heap/options.ts";
import { Root } from "../../../heap/roots.ts";
import { internText } from "../../../heap/symbols.ts";
import { CellKind, Hi } from "../../../heap/value.ts";
import type { Datum } from "../../../src/front/lisp/datum.ts";
import { readAll } from "../../../src/front/lisp/reader.ts";
import { arityError, conditionOf } from "../../../src/library/lisp/conditions.ts";
import { storeDatum } from "../../../src/library/lisp/numbers/slots.ts";
import { writtenText } from "../../../src/library/lisp/printer.ts";
import { LISP_NATIVES } from "../../../src/library/lisp/natives.ts";
import { LISP_RULES } from "../../../src/library/lisp/rules.ts";
import { addNatives, NATIVES } from "../../../src/library/registry.ts";
import { Source } from "../../../src/text/source.ts";
import { GUEST_THROW } from "../../../src/vm/errors.ts";
import { ScratchVm } from "../../vm/scratch-vm.ts";

addNatives(LISP_NATIVES);
const IDS: ReadonlyMap<string, number> = new Map(
  NATIVES.flatMap(({ name, aliases }, id) => (name.startsWith("lisp:") ? [name.slice(5), ...(aliases ?? [])].map((each) => [each, id] as const) : [])),
);

export class NativeCalls {
  readonly scratch: ScratchVm;

  constructor(options: HeapOptions = {}) {
    this.scratch = new ScratchVm(options);
    this.vm.rules = LISP_RULES;
  }

  get vm(): ScratchVm["vm"] { return this.scratch.vm; }

  /** Runs the forms of a text; answers the written value of the last one, or "TYPE: message" of the error it raised. */
  run(text: string): string {
    const { forms, diagnostics } = readAll(new Source("test", text));
    if (diagnostics.length > 0) throw new Error(`cannot read ${text}: ${JSON.stringify(diagnostics[0])}`);
    const slot = this.scratch.base;
    return this.#outcome(slot, () => { for (const form of forms) this.#evaluate(form, slot); });
  }

  /** Calls a native whose arguments are in the slots from `first` on; the result is in first - 2. */
  apply(name: string, first: number, argc: number): string {
    return this.#outcome(first - 2, () => void NATIVES[this.#native(name)]!.run(this.vm, first, argc));
  }

  #outcome(slot: number, run: () => void): string {
    try {
      run();
      return writtenText(this.vm, slot);
    } catch (error) {
      if (error !== GUEST_THROW) throw error;
      const condition = conditionOf(this.vm, this.vm.heap.rootSlot(Root.Exception));
      return condition === null ? "no condition" : `${condition.type}: ${condition.message}`;
    }
  }

  /** The value goes to `at`; the slots behind it are free. */
  #evaluate(form: Datum, at: number): void {
    const heap = this.vm.heap;
    if (form.kind === "symbol") return heap.setSlot(at, Hi.Native, this.#native(form.name));
    if (form.kind === "vector") return this.#call("vector", form.items, at);
    if (form.kind === "map") return this.#call("hash-map", form.items, at);
    if (form.kind !== "list") return this.#quote(form, at);
    const [head, ...rest] = form.items;
    if (head?.kind !== "symbol") throw new Error("the head of a call must be a name");
    if (head.name === "quote") return this.#quote(rest[0]!, at);
    this.#call(head.name, rest, at);
  }

  #native(name: string): number {
    const id = IDS.get(name);
    if (id === undefined) throw new Error(`no native is called ${name}`);
    return id;
  }

  #call(name: string, args: readonly Datum[], at: number): void {
    const info = NATIVES[this.#native(name)]!, first = at + 2;
    args.forEach((arg, i) => this.#evaluate(arg, first + i));
    if (args.length < info.min || (info.max >= 0 && args.length > info.max)) arityError(this.vm, name, info.min, info.max, args.length);
    info.run(this.vm, first, args.length);
  }

  #quote(datum: Datum, at: number): void {
    const heap = this.vm.heap;
    switch (datum.kind) {
      case "nil": return heap.setNull(at);
      case "empty": return heap.setSlot(at, Hi.Empty, 0);
      case "bool": return heap.setBool(at, datum.value);
      case "number": return storeDatum(heap, at, datum.value);
      case "char": return heap.setSlot(at, Hi.Rune, datum.value);
      case "string": return heap.setCell(at, CellKind.String, newStringFromText(heap, datum.value));
      case "symbol": return heap.setCell(at, CellKind.Symbol, internText(heap, datum.name));
      case "keyword": return heap.setCell(at, CellKind.Keyword, keywordText(heap, datum.name));
      case "bytes": {
        const bytes = newBytevectorOf(heap, Uint8Array.from(datum.value));
        setConstantBytevector(heap, bytes);
        return heap.setCell(at, CellKind.Bytevector, bytes);
      }
      case "list": return this.#quoteList(datum, at);
      case "vector":
        datum.items.forEach((item, i) => this.#quote(item, at + 2 + i));
        return heap.setCell(at, CellKind.Vector, newVectorOf(heap, at + 2, datum.items.length));
      case "map":
        datum.items.forEach((item, i) => this.#quote(item, at + 2 + i));
        return NATIVES[this.#native("hash-map")]!.run(this.vm, at + 2, datum.items.length) as undefined;
      default: throw new Error(`no literal of kind ${datum.kind}`);
    }
  }

  #quoteList({ items, tail }: Extract<Datum, { kind: "list" }>, at: number): void {
    items.forEach((item, i) => this.#quote(item, at + 2 + i));
    if (tail !== null) this.#quote(tail, at + 2 + items.length);
    setList(this.vm.heap, at, at + 2, items.length, tail === null ? -1 : at + 2 + items.length);
  }
}
