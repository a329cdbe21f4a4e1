// The verifier: traces the heap again, slowly and with a Set, and checks every cell it meets against what its kind promises.
// It shares no code with the marker but the CELLS table.
//
// It reports the first thing wrong with the path that led there, as a Bug:  Globals › items[3] › data › …

import { Bug, hex } from "./debug.ts";
import type { Heap } from "./heap.ts";
import { describe } from "./inspect.ts";
import { Buf, SymbolTable, cellInfo } from "./layout.ts";
import { isPoison, poisonNumber } from "./pages.ts";
import { Root } from "./roots.ts";
import { symbolLike } from "./symbols.ts";
import { cellIn, fieldText, isKnownKind, kindOf, sizeOf, traceCell } from "./trace.ts";
import { CellKind, Hi, Tag } from "./value.ts";
import { checkAccounts } from "./verify-accounts.ts";
import { checkContents } from "./verify-cells.ts";
import { Header, PageState, World } from "./world-layout.ts";

export function verifyHeap(heap: Heap, justMarked: boolean): void { new Verifier(heap).run(justMarked); }

/** Fails with the path and the cell. */
export type Fail = (message: string) => never;

class Verifier {
  readonly #heap: Heap;
  /** Reached cells, with the cell and field they were reached by. */
  readonly #seen = new Map<number, { from: number; name: string; index: number }>();
  readonly #pending: number[] = [];
  readonly #weak: { from: number; name: string; target: number; index: number }[] = [];
  /** Slots of values in weak maps, by keys that were not reached when the map was. */
  readonly #waiting = new Map<number, { map: number; value: number }[]>();

