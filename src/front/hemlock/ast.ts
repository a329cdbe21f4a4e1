// The syntax tree of Hemlock: plain data, close to the text. Names are not resolved here. Conditional chains and
// else-if chains are flat where a long one would otherwise nest.

import type { BinaryOp, Literal } from "../../ir/nodes.ts";
import type { Span } from "../../text/source.ts";

interface At { readonly span: Span }

/** A name together with where it stands. */
export interface Name extends At { readonly text: string }

export interface LiteralExpr extends At { readonly kind: "Literal"; readonly value: Literal }
export interface NameExpr extends At { readonly kind: "Name"; readonly name: string }
export interface SelfExpr extends At { readonly kind: "Self" }
/** A type word used as a value. */
export interface TypeExpr extends At { readonly kind: "TypeWord"; readonly word: string }
/** Texts and values alternate; texts are string literals. */
export interface TemplateExpr extends At { readonly kind: "Template"; readonly parts: readonly Expr[] }
export interface ArrayExpr extends At { readonly kind: "Array"; readonly elements: readonly Expr[] }
/** `key` null: spread. */
export interface ObjectExpr extends At { readonly kind: "Object"; readonly entries: readonly { readonly key: string | null; readonly value: Expr }[] }
export interface FunctionExpr extends At {
  readonly kind: "Function";
  readonly params: readonly Param[];
  readonly rest: Param | null;
  readonly returns: TypeRef | null;
  readonly body: Block;
  readonly isAsync: boolean;
  /** A `defer` belongs to this very function. */
  readonly defers: boolean;
}
export interface UnaryExpr extends At { readonly kind: "Unary"; readonly op: "Neg" | "BitNot" | "Not"; readonly operand: Expr }
export interface BinaryExpr extends At { readonly kind: "Binary"; readonly op: BinaryOp; readonly left: Expr; readonly right: Expr }
export interface LogicExpr extends At { readonly kind: "Logic"; readonly op: "And" | "Or" | "Coalesce"; readonly left: Expr; readonly right: Expr }
export interface ConditionalExpr extends At { readonly kind: "Conditional"; readonly test: Expr; readonly then: Expr; readonly else: Expr }
/** `op`: null for plain assignment, "Coalesce" for ??=. */
export interface AssignExpr extends At { readonly kind: "Assign"; readonly target: Place; readonly op: BinaryOp | "Coalesce" | null; readonly value: Expr }
export interface UpdateExpr extends At { readonly kind: "Update"; readonly op: "Inc" | "Dec"; readonly prefix: boolean; readonly target: Place }
export interface FieldExpr extends At { readonly kind: "Field"; readonly object: Expr; readonly name: string; readonly optional: boolean }
export interface IndexExpr extends At { readonly kind: "Index"; readonly object: Expr; readonly index: Expr; readonly optional: boolean }
export interface CallExpr extends At { readonly kind: "Call"; readonly callee: Expr; readonly args: readonly Arg[]; readonly optional: boolean }
export interface AwaitExpr extends At { readonly kind: "Await"; readonly value: Expr }

export type Expr =
  | LiteralExpr | NameExpr | SelfExpr | TypeExpr | TemplateExpr | ArrayExpr | ObjectExpr | FunctionExpr | UnaryExpr | BinaryExpr
  | LogicExpr | ConditionalExpr | AssignExpr | UpdateExpr | FieldExpr | IndexExpr | CallExpr | AwaitExpr;
/** What can be assigned to; a Field or Index here is never optional. */
export type Place = NameExpr | SelfExpr | FieldExpr | IndexExpr;

export interface Arg { readonly name: string | null; readonly value: Expr }
export interface Param { readonly name: Name; readonly type: TypeRef | null; readonly default: Expr | null; readonly byRef: boolean }

/** A type annotation. `code`: a TypeCode of a plain type. */
export type TypeRef = At & (
  | { readonly kind: "Plain"; readonly code: number }
  | { readonly kind: "ArrayOf"; readonly element: TypeRef }
  | { readonly kind: "Named"; readonly name: string; readonly args: readonly TypeRef[] }
  | { readonly kind: "Nullable"; readonly inner: TypeRef }
  | { readonly kind: "Compound"; readonly parts: readonly TypeRef[] }
);

export interface Block extends At { readonly body: readonly Stmt[] }

