// Moving a VM to the compiled loop. Its world must then be a WebAssembly memory, so this provides the heap's buffers from
// then on, each with an instance of the loop.
//
// Rules
// 1. It must never fail a script: where compiling is forbidden, or address space is short (engines reserve much more of it
//    than a memory's size), the world is an ordinary buffer and the interpreter's own loop runs it.
// 2. Memories are replaced, not grown: growing detaches the old buffer, and engines then check every access of every typed
//    array for that.

import type { CompiledRun } from "../vm/compiled-loop.ts";
import type { Vm } from "../vm/vm.ts";
import { loopModule } from "./loop/module.ts";
import { platform, type Platform } from "./platform.ts";

const PAGE_BYTES = 65_536;

/** The module, once compiled; null where that is not possible. What engines learn about it serves all its instances. */
let compiled: { readonly platform: Platform; readonly module: object } | null | undefined;

function compiledLoop(): typeof compiled {
  if (compiled !== undefined) return compiled;
  const found = platform();
  try {
    compiled = found === null ? null : { platform: found, module: new found.Module(loopModule()) };
  } catch {
    compiled = null;
  }
  return compiled;
}

/** Puts the world into a WebAssembly memory with the compiled loop over it, if that is possible here. */
export function moveToCompiledLoop(vm: Vm): void {
  const loop = compiledLoop();
  vm.onLongRun = () => {};
  if (loop === null || loop === undefined) return;
  vm.heap.newBuffer = (bytes) => {
    try {
      const memory = new loop.platform.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
      const { exports } = new loop.platform.Instance(loop.module, { env: { memory } });
      vm.compiledRun = (exports as { readonly run: CompiledRun }).run;
      return memory.buffer;
    } catch {
      vm.compiledRun = null;
      return new ArrayBuffer(bytes);
    }
  };
  vm.heap.replaceBuffer(vm.heap.worldBytes);
}
