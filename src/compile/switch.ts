// Switch: tests in order with strict equality, then the bodies in order, falling through from one to the next.

import type { Label } from "../bytecode/assembler.ts";
import { Op } from "../bytecode/opcodes.ts";
import type { Node, SwitchNode } from "../ir/nodes.ts";
import { labelled } from "./control.ts";
import type { FunctionCompiler } from "./core.ts";

/** Fewest cases worth a table, and how many times larger than the number of cases a table may be. */
const TABLE_CASES = 4, TABLE_SPARSENESS = 3;

export function compileSwitch(c: FunctionCompiler, node: SwitchNode, dest: number): void {
  const exit = c.label(), none = c.label();
  const bodies = node.cases.map(() => c.label());
  const subject = c.operandBefore(node.subject, -1, node.cases.flatMap(({ test }) => (test === null ? [] : [test])));
  const numbers = c.fused ? i32Tests(node) : null;
  if (numbers !== null) jumpByTable(c, subject, numbers, bodies);
  else jumpByTests(c, node, subject, bodies);
  c.emit(Op.Jump, node.fallback >= 0 ? bodies[node.fallback]! : none);
  labelled(c, node.label, { dest, exit, next: null, depth: c.cleanups.length }, () => {
    node.cases.forEach(({ body }, i) => {
      c.bind(bodies[i]!);
      c.effect(body);
    });
  });
  c.bind(none);
  c.finishNull(dest);
  c.bind(exit);
}

function jumpByTests(c: FunctionCompiler, node: SwitchNode, subject: number, bodies: readonly Label[]): void {
  const mark = c.regs.top;
  node.cases.forEach(({ test }, i) => {
    if (test === null) return;
    c.emit(Op.JumpIfStrictEq, subject, c.operand(test), bodies[i]!);
    c.regs.release(mark);
  });
}

const i32Of = (test: Node): number | null => (test.kind === "Const" && test.value.type === "i32" ? test.value.value : null);

/** Case index by number, in a range dense enough for a table; null when any test is something else. */
function i32Tests(node: SwitchNode): Map<number, number> | null {
  const cases = new Map<number, number>();
  for (const [i, { test }] of node.cases.entries()) {
    if (test === null) continue;
    const value = i32Of(test);
    if (value === null) return null;
    if (!cases.has(value)) cases.set(value, i);
  }
  if (cases.size < TABLE_CASES) return null;
  const { low, high } = rangeOf(cases);
  return high - low < cases.size * TABLE_SPARSENESS ? cases : null;
}

function rangeOf(cases: ReadonlyMap<number, number>): { low: number; high: number } {
  let low = Infinity, high = -Infinity;
  for (const value of cases.keys()) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return { low, high };
}

/** Falls through when the subject is not in the table; holes in the table lead to the same place. */
function jumpByTable(c: FunctionCompiler, subject: number, cases: ReadonlyMap<number, number>, bodies: readonly Label[]): void {
  const { low, high } = rangeOf(cases), past = c.label();
  const table: Label[] = [];
  for (let value = low; value <= high; value++) {
    const index = cases.get(value);
    table.push(index === undefined ? past : bodies[index]!);
  }
  c.emitter.emitTable(subject, low, table);
  c.bind(past);
}
