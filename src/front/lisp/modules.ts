// Modules as the front end sees them: forms that name data, from which the library makes modules when the program runs
// (prelude/modules.lisp.ts). A module's globals have names of their own (MODULE_MARK), so a form is compiled for its module.

import type { Node } from "../../ir/nodes.ts";
import { condExpand } from "./cond-expand.ts";
import { type Datum, type Place, isSymbolNamed, listDatum, properItems, symbol } from "./datum.ts";
import { checkCount, listItems, symbolOf } from "./forms.ts";
import { definedNames } from "./definitions.ts";
import { pathOf } from "./include.ts";
import { quote } from "./lower-expressions.ts";
import type { Form, Lowering } from "./lowering.ts";

/** The module of the form as a value: its symbol, or nil. */
export const currentModule = (lw: Lowering, at: Place): Node => (lw.options.module === null ? lw.nothing(at) : lw.symbol(lw.options.module, at));

const list = (items: readonly Datum[], at: Place): Datum => (items.length === 0 ? { kind: "empty", span: at.span, source: at.source } : listDatum(items, at));

/** `(module name (export name …) body …)`: runs at once. Its exports are defined around it. */
export function lowerModule(lw: Lowering, form: Form): Node | null {
  if (!checkCount(lw, form, 2, -1)) return null;
  const name = symbolOf(lw, form, form.args[0]), clause = listItems(lw, form, form.args[1]);
  const exports = clause === null ? null : exportPairs(lw, form, isSymbolNamed(clause[0], "export") ? clause.slice(1) : clause);
  if (name === null || exports === null) return null;
  const body = form.args.slice(2), data = [exports, list(definedNames(body), form), list(body, form)];
  return lw.library("%module", [currentModule(lw, form), quote(lw, name), ...data.map((each) => quote(lw, each))], form);
}

interface Declarations { readonly exports: Datum[]; readonly imports: Datum[]; readonly body: Datum[] }

/** `(define-library name declaration …)`: runs when it is first imported. */
export function lowerLibrary(lw: Lowering, form: Form): Node | null {
  if (!checkCount(lw, form, 1, -1)) return null;
  const [name, ...rest] = form.args as [Datum, ...Datum[]];
  if (name.kind !== "list" && name.kind !== "symbol") return lw.malformed(form, "name must be a list, such as (tools text)");
  const found: Declarations = { exports: [], imports: [], body: [] };
  if (!declarations(lw, form, rest, found)) return null;
  const exports = exportPairs(lw, form, found.exports);
  if (exports === null) return null;
  const data = [name, pathOf(lw), exports, list(found.imports, form), list(found.body, form)];
  return lw.library("%define-library", data.map((each) => quote(lw, each)), form);
}

function declarations(lw: Lowering, form: Form, data: readonly Datum[], found: Declarations): boolean {
  return data.every((datum) => {
    const items = properItems(datum), [head, ...rest] = items ?? [];
    if (isSymbolNamed(head, "export")) found.exports.push(...rest);
    else if (isSymbolNamed(head, "import")) found.imports.push(...rest);
    else if (isSymbolNamed(head, "begin")) found.body.push(...rest);
    else if (isSymbolNamed(head, "include") || isSymbolNamed(head, "include-ci")) found.body.push(datum);
    else if (isSymbolNamed(head, "cond-expand") && datum.kind === "list") {
      return declarations(lw, form, condExpand(lw, { ...form, name: "cond-expand", list: datum, args: rest }) ?? [], found);
    } else return lw.malformed(form, "a declaration is (export ...), (import ...), (begin ...), (include ...), (include-ci ...) or (cond-expand ...)") !== null;
    return true;
  });
}

/** List of (name outside . name inside). */
function exportPairs(lw: Lowering, form: Form, specs: readonly Datum[]): Datum | null {
  const pairs: Datum[] = [];
  for (const spec of specs) {
    const [head, inner, outer, more] = properItems(spec) ?? [];
    const renamed = isSymbolNamed(head, "rename") && inner?.kind === "symbol" && outer?.kind === "symbol" && more === undefined;
    if (spec.kind === "symbol") pairs.push(listDatum([spec], form, spec));
    else if (renamed) pairs.push(listDatum([outer], form, inner));
    else return lw.malformed(form, "an export is a name or (rename inside outside)");
  }
  return list(pairs, form);
}

/** `(import "path" name …)`, or import sets. */
export function lowerImport(lw: Lowering, form: Form): Node | null {
  if (!checkCount(lw, form, 1, -1)) return null;
  const [first, ...rest] = form.args as [Datum, ...Datum[]], module = currentModule(lw, form), from = quote(lw, pathOf(lw));
  if (first.kind === "list" || first.kind === "symbol") return lw.library("%import-sets", [module, from, quote(lw, list(form.args, form))], form);
  const names = rest.flatMap((name) => (name.kind === "list" || name.kind === "vector" ? name.items : [name]));
  if (!names.every((name) => name.kind === "symbol")) return lw.malformed(form, "names must be symbols");
  const set = names.length === 0 ? first : listDatum([symbol("only"), first, ...names], form);
  return lw.library("%import-sets", [module, from, quote(lw, listDatum([set], form))], form);
}
