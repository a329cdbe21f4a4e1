// What cells promise beyond kinds of references: what code that reads them counts on to stay inside of them, and to end. Each
// check looks at the cell and those it refers to directly, so all of them together take time in proportion to the world.

import { Arr, Big, Bytes, Bytevector, Closure, Code, HashMap, HashNode, Keyword, MapNode, NumberArray, Obj, Pair, Rational, Shape, ShapeFlag, Slots, SortedMap, Str, Struct, SymbolTable, Table, Vector, WeakMap } from "../../heap/layout.ts";
import type { Mem } from "../../heap/memory.ts";
import { Root } from "../../heap/roots.ts";
import { STRUCTS } from "../../heap/structs.ts";
import { CellHi, CellKind, Hi, Tag } from "../../heap/value.ts";
import type { WorldCheck } from "./check-world.ts";
import { damaged } from "./errors.ts";

/** Largest inline capacity of an object. */
const MOST_INLINE = 32;
/** Bits of a hash a trie's node uses, and levels with branches. */
const LEVELS = 7;

export function checkContents(world: WorldCheck, addr: number, kind: CellKind): void {
  const { mem } = world, word = (at: number): number => mem.word(addr + at), size = mem.word(addr + 4);
  switch (kind) {
    case CellKind.String: case CellKind.Symbol: return checkText(world, addr, kind);
    case CellKind.Bytes:
      if (word(Bytes.Used) < 0 || word(Bytes.Used) > size - Bytes.Data) damaged("bytes beyond their cell");
      return;
    case CellKind.SymbolTable: return checkSymbols(world, addr, size);
    case CellKind.Array: if (word(Arr.Element) < 0 || word(Arr.Element) > 0xff) damaged("an array of no type"); return;
    case CellKind.Object: return checkObject(world, addr, size);
    case CellKind.Shape: return checkShape(world, addr);
    case CellKind.Table: return checkTable(world, addr, size);
    case CellKind.Closure: return checkClosure(mem, addr);
    case CellKind.Pair: if (size !== Pair.Size && size !== Pair.PositionedSize) damaged("a pair of another size"); return;
    case CellKind.Keyword: if (mem.word(word(Keyword.Name) + Str.Keyword) !== addr) damaged("a keyword its symbol does not know"); return;
    case CellKind.BigInt: return checkBig(mem, addr, size);
    case CellKind.Rational: return checkRational(mem, addr);
    case CellKind.Complex: return checkNumbers(mem, addr);
    case CellKind.Bytevector: if (word(Bytevector.Length) < 0 || word(Bytevector.Length) > size - Bytevector.Data) damaged("bytes beyond their cell"); return;
    case CellKind.NumberArray: if (word(NumberArray.Count) < 0 || word(NumberArray.Count) > (size - NumberArray.Data) >> 3 || word(NumberArray.Element) >>> 0 > 1) damaged("numbers beyond their cell"); return;
    case CellKind.Struct: return checkStruct(mem, addr);
    case CellKind.SortedMap: if (word(SortedMap.Count) !== weightOf(mem, word(SortedMap.Root))) damaged("a map with another number of entries"); return;
    case CellKind.MapNode: return checkMapNode(mem, addr);
    case CellKind.HashMap: return checkHashMap(world, addr);
    case CellKind.WeakMap: return checkWeakMap(world, addr);
    default: return;
  }
}

const isPowerOfTwo = (n: number): boolean => n > 0 && (n & (n - 1)) === 0;

function checkText({ mem }: WorldCheck, addr: number, kind: CellKind): void {
  const data = mem.word(addr + Str.Data), length = mem.word(addr + Str.ByteLength), points = mem.word(addr + Str.CodePoints), symbol = mem.word(addr + Str.Symbol);
  if (length < 0 || length > mem.word(data + Bytes.Used) || length > mem.word(data + 4) - Bytes.Data) damaged("a text beyond its bytes");
  if (points < -1 || points > length) damaged("a text with more characters than bytes");
  if (kind === CellKind.Symbol) {
    if (mem.word(addr + Str.Hash) !== hashOf(mem, data + Bytes.Data, length)) damaged("a symbol with another hash");
    if (symbol !== 0 && mem.word(symbol + Keyword.Name) !== addr) damaged("a symbol with the keyword of another");
  } else if (symbol !== 0) {
    const other = mem.word(symbol + Str.Data) + Bytes.Data;
    if (mem.word(symbol + Str.ByteLength) !== length) damaged("a text with the symbol of another");
    for (let i = 0; i < length; i++) if (mem.u8[other + i] !== mem.u8[data + Bytes.Data + i]) damaged("a text with the symbol of another");
  }
}

