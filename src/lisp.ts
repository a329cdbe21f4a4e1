// The entry point boxelder/lisp: Lisp as a plug-in, `createVM({ languages: [lisp] })`.

import { keywordNames } from "../heap/cells/keyword.ts";
import { CellHi } from "../heap/value.ts";
import { LISP_BORDER } from "./embed/lisp-border.ts";
import { compileAhead } from "./lisp-ahead.ts";
import { LISP_DATA } from "./lisp-written.ts";
import { lisp as front, readProgram } from "./front/lisp/index.ts";
import { conditionPart, conditionText, prepareConditions } from "./library/lisp/conditions.ts";
import { restartsIn } from "./library/lisp/control/interaction.ts";
import { hintOf } from "./library/lisp/hints.ts";
import { LISP_NATIVES } from "./library/lisp/natives.ts";
import { prettyText, writtenText } from "./library/lisp/printer.ts";
import { LISP_RULES } from "./library/lisp/rules.ts";
import { chooseRestart, compileLibrary, LISP_GLOBALS, LISP_PREFIX, lispNativeGlobals, lispSources, LispServices, programOfForms } from "./lisp-services.ts";
import type { LanguagePlugin } from "./plugin.ts";
import { PREBUILT_LISP } from "./prebuilt-lisp.ts";
import { displayText } from "./vm/display.ts";
import type { Vm } from "./vm/vm.ts";

/** Columns in which values are laid out. */
const WIDTH = 80;

const hasErrors = (diagnostics: readonly { readonly severity: string }[]): boolean => diagnostics.some((each) => each.severity === "error");

/** Globals without their prefix, and the keywords that are in use. */
function names(vm: Vm): string[] {
  const globals = vm.globals.names().filter((name) => name.startsWith(LISP_PREFIX)).map((name) => name.slice(LISP_PREFIX.length));
  return [...globals.filter((name) => !/^%|\0/.test(name)), ...keywordNames(vm.heap).map((name) => `:${name}`)];
}

/** Longest text of what was given to `error` besides its message. */
const SHOWN = 200;

function errorText(vm: Vm, slot: number): string {
  const text = conditionText(vm, slot), irritants = text === null ? -1 : conditionPart(vm, slot, "irritants");
  if (irritants < 0 || vm.heap.hi(irritants) !== CellHi.Pair) return text ?? displayText(vm, slot);
  const written = writtenText(vm, irritants).slice(1, -1);
  return `${text} ${written.length > SHOWN ? `${written.slice(0, SHOWN)}…` : written}`;
}

/** What programs begin with, and what the engine may call when memory is short: for errors, and to go on in a continuation. */
const ALWAYS = ["run-program", "continue", "signal", "signal-only", "signal-unbound"].map((name) => `${LISP_PREFIX}%${name}`);

/** The language Lisp. Its files end in .lisp, .scm or .sema; its name for `run` is "lisp". */
export const lisp: LanguagePlugin = {
  language: front,
  stackDepth: LISP_RULES.stackDepth,
  library: {
    natives: LISP_NATIVES, nativeGlobals: lispNativeGlobals, rules: LISP_RULES, constants: LISP_GLOBALS, data: LISP_DATA, always: ALWAYS, sources: lispSources, compile: compileLibrary, prebuilt: PREBUILT_LISP,
    prepare: prepareConditions,
    services: (engine, settings) => new LispServices(engine, settings),
  },
  // Reads all forms first; each is then compiled when the ones before it have run, by the library's own loop.
  program(source, _options, interactive) {
    const { forms, diagnostics } = readProgram(source);
    const program = hasErrors(diagnostics) ? null : programOfForms(forms, source, interactive ? "%run-interactive" : "%run-program");
    return { program, diagnostics, refFunctions: false, definedGlobals: new Set() };
  },
  ahead: compileAhead,
  data: LISP_DATA,
  valueText: (vm, slot) => prettyText(vm, slot, WIDTH),
  errorText,
  hint: hintOf,
  nothing: "nil",
  word: /[^\s()[\]{}'"`,;@]*$/,
  names,
  border: LISP_BORDER,
  restarts: {
    offered: (vm) => restartsIn(vm, vm.interaction!.slot(vm)),
    choose(vm, index, argument) {
      const { forms, diagnostics } = readProgram(argument);
      if (hasErrors(diagnostics)) return diagnostics;
      chooseRestart(vm, index, forms, argument);
      return [];
    },
  },
};
