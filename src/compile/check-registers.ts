// The register checker: proves that every instruction finds in its registers the values the compiler meant. While it
// emits, the compiler notes for each operand an id of the variable or temporary it stands for; here the final words are
// followed along every path, loops to a fixpoint, tracking which ids each register holds. It shares no reasoning with the
// compiler: register reuse, call windows, moves, wide forms and the peephole pass are all judged by the outcome.
//
// After a copy a register holds the ids of both; when an id gets a new value, copies of the old one lose it.

import { Bug } from "../../heap/debug.ts";
import type { Claims, CompiledFunction } from "../bytecode/code.ts";
import { decode, type Instruction } from "../bytecode/encoding.ts";
import { analyse } from "../bytecode/flow.ts";
import { Op } from "../bytecode/opcodes.ts";
import { useOf } from "../bytecode/register-use.ts";

/** Ids held by each register; absent: nothing known. Arrays are never changed in place. */
type State = Map<number, readonly number[]>;

const isMove = (op: number): boolean => op === Op.Move || op === Op.MoveFromX || op === Op.MoveToX;

export function checkRegisters(code: CompiledFunction): void {
  if (code.claims === null) throw new Bug(`no record of registers for ${code.name}`);
  new Checker(code, code.claims.instructions).run();
}

class Checker {
  readonly #instructions = new Map<number, Instruction>();
  readonly #claims = new Map<number, Claims>();

  constructor(readonly code: CompiledFunction, claims: readonly Claims[]) {
    const { words } = code;
    for (let pc = 0; pc < words.length;) {
      const instruction = decode(words, pc)!;
      this.#instructions.set(pc, instruction);
      pc += instruction.length;
    }
    for (const claim of claims) this.#claims.set(claim.pc, claim);
  }

  run(): void {
    const { words, handlers, claims } = this.code;
    analyse<State>({ words, handlers, instructions: this.#instructions }, {
      entry: () => new Map([...claims!.entry].map(([reg, id]) => [reg, [id]])),
      copy: (state) => new Map(state),
      meet,
      before: (state, instruction) => this.#read(state, instruction),
      apply: (state, instruction) => this.#apply(state, instruction),
      applyNext: (state, instruction) => {
        const { writes, writesNext } = useOf(words, instruction);
        this.#define(state, instruction, writesNext, writes.length);
      },
      enterHandler: (state, { register }, index) => define(state, register, claims!.handlers[index]!),
    });
  }

  #read(state: State, instruction: Instruction): void {
    const { pc, info } = instruction, ids = this.#claims.get(pc)?.reads ?? [];
    useOf(this.code.words, instruction).reads.forEach((reg, i) => {
      const wanted = ids[i], held = state.get(reg);
      if (wanted !== undefined && held !== undefined && held.includes(wanted)) return;
      throw new Bug(`${this.code.name} word ${pc}: ${info.name} wants value ${wanted} in r${reg}, which holds ${held === undefined ? "nothing" : held.join(", ")}`);
    });
  }

  #apply(state: State, instruction: Instruction): void {
    const { clobbers, reads, writes } = useOf(this.code.words, instruction);
    const copied = isMove(instruction.op) ? state.get(reads[0]!) : undefined;
    if (clobbers >= 0) for (const reg of [...state.keys()]) if (reg >= clobbers) state.delete(reg);
    if (copied === undefined) return this.#define(state, instruction, writes, 0);
    const dst = writes[0]!, id = this.#claims.get(instruction.pc)!.writes[0]!;
    if (!copied.includes(id)) define(state, dst, id);
    state.set(dst, copied.includes(id) ? copied : [...copied, id]);
  }

  /** The ids of the registers are those from `first` on. */
  #define(state: State, { pc, info }: Instruction, registers: readonly number[], first: number): void {
    registers.forEach((reg, i) => {
      const id = this.#claims.get(pc)?.writes[first + i];
      if (id === undefined) throw new Bug(`${this.code.name} word ${pc}: ${info.name} writes r${reg}, which the compiler did not mean`);
      define(state, reg, id);
    });
  }
}

/** The register holds a new value of this id. */
function define(state: State, reg: number, id: number): void {
  for (const [other, held] of state) {
    if (held.includes(id)) state.set(other, held.filter((each) => each !== id));
  }
  state.set(reg, [id]);
}

function meet(into: State, from: State): boolean {
  let changed = false;
  for (const [reg, held] of into) {
    const other = from.get(reg) ?? [];
    const both = held.filter((id) => other.includes(id));
    if (both.length === held.length) continue;
    if (both.length === 0) into.delete(reg);
    else into.set(reg, both);
    changed = true;
  }
  return changed;
}
