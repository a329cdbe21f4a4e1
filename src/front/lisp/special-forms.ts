// The table of special forms, and those that are too small for a file of their own.

import type { Node } from "../../ir/nodes.ts";
import { condExpand } from "./cond-expand.ts";
import { type SymbolDatum, fresh } from "./datum.ts";
import { DEFINITIONS } from "./definitions.ts";
import { transformer } from "./expansion.ts";
import { checkCount, listItems, parametersOf, symbolOf } from "./forms.ts";
import { bindMacro, bindSyntax, lowerDefinitionForm, macroParts } from "./lower-bodies.ts";
import { lowerBegin, lowerCase, lowerCond, lowerIf, lowerLogic, lowerWhen, lowerWhile } from "./lower-control.ts";
import { lowerCaseLambda, lowerDelay, lowerGuard, lowerHandlerBind, lowerParameterize, lowerThrow, lowerTry, lowerWithRestarts } from "./lower-exceptions.ts";
import { quote, writeName } from "./lower-expressions.ts";
import { lowerFunction, lowerLambda, thunk } from "./lower-functions.ts";
import { lowerLet, lowerLetStar, lowerLetrec } from "./lower-let.ts";
import { lowerMatch } from "./lower-match.ts";
import { lowerLetValues, lowerReceive } from "./lower-values.ts";
import type { Form, Lowering } from "./lowering.ts";
import { currentModule, lowerImport, lowerLibrary, lowerModule } from "./modules.ts";
import { lowerQuasiquote } from "./quasiquote.ts";
import type { Scope } from "./scope.ts";

type Lower = (lw: Lowering, form: Form) => Node | null;

const TABLE: readonly (readonly [string, Lower])[] = [
  ["quote", (lw, form) => (checkCount(lw, form, 1, 1) ? quote(lw, form.args[0]!) : null)],
  ["quasiquote", lowerQuasiquote],
  ["if", lowerIf], ["cond", lowerCond], ["case", lowerCase],
  ["when", (lw, form) => lowerWhen(lw, form, false)], ["unless", (lw, form) => lowerWhen(lw, form, true)],
  ["and", (lw, form) => lowerLogic(lw, form, true)], ["or", (lw, form) => lowerLogic(lw, form, false)],
  ["begin", lowerBegin], ["progn", lowerBegin],
  ["lambda", (lw, form) => lowerLambda(lw, form, "")], ["fn", (lw, form) => lowerLambda(lw, form, "")],
  ["set!", lowerSet],
  ["let", lowerLet], ["let*", lowerLetStar], ["letrec", lowerLetrec], ["letrec*", lowerLetrec],
  ["while", lowerWhile],
  ["match", (lw, form) => lowerMatch(lw, form, true)], ["match*", (lw, form) => lowerMatch(lw, form, false)],
  ["try", lowerTry], ["throw", lowerThrow], ["guard", lowerGuard],
  ["delay", (lw, form) => lowerDelay(lw, form, false)], ["delay-force", (lw, form) => lowerDelay(lw, form, true)],
  ["parameterize", lowerParameterize], ["handler-bind", lowerHandlerBind], ["with-restarts", lowerWithRestarts],
  ["case-lambda", lowerCaseLambda],
  ["let-values", (lw, form) => lowerLetValues(lw, form, false)], ["let*-values", (lw, form) => lowerLetValues(lw, form, true)],
  ["receive", lowerReceive],
  ["defmacro", lowerDefmacro], ["define-syntax", lowerDefineSyntax],
  ["let-syntax", (lw, form) => lowerLetSyntax(lw, form, false)], ["letrec-syntax", (lw, form) => lowerLetSyntax(lw, form, true)],
  ["defmethod", lowerDefmethod],
  ["cond-expand", (lw, form) => lw.sequence(condExpand(lw, form) ?? [], form)],
  ["module", lowerModule], ["define-library", lowerLibrary], ["import", lowerImport], ["export", (lw, form) => lw.nothing(form)],
  ["syntax-error", lowerSyntaxError], ["the-environment", lowerEnvironment],
  ["async", (lw, form) => lw.library("async/spawn", [thunk(lw, () => lw.body(form.args, form), form)], form)],
  ["await", (lw, form) => (checkCount(lw, form, 1, 1) ? lw.library("async/await", lw.expressions(form.args), form) : null)],
  ["%form", (lw, form) => lw.expression(form.args[0]!)],
  ["%format", (lw, form) => lw.native("string-append", lw.expressions(form.args), form)],
];

export const FORMS: ReadonlyMap<string, (lw: Lowering, form: Form) => Node> = new Map([
  ...TABLE.map(([name, lower]) => [name, (lw: Lowering, form: Form): Node => lower(lw, form) ?? lw.nothing(form)] as const),
  ...Array.from(DEFINITIONS.keys(), (name) => [name, lowerDefinitionForm] as const),
]);

