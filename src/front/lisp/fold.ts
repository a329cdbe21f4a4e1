// Arithmetic on integer constants, done while lowering. Only what cannot fail and gives the same on every machine.

import * as b from "../../ir/builder.ts";
import type { Node } from "../../ir/nodes.ts";
import type { PrimitiveName } from "../../ir/primitives.ts";
import type { Span } from "../../text/source.ts";

const ARITHMETIC: { readonly [op in PrimitiveName]?: (x: bigint, y: bigint) => bigint } = {
  Add: (x, y) => x + y, Sub: (x, y) => x - y, Mul: (x, y) => x * y,
};
const COMPARISON: { readonly [op in PrimitiveName]?: (x: bigint, y: bigint) => boolean } = {
  Lt: (x, y) => x < y, Le: (x, y) => x <= y, Gt: (x, y) => x > y, Ge: (x, y) => x >= y, NumEq: (x, y) => x === y,
};
/** Products of larger numbers are left to the library, which charges for them. */
const LIMIT = 1n << 512n;

function integerOf(node: Node | undefined): bigint | null {
  if (node?.kind !== "Const" || node.value.type !== "int") return null;
  return node.value.value < LIMIT && node.value.value > -LIMIT ? node.value.value : null;
}

/** The value of an operation on integer constants, or null. */
export function foldPrimitive(op: PrimitiveName, args: readonly Node[], span: Span): Node | null {
  const x = integerOf(args[0]), y = integerOf(args[1]);
  if (x === null) return null;
  if (op === "Neg") return b.integer(-x, span);
  if (y === null) return null;
  const arithmetic = ARITHMETIC[op], comparison = COMPARISON[op];
  if (arithmetic !== undefined) return b.integer(arithmetic(x, y), span);
  return comparison === undefined ? null : b.bool(comparison(x, y), span);
}
