// What is freed waits, and tells who writes to it.

import { expect, test } from "vitest";
import { newBytes } from "../../heap/cells/bytes.ts";
import { Bug } from "../../heap/debug.ts";
import { poisonNumber } from "../../heap/pages.ts";
import { CellKind } from "../../heap/value.ts";
import { Header, World } from "../../heap/world-layout.ts";
import { scratchWorld } from "./scratch-world.ts";

const SIZES = [16, 400, 20_000];

test.each(SIZES)("a cell of %i bytes is free after so many collections, not before", (size) => {
  const { heap } = scratchWorld({ quarantine: 3, verify: true, minThreshold: 64 << 20 }), addr = newBytes(heap, size, 0);
  heap.collect("test");
  const number = heap.word(Header.Collections);
  for (let i = 0; i < 3; i++) {
    expect(poisonNumber(heap.word(addr + 8))).toBe(number & World.PoisonNumberMask);
    expect(Array.from({ length: 400 }, () => newBytes(heap, size, 0))).not.toContain(addr);
    heap.collect("test");
  }
  heap.setWord(addr + 8, 5);
  expect(() => heap.quarantine!.check()).not.toThrow();
});

test.each(SIZES)("who writes to a freed cell of %i bytes is found by the next collection and by the verifier", (size) => {
  const { heap } = scratchWorld({ quarantine: 3 }), addr = newBytes(heap, size, 0);
  heap.collect("test");
  heap.collect("test");
  heap.setWord(addr + 8, 5);
  const number = heap.word(Header.Collections) - 1;
  expect(() => heap.verify()).toThrow(new RegExp(`write after free at .*collection ${number} freed`));
  expect(() => heap.collect("test")).toThrow(Bug);
});

test("what is freed explicitly waits too", () => {
  const { heap } = scratchWorld({ quarantine: 2, initialBytes: 1 << 20 }), addr = newBytes(heap, 100_000, 0), free = heap.stats().freePages;
  heap.freeLarge(addr);
  expect(heap.stats().freePages).toBe(free);
});

test("memory that runs out gets all of it back", () => {
  const { heap, put } = scratchWorld({ quarantine: 100, maxBytes: 1 << 20, verify: true });
  for (let i = 0; i < 500; i++) put(0, CellKind.Bytes, newBytes(heap, i % 3 === 0 ? 30_000 : 3000, 0));
  for (let i = 0; i < 100; i++) {
    heap.collect("test");
    newBytes(heap, 100_000, 0);
  }
  expect(heap.worldBytes).toBeLessThanOrEqual(1 << 20);
});

test("marking in slices keeps the quarantine", () => {
  const { heap, put, cell } = scratchWorld({ quarantine: 4, gcStep: 3, verify: true });
  for (let i = 0; i < 400; i++) put(i % 7, CellKind.Bytes, newBytes(heap, SIZES[i % 2]!, 0));
  expect(cell(3)).not.toBe(0);
  heap.verify();
});
