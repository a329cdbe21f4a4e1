// The formats functions of Lisp: regular expressions, JSON, CSV, TOML, Base64 and digests, dates, running text, differences, file
// paths, HTML, redaction, and what moves the cursor of a terminal.

import type { NativeInfo } from "../../vm/native.ts";
import { BYTES } from "./formats/bytes.ts";
import { CSV } from "./formats/csv.ts";
import { DIFF } from "./formats/diff.ts";
import { HTML } from "./formats/html.ts";
import { JSON_FUNCTIONS } from "./formats/json.ts";
import { PASSAGES } from "./formats/passages.ts";
import { PATHS } from "./formats/paths.ts";
import { REDACTION } from "./formats/redaction.ts";
import { REGEX } from "./formats/regex.ts";
import { SCREEN } from "./formats/screen.ts";
import { TIME } from "./formats/time.ts";
import { TOML } from "./formats/toml.ts";

export const LISP_FORMATS: readonly NativeInfo[] = [
  ...REGEX, ...JSON_FUNCTIONS, ...CSV, ...TOML, ...BYTES, ...TIME, ...PASSAGES, ...DIFF,
  ...PATHS, ...REDACTION, ...HTML, ...SCREEN,
];
