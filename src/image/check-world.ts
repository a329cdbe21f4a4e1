// Walks a world that came from outside, cell by cell, and refuses all that no VM can have made. It trusts nothing: every
// address, size and count is checked before it is used, so it ends whatever the bytes are. It is more than the heap's own
// verifier in two ways: every reference must lead to a cell of the right kind, and what belongs to one cell to only one.
//
// What cells promise beyond their references is in check-contents.ts; code and frames are checked after this.

import { Cell, Arr, Bytes, Closure, Code, Continuation, Global, HashMap, HashNode, Keyword, MapNode, NumberArray, Obj, Pair, Rational, Record, Ref, Complex, Shape, Slots, SortedMap, Stack, Str, Struct, SymbolTable, Table, Vector, WeakMap, WeakRef, Box, Buf, Big, Bytevector, Wide } from "../../heap/layout.ts";
import type { Mem } from "../../heap/memory.ts";
import { Root } from "../../heap/roots.ts";
import { CellKind, Hi, Tag } from "../../heap/value.ts";
import { Header, PageState, World } from "../../heap/world-layout.ts";
import { checkContents, checkRoots } from "./check-contents.ts";
import { damaged } from "./errors.ts";
import { FileItem, SocketItem } from "../vm/outside.ts";

/** hi word of the infinite double. */
const INFINITY = 0x7ff0_0000;

/** Kinds of cells that may be somewhere: 1 at the number of each. */
type Kinds = Uint8Array;

const kinds = (...list: readonly number[]): Kinds => {
  const table = new Uint8Array(256);
  for (const kind of list) table[kind] = 1;
  return table;
};
const also = (base: Kinds, ...more: readonly number[]): Kinds => {
  const table = base.slice();
  for (const kind of more) table[kind] = 1;
  return table;
};

/** Kinds a script can have in its hands, and what by-reference parameters are. */
const VALUES = kinds(
  CellKind.String, CellKind.Symbol, CellKind.Array, CellKind.Object, CellKind.Closure, CellKind.Int64, CellKind.Uint64, CellKind.Buffer, CellKind.Pair,
  CellKind.Keyword, CellKind.Vector, CellKind.BigInt, CellKind.Rational, CellKind.Complex, CellKind.Bytevector, CellKind.NumberArray, CellKind.Struct,
  CellKind.SortedMap, CellKind.HashMap, CellKind.WeakRef, CellKind.WeakMap, CellKind.Continuation, CellKind.Box, CellKind.Global, CellKind.Ref, CellKind.Task, CellKind.Channel, CellKind.File, CellKind.Socket,
);
const IN_TASKS = also(VALUES, CellKind.Stack);
const CONSTANTS = also(VALUES, CellKind.Code, CellKind.Shape);
const SYMBOLS = kinds(CellKind.Symbol);
const GLOBALS = kinds(CellKind.Global);
const CODES = kinds(CellKind.Code);
const SHAPES = kinds(CellKind.Shape);
const ANY = kinds(...Array.from({ length: CellKind.Last }, (_, i) => i + 1));
const NONE = kinds();
/** Kinds that later checks go through. */
const LISTED = kinds(CellKind.Code, CellKind.Closure, CellKind.Global, CellKind.Continuation, CellKind.Buffer, CellKind.Task, CellKind.Channel);

/** A reference field: where, what it may lead to; `own`: nothing else may lead there. */
interface RefRule { readonly at: number; readonly kind: CellKind; readonly own: boolean; /** For Slots: what they may hold. */ readonly items: Kinds | null; readonly required: boolean }
/** Values in a cell: from an offset on, so many, or as many as the word at `count` says. */
interface SlotRule { readonly at: number; readonly count?: number; readonly fixed?: number; readonly kinds?: Kinds }
interface Rule { /** Least size. */ readonly size: number; readonly refs?: readonly RefRule[]; readonly slots?: SlotRule }

const ref = (at: number, kind: CellKind, { own = false, items = null, required = false }: Partial<RefRule> = {}): RefRule => ({ at, kind, own, items, required });
const shape = ref(Obj.Shape, CellKind.Shape, { required: true });

