// A compiled function as plain data: what the assembler makes, tools read and the linker turns into a Code cell. Nothing
// here refers to a heap.

/** A value known when compiling; the literals of the IR are of this form. */
export type LiteralConstant =
  | { readonly type: "null" | "hole" }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "i8" | "i16" | "i32" | "u8" | "u16" | "u32" | "f32" | "f64" | "rune" | "type"; readonly value: number }
  | { readonly type: "i64" | "u64"; readonly value: bigint }
  | { readonly type: "string"; readonly value: Uint8Array }
  | { readonly type: "symbol" | "native"; readonly value: string }
  | { readonly type: "array"; readonly value: readonly LiteralConstant[] }
  | { readonly type: "empty" }
  | { readonly type: "int"; readonly value: bigint }
  | { readonly type: "keyword"; readonly value: string }
  | { readonly type: "datum"; readonly value: unknown };

/** A constant before linking. */
export type Constant =
  | LiteralConstant
  /** The Global cell of that name. */
  | { readonly type: "global"; readonly name: string }
  | { readonly type: "code"; readonly function: CompiledFunction }
  | { readonly type: "shape"; readonly keys: readonly string[]; readonly inlineCapacity: number }
  /** First of the CACHE_CONSTANTS of an inline cache: the name looked up. */
  | { readonly type: "cache"; readonly name: string }
  /** The others; empty (a hole) until the cache is filled. */
  | { readonly type: "cacheState" }
  /** Argument names of a call, null for a positional argument. */
  | { readonly type: "names"; readonly names: readonly (string | null)[] };

/** Instructions in [start, end) that throw continue at `target` with the exception in `register`. Innermost first. */
export interface Handler { readonly start: number; readonly end: number; readonly target: number; readonly register: number }
/** From `pc` on (to the next entry), instructions belong to this range of the source. */
export interface SpanEntry { readonly pc: number; readonly start: number; readonly end: number }

export interface CompiledFunction {
  readonly name: string;
  readonly words: Int32Array;
  readonly constants: readonly Constant[];
  /** Pcs in handlers and spans count words from the first one. */
  readonly handlers: readonly Handler[];
  readonly spans: readonly SpanEntry[];
  readonly frameSize: number;
  /** Positional parameters, without rest. */
  readonly paramCount: number;
  readonly requiredCount: number;
  /** Set of ParamFlag (heap/layout.ts). */
  readonly flags: number;
  readonly captureCount: number;
  /** In order; tools show them. */
  readonly captureNames: readonly string[];
  /** In order, rest included. */
  readonly paramNames: readonly string[];
  /** Bit i: parameter i is by reference. */
  readonly refParams: number;
  /** What registers mean where they are used, for compile/check-registers.ts; null outside of debug builds. */
  readonly claims: ClaimTable | null;
}

/**
 * Which values the registers that an instruction reads and writes are meant to hold, in the order of register-use.ts. Values
 * go by ids; ids are per function.
 */
export interface Claims { readonly pc: number; readonly reads: readonly number[]; readonly writes: readonly number[] }
export interface ClaimTable {
  /** One for each instruction, by pc. */
  readonly instructions: readonly Claims[];
  /** What the register of each handler means. */
  readonly handlers: readonly number[];
  /** What registers mean when the function is entered. */
  readonly entry: ReadonlyMap<number, number>;
}

/** The functions whose code the constants hold, in order. */
export const nestedFunctions = (compiled: CompiledFunction): CompiledFunction[] =>
  compiled.constants.flatMap((constant) => (constant.type === "code" ? [constant.function] : []));

/** The functions and all they hold, each once and after the ones it holds itself, with its place in that order. */
export function innerFirst(roots: readonly CompiledFunction[]): Map<CompiledFunction, number> {
  const order = new Map<CompiledFunction, number>(), opened = new Set<CompiledFunction>(), pending = [...roots];
  for (let next = pending.at(-1); next !== undefined; next = pending.at(-1)) {
    if (opened.has(next)) {
      pending.pop();
      if (!order.has(next)) order.set(next, order.size);
    } else {
      opened.add(next);
      for (const inner of nestedFunctions(next)) if (!opened.has(inner)) pending.push(inner);
    }
  }
  return order;
}
