// Reading images: from bytes to what a VM is made over. What a chain of images holds is only views of them until it is placed.

import type { RawState } from "../../heap/raw.ts";
import { World } from "../../heap/world-layout.ts";
import { Source } from "../text/source.ts";
import { checksumOfLibrary, instructionSet } from "./build.ts";
import { type Container, ImageFlag, readContainer, sectionOf } from "./container.ts";
import { damaged, ImageError } from "./errors.ts";
import { checkFrozen } from "./check.ts";
import { checkEngine, type Frozen } from "./frozen.ts";
import { type Meta, readMeta, type SourceEntry } from "./meta.ts";
import { joinPages, type PageMap, placePages, readPages } from "./pages.ts";

interface Memory { /** In pages. */ readonly count: number; readonly pages: PageMap }

/** A chain of images, taken apart. */
export interface Opened {
  readonly meta: Meta;
  /** Stands for the last image. */
  readonly checksum: number;
  readonly world: Memory;
  readonly raw: (Memory & { readonly tables: Uint8Array }) | null;
  /** Names of natives, one a line. */
  readonly names: Uint8Array;
}

/** Opens an image and its deltas, the oldest first. Compressed ones must have been expanded. */
export function openChain(images: readonly Uint8Array[]): Opened {
  if (images.length === 0) throw new ImageError("base", "there is no image in the list: give the whole image first, then its deltas");
  const containers = images.map(readContainer), metas = containers.map((each) => readMeta(sectionOf(each, "META"))), last = containers.at(-1)!;
  containers.forEach(({ flags }, i) => {
    const isDelta = (flags & ImageFlag.Delta) !== 0, { base } = metas[i]!;
    if (isDelta !== (base !== null)) damaged("its flags and its description differ");
    if (!isDelta && i > 0) throw new ImageError("base", `image ${i} of the chain is a whole one: give it alone, or first`);
    if (isDelta && i === 0) throw new ImageError("base", "the image is a delta: give the chain it belongs to, the whole image first");
    if (isDelta && base !== containers[i - 1]!.checksum) throw new ImageError("base", `image ${i} of the chain is not a delta against the one before it: give all of them, in the order they were made`);
  });
  const hasRaw = last.sections.some(({ tag }) => tag === "RAWT");
  return {
    meta: metas.at(-1)!, checksum: last.checksum, world: memoryOf(containers, "PAGE"), names: sectionOf(last, "NAME"),
    raw: hasRaw ? { ...memoryOf(containers.filter(({ sections }) => sections.some(({ tag }) => tag === "RAWT")), "RAWP"), tables: sectionOf(last, "RAWT") } : null,
  };
}

function memoryOf(containers: readonly Container[], tag: "PAGE" | "RAWP"): Memory {
  const chain = containers.map((each) => readPages(sectionOf(each, tag)));
  return { count: chain.at(-1)!.count, pages: joinPages(chain) };
}

/** Everything a VM is made over, with memory of its own. Nothing in it has been checked but types and sizes. `limit` in bytes. */
export function unpackImage(opened: Opened, library: readonly Source[], limit: number): Frozen {
  const { meta, world, raw } = opened;
  if (meta.instructions !== instructionSet()) {
    throw new ImageError("version", `the image was made by Boxelder ${meta.boxelder} with another instruction set: restore it with the version that made it`);
  }
  checkEngine(meta.session.engine);
  return {
    world: place(world, limit), index: null, raw: raw === null ? null : rawState(raw, limit), sources: meta.sources.map((entry) => sourceOf(entry, library)), vm: meta.vm, session: meta.session,
  };
}

/** Memory made of the pages, zero where there are none. Free pages at its end are left out as far as the limit asks for it. */
function place({ count, pages }: Memory, limit: number): Frozen["world"] {
  const last = pages.size === 0 ? -1 : Math.max(...pages.keys()), least = (last + World.BlockPages & -World.BlockPages) * World.PageBytes;
  const bytes = Math.min(count * World.PageBytes, Math.max(least, limit & World.BlockMask));
  let buffer: ArrayBuffer | null = null;
  if (bytes <= limit) {
    try {
      buffer = new ArrayBuffer(bytes);
    } catch { /* Said below. */ }
  }
  if (buffer === null) throw new ImageError("limits", `the image needs ${least} bytes of memory: give the VM that much`);
  placePages(pages, new Int32Array(buffer));
  return { buffer, bytes };
}

function sourceOf(entry: SourceEntry, library: readonly Source[]): Source {
  if (!("library" in entry)) return new Source(entry.name, entry.text);
  const known = library.findIndex(({ name }) => name === entry.library);
  // Frames of the library are in no trace: its text is not missed.
  if (known < 0) return new Source(entry.library, "");
  // The first is in every world as a whole; of the others, a world goes on getting parts.
  if (known > 0 && checksumOfLibrary(library[known]!.text) !== entry.checksum) {
    throw new ImageError("version", `the image was made with another version of ${entry.library}: restore it with the version of Boxelder that made it`);
  }
  return library[known]!;
}

function rawState(raw: NonNullable<Opened["raw"]>, limit: number): RawState {
  const { tables } = raw, words = new Int32Array(tables.buffer, tables.byteOffset, tables.length >> 2), world = place(raw, limit);
  const [granules = -1, waiting = -1, free = -1] = words;
  if (granules < 0 || waiting < 0 || free < 0 || 4 + 2 * granules + waiting + free !== words.length) damaged("the tables of raw memory do not fit");
  if (granules * 16 > world.bytes) damaged("raw memory is shorter than its tables say");
  const at = [4, granules, granules, waiting, free].reduce<number[]>((ends, length) => [...ends, (ends.at(-1) ?? 0) + length], []);
  const table = (i: number): Int32Array => words.subarray(at[i], at[i + 1]);
  return { bytes: new Uint8Array(world.buffer), owner: table(0), sizes: table(1), quarantine: table(2), free: table(3) };
}

/** Largest world there is. */
const MOST_BYTES = 1 << 30;

/** Reads, checks and places an image or a chain of them. */
export function readImage(image: Uint8Array | readonly Uint8Array[], library: readonly Source[], options: { readonly memory?: number }): Frozen {
  const opened = openChain(Array.isArray(image) ? image : [image]);
  const frozen = unpackImage(opened, library, Math.min(MOST_BYTES, options.memory ?? opened.meta.session.memory));
  checkFrozen(frozen, new TextDecoder().decode(opened.names).split("\n"));
  return frozen;
}
