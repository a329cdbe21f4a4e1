// What a Struct cell stands for: one number a type, and the names of its values. Appended to, never reordered.

export const enum StructType {
  Promise, MutableCell, Parameter, Multimethod, Values, RecordType, Record, Port, Stream, Channel, AsyncPromise, Macro, Environment, Restart,
  Last = Restart,
}

/** Values of each type, in order. `…` stands for any number more. */
export const STRUCTS: { readonly [T in StructType]: { readonly name: string; readonly items: readonly string[] } } = {
  [StructType.Promise]: { name: "promise", items: ["forced", "value"] },
  [StructType.MutableCell]: { name: "mutable-cell", items: ["value"] },
  [StructType.Parameter]: { name: "parameter", items: ["call", "value", "converter"] },
  [StructType.Multimethod]: { name: "multimethod", items: ["call", "name", "dispatch", "methods"] },
  [StructType.Values]: { name: "values", items: ["…"] },
  [StructType.RecordType]: { name: "record-type", items: ["name", "fields"] },
  [StructType.Record]: { name: "record", items: ["type", "…"] },
  [StructType.Port]: { name: "port", items: ["direction", "data", "position", "open", "binary"] },
  [StructType.Stream]: { name: "stream", items: ["kind", "…"] },
  [StructType.Channel]: { name: "channel", items: ["capacity", "…"] },
  [StructType.AsyncPromise]: { name: "async-promise", items: ["state", "value", "…"] },
  [StructType.Macro]: { name: "macro", items: ["name", "call"] },
  [StructType.Environment]: { name: "environment", items: ["bindings", "module"] },
  [StructType.Restart]: { name: "restart", items: ["name", "call", "report"] },
};
