// What each kind of cell promises about its own contents; the verifier calls this for every cell it reaches. Dumber than
// the code it checks: walks instead of lookups, counts instead of caches.

import type { Heap } from "./heap.ts";
import { Arr, Bytes, Closure, Code, Obj, Shape, Slots, Stack, Str, Table } from "./layout.ts";
import { isDictionary } from "./shapes.ts";
import { tableGet } from "./tables.ts";
import { kindOf, sizeOf } from "./trace.ts";
import { CellKind, Hi } from "./value.ts";
import { checkLispContents } from "./verify-lisp-cells.ts";

type Fail = (message: string) => never;

export function checkContents(heap: Heap, addr: number, fail: Fail): void {
  const word = (at: number): number => heap.word(addr + at), size = sizeOf(heap, addr);
  const isKind = (ref: number, kind: CellKind): boolean => kindOf(heap, ref) === kind;
  switch (kindOf(heap, addr)) {
    case CellKind.String: case CellKind.Symbol: return checkString(heap, addr, fail);
    case CellKind.Bytes:
      if (word(Bytes.Used) < 0 || word(Bytes.Used) > size - Bytes.Data) fail(`${word(Bytes.Used)} bytes used of ${size - Bytes.Data}`);
      return;
    case CellKind.Array:
      if (word(Arr.Data) === 0 || !isKind(word(Arr.Data), CellKind.Slots)) fail("array without slots");
      return;
    case CellKind.Slots:
      if (word(Slots.Count) < 0 || word(Slots.Count) > (size - Slots.Data) >> 3) fail(`${word(Slots.Count)} slots used of ${(size - Slots.Data) >> 3}`);
      if (word(Slots.Left) !== 0 && !heap.marking) fail("slots that are being marked while nothing is");
      return;
    case CellKind.Object: return checkObject(heap, addr, fail);
    case CellKind.Shape:
      checkShape(heap, addr, fail);
      return checkShapeTree(heap, addr, fail);
    case CellKind.Table: return checkTable(heap, addr, fail);
    case CellKind.Closure:
      if (Closure.Captures + 8 * word(Closure.Count) > size) fail("captures beyond the cell");
      if (word(Closure.Code) !== 0 && !isKind(word(Closure.Code), CellKind.Code)) fail("closure of something that is not code");
      return;
    case CellKind.Code:
      if (Code.Constants + 8 * word(Code.ConstCount) + 4 * word(Code.WordCount) > size) fail("code beyond the cell");
      if (word(Code.EntryPc) !== (addr + Code.Constants + 8 * word(Code.ConstCount)) >> 2) fail("entry point");
      if (word(Code.ConstBase) !== (addr + Code.Constants) >> 3) fail("base of the constants");
      return;
    case CellKind.Stack:
      if (word(Stack.Top) < (addr + Stack.Data) >> 3 || word(Stack.Top) > (addr + size) >> 3) fail("top outside the stack");
      return;
    default: return checkLispContents(heap, addr, fail);
  }
}

function checkString(heap: Heap, str: number, fail: Fail): void {
  const data = heap.word(str + Str.Data), length = heap.word(str + Str.ByteLength), points = heap.word(str + Str.CodePoints), h = heap.word(str + Str.Hash);
  if (kindOf(heap, data) !== CellKind.Bytes) fail("string without bytes");
  if (length < 0 || length > heap.word(data + Bytes.Used)) fail(`string of ${length} bytes over ${heap.word(data + Bytes.Used)}`);
  let starts = 0, fnv = 0x811c9dc5 | 0;
  for (let at = data + Bytes.Data; at < data + Bytes.Data + length; at++) {
    if ((heap.u8[at]! & 0xc0) !== 0x80) starts++;
    fnv = Math.imul(fnv ^ heap.u8[at]!, 0x01000193);
  }
  if (points !== -1 && points !== starts) fail(`${starts} code points, cached ${points}`);
  if (h !== 0 && h !== (fnv || 1)) fail("cached hash is wrong");
  const symbol = heap.word(str + Str.Symbol);
  if (symbol === 0) return;
  if (kindOf(heap, str) === CellKind.Symbol) return kindOf(heap, symbol) === CellKind.Keyword ? undefined : fail("symbol with a keyword that is none");
  if (kindOf(heap, symbol) !== CellKind.Symbol || heap.word(symbol + Str.ByteLength) !== length) fail("cached symbol has another text");
  const text = heap.word(symbol + Str.Data) + Bytes.Data;
  for (let i = 0; i < length; i++) if (heap.u8[text + i] !== heap.u8[data + Bytes.Data + i]) fail("cached symbol has another text");
}

