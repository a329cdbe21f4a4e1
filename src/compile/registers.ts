// Registers of one frame, handed out as a stack: whoever allocates notes `top` before and releases to it afterwards.
// Variables keep their register for the whole of their scope; everything else is a temporary.

import { RegisterOverflow } from "./limits.ts";

export const enum RegisterState {
  /** Owned by whoever allocated it; may be written early, its old value is of no interest. */
  Temporary,
  /** Reserved for a variable that has no value yet and that nothing can observe: as good as free. */
  Unborn,
  /** Holds a variable: written only by the last instruction of an assignment. */
  Variable,
}

export class Registers {
  /** First free register. */
  top = 0;
  /** Registers the frame needs. */
  size = 0;
  readonly #states: RegisterState[] = [];

  constructor(readonly limit: number) {}

  /** First of `count` fresh temporaries. */
  alloc(count = 1): number {
    const first = this.top;
    this.top += count;
    if (this.top > this.limit) throw new RegisterOverflow();
    if (this.top > this.size) this.size = this.top;
    for (let reg = first; reg < this.top; reg++) this.#states[reg] = RegisterState.Temporary;
    return first;
  }

  release(top: number): void {
    this.top = top;
  }

  state(reg: number): RegisterState { return this.#states[reg]!; }
  setState(reg: number, state: RegisterState): void { this.#states[reg] = state; }

  /** True when a call window may start at this register: nothing above it, and nothing in it that matters. */
  isFreshTop(reg: number): boolean {
    return reg === this.top - 1 && this.#states[reg] === RegisterState.Temporary;
  }

  /** True when all registers above this one belong to unborn variables. */
  onlyUnbornAbove(reg: number): boolean {
    for (let above = reg + 1; above < this.top; above++) if (this.#states[above] !== RegisterState.Unborn) return false;
    return true;
  }
}
