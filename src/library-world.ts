// The worlds VMs start with: the library's own sources have run in them. A bundle carries them ready-made for its own
// engine; other engines, whose functions may be JavaScript objects, and the sources make theirs at the first VM.

import { Bug } from "../heap/debug.ts";
import type { HeapOptions } from "../heap/options.ts";
import { Mem } from "../heap/memory.ts";
import { Root } from "../heap/roots.ts";
import { isPoison, poisonNumber } from "../heap/pages.ts";
import { Header, World } from "../heap/world-layout.ts";
import { OPS } from "./bytecode/opcodes.ts";
import { start, toIr, vmEngine, type CompileSettings, type Engine } from "./engines.ts";
import { hemlock } from "./front/hemlock/index.ts";
import type { Compilation } from "./front/language.ts";
import type { Program } from "./ir/nodes.ts";
import { takeFunctions } from "./library-definitions.ts";
import { LIBRARY_SOURCE } from "./library/prelude.hml.ts";
import { addNatives, CONSTANTS, isBuiltin, libraryGlobal, NATIVES, OWN_NATIVES } from "./library/registry.ts";
import type { LanguageLibrary } from "./plugin.ts";
import { PREBUILT_WORLD, type PrebuiltWorld } from "./prebuilt-world.ts";
import { ReadyTable, readyText, WorldLibrary } from "./ready-library.ts";
import { Source } from "./text/source.ts";
import { defineConstants } from "./vm/constants.ts";
import { Status } from "./vm/errors.ts";
import { silentHost } from "./vm/host.ts";
import { Vm } from "./vm/vm.ts";
import { indexWorld, type WorldIndex } from "./vm/world-index.ts";
import { decodeWorld, encodeWorld } from "./world-text.ts";

/** A ready-made world: a new VM copies it instead of running the library's sources again. */
export interface Template {
  readonly world: Uint8Array;
  readonly index: WorldIndex;
  readonly sources: readonly Source[];
  readonly treeFunctions: Vm["treeFunctions"];
  /** What is not in the world and comes into it when it is named. */
  readonly ready: ReadyTable;
}

/** Every world has the library of Hemlock, which is small; these are there besides. */
export type Libraries = readonly LanguageLibrary[];

interface Known { readonly engine: Engine; readonly libraries: Libraries; readonly template: Template }
const TEMPLATES: Known[] = [];
const LIBRARY_SETTINGS: CompileSettings = { optimise: 1, peephole: true };

export function templateFor(engine: Engine, libraries: Libraries): Template {
  const isWanted = (known: Known): boolean => known.engine === engine && known.libraries.length === libraries.length && libraries.every((each, i) => each === known.libraries[i]);
  let known = TEMPLATES.find(isWanted);
  if (known === undefined) TEMPLATES.push(known = { engine, libraries, template: makeTemplate(engine, libraries) });
  return known.template;
}

function makeTemplate(engine: Engine, libraries: Libraries): Template {
  const prebuilt = libraries.length === 0 ? PREBUILT_WORLD : libraries.length === 1 ? libraries[0]!.prebuilt : null;
  return engine === vmEngine && prebuilt !== null ? unpack(prebuilt, libraries) : compiled(engine, libraries, {});
}

const librarySource = (): Source => new Source("<library>", LIBRARY_SOURCE);
/** The parts of the library that are written in a language. */
export const sourcesOf = (libraries: Libraries): Source[] => [librarySource(), ...libraries.flatMap((library) => library.sources())];

export function unpack(prebuilt: PrebuiltWorld, libraries: Libraries): Template {
  if (fingerprint(libraries) !== prebuilt.fingerprint) throw new Bug("the prebuilt world belongs to another build");
  const ready = new ReadyTable();
  for (const library of libraries) addReadyNatives(ready, library);
  for (const text of prebuilt.functions) ready.addFunction(text, libraries[0]!.data);
  return template(decodeWorld(prebuilt.image), sourcesOf(libraries), [], ready);
}

function template(world: Uint8Array<ArrayBuffer>, sources: readonly Source[], treeFunctions: Vm["treeFunctions"], ready: ReadyTable): Template {
  return { world, index: indexWorld(new Mem(world.buffer)), sources, treeFunctions, ready };
}

interface Compiled extends Template { /** The functions among what is ready, as texts. */ readonly functions: readonly string[] }

