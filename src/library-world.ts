// The world every VM starts with: the library's own source has run in it. A bundle carries it ready-made for the vm engine;
// the tree engine, whose functions are JavaScript objects, and the sources make theirs at the first VM.

import { Bug } from "../heap/debug.ts";
import type { HeapOptions } from "../heap/options.ts";
import { Root } from "../heap/roots.ts";
import { World } from "../heap/world-layout.ts";
import { OPS } from "./bytecode/opcodes.ts";
import { start, toIr, type CompileSettings, type EngineName } from "./engines.ts";
import { hemlock } from "./front/hemlock/index.ts";
import { LIBRARY_SOURCE } from "./library/prelude.hml.ts";
import { CONSTANTS, isBuiltin, libraryGlobal, NATIVES } from "./library/registry.ts";
import { PREBUILT_WORLD, type PrebuiltWorld } from "./prebuilt-world.ts";
import { Source } from "./text/source.ts";
import { defineConstants } from "./vm/constants.ts";
import { Status } from "./vm/errors.ts";
import { silentHost } from "./vm/host.ts";
import { Vm } from "./vm/vm.ts";
import { decodeWorld, encodeWorld } from "./world-text.ts";

/** A ready-made world: a new VM copies it instead of running the library's source again. */
export interface Template { readonly world: Uint8Array; readonly sources: readonly Source[]; readonly treeFunctions: Vm["treeFunctions"] }

const TEMPLATES = new Map<EngineName, Template>();

export function templateFor(engine: EngineName): Template {
  let template = TEMPLATES.get(engine);
  if (template === undefined) {
    template = engine === "vm" && PREBUILT_WORLD !== null ? unpack(PREBUILT_WORLD) : compiled(engine, {});
    TEMPLATES.set(engine, template);
  }
  return template;
}

const librarySource = (): Source => new Source("<library>", LIBRARY_SOURCE);

export function unpack({ fingerprint: wanted, text }: PrebuiltWorld): Template {
  if (fingerprint() !== wanted) throw new Bug("the prebuilt world belongs to another build");
  return { world: decodeWorld(text), sources: [librarySource()], treeFunctions: [] };
}

function compiled(engine: EngineName, heap: HeapOptions): Template {
  const vm = new Vm({ heap, host: silentHost });
  defineConstants(vm, CONSTANTS);
  const source = librarySource(), settings: CompileSettings = { optimise: 1, peephole: true };
  const { program, diagnostics } = hemlock.compile(source, { isBuiltin, libraryGlobal, library: true });
  if (program === null) throw new Bug(`the library does not compile: ${diagnostics.map((each) => each.message).join("; ")}`);
  if (start(vm, engine, toIr(program, settings), source, settings) !== Status.Done) throw new Bug("the library does not run");
  vm.fp = vm.pc = vm.depth = vm.nativeTop = 0;
  vm.heap.setHole(vm.heap.rootSlot(Root.Result));
  vm.heap.collect("template");
  return { world: vm.heap.image(), sources: vm.sources, treeFunctions: vm.treeFunctions };
}

/** What numbers inside a world stand for: a world runs only on a build in which all of it is the same. */
export function fingerprint(): string {
  const parts = [World.Version, LIBRARY_SOURCE.length, ...Object.values(OPS).map((info) => info.name), ...NATIVES.map((info) => info.name)].join();
  let hash = 0x811c9dc5;
  for (let i = 0; i < parts.length; i++) hash = Math.imul(hash ^ parts.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16);
}

/** For the build: the world of the vm engine, with everything that is free in it blank. */
export function prebuild(): PrebuiltWorld {
  const { world } = compiled("vm", { poison: true }), words = new Int32Array(world.buffer);
  // Poison marks exactly what no cell needs, and is no value of a cell.
  words.forEach((word, i) => { if (word === World.Poison) words[i] = 0; });
  return { fingerprint: fingerprint(), text: encodeWorld(world) };
}
