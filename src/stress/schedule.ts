// Which of the places a run comes to are used: every n-th, or some drawn by a seed; and of those that would be, the first so
// many or one alone. Leaving places out changes nothing about which ones follow, so a run can be narrowed down by numbers.

export interface Plan {
  /** Use every so many-th place. */
  readonly stride: number;
  /** Or each with this probability, by `seed`; 0: not. */
  readonly rate: number;
  readonly seed: number;
  /** Of the places chosen, use only the first so many; or this one alone, 0 for none in particular. */
  readonly upTo: number;
  readonly only: number;
}

export class Schedule {
  readonly #plan: Plan;
  #places = 0;
  #state: number;
  /** Places chosen so far, used or left out. */
  chosen = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#state = (plan.seed | 0) || 1;
  }

  /** Whether the next place is used. */
  next(): boolean {
    const { stride, rate, upTo, only } = this.#plan;
    if (rate > 0 ? this.#draw() >= rate : ++this.#places % stride !== 0) return false;
    this.chosen++;
    return only > 0 ? this.chosen === only : this.chosen <= upTo;
  }

  /** xorshift32: from 0 to 1. */
  #draw(): number {
    let x = this.#state;
    x ^= x << 13; x ^= x >>> 17; x ^= x << 5;
    this.#state = x;
    return (x >>> 0) / 0x1_0000_0000;
  }
}