function compiled(engine: Engine, libraries: Libraries, heap: HeapOptions): Compiled {
  const vm = new Vm({ heap, host: silentHost }), ready = new ReadyTable();
  vm.globals.ready = new WorldLibrary(vm, ready);
  defineConstants(vm, CONSTANTS);
  runLibrary(vm, engine, librarySource(), (source) => hemlock.compile(source, { isBuiltin, libraryGlobal, library: true }));
  const functions = libraries.flatMap((library) => install(vm, engine, library, ready));
  vm.heap.collect("template");
  return { ...template(vm.heap.image(), vm.sources, vm.treeFunctions, ready), functions };
}

/** Adds a language's library to the world of an idle VM, and to what is ready; the texts of the functions there. */
function install(vm: Vm, engine: Engine, library: LanguageLibrary, ready: ReadyTable): string[] {
  addNatives(library.natives);
  addReadyNatives(ready, library);
  serve(vm, engine, library, LIBRARY_SETTINGS);
  library.prepare(vm);
  defineConstants(vm, library.constants);
  const texts: string[] = [], sources = library.sources();
  // Functions of other engines have no form outside of a VM.
  if (engine !== vmEngine) for (const source of sources) runLibrary(vm, engine, source, library.compile);
  else for (const source of sources) runLibrary(vm, engine, source, library.compile, (program) => {
    const { functions, rest } = takeFunctions(program, LIBRARY_SETTINGS);
    for (const { compiled, names } of functions) {
      const text = readyText(compiled, names, vm.sources.length, library.data);
      ready.addFunction(text, library.data);
      texts.push(text);
    }
    return rest;
  });
  for (const name of library.always) vm.globals.cell(name);
  return texts;
}

function addReadyNatives(ready: ReadyTable, { nativeGlobals }: LanguageLibrary): void {
  for (const [name, id] of nativeGlobals()) ready.addNative(name, id);
}

/** Connects a VM with what serves a language in it. */
export function serve(vm: Vm, engine: Engine, library: LanguageLibrary, settings: CompileSettings): void {
  vm.services = library.services(engine, settings);
  if (library.rules !== null) vm.rules = library.rules;
}

/** Runs a part of the library, written in the language it serves, on an idle VM; `choose`: what of the program is to run. */
function runLibrary(vm: Vm, engine: Engine, source: Source, compile: (source: Source) => Compilation, choose = (program: Program): Program => program): void {
  const { program, diagnostics } = compile(source);
  const errors = diagnostics.filter((each) => each.severity === "error").map((each) => `${source.name}:${source.position(each.span.start).line}: ${each.message}`);
  if (program === null || errors.length > 0) throw new Bug(`the library does not compile: ${errors.join("; ")}`);
  if (start(vm, engine, choose(toIr(program, LIBRARY_SETTINGS)), source, LIBRARY_SETTINGS) !== Status.Done) throw new Bug(`${source.name} does not run`);
  vm.fp = vm.pc = vm.depth = vm.nativeTop = 0;
  vm.heap.setHole(vm.heap.rootSlot(Root.Result));
}

/** The natives a world with these libraries can name. */
const nativeNames = (libraries: Libraries): string[] =>
  [...NATIVES.slice(0, OWN_NATIVES).map((info) => info.name), ...libraries.flatMap(({ natives: { first, rows } }) => [String(first), ...rows.map((info) => info.name)])];

/** What numbers inside a world stand for: a world runs only on a build in which all of it is the same. */
export function fingerprint(libraries: Libraries): string {
  for (const { natives } of libraries) addNatives(natives);
  const lengths = sourcesOf(libraries).map((source) => source.text.length);
  const parts = [World.Version, ...lengths, ...Object.values(OPS).map((info) => info.name), ...nativeNames(libraries)].join();
  let hash = 0x811c9dc5;
  for (let i = 0; i < parts.length; i++) hash = Math.imul(hash ^ parts.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16);
}

/** For the build: the world of the vm engine, with everything that is free in it blank. */
export function prebuild(libraries: Libraries): PrebuiltWorld {
  const { world, functions } = compiled(vmEngine, libraries, { poison: true }), words = new Int32Array(world.buffer);
  // Poison marks exactly what no cell needs, and is no value of a cell.
  words.forEach((word, i) => { if (isPoison(word) && poisonNumber(word) <= words[Header.Collections >> 2]!) words[i] = 0; });
  return { fingerprint: fingerprint(libraries), image: encodeWorld(world), functions };
}
