// What the library of Lisp needs of the layers above it: its sources, and the compiler for eval and for the forms of a
// program (vm/services.ts).
//
// Rules
// 1. Everything here runs inside of a native: what is made is held by dst, by Root.Temp0 and Temp1, or by a slot of the caller.
// 2. Procedures of the program are never called from here: what a macro expands to comes from an earlier round.

import { carSlot, cdrSlot, newPair } from "../heap/cells/pair.ts";
import { newStringFromText, textOf } from "../heap/cells/string.ts";
import { isStruct, structItem } from "../heap/cells/struct.ts";
import { newVector, vectorItem } from "../heap/cells/vector.ts";
import { Root } from "../heap/roots.ts";
import { StructType } from "../heap/structs.ts";
import { CellHi, CellKind, Hi } from "../heap/value.ts";
import { Header } from "../heap/world-layout.ts";
import { LimitError } from "./compile/limits.ts";
import { toIr, vmEngine, type CompileSettings, type Engine } from "./engines.ts";
import type { Compilation } from "./front/language.ts";
import { listDatum, NOWHERE, type Datum, type ListDatum } from "./front/lisp/datum.ts";
import { compileForm, definedNames, expandForm, lisp, placedForms, readDatum, readProgram, type FormOptions, type GlobalMeaning, type PendingCall, type Reading } from "./front/lisp/index.ts";
import * as b from "./ir/builder.ts";
import type { Program } from "./ir/nodes.ts";
import { MODULE_MARK } from "./library/lisp/modules.ts";
import { isBuiltin, libraryGlobal } from "./library/registry.ts";
import { LISP_NATIVES } from "./library/lisp/natives.ts";
import { raiseCondition, readerError } from "./library/lisp/conditions.ts";
import { LISP_CONSTANTS } from "./library/lisp/numbers.ts";
import { COLLECTIONS_PRELUDE } from "./library/lisp/prelude/collections.lisp.ts";
import { CONTROL_PRELUDE } from "./library/lisp/prelude/control.lisp.ts";
import { TEXT_PRELUDE } from "./library/lisp/prelude/text.lisp.ts";
import { fromHeap as dataOf, storeDatum, toHeap } from "./lisp-data.ts";
import { Source } from "./text/source.ts";
import { diagnose, type Diagnostic, type Expansion } from "./text/diagnostics.ts";
import { globalValueSlot } from "./vm/globals.ts";
import type { TraceEntry } from "./vm/errors.ts";
import type { Services } from "./vm/services.ts";
import type { Vm } from "./vm/vm.ts";
import { workspace } from "./vm/workspace.ts";

/** Before the name of every global and native of Lisp. */
export const LISP_PREFIX = "lisp:";

const PRELUDES: readonly (readonly [name: string, text: string])[] = [
  ["control", CONTROL_PRELUDE], ["collections", COLLECTIONS_PRELUDE], ["text", TEXT_PRELUDE],
];

/** The parts of the library written in Lisp, in the order they run. */
export const lispSources = (): Source[] => PRELUDES.map(([name, text]) => new Source(`<library ${name}>`, text));

export const compileLibrary = (source: Source): Compilation => lisp.compile(source, { isBuiltin, libraryGlobal, library: true });

/** Numbers that are values of globals, by their whole names. */
export const LISP_GLOBALS: { readonly [name: string]: number } = Object.fromEntries(LISP_CONSTANTS.map(({ name, value }) => [LISP_PREFIX + name, value]));

/** Every native that is not internal is the value of a global, under each of its names. */
export const lispNativeGlobals = (): (readonly [global: string, id: number])[] => LISP_NATIVES.rows.flatMap(({ name, aliases = [] }, i) =>
  (name.startsWith(`${LISP_PREFIX}%`) ? [] : [name, ...aliases.map((alias) => LISP_PREFIX + alias)].map((each) => [each, LISP_NATIVES.first + i] as const)));

/** The program that runs these forms one after the other, by the library's own loop of this name. */
export function programOfForms(forms: readonly Datum[], source: Source, loop: "%run-program" | "%run-interactive"): Program {
  const span = { start: 0, end: source.text.length };
  const call = b.call(b.global(LISP_PREFIX + loop, null, span), [b.datum(listDatum(placedForms(forms)), span)], span);
  return b.program(b.functionNode("<main>", [], call, { language: "lisp", library: true }, span), lisp.name);
}

