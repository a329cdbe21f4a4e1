// Bump allocation, as Heap.allocate has it: the cursor and the limit are words of the world's header.

import { Cell } from "../../../heap/layout.ts";
import type { CellKind } from "../../../heap/value.ts";
import { Header } from "../../../heap/world-layout.ts";
import { get, i32, I32, jumpIf, Label, loop, storeI32, storeI64, tee, when, type Code, type Local } from "../assembler.ts";
import { header, HX, setHeader, slowIf } from "./frame.ts";

/** Sets `cell` to a new cell with its header, and HX to its end; slow when the run has no room. `bytes` is a multiple of 8. */
export const bump = (cell: Local, kind: CellKind, bytes: Code): Code => [reserve(cell, bytes), cellHeader(cell, kind, HX)];

/** Takes memory from `cell` up to HX, without a header yet. */
export const reserve = (cell: Local, bytes: Code): Code => [
  slowIf(I32.gtU(tee(HX, I32.add(tee(cell, header(Header.Cursor)), bytes)), header(Header.Limit))),
  setHeader(Header.Cursor, get(HX)),
];

/** Header of the cell that ends at `end`. */
export const cellHeader = (cell: Local, kind: CellKind, end: Local): Code =>
  [storeI32(get(cell), Cell.Kind, i32(kind)), storeI32(get(cell), Cell.Size, I32.sub(get(end), get(cell)))];

/** Stores to the slots from `to` up to `end`, after each of which it does `step`. */
export function fill(to: Local, end: Local, value: Code, step: Code): Code {
  const again = new Label();
  const more = I32.ltU(tee(to, I32.add(get(to), i32(8))), get(end));
  return when(I32.ltU(get(to), get(end)), loop(again, storeI64(get(to), 0, value), step, jumpIf(more, again)));
}
