// Images: a copy of the used world goes on as if nothing had happened, under other options, many times over.

import { describe, expect, test } from "vitest";
import { nextRun } from "../../heap/allocator.ts";
import { elementSlot, length, newArray, push } from "../../heap/cells/array.ts";
import { findSlot, newObject, setField } from "../../heap/cells/object.ts";
import { newStringFromText, textOf } from "../../heap/cells/string.ts";
import { Heap, OutOfMemory } from "../../heap/heap.ts";
import type { HeapOptions } from "../../heap/options.ts";
import { internText } from "../../heap/symbols.ts";
import { CellKind } from "../../heap/value.ts";
import { Header } from "../../heap/world-layout.ts";
import { scratchWorld, worldOf, type ScratchWorld } from "./scratch-world.ts";

function populate({ heap, at, put, cell }: ScratchWorld): void {
  put(0, CellKind.Array, newArray(heap, 0));
  put(2, CellKind.Object, newObject(heap, 4));
  for (let n = 0; n < 3000; n++) {
    put(1, CellKind.String, newStringFromText(heap, `item ${n}`));
    push(heap, cell(0), at(1));
    if (n % 100 === 0) setField(heap, cell(2), internText(heap, `key ${n}`), at(1));
  }
}

function check({ heap, cell }: ScratchWorld): void {
  expect(length(heap, cell(0))).toBeGreaterThanOrEqual(3000);
  expect(textOf(heap, heap.lo(elementSlot(heap, cell(0), 1234)))).toBe("item 1234");
  expect(textOf(heap, heap.lo(findSlot(heap, cell(2), internText(heap, "key 2900"))))).toBe("item 2900");
}

const reopen = (image: Uint8Array, options: HeapOptions = {}): ScratchWorld => worldOf(Heap.fromImage(image, options), 64);

describe("a heap from an image", () => {
  const original = scratchWorld();
  populate(original);
  const image = original.heap.image();

  for (const [name, options] of [
    ["same options", {}], ["smaller limit", { maxBytes: 1 << 20, initialBytes: 0 }], ["larger world", { maxBytes: 128 << 20, initialBytes: 64 << 20 }],
    ["every check on", { verify: true, poison: true, gcStressRate: 0.05 }], ["a collection at every allocation", { gcStress: 1 }],
  ] as const) {
    test(`goes on with ${name}`, () => {
      const world = reopen(image, options), { heap, at, put, cell } = world;
      check(world);
      for (let n = 0; n < 300; n++) {
        put(1, CellKind.String, newStringFromText(heap, `more ${n}`));
        push(heap, cell(0), at(1));
        setField(heap, cell(2), internText(heap, `new ${n % 90}`), at(1));
      }
      heap.collect("test");
      heap.verify();
      check(world);
      check(reopen(heap.image()));
    });
  }

  test("does not share anything with the original or its sisters", () => {
    const a = reopen(image), b = reopen(image);
    a.heap.setI32(elementSlot(a.heap, a.cell(0), 1234), 1);
    check(b);
    check(original);
  });

  test("has no more pages than are used", () => {
    expect(image.length).toBeLessThan(450 << 10);
    expect(new Heap().image().length).toBeLessThan(100 << 10);
  });

  test("respects the limit", () => {
    expect(() => Heap.fromImage(image, { maxBytes: 96 << 10 })).toThrow(OutOfMemory);
    const { heap, at, put, cell } = reopen(image, { maxBytes: 1 << 20 });
    expect(() => { for (;;) { put(1, CellKind.String, newStringFromText(heap, "x".repeat(100))); push(heap, cell(0), at(1)); } }).toThrow(OutOfMemory);
    expect(heap.worldBytes).toBeLessThanOrEqual(1 << 20);
  });

  test("of something else is refused", () => expect(() => Heap.fromImage(new Uint8Array(8192))).toThrow(/not a heap image/));
});

test("an image of an exhausted heap has its reserve again", () => {
  const world = scratchWorld({ maxBytes: 1 << 20 }), { heap, at, put, cell } = world;
  populate(world);
  expect(() => { for (;;) { put(1, CellKind.String, newStringFromText(heap, "y".repeat(500))); push(heap, cell(0), at(1)); } }).toThrow(OutOfMemory);
  const next = reopen(heap.image(), { maxBytes: 4 << 20 });
  check(next);
  next.heap.collect("test");
  next.heap.verify();
});

test("a world its image fills gets a reserve when it grows", () => {
  const world = scratchWorld({ maxBytes: 4 << 20 });
  populate(world);
  const { heap } = reopen(world.heap.image(), { maxBytes: 4 << 20, initialBytes: 0 });
  expect(heap.word(Header.Reserve)).toBe(0);
  heap.grow();
  expect(heap.word(Header.Reserve)).toBeGreaterThan(0);
  heap.verify();
  while (heap.grow());
  expect(heap.word(Header.Reserve)).toBeGreaterThan(0);
});

test("a search for free lines that had come to the end of a larger world is at the end of the smaller one", () => {
  const large = scratchWorld({ initialBytes: 8 << 20 });
  populate(large);
  large.heap.collect("test");
  while (nextRun(large.heap, 8));
  expect(large.heap.word(Header.SweepBlock)).toBe(8 << 20);
  const small = reopen(large.heap.image(), { initialBytes: 0 });
  expect(small.heap.worldBytes).toBeLessThan(2 << 20);
  small.heap.verify();
  populate(small);
  small.heap.verify();
  check(small);
});
