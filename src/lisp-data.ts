// Between the data of the Lisp front end and values of the world. Both ways use explicit stacks, so that depth costs no
// JavaScript stack. The pairs that toHeap makes know where in the source their datum stands; fromHeap gives that back, so
// spans survive macros and eval.
//
// Building goes from the outside in: a cell is linked from the slot it is wanted in before anything else is allocated, so
// all there is can be reached from the destination at any time.

import { bytevectorBytes, isConstantBytevector, newBytevectorOf, setConstantBytevector } from "../heap/cells/bytevector.ts";
import { integerValue, isInteger, setInteger } from "../heap/cells/bigint.ts";
import { imaginarySlot, newComplex, realSlot } from "../heap/cells/complex.ts";
import { keywordName, keywordText } from "../heap/cells/keyword.ts";
import { carSlot, cdrSlot, isPositioned, newPair, newPositionedPair, pairEnd, pairSource, pairStart } from "../heap/cells/pair.ts";
import { denominatorSlot, newRational, numeratorSlot } from "../heap/cells/rational.ts";
import { mapEntries, mapFromEntries } from "../heap/cells/sorted-map.ts";
import { newStringFromText, textOf } from "../heap/cells/string.ts";
import { newVector, setConstantVector, vectorCount, vectorItem } from "../heap/cells/vector.ts";
import type { Heap } from "../heap/heap.ts";
import { Root } from "../heap/roots.ts";
import { internText } from "../heap/symbols.ts";
import { CellHi, CellKind, Hi, Tag } from "../heap/value.ts";
import { type Datum, type ListDatum, type Place, Quoted, THIS_SOURCE } from "./front/lisp/datum.ts";
import type { NumberDatum, RealDatum } from "./text/lisp-number.ts";
import type { Vm } from "./vm/vm.ts";
import { workspace } from "./vm/workspace.ts";

// ---- to the world

/** A datum to be built into a slot, or what remains to be done with a slot when its parts are there. */
type Task = { readonly datum: Datum; readonly slot: number } | { readonly finish: "map" | "constant"; readonly slot: number };

/** Writes the value of a datum to dst. `sourceId`: where data that was just read stands, for the positions of pairs. */
export function toHeap(vm: Vm, datum: Datum, dst: number, sourceId: number): void {
  new Building(vm.heap, sourceId, false).build(datum, dst);
}

/** Quoted data, the constants of code: what can be changed in place is marked as constant. */
export function storeDatum(vm: Vm, dst: number, value: unknown, sourceId: number): void {
  new Building(vm.heap, sourceId, true).build(value instanceof Quoted ? value.datum : (value as Datum), dst);
}

class Building {
  readonly #tasks: Task[] = [];
  /** Slots to get the value of a datum built elsewhere, which several places of a text mean, and the slots of such data. */
  readonly #shared: { readonly datum: Datum | null; readonly slot: number }[] = [];
  readonly #places = new Map<Datum, number>();

  constructor(readonly heap: Heap, readonly sourceId: number, readonly constant: boolean) {}

  build(datum: Datum, dst: number): void {
    this.#tasks.push({ datum, slot: dst });
    for (let task = this.#tasks.pop(); task !== undefined; task = this.#tasks.pop()) {
      if ("finish" in task) this.#finish(task.finish, task.slot);
      else this.#one(task.datum, task.slot);
    }
    for (const { datum: other, slot } of this.#shared) {
      const place = other === null ? undefined : this.#places.get(other);
      if (place !== undefined) this.heap.copySlot(slot, place);
    }
  }

