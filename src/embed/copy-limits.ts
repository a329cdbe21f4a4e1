// What crosses the border between host and guest is bounded, whichever way it goes; and what is wrong with a value that
// cannot cross is said with the place in it.

export interface CopyLimits {
  /** Containers that may lie inside of each other; at most 1000, since copying nests as deep on the host's stack. */
  readonly maxDepth: number;
  /** Values in all. */
  readonly maxValues: number;
}

const HIGHEST_DEPTH = 1000;

/** Limits with what is not given filled in. */
export function copyLimits(given: Partial<CopyLimits> = {}): CopyLimits {
  return { maxDepth: Math.min(HIGHEST_DEPTH, given.maxDepth ?? 500), maxValues: given.maxValues ?? 10_000_000 };
}

/** A value cannot be copied between host and guest. */
export class CopyError extends TypeError {
  constructor(
    readonly reason: string,
    /** Keys and indices that lead to the part at fault; empty for the value itself. */
    readonly path: readonly (string | number)[],
  ) {
    super(path.length === 0 ? reason : `${pathText(path)}: ${reason}`);
    this.name = "CopyError";
  }
}

/** Longest path shown; deeper ones are cut. */
const SHOWN = 12;

function pathText(path: readonly (string | number)[]): string {
  const shown = path.slice(0, SHOWN).map((part) => (typeof part === "string" && /^[A-Za-z_$][\w$]*$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`));
  return `value${shown.join("")}${path.length > SHOWN ? "…" : ""}`;
}
