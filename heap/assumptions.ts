// Pairs of cells that a comparison may take for equal because it is comparing them already or has done so: what makes it
// end on cyclic data, and keeps it from going through shared structure again and again.
//
// Sets of cells assumed equal are kept as a forest, so that there are at most as many assumptions as cells. They hold for
// one comparison that stops at the first difference.

export class Assumptions {
  readonly #parents = new Map<number, number>();

  /** True when the two were assumed equal before; assumes it from now on. */
  assume(a: number, b: number): boolean {
    const x = this.#find(a), y = this.#find(b);
    if (x === y) return true;
    this.#parents.set(x, y);
    return false;
  }

  #find(cell: number): number {
    const parents = this.#parents;
    for (;;) {
      const parent = parents.get(cell);
      if (parent === undefined) return cell;
      // Halving the path on the way keeps all paths short.
      const above = parents.get(parent);
      if (above === undefined) return parent;
      parents.set(cell, above);
      cell = above;
    }
  }
}

/** Steps a comparison takes before it begins to write down assumptions: most are over long before. */
export const TRUSTING_STEPS = 200_000;
