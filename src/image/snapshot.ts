// Writing an image of a VM that stands still. The format of the container is in container.ts, that of its sections in README.md.

import { settleStack, usedRuns } from "../../heap/world-copy.ts";
import type { RawState } from "../../heap/raw.ts";
import { World } from "../../heap/world-layout.ts";
import type { Source } from "../text/source.ts";
import { VERSION } from "../version.ts";
import type { Vm } from "../vm/vm.ts";
import { checksumOfLibrary, instructionSet, nativeNames } from "./build.ts";
import { bytesSection, ImageFlag, type SectionWriter, writeContainer } from "./container.ts";
import { ImageError } from "./errors.ts";
import { checkPausePoint, type SessionState } from "./frozen.ts";
import type { Meta, SourceEntry } from "./meta.ts";
import { type PageMap, pagesSection } from "./pages.ts";
import { openChain } from "./restore.ts";

export interface SnapshotOptions {
  /**
   * An image of the same VM, or a chain of one and its deltas: what is made is a delta against it, which holds only the pages
   * that changed since. To restore it, give the whole chain.
   */
  readonly since?: Uint8Array | readonly Uint8Array[];
}

/** `library`: sources that every build has; images only name them. */
export function writeImage(vm: Vm, session: SessionState, library: readonly Source[], { since }: SnapshotOptions = {}): Uint8Array {
  checkPausePoint(vm, session);
  settleStack(vm.heap);
  const base = since === undefined ? null : openChain(since instanceof Uint8Array ? [since] : since);
  if (base !== null && base.meta.instructions !== instructionSet()) throw new ImageError("base", "the image given as `since` was made by another build: make a whole image");
  const meta: Meta = {
    boxelder: VERSION, instructions: instructionSet(), base: base?.checksum ?? null, session, vm: vm.state,
    sources: vm.sources.map((source) => sourceEntry(source, library)),
  };
  const memory = vm.heap.u8.subarray(0, vm.heap.worldBytes), raw = vm.raw.state();
  return writeContainer([
    bytesSection("META", new TextEncoder().encode(JSON.stringify(meta))), bytesSection("NAME", nativeNames()),
    pagesSection("PAGE", memory, usedRuns(vm.heap), base?.world.pages ?? null), ...rawSections(raw, base?.raw?.pages ?? null),
  ], base === null ? 0 : ImageFlag.Delta);
}

function sourceEntry({ name, text }: Source, library: readonly Source[]): SourceEntry {
  return library.some((each) => each.name === name && each.text === text) ? { library: name, checksum: checksumOfLibrary(text) } : { name, text };
}

/** The tables, and the bytes as pages. */
function rawSections(raw: RawState | null, base: PageMap | null): SectionWriter[] {
  if (raw === null) return [];
  const { bytes, owner, sizes, quarantine, free } = raw, tables = [[owner.length, quarantine.length, free.length, 0], owner, sizes, quarantine, free];
  return [
    pagesSection("RAWP", bytes, [{ first: 0, end: bytes.length / World.PageBytes }], base),
    {
      tag: "RAWT", bytes: 4 * tables.reduce((sum, { length }) => sum + length, 0),
      write(to) {
        const out = new Int32Array(to.buffer, to.byteOffset);
        let at = 0;
        for (const table of tables) {
          out.set(table, at);
          at += table.length;
        }
      },
    },
  ];
}
