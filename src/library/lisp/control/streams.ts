// Byte streams in memory. A stream is a struct [kind data position closed]: kind is the string "string", "bytes" or
// "byte-buffer", data a string cell used as a row of bytes. Only byte buffers can be written to.

import { newBytevectorOf, bytevectorBytes } from "../../../../heap/cells/bytevector.ts";
import { setInteger, smallInteger } from "../../../../heap/cells/bigint.ts";
import { bytesOf, byteLength, concat, newString, newStringFromText, textOf } from "../../../../heap/cells/string.ts";
import { isStruct, newStruct, structItem } from "../../../../heap/cells/struct.ts";
import { StructType } from "../../../../heap/structs.ts";
import { CellHi, CellKind } from "../../../../heap/value.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError, ioError, typeError } from "../conditions.ts";
import { chargeBytes, countArgument, integerArgument, lisp, returnBool, stringArgument } from "../text/arguments.ts";

const enum Item { Kind, Data, Position, Closed, Count }
const BUFFER = "byte-buffer";
const LINE_FEED = 10, RETURN = 13;

const isStream = (vm: Vm, slot: number): boolean => isStruct(vm.heap, slot, StructType.Stream);
const kindOf = (vm: Vm, stream: number): string => textOf(vm.heap, vm.heap.lo(structItem(stream, Item.Kind)));
const dataOf = (vm: Vm, stream: number): number => vm.heap.lo(structItem(stream, Item.Data));
const positionOf = (vm: Vm, stream: number): number => smallInteger(vm.heap, structItem(stream, Item.Position));
const moveTo = (vm: Vm, stream: number, at: number): void => setInteger(vm.heap, structItem(stream, Item.Position), at);
const isClosed = (vm: Vm, stream: number): boolean => vm.heap.lo(structItem(stream, Item.Closed)) !== 0;

/** Stores a new stream over copies of the bytes. */
function storeStream(vm: Vm, base: number, kind: string, bytes: Uint8Array): void {
  const heap = vm.heap, scratch = base + 4, stream = newStruct(heap, StructType.Stream, Item.Count);
  chargeBytes(vm, bytes.length);
  heap.setCell(scratch, CellKind.Struct, stream);
  heap.setI32(structItem(stream, Item.Position), 0);
  heap.setBool(structItem(stream, Item.Closed), false);
  heap.setCell(structItem(stream, Item.Kind), CellKind.String, newStringFromText(heap, kind));
  heap.setCell(structItem(stream, Item.Data), CellKind.String, newString(heap, bytes));
  heap.copySlot(base - 2, scratch);
}

function streamArgument(vm: Vm, slot: number, fn: string): number {
  if (!isStream(vm, slot)) typeError(vm, "stream", slot);
  if (isClosed(vm, vm.heap.lo(slot))) ioError(vm, `${fn}: stream is closed`);
  return vm.heap.lo(slot);
}

function writableArgument(vm: Vm, slot: number, fn: string): number {
  const stream = streamArgument(vm, slot, fn);
  if (kindOf(vm, stream) !== BUFFER) ioError(vm, `${fn}: stream is read-only`);
  return stream;
}

/** The buffer argument of functions that look at all that was written. */
function bufferArgument(vm: Vm, slot: number): number {
  if (!isStream(vm, slot) || kindOf(vm, vm.heap.lo(slot)) !== BUFFER) typeError(vm, "byte-buffer stream", slot);
  return vm.heap.lo(slot);
}

function bytevectorArgument(vm: Vm, slot: number): Uint8Array {
  if (vm.heap.hi(slot) !== CellHi.Bytevector) typeError(vm, "bytevector", slot);
  return bytevectorBytes(vm.heap, vm.heap.lo(slot)).slice();
}

/** The next bytes, `count` at most; they are taken. */
function takeBytes(vm: Vm, stream: number, count: number): Uint8Array {
  const at = positionOf(vm, stream), all = bytesOf(vm.heap, dataOf(vm, stream)), end = Math.min(all.length, at + count);
  const bytes = all.slice(at, end);
  chargeBytes(vm, bytes.length);
  moveTo(vm, stream, end);
  return bytes;
}

function append(vm: Vm, stream: number, bytes: Uint8Array, scratch: number): void {
  const heap = vm.heap, data = structItem(stream, Item.Data);
  chargeBytes(vm, bytes.length);
  heap.setCell(scratch, CellKind.String, newString(heap, bytes));
  heap.replaceCell(data, CellKind.String, concat(heap, heap.lo(data), heap.lo(scratch)));
}

const returnBytes = (vm: Vm, base: number, bytes: Uint8Array): void => vm.heap.setCell(base - 2, CellKind.Bytevector, newBytevectorOf(vm.heap, bytes));

// ---- the functions

function readByte(vm: Vm, base: number): void {
  const [byte] = takeBytes(vm, streamArgument(vm, base, "stream/read-byte"), 1);
  if (byte === undefined) vm.heap.setNull(base - 2);
  else vm.heap.setI32(base - 2, byte);
}

function readLine(vm: Vm, base: number): void {
  const stream = streamArgument(vm, base, "stream/read-line"), all = bytesOf(vm.heap, dataOf(vm, stream)), at = positionOf(vm, stream);
  if (at >= all.length) return vm.heap.setNull(base - 2);
  const found = all.indexOf(LINE_FEED, at), next = found < 0 ? all.length : found + 1;
  const end = found < 0 ? next : found > at && all[found - 1] === RETURN ? found - 1 : found, line = all.slice(at, end);
  chargeBytes(vm, line.length);
  moveTo(vm, stream, next);
  vm.heap.setCell(base - 2, CellKind.String, newString(vm.heap, line));
}

