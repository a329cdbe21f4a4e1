// A very small Lisp for testing the machine itself: text to IR in a few lines, with none of the real front end's macros,
// checks or library. Its prelude is just enough to drive signalling and continuations.
//
// Forms: define, set!, lambda, if, let, letrec, begin, while, quote, and, or, try (try body (catch e handler)), apply.

import { newClosure } from "../../heap/cells/closure.ts";
import { newPair } from "../../heap/cells/pair.ts";
import { newStringFromText } from "../../heap/cells/string.ts";
import { setInteger } from "../../heap/cells/bigint.ts";
import { keywordText } from "../../heap/cells/keyword.ts";
import type { HeapOptions } from "../../heap/options.ts";
import { Root } from "../../heap/roots.ts";
import { internText } from "../../heap/symbols.ts";
import { CellKind, Hi } from "../../heap/value.ts";
import { compile } from "../../src/compile/compile.ts";
import { link } from "../../src/compile/link.ts";
import * as b from "../../src/ir/builder.ts";
import type { FunctionNode, Node, Variable } from "../../src/ir/nodes.ts";
import { optimise } from "../../src/ir/optimise.ts";
import { primitiveFor } from "../../src/ir/primitives.ts";
import { conditionText, prepareConditions } from "../../src/library/lisp/conditions.ts";
import { writtenText } from "../../src/library/lisp/printer.ts";
import { LISP_NATIVES } from "../../src/library/lisp/natives.ts";
import { LISP_RULES } from "../../src/library/lisp/rules.ts";
import { addNatives, nativeIndex, NATIVES } from "../../src/library/registry.ts";
import { Source } from "../../src/text/source.ts";
import { runTree } from "../../src/tree/run.ts";
import { enterFromHost } from "../../src/vm/frames.ts";
import { globalValueSlot } from "../../src/vm/globals.ts";
import { Status } from "../../src/vm/errors.ts";
import { silentHost } from "../../src/vm/host.ts";
import { isIntact } from "../../src/vm/primitives.ts";
import { run } from "../../src/vm/run.ts";
import { NO_SERVICES } from "../../src/vm/services.ts";
import { Vm, type VmSettings } from "../../src/vm/vm.ts";

// ---- reading

export type Form = string | number | bigint | readonly Form[] | { readonly text: string };

/** All data in a text. */
export function read(text: string): Form[] {
  const tokens = text.replace(/;.*/g, "").match(/"[^"]*"|[()[\]']|[^\s()[\]']+/g) ?? [];
  let at = 0;
  const datum = (): Form => {
    const token = tokens[at++]!;
    if (token === "'") return ["quote", datum()];
    if (token.startsWith('"')) return { text: token.slice(1, -1) };
    if (token !== "(" && token !== "[") return /^-?\d+$/.test(token) ? BigInt(token) : /^-?\d+\.\d+$/.test(token) ? Number(token) : token;
    const items: Form[] = token === "[" ? ["vector"] : [];
    while (tokens[at] !== ")" && tokens[at] !== "]") items.push(datum());
    at++;
    return items;
  };
  const forms: Form[] = [];
  while (at < tokens.length) forms.push(datum());
  return forms;
}

// ---- lowering

type Scope = ReadonlyMap<string, Variable>;
const EMPTY: Scope = new Map();
const LANGUAGE = "lisp";

function body(forms: readonly Form[], scope: Scope): Node {
  return b.block(forms.map((form) => lower(form, scope)));
}

function lambda(name: string, params: Form, forms: readonly Form[], scope: Scope): FunctionNode {
  const names = (typeof params === "string" ? [".", params] : params as readonly string[]);
  const dot = names.indexOf("."), positional = (dot < 0 ? names : names.slice(0, dot)).map(b.variable);
  const rest = dot < 0 ? null : b.variable(names[dot + 1]!);
  const inner = new Map(scope);
  for (const variable of [...positional, ...(rest === null ? [] : [rest])]) inner.set(variable.name, variable);
  return b.functionNode(name, positional, body(forms, inner), { rest: rest === null ? null : b.parameter(rest), language: LANGUAGE });
}

