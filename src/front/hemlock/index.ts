// The Hemlock language plug-in: source text to core IR.

import * as b from "../../ir/builder.ts";
import type { Node } from "../../ir/nodes.ts";
import type { Diagnostic } from "../../text/diagnostics.ts";
import { Source } from "../../text/source.ts";
import type { Compilation, FrontOptions, Language } from "../language.ts";
import type { Script, Stmt } from "./ast.ts";
import { checkTypes } from "./checking.ts";
import { lowerEffect, lowerExpression, lowerNamed } from "./lower-expressions.ts";
import { lowerBlock, lowerStatement } from "./lower-statements.ts";
import { Lowering } from "./lowering.ts";
import { hemlockModules, importedNames, lowerBodies } from "./modules.ts";
import type { Parsed } from "./parser.ts";
import { parse as parseText } from "./parser.ts";
import { tooDeep } from "../depth.ts";
import { declarationsOf, functionsOf } from "./scope.ts";
import { ABORT } from "./token-cursor.ts";
import { KEYWORD_SET } from "./tokens.ts";

const RULES = { expression: lowerExpression, effect: lowerEffect, named: lowerNamed, block: lowerBlock };

/** Syntax no deeper than this cannot become IR that is too deep. */
const SHALLOW = 60;

export const hemlock: Language = { name: "hemlock", extensions: [".hml"], keywords: [...KEYWORD_SET], compile, modules: hemlockModules, check: checkTypes };

/** The syntax tree, for tools. */
export function parse(source: Source, options: { readonly library?: boolean; readonly repl?: boolean } = {}): Parsed {
  return parseText(source, options);
}

/** Could more lines turn this into a complete input? */
export function isIncomplete(text: string): boolean {
  return parseText(new Source("<repl>", text), { repl: true }).incomplete;
}

function compile(source: Source, options: FrontOptions): Compilation {
  const { script, diagnostics } = parseText(source, { library: options.library === true, repl: options.repl === true });
  const imported = options.modules === undefined ? [] : importedNames(script.body, options.modules.find);
  const globals = new Set([...declarationsOf(script.body).map((declaration) => declaration.name), ...imported]);
  const refFunctions = script.facts.refPositions.size > 0;
  if (diagnostics.length > 0) return { program: null, diagnostics, refFunctions, definedGlobals: globals };
  const lw = new Lowering(RULES, source, options, script.facts, globals, functionsOf(script.body));
  const body = lowerScript(lw, script);
  for (const name of lw.promoted.keys()) globals.add(name);
  const failed = body === null || lw.diagnostics.some(isError);
  const name = (options.modules?.prefix ?? "") === "" ? "<main>" : "<module>";
  const main = failed ? null : b.functionNode(name, [], body, { library: options.library === true }, script.span);
  // Names that an import would have brought are not worth a warning each.
  const imports = lw.diagnostics.some(({ code }) => code === "E305") || hasLostImport(script, options);
  const reported = imports ? lw.diagnostics.filter(({ code }) => code !== "W401") : lw.diagnostics;
  return { program: main === null ? null : b.program(main, hemlock.name), diagnostics: reported, refFunctions, definedGlobals: globals };
}

const hasLostImport = ({ body }: Script, { modules }: FrontOptions): boolean =>
  body.some((s) => s.kind === "Import" && modules !== undefined && modules.find(s.request.path) === null);

const isError = (diagnostic: Diagnostic): boolean => diagnostic.severity === "error";

/** Null when the lowering was given up with a diagnostic. */
function lowerScript(lw: Lowering, script: Script): Node | null {
  try {
    const body = script.body.map((statement, i) => lowerTopLevel(lw, statement, i === script.body.length - 1));
    if (script.body.at(-1)?.kind !== "Expression") body.push(b.nullNode({ start: script.span.end, end: script.span.end }));
    // Known only now: library values that the program assigns.
    const prologue = [...lowerBodies(lw), ...[...lw.promoted].map(([name, value]) => b.defineGlobal(lw.globalName(name), value, false, value.span))];
    const whole = b.block([...prologue, ...body], script.span);
    const deep = lw.deepest < SHALLOW ? null : tooDeep(whole);
    return deep === null ? whole : lw.tooDeep(deep.span);
  } catch (signal) {
    if (signal !== ABORT) throw signal;
    return null;
  }
}

/** The program's value is that of its last statement, when that is an expression. */
function lowerTopLevel(lw: Lowering, statement: Stmt, last: boolean): Node {
  return last && statement.kind === "Expression" ? lowerExpression(lw, statement.value) : lowerStatement(lw, statement);
}
