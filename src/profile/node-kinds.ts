// How cells appear in graphs: the node type of each kind of cell, and its name where nothing better is known. Numbers of types
// are the places in the lists of a .heapsnapshot file, whose order other tools rely on.

import { CellKind } from "../../heap/value.ts";

export const enum NodeType {
  Hidden, Array, String, Object, Code, Closure, RegExp, Number, Native, Synthetic, ConcatenatedString, SlicedString, Symbol, BigInt, ObjectShape, WasmObject,
}
export const NODE_TYPES = [
  "hidden", "array", "string", "object", "code", "closure", "regexp", "number", "native", "synthetic",
  "concatenated string", "sliced string", "symbol", "bigint", "object shape", "wasm object",
] as const;

export const enum EdgeType { Context, Element, Property, Internal, Hidden, Shortcut, Weak }
export const EDGE_TYPES = ["context", "element", "property", "internal", "hidden", "shortcut", "weak"] as const;
/** Whether the edge's name is a number. */
export const isIndexed = (type: EdgeType): boolean => type === EdgeType.Element || type === EdgeType.Hidden;

export interface NodeKind { readonly type: NodeType; readonly label: string }

const kind = (type: NodeType, label: string): NodeKind => ({ type, label });

/**
 * Texts behind strings are arrays and not strings, or each would count as a duplicate of all others. "Array" is a name that
 * readers look for: the cell behind its edge "elements" counts as the array's.
 */
export const NODE_KINDS: { readonly [K in CellKind]: NodeKind } = {
  [CellKind.Free]: kind(NodeType.Hidden, "free"),
  [CellKind.String]: kind(NodeType.String, "string"),
  [CellKind.Bytes]: kind(NodeType.Array, "bytes"),
  [CellKind.Symbol]: kind(NodeType.Symbol, "symbol"),
  [CellKind.SymbolTable]: kind(NodeType.Array, "symbol table"),
  [CellKind.Array]: kind(NodeType.Object, "Array"),
  [CellKind.Slots]: kind(NodeType.Array, "slots"),
  [CellKind.Object]: kind(NodeType.Object, "Object"),
  [CellKind.Shape]: kind(NodeType.ObjectShape, "shape"),
  [CellKind.Table]: kind(NodeType.Array, "table"),
  [CellKind.Closure]: kind(NodeType.Closure, "closure"),
  [CellKind.Box]: kind(NodeType.Object, "variable"),
  [CellKind.Global]: kind(NodeType.Object, "Global"),
  [CellKind.Code]: kind(NodeType.Code, "code"),
  [CellKind.Ref]: kind(NodeType.Object, "Reference"),
  [CellKind.Int64]: kind(NodeType.Number, "i64"),
  [CellKind.Uint64]: kind(NodeType.Number, "u64"),
  [CellKind.Buffer]: kind(NodeType.Object, "Buffer"),
  [CellKind.Stack]: kind(NodeType.Hidden, "stack"),
  [CellKind.Pair]: kind(NodeType.Object, "Pair"),
  [CellKind.Keyword]: kind(NodeType.Symbol, "keyword"),
  [CellKind.Vector]: kind(NodeType.Object, "Vector"),
  [CellKind.BigInt]: kind(NodeType.BigInt, "bigint"),
  [CellKind.Rational]: kind(NodeType.Number, "rational"),
  [CellKind.Complex]: kind(NodeType.Number, "complex"),
  [CellKind.Bytevector]: kind(NodeType.Object, "Bytevector"),
  [CellKind.NumberArray]: kind(NodeType.Object, "NumberArray"),
  [CellKind.Struct]: kind(NodeType.Object, "Struct"),
  [CellKind.SortedMap]: kind(NodeType.Object, "Map"),
  [CellKind.MapNode]: kind(NodeType.Array, "map node"),
  [CellKind.HashMap]: kind(NodeType.Object, "HashMap"),
  [CellKind.HashNode]: kind(NodeType.Array, "hash node"),
  [CellKind.WeakRef]: kind(NodeType.Object, "WeakRef"),
  [CellKind.WeakMap]: kind(NodeType.Object, "WeakMap"),
  [CellKind.Continuation]: kind(NodeType.Object, "Continuation"),
  [CellKind.Task]: kind(NodeType.Object, "Task"),
  [CellKind.Channel]: kind(NodeType.Object, "Channel"),
  [CellKind.File]: kind(NodeType.Object, "File"),
  [CellKind.Socket]: kind(NodeType.Object, "Socket"),
};