  #one(datum: Datum, slot: number): void {
    const { heap } = this;
    switch (datum.kind) {
      case "nil": return heap.setNull(slot);
      case "empty": return heap.setSlot(slot, Hi.Empty, 0);
      case "bool": return heap.setBool(slot, datum.value);
      case "char": return heap.setSlot(slot, Hi.Rune, datum.value);
      case "number": return this.#number(datum.value, slot);
      case "string": return heap.setCell(slot, CellKind.String, newStringFromText(heap, datum.value));
      case "symbol": return heap.setCell(slot, CellKind.Symbol, internText(heap, datum.name));
      case "keyword": return heap.setCell(slot, CellKind.Keyword, keywordText(heap, datum.name));
      case "heap": return heap.setSlot(slot, datum.hi, datum.lo);
      case "bytes": {
        const cell = newBytevectorOf(heap, Uint8Array.from(datum.value));
        setConstantBytevector(heap, cell);
        return heap.setCell(slot, CellKind.Bytevector, cell);
      }
      case "list": return this.#places.has(datum) ? this.#share(datum, slot) : this.#list(datum, slot);
      case "vector": case "map": return this.#places.has(datum) ? this.#share(datum, slot) : this.#items(datum, slot);
      case "label": return this.#share(datum.target.datum, slot);
    }
  }

  #share(datum: Datum | null, slot: number): void {
    this.heap.setNull(slot);
    this.#shared.push({ datum, slot });
  }

  #list(datum: ListDatum, slot: number): void {
    const { heap } = this;
    if (datum.cell !== 0) return heap.setCell(slot, CellKind.Pair, datum.cell);
    this.#places.set(datum, slot);
    const empty = heap.rootSlot(Root.Temp6);
    heap.setSlot(empty, Hi.Empty, 0);
    let at = slot;
    for (const item of datum.items) {
      const pair = this.#pair(item, empty);
      heap.setCell(at, CellKind.Pair, pair);
      this.#tasks.push({ datum: item, slot: carSlot(pair) });
      at = cdrSlot(pair);
    }
    heap.setHole(empty);
    if (datum.tail !== null) this.#tasks.push({ datum: datum.tail, slot: at });
  }

  #pair({ source, span }: Place, empty: number): number {
    const id = source === THIS_SOURCE ? this.sourceId : source;
    return id < 0 || span.end <= span.start ? newPair(this.heap, empty, empty) : newPositionedPair(this.heap, empty, empty, id, span.start, span.end);
  }

  #items(datum: Extract<Datum, { readonly kind: "vector" | "map" }>, slot: number): void {
    const vector = newVector(this.heap, datum.items.length);
    this.heap.setCell(slot, CellKind.Vector, vector);
    this.#places.set(datum, slot);
    if (datum.kind === "map") this.#tasks.push({ finish: "map", slot });
    else if (this.constant) this.#tasks.push({ finish: "constant", slot });
    datum.items.forEach((item, i) => this.#tasks.push({ datum: item, slot: vectorItem(vector, i) }));
  }

  #finish(what: "map" | "constant", slot: number): void {
    const { heap } = this, vector = heap.lo(slot);
    if (what === "constant") return setConstantVector(heap, vector);
    heap.replaceCell(slot, CellKind.SortedMap, mapFromEntries(heap, vectorItem(vector, 0), vectorCount(heap, vector) >> 1));
  }

  #number(value: NumberDatum, slot: number): void {
    if (value.type !== "complex") return this.#real(value, slot);
    const { heap } = this, parts = newVector(heap, 2);
    heap.setCell(slot, CellKind.Vector, parts);
    this.#real(value.real, vectorItem(parts, 0));
    this.#real(value.imaginary, vectorItem(parts, 1));
    heap.replaceCell(slot, CellKind.Complex, newComplex(heap, vectorItem(parts, 0), vectorItem(parts, 1)));
  }

  #real(value: RealDatum, slot: number): void {
    const { heap } = this;
    if (value.type === "int") return setInteger(heap, slot, value.value);
    if (value.type === "float") return heap.setF64(slot, value.value);
    const numerator = heap.rootSlot(Root.Temp6), denominator = heap.rootSlot(Root.Temp7);
    setInteger(heap, numerator, value.numerator);
    setInteger(heap, denominator, value.denominator);
    heap.setCell(slot, CellKind.Rational, newRational(heap, numerator, denominator));
    heap.setHole(numerator);
    heap.setHole(denominator);
  }
}

// ---- from the world

