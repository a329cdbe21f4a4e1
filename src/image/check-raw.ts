// Raw memory that came from outside: its tables describe regions that do not overlap, and the buffers of the world have theirs.

import { Buf } from "../../heap/layout.ts";
import type { Mem } from "../../heap/memory.ts";
import { granules, type RawState } from "../../heap/raw.ts";
import { CellKind } from "../../heap/value.ts";
import type { CellsByKind } from "./check-world.ts";
import { damaged } from "./errors.ts";

/** First address, and bytes of a granule: see heap/raw.ts. */
const BASE = 0x10000, GRANULE = 16;

export function checkRaw(mem: Mem, raw: RawState | null, cells: CellsByKind): void {
  const taken = raw === null ? new Uint8Array(0) : checkTables(raw), owned = new Set<number>();
  for (const buffer of cells.get(CellKind.Buffer) ?? []) {
    const address = mem.word(buffer + Buf.Address), length = mem.word(buffer + Buf.Length), first = (address - BASE) / GRANULE;
    if (length < 0) damaged("a buffer of no length");
    if (mem.word(buffer + Buf.Freed) !== 0) continue;
    if (owned.has(address)) damaged("two buffers over the same memory");
    owned.add(address);
    // A script may have freed the region itself: then its buffer is as good as freed, and nothing will free it twice.
    if (raw === null || !Number.isInteger(first) || first < 0 || first >= taken.length || raw.sizes[first]! < length) damaged("a buffer over no memory");
  }
}

/** Checks the tables; the answer has a byte for each granule. */
function checkTables({ owner, sizes, quarantine, free }: RawState): Uint8Array {
  const taken = new Uint8Array(owner.length);
  const take = (first: number, count: number): void => {
    if (first < 0 || count <= 0 || count > owner.length - first) damaged("a region of raw memory beyond its end");
    for (let at = first; at < first + count; at++) {
      if (taken[at] !== 0) damaged("two regions of raw memory in one place");
      taken[at] = 1;
    }
  };
  const granulesAt = (first: number): number => granules(sizes[first]!);
  for (let at = 0; at < owner.length;) {
    if (owner[at] !== at + 1) {
      at++;
      continue;
    }
    const count = granulesAt(at);
    if (sizes[at]! < 0) damaged("a region of raw memory of no size");
    take(at, count);
    for (let i = at; i < at + count; i++) if (owner[i] !== at + 1) damaged("a region of raw memory with another owner");
    at += count;
  }
  for (let at = 0; at < owner.length; at++) {
    const first = Math.abs(owner[at]!) - 1;
    if (owner[at]! > 0 ? taken[at] === 0 : owner[at] !== 0 && (first > at || sizes[first]! < 0)) damaged("raw memory of no region");
  }
  for (const first of quarantine) {
    if (first < 0 || first >= owner.length || sizes[first]! < 0) damaged("a region of raw memory beyond its end");
    take(first, granulesAt(first));
  }
  if (free.length % 2 !== 0) damaged("a list of free memory that is none");
  for (let i = 0; i < free.length; i += 2) {
    if (free[i]! <= 0) damaged("a list of free memory that is none");
    if (free[i + 1] !== -1) take(free[i + 1]!, free[i]!);
  }
  return taken;
}
