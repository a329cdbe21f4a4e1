// Patterns, as front ends give them to match.ts, and their opening: a pattern at a place becomes alternatives, each a
// set of tests still to make and the bindings made on the way.
//
// What a pattern fits: `literal` a value of the same type and equal (StrictEq), but an integer literal any integer type;
// `interval` an integer between two inclusive bounds; `list` an array. `tuple` and `record` test nothing themselves, only
// their parts: a part that is not there is null.

import type { Binding, Literal, Path, Variable } from "./nodes.ts";

export type Pattern =
  | { readonly pattern: "any" }
  | { readonly pattern: "bind"; readonly variable: Variable }
  | { readonly pattern: "at"; readonly variable: Variable; readonly inner: Pattern }
  /** All alternatives bind the same variables. */
  | { readonly pattern: "or"; readonly alternatives: readonly Pattern[] }
  | { readonly pattern: "literal"; readonly value: Literal }
  /** null: open. */
  | { readonly pattern: "interval"; readonly low: number | null; readonly high: number | null }
  /** `rest` null: exactly these elements; otherwise at least these, and the others are bound if there is a variable. */
  | { readonly pattern: "list"; readonly elements: readonly Pattern[]; readonly rest: { readonly variable: Variable | null } | null }
  | { readonly pattern: "tuple"; readonly elements: readonly Pattern[] }
  | { readonly pattern: "record"; readonly fields: readonly { readonly name: string; readonly inner: Pattern }[] };

/** Something to test at a place. Integers and lengths are intervals; all else is equality. */
export type Test =
  | { readonly on: "interval"; readonly path: Path; readonly low: number; readonly high: number }
  | { readonly on: "length"; readonly path: Path; readonly low: number; readonly high: number; readonly elements: readonly Pattern[]; readonly rest: Variable | null }
  | { readonly on: "equals"; readonly path: Path; readonly value: Literal };

/** One way a pattern can fit. Tests are keyed by place and keep the order of the pattern. */
export interface Alternative { readonly tests: ReadonlyMap<string, Test>; readonly bindings: readonly Binding[] }

const NOTHING: Alternative = { tests: new Map(), bindings: [] };

const MAX_ALTERNATIVES = 4096;

/** Refuses a pattern whose or-patterns multiply to more rows than any tree could hold; front ends report it. */
export function checkCount(alternatives: number): void {
  if (alternatives > MAX_ALTERNATIVES) throw new RangeError(`a pattern with more than ${MAX_ALTERNATIVES} alternatives`);
}

export const pathKey = (path: Path): string => path.map((step) => (step.step === "element" ? step.index : step.step === "rest" ? `>${step.from}` : `.${step.name}`)).join("/");

export function open(pattern: Pattern, path: Path): readonly Alternative[] {
  switch (pattern.pattern) {
    case "any": return [NOTHING];
    case "bind": return [{ tests: NOTHING.tests, bindings: [{ variable: pattern.variable, path }] }];
    case "at": return open(pattern.inner, path).map((a) => ({ ...a, bindings: [{ variable: pattern.variable, path }, ...a.bindings] }));
    case "or": return pattern.alternatives.flatMap((p) => open(p, path));
    case "tuple": return product(pattern.elements.map((p, index) => open(p, [...path, { step: "element", index }])));
    case "record": return product(pattern.fields.map(({ name, inner }) => open(inner, [...path, { step: "field", name }])));
    default: return [{ tests: new Map([[pathKey(path), testOf(pattern, path)]]), bindings: [] }];
  }
}

/** The parts of a list whose length has been tested. Other tests have none. */
export function openParts(test: Test): readonly Alternative[] {
  if (test.on !== "length") return [NOTHING];
  const { path, elements, rest } = test;
  const parts = product(elements.map((p, index) => open(p, [...path, { step: "element", index }])));
  if (rest === null) return parts;
  const binding: Binding = { variable: rest, path: [...path, { step: "rest", from: elements.length }] };
  return parts.map((a) => ({ ...a, bindings: [...a.bindings, binding] }));
}

function testOf(pattern: Extract<Pattern, { readonly pattern: "literal" | "interval" | "list" }>, path: Path): Test {
  if (pattern.pattern === "interval") return { on: "interval", path, low: pattern.low ?? -Infinity, high: pattern.high ?? Infinity };
  if (pattern.pattern === "list") {
    const { elements, rest } = pattern;
    return { on: "length", path, low: elements.length, high: rest === null ? elements.length : Infinity, elements, rest: rest?.variable ?? null };
  }
  const exact = integerOf(pattern.value);
  return exact !== null && Number.isSafeInteger(exact) ? { on: "interval", path, low: exact, high: exact } : { on: "equals", path, value: pattern.value };
}

/** The value of an integer literal, rounded when it is beyond the exact integers of a double; null for all others. */
export function integerOf(literal: Literal): number | null {
  switch (literal.type) {
    case "i8": case "i16": case "i32": case "u8": case "u16": case "u32": return literal.value;
    case "i64": case "u64": return Number(literal.value);
    default: return null;
  }
}

function product(factors: readonly (readonly Alternative[])[]): readonly Alternative[] {
  let all: readonly Alternative[] = [NOTHING];
  for (const factor of factors) {
    checkCount(all.length * factor.length);
    all = all.flatMap((a) => factor.map((b) => join(a, b)));
  }
  return all;
}

export const join = (a: Alternative, b: Alternative): Alternative => ({ tests: new Map([...a.tests, ...b.tests]), bindings: [...a.bindings, ...b.bindings] });

/** Variables a pattern binds, each once. */
export function patternVariables(pattern: Pattern): Variable[] {
  const found = new Set<Variable>();
  const walk = (p: Pattern): void => {
    if (p.pattern === "bind" || p.pattern === "at") found.add(p.variable);
    if (p.pattern === "at") walk(p.inner);
    if (p.pattern === "or") p.alternatives.forEach(walk);
    if (p.pattern === "tuple" || p.pattern === "list") p.elements.forEach(walk);
    if (p.pattern === "list" && p.rest !== null && p.rest.variable !== null) found.add(p.rest.variable);
    if (p.pattern === "record") p.fields.forEach((f) => walk(f.inner));
  };
  walk(pattern);
  return [...found];
}