/** Fuel in chargeFuel's units for compiling any form: a loop over eval, or a continuation of an earlier form, is a loop of compiling. */
const COMPILING = 16 * 500;

/** The data in the slot; what contains itself is no form. */
function fromHeap(vm: Vm, slot: number, spend?: (bytes: number) => void): Datum {
  const datum = dataOf(vm, slot, spend);
  return datum ?? raiseCondition(vm, "eval", "a form must not contain itself");
}

/** Data read of the world before, by address: good until cells are freed. */
class DataCache {
  #collections = -1;
  readonly #data = new Map<number, Datum | null>();

  /** What the slot holds, a cell with this address; the same object each time. Null when it contains itself. */
  read(vm: Vm, address: number, slot: number): Datum | null {
    const collections = vm.heap.word(Header.Collections);
    if (this.#collections !== collections) {
      this.#collections = collections;
      this.#data.clear();
    }
    let datum = this.#data.get(address);
    if (datum === undefined) this.#data.set(address, datum = dataOf(vm, slot));
    return datum;
  }
}

export class LispServices implements Services {
  refused: Services["refused"] = null;
  /** Macros that are rules, which the front end counts on to be the same, to take them apart once. */
  readonly #rules = new DataCache();
  /** Expansions, which each further round needs again. */
  readonly #expansions = new DataCache();
  evalSource = -1;
  /** Told about each form that is compiled, when somebody compiles a program to be kept: the closure, and the program anew. */
  onCompile: ((closure: number, program: Program) => void) | null = null;

  constructor(private readonly engine: Engine, private readonly settings: CompileSettings) {}

  storeDatum(vm: Vm, dst: number, datum: unknown, sourceId: number): void { storeDatum(vm, dst, datum, sourceId); }

  read(vm: Vm, dst: number, text: string, all: boolean): number {
    const source = new Source("<string>", text), spend = workspace(vm), reading = all ? readProgram(source, spend) : readDatum(source, spend), { forms, end } = reading;
    refuseMistakes(vm, source, reading, "");
    const found = all ? listDatum(forms) : forms[0];
    if (found === undefined) vm.heap.setNull(dst);
    else toHeap(vm, found, dst, this.#evalId(vm));
    return found === undefined ? -1 : end;
  }

  readFile(vm: Vm, dst: number, path: string, text: string, folded: boolean): void {
    const known = vm.sources.findIndex((each) => each.name === path && each.text === text);
    const source = vm.sources[known] ?? new Source(path, text), reading = readProgram(source, workspace(vm), folded);
    refuseMistakes(vm, source, reading, `${path}:`);
    toHeap(vm, listDatum(placedForms(reading.forms)), dst, known >= 0 ? known : vm.sources.push(source) - 1);
  }

  compile(vm: Vm, dst: number, form: number, expansions: number, environment: number, origin: number): void {
    payForRound(vm, expansions);
    vm.chargeFuel(COMPILING);
    const spend = workspace(vm), datum = fromHeap(vm, form, spend), given = this.#options(vm, datum, expansions, environment), { sourceId } = given;
    const options = { ...given.options, origin: callsIn(vm, origin) };
    const result = compileForm(datum, { ...options, spend });
    if (result.pending.length > 0) return this.#storePending(vm, dst, result.pending, sourceId);
    if (result.forms !== null) return storeForms(vm, dst, [listDatum(result.origin), ...result.forms], sourceId);
    if (result.program === null) return this.#refuse(vm, result.diagnostics);
    try {
      this.#storeClosure(vm, dst, result.program, sourceId);
      // Passes write into the tree they get, so whoever keeps one gets one of his own.
      this.onCompile?.(vm.heap.lo(dst), compileForm(datum, options).program!);
    } catch (error) {
      if (!(error instanceof LimitError)) throw error;
      this.#refuse(vm, [diagnose(options.source, "E304", error.span, [error.message])]);
    }
  }

  expand(vm: Vm, dst: number, form: number, expansions: number): void {
    payForRound(vm, expansions);
    const datum = fromHeap(vm, form, workspace(vm)), hold = vm.heap.rootSlot(Root.Temp0);
    vm.heap.setNull(hold);
    const { options, sourceId } = this.#options(vm, datum, expansions, hold);
    const result = expandForm(datum, options);
    if (result.pending.length > 0) {
      this.#storePending(vm, dst, result.pending, sourceId);
      const { heap } = vm, vector = newVector(heap, 1);
      heap.copySlot(vectorItem(vector, 0), dst);
      return heap.setCell(dst, CellKind.Vector, vector);
    }
    if (result.datum === null) return this.#refuse(vm, result.diagnostics);
    if (result.datum === datum) vm.heap.copySlot(dst, form);
    else toHeap(vm, result.datum, dst, sourceId);
  }

  datumLength(text: string, at: number): number {
    const [datum] = readDatum(new Source("", text), undefined, at).forms;
    return datum === undefined ? 0 : Math.max(0, datum.span.end - at);
  }

  libraryNames(): readonly string[] { return libraryNames(); }

  definedNames(vm: Vm, forms: number): readonly string[] {
    const data = fromHeap(vm, forms);
    return data.kind === "list" ? definedNames(data.items).map((symbol) => symbol.name) : [];
  }

  describeForm(name: string): string | null { return lisp.forms?.get(name) ?? null; }

  /** What the front end may know of the world, for a form that is data. */
  #options(vm: Vm, datum: Datum, expansions: number, environment: number): { readonly options: FormOptions; readonly sourceId: number } {
    const sourceId = vm.sources[datum.source] === undefined ? this.#evalId(vm) : datum.source;
    const options: FormOptions = {
      source: vm.sources[sourceId]!, sourceId, sourceOf: (id) => vm.sources[id], isBuiltin, primitives: this.engine === vmEngine, global: (name) => this.#meaning(vm, name),
      expansion: this.#expansionsIn(vm, expansions), environment: environmentOf(vm, environment),
      module: moduleOf(vm, environment), keepsFrame: vm.heap.hi(environment) === Hi.Bool || moduleOf(vm, environment) !== null, qualify: (name, module) => qualify(vm, name, module),
    };
    return { options, sourceId };
  }