  constructor(heap: Heap) { this.#heap = heap; }

  run(justMarked: boolean): void {
    this.#checkHeader();
    this.#checkPages();
    for (let i = 0; i < Header.RootCount; i++) this.#slot(0, `root ${i}`, this.#heap.rootSlot(i));
    const range = this.#heap.stackRange();
    for (let slot = range.base; slot < range.top; slot++) this.#slot(0, `stack[${slot - range.base}]`, slot);
    this.#trace();
    this.#checkOverlap();
    this.#checkWeak(justMarked);
    this.#checkSymbols();
    this.#checkBuffers();
    this.#checkMarks(justMarked);
    checkAccounts(this.#heap, this.#live(), justMarked);
    if (this.#heap.tracked !== null) this.#checkPoison();
    this.#heap.quarantine?.check();
  }

  /** What lives: not the symbols that only the table knows, which are there until the next collection. */
  *#live(): Iterable<number> {
    for (const [addr, { from }] of this.#seen) if (from === 0 || kindOf(this.#heap, from) !== CellKind.SymbolTable) yield addr;
  }

  /** Checks and follows all that is pending. */
  #trace(): void {
    const stack = this.#heap.rootCell(Root.Stack), running = this.#heap.stackRange().top !== 0;
    while (this.#pending.length > 0) {
      const addr = this.#pending.pop()!;
      for (const { map, value } of this.#waiting.get(addr) ?? []) this.#slot(map, "value", value);
      // The running stack is checked slot by slot; its Top may be out of date.
      if (addr === stack && running) continue;
      traceCell(this.#heap, addr, {
        ref: (name, target, index) => this.#visit(addr, name, target, index),
        slot: (name, slot, index) => this.#slot(addr, name, slot, index),
        weak: (name, target, index) => this.#weak.push({ from: addr, name, target, index }),
        ephemeron: (key, value) => this.#entry(addr, key, value),
      });
      checkContents(this.#heap, addr, (message) => this.#fail(addr, message));
    }
  }

  /** An entry of a weak map: its value is followed with the key, which may be later. */
  #entry(map: number, key: number, value: number): void {
    const cell = cellIn(this.#heap, key);
    if (cell === 0 || this.#seen.has(cell)) return this.#slot(map, "value", value);
    const waiting = this.#waiting.get(cell);
    if (waiting === undefined) this.#waiting.set(cell, [{ map, value }]);
    else waiting.push({ map, value });
  }

  /** Weak references lead to cells, after a collection to marked ones; its lists are empty again. */
  #checkWeak(justMarked: boolean): void {
    const heap = this.#heap;
    for (const { from, name, target, index } of this.#weak) {
      if (kindOf(heap, from) === CellKind.SymbolTable || this.#seen.has(target)) continue;
      // It may have become unreachable while marking ran; then it is still whole.
      if (justMarked && heap.u8[target + 1] !== heap.word(Header.Epoch)) this.#fail(from, `${fieldText(name, index)} leads to a dead cell`);
      if (!isKnownKind(kindOf(heap, target))) this.#fail(from, `${fieldText(name, index)} leads to no cell`);
    }
    if (!heap.marking && (heap.word(Header.WeakRefs) !== 0 || heap.word(Header.WeakMaps) !== 0)) throw new Bug("heap: a list of weak cells is left over");
  }

  #fail(addr: number, message: string): never {
    const path: string[] = [];
    for (let at = addr; at !== 0 && path.length < 20;) {
      const by = this.#seen.get(at);
      path.unshift(by === undefined ? "?" : fieldText(by.name, by.index));
      at = by === undefined ? 0 : by.from;
    }
    const cell = addr > 0 && addr + 8 < this.#heap.worldBytes && addr % 8 === 0 ? safely(() => describe(this.#heap, addr)) : hex(addr);
    throw new Bug(`heap: ${message}; ${cell}, reached by ${path.join(" › ")}`);
  }

  /** Checks a value and follows it. */
  #slot(from: number, name: string, slot: number, index = -1): void {
    const hi = this.#heap.hi(slot), lo = this.#heap.lo(slot), problem = illegalValue(hi, lo);
    if (problem !== "") this.#fail(from, `illegal value ${hex(hi)}:${hex(lo)} in ${fieldText(name, index)} (${problem})`);
    if (hi > 0 && (hi & Tag.Mask) === Tag.Cell) {
      this.#visit(from, name, lo, index);
      if (kindOf(this.#heap, lo) !== (hi & 0xff)) this.#fail(lo, `the value says ${cellInfo((hi & 0xff) as CellKind).name}`);
    }
  }

  /** Checks that a cell may be there, and queues it. */
  #visit(from: number, name: string, addr: number, index = -1): void {
    if (this.#seen.has(addr)) return;
    this.#seen.set(addr, { from, name, index });
    const heap = this.#heap;
    if (addr % 8 !== 0 || addr < World.PageBytes || addr >= heap.worldBytes) this.#fail(addr, "not an address of a cell");
    const kind = kindOf(heap, addr), size = sizeOf(heap, addr);
    if (heap.tracked !== null && !heap.tracked.has(addr)) this.#fail(addr, "no live cell starts there");
    if (!isKnownKind(kind)) this.#fail(addr, `unknown kind ${kind}`);
    if (size % 8 !== 0 || size < 8 || addr + size > heap.worldBytes) this.#fail(addr, `impossible size ${size}`);
    const state = heap.u8[heap.word(Header.PageTable) + (addr >> World.PageShift)];
    if (size > World.LargeBytes) {
      if (addr % World.PageBytes !== 0 || state !== PageState.Large) this.#fail(addr, `large cell of ${size} bytes on a page in state ${state}`);
    } else {
      if (state !== PageState.Block && state !== PageState.BlockRest) this.#fail(addr, `cell on a page in state ${state}`);
      const offset = addr & ~World.BlockMask;
      if (offset < World.FirstCell || offset + size > World.BlockBytes) this.#fail(addr, `cell of ${size} bytes crosses its block`);
      this.#checkNotFree(addr, size);
    }
    this.#pending.push(addr);
  }

  /** The cell must not lie in memory that allocation is about to hand out. */
  #checkNotFree(addr: number, size: number): void {
    const heap = this.#heap;
    const within = (from: number, to: number): boolean => addr < to && addr + size > from && from < to;
    if (within(heap.word(Header.Cursor), heap.word(Header.RunEnd)) || within(heap.word(Header.OverflowCursor), heap.word(Header.OverflowEnd))) {
      this.#fail(addr, "cell in memory that is free");
    }
  }

  #checkHeader(): void {
    const heap = this.#heap, word = (at: number): number => heap.word(at);
    const check = (ok: boolean, what: string): void => { if (!ok) throw new Bug(`heap header: ${what}`); };
    check(word(Header.Magic) === World.Magic, "magic");
    check(word(Header.PageCount) << World.PageShift === heap.worldBytes, "page count and buffer differ");
    check(word(Header.PageCount) <= word(Header.PageCapacity), "page table too short");
    check(word(Header.Cursor) <= word(Header.RunEnd) && (word(Header.Limit) === word(Header.RunEnd) || word(Header.Limit) === 0 || heap.sampling !== null), "run");
    check(word(Header.OverflowCursor) <= word(Header.OverflowEnd), "overflow run");
    check(word(Header.Epoch) >= 0 && word(Header.Epoch) <= World.BeforeWrap, "epoch");
    check(word(Header.Marking) === 0 || word(Header.Marking) === 1, "marking");
    check(heap.marking || word(Header.SweepEpoch) === word(Header.Epoch), "epoch of the line marks");
    check(heap.rootCell(Root.SymbolTable) !== 0, "no symbol table");
  }

  /** Every page is in exactly one run, and the runs are whole. */
  #checkPages(): void {
    const heap = this.#heap, table = heap.word(Header.PageTable), count = heap.word(Header.PageCount);
    const state = (page: number): number => heap.u8[table + page]!;
    const rest = (first: number, n: number, expected: PageState): void => {
      for (let p = first + 1; p < first + n; p++) if (state(p) !== expected) throw new Bug(`heap: page ${p} is in state ${state(p)}, expected ${expected}`);
    };
    for (let page = 0; page < count;) {
      const s = state(page);
      if (s === PageState.Block) {
        if (page % World.BlockPages !== 0) throw new Bug(`heap: block at page ${page} is not aligned`);
        rest(page, World.BlockPages, PageState.BlockRest);
        page += World.BlockPages;
      } else if (s === PageState.Large) {
        const n = (sizeOf(heap, page << World.PageShift) + World.PageBytes - 1) >> World.PageShift;
        rest(page, n, PageState.LargeRest);
        page += n;
      } else if (s === PageState.Free || s === PageState.System || s === PageState.Reserve) {
        if (s === PageState.Free && page < heap.word(Header.FreePageHint)) throw new Bug(`heap: free page ${page} below the hint`);
        page++;
      } else throw new Bug(`heap: page ${page} is in state ${s}`);
    }
  }

  #checkOverlap(): void {
    let end = 0, previous = 0;
    for (const addr of [...this.#seen.keys()].sort((a, b) => a - b)) {
      if (addr < end) this.#fail(addr, `overlaps the cell at ${hex(previous)}`);
      previous = addr;
      end = addr + sizeOf(this.#heap, addr);
    }
  }

  /** Entries of the symbol table are symbols, counted, and found by their text. Dead ones may be among them between collections. */
  #checkSymbols(): void {
    const heap = this.#heap, table = heap.rootCell(Root.SymbolTable), capacity = heap.word(table + SymbolTable.Capacity);
    let count = 0;
    for (let i = 0; i < capacity; i++) {
      const symbol = heap.word(table + SymbolTable.Entries + 4 * i);
      if (symbol === 0) continue;
      count++;
      if (!this.#seen.has(symbol)) this.#visit(table, `entries[${i}]`, symbol);
      if (kindOf(heap, symbol) !== CellKind.Symbol) this.#fail(symbol, "symbol table entry is no symbol");
    }
    if (count !== heap.word(table + SymbolTable.Count)) this.#fail(table, `${count} symbols, Count says ${heap.word(table + SymbolTable.Count)}`);
    for (const addr of this.#seen.keys()) {
      if (kindOf(heap, addr) === CellKind.Symbol && symbolLike(heap, addr) !== addr) this.#fail(addr, "symbol is not found by its text");
    }
  }

  #checkBuffers(): void {
    const heap = this.#heap, listed = new Set<number>();
    for (let b = heap.word(Header.Buffers); b !== 0; b = heap.word(b + Buf.NextBuffer)) {
      if (listed.has(b)) this.#fail(b, "buffer list is a circle");
      listed.add(b);
      if (kindOf(heap, b) !== CellKind.Buffer) this.#fail(b, "buffer list entry is no buffer");
    }
    for (const addr of this.#seen.keys()) if (kindOf(heap, addr) === CellKind.Buffer && !listed.has(addr)) this.#fail(addr, "buffer is not in the list");
  }

  /** What is reachable is marked, or newer than the last marking; the lines of what is marked are marked, and more may be while marking runs. */
  #checkMarks(justMarked: boolean): void {
    const heap = this.#heap, epoch = heap.word(Header.Epoch), last = heap.word(Header.SweepEpoch), live = (mark: number): boolean =>
      mark === epoch || mark === last || (last === World.BeforeWrap && mark === World.LastEpoch);
    for (const [addr] of this.#seen) {
      const mark = heap.u8[addr + 1]!, size = sizeOf(heap, addr);
      if (justMarked ? mark !== epoch : mark !== 0 && !live(mark)) this.#fail(addr, `mark is ${mark} in epoch ${epoch}`);
      // At the wrap of the epochs lines are renumbered, and cells are not; while marking runs, those to be looked into have a mark already.
      if (mark === 0 || size > World.LargeBytes || epoch !== last) continue;
      const block = addr & World.BlockMask, end = (addr - block + size - 1) >> World.LineShift;
      if (heap.u8[block] !== epoch) this.#fail(addr, "marked cell in a block that is not");
      for (let line = (addr - block) >> World.LineShift; line <= end; line++) {
        if (heap.u8[block + line] !== epoch) this.#fail(addr, `marked cell on line ${line}, which is not`);
      }
    }
  }

  /** Free pages, the rest of the runs, and free lines not yet reached by allocation hold nothing but poison. */
  #checkPoison(): void {
    const heap = this.#heap, table = heap.word(Header.PageTable), epoch = heap.word(Header.SweepEpoch), other = heap.word(Header.Epoch);
    this.#poisoned(heap.word(Header.Cursor), heap.word(Header.RunEnd));
    this.#poisoned(heap.word(Header.OverflowCursor), heap.word(Header.OverflowEnd));
    const sweepBlock = heap.word(Header.SweepBlock), sweepLine = heap.word(Header.SweepLine);
    for (let page = 0; page < heap.word(Header.PageCount); page++) {
      const at = page << World.PageShift, state = heap.u8[table + page];
      if (state === PageState.Free || state === PageState.Reserve) this.#poisoned(at, at + World.PageBytes);
      if (state !== PageState.Block || (heap.u8[at + 1] === epoch && at !== sweepBlock)) continue;
      for (let line = at === sweepBlock ? sweepLine : World.FirstLine; line < World.Lines; line++) {
        const from = at + (line << World.LineShift);
        if (heap.u8[at + line] !== epoch && heap.u8[at + line] !== other) this.#poisoned(from, from + World.LineBytes);
      }
    }
  }