/** Names that mean these forms only while the program has no global of that name: additions to what the dialect reserves. */
export const WEAK: ReadonlySet<string> = new Set([
  "->", "->>", "as->", "some->", "if-let", "when-let", "dotimes", "for-range", "guard", "parameterize", "handler-bind", "with-restarts", "case-lambda",
  "receive", "let-syntax", "letrec-syntax", "cond-expand", "define-library", "include", "include-ci", "export", "syntax-error", "the-environment", "delay-force", "letrec*", "async", "await",
]);

function lowerSet(lw: Lowering, form: Form): Node | null {
  if (!checkCount(lw, form, 2, 2)) return null;
  const name = symbolOf(lw, form, form.args[0]);
  return name === null ? null : writeName(lw, name, lw.named(form.args[1]!, name.name), form);
}

/** `(defmacro name params body …)`: the expander is a procedure of the program like any other. Bodies have looked for theirs before. */
function lowerDefmacro(lw: Lowering, form: Form): Node | null {
  if (lw.bodyScope !== lw.root) {
    bindMacro(lw, lw.bodyScope, form);
    return null;
  }
  const parts = macroParts(lw, form), list = parts === null ? null : parametersOf(lw, form, parts.params);
  if (parts === null || list === null) return null;
  const { name } = parts;
  const expander = lowerFunction(lw, name.name, list, form.args.slice(2), form);
  lw.defined.set(lw.ownName(name.name), { kind: "procedural" });
  return lw.native("%define-macro", [lw.symbol(lw.ownName(name.name), name), expander], form);
}

/** At the top level the macro is global; bodies have looked for theirs before. */
function lowerDefineSyntax(lw: Lowering, form: Form): Node | null {
  if (lw.bodyScope !== lw.root) {
    bindSyntax(lw, lw.bodyScope, form);
    return null;
  }
  const [name, rules, more] = form.args;
  if (name?.kind !== "symbol" || rules === undefined || more !== undefined) return lw.malformed(form, "expected (define-syntax name (syntax-rules ...))");
  if (transformer(lw, form, rules) === null) return null;
  lw.defined.set(lw.ownName(name.name), { kind: "rules", rules, home: lw.options.module });
  return lw.native("%define-syntax", [lw.symbol(lw.ownName(name.name), name), quote(lw, rules)], form);
}

/** `recursive`: the macros see each other. */
function lowerLetSyntax(lw: Lowering, form: Form, recursive: boolean): Node | null {
  if (!checkCount(lw, form, 1, -1)) return null;
  const bindings = listItems(lw, form, form.args[0]), outer: Scope = lw.scope;
  if (bindings === null) return null;
  return lw.inNewScope((scope) => {
    for (const binding of bindings) {
      const [name, rules] = listItems(lw, form, binding) ?? [];
      if (name?.kind !== "symbol" || rules === undefined) return lw.malformed(form, "each binding must be (name (syntax-rules ...))");
      const parsed = transformer(lw, form, rules);
      if (parsed !== null) scope.bind(name.alias ?? name.name, { kind: "rules", rules: parsed, scope: recursive ? scope : outer });
    }
    return lw.body(form.args.slice(1), form);
  });
}

function lowerDefmethod(lw: Lowering, form: Form): Node | null {
  if (!checkCount(lw, form, 3, 3)) return null;
  return lw.library("%add-method", lw.expressions(form.args), form);
}

function lowerSyntaxError(lw: Lowering, form: Form): Node | null {
  if (!checkCount(lw, form, 1, -1)) return null;
  const message = form.args[0]!;
  lw.report("E607", form, [message.kind === "string" ? message.value : "syntax error"]);
  return null;
}

/** A getter and a setter for each variable that can be seen from here. */
function lowerEnvironment(lw: Lowering, form: Form): Node | null {
  if (!checkCount(lw, form, 0, 0)) return null;
  const seen = new Set<string>(), entries: Node[] = [];
  for (let scope: Scope | null = lw.scope; scope !== null; scope = scope.parent) {
    for (const [name, binding] of scope.names()) {
      if (typeof name !== "string" || seen.has(name) || binding.kind === "rules" || binding.kind === "expander") continue;
      seen.add(name);
      entries.push(environmentEntry(lw, form, { kind: "symbol", name, alias: null, span: form.span, source: form.source }));
    }
  }
  return lw.native("%make-environment", [lw.native("list", entries, form), currentModule(lw, form)], form);
}

function environmentEntry(lw: Lowering, form: Form, name: SymbolDatum): Node {
  const getter = thunk(lw, () => lw.expression(name), form), value = fresh("value", form);
  const setter = lowerFunction(lw, name.name, { names: [value], rest: null }, () => writeName(lw, name, lw.expression(value), form), form);
  return lw.native("cons", [lw.symbol(name.name, name), lw.native("cons", [getter, setter], form)], form);
}
