// Which instruction a frame is at: code has instructions of several lengths, so it is found by decoding from the start.

import { entryPc } from "../../heap/cells/code.ts";
import { decode, type Instruction } from "../bytecode/encoding.ts";
import { codeOf } from "./stack.ts";
import type { Vm } from "./vm.ts";

/** The running instruction, and its place. */
export function runningInstruction(vm: Vm): { readonly at: number; readonly found: Instruction } {
  const words = vm.heap.i32;
  let at = entryPc(vm.heap, codeOf(vm.heap, vm.fp)), found: Instruction;
  for (found = decode(words, at)!; at + found.length < vm.pc; found = decode(words, at)!) at += found.length;
  return { at, found };
}
