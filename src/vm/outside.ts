// Things of the outside world as values: files and sockets. The cell has what scripts can see and the number by which the
// part that serves it knows the thing itself; in an image only the cell goes along.

import { newRecord, recordItem } from "../../heap/cells/record.ts";
import { textOf } from "../../heap/cells/string.ts";
import type { Heap } from "../../heap/heap.ts";
import type { Mem } from "../../heap/memory.ts";
import { CellHi, CellKind } from "../../heap/value.ts";

export const enum FileItem {
  /** i32: the number. */
  Handle,
  /** Strings. */
  Path, Mode,
  /** bool. */
  Closed,
  Count,
}
export const enum SocketItem {
  /** i32: the number, which scripts see as the descriptor. */
  Handle,
  /** String and i32. */
  Address, Port,
  /** bool. */
  Closed, Nonblocking,
  Count,
}

const FILE_PROPERTIES: { readonly [name: string]: FileItem } = { path: FileItem.Path, mode: FileItem.Mode, closed: FileItem.Closed };
const SOCKET_PROPERTIES: { readonly [name: string]: SocketItem } = {
  fd: SocketItem.Handle, address: SocketItem.Address, port: SocketItem.Port, closed: SocketItem.Closed, nonblocking: SocketItem.Nonblocking,
};

/** Slot of the property of a file or socket, 0 when it has none of that name. */
export function propertySlot(mem: Mem, slot: number, name: string): number {
  const properties: { readonly [name: string]: number } = mem.hi(slot) === CellHi.File ? FILE_PROPERTIES : SOCKET_PROPERTIES;
  return Object.hasOwn(properties, name) ? recordItem(mem.lo(slot), properties[name]!) : 0;
}

/** A file or socket as print shows it. */
export function outsideText(mem: Mem, hi: number, cell: number): string {
  const text = (item: number): string => textOf(mem, mem.lo(recordItem(cell, item))), isFile = hi === CellHi.File;
  if (mem.lo(recordItem(cell, isFile ? FileItem.Closed : SocketItem.Closed)) !== 0) return isFile ? "<file (closed)>" : "<socket (closed)>";
  if (isFile) return `<file '${text(FileItem.Path)}' mode='${text(FileItem.Mode)}'>`;
  const isBound = mem.hi(recordItem(cell, SocketItem.Address)) === CellHi.String, place = isBound ? `${text(SocketItem.Address)}:${mem.lo(recordItem(cell, SocketItem.Port))} ` : "";
  return `<socket ${place}fd=${mem.lo(recordItem(cell, SocketItem.Handle))}>`;
}

/** A new file or socket with nulls, in dst. May collect. */
export function newOutside(heap: Heap, dst: number, kind: CellKind.File | CellKind.Socket): number {
  const cell = newRecord(heap, kind, kind === CellKind.File ? FileItem.Count : SocketItem.Count);
  heap.setCell(dst, kind, cell);
  return cell;
}
