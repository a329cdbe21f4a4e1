// Assembler: instructions with labels in, words out. Instructions stay symbolic until `finish`, so that the peephole
// pass can drop and redirect them; nothing is patched in place. Operands are given in the order of their row in OPS.
//
// Code that cannot be reached is not emitted: after an instruction that ends the flow, everything is dropped until a label
// is bound that something jumps to. Labels of backward jumps have no users yet when they are bound, which is right: if
// the code before them is not reached, they are not either.

import { assert } from "../../heap/debug.ts";
import type { Claims, ClaimTable, Handler, SpanEntry } from "./code.ts";
import { operandBits, RANGES, resumeTail } from "./encoding.ts";
import { Op, type OpInfo, opInfo } from "./opcodes.ts";

/** A place in the code. `line` is the index of the line it stands before, -1 until bound. */
export interface Label { line: number; uses: number }

/** A range of the source. */
export interface SourceRange { readonly start: number; readonly end: number }

/** A symbolic instruction. */
export interface Line {
  op: Op;
  /** In the order of the operands; 0 where `target` stands. */
  values: number[];
  target: Label | null;
  /** Labels of a JumpTable, else null. */
  readonly table: readonly Label[] | null;
  /** Counted words of a Closure, else empty. */
  readonly counted: readonly number[];
  readonly span: SourceRange;
  /** See Claims. */
  reads: number[];
  readonly writes: number[];
}

export interface HandlerLabels { readonly start: Label; readonly end: Label; readonly target: Label; readonly register: number; readonly meaning: number }

export interface Assembled { readonly words: Int32Array; readonly handlers: Handler[]; readonly spans: SpanEntry[]; readonly claims: ClaimTable }

const NO_WORDS: readonly number[] = [];

/** Index of the operand that is a jump distance, -1 for none. */
const jumpOperand = (info: OpInfo): number => info.operands.findIndex(({ kind }) => kind === "jump");

export class Assembler {
  lines: Line[] = [];
  readonly labels: Label[] = [];
  handlers: HandlerLabels[] = [];
  /** Source range of the instructions emitted from now on. */
  span: SourceRange = { start: 0, end: 0 };
  reachable = true;
  /** See ClaimTable. */
  readonly entryClaims = new Map<number, number>();

  label(): Label {
    const label = { line: -1, uses: 0 };
    this.labels.push(label);
    return label;
  }

  bind(label: Label): void {
    assert(label.line < 0, "label bound twice");
    label.line = this.lines.length;
    if (label.uses > 0) this.reachable = true;
  }

  here(): Label {
    const label = this.label();
    this.bind(label);
    return label;
  }

  /** Adds an instruction; null when it cannot be reached. */
  emit(op: Op, operands: readonly (number | Label)[], counted: readonly number[] = NO_WORDS): Line | null {
    if (!this.reachable) return null;
    const info = opInfo(op)!;
    assert(operands.length === info.operands.length, `${info.name} takes ${info.operands.length} operands`);
    let target: Label | null = null;
    const values = operands.map((operand, i) => {
      const { at, kind } = info.operands[i]!;
      assert((kind === "jump") === (typeof operand === "object"), `${info.name}: operand ${i} is a ${kind}`);
      if (typeof operand === "object") {
        target = operand;
        return 0;
      }
      const [low, high] = RANGES[at];
      assert(Number.isInteger(operand) && operand >= low && operand <= high, `${info.name}: operand ${at} = ${operand} is out of range`);
      return operand;
    });
    return this.#add({ op, values, target, table: null, counted, span: this.span, reads: [], writes: [] });
  }

  emitTable(register: number, first: number, table: readonly Label[]): Line | null {
    if (!this.reachable) return null;
    for (const label of table) label.uses++;
    return this.#add({
      op: Op.JumpTable, values: [register, table.length, first], target: null, table, counted: NO_WORDS, span: this.span, reads: [], writes: [],
    });
  }

  #add(line: Line): Line {
    if (line.target !== null) line.target.uses++;
    this.lines.push(line);
    this.reachable = !opInfo(line.op)!.effects.includes("ends");
    return line;
  }

  /**
   * Exceptions of the lines between start and end continue here, with the exception in the register. False when there are
   * no such lines. Inner regions must be added before the ones around them.
   */
  handler(start: Label, end: Label, register: number, meaning: number): boolean {
    if (start.line === end.line) return false;
    const target = this.label();
    target.uses++;
    this.bind(target);
    this.handlers.push({ start, end, target, register, meaning });
    return true;
  }

  /** Removes lines by index; labels move to the next line kept, handlers that cover nothing go. */
  drop(dropped: ReadonlySet<number>): void {
    const places: number[] = [];
    let count = 0;
    for (let i = 0; i <= this.lines.length; i++) {
      places.push(count);
      if (!dropped.has(i)) count++;
    }
    for (const label of this.labels) if (label.line >= 0) label.line = places[label.line]!;
    this.lines = this.lines.filter((_, i) => !dropped.has(i));
    this.handlers = this.handlers.filter(({ start, end }) => start.line !== end.line);
  }

  /** Lays out and encodes the lines. */
  finish(): Assembled {
    const pcs: number[] = [];
    let pc = 0;
    for (const line of this.lines) {
      pcs.push(pc);
      pc += lineLength(line);
    }
    pcs.push(pc);
    const words = new Int32Array(pc);
    this.lines.forEach((line, i) => encodeLine(words, line, pcs[i]!, pcs[i + 1]!, (label) => pcs[label.line]!));
    const kept = this.handlers.filter(({ start, end }) => pcs[start.line] !== pcs[end.line]);
    return {
      words,
      handlers: kept.map(({ start, end, target, register }) => ({ start: pcs[start.line]!, end: pcs[end.line]!, target: pcs[target.line]!, register })),
      spans: spanTable(this.lines, pcs),
      claims: {
        instructions: this.lines.map(({ reads, writes }, i): Claims => ({ pc: pcs[i]!, reads, writes })),
        handlers: kept.map(({ meaning }) => meaning),
        entry: this.entryClaims,
      },
    };
  }
}

function lineLength({ op, table, counted }: Line): number {
  return 1 + opInfo(op)!.extra + (table === null ? counted.length : table.length);
}

function encodeLine(words: Int32Array, line: Line, pc: number, next: number, pcOf: (label: Label) => number): void {
  const info = opInfo(line.op)!, jump = jumpOperand(info);
  let word: number = line.op;
  info.operands.forEach(({ at }, i) => {
    const value = i === jump ? pcOf(line.target!) - next : line.values[i]!;
    const [low, high] = RANGES[at];
    assert(value >= low && value <= high, `${info.name}: distance ${value} is out of range`);
    word |= operandBits(at, value);
    if (at === "d") words[pc + 1] = value;
    else if (at === "e") words[pc + 2] = value;
  });
  words[pc] = word;
  if (info.resume !== undefined) {
    const values = line.values.map((value, i) => (i === jump ? pcOf(line.target!) - next : value));
    words.set(resumeTail(info, values), next - resumeTail(info, values).length);
  }
  const counted = pc + 1 + info.extra;
  if (line.table === null) words.set(line.counted, counted);
  else line.table.forEach((label, i) => { words[counted + i] = pcOf(label) - next; });
}

function spanTable(lines: readonly Line[], pcs: readonly number[]): SpanEntry[] {
  const spans: SpanEntry[] = [];
  lines.forEach(({ span: { start, end } }, i) => {
    const last = spans[spans.length - 1];
    if (last === undefined || last.start !== start || last.end !== end) spans.push({ pc: pcs[i]!, start, end });
  });
  return spans;
}