/** The datum of a value; null when it contains itself other than in quoted data. `spend` is told of the bytes before they are taken. */
export function fromHeap(vm: Vm, slot: number, spend = workspace(vm)): Datum | null {
  return new Reading(vm, spend, false).read(slot) ?? new Reading(vm, spend, true).read(slot);
}

const UNKNOWN_PLACE: Place = { span: { start: 0, end: 0 }, source: -2 };

type Put = (datum: Datum) => void;
interface Pending { readonly slot: number; readonly place: Place; readonly put: Put }
type Step = Pending | { readonly close: number };

/** A datum and the step that makes it; a pair while its list is followed. */
const DATUM_BYTES = 160, PAIR_BYTES = 64;

class Reading {
  readonly #steps: Step[] = [];
  /** Data of the cells met: shared parts stay shared. Cells whose parts are still being read are open. */
  readonly #known = new Map<number, Datum>();
  readonly #open = new Set<number>();
  #cyclic = false;

  constructor(
    readonly vm: Vm,
    readonly spend: (bytes: number) => void,
    /** Leave the operand of a quote as it is, unread. */
    readonly opaqueQuotes: boolean,
  ) {}

  read(slot: number): Datum | null {
    let result: Datum | null = null;
    this.#steps.push({ slot, place: this.#outermostPlace(slot), put: (datum) => { result = datum; } });
    for (let step = this.#steps.pop(); step !== undefined && !this.#cyclic; step = this.#steps.pop()) {
      if ("close" in step) this.#open.delete(step.close);
      else this.#one(step);
    }
    return this.#cyclic ? null : result;
  }

