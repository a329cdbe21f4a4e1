// Arrays against JS arrays.

import { expect, test } from "vitest";
import { appendElements, clear, elementSlot, insert, length, newArray, newArrayOf, pop, push, remove, setLength, shift } from "../../heap/cells/array.ts";
import { CellKind, Hi } from "../../heap/value.ts";
import { Random } from "../support/random.ts";
import { PARANOID, scratchWorld, type ScratchWorld } from "./scratch-world.ts";

function contents({ heap }: ScratchWorld, arr: number): (number | null)[] {
  return Array.from({ length: length(heap, arr) }, (_, i) => {
    const slot = elementSlot(heap, arr, i);
    return heap.hi(slot) === Hi.Null ? null : heap.lo(slot);
  });
}

test("random operations agree with a JS array", () => {
  for (const seed of [1, 2]) {
    const world = scratchWorld({ ...PARANOID, gcSeed: seed }), { heap, at, put, cell } = world, r = new Random(seed);
    let model: (number | null)[] = [];
    put(0, CellKind.Array, newArray(heap, 0));
    for (let n = 0; n < 3000; n++) {
      heap.setI32(at(1), n);
      const i = r.below(model.length + 1), some = model.length > 0;
      switch (r.below(9)) {
        case 0: case 1: case 2: push(heap, cell(0), at(1)); model.push(n); break;
        case 3: insert(heap, cell(0), i, at(1)); model.splice(i, 0, n); break;
        case 4: expect(pop(heap, cell(0), at(2))).toBe(some); if (some) expect(heap.lo(at(2))).toBe(model.pop() ?? 0); break;
        case 5: expect(shift(heap, cell(0), at(2))).toBe(some); if (some) expect(heap.lo(at(2))).toBe(model.shift() ?? 0); break;
        case 6: if (i < model.length) { remove(heap, cell(0), i, at(2)); expect(heap.lo(at(2))).toBe(model.splice(i, 1)[0] ?? 0); } break;
        case 7: if (n % 7 === 0 && model.length < 200) { appendElements(heap, cell(0), cell(0), 0, model.length); model = [...model, ...model]; } break;
        default: if (n % 11 === 0) { const size = r.below(40); setLength(heap, cell(0), size); model = Array.from({ length: size }, (_, k) => (k < model.length ? model[k]! : null)); }
      }
    }
    expect(contents(world, cell(0))).toEqual(model);
    clear(heap, cell(0));
    expect(length(heap, cell(0))).toBe(0);
    heap.verify();
  }
});

test("an element may be pushed onto its own array while that grows", () => {
  const { heap, at, put, cell } = scratchWorld({ poison: true, maxBytes: 64 << 20 });
  put(0, CellKind.Array, newArray(heap, 0));
  heap.setI32(at(1), 42);
  push(heap, cell(0), at(1));
  for (let n = 0; n < 5000; n++) push(heap, cell(0), elementSlot(heap, cell(0), n));
  expect(heap.lo(elementSlot(heap, cell(0), 5000))).toBe(42);
});

test("growing frees the old elements at once", () => {
  const { heap, at, put, cell } = scratchWorld({ maxBytes: 16 << 20, minThreshold: 1 << 30 });
  put(0, CellKind.Array, newArray(heap, 0));
  heap.setNull(at(1));
  for (let n = 0; n < 500000; n++) push(heap, cell(0), at(1));
  expect(length(heap, cell(0))).toBe(500000);
});

test("an array of slots copies them", () => {
  const { heap, at, put } = scratchWorld();
  for (let i = 0; i < 5; i++) heap.setF64(at(i), i / 2);
  const arr = put(6, CellKind.Array, newArrayOf(heap, at(1), 3));
  expect([0, 1, 2].map((i) => heap.f64[elementSlot(heap, arr, i)])).toEqual([0.5, 1, 1.5]);
});

test("a long array grows where it is as long as the pages behind it are free", () => {
  const world = scratchWorld({ verify: true, poison: true, initialBytes: 4 << 20 }), { heap, at, put, cell } = world;
  const fill = (count: number): void => {
    while (length(heap, cell(0)) < count) { heap.setI32(at(1), length(heap, cell(0))); push(heap, cell(0), at(1)); }
  };
  // The block of small cells comes first, so that it does not lie behind the elements.
  put(0, CellKind.Array, newArray(heap, 0));
  put(0, CellKind.Array, newArray(heap, 8000));
  fill(8000);
  const first = elementSlot(heap, cell(0), 0);
  fill(16_000);
  expect(elementSlot(heap, cell(0), 0)).toBe(first);
  // In the way: the next long array lies behind it.
  put(2, CellKind.Array, newArray(heap, 16_000));
  fill(100_000);
  expect(elementSlot(heap, cell(0), 0)).not.toBe(first);
  heap.collect("test");
  expect(contents(world, cell(0)).every((value, i) => value === i)).toBe(true);
});
