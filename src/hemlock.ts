// Hemlock as a plug-in: the language every VM has.

import { HEMLOCK_BORDER } from "./embed/language-border.ts";
import { hemlock as front } from "./front/hemlock/index.ts";
import { memoryHint } from "./library/memory-hints.ts";
import { builtinNames } from "./library/registry.ts";
import type { LanguagePlugin } from "./plugin.ts";
import { displayText } from "./vm/display.ts";
import { DEFAULT_STACK_DEPTH } from "./vm/vm.ts";

export const hemlock: LanguagePlugin = {
  language: front,
  stackDepth: DEFAULT_STACK_DEPTH,
  library: null,
  program: (source, options) => front.compile(source, options),
  ahead: null,
  data: null,
  valueText: displayText,
  errorText: displayText,
  hint: memoryHint,
  nothing: "null",
  word: /[\w$.]*$/,
  names: (vm) => [...new Set([...vm.globals.names(), ...builtinNames()])].filter((name) => !/^\$|:/.test(name)),
  border: HEMLOCK_BORDER,
  restarts: null,
};