/** What each kind of cell may refer to. */
const RULES: { readonly [K in CellKind]: Rule } = {
  [CellKind.Free]: { size: 8 },
  [CellKind.String]: { size: Str.Size, refs: [ref(Str.Data, CellKind.Bytes, { required: true }), ref(Str.Symbol, CellKind.Symbol)] },
  [CellKind.Bytes]: { size: Bytes.Data },
  [CellKind.Symbol]: { size: Str.Size, refs: [ref(Str.Data, CellKind.Bytes, { required: true }), ref(Str.Keyword, CellKind.Keyword)] },
  [CellKind.SymbolTable]: { size: SymbolTable.Entries },
  [CellKind.Array]: { size: Arr.Size, refs: [ref(Arr.Data, CellKind.Slots, { own: true, items: VALUES, required: true }), ref(Arr.Descriptor, CellKind.Array)] },
  [CellKind.Slots]: { size: Slots.Data },
  [CellKind.Object]: { size: Obj.Inline, refs: [shape, ref(Obj.More, CellKind.Slots, { own: true, items: VALUES })] },
  [CellKind.Shape]: {
    size: Shape.Size,
    refs: [
      ref(Shape.Parent, CellKind.Shape), ref(Shape.Key, CellKind.Symbol), ref(Shape.TypeName, CellKind.Symbol), ref(Shape.Transitions, CellKind.Table, { own: true }),
      ref(Shape.Lookup, CellKind.Table), ref(Shape.Keys, CellKind.Slots, { own: true, items: SYMBOLS }), ref(Shape.Stamps, CellKind.Table, { own: true }),
    ],
  },
  [CellKind.Table]: { size: Table.Entries },
  [CellKind.Closure]: { size: Closure.Captures, refs: [ref(Closure.Code, CellKind.Code, { required: true })], slots: { at: Closure.Captures, count: Closure.Count } },
  [CellKind.Box]: { size: Box.Size, slots: { at: Box.Value, fixed: 1 } },
  [CellKind.Global]: { size: Global.Size, refs: [ref(Global.Name, CellKind.Symbol, { required: true })], slots: { at: Global.Value, fixed: 1 } },
  [CellKind.Code]: {
    size: Code.Constants,
    refs: [
      ref(Code.Name, CellKind.Symbol, { required: true }), ref(Code.ParamNames, CellKind.Slots, { own: true, items: SYMBOLS }),
      ref(Code.CaptureNames, CellKind.Slots, { own: true, items: SYMBOLS }), ref(Code.Handlers, CellKind.Bytes, { own: true }), ref(Code.Spans, CellKind.Bytes, { own: true }),
    ],
    slots: { at: Code.Constants, count: Code.ConstCount, kinds: CONSTANTS },
  },
  [CellKind.Ref]: { size: Ref.Size, slots: { at: Ref.Container, fixed: 2 } },
  [CellKind.Int64]: { size: Wide.Size },
  [CellKind.Uint64]: { size: Wide.Size },
  [CellKind.Buffer]: { size: Buf.Size },
  [CellKind.Stack]: { size: Stack.Data },
  [CellKind.Pair]: { size: Pair.Size, slots: { at: Pair.Car, fixed: 2 } },
  [CellKind.Keyword]: { size: Keyword.Size, refs: [ref(Keyword.Name, CellKind.Symbol, { required: true })] },
  [CellKind.Vector]: { size: Vector.Data, slots: { at: Vector.Data, count: Vector.Count } },
  [CellKind.BigInt]: { size: Big.Limbs },
  [CellKind.Rational]: { size: Rational.Size, slots: { at: Rational.Numerator, fixed: 2, kinds: kinds(CellKind.BigInt) } },
  [CellKind.Complex]: { size: Complex.Size, slots: { at: Complex.Real, fixed: 2, kinds: kinds(CellKind.BigInt, CellKind.Rational) } },
  [CellKind.Bytevector]: { size: Bytevector.Data },
  [CellKind.NumberArray]: { size: NumberArray.Data },
  [CellKind.Struct]: { size: Struct.Data, slots: { at: Struct.Data, count: Struct.Count } },
  [CellKind.SortedMap]: { size: SortedMap.Size, refs: [ref(SortedMap.Root, CellKind.MapNode)] },
  [CellKind.MapNode]: { size: MapNode.Size, refs: [ref(MapNode.Left, CellKind.MapNode), ref(MapNode.Right, CellKind.MapNode)], slots: { at: MapNode.Key, fixed: 2 } },
  [CellKind.HashMap]: { size: HashMap.Size, refs: [ref(HashMap.Root, CellKind.HashNode)] },
  [CellKind.HashNode]: { size: HashNode.Data, slots: { at: HashNode.Data, count: HashNode.Count, kinds: also(VALUES, CellKind.HashNode) } },
  [CellKind.WeakRef]: { size: WeakRef.Size, slots: { at: WeakRef.Target, fixed: 1 } },
  [CellKind.WeakMap]: { size: WeakMap.Size, refs: [ref(WeakMap.Table, CellKind.Bytes, { own: true })] },
  [CellKind.Task]: { size: Record.Data, slots: { at: Record.Data, count: Record.Count, kinds: IN_TASKS } },
  [CellKind.Channel]: { size: Record.Data, slots: { at: Record.Data, count: Record.Count } },
  [CellKind.File]: { size: Record.Data + 8 * FileItem.Count, slots: { at: Record.Data, count: Record.Count } },
  [CellKind.Socket]: { size: Record.Data + 8 * SocketItem.Count, slots: { at: Record.Data, count: Record.Count } },
  [CellKind.Continuation]: { size: Continuation.Data, slots: { at: Continuation.Dynamic, fixed: 1 } },
};

