// What of a Vm is in neither its world nor its raw memory, for images and copies of it.

import type { HeapCounters } from "../../heap/heap.ts";
import type { Status, TraceEntry } from "./errors.ts";
import type { Failure } from "./failure.ts";
import type { InteractionState } from "./interaction.ts";

/** What a Vm that stands still keeps beside its world, its raw memory and its sources, and needs to go on. Plain data. */
export interface VmState {
  readonly fp: number;
  readonly pc: number;
  readonly depth: number;
  /** Engine.Fuel, and what waits beyond it. */
  readonly fuelNow: number;
  readonly fuelReserve: number;
  /** What Engine.Fuel got last, and what is left of the running task's turn, null for no end. */
  readonly granted: number;
  readonly sliceLeft: number | null;
  readonly maxDepth: number;
  readonly hostDepth: number | null;
  readonly lent: number;
  readonly mainIsLisp: boolean;
  readonly parkedAs: Status;
  readonly trace: readonly TraceEntry[];
  readonly failure: Failure | null;
  readonly interaction: InteractionState | null;
  readonly redefine: boolean;
  readonly generator: readonly number[];
  /** Cells of the globals whose primitives have been redefined. */
  readonly generalised: readonly number[];
  readonly heap: HeapCounters;
}
