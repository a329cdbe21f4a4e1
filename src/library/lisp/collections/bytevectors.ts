// Bytevectors. A literal is constant: changing it answers a changed copy and leaves it as it is.

import { bytevectorBytes, bytevectorData, bytevectorLength, isConstantBytevector, newBytevector, newBytevectorOf } from "../../../../heap/cells/bytevector.ts";
import { ListBuilder, itemsOf } from "./sequences.ts";
import { findLong } from "../../../../heap/cells/search.ts";
import { bytesOf, newString } from "../../../../heap/cells/string.ts";
import { CellHi, CellKind } from "../../../../heap/value.ts";
import { setInteger } from "../../../../heap/cells/bigint.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError } from "../conditions.ts";
import { bytevectorArgument, integerArgument, integerText, naturalArgument, rangeArguments, roomFor, stringArgument } from "./arguments.ts";
import { row } from "./rows.ts";
import { invalidUtf8 } from "./utf8-check.ts";

/** A byte; `what` and `place` complete the error text. */
function byteArgument(vm: Vm, slot: number, fn: string, what = "byte value", place = ""): number {
  const value = integerArgument(vm, slot);
  if (value < 0 || value > 255) evalError(vm, `${fn}: ${what} ${integerText(vm, slot)}${place} out of range 0..255`);
  return value;
}

/** Stores a bytevector of bytes that are not in the world. */
function give(vm: Vm, base: number, bytes: Uint8Array): void {
  vm.chargeFuel(bytes.length >> 3);
  vm.heap.setCell(base - 2, CellKind.Bytevector, newBytevectorOf(vm.heap, bytes));
}

const make = (vm: Vm, base: number, argc: number): void => give(vm, base, Uint8Array.from({ length: argc }, (_, i) => byteArgument(vm, base + i, "bytevector", "byte value", ` at index ${i}`)));

function makeFilled(vm: Vm, base: number, argc: number): void {
  const size = integerArgument(vm, base), heap = vm.heap;
  if (size < 0) evalError(vm, `make-bytevector: size must be non-negative, got ${integerText(vm, base)}`);
  const fill = argc > 1 ? byteArgument(vm, base + 1, "make-bytevector", "fill value") : 0, made = newBytevector(heap, roomFor(vm, size, 1));
  heap.u8.fill(fill, bytevectorData(made), bytevectorData(made) + size);
  vm.chargeFuel(size >> 3);
  heap.setCell(base - 2, CellKind.Bytevector, made);
}

/** The index in the slot after the bytevector. */
function position(vm: Vm, base: number, fn: string): number {
  const length = bytevectorLength(vm.heap, bytevectorArgument(vm, base)), index = integerArgument(vm, base + 1);
  if (index < 0 || index >= length) evalError(vm, `${fn}: index ${integerText(vm, base + 1)} out of range for bytevector of length ${length}`);
  return index;
}

const byteAt = (vm: Vm, base: number, index: number): void => vm.heap.setI32(base - 2, vm.heap.u8[bytevectorData(vm.heap.lo(base)) + index]!);

function bytesRef(vm: Vm, base: number): void {
  const length = bytevectorLength(vm.heap, bytevectorArgument(vm, base)), index = naturalArgument(vm, base + 1, "bytes/ref");
  if (index >= length) evalError(vm, `bytes/ref: index ${integerText(vm, base + 1)} out of bounds (length ${length})`);
  byteAt(vm, base, index);
}

function set(vm: Vm, base: number): void {
  const heap = vm.heap, index = position(vm, base, "bytevector-u8-set!"), byte = byteArgument(vm, base + 2, "bytevector-u8-set!");
  if (isConstantBytevector(heap, heap.lo(base))) heap.setCell(base, CellKind.Bytevector, copyOf(vm, heap.lo(base), 0, bytevectorLength(heap, heap.lo(base))));
  heap.u8[bytevectorData(heap.lo(base)) + index] = byte;
  heap.copySlot(base - 2, base);
}

/** A new bytevector of the bytes [from, to) of one that is reachable. */
function copyOf(vm: Vm, source: number, from: number, to: number): number {
  const copy = newBytevector(vm.heap, to - from), at = bytevectorData(source);
  vm.heap.u8.copyWithin(bytevectorData(copy), at + from, at + to);
  vm.chargeFuel((to - from) >> 3);
  return copy;
}