/** FNV-1a of bytes, never 0. */
function hashOf(mem: Mem, from: number, length: number): number {
  let h = 0x811c9dc5 | 0;
  for (let at = from; at < from + length; at++) h = Math.imul(h ^ mem.u8[at]!, 0x01000193);
  return h || 1;
}

/** Every symbol is found by its text, and only once. */
function checkSymbols(world: WorldCheck, table: number, size: number): void {
  const { mem } = world, capacity = mem.word(table + SymbolTable.Capacity), entries = (table + SymbolTable.Entries) >> 2;
  if (!isPowerOfTwo(capacity) || capacity > (size - SymbolTable.Entries) / 4) damaged("a table of symbols beyond its cell");
  let count = 0;
  for (let i = 0; i < capacity; i++) {
    const symbol = mem.i32[entries + i]!;
    if (symbol === 0) continue;
    count++;
    world.visit(symbol, CellKind.Symbol);
    const hash = mem.word(symbol + Str.Hash);
    let at = (hash ^ (hash >>> 15)) & (capacity - 1);
    while (at !== i && mem.i32[entries + at] !== 0) at = (at + 1) & (capacity - 1);
    if (at !== i) damaged("a symbol that is not found by its text");
  }
  if (count !== mem.word(table + SymbolTable.Count) || count * 4 > capacity * 3) damaged("a table of symbols with another number of them");
}

function checkObject(world: WorldCheck, obj: number, size: number): void {
  const { mem } = world, shape = mem.word(obj + Obj.Shape), more = mem.word(obj + Obj.More), inline = mem.word(shape + Shape.InlineCapacity);
  if (inline < 0 || inline > MOST_INLINE || size !== Obj.Inline + 8 * inline) damaged("an object that does not fit its shape");
  if (mem.word(shape + Shape.Count) > inline + (more === 0 ? 0 : mem.word(more + Slots.Count))) damaged("an object with fewer fields than its shape");
  if (isDictionary(mem, shape)) world.claim(shape);
}

const isDictionary = (mem: Mem, shape: number): boolean => (mem.u16[(shape + 2) >> 1]! & ShapeFlag.Dictionary) !== 0;

function checkShape(world: WorldCheck, shape: number): void {
  const { mem } = world, word = (at: number): number => mem.word(shape + at), count = word(Shape.Count), parent = word(Shape.Parent), key = word(Shape.Key);
  const inline = word(Shape.InlineCapacity), keys = word(Shape.Keys), lookup = word(Shape.Lookup);
  if (count < 0 || inline < 0 || inline > MOST_INLINE) damaged("a shape of impossible size");
  if (keys !== 0 && mem.word(keys + Slots.Count) !== count) damaged("a shape with another number of keys");
  if (isDictionary(mem, shape)) {
    if (keys === 0 || lookup === 0 || parent !== 0 || key !== 0 || word(Shape.Transitions) !== 0) damaged("a dictionary without its tables");
    world.claim(lookup);
    return world.later(() => checkDictionary(mem, shape, keys, lookup, count));
  }
  if (count > 0 && (parent === 0 || key === 0 || isDictionary(mem, parent) || mem.word(parent + Shape.Count) !== count - 1 || mem.word(parent + Shape.InlineCapacity) !== inline)) {
    damaged("a shape that does not continue its parent");
  }
  if (count === 0 && (key !== 0 || parent !== 0)) damaged("a first shape with a key");
  world.later(() => {
    if (lookup !== 0 && (count === 0 || mem.word(lookup + Table.Values) !== 0 || find(mem, lookup, key) !== count - 1)) damaged("a shape that does not find its key");
    checkChildren(mem, word(Shape.Transitions), (child) => mem.word(child + Shape.Parent) === shape && !isDictionary(mem, child));
    checkChildren(mem, word(Shape.Stamps), (child) => mem.word(child + Shape.Count) === 0 && mem.word(child + Shape.InlineCapacity) === inline && !isDictionary(mem, child));
  });
}

function checkChildren(mem: Mem, table: number, fits: (shape: number) => boolean): void {
  if (table === 0) return;
  if (mem.word(table + Table.Values) !== 1) damaged("a table of shapes that holds none");
  eachEntry(mem, table, (_, child) => { if (!fits(child)) damaged("a shape among the children of another"); });
}

function checkDictionary(mem: Mem, shape: number, keys: number, lookup: number, count: number): void {
  let live = 0;
  for (let i = 0; i < count; i++) {
    const slot = ((keys + Slots.Data) >> 3) + i;
    if (mem.hi(slot) === Hi.Hole) continue;
    live++;
    if (mem.hi(slot) !== CellHi.Symbol || find(mem, lookup, mem.lo(slot)) !== i) damaged("a dictionary that does not find its key");
  }
  if (live !== mem.word(shape + Shape.Live) || live !== mem.word(lookup + Table.Count) || mem.word(lookup + Table.Values) !== 0) damaged("a dictionary with another number of keys");
}

