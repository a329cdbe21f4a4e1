// Programs of Lisp that are compiled to be kept. Normally each form is compiled when those before it have run, because macros
// are procedures of the program. Here nothing of the program runs but, in a scratch copy of the VM, its definitions of
// procedures, records, macros and constants, and its modules: what expanders need. Each form is then the bytecode it would have been.
//
// An expander that counts on more than that - a table which the program fills first - fails, and the form is refused.

import { Root } from "../heap/roots.ts";
import { vectorCount, vectorItem } from "../heap/cells/vector.ts";
import { CellHi } from "../heap/value.ts";
import { toIr, vmEngine, type CompileSettings } from "./engines.ts";
import type { Compilation } from "./front/language.ts";
import type { Datum } from "./front/lisp/datum.ts";
import { placedForms, readProgram } from "./front/lisp/index.ts";
import * as b from "./ir/builder.ts";
import type { Node, Program } from "./ir/nodes.ts";
import { children } from "./ir/walk.ts";
import { conditionText } from "./library/lisp/conditions.ts";
import { fromHeap } from "./lisp-data.ts";
import { LISP_PREFIX, LispServices } from "./lisp-services.ts";
import { LISP_DATA } from "./lisp-written.ts";
import { ProgramError } from "./program/errors.ts";
import { diagnose, type Diagnostic } from "./text/diagnostics.ts";
import type { Source } from "./text/source.ts";
import { displayText } from "./vm/display.ts";
import { GUEST_THROW, ProgramEnd, Status } from "./vm/errors.ts";
import { enterFromHost } from "./vm/frames.ts";
import { run } from "./vm/run.ts";
import type { Vm } from "./vm/vm.ts";

const SETTINGS: CompileSettings = { optimise: 1, peephole: true };

/** Compiles the program of a source; `vm` is a scratch world that is thrown away afterwards. */
export function compileAhead(vm: Vm, source: Source): Compilation {
  const { forms, diagnostics } = readProgram(source), nothing = { refFunctions: false, definedGlobals: new Set<string>() };
  if (diagnostics.some(isError)) return { program: null, diagnostics, ...nothing };
  const ahead = new Ahead(vm, source), span = { start: 0, end: source.text.length };
  try {
    const calls = ahead.programs(placedForms(forms)).map(({ main }) => b.call(main, [], main.span));
    // As %run-program does. Errors name the forms' own frames, not this one.
    const start = b.call(b.global(`${LISP_PREFIX}%start-tasks`, null, span), [], span), value = calls.length === 0 ? [b.nullNode(span)] : calls;
    const main = b.functionNode("<main>", [], b.block([start, ...value], span), { language: "lisp", library: true }, span);
    return { program: b.program(main, "lisp"), diagnostics, ...nothing };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { program: null, diagnostics: [...diagnostics, ...error.found], ...nothing };
  }
}

const isError = ({ severity }: Diagnostic): boolean => severity === "error";

/** What is wrong with a form. */
class Refused extends Error {
  constructor(readonly found: readonly Diagnostic[]) { super("a form that cannot be compiled ahead"); }
}

class Ahead {
  readonly #sourceId: number;
  readonly #services: LispServices;

  constructor(readonly vm: Vm, readonly source: Source) {
    this.#sourceId = vm.sources.push(source) - 1;
    this.#services = vm.services as LispServices;
  }

  /** One for each form that is left when those that stand for several are opened. */
  programs(forms: readonly Datum[]): Program[] {
    const made: Program[] = [], pending = [...forms].reverse();
    for (let form = pending.pop(); form !== undefined; form = pending.pop()) {
      const result = this.#compile(form);
      if (Array.isArray(result)) pending.push(...(result as Datum[]).reverse());
      else made.push(result as Program);
    }
    return made;
  }

