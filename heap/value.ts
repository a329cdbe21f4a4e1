// The value layout. This is the only file that may mention a bit pattern.
//
// Every value is one 64-bit slot, seen as two words of an Int32Array (lo at index 2s, hi at 2s+1) and as element s
// of a Float64Array over the same bytes. `hi` alone tells the exact type:
//
//   hi (signed i32)          meaning                                   lo
//   hi <  0x7FF9_0000        IEEE double (every NaN we make is          low word of the double
//                            0x7FF80000 or 0xFFF80000 in hi)
//   0x7FF9_00kk              immediate of kind kk (enum Hi)            32-bit payload
//   0x7FFA_00kk              heap cell of CellKind kk                  byte address, 8-aligned
//   0x7FFB_pppp              i64 that fits 48 bits, sign-extended      payload bits 0-31 (pppp: bits 32-47)
//   0x7FFC_pppp              u64 that fits 48 bits                     payload bits 0-31 (pppp: bits 32-47)
//   0x7FFD_dddd              frame link (stack only): dddd = distance  return pc
//                            to the caller's frame in slots
//   0x7FFE_pppp              raw-memory pointer, 48 bits               bits 0-31 (pppp: bits 32-47)
//
// Rules
// 1. Slots are copied as two i32 words, never through the Float64Array: engines may canonicalise a NaN they load.
// 2. A double from outside (raw memory, host) is stored by `Mem.setF64`, which leaves nothing of a NaN's payload.
// 3. All tags are positive as signed i32, so `hi < Tag.First` is "is a double" and they stay small integers in V8.

export const enum Tag {
  /** Smallest hi word that is not a double. */
  First = 0x7ff90000,
  Cell = 0x7ffa0000,
  Int64 = 0x7ffb0000,
  Uint64 = 0x7ffc0000,
  Link = 0x7ffd0000,
  Pointer = 0x7ffe0000,
  /** hi & Mask gives the tag without kind or payload. */
  Mask = 0x7fff0000,
  NaNHi = 0x7ff80000,
}

/**
 * Exact hi words of the immediates. The numeric ones are in order of promotion rank; the gaps at 0x16 and 0x17 are the
 * ranks of i64 and u64, whose hi words vary (see `numericRank`).
 */
export const enum Hi {
  /** Not a value: an unset variable, a missing argument. Never escapes to a script. */
  Hole = 0x7ff90000,
  Null = 0x7ff90001,
  /** lo: 0 or 1. */
  Bool = 0x7ff90002,
  /** lo: code point. */
  Rune = 0x7ff90003,
  /** lo: a TypeCode. */
  Type = 0x7ff90004,
  /** lo: index into the table of natives. */
  Native = 0x7ff90005,
  /** The empty list of Lisp. */
  Empty = 0x7ff90006,
  /** What reading past the end of a port gives. */
  Eof = 0x7ff90007,
  I8 = 0x7ff90010,
  U8 = 0x7ff90011,
  I16 = 0x7ff90012,
  U16 = 0x7ff90013,
  I32 = 0x7ff90014,
  /** lo: the 32 bits, read with >>> 0. */
  U32 = 0x7ff90015,
  /** lo: the bits of the single. */
  F32 = 0x7ff90018,
}

/** Promotion rank of each numeric type; also the code used for scalar types in descriptors and Convert. */
export const enum Rank { None = 0, I8 = 0x10, U8 = 0x11, I16 = 0x12, U16 = 0x13, I32 = 0x14, U32 = 0x15, I64 = 0x16, U64 = 0x17, F32 = 0x18, F64 = 0x19 }

/** Rank of the value with this hi word; boxed 64-bit cells pass their own hi words. 0: not a number. */
export function numericRank(hi: number): number {
  if (hi < Tag.First) return Rank.F64;
  if (hi <= Hi.F32) return hi >= Hi.I8 ? hi - Tag.First : Rank.None;
  const tag = hi & Tag.Mask;
  if (tag === Tag.Int64 || hi === CellHi.Int64) return Rank.I64;
  if (tag === Tag.Uint64 || hi === CellHi.Uint64) return Rank.U64;
  return Rank.None;
}

