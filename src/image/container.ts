// The container: header, table of sections, sections. It knows nothing of what is in them.
//
//   0   magic, 8 bytes          16  format version           28  checksum of the header and the table, this word as 0
//   8   byte order mark         20  flags                    32  table: 16 bytes for each section
//   12  bytes in all            24  number of sections           tag, offset, bytes, checksum; padded to 8 bytes
//
// All numbers are words in the byte order of the machine that wrote them, which the mark tells.

import { checksumBytes } from "./checksum.ts";
import { damaged, ImageError } from "./errors.ts";

/** First byte outside of ASCII, a line end of each kind and the end-of-file of DOS: what a transfer as text would spoil. */
const MAGIC = [0x89, 0x42, 0x58, 0x49, 0x0d, 0x0a, 0x1a, 0x0a] as const;
const ORDER_MARK = 0x01020304, SWAPPED_MARK = 0x04030201;
export const FORMAT_VERSION = 1;
const HEADER_BYTES = 32, ENTRY_BYTES = 16, MAX_SECTIONS = 64;

/** Byte offsets in the header. */
const enum At { Order = 8, Bytes = 12, Version = 16, Flags = 20, Count = 24, Checksum = 28 }

export const enum ImageFlag {
  /** The pages are those that differ from another image's. */
  Delta = 1,
  /** What follows the header is an image compressed with deflate, of as many bytes as the word after the header says. */
  Compressed = 2,
}

/** Names of sections; four letters each. */
export type SectionTag = "META" | "NAME" | "PAGE" | "RAWP" | "RAWT";
export interface Section { readonly tag: string; readonly bytes: Uint8Array }
export interface Container { readonly version: number; readonly flags: number; readonly sections: readonly Section[]; /** Stands for the whole image. */ readonly checksum: number }

const roundUp = (n: number): number => (n + 7) & -8;
const tagWord = (tag: string): number => tag.charCodeAt(0) | tag.charCodeAt(1) << 8 | tag.charCodeAt(2) << 16 | tag.charCodeAt(3) << 24;
const tagText = (word: number): string => String.fromCharCode(word & 255, word >>> 8 & 255, word >>> 16 & 255, word >>> 24);

/** A section whose bytes are written by `write`, into a view of exactly so many zero bytes, a multiple of 8. */
export interface SectionWriter { readonly tag: SectionTag; readonly bytes: number; write(to: Uint8Array): void }

/** A section of bytes that exist already. */
export const bytesSection = (tag: SectionTag, bytes: Uint8Array): SectionWriter => ({ tag, bytes: bytes.length, write: (to) => to.set(bytes) });

export function writeContainer(writers: readonly SectionWriter[], flags: number): Uint8Array {
  let end = HEADER_BYTES + ENTRY_BYTES * writers.length;
  const offsets = writers.map(({ bytes }) => {
    const at = roundUp(end);
    end = at + roundUp(bytes);
    return at;
  });
  const image = new Uint8Array(roundUp(end)), words = new Int32Array(image.buffer);
  image.set(MAGIC);
  words[At.Order >> 2] = ORDER_MARK;
  words[At.Bytes >> 2] = image.length;
  words[At.Version >> 2] = FORMAT_VERSION;
  words[At.Flags >> 2] = flags;
  words[At.Count >> 2] = writers.length;
  writers.forEach(({ tag, bytes, write }, i) => {
    const entry = (HEADER_BYTES + ENTRY_BYTES * i) >> 2, at = offsets[i]!, padded = image.subarray(at, at + roundUp(bytes));
    write(padded);
    words.set([tagWord(tag), at, bytes, checksumBytes(padded)], entry);
  });
  seal(image);
  return image;
}

/** Puts in the checksum of header and table. */
function seal(image: Uint8Array): void { new Int32Array(image.buffer, image.byteOffset)[At.Checksum >> 2] = headerChecksum(image); }

function headerChecksum(image: Uint8Array): number {
  const words = new Int32Array(image.buffer, image.byteOffset), head = image.slice(0, HEADER_BYTES + ENTRY_BYTES * words[At.Count >> 2]!);
  head.fill(0, At.Checksum, At.Checksum + 4);
  return checksumBytes(head);
}

/** Computes all checksums anew: for tests that change what is inside. The container must be whole. */
export function reseal(image: Uint8Array): void {
  const words = new Int32Array(image.buffer, image.byteOffset);
  for (let i = 0; i < words[At.Count >> 2]!; i++) {
    const entry = (HEADER_BYTES + ENTRY_BYTES * i) >> 2, at = words[entry + 1]!;
    words[entry + 3] = checksumBytes(image.subarray(at, at + roundUp(words[entry + 2]!)));
  }
  seal(image);
}

/** Bytes at an address that typed arrays can take, where they are when they lie well. A plain array: Node's Buffer slices otherwise. */
const aligned = (bytes: Uint8Array): Uint8Array => (bytes.byteOffset % 8 === 0 ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) : new Uint8Array(bytes));

