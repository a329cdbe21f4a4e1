// Constants of the IR as text: for printing, and as keys that tell one constant from another.

import type { Literal } from "./nodes.ts";
import { TYPE_NAMES } from "./types.ts";

export function printLiteral(literal: Literal): string {
  switch (literal.type) {
    case "null": return "null";
    case "hole": return "hole";
    case "bool": case "i32": return String(literal.value);
    case "f64": return printFloat(literal.value);
    case "f32": return `${printFloat(literal.value)}:f32`;
    case "rune": return literal.value > 32 && literal.value < 127 ? `'${String.fromCodePoint(literal.value)}'` : `'\\u{${literal.value.toString(16)}}'`;
    case "string": return printBytes(literal.value);
    case "symbol": return `:${literal.value}`;
    case "type": return `<${TYPE_NAMES[literal.value] ?? `type ${literal.value}`}>`;
    case "native": return `%${literal.value}`;
    case "array": return `[${literal.value.map(printLiteral).join(" ")}]`;
    case "empty": return "'()";
    case "int": return `${literal.value}:int`;
    case "keyword": return `${literal.value}:keyword`;
    case "datum": return printDatum(literal.value);
    default: return `${literal.value}:${literal.type}`;
  }
}

/** Data is opaque here; it tells its own text if it can. */
function printDatum(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return `'${text === "[object Object]" ? "datum" : text}`;
}

function printFloat(value: number): string {
  const text = Object.is(value, -0) ? "-0" : String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function printBytes(bytes: Uint8Array): string {
  const text = new TextDecoder("utf-8", { fatal: false }).decode(bytes);
  return text.includes("\ufffd") ? `"${Array.from(bytes, printByte).join("")}"` : JSON.stringify(text);
}

const printByte = (byte: number): string => (byte >= 32 && byte < 127 && byte !== 34 && byte !== 92 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`);
