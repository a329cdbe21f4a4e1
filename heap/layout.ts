// Cell layouts. CELLS declares every field of every kind once; marker, verifier, dumper, snapshot writer and image
// loader are driven by it.
//
//   byte 0      1        2..3     4..7                8…
//   ┌───────┬────────┬────────┬───────────────────┬──────────────
//   │ kind  │ mark   │ flags  │ size in bytes, u32 │ fields
//   └───────┴────────┴────────┴───────────────────┴──────────────
//
// `mark` is the number of the collection cycle that last reached the cell (0: allocated since). Cells are 8-aligned and
// never move. Offsets below are byte offsets from the cell's address. A `ref` is a u32 cell address, 0 for none.

import { CellKind } from "./value.ts";

export const enum Cell { Kind = 0, Mark = 1, Flags = 2, Size = 4, Header = 8 }

/**
 * String and Symbol share a layout. The text is the first ByteLength bytes of Data. Strings are mutable and have identity;
 * a symbol is the interned, immutable form used as property key, global name and Lisp symbol.
 */
export const enum Str {
  Data = 8, ByteLength = 12,
  /** Number of code points, -1 when not counted yet. Equal to ByteLength exactly for ASCII text. */
  CodePoints = 16,
  /** FNV-1a of the bytes, 0 when not computed (a hash of 0 is stored as 1). Reset by writes. */
  Hash = 20,
  /** String only: the Symbol with this text once interned, else 0. Reset by writes. */
  Symbol = 24,
  /** Symbol only: the Keyword of this name, else 0. */
  Keyword = 24, Size = 32,
}
/** Bytes: untraced payload from Bytes.Data on; capacity is size - Data. */
export const enum Bytes {
  /** Bytes in use; a string that ends exactly here may append in place. */
  Used = 8,
  /** 1 once two headers may refer to it: writers must copy first (appending past Used is still allowed). Sticky. */
  Shared = 12, Data = 16,
}
/** SymbolTable: weak open-addressing set of Symbol addresses (0 empty, 1 deleted). Not traced; pruned after marking. */
export const enum SymbolTable { Count = 8, Capacity = 12, Entries = 16 }
export const enum Arr {
  Data = 8,
  /** 0, a Rank (exact element tag), or another code of ElementType; not 0 makes push and store check. */
  Element = 12,
  /** Descriptor array for element types that are not scalar, else 0. */
  Descriptor = 16, Size = 24,
}
/** Slots: a vector of values; Count are in use (all of them traced), capacity is (size - Data) / 8. */
export const enum Slots { Count = 8,
  /** While marking is in the middle of it: the items before this one are still to be scanned. Else 0. */
  Left = 12, Data = 16 }
/** Object: field i lies at Inline + 8 i while i < shape.InlineCapacity, else in More at index i - InlineCapacity. */
export const enum Obj { Shape = 8, More = 12, Inline = 16 }
/**
 * Shape: Count keys; the last one is Key and the others are the parent's. Transitions and Lookup are Tables or 0.
 * A dictionary shape (Flags bit 0) belongs to one object, is never cached, has Lookup and Keys always, and its Keys hold a
 * hole where a key was deleted.
 */
export const enum Shape {
  Parent = 8, Key = 12, Count = 16, InlineCapacity = 20,
  /** Symbol of the type stamped on the objects, else 0. */
  TypeName = 24,
  /** Table: key symbol -> Shape address. */
  Transitions = 28,
  /** Table: key symbol -> field index. */
  Lookup = 32,
  /** Slots of key symbols in order, built on demand. */
  Keys = 36,
  /** Dictionary only: number of live keys. */
  Live = 40,
  /** Table: type-name symbol -> root Shape with that stamp (on unstamped empty roots only). */
  Stamps = 44, Size = 48,
}
export const enum ShapeFlag { Dictionary = 1 }
/** Table: open addressing map from Symbol address to u32; entries are (key, value) word pairs, key 0 empty, 1 deleted. */
export const enum Table { Count = 8, Capacity = 12,
  /** 0: values are integers, 1: values are cell addresses and traced. */
  Values = 16, Deleted = 20, Entries = 24 }
