// Making the world of a VM from the options an embedder gives, and saying so when it does not fit.

import { OutOfMemory } from "../heap/heap.ts";
import { World } from "../heap/world-layout.ts";
import type { LoopName, VmOptions } from "./api.ts";
import type { EngineName } from "./engines.ts";
import { thaw, type Frozen } from "./image/frozen.ts";
import { templateFor, type Libraries } from "./library-world.ts";
import { LISP_GLOBALS } from "./lisp-services.ts";
import { CONSTANTS } from "./library/registry.ts";
import { defineArguments, defineConstants } from "./vm/constants.ts";
import { GUEST_THROW, MemoryLimitError, UnsupportedByEngine } from "./vm/errors.ts";
import { completeHost, type Host } from "./vm/host.ts";
import { Vm, type VmSettings } from "./vm/vm.ts";
import { moveToCompiledLoop } from "./wasm/tier.ts";

const isOutOfMemory = (error: unknown): boolean => error === GUEST_THROW || error instanceof OutOfMemory;

export function newWorld(engine: EngineName, libraries: Libraries, options: VmOptions): Vm {
  const host = completeHost(options.host ?? {});
  try {
    const vm = openWorld(engine, libraries, host, { heap: heapOptions(options), ...limits(options) });
    if (engine === "vm") chooseLoop(vm, options.loop ?? "auto");
    return vm;
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    const least = leastMemory(engine, libraries, host);
    throw new MemoryLimitError(options.memory !== undefined && options.memory < least
      ? `out of memory: the world needs at least ${least} bytes` : "out of memory: an allocation failed while the world was made");
  }
}

/** A Vm that goes on with what was frozen, under the options' limits where they say any. */
export function thawedWorld(frozen: Frozen, options: VmOptions): Vm {
  const vm = new Vm({ host: completeHost(options.host ?? {}), heap: heapOptions(options) }, frozen.world);
  thaw(vm, frozen, options);
  chooseLoop(vm, options.loop ?? "auto");
  return vm;
}

function chooseLoop(vm: Vm, loop: LoopName): void {
  if (loop === "auto") vm.onLongRun = () => void moveToCompiledLoop(vm);
  if (loop === "wasm" && !moveToCompiledLoop(vm)) throw new UnsupportedByEngine("vm", "run its compiled loop here: there is no WebAssembly, or it must not compile");
}

/** A world in which the library's source ran, with the host's arguments. */
function openWorld(engine: EngineName, libraries: Libraries, host: Host, settings: Omit<VmSettings, "host">): Vm {
  const template = templateFor(engine, libraries), vm = new Vm({ ...settings, host }, template.world);
  vm.sources.push(...template.sources);
  vm.treeFunctions.push(...template.treeFunctions);
  // A world made elsewhere has the NaN of another machine.
  defineConstants(vm, libraries === "lisp" ? { ...CONSTANTS, ...LISP_GLOBALS } : CONSTANTS);
  defineArguments(vm, host.args);
  return vm;
}

/** The smallest limit under which a world can be made; for messages only, since it tries. */
function leastMemory(engine: EngineName, libraries: Libraries, host: Host): number {
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
  const { memory, initialMemory, gcStress, gcStressRate, gcSeed, failAllocationAt, verifyHeap, poison, onCollect, now } = options;
  const given = { maxBytes: memory, initialBytes: initialMemory, gcStress, gcStressRate, gcSeed, failAllocationAt, verify: verifyHeap, poison, onCollect, now };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function limits(options: VmOptions): { fuel?: number; stackDepth?: number; seed?: number } {
  const given = { fuel: options.fuel, stackDepth: options.stackDepth, seed: options.seed };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
