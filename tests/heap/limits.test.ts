// Running out of memory: the limit holds, the error can be raised and survived, and every single allocation may fail.

import { describe, expect, test } from "vitest";
import { elementSlot, length, newArray, push, setLength } from "../../heap/cells/array.ts";
import { newBuffer } from "../../heap/cells/buffer.ts";
import { newObject, setField } from "../../heap/cells/object.ts";
import { concat, newStringFromText, textOf } from "../../heap/cells/string.ts";
import { Heap, OutOfMemory } from "../../heap/heap.ts";
import { RawMemory } from "../../heap/raw.ts";
import { internText } from "../../heap/symbols.ts";
import { CellKind } from "../../heap/value.ts";
import { scratchWorld, type ScratchWorld } from "./scratch-world.ts";

class GuestError extends Error {}

/** Like an engine: the error needs a string, which is kept in slot 60. */
function raiseGuestError({ heap, put }: ScratchWorld): void {
  heap.onOutOfMemory = () => {
    put(60, CellKind.String, newStringFromText(heap, "out of memory"));
    throw new GuestError("out of memory");
  };
}

/** Appends strings to the array in slot 0 until memory runs out. */
function exhaust({ heap, at, put, cell }: ScratchWorld): void {
  put(0, CellKind.Array, newArray(heap, 0));
  for (let n = 0; ; n++) {
    put(1, CellKind.String, newStringFromText(heap, `string number ${n}`));
    push(heap, cell(0), at(1));
  }
}

describe("out of memory", () => {
  for (const maxBytes of [128 << 10, 512 << 10, 4 << 20]) {
    test(`in ${maxBytes >> 10} KiB is raised, survived, and raised again`, () => {
      const world = scratchWorld({ maxBytes, initialBytes: 96 << 10, poison: true }), { heap, at, put, cell } = world;
      raiseGuestError(world);
      for (let round = 0; round < 4; round++) {
        expect(() => exhaust(world)).toThrow(GuestError);
        expect(textOf(heap, cell(60))).toBe("out of memory");
        expect(length(heap, cell(0))).toBeGreaterThan(500);
        expect(heap.worldBytes).toBeLessThanOrEqual(maxBytes);
        heap.verify();
        heap.setNull(at(0));
        put(1, CellKind.Object, newObject(heap, 8));
      }
    });
  }

  test("for one huge cell leaves the rest usable", () => {
    const world = scratchWorld({ maxBytes: 2 << 20 }), { heap, put, cell } = world;
    raiseGuestError(world);
    put(0, CellKind.Array, newArray(heap, 0));
    expect(() => setLength(heap, cell(0), 1e9)).toThrow(GuestError);
    expect(() => setLength(heap, cell(0), 2 ** 40)).toThrow(GuestError);
    expect(length(heap, cell(0))).toBe(0);
    setLength(heap, cell(0), 10000);
    expect(() => heap.allocate(CellKind.Bytes, 3 << 20)).toThrow(GuestError);
    heap.verify();
  });

  test("while raising it is final, not endless", () => {
    const { heap } = scratchWorld({ maxBytes: 256 << 10 });
    heap.onOutOfMemory = () => { for (;;) newStringFromText(heap, "x".repeat(100)) && heap.allocate(CellKind.Bytes, 1e9); };
    expect(() => heap.allocate(CellKind.Bytes, 1e9)).toThrow(OutOfMemory);
  });

  test("without a handler is a plain exception", () => {
    const world = scratchWorld({ maxBytes: 128 << 10 });
    expect(() => exhaust(world)).toThrow(OutOfMemory);
  });

  test("a heap that is nearly full does not collect without end", () => {
    let collections = 0;
    const world = scratchWorld({ maxBytes: 1 << 20, onCollect: () => collections++ });
    expect(() => exhaust(world)).toThrow(OutOfMemory);
    expect(collections).toBeLessThan(60);
  });
});

