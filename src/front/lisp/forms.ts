// Checking the shape of forms. Every function reports what is wrong and gives null or false then; texts name the form as
// the program calls it.

import type { Datum, SymbolDatum } from "./datum.ts";
import { properItems, typeWord } from "./datum.ts";
import type { Form, Lowering } from "./lowering.ts";

/** "2 arguments", "2 or 3 arguments", "1 or more arguments", "no arguments". */
export function countText(min: number, max: number): string {
  if (max < 0) return `${min} or more arguments`;
  if (min !== max) return `${min} ${max === min + 1 ? "or" : "to"} ${max} arguments`;
  return min === 0 ? "no arguments" : `${min} argument${min === 1 ? "" : "s"}`;
}

/** `max` -1: any number. `name`: when errors are to name something else than the form. */
export function checkCount(lw: Lowering, form: Form, min: number, max: number, name = form.name, got = form.args.length): boolean {
  if (got >= min && (max < 0 || got <= max)) return true;
  lw.report("E601", form, [name, countText(min, max), String(got)]);
  return false;
}

/** The items of a list that must be one, reported as `form: expected a list`. */
export function listItems(lw: Lowering, form: Form, datum: Datum | undefined, name = form.name): readonly Datum[] | null {
  const items = datum === undefined ? null : properItems(datum);
  if (items === null) lw.report("E602", datum ?? form, [name, "expected a list"]);
  return items;
}

export function symbolOf(lw: Lowering, form: Form, datum: Datum | undefined, name = form.name): SymbolDatum | null {
  if (datum !== undefined && datum.kind === "symbol") return datum;
  lw.report("E602", datum ?? form, [name, "expected a symbol"]);
  return null;
}

export interface NamedValue<T extends Datum = Datum> { readonly name: T; readonly value: Datum }

/** The bindings of a let: lists of a name or pattern and a value. */
export function bindingsOf(lw: Lowering, form: Form, datum: Datum | undefined, name = form.name): readonly NamedValue[] | null {
  const items = listItems(lw, form, datum, name);
  if (items === null) return null;
  const found: NamedValue[] = [];
  for (const item of items) {
    const parts = listItems(lw, form, item, name);
    if (parts === null) return null;
    const [target, value] = parts;
    if (parts.length !== 2 || target === undefined || value === undefined) {
      lw.report("E602", item, [name, "each binding must have 2 elements"]);
      return null;
    }
    found.push({ name: target, value });
  }
  return found;
}

export interface ParameterList { readonly names: readonly Datum[]; readonly rest: Datum | null }

/** A parameter list: a list or vector of symbols and patterns, with a rest parameter behind a dot; or one symbol. */
export function parametersOf(lw: Lowering, form: Form, datum: Datum, patterns = true): ParameterList | null {
  const list = datum.kind === "list" || datum.kind === "vector" ? datum : null;
  if (list === null && datum.kind === "symbol") return { names: [], rest: datum };
  if (list === null && datum.kind !== "empty") {
    lw.report("E603", datum, ["list or vector", typeWord(datum)]);
    return null;
  }
  const names = list?.items ?? [], rest = list !== null && list.kind === "list" ? list.tail : null;
  for (const name of rest === null ? names : [...names, rest]) {
    if (name.kind === "symbol" || (patterns && (name.kind === "vector" || name.kind === "map"))) continue;
    lw.report("E602", name, [form.name, "expected a symbol"]);
    return null;
  }
  return { names, rest };
}