export const enum Closure { Code = 8, Count = 12, Captures = 16 }
export const enum Box { Value = 8, Size = 16 }
/** Global: a named box. Flags bit 0: const. A hole is "not defined yet". */
export const enum Global { Value = 8, Name = 16, Size = 24 }
export const enum GlobalFlag {
  Const = 1,
  /** Set by the library; a program may define the name anew. */
  Library = 2,
}
/**
 * Code: a compiled function. Constants (ConstCount slots from Constants on) are followed by WordCount instruction words.
 * EntryPc and ConstBase are absolute indices (word, slot) of the first instruction and the first constant.
 */
export const enum Code {
  /** Number of arguments when the call needs no help. -2 - n: the same for n, when the rest parameter gets the empty list. -1: never. */
  ExactArgs = 8, FrameSize = 12, EntryPc = 16, ConstBase = 20, ConstCount = 24, WordCount = 28,
  /** Symbol. */
  Name = 32,
  /** Positional parameters, without rest. */
  ParamCount = 36, RequiredCount = 40, ParamFlags = 44, CaptureCount = 48,
  /** Slots of parameter-name symbols (rest included), for named arguments. */
  ParamNames = 52,
  /** Bytes: handler table, HandlerEntry words each. */
  Handlers = 56,
  /** Bytes: source map, SpanEntry words each, sorted by pc. */
  Spans = 60,
  /** Slots describing the source: [name string]; index of the host-side source table in SourceId. */
  SourceId = 64,
  /** Index into the tree engine's function table + 1, 0 for bytecode. */
  TreeId = 68,
  /** Bit i set: parameter i is by reference (i < 31). */
  RefParams = 72,
  /** Slots of the names of the captured variables, for tools; 0 for functions of the library, which nobody looks into. */
  CaptureNames = 76,
  Constants = 80,
}
export const enum ParamFlag {
  Rest = 1,
  /** The frame has the receiver in register ParamCount (+1 with rest). */
  Self = 2,
  Defaults = 4, Async = 8, HasRefs = 16,
  /** Self-hosted library function: left out of guest stack traces, prints as a builtin. */
  Library = 32,
  /** Calls of it follow Lisp: a rest parameter is a list, and errors are conditions. */
  Lisp = 64,
}
/** Ref: what a by-reference parameter holds for an element or field (variables pass their Box or Global itself). */
export const enum Ref { Container = 8, Key = 16, Size = 24 }
export const enum Wide { Low = 8, High = 12, Size = 16 }
/** Buffer: a region of raw memory; NextBuffer is a weak list used to release regions of dead buffers. */
export const enum Buf { Address = 8, Length = 12, NextBuffer = 16, Freed = 20, Size = 24 }
/** Stack: guest stack; slots from Data to the running top are traced by the root scan, not by the table. */
export const enum Stack { Top = 8,
  /** While marking runs: the number of the collection that has marked, or need not mark, what is on it. */
  Marked = 12, Data = 16 }
/**
 * Pair: a mutable cons cell. Pairs made by a reader are PositionedSize long and know where in which source the datum in
 * their Car stands; the size in the header tells the two apart.
 */
