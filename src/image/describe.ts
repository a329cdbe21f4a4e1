// What an image says about itself, without a VM: for tools, and for who has to decide what to restore it with.

import { Status } from "../vm/errors.ts";
import { readContainer, sectionOf } from "./container.ts";
import { readMeta } from "./meta.ts";
import { readPages } from "./pages.ts";

/** Facts about an image, in the order people want them. Nothing of it but types has been checked. */
export interface ImageDescription {
  readonly bytes: number;
  readonly format: number;
  /** Version of Boxelder that made it, and the instruction set it needs. */
  readonly boxelder: string;
  readonly instructions: string;
  readonly engine: string;
  readonly languages: readonly string[];
  /** Holds only what changed since another image. */
  readonly isDelta: boolean;
  /** What the VM waits for: nothing, more fuel, or an answer of its host. */
  readonly parked: "no" | "fuel" | "answer";
  /** Units of fuel that were left. */
  readonly fuel: number;
  /** Limit of memory, size of the world, and what of it is in the image; in bytes. */
  readonly memory: number;
  readonly worldBytes: number;
  readonly storedBytes: number;
  readonly sources: readonly string[];
  readonly modules: readonly string[];
  readonly sections: readonly { readonly tag: string; readonly bytes: number }[];
}

/** Reads what an image says about itself. Throws ImageError. A compressed one must have been expanded. */
export function describeImage(image: Uint8Array): ImageDescription {
  const container = readContainer(image), meta = readMeta(sectionOf(container, "META")), pages = readPages(sectionOf(container, "PAGE")), { vm, session } = meta;
  return {
    bytes: image.length, format: container.version, boxelder: meta.boxelder, instructions: meta.instructions, engine: session.engine, languages: session.languages,
    isDelta: meta.base !== null, parked: vm.parkedAs === Status.OutOfFuel ? "fuel" : vm.parkedAs === Status.Pending ? "answer" : "no",
    fuel: vm.fuelNow + vm.fuelReserve, memory: session.memory, worldBytes: pages.count * 4096, storedBytes: pages.stored.size * 4096,
    sources: meta.sources.map((source) => ("library" in source ? source.library : source.name)), modules: session.modules.map(({ path }) => path),
    sections: container.sections.map(({ tag, bytes }) => ({ tag, bytes: bytes.length })),
  };
}
