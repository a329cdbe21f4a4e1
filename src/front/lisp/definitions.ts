// Forms that define names: what they define, and how the values are made. Where the names live is the business of whoever
// asks (lower-bodies.ts).

import * as b from "../../ir/builder.ts";
import type { Node } from "../../ir/nodes.ts";
import { type Datum, type SymbolDatum, core, typeWord } from "./datum.ts";
import { destructure, patternNames } from "./destructure.ts";
import { checkCount, parametersOf, symbolOf, type ParameterList } from "./forms.ts";
import { isLambda, lowerFunction } from "./lower-functions.ts";
import type { Definition, Form, Lowering } from "./lowering.ts";
import { recordDefinition } from "./records.ts";
import { valuesDefinition } from "./lower-values.ts";

type Define = (lw: Lowering, form: Form) => Definition | null;

export const DEFINITIONS: ReadonlyMap<string, Define> = new Map<string, Define>([
  ["define", define], ["def", define], ["defun", defun], ["defn", defun], ["defmulti", defmulti],
  ["define-record-type", recordDefinition], ["define-values", valuesDefinition],
]);

function define(lw: Lowering, form: Form): Definition | null {
  if (!checkCount(lw, form, 2, -1)) return null;
  const [target, value] = form.args as [Datum, Datum];
  if (target.kind === "list") return defineFunction(lw, form, target.items[0]!, { kind: "list", target: { ...target, items: target.items.slice(1) } });
  if (!checkCount(lw, form, 2, 2)) return null;
  switch (target.kind) {
    case "symbol": return { targets: [target], isFunction: isLambda(lw, value), lower: (store) => store(target, lw.named(value, target.name)) };
    case "vector": case "map": return definePattern(lw, target, value);
    default:
      lw.report("E603", target, ["symbol, list, vector, or map", typeWord(target)]);
      return null;
  }
}

/** `(define (name param …) body …)`; a name that is itself such a list makes a function that gives a function. */
function defineFunction(lw: Lowering, form: Form, name: Datum, params: { readonly kind: "list"; readonly target: Extract<Datum, { kind: "list" }> }): Definition | null {
  const body = form.args.slice(1), { items, tail } = params.target;
  if (name.kind === "list") {
    const inner: Form = { ...form, args: [name, { ...form.list, items: [lambdaSymbol(form), listOf(params.target), ...body], tail: null, cell: 0 }] };
    return define(lw, inner);
  }
  const target = symbolOf(lw, form, name);
  if (target === null) return null;
  if (body.length === 0) return lw.malformed(form, "function body cannot be empty");
  const list = parametersOf(lw, form, listOf({ ...params.target, items, tail }));
  return list === null ? null : functionDefinition(lw, target, list, body, form);
}

/** Items may be none, unlike in a list datum. */
const listOf = (list: Extract<Datum, { kind: "list" }>): Datum => (list.items.length > 0 ? list : list.tail ?? { kind: "empty", span: list.span, source: list.source });
const lambdaSymbol = (form: Form): Datum => core("lambda", form);

function functionDefinition(lw: Lowering, target: SymbolDatum, params: ParameterList, body: readonly Datum[], form: Form): Definition {
  return { targets: [target], isFunction: true, lower: (store) => store(target, lowerFunction(lw, target.name, params, body, form)) };
}

function defun(lw: Lowering, form: Form): Definition | null {
  if (!checkCount(lw, form, 3, -1)) return null;
  const target = symbolOf(lw, form, form.args[0]), params = parametersOf(lw, form, form.args[1]!);
  return target === null || params === null ? null : functionDefinition(lw, target, params, form.args.slice(2), form);
}

function definePattern(lw: Lowering, pattern: Datum, value: Datum): Definition {
  const targets = patternNames(lw, pattern);
  const lower: Definition["lower"] = (store) => lw.inNewScope((scope) => {
    const whole = lw.expression(value);
    const nodes: Node[] = destructure(lw, scope, pattern, () => whole, (name, part) => store(targets.find((target) => target === name)!, part));
    return b.scope(scope.variables, b.block([...nodes, lw.nothing(pattern)], lw.at(pattern)), lw.at(pattern));
  });
  return { targets, isFunction: false, lower };
}

function defmulti(lw: Lowering, form: Form): Definition | null {
  if (!checkCount(lw, form, 2, 2)) return null;
  const target = symbolOf(lw, form, form.args[0]);
  if (target === null) return null;
  const lower: Definition["lower"] = (store) => store(target, lw.library("%make-multimethod", [lw.symbol(target.name, target), lw.expression(form.args[1]!)], form));
  return { targets: [target], isFunction: false, lower };
}

/** The name a form defines, as far as its shape tells. */
export function definedName(form: Datum): string | null {
  if (form.kind !== "list" || form.items[0]!.kind !== "symbol" || !/^(?:def|set!)/.test(form.items[0].name)) return null;
  const target = form.items[1], name = target?.kind === "list" ? target.items[0] : target;
  return name?.kind === "symbol" ? name.name : null;
}

/** The names that forms of a module define, as far as their shapes tell; those that expansions define are found when they run. */
export function definedNames(forms: readonly Datum[]): SymbolDatum[] {
  return forms.flatMap((form) => {
    if (form.kind !== "list" || form.items[0]!.kind !== "symbol") return [];
    const [head, target, ...rest] = form.items as [SymbolDatum, ...Datum[]];
    if (head.name === "begin" || head.name === "progn") return definedNames(form.items.slice(1));
    if (head.name === "module") return definedNames(form.items.slice(3));
    if (!head.name.startsWith("def") || target === undefined || head.name === "defmethod" || head.name === "define-library") return [];
    if (head.name === "define-record-type") return recordNames(target, rest);
    return target.kind === "list" ? symbolsIn({ ...target, items: target.items.slice(0, head.name === "define-values" ? undefined : 1), tail: null }) : symbolsIn(target);
  });
}

/** The type, the constructor, the predicate, and what follows the name of each field. */
function recordNames(type: Datum, [constructor, predicate, ...fields]: readonly Datum[]): SymbolDatum[] {
  const first = (datum: Datum | undefined): Datum[] => (datum === undefined ? [] : datum.kind === "list" ? [datum.items[0]!] : [datum]);
  const named = fields.flatMap((field) => (field.kind === "list" ? field.items.slice(1) : []));
  return [...first(type), ...first(constructor), ...first(predicate), ...named].flatMap(symbolsIn);
}

/** All symbols in a datum. */
function symbolsIn(datum: Datum): SymbolDatum[] {
  switch (datum.kind) {
    case "symbol": return [datum];
    case "list": return [...datum.items, ...(datum.tail === null ? [] : [datum.tail])].flatMap(symbolsIn);
    case "vector": case "map": return datum.items.flatMap(symbolsIn);
    default: return [];
  }
}
