// Runs a program over UTF-8 text: all threads advance together, one character at a time, in order of priority, and no two
// of them are ever at the same instruction. So a search takes at most (length of text) x (length of program) steps, and
// there is a limit on those: a native cannot be interrupted. Positions are byte offsets.

import { isAsciiWord, isWord } from "./classes.ts";
import { Op, type Program } from "./program.ts";
import { Assertion, WorkLimitError, type Test } from "./syntax.ts";

/** Steps a search or series of searches may take: so many, and so many more for each byte of the text. */
const STEPS = 30_000_000, STEPS_PER_BYTE = 32;

/** Threads at one position: instructions in order of priority, and for each the positions it saved. */
class Threads {
  readonly pcs: Int32Array;
  readonly saved: Int32Array;
  count = 0;
  /** Number of the position at which an instruction was last added. */
  readonly #added: Int32Array;
  #generation = 0;

  constructor(instructions: number, slots: number) {
    this.pcs = new Int32Array(instructions);
    this.saved = new Int32Array(instructions * slots);
    this.#added = new Int32Array(instructions);
  }

  clear(): void {
    this.count = 0;
    this.#generation++;
  }

  /** Marks an instruction; false when it was marked already. */
  mark(pc: number): boolean {
    if (this.#added[pc] === this.#generation) return false;
    this.#added[pc] = this.#generation;
    return true;
  }
}

/** How often onWork is told. */
const STEPS_BETWEEN = 1 << 14;

export class Matcher {
  /** Work done so far, for fuel. */
  steps = 0;
  #told = 0;
  #current: Threads;
  #next: Threads;
  /** Saved positions of the thread being followed, and of the best match. */
  readonly #slots: Int32Array;
  readonly #found: Int32Array;
  /** Instructions to follow; below zero: a slot to restore (-1 - slot) to the value above it. */
  readonly #open: number[] = [];

  constructor(
    readonly program: Program,
    readonly text: Uint8Array,
    /** How many saved positions are wanted: 2 for each group, 0 when only the answer counts. */
    readonly wanted: number = 2 * program.groups,
    /** Is told of the work as it is done; it may throw. */
    readonly onWork: (steps: number) => void = () => {},
    /** Whether the longest of the matches that begin first is wanted, and not the one of highest priority. Needs `wanted` of 2 or more. */
    readonly longest: boolean = false,
  ) {
    this.#current = new Threads(program.ops.length, wanted);
    this.#next = new Threads(program.ops.length, wanted);
    this.#slots = new Int32Array(wanted).fill(-1);
    this.#found = new Int32Array(wanted);
  }

