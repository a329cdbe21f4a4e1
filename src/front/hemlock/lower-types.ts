// Type annotations: conversions of values and the descriptors the library reads.
//
// A descriptor is a constant: an i32 code for a plain type; otherwise an array with a head code:
// [Array, T]  [Named, "Name", [args]]  [Nullable, T]  [Compound, [parts]].

import * as b from "../../ir/builder.ts";
import type { Literal, Node } from "../../ir/nodes.ts";
import { TYPE_NAMES, TypeCode } from "../../ir/types.ts";
import type { Span } from "../../text/source.ts";
import type { TypeRef } from "./ast.ts";
import { utf8 } from "./text-bytes.ts";

/** Where an annotation stands; the library words its errors by it. */
export const enum ConvertMode { Let = 0, Parameter = 1, Return = 2 }

const code = (value: number): Literal => ({ type: "i32", value });
const list = (...value: readonly Literal[]): Literal => ({ type: "array", value });
export const textLiteral = (text: string): Literal => ({ type: "string", value: utf8(text) });
export const textList = (texts: readonly string[]): Literal => list(...texts.map(textLiteral));

export function descriptor(type: TypeRef): Literal {
  switch (type.kind) {
    case "Plain": return code(type.code);
    case "ArrayOf": return list(code(TypeCode.Array), descriptor(type.element));
    case "Named": return list(code(TypeCode.Named), textLiteral(type.name), list(...type.args.map(descriptor)));
    case "Nullable": return list(code(TypeCode.Nullable), descriptor(type.inner));
    case "Compound": return list(code(TypeCode.Compound), list(...type.parts.map(descriptor)));
  }
}

/** A type as functions of native libraries have it: plain types and user types by name. What C does not have is refused by whoever calls. */
export const nativeType = (type: TypeRef): string => (type.kind === "Plain" ? TYPE_NAMES[type.code]! : type.kind === "Named" ? type.name : type.kind.toLowerCase());

/** The value converted as an annotation does. */
export function converted(type: TypeRef, value: Node, mode: ConvertMode, span: Span): Node {
  if (type.kind === "Plain") return b.convert(type.code, value, span);
  if (type.kind === "Nullable" && type.inner.kind === "Plain") return nullableScalar(type.inner.code, value, span);
  return b.call(b.global("$convert", null, span), [value, b.constant(descriptor(type), span), b.int(mode, span)], span);
}

/** Null stays null; the test is inline because nullable scalars are common in hot code. */
function nullableScalar(to: number, value: Node, span: Span): Node {
  const keep = (read: () => Node): Node =>
    b.ifNode(b.binary("StrictEq", read(), b.nullNode(span), span), b.nullNode(span), b.convert(to, read(), span), span);
  if (value.kind === "Local" && value.onHole === null && !value.check) return keep(() => b.local(value.variable, span));
  const held = b.variable("value");
  return b.scope([held], b.block([b.letNode(held, value, span), keep(() => b.local(held, span))], span), span);
}

/** Converts the elements of a rest parameter's array. */
export function convertedRest(type: TypeRef, value: Node, span: Span): Node {
  return b.call(b.global("$convert_rest", null, span), [value, b.constant(descriptor(type), span)], span);
}

/** The error for falling off the end of a function with this return type; null where that is allowed. */
export function missingReturn(type: TypeRef): string | null {
  if (type.kind === "Plain" && (type.code === TypeCode.Null || type.code === TypeCode.Void)) return null;
  return type.kind === "Nullable" ? "Function with return type must return a value" : "Cannot convert type to target type";
}
