// define-record-type: a type, a constructor, a predicate, accessors and modifiers, all closures over the type.

import * as b from "../../ir/builder.ts";
import type { Node, Variable } from "../../ir/nodes.ts";
import { type Datum, type SymbolDatum, listDatum, properItems } from "./datum.ts";
import { listItems, symbolOf } from "./forms.ts";
import { functionNode } from "./lower-functions.ts";
import type { Definition, Form, Lowering } from "./lowering.ts";

interface Field { readonly name: SymbolDatum; readonly accessor: SymbolDatum | null; readonly modifier: SymbolDatum | null }
interface Constructor { readonly name: SymbolDatum; readonly fields: readonly SymbolDatum[] }
interface RecordForm { readonly type: SymbolDatum; readonly make: Constructor | null; readonly predicate: SymbolDatum | null; readonly fields: readonly Field[] }

export function recordDefinition(lw: Lowering, form: Form): Definition | null {
  if (form.args.length < 3) return lw.malformed(form, "requires at least type name, constructor, and predicate");
  const record = parseRecord(lw, form);
  if (record === null) return null;
  const { type, make, predicate, fields } = record;
  const taken = [make?.name, predicate, ...fields.flatMap(({ accessor, modifier }) => [accessor, modifier])].filter((name) => name !== null && name !== undefined);
  // The type itself is a value too, unless its name is that of the constructor or so.
  const ownName = !taken.some(({ name }) => name === type.name);
  const lower: Definition["lower"] = (store) => lw.inNewScope((scope) => {
    const held = scope.temporary(type.name), at = lw.at(form);
    const names = listDatum(fields.map(({ name }) => name), form);
    const nodes: Node[] = [b.letNode(held, lw.native("%make-record-type", [lw.symbol(type.name, type), lw.quoted(names, form)], form), at)];
    const functions = new RecordFunctions(lw, form, held);
    if (ownName) nodes.push(store(type, b.local(held, at)));
    if (make !== null) nodes.push(store(make.name, functions.make(make, fields)));
    if (predicate !== null) nodes.push(store(predicate, functions.predicate(predicate.name)));
    fields.forEach(({ accessor, modifier }, i) => {
      if (accessor !== null) nodes.push(store(accessor, functions.accessor(accessor.name, i)));
      if (modifier !== null) nodes.push(store(modifier, functions.modifier(modifier.name, i)));
    });
    return b.scope(scope.variables, b.block([...nodes, lw.nothing(form)], at), at);
  });
  return { targets: ownName ? [type, ...taken] : taken, isFunction: false, lower };
}

function parseRecord(lw: Lowering, form: Form): RecordForm | null {
  const [name, constructor, predicate, ...specs] = form.args as [Datum, Datum, Datum, ...Datum[]];
  const type = symbolOf(lw, form, properItems(name)?.[0] ?? name);
  const fields = specs.map((spec) => parseField(lw, form, spec));
  if (type === null || fields.some((field) => field === null)) return null;
  const known = fields as Field[], make = parseConstructor(lw, form, constructor, known);
  if (make === undefined) return null;
  const test = predicate.kind === "bool" && !predicate.value ? null : symbolOf(lw, form, predicate);
  if (test === null && predicate.kind !== "bool") return null;
  // Fields that only the constructor mentions are fields all the same.
  const more = (make?.fields ?? []).filter((field) => !known.some((each) => each.name.name === field.name));
  return { type, make, predicate: test, fields: [...known, ...more.map((each): Field => ({ name: each, accessor: null, modifier: null }))] };
}

function parseField(lw: Lowering, form: Form, spec: Datum): Field | null {
  const items = spec.kind === "symbol" ? [spec] : listItems(lw, form, spec);
  if (items === null) return null;
  const [name, accessor, modifier] = items.map((item) => symbolOf(lw, form, item));
  if (name === undefined || items.length > 3) return lw.malformed(form, "a field is (name accessor [modifier])");
  if (name === null || accessor === null || modifier === null) return null;
  return { name, accessor: accessor ?? null, modifier: modifier ?? null };
}

/** Null for #f, undefined when it is malformed. A bare name takes all fields. */
function parseConstructor(lw: Lowering, form: Form, datum: Datum, fields: readonly Field[]): Constructor | null | undefined {
  if (datum.kind === "bool" && !datum.value) return null;
  if (datum.kind === "symbol") return { name: datum, fields: fields.map(({ name }) => name) };
  const items = listItems(lw, form, datum)?.map((item) => symbolOf(lw, form, item));
  const [name, ...params] = items ?? [];
  if (name === undefined || name === null || params.some((param) => param === null)) {
    if (items?.length === 0) lw.malformed(form, "expected a symbol");
    return undefined;
  }
  return { name, fields: params as SymbolDatum[] };
}

/** The closures of one record type, which is held by a variable. */
class RecordFunctions {
  constructor(readonly lw: Lowering, readonly form: Form, readonly type: Variable) {}

  #type(): Node { return b.local(this.type, this.lw.at(this.form)); }

  #function(name: string, params: readonly string[], body: (...args: Node[]) => Node): Node {
    const variables = params.map((param) => b.variable(param)), at = this.lw.at(this.form);
    return functionNode(this.lw, name, variables.map((variable) => b.parameter(variable)), null, body(...variables.map((variable) => b.local(variable, at))), this.form);
  }

  make({ name, fields: given }: Constructor, fields: readonly Field[]): Node {
    return this.#function(name.name, given.map((param) => param.name), (...args) => {
      const values = fields.map((field) => args[given.findIndex((param) => param.name === field.name.name)] ?? this.lw.nothing(this.form));
      return this.lw.native("%make-record", [this.#type(), ...values], this.form);
    });
  }

  predicate(name: string): Node {
    return this.#function(name, ["value"], (value) => this.lw.native("%record-is?", [this.#type(), value!], this.form));
  }

  accessor(name: string, index: number): Node {
    return this.#function(name, ["record"], (record) => this.lw.native("%record-ref", [this.#type(), record!, this.#index(index)], this.form));
  }

  modifier(name: string, index: number): Node {
    return this.#function(name, ["record", "value"], (record, value) => this.lw.native("%record-set!", [this.#type(), record!, this.#index(index), value!], this.form));
  }

  #index(index: number): Node { return b.integer(BigInt(index), this.lw.at(this.form)); }
}