export const enum Pair { Car = 8, Cdr = 16, Size = 24, Source = 24, Start = 28, End = 32, PositionedSize = 40 }
/** Keyword: one for each name; the Symbol's Keyword field refers to it. */
export const enum Keyword { Name = 8, Hash = 12, Size = 16 }
/** Vector: a fixed number of values, same offsets as Slots. */
export const enum Vector { Count = 8, Constant = 12, Data = 16 }
/** BigInt: an integer beyond 48 bits; Count limbs of 32 bits, least significant first, without leading zeros. */
export const enum Big { /** 1 or -1. */ Sign = 8, Count = 12, Limbs = 16 }
/** Rational: in lowest terms, the denominator an integer above 1. */
export const enum Rational { Numerator = 8, Denominator = 16, Size = 24 }
/** Complex: both parts real numbers; the imaginary one is not an exact zero. */
export const enum Complex { Real = 8, Imaginary = 16, Size = 24 }
/** Bytevector: Constant is 1 for a literal, which is copied on change. */
export const enum Bytevector { Length = 8, Constant = 12, Data = 16 }
/** NumberArray: Count numbers of 8 bytes; Element as NumberElement. */
export const enum NumberArray { Count = 8, Element = 12, Data = 16 }
export const enum NumberElement { F64, I64 }
/** Struct: Count values whose meaning Type (StructType) tells. */
export const enum Struct { Type = 8, Count = 12, Data = 16 }
/** SortedMap: an immutable map, a balanced tree in the total order of values. */
export const enum SortedMap { Root = 8, Count = 12, Size = 16 }
/** MapNode: Weight is the number of entries of the tree below and including it. */
export const enum MapNode { Left = 8, Right = 12, Weight = 16, Key = 24, Value = 32, Size = 40 }
/** HashMap: an immutable map, a hash trie. */
export const enum HashMap { Root = 8, Count = 12, Size = 16 }
/** HashNode: Bitmap says which of 32 branches exist; Data holds for each a key and its value, or a hole and a HashNode. Collision: Bitmap 0, Data holds keys and values. */
export const enum HashNode { Bitmap = 8, Count = 12, Data = 16 }
/** WeakRef: Target (a value) becomes a hole when only weak references hold its cell. NextWeak: list of those reached, during a collection. */
export const enum WeakRef { Target = 8, NextWeak = 16, Size = 24 }
/**
 * WeakMap: an ephemeron table by identity. Table is a Bytes cell, so that the marker does not look into it: entries of a key
 * and a value, the key a hole (lo 0: free, 1: deleted) where there is none. See cells/weak.ts.
 */
export const enum WeakMap { Table = 8, Count = 12, NextWeak = 16, Deleted = 20, Size = 24 }
/** Continuation: Count slots copied from the guest stack, with the frame to go on in as a distance from the first of them. */
export const enum Continuation { Fp = 8, Count = 12, Pc = 16, Depth = 20, /** Register of the frame the value goes to. */ Result = 24, /** Value of Root.Dynamic. */ Dynamic = 32, Data = 40 }

/** Task, Channel, File, Socket: a fixed number of values, same offsets as Vector; which is which: src/vm/task-cells.ts, src/vm/outside.ts. */
export const enum Record { Count = 8, Data = 16 }

/** How a field is read by tools: `u32` number, `ref` cell address or 0, `slot` one value, `slots` counted values. */
export type Field =
  | { readonly at: number; readonly type: "u32" | "i32" | "ref" | "slot" }
  | { readonly at: number; readonly type: "slots"; /** offset of the u32 count */ readonly count: number }
  | { readonly at: number; readonly type: "slotsToEnd" }
  | { readonly at: number; readonly type: "bytes"; readonly count: number }
  | { readonly at: number; readonly type: "table" | "weak" | "weakSlot" | "ephemerons" | "stack" | "words" };

export interface CellInfo { readonly name: string; readonly fields: { readonly [name: string]: Field } }

const u32 = (at: number): Field => ({ at, type: "u32" });
const i32 = (at: number): Field => ({ at, type: "i32" });
const ref = (at: number): Field => ({ at, type: "ref" });
const slot = (at: number): Field => ({ at, type: "slot" });
const slots = (at: number, count: number): Field => ({ at, type: "slots", count });
const bytes = (at: number, count: number): Field => ({ at, type: "bytes", count });

