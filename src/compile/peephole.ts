// Peephole pass over symbolic lines: shortens jumps and drops what does nothing. It never reorders lines and never adds
// any, so handler ranges and spans stay right; what registers mean travels with the lines it changes.

import type { Assembler, Label, Line } from "../bytecode/assembler.ts";
import { Op, opInfo } from "../bytecode/opcodes.ts";
import { LOOP_FORMS } from "./conditions.ts";

/** Rounds until nothing changes, at most. */
const ROUNDS = 4;
/** Jumps to follow when threading; also ends cycles of empty loops. */
const HOPS = 8;

export function peephole(asm: Assembler): void {
  for (let round = 0; round < ROUNDS; round++) {
    const pass = new Pass(asm);
    pass.run();
    if (!pass.changed) break;
  }
}

class Pass {
  changed = false;
  readonly #lines: Line[];
  readonly #dropped = new Set<number>();
  /** Lines that something other than the line before leads to. */
  readonly #entered = new Set<number>();

  constructor(readonly asm: Assembler) {
    this.#lines = asm.lines;
  }

  run(): void {
    for (const line of this.#lines) {
      if (line.target !== null) line.target = this.#thread(line, line.target);
      line.table?.forEach((label, i) => { (line.table as Label[])[i] = this.#thread(line, label)!; });
    }
    this.#findEntered();
    this.#lines.forEach((line, i) => this.#shorten(line, i));
    this.#dropUnreachable();
    if (this.changed) this.asm.drop(this.#dropped);
  }

  #findEntered(): void {
    for (const { target, table } of this.#lines) {
      if (target !== null) this.#entered.add(target.line);
      if (table !== null) for (const label of table) this.#entered.add(label.line);
    }
    for (const { start, end, target } of this.asm.handlers) for (const label of [start, end, target]) this.#entered.add(label.line);
  }

  /** Where a jump to the label ends up after following plain jumps. Turns a jump to a return or back edge into a copy of it. */
  #thread(line: Line, label: Label): Label | null {
    let to = label;
    for (let hop = 0; hop < HOPS; hop++) {
      const at = this.#lines[to.line];
      if (at === undefined || at.op !== Op.Jump || at.target === to || at === line) break;
      to = at.target!;
    }
    if (to !== label) this.changed = true;
    const last = this.#lines[to.line];
    if (line.op === Op.Jump && last !== undefined && last !== line && COPIED.has(last.op)) {
      this.#become(line, last);
      return line.target;
    }
    return to;
  }

  /** The line now does what `other` does. A return keeps no target. */
  #become(line: Line, other: Line): void {
    line.op = other.op;
    line.values = [...other.values];
    line.reads = [...other.reads];
    line.target = other.target;
    this.changed = true;
  }

  #drop(i: number): void {
    this.#dropped.add(i);
    this.changed = true;
  }

  /** Index of the next line kept after line i. */
  #next(i: number): number {
    let next = i + 1;
    while (this.#dropped.has(next)) next++;
    return next;
  }

  /** True when nothing but dropped lines lies between line i and the label. */
  #isNext(i: number, label: Label): boolean {
    return label.line > i && label.line <= this.#next(i);
  }

  #shorten(line: Line, i: number): void {
    if (this.#dropped.has(i)) return;
    if (line.op === Op.Nop || (line.op === Op.Move && line.values[0] === line.values[1])) this.#drop(i);
    else if (line.op === Op.Move) this.#dropMoveBack(line, i);
    else if (line.target !== null && this.#isNext(i, line.target) && !opInfo(line.op)!.effects.includes("throws") && line.op !== Op.ForNext) this.#drop(i);
    else if (line.target !== null) this.#invert(line, i);
  }

  /** Move a b, Move b a: the second does nothing. */
  #dropMoveBack(line: Line, i: number): void {
    const next = this.#next(i), other = this.#lines[next];
    if (other?.op !== Op.Move || this.#entered.has(next)) return;
    const [a, b] = line.values as [number, number], [dst, src] = other.values;
    // It may still matter to the register checker, when register b means something else from there on.
    if (dst === b && src === a && other.writes[0] === line.reads[0]) this.#drop(next);
  }

  /** A conditional jump over a plain jump or back edge becomes the opposite jump to where that goes. */
  #invert(line: Line, i: number): void {
    const next = this.#next(i), other = this.#lines[next];
    if (other === undefined || !hasOpposite(line.op) || this.#entered.has(next)) return;
    if (other.target === null || !this.#isNext(next, line.target!)) return;
    const opposite: Op = line.op ^ 1;
    const op = other.op === Op.Jump ? opposite : other.op === Op.Loop ? LOOP_FORMS[opposite] : undefined;
    if (op === undefined) return;
    line.op = op;
    line.target = other.target;
    this.#drop(next);
  }

  #dropUnreachable(): void {
    const reached = new Set<number>(), pending = [0];
    const { handlers } = this.asm;
    const visit = (at: number): void => {
      if (at < this.#lines.length && !reached.has(at)) pending.push(at);
    };
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      if (reached.has(at)) continue;
      reached.add(at);
      const line = this.#lines[at]!;
      for (const { start, end, target } of handlers) if (at >= start.line && at < end.line) visit(target.line);
      if (line.target !== null) visit(line.target.line);
      line.table?.forEach((label) => visit(label.line));
      if (this.#dropped.has(at) || !opInfo(line.op)!.effects.includes("ends")) visit(at + 1);
    }
    this.#lines.forEach((_, i) => { if (!this.#dropped.has(i) && !reached.has(i)) this.#drop(i); });
  }
}

/** Conditional jumps, each beside its negation. */
const hasOpposite = (op: Op): boolean => (op >= Op.JumpIfTrue && op <= Op.JumpIfNotEqI) || (op >= Op.JumpIfLessK && op <= Op.JumpIfNotGreaterEqK);

/** Instructions without a successor that a jump to them may turn into. */
const COPIED: ReadonlySet<Op> = new Set([Op.Return, Op.ReturnNull, Op.Loop]);
