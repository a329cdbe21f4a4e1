// What a person at a prompt gets beyond the language: a choice of restarts for an error that nobody handles, and the
// documentation of a name. Who asks and who answers: vm/interaction.ts and the host; the prelude goes on with the answer.

import { carSlot, cdrSlot } from "../../../../heap/cells/pair.ts";
import { slotsItem } from "../../../../heap/cells/slots.ts";
import { textOf } from "../../../../heap/cells/string.ts";
import { isStruct, structItem } from "../../../../heap/cells/struct.ts";
import { Closure, Code, ParamFlag } from "../../../../heap/layout.ts";
import { StructType } from "../../../../heap/structs.ts";
import { CellHi, Hi } from "../../../../heap/value.ts";
import { globalValueSlot } from "../../../vm/globals.ts";
import { nativeInfo } from "../../host-natives.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import { Outcome } from "../../../vm/outcome.ts";
import type { Vm } from "../../../vm/vm.ts";
import { typeWord } from "../conditions.ts";
import { displayedText } from "../printer.ts";
import { nameText } from "../printer/atoms.ts";
import { lisp } from "../text/arguments.ts";
import { storeRestarts } from "./dynamics.ts";

const PREFIX = "lisp:";

/** (condition): parks until the host has chosen; nil at once when nobody is there to choose. */
function askRestart(vm: Vm, base: number): void | Outcome {
  if (vm.interaction === null) return vm.heap.setNull(base - 2);
  storeRestarts(vm, base - 2, base + 1);
  vm.interaction.ask(vm, base - 2);
  return Outcome.Pending;
}

/** What the host shows of the restarts in the list. */
export function restartsIn(vm: Vm, list: number): { name: string; report: string }[] {
  const heap = vm.heap, found: { name: string; report: string }[] = [];
  for (let at = list; heap.hi(at) === CellHi.Pair; at = cdrSlot(heap.lo(at))) {
    const restart = heap.lo(carSlot(heap.lo(at))), report = structItem(restart, 2);
    found.push({ name: nameText(heap, structItem(restart, 0)), report: heap.hi(report) === Hi.Null ? "" : displayedText(vm, report) });
  }
  return found;
}

/** "2 arguments", "1 or more arguments", "1 to 3 arguments". */
function countText(min: number, max: number): string {
  const many = max < 0 ? `${min} or more` : min === max ? `${min}` : `${min} to ${max}`;
  return max === 0 ? "no arguments" : `${many} argument${many === "1" ? "" : "s"}`;
}

function nativeLines(vm: Vm, id: number): string[] {
  const { name, aliases = [], min, max, doc } = nativeInfo(vm, id);
  const others = aliases.length === 0 ? "" : `, also called ${aliases.join(", ")}`;
  return [`${name.replace(PREFIX, "")}: ${countText(min, max)}${others}`, `  ${doc}`];
}

/** How a closure is called: `(name a b . rest)`; one without a name looks as it is written: `(lambda (a b . rest) …)`. */
function callText(vm: Vm, closure: number, name: string): string {
  const heap = vm.heap, code = heap.word(closure + Closure.Code), list = heap.word(code + Code.ParamNames);
  const count = heap.word(code + Code.ParamCount), hasRest = (heap.word(code + Code.ParamFlags) & ParamFlag.Rest) !== 0;
  const parameter = (i: number): string => (list === 0 ? "_" : textOf(heap, heap.lo(slotsItem(list, i))));
  const words = [...Array.from({ length: count }, (_, i) => parameter(i)), ...(hasRest ? [".", parameter(count)] : [])];
  return name === "" ? `(lambda (${words.join(" ")}) …)` : `(${[name, ...words].join(" ")})`;
}

function closureLines(vm: Vm, closure: number, known: string | null): string[] {
  const heap = vm.heap, code = heap.word(closure + Closure.Code), own = textOf(heap, heap.word(code + Code.Name));
  const isLibrary = (heap.word(code + Code.ParamFlags) & ParamFlag.Library) !== 0;
  return [callText(vm, closure, known ?? own), isLibrary ? "  a function of the library" : "  a function of the program"];
}

/** `known`: the name the value was found under, null when it was given itself. */
function valueLines(vm: Vm, slot: number, known: string | null): string[] {
  const heap = vm.heap;
  if (heap.hi(slot) === Hi.Native) return nativeLines(vm, heap.lo(slot));
  if (heap.hi(slot) === CellHi.Closure) return closureLines(vm, heap.lo(slot), known);
  if (!isStruct(heap, slot, StructType.Macro)) return [`${known ?? "the value"}: of type ${typeWord(heap, slot)}`];
  const [name, expander] = [nameText(heap, structItem(heap.lo(slot), 0)), structItem(heap.lo(slot), 1)];
  return [heap.hi(expander) === CellHi.Closure ? callText(vm, heap.lo(expander), name) : name, "  a macro"];
}

/** A symbol is a name: of a special form, else of a global. */
function lines(vm: Vm, slot: number): string[] {
  const heap = vm.heap;
  if (heap.hi(slot) !== CellHi.Symbol) return valueLines(vm, slot, null);
  const name = nameText(heap, slot), cell = vm.globals.find(PREFIX + name);
  if (cell !== 0 && heap.hi(globalValueSlot(cell)) !== Hi.Hole) return valueLines(vm, globalValueSlot(cell), name);
  const usage = vm.services.describeForm(name);
  return usage === null ? [`${name}: not defined`] : [usage, "  a special form"];
}

export const INTERACTION: readonly NativeInfo[] = [
  lisp("%ask-restart", 1, 1, "(condition): the restart a person chose and the forms of its arguments, as a pair; nil when there is nobody", askRestart),
  lisp("doc", 1, 1, "write what is known about a function, or about what a symbol names; nil", (vm, base) => {
    vm.host.write(new TextEncoder().encode(`${lines(vm, base).join("\n")}\n`));
    vm.heap.setNull(base - 2);
  }),
];
