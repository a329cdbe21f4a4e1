// Exact marking: every cell reachable from the mark stack gets the cycle's epoch in its mark byte, and its lines and block
// get it in the line table. Depth first over an explicit stack; the layouts of all kinds are written out by hand for speed
// (15-25 ns a cell). tests/heap/marker.test.ts compares it with the CELLS table for every kind.
//
// Rules
// 1. A cell is pushed once, right after its mark byte was set.
// 2. Nothing here allocates in the world; the mark stack is a JS array and may grow.
// 3. Symbol table entries, the Buffer list, targets of weak references and entries of weak maps are not followed here; the
//    last two kinds of cell are put on a list, for what comes after marking (ephemerons.ts).
// 4. The script may run between two calls of `drain`, under the rules in memory.ts.

import { Arr, Box, Buf, Closure, Code, Complex, Continuation, Global, HashMap, HashNode, Keyword, MapNode, Obj, Pair, Rational, Record, Ref, Shape, Slots, SortedMap, Stack, Str, Struct, Table, Vector, WeakMap, WeakRef } from "./layout.ts";
import { DEBUG, assert } from "./debug.ts";
import type { Heap } from "./heap.ts";
import { HEADROOM } from "./memory.ts";
import { Root } from "./roots.ts";
import { CellKind, Tag } from "./value.ts";
import { Header, World } from "./world-layout.ts";

const CELL_TAG = Tag.Cell >> 16;
/** Slots of a vector, and entries of a table, scanned before what they refer to. One step adds up to HEADROOM entries to the mark stack. */
const SCAN = 32, TABLE_SCAN = 24;
/** Units of work that a further part of a vector takes, besides what its children do. */
const SCAN_WORK = 2;

/** As the limit of `drain`: to the end. */
export const ALL = 0x7fff_ffff;

/**
 * Marks everything reachable from the addresses on the mark stack, or as much as comes to `limit` units of work (a unit is a
 * cell, or part of a long one); returns the bytes of the cells marked in blocks: large cells may grow until the end, and are
 * counted when their pages are swept. What is left to do is then on the mark stack.
 *
 * A long vector is scanned SCAN slots at a time: what is left goes back on the stack as a continuation, below the children
 * found so far. So a cell is looked into soon after its mark was set, while it is still in the cache, the stack stays small,
 * and a slice may end there. A continuation is a negative number, by its lowest bit
 *
 *   0   the complement of the word index to go on at, above the one to end at: a range of values whose places stay the same
 *   1   the complement of 1 + the word index of a Slots or Table cell
 *
 * Slots are scanned from the last to the first, as far as Slots.Left says: elements may move down meanwhile, as they do when
 * one is removed, and are not missed. (Insertion looks after the one that it moves past Left: cells/array.ts.)
 */