function lower(form: Form, scope: Scope): Node {
  if (typeof form === "bigint") return b.integer(form);
  if (typeof form === "number") return b.float(form);
  if (typeof form === "string") return name(form, scope);
  if (!Array.isArray(form)) return b.datum(form);
  const [head, ...args] = form as readonly Form[];
  if (typeof head === "string" && !head.startsWith(":") && !scope.has(head)) {
    const special = FORMS[head];
    if (special !== undefined) return special(args, scope);
    const values = args.map((each) => lower(each, scope)), primitive = primitiveFor(`lisp:${head}`, args.length);
    if (head.startsWith("%") && NATIVES.some((native) => native.name === `lisp:${head}`)) return b.callNative(`lisp:${head}`, values);
    return primitive === null ? b.properCall(b.global(`lisp:${head}`), values) : b.primitive(primitive, values);
  }
  return b.properCall(lower(head!, scope), args.map((each) => lower(each, scope)));
}

function name(text: string, scope: Scope): Node {
  if (text === "#t" || text === "#f") return b.bool(text === "#t");
  if (text === "nil") return b.nullNode();
  if (text.startsWith(":")) return b.keyword(text.slice(1));
  const variable = scope.get(text);
  return variable === undefined ? b.global(`lisp:${text}`) : b.local(variable);
}

const test = (form: Form, scope: Scope): Node => b.isTrue(lower(form, scope));

const FORMS: { readonly [head: string]: (args: readonly Form[], scope: Scope) => Node } = {
  quote: ([datum]) => (Array.isArray(datum) && datum.length === 0 ? b.empty() : typeof datum === "string" ? b.constant({ type: "symbol", value: datum }) : b.datum(datum)),
  begin: (args, scope) => body(args, scope),
  if: ([c, yes, no], scope) => b.ifNode(test(c!, scope), lower(yes!, scope), no === undefined ? b.nullNode() : lower(no, scope)),
  and: ([first, ...rest], scope) => (rest.length === 0 ? lower(first!, scope) : b.ifNode(test(first!, scope), FORMS["and"]!(rest, scope), b.bool(false))),
  or: ([first, ...rest], scope) => (rest.length === 0 ? lower(first!, scope) : b.ifNode(test(first!, scope), b.bool(true), FORMS["or"]!(rest, scope))),
  while: ([c, ...rest], scope) => b.loop(b.label("while"), test(c!, scope), body(rest, scope)),
  lambda: ([params, ...rest], scope) => lambda("", params!, rest, scope),
  apply: ([f, list], scope) => b.apply(lower(f!, scope), lower(list!, scope), true),
  define: ([target, ...rest], scope) => {
    const [symbol, ...params] = typeof target === "string" ? [target] : target as readonly string[];
    const value = typeof target === "string" ? lower(rest[0]!, scope) : lambda(symbol!, params, rest, scope);
    return b.callNative("lisp:%define", [b.constant({ type: "symbol", value: symbol! }), value]);
  },
  "set!": ([target, value], scope) => {
    const variable = scope.get(target as string);
    if (variable !== undefined) variable.shared = true;
    return variable !== undefined ? b.setLocal(variable, lower(value!, scope))
      : b.callNative("lisp:%set-global", [b.constant({ type: "symbol", value: target as string }), lower(value!, scope)]);
  },
  let: ([bindings, ...rest], scope) => {
    const inner = new Map(scope), pairs = (bindings as readonly (readonly [string, Form])[]).map(([each, value]) => [b.variable(each), lower(value, scope)] as const);
    for (const [variable] of pairs) inner.set(variable.name, variable);
    return b.scope(pairs.map(([variable]) => variable), b.block([...pairs.map(([variable, value]) => b.letNode(variable, value)), body(rest, inner)]));
  },
  letrec: ([bindings, ...rest], scope) => {
    const inner = new Map(scope), pairs = (bindings as readonly (readonly [string, Form])[]).map(([each, value]) => [b.variable(each), value] as const);
    for (const [variable] of pairs) inner.set(variable.name, variable);
    const lets = pairs.map(([variable, value]) => b.letNode(variable, Array.isArray(value) && value[0] === "lambda" ? lambda(variable.name, value[1]!, value.slice(2), inner) : lower(value, inner)));
    return b.scope(pairs.map(([variable]) => variable), b.block([...lets, body(rest, inner)]));
  },
  // (try body (catch e handler)): marks the chain, as the front end does.
  try: ([guarded, clause], scope) => {
    const [, caught, ...handler] = clause as readonly Form[], saved = b.variable("saved"), value = b.variable("value"), thrown = b.variable(caught as string);
    const dynamic = (entry: Node): Node => b.callNative("lisp:%dynamic!", [entry]);
    const attempt = b.block([
      dynamic(b.call(b.global("lisp:vector"), [b.int(0), b.nullNode(), b.nullNode(), b.local(saved)])),
      b.scope([value], b.block([b.letNode(value, lower(guarded!, scope)), dynamic(b.local(saved)), b.local(value)])),
    ]);
    const recover = b.block([dynamic(b.local(saved)), body(handler, new Map([...scope, [thrown.name, thrown]]))]);
    return b.scope([saved], b.block([b.letNode(saved, b.callNative("lisp:%dynamic", [])), b.tryNode(attempt, { variable: thrown, body: recover })]));
  },
};

