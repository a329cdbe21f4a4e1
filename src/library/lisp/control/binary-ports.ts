// Binary ports: bytes in memory, read and written one at a time or as bytevectors. The console has none, so every function
// names its port.

import { bytevectorBytes, bytevectorData, bytevectorLength, isConstantBytevector, newBytevectorOf } from "../../../../heap/cells/bytevector.ts";
import { bytesOf, concat, newString } from "../../../../heap/cells/string.ts";
import { CellKind, Hi } from "../../../../heap/value.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { bytevectorArgument, rangeArguments } from "../collections/arguments.ts";
import { evalError, typeError } from "../conditions.ts";
import { chargeBytes, countArgument, integerArgument, lisp, returnBool } from "../text/arguments.ts";
import { dataSlot, inputOf, isBinary, isDirected, moveTo, portArgument, storePort, type Input } from "./port-values.ts";

const LENGTH = "bytevector of length %";

const input = (vm: Vm, slot: number, fn: string): Input => inputOf(vm, portArgument(vm, slot, "input", "binary", fn))!;
const returnEof = (vm: Vm, base: number): void => vm.heap.setSlot(base - 2, Hi.Eof, 0);

function returnBytes(vm: Vm, base: number, bytes: Uint8Array): void {
  chargeBytes(vm, bytes.length);
  vm.heap.setCell(base - 2, CellKind.Bytevector, newBytevectorOf(vm.heap, bytes));
}

function readByte(vm: Vm, base: number, fn: string, advance: boolean): void {
  const { port, text, at, end } = input(vm, base, fn);
  if (at >= end) return returnEof(vm, base);
  vm.heap.setI32(base - 2, bytesOf(vm.heap, text)[at]!);
  if (advance) moveTo(vm, port, at + 1);
}

function readBytes(vm: Vm, base: number): void {
  const fn = "read-bytevector", count = countArgument(vm, base, fn), { port, text, at, end } = input(vm, base + 1, fn);
  if (at >= end && count > 0) return returnEof(vm, base);
  const to = Math.min(end, at + count);
  returnBytes(vm, base, bytesOf(vm.heap, text).slice(at, to));
  moveTo(vm, port, to);
}

/** (bytevector port [start [end]]): fills that part; the number of bytes read. A literal is refused: there would be nothing to see of it. */
function readInto(vm: Vm, base: number, argc: number): void {
  const heap = vm.heap, fn = "read-bytevector!", target = bytevectorArgument(vm, base), { port, text, at, end } = input(vm, base + 1, fn);
  if (isConstantBytevector(heap, target)) evalError(vm, `${fn}: cannot change a literal bytevector; copy it first`);
  const { from, to } = rangeArguments(vm, base, argc, 2, bytevectorLength(heap, target), fn, LENGTH);
  if (at >= end && to > from) return returnEof(vm, base);
  const count = Math.min(to - from, end - at);
  chargeBytes(vm, count);
  heap.u8.set(bytesOf(heap, text).subarray(at, at + count), bytevectorData(target) + from);
  moveTo(vm, port, at + count);
  heap.setI32(base - 2, count);
}

/** Appends to the port in the slot; `scratch` is a free one. */
function append(vm: Vm, slot: number, bytes: Uint8Array, scratch: number, fn: string): void {
  const heap = vm.heap, data = dataSlot(portArgument(vm, slot, "output", "binary", fn));
  chargeBytes(vm, bytes.length);
  heap.setCell(scratch, CellKind.String, newString(heap, bytes));
  heap.replaceCell(data, CellKind.String, concat(heap, heap.lo(data), heap.lo(scratch)));
}

function writeByte(vm: Vm, base: number, argc: number): void {
  const byte = integerArgument(vm, base);
  if (byte < 0 || byte > 255) evalError(vm, `write-u8: byte value ${byte} out of range 0..255`);
  append(vm, base + 1, Uint8Array.of(byte), base + argc, "write-u8");
  vm.heap.setNull(base - 2);
}

function writeBytes(vm: Vm, base: number, argc: number): void {
  const heap = vm.heap, fn = "write-bytevector", source = bytevectorArgument(vm, base);
  const { from, to } = rangeArguments(vm, base, argc, 2, bytevectorLength(heap, source), fn, LENGTH);
  append(vm, base + 1, bytevectorBytes(heap, source).slice(from, to), base + argc, fn);
  heap.setNull(base - 2);
}

function openInput(vm: Vm, base: number): void {
  const heap = vm.heap, bytes = bytevectorBytes(heap, bytevectorArgument(vm, base)).slice();
  chargeBytes(vm, bytes.length);
  heap.setCell(base, CellKind.String, newString(heap, bytes));
  storePort(vm, base - 2, "input", base, true);
}

function openOutput(vm: Vm, base: number): void {
  vm.heap.setCell(base, CellKind.String, newString(vm.heap, new Uint8Array(0)));
  storePort(vm, base - 2, "output", base, true);
}

function outputBytes(vm: Vm, base: number): void {
  if (!isBinary(vm, base) || !isDirected(vm, base, "output")) typeError(vm, "binary output port", base);
  returnBytes(vm, base, bytesOf(vm.heap, vm.heap.lo(dataSlot(vm.heap.lo(base)))).slice());
}

export const BINARY_PORTS: readonly NativeInfo[] = [
  lisp("open-input-bytevector", 1, 1, "a binary port that reads the bytes of the bytevector", openInput),
  lisp("open-output-bytevector", 0, 0, "a binary port that collects what is written", openOutput),
  lisp("get-output-bytevector", 1, 1, "bytevector of what was written to the port so far", outputBytes),
  lisp("read-u8", 1, 1, "(port): the next byte, or eof", (vm, base) => readByte(vm, base, "read-u8", true)),
  lisp("peek-u8", 1, 1, "(port): the next byte, which stays, or eof", (vm, base) => readByte(vm, base, "peek-u8", false)),
  lisp("u8-ready?", 1, 1, "(port): #t", (vm, base) => {
    input(vm, base, "u8-ready?");
    returnBool(vm, base, true);
  }),
  lisp("read-bytevector", 2, 2, "(count, port): bytevector of so many bytes at most, or eof", readBytes),
  lisp("read-bytevector!", 2, 4, "(bytevector, port, [start], [end]): fill that part; the number of bytes read, or eof", readInto),
  lisp("write-u8", 2, 2, "(byte, port): write a byte; nil", writeByte),
  lisp("write-bytevector", 2, 4, "(bytevector, port, [start], [end]): write the bytes of that part; nil", writeBytes),
  lisp("binary-port?", 1, 1, "whether the value is a port of bytes", (vm, base) => returnBool(vm, base, isBinary(vm, base))),
];
