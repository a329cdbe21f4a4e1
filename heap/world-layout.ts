// Layout of the world: the one ArrayBuffer everything a script owns lives in.
//
//   page 0    header: magic, allocation cursor, collector state, root slots
//   page 1    page table, one byte per 4 KiB page (moved to a larger place when the world outgrows it)
//   page 2…   blocks of 8 pages (32 KiB-aligned, cells of at most 8 KiB) and runs of pages with one large cell each
//
// A block is 256 lines of 128 bytes; its first two lines are the line table, one byte per line:
//
//   byte 0                   epoch of the last collection that found a live cell in the block
//   byte 1                   SweepEpoch when the block was swept or taken from the page pool
//   byte 2…255               epoch of the last collection that found a live cell on that line
//
// All of the allocator's state is in here, so copying the bytes copies a heap that can go on at once.

export const enum World {
  Magic = 0x444c5842, Version = 2,
  PageShift = 12, PageBytes = 4096,
  BlockShift = 15, BlockBytes = 32768, BlockPages = 8,
  /** addr & BlockMask is the start of the block. */
  BlockMask = -32768,
  LineShift = 7, LineBytes = 128, Lines = 256,
  /** First line that holds cells, and its offset. */
  FirstLine = 2, FirstCell = 256,
  /** Larger cells get pages of their own. */
  LargeBytes = 8192,
  /** Epochs run from 1 to this one; then lines that are live at the wrap get the number after it for one cycle. */
  LastEpoch = 254, BeforeWrap = 255,
  /**
   * A free word in poison mode: an illegal hi word, an unaligned address, a cell of no known kind. Seven bits outside of the
   * mask say which collection freed it.
   */
  Poison = 0x7ffa80db, PoisonMask = -32513, PoisonNumberShift = 8, PoisonNumberMask = 127,
}

/** Byte offsets of the header's words. */
export const enum Header {
  Magic = 0, Version = 4,
  /** Bump allocation: next free byte, and the end of the run (0 while every allocation must take the slow path). */
  Cursor = 8, Limit = 12,
  /** The true end of the run. */
  RunEnd = 16,
  /** Second run, for cells of more than a line that do not fit the first. */
  OverflowCursor = 20, OverflowEnd = 24,
  /** Block and line at which the search for free lines goes on. */
  SweepBlock = 28, SweepLine = 32,
  Epoch = 36,
  /** Address of the page table, pages it has room for, pages in the world, lowest page that may be free. */
  PageTable = 40, PageCapacity = 44, PageCount = 48, FreePageHint = 52,
  /** First Buffer cell of the weak list, 0 for none. */
  Buffers = 56,
  /** Bytes handed out since the last collection, and how many of them start the next one. */
  SinceCollect = 60, Threshold = 64,
  /** Bytes of live cells found by the last collection; number of collections so far. */
  LiveBytes = 68, Collections = 72,
  /** First page of the out-of-memory reserve, 0 when it was given out; its number of pages. */
  Reserve = 76, ReservePages = 80,
  /** Weak references and weak maps the running collection reached so far, linked by NextWeak; 0 between collections. */
  WeakRefs = 84, WeakMaps = 88,
  /** Epoch whose line marks tell free lines: that of the last collection that ended. While marking runs, Epoch is one ahead. */
  SweepEpoch = 92,
  /** 1 while marking runs, which then must hear of what is overwritten: see memory.ts. Else 0. */
  Marking = 96,
  /** Work that marking took in the last collection, 0 when there was none: see `drain`. */
  MarkedUnits = 100,
  /** 32 words for the engine. */
  EngineWords = 128,
  /** RootCount slots (enum Root). */
  Roots = 256, RootCount = 64,
}

export const enum PageState { Free = 0, System = 1, Block = 2, BlockRest = 3, Large = 4, LargeRest = 5, Reserve = 6 }
