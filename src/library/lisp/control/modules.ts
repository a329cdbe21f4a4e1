// What the prelude needs to give modules globals of their own.

import { Global } from "../../../../heap/layout.ts";
import { textOf } from "../../../../heap/cells/string.ts";
import { internText } from "../../../../heap/symbols.ts";
import { carSlot, cdrSlot } from "../../../../heap/cells/pair.ts";
import { CellHi, CellKind } from "../../../../heap/value.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { MODULE_MARK } from "../modules.ts";
import { writtenText } from "../printer.ts";
import { nameText } from "../printer/atoms.ts";
import { lisp, storeList } from "../text/arguments.ts";

const PREFIX = "lisp:";

const storeSymbol = (vm: Vm, dst: number, name: string): void => vm.heap.setCell(dst, CellKind.Symbol, internText(vm.heap, name));
const storeSymbols = (vm: Vm, base: number, argc: number, names: readonly string[]): void =>
  storeList(vm, base - 2, base + argc, names.length, (i, slot) => storeSymbol(vm, slot, names[i]!));

const ownPrefix = (vm: Vm, module: number): string => PREFIX + nameText(vm.heap, module) + MODULE_MARK;

/** Names that exist, be it without a value, are the module's own. */
function declare(vm: Vm, base: number): void {
  const { heap } = vm, prefix = ownPrefix(vm, base);
  for (let at = base + 1; heap.hi(at) === CellHi.Pair; at = cdrSlot(heap.lo(at))) vm.globals.cell(prefix + nameText(heap, carSlot(heap.lo(at))));
  heap.setNull(base - 2);
}

/** A path names itself; the name of a library is a list, or one symbol. */
const keyText = (vm: Vm, slot: number): string => (vm.heap.hi(slot) === CellHi.Pair ? writtenText(vm, slot) : nameText(vm.heap, slot));

export const MODULES: readonly NativeInfo[] = [
  lisp("%module-key", 1, 1, "the symbol that stands for the module of this name or path", (vm, base) => storeSymbol(vm, base - 2, keyText(vm, base))),
  lisp("%qualified", 2, 2, "(module or nil, symbol): symbol of the global that the module's definition of the name makes", (vm, base) => {
    const name = nameText(vm.heap, base + 1);
    storeSymbol(vm, base - 2, vm.heap.hi(base) === CellHi.Symbol ? nameText(vm.heap, base) + MODULE_MARK + name : name);
  }),
  lisp("%declare", 2, 2, "(module, symbols): the module is going to define these; nil", declare),
  lisp("%declare-forms", 2, 2, "(module, forms): the module is going to define what the forms define; nil", (vm, base) => {
    const prefix = ownPrefix(vm, base);
    for (const name of vm.services.definedNames(vm, base + 1)) vm.globals.cell(prefix + name);
    vm.heap.setNull(base - 2);
  }),
  lisp("%module-names", 1, 1, "list of the names that the module has defined", (vm, base) => {
    const prefix = ownPrefix(vm, base);
    storeSymbols(vm, base, 1, vm.globals.names().filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)));
  }),
  lisp("%library-names", 0, 0, "list of the names that the library defines", (vm, base) => storeSymbols(vm, base, 0, vm.services.libraryNames())),
  lisp("%global-symbol", 1, 1, "symbol of a global, given by its cell", (vm, base) => {
    const name = textOf(vm.heap, vm.heap.word(vm.heap.lo(base) + Global.Name));
    storeSymbol(vm, base - 2, name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name);
  }),
];
