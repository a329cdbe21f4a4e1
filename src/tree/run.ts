// Running a program on the tree engine: the guest stack it gets, where it starts and how it ends.
//
// What the engine cannot do it says by name (UnsupportedByEngine): pausing (fuel, pending natives) and running bytecode.

import { newClosure } from "../../heap/cells/closure.ts";
import { Root } from "../../heap/roots.ts";
import { CellKind } from "../../heap/value.ts";
import type { Program } from "../ir/nodes.ts";
import { Status } from "../vm/errors.ts";
import { traceOf } from "../vm/failure.ts";
import { growStack } from "../vm/stack.ts";
import type { Vm } from "../vm/vm.ts";
import { callWindow } from "./calls.ts";
import { Evaluation } from "./evaluate.ts";
import { isGuestError } from "./exceptions.ts";
import { frameLayout } from "./frames.ts";
import { functionCode } from "./functions.ts";
import type { TreeState } from "./state.ts";
import { treeWorld } from "./world.ts";

/** JavaScript stack that one nested step may take: the worst construct needs 460 bytes (tests/tree/depth.test.ts). */
const BYTES_PER_STEP = 560;
/** What Node gives its main thread unless told otherwise (--stack-size). */
const DEFAULT_STACK_BYTES = 984 << 10;

/** Nested steps that are safe on a JavaScript stack of this size; calls of small functions nest about four steps each. */
export const stepsFor = (stackBytes: number): number => Math.floor(stackBytes / BYTES_PER_STEP);

export interface TreeOptions {
  /** Size of the JavaScript stack it runs on, which bounds how deep calls and expressions nest. */
  readonly stackBytes?: number;
}

/** Slots of guest stack for each nested step, on average; more than a quarter of the memory limit is never taken. */
const SLOTS_PER_STEP = 16, MEMORY_SHARE = 4;

/**
 * Runs a program from the start on an idle Vm. Done: its value is in Root.Result. Uncaught: the exception is in
 * Root.Exception and vm.trace tells where it was raised. Errors that scripts cannot catch pass through. `sourceId`: index
 * of the program's text in vm.sources.
 */
export function runTree(vm: Vm, program: Program, sourceId = 0, options: TreeOptions = {}): Status {
  const maxSteps = stepsFor(options.stackBytes ?? DEFAULT_STACK_BYTES);
  try {
    makeStack(vm, Math.min(maxSteps * SLOTS_PER_STEP, Math.floor(vm.heap.settings.maxBytes / 8 / MEMORY_SHARE)));
    runMain(new Evaluation(vm, treeWorld(vm), maxSteps, vm.stackEnd, program.main), program, sourceId);
    return Status.Done;
  } catch (error) {
    if (!isGuestError(vm, error)) throw error;
    vm.trace = traceOf(vm, vm.heap.rootSlot(Root.Exception));
    vm.failure = null;
    return Status.Uncaught;
  } finally {
    vm.nativeTop = 0;
    vm.depth = 0;
    vm.fp = 0;
  }
}

/** The stack may not move while this engine has slots of it in hand, so it gets its size before. */
function makeStack(vm: Vm, slots: number): void {
  if (vm.stackEnd - vm.stackBase >= slots) return;
  growStack(vm, vm.stackBase + slots);
}

function runMain(state: TreeState, { main }: Program, sourceId: number): void {
  const { vm, heap, world } = state;
  const window = vm.stackBase;
  vm.pc = 0;
  vm.treeSpan = (site) => (site === 0 ? state.at : state.sites[site]!).span;
  state.fp = vm.fp = window + 2;
  state.layout = frameLayout(main);
  vm.mainIsLisp = main.language === "lisp";
  heap.setHole(heap.rootSlot(Root.Receiver));
  heap.setHole(window);
  heap.setHole(window + 1);
  state.setTop(window + 2);
  const code = functionCode(world, main, sourceId);
  heap.setCell(window, CellKind.Closure, newClosure(heap, code, 0));
  callWindow(state, window, 0, 0, main);
  heap.copySlot(heap.rootSlot(Root.Result), window);
}