function checkObject(heap: Heap, obj: number, fail: Fail): void {
  const shape = heap.word(obj + Obj.Shape), more = heap.word(obj + Obj.More);
  if (kindOf(heap, shape) !== CellKind.Shape) fail("object without a shape");
  const inline = heap.word(shape + Shape.InlineCapacity), count = heap.word(shape + Shape.Count);
  if (sizeOf(heap, obj) !== Obj.Inline + 8 * inline) fail(`object of ${sizeOf(heap, obj)} bytes for ${inline} inline fields`);
  const room = inline + (more === 0 ? 0 : heap.word(more + Slots.Count));
  if (count > room) fail(`${count} fields in room for ${room}`);
}

function checkShape(heap: Heap, shape: number, fail: Fail): void {
  const word = (at: number): number => heap.word(shape + at), count = word(Shape.Count), lookup = word(Shape.Lookup), keys = word(Shape.Keys);
  if (isDictionary(heap, shape)) {
    if (lookup === 0 || keys === 0 || heap.word(keys + Slots.Count) !== count) fail("dictionary without lookup or keys");
    let live = 0;
    for (let i = 0; i < count; i++) {
      const slot = ((keys + Slots.Data) >> 3) + i;
      if (heap.hi(slot) === Hi.Hole) continue;
      live++;
      if (tableGet(heap, lookup, heap.lo(slot)) !== i) fail(`key ${i} is not found`);
    }
    if (live !== word(Shape.Live) || live !== heap.word(lookup + Table.Count)) fail(`${live} live keys, Live says ${word(Shape.Live)}`);
    return;
  }
  let n = count;
  for (let s = shape; n > 0; s = heap.word(s + Shape.Parent)) {
    const key = heap.word(s + Shape.Key);
    n--;
    if (key === 0 || heap.word(s + Shape.Count) !== n + 1) fail("parent chain does not match the count");
    if (lookup !== 0 && tableGet(heap, lookup, key) !== n) fail(`key ${n} is not found`);
    if (keys !== 0 && heap.lo(((keys + Slots.Data) >> 3) + n) !== key) fail(`key ${n} differs in Keys`);
    if (n === 0 && heap.word(s + Shape.Parent) !== 0 && heap.word(heap.word(s + Shape.Parent) + Shape.Count) !== 0) fail("root has keys");
  }
}

/** The shapes that this one leads to are one key further, and are like it in everything else; its stamped ones are roots. */
function checkShapeTree(heap: Heap, shape: number, fail: Fail): void {
  const word = (of: number, at: number): number => heap.word(of + at);
  eachTableEntry(heap, word(shape, Shape.Transitions), (key, child) => {
    if (kindOf(heap, child) !== CellKind.Shape || word(child, Shape.Parent) !== shape || word(child, Shape.Key) !== key || isDictionary(heap, child)) fail("a transition to a shape that is no child");
    for (const same of [Shape.InlineCapacity, Shape.TypeName]) if (word(child, same) !== word(shape, same)) fail("a child of another type or capacity");
  });
  eachTableEntry(heap, word(shape, Shape.Stamps), (type, root) => {
    if (kindOf(heap, root) !== CellKind.Shape || word(root, Shape.TypeName) !== type || word(root, Shape.Count) !== 0) fail("a stamped root that is none");
  });
  if ((word(shape, Shape.Stamps) !== 0 && word(shape, Shape.Count) !== 0) || (isDictionary(heap, shape) && word(shape, Shape.Transitions) !== 0)) fail("a shape with a table it cannot have");
}

function eachTableEntry(heap: Heap, table: number, visit: (key: number, value: number) => void): void {
  if (table === 0) return;
  for (let at = table + Table.Entries, end = at + 8 * heap.word(table + Table.Capacity); at < end; at += 8) if ((heap.word(at) >>> 0) > 1) visit(heap.word(at), heap.word(at + 4));
}

function checkTable(heap: Heap, table: number, fail: Fail): void {
  const capacity = heap.word(table + Table.Capacity), entries = table + Table.Entries;
  if ((capacity & (capacity - 1)) !== 0 || Table.Entries + 8 * capacity > sizeOf(heap, table)) fail(`table of capacity ${capacity}`);
  let count = 0, deleted = 0;
  for (let i = 0; i < capacity; i++) {
    const key = heap.word(entries + 8 * i);
    if (key === 1) deleted++;
    else if (key !== 0) {
      count++;
      if (tableGet(heap, table, key) !== heap.word(entries + 8 * i + 4)) fail(`entry ${i} is not found by its key`);
    }
  }
  if (count !== heap.word(table + Table.Count) || deleted !== heap.word(table + Table.Deleted)) fail("table counts are wrong");
}
