// The table of special forms, and those that are too small for a file of their own.

import * as b from "../../ir/builder.ts";
import type { Node } from "../../ir/nodes.ts";
import { condExpand } from "./cond-expand.ts";
import { type Datum, type SymbolDatum, core, fresh, listDatum } from "./datum.ts";
import { DEFINITIONS } from "./definitions.ts";
import { transformer } from "./expansion.ts";
import { checkCount, listItems, parametersOf, symbolOf } from "./forms.ts";
import { bindSyntax, lowerDefinitionForm } from "./lower-bodies.ts";
import { lowerBegin, lowerCase, lowerCond, lowerIf, lowerLogic, lowerWhen, lowerWhile } from "./lower-control.ts";
import { lowerCaseLambda, lowerDelay, lowerGuard, lowerHandlerBind, lowerParameterize, lowerThrow, lowerTry, lowerWithRestarts } from "./lower-exceptions.ts";
import { quote, writeName } from "./lower-expressions.ts";
import { lowerFunction, lowerLambda, thunk } from "./lower-functions.ts";
import { lowerLet, lowerLetStar, lowerLetrec } from "./lower-let.ts";
import { lowerMatch } from "./lower-match.ts";
import { lowerLetValues, lowerReceive } from "./lower-values.ts";
import type { Form, Lowering } from "./lowering.ts";
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
  ["module", lowerModule], ["define-library", lowerLibrary], ["import", lowerImport], ["include", lowerInclude], ["export", (lw, form) => lw.nothing(form)],
  ["syntax-error", lowerSyntaxError], ["the-environment", lowerEnvironment],
  ["async", (lw, form) => lw.library("async/spawn", [thunk(lw, () => lw.body(form.args, form), form)], form)],
  ["await", (lw, form) => (checkCount(lw, form, 1, 1) ? lw.library("async/await", lw.expressions(form.args), form) : null)],
  ["%format", (lw, form) => lw.native("string-append", lw.expressions(form.args), form)],
];

export const FORMS: ReadonlyMap<string, (lw: Lowering, form: Form) => Node> = new Map([
  ...TABLE.map(([name, lower]) => [name, (lw: Lowering, form: Form): Node => lower(lw, form) ?? lw.nothing(form)] as const),
  ...Array.from(DEFINITIONS.keys(), (name) => [name, lowerDefinitionForm] as const),
]);

/** Names that mean these forms only while the program has no global of that name: additions to what the dialect reserves. */
export const WEAK: ReadonlySet<string> = new Set([
  "->", "->>", "as->", "some->", "if-let", "when-let", "dotimes", "for-range", "guard", "parameterize", "handler-bind", "with-restarts", "case-lambda",
  "receive", "let-syntax", "letrec-syntax", "cond-expand", "define-library", "include", "export", "syntax-error", "the-environment", "delay-force", "letrec*", "async", "await",
]);

function lowerSet(lw: Lowering, form: Form): Node | null {
  if (!checkCount(lw, form, 2, 2)) return null;
  const name = symbolOf(lw, form, form.args[0]);
  return name === null ? null : writeName(lw, name, lw.named(form.args[1]!, name.name), form);
}

/** `(defmacro name params body …)`: the expander is a procedure of the program like any other. */
function lowerDefmacro(lw: Lowering, form: Form): Node | null {
  if (!checkCount(lw, form, 3, -1)) return null;
  const [name, params] = form.args as [Datum, Datum];
  if (name.kind !== "symbol") return lw.malformed(form, "name must be a symbol");
  // A list of nothing but a rest parameter, `(. body)`, is read as that symbol.
  if (!["list", "empty", "vector", "symbol"].includes(params.kind)) return lw.malformed(form, "params must be a list");
  const list = parametersOf(lw, form, params);
  if (list === null) return null;
  const expander = lowerFunction(lw, name.name, list, form.args.slice(2), form);
  lw.defined.set(name.name, { kind: "procedural" });
  return lw.native("%define-macro", [lw.symbol(name.name, name), expander], form);
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
  lw.defined.set(name.name, { kind: "rules", rules });
  return lw.native("%define-syntax", [lw.symbol(name.name, name), quote(lw, rules)], form);
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

/** `(module name (export name …) body …)` inside of something: nobody imports it. */
function lowerModule(lw: Lowering, form: Form): Node | null {
  const forms = moduleForms(lw, form);
  return forms === null ? null : lw.sequence(forms, form);
}

/** The body of a module, with what records its exports in front; its names are globals. */
export function moduleForms(lw: Lowering, form: Form): readonly Datum[] | null {
  if (!checkCount(lw, form, 2, -1)) return null;
  const name = symbolOf(lw, form, form.args[0]), exported = listItems(lw, form, form.args[1]);
  if (name === null || exported === null) return null;
  const quoted = (datum: Datum): Datum => listDatum([core("quote", form), datum], form);
  return [listDatum([core("%module-exports", form), quoted(name), quoted(listDatum(exported.slice(1), form))], form), ...form.args.slice(2)];
}

/** `(define-library name (export …) (import …) (begin …) …)`: the declarations in order. */
function lowerLibrary(lw: Lowering, form: Form): Node | null {
  if (!checkCount(lw, form, 1, -1)) return null;
  return lw.sequence(form.args.slice(1), form);
}

/** `(import "path" name …)`; import sets name parts of the library, which are there anyway. */
function lowerImport(lw: Lowering, form: Form): Node | null {
  if (!checkCount(lw, form, 1, -1)) return null;
  const [path, ...names] = form.args as [Datum, ...Datum[]];
  if (path.kind === "list" && path.items[0]!.kind === "symbol") return null;
  const symbols = names.flatMap((name) => (name.kind === "list" || name.kind === "vector" ? name.items : [name]));
  if (!symbols.every((name): name is SymbolDatum => name.kind === "symbol")) return lw.malformed(form, "names must be symbols");
  const wanted = symbols.length === 0 ? lw.nothing(form) : quote(lw, listDatum(symbols, form));
  return lw.library("%import", [lw.expression(path), wanted], form);
}

function lowerInclude(lw: Lowering, form: Form): Node | null {
  if (!checkCount(lw, form, 1, -1)) return null;
  return b.block(form.args.map((path) => lw.library("%include", [lw.expression(path)], path)), lw.at(form));
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
      if (typeof name !== "string" || seen.has(name) || binding.kind === "rules") continue;
      seen.add(name);
      entries.push(environmentEntry(lw, form, { kind: "symbol", name, alias: null, span: form.span, source: form.source }));
    }
  }
  return lw.native("%make-environment", [lw.native("list", entries, form)], form);
}

function environmentEntry(lw: Lowering, form: Form, name: SymbolDatum): Node {
  const getter = thunk(lw, () => lw.expression(name), form), value = fresh("value", form);
  const setter = lowerFunction(lw, name.name, { names: [value], rest: null }, () => writeName(lw, name, lw.expression(value), form), form);
  return lw.native("cons", [lw.symbol(name.name, name), lw.native("cons", [getter, setter], form)], form);
}