export function drain(heap: Heap, epoch: number, limit = ALL): number {
  const i32 = heap.i32, u8 = heap.u8;
  let top = heap.markTop, stack = heap.markStack, room = stack.length - HEADROOM, live = 0, left = limit;
  const running = heap.stackRange().top === 0 ? 0 : heap.rootCell(Root.Stack);
  while (top > 0 && left-- > 0) {
    if (top >= room) {
      heap.markTop = top;
      heap.reserveMarks(1);
      stack = heap.markStack;
      room = stack.length - HEADROOM;
    }
    // The slots to scan, as word indices; empty for kinds without values.
    let at = 0, end = 0;
    const addr = stack[--top]!;
    if (addr < 0) {
      left -= SCAN_WORK;
      at = ~addr;
      if ((at & 1) === 0) end = stack[--top]!;
      else {
        const w = at - 1;
        if ((i32[w]! & 0xff) === CellKind.Table) {
          top = scanTable(i32, u8, stack, top, epoch, w);
          continue;
        }
        const rest = Math.min(i32[w + (Slots.Left >> 2)]!, i32[w + (Slots.Count >> 2)]!), next = rest > SCAN ? rest - SCAN : 0;
        i32[w + (Slots.Left >> 2)] = next;
        if (next > 0) stack[top++] = addr;
        at = w + (Slots.Data >> 2) + 2 * next; end = at + 2 * (rest - next);
      }
    } else {
      const w = addr >> 2, size = i32[w + 1]!;
      if (size <= World.LargeBytes) {
        live += size;
        const block = addr & World.BlockMask, from = addr - block;
        u8[block] = epoch;
        let line = from >> World.LineShift;
        const last = (from + size - 1) >> World.LineShift;
        u8[block + line] = epoch;
        while (line < last) u8[block + ++line] = epoch;
      }
      const kind = i32[w]! & 0xff;
      switch (kind) {
        case CellKind.Bytes: continue;
        case CellKind.Object: {
          const shape = i32[w + (Obj.Shape >> 2)]!, more = i32[w + (Obj.More >> 2)]!;
          if (u8[shape + 1] !== epoch) { u8[shape + 1] = epoch; stack[top++] = shape; }
          if (more !== 0 && u8[more + 1] !== epoch) { u8[more + 1] = epoch; stack[top++] = more; }
          for (let at = w + (Obj.Inline >> 2), end = w + (size >> 2); at < end; at += 2) {
            if (i32[at + 1]! >> 16 === CELL_TAG) {
              const child = i32[at]!;
              if (u8[child + 1] !== epoch) { u8[child + 1] = epoch; stack[top++] = child; }
            }
          }
          continue;
        }
        case CellKind.Pair: {
          // The car goes on top: its structure is done before the list goes on, so a list takes no more of the stack than its deepest item.
          if (i32[w + (Pair.Cdr >> 2) + 1]! >> 16 === CELL_TAG) {
            const rest = i32[w + (Pair.Cdr >> 2)]!;
            if (u8[rest + 1] !== epoch) { u8[rest + 1] = epoch; stack[top++] = rest; }
          }
          if (i32[w + (Pair.Car >> 2) + 1]! >> 16 === CELL_TAG) {
            const first = i32[w + (Pair.Car >> 2)]!;
            if (u8[first + 1] !== epoch) { u8[first + 1] = epoch; stack[top++] = first; }
          }
          continue;
        }
        case CellKind.Slots: {
          const count = i32[w + (Slots.Count >> 2)]!;
          if (count > SCAN) {
            i32[w + (Slots.Left >> 2)] = count;
            stack[top++] = ~(w + 1);
            continue;
          }
          at = w + (Slots.Data >> 2); end = at + 2 * count;
          break;
        }
        case CellKind.Vector: case CellKind.Task: case CellKind.Channel: case CellKind.File: case CellKind.Socket:
          at = w + (Vector.Data >> 2); end = at + 2 * i32[w + (Vector.Count >> 2)]!;
          break;
        case CellKind.String: {
          const data = i32[w + (Str.Data >> 2)]!, symbol = i32[w + (Str.Symbol >> 2)]!;
          if (u8[data + 1] !== epoch) { u8[data + 1] = epoch; stack[top++] = data; }
          if (symbol !== 0 && u8[symbol + 1] !== epoch) { u8[symbol + 1] = epoch; stack[top++] = symbol; }
          continue;
        }
        case CellKind.Symbol: {
          const data = i32[w + (Str.Data >> 2)]!, keyword = i32[w + (Str.Keyword >> 2)]!;
          if (u8[data + 1] !== epoch) { u8[data + 1] = epoch; stack[top++] = data; }
          if (keyword !== 0 && u8[keyword + 1] !== epoch) { u8[keyword + 1] = epoch; stack[top++] = keyword; }
          continue;
        }
        case CellKind.Array: {
          const data = i32[w + (Arr.Data >> 2)]!, descriptor = i32[w + (Arr.Descriptor >> 2)]!;
          if (u8[data + 1] !== epoch) { u8[data + 1] = epoch; stack[top++] = data; }
          if (descriptor !== 0 && u8[descriptor + 1] !== epoch) { u8[descriptor + 1] = epoch; stack[top++] = descriptor; }
          continue;
        }
        case CellKind.Closure: {
          const code = i32[w + (Closure.Code >> 2)]!;
          if (code !== 0 && u8[code + 1] !== epoch) { u8[code + 1] = epoch; stack[top++] = code; }
          at = w + (Closure.Captures >> 2); end = at + 2 * i32[w + (Closure.Count >> 2)]!;
          break;
        }
        case CellKind.Box:
          at = w + (Box.Value >> 2); end = at + 2;
          break;
        case CellKind.Global: {
          const name = i32[w + (Global.Name >> 2)]!;
          if (name !== 0 && u8[name + 1] !== epoch) { u8[name + 1] = epoch; stack[top++] = name; }
          at = w + (Global.Value >> 2); end = at + 2;
          break;
        }
        case CellKind.Ref:
          at = w + (Ref.Container >> 2); end = at + 4;
          break;
        case CellKind.Shape: {
          top = pushRefs(i32, u8, stack, top, epoch, w + (Shape.Parent >> 2), w + (Shape.Key >> 2), w + (Shape.TypeName >> 2), w + (Shape.Transitions >> 2));
          top = pushRefs(i32, u8, stack, top, epoch, w + (Shape.Lookup >> 2), w + (Shape.Keys >> 2), w + (Shape.Stamps >> 2), w + (Shape.Stamps >> 2));
          continue;
        }
        case CellKind.Code: {
          top = pushRefs(i32, u8, stack, top, epoch, w + (Code.Name >> 2), w + (Code.ParamNames >> 2), w + (Code.Handlers >> 2), w + (Code.Spans >> 2));
          const captures = i32[w + (Code.CaptureNames >> 2)]!;
          if (captures !== 0 && u8[captures + 1] !== epoch) { u8[captures + 1] = epoch; stack[top++] = captures; }
          at = w + (Code.Constants >> 2); end = at + 2 * i32[w + (Code.ConstCount >> 2)]!;
          break;
        }
        case CellKind.Table:
          stack[top++] = 0;
          stack[top++] = ~(w + 1);
          continue;
        case CellKind.Stack: {
          // It runs now, and was seen to when that began.
          if (addr === running) continue;
          // A parked stack: live up to Top, the rest is cleared so that it can never be resurrected.
          at = w + (Stack.Data >> 2); end = 2 * i32[w + (Stack.Top >> 2)]!;
          i32.fill(0, end, w + (size >> 2));
          break;
        }
        case CellKind.SymbolTable: case CellKind.Int64: case CellKind.Uint64: case CellKind.Buffer: case CellKind.BigInt:
        case CellKind.Bytevector: case CellKind.NumberArray:
          continue;
        case CellKind.MapNode: {
          const left = i32[w + (MapNode.Left >> 2)]!, right = i32[w + (MapNode.Right >> 2)]!;
          if (left !== 0 && u8[left + 1] !== epoch) { u8[left + 1] = epoch; stack[top++] = left; }
          if (right !== 0 && u8[right + 1] !== epoch) { u8[right + 1] = epoch; stack[top++] = right; }
          at = w + (MapNode.Key >> 2); end = at + 4;
          break;
        }
        case CellKind.HashNode:
          at = w + (HashNode.Data >> 2); end = at + 2 * i32[w + (HashNode.Count >> 2)]!;
          break;
        case CellKind.Struct:
          at = w + (Struct.Data >> 2); end = at + 2 * i32[w + (Struct.Count >> 2)]!;
          break;
        case CellKind.Keyword: case CellKind.SortedMap: case CellKind.HashMap: {
          // One reference, at the same offset in all three.
          const child = i32[w + (Keyword.Name >> 2)]!;
          if (child !== 0 && u8[child + 1] !== epoch) { u8[child + 1] = epoch; stack[top++] = child; }
          continue;
        }
        case CellKind.Rational: case CellKind.Complex:
          at = w + (Rational.Numerator >> 2); end = at + 4;
          break;
        case CellKind.Continuation: {
          // Dynamic is followed by its Data, as if it were one value more.
          at = w + (Continuation.Dynamic >> 2); end = at + 2 + 2 * i32[w + (Continuation.Count >> 2)]!;
          break;
        }
        case CellKind.WeakRef:
          i32[w + (WeakRef.NextWeak >> 2)] = i32[Header.WeakRefs >> 2]!;
          i32[Header.WeakRefs >> 2] = addr;
          continue;
        case CellKind.WeakMap: {
          const table = i32[w + (WeakMap.Table >> 2)]!;
          if (table !== 0 && u8[table + 1] !== epoch) { u8[table + 1] = epoch; stack[top++] = table; }
          i32[w + (WeakMap.NextWeak >> 2)] = i32[Header.WeakMaps >> 2]!;
          i32[Header.WeakMaps >> 2] = addr;
          continue;
        }
        default:
          // The key of a weak map's entry, disguised so that we notice it, or a broken heap.
          if (size <= World.LargeBytes) live -= size;
          heap.markTop = top;
          heap.ephemerons.reach(heap, addr, epoch);
          top = heap.markTop;
          stack = heap.markStack;
          room = stack.length - HEADROOM;
          continue;
      }
    }
    if (end - at > 2 * SCAN) {
      stack[top++] = end;
      end = at + 2 * SCAN;
      stack[top++] = ~end;
    }
    for (; at < end; at += 2) {
      if (i32[at + 1]! >> 16 === CELL_TAG) {
        const child = i32[at]!;
        if (u8[child + 1] !== epoch) { u8[child + 1] = epoch; stack[top++] = child; }
      }
    }
  }
  heap.markTop = top;
  heap.cycle.units += limit - Math.max(left, 0);
  return live;
}

