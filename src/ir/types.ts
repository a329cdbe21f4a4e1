// Codes of types in annotations: the numeric ranks of heap/value.ts, and these for the rest. Used by Convert nodes, type
// values (`i32` as an expression), array element types and type descriptors.

export const enum TypeCode {
  I8 = 0x10, U8 = 0x11, I16 = 0x12, U16 = 0x13, I32 = 0x14, U32 = 0x15, I64 = 0x16, U64 = 0x17, F32 = 0x18, F64 = 0x19,
  Bool = 0x20, Rune = 0x21, String = 0x22, Pointer = 0x23, Buffer = 0x24, Array = 0x25, Object = 0x26, Null = 0x27, Void = 0x28,
  /** The three below are heads of structured descriptors only. */
  Named = 0x30, Nullable = 0x31, Compound = 0x32,
}

/** Display name of each code. */
export const TYPE_NAMES: { readonly [code: number]: string } = {
  [TypeCode.I8]: "i8", [TypeCode.U8]: "u8", [TypeCode.I16]: "i16", [TypeCode.U16]: "u16", [TypeCode.I32]: "i32", [TypeCode.U32]: "u32",
  [TypeCode.I64]: "i64", [TypeCode.U64]: "u64", [TypeCode.F32]: "f32", [TypeCode.F64]: "f64", [TypeCode.Bool]: "bool", [TypeCode.Rune]: "rune",
  [TypeCode.String]: "string", [TypeCode.Pointer]: "ptr", [TypeCode.Buffer]: "buffer", [TypeCode.Array]: "array", [TypeCode.Object]: "object",
  [TypeCode.Null]: "null", [TypeCode.Void]: "void",
};
