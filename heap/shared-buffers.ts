// Buffers for a raw memory that several threads have. The thread it belongs to goes on to allocate and free (raw.ts); the others only
// read and write (lent-raw.ts), and check every access against the same tables.

import { GRANULE_SHIFT, type RawBuffers } from "./raw-access.ts";

/** Can be sent to threads. */
export interface SharedRaw extends RawBuffers {
  readonly bytes: SharedArrayBuffer;
  readonly owner: SharedArrayBuffer;
  readonly sizes: SharedArrayBuffer;
  /** One word: how often something was freed, or they grew. */
  readonly changes: SharedArrayBuffer;
}

/** As ES2024 has it. */
interface Growable { readonly maxByteLength: number; grow(bytes: number): void }
type MakeGrowable = new (bytes: number, options: { readonly maxByteLength: number }) => SharedArrayBuffer & Growable;

const PAGE_BYTES = 4096;
const tableBytes = (bytes: number): number => bytes >> GRANULE_SHIFT << 2;

/** Buffers that can grow up to a limit; null where the host has none. */
export function newSharedRaw(bytes: number, limit: number): SharedRaw | null {
  if (typeof SharedArrayBuffer === "undefined" || !("grow" in SharedArrayBuffer.prototype)) return null;
  const most = Math.max(bytes, Math.ceil(limit / PAGE_BYTES) * PAGE_BYTES), make = SharedArrayBuffer as unknown as MakeGrowable;
  try {
    const table = (): SharedArrayBuffer => new make(tableBytes(bytes), { maxByteLength: tableBytes(most) });
    return { bytes: new make(bytes, { maxByteLength: most }), owner: table(), sizes: table(), changes: new SharedArrayBuffer(4) };
  } catch (error) {
    // There is no room for them in the address space.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Bytes that it can grow to. */
export const mostShared = ({ bytes }: SharedRaw): number => (bytes as SharedArrayBuffer & Growable).maxByteLength;

/** The tables grow first: no thread sees bytes that they say nothing about. */
export function growShared(shared: SharedRaw, wanted: number): void {
  const { bytes, owner, sizes } = shared, most = Math.min(wanted, mostShared(shared));
  for (const [buffer, length] of [[owner, tableBytes(most)], [sizes, tableBytes(most)], [bytes, most]] as const) (buffer as SharedArrayBuffer & Growable).grow(length);
  noteChange(shared);
}

export const noteChange = ({ changes }: SharedRaw): void => void Atomics.add(new Int32Array(changes), 0, 1);
