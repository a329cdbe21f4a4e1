// The word for the type of each value, as (type v) gives it and error messages use it.

import { textOf } from "../../../heap/cells/string.ts";
import { structItem, structType } from "../../../heap/cells/struct.ts";
import { Closure, Code, NumberArray, NumberElement, ParamFlag } from "../../../heap/layout.ts";
import type { Mem } from "../../../heap/memory.ts";
import { StructType } from "../../../heap/structs.ts";
import { CellHi, Hi, numericRank, Rank, Tag } from "../../../heap/value.ts";

const IMMEDIATES: { readonly [hi: number]: string } = {
  [Hi.Null]: "nil", [Hi.Bool]: "bool", [Hi.Rune]: "char", [Hi.Empty]: "list", [Hi.Eof]: "eof", [Hi.Native]: "native-fn", [Hi.Type]: "type", [Hi.Hole]: "undefined",
};
const CELLS: { readonly [hi: number]: string } = {
  [CellHi.String]: "string", [CellHi.Symbol]: "symbol", [CellHi.Keyword]: "keyword", [CellHi.Pair]: "list", [CellHi.Vector]: "vector", [CellHi.BigInt]: "int",
  [CellHi.Rational]: "rational", [CellHi.Complex]: "complex", [CellHi.Bytevector]: "bytevector", [CellHi.SortedMap]: "map", [CellHi.HashMap]: "hashmap",
  [CellHi.Array]: "mutable-array", [CellHi.Closure]: "lambda", [CellHi.Continuation]: "continuation", [CellHi.WeakRef]: "weak-ref", [CellHi.WeakMap]: "weak-map",
  [CellHi.Object]: "object", [CellHi.Buffer]: "buffer",
};
const STRUCTS: { readonly [type: number]: string } = {
  [StructType.Promise]: "promise", [StructType.MutableCell]: "mutable-cell", [StructType.Parameter]: "parameter", [StructType.Multimethod]: "multimethod",
  [StructType.Values]: "values", [StructType.RecordType]: "record-type", [StructType.Port]: "port", [StructType.Stream]: "stream",
  [StructType.Channel]: "channel", [StructType.AsyncPromise]: "async-promise", [StructType.Macro]: "macro", [StructType.Environment]: "environment",
  [StructType.Restart]: "restart",
};

/** The word without its colon. */
export function typeWord(mem: Mem, slot: number): string {
  const hi = mem.hi(slot), word = hi === CellHi.Closure && isOfLibrary(mem, mem.lo(slot)) ? "native-fn" : IMMEDIATES[hi] ?? CELLS[hi];
  if (word !== undefined) return word;
  if (hi < Tag.First) return "float";
  if (hi === CellHi.Struct) return structWord(mem, mem.lo(slot));
  if (hi === CellHi.NumberArray) return mem.i32[(mem.lo(slot) + NumberArray.Element) >> 2] === NumberElement.F64 ? "f64-array" : "i64-array";
  const rank = numericRank(hi);
  if (rank === Rank.F32) return "float";
  return rank === Rank.None ? "object" : "int";
}

/** Functions of the library pass for natives, whatever they are written in. */
const isOfLibrary = (mem: Mem, closure: number): boolean => (mem.word(mem.word(closure + Closure.Code) + Code.ParamFlags) & ParamFlag.Library) !== 0;

/** A record goes by the name of its type, without the brackets it may have. */
function structWord(mem: Mem, cell: number): string {
  const type = structType(mem, cell);
  if (type !== StructType.Record) return STRUCTS[type] ?? "object";
  const recordType = mem.lo(structItem(cell, 0)), name = structItem(recordType, 0);
  return textOf(mem, mem.lo(name)).replace(/^<(.+)>$/, "$1");
}