  /** The source of data that programs made. */
  #evalId(vm: Vm): number {
    if (this.evalSource < 0) this.evalSource = vm.sources.push(new Source("<eval>", "")) - 1;
    return this.evalSource;
  }

  #meaning(vm: Vm, name: string): GlobalMeaning {
    const cell = vm.globals.known(LISP_PREFIX + name), slot = globalValueSlot(cell);
    if (!vm.globals.isDefined(LISP_PREFIX + name)) return { kind: "unknown" };
    // What is ready and not there yet is no macro.
    if (cell === 0 || !isStruct(vm.heap, slot, StructType.Macro)) return { kind: "value" };
    const expander = expanderSlot(vm, slot);
    return vm.heap.hi(expander) === CellHi.Pair ? { kind: "rules", rules: this.#rules.read(vm, vm.heap.lo(expander), expander)!, home: macroHome(vm, slot) } : { kind: "procedural" };
  }

  /** The expansions in a list of (key . expansion), by key. Looked up once for each known call, so they are indexed at the first. */
  #expansionsIn(vm: Vm, list: number): (key: string) => Datum | null | undefined {
    const { heap } = vm;
    let index: Map<string, number> | null = null;
    return (key) => {
      if (index === null) {
        index = new Map();
        for (let at = list; heap.hi(at) === CellHi.Pair; at = cdrSlot(heap.lo(at))) {
          const entry = heap.lo(carSlot(heap.lo(at)));
          index.set(textOf(heap, heap.lo(carSlot(entry))), entry);
        }
      }
      const entry = index.get(key);
      return entry === undefined ? undefined : this.#expansions.read(vm, entry, cdrSlot(entry));
    };
  }

  /** dst = list of (expander arguments key frame …); the expander is a procedure, or the form that makes it. */
  #storePending(vm: Vm, dst: number, pending: readonly PendingCall[], sourceId: number): void {
    const { heap } = vm, list = heap.rootSlot(Root.Temp0), item = heap.rootSlot(Root.Temp1);
    heap.setSlot(list, Hi.Empty, 0);
    for (const { key, macro, args, chain } of [...pending].reverse()) {
      heap.setSlot(item, Hi.Empty, 0);
      for (const place of [...chain].reverse()) {
        this.#storeClosure(vm, dst, expansionFrame(place), Math.max(vm.sources.indexOf(place.source), 0));
        heap.setCell(item, CellKind.Pair, newPair(heap, dst, item));
      }
      heap.setCell(dst, CellKind.String, newStringFromText(heap, key));
      heap.setCell(item, CellKind.Pair, newPair(heap, dst, item));
      toHeap(vm, args, dst, sourceId);
      heap.setCell(item, CellKind.Pair, newPair(heap, dst, item));
      if (typeof macro === "string") heap.copySlot(dst, expanderSlot(vm, globalValueSlot(vm.globals.known(LISP_PREFIX + macro))));
      else toHeap(vm, macro, dst, sourceId);
      heap.setCell(item, CellKind.Pair, newPair(heap, dst, item));
      heap.setCell(list, CellKind.Pair, newPair(heap, item, list));
    }
    heap.copySlot(dst, list);
    heap.setHole(list);
    heap.setHole(item);
  }

  #storeClosure(vm: Vm, dst: number, program: Program, sourceId: number): void {
    this.engine.storeClosure(vm, dst, toIr(program, this.settings), sourceId, this.settings);
  }

  /** Raises the condition that says what is wrong with a form. */
  #refuse(vm: Vm, diagnostics: readonly Diagnostic[]): never {
    const first = diagnostics.find((each) => each.severity === "error")!, kind = KINDS[first.code] ?? "eval";
    // A form that a program made stands nowhere: what there is to show is who wanted it evaluated.
    if (first.source.text === "") return raiseCondition(vm, kind, first.message);
    try {
      raiseCondition(vm, kind, first.message, [], framesOf(vm, first));
    } finally {
      this.refused = { condition: vm.heap.rootCell(Root.Exception), diagnostics };
    }
  }
}

