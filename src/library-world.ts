// The world every VM starts with: the library's own source has run in it. A bundle carries it ready-made for the vm engine;
// the tree engine, whose functions are JavaScript objects, and the sources make theirs at the first VM.

import { Bug } from "../heap/debug.ts";
import type { HeapOptions } from "../heap/options.ts";
import { Root } from "../heap/roots.ts";
import { World } from "../heap/world-layout.ts";
import { OPS } from "./bytecode/opcodes.ts";
import { start, toIr, type CompileSettings, type EngineName } from "./engines.ts";
import { hemlock } from "./front/hemlock/index.ts";
import type { Compilation } from "./front/language.ts";
import { prepareConditions } from "./library/lisp/conditions.ts";
import { LIBRARY_SOURCE } from "./library/prelude.hml.ts";
import { LISP_PREFIX, compileLibrary, defineLispNatives, lispSources, servicesOf } from "./lisp-services.ts";
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

const TEMPLATES = new Map<string, Template>();
const LIBRARY_SETTINGS: CompileSettings = { optimise: 1, peephole: true };

/** Every world has the library of Hemlock, which is small; that of Lisp is there when a VM is made for it. */
export type Libraries = "hemlock" | "lisp";

export function templateFor(engine: EngineName, libraries: Libraries): Template {
  const key = `${engine} ${libraries}`;
  let template = TEMPLATES.get(key);
  if (template === undefined) {
    template = engine === "vm" && PREBUILT_WORLD !== null ? unpack(PREBUILT_WORLD, libraries) : compiled(engine, libraries, {});
    TEMPLATES.set(key, template);
  }
  return template;
}

const librarySource = (): Source => new Source("<library>", LIBRARY_SOURCE);

/** All parts of the library that are written in a language. */
export const librarySources = (): readonly Source[] => [librarySource(), ...lispSources()];

export function unpack(prebuilt: PrebuiltWorld, libraries: Libraries): Template {
  if (fingerprint(libraries) !== prebuilt.fingerprints[libraries]) throw new Bug("the prebuilt world belongs to another build");
  const sources = libraries === "lisp" ? [librarySource(), ...lispSources()] : [librarySource()];
  return { world: decodeWorld(prebuilt[libraries]), sources, treeFunctions: [] };
}

function compiled(engine: EngineName, libraries: Libraries, heap: HeapOptions): Template {
  const vm = new Vm({ heap, host: silentHost });
  defineConstants(vm, CONSTANTS);
  runLibrary(vm, engine, librarySource(), (source) => hemlock.compile(source, { isBuiltin, libraryGlobal, library: true }));
  if (libraries === "lisp") installLisp(vm, engine);
  vm.heap.collect("template");
  return { world: vm.heap.image(), sources: vm.sources, treeFunctions: vm.treeFunctions };
}

/** Adds the library of Lisp to the world of an idle VM. */
export function installLisp(vm: Vm, engine: EngineName): void {
  defineLispNatives(vm);
  prepareConditions(vm);
  vm.services = servicesOf(engine, LIBRARY_SETTINGS);
  for (const source of lispSources()) runLibrary(vm, engine, source, compileLibrary);
}

/** Runs a part of the library, written in the language it serves, on an idle VM. */
function runLibrary(vm: Vm, engine: EngineName, source: Source, compile: (source: Source) => Compilation): void {
  const { program, diagnostics } = compile(source);
  const errors = diagnostics.filter((each) => each.severity === "error").map((each) => `${source.name}:${source.position(each.span.start).line}: ${each.message}`);
  if (program === null || errors.length > 0) throw new Bug(`the library does not compile: ${errors.join("; ")}`);
  if (start(vm, engine, toIr(program, LIBRARY_SETTINGS), source, LIBRARY_SETTINGS) !== Status.Done) throw new Bug(`${source.name} does not run`);
  vm.fp = vm.pc = vm.depth = vm.nativeTop = 0;
  vm.heap.setHole(vm.heap.rootSlot(Root.Result));
}

/** What numbers inside a world stand for: a world runs only on a build in which all of it is the same. */
export function fingerprint(libraries: Libraries): string {
  const sources = libraries === "lisp" ? [librarySource(), ...lispSources()] : [librarySource()];
  const natives = NATIVES.map((info) => info.name).filter((name) => libraries === "lisp" || !name.startsWith(LISP_PREFIX));
  const parts = [World.Version, ...sources.map((source) => source.text.length), ...Object.values(OPS).map((info) => info.name), ...natives].join();
  let hash = 0x811c9dc5;
  for (let i = 0; i < parts.length; i++) hash = Math.imul(hash ^ parts.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16);
}

/** For the build: the worlds of the vm engine, with everything that is free in them blank. */
export function prebuild(): PrebuiltWorld {
  return { fingerprints: { hemlock: fingerprint("hemlock"), lisp: fingerprint("lisp") }, hemlock: worldText("hemlock"), lisp: worldText("lisp") };
}

function worldText(libraries: Libraries): string {
  const { world } = compiled("vm", libraries, { poison: true }), words = new Int32Array(world.buffer);
  // Poison marks exactly what no cell needs, and is no value of a cell.
  words.forEach((word, i) => { if (word === World.Poison) words[i] = 0; });
  return encodeWorld(world);
}
