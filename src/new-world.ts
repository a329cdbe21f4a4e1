// Making the world of a VM from the options an embedder gives, and saying so when it does not fit.

import { OutOfMemory } from "../heap/heap.ts";
import { World } from "../heap/world-layout.ts";
import { vmEngine, type CompileSettings, type Engine } from "./engines.ts";
import { thaw, type Frozen } from "./image/frozen.ts";
import { serve, templateFor, type Libraries } from "./library-world.ts";
import { addNatives, CONSTANTS } from "./library/registry.ts";
import { WorldLibrary } from "./ready-library.ts";
import { defineArguments, defineConstants } from "./vm/constants.ts";
import type { RawChecks } from "./vm/checked-raw.ts";
import { GUEST_THROW, MemoryLimitError, UnsupportedByEngine } from "./vm/errors.ts";
import { completeHost, type Host } from "./vm/host.ts";
import { Vm, type VmSettings } from "./vm/vm.ts";
import type { LoopName, VmOptions } from "./vm-options.ts";
import { moveToCompiledLoop } from "./wasm/tier.ts";

const isOutOfMemory = (error: unknown): boolean => error === GUEST_THROW || error instanceof OutOfMemory;

/** `settings`: how languages that compile at run time do it. */
export function newWorld(engine: Engine, libraries: Libraries, options: VmOptions, settings: CompileSettings): Vm {
  checkRules(libraries);
  const host = completeHost(options.host ?? {});
  try {
    const vm = openWorld(engine, libraries, host, { heap: heapOptions(options), ...limits(options) });
    for (const library of libraries) serve(vm, engine, library, settings);
    if (engine === vmEngine) chooseLoop(vm, options.loop ?? "auto");
    return vm;
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    const least = leastMemory(engine, libraries, host);
    throw new MemoryLimitError(options.memory !== undefined && options.memory < least
      ? `out of memory: the world needs at least ${least} bytes` : "out of memory: an allocation failed while the world was made");
  }
}

/** A Vm that goes on with what was frozen, under the options' limits where they say any. */
export function thawedWorld(engine: Engine, libraries: Libraries, frozen: Frozen, options: VmOptions, settings: CompileSettings): Vm {
  checkRules(libraries);
  for (const { natives } of libraries) addNatives(natives);
  const vm = new Vm({ host: completeHost(options.host ?? {}), heap: heapOptions(options), ...rawChecks(options), system: options.system?.natives }, frozen.world, frozen.index);
  if (libraries.length > 0) vm.globals.ready = new WorldLibrary(vm, templateFor(engine, libraries).ready);
  for (const library of libraries) serve(vm, engine, library, settings);
  thaw(vm, frozen, options);
  chooseLoop(vm, options.loop ?? "auto");
  return vm;
}

/** The engine asks one language only how functions of its kind are called. */
function checkRules(libraries: Libraries): void {
  if (libraries.filter(({ rules }) => rules !== null).length > 1) throw new RangeError("a VM has room for one language with rules of calling of its own: make a VM for each of them");
}

function chooseLoop(vm: Vm, loop: LoopName): void {
  if (loop === "auto") vm.onLongRun = () => void moveToCompiledLoop(vm);
  if (loop === "wasm" && !moveToCompiledLoop(vm)) throw new UnsupportedByEngine("vm", "run its compiled loop here: there is no WebAssembly, or it must not compile");
}

/** A world in which the library's source ran, with the host's arguments. */
function openWorld(engine: Engine, libraries: Libraries, host: Host, settings: Omit<VmSettings, "host">): Vm {
  for (const { natives } of libraries) addNatives(natives);
  const template = templateFor(engine, libraries), vm = new Vm({ ...settings, host }, template.world, template.index);
  vm.globals.ready = new WorldLibrary(vm, template.ready);
  vm.sources.push(...template.sources);
  vm.treeFunctions.push(...template.treeFunctions);
  for (const constants of [CONSTANTS, ...libraries.map((library) => library.constants)]) defineConstants(vm, constants, Number.isNaN);
  defineArguments(vm, host.args);
  return vm;
}

/** The smallest limit under which a world can be made; for messages only, since it tries. */
function leastMemory(engine: Engine, libraries: Libraries, host: Host): number {
  for (let maxBytes = World.BlockBytes; ; maxBytes += World.BlockBytes) {
    try {
      openWorld(engine, libraries, host, { heap: { maxBytes } });
      return maxBytes;
    } catch (error) {
      if (!isOutOfMemory(error)) throw error;
    }
  }
}

function heapOptions(options: VmOptions): ConstructorParameters<typeof Vm>[0]["heap"] {
  const { memory, initialMemory, gcPauseBudget, gcStep, gcStress, gcStressRate, gcSeed, moveWorld, forceUpTo, forceOnly, failAllocationAt, verifyHeap, poison, quarantine, gcStepStride, onCollect, now } = options;
  const given = { maxBytes: memory, initialBytes: initialMemory, gcPauseBudget, gcStep, gcStress, gcStressRate, gcSeed, moveWorld, forceUpTo, forceOnly, failAllocationAt, verify: verifyHeap, poison, quarantine, gcStepStride, onCollect, now };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** None unless something is asked for: memory that remembers is slower. */
function rawChecks({ checkLeaks = false, checkUninitialised = false }: VmOptions): { readonly rawChecks?: RawChecks } {
  return checkLeaks || checkUninitialised ? { rawChecks: { sites: checkLeaks, uninitialised: checkUninitialised } } : {};
}

function limits(options: VmOptions): Omit<VmSettings, "heap" | "host"> {
  const given = { fuel: options.fuel, stackDepth: options.stackDepth, seed: options.seed, system: options.system?.natives, ...rawChecks(options) };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
