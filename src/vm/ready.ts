// Globals of the library that a world does not have yet. A world starts without most of the library: what it names, it gets at
// the first mention, with the value it would have had from the start. Whatever asks which names there are counts these too.

export interface ReadyGlobals {
  /** In the order in which the library defines them. */
  readonly names: readonly string[];
  has(name: string): boolean;
  /** Makes the global, which the world must lack, with its value, and all that this needs; nothing when memory runs out. Its cell. May collect. */
  make(name: string): number;
}

export const NOTHING_READY: ReadyGlobals = {
  names: [], has: () => false, make: (name) => { throw new RangeError(`the library has no ${name}`); },
};
