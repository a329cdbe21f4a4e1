// The loop over the bytecode in the form of compiled code that runs on the world's own memory: who makes it, and how it is
// driven. The Vm knows it by these interfaces only.

import { Engine } from "./engine-words.ts";
import { Status } from "./errors.ts";
import { execute } from "./interpreter.ts";
import { slowStep } from "./slow-steps.ts";
import type { Vm } from "./vm.ts";

/**
 * Goes on at the instruction with byte address `pc` in the frame with register 0 at byte address `base`, up to one that is
 * left to slowStep: the answer is the address of that, and Engine.Frame says in which frame.
 */
export type CompiledRun = (pc: number, base: number) => number;

/** As `execute`, on the compiled loop as long as the world has one. */
export function executeCompiled(vm: Vm): Status {
  const heap = vm.heap;
  // The slow step may have replaced the world, and with it the loop.
  for (let run = vm.compiledRun; run !== null; run = vm.compiledRun) {
    const pc = run(vm.pc << 2, vm.fp << 3) >> 2, i32 = heap.i32;
    vm.fp = i32[Engine.Frame >> 2]! >> 3;
    vm.pc = pc + 1;
    const status = slowStep(vm, i32[pc]!);
    if (status !== Status.Running) return status;
  }
  return execute(vm);
}
