// The state of compiling one function, and the one recursive step: `to(node, dest)`. The code for each kind of node is in
// the files that nodes.ts lists; they call back into this class and nothing else.
//
// Rules
// 1. A destination is a register, Dest.Effect (the value is not wanted) or Dest.Result (the function returns it).
// 2. Whoever allocates registers notes regs.top before and releases to it afterwards.
// 3. A destination in state Temporary may be written at any time; one in state Variable only by the last instruction, see
//    writesLast in facts.ts.
// 4. Dest.Result is only passed on where nothing is left to do: never into a region with a cleanup.

import { assert } from "../../heap/debug.ts";
import type { Label } from "../bytecode/assembler.ts";
import type { CompiledFunction } from "../bytecode/code.ts";
import { Op } from "../bytecode/opcodes.ts";
import type { FunctionNode, Label as IrLabel, Literal, Node, Variable } from "../ir/nodes.ts";
import { spineChild } from "../ir/walk.ts";
import { Emitter, type Operand } from "./emitter.ts";
import { type Facts, gatherFacts } from "./facts.ts";
import type { Compilers } from "./nodes.ts";
import type { CompileOptions } from "./options.ts";
import { Registers, RegisterState } from "./registers.ts";

export const enum Dest { Effect = -1, Result = -2 }

/** What a Break or Continue goes to. */
export interface Target {
  readonly dest: number;
  readonly exit: Label;
  /** Where the next round starts; null for what is not a loop. */
  readonly next: Label | null;
  /** Cleanups around the target. */
  readonly depth: number;
}

/** A way out of a region with a cleanup. */
export type Exit = { readonly kind: "return" } | { readonly kind: "break" | "continue"; readonly target: Target };

/** A region that must run its cleanup on every way out. */
export interface Cleanup {
  /** Number of the way out being taken. */
  readonly selector: number;
  /** Value on its way out. */
  readonly value: number;
  readonly start: Label;
  /** In the order of their numbers, which start at FIRST_EXIT. */
  readonly exits: Exit[];
}

/** What functions of one program share while they are compiled. */
export interface Unit {
  readonly options: CompileOptions;
  readonly compileFunction: (node: FunctionNode, unit: Unit) => CompiledFunction;
  readonly compilers: Compilers;
  readonly done: Map<FunctionNode, CompiledFunction>;
  /** Globals of Lisp that the program itself defines. */
  readonly redefined: ReadonlySet<string>;
  /** Variables that are never seen without a value, in this or an inner function; see cleanVariables. */
  readonly clean: Set<Variable>;
}

/** Links of a chain such as `a + b + c …` that are compiled by recursion; longer chains go in steps of this length. */
const CHAIN_STEP = 64;

export class FunctionCompiler {
  readonly emitter: Emitter;
  readonly regs: Registers;
  readonly facts: Facts;
  /** Registers of the variables in scope. */
  readonly locations = new Map<Variable, number>();
  readonly captures: ReadonlyMap<Variable, number>;
  readonly targets = new Map<IrLabel, Target>();
  /** Innermost last. */
  readonly cleanups: Cleanup[] = [];
  /** Enclosing regions with handlers or cleanups: no tail calls there. */
  guarded = 0;
  /** Chain links that have been compiled ahead, and where their values are. */
  readonly #ready = new Map<Node, number>();

  constructor(readonly fn: FunctionNode, readonly unit: Unit, limit: number, scratch: number) {
    this.emitter = new Emitter(scratch);
    this.regs = new Registers(limit);
    this.facts = gatherFacts(fn);
    this.captures = new Map(fn.captures.map((variable, i) => [variable, i]));
  }

  get options(): CompileOptions { return this.unit.options; }
  get fused(): boolean { return this.options.optimise > 0; }

  emit(op: Op, ...operands: Operand[]): void {
    this.emitter.emit(op, ...operands);
  }

  label(): Label { return this.emitter.asm.label(); }
  bind(label: Label): void { this.emitter.asm.bind(label); }
  get reachable(): boolean { return this.emitter.asm.reachable; }

  // ---- the step

  /** Compiles the node; its value goes to `dest`. */
  to(node: Node, dest: number): void {
    const { asm } = this.emitter;
    const outer = asm.span;
    const mark = this.regs.top;
    this.#compileAhead(node, dest);
    if (node.span.end > 0) asm.span = node.span;
    const ready = this.#ready.get(node);
    if (ready !== undefined) this.finish(dest, ready);
    else (this.unit.compilers[node.kind] as (c: FunctionCompiler, node: Node, dest: number) => void)(this, node, dest);
    this.regs.release(mark);
    asm.span = outer;
  }

