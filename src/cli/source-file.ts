// Reading script files, with an answer for everything that can be wrong with one before it is parsed.

import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { isProgram } from "../program/format.ts";
import { CommandError } from "./failures.ts";
import { languageOf } from "./parts.ts";

export interface SourceFile { readonly name: string; readonly text: string; readonly language: string }

const REASONS: { readonly [code: string]: string } = {
  ENOENT: "no such file", EISDIR: "it is a directory", EACCES: "permission denied", ENOTDIR: "part of its path is not a directory",
};

/** The bytes of a file that `boxelder compile` made; null for any other, and for what cannot be read. */
export function readProgramFile(path: string): Uint8Array | null {
  const start = new Uint8Array(8);
  try {
    const descriptor = openSync(path, "r");
    try {
      if (readSync(descriptor, start) < start.length || !isProgram(start)) return null;
    } finally {
      closeSync(descriptor);
    }
    return readFileSync(path);
  } catch {
    return null;
  }
}

/** Reads a script; "-" is standard input. `language` overrides what the file's extension says. */
export function readSource(path: string, language: string | undefined): SourceFile {
  const name = path === "-" ? "<stdin>" : path;
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path === "-" ? 0 : path);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    throw new CommandError(`cannot read '${name}': ${REASONS[code ?? ""] ?? message}`);
  }
  return { name, text: decode(bytes, name), language: languageOf(path, language) };
}

export function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new CommandError(`'${name}' is not UTF-8 text: the byte at offset ${invalidByte(bytes)} is wrong`);
  }
}

/** Offset of the first byte that ends the longest prefix of valid UTF-8; found by halving, as prefixes of valid text stay valid. */
function invalidByte(bytes: Uint8Array): number {
  let good = 0, bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isValidPrefix(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function isValidPrefix(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
