// Rows of the matrix that match.ts works on: what is left of one alternative of one arm. A row never changes; opening one
// of its tests makes new rows. It must not know about trees.

import type { Binding } from "./nodes.ts";
import { identity, join, openParts, pathKey, type Test } from "./pattern.ts";

export class Row {
  #state = "";

  /** `keeps`: its guard leaves the value as it is. `trail` tells which alternatives were chosen on the way. */
  constructor(
    readonly arm: number, readonly guarded: boolean, readonly keeps: boolean, readonly trail: string,
    readonly tests: ReadonlyMap<string, Test>, readonly bindings: readonly Binding[],
  ) {}

  /** Does it take every value that comes to it? */
  get isFinal(): boolean { return this.tests.size === 0 && !this.guarded; }

  /** The same for rows that are the same. */
  get state(): string {
    if (this.#state === "") this.#state = `${this.trail}:${Array.from(this.tests.values(), identity).join()}`;
    return this.#state;
  }

  /** What is left once the test has held: one row for each alternative of its parts. */
  opened(key: string): Row[] {
    const tests = new Map(this.tests), parts = openParts(tests.get(key)!);
    tests.delete(key);
    return parts.map((part, i) => {
      const rest = join({ tests, bindings: this.bindings }, part), trail = parts.length > 1 ? `${this.trail}|${key}.${i}` : this.trail;
      return new Row(this.arm, this.guarded, this.keeps, trail, rest.tests, rest.bindings);
    });
  }
}

/** The rows up to the first that leaves nothing for those behind it. */
export function reachable(rows: readonly Row[]): readonly Row[] {
  const last = rows.findIndex((row) => row.isFinal);
  return last < 0 ? rows : rows.slice(0, last + 1);
}

export const sameBindings = (a: readonly Binding[], b: readonly Binding[]): boolean =>
  a.length === b.length && a.every(({ variable, path }, i) => variable === b[i]!.variable && pathKey(path) === pathKey(b[i]!.path));
