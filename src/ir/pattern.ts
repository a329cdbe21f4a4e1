// Patterns, as front ends give them to match.ts, and their opening: a pattern at a place becomes alternatives, each a
// set of tests still to make and the bindings made on the way.
//
// What a pattern fits: `literal` a value of the same type and equal (StrictEq), but an integer literal any integer type;
// `interval` an integer between two inclusive bounds; `list` an array. `tuple` and `record` test nothing themselves, only
// their parts: a part that is not there is null. `sequence` fits a list made of pairs or an immutable vector, `map` a map or
// hash map whatever else it holds, `structural` what is equal by structure.

import type { Binding, Literal, Path, PathStep, Variable } from "./nodes.ts";
import { printLiteral } from "./literals.ts";

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
  | { readonly pattern: "record"; readonly fields: readonly { readonly name: string; readonly inner: Pattern }[] }
  /** `rest` null: exactly these items; otherwise at least these, and `rest` is for the list of the others. */
  | { readonly pattern: "sequence"; readonly elements: readonly Pattern[]; readonly rest: Pattern | null }
  /** An entry that is not required may be missing: its value is null then. */
  | { readonly pattern: "map"; readonly entries: readonly MapEntry[] }
  /** Equal by structure. `distinct`: to no list, vector or map, and to no literal of the match with another key. Not for what `literal` can fit. */
  | { readonly pattern: "structural"; readonly value: Literal; readonly distinct: boolean };

export interface MapEntry { readonly key: Literal; readonly inner: Pattern; readonly required: boolean }

/** Something to test at a place. Integers and lengths are intervals; all else is equality. */
export type Test =
  | { readonly on: "interval"; readonly path: Path; readonly low: number; readonly high: number }
  | { readonly on: "length"; readonly path: Path; readonly low: number; readonly high: number; readonly elements: readonly Pattern[]; readonly rest: Variable | null }
  /** `literal`: its key. */
  | { readonly on: "equals"; readonly path: Path; readonly value: Literal; readonly literal: string }
  | { readonly on: "structural"; readonly path: Path; readonly value: Literal; readonly literal: string; readonly distinct: boolean }
  | { readonly on: "extent"; readonly path: Path; readonly count: number; readonly elements: readonly Pattern[]; readonly rest: Pattern | null }
  | { readonly on: "map"; readonly path: Path; readonly entries: readonly MapEntry[] }
  | { readonly on: "entry"; readonly path: Path; readonly key: Literal; readonly inner: Pattern };

/** One way a pattern can fit. Tests are keyed by place and keep the order of the pattern. */
export interface Alternative { readonly tests: ReadonlyMap<string, Test>; readonly bindings: readonly Binding[] }

const NOTHING: Alternative = { tests: new Map(), bindings: [] };

const MAX_ALTERNATIVES = 4096;

/** Refuses a pattern whose or-patterns multiply to more rows than any tree could hold; front ends report it. */
export function checkCount(alternatives: number): void {
  if (alternatives > MAX_ALTERNATIVES) throw new RangeError(`a pattern with more than ${MAX_ALTERNATIVES} alternatives`);
}

/** Equal for literals that StrictEq holds equal; quoted data is told apart by identity, so front ends share one literal for equal data. */
export function literalKey(value: Literal): string {
  if (value.type === "datum") return typeof value.value === "object" && value.value !== null ? `datum ${identity(value.value)}` : `datum ${JSON.stringify(String(value.value))}`;
  return printLiteral("value" in value && Object.is(value.value, -0) ? ({ ...value, value: 0 } as Literal) : value);
}

const identities = new WeakMap<object, number>();
let lastIdentity = 0;

/** A number that belongs to this object alone. */
export function identity(object: object): number {
  let known = identities.get(object);
  if (known === undefined) identities.set(object, known = ++lastIdentity);
  return known;
}

export function stepKey(step: PathStep): string {
  switch (step.step) {
    case "element": return `/${step.index}`;
    case "rest": return `/>${step.from}`;
    case "field": return `/.${JSON.stringify(step.name)}`;
    case "item": return `/#${step.index}`;
    case "items": return `/#>${step.from}`;
    case "entry": return `/{${JSON.stringify(literalKey(step.key))}}`;
  }
}
export const pathKey = (path: Path): string => path.map(stepKey).join("");

/** What a test looks at: a place, or whether a map there has a key. */
const testKey = (test: Test): string => (test.on === "entry" ? `${pathKey(test.path)}?${literalKey(test.key)}` : pathKey(test.path));

