// Random object graphs in a heap and, beside it, in JS: if the collector frees too much, or two cells overlap, the two
// differ. Knows no test runner and throws plain errors, so that long runs outside of it can use it.

import { clear, elementSlot, insert, length, newArray, pop, push, remove, setLength } from "../../heap/cells/array.ts";
import { boxSlot, newBox } from "../../heap/cells/box.ts";
import { deleteField, keyAt, newObject, nextField, setField, valueSlotAt } from "../../heap/cells/object.ts";
import { newStringFromText, textOf } from "../../heap/cells/string.ts";
import type { HeapOptions } from "../../heap/options.ts";
import { internText } from "../../heap/symbols.ts";
import { CellHi, CellKind, Hi } from "../../heap/value.ts";
import { Random } from "../support/random.ts";
import { PARANOID, scratchWorld, type ScratchWorld } from "./scratch-world.ts";

type Node = null | number | string | { kind: "object"; fields: Map<string, Node> } | { kind: "array"; items: Node[] } | { kind: "box"; value: Node };
const ROOTS = 12, SPARE = 20;

function same(found: unknown, expected: unknown, what: string): void {
  if (found !== expected) throw new Error(`${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
}

/** Compares a slot with the model, following each pair once. */
function compareGraph({ heap }: Pick<ScratchWorld, "heap">, slot: number, node: Node, seen: Map<number, Node>): void {
  const hi = heap.hi(slot), lo = heap.lo(slot);
  if (node === null) return same(hi, Hi.Null, "tag");
  if (typeof node === "number") {
    same(hi, Hi.I32, "tag");
    return same(lo, node, "number");
  }
  if (typeof node === "string") {
    same(hi, CellHi.String, "tag");
    return same(textOf(heap, lo), node, "string");
  }
  if (seen.has(lo)) return same(seen.get(lo) === node, true, "identity");
  seen.set(lo, node);
  if (node.kind === "box") return compareGraph({ heap }, boxSlot(lo), node.value, seen);
  if (node.kind === "array") {
    same(length(heap, lo), node.items.length, "length");
    return node.items.forEach((item, i) => compareGraph({ heap }, elementSlot(heap, lo, i), item, seen));
  }
  const names = [...node.fields.keys()];
  let count = 0;
  for (let i = nextField(heap, lo, 0); i >= 0; i = nextField(heap, lo, i + 1)) {
    const name = names[count++]!;
    same(textOf(heap, keyAt(heap, lo, i)), name, "key");
    compareGraph({ heap }, valueSlotAt(heap, lo, i), node.fields.get(name)!, seen);
  }
  same(count, names.length, "number of fields");
}

/** One random change, made to both; slots SPARE and up are free for use. */
function step(world: ScratchWorld, model: Node[], r: Random): void {
  const { heap, at, put } = world, to = r.below(ROOTS), from = r.below(ROOTS), target = model[to]!;
  switch (r.below(9)) {
    case 0: heap.setI32(at(to), model[to] = r.below(1000)); break;
    case 1: put(to, CellKind.String, newStringFromText(heap, model[to] = `text ${r.below(50)} ${"é".repeat(r.below(40))}`)); break;
    case 2: put(to, CellKind.Object, newObject(heap, r.below(6))); model[to] = { kind: "object", fields: new Map() }; break;
    case 3: put(to, CellKind.Array, newArray(heap, r.below(4))); model[to] = { kind: "array", items: [] }; break;
    case 4: put(SPARE, CellKind.Box, newBox(heap, at(from))); heap.copySlot(at(to), at(SPARE)); model[to] = { kind: "box", value: model[from]! }; break;
    case 5: heap.copySlot(at(to), at(from)); model[to] = model[from]!; break;
    case 6: heap.setNull(at(to)); model[to] = null; break;
    default:
      if (target === null || typeof target !== "object") return;
      if (target.kind === "array") changeArray(world, to, from, target.items, model, r);
      else if (target.kind === "object") changeField(world, to, from, target.fields, model[from]!, r);
      else {
        heap.replace(boxSlot(world.cell(to)), at(from));
        target.value = model[from]!;
      }
  }
}

/** Arrays grow well beyond what is scanned at a time. What is taken out goes to a root now and then. */
function changeArray({ heap, at, cell, put }: ScratchWorld, to: number, from: number, items: Node[], model: Node[], r: Random): void {
  const array = cell(to), count = items.length, i = r.below(count + 1);
  const added = (): Node => {
    if (r.chance(0.2)) {
      heap.copySlot(at(SPARE), at(from));
      return model[from]!;
    }
    const text = `item ${r.below(1000)}`;
    put(SPARE, CellKind.String, newStringFromText(heap, text));
    return text;
  };
  const taken = (value: Node | undefined): void => {
    if (r.chance(0.5)) return;
    heap.copySlot(at(from), at(SPARE));
    model[from] = value ?? null;
  };
  switch (count === 0 ? 0 : r.below(12)) {
    case 0: case 1:
      for (let n = r.below(60); n >= 0; n--) {
        items.push(added());
        push(heap, array, at(SPARE));
      }
      return;
    case 2: case 3: case 4:
      items.splice(i, 0, added());
      insert(heap, array, i, at(SPARE));
      return;
    case 5: case 6:
      remove(heap, array, i % count, at(SPARE));
      return taken(items.splice(i % count, 1)[0]);
    case 7:
      pop(heap, array, at(SPARE));
      return taken(items.pop());
    case 8: case 9:
      items[i % count] = added();
      heap.replace(elementSlot(heap, array, i % count), at(SPARE));
      return;
    case 10:
      setLength(heap, array, i);
      items.length = i;
      return;
    default:
      if (!r.chance(0.2)) return;
      clear(heap, array);
      items.length = 0;
  }
}

function changeField({ heap, at, cell }: ScratchWorld, to: number, from: number, fields: Map<string, Node>, value: Node, r: Random): void {
  const name = `f${r.below(r.below(4) === 0 ? 100 : 10)}`;
  if (r.below(4) === 0) same(deleteField(heap, cell(to), internText(heap, name)), fields.delete(name), `deleting ${name}`);
  else {
    setField(heap, cell(to), internText(heap, name), at(from));
    fields.set(name, value);
  }
}

/** So many random changes in a fresh heap, and the number of collections there were; throws where heap and model part. */
export function runGraphModel(seed: number, steps: number, options: HeapOptions): number {
  const world = scratchWorld(options), { heap, at } = world, r = new Random(seed), model: Node[] = [];
  const compare = (): void => {
    const seen = new Map<number, Node>();
    model.forEach((node, i) => compareGraph(world, at(i), node, seen));
  };
  for (let i = 0; i < ROOTS; i++) { heap.setNull(at(i)); model.push(null); }
  for (let n = 1; n <= steps; n++) {
    step(world, model, r);
    if (n % 100 === 0) compare();
  }
  heap.collect("end");
  compare();
  return heap.stats().collections;
}

/** What goes wrong in the heap with this seed, under options it chooses; null for nothing. */
export function graphProblem(seed: number): string | null {
  const r = new Random(seed), rate = r.pick([0.005, 0.05, 0.3]);
  const slices: HeapOptions = { verify: true, poison: true, initialBytes: 96 << 10, gcStep: r.pick([1, 2, 5, 20]), startEpoch: r.pick([0, 250]) };
  const options: HeapOptions = r.chance(0.5) ? slices : r.chance(0.3)
    ? { maxBytes: 1 << 20, initialBytes: 128 << 10, minThreshold: 32 << 10, verify: true }
    : { ...PARANOID, gcSeed: seed, gcStressRate: rate, startEpoch: r.pick([0, 250]) };
  try {
    runGraphModel(seed, 3_000 + r.below(15_000) * (r.chance(0.2) ? 1 : 0), options);
    return null;
  } catch (error) {
    return `${error instanceof Error ? error.stack : error}\nunder ${JSON.stringify(options)}`;
  }
}
