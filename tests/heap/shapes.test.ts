// Shapes and dictionaries against Map, which keeps insertion order as objects must.

import { describe, expect, test } from "vitest";
import { deleteField, fieldByteOffset, fieldCount, fieldSlot, findSlot, keyAt, newObject, newObjectOfShape, nextField, prepareKeys, setField, shapeOf, stamp, typeName, valueSlotAt } from "../../heap/cells/object.ts";
import { textOf } from "../../heap/cells/string.ts";
import { Obj, Shape, Slots } from "../../heap/layout.ts";
import { emptyShape, findField, isDictionary, keyCount, shapeWith, transition } from "../../heap/shapes.ts";
import { internText } from "../../heap/symbols.ts";
import { CellKind, Hi } from "../../heap/value.ts";
import { Random } from "../support/random.ts";
import { PARANOID, scratchWorld, type ScratchWorld } from "./scratch-world.ts";

/** Fields in order, as text and number. */
function entries({ heap }: ScratchWorld, obj: number): [string, number][] {
  const list: [string, number][] = [];
  for (let i = nextField(heap, obj, 0); i >= 0; i = nextField(heap, obj, i + 1)) list.push([textOf(heap, keyAt(heap, obj, i)), heap.lo(valueSlotAt(heap, obj, i))]);
  return list;
}

function setNumber({ heap, at, cell }: ScratchWorld, i: number, key: string, value: number): void {
  heap.setI32(at(30), value);
  setField(heap, cell(i), internText(heap, key), at(30));
}

describe("random additions and deletions agree with Map", () => {
  for (const [keys, inline] of [[6, 4], [20, 0], [150, 8], [2000, 2]] as const) {
    test(`${keys} different keys`, () => {
      const world = scratchWorld({ ...PARANOID, gcStressRate: 0.01 }), { heap, put, cell } = world, r = new Random(keys), model = new Map<string, number>();
      put(0, CellKind.Object, newObject(heap, inline));
      for (let n = 0; n < 2500; n++) {
        const key = `key${r.below(keys)}`;
        if (r.below(3) === 0) expect(deleteField(heap, cell(0), internText(heap, key))).toBe(model.delete(key));
        else {
          setNumber(world, 0, key, n);
          model.set(key, n);
        }
        if (n % 500 === 0) expect(entries(world, cell(0))).toEqual([...model]);
      }
      expect(entries(world, cell(0))).toEqual([...model]);
      expect(fieldCount(heap, cell(0))).toBe(model.size);
      heap.verify();
    });
  }
});

