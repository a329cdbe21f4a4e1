// The core IR: a small tree of expression nodes, plain data, every node with a span. Front ends build it (through
// builder.ts) and know nothing below it; the passes annotate it; both engines consume it.
//
// Every node yields a value (statements yield null). Names are resolved by the front end: a node refers to a Variable
// object, or to a global by name. Language differences are carried by the operator family a node names, never by a flag
// tested at run time.

import type { Span } from "../text/source.ts";
import type { PrimitiveName } from "./primitives.ts";

/** A constant. Strings are bytes because languages may allow invalid UTF-8; a string constant is a new string each time. */
export type Literal =
  | { readonly type: "null" | "hole" }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "i8" | "i16" | "i32" | "u8" | "u16" | "u32" | "f32" | "f64" | "rune"; readonly value: number }
  | { readonly type: "i64" | "u64"; readonly value: bigint }
  | { readonly type: "string"; readonly value: Uint8Array }
  /** An interned name. */
  | { readonly type: "symbol"; readonly value: string }
  /** A type value; the number is a scalar type code (heap/value.ts Rank) or one of TypeCode in types.ts. */
  | { readonly type: "type"; readonly value: number }
  /** A native function, by its name in the library table. */
  | { readonly type: "native"; readonly value: string }
  /** A constant array (type descriptors, tables); shared, not to be mutated by scripts. */
  | { readonly type: "array"; readonly value: readonly Literal[] }
  /** The empty list of Lisp. */
  | { readonly type: "empty" }
  /** An integer of Lisp, of any size. */
  | { readonly type: "int"; readonly value: bigint }
  /** A keyword, by its name without the colon. */
  | { readonly type: "keyword"; readonly value: string }
  /** Quoted data as a front end describes it: one shared value. Whoever links the program knows how to make it. */
  | { readonly type: "datum"; readonly value: unknown };

/** A local variable. Identity matters: one object per declaration. The fields that can change belong to the passes, except `shared`. */
export interface Variable {
  readonly name: string;
  /** Assigned by SetLocal somewhere, or initialised after a closure could have captured it. Set by passes/closures.ts. */
  reassigned: boolean;
  /** Used in a function other than its own, or by MakeRef. */
  captured: boolean;
  /** captured && reassigned (or captured before initialisation, or MakeRef'd, or assigned where continuations may be captured): lives in a heap box. */
  boxed: boolean;
  /** The function that owns it. */
  owner: FunctionNode | null;
  /**
   * Set by front ends of languages with re-entrant continuations, which copy frames: an assignment must be seen by all copies.
   * So the variable lives in a box if a call could capture one.
   */
  shared: boolean;
}

/** Identity of a loop or labelled block; Break and Continue refer to it. */
export interface Label { readonly name: string }

export interface Parameter {
  readonly variable: Variable;
  /** Evaluated in the function when the argument is missing (hole). */
  readonly default: Node | null;
  /** Run after binding, with the parameter set: conversions and checks; null when there are none. Its value replaces the parameter. */
  readonly convert: Node | null;
  readonly byRef: boolean;
}

/** Operator families. `jump` families may be fused with a conditional branch by the compiler. */
export const UNARY_OPS = {
  Neg: "arithmetic negation, wrapping by width", BitNot: "bitwise complement", Not: "logical negation, yields bool",
  Truthy: "truth value as bool", IsTrue: "truth in Lisp as bool: everything but null and false", Inc: "add 1, keeping the type", Dec: "subtract 1, keeping the type",
} as const;
export const BINARY_OPS = {
  Add: "sum wrapping by width after promotion; concatenation when a side is a string", Sub: "difference, wrapping", Mul: "product, wrapping",
  Div: "quotient, always floating", Mod: "remainder with the sign of the dividend",
  BitAnd: "bitwise and", BitOr: "bitwise or", BitXor: "bitwise exclusive or", Shl: "shift left, count masked", Shr: "shift right, arithmetic for signed types",
  Eq: "equality after promotion, identity for heap values", Ne: "negated Eq", Lt: "less", Le: "less or equal", Gt: "greater", Ge: "greater or equal",
  StrictEq: "same type tag and same value (switch, find, contains)",
} as const;
export type UnaryOp = keyof typeof UNARY_OPS;
export type BinaryOp = keyof typeof BINARY_OPS;

interface Base { readonly span: Span }

