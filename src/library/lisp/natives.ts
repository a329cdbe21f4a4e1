// All natives of Lisp. Their ids start at a place of their own: see addNatives in library/registry.ts.

import type { NativeTable } from "../registry.ts";
import { LISP_CHECKING } from "./checking.ts";
import { LISP_COLLECTIONS } from "./collections.ts";
import { LISP_COMPILE } from "./compile.ts";
import { LISP_CONTROL } from "./control.ts";
import { LISP_FORMATS } from "./formats.ts";
import { LISP_NUMBERS } from "./numbers.ts";
import { LISP_TEXT } from "./text.ts";

/** Ids are places in this list: append only. */
export const LISP_NATIVES: NativeTable = {
  first: 1024, rows: [...LISP_NUMBERS, ...LISP_TEXT, ...LISP_COLLECTIONS, ...LISP_CONTROL, ...LISP_FORMATS, ...LISP_COMPILE, ...LISP_CHECKING],
};
