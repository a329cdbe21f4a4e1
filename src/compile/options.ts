// What a caller may choose when compiling.

import type { PrimitiveName } from "../ir/primitives.ts";

export interface CompileOptions {
  /** 0: one plain instruction for each operation; 1: immediates, fused comparisons, tables. */
  readonly optimise: 0 | 1;
  readonly peephole: boolean;
  /** Index of a native by name; throws when there is none. */
  readonly nativeIndex: (name: string) => number;
  /** Whether the global of a primitive still holds the library's value; when not given, they all do. */
  readonly isIntact?: (name: PrimitiveName) => boolean;
}
