// Forms that are other forms in disguise: each function gives the datum that replaces the form, null when the form is
// malformed, PENDING when it must be asked again. Names they bring along are `core` (special forms and library functions) or `fresh` (nothing else).

import { type Datum, type ListDatum, type Place, core, fresh, integerDatum, listDatum, properItems } from "./datum.ts";
import { checkCount, listItems, symbolOf } from "./forms.ts";
import { expandInclude } from "./include.ts";
import type { Form, Lowering, PENDING } from "./lowering.ts";

type Derive = (lw: Lowering, form: Form) => Datum | typeof PENDING | null;

export const DERIVED: ReadonlyMap<string, Derive> = new Map<string, Derive>([
  ["->", (lw, form) => thread(lw, form, insertFirst)],
  ["->>", (lw, form) => thread(lw, form, insertLast)],
  ["as->", threadAs], ["some->", threadSome],
  ["if-let", ifLet], ["when-let", whenLet],
  ["do", doLoop], ["dotimes", dotimes], ["for-range", forRange],
  ["include", (lw, form) => expandInclude(lw, form, false)], ["include-ci", (lw, form) => expandInclude(lw, form, true)],
]);

const list = (at: Place, ...items: Datum[]): Datum => listDatum(items, at);

// ---- threading

/** A step that is no list is called with the value alone. */
const insertFirst = (step: Datum, value: Datum): Datum => insert(step, (items) => [items[0]!, value, ...items.slice(1)], value);
const insertLast = (step: Datum, value: Datum): Datum => insert(step, (items) => [...items, value], value);

function insert(step: Datum, place: (items: readonly Datum[]) => Datum[], value: Datum): Datum {
  return step.kind === "list" && step.tail === null ? { ...step, items: place(step.items), cell: 0 } satisfies ListDatum : list(step, step, value);
}

function thread(lw: Lowering, form: Form, step: (step: Datum, value: Datum) => Datum): Datum | null {
  if (!checkCount(lw, form, 1, -1)) return null;
  const [value, next, ...later] = form.args as [Datum, ...Datum[]];
  if (next === undefined) return value;
  const stepped = step(next, value);
  return later.length === 0 ? stepped : listDatum([form.list.items[0]!, stepped, ...later], form);
}

/** `(as-> value name step …)` */
function threadAs(lw: Lowering, form: Form): Datum | null {
  if (!checkCount(lw, form, 2, -1)) return null;
  const [first, name, ...steps] = form.args as [Datum, Datum, ...Datum[]];
  if (steps.length === 0) return first;
  const bindings = [first, ...steps.slice(0, -1)].map((value) => list(value, name, value));
  return list(form, core("let*", form), listDatum(bindings, form), steps.at(-1)!);
}

function threadSome(lw: Lowering, form: Form): Datum | null {
  if (!checkCount(lw, form, 1, -1)) return null;
  const [first, ...steps] = form.args as [Datum, ...Datum[]];
  const name = fresh("value", form);
  const rest = steps.reduceRight<Datum | null>((inner, step) => {
    const value = insertFirst(step, name);
    return unlessNil(form, name, inner === null ? value : list(form, core("let", form), list(form, list(form, name, value)), inner));
  }, null);
  return rest === null ? first : list(form, core("let", form), list(form, list(form, name, first)), rest);
}

/** The datum's value unless the name's is nil. */
const unlessNil = (at: Place, name: Datum, then: Datum): Datum => list(at, core("if", at), list(at, core("nil?", at), name), { kind: "nil", span: at.span, source: at.source }, then);

// ---- let with a test

/** `(name value)` of if-let and when-let. */
function tested(lw: Lowering, form: Form): readonly [Datum, Datum] | null {
  const items = listItems(lw, form, form.args[0]);
  if (items === null) return null;
  if (items.length !== 2) return lw.malformed(form, "binding must be (name expr)");
  return [items[0]!, items[1]!];
}

function ifLet(lw: Lowering, form: Form): Datum | null {
  if (!checkCount(lw, form, 2, 3)) return null;
  return testedLet(lw, form, form.args[1]!, form.args[2] ?? { kind: "nil", span: form.span, source: form.source });
}

