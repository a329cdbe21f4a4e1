// Comma-separated values. Fields may stand in quotes, in which a quote is written twice; every record has as many fields
// as the first one, and lines without anything are no records.

import { StringBuilder } from "../../../../heap/cells/builder.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import { checkTextSize } from "../../../vm/text-limit.ts";
import type { Vm } from "../../../vm/vm.ts";
import { workspace } from "../../../vm/workspace.ts";
import { evalError } from "../conditions.ts";
import { displayedText, storeText } from "../printer.ts";
import { SCRATCH, lisp, listArgument, sequenceArgument, textArgument } from "../text/arguments.ts";
import { returnPlain } from "./values.ts";

/** A field from `at` on and where it ends: at a comma, a line end, or the end of the text. */
function readField(text: string, at: number): { readonly field: string; readonly end: number } {
  let field = "", from = at;
  if (text[at] === '"') {
    // Up to a quote that is not written twice.
    let close = text.indexOf('"', ++from);
    for (; close >= 0 && text[close + 1] === '"'; close = text.indexOf('"', from)) {
      field += text.slice(from, close + 1);
      from = close + 2;
    }
    field += text.slice(from, close < 0 ? text.length : close);
    from = close < 0 ? text.length : close + 1;
  }
  let end = from;
  while (end < text.length && text[end] !== "," && text[end] !== "\n" && text[end] !== "\r") end++;
  return { field: field + text.slice(from, end), end };
}

/** A field of a record, and its share of that. */
const FIELD_BYTES = 64;

/** One record from `at` on: its fields and where the next one starts. */
function readRecord(text: string, at: number, spend: (bytes: number) => void): { readonly fields: string[]; readonly next: number } {
  const fields: string[] = [];
  for (let from = at; ; from++) {
    const { field, end } = readField(text, from);
    spend(FIELD_BYTES + 2 * field.length);
    fields.push(field);
    from = end;
    if (text[from] !== ",") return { fields, next: text.startsWith("\r\n", from) ? from + 2 : from + 1 };
  }
}

function readRecords(vm: Vm, slot: number, name: string): string[][] {
  const text = textArgument(vm, slot), records: string[][] = [], spend = workspace(vm);
  vm.chargeFuel(4 * text.length);
  for (let at = 0; at < text.length;) {
    if (text[at] === "\n" || text[at] === "\r") {
      at++;
      continue;
    }
    const { fields, next } = readRecord(text, at, spend), expected = records[0]?.length ?? fields.length;
    if (fields.length !== expected) {
      const line = text.slice(0, at).split("\n").length;
      evalError(vm, `${name}: parse error: CSV error: record ${records.length} (line: ${line}): found record with ${fields.length} fields, but the previous record has ${expected} fields`);
    }
    records.push(fields);
    at = next;
  }
  return records;
}

function parse(vm: Vm, base: number): void {
  returnPlain(vm, base, readRecords(vm, base, "csv/parse"), base + SCRATCH);
}

/** The first record names the fields of the others. */
function parseMaps(vm: Vm, base: number): void {
  const [names = [], ...records] = readRecords(vm, base, "csv/parse-maps");
  returnPlain(vm, base, records.map((fields) => ({ keys: fields.map((field, i) => [names[i]!, field] as const) })), base + SCRATCH);
}

const quoted = (field: string, isOnly: boolean): string => (/[",\r\n]/.test(field) || (isOnly && field === "") ? `"${field.replaceAll('"', '""')}"` : field);

function encode(vm: Vm, base: number): void {
  const out = new StringBuilder();
  let expected = -1;
  for (const row of listArgument(vm, base)) {
    const fields = sequenceArgument(vm, row, "list").map((slot) => displayedText(vm, slot));
    if (fields.length === 0) fields.push("");
    if (expected >= 0 && fields.length !== expected) evalError(vm, `csv/encode: CSV error: found record with ${fields.length} fields, but the previous record has ${expected} fields`);
    expected = fields.length;
    out.appendText(fields.map((field) => quoted(field, fields.length === 1)).join(",")).appendText("\n");
    checkTextSize(vm, out);
  }
  storeText(vm, base - 2, out);
}

export const CSV: readonly NativeInfo[] = [
  lisp("csv/parse", 1, 1, "list of the records, each a list of strings", parse),
  lisp("csv/parse-maps", 1, 1, "list of the records as maps, the first record naming the fields", parseMaps),
  lisp("csv/encode", 1, 1, "text of a list of records", encode),
];