export const CELLS = {
  [CellKind.Free]: { name: "free", fields: {} },
  [CellKind.String]: { name: "string", fields: { data: ref(Str.Data), byteLength: u32(Str.ByteLength), codePoints: i32(Str.CodePoints), hash: u32(Str.Hash), symbol: ref(Str.Symbol) } },
  [CellKind.Bytes]: { name: "bytes", fields: { used: u32(Bytes.Used), shared: u32(Bytes.Shared), data: bytes(Bytes.Data, Bytes.Used) } },
  [CellKind.Symbol]: { name: "symbol", fields: { data: ref(Str.Data), byteLength: u32(Str.ByteLength), codePoints: i32(Str.CodePoints), hash: u32(Str.Hash), keyword: ref(Str.Keyword) } },
  [CellKind.SymbolTable]: { name: "symbol table", fields: { count: u32(SymbolTable.Count), capacity: u32(SymbolTable.Capacity), entries: { at: SymbolTable.Entries, type: "weak" } } },
  [CellKind.Array]: { name: "array", fields: { data: ref(Arr.Data), element: u32(Arr.Element), descriptor: ref(Arr.Descriptor) } },
  [CellKind.Slots]: { name: "slots", fields: { count: u32(Slots.Count), items: slots(Slots.Data, Slots.Count) } },
  [CellKind.Object]: { name: "object", fields: { shape: ref(Obj.Shape), more: ref(Obj.More), inline: { at: Obj.Inline, type: "slotsToEnd" } } },
  [CellKind.Shape]: { name: "shape", fields: { parent: ref(Shape.Parent), key: ref(Shape.Key), count: u32(Shape.Count), inlineCapacity: u32(Shape.InlineCapacity), typeName: ref(Shape.TypeName), transitions: ref(Shape.Transitions), lookup: ref(Shape.Lookup), keys: ref(Shape.Keys), live: u32(Shape.Live), stamps: ref(Shape.Stamps) } },
  [CellKind.Table]: { name: "table", fields: { count: u32(Table.Count), capacity: u32(Table.Capacity), values: u32(Table.Values), deleted: u32(Table.Deleted), entries: { at: Table.Entries, type: "table" } } },
  [CellKind.Closure]: { name: "closure", fields: { code: ref(Closure.Code), count: u32(Closure.Count), captures: slots(Closure.Captures, Closure.Count) } },
  [CellKind.Box]: { name: "box", fields: { value: slot(Box.Value) } },
  [CellKind.Global]: { name: "global", fields: { value: slot(Global.Value), name: ref(Global.Name) } },
  [CellKind.Code]: { name: "code", fields: { exactArgs: i32(Code.ExactArgs), frameSize: u32(Code.FrameSize), entryPc: u32(Code.EntryPc), constBase: u32(Code.ConstBase), constCount: u32(Code.ConstCount), wordCount: u32(Code.WordCount), name: ref(Code.Name), paramCount: u32(Code.ParamCount), requiredCount: u32(Code.RequiredCount), paramFlags: u32(Code.ParamFlags), captureCount: u32(Code.CaptureCount), paramNames: ref(Code.ParamNames), handlers: ref(Code.Handlers), spans: ref(Code.Spans), sourceId: u32(Code.SourceId), treeId: u32(Code.TreeId), refParams: u32(Code.RefParams), captureNames: ref(Code.CaptureNames), constants: slots(Code.Constants, Code.ConstCount), words: { at: 0, type: "words" } } },
  [CellKind.Ref]: { name: "reference", fields: { container: slot(Ref.Container), key: slot(Ref.Key) } },
  [CellKind.Int64]: { name: "i64", fields: { low: u32(Wide.Low), high: u32(Wide.High) } },
  [CellKind.Uint64]: { name: "u64", fields: { low: u32(Wide.Low), high: u32(Wide.High) } },
  [CellKind.Buffer]: { name: "buffer", fields: { address: u32(Buf.Address), length: u32(Buf.Length), nextBuffer: u32(Buf.NextBuffer), freed: u32(Buf.Freed) } },
  [CellKind.Stack]: { name: "stack", fields: { top: u32(Stack.Top), slots: { at: Stack.Data, type: "stack" } } },
  [CellKind.Pair]: { name: "pair", fields: { car: slot(Pair.Car), cdr: slot(Pair.Cdr) } },
  [CellKind.Keyword]: { name: "keyword", fields: { symbol: ref(Keyword.Name), hash: u32(Keyword.Hash) } },
  [CellKind.Vector]: { name: "vector", fields: { count: u32(Vector.Count), constant: u32(Vector.Constant), items: slots(Vector.Data, Vector.Count) } },
  [CellKind.BigInt]: { name: "bigint", fields: { sign: i32(Big.Sign), count: u32(Big.Count) } },
  [CellKind.Rational]: { name: "rational", fields: { numerator: slot(Rational.Numerator), denominator: slot(Rational.Denominator) } },
  [CellKind.Complex]: { name: "complex", fields: { real: slot(Complex.Real), imaginary: slot(Complex.Imaginary) } },
  [CellKind.Bytevector]: { name: "bytevector", fields: { length: u32(Bytevector.Length), constant: u32(Bytevector.Constant), data: bytes(Bytevector.Data, Bytevector.Length) } },
  [CellKind.NumberArray]: { name: "number array", fields: { count: u32(NumberArray.Count), element: u32(NumberArray.Element) } },
  [CellKind.Struct]: { name: "struct", fields: { type: u32(Struct.Type), count: u32(Struct.Count), items: slots(Struct.Data, Struct.Count) } },
  [CellKind.SortedMap]: { name: "sorted map", fields: { root: ref(SortedMap.Root), count: u32(SortedMap.Count) } },
  [CellKind.MapNode]: { name: "map node", fields: { left: ref(MapNode.Left), right: ref(MapNode.Right), weight: u32(MapNode.Weight), key: slot(MapNode.Key), value: slot(MapNode.Value) } },
  [CellKind.HashMap]: { name: "hash map", fields: { root: ref(HashMap.Root), count: u32(HashMap.Count) } },
  [CellKind.HashNode]: { name: "hash node", fields: { bitmap: u32(HashNode.Bitmap), count: u32(HashNode.Count), items: slots(HashNode.Data, HashNode.Count) } },
  [CellKind.WeakRef]: { name: "weak reference", fields: { target: { at: WeakRef.Target, type: "weakSlot" }, nextWeak: u32(WeakRef.NextWeak) } },
  [CellKind.WeakMap]: { name: "weak map", fields: { table: ref(WeakMap.Table), count: u32(WeakMap.Count), nextWeak: u32(WeakMap.NextWeak), deleted: u32(WeakMap.Deleted), entries: { at: WeakMap.Table, type: "ephemerons" } } },
  [CellKind.Continuation]: { name: "continuation", fields: { fp: u32(Continuation.Fp), count: u32(Continuation.Count), pc: u32(Continuation.Pc), depth: u32(Continuation.Depth), result: u32(Continuation.Result), dynamic: slot(Continuation.Dynamic), items: slots(Continuation.Data, Continuation.Count) } },
  [CellKind.Task]: { name: "task", fields: { count: u32(Record.Count), items: slots(Record.Data, Record.Count) } },
  [CellKind.Channel]: { name: "channel", fields: { count: u32(Record.Count), items: slots(Record.Data, Record.Count) } },
  [CellKind.File]: { name: "file", fields: { count: u32(Record.Count), items: slots(Record.Data, Record.Count) } },
  [CellKind.Socket]: { name: "socket", fields: { count: u32(Record.Count), items: slots(Record.Data, Record.Count) } },
} as const satisfies { readonly [K in CellKind]: CellInfo };

export const cellInfo = (kind: CellKind): CellInfo => CELLS[kind];
