// The number functions of Lisp and the global values that are numbers.

import type { NativeInfo } from "../../vm/native.ts";
import { ARITHMETIC } from "./numbers/arithmetic.ts";
import { BIT_FUNCTIONS } from "./numbers/bits.ts";
import { COMPARISONS } from "./numbers/compare.ts";
import { CONVERSIONS } from "./numbers/conversions.ts";
import { DIVISIONS } from "./numbers/division.ts";
import { FLOAT_FUNCTIONS } from "./numbers/floats.ts";
import { POWERS } from "./numbers/powers.ts";
import { PREDICATES } from "./numbers/predicates.ts";
import { ROUNDINGS } from "./numbers/rounding.ts";

/** Ids of natives are places in this list: append only. */
export const LISP_NUMBERS: readonly NativeInfo[] = [
  ...ARITHMETIC, ...COMPARISONS, ...DIVISIONS, ...ROUNDINGS, ...POWERS, ...FLOAT_FUNCTIONS, ...BIT_FUNCTIONS, ...PREDICATES, ...CONVERSIONS,
];

/** Globals that are floats. */
export const LISP_CONSTANTS: readonly { readonly name: string; readonly value: number }[] = [
  { name: "pi", value: Math.PI }, { name: "e", value: Math.E }, { name: "math/infinity", value: Infinity }, { name: "math/nan", value: NaN },
];