describe("shapes", () => {
  test("are the same for the same keys in the same order", () => {
    const world = scratchWorld(PARANOID), { heap, put, cell } = world;
    for (const i of [0, 1, 2]) put(i, CellKind.Object, newObject(heap, 4));
    for (const key of ["x", "y", "z"]) { setNumber(world, 0, key, 1); setNumber(world, 1, key, 2); }
    for (const key of ["y", "x", "z"]) setNumber(world, 2, key, 3);
    expect(shapeOf(heap, cell(0))).toBe(shapeOf(heap, cell(1)));
    expect(shapeOf(heap, cell(2))).not.toBe(shapeOf(heap, cell(0)));
  });

  test("with many keys share one lookup table, branches do not", () => {
    const { heap } = scratchWorld();
    const grow = (from: number, prefix: string, count: number): number[] => {
      const line = [from];
      for (let i = 0; i < count; i++) line.push(shapeWith(heap, line.at(-1)!, internText(heap, `${prefix}${i}`)));
      return line;
    };
    const trunk = grow(emptyShape(heap, 8), "t", 40), branch = grow(trunk[20]!, "b", 10);
    for (let n = 0; n <= 40; n++) {
      for (let i = 0; i < 45; i++) expect(findField(heap, trunk[n]!, internText(heap, `t${i}`))).toBe(i < n ? i : -1);
    }
    for (let i = 0; i < 10; i++) {
      expect(findField(heap, branch[10]!, internText(heap, `b${i}`))).toBe(20 + i);
      expect(findField(heap, trunk[40]!, internText(heap, `b${i}`))).toBe(-1);
      expect(findField(heap, branch[10]!, internText(heap, `t${20 + i}`))).toBe(-1);
    }
    expect(new Set(trunk.slice(32).map((shape) => heap.word(shape + Shape.Lookup))).size).toBeLessThan(4);
    heap.verify();
  });

  test("keep the type name through all additions", () => {
    const world = scratchWorld(PARANOID), { heap, put, cell } = world;
    put(0, CellKind.Object, newObject(heap, 2));
    put(1, CellKind.Object, newObject(heap, 2));
    setNumber(world, 0, "a", 1);
    stamp(heap, cell(0), internText(heap, "Point"));
    setNumber(world, 0, "b", 2);
    stamp(heap, cell(1), internText(heap, "Point"));
    setNumber(world, 1, "a", 3);
    setNumber(world, 1, "b", 4);
    expect(textOf(heap, typeName(heap, cell(0)))).toBe("Point");
    expect(shapeOf(heap, cell(0))).toBe(shapeOf(heap, cell(1)));
    expect(entries(world, cell(0))).toEqual([["a", 1], ["b", 2]]);
    for (let i = 0; i < 100; i++) setNumber(world, 0, `n${i}`, i);
    stamp(heap, cell(0), internText(heap, "Big"));
    expect(textOf(heap, typeName(heap, cell(0)))).toBe("Big");
    stamp(heap, cell(1), 0);
    expect(typeName(heap, cell(1))).toBe(0);
  });

  test("go back to the parent when the last key is deleted", () => {
    const world = scratchWorld(), { heap, put, cell } = world;
    put(0, CellKind.Object, newObject(heap, 4));
    setNumber(world, 0, "a", 1);
    const before = shapeOf(heap, cell(0));
    setNumber(world, 0, "b", 2);
    deleteField(heap, cell(0), internText(heap, "b"));
    expect(shapeOf(heap, cell(0))).toBe(before);
    deleteField(heap, cell(0), internText(heap, "absent"));
    setNumber(world, 0, "b", 2);
    deleteField(heap, cell(0), internText(heap, "a"));
    expect(isDictionary(heap, shapeOf(heap, cell(0)))).toBe(true);
  });

  test("do not multiply when objects serve as maps", () => {
    const world = scratchWorld(), { heap, put, cell } = world, root = emptyShape(heap, 4);
    for (let n = 0; n < 500; n++) {
      put(0, CellKind.Object, newObject(heap, 4));
      setNumber(world, 0, `unique${n}`, n);
    }
    expect(isDictionary(heap, shapeOf(heap, cell(0)))).toBe(true);
    expect(transition(heap, root, internText(heap, "unique0"))).not.toBe(0);
    heap.collect("test");
    expect(transition(heap, root, internText(heap, "unique400"))).toBe(0);
  });

  test("tell caches where a field lies", () => {
    const world = scratchWorld(), { heap, put, cell } = world;
    put(0, CellKind.Object, newObject(heap, 2));
    for (const [i, key] of ["a", "b", "c", "d"].entries()) setNumber(world, 0, key, 10 + i);
    const shape = shapeOf(heap, cell(0));
    expect([0, 1, 2, 3].map((i) => fieldByteOffset(heap, shape, i))).toEqual([Obj.Inline, Obj.Inline + 8, -1, -2]);
    expect(heap.lo((cell(0) + fieldByteOffset(heap, shape, 1)) >> 3)).toBe(11);
    expect(heap.lo(((heap.word(cell(0) + Obj.More) + Slots.Data) >> 3) + (-1 - fieldByteOffset(heap, shape, 3)))).toBe(13);
    const twin = put(1, CellKind.Object, newObjectOfShape(heap, shape));
    expect(keyCount(heap, shape)).toBe(4);
    expect([0, 1, 2, 3].map((i) => heap.hi(fieldSlot(heap, twin, i)))).toEqual([Hi.Null, Hi.Null, Hi.Null, Hi.Null]);
  });
});

describe("objects used as maps", () => {
  test("hold 100000 keys at a constant cost each", () => {
    const world = scratchWorld({ maxBytes: 128 << 20 }), { heap, put, cell } = world;
    put(0, CellKind.Object, newObject(heap, 4));
    for (let n = 0; n < 100000; n++) setNumber(world, 0, `k${n}`, n);
    for (let n = 0; n < 100000; n += 997) expect(heap.lo(findSlot(heap, cell(0), internText(heap, `k${n}`)))).toBe(n);
    for (let n = 0; n < 100000; n++) if (n % 10 !== 0) deleteField(heap, cell(0), internText(heap, `k${n}`));
    expect(entries(world, cell(0)).map(([, value]) => value)).toEqual(Array.from({ length: 10000 }, (_, i) => 10 * i));
  });

  test("used as a queue do not grow", () => {
    const world = scratchWorld(), { heap, put, cell } = world;
    put(0, CellKind.Object, newObject(heap, 0));
    for (let n = 0; n < 20000; n++) {
      setNumber(world, 0, `k${n}`, n);
      if (n >= 50) deleteField(heap, cell(0), internText(heap, `k${n - 50}`));
    }
    expect(fieldCount(heap, cell(0))).toBe(50);
    expect(keyCount(heap, shapeOf(heap, cell(0)))).toBeLessThan(300);
  });

  test("may be changed while they are visited", () => {
    const world = scratchWorld(), { heap, put, cell } = world, seen: string[] = [];
    put(0, CellKind.Object, newObject(heap, 4));
    for (let n = 0; n < 100; n++) setNumber(world, 0, `k${n}`, n);
    prepareKeys(heap, cell(0));
    for (let i = nextField(heap, cell(0), 0); i >= 0; i = nextField(heap, cell(0), i + 1)) {
      const key = textOf(heap, keyAt(heap, cell(0), i));
      seen.push(key);
      if (/^k\d$/.test(key)) deleteField(heap, cell(0), internText(heap, key));
      if (key === "k50") setNumber(world, 0, "added", 1);
    }
    expect(seen).toEqual([...Array.from({ length: 100 }, (_, i) => `k${i}`), "added"]);
    expect(fieldCount(heap, cell(0))).toBe(91);
  });
});
