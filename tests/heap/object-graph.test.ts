// Random object graphs against a model in JS (graph-model.ts), with collections and the verifier at every turn.

import { describe, expect, test } from "vitest";
import { deleteField, findSlot, newObject, setField } from "../../heap/cells/object.ts";
import { internText } from "../../heap/symbols.ts";
import { CellKind } from "../../heap/value.ts";
import { Random } from "../support/random.ts";
import { graphProblem, runGraphModel } from "./graph-model.ts";
import { PARANOID, scratchWorld } from "./scratch-world.ts";

describe("random graphs survive", () => {
  for (const seed of [1, 2, 3]) test(`a collection now and then, seed ${seed}`, () => expect(runGraphModel(seed, 2000, { ...PARANOID, gcSeed: seed })).toBeGreaterThan(1));
  test("a collection at every allocation", () => expect(runGraphModel(4, 500, { gcStress: 1, verify: true, poison: true, initialBytes: 96 << 10 })).toBeGreaterThan(1));
  test("ordinary thresholds in a tiny heap", () => expect(runGraphModel(5, 20000, { maxBytes: 1 << 20, initialBytes: 128 << 10, minThreshold: 32 << 10 })).toBeGreaterThan(1));
  for (const seed of [8, 9, 10]) test(`marking in small steps, seed ${seed}`, () => expect(runGraphModel(seed, 2000, { gcStep: seed, verify: true, poison: true, initialBytes: 96 << 10, startEpoch: 250 })).toBeGreaterThan(20));
  for (const seed of [6, 7, 11, 12]) test(`options of their own, seed ${seed}`, () => expect(graphProblem(seed)).toBeNull());
});

test("fields are found by key whatever the history", () => {
  const { heap, at, put } = scratchWorld(PARANOID), r = new Random(9), model = new Map<string, number>();
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
