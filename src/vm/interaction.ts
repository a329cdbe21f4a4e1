// A run for a person at a prompt: an error that no handler of the script takes parks the run in the native that asks for a
// restart, and the host answers it. Here is what it must know for that; cells are not among it, they lie in the window of the
// parked native: its result slot holds the list of live restarts and becomes the answer, its argument is the condition.

import { traceOf } from "./failure.ts";
import type { Vm } from "./vm.ts";

/** See the fields of the class. */
export interface InteractionState { readonly question: number | null }

export class Interaction {
  /** Result slot of the parked native, counted from vm.fp since the stack may move; null: nothing is asked. */
  #question: number | null;

  constructor({ question }: InteractionState = { question: null }) {
    this.#question = question;
  }

  get state(): InteractionState { return { question: this.#question }; }

  /** The native whose result slot this is parks; its argument is the condition. */
  ask(vm: Vm, result: number): void {
    this.#question = result - vm.fp;
    vm.trace = traceOf(vm, result + 2);
    vm.failure = null;
  }

  get asks(): boolean { return this.#question !== null; }

  /** Slot of the list of live restarts, which becomes the answer. */
  slot(vm: Vm): number { return vm.fp + this.#question!; }

  /** The answer is in its slot, or the run is given up. */
  settle(): void { this.#question = null; }
}