  /** The form's program, or the forms it stands for. */
  #compile(form: Datum): Program | Datum[] {
    const { vm } = this, { heap } = vm, result = heap.rootSlot(Root.Result), compiled = new Map<number, Program>();
    this.#services.onCompile = (closure, program) => void compiled.set(closure, program);
    const call = b.call(b.global(`${LISP_PREFIX}%compile-form`, null, form.span), [b.datum(form, form.span), b.nullNode(form.span), b.empty(form.span)], form.span);
    this.#run(form, () => {
      const main = b.program(b.functionNode("<compile>", [], call, { language: "lisp", library: true }, form.span), "lisp");
      vmEngine.storeClosure(vm, result, toIr(main, SETTINGS), this.#sourceId, SETTINGS);
    });
    this.#services.onCompile = null;
    // The first item is where the forms came of.
    if (heap.hi(result) === CellHi.Vector) return this.#own(form, Array.from({ length: vectorCount(heap, heap.lo(result)) - 1 }, (_, i) => fromHeap(vm, vectorItem(heap.lo(result), i + 1))));
    const program = compiled.get(heap.lo(result))!;
    if (isDefinition(program.main.body)) this.#run(form, () => {});
    return program;
  }

  /** Data of the scratch world as data that was read: its cells may be gone by the time it is compiled. */
  #own(form: Datum, data: readonly (Datum | null)[]): Datum[] {
    try {
      return data.map((datum) => LISP_DATA.read(LISP_DATA.write(datum, this.#sourceId)) as Datum);
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
      throw this.#refusal(form, error.message);
    }
  }

  /** Calls the closure that `prepare` leaves in Root.Result; the result is there too. */
  #run(form: Datum, prepare: () => void): void {
    const { vm } = this, { heap } = vm;
    let status: Status;
    try {
      prepare();
      heap.copySlot(vm.stackBase, heap.rootSlot(Root.Result));
      heap.setHole(heap.rootSlot(Root.Dynamic));
      enterFromHost(vm, vm.stackBase, 0);
      status = run(vm);
    } catch (error) {
      if (error !== GUEST_THROW && !(error instanceof ProgramEnd)) throw error;
      status = Status.Uncaught;
      if (error !== GUEST_THROW) throw this.#refusal(form, (error as ProgramEnd).message);
    }
    if (status === Status.Done) return;
    const exception = heap.rootSlot(Root.Exception), { refused } = this.#services;
    if (status === Status.Uncaught && refused?.condition === heap.lo(exception)) throw new Refused(refused.diagnostics);
    throw this.#refusal(form, status === Status.Uncaught ? conditionText(vm, exception) ?? displayText(vm, exception) : "a macro waits, or uses up the fuel that compiling has");
  }

  #refusal(form: Datum, reason: string): Refused {
    const span = form.span.end > form.span.start ? form.span : { start: 0, end: 0 };
    return new Refused([diagnose(this.source, "E607", span, [`this form cannot be compiled before the program runs: ${reason}`], "macros see modules, procedures, records, constants and macros of the program, nothing else that running it makes")]);
  }
}

/** Natives that only define: in them, and outside of functions, nothing happens that the program could notice. */
const DEFINING: ReadonlySet<string> = new Set(["%define", "%define-macro", "%define-syntax", "%make-record-type"].map((name) => LISP_PREFIX + name));

/** Library functions that make modules and bring in what they export, macros too. */
const LOADING: ReadonlySet<string> = new Set(["%module", "%define-library", "%import-sets"].map((name) => LISP_PREFIX + name));

/** Does running the form do nothing but define procedures, records, macros and constants, or load modules? */
const isDefinition = (body: Node): boolean => body.kind !== "Const" && onlyDefines(body);

function onlyDefines(node: Node): boolean {
  if (node.kind === "Function" || node.kind === "Const") return true;
  if (node.kind === "Call") return node.callee.kind === "Global" && LOADING.has(node.callee.name);
  if (node.kind === "CallNative" ? !DEFINING.has(node.native) : !["Block", "Scope", "Let", "Local"].includes(node.kind)) return false;
  return children(node).every(onlyDefines);
}