/** Raises the first mistake that the reader found. */
function refuseMistakes(vm: Vm, source: Source, { diagnostics }: Reading, file: string): void {
  const error = diagnostics.find((each) => each.severity === "error");
  if (error === undefined) return;
  const { line, column } = source.position(error.span.start);
  readerError(vm, `${error.message} at ${file}${line}:${column}`);
}

/** `(lambda (procedure arguments) (apply procedure arguments))`, at the place of a macro call and named after it. */
function expansionFrame({ form, span }: Expansion): Program {
  const procedure = b.variable("procedure"), args = b.variable("arguments");
  const body = b.apply(b.local(procedure, span), b.local(args, span), false, span);
  return b.program(b.functionNode(`expansion of ${form}`, [procedure, args], body, { language: "lisp" }, span), lisp.name);
}

/** Where a form is that was refused, as frames of the condition's trace. */
function framesOf(vm: Vm, { source, span, expansions }: Diagnostic): TraceEntry[] {
  const head = /^\(?([^\s()[\]{}"'`,;]*)/.exec(source.text.slice(span.start, span.end))![1]!;
  const places = [{ form: head, span, source }, ...expansions.map((each) => ({ ...each, form: `expansion of ${each.form}` }))];
  return places.map(({ form, span: { start, end }, source: text }) =>
    ({ name: form, source: text.name, ...text.position(start), start, end, sourceId: vm.sources.indexOf(text) }));
}

/** Macro calls in a list of them. */
function callsIn(vm: Vm, list: number): ListDatum[] {
  if (vm.heap.hi(list) !== CellHi.Pair) return [];
  const calls = fromHeap(vm, list);
  return calls.kind === "list" ? calls.items.filter((call) => call.kind === "list") : [];
}

/** Answers a run that waits for a restart: the one at this index, and the forms of its arguments. */
export function chooseRestart(vm: Vm, index: number, forms: readonly Datum[], source: Source): void {
  const { heap } = vm, interaction = vm.interaction!, slot = interaction.slot(vm), hold = heap.rootSlot(Root.Temp0);
  interaction.settle();
  let list = slot;
  for (let i = 0; i < index; i++) list = cdrSlot(heap.lo(list));
  const chosen = carSlot(heap.lo(list));
  toHeap(vm, listDatum(forms), hold, vm.sources.push(source) - 1);
  heap.setCell(slot, CellKind.Pair, newPair(heap, chosen, hold));
  heap.setHole(hold);
}

/** Kinds of condition by the code of the message; the others are kind eval. */
const KINDS: { readonly [code: string]: string } = { E601: "arity", E603: "type-error" };

/** Item of the Macro in the slot that holds its expander or its rules. */
const expanderSlot = (vm: Vm, slot: number): number => structItem(vm.heap.lo(slot), 1);

/** Expansions that cost nothing, and fuel for each other one, in the units of Vm.work. */
const FREE_EXPANSIONS = 32, EXPANSION_FUEL = 3200;

/** A form is looked at once more for each expansion of its macros' own making, and at all that came of it before: a long chain is long work. */
function payForRound(vm: Vm, expansions: number): void {
  let known = 0;
  for (let at = expansions; vm.heap.hi(at) === CellHi.Pair; at = cdrSlot(vm.heap.lo(at))) known++;
  vm.work(EXPANSION_FUEL * Math.max(0, known - FREE_EXPANSIONS));
}

/** The module that an Environment belongs to; null for the program. */
function moduleOf(vm: Vm, slot: number): string | null {
  const { heap } = vm;
  if (!isStruct(heap, slot, StructType.Environment)) return null;
  const name = structItem(heap.lo(slot), 1);
  return heap.hi(name) === CellHi.Symbol ? textOf(heap, heap.lo(name)) : null;
}

/** The module that the Macro in the slot was defined in, which its name tells. */
function macroHome(vm: Vm, slot: number): string | null {
  const { heap } = vm, name = textOf(heap, heap.lo(structItem(heap.lo(slot), 0))), mark = name.lastIndexOf(MODULE_MARK);
  return mark < 0 ? null : name.slice(0, mark);
}

let known: ReadonlySet<string> | null = null;

/** What modules see without importing it, whatever the program made of it. */
const libraryNames = (): readonly string[] => [...ownNames()].filter((name) => !name.startsWith("%"));

/** Names of natives, constants and definitions of the preludes; those with % are for forms that the front end makes. */
function ownNames(): ReadonlySet<string> {
  if (known !== null) return known;
  const natives = LISP_NATIVES.rows.flatMap(({ name, aliases = [] }) => (name.startsWith(LISP_PREFIX) ? [name.slice(LISP_PREFIX.length), ...aliases] : []));
  const defined = PRELUDES.flatMap(([, text]) => Array.from(text.matchAll(/^\(define \(?([^\s()]+)/gm), (match) => match[1]!));
  return known = new Set([...natives, ...LISP_CONSTANTS.map(({ name }) => name), ...defined]);
}

/** A module's own global where there is one, else the library's, else one the module may define later. */
function qualify(vm: Vm, name: string, module: string): string {
  const own = module + MODULE_MARK + name;
  return vm.globals.known(LISP_PREFIX + own) === 0 && ownNames().has(name) ? name : own;
}

/** The names an Environment has: its item is a list of (symbol getter . setter). Null for nil. */
function environmentOf(vm: Vm, slot: number): FormOptions["environment"] {
  const { heap } = vm;
  if (!isStruct(heap, slot, StructType.Environment) || (heap.hi(structItem(heap.lo(slot), 0)) === Hi.Empty && moduleOf(vm, slot) !== null)) return null;
  const names: string[] = [];
  for (let at = structItem(heap.lo(slot), 0); heap.hi(at) === CellHi.Pair; at = cdrSlot(heap.lo(at))) {
    names.push(textOf(heap, heap.lo(carSlot(heap.lo(carSlot(heap.lo(at)))))));
  }
  return { names, value: { kind: "heap", hi: heap.hi(slot), lo: heap.lo(slot), span: NOWHERE.span, source: NOWHERE.source } };
}

/** dst = vector of the forms. */
function storeForms(vm: Vm, dst: number, forms: readonly Datum[], sourceId: number): void {
  const { heap } = vm, hold = heap.rootSlot(Root.Temp0);
  heap.setCell(dst, CellKind.Vector, newVector(heap, forms.length));
  forms.forEach((form, i) => {
    toHeap(vm, form, hold, sourceId);
    heap.copySlot(vectorItem(heap.lo(dst), i), hold);
  });
  heap.setHole(hold);
}
