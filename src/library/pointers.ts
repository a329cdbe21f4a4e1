// Reading and writing typed values through pointers, and C strings. Addresses are checked by heap/raw.ts; values are little
// endian.

import { elementSlot, length } from "../../heap/cells/array.ts";
import { bufferAddress, bufferLength } from "../../heap/cells/buffer.ts";
import { byteLength, bytesOf, newString } from "../../heap/cells/string.ts";
import type { RawMemory } from "../../heap/raw.ts";
import { CellHi, CellKind, Hi, Rank, numericRank } from "../../heap/value.ts";
import { storePointer } from "../vm/arithmetic.ts";
import { bigIntegerOf, storeBig } from "../vm/integers64.ts";
import type { NativeInfo } from "../vm/native.ts";
import { isInteger, nanSign, numberOf, storeNaN, storeNumber } from "../vm/numeric.ts";
import type { Vm } from "../vm/vm.ts";
import { addressOf, argumentText, fatalMethod, integerArgument, isArray, isPointer, isString, method, returnText } from "./arguments.ts";

/** How a type lies in memory. Floats and integers up to 32 bits go by JS numbers, 64-bit integers by BigInt. */
interface Layout {
  readonly rank: number;
  readonly read: (raw: RawMemory, address: number) => number | bigint;
  readonly write: (raw: RawMemory, address: number, value: number, wide: bigint) => void;
}

export const LAYOUTS: { readonly [name: string]: Layout } = {
  i8: { rank: Rank.I8, read: (raw, at) => raw.readI8(at), write: (raw, at, v) => raw.writeI8(at, v) },
  u8: { rank: Rank.U8, read: (raw, at) => raw.readU8(at), write: (raw, at, v) => raw.writeU8(at, v) },
  i16: { rank: Rank.I16, read: (raw, at) => raw.readI16(at), write: (raw, at, v) => raw.writeI16(at, v) },
  u16: { rank: Rank.U16, read: (raw, at) => raw.readU16(at), write: (raw, at, v) => raw.writeU16(at, v) },
  i32: { rank: Rank.I32, read: (raw, at) => raw.readI32(at), write: (raw, at, v) => raw.writeI32(at, v) },
  u32: { rank: Rank.U32, read: (raw, at) => raw.readU32(at), write: (raw, at, v) => raw.writeU32(at, v) },
  i64: { rank: Rank.I64, read: (raw, at) => raw.readI64(at), write: (raw, at, _, wide) => raw.writeI64(at, BigInt.asIntN(64, wide)) },
  u64: { rank: Rank.U64, read: (raw, at) => raw.readU64(at), write: (raw, at, _, wide) => raw.writeU64(at, BigInt.asUintN(64, wide)) },
  f32: { rank: Rank.F32, read: (raw, at) => raw.readF32(at), write: (raw, at, v) => raw.writeF32(at, v) },
  f64: { rank: Rank.F64, read: (raw, at) => raw.readF64(at), write: (raw, at, v) => raw.writeF64(at, v) },
};

/** Where a float at the address has its sign, which JavaScript does not show for a NaN. */
const signByte = (layout: Layout, address: number): number => address + (layout.rank === Rank.F32 ? 3 : 7);

/** Stores what a layout reads. */
export function storeRead(vm: Vm, dst: number, layout: Layout, address: number): void {
  const value = layout.read(vm.raw, address);
  if (typeof value === "bigint") storeBig(vm.heap, dst, layout.rank, value);
  else if (value !== value) storeNaN(vm.heap, dst, layout.rank, vm.raw.readU8(signByte(layout, address)) > 0x7f);
  else storeNumber(vm.heap, dst, layout.rank, value);
}

function deref(name: string, layout: Layout): NativeInfo {
  const self = `ptr_deref_${name}`;
  return method(self, "ptr", `the ${name} at an address`, (vm, base) => {
    if (!isPointer(vm, base)) vm.throwError(`${self}() argument must be a ptr`);
    const address = addressOf(vm, base);
    if (address === 0) vm.throwError(`${self}() cannot dereference null pointer`);
    storeRead(vm, base - 2, layout, address);
  });
}