export interface ConstNode extends Base { readonly kind: "Const"; readonly value: Literal }
/** Value of a variable. With `onHole`: that node's value when the variable is not initialised yet. Without: `check` throws "Undefined variable". */
export interface LocalNode extends Base { readonly kind: "Local"; readonly variable: Variable; readonly onHole: Node | null; readonly check: boolean }
export interface SetLocalNode extends Base { readonly kind: "SetLocal"; readonly variable: Variable; readonly value: Node }
/** Initialises a variable of an enclosing Scope. Not a reassignment. */
export interface LetNode extends Base { readonly kind: "Let"; readonly variable: Variable; readonly value: Node }
/** Fresh variables at each entry, all holes until their Let. */
export interface ScopeNode extends Base { readonly kind: "Scope"; readonly variables: readonly Variable[]; readonly body: Node }
/** Value of a global; a hole gives `onHole`, or throws "Undefined variable" when that is null. */
export interface GlobalNode extends Base { readonly kind: "Global"; readonly name: string; readonly onHole: Node | null }
/** Assigns an existing global; throws when undefined or const. */
export interface SetGlobalNode extends Base { readonly kind: "SetGlobal"; readonly name: string; readonly value: Node }
/** Defines a global (first definition in this program). */
export interface DefineGlobalNode extends Base { readonly kind: "DefineGlobal"; readonly name: string; readonly value: Node; readonly constant: boolean }
/** In order; yields the last (null when empty). */
export interface BlockNode extends Base { readonly kind: "Block"; readonly body: readonly Node[] }
export interface FunctionNode extends Base {
  readonly kind: "Function";
  readonly name: string;
  readonly params: readonly Parameter[];
  readonly rest: Parameter | null;
  /** Receives the receiver of a method call (hole in a plain call); null when the body never mentions it. */
  readonly self: Variable | null;
  readonly body: Node;
  readonly isAsync: boolean;
  /** Self-hosted library function. */
  readonly library: boolean;
  /** No call takes the place of its frame, so that traces show where it was: programs, whose last call would otherwise hide them. */
  readonly keepsFrame: boolean;
  /** Whose rules calls of it follow: the shape of a rest parameter and the errors that its calls and its own faults raise. */
  readonly language: FunctionLanguage;
  /** Variables the closure carries, in capture order. Set by passes/closures.ts. */
  captures: readonly Variable[];
  /** The variable this function is the initial, never reassigned value of: references inside use the running closure. */
  selfVariable: Variable | null;
}
export type FunctionLanguage = "hemlock" | "lisp";
export interface Argument { readonly name: string | null; readonly value: Node }
/** `tail`: set by passes/tail.ts, only where the front end asked for proper tail calls (`properTail`). */
export interface CallNode extends Base { readonly kind: "Call"; readonly callee: Node; readonly args: readonly Argument[]; tail: boolean; readonly properTail: boolean }
/** receiver.name(args): a callable field gets the receiver as self; otherwise a builtin method. `optional`: null when the receiver is null or lacks the field. */
export interface CallMethodNode extends Base { readonly kind: "CallMethod"; readonly receiver: Node; readonly name: string; readonly args: readonly Argument[]; readonly optional: boolean }
/** A native known at compile time. */
export interface CallNativeNode extends Base { readonly kind: "CallNative"; readonly native: string; readonly args: readonly Node[] }
/** Calls a function with the elements of an array as arguments. `self`: receiver or null. */
export interface ApplyNode extends Base { readonly kind: "Apply"; readonly callee: Node; readonly args: Node; tail: boolean; readonly properTail: boolean }
export interface ReturnNode extends Base { readonly kind: "Return"; readonly value: Node }
export interface IfNode extends Base { readonly kind: "If"; readonly test: Node; readonly then: Node; readonly else: Node }
/** test true: body, then update, again. `test` null: for ever. Break gives the loop its value, running out gives null. */
export interface LoopNode extends Base { readonly kind: "Loop"; readonly label: Label; readonly test: Node | null; readonly body: Node; readonly update: Node | null }
/** Each entry of an array (index, element; length read live), object (key, value; insertion order) or string (index, rune). */
export interface ForEachNode extends Base { readonly kind: "ForEach"; readonly label: Label; readonly key: Variable | null; readonly value: Variable; readonly iterable: Node; readonly body: Node }
/** A block that Break can leave. */
export interface LabelledNode extends Base { readonly kind: "Labelled"; readonly label: Label; readonly body: Node }
export interface BreakNode extends Base { readonly kind: "Break"; readonly label: Label; readonly value: Node | null }
export interface ContinueNode extends Base { readonly kind: "Continue"; readonly label: Label }
export interface UnaryNode extends Base { readonly kind: "Unary"; readonly op: UnaryOp; readonly operand: Node }
export interface BinaryNode extends Base { readonly kind: "Binary"; readonly op: BinaryOp; readonly left: Node; readonly right: Node }
/**
 * An operation of the library that engines do themselves as long as its global (see PRIMITIVES) holds the library's value,
 * and call otherwise. `tail`: as for calls, for an engine that has to call.
 */
