// Writes random Hemlock programs that are valid and end. Used to compare engines: what a program does matters less than
// that it does much - all integer widths, strings, arrays, objects, closures, loops, exceptions - and always stops.
//
// Why a program ends: every loop counts to a small constant, functions call only functions written before them, and
// `budget` bounds the product of loop rounds and calls. Why it stays small: strings and arrays are cut at each assignment.

import { Random } from "../support/random.ts";

type Kind = "int" | "float" | "string" | "bool" | "array" | "object";
interface Name { readonly name: string; readonly kind: Kind; readonly constant: boolean }
interface Callable { readonly name: string; readonly parameters: readonly Kind[]; readonly result: Kind; readonly cost: number }

const WIDTHS = ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"] as const;
const LITERALS: { readonly [W in (typeof WIDTHS)[number]]: readonly string[] } = {
  i8: ["0", "1", "127", "-128", "-1"], i16: ["0", "7", "32767", "-32768"], i32: ["0", "3", "2147483647", "-2147483647", "1000003"],
  i64: ["0", "5", "9223372036854775807", "-5000000000", "140737488355328"], u8: ["0", "1", "255", "128"], u16: ["0", "9", "65535"],
  u32: ["0", "2", "4294967295", "2147483648"], u64: ["0", "11", "9223372036854775807", "281474976710656"],
};
const KINDS: readonly Kind[] = ["int", "int", "float", "string", "bool", "array", "object"];
const FIELDS = ["a", "b", "c", "d"];
const MAX_COST = 3_000;

class Generator {
  readonly #random: Random;
  readonly #lines: string[] = [];
  #indent = 0;
  #scopes: Name[][] = [[]];
  readonly #functions: Callable[] = [];
  #names = 0;
  #labels: string[] = [];
  /** Inside a function: the kind it returns. */
  #result: Kind | null = null;
  /** Rounds of the loops around the current place, and what the current function costs so far. */
  #rounds = 1;
  #cost = 0;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  program(statements: number): string {
    for (const kind of KINDS) this.#declare(kind, 0);
    for (let i = 0; i < 4; i++) this.#function();
    for (let i = 0; i < statements; i++) this.#guarded();
    if (this.#random.chance(0.2)) this.#statement(0);
    for (const { name, kind } of this.#scopes[0]!) this.#line(kind === "object" ? `print(${name}.serialize());` : `print(${name});`);
    return `${this.#lines.join("\n")}\n`;
  }

  #line(text: string): void {
    this.#lines.push("    ".repeat(this.#indent) + text);
  }