  /** Compiles the inner links of a long chain into a temporary, innermost first, so that recursion stays shallow. */
  #compileAhead(node: Node, dest: number): void {
    if (this.#ready.has(node)) return;
    const links: Node[] = [];
    let count = 0;
    for (let next = spineChild(node); next !== null && !this.#ready.has(next); next = spineChild(next)) {
      if (++count % CHAIN_STEP === 0) links.push(next);
    }
    if (links.length === 0) return;
    const free = dest >= 0 && this.regs.state(dest) === RegisterState.Temporary;
    const reg = free ? dest : this.alloc();
    for (const link of links.reverse()) {
      this.to(link, reg);
      this.#ready.set(link, reg);
    }
  }

  effect(node: Node): void {
    this.to(node, Dest.Effect);
  }

  // ---- operands

  /** A register with the node's value: the variable's own, or a temporary. */
  operand(node: Node): number {
    return this.operandIn(node, -1);
  }

  /** As operand; a temporary is `spare` when that is a register free for any use. */
  operandIn(node: Node, spare: number): number {
    const ready = this.#ready.get(node);
    if (ready !== undefined) return ready;
    const variable = this.#ownVariable(node);
    if (variable !== null) {
      if (node.kind === "SetLocal") this.effect(node);
      const reg = this.useVariable(variable);
      if (node.kind === "Local" && node.check && !this.isClean(variable)) this.checkHole(node, reg);
      return reg;
    }
    const reg = this.temporary(spare);
    this.to(node, reg);
    return reg;
  }

  /** `spare` when that is a register free for any use, else a new one. */
  temporary(spare: number): number {
    return spare >= 0 && this.regs.state(spare) === RegisterState.Temporary ? spare : this.alloc();
  }

  /** The variable whose register is the value of this node, null for none. */
  #ownVariable(node: Node): Variable | null {
    if ((node.kind !== "Local" || (node.onHole !== null && !this.isClean(node.variable))) && node.kind !== "SetLocal") return null;
    return this.inRegister(node.variable) ? node.variable : null;
  }

  /** As operand, and stays right while the nodes in `later` are evaluated. */
  operandBefore(node: Node, spare: number, later: readonly Node[]): number {
    const reg = this.operandIn(node, spare);
    if (this.regs.state(reg) !== RegisterState.Variable || !later.some((next) => this.facts.assigning.has(next))) return reg;
    const copy = this.alloc();
    this.emitter.move(copy, reg);
    return copy;
  }

  /** Operands of several nodes, in order. */
  operands(nodes: readonly Node[]): number[] {
    return nodes.map((node, i) => this.operandBefore(node, -1, nodes.slice(i + 1)));
  }

  /** Values of the nodes in a run of new registers; the first one. */
  run(nodes: readonly Node[]): number {
    const first = this.regs.top;
    for (const node of nodes) this.to(node, this.alloc());
    return first;
  }

  // ---- registers and destinations

  alloc(): number {
    const reg = this.regs.alloc();
    this.emitter.renew(reg);
    return reg;
  }

  /** A register to compute a value for `dest` in. */
  target(dest: number): number {
    return dest >= 0 ? dest : this.alloc();
  }

  /** A register to compute a value for `dest` in, free to be written before the operands have been read. */
  scratchFor(dest: number): number {
    return dest >= 0 && this.regs.state(dest) === RegisterState.Temporary ? dest : this.alloc();
  }

  /** The value for `dest` is in the register. */
  finish(dest: number, reg: number): void {
    if (dest === Dest.Result) this.emit(Op.Return, reg);
    else if (dest >= 0) this.emitter.move(dest, reg);
  }

  finishNull(dest: number): void {
    if (dest === Dest.Result) this.emit(Op.ReturnNull);
    else if (dest >= 0) this.emit(Op.LoadNull, dest);
  }

  // ---- variables

  /** True when the register of the variable holds its value itself. */
  inRegister(variable: Variable): boolean {
    return !variable.boxed && this.locations.has(variable);
  }

  isClean(variable: Variable): boolean {
    return this.unit.clean.has(variable);
  }

  /** The register of a variable of this function (of its box, when boxed), about to be used in an instruction. */
  useVariable(variable: Variable): number {
    const reg = this.locations.get(variable);
    assert(reg !== undefined, `variable ${variable.name} has no register`);
    this.emitter.claim(reg, this.emitter.variableId(variable));
    return reg;
  }

  /** The register is the variable's from now on. */
  place(variable: Variable, reg: number, state: RegisterState): void {
    this.locations.set(variable, reg);
    this.regs.setState(reg, state);
    this.emitter.claim(reg, this.emitter.variableId(variable));
  }

  /** True when evaluating the node does nothing that can be seen: whether and when it happens makes no difference. */
  isPassive(node: Node): boolean {
    return node.kind === "Const" || (node.kind === "Local" && (this.isClean(node.variable) || (node.onHole === null && !node.check)));
  }

  checkHole(node: { readonly variable: Variable }, reg: number): void {
    this.emit(Op.CheckHole, reg, this.constant({ type: "symbol", value: node.variable.name }));
  }

  constant(literal: Literal): number {
    return this.emitter.constants.literal(literal);
  }
}
