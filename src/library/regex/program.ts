// Trees into programs for the matcher: instructions over code points, with forks instead of choices. Counted repetitions
// are copies, so the size of a program is limited.

import { PatternError, type Node, type Pattern, type Test } from "./syntax.ts";

export const enum Op {
  /** X: code point. */
  Char,
  /** X: index of a class. */
  Class,
  /** Goes on at X, and with less priority at Y. */
  Fork,
  Jump,
  /** X: slot that takes the position. */
  Save,
  /** X: Assertion. */
  Assert,
  Match,
}

export interface Program {
  readonly ops: Uint8Array;
  readonly x: Int32Array;
  readonly y: Int32Array;
  readonly classes: readonly Test[];
  /** The tree it was made from. */
  readonly root: Node;
  readonly groups: number;
  readonly names: ReadonlyMap<string, number>;
  /** For each ASCII character whether a match may begin with it; null: a match may be empty. */
  readonly starts: Uint8Array | null;
}

const MAX_INSTRUCTIONS = 1 << 16;
const TOO_LARGE = `Compiled regex exceeds size limit of ${MAX_INSTRUCTIONS} instructions.`;

class Compiler {
  readonly ops: number[] = [];
  readonly x: number[] = [];
  readonly y: number[] = [];
  readonly classes: Test[] = [];
  /** Nodes compiled, copies too: one that makes no instruction costs time all the same. */
  #visits = 0;

  emit(op: Op, x = 0, y = 0): number {
    if (this.ops.push(op) > MAX_INSTRUCTIONS) throw new PatternError(TOO_LARGE);
    this.x.push(x);
    return this.y.push(y) - 1;
  }

  compile(node: Node): void {
    if (++this.#visits > 4 * MAX_INSTRUCTIONS) throw new PatternError(TOO_LARGE);
    switch (node.type) {
      case "empty": return;
      case "char": return void this.emit(Op.Char, node.point);
      case "class": return void this.emit(Op.Class, this.#classIndex(node.test));
      case "assert": return void this.emit(Op.Assert, node.what);
      case "sequence": return node.parts.forEach((part) => this.compile(part));
      case "choice": return this.#choice(node.parts);
      case "repeat": return this.#repeat(node);
      case "group":
        this.emit(Op.Save, 2 * node.index);
        this.compile(node.body);
        this.emit(Op.Save, 2 * node.index + 1);
    }
  }

  /** The characters found by following the program from its start; assertions are taken to hold. */
  starts(): Uint8Array | null {
    const found = new Uint8Array(128), seen = new Set<number>(), open = [0];
    for (let pc = open.pop(); pc !== undefined; pc = open.pop()) {
      if (seen.has(pc)) continue;
      seen.add(pc);
      const op = this.ops[pc]!, x = this.x[pc]!;
      if (op === Op.Match) return null;
      if (op === Op.Fork) open.push(x, this.y[pc]!);
      else if (op === Op.Jump) open.push(x);
      else if (op === Op.Char || op === Op.Class) for (let point = 0; point < 128; point++) found[point]! |= (op === Op.Char ? x === point : this.classes[x]!(point)) ? 1 : 0;
      else open.push(pc + 1);
    }
    return found;
  }

  #classIndex(test: Test): number {
    const known = this.classes.indexOf(test, Math.max(0, this.classes.length - 8));
    return known >= 0 ? known : this.classes.push(test) - 1;
  }

  #choice(parts: readonly Node[]): void {
    const ends: number[] = [];
    parts.forEach((part, i) => {
      const fork = i < parts.length - 1 ? this.emit(Op.Fork) : -1;
      if (fork >= 0) this.x[fork] = this.ops.length;
      this.compile(part);
      if (fork < 0) return;
      ends.push(this.emit(Op.Jump));
      this.y[fork] = this.ops.length;
    });
    for (const end of ends) this.x[end] = this.ops.length;
  }

  /** A fork into what follows it and, once known, into `leave`. */
  #fork(greedy: boolean): { at: number; leave: (target: number) => void } {
    const at = this.emit(Op.Fork), [go, leave] = greedy ? [this.x, this.y] : [this.y, this.x];
    go[at] = at + 1;
    return { at, leave: (target) => void (leave[at] = target) };
  }

  #repeat({ body, min, max, greedy }: Extract<Node, { type: "repeat" }>): void {
    for (let i = 0; i < min - 1; i++) this.compile(body);
    if (max === Infinity) return this.#endless(body, min, greedy);
    if (min > 0) this.compile(body);
    const forks = [];
    for (let i = min; i < max; i++) {
      forks.push(this.#fork(greedy));
      this.compile(body);
    }
    for (const fork of forks) fork.leave(this.ops.length);
  }

  /** The body once or more; when not even once is allowed, its groups still take part if it can match nothing. */
  #endless(body: Node, min: number, greedy: boolean): void {
    const skip = min === 0 ? this.#fork(greedy) : null, start = this.ops.length;
    this.compile(body);
    if (skip !== null && !canBeEmpty(body)) {
      this.emit(Op.Jump, skip.at);
      return skip.leave(this.ops.length);
    }
    const again = this.#fork(greedy), [go] = greedy ? [this.x] : [this.y];
    go[again.at] = start;
    again.leave(this.ops.length);
    skip?.leave(this.ops.length);
  }
}

/** Whether the node may match nothing. */
function canBeEmpty(node: Node): boolean {
  switch (node.type) {
    case "char": case "class": return false;
    case "empty": case "assert": return true;
    case "group": return canBeEmpty(node.body);
    case "sequence": return node.parts.every(canBeEmpty);
    case "choice": return node.parts.some(canBeEmpty);
    case "repeat": return node.min === 0 || canBeEmpty(node.body);
  }
}

/** The program of a pattern; throws PatternError. */
function compilePattern({ root, groups, names }: Pattern): Program {
  const compiler = new Compiler();
  compiler.compile({ type: "group", index: 0, body: root });
  compiler.emit(Op.Match);
  const { ops, x, y, classes } = compiler;
  if (ops.length * groups > 16 * MAX_INSTRUCTIONS) throw new PatternError(TOO_LARGE);
  return { ops: Uint8Array.from(ops), x: Int32Array.from(x), y: Int32Array.from(y), classes, root, groups, names, starts: compiler.starts() };
}

const MAX_RECENT = 32, MAX_RECENT_TEXT = 1000;

/** A compiler of patterns of some syntax, which remembers the programs it made lately. The functions it gives throw PatternError. */
export function patternCompiler(parse: (text: string, flags: number) => Pattern): (text: string, flags?: number) => Program {
  const recent = new Map<string, Program>();
  return (text, flags = 0) => {
    const key = `${flags} ${text}`, known = recent.get(key);
    if (known !== undefined) return known;
    const program = compilePattern(parse(text, flags));
    if (recent.size >= MAX_RECENT) recent.delete(recent.keys().next().value!);
    if (text.length <= MAX_RECENT_TEXT) recent.set(key, program);
    return program;
  };
}
