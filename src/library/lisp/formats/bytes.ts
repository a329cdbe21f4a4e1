// Base64 and digests of texts and bytes. SHA-256 and MD5 are written out here: the core has no access to the host's.

import { bytevectorBytes, newBytevectorOf } from "../../../../heap/cells/bytevector.ts";
import { byteLength, bytesOf, newString } from "../../../../heap/cells/string.ts";
import { CellHi, CellKind } from "../../../../heap/value.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError, typeError } from "../conditions.ts";
import { chargeBytes, lisp, returnText, stringArgument } from "../text/arguments.ts";
import { invalidUtf8 } from "./utf8-check.ts";
import { hmacSha256, md5, sha256 } from "./digests.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function encode(bytes: Uint8Array): Uint8Array {
  const letters = new Uint8Array(4 * Math.ceil(bytes.length / 3)).fill(61);
  for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
    const left = bytes.length - from, bits = (bytes[from]! << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
    for (let i = 0; i <= Math.min(left, 3); i++) letters[to + i] = ALPHABET.charCodeAt((bits >> (18 - 6 * i)) & 63);
  }
  return letters;
}

/** The bytes, or what is wrong. */
function decode(letters: Uint8Array): Uint8Array | string {
  const padding = letters.length === 0 ? 0 : letters[letters.length - 2] === 61 ? 2 : letters[letters.length - 1] === 61 ? 1 : 0, count = letters.length - padding;
  const bytes = new Uint8Array((count * 3) >> 2);
  let bits = 0, to = 0;
  for (let i = 0; i < count; i++) {
    const value = ALPHABET.indexOf(String.fromCharCode(letters[i]!));
    if (value < 0) return `Invalid symbol ${letters[i]}, offset ${i}.`;
    bits = (bits << 6) | value;
    if ((i & 3) !== 0) bytes[to++] = bits >> (6 - 2 * (i & 3));
  }
  if (letters.length % 4 !== 0) return "Invalid padding";
  if ((bits & ((1 << (2 * padding)) - 1)) !== 0) return `Invalid last symbol ${letters[count - 1]}, offset ${count - 1}.`;
  return bytes;
}

/** Bytes of the string argument. */
function textBytes(vm: Vm, slot: number): Uint8Array {
  const str = stringArgument(vm, slot);
  chargeBytes(vm, 8 * byteLength(vm.heap, str));
  return bytesOf(vm.heap, str);
}

function bytevectorArgument(vm: Vm, slot: number): Uint8Array {
  if (vm.heap.hi(slot) !== CellHi.Bytevector) typeError(vm, "bytevector", slot);
  const bytes = bytevectorBytes(vm.heap, vm.heap.lo(slot));
  chargeBytes(vm, 8 * bytes.length);
  return bytes;
}

function decoded(vm: Vm, base: number, name: string): Uint8Array {
  const bytes = decode(textBytes(vm, base));
  return typeof bytes === "string" ? evalError(vm, `${name}: ${bytes}`) : bytes;
}

/** The bytes as a string. */
const returnBytes = (vm: Vm, base: number, bytes: Uint8Array): void => vm.heap.setCell(base - 2, CellKind.String, newString(vm.heap, bytes));

function decodeString(vm: Vm, base: number): void {
  const bytes = decoded(vm, base, "base64/decode"), wrong = invalidUtf8(bytes);
  if (wrong !== null) evalError(vm, `base64/decode: invalid UTF-8: ${wrong}`);
  returnBytes(vm, base, bytes);
}

const hexadecimal = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const digest = (name: string, doc: string, run: (bytes: Uint8Array) => Uint8Array): NativeInfo =>
  lisp(name, 1, 1, doc, (vm, base) => returnText(vm, base, hexadecimal(run(textBytes(vm, base)))));

export const BYTES: readonly NativeInfo[] = [
  lisp("base64/encode", 1, 1, "Base64 text of a string's UTF-8 form", (vm, base) => returnBytes(vm, base, encode(textBytes(vm, base)))),
  lisp("base64/decode", 1, 1, "string of a Base64 text", decodeString),
  lisp("base64/encode-bytes", 1, 1, "Base64 text of a bytevector", (vm, base) => returnBytes(vm, base, encode(bytevectorArgument(vm, base)))),
  lisp("base64/decode-bytes", 1, 1, "bytevector of a Base64 text",
    (vm, base) => vm.heap.setCell(base - 2, CellKind.Bytevector, newBytevectorOf(vm.heap, decoded(vm, base, "base64/decode-bytes")))),
  digest("hash/sha256", "SHA-256 of the string's UTF-8 form, in hexadecimal", sha256),
  digest("hash/md5", "MD5 of the string's UTF-8 form, in hexadecimal", md5),
  lisp("hash/hmac-sha256", 2, 2, "HMAC-SHA-256 of a key and a message, in hexadecimal",
    (vm, base) => returnText(vm, base, hexadecimal(hmacSha256(textBytes(vm, base), textBytes(vm, base + 1))))),
];
