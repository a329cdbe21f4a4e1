// Files that are open: the values that `open` gives and their methods. Positions are kept here, so that reading and writing
// at different places works the same on every kind of file that can seek.

import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { newOutside, FileItem } from "../vm/outside.ts";
import { recordItem } from "../../heap/cells/record.ts";
import { textOf } from "../../heap/cells/string.ts";
import { CellHi, CellKind } from "../../heap/value.ts";
import { newBufferOf } from "../library/buffers.ts";
import { isInteger, numberOf, rankOf } from "../vm/numeric.ts";
import type { Native } from "../vm/native.ts";
import type { Vm } from "../vm/vm.ts";
import type { Folder } from "./file-system.ts";
import { attempt, bytesAt, bytesText, i32, methodReturning, nothing, pathAt, text, textAt, type Store } from "./results.ts";

interface OpenFile { readonly descriptor: number; position: number; /** Pipes and terminals have no positions. */ readonly seeks: boolean; readonly appends: boolean; readonly reads: boolean; readonly writes: boolean }

/** Bytes read at a time where the size is not known. */
const CHUNK = 64 * 1024;
const MAX_READ = 2 ** 30;

export function openFileNatives(folder: Folder): (readonly [string, Native])[] {
  const files = new Map<number, OpenFile>();
  let last = 2;
  /** The open file a method is called on; one that was closed, or that came out of an image, fails with the text. */
  const fileOf = (vm: Vm, base: number, what: string): OpenFile => {
    const { heap } = vm, cell = heap.lo(base - 2), handle = heap.lo(recordItem(cell, FileItem.Handle));
    const isClosed = heap.lo(recordItem(cell, FileItem.Closed)) !== 0;
    return (isClosed ? undefined : files.get(handle)) ?? vm.throwError(`Cannot ${what} closed file '${pathOf(vm, base)}'`);
  };
  /** A file out of an image may have anything for its path. */
  const pathOf = ({ heap }: Vm, base: number): string => {
    const path = recordItem(heap.lo(base - 2), FileItem.Path);
    return heap.hi(path) === CellHi.String ? textOf(heap, heap.lo(path)) : "?";
  };

  const open = (vm: Vm, base: number, argc: number): Store => {
    if (vm.heap.hi(base) !== CellHi.String) vm.throwError("open() path must be a string");
    if (argc === 2 && vm.heap.hi(base + 1) !== CellHi.String) vm.throwError("open() mode must be a string");
    const given = pathAt(vm, base, "open"), mode = argc === 2 ? textAt(vm, base + 1) : "r", flags = mode.replaceAll("b", "");
    const failed = `Failed to open '${given}' with mode '${mode}'`;
    if (!/^[rwa]\+?$/.test(flags)) vm.throwError(`${failed}: Invalid argument`);
    const descriptor = attempt(vm, failed, () => openSync(folder.path(given), flags)), found = fstatSync(descriptor);
    if (found.isDirectory() && flags !== "r") vm.throwError(`${failed}: Is a directory`);
    files.set(++last, {
      descriptor, position: 0, seeks: found.isFile(), appends: flags.startsWith("a"), reads: flags.startsWith("r") || flags.endsWith("+"), writes: flags !== "r",
    });
    return (inVm, slot) => {
      const { heap } = inVm, cell = newOutside(heap, slot, CellKind.File);
      heap.setI32(recordItem(cell, FileItem.Handle), last);
      heap.setBool(recordItem(cell, FileItem.Closed), false);
      text(given)(inVm, slot + 1);
      heap.copySlot(recordItem(cell, FileItem.Path), slot + 1);
      text(mode)(inVm, slot + 1);
      heap.copySlot(recordItem(cell, FileItem.Mode), slot + 1);
    };
  };

  const read = (vm: Vm, base: number, argc: number, complaint: string): Uint8Array => {
    const file = fileOf(vm, base, "read from"), wanted = argc === 0 ? Infinity : size(vm, base, complaint);
    return file.reads ? attempt(vm, `Read error on file '${pathOf(vm, base)}'`, () => readUpTo(vm, file, wanted)) : new Uint8Array(0);
  };
  const write = (vm: Vm, base: number, wanted: number, complaint: string): Store => {
    const file = fileOf(vm, base, "write to");
    if (vm.heap.hi(base) !== wanted) vm.throwError(complaint);
    const data = bytesAt(vm, base)!;
    if (!file.writes) vm.throwError(`Cannot write to file '${pathOf(vm, base)}' opened in read-only mode`);
    attempt(vm, `Write error on file '${pathOf(vm, base)}'`, () => writeAll(file, data));
    return i32(data.length);
  };

  return [
    methodReturning("open", 1, 2, "1-2 arguments (path, [mode])", open),
    methodReturning("file.read", 0, 1, "0-1 arguments", (vm, base, argc) => bytesText(read(vm, base, argc, "read() size must be integer"))),
    methodReturning("file.read_bytes", 1, 1, "1 integer argument (size)", (vm, base) => (inVm, slot) => newBufferOf(inVm, slot, read(vm, base, 1, "read_bytes() expects 1 integer argument (size)"))),
    methodReturning("file.write", 1, 1, "1 argument (data)", (vm, base) => write(vm, base, CellHi.String, "write() expects string argument")),
    methodReturning("file.write_bytes", 1, 1, "1 argument (data)", (vm, base) => write(vm, base, CellHi.Buffer, "write_bytes() expects buffer argument")),
    methodReturning("file.seek", 1, 1, "1 integer argument (position)", (vm, base) => {
      const file = fileOf(vm, base, "seek in"), position = integer(vm, base, "seek() expects 1 integer argument (position)");
      if (position < 0 || position > Number.MAX_SAFE_INTEGER) vm.throwError(`Seek error on file '${pathOf(vm, base)}': Invalid argument`);
      if (!file.seeks) vm.throwError(`Seek error on file '${pathOf(vm, base)}': Illegal seek`);
      file.position = position;
      return i32(position);
    }),
    methodReturning("file.tell", 0, 0, "no arguments", (vm, base) => i32(fileOf(vm, base, "tell position in").position)),
    methodReturning("file.close", 0, 0, "no arguments", ({ heap }, base) => {
      const cell = heap.lo(base - 2), handle = heap.lo(recordItem(cell, FileItem.Handle)), file = files.get(handle);
      heap.setBool(recordItem(cell, FileItem.Closed), true);
      files.delete(handle);
      if (file !== undefined) closeSync(file.descriptor);
      return nothing;
    }),
  ];
}

