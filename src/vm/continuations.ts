// Continuations: the guest stack below a frame, copied, and put back. Frames refer to each other by distance and to code by
// address, and neither changes, so a copy is good for any number of returns and at any later time.

import { continuationCount, continuationSlot, newContinuation } from "../../heap/cells/continuation.ts";
import { Closure, Code, Continuation } from "../../heap/layout.ts";
import { Root } from "../../heap/roots.ts";
import { CellKind } from "../../heap/value.ts";
import { UnsupportedByEngine } from "./errors.ts";
import { Outcome } from "./outcome.ts";
import { clearSlots, codeOf, growStack, linkDistance, linkPc } from "./stack.ts";
import type { Vm } from "./vm.ts";

/** Slots copied for a unit of chargeFuel. */
const SLOTS_PER_UNIT = 4;

/** dst becomes the continuation of the running function: what its caller does with its value. */
export function capture(vm: Vm, dst: number): void {
  const { heap, fp } = vm, distance = linkDistance(heap, fp);
  if (heap.word(codeOf(heap, fp) + Code.TreeId) !== 0) throw new UnsupportedByEngine("tree", "capture continuations");
  // What was entered by the host: what comes after it is the end of the run.
  const count = distance === 0 ? 0 : fp - 2 - vm.stackBase;
  vm.chargeFuel(count / SLOTS_PER_UNIT);
  const cell = newContinuation(heap, vm.stackBase, count);
  heap.setWord(cell + Continuation.Fp, fp - distance - vm.stackBase);
  heap.setWord(cell + Continuation.Pc, linkPc(heap, fp));
  heap.setWord(cell + Continuation.Depth, vm.depth - 1);
  heap.setWord(cell + Continuation.Result, distance - 2);
  heap.copySlot((cell + Continuation.Dynamic) >> 3, heap.rootSlot(Root.Dynamic));
  heap.setCell(dst, CellKind.Continuation, cell);
}

/** The continuation is the end of the run. */
function finish({ heap }: Vm, hold: number, held: number): Outcome {
  heap.copySlot(heap.rootSlot(Root.Result), held);
  heap.setNull(heap.rootSlot(Root.Dynamic));
  heap.setHole(hold);
  heap.setHole(held);
  return Outcome.Finished;
}

/** The stack becomes that of the continuation in a slot, and its function returns the value in another one. */
export function reinstate(vm: Vm, continuation: number, value: number): Outcome {
  const { heap } = vm, hold = heap.rootSlot(Root.Temp0), held = heap.rootSlot(Root.Temp1);
  heap.copySlot(hold, continuation);
  heap.copySlot(held, value);
  const cell = heap.lo(hold), count = continuationCount(heap, cell), fp = heap.word(cell + Continuation.Fp);
  if (count === 0) return finish(vm, hold, held);
  vm.chargeFuel(count / SLOTS_PER_UNIT);
  const code = heap.word(heap.lo(continuationSlot(cell, fp - 2)) + Closure.Code), size = Math.max(count, fp + heap.word(code + Code.FrameSize));
  if (vm.stackBase + size > vm.stackEnd) growStack(vm, vm.stackBase + size);
  const { i32 } = heap, from = 2 * continuationSlot(cell, 0);
  i32.copyWithin(2 * vm.stackBase, from, from + 2 * count);
  clearSlots(heap, vm.stackBase + count, vm.stackBase + size);
  vm.nativeTop = 0;
  vm.fp = vm.stackBase + fp;
  vm.pc = heap.word(cell + Continuation.Pc);
  vm.depth = heap.word(cell + Continuation.Depth);
  vm.settleFrames();
  heap.copySlot(vm.fp + heap.word(cell + Continuation.Result), held);
  heap.copySlot(heap.rootSlot(Root.Dynamic), (cell + Continuation.Dynamic) >> 3);
  heap.setHole(hold);
  heap.setHole(held);
  return Outcome.Jumped;
}
