// The small cell kinds, the 64-bit integers, and the tools that describe cells.

import { describe, expect, test } from "vitest";
import { wordsOf } from "../../heap/cells/bytes.ts";
import { newArray, push } from "../../heap/cells/array.ts";
import { boxSlot, newBox } from "../../heap/cells/box.ts";
import { captureSlot, closureCode, newClosure } from "../../heap/cells/closure.ts";
import { codeName, constSlot, entryPc, newCode } from "../../heap/cells/code.ts";
import { globalName, globalSlot, isConst, newGlobal, setConst } from "../../heap/cells/global.ts";
import { newRef, refContainer, refKey } from "../../heap/cells/ref.ts";
import { newStringFromText, textOf } from "../../heap/cells/string.ts";
import { int64NumberOf, int64Of, setInt64, setInt64Number, setUint64, setUint64Number } from "../../heap/cells/wide.ts";
import { describe as describeCell, describeSlot, dump, dumpWords, histogram } from "../../heap/inspect.ts";
import { Code } from "../../heap/layout.ts";
import { internText } from "../../heap/symbols.ts";
import { CellKind, Hi, Tag, nanHi } from "../../heap/value.ts";
import { PARANOID, scratchWorld } from "./scratch-world.ts";

test("a code cell holds its program", () => {
  const { heap, at, put, cell } = scratchWorld({ gcStress: 1, verify: true, poison: true });
  heap.setF64(at(0), 1.5);
  put(1, CellKind.String, newStringFromText(heap, "constant"));
  const words = Int32Array.from({ length: 3000 }, (_, i) => i * 7);
  put(2, CellKind.Code, newCode(heap, {
    words, constBase: at(0), constCount: 2, exactArgs: 1, frameSize: 9, name: internText(heap, "main"), paramCount: 1, requiredCount: 1,
    paramFlags: 0, captureCount: 0, paramNames: 0, handlers: [1, 2, 3], spans: [], sourceId: 4, treeId: 0, refParams: 0, captureNames: 0,
  }));
  const code = cell(2), pc = entryPc(heap, code);
  expect([...heap.i32.subarray(pc, pc + 3000)]).toEqual([...words]);
  expect(heap.f64[constSlot(heap, code, 0)]).toBe(1.5);
  expect(textOf(heap, heap.lo(constSlot(heap, code, 1)))).toBe("constant");
  expect([...wordsOf(heap, heap.word(code + Code.Handlers))]).toEqual([1, 2, 3]);
  expect([heap.word(code + Code.Spans), heap.word(code + Code.FrameSize), textOf(heap, codeName(heap, code))]).toEqual([0, 9, "main"]);
});

test("closures, boxes, globals and references hold what they were given", () => {
  const { heap, at, put, cell } = scratchWorld(PARANOID);
  heap.setI32(at(0), 42);
  put(1, CellKind.Closure, newClosure(heap, 0, 3));
  expect([heap.hi(captureSlot(cell(1), 2)), closureCode(heap, cell(1))]).toEqual([Hi.Null, 0]);
  put(2, CellKind.Box, newBox(heap, at(0)));
  expect(heap.lo(boxSlot(cell(2)))).toBe(42);
  put(3, CellKind.Global, newGlobal(heap, internText(heap, "g")));
  expect([heap.hi(globalSlot(cell(3))), textOf(heap, globalName(heap, cell(3))), isConst(heap, cell(3))]).toEqual([Hi.Hole, "g", false]);
  setConst(heap, cell(3), true);
  expect([isConst(heap, cell(3)), heap.u8[cell(3)]]).toEqual([true, CellKind.Global]);
  put(4, CellKind.Ref, newRef(heap, at(2), at(0)));
  expect([heap.lo(refContainer(cell(4))), heap.lo(refKey(cell(4)))]).toEqual([cell(2), 42]);
});

describe("64-bit integers", () => {
  const edges = [0n, 1n, -1n, 2n ** 47n - 1n, 2n ** 47n, -(2n ** 47n), -(2n ** 47n) - 1n, 2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n, -(2n ** 63n), 0x1234_5678_9abc_def0n];
  test("signed ones come back as they went in, inline when they fit", () => {
    const { heap, at } = scratchWorld({ gcStress: 1, verify: true });
    for (const v of edges) {
      setInt64(heap, at(0), v);
      expect(int64Of(heap, at(0))).toBe(v);
      expect(int64NumberOf(heap, at(0))).toBe(Number(v));
      expect((heap.hi(at(0)) & Tag.Mask) === Tag.Int64).toBe(v >= -(2n ** 47n) && v < 2n ** 47n);
      if (Number.isSafeInteger(Number(v))) {
        setInt64Number(heap, at(1), Number(v));
        expect(int64Of(heap, at(1))).toBe(v);
        expect(heap.hi(at(1))).toBe(heap.hi(at(0)));
      }
    }
  });

  test("unsigned ones too", () => {
    const { heap, at } = scratchWorld();
    for (const v of [...edges, 2n ** 48n - 1n, 2n ** 48n, 2n ** 64n - 1n].map((x) => BigInt.asUintN(64, x))) {
      setUint64(heap, at(0), v);
      expect(int64Of(heap, at(0))).toBe(v);
      expect((heap.hi(at(0)) & Tag.Mask) === Tag.Uint64).toBe(v < 2n ** 48n);
      if (Number.isSafeInteger(Number(v))) {
        setUint64Number(heap, at(1), Number(v));
        expect(int64Of(heap, at(1))).toBe(v);
      }
    }
  });
});

test("a double that is NaN is stored as the positive one, whatever its bits", () => {
  const { heap, at } = scratchWorld(), bits = new Float64Array(1), words = new Int32Array(bits.buffer);
  for (const hi of [0x7ff80000, 0xfff80000 | 0, 0x7ffa0005, 0xfffb1234 | 0]) {
    words[0] = 99; words[1] = hi;
    heap.setF64(at(0), bits[0]!);
    expect([heap.lo(at(0)), heap.hi(at(0))]).toEqual([0, nanHi(false)]);
  }
  heap.verify();
});

test("the tools describe cells", () => {
  const { heap, at, put, cell } = scratchWorld();
  put(0, CellKind.Array, newArray(heap, 2));
  put(1, CellKind.String, newStringFromText(heap, "hello"));
  push(heap, cell(0), at(1));
  heap.setF64(at(2), 2.5);
  expect(describeCell(heap, cell(1))).toMatch(/^string "hello" @0x/);
  expect(describeCell(heap, cell(0))).toMatch(/^array \[1\]/);
  expect(describeSlot(heap, at(2))).toBe("2.5");
  expect(dump(heap, cell(0))).toContain("data -> slots [1]");
  expect(dumpWords(heap, cell(1), 32).split("\n")).toHaveLength(2);
  const kinds = new Map(histogram(heap).map((entry) => [entry.kind, entry]));
  expect(kinds.get("array")!.count).toBe(1);
  expect(kinds.get("string")!.bytes).toBe(32);
});