  /** The first match from an offset on: start and end of each group wanted, -1 for those not taking part; null: none. */
  find(from: number): readonly number[] | null {
    const { text, program, longest, wanted } = this, { ops, x, classes } = program;
    let matched = false;
    this.#current.clear();
    this.#slots.fill(-1);
    for (let at = from; ; ) {
      if (!matched && this.#current.count === 0) at = this.#skip(at);
      const width = at < text.length ? widthAt(text, at) : 1, point = at < text.length ? pointAt(text, at, width) : -1;
      if (!matched) this.#follow(this.#current, 0, at);
      if (this.#current.count === 0 && matched) break;
      this.#next.clear();
      for (let i = 0; i < this.#current.count; i++) {
        const pc = this.#current.pcs[i]!, op = ops[pc]!;
        if (matched && longest && this.#current.saved[i * wanted]! > this.#found[0]!) break;
        if (op === Op.Match) {
          matched = true;
          this.#copySaved(i, this.#found);
          if (longest) continue;
          break;
        }
        if (point < 0 || !(op === Op.Char ? x[pc] === point : classes[x[pc]!]!(point))) continue;
        this.#copySaved(i, this.#slots);
        this.#follow(this.#next, pc + 1, at + width);
      }
      this.countSteps(this.#current.count + 1);
      [this.#current, this.#next] = [this.#next, this.#current];
      this.#slots.fill(-1);
      if (at >= text.length || (matched && wanted === 0)) break;
      at += width;
    }
    return matched ? Array.from(this.#found) : null;
  }

  /** The next position where a match may begin. */
  #skip(from: number): number {
    const { text } = this, { starts } = this.program;
    if (starts === null) return from;
    let at = from;
    while (at < text.length && text[at]! < 128 && starts[text[at]!] === 0) at++;
    this.steps += (at - from) >> 3;
    return at;
  }

  #copySaved(thread: number, to: Int32Array): void {
    const { wanted } = this, { saved } = this.#current;
    for (let slot = 0; slot < wanted; slot++) to[slot] = saved[thread * wanted + slot]!;
  }

  /** Steps that onWork has not been told of. */
  get untold(): number { return this.steps - this.#told; }

  /** Counts work; throws a WorkLimitError when it is too much. */
  countSteps(count: number): void {
    this.steps += count;
    if (this.untold >= STEPS_BETWEEN) {
      const { untold } = this;
      this.#told = this.steps;
      this.onWork(untold);
    }
    if (this.steps > STEPS + STEPS_PER_BYTE * this.text.length) throw new WorkLimitError("matching takes too long, the pattern is too large for this text");
  }

  /** Adds the thread that goes on at `start`, with all it forks into, to the threads at position `at`. */
  #follow(threads: Threads, start: number, at: number): void {
    const { ops, x, y } = this.program, open = this.#open, slots = this.#slots;
    open.push(start);
    while (open.length > 0) {
      let pc = open.pop()!;
      if (pc < 0) {
        slots[-1 - pc] = open.pop()!;
        continue;
      }
      while (threads.mark(pc)) {
        this.steps++;
        const op = ops[pc]!;
        if (op === Op.Jump) pc = x[pc]!;
        else if (op === Op.Fork) {
          open.push(y[pc]!);
          pc = x[pc]!;
        } else if (op === Op.Save) {
          const slot = x[pc]!;
          if (slot < this.wanted) {
            open.push(slots[slot]!, -1 - slot);
            slots[slot] = at;
          }
          pc++;
        } else if (op === Op.Assert) {
          if (!this.holds(x[pc]!, at)) break;
          pc++;
        } else {
          for (let slot = 0; slot < this.wanted; slot++) threads.saved[threads.count * this.wanted + slot] = slots[slot]!;
          threads.pcs[threads.count++] = pc;
          break;
        }
      }
    }
  }

  holds(what: Assertion, at: number): boolean {
    const { text } = this;
    switch (what) {
      case Assertion.TextStart: return at === 0;
      case Assertion.TextEnd: return at === text.length;
      case Assertion.LineStart: return at === 0 || text[at - 1] === 10;
      case Assertion.LineEnd: return at === text.length || text[at] === 10;
      case Assertion.AfterLine: return at > 0 && text[at - 1] === 10;
      case Assertion.BeforeLine: return text[at] === 10;
      case Assertion.WordBoundary: return this.#isBoundary(at, isWord);
      case Assertion.NoWordBoundary: return !this.#isBoundary(at, isWord);
      case Assertion.AsciiBoundary: return this.#isBoundary(at, isAsciiWord);
      case Assertion.NoAsciiBoundary: return !this.#isBoundary(at, isAsciiWord);
      case Assertion.WordStart: return !this.#isWordBefore(at, isWord) && this.#isWordAt(at, isWord);
      case Assertion.WordEnd: return this.#isWordBefore(at, isWord) && !this.#isWordAt(at, isWord);
      case Assertion.WordStartHalf: return !this.#isWordBefore(at, isWord);
      case Assertion.WordEndHalf: return !this.#isWordAt(at, isWord);
    }
  }

  #isBoundary(at: number, test: Test): boolean { return this.#isWordBefore(at, test) !== this.#isWordAt(at, test); }

  #isWordBefore(at: number, test: Test): boolean {
    let before = at - 1;
    while (before > 0 && (this.text[before]! & 0xc0) === 0x80) before--;
    return at > 0 && test(pointAt(this.text, before, at - before));
  }

  #isWordAt(at: number, test: Test): boolean { return at < this.text.length && test(pointAt(this.text, at, widthAt(this.text, at))); }
}

/** Bytes of the character at an offset. */
export function widthAt(text: Uint8Array, at: number): number {
  let end = at + 1;
  while (end < text.length && (text[end]! & 0xc0) === 0x80) end++;
  return end - at;
}

/** The code point of the character of that width at an offset. */
export function pointAt(text: Uint8Array, at: number, width: number): number {
  const first = text[at]!;
  if (width === 1) return first;
  let point = first & (0x7f >> width);
  for (let i = 1; i < width; i++) point = (point << 6) | (text[at + i]! & 0x3f);
  return point;
}