/** What the cells in named roots may be; the others hold anything that is a value. */
const ROOTS: { readonly [root: number]: { readonly kind: CellKind; readonly items?: Kinds } } = {
  [Root.Globals]: { kind: CellKind.Slots, items: GLOBALS }, [Root.SymbolTable]: { kind: CellKind.SymbolTable }, [Root.Stack]: { kind: CellKind.Stack },
  [Root.EmptyShapes]: { kind: CellKind.Slots, items: SHAPES }, [Root.Types]: { kind: CellKind.Object }, [Root.Codes]: { kind: CellKind.Slots, items: CODES },
  [Root.OutOfMemory]: { kind: CellKind.String }, [Root.KnownSymbols]: { kind: CellKind.Array }, [Root.Dynamic]: { kind: CellKind.Vector },
  [Root.OutOfMemoryCondition]: { kind: CellKind.SortedMap },
};

/** The rules as tables by kind, all of one form. */
const LEAST_SIZES = Int32Array.from({ length: 256 }, (_, kind) => (kind === CellKind.Free ? 0 : RULES[kind as CellKind]?.size ?? 0));
const REFS: readonly (readonly RefRule[])[] = Array.from({ length: CellKind.Last + 1 }, (_, kind) => RULES[kind as CellKind].refs ?? []);
const SLOTS: readonly (Required<SlotRule> | null)[] = Array.from({ length: CellKind.Last + 1 }, (_, kind) => {
  const rule = RULES[kind as CellKind].slots;
  return rule === undefined ? null : { at: rule.at, count: rule.count ?? 0, fixed: rule.fixed ?? -1, kinds: rule.kinds ?? VALUES };
});

/** The cells of a world that passed, of the kinds that are listed. */
export type CellsByKind = ReadonlyMap<CellKind, readonly number[]>;

/** A set of cells: a bit for each 8 bytes of a world. */
class Marks {
  readonly words: Int32Array;

  constructor(worldBytes: number) { this.words = new Int32Array((worldBytes >> 8) + 1); }

  has(addr: number): boolean { return (this.words[addr >> 8]! & (1 << (addr >> 3 & 31))) !== 0; }
  add(addr: number): void { this.words[addr >> 8]! |= 1 << (addr >> 3 & 31); }
}