  #poisoned(from: number, to: number): void {
    const i32 = this.#heap.i32;
    for (let w = from >> 2; w < to >> 2; w++) if (!isPoison(i32[w]!)) throw new Bug(`heap: write after free at ${hex(w * 4)}: ${hex(i32[w]!)}`);
  }
}

/** What is wrong with a value's words, "" when nothing is. */
export function illegalValue(hi: number, lo: number): string {
  if (hi < Tag.First) {
    if (hi >= Tag.NaNHi || ((hi & Tag.Mask) >= Tag.NaNHi && hi < 0 && (hi & 0x7fff_ffff) > Tag.NaNHi)) return hi === Tag.NaNHi && lo === 0 ? "" : "a NaN with a payload";
    return "";
  }
  switch (hi & Tag.Mask) {
    case Tag.First: return hi <= Hi.Eof || (hi >= Hi.I8 && hi <= Hi.U32) || hi === Hi.F32 ? "" : "no such immediate";
    case Tag.Cell: return isPoison(hi) ? `freed by collection ${poisonNumber(hi)}` : hi > Tag.Cell && hi <= (Tag.Cell | CellKind.Last) ? "" : "no such kind of cell";
    case Tag.Int64: case Tag.Uint64: case Tag.Link: case Tag.Pointer: return "";
    default: return "no such tag";
  }
}

function safely(make: () => string): string {
  try {
    return make();
  } catch {
    return "a cell that cannot be described";
  }
}