  #fresh(prefix: string): string {
    return `${prefix}_${this.#names++}`;
  }

  /** A block in a scope of its own; `head` ends in "{". */
  #block(head: string, body: () => void, tail = "}"): void {
    this.#line(head);
    this.#indent++;
    this.#scopes.push([]);
    body();
    this.#scopes.pop();
    this.#indent--;
    this.#line(tail);
  }

  #visible(kind: Kind, assignable = false): Name[] {
    return this.#scopes.flat().filter((name) => name.kind === kind && !(assignable && name.constant));
  }

  // --- statements ---

  /** Statements of the main program; whatever they throw is printed and the program goes on. */
  #guarded(): void {
    this.#block("try {", () => this.#statements(1 + this.#random.below(3), 1), "} catch (e) { print(e); }");
  }

  #statements(count: number, depth: number): void {
    for (let i = 0; i < count; i++) this.#statement(depth);
  }

  #statement(depth: number): void {
    const simple = [() => this.#declare(this.#random.pick(KINDS)), () => this.#assign(), () => this.#assign(), () => this.#print(), () => this.#mutate(), () => this.#step()];
    const nested = [() => this.#if(depth), () => this.#loop(depth), () => this.#forEach(depth), () => this.#switch(depth), () => this.#try(depth), () => this.#closure(depth), () => this.#feature()];
    const leaving = [() => this.#leave()];
    this.#random.pick(depth > 3 ? [...simple, ...leaving] : [...simple, ...simple, ...nested, ...leaving])();
  }

  #declare(kind: Kind, depth = 2): void {
    const constant = this.#random.chance(0.1), name = this.#fresh("v");
    if (kind === "int" && this.#random.chance(0.6)) {
      const width = this.#random.pick(WIDTHS);
      this.#line(`${constant ? "const" : "let"} ${name}: ${width} = ${this.#random.pick(LITERALS[width])};`);
    } else {
      this.#line(`${constant ? "const" : "let"} ${name} = ${this.#limited(kind, this.#expression(kind, depth))};`);
    }
    this.#scopes.at(-1)!.push({ name, kind, constant });
  }

  /** Cuts what could double in each round of a loop. */
  #limited(kind: Kind, text: string): string {
    return kind === "string" ? `(${text}).substr(0, 40)` : kind === "array" ? `(${text}).slice(0, 8)` : text;
  }

  #assign(): void {
    const kind = this.#random.pick(KINDS), targets = this.#visible(kind, true);
    if (targets.length === 0) return this.#print();
    const { name } = this.#random.pick(targets);
    if (kind === "int" && this.#random.chance(0.4)) this.#line(`${name} ${this.#random.pick(["+=", "-=", "*=", "|=", "^=", "&=", "<<=", ">>="])} ${this.#expression("int", 1)};`);
    else this.#line(`${name} = ${this.#limited(kind, this.#expression(kind, 2))};`);
  }

  #step(): void {
    const targets = this.#visible("int", true);
    if (targets.length > 0) this.#line(`${this.#random.pick(targets).name}${this.#random.pick(["++", "--"])};`);
  }

  #print(): void {
    const kind = this.#random.pick(KINDS), text = this.#expression(kind, 2);
    this.#line(this.#random.chance(0.2) ? `print(typeof(${text}));` : `print(${text});`);
  }

  /** Changes what a variable refers to: elements and fields. Only scalars are stored, so no value ever contains itself. */
  #mutate(): void {
    const scalar = this.#expression(this.#random.pick(["int", "float", "bool"] as const), 1);
    if (this.#random.chance(0.5)) {
      const { name } = this.#random.pick(this.#visible("array"));
      const index = this.#random.below(10);
      this.#line(this.#random.pick([`${name}[${index}] = ${scalar};`, `if (${name}.length < 12) { ${name}.push(${scalar}); }`, `print(${name}.pop());`, `${name}.reverse();`, `if (${name}.length > 1) { ${name}.remove(1); }`]));
    } else {
      const { name } = this.#random.pick(this.#visible("object")), field = this.#random.pick(FIELDS);
      this.#line(this.#random.pick([`${name}.${field} = ${scalar};`, `${name}["${field}"] = ${scalar};`, `print(${name}.delete("${field}"));`, `print(${name}.has("${field}"));`]));
    }
  }

  #if(depth: number): void {
    const other = this.#random.chance(0.5);
    this.#block(`if (${this.#expression("bool", 2)}) {`, () => this.#statements(1 + this.#random.below(2), depth + 1), other ? "} else {" : "}");
    if (!other) return;
    this.#lines.pop();
    this.#block("} else {", () => this.#statements(1 + this.#random.below(2), depth + 1));
  }

  #loop(depth: number): void {
    const rounds = 1 + this.#random.below(4), counter = this.#fresh("i"), label = this.#random.chance(0.2) ? this.#fresh("l") : null;
    if (this.#rounds * rounds > 200) return this.#print();
    const body = (): void => {
      this.#scopes.at(-1)!.push({ name: counter, kind: "int", constant: true });
      this.#inLoop(label, rounds, () => this.#statements(1 + this.#random.below(3), depth + 1));
    };
    const prefix = label === null ? "" : `${label}: `;
    if (this.#random.chance(0.7)) return this.#block(`${prefix}for (let ${counter} = 0; ${counter} < ${rounds}; ${counter} = ${counter} + 1) {`, body);
    this.#line(`let ${counter} = 0;`);
    this.#block(`${prefix}while (${counter} < ${rounds}) {`, () => {
      this.#line(`${counter} = ${counter} + 1;`);
      body();
    });
  }

  #inLoop(label: string | null, rounds: number, body: () => void): void {
    this.#rounds *= rounds;
    this.#labels.push(label ?? "");
    body();
    this.#labels.pop();
    this.#rounds /= rounds;
  }

  #forEach(depth: number): void {
    const kind = this.#random.pick(["array", "object", "string"] as const), from = this.#random.pick(this.#visible(kind)).name;
    const each = this.#fresh("e"), key = this.#fresh("k"), two = this.#random.chance(0.5);
    if (this.#rounds * 6 > 200) return this.#print();
    // A copy, since the body may make the original longer.
    const over = kind === "array" ? `${from}.slice(0, 6)` : kind === "string" ? `${from}.substr(0, 6)` : `{ ...${from} }`;
    this.#block(`for (${two ? `${key}, ` : ""}${each} in ${over}) {`, () => {
      this.#line(`print(${two ? `"" + ${key} + " " + typeof(${each})` : `typeof(${each})`});`);
      this.#inLoop(null, 6, () => this.#statements(1 + this.#random.below(2), depth + 1));
    });
  }

  #switch(depth: number): void {
    const onText = this.#random.chance(0.3), cases = 1 + this.#random.below(4);
    const fallback = this.#random.below(cases + 2);
    this.#block(`switch (${onText ? this.#expression("string", 1) : this.#expression("int", 1)}) {`, () => {
      for (let i = 0; i < cases; i++) {
        this.#line(i === fallback ? "default:" : `case ${onText ? JSON.stringify("s".repeat(i)) : i}:`);
        this.#indent++;
        this.#scopes.push([]);
        this.#statements(1, depth + 1);
        if (this.#random.chance(0.6)) this.#line("break;");
        this.#scopes.pop();
        this.#indent--;
      }
    });
  }

  #try(depth: number): void {
    const caught = this.#random.chance(0.8), last = !caught || this.#random.chance(0.5);
    this.#block("try {", () => this.#statements(1 + this.#random.below(3), depth + 1), caught ? "} catch (e) {" : "} finally {");
    this.#lines.pop();
    if (caught) {
      this.#block("} catch (e) {", () => {
        this.#line("print(e);");
        this.#statements(this.#random.below(2), depth + 1);
      }, last ? "} finally {" : "}");
      if (last) this.#lines.pop();
    }
    if (last) this.#block("} finally {", () => this.#statements(1, depth + 1));
  }

  /** A closure over the variables in sight, made and called at once, perhaps twice. */
  #closure(depth: number): void {
    const name = this.#fresh("f"), outerLabels = this.#labels, outerResult = this.#result;
    this.#labels = [];
    this.#result = "int";
    this.#block(`let ${name} = fn(x) {`, () => {
      this.#scopes.at(-1)!.push({ name: "x", kind: "int", constant: false });
      this.#statements(1 + this.#random.below(2), depth + 2);
      this.#line(`return ${this.#expression("int", 1)};`);
    }, "};");
    this.#labels = outerLabels;
    this.#result = outerResult;
    this.#line(`print(${name}(${this.#expression("int", 1)}));`);
    if (this.#random.chance(0.5)) this.#line(`print([1, 2].map(${name}));`);
  }

  /** Something of the language that the general statements do not reach. */
  #feature(): void {
    const int = (): string => this.#expression("int", 1), text = (): string => this.#expression("string", 1), any = (): string => this.#expression(this.#random.pick(KINDS), 1);
    const name = this.#fresh("g"), other = this.#fresh("h"), small = String(this.#random.below(5));
    const lines = this.#random.pick<() => string[]>([
      () => [`fn ${name}(ref q) { q = q + 1; q++; return q; }`, `let ${other} = [${int()}, { f: ${int()} }];`, `print(${name}(${other}[0]));`, `print(${name}(${other}[1].f));`, `print(${other}[0]);`, `let ${other}v = ${int()};`, `${name}(${other}v);`, `print(${other}v);`],
      () => [`fn ${name}(a, b?: ${any()}, ...c) { return [a, b, c.length]; }`, `print(${name}(${any()}));`, `print(${name}(b: ${any()}, a: ${small}));`, `print(${name}(1, ${any()}, ${any()}, 4));`],
      () => [`let ${name} = { n: ${int()}, up: fn(k) { self.n = self.n + k; return self; }, get: fn() { let f = fn() { return self.n; }; return f(); } };`, `print(${name}.up(${int()}).up(${small}).get());`, `print(${name}.keys());`],
      () => [`define T${name} { x: f64, y?: "dflt" }`, `let ${other}: T${name} = { x: ${small}, z: ${any()} };`, `print(typeof(${other}));`, `print(${other}.y);`, `print(${other}.x / 2);`],
      () => [`let ${name} = ${this.#random.pick(["null", this.#expression("object", 1)])};`, `print(${name}?.a);`, `print(${name}?.a ?? ${any()});`, `print(${name}?.zz?.length);`],
      () => [`let ${name} = ${text()} + "!";`, `${name}[0] = ${this.#random.pick(["'Z'", "'é'", "65"])};`, `print(${name});`, `print(${name}.byte_length);`, `print(${name}[0]);`],
      () => [`print(${this.#expression("object", 1)}.serialize().deserialize().keys());`],
      () => [`fn ${name}(n, x) { if (n <= 0) { return x; } let y = ${name}(n - 1, [x]); return y.length + n; }`, `print(${name}(${small}, [${int()}]));`],
      () => [`fn ${name}(n) { try { if (n > 2) { return "early"; } throw n; } catch (e) { return e; } finally { n = ${int()}; print(n); } }`, `print(${name}(${small}));`],
      () => [`let ${name}: array<i64> = [1, ${small}, 3];`, `${name}.push(i64(${small}));`, `print(${name}.contains(${name}[0]));`, `print(${name}.find(${name}.last()));`],
      () => [`enum E${name} { A, B = ${small}, C }`, `switch (${int()}) { case E${name}.A: print("A"); case E${name}.B: print("B"); break; default: print(E${name}.C); }`],
      () => [`let ${name} = fn() { let c = 0; return [fn() { c = c + 1; return c; }, fn() { return c; }]; };`, `let ${other} = ${name}();`, `${other}[0]();`, `print(${other}[0]() + ${other}[1]());`],
    ])();
    for (const line of lines) this.#line(line);
  }

  #leave(): void {
    const ways: string[] = [];
    const labelled = this.#labels.filter((label) => label !== "");
    if (this.#labels.length > 0) ways.push("break;", "continue;");
    if (labelled.length > 0) ways.push(`break ${this.#random.pick(labelled)};`, `continue ${this.#random.pick(labelled)};`);
    if (this.#result !== null) ways.push(`return ${this.#expression(this.#result, 1)};`);
    ways.push(`throw ${this.#expression(this.#random.pick(["int", "string"] as const), 1)};`);
    this.#line(`if (${this.#expression("bool", 1)}) { ${this.#random.pick(ways)} }`);
  }

  #function(): void {
    const name = this.#fresh("fun"), parameters = Array.from({ length: this.#random.below(3) }, () => this.#random.pick(KINDS));
    const result = this.#random.pick(KINDS), names = parameters.map((kind) => ({ name: this.#fresh("p"), kind, constant: false }));
    this.#cost = 0;
    this.#result = result;
    this.#block(`fn ${name}(${names.map((each) => each.name).join(", ")}) {`, () => {
      this.#scopes.at(-1)!.push(...names);
      if (this.#random.chance(0.3)) this.#line(`defer print("leaving ${name}");`);
      this.#statements(2 + this.#random.below(4), 1);
      this.#line(`return ${this.#expression(result, 2)};`);
    });
    this.#result = null;
    this.#functions.push({ name, parameters, result, cost: this.#cost + 1 });
  }

  // --- expressions ---

  #expression(kind: Kind, depth: number): string {
    const names = this.#visible(kind);
    if (names.length > 0 && (depth <= 0 || this.#random.chance(0.35))) return this.#random.pick(names).name;
    const call = depth > 0 && this.#random.chance(0.12) ? this.#call(kind, depth) : null;
    if (call !== null) return call;
    if (depth > 0 && this.#random.chance(0.08)) return `(${this.#expression("bool", depth - 1)} ? ${this.#expression(kind, depth - 1)} : ${this.#expression(kind, depth - 1)})`;
    switch (kind) {
      case "int": return this.#integer(depth);
      case "float": return this.#float(depth);
      case "string": return this.#string(depth);
      case "bool": return this.#bool(depth);
      case "array": return this.#array(depth);
      case "object": return this.#object(depth);
    }
  }

  #call(kind: Kind, depth: number): string | null {
    const fitting = this.#functions.filter((each) => each.result === kind && this.#cost + each.cost * this.#rounds < MAX_COST);
    if (fitting.length === 0) return null;
    const chosen = this.#random.pick(fitting);
    this.#cost += chosen.cost * this.#rounds;
    return `${chosen.name}(${chosen.parameters.map((each) => this.#expression(each, depth - 1)).join(", ")})`;
  }

  #integer(depth: number): string {
    if (depth <= 0) return String(this.#random.below(20));
    const one = (): string => this.#expression("int", depth - 1);
    return this.#random.pick([
      () => `(${one()} ${this.#random.pick(["+", "-", "*", "&", "|", "^", "<<", ">>", "%"])} ${one()})`,
      () => `(${one()} ${this.#random.pick(["+", "-", "*"])} ${this.#random.below(300)})`,
      () => `(${this.#random.pick(["-", "~"])}${one()})`,
      () => `${this.#expression("string", depth - 1)}.length`,
      () => `${this.#expression("array", depth - 1)}.length`,
      () => `${this.#random.pick(WIDTHS)}(${this.#random.below(100)})`,
      () => `(${one()} ?? 1)`,
    ])();
  }

  #float(depth: number): string {
    if (depth <= 0) return this.#random.pick(["0.5", "1.25", "-3.75", "1e10", "0.1"]);
    const one = (): string => this.#expression("float", depth - 1);
    return this.#random.pick([
      () => `(${one()} ${this.#random.pick(["+", "-", "*", "/"])} ${one()})`,
      () => `(${one()} ${this.#random.pick(["+", "-", "*"])} ${this.#expression("int", depth - 1)})`,
      () => `(${this.#expression("int", depth - 1)} / ${this.#expression("int", depth - 1)})`,
      () => `floor(${one()})`,
      () => `(-${one()})`,
    ])();
  }

  #string(depth: number): string {
    if (depth <= 0) return this.#random.pick(['""', '"a"', '"hello"', '"ünï"', '"x,y,z"']);
    const one = (): string => this.#expression("string", depth - 1);
    return this.#random.pick([
      () => `(${one()} + ${one()})`,
      () => `(${one()} + ${this.#expression(this.#random.pick(["int", "float", "bool"] as const), depth - 1)})`,
      () => `\`<\${${this.#expression(this.#random.pick(KINDS), depth - 1)}}>\``,
      () => `${one()}.${this.#random.pick(["to_upper()", "trim()", "substr(1, 3)", 'replace("l", "LL")', 'replace_all("a", "b")'])}`,
      () => `${this.#expression("array", depth - 1)}.join("-")`,
    ])();
  }

  #bool(depth: number): string {
    if (depth <= 0) return this.#random.pick(["true", "false"]);
    const compare = (kind: Kind, operators: readonly string[]): string => `(${this.#expression(kind, depth - 1)} ${this.#random.pick(operators)} ${this.#expression(kind, depth - 1)})`;
    return this.#random.pick([
      () => compare("int", ["<", "<=", ">", ">=", "==", "!="]),
      () => compare("float", ["<", "<=", ">", ">=", "=="]),
      () => compare("string", ["<", "==", "!="]),
      () => compare("bool", ["&&", "||", "=="]),
      () => compare("object", ["==", "!="]),
      () => `(!${this.#expression(this.#random.pick(KINDS), depth - 1)})`,
      () => `${this.#expression("array", depth - 1)}.contains(${this.#random.below(5)})`,
    ])();
  }

  #array(depth: number): string {
    if (depth <= 0) return this.#random.pick(["[]", "[1, 2, 3]", '["p", null, true]', "[0.5]"]);
    const one = (): string => this.#expression("array", depth - 1);
    return this.#random.pick([
      () => `[${Array.from({ length: this.#random.below(4) }, () => this.#expression(this.#random.pick(KINDS), depth - 1)).join(", ")}]`,
      () => `${one()}.slice(${this.#random.below(2)}, ${this.#random.below(5)})`,
      () => `${one()}.concat(${one()})`,
      () => `${one()}.map(fn(m) { return ${this.#random.pick(["[m]", "m == null", "typeof(m)", '"" + m'])}; })`,
      () => `${one()}.filter(fn(m) { return m; })`,
      () => `${this.#expression("object", depth - 1)}.keys()`,
    ])();
  }

  #object(depth: number): string {
    const fields = FIELDS.filter(() => this.#random.chance(0.5));
    const values = fields.map((field) => `${field}: ${this.#expression(this.#random.pick(["int", "float", "string", "bool"] as const), depth - 1)}`);
    if (depth > 0 && this.#random.chance(0.3)) values.splice(this.#random.below(values.length + 1), 0, `...${this.#expression("object", depth - 1)}`);
    return `{ ${values.join(", ")} }`.replace("{  }", "{}");
  }
}

/** The program of a seed; `statements` is how many the main part has. */
export const generateProgram = (seed: number, statements = 12): string => new Generator(seed).program(statements);
