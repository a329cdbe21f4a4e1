// Strings with the same text: what keeping each once would save.

import { bytesOf, byteLength, dataAddress, equals, hashBytes } from "../../heap/cells/string.ts";
import { decodeText } from "../../heap/cells/utf8.ts";
import { Str } from "../../heap/layout.ts";
import { kindOf, sizeOf } from "../../heap/trace.ts";
import { CellKind } from "../../heap/value.ts";
import type { WorldView } from "./world-view.ts";
import { reach } from "./reach.ts";

export interface Duplicate {
  /** The text, cut after 80 characters. */
  readonly text: string;
  /** Strings that have it. */
  readonly count: number;
  /** Bytes of all but one of them; texts that several share count once. */
  readonly wasted: number;
}

const SHOWN = 80;

/** Texts that more than one string has, those that waste most first. */
export function duplicateStrings(view: WorldView): Duplicate[] {
  const { mem } = view, groups = new Map<number, number[][]>();
  reach(view).cells.each((addr) => {
    if (kindOf(mem, addr) !== CellKind.String) return;
    const length = byteLength(mem, addr), hash = hashBytes(mem.u8, dataAddress(mem, addr), length), sameHash = groups.get(hash);
    if (sameHash === undefined) groups.set(hash, [[addr]]);
    else {
      const group = sameHash.find(([first]) => equals(mem, first!, addr));
      if (group === undefined) sameHash.push([addr]);
      else group.push(addr);
    }
  });
  const repeated = [...groups.values()].flat().filter((group) => group.length > 1);
  return repeated.map((group) => ({ text: shown(view, group[0]!), count: group.length, wasted: wasted(view, group) })).sort((a, b) => b.wasted - a.wasted);
}

function shown({ mem }: WorldView, str: number): string {
  const text = decodeText(bytesOf(mem, str).subarray(0, 4 * SHOWN));
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

function wasted({ mem }: WorldView, group: readonly number[]): number {
  const texts = new Set(group.map((str) => mem.word(str + Str.Data)));
  let total = 0, largest = 0;
  for (const data of texts) {
    total += sizeOf(mem, data);
    largest = Math.max(largest, sizeOf(mem, data));
  }
  return (group.length - 1) * Str.Size + total - largest;
}
