// The debug options that make rare things happen often: collections, slices of them, failures and moves of the world at allocations that
// need none of them. What is forced is numbered, so that whoever looks for the first one that does harm can leave others out.

import { collect } from "./collector.ts";
import type { Heap } from "./heap.ts";
import { step } from "./incremental.ts";

/** Before each allocation, while one of the options is on or a collection is due. */
export function stress(heap: Heap): void {
  const { failAllocationAt, gcStep, gcStepStride, moveWorld } = heap.settings, n = ++heap.allocations;
  if (n === failAllocationAt) heap.outOfMemory();
  if (wantsCollection(heap, n)) {
    if (isUsed(heap)) collect(heap, "stress");
    else heap.setLimit();
  } else if (gcStep > 0 && n % gcStepStride === 0 && isUsed(heap)) step(heap, gcStep);
  if (moveWorld > 0 && n % moveWorld === 0 && isUsed(heap)) heap.replaceBuffer(heap.worldBytes);
}

function wantsCollection(heap: Heap, n: number): boolean {
  const { gcStress, gcStressRate } = heap.settings, { isDue } = heap;
  heap.isDue = false;
  // The generator goes on in any case: leaving a collection out must not change which ones follow.
  const isDrawn = gcStress === 0 && gcStressRate > 0 && nextRandom(heap) < gcStressRate;
  return isDue || isDrawn || (gcStress > 0 && n % gcStress === 0);
}

/** Numbers what is forced, and says whether it is to happen. */
function isUsed(heap: Heap): boolean {
  const { forceOnly, forceUpTo } = heap.settings, n = ++heap.forced;
  return forceOnly > 0 ? n === forceOnly : n <= forceUpTo;
}

/** xorshift32, so that a seed replays a run. */
function nextRandom(heap: Heap): number {
  let x = heap.seed;
  x ^= x << 13; x ^= x >>> 17; x ^= x << 5;
  heap.seed = x;
  return (x >>> 0) / 0x1_0000_0000;
}
