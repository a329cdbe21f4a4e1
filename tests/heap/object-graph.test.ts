// Random object graphs against a model in JS, with collections and the verifier at every turn: if the collector frees too
// much, or two cells overlap, the graphs differ.

import { describe, expect, test } from "vitest";
import { elementSlot, length, newArray, push } from "../../heap/cells/array.ts";
import { boxSlot, newBox } from "../../heap/cells/box.ts";
import { deleteField, findSlot, newObject, nextField, keyAt, setField, valueSlotAt } from "../../heap/cells/object.ts";
import { newStringFromText, textOf } from "../../heap/cells/string.ts";
import type { HeapOptions } from "../../heap/options.ts";
import { internText } from "../../heap/symbols.ts";
import { CellHi, CellKind, Hi } from "../../heap/value.ts";
import { PARANOID, random, scratchWorld, type ScratchWorld } from "./scratch-world.ts";

type Node = null | number | string | { kind: "object"; fields: Map<string, Node> } | { kind: "array"; items: Node[] } | { kind: "box"; value: Node };
const ROOTS = 12, SPARE = 20;

/** Compares a slot with the model, following each pair once. */
function compareGraph({ heap }: ScratchWorld, slot: number, node: Node, seen: Map<number, Node>): void {
  const hi = heap.hi(slot), lo = heap.lo(slot);
  if (node === null) return expect(hi).toBe(Hi.Null);
  if (typeof node === "number") return expect([hi, lo]).toEqual([Hi.I32, node]);
  if (typeof node === "string") {
    expect(hi).toBe(CellHi.String);
    return expect(textOf(heap, lo)).toBe(node);
  }
  if (seen.has(lo)) return expect(seen.get(lo)).toBe(node);
  seen.set(lo, node);
  const world = { heap } as ScratchWorld;
  if (node.kind === "box") return compareGraph(world, boxSlot(lo), node.value, seen);
  if (node.kind === "array") {
    expect(length(heap, lo)).toBe(node.items.length);
    return node.items.forEach((item, i) => compareGraph(world, elementSlot(heap, lo, i), item, seen));
  }
  const names = [...node.fields.keys()];
  for (let i = nextField(heap, lo, 0), n = 0; i >= 0; i = nextField(heap, lo, i + 1), n++) {
    expect(textOf(heap, keyAt(heap, lo, i))).toBe(names[n]);
    compareGraph(world, valueSlotAt(heap, lo, i), node.fields.get(names[n]!)!, seen);
  }
}

/** One random change, made to both; slots SPARE and up are free for use. */
function step(world: ScratchWorld, model: Node[], r: ReturnType<typeof random>): void {
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
      if (target.kind === "array") {
        push(heap, world.cell(to), at(from));
        target.items.push(model[from]!);
      } else if (target.kind === "object") changeField(world, to, from, target.fields, model[from]!, r);
  }
}

function changeField({ heap, at, cell }: ScratchWorld, to: number, from: number, fields: Map<string, Node>, value: Node, r: ReturnType<typeof random>): void {
  const name = `f${r.below(r.below(4) === 0 ? 100 : 10)}`;
  if (r.below(4) === 0) expect(deleteField(heap, cell(to), internText(heap, name))).toBe(fields.delete(name));
  else {
    setField(heap, cell(to), internText(heap, name), at(from));
    fields.set(name, value);
  }
}

function runModel(seed: number, steps: number, options: HeapOptions): void {
  const world = scratchWorld(options), { heap, at } = world, r = random(seed), model: Node[] = [];
  for (let i = 0; i < ROOTS; i++) { heap.setNull(at(i)); model.push(null); }
  for (let n = 1; n <= steps; n++) {
    step(world, model, r);
    if (n % 100 === 0) {
      const seen = new Map<number, Node>();
      model.forEach((node, i) => compareGraph(world, at(i), node, seen));
    }
  }
  heap.collect("end");
  expect(heap.stats().collections).toBeGreaterThan(1);
}

describe("random graphs survive", () => {
  for (const seed of [1, 2, 3]) test(`a collection now and then, seed ${seed}`, () => runModel(seed, 2000, { ...PARANOID, gcSeed: seed }));
  test("a collection at every allocation", () => runModel(4, 500, { gcStress: 1, verify: true, poison: true, initialBytes: 96 << 10 }));
  test("ordinary thresholds in a tiny heap", () => runModel(5, 20000, { maxBytes: 1 << 20, initialBytes: 128 << 10, minThreshold: 32 << 10 }));
});

test("fields are found by key whatever the history", () => {
  const { heap, at, put } = scratchWorld(PARANOID), r = random(9), model = new Map<string, number>();
  const obj = put(0, CellKind.Object, newObject(heap, 4));
  for (let n = 0; n < 1200; n++) {
    const name = `k${r.below(300)}`;
    if (r.below(3) === 0) expect(deleteField(heap, obj, internText(heap, name))).toBe(model.delete(name));
    else {
      heap.setI32(at(1), n);
      setField(heap, obj, internText(heap, name), at(1));
      model.set(name, n);
    }
  }
  for (const [name, value] of model) expect(heap.lo(findSlot(heap, obj, internText(heap, name)))).toBe(value);
  expect(findSlot(heap, obj, internText(heap, "absent"))).toBe(0);
});
