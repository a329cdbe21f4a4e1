// Bump allocation, as Heap.allocate has it: the cursor and the limit are words of the world's header.

import { Cell } from "../../../heap/layout.ts";
import type { CellKind } from "../../../heap/value.ts";
import { Header } from "../../../heap/world-layout.ts";
import { get, i32, I32, storeI32, tee, type Code, type Local } from "../assembler.ts";
import { header, HX, setHeader, slowIf } from "./frame.ts";

/** Sets `cell` to a new cell with its header; slow when the run has no room. `bytes` is a multiple of 8, and computed three times. */
export const bump = (cell: Local, kind: CellKind, bytes: Code): Code => [
  slowIf(I32.gtU(tee(HX, I32.add(tee(cell, header(Header.Cursor)), bytes)), header(Header.Limit))),
  setHeader(Header.Cursor, get(HX)),
  storeI32(get(cell), Cell.Kind, i32(kind)), storeI32(get(cell), Cell.Size, I32.sub(get(HX), get(cell))),
];