export function open(pattern: Pattern, path: Path): readonly Alternative[] {
  switch (pattern.pattern) {
    case "any": return [NOTHING];
    case "bind": return [{ tests: NOTHING.tests, bindings: [{ variable: pattern.variable, path }] }];
    case "at": return open(pattern.inner, path).map((a) => ({ ...a, bindings: [{ variable: pattern.variable, path }, ...a.bindings] }));
    case "or": return pattern.alternatives.flatMap((p) => open(p, path));
    case "tuple": return product(pattern.elements.map((p, index) => open(p, [...path, { step: "element", index }])));
    case "record": return product(pattern.fields.map(({ name, inner }) => open(inner, [...path, { step: "field", name }])));
    default: return [single(testOf(pattern, path))];
  }
}

const single = (test: Test): Alternative => ({ tests: new Map([[testKey(test), test]]), bindings: [] });

const opened = new WeakMap<Test, readonly Alternative[]>();

/** What there is to test once the test has held, always the same objects: the parts of a list, sequence or map. */
export function openParts(test: Test): readonly Alternative[] {
  let parts = opened.get(test);
  if (parts === undefined) opened.set(test, parts = partsOf(test));
  return parts;
}

function partsOf(test: Test): readonly Alternative[] {
  const { path } = test;
  switch (test.on) {
    case "length": {
      const { elements, rest } = test, parts = product(elements.map((p, index) => open(p, [...path, { step: "element", index }])));
      if (rest === null) return parts;
      const binding: Binding = { variable: rest, path: [...path, { step: "rest", from: elements.length }] };
      return parts.map((a) => ({ ...a, bindings: [...a.bindings, binding] }));
    }
    case "extent": {
      const { elements, rest } = test, parts = elements.map((p, index) => open(p, [...path, { step: "item", index }]));
      return product(rest === null ? parts : [...parts, open(rest, [...path, { step: "items", from: elements.length }])]);
    }
    case "map":
      return product(test.entries.map(({ key, inner, required }) =>
        required ? [single({ on: "entry", path, key, inner })] : open(inner, [...path, { step: "entry", key }])));
    case "entry": return open(test.inner, [...path, { step: "entry", key: test.key }]);
    default: return [NOTHING];
  }
}

type Testing = Extract<Pattern, { readonly pattern: "literal" | "interval" | "list" | "sequence" | "map" | "structural" }>;

function testOf(pattern: Testing, path: Path): Test {
  switch (pattern.pattern) {
    case "interval": return { on: "interval", path, low: pattern.low ?? -Infinity, high: pattern.high ?? Infinity };
    case "list": {
      const { elements, rest } = pattern;
      return { on: "length", path, low: elements.length, high: rest === null ? elements.length : Infinity, elements, rest: rest?.variable ?? null };
    }
    case "sequence": return { on: "extent", path, count: pattern.elements.length, elements: pattern.elements, rest: pattern.rest };
    case "map": return { on: "map", path, entries: pattern.entries };
    case "structural": return { on: "structural", path, value: pattern.value, literal: literalKey(pattern.value), distinct: pattern.distinct };
    case "literal": {
      const { value } = pattern, exact = integerOf(value);
      return exact !== null && Number.isSafeInteger(exact) ? { on: "interval", path, low: exact, high: exact } : { on: "equals", path, value, literal: literalKey(value) };
    }
  }
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
  for (const factor of factors.filter((each) => each.length > 1 || each[0] !== NOTHING)) {
    checkCount(all.length * factor.length);
    all = all.flatMap((a) => factor.map((b) => join(a, b)));
  }
  return all;
}

/** Both. A pattern may look at a place twice (a map that names a key twice): the second test gets a key of its own. */
export function join(a: Alternative, b: Alternative): Alternative {
  const tests = new Map(a.tests);
  for (const [key, test] of b.tests) {
    let own = key;
    while (tests.has(own)) own += "'";
    tests.set(own, test);
  }
  return { tests, bindings: [...a.bindings, ...b.bindings] };
}

/** Variables a pattern binds, each once. */
export function patternVariables(pattern: Pattern): Variable[] {
  const found = new Set<Variable>();
  const walk = (p: Pattern): void => {
    if (p.pattern === "bind" || p.pattern === "at") found.add(p.variable);
    if (p.pattern === "at") walk(p.inner);
    if (p.pattern === "or") p.alternatives.forEach(walk);
    if (p.pattern === "tuple" || p.pattern === "list" || p.pattern === "sequence") p.elements.forEach(walk);
    if (p.pattern === "sequence" && p.rest !== null) walk(p.rest);
    if (p.pattern === "map") p.entries.forEach((entry) => walk(entry.inner));
    if (p.pattern === "list" && p.rest !== null && p.rest.variable !== null) found.add(p.rest.variable);
    if (p.pattern === "record") p.fields.forEach((f) => walk(f.inner));
  };
  walk(pattern);
  return [...found];
}