/** A little of everything; its result does not depend on when memory is short. */
function program({ heap, at, put, cell }: ScratchWorld): string {
  put(0, CellKind.Object, newObject(heap, 2));
  put(1, CellKind.String, newStringFromText(heap, "start"));
  for (let n = 0; n < 90; n++) {
    put(2, CellKind.String, newStringFromText(heap, `${n},`));
    put(1, CellKind.String, concat(heap, cell(1), cell(2)));
    setField(heap, cell(0), internText(heap, `key${n}`), at(1));
  }
  put(3, CellKind.Array, newArray(heap, 0));
  for (let n = 0; n < 40; n++) push(heap, cell(3), at(0));
  return `${textOf(heap, cell(1)).length} ${length(heap, cell(3))} ${heap.lo(elementSlot(heap, cell(3), 39)) === cell(0)}`;
}

describe("a program gives the same answer or the error", () => {
  test("whichever allocation fails", () => {
    const expected = program(scratchWorld());
    // Allocation 1 is the scratch stack.
    for (let n = 2; ; n += 1 + (n >> 5)) {
      const world = scratchWorld({ failAllocationAt: n, poison: true, verify: true });
      raiseGuestError(world);
      let result: string | null = null;
      try {
        result = program(world);
      } catch (error) {
        if (!(error instanceof GuestError)) throw error;
      }
      world.heap.collect("verify");
      if (result !== null) {
        expect(result).toBe(expected);
        break;
      }
      expect(n).toBeLessThan(5000);
    }
  });

  test("in worlds of every size, from too small on", () => {
    const expected = program(scratchWorld()), results = new Set<string>();
    for (let blocks = 3; blocks < 12; blocks++) {
      const world = scratchWorld({ maxBytes: blocks << 15, initialBytes: 3 << 15, verify: true, poison: true, minThreshold: 8 << 10 });
      raiseGuestError(world);
      try {
        results.add(program(world));
      } catch (error) {
        if (!(error instanceof GuestError)) throw error;
      }
    }
    expect([...results]).toEqual([expected]);
  });
});

describe("raw memory", () => {
  test("counts against the same limit", () => {
    const world = scratchWorld({ maxBytes: 1 << 20 }), raw = new RawMemory(world.heap);
    raiseGuestError(world);
    const regions: number[] = [];
    expect(() => { for (;;) regions.push(raw.allocate(10000)); }).toThrow(GuestError);
    expect(raw.liveBytes + world.heap.worldBytes).toBeLessThanOrEqual(1 << 20);
    expect(regions.length).toBeGreaterThan(20);
  });

  test("of dead buffers is collected when it runs short", () => {
    const { heap, put } = scratchWorld({ maxBytes: 4 << 20 }), raw = new RawMemory(heap);
    for (let n = 0; n < 500; n++) put(0, CellKind.Buffer, newBuffer(heap, raw, 100_000));
    expect(raw.liveBytes).toBeLessThan(4 << 20);
  });

  test("gets the room a shrunken world leaves", () => {
    const { heap, put, at } = scratchWorld({ maxBytes: 8 << 20 }), raw = new RawMemory(heap);
    put(0, CellKind.Bytes, heap.allocate(CellKind.Bytes, 4 << 20));
    heap.i32.fill(0, (heap.lo(at(0)) >> 2) + 2, (heap.lo(at(0)) >> 2) + 4);
    heap.setNull(at(0));
    const region = raw.allocate(6 << 20);
    raw.writeU8(region, 1);
    heap.verify();
    expect(heap.worldBytes).toBeLessThanOrEqual(2 << 20);
  });
});

test("options are clamped to what works", () => {
  expect(new Heap({ maxBytes: 1 }).settings.maxBytes).toBe(96 << 10);
  expect(new Heap({ maxBytes: 1 << 20, initialBytes: 4 << 20 }).worldBytes).toBe(1 << 20);
  expect(new Heap({ maxBytes: 2 ** 40, initialBytes: 0 }).settings.maxBytes).toBe(1 << 30);
});
