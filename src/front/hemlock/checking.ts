// What `boxelder check` says beyond errors: where annotations and declarations decide that a program will fail when it gets there.
// Only warnings, and only about what is sure: names that are declared more than once in a file, or assigned, are left alone.

import type { Source, Span } from "../../text/source.ts";
import { diagnose, suggest, type Diagnostic } from "../../text/diagnostics.ts";
import type { MessageCode } from "../../text/messages.ts";
import type { CallExpr, DefineStmt, Expr, FieldExpr, FunctionExpr, LetStmt, ObjectExpr, Script, TypeRef } from "./ast.ts";
import { literalKind, misfit, typeText } from "./literal-types.ts";
import { parse } from "./parser.ts";

/** Any part of the syntax tree. */
type Part = { readonly kind?: unknown; readonly [field: string]: unknown };

/** Calls `visit` with every part of the tree, outermost first, and with the function around it. */
function eachPart(root: unknown, visit: (part: Part, within: FunctionExpr | null) => void): void {
  const pending: [unknown, FunctionExpr | null][] = [[root, null]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [value, within] = next;
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) continue;
    const part = value as Part, inner = part.kind === "Function" ? part as unknown as FunctionExpr : within;
    if (!Array.isArray(value)) visit(part, within);
    for (const [name, field] of Object.entries(part).reverse()) if (name !== "facts") pending.push([field, inner]);
  }
}

/** What a file declares, as far as it declares it once. */
class Declared {
  readonly #counts = new Map<string, number>();
  readonly functions = new Map<string, FunctionExpr>();
  /** Annotations of variables and parameters. */
  readonly types = new Map<string, TypeRef>();
  readonly defines = new Map<string, DefineStmt>();
  /** Fields that are assigned, or that objects are made with, anywhere: an object keeps those that its type does not have. */
  readonly loose = new Set<string>();

  constructor(readonly script: Script) {
    eachPart(script.body, (part) => this.#enter(part));
    const isSure = (name: string): boolean => this.#counts.get(name) === 1;
    for (const map of [this.functions, this.types]) for (const name of map.keys()) if (!isSure(name) || script.facts.assigned.has(name)) map.delete(name);
    for (const name of this.defines.keys()) if (!isSure(`type ${name}`)) this.defines.delete(name);
  }

  #count(name: string): void { this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1); }

  #enter(part: Part): void {
    switch (part.kind) {
      case "Let": {
        const { name, type, value } = part as unknown as LetStmt;
        this.#count(name.text);
        if (type !== null) this.types.set(name.text, type);
        if (value.kind === "Function") this.functions.set(name.text, value);
        return;
      }
      case "Function": {
        // Parameters are counted as the parts they are.
        for (const { name, type } of (part as unknown as FunctionExpr).params) if (type !== null) this.types.set(name.text, type);
        return;
      }
      case "Define": {
        const define = part as unknown as DefineStmt;
        this.#count(`type ${define.name}`);
        this.defines.set(define.name, define);
        return;
      }
      case "Object":
        for (const { key } of (part as unknown as ObjectExpr).entries) if (key !== null) this.loose.add(key);
        return;
      case "Assign": case "Update": {
        const target = part["target"] as Expr;
        if (target.kind === "Field") this.loose.add(target.name);
        return;
      }
      default: return this.#others(part);
    }
  }

  /** Parameters, loops, handlers, imports and enums name things in fields of their own. */
  #others(part: Part): void {
    for (const field of ["key", "value", "name", "space", "to"]) {
      const name = part[field] as { readonly text?: unknown } | null | undefined;
      if (typeof name?.text === "string") this.#count(name.text);
    }
  }
}

class Checking {
  readonly found: Diagnostic[] = [];
  readonly #declared: Declared;
  /** Callees of calls: objects have methods that no type declares. */
  readonly #called = new Set<FieldExpr>();

  constructor(readonly source: Source, script: Script) {
    this.#declared = new Declared(script);
    eachPart(script.body, (part, within) => this.#part(part, within));
    this.found.sort((a, b) => a.span.start - b.span.start);
  }

  #warn(code: MessageCode, span: Span, args: readonly string[], hint: string | null = null): void { this.found.push(diagnose(this.source, code, span, args, hint)); }

  #part(part: Part, within: FunctionExpr | null): void {
    switch (part.kind) {
      case "Let": {
        const { type, value } = part as unknown as LetStmt;
        return this.#value(value, type);
      }
      case "Return": return this.#value(part["value"] as Expr | null, within?.isAsync === true ? null : within?.returns ?? null);
      case "Function":
        for (const param of (part as unknown as FunctionExpr).params) this.#value(param.default, param.type);
        return;
      case "Define":
        for (const field of (part as unknown as DefineStmt).fields) this.#value(field.default, field.type);
        return;
      case "Call": return this.#call(part as unknown as CallExpr);
      case "Field": return this.#field(part as unknown as FieldExpr);
    }
  }

  // ---- values where a type is wanted

