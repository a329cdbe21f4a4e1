// Words and punctuation of Hemlock. A token's kind is its own text for keywords and punctuation, and a class name for
// the rest; strings are interned, so comparing kinds costs no more than comparing numbers and reads better.

import { TypeCode } from "../../ir/types.ts";

const KEYWORDS = [
  "async", "await", "break", "case", "catch", "const", "continue", "default", "define", "defer", "else", "enum", "export",
  "extern", "false", "finally", "fn", "for", "if", "import", "in", "let", "loop", "null", "object", "ref", "return", "self",
  "switch", "throw", "true", "try", "void", "while",
] as const;

/** Longest first, so that the first match is the right one. */
const PUNCTUATION = [
  "<<=", ">>=", "??=", "...",
  "?.", "??", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||",
  "+", "-", "*", "/", "%", "<", ">", "=", "!", "~", "&", "|", "^", "?", ":", ";", ",", ".", "(", ")", "[", "]", "{", "}",
] as const;

export type Keyword = (typeof KEYWORDS)[number];
export type Punctuation = (typeof PUNCTUATION)[number];
export type TokenKind =
  | Keyword | Punctuation
  | "name"
  /** A type word such as i32; `text` has it. */
  | "type"
  /** `value`: number when it fits i32, else bigint. */
  | "integer"
  | "float"
  /** `value`: code point. */
  | "rune"
  /** `value`: bytes. */
  | "string"
  /** Text of a template before "${" (part) or before the closing "`" (end); `value`: bytes. */
  | "template part" | "template end"
  | "end";

export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  /** Names and type words as written, else "". */
  readonly text: string;
  readonly value: number | bigint | Uint8Array | null;
}

export const KEYWORD_SET: ReadonlySet<string> = new Set(KEYWORDS);

/** Type words. As a value, one with `value: false` is null: only the scalar types can be called and passed around. */
export const TYPE_WORDS: ReadonlyMap<string, { readonly code: number; readonly value: boolean }> = new Map([
  ["i8", { code: TypeCode.I8, value: true }], ["i16", { code: TypeCode.I16, value: true }],
  ["i32", { code: TypeCode.I32, value: true }], ["i64", { code: TypeCode.I64, value: true }],
  ["u8", { code: TypeCode.U8, value: true }], ["u16", { code: TypeCode.U16, value: true }],
  ["u32", { code: TypeCode.U32, value: true }], ["u64", { code: TypeCode.U64, value: true }],
  ["f32", { code: TypeCode.F32, value: true }], ["f64", { code: TypeCode.F64, value: true }],
  ["integer", { code: TypeCode.I32, value: true }], ["number", { code: TypeCode.F64, value: true }],
  ["byte", { code: TypeCode.U8, value: true }], ["bool", { code: TypeCode.Bool, value: true }],
  ["ptr", { code: TypeCode.Pointer, value: true }], ["string", { code: TypeCode.String, value: false }],
  ["rune", { code: TypeCode.Rune, value: false }], ["buffer", { code: TypeCode.Buffer, value: false }],
  ["array", { code: TypeCode.Array, value: false }],
]);

const BY_FIRST = new Map<string, Punctuation[]>();
for (const text of PUNCTUATION) {
  const list = BY_FIRST.get(text[0]!) ?? [];
  list.push(text);
  BY_FIRST.set(text[0]!, list);
}

/** The longest punctuation at the offset, or null. */
export function punctuationAt(text: string, offset: number): Punctuation | null {
  for (const candidate of BY_FIRST.get(text[offset]!) ?? []) if (text.startsWith(candidate, offset)) return candidate;
  return null;
}