function copy(vm: Vm, base: number, argc: number, fn: string, things: string): void {
  const source = bytevectorArgument(vm, base), { from, to } = rangeArguments(vm, base, argc, 1, bytevectorLength(vm.heap, source), fn, things);
  vm.heap.setCell(base - 2, CellKind.Bytevector, copyOf(vm, source, from, to));
}

/** (bytevector-copy! to at from [start [end]]). A literal is refused: there would be nothing to see of the change. */
function copyInto(vm: Vm, base: number, argc: number): void {
  const heap = vm.heap, fn = "bytevector-copy!", target = bytevectorArgument(vm, base), at = naturalArgument(vm, base + 1, fn), source = bytevectorArgument(vm, base + 2);
  if (isConstantBytevector(heap, target)) evalError(vm, `${fn}: cannot change a literal bytevector; copy it first`);
  const { from, to } = rangeArguments(vm, base, argc, 3, bytevectorLength(heap, source), fn, "bytevector of length %"), room = bytevectorLength(heap, target);
  if (at + to - from > room) evalError(vm, `${fn}: range ${at}..${at + to - from} out of bounds for bytevector of length ${room}`);
  heap.u8.copyWithin(bytevectorData(target) + at, bytevectorData(source) + from, bytevectorData(source) + to);
  vm.chargeFuel((to - from) >> 3);
  heap.setNull(base - 2);
}

function append(vm: Vm, base: number, argc: number): void {
  const heap = vm.heap;
  let length = 0;
  for (let i = 0; i < argc; i++) length += bytevectorLength(heap, bytevectorArgument(vm, base + i));
  const made = newBytevector(heap, length);
  for (let i = 0, at = bytevectorData(made); i < argc; i++) {
    const source = heap.lo(base + i), count = bytevectorLength(heap, source);
    heap.u8.copyWithin(at, bytevectorData(source), bytevectorData(source) + count);
    at += count;
  }
  vm.chargeFuel(length >> 3);
  heap.setCell(base - 2, CellKind.Bytevector, made);
}

function toList(vm: Vm, base: number): void {
  const heap = vm.heap, source = bytevectorArgument(vm, base), length = bytevectorLength(heap, source), list = new ListBuilder(vm, base + 1);
  for (let i = 0; i < length; i++) list.addI32(heap.u8[bytevectorData(source) + i]!);
  vm.chargeFuel(4 * length);
  list.finish(base - 2);
}

const fromList = (vm: Vm, base: number): void => give(vm, base, Uint8Array.from(itemsOf(vm, base, "", "list"), (item) => byteArgument(vm, item, "list->bytevector")));

function decode(vm: Vm, base: number, argc: number, fn: string, things: string): void {
  const heap = vm.heap, source = bytevectorArgument(vm, base), { from, to } = rangeArguments(vm, base, argc, 1, bytevectorLength(heap, source), fn, things);
  const bytes = bytevectorBytes(heap, source).slice(from, to), problem = invalidUtf8(bytes);
  vm.chargeFuel(bytes.length >> 2);
  if (problem !== null) evalError(vm, `${fn}: invalid UTF-8: ${problem}`);
  heap.setCell(base - 2, CellKind.String, newString(heap, bytes));
}

const encode = (vm: Vm, base: number): void => give(vm, base, bytesOf(vm.heap, stringArgument(vm, base)).slice());

// ---- bytes/…

/** The bytes to look for: one byte, those of a bytevector, or of a string. */
function needleArgument(vm: Vm, slot: number): Uint8Array {
  const heap = vm.heap, hi = heap.hi(slot);
  if (hi === CellHi.Bytevector) return bytevectorBytes(heap, heap.lo(slot));
  if (hi === CellHi.String) return bytesOf(heap, heap.lo(slot));
  return Uint8Array.of(byteNeedle(vm, slot));
}

function byteNeedle(vm: Vm, slot: number): number {
  const value = integerArgument(vm, slot, "int, bytevector, or string");
  if (value < 0 || value > 255) evalError(vm, `bytes/find: byte value ${integerText(vm, slot)} out of range 0..255`);
  return value;
}

function find(vm: Vm, base: number, argc: number): void {
  const heap = vm.heap, source = bytevectorArgument(vm, base), needle = needleArgument(vm, base + 1), start = argc > 2 ? naturalArgument(vm, base + 2, "bytes/find") : 0;
  const bytes = bytevectorBytes(heap, source);
  vm.chargeFuel(bytes.length + needle.length);
  const found = needle.length > 0 ? findLong(bytes, needle, start) : start <= bytes.length ? start : -1;
  if (found < 0) heap.setNull(base - 2);
  else heap.setI32(base - 2, found);
}