  /** A form's own place is not kept anywhere: it begins before its first item. */
  #outermostPlace(slot: number): Place {
    const { heap, sources } = this.vm;
    if (heap.hi(slot) !== CellHi.Pair || !isPositioned(heap, heap.lo(slot))) return UNKNOWN_PLACE;
    const first = heap.lo(slot), source = pairSource(heap, first);
    let start = pairStart(heap, first), end = pairEnd(heap, first), steps = 0;
    for (let at = cdrSlot(first); heap.hi(at) === CellHi.Pair && steps++ < 1000; at = cdrSlot(heap.lo(at))) {
      const pair = heap.lo(at);
      if (isPositioned(heap, pair) && pairSource(heap, pair) === source) end = Math.max(end, pairEnd(heap, pair));
    }
    const text = sources[source]?.text ?? "";
    if (text[start - 1] === "(") start--;
    if (text[end] === ")") end++;
    return { source, span: { start, end } };
  }

  #one({ slot, place, put }: Pending): void {
    const { heap } = this.vm, hi = heap.hi(slot), lo = heap.lo(slot);
    this.spend(DATUM_BYTES);
    switch (hi) {
      case Hi.Null: return put({ kind: "nil", ...place });
      case Hi.Empty: return put({ kind: "empty", ...place });
      case Hi.Bool: return put({ kind: "bool", value: lo !== 0, ...place });
      case Hi.Rune: return put({ kind: "char", value: lo, ...place });
      case CellHi.Symbol: return put({ kind: "symbol", name: textOf(heap, lo), alias: null, ...place });
      case CellHi.Keyword: return put({ kind: "keyword", name: textOf(heap, keywordName(heap, lo)), ...place });
      case CellHi.String: return put({ kind: "string", value: textOf(heap, lo), ...place });
      case CellHi.Pair: case CellHi.Vector: case CellHi.SortedMap: return this.#compound(hi, lo, place, put);
      case CellHi.Bytevector:
        if (isConstantBytevector(heap, lo)) return put({ kind: "bytes", value: [...bytevectorBytes(heap, lo)], ...place });
    }
    const value = this.#number(slot);
    put(value === null ? { kind: "heap", hi, lo, ...place } : { kind: "number", value, ...place });
  }

  #compound(hi: number, cell: number, place: Place, put: Put): void {
    if (this.#open.has(cell)) {
      this.#cyclic = true;
      return;
    }
    const known = this.#known.get(cell);
    if (known !== undefined) return put(known);
    this.#open.add(cell);
    this.#steps.push({ close: cell });
    const datum = hi === CellHi.Pair ? this.#list(cell, place) : this.#items(hi, cell, place);
    this.#known.set(cell, datum);
    put(datum);
  }

  #list(first: number, place: Place): Datum {
    const { heap } = this.vm, pairs = this.#pairs(first), items: Datum[] = new Array<Datum>(pairs.length);
    const datum: { -readonly [F in keyof ListDatum]: ListDatum[F] } = { kind: "list", items, tail: null, cell: first, ...place };
    this.vm.chargeFuel(pairs.length);
    const end = cdrSlot(pairs.at(-1)!);
    if (heap.hi(end) !== Hi.Empty) this.#steps.push({ slot: end, place: UNKNOWN_PLACE, put: (tail) => { datum.tail = tail; } });
    const opaque = this.opaqueQuotes && this.#isQuote(pairs);
    pairs.forEach((pair, i) => {
      const slot = carSlot(pair), at: Place = isPositioned(heap, pair) ? { source: pairSource(heap, pair), span: { start: pairStart(heap, pair), end: pairEnd(heap, pair) } } : UNKNOWN_PLACE;
      if (opaque && i === 1) items[i] = { kind: "heap", hi: heap.hi(slot), lo: heap.lo(slot), ...at };
      else this.#steps.push({ slot, place: at, put: (item) => { items[i] = item; } });
    });
    return datum;
  }

  /** All pairs of a list; one that comes again makes the list endless. */
  #pairs(first: number): number[] {
    const { heap } = this.vm, pairs = [first], seen = new Set(pairs);
    for (let at = cdrSlot(first); heap.hi(at) === CellHi.Pair; at = cdrSlot(heap.lo(at))) {
      const pair = heap.lo(at);
      if (seen.has(pair)) {
        this.#cyclic = true;
        break;
      }
      this.spend(PAIR_BYTES);
      seen.add(pair);
      pairs.push(pair);
    }
    return pairs;
  }

  #isQuote(pairs: readonly number[]): boolean {
    const { heap } = this.vm, head = carSlot(pairs[0]!);
    return pairs.length === 2 && heap.hi(head) === CellHi.Symbol && textOf(heap, heap.lo(head)) === "quote";
  }

  #items(hi: number, cell: number, { source, span }: Place): Datum {
    const { heap } = this.vm, slots: number[] = [];
    if (hi === CellHi.Vector) {
      this.spend(PAIR_BYTES * vectorCount(heap, cell));
      for (let i = 0; i < vectorCount(heap, cell); i++) slots.push(vectorItem(cell, i));
    }
    else mapEntries(heap, cell, (key, value) => slots.push(key, value));
    const items: Datum[] = new Array<Datum>(slots.length);
    this.vm.chargeFuel(slots.length);
    slots.forEach((slot, i) => this.#steps.push({ slot, place: UNKNOWN_PLACE, put: (item) => { items[i] = item; } }));
    return { kind: hi === CellHi.Vector ? "vector" : "map", items, source, span };
  }

  #number(slot: number): NumberDatum | null {
    const { heap } = this.vm, cell = heap.lo(slot);
    if (heap.hi(slot) !== CellHi.Complex) return this.#real(slot);
    const real = this.#real(realSlot(cell)), imaginary = this.#real(imaginarySlot(cell));
    return real === null || imaginary === null ? null : { type: "complex", real, imaginary };
  }

  #real(slot: number): RealDatum | null {
    const { heap } = this.vm, hi = heap.hi(slot), cell = heap.lo(slot);
    if (hi < Tag.First) return { type: "float", value: heap.f64[slot]! };
    if (isInteger(heap, slot)) return { type: "int", value: integerValue(heap, slot) };
    if (hi !== CellHi.Rational) return null;
    return { type: "rational", numerator: integerValue(heap, numeratorSlot(cell)), denominator: integerValue(heap, denominatorSlot(cell)) };
  }
}