  /** `alone`: the type is not one of several that the value has to be. */
  #value(value: Expr | null, type: TypeRef | null, alone = true): void {
    if (value === null || type === null) return;
    switch (type.kind) {
      case "Plain": {
        const found = misfit(value, type.code);
        if (found !== null) this.#warn("W406", value.span, found);
        return;
      }
      case "Nullable": if (literalKind(value) !== "null") this.#value(value, type.inner); return;
      case "ArrayOf":
        if (value.kind === "Array") for (const element of value.elements) this.#value(element, type.element);
        else this.#expect(value, "array", type);
        return;
      case "Named": return this.#named(value, type, alone);
      case "Compound": for (const each of type.parts) this.#value(value, each, false);
    }
  }

  #expect(value: Expr, wanted: "array" | "object", type: TypeRef): void {
    const kind = literalKind(value);
    if (kind !== null && kind !== wanted) this.#warn("W406", value.span, [kind === "null" ? "null" : `this ${kind}`, typeText(type)]);
  }

  #named(value: Expr, type: Extract<TypeRef, { readonly kind: "Named" }>, alone: boolean): void {
    const define = this.#declared.defines.get(type.name);
    if (define === undefined) return;
    this.#expect(value, "object", type);
    if (value.kind === "Object" && value.entries.every(({ key }) => key !== null)) this.#object(value, define, alone);
  }

  #object({ entries, span }: ObjectExpr, define: DefineStmt, alone: boolean): void {
    const missing = define.fields.filter(({ name }) => !entries.some(({ key }) => key === name)), isShort = missing.some(({ optional }) => !optional);
    for (const { key, value } of entries) {
      const field = define.fields.find(({ name }) => name === key);
      // What a parameter of the type stands for is not looked up.
      if (field !== undefined && define.params.length === 0) this.#value(value, field.type);
      // More fields than the type has are fine, as long as one does not look like another that is missing.
      if (field === undefined && alone && (isShort || suggest(key!, missing.map(({ name }) => name)) !== null)) this.#unknown(value.span, define, key!);
    }
    for (const { name, optional } of missing) if (!optional) this.#warn("W409", span, [define.name, name]);
  }

  #unknown(span: Span, { name, fields }: DefineStmt, field: string): void {
    const near = suggest(field, fields.map((each) => each.name));
    this.#warn("W408", span, [name, field], near === null ? null : `did you mean '${near}'?`);
  }

  #field(field: FieldExpr): void {
    const { object, name, optional, span } = field;
    const type = object.kind === "Name" ? this.#declared.types.get(object.name) : undefined, define = type?.kind === "Named" ? this.#declared.defines.get(type.name) : undefined;
    if (define === undefined || optional || this.#declared.loose.has(name) || this.#called.has(field) || define.fields.some((each) => each.name === name)) return;
    this.#unknown({ start: span.end - name.length, end: span.end }, define, name);
  }

  // ---- calls

  #call({ callee, args, span }: CallExpr): void {
    if (callee.kind === "Field") this.#called.add(callee);
    const fn = callee.kind === "Name" ? this.#declared.functions.get(callee.name) : undefined;
    if (fn === undefined || callee.kind !== "Name") return;
    const { params, rest } = fn, named = new Map(args.flatMap(({ name, value }) => (name === null ? [] : [[name, value] as const]))), values = args.filter(({ name }) => name === null);
    const unknown = [...named.keys()].filter((name) => !params.some((param) => param.name.text === name));
    for (const name of unknown) {
      const near = suggest(name, params.map((param) => param.name.text));
      this.#warn("W410", named.get(name)!.span, [callee.name, name], near === null ? null : `did you mean '${near}'?`);
    }
    // Arguments without names go to the parameters that no name gives one.
    const open = params.filter((param) => !named.has(param.name.text)), least = params.filter((param) => param.default === null).length;
    if (unknown.length === 0 && ((values.length > open.length && rest === null) || open.some((param, i) => param.default === null && i >= values.length))) {
      this.#warn("W407", span, [callee.name, countText(least, rest === null ? params.length : Infinity), String(args.length)]);
    }
    for (const param of params) if (named.has(param.name.text) && !param.byRef) this.#value(named.get(param.name.text)!, param.type);
    values.forEach(({ value }, i) => {
      const param = open[i] ?? rest;
      if (param !== null && !param.byRef) this.#value(value, param.type);
    });
  }
}

/** "2 arguments", "1 to 3 arguments", "at least 1 argument". */
function countText(least: number, most: number): string {
  const words = (count: number): string => `${count} argument${count === 1 ? "" : "s"}`;
  return least === most ? words(least) : most === Infinity ? `at least ${words(least)}` : `${least} to ${words(most)}`;
}

/** Warnings about a source without errors. */
export function checkTypes(source: Source): Diagnostic[] {
  const { script, diagnostics } = parse(source);
  return diagnostics.length > 0 ? [] : new Checking(source, script).found;
}