export interface PrimitiveNode extends Base { readonly kind: "Primitive"; readonly op: PrimitiveName; readonly args: readonly Node[]; tail: boolean }
/** Short circuit. And, Or: yield bool. AndValue, OrValue: yield the deciding operand. Coalesce: left unless null. */
export interface LogicNode extends Base { readonly kind: "Logic"; readonly op: "And" | "Or" | "AndValue" | "OrValue" | "Coalesce"; readonly left: Node; readonly right: Node }
export interface ArrayNode extends Base { readonly kind: "Array"; readonly elements: readonly Node[] }
/** Entries in order; `key` null is a spread of an object value. A repeated key overwrites in place. */
export interface ObjectNode extends Base { readonly kind: "Object"; readonly entries: readonly { readonly key: string | null; readonly value: Node }[] }
/** Concatenation of the display texts. */
export interface InterpolateNode extends Base { readonly kind: "Interpolate"; readonly parts: readonly Node[] }
/** `optional`: null when the receiver is null or lacks the field. */
export interface GetFieldNode extends Base { readonly kind: "GetField"; readonly object: Node; readonly name: string; readonly optional: boolean }
export interface SetFieldNode extends Base { readonly kind: "SetField"; readonly object: Node; readonly name: string; readonly value: Node }
export interface GetIndexNode extends Base { readonly kind: "GetIndex"; readonly object: Node; readonly index: Node; readonly optional: boolean }
export interface SetIndexNode extends Base { readonly kind: "SetIndex"; readonly object: Node; readonly index: Node; readonly value: Node }
export interface ThrowNode extends Base { readonly kind: "Throw"; readonly value: Node }
/** Throws an error text known at compile time (redeclaration, const assignment). `fatal`: cannot be caught. */
export interface FailNode extends Base { readonly kind: "Fail"; readonly message: string; readonly fatal: boolean }
/** `catch` binds `variable` (a scope of its own). `finally` runs on every way out and its own jump, return or throw wins. */
export interface TryNode extends Base { readonly kind: "Try"; readonly body: Node; readonly catch: { readonly variable: Variable; readonly body: Node } | null; readonly finally: Node | null }
/** Arms tried in order with StrictEq against the subject; falls through from body to body; Break(label) leaves. `fallback`: index of the default body, -1 for none. */
export interface SwitchNode extends Base { readonly kind: "Switch"; readonly label: Label; readonly subject: Node; readonly cases: readonly { readonly test: Node | null; readonly body: Node }[]; readonly fallback: number }
/** A reference to a variable, global, field or element, for by-reference parameters. */
export interface MakeRefNode extends Base { readonly kind: "MakeRef"; readonly target: LocalNode | GlobalNode | GetFieldNode | GetIndexNode }
/** True when `callee` is a function whose parameter `index` is by reference. */
export interface IsRefParamNode extends Base { readonly kind: "IsRefParam"; readonly callee: Node; readonly index: number }
/** Reads and writes through a reference held by a variable. */
export interface GetRefNode extends Base { readonly kind: "GetRef"; readonly variable: Variable }
export interface SetRefNode extends Base { readonly kind: "SetRef"; readonly variable: Variable; readonly value: Node }
/** Conversion to a scalar type (a Rank, or a TypeCode of src/ir/types.ts) as an annotation does; anything else is a call of the library. */
export interface ConvertNode extends Base { readonly kind: "Convert"; readonly to: number; readonly value: Node }
export interface AwaitNode extends Base { readonly kind: "Await"; readonly value: Node }
/** Decision tree over one scrutinee; arm bodies are shared by all leaves. */
export interface MatchNode extends Base { readonly kind: "Match"; readonly scrutinee: Node; readonly arms: readonly MatchArm[]; readonly tree: DecisionTree }
/** Runs the body with a global's value replaced, restoring it on every way out. */
export interface WithDynamicNode extends Base { readonly kind: "WithDynamic"; readonly global: string; readonly value: Node; readonly body: Node }

