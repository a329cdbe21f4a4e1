// Digests, checksums and compression. They reach nothing outside, but are Node's.

import { numberOf, rankOf } from "../vm/numeric.ts";
import type { Native } from "../vm/native.ts";
import type { Vm } from "../vm/vm.ts";
import { compression, cryptography } from "./modules.ts";
import { buffer, bytesAt, bytesText, catchable, i64, shown, text, u32 } from "./results.ts";

const digest = (name: string, algorithm: string): readonly [string, Native] =>
  catchable(name, 1, 1, (vm, base) => text(cryptography().createHash(algorithm).update(given(vm, base, name)).digest("hex")));

function given(vm: Vm, slot: number, name: string): Uint8Array {
  const bytes = bytesAt(vm, slot) ?? vm.throwError(`${shown(name)}() requires string or buffer argument`);
  vm.chargeFuel(bytes.length);
  return bytes;
}

/** Table of the polynomial of ISO 3309, low bit first. */
const CRC = Uint32Array.from({ length: 256 }, (_, i) => {
  let c = i;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = CRC[(c ^ byte) & 255]! ^ (c >>> 8);
  return ~c;
}

function adler32(bytes: Uint8Array): number {
  let a = 1, b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return (b << 16) | a;
}

/** The number in the slot, without its fraction; anything else is an error with the text. */
function number(vm: Vm, slot: number, error: string): number {
  const rank = rankOf(vm.heap, slot);
  return rank === 0 ? vm.throwError(error) : Math.trunc(numberOf(vm.heap, slot, rank));
}

const compressed = (name: string, pack: "deflateSync" | "gzipSync"): readonly [string, Native] =>
  catchable(name, 1, 2, (vm, base, argc) => {
    const level = argc < 2 ? -1 : number(vm, base + 1, `${shown(name)}() second argument must be number (level)`);
    if (!(level >= -1 && level <= 9)) vm.throwError(`${shown(name)}() level must be between -1 and 9`);
    return buffer(compression()[pack](given(vm, base, name), { level }));
  });

/** More than the script may have is refused before it is there. */
const expanded = (name: string, unpack: "inflateSync" | "gunzipSync"): readonly [string, Native] =>
  catchable(name, 1, 2, (vm, base, argc) => {
    const bytes = given(vm, base, name), { maxBytes } = vm.heap.settings, wanted = argc < 2 ? maxBytes : number(vm, base + 1, `${shown(name)}() second argument must be number (max_size)`);
    if (!(wanted >= 0)) vm.throwError(`${shown(name)}() max_size cannot be negative`);
    const most = Math.min(wanted, maxBytes);
    try {
      return bytesText(compression()[unpack](bytes, { maxOutputLength: Math.max(1, most) }));
    } catch (error) {
      const isTooLarge = (error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE";
      return vm.throwError(`${shown(name)}() failed: ${isTooLarge ? "decompressed data exceeds the limit" : "invalid data"}`);
    }
  });

export const DIGEST_NATIVES: readonly (readonly [string, Native])[] = [
  digest("__sha256", "sha256"), digest("__sha512", "sha512"), digest("__md5", "md5"),
  catchable("__crc32", 1, 1, (vm, base) => u32(crc32(given(vm, base, "__crc32")))),
  catchable("__adler32", 1, 1, (vm, base) => u32(adler32(given(vm, base, "__adler32")))),
  compressed("__zlib_compress", "deflateSync"), compressed("__gzip_compress", "gzipSync"), expanded("__zlib_decompress", "inflateSync"), expanded("__gzip_decompress", "gunzipSync"),
  catchable("__zlib_compress_bound", 1, 1, (vm, base) => {
    const size = number(vm, base, "zlib_compress_bound() argument must be number (source_len)"), part = (bits: number): number => Math.floor(size / 2 ** bits);
    if (!(size >= 0 && size <= Number.MAX_SAFE_INTEGER / 2)) vm.throwError("zlib_compress_bound() source_len is out of range");
    return i64(size + part(12) + part(14) + part(25) + 13);
  }),
];
