// Code cells: one compiled function each, constants and instruction words included, so that an image contains its program.

import { Code } from "../layout.ts";
import type { Heap } from "../heap.ts";
import type { Mem } from "../memory.ts";
import { Root } from "../roots.ts";
import { CellKind } from "../value.ts";
import { newWords } from "./bytes.ts";

/** Everything a Code cell is made from. Cells named here must be reachable. */
export interface CodeSpec {
  readonly words: ArrayLike<number>;
  /** Constants: `constCount` slots from this one on are copied. */
  readonly constBase: number;
  readonly constCount: number;
  readonly exactArgs: number;
  readonly frameSize: number;
  /** Symbol, 0 for none. */
  readonly name: number;
  readonly paramCount: number;
  readonly requiredCount: number;
  readonly paramFlags: number;
  readonly captureCount: number;
  /** Slots of Symbols, 0 for none. */
  readonly paramNames: number;
  /** Empty for none. */
  readonly handlers: ArrayLike<number>;
  readonly spans: ArrayLike<number>;
  readonly sourceId: number;
  readonly treeId: number;
  readonly refParams: number;
  /** Slots of Symbols, 0 for none. */
  readonly captureNames: number;
}

export function newCode(heap: Heap, spec: CodeSpec): number {
  const constCount = spec.constCount, wordCount = spec.words.length, wordsAt = Code.Constants + 8 * constCount;
  const code = heap.allocate(CellKind.Code, wordsAt + 4 * wordCount), i32 = heap.i32, w = code >> 2;
  i32[w + (Code.ExactArgs >> 2)] = spec.exactArgs;
  i32[w + (Code.FrameSize >> 2)] = spec.frameSize;
  i32[w + (Code.EntryPc >> 2)] = (code + wordsAt) >> 2;
  i32[w + (Code.ConstBase >> 2)] = (code + Code.Constants) >> 3;
  i32[w + (Code.ConstCount >> 2)] = constCount;
  i32[w + (Code.WordCount >> 2)] = wordCount;
  i32[w + (Code.Name >> 2)] = spec.name;
  i32[w + (Code.ParamCount >> 2)] = spec.paramCount;
  i32[w + (Code.RequiredCount >> 2)] = spec.requiredCount;
  i32[w + (Code.ParamFlags >> 2)] = spec.paramFlags;
  i32[w + (Code.CaptureCount >> 2)] = spec.captureCount;
  i32[w + (Code.ParamNames >> 2)] = spec.paramNames;
  i32[w + (Code.Handlers >> 2)] = 0;
  i32[w + (Code.Spans >> 2)] = 0;
  i32[w + (Code.SourceId >> 2)] = spec.sourceId;
  i32[w + (Code.TreeId >> 2)] = spec.treeId;
  i32[w + (Code.RefParams >> 2)] = spec.refParams;
  i32[w + (Code.CaptureNames >> 2)] = spec.captureNames;
  i32.copyWithin((code + Code.Constants) >> 2, 2 * spec.constBase, 2 * (spec.constBase + constCount));
  i32.set(spec.words, (code + wordsAt) >> 2);
  heap.setRoot(Root.HoldCode, CellKind.Code, code);
  if (spec.handlers.length > 0) setField(heap, code + Code.Handlers, newWords(heap, spec.handlers));
  if (spec.spans.length > 0) setField(heap, code + Code.Spans, newWords(heap, spec.spans));
  heap.clearRoot(Root.HoldCode);
  return code;
}

/** A function, so that the address is computed before the views are read: the argument may have replaced them. */
function setField(heap: Heap, at: number, value: number): void { heap.i32[at >> 2] = value; }

export const entryPc = (mem: Mem, code: number): number => mem.i32[(code + Code.EntryPc) >> 2]!;
export const constSlot = (mem: Mem, code: number, i: number): number => mem.i32[(code + Code.ConstBase) >> 2]! + i;
export const codeName = (mem: Mem, code: number): number => mem.i32[(code + Code.Name) >> 2]!;