/** let, const, and fn statements (whose value is a Function). */
export interface LetStmt extends At { readonly kind: "Let"; readonly name: Name; readonly type: TypeRef | null; readonly value: Expr; readonly constant: boolean }
export interface ExpressionStmt extends At { readonly kind: "Expression"; readonly value: Expr }
export interface BlockStmt extends At { readonly kind: "Block"; readonly block: Block }
/** if and its else-ifs in order. */
export interface IfStmt extends At { readonly kind: "If"; readonly branches: readonly { readonly test: Expr; readonly body: Block }[]; readonly otherwise: Block | null }
/** while, and loop when `test` is null. */
export interface WhileStmt extends At { readonly kind: "While"; readonly label: string | null; readonly test: Expr | null; readonly body: Block }
/** `init`: a Let, an Expression, or null. */
export interface ForStmt extends At { readonly kind: "For"; readonly label: string | null; readonly init: LetStmt | ExpressionStmt | null; readonly test: Expr | null; readonly update: Expr | null; readonly body: Block }
export interface ForInStmt extends At { readonly kind: "ForIn"; readonly label: string | null; readonly key: Name | null; readonly value: Name; readonly iterable: Expr; readonly body: Block }
/** `test` null: default. */
export interface SwitchStmt extends At { readonly kind: "Switch"; readonly subject: Expr; readonly cases: readonly { readonly test: Expr | null; readonly body: Block }[] }
export interface JumpStmt extends At { readonly kind: "Break" | "Continue"; readonly label: Name | null }
export interface ReturnStmt extends At { readonly kind: "Return"; readonly value: Expr | null }
export interface ThrowStmt extends At { readonly kind: "Throw"; readonly value: Expr }
export interface DeferStmt extends At { readonly kind: "Defer"; readonly value: Expr }
export interface TryStmt extends At { readonly kind: "Try"; readonly body: Block; readonly catch: { readonly name: Name; readonly body: Block } | null; readonly finally: Block | null }
export interface DefineStmt extends At { readonly kind: "Define"; readonly name: string; readonly params: readonly string[]; readonly fields: readonly DefineField[] }
export interface DefineField { readonly name: string; readonly type: TypeRef | null; readonly optional: boolean; readonly default: Expr | null; readonly span: Span }
export interface EnumStmt extends At { readonly kind: "Enum"; readonly name: Name; readonly members: readonly { readonly name: string; readonly value: Expr | null; readonly span: Span }[] }
/** What another file is asked for: the request as written (a path, `@stdlib/name`) and where it stands. */
export interface Request { readonly path: string; readonly span: Span }
/** A name of a module and the name it gets here. */
export interface NamePair { readonly from: Name; readonly to: Name }
/** `all`: every export, under its own name, or as fields of an object named `space`. */
export interface ImportStmt extends At { readonly kind: "Import"; readonly request: Request; readonly names: readonly NamePair[]; readonly all: boolean; readonly space: Name | null }
/** Loading a native library, or declaring one of its functions; `what` names the form for messages. */
/** `import "lib.so";` */
export interface NativeImportStmt extends At { readonly kind: "NativeImport"; readonly path: string }
/** `extern fn`: a function of the library that was imported last. */
export interface ExternStmt extends At { readonly kind: "Extern"; readonly name: Name; readonly params: readonly TypeRef[]; readonly returns: TypeRef | null }
export interface ExportStmt extends At { readonly kind: "Export"; readonly declaration: Stmt }
/** `request` null: names of this file. */
export interface ExportListStmt extends At { readonly kind: "ExportList"; readonly names: readonly NamePair[]; readonly request: Request | null }

export type Stmt =
  | LetStmt | ExpressionStmt | BlockStmt | IfStmt | WhileStmt | ForStmt | ForInStmt | SwitchStmt | JumpStmt | ReturnStmt | ThrowStmt
  | DeferStmt | TryStmt | DefineStmt | EnumStmt | ImportStmt | NativeImportStmt | ExternStmt | ExportStmt | ExportListStmt;

/** What the parser learns in passing that decides how names and calls are lowered. */
export interface Facts {
  /** Names that are assigned anywhere, whatever they refer to. */
  readonly assigned: ReadonlySet<string>;
  /** Positions at which some function takes a parameter by reference. */
  readonly refPositions: ReadonlySet<number>;
}

export interface Script { readonly body: readonly Stmt[]; readonly span: Span; readonly facts: Facts }