function write(vm: Vm, base: number, bytes: (slot: number) => Uint8Array, fn: string): void {
  const stream = writableArgument(vm, base, fn), given = bytes(base + 1);
  append(vm, stream, given, base + 2);
  vm.heap.setI32(base - 2, given.length);
}

function writeByte(vm: Vm, base: number): void {
  const stream = writableArgument(vm, base, "stream/write-byte"), byte = integerArgument(vm, base + 1);
  if (byte < 0 || byte > 255) evalError(vm, `stream/write-byte: byte value ${byte} out of range 0..255`);
  append(vm, stream, Uint8Array.of(byte), base + 2);
  vm.heap.setNull(base - 2);
}

/** (from, to, [chunk]): moves everything left; the number of bytes. */
function copy(vm: Vm, base: number): void {
  const from = streamArgument(vm, base, "stream/copy"), to = writableArgument(vm, base + 1, "stream/copy");
  const bytes = takeBytes(vm, from, Infinity);
  append(vm, to, bytes, base + 3);
  setInteger(vm.heap, base - 2, bytes.length);
}

const isLeft = (vm: Vm, stream: number): boolean => positionOf(vm, stream) < byteLength(vm.heap, dataOf(vm, stream));
const says = (name: string, doc: string, test: (vm: Vm, stream: number) => boolean): NativeInfo => lisp(name, 1, 1, doc, (vm, base) => {
  if (!isStream(vm, base)) typeError(vm, "stream", base);
  returnBool(vm, base, test(vm, vm.heap.lo(base)));
});

export const STREAMS: readonly NativeInfo[] = [
  lisp("stream/from-string", 1, 1, "a stream of the string's bytes", (vm, base) => storeStream(vm, base, "string", bytesOf(vm.heap, stringArgument(vm, base)).slice())),
  lisp("stream/from-bytes", 1, 1, "a stream of a bytevector's bytes", (vm, base) => storeStream(vm, base, "bytes", bytevectorArgument(vm, base))),
  lisp("stream/byte-buffer", 0, 0, "a stream that gives back what is written to it", (vm, base) => storeStream(vm, base, BUFFER, new Uint8Array(0))),
  lisp("stream/read", 2, 2, "(stream, count): bytevector of so many bytes at most", (vm, base) => {
    const stream = streamArgument(vm, base, "stream/read");
    returnBytes(vm, base, takeBytes(vm, stream, countArgument(vm, base + 1, "stream/read")));
  }),
  lisp("stream/read-byte", 1, 1, "the next byte, nil at the end", readByte),
  lisp("stream/read-line", 1, 1, "string of the next line without its end, nil at the end", readLine),
  lisp("stream/read-all", 1, 1, "bytevector of all bytes left", (vm, base) =>
    returnBytes(vm, base, takeBytes(vm, streamArgument(vm, base, "stream/read-all"), Infinity))),
  lisp("stream/write", 2, 2, "(stream, bytevector): append the bytes; their number", (vm, base) =>
    write(vm, base, (slot) => bytevectorArgument(vm, slot), "stream/write")),
  lisp("stream/write-string", 2, 2, "(stream, string): append the string's bytes; their number", (vm, base) =>
    write(vm, base, (slot) => bytesOf(vm.heap, stringArgument(vm, slot)).slice(), "stream/write-string")),
  lisp("stream/write-byte", 2, 2, "(stream, byte): append a byte; nil", writeByte),
  lisp("stream/copy", 2, 3, "(from, to, [chunk]): append all bytes left; their number", copy),
  lisp("stream/to-bytes", 1, 1, "bytevector of all that was written to a byte buffer", (vm, base) =>
    returnBytes(vm, base, bytesOf(vm.heap, dataOf(vm, bufferArgument(vm, base))).slice())),
  lisp("stream/to-string", 1, 1, "string of all that was written to a byte buffer", (vm, base) =>
    vm.heap.setCell(base - 2, CellKind.String, newString(vm.heap, bytesOf(vm.heap, dataOf(vm, bufferArgument(vm, base))).slice()))),
  lisp("stream/flush", 1, 1, "nothing is held back; nil", (vm, base) => {
    streamArgument(vm, base, "stream/flush");
    vm.heap.setNull(base - 2);
  }),
  lisp("stream/close", 1, 1, "no more reading or writing; nil", (vm, base) => {
    if (!isStream(vm, base)) typeError(vm, "stream", base);
    vm.heap.setBool(structItem(vm.heap.lo(base), Item.Closed), true);
    vm.heap.setNull(base - 2);
  }),
  lisp("stream/type", 1, 1, "string that names the kind of stream", (vm, base) => {
    if (!isStream(vm, base)) typeError(vm, "stream", base);
    vm.heap.copySlot(base - 2, structItem(vm.heap.lo(base), Item.Kind));
  }),
  lisp("stream?", 1, 1, "whether the value is a stream", (vm, base) => returnBool(vm, base, isStream(vm, base))),
  says("stream/readable?", "whether the stream can be read", (vm, stream) => !isClosed(vm, stream)),
  says("stream/writable?", "whether the stream can be written to", (vm, stream) => !isClosed(vm, stream) && kindOf(vm, stream) === BUFFER),
  says("stream/available?", "whether there is a byte to read", (vm, stream) => !isClosed(vm, stream) && isLeft(vm, stream)),
];
