// The syntax tree as text, for `dis --ast`: one node a line, children indented. Works on any plain tree of objects with a
// `kind`, so it needs no upkeep when the syntax grows. Positions are left out.

import type { Source } from "../../text/source.ts";
import { parse } from "./parser.ts";

type Value = unknown;
interface Tagged { readonly kind: string; readonly [field: string]: Value }

const isTagged = (value: Value): value is Tagged => typeof value === "object" && value !== null && typeof (value as { kind?: unknown }).kind === "string";

/** Text of a leaf: a word, number, string or byte text. */
function leaf(value: Value): string {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Uint8Array) return JSON.stringify(new TextDecoder().decode(value));
  return JSON.stringify(value);
}

const isLeaf = (value: Value): boolean => typeof value !== "object" || value === null || value instanceof Uint8Array;

/** Levels that are indented; deeper ones of very long operator chains all stand at the last. */
const MAX_INDENT = 100;

interface Item { readonly depth: number; readonly label: string; readonly value: Value }

/** Appends the line of a value and returns what is to be printed below it. */
function print(lines: string[], { depth, label, value }: Item): Item[] {
  const head = `${"  ".repeat(Math.min(depth, MAX_INDENT))}${label === "" ? "" : `${label}: `}`;
  if (isLeaf(value)) {
    lines.push(head + leaf(value));
    return [];
  }
  if (Array.isArray(value)) {
    if (value.length > 0) lines.push(head.trimEnd());
    return value.map((item: Value) => ({ depth: depth + 1, label: "", value: item }));
  }
  const fields = Object.entries(value as object).filter(([name]) => name !== "kind" && !/span$/i.test(name));
  const flat = fields.filter(([, field]) => isLeaf(field) && field !== null && field !== false).map(([name, field]) => `${name}=${leaf(field)}`);
  lines.push([(head + (isTagged(value) ? value.kind : "")).trimEnd(), ...flat].join(" "));
  return fields.filter(([, field]) => !isLeaf(field)).map(([name, field]) => ({ depth: depth + 1, label: name, value: field }));
}

export function printAst(source: Source): string {
  const lines: string[] = [];
  const waiting: Item[] = parse(source, {}).script.body.map((value) => ({ depth: 0, label: "", value })).reverse();
  for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
    for (const below of print(lines, item).reverse()) waiting.push(below);
  }
  return `${lines.join("\n")}\n`;
}
