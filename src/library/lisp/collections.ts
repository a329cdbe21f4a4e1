// Everything Lisp does with lists, vectors, arrays, bytes and maps, as far as it needs no callback; what does is in
// prelude/collections.lisp.ts.

import type { NativeInfo } from "../../vm/native.ts";
import { BYTEVECTORS } from "./collections/bytevectors.ts";
import { CALLS } from "./collections/calls.ts";
import { DESTRUCTURING } from "./collections/destructuring.ts";
import { LISTS } from "./collections/lists.ts";
import { MAPS } from "./collections/maps.ts";
import { NUMBER_ARRAYS } from "./collections/number-arrays.ts";
import { PARTS } from "./collections/parts.ts";
import { SEARCHING } from "./collections/searching.ts";
import { SORTING } from "./collections/sorting.ts";
import { STATISTICS } from "./collections/statistics.ts";
import { LISP_TYPES } from "./collections/types.ts";
import { VECTORS } from "./collections/vectors.ts";
import { WEAK } from "./collections/weak.ts";

export const LISP_COLLECTIONS: readonly NativeInfo[] = [
  ...LISTS, ...PARTS, ...SEARCHING, ...SORTING, ...STATISTICS, ...VECTORS, ...BYTEVECTORS, ...NUMBER_ARRAYS, ...MAPS, ...LISP_TYPES, ...WEAK, ...CALLS,
  ...DESTRUCTURING,
];
