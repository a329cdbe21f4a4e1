// Regular expressions as trees. The language is the one of automata: neither look-around nor back-references, so that
// every pattern can be matched in time proportional to the text.

/** Says whether a code point belongs to a class. */
export type Test = (point: number) => boolean;

export const enum Assertion { TextStart, TextEnd, LineStart, LineEnd, WordBoundary, NoWordBoundary, AsciiBoundary, NoAsciiBoundary, WordStart, WordEnd, WordStartHalf, WordEndHalf, /** Behind a line feed. */ AfterLine, /** In front of one. */ BeforeLine }

export type Node =
  | { readonly type: "empty" }
  | { readonly type: "char"; readonly point: number }
  | { readonly type: "class"; readonly test: Test }
  | { readonly type: "assert"; readonly what: Assertion }
  | { readonly type: "group"; readonly index: number; readonly body: Node }
  | { readonly type: "sequence"; readonly parts: readonly Node[] }
  | { readonly type: "choice"; readonly parts: readonly Node[] }
  | { readonly type: "repeat"; readonly body: Node; readonly min: number; /** Infinity: no limit. */ readonly max: number; readonly greedy: boolean };

export interface Pattern {
  readonly root: Node;
  /** Number of groups, the whole match (0) included. */
  readonly groups: number;
  readonly names: ReadonlyMap<string, number>;
}

/** The pattern is wrong, or needs more room than it may have. */
export class PatternError extends Error {}
/** Matching takes more steps than it may. */
export class WorkLimitError extends Error {}
