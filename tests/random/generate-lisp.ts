// Writes random Lisp programs that are valid and end: numbers of the whole tower, data, closures, control, macros,
// exceptions. Most of the text comes from the phrases; binding forms and functions are made here.
//
// Why a program ends: loops count to a small constant, functions call only functions written before them, variables that
// hold functions are never set, and `#cost` bounds the product of rounds and calls. Why it stays small: what loops and
// assignments keep goes through the program's own `small`.

import { Random } from "../support/random.ts";
import { CONTROL, EFFECTS, KINDS, LITERALS, PHRASES, PREAMBLE, SCALARS, type Kind } from "./lisp-phrases.ts";

interface Name { readonly name: string; readonly kind: Kind; readonly constant: boolean }
interface Callable { readonly name: string; readonly parameters: readonly Kind[]; readonly result: Kind; readonly cost: number }

const MAX_COST = 2_000, MAX_ROUNDS = 200;
/** How often a function given to a library function is called, roughly. */
const CALLBACK_ROUNDS = 6;
/** Library functions that engines do inline: a program may have its own, globally or as a local name. */
const REDEFINED = ["first", "rest", "cadr", "cddr", "nth", "vector-ref", "equal?", "eqv?", "zero?", "remainder", "mod", "set-car!"];
const SHADOWED = ["car", "list", "first", "abs", "nth", "string-append", "vector-ref"];
const HOLE = /<(int|num|bool|str|sym|list|vec|map|any|K|fn|fn2|test|digit|name|effect|escape)>/g;

export interface Features {
  /** Continuations that outlive their extent, which the tree engine cannot capture. */
  readonly continuations: boolean;
}

class Generator {
  readonly #random: Random;
  readonly #features: Features;
  readonly #forms: string[] = [];
  #scopes: Name[][] = [[]];
  readonly #functions: Callable[] = [];
  #names = 0;
  /** Rounds of the loops around the current place, and what the current function costs so far. */
  #rounds = 1;
  #cost = 0;

  constructor(seed: number, features: Features) {
    this.#random = new Random(seed);
    this.#features = features;
  }

  program(forms: number): string {
    for (const kind of new Set(KINDS)) this.#define(kind);
    if (this.#random.chance(0.15)) this.#redefine();
    for (let i = 0; i < 3; i++) this.#function();
    for (let i = 0; i < forms; i++) {
      this.#cost = 0;
      this.#topForm();
    }
    if (this.#random.chance(0.2)) this.#forms.push(this.#expression("any", 3));
    for (const { name } of this.#scopes[0]!) this.#forms.push(`(println '${name} ${name})`);
    return `${PREAMBLE}${this.#forms.join("\n")}\n`;
  }

  #fresh(prefix: string): string {
    return `${prefix}${this.#names++}`;
  }

  #literal(kind: Kind): string {
    return this.#random.pick(LITERALS[kind]);
  }

  // --- top level ---

  #define(kind: Kind): void {
    const name = this.#fresh("g");
    this.#forms.push(`(define ${name} (small (try ${this.#expression(kind, 2)} (catch e ${this.#literal(kind)})) ${this.#literal(kind)}))`);
    this.#scopes[0]!.push({ name, kind, constant: false });
  }

