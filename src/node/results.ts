// Reading the arguments and storing the results of builtins that reach the outside, and the errors of the system as scripts
// see them.

import { newArray, push } from "../../heap/cells/array.ts";
import { newObject, setField } from "../../heap/cells/object.ts";
import { newString, newStringFromText, bytesOf, textOf } from "../../heap/cells/string.ts";
import { setInt64Number } from "../../heap/cells/wide.ts";
import { internText } from "../../heap/symbols.ts";
import { CellHi, CellKind, Hi } from "../../heap/value.ts";
import { bufferBytes, newBufferOf } from "../library/buffers.ts";
import type { Native, Store } from "../vm/native.ts";
import type { Vm } from "../vm/vm.ts";

export type { Store } from "../vm/native.ts";

export const i32 = (value: number): Store => ({ heap }, slot) => heap.setI32(slot, value | 0);
export const u32 = (value: number): Store => ({ heap }, slot) => heap.setSlot(slot, Hi.U32, value | 0);
export const i64 = (value: number): Store => ({ heap }, slot) => setInt64Number(heap, slot, Math.trunc(value));
export const f64 = (value: number): Store => ({ heap }, slot) => heap.setF64(slot, value);
export const bool = (value: boolean): Store => ({ heap }, slot) => heap.setBool(slot, value);
export const nothing: Store = ({ heap }, slot) => heap.setNull(slot);
export const text = (value: string): Store => ({ heap }, slot) => heap.setCell(slot, CellKind.String, newStringFromText(heap, value));
export const bytesText = (value: Uint8Array): Store => (vm, slot) => {
  vm.chargeFuel(value.length >> 2);
  vm.heap.setCell(slot, CellKind.String, newString(vm.heap, value));
};
/** A new buffer with these bytes. */
export const buffer = (bytes: Uint8Array): Store => (vm, slot) => newBufferOf(vm, slot, bytes);
/** The slot behind is free for the items while they are made. */
export const list = (items: readonly Store[]): Store => (vm, slot) => {
  const { heap } = vm;
  heap.setCell(slot, CellKind.Array, newArray(heap, items.length));
  for (const item of items) {
    item(vm, slot + 1);
    push(heap, heap.lo(slot), slot + 1);
  }
};
/** An object with these fields, in order. */
export const object = (fields: readonly (readonly [string, Store])[]): Store => (vm, slot) => {
  const { heap } = vm;
  heap.setCell(slot, CellKind.Object, newObject(heap, fields.length));
  for (const [name, value] of fields) {
    value(vm, slot + 1);
    setField(heap, heap.lo(slot), internText(heap, name), slot + 1);
  }
};

/** A native that takes from min to max arguments and gives what `run` says; wrong counts are fatal, as `NAME() expects …`. */
export function returning(name: string, min: number, max: number, run: (vm: Vm, base: number, argc: number) => Store): readonly [string, Native] {
  const many = min === max ? `${min}` : `${min}-${max}`;
  return [name, (vm, base, argc) => {
    if (argc < min || argc > max) vm.fatal(max === 0 ? `${shown(name)}() expects no arguments` : `${shown(name)}() expects ${many} argument${many === "1" ? "" : "s"}`);
    // Made beside the arguments, then moved: the result takes the place of what a method may still need.
    const made = base + argc;
    run(vm, base, argc)(vm, made);
    vm.heap.copySlot(base - 2, made);
  }];
}

/** The same for a method, whose wrong counts can be caught. */
export function methodReturning(name: string, min: number, max: number, expects: string, run: (vm: Vm, base: number, argc: number) => Store): readonly [string, Native] {
  const [, native] = returning(name, 0, Infinity, run);
  return [name, (vm, base, argc) => (argc < min || argc > max ? vm.throwError(`${shown(name)}() expects ${expects}`) : native(vm, base, argc))];
}

