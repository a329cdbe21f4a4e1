// A run for a person at a prompt: an error that no handler of the script takes parks the run in the native that asks for a
// restart, and the host answers it. Here is what it must know for that; cells are not among it, they lie in the window of the
// parked native: its result slot holds the list of live restarts and becomes the answer, its argument is the condition.

import type { TraceEntry } from "./errors.ts";
import { trace } from "./stack.ts";
import type { Vm } from "./vm.ts";

/** See the fields of the class. */
export interface InteractionState { readonly failed: { readonly condition: number; readonly trace: TraceEntry[] } | null; readonly question: number | null }

export class Interaction {
  /** Frames at the last error of a native or of the engine, and its condition: handlers may run in place of the frame that failed. */
  #failed: InteractionState["failed"];
  /** Result slot of the parked native, counted from vm.fp since the stack may move; null: nothing is asked. */
  #question: number | null;

  constructor({ failed, question }: InteractionState = { failed: null, question: null }) {
    this.#failed = failed;
    this.#question = question;
  }

  get state(): InteractionState { return { failed: this.#failed, question: this.#question }; }

  /** An error is going to be signalled; the frames are still those of the failure. */
  remember(vm: Vm, condition: number): void {
    this.#failed = { condition, trace: trace(vm) };
  }

  /** The native whose result slot this is parks; its argument is the condition. */
  ask(vm: Vm, result: number): void {
    this.#question = result - vm.fp;
    const condition = vm.heap.lo(result + 2);
    vm.trace = this.#failed !== null && this.#failed.condition === condition ? this.#failed.trace : trace(vm);
    this.#failed = null;
  }

  get asks(): boolean { return this.#question !== null; }

  /** Slot of the list of live restarts, which becomes the answer. */
  slot(vm: Vm): number { return vm.fp + this.#question!; }

  /** The answer is in its slot, or the run is given up. */
  settle(): void { this.#question = null; }
}
