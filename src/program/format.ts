// What bytes of a program begin with, and the order of types of constants.
//
//   0  magic, 8 bytes     12  bytes in all           20  checksum of all bytes, this word as 0
//   8  format version     16  instruction set        24  the program (encode.ts)
//
// All numbers are little-endian.

import type { Constant } from "../bytecode/code.ts";
import { instructionSet } from "../image/build.ts";
import { ProgramError } from "./errors.ts";

/** As that of images, for the same reasons, with other letters. */
export const MAGIC: readonly number[] = [0x8b, 0x42, 0x58, 0x50, 0x0d, 0x0a, 0x1a, 0x0a];
export const FORMAT_VERSION = 1;
export const HEADER_BYTES = 24;
/** Byte offsets in the header. */
export const enum At { Version = 8, Bytes = 12, Instructions = 16, Checksum = 20 }

/** Types of constants by their numbers; append only. */
export const CONSTANT_TYPES: readonly Constant["type"][] = [
  "null", "hole", "bool", "i8", "i16", "i32", "u8", "u16", "u32", "f32", "f64", "rune", "type", "i64", "u64", "string", "symbol", "native", "array", "empty", "int", "keyword",
  "datum", "global", "code", "shape", "cache", "cacheState", "names",
];

/** Stands for what words mean; see image/build.ts. */
export const instructionWord = (): number => parseInt(instructionSet(), 16) >>> 0;

/** Of the bytes, with the word of the checksum as 0. Each step is a bijection, so one changed byte is always seen. */
export function checksumOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5 | 0;
  for (let at = 0; at < bytes.length; at++) hash = Math.imul(hash ^ (at >= At.Checksum && at < HEADER_BYTES ? 0 : bytes[at]!), 0x01000193);
  return hash >>> 0;
}

/** Puts the header before a program, whose bytes begin behind it. */
export function seal(bytes: Uint8Array): Uint8Array {
  const words = new DataView(bytes.buffer, bytes.byteOffset);
  bytes.set(MAGIC);
  words.setUint32(At.Version, FORMAT_VERSION, true);
  words.setUint32(At.Bytes, bytes.length, true);
  words.setUint32(At.Instructions, instructionWord(), true);
  words.setUint32(At.Checksum, checksumOf(bytes), true);
  return bytes;
}

/** Whether these are the first bytes of a program: for commands that take several kinds of files. */
export const isProgram = (bytes: Uint8Array): boolean => MAGIC.every((byte, i) => bytes[i] === byte);

/** What stands behind a header that holds. Throws ProgramError. */
export function unseal(bytes: Uint8Array): Uint8Array {
  if (!(bytes instanceof Uint8Array)) throw new ProgramError("format", "a compiled program is a Uint8Array");
  if (bytes.length < MAGIC.length || !isProgram(bytes)) throw new ProgramError("format", "these bytes are no compiled program: give what program.toBytes() or `boxelder compile` made");
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length), again = "compile it again with this version";
  if (bytes.length < HEADER_BYTES) throw truncated();
  const version = words.getUint32(At.Version, true), length = words.getUint32(At.Bytes, true);
  if (version !== FORMAT_VERSION) throw new ProgramError("version", `the compiled program has format version ${version}, this build reads version ${FORMAT_VERSION}: ${again}`);
  if (length > bytes.length) throw truncated();
  if (length !== bytes.length) throw new ProgramError("damaged", "the compiled program is longer than its header says; compile it again");
  if (checksumOf(bytes) !== words.getUint32(At.Checksum, true)) throw new ProgramError("checksum", "the compiled program is not as it was written: copy the file again, or compile it again");
  if (words.getUint32(At.Instructions, true) !== instructionWord()) throw new ProgramError("version", `the compiled program is for another instruction set: ${again}`);
  return bytes.subarray(HEADER_BYTES);
}

const truncated = (): ProgramError => new ProgramError("truncated", "the compiled program ends before its end: copy the file again, or compile it again");
