// What kinds of values annotations take, as far as a literal decides it: the same table that conversions follow when a program
// runs (tests compare the two). Knows no names of types: those are the business of checking.ts.

import { TYPE_NAMES, TypeCode } from "../../ir/types.ts";
import type { Expr, TypeRef } from "./ast.ts";

export type LiteralKind = "integer" | "float" | "string" | "bool" | "null" | "rune" | "array" | "object" | "function";

const NUMBERS = [TypeCode.I8, TypeCode.U8, TypeCode.I16, TypeCode.U16, TypeCode.I32, TypeCode.U32, TypeCode.I64, TypeCode.U64, TypeCode.F32, TypeCode.F64];

/** The plain types that each kind becomes; everything becomes null. */
const TAKES: { readonly [K in LiteralKind]: readonly number[] } = {
  integer: [...NUMBERS, TypeCode.Bool, TypeCode.Rune, TypeCode.String], float: [...NUMBERS, TypeCode.Bool, TypeCode.String], string: [TypeCode.String],
  bool: [...NUMBERS, TypeCode.Bool, TypeCode.String], null: [TypeCode.Void], rune: [...NUMBERS, TypeCode.Bool, TypeCode.Rune, TypeCode.String],
  array: [TypeCode.Array], object: [TypeCode.Object], function: [],
};

const RANGES: { readonly [code: number]: readonly [low: number, high: number] } = {
  [TypeCode.I8]: [-0x80, 0x7f], [TypeCode.U8]: [0, 0xff], [TypeCode.I16]: [-0x8000, 0x7fff], [TypeCode.U16]: [0, 0xffff],
  [TypeCode.I32]: [-0x8000_0000, 0x7fff_ffff], [TypeCode.U32]: [0, 0xffff_ffff], [TypeCode.U64]: [0, Infinity], [TypeCode.Rune]: [0, 0x10ffff],
};

const KINDS: { readonly [type: string]: LiteralKind } = {
  i8: "integer", u8: "integer", i16: "integer", u16: "integer", i32: "integer", u32: "integer", i64: "integer", u64: "integer", f32: "float", f64: "float", string: "string", bool: "bool", null: "null", rune: "rune",
};

/** The kind of value an expression is sure to have; null when its text does not tell. */
export function literalKind(expression: Expr): LiteralKind | null {
  switch (expression.kind) {
    case "Literal": return KINDS[expression.value.type] ?? null;
    case "Template": return "string";
    case "Array": return "array";
    case "Object": return "object";
    case "Function": return "function";
    case "Unary": {
      const inner = expression.op === "Neg" ? literalKind(expression.operand) : null;
      return inner === "integer" || inner === "float" ? inner : null;
    }
    default: return null;
  }
}

/** The number an integer literal stands for, null for other expressions. */
function integerValue(expression: Expr): number | null {
  if (expression.kind === "Unary" && expression.op === "Neg") {
    const value = integerValue(expression.operand);
    return value === null ? null : -value;
  }
  return expression.kind === "Literal" && KINDS[expression.value.type] === "integer" ? Number((expression.value as { readonly value: number | bigint }).value) : null;
}

/** What is wrong with a literal where a plain type is wanted, as two words of a message; null when nothing is known to be. */
export function misfit(expression: Expr, code: number): readonly [what: string, type: string] | null {
  const kind = literalKind(expression), type = TYPE_NAMES[code] ?? "";
  if (kind === null || code === TypeCode.Null) return null;
  if (!TAKES[kind].includes(code)) return [kind === "null" ? "null" : `this ${kind}`, type];
  const value = integerValue(expression), range = RANGES[code];
  return value !== null && range !== undefined && (value < range[0] || value > range[1]) ? [String(value), type] : null;
}

/** The type as programs write it. */
export function typeText(type: TypeRef): string {
  switch (type.kind) {
    case "Plain": return TYPE_NAMES[type.code] ?? "?";
    case "ArrayOf": return `array<${typeText(type.element)}>`;
    case "Named": return type.args.length === 0 ? type.name : `${type.name}<${type.args.map(typeText).join(", ")}>`;
    case "Nullable": return `${typeText(type.inner)}?`;
    case "Compound": return type.parts.map(typeText).join(" & ");
  }
}