/** As returning, but that wrong counts can be caught. */
export function catchable(name: string, min: number, max: number, run: (vm: Vm, base: number, argc: number) => Store): readonly [string, Native] {
  const many = min === max ? `${min}` : `${min}-${max}`;
  return methodReturning(name, min, max, `${many} argument${many === "1" ? "" : "s"}`, run);
}

/** Name of a builtin in messages. */
export const shown = (name: string): string => name.slice(name.lastIndexOf(".") + 1).replace(/^__/, "");

/** The string argument; anything else is fatal. */
export function stringAt(vm: Vm, slot: number, name: string): string {
  if (vm.heap.hi(slot) !== CellHi.String) vm.fatal(`${shown(name)}() requires string argument`);
  return textOf(vm.heap, vm.heap.lo(slot));
}

/** The same for a path: systems end them at NULs, so that one would mean another file than it says. */
export function pathAt(vm: Vm, slot: number, name: string): string {
  const path = stringAt(vm, slot, name);
  return path.includes("\0") ? vm.throwError(`${shown(name)}() path has a NUL character`) : path;
}

/** The text of the string in a slot. */
export const textAt = ({ heap }: Vm, slot: number): string => textOf(heap, heap.lo(slot));

/** Copy of the bytes of a string or buffer; null for any other value. */
export function bytesAt(vm: Vm, slot: number): Uint8Array | null {
  const { heap } = vm;
  if (heap.hi(slot) === CellHi.String) return bytesOf(heap, heap.lo(slot)).slice();
  return heap.hi(slot) === CellHi.Buffer ? bufferBytes(vm, heap.lo(slot)).slice() : null;
}

const WORDS: { readonly [code: string]: string } = {
  EPERM: "Operation not permitted", ENOENT: "No such file or directory", ESRCH: "No such process", EINTR: "Interrupted system call", EIO: "Input/output error",
  EBADF: "Bad file descriptor", ECHILD: "No child processes", EAGAIN: "Resource temporarily unavailable", ENOMEM: "Cannot allocate memory", EACCES: "Permission denied",
  EBUSY: "Device or resource busy", EEXIST: "File exists", EXDEV: "Invalid cross-device link", ENOTDIR: "Not a directory", EISDIR: "Is a directory", EINVAL: "Invalid argument",
  EMFILE: "Too many open files", ENFILE: "Too many open files in system", ETXTBSY: "Text file busy", EFBIG: "File too large", ENOSPC: "No space left on device", ESPIPE: "Illegal seek",
  EROFS: "Read-only file system", EPIPE: "Broken pipe", ENAMETOOLONG: "File name too long", ENOTEMPTY: "Directory not empty", ELOOP: "Too many levels of symbolic links",
  ENOTSUP: "Operation not supported", ECONNREFUSED: "Connection refused", ECONNRESET: "Connection reset by peer", ETIMEDOUT: "Connection timed out", EADDRINUSE: "Address already in use",
  EADDRNOTAVAIL: "Cannot assign requested address", ENETUNREACH: "Network is unreachable", EHOSTUNREACH: "No route to host", ENOTCONN: "Transport endpoint is not connected",
  EINPROGRESS: "Operation now in progress", EALREADY: "Operation already in progress", EISCONN: "Transport endpoint is already connected", EDESTADDRREQ: "Destination address required",
  EOPNOTSUPP: "Operation not supported", ENOPROTOOPT: "Protocol not available", EMSGSIZE: "Message too long", ECONNABORTED: "Software caused connection abort", EAFNOSUPPORT: "Address family not supported by protocol",
};

/** The system's words for what went wrong. */
export function reason(error: unknown): string {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  return WORDS[code ?? ""] ?? message ?? String(error);
}

/** Does something that may fail; a failure is an exception of the script with the text before the system's words. */
export function attempt<T>(vm: Vm, failed: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    return vm.throwError(`${failed}: ${reason(error)}`);
  }
}
