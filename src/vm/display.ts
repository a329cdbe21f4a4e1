// Values as text: what print writes, what templates and uncaught exceptions show. JSON is in src/library/json.ts and the
// text of `+` in text.ts. Containers are walked with an explicit stack, so depth cannot overflow the host's; a container
// met inside itself is shown as [...].

import { Buf } from "../../heap/layout.ts";
import { elementSlot, length as arrayLength } from "../../heap/cells/array.ts";
import { StringBuilder } from "../../heap/cells/builder.ts";
import { typeName as stampOf } from "../../heap/cells/object.ts";
import { recordItem } from "../../heap/cells/record.ts";
import { textOf } from "../../heap/cells/string.ts";
import { decodeText } from "../../heap/cells/utf8.ts";
import { CellHi, CellKind, Hi, Rank, Tag, inlineUint64, numericRank } from "../../heap/value.ts";
import { isLibraryFunction, typeName } from "./convert.ts";
import { appendNumber } from "./numeric.ts";
import { outsideText } from "./outside.ts";
import { ChannelItem, intItem, TaskItem, taskText } from "./task-cells.ts";
import { checkTextSize } from "./text-limit.ts";
import type { Vm } from "./vm.ts";

/** Fuel for an element shown, in the units of chargeFuel. */
const ELEMENT_FUEL = 16;

/** Print quotes runes and shows other than printable ASCII as U+XXXX; Text shows them as characters. */
export const enum DisplayMode { Print, Text }

/** C's %p of an address. */
export const pointerText = (address: number): string => (address === 0 ? "(nil)" : `0x${address.toString(16)}`);

/** A rune as print shows it. */
function runeText(codePoint: number): string {
  if (codePoint >= 32 && codePoint <= 126) return `'${String.fromCharCode(codePoint)}'`;
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Appends any value but an array. */
function appendPlain(vm: Vm, out: StringBuilder, slot: number, mode: DisplayMode): void {
  const mem = vm.heap, hi = mem.hi(slot), lo = mem.lo(slot);
  const rank = numericRank(hi);
  if (rank !== Rank.None) return appendNumber(mem, out, slot, rank);
  switch (hi) {
    case CellHi.String: case CellHi.Symbol: return void out.appendString(mem, lo);
    case Hi.Null: case Hi.Hole: return void out.appendText("null");
    case Hi.Bool: return void out.appendText(lo === 0 ? "false" : "true");
    case Hi.Rune: return void (mode === DisplayMode.Text ? out.appendCodePoint(lo) : out.appendText(runeText(lo)));
    case Hi.Type: return void out.appendText("<type>");
    case Hi.Native: return void out.appendText("<builtin function>");
    case CellHi.Closure: return void out.appendText(isLibraryFunction(mem, lo) ? "<builtin function>" : "<function>");
    case CellHi.Object: {
      const stamp = stampOf(mem, lo);
      return void out.appendText(stamp === 0 ? "<object>" : `<object:${textOf(mem, stamp)}>`);
    }
    case CellHi.Task: return void out.appendText(mode === DisplayMode.Text ? `<task ${intItem(mem, lo, TaskItem.Id)}>` : taskText(mem, lo));
    case CellHi.Channel: {
      vm.workers?.reveal();
      const isClosed = mem.lo(recordItem(lo, ChannelItem.Closed)) !== 0;
      return void out.appendText(`<channel capacity=${intItem(mem, lo, ChannelItem.Capacity)} count=${intItem(mem, lo, ChannelItem.Length)}${isClosed ? " closed" : ""}>`);
    }
    case CellHi.File: case CellHi.Socket: return void out.appendText(outsideText(mem, hi, lo));
    case CellHi.Buffer: {
      vm.workers?.reveal();
      const length = mem.word(lo + Buf.Length);
      return void out.appendText(`<buffer ${pointerText(mem.u32[(lo + Buf.Address) >> 2]!)} length=${length} capacity=${length}>`);
    }
  }
  if ((hi & Tag.Mask) === Tag.Pointer) return void out.appendText(pointerText(inlineUint64(hi, lo)));
  out.appendText(`<${typeName(vm, slot)}>`);
}

/** Appends the value's text. Does not allocate in the heap; throws when the text would not fit it. */
export function appendDisplay(vm: Vm, out: StringBuilder, slot: number, mode: DisplayMode): void {
  if (vm.heap.hi(slot) === CellHi.Array) appendArray(vm, out, vm.heap.lo(slot), mode);
  else appendPlain(vm, out, slot, mode);
}

function appendArray(vm: Vm, out: StringBuilder, root: number, mode: DisplayMode): void {
  const mem = vm.heap;
  // The arrays being written, outermost first, and the next index of each.
  const arrays = [root], next = [0], open = new Set([root]);
  out.appendText("[");
  while (arrays.length > 0) {
    const top = arrays.length - 1, array = arrays[top]!, index = next[top]!;
    if (index === arrayLength(mem, array)) {
      out.appendText("]");
      open.delete(array);
      arrays.pop();
      next.pop();
      continue;
    }
    next[top] = index + 1;
    if (index > 0) out.appendText(", ");
    const slot = elementSlot(mem, array, index), inner = mem.lo(slot);
    if (mem.hi(slot) !== CellHi.Array) appendPlain(vm, out, slot, mode);
    else if (open.has(inner)) out.appendText("[...]");
    else {
      out.appendText("[");
      arrays.push(inner);
      next.push(0);
      open.add(inner);
    }
    vm.work(ELEMENT_FUEL);
    checkTextSize(vm, out);
  }
}

/** The text a template or an uncaught exception shows, as JS text (invalid UTF-8 is replaced). */
export function displayText(vm: Vm, slot: number): string {
  const out = new StringBuilder();
  appendDisplay(vm, out, slot, DisplayMode.Text);
  return decodeText(out.view());
}

/** Joins the display texts of `count` slots from `first` on into dst: a template. */
export function interpolateParts(vm: Vm, dst: number, first: number, count: number): void {
  const out = new StringBuilder();
  for (let i = 0; i < count; i++) appendDisplay(vm, out, first + i, DisplayMode.Text);
  vm.chargeFuel(out.length >> 2);
  checkTextSize(vm, out);
  vm.heap.setCell(dst, CellKind.String, out.finish(vm.heap));
}
