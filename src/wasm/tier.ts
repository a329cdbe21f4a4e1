// Moving a VM to the compiled loop. Its world must then be a WebAssembly memory, so this provides the heap's buffers from
// then on, each with an instance of the loop.
//
// Rules
// 1. It must never fail a script: where compiling is forbidden, or address space is short (engines reserve much more of it
//    than a memory's size), the world is an ordinary buffer and the interpreter's own loop runs it.
// 2. Memories are replaced, not grown: growing detaches the old buffer, and engines then check every access of every typed
//    array for that.
// 3. Nothing is compiled or reserved before a run proves to be long: most scripts end sooner.

import type { CompiledRun } from "../vm/compiled-loop.ts";
import type { Vm } from "../vm/vm.ts";
import { loopBytes } from "./loop-bytes.ts";
import { platform, type Platform } from "./platform.ts";

const PAGE_BYTES = 65_536;

interface CompiledModule { readonly platform: Platform; readonly module: object }
/** The module and who compiled it; what engines learn while running it serves all its instances. */
let compiled: CompiledModule | null = null;

/** Null where there is no WebAssembly, or no compiling. */
function compile(): CompiledModule | null {
  const found = platform();
  if (found === null || compiled?.platform === found) return found && compiled;
  try {
    return compiled = { platform: found, module: new found.Module(loopBytes()) };
  } catch {
    return null;
  }
}

/** Memory for a world of so many bytes, with the loop over it; null when there is none to be had. */
function newMemory({ platform, module }: CompiledModule, bytes: number): { buffer: ArrayBuffer; run: CompiledRun } | null {
  try {
    const memory = new platform.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
    const { exports } = new platform.Instance(module, { env: { memory } });
    return { buffer: memory.buffer, run: (exports as { readonly run: CompiledRun }).run };
  } catch {
    return null;
  }
}

/** Puts the world into a WebAssembly memory with the compiled loop over it; false where that is not possible. */
export function moveToCompiledLoop(vm: Vm): boolean {
  const loop = compile(), first = loop && newMemory(loop, vm.heap.worldBytes);
  vm.onLongRun = () => {};
  if (loop === null || first === null) return false;
  vm.heap.replaceBuffer(vm.heap.worldBytes, first.buffer);
  vm.compiledRun = first.run;
  vm.heap.newBuffer = (bytes) => {
    const memory = newMemory(loop, bytes);
    vm.compiledRun = memory === null ? null : memory.run;
    return memory === null ? new ArrayBuffer(bytes) : memory.buffer;
  };
  return true;
}