/** Counts hold, every key is a symbol and is found, and there is a free entry, which ends every search. */
function checkTable(world: WorldCheck, table: number, size: number): void {
  const { mem } = world, capacity = mem.word(table + Table.Capacity), entries = (table + Table.Entries) >> 2, values = mem.word(table + Table.Values);
  if (!isPowerOfTwo(capacity) || capacity < 4 || capacity > (size - Table.Entries) / 8 || values >>> 0 > 1) damaged("a table beyond its cell");
  let count = 0, deleted = 0;
  for (let i = 0; i < capacity; i++) {
    const key = mem.i32[entries + 2 * i]!, value = mem.i32[entries + 2 * i + 1]!;
    if (key === 1) deleted++;
    if (key === 0 || key === 1) continue;
    count++;
    world.visit(key, CellKind.Symbol);
    if (values === 1) world.visit(value, CellKind.Shape);
    else if (value < 0) damaged("a table with a negative place");
  }
  if (count !== mem.word(table + Table.Count) || deleted !== mem.word(table + Table.Deleted) || count + deleted >= capacity) damaged("a table with another number of entries");
  eachEntry(mem, table, (key, value) => { if (find(mem, table, key) !== value) damaged("a table that does not find its key"); });
}

function eachEntry(mem: Mem, table: number, visit: (key: number, value: number) => void): void {
  const entries = (table + Table.Entries) >> 2, capacity = mem.word(table + Table.Capacity);
  for (let at = entries; at < entries + 2 * capacity; at += 2) if (mem.i32[at]! > 1) visit(mem.i32[at]!, mem.i32[at + 1]!);
}

/** Value of a key in a table that was checked, -1 for none. */
function find(mem: Mem, table: number, key: number): number {
  const capacity = mem.word(table + Table.Capacity), entries = (table + Table.Entries) >> 2;
  for (let i = Math.imul(key >>> 3, 0x9e3779b1) >>> (Math.clz32(capacity) + 1); ; i = (i + 1) & (capacity - 1)) {
    const found = mem.i32[entries + 2 * i]!;
    if (found === key) return mem.i32[entries + 2 * i + 1]!;
    if (found === 0) return -1;
  }
}

function checkClosure(mem: Mem, closure: number): void {
  if (mem.word(closure + Closure.Count) !== mem.word(mem.word(closure + Closure.Code) + Code.CaptureCount)) damaged("a function with another number of captures than its code");
}

function checkBig(mem: Mem, big: number, size: number): void {
  const count = mem.word(big + Big.Count), sign = mem.word(big + Big.Sign);
  if (count < 2 || count > (size - Big.Limbs) / 4 || (sign !== 1 && sign !== -1)) damaged("an integer beyond its cell");
  const top = mem.u32[(big + Big.Limbs + 4 * (count - 1)) >> 2]!;
  if (top === 0 || (count === 2 && top < 0x8000)) damaged("an integer with leading zeros");
}

const isInteger = (hi: number): boolean => hi === Hi.I32 || (hi & Tag.Mask) === Tag.Int64 || hi === CellHi.BigInt;

function checkRational(mem: Mem, addr: number): void {
  const denominator = (addr + Rational.Denominator) >> 3, hi = mem.hi(denominator), lo = mem.lo(denominator);
  if (!isInteger(mem.hi((addr + Rational.Numerator) >> 3)) || !isInteger(hi)) damaged("a fraction of no integers");
  if ((hi === Hi.I32 && lo <= 1) || ((hi & Tag.Mask) === Tag.Int64 && (hi & 0x8000) !== 0) || (hi === CellHi.BigInt && mem.word(lo + Big.Sign) !== 1)) damaged("a fraction with an impossible denominator");
}

function checkNumbers(mem: Mem, addr: number): void {
  for (let slot = (addr >> 3) + 1; slot <= (addr >> 3) + 2; slot++) {
    const hi = mem.hi(slot);
    if (hi >= Tag.First && !isInteger(hi) && hi !== CellHi.Rational) damaged("a complex number of no numbers");
  }
}

function checkStruct(mem: Mem, addr: number): void {
  const type = mem.word(addr + Struct.Type), count = mem.word(addr + Struct.Count), info = (STRUCTS as { readonly [type: number]: { readonly items: readonly string[] } | undefined })[type];
  if (info === undefined) damaged("a struct of no type");
  const least = info.items.includes("…") ? info.items.length - 1 : info.items.length;
  if (count < least) damaged("a struct with too few values");
}

const weightOf = (mem: Mem, node: number): number => (node === 0 ? 0 : mem.word(node + MapNode.Weight));

