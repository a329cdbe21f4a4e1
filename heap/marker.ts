// Exact marking: every cell reachable from the mark stack gets the cycle's epoch in its mark byte, and its lines and block
// get it in the line table. Depth first over an explicit stack; the layouts of all kinds are written out by hand for speed
// (15-25 ns a cell). tests/heap/marker.test.ts compares it with the CELLS table for every kind.
//
// Rules
// 1. A cell is pushed once, right after its mark byte was set.
// 2. Nothing here allocates in the world; the mark stack is a JS array and may grow.
// 3. Symbol table entries, the Buffer list, targets of weak references and entries of weak maps are not followed here; the
//    last two kinds of cell are put on a list, for what comes after marking (ephemerons.ts).

import { Arr, Box, Buf, Closure, Code, Complex, Continuation, Global, HashMap, HashNode, Keyword, MapNode, Obj, Pair, Rational, Record, Ref, Shape, Slots, SortedMap, Stack, Str, Struct, Table, Vector, WeakMap, WeakRef } from "./layout.ts";
import { DEBUG, assert } from "./debug.ts";
import type { Heap } from "./heap.ts";
import { CellKind, Tag } from "./value.ts";
import { Header, World } from "./world-layout.ts";

const CELL_TAG = Tag.Cell >> 16;
/** Slots of a vector scanned before what they refer to. */
const SCAN = 32;
/** Entries one step may push: the references of a cell, a continuation and SCAN children. */
const HEADROOM = 64;

/**
 * Marks everything reachable from the first `top` addresses of heap.markStack; returns the bytes of the cells marked.
 *
 * A long vector is scanned SCAN slots at a time: what is left goes back on the stack as a continuation (the end, then the
 * complement of the position), below the children found so far. So a cell is looked into soon after its mark was set, while
 * it is still in the cache, and the stack stays small.
 */
export function drain(heap: Heap, top: number, epoch: number): number {
  const i32 = heap.i32, u8 = heap.u8;
  let stack = heap.markStack, room = stack.length - HEADROOM, live = 0;
  while (top > 0) {
    if (top >= room) {
      stack = heap.markStack = grown(stack, top + HEADROOM);
      room = stack.length - HEADROOM;
    }
    // The slots to scan, as word indices; empty for kinds without values.
    let at = 0, end = 0;
    const addr = stack[--top]!;
    if (addr < 0) {
      at = ~addr;
      end = stack[--top]!;
    } else {
      const w = addr >> 2, size = i32[w + 1]!;
      live += size;
      if (size <= World.LargeBytes) {
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
        case CellKind.Slots: case CellKind.Vector: case CellKind.Task: case CellKind.Channel: case CellKind.File: case CellKind.Socket:
          at = w + (Slots.Data >> 2); end = at + 2 * i32[w + (Slots.Count >> 2)]!;
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
        case CellKind.Table: {
          const entries = w + (Table.Entries >> 2), last = entries + 2 * i32[w + (Table.Capacity >> 2)]!, values = i32[w + (Table.Values >> 2)]!;
          if (top + last - entries >= room) {
            stack = heap.markStack = grown(stack, top + last - entries + HEADROOM);
            room = stack.length - HEADROOM;
          }
          for (let e = entries; e < last; e += 2) {
            const key = i32[e]!;
            if (key <= 1) continue;
            if (u8[key + 1] !== epoch) { u8[key + 1] = epoch; stack[top++] = key; }
            if (values !== 0) {
              const value = i32[e + 1]!;
              if (u8[value + 1] !== epoch) { u8[value + 1] = epoch; stack[top++] = value; }
            }
          }
          continue;
        }
        case CellKind.Stack: {
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
          live -= size;
          top = heap.ephemerons.reach(heap, addr, top, epoch);
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
  return live;
}

// Where one case above serves several kinds.
if (DEBUG) assert(Number(Vector.Data) === Slots.Data && Number(Vector.Count) === Slots.Count && Number(Record.Data) === Slots.Data && Number(Record.Count) === Slots.Count && Number(SortedMap.Root) === Keyword.Name && Number(HashMap.Root) === Keyword.Name &&
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

/** Marks the cells in the slots [from, to) and all they reach; returns their bytes. */
export function markSlots(heap: Heap, from: number, to: number, epoch: number): number {
  if (to - from >= heap.markStack.length) heap.markStack = grown(heap.markStack, to - from);
  const i32 = heap.i32, u8 = heap.u8, stack = heap.markStack;
  let top = 0;
  for (let at = 2 * from; at < 2 * to; at += 2) {
    if (i32[at + 1]! >> 16 !== CELL_TAG) continue;
    const child = i32[at]!;
    if (u8[child + 1] !== epoch) { u8[child + 1] = epoch; stack[top++] = child; }
  }
  return drain(heap, top, epoch);
}

/** Adds a cell to the mark stack, whose room it sees to; returns the new top. */
export function pushCell(heap: Heap, addr: number, top: number): number {
  if (top + HEADROOM >= heap.markStack.length) heap.markStack = grown(heap.markStack, top + HEADROOM);
  heap.markStack[top] = addr;
  return top + 1;
}

function grown(stack: Int32Array, needed: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(2 * stack.length, needed + 64));
  larger.set(stack);
  return larger;
}

/** First cell of the weak Buffer list that is marked, starting with `buffer` itself; releases the regions of those before it. */
export function nextLiveBuffer(heap: Heap, buffer: number, epoch: number): number {
  while (buffer !== 0 && heap.u8[buffer + 1] !== epoch) {
    if (heap.word(buffer + Buf.Freed) === 0) heap.onBufferDeath(heap.word(buffer + Buf.Address));
    buffer = heap.word(buffer + Buf.NextBuffer);
  }
  return buffer;
}