/** Writes a number converted to the layout: integers wrap, floats only take part in float layouts. */
export function writeNumber(vm: Vm, address: number, layout: Layout, slot: number, error: string): void {
  const rank = numericRank(vm.heap.hi(slot)), integer = isInteger(rank);
  if (!integer && (rank === Rank.None || layout.rank <= Rank.U64)) vm.throwError(error);
  const wide = integer ? bigIntegerOf(vm.heap, slot) : 0n;
  // Small integer layouts take the low bits of a 64-bit value.
  const value = integer && layout.rank <= Rank.U32 ? Number(BigInt.asIntN(32, wide)) : numberOf(vm.heap, slot, rank);
  layout.write(vm.raw, address, value, wide);
  if (value !== value) vm.raw.writeU8(signByte(layout, address), nanSign(vm.heap, slot) === true ? 0xff : 0x7f);
}

/** Integers but i32 may be given as a bool, the small ones as a rune too: the language has it so. */
const takes = (hi: number, rank: Rank): boolean => (hi === Hi.Bool && rank <= Rank.U64 && rank !== Rank.I32) || (hi === Hi.Rune && (rank === Rank.I8 || rank === Rank.U8 || rank === Rank.I16 || rank === Rank.U16));

function write(name: string, layout: Layout): NativeInfo {
  const self = `ptr_write_${name}`, kind = layout.rank <= Rank.U64 ? "an integer" : "a number";
  return method(self, "ptr, value", `store a ${name} at an address; null`, (vm, base) => {
    if (takes(vm.heap.hi(base + 1), layout.rank)) vm.heap.setI32(base + 1, vm.heap.lo(base + 1));
    writeNumber(vm, writableAddress(vm, base, self), layout, base + 1, `${self}() second argument must be ${kind}`);
    vm.heap.setNull(base - 2);
  });
}

function writableAddress(vm: Vm, slot: number, name: string): number {
  if (!isPointer(vm, slot)) vm.throwError(`${name}() first argument must be a ptr`);
  const address = addressOf(vm, slot);
  if (address === 0) vm.throwError(`${name}() cannot write to null pointer`);
  return address;
}

/** Stores the pointer that lies at an address. */
function readPointer(vm: Vm, dst: number, address: number): void {
  storePointer(vm, dst, Number(BigInt.asUintN(48, vm.raw.readU64(address))));
}

function derefPointer(vm: Vm, base: number): void {
  if (!isPointer(vm, base)) vm.throwError("ptr_deref_ptr() argument must be a ptr");
  if (addressOf(vm, base) === 0) vm.throwError("ptr_deref_ptr() cannot dereference null pointer");
  readPointer(vm, base - 2, addressOf(vm, base));
}

function writePointer(vm: Vm, base: number): void {
  const address = writableAddress(vm, base, "ptr_write_ptr"), isNull = vm.heap.hi(base + 1) === Hi.Null;
  if (!isNull && !isPointer(vm, base + 1)) vm.throwError("ptr_write_ptr() second argument must be a ptr or null");
  vm.raw.writeU64(address, isNull ? 0n : BigInt(addressOf(vm, base + 1)));
  vm.heap.setNull(base - 2);
}

/** Two steps: the pointer at the address, then the i32 there (what a comparison callback of C's qsort needs). */
function readThrough(vm: Vm, base: number): void {
  if (!isPointer(vm, base)) vm.throwError("ptr_read_i32() argument must be a ptr");
  if (addressOf(vm, base) === 0) vm.throwError("ptr_read_i32() cannot read from null pointer");
  readPointer(vm, base - 2, addressOf(vm, base));
  vm.heap.setI32(base - 2, vm.raw.readI32(addressOf(vm, base - 2)));
}

function offset(vm: Vm, base: number): void {
  if (!isPointer(vm, base)) vm.throwError("ptr_offset() first argument must be a ptr");
  const count = integerArgument(vm, base + 1, "ptr_offset() offset must be an integer");
  const size = integerArgument(vm, base + 2, "ptr_offset() element_size must be an integer");
  storePointer(vm, base - 2, addressOf(vm, base) + count * size);
}

const FOREIGN_SIZES: { readonly [name: string]: number } = {
  i8: 1, u8: 1, i16: 2, u16: 2, i32: 4, u32: 4, f32: 4, i64: 8, u64: 8, f64: 8, ptr: 8, size_t: 8, usize: 8, isize: 8,
};

function foreignSize(vm: Vm, base: number): void {
  if (!isString(vm, base)) vm.throwError("ffi_sizeof() argument must be a type name string");
  const name = argumentText(vm, base);
  if (!Object.hasOwn(FOREIGN_SIZES, name)) vm.throwError(`ffi_sizeof(): unknown type '${name}'`);
  vm.heap.setI32(base - 2, FOREIGN_SIZES[name]!);
}