const DIGIT_0 = 48, MINUS = 45, POINT = 46;
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= DIGIT_0 && byte <= DIGIT_0 + 9;

/** An integer with at most one decimal place, times ten. */
function parseTenths(vm: Vm, base: number, argc: number): void {
  const heap = vm.heap, fn = "bytes/parse-int10", fail = (text: string): never => evalError(vm, `${fn}: ${text}`);
  const source = bytevectorArgument(vm, base), { from, to } = rangeArguments(vm, base, argc, 1, bytevectorLength(heap, source), fn, "% bytes");
  const bytes = bytevectorBytes(heap, source), first = from < to && bytes[from] === MINUS ? from + 1 : from;
  vm.chargeFuel(2 * (to - from));
  let at = first, digits = "";
  while (at < to && isDigit(bytes[at])) digits += String.fromCharCode(bytes[at++]!);
  if (at < to && bytes[at] !== POINT) fail(`invalid digit '${String.fromCharCode(bytes[at]!)}' at byte ${at}`);
  if (digits === "") fail("expected at least one digit");
  if (at === to) digits += "0";
  else if (to - at === 2 && isDigit(bytes[at + 1])) digits += String.fromCharCode(bytes[at + 1]!);
  else fail("expected exactly one digit after '.'");
  setInteger(heap, base - 2, first > from ? -BigInt(digits) : BigInt(digits));
}

const LENGTH = "bytevector of length %", BYTES = "% bytes";

export const BYTEVECTORS: readonly NativeInfo[] = [
  row("bytevector", 0, -1, "(byte …): a bytevector", make),
  row("make-bytevector", 1, 2, "(n [byte]): a bytevector of n times the byte, else 0", makeFilled, ["bytevector/new", "bytevector/make"]),
  row("bytevector-length", 1, 1, "(bytevector): number of bytes", (vm, base) => vm.heap.setI32(base - 2, bytevectorLength(vm.heap, bytevectorArgument(vm, base))), ["bytevector/length", "bytes/length"]),
  row("bytevector-u8-ref", 2, 2, "(bytevector i): byte i", (vm, base) => byteAt(vm, base, position(vm, base, "bytevector-u8-ref")), ["bytevector/ref", "bytevector/u8-ref"]),
  row("bytes/ref", 2, 2, "(bytevector i): byte i", bytesRef),
  row("bytevector-u8-set!", 3, 3, "(bytevector i byte): replaces byte i in place, or in a copy of a literal; the bytevector", set, ["bytevector/set!", "bytevector/u8-set!"]),
  row("bytevector-copy", 1, 3, "(bytevector [start [end]]): a new bytevector", (vm, base, argc) => copy(vm, base, argc, "bytevector-copy", LENGTH), ["bytevector/copy"]),
  row("bytevector-copy!", 3, 5, "(to at from [start [end]]): copies bytes", copyInto),
  row("bytevector-append", 0, -1, "(bytevector …): all bytes in one", append, ["bytevector/append"]),
  row("bytevector->list", 1, 1, "(bytevector): list of the bytes", toList, ["bytevector/to-list"]),
  row("list->bytevector", 1, 1, "(list): bytevector of the bytes", fromList, ["list/to-bytevector", "bytevector/from-list"]),
  row("utf8->string", 1, 3, "(bytevector [start [end]]): the text", (vm, base, argc) => decode(vm, base, argc, "utf8->string", LENGTH), ["utf8/to-string", "bytevector->string"]),
  row("string->utf8", 1, 1, "(string): its bytes", encode, ["string/to-utf8", "string->bytevector"]),
  row("bytes/find", 2, 3, "(bytevector needle [start]): index of a byte, bytevector or string, else nil", find),
  row("bytes/slice", 2, 3, "(bytevector start [end]): a new bytevector", (vm, base, argc) => copy(vm, base, argc, "bytes/slice", BYTES)),
  row("bytes/->string", 1, 3, "(bytevector [start [end]]): the text", (vm, base, argc) => decode(vm, base, argc, "bytes/->string", BYTES)),
  row("bytes/parse-int10", 1, 3, "(bytevector [start [end]]): -12.3 as -123", parseTenths),
];
