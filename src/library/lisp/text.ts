// The text functions of Lisp: output, strings, characters, symbols and keywords. What calls a function is written in Lisp:
// prelude/text.lisp.ts.

import type { NativeInfo } from "../../vm/native.ts";
import { BUILDING } from "./text/building.ts";
import { CASING } from "./text/casing.ts";
import { CHARACTERS } from "./text/characters.ts";
import { COLUMNS } from "./text/columns.ts";
import { COMPARING } from "./text/comparing.ts";
import { CUTTING } from "./text/cutting.ts";
import { NAMES } from "./text/names.ts";
import { OUTPUT } from "./text/output.ts";
import { READING } from "./text/reading.ts";
import { TERMINAL } from "./text/terminal.ts";

export const LISP_TEXT: readonly NativeInfo[] = [
  ...OUTPUT, ...BUILDING, ...READING, ...CUTTING, ...CASING, ...COMPARING, ...COLUMNS, ...CHARACTERS, ...NAMES, ...TERMINAL,
];