function whenLet(lw: Lowering, form: Form): Datum | null {
  if (!checkCount(lw, form, 2, -1)) return null;
  const binding = tested(lw, form), body = form.args.slice(1);
  if (binding?.[0].kind === "symbol") {
    const test = list(form, core("not", form), list(form, core("nil?", form), binding[0]));
    return list(form, core("let", form), list(form, list(form, ...binding)), listDatum([core("when", form), test, ...body], form));
  }
  return binding === null ? null : testedLet(lw, form, listDatum([core("begin", form), ...body], form), { kind: "nil", span: form.span, source: form.source });
}

function testedLet(lw: Lowering, form: Form, then: Datum, otherwise: Datum): Datum | null {
  const binding = tested(lw, form);
  if (binding === null) return null;
  const [name, value] = binding, held = fresh("value", form);
  const taken = list(form, core("let", form), list(form, list(form, name, held)), then);
  return list(form, core("let", form), list(form, list(form, held, value)), list(form, core("if", form), list(form, core("nil?", form), held), otherwise, taken));
}

// ---- loops

/** `(do ((name init [step]) …) (test result …) body …)` */
function doLoop(lw: Lowering, form: Form): Datum | null {
  if (!checkCount(lw, form, 2, -1)) return null;
  const specs = listItems(lw, form, form.args[0]), ending = listItems(lw, form, form.args[1]);
  if (specs === null || ending === null) return null;
  if (ending.length === 0) return lw.malformed(form, "test clause must not be empty");
  const loop = fresh("do", form), bindings: Datum[] = [], steps: Datum[] = [];
  for (const spec of specs) {
    const items = listItems(lw, form, spec);
    if (items === null) return null;
    if (items.length < 2 || items.length > 3) return lw.malformed(form, "binding must be (var init) or (var init step)");
    if (symbolOf(lw, form, items[0]) === null) return null;
    bindings.push(list(spec, items[0]!, items[1]!));
    steps.push(items[2] ?? items[0]!);
  }
  const [test, ...results] = ending as [Datum, ...Datum[]];
  const again = list(form, loop, ...steps), body = form.args.slice(2);
  const round = list(form, core("if", form), test, list(form, core("begin", form), ...results), body.length === 0 ? again : list(form, core("begin", form), ...body, again));
  return list(form, core("let", form), loop, listDatum(bindings, form), round);
}

/** `(dotimes (name count) body …)`: count is evaluated in each round. */
function dotimes(lw: Lowering, form: Form): Datum | null {
  if (!checkCount(lw, form, 1, -1)) return null;
  const [name, count, more] = properItems(form.args[0]!) ?? [];
  if (name === undefined || count === undefined || more !== undefined) return lw.malformed(form, "expected (dotimes (var count) body...)");
  return counting(form, name, integerDatum(0, form), count, integerDatum(1, form));
}

/** `(for-range (name from to [step]) body …)` */
function forRange(lw: Lowering, form: Form): Datum | null {
  if (!checkCount(lw, form, 1, -1)) return null;
  const [name, from, to, step, more] = properItems(form.args[0]!) ?? [];
  if (name === undefined || from === undefined || to === undefined || more !== undefined) return lw.malformed(form, "expected (for-range (var from to [step]) body...)");
  return counting(form, name, from, to, step ?? integerDatum(1, form));
}

function counting(form: Form, name: Datum, from: Datum, to: Datum, step: Datum): Datum {
  const up = step.kind === "number" && step.value.type === "int";
  const ends = (test: string): Datum => list(form, core(test, form), name, to);
  const constant = up && step.value.type === "int" && step.value.value < 0n ? ends("<=") : ends(">=");
  const test = up ? constant : list(form, core("if", form), list(form, core("<", form), step, integerDatum(0, form)), ends("<="), ends(">="));
  return list(form, core("do", form), list(form, list(form, name, from, list(form, core("+", form), name, step))), list(form, test), ...form.args.slice(1));
}
