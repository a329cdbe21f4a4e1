// What profiling looks at in a VM: its world, where its stack and running frame are, and its sources.

import type { Heap } from "../../heap/heap.ts";
import type { Mem } from "../../heap/memory.ts";
import type { Source } from "../text/source.ts";
import type { Vm } from "../vm/vm.ts";

/** A world at rest: of a VM that is not running right now, or of an image. */
export interface WorldView {
  readonly mem: Mem;
  /** Slots [base, top) of the running stack; equal when nothing runs. */
  readonly stack: { readonly base: number; readonly top: number };
  /** Slot of register 0 of the running frame, 0 for none. */
  readonly fp: number;
  /** Word index inside the running instruction, past its first word. */
  readonly pc: number;
  /** Texts that Code.SourceId refers to; may be fewer. */
  readonly sources: readonly Source[];
  /** Where the host made the handle with this number: lines of a stack trace; null when that is not known. */
  readonly handleSite: (index: number) => string | null;
  /** Bytes of raw memory behind buffers and pointers, outside the world. */
  readonly rawBytes: number;
}

/** The same of a VM that can go on. */
export interface LiveWorld extends WorldView { readonly mem: Heap }

export const worldView = (vm: Vm, handleSite: (index: number) => string | null): LiveWorld =>
  ({ mem: vm.heap, stack: vm.heap.stackRange(), fp: vm.fp, pc: vm.pc, sources: vm.sources, handleSite, rawBytes: vm.heap.rawBytes });
