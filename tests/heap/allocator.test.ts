// The allocator alone: nothing overlaps, nothing is handed out twice, large cells and blocks come back, the world grows.

import { describe, expect, test } from "vitest";
import { bytesCapacity, newBytes } from "../../heap/cells/bytes.ts";
import { slotsItem, newSlots } from "../../heap/cells/slots.ts";
import { Bytes } from "../../heap/layout.ts";
import type { HeapOptions } from "../../heap/options.ts";
import { CellKind } from "../../heap/value.ts";
import { Header, World } from "../../heap/world-layout.ts";
import { Random } from "../support/random.ts";
import { scratchWorld } from "./scratch-world.ts";

/** Sizes that meet every path: short, a line, medium, just below and above the large limit, several pages. */
const SIZES = [0, 8, 40, 112, 120, 500, 3000, 8100, 8176, 8177, 9000, 40000, 200000];

function fillRandomly(seed: number, steps: number, options: HeapOptions): void {
  const { heap, at, put } = scratchWorld(options, 40), r = new Random(seed), model: { addr: number; size: number; byte: number }[] = [];
  for (let n = 0; n < steps; n++) {
    const i = r.below(40), size = r.pick(SIZES), byte = n & 0xff;
    if (r.below(5) === 0) {
      heap.setNull(at(i));
      delete model[i];
      continue;
    }
    const addr = put(i, CellKind.Bytes, newBytes(heap, size, size));
    expect(bytesCapacity(heap, addr)).toBeGreaterThanOrEqual(size);
    heap.u8.fill(byte, addr + Bytes.Data, addr + Bytes.Data + size);
    model[i] = { addr, size, byte };
    if (n % 20 === 0) checkContents(heap.u8, model);
  }
  checkContents(heap.u8, model);
  heap.verify();
}

function checkContents(u8: Uint8Array, model: readonly ({ addr: number; size: number; byte: number } | undefined)[]): void {
  for (const entry of model) {
    if (entry === undefined) continue;
    for (let b = 0; b < entry.size; b++) if (u8[entry.addr + Bytes.Data + b] !== entry.byte) expect.fail(`byte ${b} of a cell of ${entry.size} was overwritten`);
  }
}

describe("no cell is overwritten by another", () => {
  test("poisoned and verified", () => fillRandomly(1, 500, { verify: true, poison: true, gcStressRate: 0.1 }));
  test("ordinary collections", () => fillRandomly(2, 2000, { minThreshold: 256 << 10, maxBytes: 16 << 20 }));
  test("growing from the smallest world", () => fillRandomly(3, 600, { initialBytes: 96 << 10, poison: true, verify: true, minThreshold: 1 << 20 }));
});

test("cells are 8-aligned, headed, and rounded up to 8 bytes", () => {
  const { heap } = scratchWorld();
  for (const bytes of [9, 16, 23, 24, 100, 8192, 8193]) {
    const addr = heap.allocate(CellKind.Bytes, bytes);
    expect(addr % 8).toBe(0);
    expect(heap.i32[addr >> 2]).toBe(CellKind.Bytes);
    expect(heap.i32[(addr >> 2) + 1]).toBe(Math.ceil(bytes / 8) * 8);
  }
});

test("cells above the large limit never come from a run of lines", () => {
  const { heap } = scratchWorld();
  heap.allocate(CellKind.Bytes, 16);
  expect(heap.allocate(CellKind.Bytes, World.LargeBytes + 8) % World.PageBytes).toBe(0);
  expect(heap.allocate(CellKind.Bytes, World.LargeBytes) % World.PageBytes).not.toBe(0);
});

test("dead memory of every kind is used again", () => {
  const { heap, put } = scratchWorld({ maxBytes: 4 << 20 });
  for (let n = 0; n < 20000; n++) put(0, CellKind.Bytes, newBytes(heap, SIZES[n % SIZES.length]!, 0));
  expect(heap.worldBytes).toBeLessThanOrEqual(4 << 20);
});

test("blocks without a live line go back to the page pool at once", () => {
  const { heap, put } = scratchWorld({ minThreshold: 8 << 20 });
  heap.collect("before");
  const before = heap.stats();
  for (let n = 0; n < 100000; n++) newBytes(heap, 16, 0);
  heap.collect("after");
  const grown = heap.stats().pages - before.pages;
  expect(grown).toBeGreaterThan(0);
  // But for the reserve, which came with growing.
  expect(heap.stats().freePages + heap.word(Header.ReservePages)).toBeGreaterThanOrEqual(before.freePages + grown);
  put(0, CellKind.Bytes, newBytes(heap, 2 << 20, 0));
  heap.verify();
});

test("a young world has no reserve, one that grew has, and so has one that cannot grow", () => {
  const { heap } = scratchWorld({ maxBytes: 4 << 20 });
  expect(heap.word(Header.Reserve)).toBe(0);
  heap.grow();
  expect(heap.word(Header.Reserve)).toBeGreaterThan(0);
  expect(scratchWorld({ maxBytes: 128 << 10 }).heap.word(Header.Reserve)).toBeGreaterThan(0);
  const { heap: other } = scratchWorld({ maxBytes: 4 << 20, initialBytes: 512 << 10 });
  expect(other.takeRaw(1 << 20)).toBe(true);
  expect(other.word(Header.Reserve)).toBe(0);
  expect(other.takeRaw((5 << 19) - (1 << 15))).toBe(true);
  expect(other.word(Header.Reserve)).toBeGreaterThan(0);
  other.verify();
});

test("a large cell that is dropped explicitly is free at once", () => {
  const { heap } = scratchWorld({ initialBytes: 256 << 10 });
  const free = heap.stats().freePages, addr = newBytes(heap, 100000, 0);
  expect(heap.stats().freePages).toBe(free - 25);
  heap.freeLarge(addr);
  expect(heap.stats().freePages).toBe(free);
});

test("the page table moves when the world outgrows it", () => {
  const { heap, put, cell } = scratchWorld({ maxBytes: 128 << 20, poison: true });
  const table = heap.word(Header.PageTable);
  for (let i = 0; i < 5; i++) {
    put(i, CellKind.Slots, newSlots(heap, 1 << 19, 1));
    heap.setI32(slotsItem(cell(i), 0), i);
  }
  expect(heap.word(Header.PageTable)).not.toBe(table);
  heap.verify();
  heap.collect("after the move");
  for (let i = 0; i < 5; i++) expect(heap.lo(slotsItem(cell(i), 0))).toBe(i);
  heap.verify();
});

test("writes to freed memory are found", () => {
  const { heap } = scratchWorld({ poison: true, verify: true });
  const dead = newBytes(heap, 64, 0);
  heap.collect("free it");
  heap.i32[(dead + 16) >> 2] = 1;
  expect(() => heap.verify()).toThrow(/write after free/);
});

test("a medium cell does not end the run of short ones", () => {
  const { heap } = scratchWorld();
  const first = heap.allocate(CellKind.Bytes, 16);
  heap.setRun(heap.word(Header.Cursor), heap.word(Header.Cursor) + 64);
  heap.allocate(CellKind.Bytes, 4000);
  expect(heap.allocate(CellKind.Bytes, 16)).toBe(first + 16);
});