// Where one case above serves several kinds.
if (DEBUG) assert(Number(Record.Data) === Vector.Data && Number(Record.Count) === Vector.Count && Number(SortedMap.Root) === Keyword.Name && Number(HashMap.Root) === Keyword.Name &&
  Number(Complex.Real) === Rational.Numerator && Continuation.Data === Continuation.Dynamic + 8, "layouts the marker takes for alike differ");

/** Pushes up to four references, given by the word index of their fields. */
function pushRefs(i32: Int32Array, u8: Uint8Array, stack: Int32Array, top: number, epoch: number, a: number, b: number, c: number, d: number): number {
  const ra = i32[a]!, rb = i32[b]!, rc = i32[c]!, rd = i32[d]!;
  if (ra !== 0 && u8[ra + 1] !== epoch) { u8[ra + 1] = epoch; stack[top++] = ra; }
  if (rb !== 0 && u8[rb + 1] !== epoch) { u8[rb + 1] = epoch; stack[top++] = rb; }
  if (rc !== 0 && u8[rc + 1] !== epoch) { u8[rc + 1] = epoch; stack[top++] = rc; }
  if (rd !== 0 && u8[rd + 1] !== epoch) { u8[rd + 1] = epoch; stack[top++] = rd; }
  return top;
}

/** Scans some entries of the table at word index w, beginning with the one whose number is on the stack; returns the new top. */
function scanTable(i32: Int32Array, u8: Uint8Array, stack: Int32Array, top: number, epoch: number, w: number): number {
  const first = stack[--top]!, capacity = i32[w + (Table.Capacity >> 2)]!, last = Math.min(capacity, first + TABLE_SCAN), values = i32[w + (Table.Values >> 2)]!;
  if (last < capacity) {
    stack[top++] = last;
    stack[top++] = ~(w + 1);
  }
  for (let e = w + (Table.Entries >> 2) + 2 * first, end = w + (Table.Entries >> 2) + 2 * last; e < end; e += 2) {
    const key = i32[e]!;
    if (key <= 1) continue;
    if (u8[key + 1] !== epoch) { u8[key + 1] = epoch; stack[top++] = key; }
    if (values !== 0) {
      const value = i32[e + 1]!;
      if (u8[value + 1] !== epoch) { u8[value + 1] = epoch; stack[top++] = value; }
    }
  }
  return top;
}