/** The weights make it a tree, and a balanced one. */
function checkMapNode(mem: Mem, node: number): void {
  const left = weightOf(mem, mem.word(node + MapNode.Left)), right = weightOf(mem, mem.word(node + MapNode.Right));
  if (left < 0 || right < 0 || mem.word(node + MapNode.Weight) !== left + right + 1) damaged("a tree with another number of entries");
  if (left + 1 > 3 * (right + 1) || right + 1 > 3 * (left + 1)) damaged("a tree that is not balanced");
}

/** The trie below a map is as deep as hashes are long, and its nodes fit their bitmaps. */
function checkHashMap(world: WorldCheck, map: number): void {
  const root = world.mem.word(map + HashMap.Root);
  if (world.mem.word(map + HashMap.Count) < 0 || (root === 0) !== (world.mem.word(map + HashMap.Count) === 0)) damaged("a map with another number of entries");
  if (root !== 0) world.later(() => { if (entriesOf(world, root, 0) !== world.mem.word(map + HashMap.Count)) damaged("a map with another number of entries"); });
}

function entriesOf(world: WorldCheck, node: number, level: number): number {
  const { mem } = world, known = world.levels.get(node), bitmap = mem.word(node + HashNode.Bitmap), slots = mem.word(node + HashNode.Count);
  if (known !== undefined) return known.level === level ? known.entries : damaged("a trie that is no tree");
  if ((bitmap === 0) !== (level === LEVELS) || slots % 2 !== 0 || slots === 0 || (bitmap !== 0 && slots !== 2 * bits(bitmap))) damaged("a trie that does not fit its bitmap");
  let entries = 0;
  for (let slot = (node + HashNode.Data) >> 3, end = slot + slots; slot < end; slot += 2) {
    if (mem.hi(slot) !== Hi.Hole) {
      if (mem.hi(slot) === CellHi.HashNode || mem.hi(slot + 1) === CellHi.HashNode) damaged("a trie with a node for a value");
      entries++;
    } else if (mem.hi(slot + 1) !== CellHi.HashNode || level === LEVELS) damaged("a trie without its branch");
    else entries += entriesOf(world, mem.lo(slot + 1), level + 1);
  }
  world.levels.set(node, { level, entries });
  return entries;
}

function bits(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Entries are in a table with a free one, and each key is found. */
function checkWeakMap(world: WorldCheck, map: number): void {
  const { mem } = world, table = mem.word(map + WeakMap.Table), count = mem.word(map + WeakMap.Count), deleted = mem.word(map + WeakMap.Deleted);
  if (table === 0) return count === 0 && deleted === 0 ? undefined : damaged("a weak map without a table");
  const used = mem.word(table + Bytes.Used), capacity = used / 16, first = (table + Bytes.Data) >> 3;
  if (used > mem.word(table + 4) - Bytes.Data || !isPowerOfTwo(capacity)) damaged("a weak map beyond its table");
  let live = 0, dropped = 0;
  for (let entry = first; entry < first + 2 * capacity; entry += 2) {
    if (mem.hi(entry) !== Hi.Hole) {
      live++;
      world.entry(entry);
    } else if (mem.lo(entry) !== 0) dropped++;
  }
  if (live !== count || dropped !== deleted || live + dropped >= capacity) damaged("a weak map with another number of entries");
}

/** What the engine counts on in named roots. */
export function checkRoots(mem: Mem): void {
  const known = mem.rootCell(Root.KnownSymbols), data = known === 0 ? 0 : mem.word(known + Arr.Data);
  for (let i = 0; data !== 0 && i < mem.word(data + Slots.Count); i++) if (mem.hi(((data + Slots.Data) >> 3) + i) !== CellHi.Symbol) damaged("a name that is no symbol");
  const shapes = mem.rootCell(Root.EmptyShapes);
  for (let i = 0; shapes !== 0 && i < mem.word(shapes + Slots.Count); i++) {
    const shape = mem.lo(((shapes + Slots.Data) >> 3) + i);
    if (shape !== 0 && (mem.hi(((shapes + Slots.Data) >> 3) + i) !== CellHi.Shape || mem.word(shape + Shape.Count) !== 0 || isDictionary(mem, shape))) damaged("a first shape with keys");
  }
  const globals = mem.rootCell(Root.Globals);
  for (let i = 0; globals !== 0 && i < mem.word(globals + Slots.Count); i++) if (mem.hi(((globals + Slots.Data) >> 3) + i) !== CellHi.Global) damaged("a global that is none");
  const stack = mem.rootCell(Root.Dynamic);
  if (stack !== 0 && mem.word(stack + Vector.Count) !== 4) damaged("a chain of handlers that is none");
}
