// Raw memory: allocation, filling, copying, freeing. Misuse of addresses is detected by heap/raw.ts and becomes an ordinary
// error of the script.

import { clear } from "../../heap/cells/array.ts";
import { bufferAddress, freeBuffer, isFreed } from "../../heap/cells/buffer.ts";
import { deleteField, keyAt, nextField } from "../../heap/cells/object.ts";
import { textOf } from "../../heap/cells/string.ts";
import { CellHi, Hi } from "../../heap/value.ts";
import { TypeCode } from "../ir/types.ts";
import { storePointer } from "../vm/arithmetic.ts";
import type { NativeInfo } from "../vm/native.ts";
import type { Vm } from "../vm/vm.ts";
import { addressOf, fatalInteger, fatalMethod, isPointer, isString, nativeExpecting } from "./arguments.ts";

const MAX_BYTES = 1 << 30;

/** Cell flag of arrays and objects that free() has emptied. */
const FREED = 1;

const SIZES: { readonly [code: number]: number } = {
  [TypeCode.I8]: 1, [TypeCode.U8]: 1, [TypeCode.I16]: 2, [TypeCode.U16]: 2, [TypeCode.I32]: 4, [TypeCode.U32]: 4, [TypeCode.F32]: 4,
  [TypeCode.Bool]: 4, [TypeCode.I64]: 8, [TypeCode.U64]: 8, [TypeCode.F64]: 8, [TypeCode.Pointer]: 8,
};
const NAMED_SIZES: { readonly [name: string]: number } = {
  i8: 1, u8: 1, byte: 1, i16: 2, u16: 2, i32: 4, u32: 4, f32: 4, integer: 4, bool: 4, i64: 8, u64: 8, f64: 8, number: 8, ptr: 8,
};

/** Size in bytes of a type value or type name; 0 for names without a size, -1 when the argument is neither. */
function sizeOfType(vm: Vm, slot: number): number {
  if (vm.heap.hi(slot) === Hi.Type) return SIZES[vm.heap.lo(slot)] ?? 0;
  if (!isString(vm, slot)) return -1;
  const name = textOf(vm.heap, vm.heap.lo(slot));
  if (name === "rune") vm.fatal("Cannot get size of this type");
  return Object.hasOwn(NAMED_SIZES, name) ? NAMED_SIZES[name]! : 0;
}

function sizeOf(vm: Vm, base: number): void {
  const size = sizeOfType(vm, base);
  if (size < 0) vm.fatal("sizeof() requires a type argument");
  vm.heap.setI32(base - 2, size);
}

/** Stores a pointer to `bytes` fresh bytes. */
function allocate(vm: Vm, base: number, bytes: number): void {
  if (bytes > MAX_BYTES) vm.heap.outOfMemory();
  vm.chargeFuel(bytes >> 2);
  storePointer(vm, base - 2, vm.raw.allocate(bytes));
}

function alloc(vm: Vm, base: number): void {
  const bytes = fatalInteger(vm, base, "alloc() size must be an integer");
  if (bytes <= 0) vm.fatal("alloc() size must be positive");
  allocate(vm, base, bytes);
}

function talloc(vm: Vm, base: number): void {
  const size = sizeOfType(vm, base), count = fatalInteger(vm, base + 1, "talloc() count must be an integer");
  if (size <= 0) vm.fatal("talloc() first argument must be a type");
  if (count <= 0) vm.fatal("talloc() count must be positive");
  allocate(vm, base, size * count);
}

function realloc(vm: Vm, base: number): void {
  if (!isPointer(vm, base)) vm.fatal("realloc() first argument must be a pointer");
  const bytes = fatalInteger(vm, base + 1, "realloc() new_size must be an integer");
  if (bytes <= 0) vm.fatal("realloc() new_size must be positive");
  if (bytes > MAX_BYTES) vm.heap.outOfMemory();
  vm.chargeFuel(bytes >> 2);
  storePointer(vm, base - 2, vm.raw.realloc(addressOf(vm, base), bytes));
}

function memset(vm: Vm, base: number): void {
  const error = "memset() byte and size must be integers";
  if (!isPointer(vm, base)) vm.fatal("memset() requires pointer as first argument");
  const byte = fatalInteger(vm, base + 1, error), bytes = fatalInteger(vm, base + 2, error);
  if (bytes < 0) vm.fatal("memset() size cannot be negative");
  vm.raw.fill(addressOf(vm, base), byte & 0xff, bytes);
  vm.chargeFuel(bytes >> 2);
  vm.heap.setNull(base - 2);
}

function memcpy(vm: Vm, base: number): void {
  if (!isPointer(vm, base) || !isPointer(vm, base + 1)) vm.fatal("memcpy() requires pointers for dest and src");
  const bytes = fatalInteger(vm, base + 2, "memcpy() size must be an integer");
  if (bytes < 0) vm.fatal("memcpy() size cannot be negative");
  vm.raw.copy(addressOf(vm, base), addressOf(vm, base + 1), bytes);
  vm.chargeFuel(bytes >> 2);
  vm.heap.setNull(base - 2);
}

/** Marks an array or object as freed; freeing it again is fatal. */
function markFreed(vm: Vm, cell: number, kind: string): void {
  const u16 = vm.heap.u16, at = (cell + 2) >> 1;
  if ((u16[at]! & FREED) !== 0) vm.fatal(`double free detected on ${kind}`);
  u16[at] = u16[at]! | FREED;
}

function emptyObject(vm: Vm, object: number): void {
  const heap = vm.heap;
  // Deleting leaves the fields after it where they are.
  for (let at = nextField(heap, object, 0); at >= 0; at = nextField(heap, object, at + 1)) deleteField(heap, object, keyAt(heap, object, at));
}

/** Containers are emptied, whoever still refers to them; raw regions are given back. */
function free(vm: Vm, base: number): void {
  const heap = vm.heap, cell = heap.lo(base);
  switch (heap.hi(base)) {
    case Hi.Null: break;
    case CellHi.Array:
      markFreed(vm, cell, "array");
      clear(heap, cell);
      break;
    case CellHi.Object:
      markFreed(vm, cell, "object");
      emptyObject(vm, cell);
      break;
    case CellHi.Buffer:
      if (isFreed(heap, cell)) vm.fatal(`double free detected on buffer${vm.raw.sites(bufferAddress(heap, cell))}`);
      freeBuffer(heap, vm.raw, cell);
      break;
    default:
      if (!isPointer(vm, base)) vm.fatal("free() requires a pointer, buffer, object, or array");
      vm.raw.free(addressOf(vm, base));
  }
  heap.setNull(base - 2);
}

export const MEMORY: readonly NativeInfo[] = [
  fatalMethod("sizeof", "type", "size in bytes of a type value or type name, i32; 0 when it has none", sizeOf),
  fatalMethod("alloc", "size in bytes", "pointer to that many bytes", alloc),
  fatalMethod("talloc", "type, count", "pointer to room for that many values of a type", talloc),
  fatalMethod("realloc", "ptr, new_size", "pointer to a region of the new size with the old contents", realloc),
  nativeExpecting("free", 1, 1, "1 argument (pointer, buffer, object, or array)", true, "give memory back; containers become empty; twice is fatal", free),
  fatalMethod("memset", "ptr, byte, size", "set bytes; null", memset),
  fatalMethod("memcpy", "dest, src, size", "copy bytes; null", memcpy),
];