/** Marks the cells in the slots [from, to), and puts them on the mark stack. */
export function shadeSlots(heap: Heap, from: number, to: number, epoch: number): void {
  heap.reserveMarks(to - from);
  const i32 = heap.i32, u8 = heap.u8, stack = heap.markStack;
  let top = heap.markTop;
  for (let at = 2 * from; at < 2 * to; at += 2) {
    if (i32[at + 1]! >> 16 !== CELL_TAG) continue;
    const child = i32[at]!;
    if (u8[child + 1] !== epoch) { u8[child + 1] = epoch; stack[top++] = child; }
  }
  heap.markTop = top;
}

/** Marks a cell and its lines, but nothing that it refers to; returns its bytes in blocks, as `drain` does. */
export function markAlone(heap: Heap, addr: number, epoch: number): number {
  const { u8 } = heap, size = heap.word(addr + 4), block = addr & World.BlockMask;
  u8[addr + 1] = epoch;
  if (size > World.LargeBytes) return 0;
  u8[block] = epoch;
  u8.fill(epoch, block + ((addr - block) >> World.LineShift), block + ((addr - block + size - 1) >> World.LineShift) + 1);
  return size;
}

/** Marks what is on a stack that runs or is about to, and clears what is above its top; once in a collection. */
export function shadeStack(heap: Heap, stack: number, base: number, top: number): void {
  const number = heap.word(Header.Collections) + 1;
  if (heap.word(stack + Stack.Marked) === number) return;
  heap.setWord(stack + Stack.Marked, number);
  heap.i32.fill(0, top * 2, (stack + heap.word(stack + 4)) >> 2);
  shadeSlots(heap, base, top, heap.word(Header.Epoch));
}

/** Adds a cell to the mark stack, whose room it sees to. Its mark must be set. */
export function pushCell(heap: Heap, addr: number): void {
  heap.reserveMarks(1);
  heap.markStack[heap.markTop++] = addr;
}

/** Forgets what is on the mark stack, as if marking had never begun. */
export function dropMarks(heap: Heap): void {
  for (let top = heap.markTop; top > 0;) {
    const entry = heap.markStack[--top]!;
    if (entry >= 0) continue;
    const w = ~entry - 1, special = (~entry & 1) !== 0;
    if (!special) top--;
    else if ((heap.i32[w]! & 0xff) === CellKind.Table) top--;
    else heap.i32[w + (Slots.Left >> 2)] = 0;
  }
  heap.markTop = 0;
}

/** First cell of the weak Buffer list that is marked, starting with `buffer` itself; releases the regions of those before it. */
export function nextLiveBuffer(heap: Heap, buffer: number, epoch: number): number {
  while (buffer !== 0 && heap.u8[buffer + 1] !== epoch) {
    if (heap.word(buffer + Buf.Freed) === 0) heap.onBufferDeath(heap.word(buffer + Buf.Address));
    buffer = heap.word(buffer + Buf.NextBuffer);
  }
  return buffer;
}