export interface MatchArm { readonly variables: readonly Variable[]; readonly guard: Node | null; readonly body: Node }
/**
 * One step from a value to a part. `element`, `rest` and `field` lead into arrays and records; `item`, `items` and `entry`
 * into what the patterns `sequence` and `map` fit: an item of a list or vector, its items from there on as a list, a map's value.
 */
export type PathStep =
  | { readonly step: "element" | "item"; readonly index: number }
  | { readonly step: "rest" | "items"; readonly from: number }
  | { readonly step: "field"; readonly name: string }
  | { readonly step: "entry"; readonly key: Literal };
export type Path = readonly PathStep[];
export type Interval = { readonly low: number | null; readonly high: number | null };
/** What an edge tests; what each kind holds of is told in README.md. */
export type DecisionTest =
  | { readonly test: "interval"; readonly interval: Interval }
  | { readonly test: "equals" | "structural"; readonly value: Literal }
  | { readonly test: "extent"; readonly count: number; readonly exactly: boolean }
  | { readonly test: "map" }
  | { readonly test: "entry"; readonly key: Literal };
export type Binding = { readonly variable: Variable; readonly path: Path };
export type DecisionTree =
  | { readonly kind: "switch"; readonly path: Path; /** what is compared: the value itself or its length */ readonly on: "value" | "length"; readonly edges: readonly { readonly when: DecisionTest; readonly to: DecisionTree }[]; readonly fallback: DecisionTree }
  | { readonly kind: "leaf"; readonly arm: number; readonly bindings: readonly Binding[] }
  /** `keeps`: the guard leaves the matched value as it is, so parts fetched before it still count when it has failed. */
  | { readonly kind: "guard"; readonly arm: number; readonly bindings: readonly Binding[]; readonly keeps: boolean; readonly fail: DecisionTree }
  | { readonly kind: "fail" };

export type Node =
  | ConstNode | LocalNode | SetLocalNode | LetNode | ScopeNode | GlobalNode | SetGlobalNode | DefineGlobalNode | BlockNode
  | FunctionNode | CallNode | CallMethodNode | CallNativeNode | ApplyNode | ReturnNode | IfNode | LoopNode | ForEachNode
  | LabelledNode | BreakNode | ContinueNode | UnaryNode | BinaryNode | PrimitiveNode | LogicNode | ArrayNode | ObjectNode | InterpolateNode
  | GetFieldNode | SetFieldNode | GetIndexNode | SetIndexNode | ThrowNode | FailNode | TryNode | SwitchNode | MakeRefNode
  | IsRefParamNode | GetRefNode | SetRefNode | ConvertNode | AwaitNode | MatchNode | WithDynamicNode;
export type NodeKind = Node["kind"];

/** A whole compilation unit: a parameterless function over a source. */
export interface Program { readonly main: FunctionNode; readonly language: string }

/** One line for each kind; the printer, the walker's completeness test and src/ir/README.md are driven by this table. */
export const NODES = {
  Const: "a literal", Local: "value of a local variable", SetLocal: "assign a local variable", Let: "initialise a local variable",
  Scope: "fresh variables around a body", Global: "value of a global", SetGlobal: "assign a global", DefineGlobal: "define a global",
  Block: "in order, yields the last", Function: "make a closure", Call: "call a value", CallMethod: "call a method of a receiver",
  CallNative: "call a native known by name", Apply: "call with an array of arguments", Return: "leave the function", If: "choose by truth",
  Loop: "repeat while true", ForEach: "iterate array, object or string", Labelled: "a block that can be left", Break: "leave a loop or block",
  Continue: "next round of a loop", Unary: "one-operand operator", Binary: "two-operand operator",
  Primitive: "a library operation that engines do themselves", Logic: "short-circuit operator",
  Array: "new array", Object: "new object", Interpolate: "text from parts", GetField: "read a field", SetField: "write a field",
  GetIndex: "read an element", SetIndex: "write an element", Throw: "raise a value", Fail: "raise an error known when compiling",
  Try: "catch and finally", Switch: "sequential tests with fallthrough", MakeRef: "reference to a place", IsRefParam: "does the callee take it by reference",
  GetRef: "read through a reference", SetRef: "write through a reference", Convert: "convert to a scalar type", Await: "wait for a task",
  Match: "decision tree", WithDynamic: "dynamic-extent binding",
} as const satisfies { readonly [K in NodeKind]: string };