function integer(vm: Vm, slot: number, complaint: string): number {
  const rank = rankOf(vm.heap, slot);
  return isInteger(rank) ? numberOf(vm.heap, slot, rank) : vm.throwError(complaint);
}

function size(vm: Vm, slot: number, complaint: string): number {
  const wanted = integer(vm, slot, complaint);
  return Math.min(Math.max(0, wanted), MAX_READ);
}

/** Up to so many bytes, fewer at the end of the file. What does not fit the script's memory is not read. */
function readUpTo(vm: Vm, file: OpenFile, wanted: number): Uint8Array {
  const limit = Math.min(wanted, vm.heap.settings.maxBytes + 1), pieces: Uint8Array[] = [];
  let total = 0;
  while (total < limit) {
    const piece = new Uint8Array(Math.min(CHUNK, limit - total)), got = readSync(file.descriptor, piece, 0, piece.length, file.seeks ? file.position : null);
    if (got === 0) break;
    pieces.push(piece.subarray(0, got));
    file.position += got;
    total += got;
  }
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
}

function writeAll(file: OpenFile, data: Uint8Array): void {
  for (let done = 0; done < data.length;) {
    const put = writeSync(file.descriptor, data, done, data.length - done, file.seeks && !file.appends ? file.position : null);
    done += put;
    file.position += put;
  }
  if (file.seeks && file.appends) file.position = fstatSync(file.descriptor).size;
}