/** What the header says of where cells may be. */
interface AllocatorState { readonly worldBytes: number; readonly pageTable: number; readonly epoch: number; readonly runs: readonly [number, number, number, number]; readonly sweepBlock: number; readonly sweepLine: number }

const allocatorState = (mem: Mem): AllocatorState => ({
  worldBytes: mem.worldBytes, pageTable: mem.word(Header.PageTable), epoch: mem.word(Header.Epoch), sweepBlock: mem.word(Header.SweepBlock), sweepLine: mem.word(Header.SweepLine),
  runs: [mem.word(Header.Cursor), mem.word(Header.RunEnd), mem.word(Header.OverflowCursor), mem.word(Header.OverflowEnd)],
});

export class WorldCheck {
  readonly cells = new Map<CellKind, number[]>();
  /** Those that were met, those that belong to one other, and vectors whose items were looked at as those of their owner. */
  readonly #met: Marks;
  readonly #owned: Marks;
  readonly #seen: Marks;
  readonly #pending: number[] = [];
  readonly #later: (() => void)[] = [];
  /** Nodes of tries that were counted, with the depth they were found at. */
  readonly levels = new Map<number, { readonly level: number; readonly entries: number }>();
  readonly #u8: Uint8Array;
  readonly #i32: Int32Array;
  readonly #header: AllocatorState;

  constructor(readonly mem: Mem, /** Whether a native function has this id. */ readonly isNative: (id: number) => boolean) {
    this.#u8 = mem.u8;
    this.#i32 = mem.i32;
    this.#header = allocatorState(mem);
    this.#met = new Marks(mem.worldBytes);
    this.#owned = new Marks(mem.worldBytes);
    this.#seen = new Marks(mem.worldBytes);
  }