  /** A library function gets another meaning for the whole program, at the start or somewhere in the middle. */
  #redefine(): void {
    const name = this.#random.pick(REDEFINED);
    const ways = [`(define (${name} . all) (list '${name} all))`, `(set! ${name} ${this.#random.pick(["car", "list", "equal?", "(lambda (x . more) x)"])})`, `(define (${name} x) 7)`];
    this.#forms.push(this.#random.pick(ways));
  }

  #topForm(): void {
    const guarded = (text: string): string => `(try ${text} (catch e (println "error" (:type e) (:message e))))`;
    const shown = (): string => `(println ${this.#expression(this.#random.pick(KINDS), 4)})`;
    this.#forms.push(this.#random.pick([
      () => guarded(shown()), () => guarded(shown()), () => guarded(shown()),
      () => guarded(this.#effect(3)),
      () => guarded(`(guard (e ((string? e) (println 'guarded e))) ${this.#effect(2)} ${shown()})`),
      () => (this.#features.continuations ? this.#reentry() : guarded(shown())),
    ])());
    if (this.#random.chance(0.03)) this.#redefine();
  }

  /** Goes back into a continuation a few times: what was computed before is still there, what comes after is done again. */
  #reentry(): string {
    const back = this.#fresh("k"), count = this.#fresh("n"), kind = this.#random.pick(KINDS);
    this.#forms.push(`(define ${back} #f)`, `(define ${count} 0)`);
    const inside = `(small (call/cc (lambda (k) (set! ${back} k) ${this.#expression(kind, 1)})) ${this.#literal(kind)})`;
    const place = this.#random.pick([
      () => inside, () => `(list ${this.#expression("any", 2)} ${inside} ${this.#expression("any", 2)})`, () => `(map (lambda (x) (if (= x 2) ${inside} x)) '(1 2 3))`,
      () => `(dynamic-wind (lambda () (println 'enter)) (lambda () ${inside}) (lambda () (println 'leave)))`, () => `(parameterize ((par ${this.#expression("int", 1)})) (list ${inside} (par)))`,
      () => `(let loop ((i 0) (acc '())) (if (< i 3) (loop (+ i 1) (cons ${inside} acc)) acc))`, () => `(try (list ${inside} ${this.#expression("any", 2)}) (catch e (:message e)))`,
      () => `(sort '(3 1 2) (lambda (a b) ${inside} (- a b)))`,
    ])();
    return `(try (println 'again ${place}) (catch e (println "error" (:message e))))\n(set! ${count} (+ ${count} 1))\n(if (and ${back} (< ${count} ${2 + this.#random.below(2)})) (${back} ${this.#expression(kind, 1)}))`;
  }

  #function(): void {
    const parameters = Array.from({ length: this.#random.below(4) }, () => this.#random.pick(KINDS));
    const name = this.#fresh("f"), result = this.#random.pick(KINDS);
    this.#cost = 0;
    const text = this.#lambda(parameters, result, 4);
    this.#forms.push(this.#random.chance(0.5) ? `(define ${name} ${text})` : text.replace(/^\(lambda \(/, `(define (${name} `));
    this.#functions.push({ name, parameters, result, cost: this.#cost + 1 });
  }

  // --- expressions ---

  #expression(wanted: Kind, depth: number): string {
    const random = this.#random, kind = random.chance(0.015) ? random.pick(KINDS) : wanted === "any" && random.chance(0.6) ? random.pick(KINDS) : wanted;
    if (depth <= 0 || random.chance(0.2)) return this.#leaf(kind);
    if (random.chance(0.12)) return this.#call(kind, depth) ?? this.#leaf(kind);
    if (random.chance(0.2)) return this.#binding(kind, depth);
    return this.#filled(random.pick(random.chance(0.25) ? CONTROL : PHRASES[kind]), kind, depth - 1);
  }

  #leaf(kind: Kind): string {
    const names = this.#visible(kind);
    return names.length > 0 && this.#random.chance(0.6) ? this.#random.pick(names).name : this.#literal(kind);
  }

  /** Variables that can be read here, the inner ones as often as all others. */
  #visible(kind: Kind, assignable = false): Name[] {
    const fits = (name: Name): boolean => (kind === "any" || name.kind === kind) && !(assignable && name.constant);
    const local = this.#scopes.slice(1).flat().filter(fits);
    return local.length > 0 && this.#random.chance(0.7) ? local : this.#scopes.flat().filter(fits);
  }

  #filled(phrase: string, kind: Kind, depth: number): string {
    return phrase.replace(HOLE, (_, hole: string) => {
      switch (hole) {
        case "K": return this.#expression(kind, depth);
        case "fn": return this.#callback(1, "any", depth);
        case "fn2": return this.#callback(2, "any", depth);
        case "test": return this.#callback(1, "bool", depth);
        case "digit": return String(this.#random.below(6));
        case "name": return this.#leaf("any").replace(/^.*["\\\s].*$/, "7");
        case "effect": return this.#effect(depth);
        case "escape": return this.#features.continuations && this.#random.chance(0.6) ? "call/cc" : "call/ec";
        default: return this.#expression(hole as Kind, depth);
      }
    });
  }

  #effect(depth: number): string {
    const targets = this.#visible("any", true);
    if (targets.length > 0 && this.#random.chance(0.4)) {
      const { name, kind } = this.#random.pick(targets);
      return `(set! ${name} (small ${this.#expression(kind, depth - 1)} ${this.#literal(kind)}))`;
    }
    return this.#filled(this.#random.pick(EFFECTS), "any", depth - 1);
  }

  #call(kind: Kind, depth: number): string | null {
    const fitting = this.#functions.filter((each) => (kind === "any" || each.result === kind) && this.#cost + each.cost * this.#rounds < MAX_COST);
    if (fitting.length === 0) return null;
    const chosen = this.#random.pick(fitting), parameters = this.#random.chance(0.02) ? chosen.parameters.slice(1) : chosen.parameters;
    this.#cost += chosen.cost * this.#rounds;
    return `(${[chosen.name, ...parameters.map((each) => this.#expression(each, depth - 1))].join(" ")})`;
  }

  /** What a library function is given to call. */
  #callback(count: number, result: Kind, depth: number): string {
    const simple = result === "bool" ? ["number?", "pair?", "string?", "null?", "integer?", "symbol?"] : count === 1 ? ["list", "type", "number?", "(lambda (x) (list x x))", ":a"] : ["list", "cons", "equal?", "(lambda (a b) b)"];
    if (this.#random.chance(0.35) || this.#rounds * CALLBACK_ROUNDS > MAX_ROUNDS) return this.#random.pick(simple);
    return this.#inLoop(CALLBACK_ROUNDS, () => this.#lambda(Array.from({ length: count }, () => "any" as const), result, depth));
  }

  #lambda(parameters: readonly Kind[], result: Kind, depth: number): string {
    const names = parameters.map((kind) => ({ name: this.#local(), kind, constant: false }));
    return `(lambda (${names.map(({ name }) => name).join(" ")}) ${this.#inScope(names, () => this.#body(result, depth))})`;
  }

  // --- bodies and binding forms ---

  #local = (): string => (this.#random.chance(0.02) ? this.#random.pick(SHADOWED) : this.#fresh("v"));

  #inScope(names: readonly Name[], body: () => string): string {
    this.#scopes.push([...names]);
    const text = body();
    this.#scopes.pop();
    return text;
  }

  #inLoop(rounds: number, body: () => string): string {
    this.#rounds *= rounds;
    const text = body();
    this.#rounds /= rounds;
    return text;
  }

  /** Definitions, effects and the answer. */
  #body(kind: Kind, depth: number): string {
    return this.#inScope([], () => {
      const parts: string[] = [];
      for (let i = this.#random.below(2); i > 0 && depth > 1; i--) {
        const name = this.#fresh("d"), each = this.#random.pick(KINDS);
        parts.push(`(define ${name} ${this.#expression(each, depth - 1)})`);
        this.#scopes.at(-1)!.push({ name, kind: each, constant: false });
      }
      for (let i = this.#random.below(3); i > 0 && depth > 0; i--) parts.push(this.#effect(depth - 1));
      return [...parts, this.#expression(kind, depth - 1)].join(" ");
    });
  }

  #binding(kind: Kind, depth: number): string {
    const ways = [() => this.#let(kind, depth), () => this.#let(kind, depth), () => this.#closure(kind, depth), () => this.#letrec(kind, depth)];
    if (this.#rounds < MAX_ROUNDS / 4) ways.push(() => this.#namedLet(kind, depth), () => this.#do(kind, depth), () => this.#collect(kind, depth));
    return this.#random.pick(ways)();
  }

  #let(kind: Kind, depth: number): string {
    const nested = this.#random.chance(0.5), names: Name[] = [], bindings: string[] = [];
    return this.#inScope([], () => {
      for (let i = 1 + this.#random.below(3); i > 0; i--) {
        const name = { name: this.#local(), kind: this.#random.pick(KINDS), constant: false };
        if (names.some((other) => other.name === name.name)) continue;
        bindings.push(`(${name.name} ${this.#expression(name.kind, depth - 1)})`);
        names.push(name);
        if (nested) this.#scopes.at(-1)!.push(name);
      }
      return `(${nested ? "let*" : "let"} (${bindings.join(" ")}) ${this.#inScope(nested ? [] : names, () => this.#body(kind, depth - 1))})`;
    });
  }

  /** A variable that closures share and change. */
  #closure(kind: Kind, depth: number): string {
    const cell = this.#fresh("c"), each = this.#random.pick(SCALARS), put = this.#fresh("put"), start = this.#expression(each, depth - 1);
    return this.#inScope([{ name: cell, kind: each, constant: false }], () => {
      const changed = `(lambda (x) (set! ${cell} (small ${this.#expression(each, depth - 1)} x)) ${cell})`, given = (): string => this.#expression(each, 1);
      return `(let* ((${cell} ${start}) (${put} ${changed})) (println (${put} ${given()}) (map ${put} (list ${given()} ${given()}))) ${this.#body(kind, depth - 1)})`;
    });
  }

  /** Two functions that call each other so many times. */
  #letrec(kind: Kind, depth: number): string {
    const a = this.#fresh("r"), b = this.#fresh("r"), rounds = 1 + this.#random.below(9), tail = this.#random.chance(0.5);
    const step = (to: string): string => (tail ? `(${to} (- n 1))` : `(let ((got (${to} (- n 1)))) got)`);
    const ends = [this.#expression(kind, depth - 1), this.#expression(kind, depth - 1)];
    return `(letrec ((${a} (lambda (n) (if (= n 0) ${ends[0]} ${step(b)}))) (${b} (lambda (n) (if (= n 0) ${ends[1]} ${step(a)})))) (${a} ${rounds}))`;
  }

  #namedLet(kind: Kind, depth: number): string {
    const loop = this.#fresh("loop"), i = this.#fresh("i"), acc = this.#fresh("acc"), rounds = 1 + this.#random.below(5), start = this.#expression(kind, depth - 1);
    return this.#inScope([{ name: i, kind: "int", constant: true }, { name: acc, kind, constant: false }], () => this.#inLoop(rounds, () => {
      const again = `(${loop} (+ ${i} 1) (small ${this.#expression(kind, depth - 1)} ${this.#literal(kind)}))`;
      const early = this.#random.chance(0.3) ? ` (${this.#expression("bool", 1)} ${acc})` : "";
      const effect = this.#random.chance(0.5) ? `${this.#effect(depth - 1)} ` : "";
      return `(let ${loop} ((${i} 0) (${acc} ${start})) (cond ((>= ${i} ${rounds}) ${acc})${early} (else ${effect}${again})))`;
    }));
  }

  #do(kind: Kind, depth: number): string {
    const i = this.#fresh("i"), acc = this.#fresh("acc"), rounds = 1 + this.#random.below(5), start = this.#expression(kind, depth - 1);
    return this.#inScope([{ name: i, kind: "int", constant: true }, { name: acc, kind, constant: false }], () => {
      const inside = this.#inLoop(rounds, () => `${this.#effect(depth - 1)})`);
      const step = this.#inLoop(rounds, () => this.#expression(kind, depth - 1));
      return `(do ((${i} 0 (+ ${i} 1)) (${acc} ${start} (small ${step} ${this.#literal(kind)}))) ((= ${i} ${rounds}) ${acc}) ${inside}`;
    });
  }

  /** Each round of a loop leaves a closure over its own variable. */
  #collect(kind: Kind, depth: number): string {
    const i = this.#fresh("i"), kept = this.#fresh("kept");
    const made = this.#inScope([{ name: i, kind: "int", constant: true }], () => this.#inLoop(3, () => this.#expression("any", depth - 1)));
    return `(let ((${kept} '())) (for-range (${i} 0 3) (set! ${kept} (cons (lambda () ${made}) ${kept}))) (println (map (lambda (f) (f)) ${kept})) ${this.#expression(kind, depth - 1)})`;
  }
}

/** The program of a seed; `forms` is how many the main part has. */
export const generateLisp = (seed: number, features: Features, forms = 10): string => new Generator(seed, features).program(forms);