// ---- running

/** Handlers are asked from the innermost out up to the first try; continuations ignore winds. */
const PRELUDE = `
(define (%ask entry condition)
  (if (null? entry) (%throw condition)
    (if (= (vector-ref entry 0) 1)
      (begin (%dynamic! (vector-ref entry 3)) ((vector-ref entry 1) condition))
      (if (= (vector-ref entry 0) 0) (%throw condition) (%ask (vector-ref entry 3) condition)))))
(define (%signal condition)
  (let ((saved (%dynamic)))
    (let ((value (%ask saved condition))) (%dynamic! saved) value)))
(define (%signal-only condition) (%throw (%signal condition)))
(define (%signal-unbound condition global . arguments) (apply (%signal condition) arguments))
(define (with-handler handler thunk)
  (let ((saved (%dynamic)))
    (%dynamic! (vector 1 handler nil saved))
    (let ((value (thunk))) (%dynamic! saved) value)))
(define (call/cc f) (f (%capture)))
(define (%continue k v) (%reinstate k v))
(define (map f xs) (if (null? xs) '() (cons (f (car xs)) (map f (cdr xs)))))
`;

/** Quoted data of this Lisp as a value; what is built so far lies in the roots. */
function storeDatum(vm: Vm, dst: number, form: unknown): void {
  const { heap } = vm;
  if (typeof form === "bigint") setInteger(heap, dst, form);
  else if (typeof form === "number") heap.setF64(dst, form);
  else if (typeof form === "string" && form.startsWith(":")) heap.setCell(dst, CellKind.Keyword, keywordText(heap, form.slice(1)));
  else if (typeof form === "string") heap.setCell(dst, CellKind.Symbol, internText(heap, form));
  else if (!Array.isArray(form)) heap.setCell(dst, CellKind.String, newStringFromText(heap, (form as { text: string }).text));
  else storeList(vm, dst, form as readonly Form[]);
}

/** A flat list, built from its end. */
function storeList(vm: Vm, dst: number, items: readonly Form[]): void {
  const { heap } = vm, item = heap.rootSlot(Root.Temp0);
  heap.setSlot(dst, Hi.Empty, 0);
  for (const each of [...items].reverse()) {
    storeDatum(vm, item, each);
    heap.setCell(dst, CellKind.Pair, newPair(heap, item, dst));
  }
  heap.setHole(item);
}

