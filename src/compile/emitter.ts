// Between the compiler and the assembler: notes what each register means where an instruction uses it (in debug builds, for
// check-registers.ts), and in wide functions hands instructions with registers beyond 255 to wide.ts.

import { DEBUG } from "../../heap/debug.ts";
import { Assembler, type Label } from "../bytecode/assembler.ts";
import { ConstantPool } from "../bytecode/constants.ts";
import { Op, opInfo } from "../bytecode/opcodes.ts";
import { registerUse } from "../bytecode/register-use.ts";
import type { Variable } from "../ir/nodes.ts";
import { emitWide, needsWide } from "./wide.ts";

export type Operand = number | Label;

export class Emitter {
  readonly asm = new Assembler();
  readonly constants = new ConstantPool();
  /** What each register means, by id. */
  readonly #meanings: number[] = [];
  readonly #variableIds = new Map<Variable, number>();
  #lastId = 0;

  /** `scratch`: first of the scratch registers of wide code, -1 in narrow functions. */
  constructor(readonly scratch: number) {}

  emit(op: Op, ...operands: Operand[]): void {
    if (!this.asm.reachable) return;
    if (this.scratch >= 0 && needsWide(op, operands)) emitWide(this, op, operands);
    else this.emitPlain(op, operands);
  }

  /** Emits without widening. */
  emitPlain(op: Op, operands: readonly Operand[], counted: readonly number[] = []): void {
    const line = this.asm.emit(op, operands, counted);
    if (line === null) return;
    if (!DEBUG) return;
    const use = registerUse({ op, info: opInfo(op)!, values: line.values }, counted);
    for (const reg of use.reads) line.reads.push(this.meaning(reg));
    for (const reg of [...use.writes, ...use.writesNext]) line.writes.push(this.meaning(reg));
  }

  emitClosure(dst: number, code: number, captures: readonly number[]): void {
    if (!this.asm.reachable) return;
    const low = dst < 0x100 ? dst : this.scratch;
    if (low !== dst) this.claim(low, this.meaning(dst));
    this.emitPlain(Op.Closure, [low, captures.length, code], captures);
    if (low !== dst) this.emitPlain(Op.MoveToX, [low, dst]);
  }

  emitTable(reg: number, first: number, table: readonly Label[]): void {
    if (!this.asm.reachable) return;
    const low = reg < 0x100 ? reg : this.scratch;
    if (low !== reg) {
      this.claim(low, this.meaning(reg));
      this.emitPlain(Op.MoveFromX, [low, reg]);
    }
    this.asm.emitTable(low, first, table)!.reads.push(this.meaning(low));
  }

  move(dst: number, src: number): void {
    if (dst !== src) this.emit(Op.Move, dst, src);
  }

  // ---- meanings

  meaning(reg: number): number {
    return this.#meanings[reg] ??= ++this.#lastId;
  }

  /** The register now means something new. */
  renew(reg: number): void {
    this.#meanings[reg] = ++this.#lastId;
  }

  /** For `claim`: a meaning that belongs to no register and no variable yet. */
  newId(): number { return ++this.#lastId; }

  claim(reg: number, id: number): void {
    this.#meanings[reg] = id;
  }

  variableId(variable: Variable): number {
    let id = this.#variableIds.get(variable);
    if (id === undefined) this.#variableIds.set(variable, id = ++this.#lastId);
    return id;
  }
}
