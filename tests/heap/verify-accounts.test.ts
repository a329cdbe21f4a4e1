// Books that do not agree with the heap are noticed: each entry of them is falsified in turn.

import { describe, expect, test } from "vitest";
import { newArray, push } from "../../heap/cells/array.ts";
import { newBytes } from "../../heap/cells/bytes.ts";
import { newObject, setField, shapeOf } from "../../heap/cells/object.ts";
import { newStringFromText } from "../../heap/cells/string.ts";
import { newWeakMap, weakSet } from "../../heap/cells/weak.ts";
import { Bytes, Shape, Table, WeakMap } from "../../heap/layout.ts";
import { internText } from "../../heap/symbols.ts";
import { CellKind } from "../../heap/value.ts";
import { Header, PageState, World } from "../../heap/world-layout.ts";
import { scratchWorld, type ScratchWorld } from "./scratch-world.ts";

/** A world with some of everything in it, a collection behind it, and new cells since. */
function world(): ScratchWorld {
  const made = scratchWorld(), { heap, at, put, cell } = made;
  put(0, CellKind.Array, newArray(heap, 0));
  for (let i = 0; i < 3000; i++) {
    put(1, CellKind.String, newStringFromText(heap, `text ${i}`));
    if (i % 5 === 0) push(heap, cell(0), at(1));
  }
  put(2, CellKind.Object, newObject(heap, 2));
  for (const key of ["a", "b"]) {
    put(3, CellKind.Symbol, internText(heap, key));
    setField(heap, cell(2), cell(3), at(1));
  }
  put(4, CellKind.WeakMap, newWeakMap(heap));
  weakSet(heap, cell(4), at(2), at(1));
  put(6, CellKind.Bytes, newBytes(heap, 20_000, 0));
  heap.collect("test");
  put(5, CellKind.String, newStringFromText(heap, "new"));
  return made;
}

/** The shape of an object with the key "a" only. */
const firstShape = ({ heap, cell }: ScratchWorld): number => heap.word(shapeOf(heap, cell(2)) + Shape.Parent);
const firstEntry = (made: ScratchWorld, table: number): number => {
  let at = table + Table.Entries;
  while ((made.heap.word(at) >>> 0) <= 1) at += 8;
  return at;
};

const FALSE: { readonly [what: string]: { readonly falsify: (made: ScratchWorld) => void; readonly complaint: RegExp } } = {
  "fewer bytes than are alive": { falsify: ({ heap }) => { heap.setWord(Header.LiveBytes, 100); heap.setWord(Header.SinceCollect, 0); }, complaint: /bytes are alive, the books say 100/ },
  "a run beyond its block": { falsify: ({ heap }) => heap.setWord(Header.OverflowEnd, (heap.word(Header.OverflowCursor) & World.BlockMask) + World.BlockBytes + 128), complaint: /leaves its block/ },
  "runs that overlap": {
    falsify: ({ heap }) => { heap.setWord(Header.OverflowCursor, heap.word(Header.Cursor)); heap.setWord(Header.OverflowEnd, heap.word(Header.RunEnd)); }, complaint: /overlap/,
  },
  "a run in a block to be swept": { falsify: ({ heap }) => { heap.u8[(heap.word(Header.Cursor) & World.BlockMask) + 1]! ^= 1; }, complaint: /not swept/ },
  "a search behind the end of the world": { falsify: ({ heap }) => heap.setWord(Header.SweepBlock, heap.worldBytes + World.BlockBytes), complaint: /the search for free lines is at/ },
  "a search where there is no block": {
    falsify: ({ heap, cell }) => { heap.setWord(Header.SweepBlock, cell(6) & World.BlockMask); heap.setWord(Header.SweepLine, World.FirstLine); }, complaint: /in no block/,
  },
  "a reserve that is not marked as one": { falsify: ({ heap }) => { heap.u8[heap.word(Header.PageTable) + heap.word(Header.Reserve)] = PageState.Free; }, complaint: /the reserve/ },
  "a new cell on a line to be handed out": {
    falsify: ({ heap, cell }) => {
      heap.setWord(Header.SweepBlock, cell(5) & World.BlockMask);
      heap.setWord(Header.SweepLine, World.FirstLine);
      for (let line: number = World.FirstLine; line < World.Lines; line++) heap.u8[(cell(5) & World.BlockMask) + line] = 0;
      for (const at of [Header.Cursor, Header.RunEnd, Header.Limit, Header.OverflowCursor, Header.OverflowEnd]) heap.setWord(at, 0);
    },
    complaint: /which will be handed out|on line \d+, which is not/,
  },
  "a symbol remembered wrongly": { falsify: ({ heap }) => { internText(heap, "one"); heap.symbolCache.set("two", internText(heap, "one")); }, complaint: /'two' is remembered/ },
  "a transition under another key": {
    falsify: (made) => { made.heap.setWord(firstEntry(made, made.heap.word(firstShape(made) + Shape.Transitions)) + 4, firstShape(made)); }, complaint: /transition to a shape that is no child/,
  },
  "a child of another capacity": {
    // Both shapes of the object, or the object itself would be wrong first.
    falsify: (made) => { const root = made.heap.word(firstShape(made) + Shape.Parent); made.heap.setWord(root + Shape.InlineCapacity, 4); }, complaint: /another type or capacity/,
  },
  "an entry of a weak map in the wrong place": {
    falsify: ({ heap, cell }) => {
      const first = (heap.word(cell(4) + WeakMap.Table) + Bytes.Data) >> 2, end = first + (heap.word(heap.word(cell(4) + WeakMap.Table) + Bytes.Used) >> 2);
      const at = Array.from({ length: (end - first) / 4 }, (_, i) => first + 4 * i).find((entry) => heap.i32[entry] === cell(2))!;
      const to = at + 8 < end ? at + 8 : at - 8, entry = heap.i32.slice(at, at + 4);
      heap.i32.copyWithin(at, to, to + 4);
      heap.i32.set(entry, to);
    },
    complaint: /not found by its key/,
  },
};

describe("the verifier notices", () => {
  test("nothing where all is well", () => {
    const { heap } = world();
    heap.verify();
    heap.collect("again");
    heap.verify(true);
  });

  test.each(Object.entries(FALSE))("%s", (_, { falsify, complaint }) => {
    const made = world();
    falsify(made);
    expect(() => made.heap.verify()).toThrow(complaint);
  });

  test("a byte too many right after marking", () => {
    const { heap } = world();
    heap.collect("again");
    heap.setWord(Header.LiveBytes, heap.word(Header.LiveBytes) + 8);
    expect(() => heap.verify(true)).toThrow(/bytes are alive/);
  });

  test("a marker that marks what nothing reaches", () => {
    const { heap, at } = world();
    heap.collect("again");
    // As if the marker had gone through a stale slot.
    heap.setSlot(at(6), 0, 0);
    expect(() => heap.verify(true)).toThrow(/bytes are alive/);
  });
});
