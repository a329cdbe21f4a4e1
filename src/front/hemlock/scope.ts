// Scopes while lowering: which names stand for which variables at this point of the text.
//
// A block's names are all entered when the block is entered, because a function may refer to a variable that its
// surrounding block declares further down. `ready` says whether the declaration has been passed. A reference
// 1. from the same function sees only ready variables: before its `let`, a name means the outer variable;
// 2. from a nested function also sees those that are not ready, and falls back on the outer one if it runs too early.

import { variable } from "../../ir/builder.ts";
import type { Label, Variable } from "../../ir/nodes.ts";
import type { FunctionExpr, Stmt, TypeRef } from "./ast.ts";

export interface LocalName {
  readonly variable: Variable;
  readonly constant: boolean;
  /** A parameter that holds a reference. */
  readonly byRef: boolean;
  ready: boolean;
  /** The function the variable is initialised with, when it is one. */
  fn: FunctionExpr | null;
}

/** Where break and continue can go. */
export interface JumpTarget { readonly label: Label; readonly name: string | null; readonly loop: boolean }

export class FunctionContext {
  /** The receiver, once the function or one inside it mentions `self`. */
  self: Variable | null = null;
  /** The list of deferred expressions of a function that defers. */
  defers: Variable | null = null;
  readonly targets: JumpTarget[] = [];

  constructor(
    /** A thunk is a part of the surrounding function that runs later: it has no receiver of its own. */
    readonly kind: "main" | "function" | "thunk",
    readonly parent: FunctionContext | null,
    readonly returns: TypeRef | null = null,
  ) {}
}

export class BlockScope {
  readonly names = new Map<string, LocalName>();

  constructor(readonly fn: FunctionContext, readonly parent: BlockScope | null) {}

  /** The first declaration of a name in a scope counts. */
  declare(name: string, options: Partial<Omit<LocalName, "variable">> = {}): LocalName {
    const known = this.names.get(name);
    if (known !== undefined) return known;
    const local = { variable: variable(name), constant: false, byRef: false, ready: false, fn: null, ...options };
    this.names.set(name, local);
    return local;
  }

  get variables(): Variable[] {
    return [...this.names.values()].map((local) => local.variable);
  }
}

export interface Declaration { readonly name: string; readonly constant: boolean }

/** Functions of top-level `fn` and `let f = fn` by name; a name declared twice is left out. */
export function functionsOf(statements: readonly Stmt[]): Map<string, FunctionExpr> {
  const found = new Map<string, FunctionExpr>();
  const names = declarationsOf(statements).map((declaration) => declaration.name);
  const seen = new Set<string>(), repeated = new Set<string>();
  for (const name of names) (seen.has(name) ? repeated : seen).add(name);
  for (const outer of statements) {
    const statement = outer.kind === "Export" ? outer.declaration : outer;
    if (statement.kind === "Let" && statement.value.kind === "Function" && !repeated.has(statement.name.text)) found.set(statement.name.text, statement.value);
  }
  return found;
}

/** The names a statement list declares, in order. Types live in a registry of their own. */
export function declarationsOf(statements: readonly Stmt[]): Declaration[] {
  const found: Declaration[] = [];
  for (const outer of statements) {
    const statement = outer.kind === "Export" ? outer.declaration : outer;
    if (statement.kind === "Let") found.push({ name: statement.name.text, constant: statement.constant });
    if (statement.kind === "Extern") found.push({ name: statement.name.text, constant: false });
    if (statement.kind === "Enum") found.push({ name: statement.name.text, constant: true });
  }
  return found;
}