export interface LispOptions { readonly heap?: HeapOptions; readonly settings?: Partial<VmSettings>; readonly engine?: "vm" | "tree"; readonly optimise?: 0 | 1; readonly peephole?: boolean }

addNatives(LISP_NATIVES);

/** The world in which the prelude has run: making it takes long where every allocation collects. */
let world: Uint8Array | null = null;

function makeWorld(): void {
  const { vm } = new MiniLisp();
  vm.heap.collect("template");
  world = vm.heap.image();
}

export class MiniLisp {
  readonly vm: Vm;
  readonly written: string[] = [];

  constructor(readonly options: LispOptions = {}) {
    // The tree engine's functions are not part of an image.
    const fromImage = options.engine !== "tree" && world !== null;
    const vm = this.vm = new Vm({ heap: options.heap ?? {}, host: silentHost, ...options.settings }, fromImage ? world : null);
    vm.services = { ...NO_SERVICES, storeDatum };
    vm.rules = LISP_RULES;
    if (fromImage) return;
    NATIVES.forEach(({ name: native, aliases = [] }, id) => {
      if (!native.startsWith("lisp:")) return;
      for (const each of [native, ...aliases.map((alias) => `lisp:${alias}`)]) vm.heap.setSlot(globalValueSlot(vm.globals.cell(each)), Hi.Native, id);
    });
    prepareConditions(vm);
    expectDone(this.run(PRELUDE));
  }

  /** Written form of the last form's value, or "throws " and the condition. */
  run(text: string): string {
    let result = "";
    for (const form of read(text)) {
      result = this.#form(form);
      if (result.startsWith("throws") || result === "parked") break;
    }
    return result;
  }

  #form(form: Form): string {
    const { vm, options: { optimise: level = 1, engine = "vm" } } = this, { heap } = vm;
    const main = b.functionNode("", [], lower(form, EMPTY), { language: LANGUAGE });
    const program = optimise(b.program(main, LANGUAGE), { level });
    const sourceId = vm.sources.push(new Source("test", "")) - 1;
    heap.setNull(heap.rootSlot(Root.Dynamic));
    if (engine === "tree") return this.#finish(runTree(vm, program, sourceId, { stackBytes: 400 << 10 }));
    const compiled = compile(program, { optimise: level, peephole: this.options.peephole ?? true, nativeIndex, isIntact: (op) => isIntact(vm, op) });
    const hold = heap.rootSlot(Root.Temp0);
    heap.setCell(hold, CellKind.Code, link(vm, compiled, sourceId));
    const closure = newClosure(heap, heap.lo(hold), 0);
    heap.setCell(vm.stackBase, CellKind.Closure, closure);
    heap.setHole(hold);
    enterFromHost(vm, vm.stackBase, 0);
    return this.#finish(run(vm));
  }

  /** Goes on with a parked run. */
  resume(fuel: number): string {
    this.vm.fuel = fuel;
    return this.#finish(run(this.vm));
  }

  #finish(status: Status): string {
    const { vm } = this;
    if (status === Status.OutOfFuel) return "parked";
    const slot = vm.heap.rootSlot(status === Status.Done ? Root.Result : Root.Exception);
    const text = status === Status.Done ? writtenText(vm, slot) : `throws ${conditionText(vm, slot) ?? writtenText(vm, slot)}`;
    vm.fp = vm.pc = vm.depth = vm.nativeTop = 0;
    return text;
  }
}

function expectDone(result: string): void {
  if (result.startsWith("throws")) throw new Error(result);
}

/** The outcome of a program, in a world of its own. */
export function lisp(text: string, options: LispOptions = {}): string {
  if (world === null) makeWorld();
  const machine = new MiniLisp(options), result = machine.run(text);
  if (options.heap?.gcStress !== undefined) machine.vm.heap.verify();
  return result;
}

/** A collection at every allocation, which overwrites what it frees. */
export const STRESS: LispOptions = { heap: { gcStress: 1, poison: true } };