/** Kinds of heap cell; order is the encoding (append only). Fields: layout.ts. */
export const enum CellKind {
  Free, String, Bytes, Symbol, SymbolTable, Array, Slots, Object, Shape, Table, Closure, Box, Global, Code, Ref, Int64,
  Uint64, Buffer, Stack,
  Pair, Keyword, Vector, BigInt, Rational, Complex, Bytevector, NumberArray, Struct, SortedMap, MapNode, HashMap, HashNode,
  WeakRef, WeakMap, Continuation,
  Task, Channel, File, Socket, Last = Socket,
}

/** hi words of values that point to a cell of the kind. */
export const enum CellHi {
  String = 0x7ffa0001, Bytes = 0x7ffa0002, Symbol = 0x7ffa0003, SymbolTable = 0x7ffa0004, Array = 0x7ffa0005, Slots = 0x7ffa0006,
  Object = 0x7ffa0007, Shape = 0x7ffa0008, Table = 0x7ffa0009, Closure = 0x7ffa000a, Box = 0x7ffa000b, Global = 0x7ffa000c,
  Code = 0x7ffa000d, Ref = 0x7ffa000e, Int64 = 0x7ffa000f, Uint64 = 0x7ffa0010, Buffer = 0x7ffa0011, Stack = 0x7ffa0012,
  Pair = 0x7ffa0013, Keyword = 0x7ffa0014, Vector = 0x7ffa0015, BigInt = 0x7ffa0016, Rational = 0x7ffa0017, Complex = 0x7ffa0018,
  Bytevector = 0x7ffa0019, NumberArray = 0x7ffa001a, Struct = 0x7ffa001b, SortedMap = 0x7ffa001c, MapNode = 0x7ffa001d,
  HashMap = 0x7ffa001e, HashNode = 0x7ffa001f, WeakRef = 0x7ffa0020, WeakMap = 0x7ffa0021, Continuation = 0x7ffa0022, Task = 0x7ffa0023, Channel = 0x7ffa0024,
  File = 0x7ffa0025, Socket = 0x7ffa0026,
}

export const isCell = (hi: number): boolean => (hi & Tag.Mask) === Tag.Cell && hi > Tag.First;

/**
 * Sign bit of the NaN that this machine makes of an invalid operation: set on x86, clear on ARM. Scripts can see the sign
 * of a NaN, and shall see what x86 shows: 0.0/0.0 is negative. The interpreter stores what the processor makes, at no
 * cost; so it is the meaning of the bit that depends on the machine.
 */
const madeHere = new Float64Array(1);
madeHere[0] = madeHere[0]! / madeHere[0]!;
const NEGATIVE_BIT = new Int32Array(madeHere.buffer)[1]! & 0x8000_0000;

/** hi word of the quiet NaN of a sign; lo is 0. */
export const nanHi = (negative: boolean): number => Tag.NaNHi | (negative ? NEGATIVE_BIT : NEGATIVE_BIT ^ 0x8000_0000);
/** Whether the NaN with this hi word is a negative one. */
export const isNegativeNaN = (hi: number): boolean => (hi ^ NEGATIVE_BIT) >= 0;

/** Sign-extended value of an inline i64 as a JS number (|v| < 2^47, exact). */
export const inlineInt64 = (hi: number, lo: number): number => ((hi << 16) >> 16) * 0x1_0000_0000 + (lo >>> 0);
/** Value of an inline u64 or pointer as a JS number (< 2^48, exact). */
export const inlineUint64 = (hi: number, lo: number): number => (hi & 0xffff) * 0x1_0000_0000 + (lo >>> 0);
/** hi word of the inline i64 / u64 / pointer with this value; lo is `v | 0` after reduction, see int64Lo. */
export const int64Hi = (tag: Tag.Int64 | Tag.Uint64 | Tag.Pointer, v: number): number => tag | (Math.floor(v / 0x1_0000_0000) & 0xffff);
/** lo word of the inline 64-bit integer v. */
export const int64Lo = (v: number): number => (v - Math.floor(v / 0x1_0000_0000) * 0x1_0000_0000) | 0;

export const enum Int48 { Min = -0x8000_0000_0000, Max = 0x7fff_ffff_ffff, UMax = 0xffff_ffff_ffff }
