// Buffers: fixed-size byte arrays whose bytes lie in raw memory, so that pointers may alias them.

import { bufferAddress, bufferLength, newBuffer } from "../../heap/cells/buffer.ts";
import { newString } from "../../heap/cells/string.ts";
import { CellHi, CellKind } from "../../heap/value.ts";
import type { NativeInfo } from "../vm/native.ts";
import { storePointer } from "../vm/arithmetic.ts";
import type { Vm } from "../vm/vm.ts";
import { addressOf, fatalInteger, fatalMethod, integerArgument, isPointer, method, native, receiver } from "./arguments.ts";

/** Longest text or buffer copied in one go; more than any memory limit. */
const MAX_BYTES = 1 << 30;

/** Stores a new buffer with a copy of the bytes, which are not a view of raw memory. */
export function newBufferOf(vm: Vm, dst: number, bytes: Uint8Array): void {
  vm.heap.setCell(dst, CellKind.Buffer, newBuffer(vm.heap, vm.raw, bytes.length));
  vm.raw.put(bufferAddress(vm.heap, vm.heap.lo(dst)), bytes);
  vm.chargeFuel(bytes.length >> 2);
}

/** The bytes of a buffer, as a view valid until the next allocation of raw memory. */
export const bufferBytes = (vm: Vm, buffer: number): Uint8Array =>
  vm.raw.view(bufferAddress(vm.heap, buffer), bufferLength(vm.heap, buffer));

function create(vm: Vm, base: number): void {
  const size = fatalInteger(vm, base, "buffer() size must be an integer");
  if (size <= 0) vm.fatal("buffer size must be positive");
  if (size > MAX_BYTES) vm.heap.outOfMemory();
  vm.chargeFuel(size >> 2);
  vm.heap.setCell(base - 2, CellKind.Buffer, newBuffer(vm.heap, vm.raw, size));
}

/** The text in a buffer ends at the first NUL, as C programs leave it there; `__string_from_bytes` takes all bytes. */
function toText(vm: Vm, base: number): void {
  const all = bufferBytes(vm, receiver(vm, base)), nul = all.indexOf(0), bytes = all.slice(0, nul < 0 ? all.length : nul);
  vm.chargeFuel(bytes.length >> 2);
  vm.heap.setCell(base - 2, CellKind.String, newString(vm.heap, bytes));
}

function pointerTo(vm: Vm, base: number): void {
  if (vm.heap.hi(base) !== CellHi.Buffer) vm.throwError("buffer_ptr() argument must be a buffer");
  storePointer(vm, base - 2, bufferAddress(vm.heap, vm.heap.lo(base)));
}

function fromPointer(vm: Vm, base: number): void {
  if (!isPointer(vm, base)) vm.throwError("ptr_to_buffer() first argument must be a ptr");
  const size = integerArgument(vm, base + 1, "ptr_to_buffer() size must be an integer"), address = addressOf(vm, base);
  if (address === 0) vm.throwError("ptr_to_buffer() cannot read from null pointer");
  if (size <= 0) vm.throwError("ptr_to_buffer() size must be positive");
  newBufferOf(vm, base - 2, vm.raw.view(address, size).slice());
}

export const BUFFERS: readonly NativeInfo[] = [
  fatalMethod("buffer", "size in bytes", "new buffer of zero bytes", create),
  native("buffer.to_string", 0, -1, "string with the buffer's bytes up to the first NUL", toText),
  method("buffer_ptr", "buffer", "pointer to the buffer's bytes", pointerTo),
  method("ptr_to_buffer", "ptr, size", "new buffer with a copy of the bytes at an address", fromPointer),
];
