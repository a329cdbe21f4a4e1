// Assertions that vanish from the bundle, and the one error class that means "we are wrong".

declare const __BOXELDER_DEBUG__: boolean | undefined;

/** True under tsx and vitest; folded to `false` in the bundle, so `if (DEBUG) …` leaves no trace there. */
export const DEBUG: boolean = typeof __BOXELDER_DEBUG__ === "undefined" ? true : __BOXELDER_DEBUG__;

/** A broken invariant of the VM itself: never the script's fault, never caught by a script. */
export class Bug extends Error {
  constructor(message: string) {
    super(`${message} (this is a bug in Boxelder, not in your program)`);
    this.name = "Bug";
  }
}

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Bug(message);
}

export function unreachable(what: string): never {
  throw new Bug(`unreachable: ${what}`);
}

export const hex = (n: number): string => `0x${(n >>> 0).toString(16)}`;
