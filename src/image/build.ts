// What an image must have in common with the build that restores it, and the names by which it asks for the rest.

import { CELLS } from "../../heap/layout.ts";
import { Root } from "../../heap/roots.ts";
import { STRUCTS } from "../../heap/structs.ts";
import { CellKind } from "../../heap/value.ts";
import { World } from "../../heap/world-layout.ts";
import { OPS } from "../bytecode/opcodes.ts";
import { PRIMITIVES } from "../ir/primitives.ts";
import { NATIVES } from "../library/registry.ts";
import { checksumText } from "./checksum.ts";

let known: string | null = null;

/** Stands for the meaning of words: instructions, cells, roots, structs, primitives. Builds in which it is the same read each other's worlds. */
export function instructionSet(): string {
  return known ??= checksumText(JSON.stringify([World.Version, Root.Last, CellKind.Last, CELLS, STRUCTS, Object.values(OPS).map(({ name, operands, extra }) => [name, operands, extra]), PRIMITIVES])).toString(16);
}

/** Names of all natives, one a line, in the order of their ids; empty where an id has no native. */
export const nativeNames = (): Uint8Array => new TextEncoder().encode(NATIVES.map(({ name }) => name).join("\n"));

const checksums = new Map<string, number>();

/** Stands for the text of a part of the library: the few there are, are the same again and again. */
export function checksumOfLibrary(text: string): number {
  const before = checksums.get(text), checksum = before ?? checksumText(text);
  if (before === undefined) checksums.set(text, checksum);
  return checksum;
}
