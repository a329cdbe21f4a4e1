// (include path …) stands for the forms in the files, wherever it stands. Only the library can read files, so it is expanded
// the way a procedural macro is: reported as pending, and known when the front end is asked again.

import { type Datum, core, listDatum, nil, properItems, symbol } from "./datum.ts";
import { checkCount } from "./forms.ts";
import { type Form, type Lowering, PENDING } from "./lowering.ts";

/** A begin of the forms; `folded`: letter case in them does not count. */
export function expandInclude(lw: Lowering, form: Form, folded: boolean): Datum | typeof PENDING | null {
  if (!checkCount(lw, form, 1, -1)) return null;
  const notText = form.args.find((path) => path.kind !== "string");
  if (notText !== undefined) {
    lw.report("E602", notText, [form.name, "a path must be a string"]);
    return null;
  }
  const key = lw.callKey(form.list, form.name), known = lw.options.expansion(key);
  if (known !== undefined && known !== null) return listDatum([core("begin", form), ...(properItems(known) ?? [])], form);
  lw.pend(key, reader(lw, form, folded), listDatum(form.args, form), form.list);
  return PENDING;
}

/** The path that the paths of a form are relative to: that of the file it stands in. */
export const pathOf = (lw: Lowering): Datum => ({ kind: "string", value: lw.options.source.name, span: { start: 0, end: 0 }, source: lw.options.sourceId });

/** `(lambda paths (%included module from paths folded))` */
function reader(lw: Lowering, form: Form, folded: boolean): Datum {
  const fold: Datum = { kind: "bool", value: folded, span: form.span, source: form.source };
  const paths = symbol("paths", form), { module } = lw.options;
  const owner = module === null ? nil(form) : listDatum([core("quote", form), symbol(module, form)], form);
  return listDatum([core("lambda", form), paths, listDatum([core("%included", form), owner, pathOf(lw), paths, fold], form)], form);
}