/** Takes an image apart and compares its checksums. The sections are views of it. */
export function readContainer(given: Uint8Array): Container {
  if (!(given instanceof Uint8Array)) throw new ImageError("format", "an image is a Uint8Array");
  const image = aligned(given), words = checkHeader(image), count = words[At.Count >> 2]!, sections: Section[] = [];
  for (let i = 0; i < count; i++) {
    const entry = (HEADER_BYTES + ENTRY_BYTES * i) >> 2, [tag, at, bytes, checksum] = [words[entry]!, words[entry + 1]!, words[entry + 2]!, words[entry + 3]!];
    if (at % 8 !== 0 || at < HEADER_BYTES || bytes < 0 || at > image.length || bytes > image.length - at) damaged(`section ${i} lies outside of it`);
    if (checksumBytes(image.subarray(at, at + roundUp(bytes))) !== checksum >>> 0) {
      throw new ImageError("checksum", `the image's section ${JSON.stringify(tagText(tag))} is not as it was written: copy the file again, or restore an older image`);
    }
    sections.push({ tag: tagText(tag), bytes: image.subarray(at, at + bytes) });
  }
  return { version: words[At.Version >> 2]!, flags: words[At.Flags >> 2]!, sections, checksum: words[At.Checksum >> 2]! >>> 0 };
}

/** The words of an image whose header holds. */
function checkHeader(image: Uint8Array): Int32Array {
  if (MAGIC.some((byte, i) => image[i] !== byte)) throw new ImageError(image.length < MAGIC.length ? "truncated" : "format", "these bytes are no image of a Boxelder VM: give what snapshot() or `boxelder run --checkpoint` made");
  if (image.length < HEADER_BYTES) throw truncated();
  const words = new Int32Array(image.buffer, image.byteOffset, image.length >> 2), order = words[At.Order >> 2];
  if (order === SWAPPED_MARK) throw new ImageError("byteOrder", "the image was made on a machine with the other byte order: restore it on one like that");
  if (order !== ORDER_MARK) damaged("its byte order mark is neither of the two");
  if (words[At.Version >> 2] !== FORMAT_VERSION) {
    throw new ImageError("version", `the image has format version ${words[At.Version >> 2]!}, this build reads version ${FORMAT_VERSION}: restore it with the version of Boxelder that made it`);
  }
  const count = words[At.Count >> 2]!, bytes = words[At.Bytes >> 2]!;
  if (bytes !== image.length || bytes % 8 !== 0) {
    if (bytes > image.length) throw truncated();
    damaged("it is longer than its header says");
  }
  if ((words[At.Flags >> 2]! & ImageFlag.Compressed) !== 0) throw new ImageError("format", "the image is compressed: expand it first, with expandImage()");
  if (count < 0 || count > MAX_SECTIONS || HEADER_BYTES + ENTRY_BYTES * count > bytes) damaged("its table of sections does not fit");
  if (headerChecksum(image) !== words[At.Checksum >> 2]! >>> 0) throw new ImageError("checksum", "the image's header is not as it was written: copy the file again, or restore an older image");
  return words;
}

const truncated = (): ImageError => new ImageError("truncated", "the image ends before its end: copy the file again, or restore an older image");

export function sectionOf(container: Container, tag: SectionTag): Uint8Array {
  const found = container.sections.filter((each) => each.tag === tag);
  if (found.length !== 1) damaged(`it has ${found.length} sections ${tag}`);
  return found[0]!.bytes;
}

const COMPRESSED_HEADER = HEADER_BYTES + 8;

/** A container around a compressed image: its header says so, and how long the image is when expanded. */
export function wrapCompressed(packed: Uint8Array, expandedBytes: number): Uint8Array {
  const image = new Uint8Array(roundUp(COMPRESSED_HEADER + packed.length)), words = new Int32Array(image.buffer);
  image.set(MAGIC);
  words.set([ORDER_MARK, image.length, FORMAT_VERSION, ImageFlag.Compressed, 0, 0, expandedBytes, packed.length], At.Order >> 2);
  image.set(packed, COMPRESSED_HEADER);
  return image;
}

/** What is to be expanded, and to how many bytes; null for an image that is not compressed. */
export function unwrapCompressed(given: Uint8Array): { readonly packed: Uint8Array; readonly expandedBytes: number } | null {
  const image = aligned(given), words = new Int32Array(image.buffer, image.byteOffset, image.length >> 2);
  if (image.length < COMPRESSED_HEADER || MAGIC.some((byte, i) => image[i] !== byte) || words[At.Order >> 2] !== ORDER_MARK) return null;
  if (words[At.Version >> 2] !== FORMAT_VERSION || words[At.Flags >> 2] !== ImageFlag.Compressed) return null;
  const bytes = words[At.Bytes >> 2]!, expandedBytes = words[HEADER_BYTES >> 2]!, packedBytes = words[(HEADER_BYTES >> 2) + 1]!;
  if (bytes > image.length || packedBytes > image.length - COMPRESSED_HEADER) throw truncated();
  if (packedBytes < 0 || expandedBytes < HEADER_BYTES) damaged("its lengths are wrong");
  return { packed: image.subarray(COMPRESSED_HEADER, COMPRESSED_HEADER + packedBytes), expandedBytes };
}