  run(): void {
    const { mem } = this;
    for (let root = 0; root < Header.RootCount; root++) this.#root(root);
    for (const root of [Root.SymbolTable, Root.Stack]) if (mem.rootCell(root) === 0) damaged(`its root ${root} is empty`);
    this.#drain();
    for (let buffer = mem.word(Header.Buffers), count = 0; buffer !== 0; buffer = mem.word(buffer + Buf.NextBuffer)) {
      this.visit(buffer, CellKind.Buffer);
      if (++count > mem.worldBytes / Buf.Size) damaged("its list of buffers is a circle");
    }
    this.#drain();
    for (const step of this.#later) step();
    checkRoots(mem);
    this.#overlap();
  }

  /** To be done when every cell has been looked at. */
  later(step: () => void): void { this.#later.push(step); }
  /** A cell that only one other may refer to in the way of the caller. */
  claim(addr: number): void { this.#own(addr); }

  /** Key and value of a weak map. */
  entry(key: number): void {
    this.value(key, VALUES);
    this.value(key + 1, VALUES);
  }

  #root(root: number): void {
    const { mem } = this, slot = mem.rootSlot(root), rule = ROOTS[root], cell = mem.rootCell(root);
    if (rule === undefined) return this.value(slot, ANY);
    if (cell === 0) return this.value(slot, NONE);
    if (mem.hi(slot) !== (Tag.Cell | rule.kind)) damaged(`its root ${root} holds something else`);
    this.visit(cell, rule.kind);
    if (rule.items === undefined) return;
    this.#own(cell);
    this.#items(cell, rule.items);
  }

  /** Checks and follows a value. */
  value(slot: number, allowed: Kinds): void {
    const hi = this.#i32[2 * slot + 1]!, lo = this.#i32[2 * slot]!;
    if (hi < Tag.First) {
      // The payload of a NaN could become a tag when the processor makes it a quiet one, or negates it.
      const isNaN = (hi & INFINITY) === INFINITY && ((hi & 0xf_ffff) !== 0 || lo !== 0);
      if (isNaN && ((hi & 0x7fff_ffff) !== Tag.NaNHi || lo !== 0)) damaged("a NaN that no machine makes");
      return;
    }
    switch (hi & Tag.Mask) {
      case Tag.First: return this.#immediate(hi, lo);
      case Tag.Cell:
        if (allowed[hi & 0xffff] !== 1) damaged(`a cell of kind ${hi & 0xffff} where none may be`);
        return this.visit(lo, hi & 0xffff);
      case Tag.Int64: case Tag.Uint64: case Tag.Pointer: return;
      default: damaged("a value of no type");
    }
  }

  #immediate(hi: number, lo: number): void {
    switch (hi) {
      case Hi.Hole: case Hi.Null: case Hi.Empty: case Hi.Eof: return;
      case Hi.Bool: if (lo !== 0 && lo !== 1) damaged("a truth value of neither kind"); return;
      case Hi.Rune: if (lo < 0 || lo > 0x10ffff) damaged("a character that does not exist"); return;
      case Hi.Type: if (lo < 0 || lo > 255) damaged("a type that does not exist"); return;
      case Hi.Native: if (!this.isNative(lo)) damaged("a native function that does not exist"); return;
      case Hi.I8: if (lo !== lo << 24 >> 24) damaged("an integer out of range"); return;
      case Hi.U8: if (lo !== (lo & 0xff)) damaged("an integer out of range"); return;
      case Hi.I16: if (lo !== lo << 16 >> 16) damaged("an integer out of range"); return;
      case Hi.U16: if (lo !== (lo & 0xffff)) damaged("an integer out of range"); return;
      case Hi.I32: case Hi.U32: case Hi.F32: return;
      default: damaged("a value of no type");
    }
  }

  /** Checks that a cell of the kind may be there, and looks at its contents later. */
  visit(addr: number, kind: number): void {
    if ((addr & 7) !== 0 || addr < World.PageBytes || addr > this.#header.worldBytes - 8) damaged("a reference to no cell");
    if (this.#u8[addr] !== kind) damaged(`a reference to a cell of kind ${kind} leads to one of kind ${this.#u8[addr]!}`);
    if (this.#met.has(addr)) return;
    this.#met.add(addr);
    const least = LEAST_SIZES[kind]!;
    if (least === 0) damaged(`a cell of no kind`);
    this.#place(addr, this.mem.u32[(addr + Cell.Size) >> 2]!, least);
    if (LISTED[kind] === 1) this.#list(addr, kind);
    this.#pending.push(addr);
  }

  #list(addr: number, kind: CellKind): void {
    const list = this.cells.get(kind);
    if (list === undefined) this.cells.set(kind, [addr]);
    else list.push(addr);
  }

  /** A reference that must be the only one to its cell. */
  #own(addr: number): void {
    if (this.#owned.has(addr)) damaged("two cells share what belongs to one");
    this.#owned.add(addr);
  }

  /** What a vector may hold is for its owner to say: that is less than what a vector nobody owns may hold. */
  #items(slots: number, allowed: Kinds): void {
    this.#seen.add(slots);
    this.#range(slots + Slots.Data, this.#count(slots, Slots.Count, Slots.Data, 8), allowed);
  }

  /** The cell lies in memory of its kind that the allocator is not going to hand out. */
  #place(addr: number, size: number, least: number): void {
    const { worldBytes, pageTable, epoch, runs } = this.#header, u8 = this.#u8, state = u8[pageTable + (addr >> World.PageShift)], mark = u8[addr + Cell.Mark]!;
    if (size % 8 !== 0 || size < least || size > worldBytes - addr) damaged(`a cell of ${size} bytes`);
    if (mark !== 0 && mark !== epoch) damaged("a cell that an older collection marked");
    if (size > World.LargeBytes) {
      if (addr % World.PageBytes !== 0 || state !== PageState.Large) damaged("a large cell amid others");
      return;
    }
    const block = addr & World.BlockMask, from = addr - block;
    if (state !== PageState.Block && state !== PageState.BlockRest) damaged("a cell on a page that has none");
    if (from < World.FirstCell || from + size > World.BlockBytes) damaged("a cell across the end of its block");
    if ((addr < runs[1] && addr + size > runs[0]) || (addr < runs[3] && addr + size > runs[2])) damaged("a cell in memory that is free");
    const isMarked = u8[block] === epoch, last = (from + size - 1) >> World.LineShift;
    for (let line = from >> World.LineShift; line <= last; line++) {
      if (isMarked && u8[block + line] === epoch) continue;
      if (mark !== 0 || u8[block + 1] !== epoch || line >= this.#sweptLines(block)) damaged("a cell on a line that counts as free");
    }
  }

  /** Lines of a swept block that allocation has come past. */
  #sweptLines(block: number): number { return block === this.#header.sweepBlock ? this.#header.sweepLine : World.Lines; }

  #drain(): void {
    while (this.#pending.length > 0) {
      const addr = this.#pending.pop()!, kind = this.#u8[addr]! as CellKind, refs = REFS[kind]!, slots = SLOTS[kind]!;
      for (let i = 0; i < refs.length; i++) this.#ref(addr, refs[i]!);
      if (slots !== null) this.#range(addr + slots.at, slots.fixed >= 0 ? slots.fixed : this.#count(addr, slots.count, slots.at, 8), slots.kinds);
      if (kind === CellKind.Object) this.#range(addr + Obj.Inline, (this.mem.word(addr + Cell.Size) - Obj.Inline) >> 3, VALUES);
      else if (kind === CellKind.Continuation) this.#stackSlots(addr + Continuation.Data, this.#count(addr, Continuation.Count, Continuation.Data, 8));
      else if (kind === CellKind.Slots) { if (!this.#seen.has(addr)) this.#range(addr + Slots.Data, this.#count(addr, Slots.Count, Slots.Data, 8), ANY); }
      else if (kind === CellKind.Stack) this.#stack(addr);
      checkContents(this, addr, kind);
    }
  }

  #ref(addr: number, { at, kind, own, items, required }: RefRule): void {
    const target = this.#i32[(addr + at) >> 2]!;
    if (target === 0) {
      if (required) damaged("a cell without what it needs");
      return;
    }
    this.visit(target, kind);
    if (own) this.#own(target);
    if (items !== null) this.#items(target, items);
  }

  #range(at: number, count: number, allowed: Kinds): void {
    const i32 = this.#i32, end = (at >> 3) + count;
    for (let slot = at >> 3; slot < end; slot++) {
      const hi = i32[2 * slot + 1]!;
      // A double that is no NaN, an i32.
      if ((hi < Tag.First && (hi & INFINITY) !== INFINITY) || hi === Hi.I32) continue;
      this.value(slot, allowed);
    }
  }

  /** A count, given that so many items lie behind an offset of the cell. */
  #count(addr: number, at: number, from: number, itemBytes: number): number {
    const count = this.#i32[(addr + at) >> 2]!;
    if (count < 0 || count > (this.#i32[(addr + Cell.Size) >> 2]! - from) / itemBytes) damaged(`a cell of ${count} items`);
    return count;
  }

  /** Slots of a stack: values, and the links of frames. */
  #stackSlots(at: number, count: number): void {
    for (let slot = at >> 3; slot < (at >> 3) + count; slot++) {
      const hi = this.mem.hi(slot);
      if (hi < Tag.First || (hi & Tag.Mask) !== Tag.Link) this.value(slot, ANY);
    }
  }

  /** The live part of a stack; whose it is, is looked at with the tasks. */
  #stack(addr: number): void {
    const { mem } = this, top = mem.word(addr + Stack.Top), base = (addr + Stack.Data) >> 3;
    if (top < base || top > (addr + mem.word(addr + Cell.Size)) >> 3) damaged("a stack that ends outside of it");
    if (mem.word(addr + Stack.Marked) >>> 0 > mem.word(Header.Collections)) damaged("a stack marked by a collection to come");
    this.#stackSlots(addr + Stack.Data, top - base);
  }

  /** Cells in the order of their addresses. */
  #overlap(): void {
    const { words } = this.#met;
    let end = 0;
    for (let i = 0; i < words.length; i++) {
      for (let bits = words[i]!; bits !== 0; bits &= bits - 1) {
        const addr = (i << 8) + ((31 - Math.clz32(bits & -bits)) << 3);
        if (addr < end) damaged("two cells in one place");
        end = addr + this.#i32[(addr + Cell.Size) >> 2]!;
      }
    }
  }
}
