// Literals of the IR as values, for both engines. Texts, symbols and arrays are not here: each engine keeps its own.

import type { Heap } from "../../heap/heap.ts";
import { setInteger } from "../../heap/cells/bigint.ts";
import { keywordText } from "../../heap/cells/keyword.ts";
import { setInt64, setUint64 } from "../../heap/cells/wide.ts";
import { CellKind, Hi } from "../../heap/value.ts";
import type { Literal } from "../ir/nodes.ts";
import { nativeIndex } from "../library/registry.ts";
import { storeSingle } from "./numeric.ts";

export type PlainLiteral = Exclude<Literal, { readonly type: "string" | "symbol" | "array" | "datum" }>;

/** hi word of the literals whose payload is the number itself. */
const SMALL = { i8: Hi.I8, u8: Hi.U8, i16: Hi.I16, u16: Hi.U16, i32: Hi.I32, u32: Hi.U32, rune: Hi.Rune, type: Hi.Type } as const;

/** Writes the value of a literal that needs no cell but perhaps that of a wide integer. May collect. */
export function storeLiteral(heap: Heap, dst: number, literal: PlainLiteral): void {
  switch (literal.type) {
    case "hole": return heap.setHole(dst);
    case "null": return heap.setNull(dst);
    case "bool": return heap.setBool(dst, literal.value);
    case "f64": return heap.setF64(dst, literal.value);
    case "f32": return storeSingle(heap, dst, literal.value);
    case "i64": return setInt64(heap, dst, literal.value);
    case "u64": return setUint64(heap, dst, literal.value);
    case "empty": return heap.setSlot(dst, Hi.Empty, 0);
    case "int": return setInteger(heap, dst, literal.value);
    case "keyword": return heap.setCell(dst, CellKind.Keyword, keywordText(heap, literal.value));
    case "native": return heap.setSlot(dst, Hi.Native, nativeIndex(literal.value));
    default: return heap.setSlot(dst, SMALL[literal.type], literal.value | 0);
  }
}
