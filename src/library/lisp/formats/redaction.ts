// Texts with parts blacked out. Places are byte offsets, as those of regex/match are.

import { isInteger } from "../../../../heap/cells/bigint.ts";
import { StringBuilder } from "../../../../heap/cells/builder.ts";
import { byteLength, bytesOf } from "../../../../heap/cells/string.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import { checkTextSize } from "../../../vm/text-limit.ts";
import type { Vm } from "../../../vm/vm.ts";
import { storeText } from "../printer.ts";
import { SCRATCH, integerArgument, lisp, listArgument, stringArgument } from "../text/arguments.ts";
import { option } from "./passages.ts";

const MARK = "«redacted»";
/** Fuel for looking at a span and putting it in order. */
const SPAN_FUEL = 64;

interface Span { readonly start: number; readonly end: number }

/** The offset under the key of a span; negative when there is none. One beyond every text is infinite. */
function offset(vm: Vm, span: number, key: string, scratch: number): number {
  const { heap } = vm, slot = option(vm, span, key, scratch);
  return slot >= 0 && isInteger(heap, slot) ? integerArgument(vm, slot) : -1;
}

/** The spans that lie on whole characters, by their starts. What is no such span counts for nothing. */
function spansArgument(vm: Vm, slot: number, str: number, scratch: number): Span[] {
  const slots = listArgument(vm, slot), size = byteLength(vm.heap, str), spans: Span[] = [];
  vm.chargeFuel(SPAN_FUEL * slots.length);
  const isBorder = (at: number): boolean => at === size || (bytesOf(vm.heap, str)[at]! & 0xc0) !== 0x80;
  for (const each of slots) {
    const start = offset(vm, each, "start", scratch), end = Math.min(offset(vm, each, "end", scratch), size);
    if (start >= 0 && start < end && isBorder(start) && isBorder(end)) spans.push({ start, end });
  }
  return spans.sort((a, b) => a.start - b.start);
}

/** A span that begins within the one before is left alone: each place is replaced once. */
function redactSpans(vm: Vm, base: number): void {
  const str = stringArgument(vm, base), spans = spansArgument(vm, base + 1, str, base + SCRATCH);
  const bytes = bytesOf(vm.heap, str), out = new StringBuilder();
  let done = 0;
  for (const { start, end } of spans) {
    if (start < done) continue;
    out.appendBytes(bytes.subarray(done, start)).appendText(MARK);
    checkTextSize(vm, out);
    done = end;
  }
  storeText(vm, base - 2, out.appendBytes(bytes.subarray(done)));
}

export const REDACTION: readonly NativeInfo[] = [
  lisp("redact/spans", 2, 2, "the text with «redacted» for each {:start :end} of a list, which are byte offsets; of spans that overlap the first counts", redactSpans),
];