function rawRead(name: string, run: (vm: Vm, dst: number, address: number) => void): NativeInfo {
  return fatalMethod(name, "ptr", "unchecked read of the value at an address", (vm, base) => {
    if (!isPointer(vm, base)) vm.fatal(`${name}() requires a pointer`);
    run(vm, base - 2, addressOf(vm, base));
  });
}

/** A NUL-terminated copy of the string in raw memory; the script frees it. */
function toCString(vm: Vm, base: number): void {
  if (!isString(vm, base)) vm.fatal("__string_to_cstr() requires a string");
  const count = byteLength(vm.heap, vm.heap.lo(base)), address = vm.raw.allocate(count + 1);
  const text = new Uint8Array(count + 1);
  text.set(bytesOf(vm.heap, vm.heap.lo(base)));
  vm.raw.put(address, text);
  vm.chargeFuel(count >> 2);
  storePointer(vm, base - 2, address);
}

function fromCString(vm: Vm, base: number): void {
  if (!isPointer(vm, base)) vm.fatal("__cstr_to_string() requires a pointer");
  const bytes: number[] = [], address = addressOf(vm, base);
  if (address === 0) return returnText(vm, base, "");
  for (let byte = vm.raw.readU8(address); byte !== 0; byte = vm.raw.readU8(address + bytes.length)) bytes.push(byte);
  vm.chargeFuel(bytes.length);
  vm.heap.setCell(base - 2, CellKind.String, newString(vm.heap, Uint8Array.from(bytes)));
}

/** A string with the bytes of a buffer or of an array of integers, valid text or not. */
function fromBytes(vm: Vm, base: number): void {
  const heap = vm.heap, cell = heap.lo(base);
  let bytes: Uint8Array;
  if (isArray(vm, base)) bytes = Uint8Array.from({ length: length(heap, cell) }, (_, i) => byteElement(vm, cell, i));
  else if (heap.hi(base) === CellHi.Buffer) bytes = vm.raw.view(bufferAddress(heap, cell), bufferLength(heap, cell)).slice();
  else return vm.fatal("__string_from_bytes() requires array or buffer argument");
  vm.chargeFuel(bytes.length >> 2);
  heap.setCell(base - 2, CellKind.String, newString(heap, bytes));
}

function byteElement(vm: Vm, array: number, index: number): number {
  const slot = elementSlot(vm.heap, array, index);
  if (!isInteger(numericRank(vm.heap.hi(slot)))) vm.fatal(`__string_from_bytes() array element at index ${index} is not an integer`);
  return Number(bigIntegerOf(vm.heap, slot) & 0xffn);
}

export const POINTERS: readonly NativeInfo[] = [
  method("ptr_null", "", "the null pointer", (vm, base) => storePointer(vm, base - 2, 0)),
  method("ptr_offset", "ptr, offset, element_size", "pointer moved by offset elements", offset),
  ...Object.entries(LAYOUTS).map(([name, layout]) => deref(name, layout)),
  method("ptr_deref_ptr", "ptr", "the pointer at an address", derefPointer),
  ...Object.entries(LAYOUTS).map(([name, layout]) => write(name, layout)),
  method("ptr_write_ptr", "ptr, value", "store a pointer or null at an address; null", writePointer),
  method("ptr_read_i32", "ptr", "the i32 behind the pointer at an address", readThrough),
  method("ffi_sizeof", "type_name", "size in bytes of a C type by name, i32", foreignSize),
  rawRead("__read_u32", (vm, dst, at) => storeRead(vm, dst, LAYOUTS.u32!, at)),
  rawRead("__read_u64", (vm, dst, at) => storeRead(vm, dst, LAYOUTS.u64!, at)),
  rawRead("__read_ptr", readPointer),
  fatalMethod("__string_to_cstr", "string", "pointer to a NUL-terminated copy", toCString),
  fatalMethod("__cstr_to_string", "ptr", "string with the bytes up to the NUL; an empty one for the null pointer", fromCString),
  fatalMethod("__string_from_bytes", "array of bytes or buffer", "string with these bytes", fromBytes),
  fatalMethod("__strerror", "", "text of the last system error", (vm, base) => returnText(vm, base, "Success")),
];
