// Everything a VM consists of is either in its world, or in its image, or can be made anew. Every field of the classes that
// make up a VM is listed here with which of these it is: whoever adds one has to decide, and to write it where it belongs.

import { describe, expect, test } from "vitest";
import { read } from "../support/sources.ts";

type Where =
  /** In the image: VmState, SessionState, HeapCounters, RawState. */
  | "image"
  /** A view of the world, or of what the world says. */
  | "world"
  /** Made from the world or from the build when a VM is made or when it is needed. */
  | "derived"
  /** Holds nothing at a pause point. */
  | "transient"
  /** The options, the host, and what they bring about: given anew. */
  | "given";

const FIELDS: { readonly [file: string]: { readonly [field: string]: Where } } = {
  "heap/memory.ts": { buffer: "world", worldBytes: "world", f64: "world", i32: "world", u32: "world", u16: "world", u8: "world", markStack: "transient", markTop: "transient", forgotten: "transient" },
  "heap/heap.ts": {
    settings: "given", stackRange: "derived", onOutOfMemory: "derived", onBufferDeath: "derived", onFree: "given", newBuffer: "given", rawBytes: "image",
    symbolCache: "transient", recent: "image", cycle: "transient", ephemerons: "transient", counting: "given", tracked: "given", quarantine: "given", isDue: "transient", forced: "transient",
    allocations: "image", seed: "image", strikes: "image", "#sampling": "given", "#raising": "transient",
  },
  "heap/raw.ts": {
    "#end": "image", "#free": "image", "#quarantine": "image", "#oldest": "image", "#quarantined": "derived", "#liveBytes": "derived", "#liveRegions": "derived",
    "#shared": "transient", "#holders": "transient",
  },
  "heap/raw-access.ts": {
    buffers: "image", data: "image", u8: "image", i32: "image", i64: "image", owner: "image", sizes: "image", low: "transient", high: "transient", isShared: "transient", foreign: "given",
  },
  "src/vm/vm.ts": {
    heap: "world", raw: "image", host: "given", system: "given", globals: "derived", methods: "derived", services: "derived", rules: "derived", sources: "image",
    treeFunctions: "transient", treeSpan: "transient", fp: "image", pc: "image", "#fuelReserve": "image", "#granted": "image", sliceLeft: "image", "#maxDepth": "image", "#hostDepth": "image",
    "#lent": "image", stackBase: "world", stackEnd: "world", nativeTop: "transient", mainIsLisp: "image", unwinding: "transient", primitives: "derived",
    generalised: "image", compiledRun: "given", onLongRun: "given", parkedAs: "image", trace: "image", failure: "image", interaction: "image", redefine: "image", generator: "image", hostNatives: "given", suspend: "derived", exclusive: "transient", turnsLeft: "transient", workers: "given", ended: "transient", askStop: "given", sampleEvery: "given", onSample: "given", stopped: "transient", canInterrupt: "transient", readsResult: "transient", worked: "transient", "#repeated": "transient",
  },
  "src/vm/globals.ts": { "#first": "derived", "#later": "derived", ready: "derived", "#young": "transient" },
  "src/vm/interaction.ts": { "#question": "image" },
  // `refused` explains the last syntax error to whoever runs a form; at a pause point only a stale one is left.
  "src/lisp-services.ts": { refused: "transient", "#rules": "transient", "#expansions": "transient", evalSource: "image", onCompile: "transient" },
  "src/api.ts": {
    "#options": "given", "#vm": "world", "#languages": "given", "#language": "image", "#engine": "given",
    "#settings": "given", "#programs": "image", "#embedding": "given", "#limits": "given", "#running": "transient", "#driving": "transient", "#display": "derived", "#copy": "derived",
  },
  "src/programs.ts": { "#known": "image", "#refFunctions": "image", "#modules": "image", "#begun": "given" },
  "src/modules.ts": { "#known": "image", "#nextId": "derived" },
};

/** The fields that the classes of a file declare. */
function fieldsOf(text: string): string[] {
  const found = new Set<string>();
  for (const [, body] of text.matchAll(/^export class \w+[^{]*\{\n([^]*?)^\}/gm)) {
    for (const [, name] of body!.matchAll(/^ {2}(?:protected )?(?:readonly )?(#?\w+)(?:[!?]?: [^(;]*(?:\([^)]*\) => [^;]*)?| = [^;]*)(?:;|=|\{|$)/gm)) found.add(name!);
  }
  return [...found];
}

describe("every field of a VM has its place", () => {
  test.each(Object.keys(FIELDS))("%s", (file) => {
    expect(fieldsOf(read(file)).sort()).toEqual(Object.keys(FIELDS[file]!).sort());
  });
});
